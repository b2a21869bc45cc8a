"""How sure claims are, measured: the share right of each kind of claim, into ontology/confidence.json.

The articles are read with a mark of its own for each kind of claim in the place of its confidence, so that the verdicts
on the records tell the kind. A share is drawn towards that of its family as by so many claims of the family (PRIOR): a
kind that was met twice is not sure. Open propositions are judged on the sentences of tests/propositions.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kg import ontology
from kg.extract import confidence
from tests.bench.reliability import KINDS, calibration_error, curve
from tests.bench.verdicts import MISSED, RIGHT, Verdict
from tests.test_propositions import Tally

#: How many claims of its family a kind is mixed with.
PRIOR = 10

#: (right, all) by kind of claim.
Counts = dict[str, tuple[int, int]]


class Marks(dict[str, float]):
    """A number of its own for each kind of claim that is asked for, in the place of its share."""

    def __missing__(self, kind: str) -> float:
        mark = self[kind] = (len(self) + 1) / 10_000
        return mark

    def kind(self, mark: float) -> str | None:
        """The kind of a marked claim; None for a confidence that is no mark."""
        return next((kind for kind, one in self.items() if one == mark), None)


def spoken(sentences: Iterable[Tally]) -> Counts:
    """Of open propositions on sentences of our own: how many are right with all that is said of them."""
    told = list(sentences)
    return {"open": (sum(one.whole for one in told), sum(one.predicted for one in told))}


def counts(verdicts: Iterable[Verdict], marks: Marks) -> Counts:
    """How many claims of each kind there are, and how many of them are right."""
    right, every = Counter[str](), Counter[str]()
    for verdict in verdicts:
        if verdict.kind in KINDS and verdict.outcome != MISSED and verdict.confidence is not None:
            kind = marks.kind(verdict.confidence)
            if kind is not None:
                every[kind] += 1
                right[kind] += verdict.outcome == RIGHT
    return {kind: (right[kind], every[kind]) for kind in sorted(every)}


def shares(found: Counts) -> dict[str, float]:
    """The share right of each family and of each kind, drawn towards its family."""
    families: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, (right, every) in found.items():
        families[kind.partition(".")[0]].update(right=right, every=every)
    told = {family: count["right"] / count["every"] for family, count in families.items()}
    for kind, (right, every) in found.items():
        family = told[kind.partition(".")[0]]
        if kind not in told:
            told[kind] = (right + PRIOR * family) / (every + PRIOR)
    return {kind: round(share, 2) for kind, share in sorted(told.items())}


def write(told: Mapping[str, float]) -> None:
    """Writes the shares to the ontology."""
    path = ontology.path("kg.ttl").with_name(confidence.FILE)
    path.write_text(json.dumps(dict(told), indent=2) + "\n", encoding="utf-8")


def held_out(by_article: Mapping[str, list[Verdict]], marks: Marks) -> float:
    """The calibration error where each article is judged by the shares of the others."""
    claims: list[tuple[float, bool]] = []
    for name, verdicts in by_article.items():
        others = (verdict for other, some in by_article.items() if other != name for verdict in some)
        told = shares(counts(others, marks))
        for verdict in verdicts:
            kind = marks.kind(verdict.confidence or 0)
            if kind is not None and verdict.kind in KINDS and verdict.outcome != MISSED:
                claims.append((confidence.Measured(told)[kind], verdict.outcome == RIGHT))
    return calibration_error(curve(claims))
