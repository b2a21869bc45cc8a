"""What kg gets wrong, by cause: what to mend next, and sentences to look at.

The sentences are third parties': the report stays under build/, which git does not see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.shared import ROOT
from tests.bench.verdicts import MISSED, RIGHT, Verdict

BUILD = ROOT / "build"
REPORT = BUILD / "errors.md"
#: How many causes the table on top ranks, and how many examples a cause shows.
RANKED, EXAMPLES = 40, 5


@dataclass(frozen=True, slots=True)
class Cause:
    """One way of going wrong: how often, with the first examples, and what F1 its kind would gain were it mended."""

    yardstick: str
    kind: str
    outcome: str
    label: str
    count: int
    gain: float
    examples: tuple[str, ...]


def causes(yardstick: str, verdicts: Iterable[Verdict]) -> tuple[Cause, ...]:
    """The causes of a yardstick's errors, those first that cost most."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    right, errors = Counter[str](), Counter[str]()
    for verdict in verdicts:
        if verdict.outcome == RIGHT:
            right[verdict.kind] += 1
        else:
            errors[verdict.kind] += 1
            found[verdict.kind, verdict.outcome, verdict.label].append(verdict.example)
    made = (
        Cause(yardstick, *key, len(examples), _gain(key, len(examples), right, errors), tuple(examples[:EXAMPLES]))
        for key, examples in found.items()
    )
    return tuple(sorted(made, key=_rank))


def _gain(key: tuple[str, str, str], count: int, right: Counter[str], errors: Counter[str]) -> float:
    """How much the F1 of a kind would rise: what is missed, or has the wrong value, would be right; what is made up
    would only be gone. F1 is 2h/(2h + missed + wrong)."""
    kind, outcome, label = key
    h, e = right[kind], errors[kind]
    mended = h + count if outcome == MISSED or " → " in label or kind in _ONE_VALUE else h
    return round(_f1(mended, e - count) - _f1(h, e), 4)


#: Kinds of which each found event has one, right or wrong.
_ONE_VALUE = ("speaker", "event time")


def _f1(right: int, errors: int) -> float:
    return 2 * right / (2 * right + errors) if right else 0.0


def _rank(cause: Cause) -> tuple[float, int, str, str, str, str]:
    return -cause.gain, -cause.count, cause.yardstick, cause.kind, cause.outcome, cause.label


def report(found: Mapping[str, tuple[Cause, ...]]) -> str:
    """The report in Markdown: the ranking over all yardsticks, then every cause with its examples."""
    return "\n".join(line for part in (_top(found), *(_section(*item) for item in found.items())) for line in part)


def _top(found: Mapping[str, tuple[Cause, ...]]) -> Iterator[str]:
    ranked = sorted((cause for told in found.values() for cause in told), key=_rank)
    yield "# What to mend next\n"
    yield "Missed: gold alone has it; wrong: kg alone has it, or otherwise. Gain: what F1 of its kind were it mended.\n"
    yield "| rank | gain | n | yardstick | what | cause |"
    yield "|---:|---:|---:|---|---|---|"
    for rank, cause in enumerate(ranked[:RANKED], 1):
        what = f"{cause.kind} {cause.outcome}"
        yield f"| {rank} | {cause.gain:.3f} | {cause.count} | {cause.yardstick} | {what} | {_cell(cause.label)} |"
    yield ""


def _section(yardstick: str, told: tuple[Cause, ...]) -> Iterator[str]:
    yield f"## {yardstick}\n"
    for kind in sorted({cause.kind for cause in told}):
        of_kind = [cause for cause in told if cause.kind == kind]
        yield f"### {kind}: {sum(cause.count for cause in of_kind)} errors\n"
        for cause in of_kind:
            yield f"- **{cause.count}** {cause.outcome}: {_plain(cause.label)}"
            yield from (f"  - {_plain(example)}" for example in cause.examples)
        yield ""


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: the marks of the two actors look like tags."""
    return " ".join(text.split()).replace("<", "&lt;")


def is_safe(path: Path) -> bool:
    """Whether a file lies under build/, where git does not see it."""
    return path.resolve().is_relative_to(BUILD.resolve())


def write(path: Path, text: str) -> None:
    """Writes the report to a safe place."""
    assert is_safe(path), "third-party sentences stay under build/"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
