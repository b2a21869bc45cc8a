"""The derived graphs as a change finds them and leaves them, and the forms of names, texts and events that they hold.

    <https://kg.example/index/3>  FORM  kg:says       what it consists of
                                  FORM  kg:key        what another must share to be compared with it
                                  FORM  kg:canonical  what its things are called
                                  THING kg:form       FORM
                                  ARTICLE kg:story    what else tells its events from others

A form is the same in all articles; what they tell besides is read with it, for the kinds of form that it matters to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeVar, cast

import pyoxigraph as ox

from kg.clusters import Kind
from kg.graph import Node, node
from kg.namespaces import INDEX, KG, article_of

INDEXED = node(INDEX)
KEY, SAYS, FORM_OF, CANONICAL, STORY = (node(str(KG[name])) for name in ("key", "says", "form", "canonical", "story"))


class Told(Protocol):
    """A name, a text or an event as articles tell it."""

    @property
    def iri(self) -> str: ...

    def to_json(self) -> str: ...


T = TypeVar("T", bound=Told)


class Change:
    """What a change puts into the derived graphs and takes out of them, and the graphs as they are then."""

    def __init__(self, derived: ox.Store) -> None:
        self._old = derived
        self._fresh = ox.Store()
        self.drop: set[ox.Quad] = set()

    @property
    def add(self) -> Iterator[ox.Quad]:
        """The quads that are new."""
        return iter(self._fresh)

    def put(self, subject: Node, predicate: Node, object_: Any, graph: Node) -> None:
        quad = ox.Quad(subject, predicate, object_, graph)
        if quad in self.drop:
            self.drop.discard(quad)
        elif quad not in self._old:
            self._fresh.add(quad)

    def take(self, subject: Node, predicate: Node, object_: Any, graph: Node) -> None:
        quad = ox.Quad(subject, predicate, object_, graph)
        if quad in self._old:
            self.drop.add(quad)
        else:
            self._fresh.remove(quad)

    def quads(self, subject: Any, predicate: Any, object_: Any, graph: Node) -> Iterator[Any]:
        """The quads of a pattern, as they are after the change."""
        for quad in self._old.quads_for_pattern(subject, predicate, object_, graph):
            if quad not in self.drop:
                yield quad
        yield from self._fresh.quads_for_pattern(subject, predicate, object_, graph)

    def subjects(self, predicate: Node, object_: Any, graph: Node) -> list[str]:
        return [quad.subject.value for quad in self.quads(None, predicate, object_, graph)]

    def value(self, subject: str, predicate: Node) -> str | None:
        """The one value of something in the index."""
        return next((quad.object.value for quad in self.quads(node(subject), predicate, None, INDEXED)), None)


class Forms:
    """The forms that graphs hold: by IRI, and by what two must share to be compared. `read` remembers what texts stand
    for; what is found in the graphs themselves is remembered until `forget`."""

    def __init__(self, graphs: Change, read: dict[str, Any]) -> None:
        self._graphs, self._read = graphs, read
        self._found: dict[str, Any] = {}
        self._blocks: dict[str, Mapping[str, Any]] = {}

    def forget(self) -> None:
        """Looks anew from here on: the graphs have changed."""
        self._found.clear()
        self._blocks.clear()

    def get(self, iri: str, kind: Kind[T]) -> T | None:
        """A form, with what the articles say that tell of it; None if the graphs have none of this IRI."""
        if iri not in self._found:
            form = self.bare(iri, kind)
            self._found[iri] = form if form is None or kind.within is None else kind.within(form, self._stories(iri))
        return cast("T | None", self._found[iri])

    def bare(self, iri: str, kind: Kind[T]) -> T | None:
        """A form alone: one object stands for the same whenever it is read."""
        line = self._graphs.value(iri, SAYS)
        if line is not None and iri not in self._read:
            self._read[iri] = kind.read(line)
        return None if line is None else cast(T, self._read[iri])

    def _stories(self, iri: str) -> list[str]:
        articles = {article_of(thing) for thing in self._graphs.subjects(FORM_OF, node(iri), INDEXED)}
        stories = (self._graphs.value(article, STORY) for article in sorted(articles))
        return [story for story in stories if story is not None]

    def near(self, form: T, kind: Kind[T]) -> dict[str, T]:
        """The forms that are candidates with one, by IRI."""
        found = {other.iri: other for other in kind.near(form)}
        for key in kind.keys(form):
            found |= self._block(key, kind)
        found.pop(form.iri, None)
        return found

    def _block(self, key: str, kind: Kind[T]) -> Mapping[str, T]:
        """The forms that have a key."""
        if key not in self._blocks:
            names = self._graphs.subjects(KEY, ox.Literal(key), INDEXED)
            self._blocks[key] = {iri: form for iri in names if (form := self.get(iri, kind)) is not None}
        return self._blocks[key]
