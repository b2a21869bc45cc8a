"""The life of a process that reads foreign bytes: requests in, articles and reasons out, as JSON over one pipe.

What news comes in is parsed by libraries that were made for well-meant files; some of it is made to break them. So it
is parsed here, under limits that the system itself keeps: an alarm ends the process when a part takes too long, also
inside a parser; memory beyond the limit is refused; no file can be written. Whatever becomes of this process,
`kg.read.apart` loses the one part that it was reading. JSON, not pickle: who breaks a parser must not get at the
process that asked.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kg.read import fit, formats
from kg.read.article import Article
from kg.read.entry import Entry
from kg.read.fetch import RefusalError
from kg.read.part import Part
from kg.read.visits import Validators

_NO_FILES = 0

Reply = tuple[Any, ...]
T = TypeVar("T")


def main(seconds: int, memory: int, handle: int) -> None:
    """Answers requests until the pipe ends."""
    pipe = Connection(handle)
    # Control-C reaches every process of a terminal; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load()
    _confine(memory)
    _say(pipe, ("ready",))
    while True:
        try:
            request = json.loads(pipe.recv_bytes())
        except EOFError:
            return
        for reply in _timed(_replies(request), seconds):
            _say(pipe, reply)
        _say(pipe, ("end",))


def _say(pipe: Connection, reply: Reply) -> None:
    pipe.send_bytes(json.dumps(reply).encode("ascii"))


def _load() -> None:
    """Imports what nearly every part needs, before memory is limited."""
    from kg.read import html, language  # noqa: F401

    language.foreign("The delegations met.")


def _confine(memory: int) -> None:
    """Limits for the rest of this process's life, where the system knows them (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_NO_FILES, _NO_FILES))
    if (size := _size()) is not None:
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))


def _size() -> int | None:
    """How many bytes of address space this process has taken, where that can be told."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * 4096
    except OSError:
        return None


def _timed(replies: Iterator[Reply], seconds: int) -> Iterator[Reply]:
    """The replies, each of which must come in time; how long the other side takes to hear it does not count."""
    while True:
        signal.alarm(seconds)
        reply = next(replies, None)
        signal.alarm(0)
        if reply is None:
            return
        yield reply


# ----------------------------------------------------------------------------------------------------------- requests


def _replies(request: dict[str, Any]) -> Iterator[Reply]:
    try:
        yield from {"file": _file, "page": _page, "feed": _feed}[request["kind"]](request)
    except Exception as error:  # whatever a parser raises on what is left of a file
        yield "error", request["source"], _reason(error)


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror}"
    if isinstance(error, MemoryError):
        return "needs more memory than one article may"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error) if isinstance(error, ValueError) else f"its parser failed: {type(error).__name__}: {error}"[:500]


def _file(request: dict[str, Any]) -> Iterator[Reply]:
    """The parts of a file but for the first `skip`, which have been read or lost before."""
    path, source, known = Path(request["path"]), request["source"], request["known"]
    format = formats.FORMATS[formats.suffix(path.name) or ""]
    number = -1
    for number, part in enumerate(format(path, source)):
        if number < request["skip"]:
            yield ("passed",)
            continue
        yield "begin", part.source, part.position
        yield _outcome(part.source, partial(_fitting, part, known, request["published"]))
    if number < 0:
        yield "error", source, "no article in it"


def _fitting(part: Part, known: dict[str, object], published: str | None) -> Article:
    return fit.fitting(part.read(), known, published)


def _outcome(source: str, read: Callable[[], Article]) -> Reply:
    try:
        return "article", asdict(read())
    except Exception as error:  # whatever a parser raises on one part
        return "error", fit.legible(source), _reason(error)


def _page(request: dict[str, Any]) -> Iterator[Reply]:
    """The article at a URL; with `robots`, only where the host permits it. What the page does not say of itself, the
    feed that led there does."""
    from kg.read import web

    url, allowed = request["source"], request["allowed"]
    yield "begin", url, 0
    if request["robots"] and not web.permitted(url, allowed):
        raise ValueError("the host's robots.txt asks not to fetch it")
    found = yield from _fetched(url, lambda: web.article(url, _validators(request), allowed))
    if found is not None:
        yield _outcome(url, lambda: fit.fitting(found, _missing(found, request["known"]), request["published"]))


def _missing(article: Article, known: dict[str, Any]) -> dict[str, Any]:
    """What is said elsewhere and not by the page; a host's name in the place of its outlet says nothing."""
    stated = {"title": article.title, "published": article.published, "outlet": article.outlet}
    host = (urlsplit(article.url or "").netloc).removeprefix("www.")
    return {key: value for key, value in known.items() if stated[key] in (None, host)}


def _feed(request: dict[str, Any]) -> Iterator[Reply]:
    """What a feed at a URL lists."""
    from kg.read import web

    url = request["source"]
    found = yield from _fetched(url, lambda: web.entries(url, _validators(request), request["allowed"]))
    for entry in found or ():
        yield "entry", asdict(replace(entry, content="")), _whole(entry)


def _fetched(url: str, fetch: Callable[[], tuple[T | None, Validators]]) -> Generator[Reply, None, T | None]:
    """What is fetched, after the validators that it came with; None where it is refused or has not changed."""
    try:
        found, validators = fetch()
    except RefusalError as refusal:
        yield "refused", url, str(refusal), refusal.status, refusal.wait
        return None
    yield "validators", asdict(validators)
    if found is None:
        yield "unchanged", url
    return found


def _whole(entry: Entry) -> dict[str, Any] | None:
    """The article that an entry holds, where it is there in full: so nobody needs to fetch it."""
    from kg.read import feed

    if entry.url is None or not feed.is_full(entry):
        return None
    try:
        return asdict(fit.fitting(feed.full(entry, entry.url), {}, None))
    except Exception:  # whatever a parser raises: the page itself will do
        return None


def _validators(request: dict[str, Any]) -> Validators | None:
    return Validators(**request["validators"]) if request["validators"] else None
