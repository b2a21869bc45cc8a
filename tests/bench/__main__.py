"""Measures kg: how fast it reads, how well, and what it gets wrong.

examples:
  python -m tests.bench                         the whole performance book (this is `make bench`), in half an hour
  python -m tests.bench board                   speed, then every yardstick: one table
  python -m tests.bench speed                   how long ingest takes beside the bare spaCy pipeline
  python -m tests.bench speed --articles 60 tests/bench/article.txt
  python -m tests.bench scores                  every yardstick whose data lies in ../shared
  python -m tests.bench scores articles re3d    two of them
  python -m tests.bench merging                 many articles into one graph: cost as they grow, and how well
  python -m tests.bench merging 300 1000        the same at sizes of your own
  python -m tests.bench growing                 one article after the other into a store on disk, as it grows
  python -m tests.bench growing 1000 100000 --store build/large    an hour or two; the store stays, and is gone on with
  python -m tests.bench page                    how soon the page of 2,000 nodes can be used, in a headless browser
  python -m tests.bench serve                   how fast kg serve answers, on 2,000 generated articles
  python -m tests.bench serve 10000             the same on as many as you like
  python -m tests.bench stages                  where the time of ingest goes, stage by stage
  python -m tests.bench peers                   what others make of the same texts, and how fast
  python -m tests.bench engines                 the questions put to rdflib, oxrdflib and kg: a million quads
  python -m tests.bench engines 300             the same on a tenth, in 4 minutes
  python -m tests.bench pictures                pictures of the pages for the README, into docs/
  python -m tests.bench reliability             is kg right as often as its confidence says?
  python -m tests.bench calibrate               measure how sure each kind of claim is, into ontology/confidence.json
  python -m tests.bench errors                  what it gets wrong, by cause, into build/errors.md: what to mend next
  python -m tests.bench errors re3d --out build/re3d.md
  python -m tests.bench floors                  the quick slice beside its pinned floors, as the tests check them
  python -m tests.bench floors --pin            pin the floors to what is measured now

What is asked of each figure stands in tests/bench/bars.json, what was measured last in tests/bench/scoreboard.json (but
for the speed, which no two runs share). Of the yardstick `plover` only figures are shown: nobody looks at its errors.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from tests.bench import (
    calibration,
    engines,
    errors,
    growing,
    merging,
    page,
    peers,
    pictures,
    reliability,
    scoreboard,
    serve,
    speed,
    stages,
)
from tests.bench.shared import folder
from tests.bench.verdicts import Verdict, verdicts
from tests.bench.yardsticks import DATA, SLICE, UNSEEN, Score, cut, measure, present

if TYPE_CHECKING:
    from kg.extract import Pipeline

Figures = dict[str, dict[str, float]]

#: The commands of the performance book: reading beside spaCy and how well, by stage, beside others; then the graph as
#: it grows, its pages, and its answers beside those of other stores (on a tenth of a million quads: minutes).
CHAPTERS = (("board",), ("stages",), ("peers",), ("merging",), ("growing",), ("page",), ("serve",), ("engines", "300"))

ABSENT = "no ../shared beside the checkout: the yardsticks are skipped"

#: Tables are as wide as they must be, also in a file.
_CONSOLE = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for; 1 where a floor is not held."""
    asked = _parser().parse_args(arguments)
    code: int = asked.run(asked)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(run=_book)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    board = commands.add_parser("board", help="speed and every yardstick in one table")
    board.set_defaults(run=_board, files=[speed.ARTICLE], articles=300)
    timing = commands.add_parser("speed", help="time ingest against the bare spaCy pipeline")
    timing.add_argument("files", nargs="*", type=Path, default=[speed.ARTICLE], metavar="FILE.txt")
    timing.add_argument("--articles", type=int, default=300, help="how many texts to make of the files (300)")
    timing.set_defaults(run=_speed)
    scores = commands.add_parser("scores", help="score the yardsticks")
    scores.add_argument("yardsticks", nargs="*", type=_known, metavar="YARDSTICK", help=f"all, or of {', '.join(DATA)}")
    scores.set_defaults(run=_scores)
    joined = commands.add_parser("merging", help="what it costs to merge many articles, and how well they are")
    joined.add_argument(
        "sizes", nargs="*", type=int, default=merging.SIZES, metavar="ARTICLES", help="(1000 3000 10000)"
    )
    joined.set_defaults(run=_merging)
    grown = commands.add_parser("growing", help="what it costs to add articles one by one, as a store grows")
    grown.add_argument(
        "sizes", nargs="*", type=int, default=growing.SIZES, metavar="ARTICLES", help="(1000 3000 10000)"
    )
    grown.add_argument("--store", type=Path, help="keep the store there, or go on with the one that is there")
    grown.set_defaults(run=_growing)
    commands.add_parser("page", help="how soon a large page can be used").set_defaults(run=_page)
    taken = commands.add_parser("pictures", help="pictures of the pages for the README, into docs/")
    taken.set_defaults(run=_pictures)
    served = commands.add_parser("serve", help="how fast kg serve answers on generated articles")
    served.add_argument("size", nargs="?", type=int, default=serve.ARTICLES, metavar="ARTICLES", help="(2000)")
    served.add_argument("--store", type=Path, help="keep the store there, or take the one that is there")
    served.set_defaults(run=_serve)
    commands.add_parser("stages", help="where the time of ingest goes").set_defaults(run=_stages)
    commands.add_parser("peers", help="what others make of the same texts, and how fast").set_defaults(run=_peers)
    asked = commands.add_parser("engines", help="the questions asked of rdflib, oxrdflib and kg, on a million quads")
    asked.add_argument("size", nargs="?", type=int, default=engines.ARTICLES, metavar="ARTICLES", help="(2720)")
    asked.add_argument("--store", type=Path, help="keep the store there, or take the one that is there")
    asked.set_defaults(run=_engines)
    commands.add_parser("reliability", help="confidence beside the share that is right").set_defaults(run=_reliability)
    commands.add_parser("calibrate", help="measure how sure each kind of claim is").set_defaults(run=_calibrate)
    wrong = commands.add_parser("errors", help="what is missed and wrong, by cause")
    wrong.add_argument("yardsticks", nargs="*", type=_looked_at, metavar="YARDSTICK", help=f"all but {UNSEEN}, or some")
    wrong.add_argument("--out", type=_unseen_by_git, default=errors.REPORT, help="file below build/ (build/errors.md)")
    wrong.set_defaults(run=_errors)
    floors = commands.add_parser("floors", help="score the quick slice, and hold it to its floors or pin them")
    floors.add_argument("--pin", action="store_true", help="write what is measured now to tests/bench/floors.json")
    floors.set_defaults(run=_floors)
    return parser


def _known(name: str) -> str:
    if name not in DATA:
        raise argparse.ArgumentTypeError(f"no yardstick {name}: choose of {', '.join(DATA)}")
    return name


def _looked_at(name: str) -> str:
    """A yardstick whose errors may be looked at."""
    if name == UNSEEN:
        raise argparse.ArgumentTypeError(f"{name} is the split to report on: nobody looks at its errors")
    return _known(name)


def _unseen_by_git(path: str) -> Path:
    if not errors.is_safe(Path(path)):
        raise argparse.ArgumentTypeError(f"{path}: the report quotes third parties, so it stays under build/")
    return Path(path)


# ------------------------------------------------------------------------------------------------------------- commands


def _book(_: argparse.Namespace) -> int:
    """Each chapter in a process of its own, so that none leaves memory, cores or warm caches to the next."""
    codes = []
    for words in CHAPTERS:
        _CONSOLE.rule(" ".join(words))
        codes.append(subprocess.run([sys.executable, "-m", "tests.bench", *words]).returncode)
    return max(codes)


def _board(asked: argparse.Namespace) -> int:
    timed = {"speed": _timed(asked)}
    found = _scored(())
    _print(scoreboard.table(timed | _figures(found)))
    return _rest(found)


def _speed(asked: argparse.Namespace) -> int:
    _print(scoreboard.table({"speed": _timed(asked)}))
    return 0


def _scores(asked: argparse.Namespace) -> int:
    if found := _scored(asked.yardsticks):
        _print(scoreboard.table(_figures(found)))
    return _rest(found)


def _page(asked: argparse.Namespace) -> int:
    _print(_row("The page of a large graph", page.COLUMNS, page.measure().cells()))
    return 0


def _row(title: str, columns: Sequence[str], cells: Iterable[str]) -> Table:
    table = Table(*columns, title=title, box=None)
    table.add_row(*cells)
    return table


def _merging(asked: argparse.Namespace) -> int:
    """Merges generated articles, more and more, then real ones that people linked."""
    table = Table(title="Merging generated articles", box=None)
    for column in merging.COLUMNS:
        table.add_column(column, no_wrap=True)
    for size in asked.sizes:
        table.add_row(*merging.growth(size).cells())
    _print(table)
    shared = _shared()
    if shared is not None and "meantime" in present(shared):
        figures = merging.crossdoc(shared / DATA["meantime"], _reader())
        linked = Table("figure", "measured", title="MEANTIME: entities and events linked across articles")
        for name, value in figures.items():
            linked.add_row(name, f"{value:.4f}")
        _print(linked)
    return 0


def _growing(asked: argparse.Namespace) -> int:
    """Adds generated articles to a store, one by one; a line for each size, as soon as it is reached."""
    _say("  ".join(growing.COLUMNS))
    for row in growing.grown(asked.sizes, asked.store):
        _say("  ".join(cell.rjust(len(name)) for cell, name in zip(row.cells(), growing.COLUMNS, strict=True)))
    return 0


def _pictures(asked: argparse.Namespace) -> int:
    for path in pictures.take(Path("docs")):
        _say(f"{path}: {path.stat().st_size // 1024} KB")
    return 0


def _serve(asked: argparse.Namespace) -> int:
    _print(serve.table(asked.size, asked.store))
    return 0


def _stages(_: argparse.Namespace) -> int:
    table = Table("stage", "ms an article", title="Where the time of ingest goes, on one core", box=None)
    for name, value in stages.measure():
        table.add_row(name, f"{value:.2f}")
    _print(table)
    return 0


def _peers(_: argparse.Namespace) -> int:
    table = Table("who", "ms an article", "claims an article", title="The same texts", box=None)
    for name, spent, found in peers.measure():
        table.add_row(name, f"{spent:.1f}", f"{found:.1f}")
    _print(table)
    return 0


def _engines(asked: argparse.Namespace) -> int:
    _print(engines.table(asked.size, asked.store))
    return 0


def _rest(found: Mapping[str, Score]) -> int:
    """What follows the table: the curve, and all of it in scoreboard.json."""
    curves = _curves(found)
    if found:
        scoreboard.keep(scoreboard.asked(_figures(found)) | curves)
    for told in curves.values():
        _print(reliability.table(told))
    return 0


def _reliability(asked: argparse.Namespace) -> int:
    for told in _curves(_scored(("articles",))).values():
        _print(reliability.table(told))
    return 0


def _calibrate(asked: argparse.Namespace) -> int:
    """Reads the articles with marks for confidence, and writes the share right of each kind."""
    shared = _shared()
    if shared is None:
        return 0
    from tests.test_propositions import SENTENCES, readings, tallies

    data, reader = shared / DATA["articles"], _reader()
    own = tallies(readings(reader, SENTENCES))["all"]
    reader.shares = marks = calibration.Marks()
    records = measure("articles", data, reader).records
    judged = {name: list(verdicts("articles", data, {name: record})) for name, record in records.items()}
    counted = calibration.counts((one for some in judged.values() for one in some), marks) | calibration.spoken((own,))
    told = calibration.shares(counted)
    calibration.write(told)
    for kind, share in told.items():
        right, every = counted.get(kind, (0, 0))
        _say(f"{kind:24}{share:6.2f}" + (f"  {right} of {every}" if every else ""))
    _say(f"calibration error, each article by the others: {calibration.held_out(judged, marks):.4f}")
    return 0


def _errors(asked: argparse.Namespace) -> int:
    found = _scored(asked.yardsticks or tuple(SLICE))
    if found:
        told = {name: errors.causes(name, _verdicts(name, score)) for name, score in found.items()}
        errors.write(asked.out, errors.report(told))
        count = sum(cause.count for causes in told.values() for cause in causes)
        _say(f"{count} errors by cause: {os.path.relpath(asked.out)}")
    return 0


def _floors(asked: argparse.Namespace) -> int:
    found = _figures(_sliced())
    if found and asked.pin:
        scoreboard.write(scoreboard.FLOORS, scoreboard.floors() | scoreboard.pinned(found))
        _say(f"pinned the floors of {', '.join(sorted(found))}")
    elif found:
        fallen = scoreboard.fallen(found, found)
        for line in fallen or ("every floor holds",):
            _say(line)
        return 1 if fallen else 0
    return 0


# ------------------------------------------------------------------------------------------------------------ measuring


def _timed(asked: argparse.Namespace) -> dict[str, float]:
    """The ratio, and on the way the seconds; it must come first, for cores are chosen before numpy is loaded."""
    speed.one_core()
    found = speed.measure(asked.files, asked.articles)
    for line in found.lines():
        _say(line)
    return {"ratio": round(found.ratio, 4)}


def _scored(names: Sequence[str]) -> dict[str, Score]:
    """The scores of the yardsticks, of all that are there unless some are named."""
    shared = _shared()
    wanted = _wanted(names, shared) if shared else []
    if shared is None or not wanted:
        return {}
    reader = _reader()
    return {name: measure(name, shared / DATA[name], reader) for name in wanted}


def _sliced() -> dict[str, Score]:
    """The scores on the quick slice."""
    shared = _shared()
    if shared is None:
        return {}
    reader = _reader()
    with tempfile.TemporaryDirectory() as cuts:
        data = {name: cut(name, shared / DATA[name], Path(cuts)) for name in _wanted(tuple(SLICE), shared)}
        return {name: measure(name, place, reader) for name, place in data.items()}


def _reader() -> Pipeline:
    from kg import pipeline

    return pipeline()


def _shared() -> Path | None:
    """The folder of third-party data; that it is absent is said in a line."""
    found = folder()
    if found is None:
        _say(ABSENT)
    return found


def _wanted(names: Sequence[str], shared: Path) -> list[str]:
    """The yardsticks that are asked for and there, in the order of DATA; of those that are not there a line each."""
    there, asked = present(shared), [name for name in DATA if not names or name in names]
    for name in asked:
        if name not in there:
            _say(f"no data of {name} in ../shared: skipped")
    return [name for name in asked if name in there]


def _figures(found: Mapping[str, Score]) -> Figures:
    return {name: score.figures for name, score in found.items()}


def _curves(found: Mapping[str, Score]) -> dict[str, dict[str, Any]]:
    """The reliability curve, where the articles were scored."""
    score = found.get("articles")
    return {} if score is None else {"reliability": reliability.curves(_verdicts("articles", score))}


def _verdicts(name: str, score: Score) -> Iterator[Verdict]:
    shared = folder()
    assert shared is not None, "what was scored is there"
    return verdicts(name, shared / DATA[name], score.records)


def _print(table: Table) -> None:
    _CONSOLE.print(table)


def _say(line: str) -> None:
    _CONSOLE.print(line, markup=False, soft_wrap=True)


if __name__ == "__main__":
    raise SystemExit(main())
