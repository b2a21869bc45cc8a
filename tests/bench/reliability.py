"""Whether kg is right as often as it says: the confidence of its claims beside the share that gold confirms.

A claim is right if the scorer of the articles pairs it with gold: a relation by its ends, its predicate and whether it
may be asserted, an event by its trigger and class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from tests.bench.verdicts import MISSED, RIGHT, Verdict

KINDS = ("event", "relation")
#: Above so many distinct values, a bin holds those of a tenth.
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of like confidence: how many, their mean confidence, and the share of them that is right."""

    count: int
    confidence: float
    right: float


def judged(verdicts: Iterable[Verdict]) -> dict[str, list[tuple[float, bool]]]:
    """(confidence, whether right) of each event and relation in the records."""
    found: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in KINDS}
    for verdict in verdicts:
        if verdict.kind in KINDS and verdict.outcome != MISSED and verdict.confidence is not None:
            found[verdict.kind].append((verdict.confidence, verdict.outcome == RIGHT))
    return found


def curve(claims: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """The bins of claims, from the least confident up: a bin a value, or ten of one width where there are more."""
    pairs = sorted(claims)
    few = len({confidence for confidence, _ in pairs}) <= BINS
    bins: dict[float, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in pairs:
        bins[confidence if few else min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return tuple(_bin(members) for members in bins.values())


def _bin(members: list[tuple[float, bool]]) -> Bin:
    count = len(members)
    mean, share = sum(one for one, _ in members) / count, sum(right for _, right in members) / count
    return Bin(count, round(mean, 4), round(share, 4))


def calibration_error(bins: Iterable[Bin]) -> float:
    """The expected calibration error: how far confidence and share right lie apart, over all claims."""
    told = list(bins)
    total = sum(one.count for one in told)
    return round(sum(one.count * abs(one.confidence - one.right) for one in told) / total, 4) if total else 0.0


def curves(verdicts: Iterable[Verdict]) -> dict[str, dict[str, Any]]:
    """The curve and its error for each kind of claim, and for all, as JSON holds them."""
    found = judged(verdicts)
    found["all"] = [claim for kind in KINDS for claim in found[kind]]
    drawn = {kind: curve(claims) for kind, claims in found.items()}
    return {
        kind: {"bins": [asdict(one) for one in bins], "calibration_error": calibration_error(bins)}
        for kind, bins in drawn.items()
    }


def table(curves: dict[str, dict[str, Any]]) -> Table:
    """The curves, and below each its error."""
    drawn = Table(title="Reliability", caption="right: paired with gold by the scorer of the articles")
    for column in ("claims", "bin", "n", "mean confidence", "share right", "gap"):
        drawn.add_column(column, justify="left" if column == "claims" else "right")
    for kind, told in curves.items():
        for number, one in enumerate(told["bins"], 1):
            gap = f"{one['right'] - one['confidence']:+.2f}"
            cells = (f"{number}", f"{one['count']}", f"{one['confidence']:.2f}", f"{one['right']:.2f}", gap)
            drawn.add_row(kind * (number == 1), *cells)
        count = sum(one["count"] for one in told["bins"])
        error = f"{told['calibration_error']:.4f}"
        drawn.add_row("", "all", f"{count}", "calibration error", "", error, end_section=True)
    return drawn
