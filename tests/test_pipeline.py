"""The whole pipeline in processes of its own: any number of jobs gives the same bytes, also after an interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.ingest import Skipped as Skipped_
from kg.ingest import Stored, Tally
from kg.read import Gauge, scan, size
from kg.report import follow
from tests.newsroom import jsonl, letter, numbered, page, record

ROOT = Path(__file__).parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
SEEDS = sorted((ROOT / "seeds").iterdir())


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all kinds of files: seeds, and some that are no articles."""
    folder = tmp_path_factory.mktemp("in")
    for path in SEEDS:
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    told = "Russia and Ukraine held talks in Geneva on {day} March 2026, mediated by the United States, without a deal."
    rows = [{"text": told.format(day=day), "published": f"2026-03-{day:02}"} for day in range(1, 25)]
    (folder / "rows.jsonl").write_bytes(jsonl(*rows, {"text": ""}))
    (folder / "page.html").write_bytes(page())
    (folder / "letter.eml").write_bytes(letter())
    pages = [record(f"https://post.example/{n}", page(f"Day {n}", numbered(n))) for n in range(6)]
    (folder / "pages.warc.gz").write_bytes(b"".join(pages))
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 no")
    return folder


def command(articles: Path, store: Path, jobs: int) -> list[str]:
    return [sys.executable, "-m", "kg", "ingest", str(articles), "--store", str(store), "--jobs", str(jobs), "--json"]


def dump(store: Path) -> bytes:
    export = [sys.executable, "-m", "kg", "export", "--store", str(store), "--format", "nquads"]
    return subprocess.run(export, env=ENVIRONMENT, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def undisturbed(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, object]]:
    """What one job gives, and its summary."""
    store = tmp_path_factory.mktemp("one") / "kg.store"
    done = subprocess.run(command(articles, store, 1), env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return dump(store), json.loads(done.stdout)


def test_two_jobs_give_the_bytes_of_one(
    articles: Path, undisturbed: tuple[bytes, dict[str, object]], tmp_path: Path
) -> None:
    done = subprocess.run(command(articles, tmp_path / "s", 2), env=ENVIRONMENT, capture_output=True, check=False)
    bytes_, summary = undisturbed
    found = json.loads(done.stdout)
    timed = ("seconds", "articles_per_second")
    assert {k: v for k, v in found.items() if k not in timed} == {k: v for k, v in summary.items() if k not in timed}
    assert dump(tmp_path / "s") == bytes_
    assert bytes_.count(b"\n") > 3_000


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_keeps_what_is_stored_and_the_next_goes_on(
    articles: Path, undisturbed: tuple[bytes, dict[str, object]], tmp_path: Path, end: signal.Signals
) -> None:
    store = tmp_path / "s"
    process = subprocess.Popen(
        command(articles, store, 2),
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not _grown(store) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    # A terminal sends Control-C to all processes of its foreground; systemd and docker stop end the one they started.
    os.killpg(process.pid, end) if end is signal.SIGINT else process.send_signal(end)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert b"the same command goes on from there" in said
    assert b"Traceback" not in said
    again = subprocess.run(command(articles, store, 2), env=ENVIRONMENT, capture_output=True, check=False)
    found, summary = json.loads(again.stdout), undisturbed[1]
    assert found["stored"] + found["known"] == summary["stored"]
    assert dump(store) == undisturbed[0]


def _grown(store: Path) -> bool:
    """Whether anything has been written: the log of the store grows with each article."""
    return store.is_dir() and any(path.suffix == ".log" and path.stat().st_size > 0 for path in store.iterdir())


def test_the_bar_ends_where_the_bytes_do(articles: Path) -> None:
    gauge = Gauge(size([articles]))
    seen = []
    for _ in scan([articles], gauge=gauge):
        seen.append(gauge.done)
    assert gauge.done == gauge.total > 0
    assert seen == sorted(seen)
    assert len(set(seen)) > 5


def test_a_tally_is_kept_while_the_bar_moves() -> None:
    outcomes = (Stored("a", 3, 1), Skipped_("b", "empty"), Stored("c", 2, 2))
    tally = Tally()
    follow(outcomes, Gauge(100, 50), tally)
    assert (tally.read, tally.stored, tally.claims, len(tally.skipped)) == (3, 2, 5, 1)
