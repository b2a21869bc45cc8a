"""The page of sources: who publishes, how much of it is their own, and all articles by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kg.namespaces import IDENTITY, KG
from kg.quads import Source
from kg.serve.edition import Edition
from kg.serve.paging import paged
from kg.serve.reading import Origin, Reader
from kg.sources import family_of

#: So many articles stand on one page.
MOST = 100
UNKNOWN = "(unknown)"


@dataclass(frozen=True, slots=True)
class Publisher:
    """An outlet: its articles, how many of them carry what an agency or another outlet wrote, first and last day."""

    outlet: str
    articles: int
    carried: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Sources:
    """All outlets, and a page of the articles, the newest first; of one outlet, if asked."""

    outlet: str
    outlets: tuple[Publisher, ...]
    total: int
    page: int
    pages: int
    articles: tuple[Origin, ...]


def sources(edition: Edition, outlet: str = "", page: int = 1) -> Sources:
    """Who publishes what."""
    by_outlet: defaultdict[str, list[Source]] = defaultdict(list)
    for source in edition.articles.values():
        by_outlet[source.outlet or UNKNOWN].append(source)
    families = {article: family for family, article in edition.store.pairs(str(KG.carries), IDENTITY)}
    publishers = (_publisher(name, some, families) for name, some in by_outlet.items())
    wanted = [article for article, source in edition.articles.items() if outlet in ("", source.outlet or UNKNOWN)]
    at, pages, here = paged(wanted[::-1], page, MOST)
    shown = tuple(map(Reader(edition).origin, here))
    return Sources(outlet, tuple(sorted(publishers, key=_order)), len(wanted), at, pages, shown)


def _order(publisher: Publisher) -> tuple[int, str]:
    return -publisher.articles, publisher.outlet


def _publisher(name: str, told: Sequence[Source], families: dict[str, str]) -> Publisher:
    days = sorted(source.published for source in told if source.published) or [""]
    own = family_of(name)
    carried = sum(families.get(source.article, own) != own for source in told) if name != UNKNOWN else 0
    return Publisher(name, len(told), carried, days[0], days[-1])
