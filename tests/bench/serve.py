"""How fast `kg serve` answers, over HTTP, on a store of generated articles: pages, search, and SPARQL under a flood.

The store is derived from scratch, as `merging` does: to ingest one by one takes several times as long, and gives the
same. A page is asked for five times, and the slowest answer counts; the first page also right after the start.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
import pyoxigraph as ox
from rich.table import Table

from kg.derive import Derivation
from kg.graph import indexed, statements
from kg.share import Share, share
from tests.corpus import Telling, tellings
from tests.server import Server, running

ARTICLES = 2_000
_TIMES, _HEAVY = 5, 50
_LIGHT = "SELECT ?name { ?who kg:negotiatorOf ?whom ; rdfs:label ?name } LIMIT 10"
_DEADLY = "SELECT (COUNT(*) AS ?{n}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in milliseconds: the median and the slowest, and what is asked of the slowest."""

    name: str
    median: float
    slowest: float
    bar: float | None = None

    def cells(self) -> Iterator[str]:
        yield self.name
        yield f"{self.median:,.0f}"
        yield f"{self.slowest:,.0f}"
        yield "" if self.bar is None else f"{'<' if self.slowest < self.bar else 'NOT <'} {self.bar:,.0f}"


def fill(path: Path, articles: int, seed: int = 0) -> int:
    """Writes a store of generated articles; how many there are."""
    told = {one.record.id: one for one in tellings(articles, seed)}
    for one in tuple(told.values()):
        if one.corrects is not None:
            told.pop(one.corrects, None)
    store, shares = ox.Store(path), dict[str, Share]()
    store.bulk_extend(_said(told.values(), shares))
    store.bulk_extend(Derivation.from_nothing(shares).run(shares, {}).add)
    store.flush()
    return len(told)


def _said(told: Iterable[Telling], shares: dict[str, Share]) -> Iterator[ox.Quad]:
    """What the articles say; and on the way, what each shares with others."""
    for one in told:
        triples, graph = statements(one.record), ox.NamedNode(one.record.id)
        shares[one.record.id] = share(indexed(triples))
        yield from (ox.Quad(*triple, graph) for triple in triples)


def measure(articles: int, kept: Path | None = None) -> Iterator[Figure]:
    """All figures, on a store that is made for them, or one that was kept from an earlier run."""
    with tempfile.TemporaryDirectory() as folder:
        store = kept or Path(folder) / "kg.store"
        begun = time.perf_counter()
        if not store.exists():
            fill(store, articles)
            yield _figure("making the store, for this measurement", [time.perf_counter() - begun])
        begun = time.perf_counter()
        with running(store) as server:
            yield _figure("start: copy the store, read all names", [time.perf_counter() - begun])
            yield _figure("first page, right after the start", [_seconds(server, "/")], 1000)
            yield from _pages(server)
            yield from _queries(server)


def _figure(name: str, seconds: Iterable[float], bar: float | None = None) -> Figure:
    found = [1000 * one for one in seconds]
    return Figure(name, median(found), max(found), bar)


def _seconds(server: Server, path: str, **parameters: str) -> float:
    begun = time.perf_counter()
    answer = server.client.get(path, params=parameters or None)
    seconds = time.perf_counter() - begun
    answer.raise_for_status()
    return seconds


def _pages(server: Server) -> Iterator[Figure]:
    def each(paths: Iterable[str]) -> list[float]:
        return [_seconds(server, path) for path in paths for _ in range(_TIMES)]

    home = server.client.get("/", params={"format": "json"}).json()
    spoken = [f"/actor/{one['thing']['iri'].removeprefix('https://kg.example/')}" for one in home["spoken_of"][:5]]
    hub = server.client.get(spoken[0], params={"format": "json"}).json()
    events = [f"/event/{one['event']['iri'].removeprefix('https://kg.example/')}" for one in hub["events"][:5]]
    newest = [one["article"].removeprefix("https://kg.example") for one in home["newest"][:5]]
    yield _figure("first page", each(["/"]), 1000)
    yield _figure(
        "search as one types", each(f"/suggest?q={text}" for text in ("a", "ka", "gen", "minister", "x y")), 200
    )
    yield _figure("pages of the five most spoken of", each(spoken), 500)
    yield _figure("surroundings of the same", each(path.replace("/actor/", "/around/") for path in spoken))
    yield _figure("pages of events", each(path.replace("#", "%23") for path in events))
    yield _figure("pages of articles", each(newest))
    yield _figure("sources", each(["/sources"]))
    yield _figure("a question", each(["/questions/who-mediated"]))
    name = hub["thing"]["name"]
    yield _figure("graph around the most spoken of, until it is drawn", [_drawn(server, "/graph", about=name)])
    yield _figure("the whole graph, until it is laid out", [_drawn(server, "/graph/whole")])


def _drawn(server: Server, path: str, **parameters: str) -> float:
    """Seconds until a picture is there: a program is told to come again until then."""
    begun = time.perf_counter()
    while server.client.get(path, params={"format": "json", **parameters}).status_code == 503:
        time.sleep(0.1)
    return time.perf_counter() - begun


def _queries(server: Server) -> Iterator[Figure]:
    """A light query alone, and while fifty heavy ones of different kinds were sent at once."""
    alone = [_seconds(server, "/sparql", query=_LIGHT) for _ in range(_TIMES)]
    yield _figure("a light SPARQL query", alone)
    with ThreadPoolExecutor(_HEAVY) as threads:
        for number in range(_HEAVY):
            threads.submit(httpx.get, f"{server.address}/sparql", params=_heavy(number), timeout=300)
        time.sleep(0.5)
        flooded = [_seconds(server, "/sparql", query=_LIGHT) for _ in range(_TIMES)]
        asked = [_seconds(server, "/questions/who-mediated") for _ in range(_TIMES)]
        page = [_seconds(server, "/") for _ in range(_TIMES)]
    yield _figure(f"the same among {_HEAVY} heavy ones", flooded)
    yield _figure("a question among them", asked)
    yield _figure("the first page among them", page)


def _heavy(number: int) -> dict[str, str]:
    return {"query": _DEADLY.format(n="n" * (number + 1))}


def table(articles: int, kept: Path | None = None) -> Table:
    """The figures for people; each is also said when it is there, for all together take minutes."""
    shown = Table("over HTTP", title=f"kg serve on {articles:,} generated articles", box=None)
    for column in ("median ms", "slowest ms", "asked"):
        shown.add_column(column, justify="right", no_wrap=True)
    for figure in measure(articles, kept):
        print(*figure.cells(), sep=" | ", file=sys.stderr, flush=True)
        shown.add_row(*figure.cells())
    return shown
