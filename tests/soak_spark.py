"""The long form of `test_spark`: more articles, an executor killed in mid-derivation, a control. By `make soak`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from kg.errors import KGError
from kg.joins import derive
from kg.read import Article
from kg.spark import extract, session, table
from tests.corpus import corpus
from tests.executors import killing, plain
from tests.merged import stored
from tests.test_laws import scratch
from tests.test_spark import SMALL, _configured, executors, is_executor

__all__ = ["_configured"]
CLUSTER = "local-cluster[2,1,1024]"


def killer(work: Path, killed: list[int]) -> Iterator[None]:
    """Kills an executor when a derivation has written its twelfth table."""
    while not (work / "step=0011").exists():
        time.sleep(0.05)
        yield
    victim = next(filter(is_executor, psutil.Process().children(recursive=True)))
    victim.kill()
    killed.append(victim.pid)


def test_an_executor_that_dies_in_mid_derivation_changes_nothing(tmp_path: Path) -> None:
    work, killed = tmp_path / "work", list[int]()
    with session(CLUSTER) as spark, stored(telling.record for telling in corpus(300).tellings) as store:
        assert executors() == 2
        lines = [(f"{quad} .",) for told in store.articles() for quad in store.quads(told.article)]
        threading.Thread(target=lambda: list(killer(work, killed)), daemon=True).start()
        rows = derive(spark, spark.createDataFrame(lines, "value string"), str(work)).collect()
        assert killed
        assert {row.value.removesuffix(" .") for row in rows} == scratch(store)


@pytest.mark.parametrize(("tries", "fails"), [("4", False), ("1", True)])
def test_it_is_the_second_try_that_saves_the_job(tries: str, fails: bool, tmp_path: Path) -> None:
    """The control: an executor dies, and its tasks are not tried again."""
    articles = [Article(f"Talks number {number} were held in Geneva.", f"{number}.txt") for number in range(40)]
    with session(CLUSTER, SMALL | {"spark.task.maxFailures": tries}) as spark:
        assert executors() == 2
        made = table(spark, articles), partial(killing, tmp_path / "killed", plain), str(tmp_path / "out")
        if fails:
            with pytest.raises(KGError, match="the job failed on Spark"):
                extract(*made)
        else:
            extract(*made)
        assert (tmp_path / "killed").exists()
        assert (tmp_path / "out/_SUCCESS").exists() is not fails
