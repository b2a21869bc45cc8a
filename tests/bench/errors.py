"""What kg gets wrong, by cause: what to mend next, and sentences to look at.

The sentences are third parties': the report stays under build/, which git does not see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.shared import ROOT
from tests.bench.verdicts import RIGHT, Verdict

BUILD = ROOT / "build"
REPORT = BUILD / "errors.md"
#: How many causes the table on top ranks, and how many examples a cause shows.
RANKED, EXAMPLES = 40, 5


@dataclass(frozen=True, slots=True)
class Cause:
    """One way of going wrong: how often, out of how many of its kind, with the first examples."""

    yardstick: str
    kind: str
    outcome: str
    label: str
    count: int
    share: float
    examples: tuple[str, ...]


def causes(yardstick: str, verdicts: Iterable[Verdict]) -> tuple[Cause, ...]:
    """The causes of a yardstick's errors, the commonest first; `share` is of all errors of the kind."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    total: dict[str, int] = defaultdict(int)
    for verdict in verdicts:
        if verdict.outcome != RIGHT:
            found[verdict.kind, verdict.outcome, verdict.label].append(verdict.example)
            total[verdict.kind] += 1
    made = (
        Cause(yardstick, *key, len(examples), len(examples) / total[key[0]], tuple(examples[:EXAMPLES]))
        for key, examples in found.items()
    )
    return tuple(sorted(made, key=_rank))


def _rank(cause: Cause) -> tuple[int, str, str, str, str]:
    return -cause.count, cause.yardstick, cause.kind, cause.outcome, cause.label


def report(found: Mapping[str, tuple[Cause, ...]]) -> str:
    """The report in Markdown: the ranking over all yardsticks, then every cause with its examples."""
    return "\n".join(line for part in (_top(found), *(_section(*item) for item in found.items())) for line in part)


def _top(found: Mapping[str, tuple[Cause, ...]]) -> Iterator[str]:
    ranked = sorted((cause for told in found.values() for cause in told), key=_rank)
    yield "# What to mend next\n"
    yield "Missed: gold alone has it; wrong: kg alone has it, or otherwise. The share is of all errors of the kind.\n"
    yield "| rank | n | share | yardstick | what | cause |"
    yield "|---:|---:|---:|---|---|---|"
    for rank, cause in enumerate(ranked[:RANKED], 1):
        what = f"{cause.kind} {cause.outcome}"
        yield f"| {rank} | {cause.count} | {cause.share:.0%} | {cause.yardstick} | {what} | {_cell(cause.label)} |"
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
