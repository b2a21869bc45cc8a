"""The first page: what the graph holds, what came last, what is disputed, and the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from kg.contradictions import Contradiction
from kg.namespaces import ITEM
from kg.query import questions
from kg.serve.asking import Form, form
from kg.serve.disputes import Disputes, disputes
from kg.serve.edition import Edition
from kg.serve.names import Hit, search
from kg.serve.reading import Origin, Reader, Thing

_NEWEST, _SPOKEN = 8, 12
#: Questions that the first page names.
_FIRST = ("who-mediated", "what-a-round-brought", "who-demands-what", "what-is-planned", "casualties")


@dataclass(frozen=True, slots=True)
class Number:
    """How many there are of something."""

    what: str
    many: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A thing, and how many articles speak of it."""

    thing: Thing
    articles: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page shows."""

    numbers: tuple[Number, ...]
    newest: tuple[Origin, ...]
    spoken_of: tuple[Spoken, ...]
    first: str
    last: str
    disputed: Disputes
    questions: tuple[Form, ...]


def home(edition: Edition, found: Sequence[Contradiction] | None) -> Home:
    """What the graph holds, and what came last; None stands for contradictions that are still looked for."""
    reader = Reader(edition)
    dates = sorted(source.published for source in edition.articles.values() if source.published)
    outlets = {source.outlet for source in edition.articles.values() if source.outlet}
    numbers = (
        Number("articles", len(edition.articles)),
        Number("outlets", len(outlets)),
        Number("people, states and other actors", len(edition.names.labels)),
        Number("triples", edition.triples),
    )
    newest = tuple(reader.origin(article) for article in list(edition.articles)[: -_NEWEST - 1 : -1])
    asked = tuple(form(name, {}) for name in _FIRST if name in questions())
    begun, ended = (dates[0], dates[-1]) if dates else ("", "")
    return Home(numbers, newest, _spoken_of(reader), begun, ended, disputes(edition, found), asked)


def _spoken_of(reader: Reader) -> tuple[Spoken, ...]:
    articles = reader.edition.names.articles
    ranked = sorted(articles, key=lambda iri: (-articles[iri], iri))
    things = (reader.thing(iri) for iri in ranked if not iri.startswith(str(ITEM)))
    return tuple(Spoken(thing, articles[thing.iri]) for thing in islice((one for one in things if one.kind), _SPOKEN))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: things by name, each with its class."""

    query: str
    hits: tuple[NamedHit, ...]


@dataclass(frozen=True, slots=True)
class NamedHit:
    """A thing that a search found, by which other name, and how many articles speak of it."""

    thing: Thing
    by: str
    articles: int


def found(edition: Edition, query: str, most: int = 50) -> Found:
    """What is called so."""
    reader = Reader(edition)
    return Found(query, tuple(_named(reader, hit) for hit in search(edition.names, query, most)))


def _named(reader: Reader, hit: Hit) -> NamedHit:
    return NamedHit(reader.thing(hit.iri), hit.by, hit.articles)
