"""Damaged stores: a clean error or all that was there, never silently less; `kg doctor` changes nothing."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from rdflib import RDF, URIRef
from typer.testing import CliRunner

from kg import doctor, ledger
from kg.cli import app
from kg.clusters import Judgement, Verdict
from kg.doctor import examine, mend
from kg.errors import FaultError, KGError, StoreError
from kg.namespaces import ARTICLE, KG, NAME, WORLD
from kg.store import Store
from tests.damage import copied, damage
from tests.faults import ENVIRONMENT, ROOT, state
from tests.records import numbered, strike, talks

A = f"{ARTICLE}00000000000000aa"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A store that was closed, and the files of one whose process was killed: half of it is only in the log."""
    folder = tmp_path_factory.mktemp("stores")
    done = subprocess.run([sys.executable, "-c", WRITER, folder / "killed"], cwd=ROOT, env=ENVIRONMENT, check=False)
    assert done.returncode == -signal.SIGKILL
    Store(copied(folder / "killed", folder / "closed")).close()
    return {name: folder / name for name in ("closed", "killed")}


WRITER = """
import os, signal, sys
from kg.store import Store
from tests.records import numbered, strike, talks
store = Store(sys.argv[1])
for number in range(12):
    store.add(numbered(talks(), number))
    store.add(numbered(strike(), number))
    if number == 5:
        store._store.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def whole(stores: dict[str, Path]) -> int:
    """The state of both."""
    with Store(stores["closed"], read_only=True) as closed, Store(stores["killed"], read_only=True) as killed:
        assert state(closed) == state(killed)
        return state(closed)


def files(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["closed", "killed"])
def test_a_sound_store_is_sound_and_left_as_it_is(stores: dict[str, Path], name: str) -> None:
    before = files(stores[name])
    found = examine(stores[name])
    assert found.sound, found
    assert "24 articles, 0 decisions of people, 24 in the ledger" in str(found)
    assert files(stores[name]) == before


# --------------------------------------------------------------------------------------------------------------- damage


def end(place: Path, whole: int) -> str:
    """What becomes of a store when it is opened and read: an error, all of it, or less without a word."""
    try:
        with Store(place) as store:
            return "whole" if state(store) == whole else "LESS"
    except KGError as error:
        return "told" if str(place) in str(error) else f"NOT SAID OF WHAT: {error}"


def test_damage_is_told_and_never_taken_for_less(stores: dict[str, Path], whole: int, tmp_path: Path) -> None:
    """Some damages; `soak_faults` has 200."""
    chance, ends = Random(1), list[str]()
    for number in range(12):
        place = copied(stores["closed" if number % 2 else "killed"], tmp_path / "kg")
        what = damage(place, chance)
        before = files(place)
        found = examine(place)
        assert files(place) == before, what
        ends.append(end(place, whole))
        assert ends[-1] in ("told", "whole"), (what, ends[-1])
        # What the doctor finds sound is so; it may find more than what one reading meets.
        assert ends[-1] == "whole" or not found.sound, (what, found)
    assert {"told", "whole"} == set(ends)


def test_control_without_the_ledger_less_is_taken_for_all(stores: dict[str, Path], whole: int, tmp_path: Path) -> None:
    """A log is cut: to RocksDB that is its end."""
    ends = []
    for kept in (True, False):
        place = copied(stores["killed"], tmp_path / "kg")
        if not kept:
            (place / ledger.NAME).unlink()
        last = max(place.glob("*.log"))
        last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
        ends.append(end(place, whole))
    assert ends == ["told", "LESS"]


def test_a_manifest_that_is_cut_is_told_wherever_it_is(
    stores: dict[str, Path], whole: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some cuts take one order of triples and leave the others: only who looks in each (else the control) notices."""

    def ends() -> set[str]:
        found = set()
        for at in range(100, 600, 25):
            place = copied(stores["killed"], tmp_path / "kg")
            os.truncate(next(place.glob("MANIFEST-*")), at)
            found.add(end(place, whole))
        return found

    assert ends() <= {"told", "whole"}
    monkeypatch.setattr(Store, "_is_in_all_orders", lambda store, article: True)
    assert "LESS" in ends()


def test_a_block_is_found_in_whichever_order_it_is(
    stores: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each table; a doctor who reads by graph alone (the control) passes some over."""
    places = []
    for table in sorted(stores["closed"].glob("*.sst")):
        places.append(copied(stores["closed"], tmp_path / table.stem))
        content = bytearray(table.read_bytes())
        content[len(content) // 3] ^= 1
        (places[-1] / table.name).write_bytes(content)
    assert [place for place in places if examine(place).sound] == []
    monkeypatch.setattr(doctor, "_orders", lambda chart: list(chart.store.found()))
    assert any(examine(place).sound for place in places)


@pytest.mark.parametrize("gone", ["CURRENT", "MANIFEST-*", "*.sst"])
def test_files_that_are_missing_are_told(stores: dict[str, Path], tmp_path: Path, gone: str) -> None:
    place = copied(stores["closed"], tmp_path / "kg")
    max(place.glob(gone)).unlink()
    with pytest.raises(FaultError, match=r"is damaged .*kg doctor"):
        Store(place)
    found = examine(place)
    assert not found.sound
    assert "is damaged" in str(found)


def test_a_store_that_was_begun_and_no_more_is_made(tmp_path: Path) -> None:
    """A process may be killed before there is a CURRENT."""
    for name in ("LOCK", "LOG", "IDENTITY", "MANIFEST-000001", "000001.dbtmp"):
        (tmp_path / name).touch()
    with Store(tmp_path) as store:
        assert store.add(talks())


# --------------------------------------------------------------------------------------------------------------- ledger


def test_what_was_lost_is_named_and_may_be_given_up(stores: dict[str, Path], tmp_path: Path) -> None:
    place = copied(stores["killed"], tmp_path / "kg")
    last = max(place.glob("*.log"))
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    shown = CliRunner().invoke(app, ["stats", "--store", str(place)])
    assert shown.exit_code == 2
    assert re.search(r"\d of 24 articles and decisions are gone: \w+\.txt", shown.stderr)
    assert CliRunner().invoke(app, ["doctor", "--store", str(place)]).exit_code == 1
    mended = CliRunner().invoke(app, ["doctor", "--store", str(place), "--mend"])
    assert mended.exit_code == 0
    assert f"given up: {ARTICLE}" in mended.stdout
    assert mended.stdout.endswith("The store is sound.\n")
    with Store(place) as store:
        lost = mended.stdout.count("given up")
        assert len(store.articles()) == 24 - lost
        assert sum(store.add(numbered(one, number)) for one in (talks(), strike()) for number in range(12)) == lost


def test_the_ledger_goes_with_what_comes_and_goes(tmp_path: Path) -> None:
    with Store(tmp_path / "kg") as store:
        store.add(talks())
        store.add(strike())
        store.remove(A)
        assert ledger.Ledger(store.path).listed() == {strike().id: strike().source}
        assert store.lost() == {}


DECIDER = """
import os, signal, sys
from kg.clusters import Judgement, Verdict
from kg.store import Store
store = Store(sys.argv[1])
pair = "https://kg.example/form/Person/a", "https://kg.example/form/Person/b"
store.decide([Judgement(*pair, Verdict.SAME, 1.0, (), "Desk 3")])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_decision_that_is_gone_is_told(stores: dict[str, Path], tmp_path: Path) -> None:
    """What a person decided last is in the log only, which is cut; the control has no ledger."""
    place = copied(stores["closed"], tmp_path / "kg")
    subprocess.run([sys.executable, "-c", DECIDER, place], cwd=ROOT, env=ENVIRONMENT, check=False)
    assert examine(place).sound
    max(place.glob("*.log")).write_bytes(b"")
    assert [line for line in examine(place).wrong if "a decision of Desk 3" in line and "decide it again" in line]
    with pytest.raises(FaultError, match="1 of 25 articles and decisions are gone: a decision of Desk 3"):
        Store(place)
    assert list(doctor.mend(place).values()) == ["a decision of Desk 3"]
    assert examine(place).sound


def test_control_without_the_ledger_a_decision_goes_without_a_word(stores: dict[str, Path], tmp_path: Path) -> None:
    place = copied(stores["closed"], tmp_path / "kg")
    subprocess.run([sys.executable, "-c", DECIDER, place], cwd=ROOT, env=ENVIRONMENT, check=False)
    max(place.glob("*.log")).write_bytes(b"")
    (place / ledger.NAME).unlink()
    with Store(place) as store:
        assert store.decisions() == ()


def test_the_ledger_goes_with_what_people_decide(tmp_path: Path) -> None:
    pair = "https://kg.example/form/Person/a", "https://kg.example/form/Person/b"
    same, apart = (Judgement(*pair, verdict, 1.0, (), "Desk 3") for verdict in (Verdict.SAME, Verdict.DIFFERENT))
    with Store(tmp_path / "kg") as store:
        for decided in ([same], [apart], [apart], []):
            store.decide(decided)
            assert len(ledger.Ledger(store.path).listed()) == len(decided)
            assert store.lost() == {}


def test_a_store_without_a_ledger_gets_one(stores: dict[str, Path], tmp_path: Path) -> None:
    place = copied(stores["closed"], tmp_path / "kg")
    (place / ledger.NAME).unlink()
    with Store(place, read_only=True) as store:
        assert len(store.articles()) == 24
    assert not (place / ledger.NAME).exists()
    Store(place).close()
    assert len(ledger.Ledger(place).listed()) == 24


def test_a_line_of_the_ledger_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    book = ledger.Ledger(tmp_path)
    book.came({"a": "one.txt", "b": "two\nlines.txt"})
    assert book.path is not None
    content = book.path.read_bytes()
    for cut in range(len(content)):
        book.path.write_bytes(content[:cut])
        assert book.listed().items() <= {"a": "one.txt", "b": "two\nlines.txt"}.items()
        assert book.unreadable() == 0
        book.came({"c": "three.txt"})
        assert book.listed()["c"] == "three.txt"
    book.path.write_bytes(content.replace(b"one", b"eno"))
    assert book.listed() == {"b": "two\nlines.txt"}
    assert book.unreadable() == 1


def test_lines_of_the_ledger_that_cannot_be_read_are_mended(stores: dict[str, Path], tmp_path: Path) -> None:
    place = copied(stores["closed"], tmp_path / "kg")
    with (place / ledger.NAME).open("ab") as file:
        file.write(b"no line of ours\n")
    assert any("cannot be read" in line for line in examine(place).wrong)
    assert not mend(place)
    assert examine(place).sound
    assert len(ledger.Ledger(place).listed()) == 24


# ------------------------------------------------------------------------------------------------------------- findings


def test_what_was_written_past_kg_is_found(tmp_path: Path) -> None:
    with Store(tmp_path / "kg") as store:
        store.add(talks())
    raw = ox.Store(tmp_path / "kg")
    add = [
        (A, f"{A}#c1", KG.polarity, KG.negated),
        (WORLD, NAME["Russia"], KG.allyOf, NAME["Ukraine"]),
        (f"{ARTICLE}00000000000000ff", NAME["Russia"], RDF.type, KG.State),
        ("https://example.org/", NAME["Russia"], RDF.type, KG.State),
    ]
    for graph, *triple in add:
        raw.add(ox.Quad(*(ox.NamedNode(str(URIRef(term))) for term in (*triple, graph))))
    raw.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.NamedNode("a:c")))
    raw.flush()
    del raw
    found = examine(tmp_path / "kg")
    assert len(found.wrong) == 4
    for words in ("#c1", "ff has no mark", "https://example.org/: it was written past kg", "1 triples are in no named"):
        assert words in str(found)


def test_what_is_derived_is_held_against_the_articles(tmp_path: Path) -> None:
    with Store(tmp_path / "kg") as store:
        store.add(talks())
        store.forget([str(NAME["Russia"])], ())
    found = examine(tmp_path / "kg")
    assert re.search(r"world: \d+ triples are missing, 0 follow from no article: run kg doctor --mend", str(found))
    assert CliRunner().invoke(app, ["doctor", "--store", str(tmp_path / "kg"), "--mend"]).exit_code == 0


def test_a_store_that_is_written_to_is_not_examined(stores: dict[str, Path], tmp_path: Path) -> None:
    place = copied(stores["closed"], tmp_path / "kg")
    asked = [sys.executable, "-m", "kg", "doctor", "--store", str(place)]
    with Store(place):
        done = subprocess.run(asked, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "another kg process holds the store" in done.stderr


def test_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store at"):
        examine(tmp_path / "kg")
    for options in ([], ["--mend"]):
        assert CliRunner().invoke(app, ["doctor", *options, "--store", str(tmp_path / "kg")]).exit_code == 2
    assert not (tmp_path / "kg").exists()
    (tmp_path / "empty").mkdir()
    for command in ("doctor", "stats"):
        assert CliRunner().invoke(app, [command, "--store", str(tmp_path / "empty")]).exit_code == 2
    assert not list((tmp_path / "empty").iterdir())


def test_a_store_that_is_opened_often_keeps_the_last_log(tmp_path: Path) -> None:
    for _ in range(5):
        Store(tmp_path / "kg").close()
    assert len(list((tmp_path / "kg").glob("LOG*"))) == 2


def test_damage_that_is_met_while_reading_is_a_store_error(stores: dict[str, Path], tmp_path: Path) -> None:
    """Not a traceback, and not a lock: the word stands in "block checksum mismatch"."""
    place = copied(stores["closed"], tmp_path / "kg")
    table = max(place.glob("*.sst"), key=lambda path: path.stat().st_size)
    content = bytearray(table.read_bytes())
    for at in range(1000, len(content) // 2, 1000):
        content[at] ^= 1
    table.write_bytes(content)
    with pytest.raises(FaultError, match="the store is damaged"):
        read(place)


def read(place: Path) -> None:
    """Reads a store by each order."""
    with Store(place) as store:
        for quad in list(store.quads()):
            for subject, predicate in ((quad.subject, None), (None, quad.predicate)):
                next(store._store.quads_for_pattern(subject, predicate, None, None))
            next(store._store.quads_for_pattern(None, None, quad.object, None))
            store.triples(str(quad.graph_name)[1:-1])
