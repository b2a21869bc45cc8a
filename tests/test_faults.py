"""Whatever ends a run, articles are whole, what was reported is there, and the next run goes on to the same end.

Each check has a control: it complains where a safeguard is taken away. The long form is `soak_faults`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import FaultError, StoreError
from kg.ingest import ingest
from kg.read import scan
from kg.store import Store
from tests.damage import disk, enlarge, preload
from tests.faults import Failing, News, complaint, killed, news, ready, reported, run, state, states, tear


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> News:
    """Two dozen articles."""
    return news(tmp_path_factory.mktemp("news"), 24)


@pytest.fixture(scope="module")
def passed(made: News) -> list[int]:
    """The states of a store while nothing disturbs the run."""
    return states(made)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> News:
    """As few articles as hold one that takes the place of another."""
    return news(tmp_path_factory.mktemp("few"), 6, seed=4)


def test_no_two_states_are_one(passed: list[int]) -> None:
    assert len(set(passed)) == 25


# ------------------------------------------------------------------------------------------------------------- kill -9


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_kill_9_the_next_run_goes_on_to_the_same_end(
    made: News, passed: list[int], tmp_path: Path, jobs: str
) -> None:
    place, report, chance = tmp_path / "kg", tmp_path / "report", Random(int(jobs))
    command = made.command(place, "--jobs", jobs)
    for _ in range(2):
        assert killed(command, report, chance.randrange(1, 9), chance.uniform(0, 0.1))
        assert not complaint(place, passed, len(reported(report)))
    assert run(command, report).returncode in (0, 1)
    assert len(reported(report)) == 24
    with Store(place) as store:
        assert state(store) == passed[-1]


@pytest.mark.parametrize(("unsafe", "words"), [("torn", "by halves"), ("hasty", "were reported, and")])
def test_control_a_run_without_safeguards_is_noticed(
    made: News, passed: list[int], tmp_path: Path, unsafe: str, words: str
) -> None:
    """Writes in two parts, and outcomes told before they are so."""
    chance = Random(0)
    for number in range(20):
        place, report = tmp_path / str(number), tmp_path / f"{number}.report"
        killed(made.command(place), report, 1, chance.uniform(0, 0.2), unsafe)
        if words in complaint(place, passed, len(reported(report))):
            return
    pytest.fail("no kill was noticed")


# ------------------------------------------------------------------------------------------------- the n-th write fails


def test_whichever_write_fails_nothing_is_lost(few: News, tmp_path: Path) -> None:
    passed = states(few)
    wrong = [
        (how, at, words)
        for how in ("before", "after")
        for at in range(1, len(passed))
        if (words := outcome(few, passed, tmp_path / f"{how}{at}", at, how))
    ]
    assert not wrong


def outcome(made: News, passed: list[int], place: Path, at: int, how: str) -> str:
    """What is wrong after a fault at a write, and after the run that follows it."""
    told: list[object] = []
    with pytest.raises(FaultError, match="the fault of a test"):
        fail(made, place, at, how, told)
    found = complaint(place, passed, len(told))
    if not found:
        with Store(place) as store:
            list(run_in(store, made))
            found = "" if state(store) == passed[-1] else "the next run does not come to the same end"
    return found


def fail(made: News, place: Path, at: int, how: str, told: list[object]) -> None:
    """A run of which a write fails; `told` are its outcomes until then."""
    with Store(place) as store:
        store._open = Failing(store._store, at, how)  # type: ignore[assignment]
        told.extend(run_in(store, made))


def run_in(store: Store, made: News) -> Iterator[object]:
    return ingest(store, scan([str(made.articles)]), partial(ready, str(made.records)))


def test_control_a_write_that_is_not_atomic_is_noticed(few: News, tmp_path: Path) -> None:
    passed = states(few)
    assert outcome(few, passed, tmp_path / "kg", 3, "half") == "something is in it by halves"


def test_a_call_of_the_system_that_fails_is_told(few: News, tmp_path: Path) -> None:
    """Some of all calls that write; `soak_faults` takes each."""
    passed, failing = states(few), preload(tmp_path)
    place, count = tmp_path / "kg", tmp_path / "count"
    around = {"LD_PRELOAD": str(failing), "FAULT_UNDER": str(place), "FAULT_COUNT": str(count)}
    assert run(few.command(place), tmp_path / "none", **around).returncode == 0
    last = int(count.read_text())
    for how, at in (("error", last - 20), ("torn", last // 2 + 4)):
        shutil.rmtree(place)
        report = tmp_path / f"{how}{at}"
        done = run(few.command(place), report, **around, FAULT_AT=str(at), FAULT_HOW=how)
        if how == "error":
            # It met the fault. What RocksDB writes for itself may fail in vain: then all is stored, and nothing said.
            assert int(count.read_text()) >= at
            assert (done.returncode, "cannot be" in done.stderr) in ((0, False), (2, True))
        else:
            assert done.returncode == -9
        assert "Traceback" not in done.stderr
        assert not complaint(place, passed, len(reported(report)))
        assert run(few.command(place), report).returncode in (0, 1)
        assert not complaint(place, passed, len(passed) - 1)


# ------------------------------------------------------------------------------------------------------------ full disk


def test_a_full_disk_is_told_read_and_filled_up_later(made: News, passed: list[int], tmp_path: Path) -> None:
    report, place = tmp_path / "report", tmp_path / "disk" / "kg"
    with disk(tmp_path / "disk", 2_000_000):
        done = run(made.command(place), report)
        assert done.returncode == 2
        assert done.stderr.count("the disk is full") == 1
        assert "Traceback" not in done.stderr
        told = len(reported(report))
        assert f"stored {told} " in " ".join(done.stdout.split())
        shown = CliRunner().invoke(app, ["stats", "--store", str(place), "--format", "csv"])
        assert shown.exit_code == (0 if told else 2)
        assert ("articles," in shown.stdout) == bool(told)
        enlarge(tmp_path / "disk", 100_000_000)
        assert not complaint(place, passed, told)
        assert run(made.command(place), report).returncode in (0, 1)
        assert not complaint(place, passed, len(passed) - 1)


def test_a_run_ends_at_the_first_fault(few: News) -> None:
    """One error, not one for each article that is left."""
    with Store() as store:
        store._open = Failing(store._store, 3, "before")  # type: ignore[assignment]
        outcomes = run_in(store, few)
        with pytest.raises(FaultError):
            list(outcomes)
        assert list(outcomes) == []


# ---------------------------------------------------------------------------------------------------------- two writers


def test_a_second_writer_refuses_before_it_reads_anything(few: News, tmp_path: Path) -> None:
    """It asks for the lock before it loads a model: a model that there is none of is not missed."""
    place = tmp_path / "kg"
    with Store(place):
        done = run([*few.command(place), "--model", "no_such_model"], tmp_path / "report")
    assert done.returncode == 2
    assert "another kg process holds the store" in done.stderr
    assert run([*few.command(place), "--model", "no_such_model"], tmp_path / "report").returncode != 0


def test_torn_writes_are_whole_if_nothing_ends_them(few: News) -> None:
    """The control differs from the store only in what comes between."""
    passed = states(few)
    with Store() as store:
        tear(store)
        list(run_in(store, few))
        assert state(store) == passed[-1]


def test_a_fault_is_a_store_error() -> None:
    assert issubclass(FaultError, StoreError)
