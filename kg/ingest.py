"""Ingest: articles into the store, and what became of each.

Duplicates are found before anything is read closely, so a run that was broken off goes on where it stopped.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kg.difference import Revision, asserted, revision
from kg.errors import ArticleError, FaultError, KGError
from kg.graph import Statement
from kg.read import Article, Found, Unchanged
from kg.read.visits import Visits
from kg.record import OPEN, Event, Notes, Reading, Record, Relation, is_asserted
from kg.store import Store
from kg.workers import BATCH, Work, WorkerError, ordered_map

#: Makes the function that reads a batch of articles: called once in each process, so it must be picklable. A pipeline
#: gives records, or readings, which also say how they were read.
Make = Callable[[], Work[Article, Record | Reading]]
#: Reads articles, in their order, whether here or elsewhere.
Extraction = Callable[[Iterable[Article]], Iterable["Record | Reading | Graph | WorkerError"]]


@dataclass(frozen=True, slots=True)
class Stored:
    """An article that is now in the store, with so many claims, of which so many are asserted, and how it was read."""

    source: str
    claims: int
    asserted: int
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True, slots=True)
class Revised:
    """An article that took the place of an older version, and what that changed."""

    source: str
    claims: int
    asserted: int
    revision: Revision
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True, slots=True)
class Known:
    """An article that was in the store before."""

    source: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that is not in the store, and why."""

    source: str
    reason: str


Outcome = Stored | Revised | Known | Skipped


@dataclass(frozen=True, slots=True)
class Graph:
    """What was read in an article elsewhere: its triples, and how many claims they hold, of which so many asserted."""

    id: str
    url: str | None
    published: str | None
    triples: tuple[Statement, ...]
    claims: int
    asserted: int


def ingest(
    store: Store, inputs: Iterable[Found], make: Make, workers: int = 1, batch: int = BATCH
) -> Generator[Outcome, None, None]:
    """What becomes of each input, in order; an article is in the store when its outcome comes. `batch` articles are
    handed to a reader at once.

    Raises FaultError where the disk is full or the store damaged: what comes after that cannot be stored either.
    """
    return taken_in(store, inputs, lambda articles: ordered_map(make, articles, workers, batch))


def taken_in(store: Store, inputs: Iterable[Found], extraction: Extraction) -> Generator[Outcome, None, None]:
    """As `ingest`, whatever reads the articles: the store, and what is said of each input, are the same."""
    waiting: deque[Article | Outcome] = deque()
    for result in extraction(_fresh(store, inputs, waiting)):
        while not isinstance(head := waiting.popleft(), Article):
            yield head
        yield _keep(store, head, result)
    for rest in waiting:
        assert not isinstance(rest, Article), "every article that was handed over has a result"
        yield rest


def _fresh(store: Store, inputs: Iterable[Found], waiting: deque[Article | Outcome]) -> Iterator[Article]:
    """The articles that must be read; all inputs wait in line for their outcome."""
    seen: dict[str, str] = {}
    for item in inputs:
        place = _place(store, item, seen)
        waiting.append(place)
        if isinstance(place, Article):
            yield place


def _place(store: Store, item: Found, seen: dict[str, str]) -> Article | Known | Skipped:
    """An article that must be read, or what became of the input without that."""
    if isinstance(item, ArticleError):
        return Skipped(item.source, item.reason)
    if isinstance(item, Unchanged):
        return Known(item.source)
    if item.id in seen:
        return Skipped(item.source, f"the same article as {seen[item.id]}")
    seen[item.id] = item.source
    # Of two of one day the last that came stands: to read both again must not bring the other back.
    return Known(item.source) if item.id in store or store.successor(item.id) else item


def _keep(store: Store, article: Article, result: Record | Reading | Graph | WorkerError) -> Outcome:
    if isinstance(result, WorkerError):
        return Skipped(article.source, result.reason)
    found, notes = (result.record, result.notes) if isinstance(result, Reading) else (result, Notes())
    if newer := store.newer(found.url, found.published):
        return Skipped(article.source, f"the store has a newer version of {found.url}: {newer}")
    old = {version: asserted(store, version) for version in store.versions(found.url)}
    now = datetime.now(UTC)
    try:
        if isinstance(found, Graph):
            store.take(found.id, found.triples, found.url, found.published, now)
        else:
            store.add(found, now)
    except FaultError:
        raise
    except KGError as error:
        return Skipped(article.source, str(error))
    claims = (found.claims, found.asserted) if isinstance(found, Graph) else counts(found)
    for version, before in old.items():
        return Revised(article.source, *claims, revision(store, version, before, found.id), notes)
    return Stored(article.source, *claims, notes)


def settled(outcomes: Iterable[Outcome], visits: Visits) -> Generator[Outcome, None, None]:
    """The outcomes, each of which settles the visit that led to it."""
    for outcome in outcomes:
        visits.settle(outcome.source, stored=not isinstance(outcome, Skipped))
        yield outcome


def counts(record: Record) -> tuple[int, int]:
    """How many claims the graph of a record holds, and how many of them stand as plain triples: see `kg.graph`."""
    resolved = {time.id for time in record.times if time.value}
    unresolved = {time.id for time in record.times} - resolved
    claims = [(_claims(event, resolved), is_asserted(event)) for event in record.events]
    unasserted = {event.id for event in record.events if not is_asserted(event)}
    talks = record.talks.claims if record.talks is not None else ()
    relations = [relation for relation in (*record.relations, *talks) if relation.object not in unresolved]
    claims += [(1, _stands(relation, unasserted)) for relation in relations]
    return sum(count for count, _ in claims), sum(count for count, asserted in claims if asserted)


def _claims(event: Event, resolved: set[str]) -> int:
    roles = len(event.roles) if event.class_ != OPEN else 0
    return 1 + roles + (event.time in resolved) + (event.responds_to is not None)


def _stands(relation: Relation, unasserted: set[str]) -> bool:
    return is_asserted(relation) and unasserted.isdisjoint((relation.subject, relation.object))


# -------------------------------------------------------------------------------------------------------------- in sum


@dataclass(slots=True)
class Tally:
    """A run in numbers; the clock starts when it is made."""

    stored: int = 0
    known: int = 0
    claims: int = 0
    asserted: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    revised: list[Revision] = field(default_factory=list)
    #: What components of others counted, and their warnings by how often they came.
    counts: dict[str, float] = field(default_factory=dict)
    warnings: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        match outcome:
            case Stored(_, claims, asserted, notes):
                self.stored += 1
                self.claims += claims
                self.asserted += asserted
                self.hear(notes)
            case Revised(_, claims, asserted, revision, notes):
                self.stored += 1
                self.claims += claims
                self.asserted += asserted
                self.revised.append(revision)
                self.hear(notes)
            case Known():
                self.known += 1
            case Skipped():
                self.skipped.append(outcome)

    def hear(self, notes: Notes) -> None:
        """Adds what components of others counted."""
        for name, count in notes.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        self.warnings.update(notes.warnings)

    @property
    def read(self) -> int:
        return self.stored + self.known + len(self.skipped)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def reader(model: str, extra: Sequence[Any] = ()) -> Work[Article, Reading]:
    """What reads batches of articles with a spaCy model and components of others (`kg.extract.plugins.Extra`).

    Loads the model, so it is called where the reading is done."""
    from kg.extract import pipeline

    return pipeline(model, extra).readings
