"""The surroundings of a thing: who is connected with it, and by what, as a graph that grows by a click."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.errors import QueryError
from kg.namespaces import KG
from kg.serve.edition import Edition
from kg.serve.links import page_of
from kg.serve.reading import OBJECT, SUBJECT, TYPE, Pointer, Reader, Said, Thing, article_of, is_event, newest

#: So many events and relations stand around one thing: more is a tangle.
MOST_EVENTS, MOST_RELATIONS = 10, 16
#: Of a hub so many of the newest claims are looked at.
_LOOKED_AT = 600


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the picture, and the path of its page."""

    thing: Thing
    event: bool
    page: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A link in the picture, with the sentence that states it."""

    source: str
    target: str
    label: str
    said: Said


@dataclass(frozen=True, slots=True)
class Around:
    """A thing, what is near it, and in words what of that is not shown."""

    of: Thing
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    more: str


def around(edition: Edition, iri: str) -> Around:
    """What is connected with a thing, the newest first. Raises QueryError where nobody speaks of it."""
    reader = Reader(edition)
    told = newest(_told(reader, iri))
    if not told:
        raise QueryError(f"nobody speaks of {iri} here: search for a name")
    edges = {(edge.source, edge.target, edge.label): edge for edge in reversed(tuple(_edges(reader, told, iri)))}
    ends = dict.fromkeys(thing for edge in reversed(edges.values()) for thing in (edge.said.subject, edge.said.object))
    center = _center(reader, iri, told)
    nodes = tuple(Node(thing, is_event(thing.iri), page_of(thing.iri)) for thing in dict.fromkeys((center, *ends)))
    left = len({pointer.claim for pointer in told}) - len(edges)
    more = f"the newest links of {len(told)} claims; the page of {center.name} tells more" if left > 0 else ""
    return Around(center, nodes, tuple(reversed(edges.values())), more)


def _told(reader: Reader, iri: str) -> Iterator[Pointer]:
    """The claims of a thing: of an event those that its articles make of it, of all else where it stands."""
    aliases = reader.aliases(iri)
    if not is_event(iri):
        yield from reader.pointers(aliases, SUBJECT)
        yield from reader.pointers(aliases, OBJECT)
        return
    for alias in aliases:
        if is_event(alias) and (article := article_of(alias)) in reader.edition.articles:
            yield from reader.of_event(alias, article)


def _center(reader: Reader, iri: str, told: Iterable[Pointer]) -> Thing:
    if not is_event(iri):
        return reader.thing(iri)
    first = next(iter(told))
    return reader.said(first).subject


def _edges(reader: Reader, told: list[Pointer], iri: str) -> Iterator[Edge]:
    """Relations of a thing, and its events with all who take part."""
    events: dict[str, str] = {}
    relations = 0
    for pointer in told[:_LOOKED_AT]:
        known = reader.claim(pointer.claim, pointer.article)
        subject, object_ = known[SUBJECT], known[OBJECT]
        if is_event(subject):
            events.setdefault(reader.canonical(subject), subject)
        elif relations < MOST_RELATIONS and pointer.predicate != TYPE and not object_.startswith(str(KG)):
            relations += 1
            yield _edge(reader, pointer)
    for event in list(events.values())[:MOST_EVENTS]:
        for pointer in reader.of_event(event, article_of(event)):
            if pointer.predicate in _DRAWN:
                yield _edge(reader, pointer)


#: Roles that are drawn: who and where, not in which words.
_DRAWN = {
    str(KG[name])
    for name in (
        "party", "mediator", "host", "agent", "target", "addressee", "person", "speaker", "killed", "injured", "place",
        "item", "outcome", "nextRound", "respondsTo",
    )
}  # fmt: skip


def _edge(reader: Reader, pointer: Pointer) -> Edge:
    said = reader.said(pointer)
    return Edge(said.subject.iri, said.object.iri, said.predicate, said)
