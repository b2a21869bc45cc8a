"""The long form of `test_faults` and `test_doctor`, with figures. Run by `make soak`.

200 kills of runs over 300 articles by one and two jobs, and some of `kg ingest` as it is; a fault at each call that
writes; 20 sizes of disks; 200 damages; the memory of a run over 5,000 articles.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
import pytest

from kg.backup import backup, restore
from kg.doctor import examine
from kg.namespaces import ARTICLE, JOURNAL
from kg.store import Store
from tests.corpus import tellings
from tests.damage import copied, damage, disk, enlarge, preload
from tests.faults import (
    ENVIRONMENT,
    ROOT,
    News,
    complaint,
    killed,
    news,
    reported,
    run,
    states,
)
from tests.newsroom import jsonl
from tests.test_doctor import end
from tests.test_doctor import stores as stores
from tests.test_doctor import whole as whole


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> News:
    return news(tmp_path_factory.mktemp("news"), 300)


@pytest.fixture(scope="module")
def passed(made: News) -> list[int]:
    return states(made)


# -------------------------------------------------------------------------------------------------------------- kill -9


@pytest.mark.parametrize(("jobs", "kills"), [("1", 100), ("2", 100)])
def test_200_kills(made: News, passed: list[int], tmp_path: Path, jobs: str, kills: int) -> None:
    chance, done, rounds, places = Random(int(jobs)), 0, 0, list[int]()
    while done < kills:
        place, report = tmp_path / f"kg{rounds}", tmp_path / f"report{rounds}"
        command = made.command(place, "--jobs", jobs)
        # One in ten while it starts, before anything new is told.
        while done < kills and killed(
            command, report, chance.randrange(1, 30) * (chance.random() > 0.1), chance.uniform(0, 0.2)
        ):
            done += 1
            assert not complaint(place, passed, len(reported(report))), (rounds, done)
            places.append(len(reported(report)))
        assert run(command, report).returncode in (0, 1)
        assert len(reported(report)) == 300
        assert not complaint(place, passed, 300)
        rounds += 1
    print(f"\n{jobs} jobs: {done} kills in {rounds} stores, at {min(places)} to {max(places)} articles", flush=True)


# ------------------------------------------------------------------------------------------- kill -9, with the model


def graphs(store: Path) -> dict[str, set[str]]:
    """All that a store holds by graph, but for the journal."""
    with Store(store) as opened:
        return {name: set(map(str, opened.quads(name))) for name in opened.graphs() if name != JOURNAL}


def real(made: News, place: Path, jobs: str) -> list[str]:
    return [sys.executable, "-m", "kg", "ingest", str(made.articles), "--store", str(place), "--jobs", jobs]


@pytest.fixture(scope="module")
def undisturbed(made: News, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    place = tmp_path_factory.mktemp("undisturbed") / "kg"
    subprocess.run(real(made, place, "1"), cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True)
    return graphs(place)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_kills_of_the_command_with_its_model(
    made: News, undisturbed: dict[str, set[str]], tmp_path: Path, jobs: str
) -> None:
    """Ten kills of the real thing, with all its processes, from the loading of the model on."""
    chance, kills, seen = Random(int(jobs)), 0, list[int]()
    while kills < 10:
        place = tmp_path / f"kg{kills}"
        for _ in range(4):
            kills += stopped(real(made, place, jobs), chance.uniform(2, 15))
            if place.exists():
                there = {name: quads for name, quads in graphs(place).items() if name.startswith(ARTICLE)}
                wrong = [name for name in there if name in undisturbed and there[name] != undisturbed[name]]
                assert not wrong
                seen.append(len(there))
        subprocess.run(real(made, place, jobs), cwd=ROOT, env=ENVIRONMENT, check=False, capture_output=True)
        assert graphs(place) == undisturbed
    print(f"\n{jobs} jobs, with the model: {kills} kills, at {seen} articles", flush=True)


def stopped(command: list[str], seconds: float) -> bool:
    """Runs a command with all its processes for so many seconds; False where it ended before."""
    null = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=null, stderr=null, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
    return False


# ------------------------------------------------------------------------------------------ each call that writes fails


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> News:
    """As few articles as hold one that takes the place of another."""
    return news(tmp_path_factory.mktemp("few"), 6, seed=4)


@pytest.mark.parametrize("how", ["error", "torn"])
def test_a_fault_at_each_call_that_writes(few: News, tmp_path: Path, how: str) -> None:
    """Of opening a new store, of writing and of closing: it fails, or is half done when the process is killed."""
    passed, failing = states(few), preload(tmp_path)
    place, count = tmp_path / "kg", tmp_path / "count"
    around = {"LD_PRELOAD": str(failing), "FAULT_UNDER": str(place), "FAULT_COUNT": str(count)}
    around["FAULT_HOW"] = how
    assert run(few.command(place), tmp_path / "none", **around).returncode == 0
    last, ends = int(count.read_text()), Counter[int]()
    for at in range(1, last + 1):
        shutil.rmtree(place, ignore_errors=True)
        report = tmp_path / f"report{at}"
        done = run(few.command(place), report, **around, FAULT_AT=str(at))
        ends[done.returncode] += 1
        assert done.returncode in ((-signal.SIGKILL, 0) if how == "torn" else (0, 2)), (at, done.stderr)
        assert "Traceback" not in done.stderr, (at, done.stderr)
        assert not complaint(place, passed, len(reported(report))), at
        assert run(few.command(place), report).returncode in (0, 1), at
        assert not complaint(place, passed, len(passed) - 1), at
    print(f"\n{how}: {last} calls that write; the run ended with {dict(ends)}", flush=True)


# ------------------------------------------------------------------------------------------------------------ full disk


def test_20_sizes_of_disks(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    made = news(tmp_path_factory.mktemp("news"), 60)
    passed, found = states(made), list[tuple[int, int]]()
    for number in range(20):
        size, report = 200_000 + 550_000 * number, tmp_path / f"report{number}"
        place = tmp_path / "disk" / "kg"
        with disk(tmp_path / "disk", size):
            done = run(made.command(place), report)
            told = len(reported(report))
            found.append((size, told))
            assert "Traceback" not in done.stderr
            if told < 60 or done.returncode == 2:
                assert done.returncode == 2
                assert done.stderr.count("the disk is full") == 1, done.stderr
            read = [sys.executable, "-m", "kg", "stats", "--store", str(place)]
            shown = subprocess.run(read, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
            assert (shown.returncode == 0) == bool(told), shown.stderr
            enlarge(tmp_path / "disk", 200_000_000)
            assert not complaint(place, passed, told)
            assert run(made.command(place), report).returncode in (0, 1)
            assert not complaint(place, passed, 60)
    print("\nbytes of the disk, articles stored:", *found, flush=True)
    assert sum(told < 60 for _, told in found) >= 15


# ---------------------------------------------------------------------------------------------------------- two writers


def test_the_second_writer_refuses_in_time(few: News, tmp_path: Path) -> None:
    """With the model that it never comes to load."""
    place, took = tmp_path / "kg", list[float]()
    with Store(place):
        for _ in range(5):
            begin = time.monotonic()
            done = subprocess.run(
                real(few, place, "2"), cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
            )
            took.append(time.monotonic() - begin)
            assert done.returncode == 2
            assert "another kg process holds the store" in done.stderr
    print("\nseconds until the second writer refuses:", *(f"{seconds:.2f}" for seconds in took), flush=True)


# --------------------------------------------------------------------------------------------------------------- damage


def test_200_damages(stores: dict[str, Path], whole: int, tmp_path: Path) -> None:
    with Store(copied(stores["closed"], tmp_path / "good")) as store:
        backup(store, tmp_path / "kg.nq.gz")
    chance, ends = Random(7), Counter[str]()
    for number in range(200):
        place = copied(stores["closed" if number % 2 else "killed"], tmp_path / "kg")
        what = damage(place, chance)
        sound, became = examine(place).sound, end(place, whole)
        ends[f"{became}, doctor: {'sound' if sound else 'damaged'}"] += 1
        assert became in ("told", "whole"), (what, became)
        assert became == "whole" or not sound, what
        if became == "told" and number % 10 == 0:
            restore(tmp_path / "kg.nq.gz", place, replace=True)
            assert end(place, whole) == "whole"
            shutil.rmtree(tmp_path / "kg.replaced")
    print("\n200 damages:", dict(ends), flush=True)


# --------------------------------------------------------------------------------------------------------------- memory


def test_memory_over_5_000_articles(tmp_path: Path) -> None:
    """Of `kg ingest` with its model; the caches fill up in the first half, and what comes then may not add much."""
    rows = (telling.record for telling in tellings(5_000))
    keys = ("text", "published", "url", "title", "outlet")
    (tmp_path / "news.jsonl").write_bytes(jsonl(*({key: getattr(one, key) for key in keys} for one in rows)))
    made = News(tmp_path / "news.jsonl", tmp_path / "none")
    sizes = list(watched(real(made, tmp_path / "kg", "1")))
    with Store(tmp_path / "kg") as store:
        print(f"\nMB of {len(store.there())} articles, every 20 s:", *(size >> 20 for size in sizes), flush=True)
    assert max(sizes[len(sizes) // 2 :]) < 1.25 * max(sizes[: len(sizes) // 2])


def watched(command: list[str]) -> Iterator[int]:
    """The bytes that a command has in memory, from time to time."""
    null = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=null, stderr=null) as process:
        while process.poll() is None:
            yield psutil.Process(process.pid).memory_info().rss
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                continue
        assert process.returncode in (0, 1)
