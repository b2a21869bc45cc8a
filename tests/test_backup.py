"""Backups: what is restored is what was there; a damaged one is refused; nothing is overwritten or left half done."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from kg import backup as backup_
from kg.backup import Backup, backup, check, restore
from kg.cli import app
from kg.doctor import examine
from kg.errors import FaultError, StoreError
from kg.store import Store
from tests.damage import disk, preload
from tests.faults import ENVIRONMENT, ROOT, state
from tests.records import numbered, strike, talks


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store of six articles, with a journal and what others said."""
    with Store(tmp_path / "kg") as store:
        for number in range(3):
            store.add(numbered(talks(), number))
            store.add(numbered(strike(), number))
        foreign = ox.NamedNode("https://kg.example/foreign/1")
        store.keep([ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.Literal('é "\n', language="en"), foreign)])
    return tmp_path / "kg"


@pytest.fixture
def made(place: Path, tmp_path: Path) -> Path:
    with Store(place) as store:
        backup(store, tmp_path / "kg.nq.gz")
    return tmp_path / "kg.nq.gz"


def content(place: Path) -> list[str]:
    with Store(place) as store:
        return sorted(map(str, store.quads()))


def test_what_is_restored_is_what_was_there(place: Path, made: Path, tmp_path: Path) -> None:
    found = restore(made, tmp_path / "again")
    assert found == check(made) == Backup(6, len(content(place)), found.digest)
    assert content(tmp_path / "again") == content(place)
    assert examine(tmp_path / "again").sound
    with Store(tmp_path / "again") as store:
        assert not store.add(numbered(talks(), 0))
        assert store.add(numbered(talks(), 7))


def test_the_same_store_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    restore(made, tmp_path / "again")
    with Store(tmp_path / "again") as store:
        backup(store, tmp_path / "again.nq.gz")
    assert (tmp_path / "again.nq.gz").read_bytes() == made.read_bytes()


def test_any_rdf_tool_reads_it(place: Path, made: Path) -> None:
    quads = list(ox.parse(gzip.decompress(made.read_bytes()), format=ox.RdfFormat.N_QUADS))
    assert sorted(map(str, quads)) == content(place)


def test_a_store_in_memory_can_be_backed_up(tmp_path: Path) -> None:
    with Store() as store:
        store.add(talks())
        backup(store, tmp_path / "kg.nq.gz")
        restore(tmp_path / "kg.nq.gz", tmp_path / "kg")
        with Store(tmp_path / "kg") as again:
            assert state(again) == state(store)


def test_an_empty_store_can_be_backed_up(tmp_path: Path) -> None:
    with Store(tmp_path / "kg") as store:
        assert backup(store, tmp_path / "kg.nq.gz").quads == 0
    assert restore(tmp_path / "kg.nq.gz", tmp_path / "again").articles == 0


# ------------------------------------------------------------------------------------------------------ damaged backups


def harms(content: bytes) -> Iterator[bytes]:
    """A backup with a bit turned over, or cut."""
    chance = Random(0)
    for _ in range(60):
        at = chance.randrange(len(content))
        yield content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
        yield content[:at]


def refused(harmed: Path, into: Path) -> bool:
    try:
        restore(harmed, into)
    except StoreError as error:
        return "take another backup" in str(error) and not into.exists()
    return False


def test_a_damaged_backup_is_refused(place: Path, made: Path, tmp_path: Path) -> None:
    """Unless the damage is where gzip says nothing of the content: then all of it is restored."""
    harmed, into = tmp_path / "harmed.nq.gz", tmp_path / "into"
    passed = 0
    for harm in harms(made.read_bytes()):
        harmed.write_bytes(harm)
        if not refused(harmed, into):
            passed += 1
            assert content(into) == content(place)
            into.rename(tmp_path / f"passed{passed}")
    assert passed < 6
    assert not list(tmp_path.glob(".*.part"))


def test_content_that_was_changed_and_packed_again_is_refused(made: Path, tmp_path: Path) -> None:
    """gzip's own checksum holds; ours does not. So it is with lines that are lost, doubled, or put behind the end."""
    lines = gzip.decompress(made.read_bytes()).splitlines(keepends=True)
    changes: tuple[list[bytes], ...] = (
        [lines[0].replace(b"/", b"|", 1), *lines[1:]],
        lines[1:],
        [lines[0], *lines],
        [*lines, lines[0]],
        lines[:-1],
        [*lines[:-1], lines[-1].replace(b"6 articles", b"7 articles")],
        [],
    )
    wrong = []
    for number, changed in enumerate(changes):
        (tmp_path / "other.nq.gz").write_bytes(gzip.compress(b"".join(changed)))
        if not refused(tmp_path / "other.nq.gz", tmp_path / "into"):
            wrong.append(number)
    assert wrong == []


def test_control_without_its_checks_a_changed_backup_would_pass(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = gzip.decompress(made.read_bytes()).splitlines(keepends=True)
    (tmp_path / "other.nq.gz").write_bytes(gzip.compress(b"".join(lines[1:])))
    monkeypatch.setattr(backup_, "check", lambda source: Backup(6, len(lines) - 2, ""))
    monkeypatch.setattr(backup_, "_sealed", lambda store, write: Backup(6, len(lines) - 2, ""))
    assert not refused(tmp_path / "other.nq.gz", tmp_path / "into")


@pytest.mark.parametrize("name", ["kg", "notes.txt", "none.nq.gz"])
def test_what_is_no_backup_is_refused(place: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    assert refused(tmp_path / name, tmp_path / "into")


# --------------------------------------------------------------------------------------------------------------- places


def test_nothing_is_overwritten_unless_one_says_so(place: Path, made: Path, tmp_path: Path) -> None:
    with Store(place) as store:
        for out, reason in ((made, "--replace"), (tmp_path, "is a folder"), (place / "x.gz", "lies in the store")):
            with pytest.raises(StoreError, match=reason):
                backup(store, out)
        with pytest.raises(StoreError, match="there is no folder"):
            backup(store, tmp_path / "none" / "x.gz")
        (tmp_path / "link").symlink_to(made)
        os.mkfifo(tmp_path / "pipe")
        for name in ("link", "pipe"):
            with pytest.raises(StoreError, match="no file of its own"):
                backup(store, tmp_path / name, replace=True)
        store.add(numbered(talks(), 9))
        assert backup(store, made, replace=True).articles == 7
    with pytest.raises(StoreError, match="--replace"):
        restore(made, place)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "x.txt").touch()
    with pytest.raises(StoreError, match="folder of other files"):
        restore(made, tmp_path / "notes", replace=True)


def test_a_store_that_is_replaced_is_kept_beside(place: Path, made: Path) -> None:
    with Store(place) as store:
        store.add(numbered(talks(), 9))
    later = content(place)
    restore(made, place, replace=True)
    assert len(content(place)) < len(later)
    assert content(place.with_name("kg.replaced")) == later
    with pytest.raises(StoreError, match=r"kg\.replaced: is there already"):
        restore(made, place, replace=True)


def test_a_store_in_use_is_not_replaced(place: Path, made: Path) -> None:
    asked = [sys.executable, "-m", "kg", "restore", str(made), "--store", str(place), "--replace"]
    with Store(place):
        done = subprocess.run(asked, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "another kg process holds the store" in done.stderr
    assert not place.with_name("kg.replaced").exists()


def test_a_full_disk_leaves_nothing_half_done(place: Path, made: Path, tmp_path: Path) -> None:
    with disk(tmp_path / "small", 8_192):
        with pytest.raises(FaultError, match="the disk is full"), Store(place) as store:
            backup(store, tmp_path / "small" / "kg.nq.gz")
        with pytest.raises(FaultError, match="the disk is full"):
            restore(made, tmp_path / "small" / "kg")
        assert list((tmp_path / "small").iterdir()) == []


def test_a_backup_or_restore_that_is_killed_takes_no_name(place: Path, made: Path, tmp_path: Path) -> None:
    """At some of the calls that write: the file or the store is not there, or all of it is."""
    failing, whole = preload(tmp_path), content(place)
    for command in ("backup", "restore"):
        (tmp_path / command).mkdir()
        target = tmp_path / command / "it"
        names = [str(target), "--store", str(place)] if command == "backup" else [str(made), "--store", str(target)]
        count = tmp_path / "count"
        around = {"LD_PRELOAD": str(failing), "FAULT_UNDER": str(target.parent), "FAULT_COUNT": str(count)}
        asked = [sys.executable, "-m", "kg", command, *names]
        subprocess.run(asked, cwd=ROOT, env=ENVIRONMENT | around, check=True)
        last = int(count.read_text())
        for at in (last - 1, last):
            target.rename(tmp_path / f"{command}{at}") if target.exists() else None
            fault = {"FAULT_AT": str(at), "FAULT_HOW": "torn"}
            subprocess.run(asked, cwd=ROOT, env=ENVIRONMENT | around | fault, check=False)
            if target.exists():
                assert (check(target).quads if command == "backup" else len(content(target))) == len(whole)


# -------------------------------------------------------------------------------------------------------------- command


def test_the_commands_say_what_they_did(place: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "b.nq.gz")
    done = CliRunner().invoke(app, ["backup", file, "--store", str(place)])
    assert (done.exit_code, done.stdout.startswith("6 articles, ")) == (0, True)
    assert CliRunner().invoke(app, ["backup", file, "--store", str(place)]).exit_code == 2
    done = CliRunner().invoke(app, ["restore", file, "--store", str(tmp_path / "new")])
    assert (done.exit_code, done.stdout.startswith("6 articles, ")) == (0, True)
    assert CliRunner().invoke(app, ["restore", file, "--store", str(tmp_path / "new")]).exit_code == 2
