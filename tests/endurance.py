"""What becomes of hostile files: each is read, and what is an article is extracted and stored, under the clock."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from kg.extract import Pipeline
from kg.ingest import Known, Outcome, Skipped, Tally, ingest
from kg.read import apart, scan
from kg.store import Store
from tests.hostile import File

#: Seconds of computing for one file, bytes for one process.
LONGEST, LARGEST = 20.0, 1_500_000_000
#: A store of many hostile files compares each with the others; that is not what is measured here.
_FRESH = 200


@dataclass(frozen=True, slots=True)
class End:
    """What became of a file, and in how many seconds of computing."""

    name: str
    outcomes: tuple[Outcome, ...]
    seconds: float

    def __str__(self) -> str:
        reasons = {outcome.reason for outcome in self.outcomes if isinstance(outcome, Skipped)}
        said = ascii(sorted(reasons)[:2])[:150]
        return f"{self.seconds:6.1f} s  {ascii(self.name)[:60]:<62} {len(self.outcomes)} {said}"


def ends(files: Iterable[File], folder: Path, reader: Pipeline) -> list[End]:
    """The end of each file."""
    found: list[End] = []
    store = Store()
    for number, (name, content) in enumerate(files):
        store = store if number % _FRESH else Store()
        path = folder / name
        path.write_bytes(content)
        begin = computed()
        outcomes = tuple(ingest(store, scan([path]), lambda: reader))
        found.append(End(name, outcomes, computed() - begin))
        path.unlink()
    return found


def computed() -> float:
    """Seconds of computing of this process and of those that it started, dead or waiting: the same however busy the
    machine is, and on a quiet one what the clock shows."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    waiting = (psutil.Process(process.pid).cpu_times() for process in apart._idle)
    return time.process_time() + gone.ru_utime + gone.ru_stime + sum(float(t.user + t.system) for t in waiting)


def failures(found: Iterable[End]) -> list[str]:
    """The files that did not end as they should: none at all, without a reason, or too late."""
    return [str(end) for end in found if not end.outcomes or not all(map(_told, end.outcomes)) or end.seconds > LONGEST]


def _told(outcome: Outcome) -> bool:
    return bool(outcome.reason.strip()) if isinstance(outcome, Skipped) else bool(outcome.source)


def tally(found: Iterable[End]) -> Tally:
    """All outcomes in numbers; those of a file that other files repeat are known or skipped, and never lost."""
    total = Tally()
    for end in found:
        for outcome in end.outcomes:
            total.add(outcome)
    return total


def adds_up(found: list[End]) -> bool:
    """Whether each outcome was counted once."""
    total = tally(found)
    known = sum(isinstance(outcome, Known) for end in found for outcome in end.outcomes)
    return total.read == sum(len(end.outcomes) for end in found) and known == total.known


def largest() -> int:
    """The most bytes that this process or one that it started has had in memory; those that wait are ended first."""
    while apart._idle:
        apart._idle.popleft().end()
    kilobytes = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return kilobytes * 1024
