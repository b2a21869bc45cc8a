"""What it costs to add articles to a store on disk that holds more and more of them, one after the other.

Generated articles, whose truth is known: seconds of computing for each, what they take of memory and disk, how soon the
store opens, and B-cubed of actors, events and source families among all that it holds then.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from kg.namespaces import IDENTITY, KG
from kg.store import Store
from tests.corpus import Telling, b_cubed, tellings

SIZES = (1_000, 3_000, 10_000)
COLUMNS = ("articles", "ms each", "MB of memory", "MB on disk", "ms to open", "actors", "events", "sources")

#: A thing of an article: the article's id, the thing's IRI.
_Thing = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Grown:
    """A store of so many articles: what each has cost since the last row, in seconds of computing, None where all were
    there; bytes of memory (with what is true of them) and of disk; the seconds that it takes to open; B-cubed F1 of
    actors, events and families."""

    articles: int
    each: float | None
    memory: int
    disk: int
    opening: float
    scores: tuple[float, ...]

    def cells(self) -> Iterator[str]:
        each = "" if self.each is None else f"{1000 * self.each:.1f}"
        yield from (f"{self.articles}", each, f"{self.memory / 1e6:.0f}", f"{self.disk / 1e6:.0f}")
        yield from (f"{1000 * self.opening:.0f}", *(f"{score:.3f}" for score in self.scores))


@dataclass(frozen=True, slots=True)
class _Truth:
    """What is true of the things of articles, and of the articles themselves."""

    actors: dict[_Thing, str] = field(default_factory=dict)
    events: dict[_Thing, str] = field(default_factory=dict)
    families: dict[_Thing, str] = field(default_factory=dict)

    def note(self, one: Telling) -> None:
        name = one.record.id
        self.actors.update({(name, entity.iri): one.entities[entity.id] for entity in one.record.entities})
        self.events.update({(name, f"{name}#{event}"): true for event, true in one.events.items()})
        self.families[name, name] = one.family

    def scores(self, store: Store, there: Container[str]) -> Iterator[float]:
        """B-cubed F1 of each, among the articles that are there."""
        for true, link in ((self.actors, KG.toldAs), (self.events, KG.toldAs), (self.families, KG.carries)):
            names = {thing: name for name, thing in store.pairs(str(link), IDENTITY)}
            gold = {thing: one for thing, one in true.items() if thing[0] in there}
            yield b_cubed(gold, {thing: names.get(thing[1], thing[1]) for thing in gold})[2]


def grown(sizes: Collection[int], place: Path | None = None, seed: int = 0) -> Iterator[Grown]:
    """A row each time that a store has so many articles; one that is in `place` already is gone on with."""
    with _folder(place) as folder:
        truth, told = _Truth(), enumerate(tellings(max(sizes), seed), 1)
        for size in sorted(sizes):
            with Store(folder) as store:
                added, seconds = 0, 0.0
                for number, one in told:
                    truth.note(one)
                    begin = time.process_time()
                    added += store.add(one.record)
                    seconds += time.process_time() - begin
                    if number == size:
                        break
                there = frozenset(store.there())
                memory, scores = psutil.Process().memory_info().rss, tuple(truth.scores(store, there))
            each = seconds / added if added else None
            yield Grown(size, each, memory, _bytes(folder), _opens(folder), scores)


@contextmanager
def _folder(place: Path | None) -> Iterator[Path]:
    if place is not None:
        yield place
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, "store")


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _opens(folder: Path) -> float:
    begin = time.perf_counter()
    with Store(folder, read_only=True):
        return time.perf_counter() - begin
