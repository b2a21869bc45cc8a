"""A URL to the article at it, and to the entries of a feed at it."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from kg.read import feed, html, pdf
from kg.read.article import Article
from kg.read.decode import decode
from kg.read.entry import Entry
from kg.read.fetch import AGENT, Answer, RefusalError, fetch
from kg.read.visits import Validators

_TEXT, _PDF = "text/plain", "application/pdf"
_PAGES = ("text/html", "application/xhtml+xml", "")


def article(
    url: str, known: Validators | None = None, allowed: Collection[str] = ()
) -> tuple[Article | None, Validators]:
    """The article at a URL, None where it has not changed; with what tells this version from others.

    Raises ValueError with the reason where there is none.
    """
    answer = fetch(url, known, allowed)
    return None if answer.content is None else _read(url, answer, answer.content), answer.validators


def _read(source: str, answer: Answer, content: bytes) -> Article:
    place = answer.validators.url
    if answer.kind in _PAGES:
        return html.article(content, source, place, answer.charset)
    if answer.kind == _TEXT:
        return Article(decode(content, answer.charset), source, url=place)
    if answer.kind == _PDF:
        found = pdf.article(content, source)
        return Article(found.text, source, found.title, url=place)
    raise ValueError(f"{answer.kind[:60]}, and no page, text or PDF")


def entries(
    url: str, known: Validators | None = None, allowed: Collection[str] = ()
) -> tuple[tuple[Entry, ...] | None, Validators]:
    """The entries of the feed at a URL, None where it has not changed. Raises ValueError, RefusalError for a server's
    no."""
    answer = fetch(url, known, allowed)
    return None if answer.content is None else feed.entries(answer.content, url), answer.validators


def permitted(url: str, allowed: Collection[str] = ()) -> bool:
    """Whether the robots.txt of a host lets us fetch a page by ourselves (RFC 9309)."""
    parts = urlsplit(url)
    rules = _robots(urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", "")), tuple(allowed))
    return rules is not None and rules.can_fetch(url, AGENT)


@lru_cache(256)
def _robots(url: str, allowed: tuple[str, ...]) -> Protego | None:
    """The rules of a host; none at all where it has none, None where it cannot say: then nothing is permitted."""
    try:
        content = fetch(url, None, allowed).content or b""
    except RefusalError as refusal:
        return Protego.parse("") if 400 <= refusal.status < 500 else None
    return Protego.parse(content[:500_000].decode("utf-8", errors="replace"))
