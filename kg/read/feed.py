"""A feed (RSS, Atom) to its entries, and to those articles that it holds in full."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from kg.read import html
from kg.read.article import Article
from kg.read.entry import Entry
from kg.read.meta import described
from kg.read.part import Part, refused

#: Entities are declared in a DOCTYPE, and bombs are made of entities. Feeds need none.
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)[^>]*(?:\[|ENTITY|SYSTEM)", re.IGNORECASE)
#: A feed lists what is new; what lists more is an archive, and no client asks for that.
_MOST = 2_000
#: Fewer words are a summary.
_FULL = 100


def entries(content: bytes, base: str = "") -> tuple[Entry, ...]:
    """The entries of a feed, as it lists them; `base` is where it was found. Raises ValueError where it is none."""
    if _DECLARES.search(content[:10_000]):
        raise ValueError("declares entities, which no feed needs and bombs are made of")
    try:
        # Bytes only: of a string feedparser would open the file or page that it names.
        found = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser raises whatever its parsers do
        raise ValueError(f"not a feed that can be read: {type(error).__name__}: {error}") from error
    if not found.get("version") and not found.entries:
        raise ValueError("not a feed: neither RSS nor Atom")
    outlet = _words(found.feed.get("title"))
    return tuple(_entry(entry, outlet, base) for entry in found.entries[:_MOST])


def _entry(entry: Any, outlet: str | None, base: str) -> Entry:
    published, updated = _day(entry.get("published_parsed")), entry.get("updated_parsed")
    contents = [str(part.get("value") or "") for part in entry.get("content") or ()]
    longest = max((*contents, str(entry.get("summary") or "")), key=len)
    stamp = str(entry.get("updated") or entry.get("published") or entry.get("id") or "")[:200]
    url = _web(entry.get("link"), base) or _web(entry.get("id"), "")
    return Entry(url, _words(entry.get("title")), published or _day(updated), outlet, stamp, longest)


def _web(address: object, base: str) -> str | None:
    """An address on the web, and nothing else."""
    if not isinstance(address, str) or len(address) > 2_000:
        return None
    try:
        whole = urljoin(base, address.strip())
        return whole if urlsplit(whole).scheme in ("http", "https") else None
    except ValueError:
        return None


def _words(markup: object) -> str | None:
    """The words of a title, which may be marked up."""
    words = " ".join(re.sub("<[^>]{0,200}>", " ", markup).split()) if isinstance(markup, str) else ""
    return words[:500] or None


def _day(moment: Any) -> str | None:
    try:
        return datetime.fromtimestamp(timegm(moment), UTC).date().isoformat() if moment else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def parts(content: bytes, source: str) -> Iterator[Part]:
    """The articles that a feed holds in full; an entry that is only a summary is refused."""
    for number, entry in enumerate(entries(content), 1):
        place = f"{source}#{entry.url or number}"
        if not is_full(entry):
            yield refused(place, "only a summary: kg watch fetches the article itself")
        else:
            yield Part(place, partial(full, entry, place))


def is_full(entry: Entry) -> bool:
    """Whether an entry holds its article, and not a summary of it."""
    return len(entry.content.split()) >= _FULL


def full(entry: Entry, place: str) -> Article:
    """The article that an entry holds. Raises ValueError where that is none."""
    page = f"<html><body><article>{entry.content}</article></body></html>"
    found = html.article(page.encode("utf-8", "surrogatepass"), place, entry.url, "utf-8")
    text = found.text if entry.title is None else f"{entry.title}\n\n{found.text}"
    known = {"title": entry.title, "published": entry.published, "url": entry.url, "outlet": entry.outlet}
    return described(Article(text, place), known)
