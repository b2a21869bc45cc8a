"""Apache Spark, for real: the same store as on one machine, whichever process dies, and the same derived graphs.

The cluster is a master and two executors, each a Java process of its own with Python processes below it.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pyoxigraph as ox
import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.clusters import Verdict
from kg.errors import KGError
from kg.export import export
from kg.extract import MODEL, Pipeline
from kg.ingest import Revised, Stored, ingest, taken_in
from kg.ingest import reader as reading
from kg.read import Article, scan
from kg.resolve import decide, decided, identities
from kg.spark import extract, session, spark_map, table
from kg.store import Store
from tests.corpus import corpus
from tests.executors import hopeless, killing, plain
from tests.merged import stored
from tests.test_laws import VERSIONS, derived, scratch
from tests.test_resolve import article as telling
from tests.test_resolve import form

pytest.importorskip("pyspark", reason="no Spark here: pip install 'kg-news[spark]'")
if shutil.which("java") is None:
    pytest.skip("no Java here, which Spark runs on", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
ROOT = Path(__file__).parents[1]
SEEDS = sorted(str(path) for number in (1, 2, 4, 5) for path in (ROOT / "seeds").glob(f"{number}*.[tm][xd]*"))
#: For jobs of a hundred rows: nothing is compiled for them, and they are not cut into 200 parts.
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="module", autouse=True)
def _configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Spark is configured for small jobs, and the executors find these tests and this kg."""
    folder = tmp_path_factory.mktemp("spark")
    (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in SMALL.items()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(folder))
        patch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))))
        yield


# ----------------------------------------------------------------------------------------------------- on this machine


def test_without_java_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(KGError, match="there is no Java here, and it needs 17 or later"), session("local[1]"):
        pass


def test_without_spark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(KGError, match=r"pip install 'kg-news\[spark\]'"), session("local[1]"):
        pass


def test_options_of_spark_are_for_spark() -> None:
    result = CliRunner().invoke(app, ["ingest", "one.txt", "--master", "local[2]"])
    assert (result.exit_code, result.stderr) == (2, "kg: --master and --work are of Spark: add --engine spark\n")


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Articles, among them one that kills who reads it, and one that nobody can read; two versions of one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kg.cli.intake.reader", plain)
    told = [f"Envoys of state number {number} met in Geneva to talk about grain." for number in range(24)]
    told[5], told[9], told[11] = "Poison was found in the river at Geneva.", "Trouble at the talks in Geneva.", told[3]
    for number, text in enumerate(told):
        address = "\nurl: https://example.org/one" if number in (13, 14) else ""
        (tmp_path / f"{number:02}.md").write_text(f"---\ndate: 2026-02-18{address}\n---\n{text}\n")
    return [str(tmp_path)]


def run(*arguments: str) -> tuple[dict[str, Any], Result]:
    """What an ingest did, but for how long it took."""
    result = CliRunner().invoke(app, ["ingest", *arguments, "--json"])
    summary: dict[str, Any] = json.loads(result.stdout or "{}")
    return {name: value for name, value in summary.items() if "second" not in name}, result


def test_a_bad_article_is_one_that_is_skipped(papers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.spark.WAVE", 15)
    here, _ = run(*papers, "--store", "a.kg", "--jobs", "2")
    there, result = run(*papers, "--store", "b.kg", "--engine", "spark", "--master", "local[2]", "--work", "work")
    assert here == there
    assert result.exit_code == 1
    reasons = {Path(item["source"]).name: item["reason"] for item in there["skipped"]}
    assert {*reasons} == {"05.md", "09.md", "11.md"}
    assert reasons["05.md"] == "the process that read it died, and so did a second one"
    assert reasons["09.md"] == "ValueError: trouble in the text"
    with Store("a.kg") as one, Store("b.kg") as two:
        assert export(one, "nquads") == export(two, "nquads") != b""
        assert len(one.articles()) == 20
    assert not list(Path().glob("b.kg.*")), "nothing is left beside the store"
    assert len(list(Path("work").glob("*/wave=*/_SUCCESS"))) == 2


def test_without_another_try_it_is_the_end(tmp_path: Path) -> None:
    """The control: Spark's own local master tries a task once; what failed has committed nothing."""
    articles = [Article(f"Poison number {number} was found.", f"{number}.txt") for number in range(4)]
    with session("local[2,1]") as spark:
        for make, said in ((plain, "Python worker exited unexpectedly"), (hopeless, "there is no model here$")):
            out = tmp_path / make.__name__
            with pytest.raises(KGError, match=rf"the job failed on Spark: .*{said}"):
                extract(table(spark, articles), make, str(out))
            assert not (out / "_SUCCESS").exists()
            assert not list(out.glob("kind=*"))


# -------------------------------------------------------------------------------------------------------- on a cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with session("local-cluster[2,1,1024]") as spark:
        yield spark


def executors() -> int:
    """How many executors run, when the last has come up."""
    for _ in range(600):
        if (found := sum(map(is_executor, psutil.Process().children(recursive=True)))) == 2:
            break
        time.sleep(0.1)
    return found


def is_executor(process: psutil.Process) -> bool:
    try:
        return "CoarseGrainedExecutorBackend" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def test_an_executor_that_dies_in_the_middle_changes_nothing(cluster: Any, reader: Pipeline, tmp_path: Path) -> None:
    assert executors() == 2
    with Store() as one, Store() as two:
        here = list(ingest(one, scan(SEEDS), lambda: reader))
        make, work = partial(killing, tmp_path / "killed", partial(reading, MODEL)), str(tmp_path / "work")
        there = list(taken_in(two, scan(SEEDS), lambda articles: spark_map(cluster, make, articles, work)))
        assert not psutil.pid_exists(int((tmp_path / "killed").read_text()))
        assert there == here
        assert {type(outcome) for outcome in here} <= {Stored, Revised}
        assert len(here) == 4
        assert export(one, "nquads") == export(two, "nquads")
        assert committed(tmp_path / "work") == {quad for told in one.articles() for quad in one.quads(told.article)}


def committed(work: Path) -> set[ox.Quad]:
    """What was committed, as any reader of N-Quads sees it."""
    assert (work / "wave=000000/_SUCCESS").exists()
    parts = sorted((work / "wave=000000/kind=quads").glob("part-*.txt.gz"))
    assert len(parts) > 1
    return {
        quad for part in parts for quad in ox.parse(gzip.decompress(part.read_bytes()), format=ox.RdfFormat.N_QUADS)
    }


def test_what_is_derived_on_a_cluster_is_what_is_derived_here(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, by the command: the world, who is who with the reasons, and the index, with people's decisions
    followed; what was read twice, and an older text of an article, count for nothing."""
    monkeypatch.setattr("kg.spark.session", lambda _: nullcontext(cluster))
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    with stored(VERSIONS[:1]) as store:
        write(work / "older.nq", store.quads())
    # Two who are no candidates, though the machine would be unsure of them.
    apart = "Anna Maria Kovacs", "Anna"
    told = (*(telling.record for telling in corpus(40).tellings), *VERSIONS, *map(telling, (6, 7), apart))
    with stored(told) as store:
        found = identities(store)
        unsure, sure = found.unsure[0], next(one for one in found.judgements.values() if one.verdict is Verdict.SAME)
        before = derived(store)
        decide(store, [decided(unsure.left, unsure.right, Verdict.SAME, "Desk 3")])
        decide(store, [decided(sure.left, sure.right, Verdict.DIFFERENT, "Desk 3")])
        decide(store, [decided(form(apart[0]), form(apart[1]), Verdict.SAME, "Desk 3")])
        assert derived(store) != before
        write(work / "all.nq", store.quads())
        write(work / "kind=quads" / "again.nq", store.quads())
        asked = ["derive", str(work), "--out", str(out)]
        result = CliRunner().invoke(app, asked)
        lines = b"".join(gzip.decompress(part.read_bytes()) for part in out.glob("part-*.txt.gz")).decode().splitlines()
        assert (result.exit_code, result.stdout) == (0, f"{len(lines)} quads derived: {out}\n")
        assert len(lines) == len(set(lines)) > 2000
        assert {line.removesuffix(" .") for line in lines} == derived(store) == scratch(store)
    assert {path.name for path in tmp_path.iterdir()} == {"work", "out"}
    assert f"{out}: is there already" in CliRunner().invoke(app, asked).stderr
    nothing = CliRunner().invoke(app, ["derive", str(out), "--out", str(tmp_path / "more")])
    assert (nothing.exit_code, "no graphs of articles" in nothing.stderr) == (2, True)
    with stored(VERSIONS) as store:
        decide(store, [decided(form(apart[0]), form(apart[1]), Verdict.DIFFERENT, "Desk 4")])
        write(work / "contrary.nq", store.quads())
    contrary = CliRunner().invoke(app, ["derive", str(work), "--out", str(tmp_path / "more")])
    assert (contrary.exit_code, "decided to be the same, and to be different" in contrary.stderr) == (2, True)
    missing = CliRunner().invoke(app, ["derive", str(tmp_path / "none"), "--out", str(tmp_path / "more")])
    assert (missing.exit_code, "Path does not exist" in missing.stderr) == (2, True)


def write(path: Path, quads: Iterable[ox.Quad]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{quad} .\n" for quad in quads))
