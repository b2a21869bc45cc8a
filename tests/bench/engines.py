"""How fast the competency questions are answered on a million quads: by rdflib's memory store, by rdflib over Oxigraph
(oxrdflib), and by our store on disk; and how fast that store is opened.

All engines hold the same generated articles, with the world graph as default graph, and answer the same queries, each
in a process of its own that is ended at a limit; what did not end counts as the limit, so a ratio says "at least". As
many rows should come from each: the table says where not, with -1 where an engine fails. A tenth of the quads can be
asked for: rdflib's memory store takes 2 GB for a million.
"""

from __future__ import annotations

import math
import multiprocessing
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import Dataset, URIRef
from rich.table import Table

from kg.answer import Answer
from kg.graph import from_ox
from kg.namespaces import PREFIXES, WORLD
from kg.query import ask, questions
from kg.store import Store
from tests.bench.serve import fill

#: Generated articles that make a million quads.
ARTICLES = 2_720
#: Seconds of computing that a question may take.
LIMIT = 60.0
#: In the place of rows, where an engine fails.
FAILED = -1
#: How many times as fast as rdflib's memory store ours is to be, over all questions; seconds to open it in.
BAR, OPENED = 20.0, 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and for each engine the seconds it took (None: more than the limit) and the rows that came."""

    question: str
    seconds: tuple[float | None, ...]
    rows: tuple[int | None, ...]

    def cells(self) -> Iterator[str]:
        """For people: the question, seconds by engine, whether all say as much."""
        yield self.question
        for seconds in self.seconds:
            yield f"> {LIMIT:.0f}" if seconds is None else f"{seconds:.3f}"
        yield str(self.rows[-1])
        yield "yes" if len(set(self.rows) - {None}) == 1 else f"NO: {self.rows}"


NAMES = ("rdflib", "oxrdflib", "kg")


def measure(articles: int = ARTICLES, kept: Path | None = None) -> tuple[int, float, tuple[Asked, ...]]:
    """Quads, the slowest of five openings in seconds, and all questions asked of all engines, each told on standard
    error as it ends; of the store at `kept`, if there is one, which is made there else."""
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "kg.store"
        if not path.exists():
            fill(path, articles)
        opened = max(_opening(path) for _ in range(5))
        with Store(path, read_only=True) as store:
            engines = (_plain(store), _over(store), store)
            asked = []
            for name in questions():
                asked.append(_asked(name, engines))
                print(*asked[-1].cells(), file=sys.stderr, flush=True)
            return len(store), opened, tuple(asked)


def _opening(path: Path) -> float:
    """Seconds that a fresh process takes to open a store and to find something in it, imports apart."""
    code = (
        "import time; from kg import Store; begun = time.perf_counter(); "
        f"store = Store({str(path)!r}, read_only=True); store.select('ASK {{ ?a ?b ?c }}'); "
        "print(time.perf_counter() - begun)"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


class Through:
    """What questions are put to through rdflib."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def select(self, sparql: str, /) -> Answer:
        found: Any = self._dataset.query(sparql, initNs=dict(PREFIXES))
        return Answer((), tuple(tuple(None if term is None else str(term) for term in row) for row in found))

    def aliases(self, thing: str, /) -> frozenset[str]:
        return frozenset((thing,))


Engine = Store | Through


def _plain(store: Store) -> Through:
    """rdflib's own store, filled by parsing what ours dumps, the world graph as its default graph."""
    dataset, world = Dataset(default_union=False), ox.NamedNode(WORLD)
    for quad in store.quads():
        name = None if quad.graph_name == world else URIRef(str(getattr(quad.graph_name, "value", "")))
        place = dataset.default_graph if name is None else dataset.graph(name)
        place.add(tuple(map(from_ox, quad.triple)))  # type: ignore[arg-type]
    return Through(dataset)


def _over(store: Store) -> Through:
    """rdflib over Oxigraph in memory."""
    inner, world = ox.Store(), ox.NamedNode(WORLD)
    default = ox.DefaultGraph()
    inner.bulk_extend(
        ox.Quad(quad.subject, quad.predicate, quad.object, default if quad.graph_name == world else quad.graph_name)
        for quad in store.quads()
    )
    return Through(Dataset(store=OxigraphStore(store=inner), default_union=False))


def _asked(name: str, engines: tuple[Engine, ...]) -> Asked:
    found = [_limited(engine, name) for engine in engines]
    return Asked(name, tuple(one and one[0] for one in found), tuple(one and one[1] for one in found))


def _limited(engine: Engine, question: str) -> tuple[float, int] | None:
    """Seconds and rows of an engine; None where it takes too long or hangs. A fork has all that was loaded."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_ask, args=(engine, question, there))
    process.start()
    there.close()
    try:
        found: tuple[float, int] | None = here.recv() if here.poll(10 * LIMIT) else None
    except EOFError:
        found = None
    process.kill()
    process.join()
    return found


def _ask(engine: Engine, question: str, pipe: Connection) -> None:
    """Seconds of computing, so that what else the machine does counts for nobody; the system ends it at the limit."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(LIMIT), math.ceil(LIMIT) + 1))
    begun = time.process_time()
    try:
        rows = len(ask(engine, question).rows)
    except TypeError:
        # rdflib sorts no two rows that lack a value: then no rows come, and the time until then counts for it.
        rows = FAILED
    pipe.send((time.process_time() - begun, rows))


def totals(asked: tuple[Asked, ...]) -> tuple[float, ...]:
    """Seconds over all questions, by engine; what did not end counts as the limit."""
    return tuple(
        sum(LIMIT if one is None else one for one in column) for column in zip(*(a.seconds for a in asked), strict=True)
    )


def table(articles: int = ARTICLES, kept: Path | None = None) -> Table:
    """The figures for people, with the bars."""
    quads, opened, asked = measure(articles, kept)
    shown = Table("question", *NAMES, "rows", "alike", title=f"Seconds of computing on {quads:,} quads", box=None)
    for one in asked:
        shown.add_row(*one.cells())
    whole = totals(asked)
    shown.add_row("all", *(f"{seconds:.1f}" for seconds in whole), "", "")
    shown.add_row(f"rdflib / kg (asked: {BAR:.0f})", "", "", f"≥ {whole[0] / whole[-1]:.1f}", "", "")
    shown.add_row(f"opened in (asked: {OPENED} s)", "", "", f"{opened:.3f}", "", "")
    return shown
