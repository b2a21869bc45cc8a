"""Foreign bytes in a process that may die of them: what it costs, and what it does not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import cast

import psutil
import pytest

from kg.errors import ArticleError
from kg.read import Article, apart, scan
from kg.read.apart import replies
from kg.read.limits import LIMITS, Limits
from tests.newsroom import jsonl, numbered, page, record

ROOT = Path(__file__).parents[1]


def fresh() -> None:
    """No process waits from another test."""
    while apart._idle:
        apart._idle.popleft().end()


def process(limits: Limits = LIMITS) -> psutil.Process:
    """The one process that waits."""
    (waiting,) = apart._idle
    assert waiting.limits == limits
    return psutil.Process(waiting.pid)


def test_one_process_reads_one_file_after_another(tmp_path: Path) -> None:
    fresh()
    for number in range(3):
        (tmp_path / f"{number}.html").write_bytes(page(f"Day {number}", numbered(number)))
    list(scan([tmp_path / "0.html"]))
    first = process().pid
    assert len(list(scan([tmp_path]))) == 3
    assert process().pid == first


def test_text_needs_no_process(tmp_path: Path) -> None:
    fresh()
    (tmp_path / "a.txt").write_text(" ".join(numbered(1)), encoding="utf-8")
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n" + " ".join(numbered(2)), encoding="utf-8")
    assert [type(item) for item in scan([tmp_path])] == [Article, Article]
    assert not apart._idle


def test_a_part_that_takes_too_long_is_skipped_and_the_rest_goes_on(tmp_path: Path) -> None:
    fresh()
    slow = b"<p>" * 400_000
    parts = [record("https://post.example/0", page("Zero", numbered(0))), record("https://post.example/slow", slow)]
    (tmp_path / "a.warc.gz").write_bytes(b"".join([*parts, record("https://post.example/2", page("Two", numbered(2)))]))
    begin = time.monotonic()
    first, lost, last = scan([tmp_path], limits=Limits(seconds=1))
    assert time.monotonic() - begin < 15
    assert isinstance(first, Article)
    assert isinstance(lost, ArticleError)
    assert lost.reason == "took longer than 1 s to read"
    assert isinstance(last, Article)
    assert last.title == "Two"


def test_a_process_that_is_killed_costs_the_part_in_hand(tmp_path: Path) -> None:
    fresh()
    (tmp_path / "a.jsonl").write_bytes(jsonl(*({"text": " ".join(numbered(n)) * 40} for n in range(200))))
    found = []
    for item in scan([tmp_path]):
        found.append(item)
        if len(found) == 5:
            children = psutil.Process().children()
            os.kill(max(children, key=lambda child: child.create_time()).pid, signal.SIGKILL)
    lost = [item for item in found if isinstance(item, ArticleError)]
    assert len(found) == 200
    assert len(lost) <= 1
    assert all("died of it" in item.reason for item in lost)


def test_memory_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    fresh()
    (tmp_path / "a.jsonl").write_bytes(
        b'{"text": [' + b"[]," * 4_000_000 + b"[]]}\n" + jsonl({"text": page().decode()})
    )
    lost, after = scan([tmp_path], limits=Limits(memory=100_000_000))
    assert isinstance(lost, ArticleError)
    assert "memory" in lost.reason
    assert isinstance(after, Article)
    control, _ = scan([tmp_path])
    assert isinstance(control, ArticleError)
    assert "memory" not in control.reason, "the default limit is not met"


def test_a_process_writes_no_files_and_dumps_no_core(tmp_path: Path) -> None:
    fresh()
    (tmp_path / "a.html").write_bytes(page())
    list(scan([tmp_path]))
    assert process().rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert process().rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert process().rlimit(psutil.RLIMIT_AS)[0] < 4_000_000_000


def test_what_is_not_read_to_its_end_leaves_no_process(tmp_path: Path) -> None:
    fresh()
    (tmp_path / "a.jsonl").write_bytes(jsonl(*({"text": " ".join(numbered(n))} for n in range(20))))
    with closing(cast(Generator[object, None, None], scan([tmp_path]))) as items:
        next(items)
    assert not apart._idle


def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page())
    code = (
        "from kg import read; import psutil\n"
        f"count = len(list(read({str(tmp_path)!r})))\n"
        "print(count, *[child.pid for child in psutil.Process().children()], flush=True)\n"
        "import os; os.kill(os.getpid(), 9)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    count, child = map(int, done.stdout.split())
    assert count == 1
    deadline = time.monotonic() + 10
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_script_without_a_guard_can_read(tmp_path: Path) -> None:
    """Python's own way to start processes would run the script again."""
    (tmp_path / "a.html").write_bytes(page())
    script = tmp_path / "script.py"
    script.write_text("from kg import read\nprint([article.title for article in read('a.html')])", encoding="utf-8")
    (tmp_path / "json.py").write_text("raise SystemExit('a module of the folder')", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout.strip(), done.stderr) == ("['Envoys meet in the port']", "")


def test_an_unknown_request_is_an_error_and_kills_nothing() -> None:
    fresh()
    (reply,) = replies({"kind": "nonsense", "source": "x"})
    assert reply[0] == "error"
    assert process().is_running()


@pytest.mark.parametrize("size", [1, 70_000])
def test_an_article_comes_over_unchanged(tmp_path: Path, size: int) -> None:
    text = ("The envoys met “again” — \U0001f600 \u202e in the port. " * 5_000)[: max(size, 60)]
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}), encoding="utf-8")
    (item,) = scan([tmp_path])
    assert isinstance(item, Article), item
    assert item.text == text


def test_a_file_of_nothing_but_deaths_is_given_up_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh()
    monkeypatch.setattr(apart, "_PATIENCE", 2)
    slow = [record(f"https://post.example/{number}", b"<p>" * 400_000) for number in range(4)]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(slow))
    reasons = [item.reason for item in scan([tmp_path], limits=Limits(seconds=1)) if isinstance(item, ArticleError)]
    late = "took longer than 1 s to read"
    assert reasons == [late, late, "the rest was not read, since 2 parts of it could not be"]


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("kg.cli, kg.read", "trafilatura feedparser pypdf warcio httpcore protego spacy networkx oxrdflib py3langid"),
        ("kg.__main__", "kg.cli typer"),
    ],
)
def test_nothing_is_loaded_that_most_commands_and_processes_do_not_want(modules: str, unwanted: str) -> None:
    """It would take a second of every command, and memory of every process."""
    code = f"import sys; import {modules}; print(*({{*sys.argv[1:]}} & {{*sys.modules}}))"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *unwanted.split()]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == ""


def test_an_archive_is_a_stream(tmp_path: Path) -> None:
    """Fifty megabytes of pages need no more memory at their end than at their beginning."""
    fresh()
    others = {*psutil.Process().children()}
    padding = b"<script>" + b"x" * 250_000 + b"</script>"
    records = (record(f"https://post.example/{n}", page(f"Day {n}", numbered(n)) + padding) for n in range(200))
    (tmp_path / "a.warc.gz").write_bytes(b"".join(records))
    sizes = []
    for number, item in enumerate(scan([tmp_path])):
        assert isinstance(item, Article)
        if number in (20, 190):
            (child,) = {*psutil.Process().children()} - others
            sizes.append(child.memory_info().rss)
    assert sizes[1] - sizes[0] < 25_000_000
