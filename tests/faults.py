"""Faults for tests: a run of `kg ingest` that can be killed or starved at any write, files that are damaged, checks.

    python -m tests.faults ingest PATH --model RECORDS …    kg as it is, but for extraction: ready records are looked up

A run by ready records loads no model, so hundreds of them can be killed.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import KGError
from kg.ingest import Known, Outcome, ingest
from kg.namespaces import JOURNAL
from kg.read import Article, scan
from kg.record import Record
from kg.store import Store
from tests.corpus import tellings
from tests.newsroom import jsonl

ROOT = Path(__file__).parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


# ----------------------------------------------------------------------------------------------------------------- news


@dataclass(frozen=True, slots=True)
class News:
    """Articles in a file that `kg ingest` reads, and their records in another, by the articles' IRIs."""

    articles: Path
    records: Path

    def command(self, store: Path, *options: str) -> list[str]:
        """The command that ingests them by their records."""
        names = ["--store", str(store), "--model", str(self.records), *options]
        return [sys.executable, "-m", "tests.faults", "ingest", str(self.articles), *names]

    def each(self) -> list[Record]:
        return [Record.from_json(line) for line in self.records.read_text().splitlines()]


def news(folder: Path, articles: int, seed: int = 0) -> News:
    """So many generated articles, some of which correct others."""
    rows, records = list[dict[str, object]](), list[str]()
    for telling in tellings(articles, seed):
        old = telling.record
        row: dict[str, object] = {
            "text": old.text,
            "published": old.published,
            "url": old.url,
            "title": old.title,
            "outlet": old.outlet,
        }
        new = Article(old.text, "", old.title, old.published, old.url, old.outlet).id
        rows.append(row)
        records.append(old.to_json().replace(old.id, new))
    made = News(folder / "news.jsonl", folder / "records.jsonl")
    made.articles.write_bytes(jsonl(*rows))
    made.records.write_text("\n".join(records))
    return made


def ready(records: str, _: Sequence[Any] = ()) -> Callable[[Sequence[Article]], Iterable[Record]]:
    """In the place of `kg.ingest.reader`: the record of each article, from a file."""
    lines = Path(records).read_text(encoding="utf-8").splitlines()
    return partial(_look_up, {Record.from_json(line).id: line for line in lines})


def _look_up(lines: dict[str, str], batch: Sequence[Article]) -> Iterator[Record]:
    for article in batch:
        yield replace(Record.from_json(lines[article.id]), source=article.source)


# ----------------------------------------------------------------------------------------------------------------- runs

#: Where a run tells the source of each outcome, as soon as it is told of it.
_REPORT = "KG_REPORTED"
#: How a run is made unsafe, to see that it is noticed: see `UNSAFE`.
_UNSAFE = "KG_UNSAFE"


def run(command: list[str], report: Path, unsafe: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end; what it reports is added to a file."""
    around = ENVIRONMENT | {_REPORT: str(report), _UNSAFE: unsafe} | environment
    return subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False)


def killed(command: list[str], report: Path, more: int, seconds: float, unsafe: str = "") -> bool:
    """Runs a command until it has told of so many articles more, waits for so many seconds, and kills it with all its
    processes; False where it ended before."""
    around = ENVIRONMENT | {_REPORT: str(report), _UNSAFE: unsafe}
    null, told = subprocess.DEVNULL, len(reported(report))
    with subprocess.Popen(command, cwd=ROOT, env=around, stdout=null, stderr=null, start_new_session=True) as process:
        while process.poll() is None and len(reported(report)) < told + more:
            time.sleep(0.002)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
    return False


def reported(report: Path) -> set[str]:
    """The sources of which a run has told the outcome; of a line that was cut off it has not."""
    lines = report.read_bytes().splitlines(keepends=True) if report.exists() else []
    return {line.decode().strip() for line in lines if line.endswith(b"\n")}


def reporting(outcomes: Iterable[Outcome], place: Path) -> Iterator[Outcome]:
    """The outcomes, each of which is told in a file when it comes."""
    with place.open("ab", buffering=0) as file:
        for outcome in outcomes:
            file.write(f"{outcome.source}\n".encode())
            yield outcome


#: Seconds between the parts of a write: a kill falls between them as a rule.
_BETWEEN = 0.2


class Torn:
    """An Oxigraph store whose writes are not atomic: what the checks must notice."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self._store

    def __len__(self) -> int:
        return len(self._store)

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        listed = list(quads)
        self.between(partial(self._store.extend, half) for half in (listed[::2], listed[1::2]))

    def update(self, sparql: str) -> None:
        self.between(partial(self._store.update, part) for part in re.split(" ; (?=INSERT DATA)", sparql))

    def between(self, steps: Iterable[Callable[[], None]]) -> None:
        """Takes the steps one after the other."""
        for step in steps:
            step()
            time.sleep(_BETWEEN)


class Failing(Torn):
    """An Oxigraph store of which the n-th write fails: before anything is written, after all is, or half of it."""

    def __init__(self, store: ox.Store, at: int, how: str) -> None:
        super().__init__(store)
        self._left, self._how = at, how

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        listed = list(quads)
        self._write(partial(self._store.extend, listed), partial(super().extend, listed))

    def update(self, sparql: str) -> None:
        self._write(partial(self._store.update, sparql), partial(super().update, sparql))

    def _write(self, whole: Callable[[], None], torn: Callable[[], None]) -> None:
        self._left -= 1
        if self._left == 0 and self._how == "half":
            torn()
        elif self._left != 0 or self._how == "after":
            whole()
        if self._left == 0:
            raise OSError("IO error: the fault of a test")

    def between(self, steps: Iterable[Callable[[], None]]) -> None:
        next(iter(steps))()


def tear(store: Store) -> None:
    """Makes the writes of a store come in two parts."""
    store._open = Torn(store._store)  # type: ignore[assignment]


# --------------------------------------------------------------------------------------------------------------- checks


def state(store: Store) -> int:
    """A sum of all that a store holds, but for the journal, which tells the time: equal for equal content."""
    lines = (str(quad).encode() for quad in store.quads() if str(quad.graph_name) != f"<{JOURNAL}>")
    return sum(int.from_bytes(hashlib.blake2b(line, digest_size=16).digest()) for line in lines) % 2**128


def states(made: News) -> list[int]:
    """The states that a run passes through which nothing disturbs: before the first article, after each."""
    with Store() as store:
        outcomes = ingest(store, scan([str(made.articles)]), partial(ready, str(made.records)))
        return [state(store), *(state(store) for _ in outcomes)]


def complaint(place: Path, passed: list[int], told: int) -> str:
    """What is wrong with a store after a fault, if anything is: it must be in one of the states of an undisturbed run,
    with all that was reported."""
    if not place.exists():
        return f"{told} were reported, and there is no store" if told else ""
    try:
        with Store(place) as store:
            found = state(store)
    except KGError as error:
        return str(error)
    if found not in passed:
        return "something is in it by halves"
    return "" if passed.index(found) >= told else f"{told} were reported, and {passed.index(found)} are there"


def _main() -> None:
    intake: Any = import_module("kg.cli.intake")
    place, unsafe = Path(os.environ.get(_REPORT, os.devnull)), os.environ.get(_UNSAFE)
    settle, store = intake.settled, intake.Store
    intake.reader = ready
    intake.settled = lambda outcomes, visits: reporting(settle(outcomes, visits), place)
    if unsafe == "torn":
        intake.Store = partial(_torn, store)
    if unsafe == "hasty":
        intake.taken_in = partial(_hasty, intake.taken_in)
    intake.app()


def _torn(make: Callable[..., Store], *arguments: Any, **named: Any) -> Store:
    store = make(*arguments, **named)
    tear(store)
    return store


def _hasty(taken_in: Callable[..., Iterable[Outcome]], store: Store, *rest: Any) -> Iterator[Outcome]:
    """Tells of articles before they are in the store."""
    inputs, *others = rest
    listed = list(inputs)
    yield from (Known(item.source) for item in listed)
    yield from taken_in(store, listed, *others)


if __name__ == "__main__":
    # By its name, so that the processes of more jobs find what they are given.
    from tests import faults

    faults._main()
