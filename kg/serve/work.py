"""What worker processes do: questions of strangers, and what takes long. Each is a function of the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from typing import Any

import pyoxigraph as ox

from kg.clusters import Judgement
from kg.contradictions import Contradiction, contradictions
from kg.errors import KGError, QueryError
from kg.namespaces import PREFIXES
from kg.query import ask
from kg.resolve import identities
from kg.serve.refusal import RefusalError
from kg.sparql import graphs
from kg.store import Store

#: So many rows has a table on a page; so large is an answer of the endpoint.
MOST_ROWS, MOST_BYTES = 1_000, 64 * 1024 * 1024

RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the graphs that it is asked of (none: the world graph, and any by GRAPH), and media types by liking."""

    sparql: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] | None = None
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A term in a table: its text, and whether it is an IRI."""

    text: str
    iri: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns, and rows of terms, None where a variable is free; `more` tells that rows were left off."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    more: bool = False


def table(store: Store, asked: Asked, most: int = MOST_ROWS) -> Table:
    """The first rows that a query finds."""
    found = _results(store, asked)
    if isinstance(found, ox.QueryBoolean):
        return Table(("answer",), ((Cell("yes" if found else "no"),),))
    with _told():
        rows = tuple(tuple(map(_cell, row)) for row in islice(found, most + 1))
    columns = ("subject", "predicate", "object")
    if isinstance(found, ox.QuerySolutions):
        columns = tuple(variable.value for variable in found.variables)  # type: ignore[assignment]
    return Table(columns, rows[:most], len(rows) > most)


def _cell(term: Any) -> Cell | None:
    return None if term is None else Cell(str(getattr(term, "value", term)), isinstance(term, ox.NamedNode))


def answer(store: Store, name: str, values: tuple[tuple[str, str], ...]) -> Table:
    """The answer to a competency question, for values of its parameters by name."""
    found = ask(store, name, **dict(values))
    rows = (tuple(None if text is None else Cell(text, "://" in text[:9]) for text in row) for row in found.rows)
    return Table(found.columns, tuple(islice(rows, MOST_ROWS)), len(found.rows) > MOST_ROWS)


def document(store: Store, asked: Asked) -> tuple[str, bytes]:
    """The media type and the text of all that a query finds."""
    found = _results(store, asked)
    offered: dict[str, Any] = dict(GRAPHS if isinstance(found, ox.QueryTriples) else RESULTS)
    media = next((media for media in asked.media if media in offered), None)
    if media is None and asked.media:
        raise RefusalError(406, f"this answer comes as {', '.join(offered)}: accept one of them")
    media = media or next(iter(offered))
    sink = _Sink()
    with _told():
        found.serialize(sink, format=offered[media])
    return media, sink.getvalue()


class _Sink(BytesIO):
    """A file that takes so much and no more."""

    def write(self, part: Any) -> int:
        if self.tell() + len(part) > MOST_BYTES:
            size = f"{MOST_BYTES // 2**20} MB"
            raise RefusalError(500, f"the answer is larger than {size}: ask for a part of it with LIMIT and OFFSET")
        return super().write(part)


def _results(store: Store, asked: Asked) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    asked = asked if asked.default or asked.named else _from(asked)
    for name in (*asked.default, *(asked.named or ())):
        if not store.has_graph(name):
            raise QueryError(f"{name} is no graph of this store, and nothing is fetched: SELECT DISTINCT ?g lists them")
    return store.results(asked.sparql, asked.default, asked.named)


def _from(asked: Asked) -> Asked:
    """A query over the graphs that it names itself; those of the protocol go before them (section 2.1.4)."""
    default, named = graphs(asked.sparql, PREFIXES)
    return replace(asked, default=default, named=named) if default or named else asked


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong while an answer is read."""
    try:
        yield
    except KGError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error


def disputes(store: Store) -> tuple[Contradiction, ...]:
    """All contradictions."""
    return contradictions(store)


def unsure(store: Store) -> tuple[Judgement, ...]:
    """All pairs of names of which nobody is sure."""
    return identities(store).unsure
