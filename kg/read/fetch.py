"""A page from the web: within limits of size, time and redirects, and not again where it has not changed."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlunsplit

import httpcore

from kg.read.addresses import PublicOnly, checked
from kg.read.formats import LARGEST
from kg.read.visits import Validators

AGENT = "kg-news"
_REDIRECTS = 5
#: Seconds for each step; all of a fetch together has the time of one article (see `kg.read.cell`).
_TIMEOUTS = {"connect": 10.0, "read": 10.0, "write": 10.0, "pool": 10.0}
_ACCEPT = (
    "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,application/xml;q=0.9,text/plain;q=0.8,"
    "application/pdf;q=0.7"
)
_MOVED = (301, 302, 303, 307, 308)
#: Nobody is asked to wait for longer than a day.
_LONGEST_WAIT = 86_400


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave; `content` is None where it has not changed since. `kind` is the media type."""

    content: bytes | None
    kind: str
    charset: str | None
    validators: Validators


class RefusalError(ValueError):
    """A server's no: its status, and in how many seconds one may ask again, where it says so."""

    def __init__(self, status: int, wait: int | None = None) -> None:
        again = f", and asks to come back in {wait} s" if wait else ""
        super().__init__(f"the server answered {status}{again}")
        self.status = status
        self.wait = wait


def fetch(url: str, known: Validators | None = None, allowed: Collection[str] = ()) -> Answer:
    """What is at a URL. Raises ValueError with the reason where nothing may or can be fetched, RefusalError for a
    server's no. `allowed` are hosts that may be reached though they are not on the public internet."""
    try:
        with httpcore.ConnectionPool(network_backend=PublicOnly(allowed), max_connections=1) as pool:
            return _follow(pool, url, known, allowed)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise ValueError(f"cannot be fetched: {' '.join(str(error).split()) or type(error).__name__}") from error


def _follow(pool: httpcore.ConnectionPool, url: str, known: Validators | None, allowed: Collection[str]) -> Answer:
    """The answer at the end of all redirects; each of them is looked at as the first URL is."""
    for _ in range(_REDIRECTS + 1):
        wire = _wire(checked(url, allowed))
        with pool.stream("GET", wire, headers=_asked(url, known), extensions={"timeout": _TIMEOUTS}) as response:
            headers = {name.lower(): value.decode("utf-8", errors="replace") for name, value in response.headers}
            if response.status not in _MOVED:
                return _answer(url, response, headers)
        onward = urljoin(url, headers.get(b"location", ""))
        if url.startswith("https:") and not onward.startswith("https:"):
            raise ValueError(f"refused: it leads away from https, to {onward[:200]}")
        url = onward
    raise ValueError(f"redirected more than {_REDIRECTS} times")


def _wire(parts: SplitResult) -> str:
    """A URL as it goes over the wire: in ASCII, without its fragment."""
    host = parts.hostname or ""
    place = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    path, query = (quote(part, safe="/%:@!$&'()*+,;=~?") for part in (parts.path or "/", parts.query))
    return urlunsplit((parts.scheme, f"{place}:{parts.port}" if parts.port else place, path, query, ""))


def _asked(url: str, known: Validators | None) -> dict[bytes | str, bytes | str]:
    """The headers of a request; validators are sent only to the URL that gave them."""
    headers: dict[bytes | str, bytes | str] = {"User-Agent": AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip"}
    if known is not None and known.url == url:
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.modified} if known.modified else {}
    return headers


def _answer(url: str, response: httpcore.Response, headers: Mapping[bytes, str]) -> Answer:
    validators = Validators(url, headers.get(b"etag"), headers.get(b"last-modified"))
    kind, _, parameters = headers.get(b"content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip("\"' ") or None
    if response.status == 304:
        return Answer(None, kind, charset, validators)
    if response.status != 200:
        raise RefusalError(response.status, retry_after(headers.get(b"retry-after")))
    content = b"".join(_limited(response, headers.get(b"content-encoding", "identity")))
    return Answer(content, kind.strip().lower(), charset, validators)


def _limited(response: httpcore.Response, encoding: str) -> Iterator[bytes]:
    """The content, unpacked, of no more than so many bytes, packed or not."""
    if encoding.lower() not in ("identity", "gzip", "x-gzip", ""):
        raise ValueError(f"packed as {encoding[:40]}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if "gzip" in encoding.lower() else None
    left = LARGEST
    for chunk in response.iter_stream():
        content = chunk if unpacker is None else _unpacked(unpacker, chunk, left + 1)
        left -= len(content)
        if left < 0:
            raise ValueError(f"larger than {LARGEST:,} bytes")
        yield content
    if unpacker is not None and not unpacker.eof:
        raise ValueError("cut off before its end")


def _unpacked(unpacker: Any, chunk: bytes, most: int) -> bytes:
    try:
        content: bytes = unpacker.decompress(chunk, most)
    except zlib.error as error:
        raise ValueError(f"cannot be unpacked: {error}") from error
    return content


def retry_after(value: str | None) -> int | None:
    """Seconds until one may come back, as the header of this name has it: a number of them, or a date."""
    if value is None:
        return None
    try:
        seconds = int(value) if value.strip().isdecimal() else int(parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, OverflowError):
        return None
    return max(0, min(seconds, _LONGEST_WAIT))
