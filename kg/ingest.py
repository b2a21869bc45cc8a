"""Ingest: articles into the store, and what became of each.

Duplicates are found before anything is read closely, so a run that was broken off goes on where it stopped.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kg.difference import Revision, asserted, revision
from kg.errors import ArticleError, KGError
from kg.graph import Statement
from kg.read import Article, Found, Unchanged
from kg.read.visits import Visits
from kg.record import OPEN, Event, Record, Relation, is_asserted
from kg.store import Store
from kg.workers import Work, WorkerError, ordered_map

#: Reads articles, in their order, whether here or elsewhere.
Reading = Callable[[Iterable[Article]], Iterable["Record | Graph | WorkerError"]]
#: Makes the function that reads a batch of articles: called once in each process, so it must be picklable.
Make = Callable[[], Work[Article, Record]]


@dataclass(frozen=True, slots=True)
class Stored:
    """An article that is now in the store, with so many claims, of which so many are asserted."""

    source: str
    claims: int
    asserted: int


@dataclass(frozen=True, slots=True)
class Revised:
    """An article that took the place of an older version, and what that changed."""

    source: str
    claims: int
    asserted: int
    revision: Revision


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


def ingest(store: Store, inputs: Iterable[Found], make: Make, workers: int = 1) -> Generator[Outcome, None, None]:
    """What becomes of each input, in order; an article is in the store when its outcome comes."""
    return taken_in(store, inputs, lambda articles: ordered_map(make, articles, workers))


def taken_in(store: Store, inputs: Iterable[Found], reading: Reading) -> Generator[Outcome, None, None]:
    """As `ingest`, whatever reads the articles: the store, and what is said of each input, are the same."""
    waiting: deque[Article | Outcome] = deque()
    for result in reading(_fresh(store, inputs, waiting)):
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
    return Known(item.source) if item.id in store else item


def _keep(store: Store, article: Article, result: Record | Graph | WorkerError) -> Stored | Revised | Skipped:
    if isinstance(result, WorkerError):
        return Skipped(article.source, result.reason)
    if newer := store.newer(result.url, result.published):
        return Skipped(article.source, f"the store has a newer version of {result.url}: {newer}")
    old = {version: asserted(store, version) for version in store.versions(result.url)}
    now = datetime.now(UTC)
    try:
        if isinstance(result, Graph):
            store.take(result.id, result.triples, result.url, result.published, now)
        else:
            store.add(result, now)
    except KGError as error:
        return Skipped(article.source, str(error))
    claims = (result.claims, result.asserted) if isinstance(result, Graph) else counts(result)
    for version, before in old.items():
        return Revised(article.source, *claims, revision(store, version, before, result.id))
    return Stored(article.source, *claims)


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
    began: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        match outcome:
            case Stored(_, claims, asserted):
                self.stored += 1
                self.claims += claims
                self.asserted += asserted
            case Revised(_, claims, asserted, revision):
                self.stored += 1
                self.claims += claims
                self.asserted += asserted
                self.revised.append(revision)
            case Known():
                self.known += 1
            case Skipped():
                self.skipped.append(outcome)

    @property
    def read(self) -> int:
        return self.stored + self.known + len(self.skipped)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def reader(model: str) -> Work[Article, Record]:
    """What reads batches of articles with a spaCy model. Loads the model, so it is called where the reading is done."""
    from kg.extract import pipeline

    return pipeline(model)
