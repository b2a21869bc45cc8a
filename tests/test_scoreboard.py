"""The scoreboard: the floors of the quick slice are held, and what is printed and written says what was measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kg.extract import Pipeline
from tests.bench import __main__ as bench
from tests.bench import errors, reliability, scoreboard, yardsticks
from tests.bench.reliability import Bin
from tests.bench.scoreboard import Bar
from tests.bench.shared import scorer
from tests.bench.verdicts import MISSED, RIGHT, WRONG, Verdict, verdicts

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session", params=sorted(yardsticks.SLICE))
def sliced(
    request: pytest.FixtureRequest, shared: Path, reader: Pipeline, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, yardsticks.Score]:
    """A yardstick, the data of its quick slice, and what kg scores there."""
    name = request.param
    if name not in yardsticks.present(shared):
        pytest.skip(f"no data of {name} beside the checkout")
    data = yardsticks.cut(name, shared / yardsticks.DATA[name], tmp_path_factory.mktemp("slice"))
    return name, data, yardsticks.measure(name, data, reader)


# --------------------------------------------------------------------------------------------------------------- floors


def test_no_figure_falls_below_its_floor(sliced: tuple[str, Path, yardsticks.Score]) -> None:
    name, _, score = sliced
    assert not scoreboard.fallen({name: score.figures}, [name])


def test_every_slice_has_floors_for_all_that_is_asked_of_it() -> None:
    held, asked = scoreboard.floors(), scoreboard.bars()
    assert {name: sorted(held[name]) for name in held} == {name: sorted(asked[name]) for name in yardsticks.SLICE}


def test_the_split_to_report_on_is_neither_sliced_nor_pinned() -> None:
    assert yardsticks.UNSEEN not in yardsticks.SLICE
    assert yardsticks.UNSEEN not in scoreboard.floors()


def test_floors_are_pinned_on_the_safe_side() -> None:
    found = {"articles": {"relation_f1": 0.7199, "role_f1": 0.29, "forbidden": 1, "unheard_of": 0.5}}
    assert scoreboard.pinned(found) == {"articles": {"relation_f1": 0.71, "role_f1": 0.29, "forbidden": 1}}


def test_what_falls_is_named_and_so_is_what_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"articles": {"relation_f1": 0.71, "role_f1": 0.5, "forbidden": 0.0}}
    monkeypatch.setattr(scoreboard, "floors", lambda: held)
    assert scoreboard.fallen({"articles": {"relation_f1": 0.71, "role_f1": 0.4999, "forbidden": 1}}, ["articles"]) == (
        "articles forbidden 1, floor 0",
        "articles role_f1 0.4999, floor 0.5",
    )
    assert len(scoreboard.fallen({"articles": {}}, ["articles"])) == 3


# ---------------------------------------------------------------------------------------------------------- the figures


def test_the_figures_of_a_scorer_have_one_kind_of_name() -> None:
    result = {
        "relation": {"precision": 0.5, "recall": 0.25, "f1": 0.33333, "hit": 1},
        "root macro-F1": 0.41,
        "speaker accuracy": None,
        "per type": {"AlliesOf": {"f1": 1.0}},
        "labels": ["ACCUSE"],
        "headline": {"b3_f1": 0.6, "qualifiers": None},
    }
    assert yardsticks.figures(result) == {
        "b3_f1": 0.6,
        "relation_f1": 0.3333,
        "relation_precision": 0.5,
        "relation_recall": 0.25,
        "root_macro_f1": 0.41,
    }


def test_all_that_is_asked_is_measured(sliced: tuple[str, Path, yardsticks.Score]) -> None:
    name, _, score = sliced
    assert set(scoreboard.bars()[name]) <= set(score.figures)


@pytest.mark.parametrize(
    ("bar", "measured", "met"),
    [(Bar(goal=0.5), 0.5, "yes"), (Bar(goal=0.5), 0.49, "no"), (Bar(floor=0.5), 0.6, ""),
     (Bar(goal=1.5, better="lower"), 1.5, "yes"), (Bar(goal=0, better="lower"), 1, "no")],
)  # fmt: skip
def test_whether_a_goal_is_met_is_said_in_a_word(bar: Bar, measured: float, met: str) -> None:
    assert bar.met(measured) == met


def test_the_table_has_a_row_for_each_figure_that_is_asked_and_measured() -> None:
    rows = list(scoreboard.rows({"plover": {"root_macro_f1": 0.5, "unheard_of": 1}, "speed": {"ratio": 1.25}}))
    assert rows == [
        ("speed", "ratio", "1.25", "", "≤ 1.25", "yes"),
        ("plover", "root_macro_f1", "0.5", "0.341 / 0.809", "0.8", "no"),
    ]


def test_the_board_is_the_same_bytes_for_the_same_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoreboard, "BOARD", tmp_path / "scoreboard.json")
    scoreboard.keep({"re3d": {"entity_f1": 0.6}, "articles": {"role_f1": 0.5, "event_f1": 0.7}})
    first = scoreboard.BOARD.read_bytes()
    scoreboard.keep({"articles": {"event_f1": 0.7, "role_f1": 0.5}})
    assert scoreboard.BOARD.read_bytes() == first
    assert list(json.loads(first)) == ["articles", "re3d"]


# ------------------------------------------------------------------------------------------------- verdicts and errors


#: Kinds of verdicts, and what the scorers call them.
COUNTED = {
    "articles": {"relation": "relation", "event": "event"},
    "re3d": {"relation": "relation", "entity": "entity"},
    "meantime": {"mention": "mention", "event": "event"},
}


def test_verdicts_are_as_many_as_the_scorers_count(sliced: tuple[str, Path, yardsticks.Score]) -> None:
    name, data, score = sliced
    told = Counter((verdict.kind, verdict.outcome) for verdict in verdicts(name, data, score.records))
    result = scorer("score").SCORES[name](str(data), score.records)
    for kind, called in COUNTED.get(name, {}).items():
        counts = result[called]
        assert told[kind, RIGHT] == counts["hit"]
        assert told[kind, RIGHT] + told[kind, WRONG] == counts["predicted"]
        assert told[kind, RIGHT] + told[kind, MISSED] == counts["gold"]
    if name == "articles":
        assert told["role", RIGHT] == result["role"]["hit"]
    if name == "meantime":
        assert told["participant", RIGHT] == result["participant"]["hit"]
        assert told["factuality", RIGHT] + told["factuality", WRONG] == told["event", RIGHT]
    if name == "plover-dev":
        assert round(told["code", RIGHT] / result["rows"], 4) == result["accuracy"]


def test_nobody_looks_at_the_errors_of_the_split_to_report_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError):
        verdicts(yardsticks.UNSEEN, ROOT, {})
    with pytest.raises(SystemExit):
        bench.main(["errors", yardsticks.UNSEEN])
    assert "nobody looks at its errors" in capsys.readouterr().err


def test_the_report_of_errors_stays_where_git_does_not_see_it(capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("errors.md", "build/../errors.md", "tests/bench/errors.md"):
        with pytest.raises(SystemExit):
            bench.main(["errors", "--out", str(ROOT / path)])
        assert "stays under build/" in capsys.readouterr().err
    assert "build/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


FALSE = [
    Verdict("event", RIGHT, "Demand", "right"),
    *(Verdict("event", MISSED, "Threat", f"missed {number} <s>now</s>") for number in range(7)),
    *(Verdict("event", WRONG, "Visit", "made up") for _ in range(7)),
]


def test_causes_are_ranked_by_what_they_cost() -> None:
    missed, wrong = errors.causes("articles", FALSE)
    assert (missed.outcome, missed.count, len(missed.examples)) == (MISSED, 7, errors.EXAMPLES)
    assert missed.gain == round(16 / 23 - 2 / 16, 4)
    assert wrong.gain == round(2 / 9 - 2 / 16, 4)


def test_the_report_has_the_ranking_on_top_and_shows_marks_as_words() -> None:
    told = errors.report({"articles": errors.causes("articles", FALSE)})
    assert told.startswith("# What to mend next")
    assert "| 1 | 0.571 | 7 | articles | event missed | Threat |" in told
    assert "  - missed 4 &lt;s>now&lt;/s>" in told
    assert "missed 5" not in told


# ---------------------------------------------------------------------------------------------------------- reliability


def test_a_curve_has_a_bin_a_value_where_they_are_few() -> None:
    claims = [(0.9, True), (0.5, False), (0.9, False), (0.5, True), (0.9, True), (0.9, True)]
    curve = reliability.curve(claims)
    assert curve == (Bin(2, 0.5, 0.5), Bin(4, 0.9, 0.75))
    assert reliability.calibration_error(curve) == 0.1


def test_a_curve_has_ten_bins_where_values_are_many() -> None:
    curve = reliability.curve([(number / 100, True) for number in range(101)])
    assert [one.count for one in curve] == [10] * 9 + [11]
    assert reliability.calibration_error(curve) == 0.5


def test_a_curve_of_nothing_is_empty() -> None:
    assert reliability.curves([])["all"] == {"bins": [], "calibration_error": 0.0}


def test_what_is_missed_has_no_confidence_to_judge() -> None:
    told = [Verdict("event", RIGHT, "", "", 0.9), Verdict("event", MISSED, "", ""), Verdict("role", WRONG, "", "", 0.9)]
    assert reliability.judged(told) == {"event": [(0.9, True)], "relation": []}


# ----------------------------------------------------------------------------------------------------- the command line


def test_help_teaches_by_examples() -> None:
    command = [sys.executable, "-m", "tests.bench", "--help"]
    help = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for word in ("speed", "scores", "reliability", "errors", "floors"):
        assert f"python -m tests.bench {word}" in help


def test_without_the_shared_folder_it_says_so_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "folder", lambda: None)
    for command in ("scores", "reliability", "errors", "floors"):
        assert bench.main([command]) == 0
        assert capsys.readouterr().out.strip() == bench.ABSENT


def test_an_unknown_yardstick_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["scores", "metre"])
    assert "no yardstick metre" in capsys.readouterr().err
