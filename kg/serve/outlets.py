"""The page of sources: all articles, by outlet and day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kg.serve.edition import Edition
from kg.serve.reading import Origin, Reader

#: So many articles are listed at once.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes, how many articles, from when to when."""

    outlet: str
    articles: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Outlets:
    """Who publishes, and a page of the articles, the newest first: of one outlet if asked."""

    outlet: str
    outlets: tuple[Outlet, ...]
    articles: tuple[Origin, ...]
    total: int
    page: int
    pages: int


def outlets(edition: Edition, outlet: str = "", page: int = 1) -> Outlets:
    """Who publishes what."""
    reader = Reader(edition)
    chosen = [iri for iri, source in edition.articles.items() if outlet in ("", source.outlet or _UNKNOWN)][::-1]
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(page, 1), pages)
    shown = tuple(reader.origin(iri) for iri in chosen[(page - 1) * PAGE : page * PAGE])
    return Outlets(outlet, _publishers(edition), shown, len(chosen), page, pages)


_UNKNOWN = "(unknown)"


def _publishers(edition: Edition) -> tuple[Outlet, ...]:
    days: dict[str, list[str]] = {}
    counts = Counter(source.outlet or _UNKNOWN for source in edition.articles.values())
    for source in edition.articles.values():
        if source.published:
            days.setdefault(source.outlet or _UNKNOWN, []).append(source.published)
    found = [Outlet(name, many, min(days.get(name, [""])), max(days.get(name, [""]))) for name, many in counts.items()]
    return tuple(sorted(found, key=lambda item: (-item.articles, item.outlet)))
