"""The scoreboard: what is measured beside what is asked for, as a table, as a file, and as floors that tests hold."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

_HERE = Path(__file__).parent
#: What is asked of each figure: edit it without Python.
BARS = _HERE / "bars.json"
#: What the quick slice must not fall below: `python -m tests.bench floors --pin`.
FLOORS = _HERE / "floors.json"
#: What was measured last.
BOARD = _HERE / "scoreboard.json"

#: Figures by yardstick.
Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked of a figure: `floor` is a simple baseline's, `published` the best known, `goal` ours, if any."""

    floor: float | None = None
    published: float | None = None
    goal: float | None = None
    better: str = "higher"

    def holds(self, measured: float, wanted: float) -> bool:
        """Whether the measured figure is as good as one that is wanted."""
        return measured <= wanted if self.better == "lower" else measured >= wanted

    def met(self, measured: float) -> str:
        """In a word, whether the goal is reached; empty where there is none."""
        return "" if self.goal is None else "yes" if self.holds(measured, self.goal) else "no"


def bars() -> dict[str, dict[str, Bar]]:
    """What is asked, by yardstick and figure, in the order of the table."""
    told = json.loads(BARS.read_text(encoding="utf-8"))
    return {name: {figure: Bar(**bar) for figure, bar in wanted.items()} for name, wanted in told.items()}


# -------------------------------------------------------------------------------------------------------------- printed

_CAPTION = "floor: subject, verb, object with 27 verbs · published: a model that is told which two actors to ask about"


def table(measured: Figures) -> Table:
    """All figures that bars.json speaks of and that were measured."""
    drawn = Table(title="Scoreboard", caption=_CAPTION)
    for column in ("yardstick", "figure", "measured", "floor/published", "goal", "met"):
        drawn.add_column(column, justify="right" if column in ("measured", "floor/published", "goal") else "left")
    for row in rows(measured):
        drawn.add_row(*row)
    return drawn


def rows(measured: Figures) -> Iterator[tuple[str, str, str, str, str, str]]:
    """The cells of the table; a yardstick is named in its first row."""
    for name, wanted in bars().items():
        found = measured.get(name, {})
        shown = [(figure, bar) for figure, bar in wanted.items() if figure in found]
        for number, (figure, bar) in enumerate(shown):
            sign = "≤ " if bar.better == "lower" and bar.goal is not None else ""
            known = " / ".join(_digits(value) for value in (bar.floor, bar.published) if value is not None)
            goal = sign + _digits(bar.goal)
            yield name * (number == 0), figure, _digits(found[figure]), known, goal, bar.met(found[figure])


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


# -------------------------------------------------------------------------------------------------------------- written


def asked(measured: Figures) -> dict[str, Any]:
    """Of all that was measured, the figures that bars.json speaks of."""
    wanted = bars()
    return {name: {key: found[key] for key in wanted[name] if key in found} for name, found in measured.items()}


def write(path: Path, value: Mapping[str, Any]) -> None:
    """As JSON, sorted: the same bytes for the same figures."""
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def keep(measured: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes to scoreboard.json what was measured; what was not, stays as it was."""
    write(BOARD, {**(_read(BOARD) if BOARD.exists() else {}), **measured})


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


# --------------------------------------------------------------------------------------------------------------- floors


def floors() -> dict[str, dict[str, float]]:
    """The pinned floors of the quick slice, by yardstick and figure."""
    return _read(FLOORS)


def pinned(measured: Figures) -> dict[str, dict[str, float]]:
    """Floors for what was measured: the figures that bars.json speaks of, to two digits on the safe side."""
    wanted = bars()
    return {
        name: {figure: _safe(value, wanted[name][figure]) for figure, value in found.items()}
        for name, found in asked(measured).items()
    }


def _safe(value: float, bar: Bar) -> float:
    """A figure in two digits, none better than it is; its four digits are first made whole, for 0.29 * 100 is not."""
    whole = round(value * 10_000) / 100
    return (math.ceil(whole) if bar.better == "lower" else math.floor(whole)) / 100


def fallen(measured: Figures, names: Iterable[str]) -> tuple[str, ...]:
    """What fell below its floor, a line each; of yardsticks that were measured."""
    wanted, held = bars(), floors()
    pairs = [(name, figure, floor) for name in names for figure, floor in sorted(held.get(name, {}).items())]
    return tuple(
        f"{name} {figure} {_digits(measured[name].get(figure, math.nan))}, floor {_digits(floor)}"
        for name, figure, floor in pairs
        if not wanted[name].get(figure, Bar()).holds(measured[name].get(figure, math.nan), floor)
    )
