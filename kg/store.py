"""The store: one named graph an article, and the world graph, in an embedded Oxigraph.

    <https://kg.example/article/…>   all that one article says; it never changes
    <https://kg.example/world>       the union of what each article gives to the world (kg/world.py)
    <https://kg.example/judgements>  what people decided of identity (kg/resolve.py)

An article is written by one atomic `extend`, its share of the world graph and the marker `kg:status kg:Complete`
included, and removed by one atomic update; so whatever ends the process, an article is whole or absent. Reading goes
through `select` (SPARQL), `rows` and `quads` (patterns: kg/quads.py), or `dataset` (rdflib).
"""

from __future__ import annotations

import ctypes
import gc
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyoxigraph as ox
from rdflib import DCTERMS, Dataset

from kg import faults, journal, judgements
from kg.change import Change, Remembered
from kg.clusters import Judgement
from kg.derive import Derivation, from_scratch
from kg.errors import ArticleError, FaultError, StoreError
from kg.graph import COMPLETE, PUBLISHED, STATUS, URL, Index, Statement, indexed, statements
from kg.ledger import NAME as LEDGER
from kg.ledger import Ledger
from kg.namespaces import ARTICLE, DERIVED, FOREIGN, IDENTITY, INDEX, JOURNAL, JUDGEMENTS, KG, PREFIXES, WORLD
from kg.quads import Quads, as_text
from kg.record import Record
from kg.shapes import shapes, violations
from kg.share import Share, share
from kg.world import closed, schema

_WORLD, _SOURCE = ox.NamedNode(WORLD), ox.NamedNode(str(DCTERMS["source"]))
#: How to come by what was lost.
_REGAIN = "take a backup with kg restore, or go on without with kg doctor --mend, and ingest or decide them again"
#: So many articles, the last that came, are looked for in each order when a store is opened: 50 ms.
_CLOSELY = 1_000
#: How many forms, and shares of articles, are remembered between two changes.
_REMEMBERED, _RECENT = 20_000, 200
#: After so many new quads what RocksDB holds in memory is written out. It would wait for a gigabyte, in which it finds
#: its place at twice the cost, most of all beside readers that use the same caches.
_FLUSH = 100_000


def _decided(decisions: Iterable[Judgement]) -> dict[str, str]:
    """People's decisions as the ledger lists them: by their marks, with whose they are."""
    return {judgements.mark(item): f"a decision of {item.judge}" for item in decisions}


class Store(Quads):
    """An open store. Without a path it lives in memory; with `read_only` nobody may write to that path meanwhile.

    Raises StoreError where the path holds no store, a damaged one, one that has lost articles, or one that another
    process writes to.
    """

    def __init__(self, path: str | Path | None = None, read_only: bool = False) -> None:
        self.path = None if path is None else Path(path)
        self.read_only = read_only
        self._lent = False
        self._unflushed = 0
        self._remembered = Remembered()
        self._shares: dict[str, Share] = {}
        self._ledger = Ledger(self.path)
        self._open: ox.Store | None = ox.Store() if self.path is None else _opened(self.path, read_only)
        try:
            with faults.told(self):
                self._stale = _is_stale(self._open)
                self._account()
        except BaseException:
            self._let_go()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._let_go()
        if faults.is_below(error):
            raise FaultError(f"{self}: {faults.mend(error)}") from error

    def close(self) -> None:
        """Writes all to disk and lets go of the lock; a `dataset` that is still in use keeps it."""
        try:
            if self._open is not None and self.path is not None and not self.read_only:
                with faults.told(self):
                    self._open.flush()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Lets go of the lock. What is not flushed is in the log, from where the next opening takes it."""
        self._open = None
        if self._lent:
            # The graphs of rdflib refer to themselves: only the collector lets go of the store behind them, and it
            # looks at nothing that was there when a model was loaded.
            passed_over = gc.get_freeze_count()
            gc.unfreeze()
            gc.collect()
            if passed_over:
                gc.freeze()

    def _account(self) -> None:
        """Holds the ledger against what is there, and lists there what is not yet listed.

        Raises FaultError where something listed is gone: to all else a log or a manifest that was cut looks whole.
        """
        listed = self._ledger.listed()
        if self.path is None or (self.read_only and not listed):
            return
        if lost := list(self.lost(_CLOSELY).values()):
            which = f"{', '.join(lost[:3])}{', …' * (len(lost) > 3)}"
            count = f"{len(lost)} of {len(listed)} articles and decisions are gone"
            raise FaultError(f"{self}: the store is damaged, {count}: {which}; {_REGAIN}")
        if not self.read_only:
            self._ledger.came(self._standing(listed))

    def lost(self, closely: int = 0) -> dict[str, str]:
        """The articles that are gone without having been removed, in whole or in part, and people's decisions, with
        where they came from; sorted. Only the last articles are looked at `closely`, or all with 0."""
        listed, articles = self._ledger.listed(), self.there()
        there = articles | _decided(self.decisions()).keys()
        last = articles.intersection(list(listed)[-closely:])
        gone = (one for one in sorted(listed) if one not in there or (one in last and not self._is_in_all_orders(one)))
        return {one: listed[one] for one in gone}

    def _standing(self, but: Collection[str] = ()) -> dict[str, str]:
        """The articles and the decisions of people that are there, but for some, with where they came from."""
        decided = {mark: source for mark, source in _decided(self.decisions()).items() if mark not in but}
        return {article: self._came_from(article) for article in self.there().difference(but)} | decided

    def _came_from(self, article: str) -> str:
        """Where an article came from, as far as it says so."""
        name = ox.NamedNode(article)
        return next(
            (as_text(quad.object) for quad in self._store.quads_for_pattern(name, _SOURCE, None, name)), article
        )

    def _is_in_all_orders(self, article: str) -> bool:
        """Whether the mark of an article is found by each order in which Oxigraph keeps triples, beside that by
        predicate: each has files of its own, and where the end of a manifest is gone, some lack what came last."""
        name = ox.NamedNode(article)
        patterns: tuple[tuple[Any, Any, Any, Any], ...] = (
            (name, STATUS, None, None),
            (name, None, COMPLETE, None),
            (name, STATUS, None, name),
            (None, STATUS, None, name),
            (None, None, COMPLETE, name),
        )
        found = (next(iter(self._store.quads_for_pattern(*pattern)), None) for pattern in patterns)
        return self._store.contains_named_graph(name) and None not in found

    def __str__(self) -> str:
        return "the store in memory" if self.path is None else str(self.path)

    # ---------------------------------------------------------------------------------------------------------- writing

    def add(self, record: Record, at: datetime | None = None) -> bool:
        """Writes the article whole, or not at all, in the place of an older version (another text at the same URL);
        False if it is there already, or a newer version is. `at` is when it was ingested, for the journal.

        Raises ArticleError for a record that contradicts itself, StoreError for a graph that violates the shapes.
        """
        self._writable()
        if record.id in self or self.newer(record.url, record.published):
            return False
        if not record.id.startswith(ARTICLE):
            raise ArticleError(record.source, f"{record.id} is no IRI of an article: it must begin with {ARTICLE}")
        self._write(record.source, record.id, statements(record), at)
        return True

    def take(
        self,
        article: str,
        triples: Iterable[Statement],
        url: str | None = None,
        published: str | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Writes the graph of an article that was read elsewhere, as `add` does the record that it is made of."""
        self._writable()
        if article in self or self.newer(url, published):
            return False
        self._write(article, article, tuple(triples), at)
        return True

    def adopt(self, article: str, triples: Iterable[Statement], at: datetime | None = None) -> bool:
        """Writes the graph of an article that another store wrote, as `add` does; False if it is there already, or a
        newer version is: of one day, the one that was ingested last. Raises StoreError for a graph that violates the
        shapes."""
        self._writable()
        listed = tuple(triples)
        known = {predicate: as_text(object_) for subject, predicate, object_ in listed if subject.value == article}
        rank = self._rank(article, known.get(PUBLISHED))
        others = self.versions(known.get(URL))
        if article in self or any(self._rank(other, self._source(other).published) > rank for other in others):
            return False
        self._write(article, article, listed, at)
        return True

    def _rank(self, article: str, published: str | None) -> tuple[str, str, str]:
        """Where a version stands among others, the last at the end: whichever comes first, and whatever its day."""
        ingested = ox.NamedNode(str(KG.ingested)), None, ox.NamedNode(JOURNAL)
        at = (as_text(quad.object) for quad in self._store.quads_for_pattern(ox.NamedNode(article), *ingested))
        return published or "", max(at, default=""), article

    def _write(self, source: str, article: str, triples: tuple[Statement, ...], at: datetime | None) -> None:
        """Writes an article in the place of its older versions."""
        index, name = indexed(triples), ox.NamedNode(article)
        _check(source, index)
        url = next((as_text(urls[0]) for urls in index.get(URL, {}).values()), None)
        quads = (ox.Quad(*triple, name) for triple in triples)
        part, came_from = share(index), {article: as_text(index[_SOURCE][name][0])}
        self._replace(self.versions(url), quads, {article: part}, at)
        self._ledger.came(came_from)
        self._remember(article, part)

    def keep(self, quads: Iterable[ox.Quad]) -> None:
        """Writes quads of graphs that nothing is derived of: the journal, and what others said in their own terms."""
        self._writable()
        listed = list(quads)
        if wrong := next((quad for quad in listed if not _is_kept(as_text(quad.graph_name))), None):
            raise StoreError(f"{wrong.graph_name}: what articles say is written by add, and nothing else")
        with faults.told(self):
            self._store.extend(listed)

    def remove(self, article: str, at: datetime | None = None) -> bool:
        """Removes the article, and from the world graph what no other article supports; False if it is not there."""
        self._writable()
        if article not in self:
            return False
        self._replace((article,), (), {}, at)
        return True

    def _replace(
        self, gone: Iterable[str], quads: Iterable[ox.Quad], added: Mapping[str, Share], at: datetime | None
    ) -> None:
        """Takes articles out and puts quads in, with a line in the journal for each that comes or goes."""
        old = tuple(gone)
        drop = " ".join(f"DROP GRAPH {ox.NamedNode(article)} ;" for article in old)
        lines = journal.lines(added, old, at) if at is not None else ()
        self._ledger.goes(old)
        self._apply(chain(quads, lines), drop, added, {article: self.share(article) for article in old})
        for article in old:
            self._shares.pop(article, None)

    def forget(self, things: Iterable[str], triples: Iterable[tuple[str, str, str]]) -> None:
        """Takes things, with all that is said of them, and triples with what they imply out of the world graph: for a
        view of it, which is then no longer what the articles give (`mend` brings it back)."""
        self._writable()
        for thing in things:
            for end in ("?end ?any ?other", "?other ?any ?end"):
                lost = f"GRAPH {_WORLD} {{ {end} }}"
                self._store.update(f"DELETE {{ {lost} }} WHERE {{ {lost} VALUES ?end {{ {ox.NamedNode(thing)} }} }}")
        for subject, predicate, object_ in triples:
            ends = ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(object_)
            for triple in closed(*ends, schema()):
                self._store.remove(ox.Quad(*triple, _WORLD))

    def decide(self, decided: Iterable[Judgement]) -> None:
        """Puts these decisions of people in the place of all that were there, and follows them."""
        self._writable()
        old, new = set(self.decisions()), set(decided)
        touched = {iri for item in old ^ new for iri in (item.left, item.right)}
        graph = ox.NamedNode(JUDGEMENTS)
        quads = [ox.Quad(*triple, graph) for item in new for triple in judgements.triples(item)]
        before, after = _decided(old), _decided(new)
        self._ledger.goes(sorted(before.keys() - after.keys()))
        self._apply(quads, f"DROP SILENT GRAPH {graph} ;", touched=touched, decided=new)
        self._ledger.came({mark: after[mark] for mark in after.keys() - before.keys()})

    def mend(self) -> None:
        """Derives the world graph, and all else that is derived, anew from the articles and people's decisions."""
        self._may_write()
        shares = {source.article: self.share(source.article) for source in self.articles()}
        older = (name for name in self._store.named_graphs() if as_text(name).startswith(INDEX.rpartition("/")[0]))
        drop = " ".join(f"DROP SILENT GRAPH {name} ;" for name in {*map(ox.NamedNode, DERIVED), *older})
        new = " ".join(sorted(map(_data, from_scratch(shares, self.decisions()))))
        with faults.told(self):
            self._store.update(f"{drop} INSERT DATA {{ {new} }}")
        self._remembered, self._stale = Remembered(), False

    def share(self, article: str) -> Share:
        """What an article of the store shares with others. What news is of moves often, so the last are remembered."""
        if article not in self._shares:
            self._remember(article, share(indexed(self._triples(ox.NamedNode(article)))))
        return self._shares[article]

    def _remember(self, article: str, part: Share) -> None:
        """An article never changes, and so its share does not."""
        while len(self._shares) >= _RECENT:
            del self._shares[next(iter(self._shares))]
        self._shares[article] = part

    def _apply(
        self,
        quads: Iterable[ox.Quad] = (),
        before: str = "",
        added: Mapping[str, Share] | None = None,
        gone: Mapping[str, Share] | None = None,
        touched: Iterable[str] = (),
        decided: Iterable[Judgement] | None = None,
    ) -> None:
        """Writes quads, after an update if there is one, with all that follows from the change: in one atomic call."""
        said = self.decisions() if decided is None else decided
        remembered = self._remembered if len(self._remembered.alone) <= _REMEMBERED else Remembered()
        # Of a write that fails nobody knows whether it was done: what was remembered may be true no more.
        self._remembered = Remembered()
        derivation = Derivation(self._store, self._store, self.share, said, remembered)
        with faults.told(self):
            self._commit(derivation.run(added or {}, gone or {}, touched), quads, before)
        remembered.follow(derivation.noted)
        self._remembered = remembered

    def _commit(self, change: Change, quads: Iterable[ox.Quad], before: str) -> None:
        """Writes quads, after an update if there is one, with a change of what is derived: in one atomic call."""
        new = [*quads, *change.add]
        if not change.drop and not before:
            self._store.extend(new)
        else:
            lost, added = (" ".join(sorted(map(_data, some))) for some in (change.drop, new))
            self._store.update(f"{before} DELETE DATA {{ {lost} }} ; INSERT DATA {{ {added} }}")
        self._unflushed += len(new) + len(change.drop)
        if self.path is not None and self._unflushed >= _FLUSH:
            self._unflushed = 0
            self._store.flush()
            _trim()

    def _writable(self) -> None:
        self._fresh()
        self._may_write()

    def _may_write(self) -> None:
        if self.read_only:
            raise StoreError(f"{self}: the store was opened to be read only: open it with Store(path) to write")

    def backup(self, path: str | Path) -> None:
        """Copies the store, as it is now, to a path that does not exist yet; readers can be served from the copy."""
        if self.path is None:
            raise StoreError("the store in memory has no backup: export it, or open one with a path")
        if Path(path).exists():
            raise StoreError(f"{path}: already exists: choose a new path for the backup")
        with faults.told(f"{path}: no backup"):
            self._store.backup(path)

    # ---------------------------------------------------------------------------------------------------------- reading

    @property
    def dataset(self) -> Dataset:
        """The store as an rdflib Dataset. For reading: a write through it is neither atomic nor checked, and leaves
        the world graph behind. Ask one named graph: over a union of graphs Oxigraph gives a triple once for each
        graph that holds it."""
        # Not at the top: it brings rdflib's own SPARQL along, a tenth of a second for every command.
        from oxrdflib import OxigraphStore

        dataset = Dataset(store=OxigraphStore(store=self._store))
        self._lent = True
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace)
        return dataset

    def excerpt(self, articles: Iterable[str]) -> Store:
        """A store in memory that holds these articles alone, under the names that all articles have for things."""
        chosen, told, identity = Store(), ox.NamedNode(str(KG.toldAs)), ox.NamedNode(IDENTITY)
        for article in articles:
            quads = list(self.quads(article))
            chosen._store.extend(quads)
            ends = {term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
            for term in ends:
                chosen._store.extend(self._store.quads_for_pattern(None, told, term, identity))
        return chosen


# -------------------------------------------------------------------------------------------------------------- opening


def _opened(path: Path, read_only: bool) -> ox.Store:
    """The Oxigraph store at a path; made there if need be, unless it is to be read only."""
    _check_place(path, read_only)
    with faults.told(path):
        try:
            if read_only:
                return ox.Store.read_only(str(path))
            path.parent.mkdir(parents=True, exist_ok=True)
            opened = ox.Store(path)
            _tidy(path)
            return opened
        except RuntimeError as error:
            # Nothing but the files can be wrong here, in whatever words.
            raise OSError(f"Corruption: {error}".replace("Corruption: Corruption:", "Corruption:")) from error


def _tidy(path: Path) -> None:
    """RocksDB tells of each opening in a file of 100 KB, and keeps them all: the last one is enough."""
    for old in sorted(path.glob("LOG.old.*"))[:-1]:
        with suppress(OSError):
            old.unlink()


def is_there(path: Path) -> bool:
    """Whether there is a store at a path, or what is left of one."""
    return path.exists() and not (path.is_dir() and next(path.iterdir(), None) is None)


def _trim() -> None:
    """Gives freed memory back to the system, where the C library can: it keeps 90 MB among 2,000 articles."""
    if sys.platform.startswith("linux"):
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)


def _is_stale(store: ox.Store) -> bool:
    """Whether there are articles, and nothing is derived of them in the form that this version of kg knows."""
    articles = store.quads_for_pattern(None, STATUS, COMPLETE, None)
    index = store.quads_for_pattern(None, None, None, ox.NamedNode(INDEX))
    return next(iter(articles), None) is not None and next(iter(index), None) is None


#: Files that hold articles or tell of them; and those that are there before them, where the making of a store was cut.
_HOLDS = re.compile(rf"\d+\.(sst|log)|{re.escape(LEDGER)}")
_BEGUN = re.compile(r"LOCK|LOG(\.old\.\d+)?|IDENTITY|MANIFEST-\d+|OPTIONS-\d+|\d+\.dbtmp|OPTIONS-\d+\.dbtmp")


def _check_place(path: Path, read_only: bool) -> None:
    """Refuses a path that holds something else: RocksDB would put its files beside what is there."""
    try:
        held = {item.name for item in path.iterdir()} if path.is_dir() else None
    except OSError as error:
        raise StoreError(f"{path}: {faults.mend(error)}") from error
    if held is None and path.exists():
        raise StoreError(f"{path}: is a file, and a store is a folder: choose another path")
    if held and "CURRENT" not in held and any(map(_HOLDS.fullmatch, held)):
        raise FaultError(f"{path}: {faults.mend('No such file: CURRENT, by which a store is found')}")
    if held and "CURRENT" not in held and not all(map(_BEGUN.fullmatch, held)):
        raise StoreError(f"{path}: is a folder of other files ({min(held)}) and no store: choose an empty or new one")
    if not held and read_only:
        raise StoreError(f"{path}: there is no store: run kg ingest first, or correct the path")


def _is_kept(graph: str) -> bool:
    return graph == JOURNAL or graph.startswith(str(FOREIGN))


def _check(source: str, index: Index) -> None:
    """Raises StoreError where the graph violates the shapes: three violations tell enough."""
    found = violations(index, shapes())
    if found:
        shown = "; ".join(map(str, found[:3]))
        raise StoreError(f"{source}: not written, its graph has {len(found)} violations: {shown}")


def _data(quad: ox.Quad) -> str:
    """A quad as SPARQL writes it in data."""
    return f"GRAPH {quad.graph_name} {{ {quad.triple} . }}"
