"""All of the world graph as one picture: up to 50,000 links, drawn by the graphics card; communities lie together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from rdflib import RDF, RDFS

from kg.communities import communities_of
from kg.labels import in_words, local
from kg.namespaces import TIME, WORLD
from kg.serve.links import page_of
from kg.serve.names import is_entity
from kg.serve.reading import is_event, narrowest
from kg.store import Store

#: So many links can be moved without waiting; so many nodes stand in the table.
MOST_LINKS, MOST_ROWS = 50_000, 200
#: What a sunflower turns from seed to seed (Vogel 1979): nothing lies on anything else, and nothing is wasted.
_GOLDEN = pi * (3 - sqrt(5))
_TYPE, _LABEL = str(RDF.type), str(RDFS.label)

Link = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the picture: where it lies, how large it is, in which community."""

    id: str
    label: str
    type: str
    x: float
    y: float
    size: float
    community: int
    links: int
    page: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A link in the picture. The world graph holds what is stated as fact alone."""

    id: str
    source: str
    target: str
    label: str
    status: str = "stated"


@dataclass(frozen=True, slots=True)
class Whole:
    """The picture, the most linked first; `notice` says in words what it leaves out, empty while it is being drawn."""

    ready: bool
    notice: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def rows(self) -> tuple[Node, ...]:
        """The nodes that stand in the table."""
        return self.nodes[:MOST_ROWS]


def whole(store: Store, most: int = MOST_LINKS) -> Whole:
    """The picture of the world graph."""
    links, labels, types = _world(store)
    shown = _most_linked(links, most)
    degrees = Counter(end for one, _, two in shown for end in (one, two))
    groups = communities_of((one, two) for one, _, two in shown)
    places = _places(groups, degrees)
    nodes = tuple(
        Node(
            iri, labels.get(iri, local(iri)), in_words(narrowest(types[iri])), *places[iri], round(2 + sqrt(many), 2),
            groups[iri], many, page_of(iri),
        )
        for iri, many in sorted(degrees.items(), key=lambda item: (-item[1], item[0]))
    )  # fmt: skip
    edges = tuple(Edge(f"e{n}", one, two, in_words(role)) for n, (one, role, two) in enumerate(shown))
    return Whole(True, _notice(nodes, edges, links), nodes, edges)


def _world(store: Store) -> tuple[list[Link], dict[str, str], Mapping[str, set[str]]]:
    """Links between things and events, what they are called, and their classes."""
    links: list[Link] = []
    labels: dict[str, str] = {}
    types: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in store.held(WORLD):
        if predicate == _TYPE:
            types[subject].add(value)
        elif predicate == _LABEL:
            labels[subject] = max(value, labels.get(subject, ""), key=lambda text: (len(text), text))
        elif _is_node(subject) and _is_node(value) and not value.startswith(str(TIME)) and subject != value:
            links.append((subject, predicate, value))
    return sorted(links), labels, types


def _is_node(term: str) -> bool:
    return is_entity(term) or is_event(term)


def _most_linked(links: Sequence[Link], most: int) -> list[Link]:
    """The links, or those between what has most of them."""
    if len(links) <= most:
        return list(links)
    degrees = Counter(end for one, _, two in links for end in (one, two))
    return sorted(links, key=lambda link: (-min(degrees[link[0]], degrees[link[2]]), link))[:most]


def _places(groups: Mapping[str, int], degrees: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """Each community as a sunflower, its most linked in the middle; and these as one, the largest in the middle."""
    members: defaultdict[int, list[str]] = defaultdict(list)
    for iri in sorted(groups, key=lambda iri: (-degrees[iri], iri)):
        members[groups[iri]].append(iri)
    places: dict[str, tuple[float, float]] = {}
    before = 0
    for number, some in sorted(members.items()):
        middle = _seed(number, 14 * sqrt(2.5 * (before + len(some) / 2)) if number else 0.0)
        places.update(zip(some, _sunflower(middle, len(some)), strict=True))
        before += len(some)
    return places


def _sunflower(middle: tuple[float, float], many: int) -> Iterator[tuple[float, float]]:
    for number in range(many):
        x, y = _seed(number, 14 * sqrt(number))
        yield round(middle[0] + x, 1), round(middle[1] + y, 1)


def _seed(number: int, radius: float) -> tuple[float, float]:
    return radius * cos(number * _GOLDEN), radius * sin(number * _GOLDEN)


def _notice(nodes: Sequence[Node], edges: Sequence[Edge], links: Sequence[Link]) -> str:
    part = f" the {len(edges):,} between what is most linked, of {len(links):,}" if len(edges) < len(links) else ""
    return f"{len(nodes):,} things and events, {len(edges):,} links{':' if part else ''}{part}."
