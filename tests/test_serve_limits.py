"""What a query may cost: a deadly one costs its process and nothing else, and many heavy ones stop no light one."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest

from kg.serve import work
from kg.serve.lanes import Job, Lanes, Limits, Worker
from kg.serve.refusal import LateError, RefusalError
from kg.serve.work import Asked, document, table
from kg.store import Store
from tests.records import strike, talks
from tests.server import Server, filled, running

LIGHT = "ASK { ?who kg:negotiatorOf ?whom }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p . FILTER(?a != ?m) }"
PATHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a PATH/PATH/PATH/PATH ?b } }".replace("PATH", "(!<a:a>|^!<a:a>)*")
#: A text that is doubled forty times.
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
BOMB = f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("12345678901234567890" AS ?x0) {DOUBLED} }}'
DEADLY = {"cross product": CROSS, "path explosion": PATHS, "memory bomb": BOMB}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("limits") / "kg.store", (talks(), strike()))


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    with running(store, "--seconds", "1") as found:
        yield found


def answer(server: Server, query: str) -> httpx.Response:
    return httpx.get(f"{server.address}/sparql", params={"query": query}, timeout=120)


def politely(server: Server, path: str, **parameters: str) -> httpx.Response:
    """What a client gets that comes again when it is told to, a few times."""
    for _ in range(10):
        found = httpx.get(f"{server.address}{path}", params=parameters or None, timeout=120)
        if found.status_code != 503:
            break
        time.sleep(int(found.headers["retry-after"]))
    return found


# ------------------------------------------------------------------------------------------------------- a deadly query


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in DEADLY.items()])
def test_a_deadly_query_costs_its_process_only(server: Server, query: str) -> None:
    refused = answer(server, query)
    assert refused.status_code in (500, 504)
    assert any(word in refused.text for word in ("seconds", "memory"))
    assert answer(server, LIGHT).json()["boolean"] is True
    assert psutil.pid_exists(server.pid)


def test_a_page_says_why_there_is_no_answer(server: Server) -> None:
    page = httpx.get(f"{server.address}/ask", params={"query": CROSS}, timeout=60)
    assert page.status_code == 200
    assert "no answer within 1 seconds" in page.text


def test_many_heavy_queries_at_once_stop_no_light_one(server: Server) -> None:
    """Fifty of different kinds; those for which there is no room are told when to come again."""
    heavy = [CROSS.replace("?n)", f"?{'n' * (number + 1)})") for number in range(50)]
    with ThreadPoolExecutor(60) as threads:
        flood = [threads.submit(answer, server, query) for query in heavy]
        light = [threads.submit(politely, server, "/sparql", query=LIGHT) for _ in range(5)]
        pages = [threads.submit(politely, server, path) for path in ("/", "/sources")]
        pages.append(threads.submit(politely, server, "/questions/who-mediated", format="json"))
        assert [one.result().status_code for one in light] == [200] * 5
        assert [one.result().status_code for one in pages] == [200] * 3
        assert pages[-1].result().json()["table"]["rows"]
        answers = [one.result() for one in flood]
    statuses = {one.status_code for one in answers}
    assert statuses <= {503, 504}
    assert all(one.headers["retry-after"].isdigit() for one in answers if one.status_code == 503)


def test_nothing_goes_on_when_the_server_is_killed(store: Path) -> None:
    with running(store, "--seconds", "2") as server, ThreadPoolExecutor(2) as threads:
        waiting = threads.submit(answer, server, CROSS)
        time.sleep(1)
        family = psutil.Process(server.pid).children(recursive=True)
        assert family
        os.kill(server.pid, signal.SIGKILL)
        assert isinstance(waiting.exception(), httpx.HTTPError)
        _, alive = psutil.wait_procs(family, timeout=60)
        assert not alive


# ----------------------------------------------------------------------------------------------------- without a server


def _die(_: Store) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _pid(_: Store) -> int:
    return os.getpid()


def _sleep(_: Store, seconds: float) -> str:
    time.sleep(seconds)
    return "done"


def test_a_process_that_dies_is_replaced(store: Path) -> None:
    async def run() -> tuple[int, int]:
        lanes = Lanes(Limits(seconds=5))
        try:
            first: int = await lanes.run(Job(_pid, store), "a")
            with pytest.raises(RefusalError, match="broke its process"):
                await lanes.run(Job(_die, store), "b")
            second: int = await lanes.run(Job(_pid, store), "a")
            return first, second
        finally:
            lanes.close()

    first, second = asyncio.run(run())
    assert first != second


def test_the_seconds_of_a_job_count_from_when_its_process_has_begun(store: Path) -> None:
    """On a busy machine to be forked and to open the store takes longer than a light query may."""
    worker = Worker(Limits().memory, nice=0, seconds=5)
    pid = worker._process.pid
    assert pid is not None
    try:
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(1.5, os.kill, (pid, signal.SIGCONT)).start()
        assert worker.run(Job(_pid, store), 1) == pid
    finally:
        worker.kill()


def test_what_takes_longer_than_a_moment_goes_on_in_the_slow_lane(store: Path) -> None:
    async def run() -> str:
        lanes = Lanes(Limits(seconds=20, quick=0.3))
        try:
            found: str = await lanes.run(Job(_sleep, store, (1.0,)), "sleep")
            return found
        finally:
            lanes.close()

    assert asyncio.run(run()) == "done"


def _count(store: Store) -> int:
    time.sleep(0.5)
    return len(store.articles())


def test_what_was_worked_out_for_an_older_copy_is_there_until_the_new_is(store: Path, tmp_path: Path) -> None:
    more = filled(tmp_path / "kg.store", (talks(),))

    async def run() -> list[int | None]:
        lanes = Lanes()
        old, new = Job(_count, store), Job(_count, more)
        try:
            first = [lanes.before(old), await lanes.kept(old, 20)]
            return [*first, await lanes.kept(new, 0.01), lanes.before(new), await lanes.kept(new, 20)]
        finally:
            lanes.close()

    assert asyncio.run(run()) == [None, 2, None, 2, 1]


def test_a_job_that_takes_too_long_is_late(store: Path) -> None:
    async def run() -> None:
        lanes = Lanes(Limits(seconds=0.5, quick=0.2))
        try:
            await lanes.run(Job(_sleep, store, (60.0,)), "sleep")
        finally:
            lanes.close()

    with pytest.raises(LateError, match=r"0\.5 seconds"):
        asyncio.run(run())


# -------------------------------------------------------------------------------------------------------- size and rows


def test_each_answer_says_what_the_limits_are(server: Server) -> None:
    for query in (LIGHT, CROSS, "nonsense"):
        assert answer(server, query).headers["x-kg-limits"] == f"seconds=1, bytes={work.MOST_BYTES}"
    page = httpx.get(f"{server.address}/ask")
    assert page.headers["x-kg-limits"] == f"seconds=1, bytes={work.MOST_BYTES}, rows={work.MOST_ROWS}"
    assert "This page shows 1,000 rows; an answer of the endpoint may have 64 MB" in page.text


@pytest.mark.parametrize("format", ["html", "json", "csv"])
def test_a_part_is_called_a_part_in_each_format(server: Server, format: str) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    part = httpx.get(f"{server.address}/ask", params={"query": query, "format": format})
    assert part.headers["x-kg-part"] == f"the first {work.MOST_ROWS} rows; there are more"
    whole = httpx.get(f"{server.address}/ask", params={"query": f"{query} LIMIT 5", "format": format})
    assert "x-kg-part" not in whole.headers


def test_a_table_says_that_it_is_a_part() -> None:
    with Store() as store:
        store.add(talks())
        every = Asked("SELECT * { ?a ?b ?c }")
        assert not table(store, every).more
        part = table(store, every, most=3)
        assert part.more
        assert len(part.rows) == 3
        assert replace(part, more=False) == table(store, replace(every, sparql=every.sparql + " LIMIT 3"))


def test_an_answer_that_is_too_large_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_BYTES", 2_000)
    with Store() as store:
        store.add(talks())
        with pytest.raises(RefusalError, match="LIMIT and OFFSET"):
            document(store, Asked("SELECT * { GRAPH ?g { ?a ?b ?c } }"))
        assert document(store, Asked("SELECT * { ?a ?b ?c } LIMIT 1"))[1]
