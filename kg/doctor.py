"""What is wrong with a store: `kg doctor`.

RocksDB says that a block is damaged when it is read, and no command reads them all. So everything is read here, by each
of the six orders in which Oxigraph keeps it, and held against the ledger, the shapes, and what follows from the
articles. The store is opened to be read only, under its lock: RocksDB would mend its files for a writer, and throw away
what it does not understand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import faults
from kg.derive import from_scratch
from kg.errors import FaultError, StoreError
from kg.graph import indexed
from kg.ledger import Ledger
from kg.lock import held
from kg.namespaces import ARTICLE, DERIVED, FOREIGN, INDEX, JOURNAL, JUDGEMENTS
from kg.shapes import shapes, violations
from kg.store import Store, is_there

_MEND = "run kg doctor --mend"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was looked at, a line each, and what was found wrong, with how to mend it."""

    looked: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.wrong

    def __str__(self) -> str:
        count = "One thing is" if len(self.wrong) == 1 else f"{len(self.wrong)} things are"
        verdict = "The store is sound." if self.sound else f"{count} wrong:"
        return "\n".join((*self.looked, verdict, *(f"  {line}" for line in self.wrong)))


def examine(path: Path) -> Diagnosis:
    """What is wrong with the store at a path. Nothing is changed; this process must not have it open.

    Raises StoreError where there is no store, or another process writes to it.
    """
    _there(path)
    with held(path):
        try:
            store = _Patient(path, read_only=True)
        except FaultError as error:
            return Diagnosis((f"{path}: not one article can be read",), (str(error),))
        with store:
            return _examined(store)


def mend(path: Path) -> dict[str, str]:
    """Takes what is there for all there is, and derives the rest from it anew; the articles that were lost, with where
    they came from. Raises StoreError where there is no store, FaultError where it cannot be read or written."""
    _there(path)
    with _Patient(path) as store:
        lost = store.lost()
        store.mend()
        store.list_anew()
    return lost


def _there(path: Path) -> None:
    if not path.is_dir() or not is_there(path):
        raise StoreError(f"no store at {path}: name one with --store")


class _Patient(Store):
    """A store that opens whatever it has lost, and that can be read in each order in which Oxigraph keeps it."""

    def _account(self) -> None:
        """It is accounted for below."""

    def list_anew(self) -> None:
        """Lists what is there in the ledger, without what was lost and what cannot be read."""
        self._ledger.anew(self._standing())

    def found(self, place: str = "", term: object = None, graph: object = None) -> Iterator[ox.Quad]:
        """The quads that have a term at one place; Oxigraph reads them in the order that fits."""
        pattern: Any = (*(term if place == one else None for one in _PLACES), graph)
        return self._store.quads_for_pattern(*pattern)


_PLACES = ("subject", "predicate", "object")


# --------------------------------------------------------------------------------------------------------------- looks


@dataclass(slots=True)
class _Chart:
    """What is noted of a patient, look by look."""

    store: _Patient
    looked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)


def _examined(store: _Patient) -> Diagnosis:
    chart = _Chart(store)
    try:
        for look in (_ledger, _orders, _others, _articles):
            look(chart)
        # Of half an article nothing follows.
        if not chart.broken:
            _derived(chart)
    except (OSError, RuntimeError) as error:
        if not faults.is_below(error):
            raise
        # What would come after it needs what cannot be read.
        chart.wrong.append(f"its files are damaged ({error}): {faults.REGAIN}")
    return Diagnosis(tuple(chart.looked), tuple(chart.wrong))


def _ledger(chart: _Chart) -> None:
    """Whether all is there that was stored."""
    ledger, there = Ledger(chart.store.path), chart.store.there()
    listed, lost = ledger.listed(), chart.store.lost()
    counts = f"{len(there)} articles, {len(chart.store.decisions())} decisions of people, {len(listed)} in the ledger"
    chart.looked.append(f"{counts} (what it lacks is listed at the next write)")
    if count := ledger.unreadable():
        chart.wrong.append(f"{ledger.path}: {count} lines cannot be read: {_MEND}")
    for one, source in lost.items():
        again = "ingest it again" if one.startswith(ARTICLE) else "decide it again"
        chart.wrong.append(f"{one} is gone, which came from {source}: {faults.REGAIN}; or {_MEND}, and {again}")


def _orders(chart: _Chart) -> None:
    """Whether each block can be read, and each order holds the same."""
    found = dict.fromkeys(_ORDERS, 0)
    seen: dict[str, set[int]] = {place: set() for place in _PLACES}
    for graph in (ox.DefaultGraph(), *map(ox.NamedNode, chart.store.graphs())):
        inside: dict[str, set[Any]] = {place: set() for place in _PLACES}
        for quad in chart.store.found(graph=graph):
            found["graph"] += 1
            for place in _PLACES:
                inside[place].add(getattr(quad, place))
        for place, terms in inside.items():
            for term in terms:
                if place != "subject":
                    found[f"graph and {place}"] += _count(chart.store.found(place, term, graph))
                if hash(term) not in seen[place]:
                    seen[place].add(hash(term))
                    found[place] += _count(chart.store.found(place, term))
    chart.looked.append(f"{found['graph']} triples, in each of {len(_ORDERS)} orders")
    for order, count in found.items():
        if count != found["graph"]:
            chart.wrong.append(f"{found['graph']} triples are there by graph, {count} by {order}: {faults.REGAIN}")


_ORDERS = ("graph", "graph and predicate", "graph and object", *_PLACES)


def _count(quads: Iterable[ox.Quad]) -> int:
    return sum(1 for _ in quads)


def _articles(chart: _Chart) -> None:
    """Whether each article is whole and conforms."""
    names = [name for name in chart.store.graphs() if name.startswith(ARTICLE)]
    chart.looked.append(f"{len(names)} articles, held against the shapes")
    for name in names:
        found = [str(violation) for violation in violations(indexed(chart.store.triples(name)), shapes())]
        found = found if name in chart.store else [f"{name} has no mark that it is whole"]
        if found:
            chart.broken.add(name)
            chart.wrong.append(f"{found[0]}: {faults.REGAIN}")


def _others(chart: _Chart) -> None:
    """Whether there is anything that kg does not write."""
    ours = {*DERIVED, JUDGEMENTS, JOURNAL}
    others = [name for name in chart.store.graphs() if name not in ours and not name.startswith(_ANY)]
    if loose := _count(chart.store.found(graph=ox.DefaultGraph())):
        chart.wrong.append(f"{loose} triples are in no named graph: they were written past kg, which never reads them")
    for name in others:
        older = name.startswith(INDEX.rpartition("/")[0])
        what = f"another version of kg wrote it: {_MEND}" if older else "it was written past kg, which never reads it"
        chart.wrong.append(f"the graph {name}: {what}")


_ANY = (ARTICLE, str(FOREIGN))


def _derived(chart: _Chart) -> None:
    """Whether the derived graphs follow from the articles and decisions."""
    shares = {article: chart.store.share(article) for article in sorted(chart.store.there())}
    given = set(from_scratch(shares, chart.store.decisions()))
    there = {quad for name in DERIVED for quad in chart.store.quads(name)}
    chart.looked.append(f"{len(there)} triples that follow from the articles")
    missing, extra = (Counter(str(quad.graph_name) for quad in quads) for quads in (given - there, there - given))
    for name in sorted(missing | extra):
        counts = f"{missing[name]} triples are missing, {extra[name]} follow from no article"
        chart.wrong.append(f"the graph {name[1:-1]}: {counts}: {_MEND}")
