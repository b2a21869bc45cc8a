"""Measures kg: how fast it reads, how well, and what it gets wrong.

examples:
  python -m tests.bench                         speed, then every yardstick: one table (this is `make bench`)
  python -m tests.bench speed                   how long ingest takes beside the bare spaCy pipeline
  python -m tests.bench speed --articles 60 tests/bench/article.txt
  python -m tests.bench scores                  every yardstick whose data lies in ../shared
  python -m tests.bench scores articles re3d    two of them
  python -m tests.bench floors                  the quick slice beside its pinned floors, as the tests check them
  python -m tests.bench floors --pin            pin the floors to what is measured now

What is asked of each figure stands in tests/bench/bars.json, what was measured last in tests/bench/scoreboard.json.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.bench import scoreboard, speed
from tests.bench.shared import folder

ABSENT = "no ../shared beside the checkout: the yardsticks are skipped"
_CONSOLE = Console(highlight=False)

#: argparse checks choices wrongly where none is given, so names are checked below.
KNOWN = tuple(name for name in scoreboard.bars() if name != "speed")

Figures = dict[str, dict[str, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for; 1 where a floor is not held."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.yardsticks) - set(KNOWN)):
        parser.error(f"no yardstick {', '.join(unknown)}: choose of {', '.join(KNOWN)}")
    code: int = asked.run(asked)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(run=_all, files=[speed.ARTICLE], articles=300, yardsticks=[])
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    timing = commands.add_parser("speed", help="time ingest against the bare spaCy pipeline")
    timing.add_argument("files", nargs="*", type=Path, default=[speed.ARTICLE], metavar="FILE.txt")
    timing.add_argument("--articles", type=int, default=300, help="how many texts to make of the files (300)")
    timing.set_defaults(run=_speed)
    scores = commands.add_parser("scores", help="score the yardsticks")
    scores.add_argument("yardsticks", nargs="*", metavar="YARDSTICK", help=f"all, or some of: {', '.join(KNOWN)}")
    scores.set_defaults(run=_scores)
    floors = commands.add_parser("floors", help="score the quick slice, and hold it to its floors or pin them")
    floors.add_argument("--pin", action="store_true", help="write what is measured now to tests/bench/floors.json")
    floors.set_defaults(run=_floors)
    return parser


# ------------------------------------------------------------------------------------------------------------- commands


def _all(asked: argparse.Namespace) -> int:
    _show({"speed": _timed(asked)} | _measured(asked.yardsticks))
    return 0


def _speed(asked: argparse.Namespace) -> int:
    _show({"speed": _timed(asked)})
    return 0


def _scores(asked: argparse.Namespace) -> int:
    found = _measured(asked.yardsticks)
    if found:
        _show(found)
    return 0


def _floors(asked: argparse.Namespace) -> int:
    found = _sliced()
    if not found:
        return 0
    if asked.pin:
        scoreboard.write(scoreboard.FLOORS, scoreboard.pinned(found))
        _say(f"pinned the floors of {', '.join(sorted(found))}")
        return 0
    fallen = scoreboard.fallen(found, found)
    for line in fallen or ("every floor holds",):
        _say(line)
    return 1 if fallen else 0


# ------------------------------------------------------------------------------------------------------------ measuring


def _timed(asked: argparse.Namespace) -> dict[str, float]:
    """The ratio, and on the way the seconds; it must come first, for cores are chosen before numpy is loaded."""
    speed.one_core()
    found = speed.measure(asked.files, asked.articles)
    for line in found.lines():
        _say(line)
    return {"ratio": round(found.ratio, 4)}


def _measured(names: Sequence[str]) -> Figures:
    """The figures of the yardsticks, all that are there unless some are named; kept in scoreboard.json."""
    shared = folder()
    if shared is None:
        _say(ABSENT)
        return {}
    from kg import pipeline
    from tests.bench import yardsticks

    reader, found = pipeline(), Figures()
    for name in _wanted(names, shared):
        found[name] = yardsticks.measure(name, shared / yardsticks.DATA[name], reader).figures
    scoreboard.keep(_asked(found))
    return found


def _wanted(names: Sequence[str], shared: Path) -> list[str]:
    """The yardsticks that are asked for and there; of the others a line each."""
    from tests.bench import yardsticks

    there = yardsticks.present(shared)
    for name in names or yardsticks.DATA:
        if name not in there:
            _say(f"no data of {name} in ../shared: skipped")
    return [name for name in there if not names or name in names]


def _asked(measured: Figures) -> Mapping[str, Any]:
    """Of all that the scorers count, the figures that bars.json speaks of."""
    bars = scoreboard.bars()
    return {name: {key: found[key] for key in bars[name] if key in found} for name, found in measured.items()}


def _sliced() -> Figures:
    """The figures of the quick slice."""
    shared = folder()
    if shared is None:
        _say(ABSENT)
        return {}
    from kg import pipeline
    from tests.bench import yardsticks

    reader, found = pipeline(), Figures()
    with tempfile.TemporaryDirectory() as cuts:
        for name in yardsticks.present(shared):
            if name in yardsticks.SLICE:
                data = yardsticks.cut(name, shared / yardsticks.DATA[name], Path(cuts))
                found[name] = yardsticks.measure(name, data, reader).figures
    return found


def _show(measured: Figures) -> None:
    _CONSOLE.print(scoreboard.table(measured))


def _say(line: str) -> None:
    _CONSOLE.print(line, markup=False, soft_wrap=True)


if __name__ == "__main__":
    raise SystemExit(main())
