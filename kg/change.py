"""The derived graphs as a change finds them and leaves them, and the forms of names, texts and events that they hold.

    <https://kg.example/index/3>  FORM  kg:says       what it consists of
                                  FORM  kg:key        what another must share to be compared with it
                                  FORM  kg:canonical  what its things are called
                                  THING kg:form       FORM
                                  ARTICLE kg:story    what else tells its events from others

A form is the same in all articles; what they tell besides is read with it, for the kinds of form that it matters to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

import pyoxigraph as ox

from kg.clusters import Kind
from kg.graph import Node, node
from kg.links import Links
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


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was read of the derived graphs as they stand, by IRI: forms alone, which never change, and forms with what
    articles tell besides; and what the machine thinks of them, which a change brings up to date before it is written.
    After a change that is not, nothing of it holds."""

    alone: dict[str, Any] = field(default_factory=dict)
    whole: dict[str, Any] = field(default_factory=dict)
    links: Links = field(default_factory=Links)

    def follow(self, noted: Mapping[str, Any]) -> None:
        """A change was written that makes these forms, None of those that it takes away."""
        self.whole.update(noted)
        for iri in [iri for iri, form in noted.items() if form is None]:
            del self.whole[iri]


class Forms:
    """The forms that graphs hold: by IRI, and by what two must share to be compared. Those `after` a change are those
    `before` it, but for what is noted."""

    def __init__(self, graphs: Change, remembered: Remembered, before: Forms | None = None) -> None:
        self._graphs, self._alone, self._before = graphs, remembered.alone, before
        self._whole = remembered.whole if before is None else {}
        self._blocks: dict[str, Mapping[str, Any]] = {}

    @property
    def noted(self) -> Mapping[str, Any]:
        """What a change has made of forms: None of those that are gone."""
        return self._whole

    def note(self, iri: str, form: Any) -> None:
        """Notes what a change makes of a form; of a kind all, before any is looked for by what it shares."""
        self._whole[iri] = form

    def get(self, iri: str, kind: Kind[T]) -> T | None:
        """A form, with what the articles say that tell of it; None if the graphs have none of this IRI."""
        if iri in self._whole:
            return cast("T | None", self._whole[iri])
        found = self.read(iri, kind) if self._before is None else self._before.get(iri, kind)
        if found is not None and self._before is None:
            self._whole[iri] = found
        return found

    def read(self, iri: str, kind: Kind[T]) -> T | None:
        """A form as the graphs have it."""
        form = self.alone(iri, kind)
        if form is None or kind.within is None:
            return form
        return self.told(form, self._graphs.subjects(FORM_OF, node(iri), INDEXED), kind)

    def told(self, form: T, things: Iterable[str], kind: Kind[T]) -> T:
        """A form that is told of as these things, too."""
        if kind.within is None:
            return form
        stories = (self._graphs.value(article, STORY) for article in sorted(set(map(article_of, things))))
        return kind.within(form, [story for story in stories if story is not None])

    def alone(self, iri: str, kind: Kind[T]) -> T | None:
        """A form without what articles tell besides: one object stands for the same whenever it is read."""
        line = self._graphs.value(iri, SAYS)
        if line is not None and iri not in self._alone:
            self._alone[iri] = kind.read(line)
        return None if line is None else cast(T, self._alone[iri])

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
