"""What a query found, as the W3C's formats: JSON, XML, CSV and TSV for rows, Turtle and others for triples.

Rows are written here and not by Oxigraph, which writes all or none: an answer ends at a number of rows or bytes, and
says so.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.serve.formats import preferred

Term = Any
Row = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an answer may hold."""

    rows: int = 10_000
    size: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """An answer as bytes; `cut` says in words that it is a part, and is empty if it is the whole."""

    media: str
    content: bytes
    rows: int
    cut: str


class NotAcceptable(QueryError):
    """The client accepts no format that there is for such an answer."""


def write(found: Any, accept: str, limits: Limits) -> Found:
    """What a query found, in the format that a client wants most."""
    if isinstance(found, ox.QueryBoolean):
        media = _chosen(accept, _BOOLEAN)
        return Found(media, found.serialize(format=_BOOLEAN[media]) or b"", 1, "")
    if isinstance(found, ox.QueryTriples):
        media = _chosen(accept, _GRAPHS)
        triples, cut = _capped((tuple(triple) for triple in found), limits)
        content = ox.serialize((ox.Triple(*row) for row in triples), format=_GRAPHS[media], prefixes=PREFIXES)
        return Found(media, content or b"", len(triples), cut)
    media = _chosen(accept, ROWS)
    rows, cut = _capped((tuple(row) for row in found), limits)
    columns = tuple(variable.value for variable in found.variables)
    return Found(media, ROWS[media](columns, rows).encode("utf-8", "replace"), len(rows), cut)


def _chosen(accept: str, media: dict[str, Any]) -> str:
    best = preferred(accept, {name: name for name in media})
    if best is None:
        raise NotAcceptable(f"nothing to answer with in {accept}: accept one of {', '.join(media)}")
    return best


def _capped(rows: Iterable[Row], limits: Limits) -> tuple[list[Row], str]:
    """Rows up to a limit, and in words which limit that was."""
    kept: list[Row] = []
    size = 0
    for row in rows:
        if len(kept) == limits.rows:
            return kept, f"only the first {limits.rows} rows: add LIMIT and OFFSET to see others"
        size += sum(len(str(term)) for term in row if term is not None)
        if size > limits.size:
            return (
                kept,
                f"only the first {len(kept)} rows, for all would be more than {limits.size} bytes: ask for less",
            )
        kept.append(row)
    return kept, ""


# -------------------------------------------------------------------------------------------------------------- formats


def _json(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    bindings = [
        {name: _json_term(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in rows
    ]
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": bindings}}, ensure_ascii=False)


def _json_term(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        return {"type": "literal", "value": term.value, **_kind(term)}
    ends = zip(("subject", "predicate", "object"), term, strict=True)
    return {"type": "triple", "value": {name: _json_term(end) for name, end in ends}}


_STRING = "http://www.w3.org/2001/XMLSchema#string"


def _kind(literal: ox.Literal) -> dict[str, str]:
    """The language or the datatype of a literal; a plain string has neither."""
    if literal.language:
        return {"xml:lang": literal.language}
    return {} if literal.datatype.value == _STRING else {"datatype": literal.datatype.value}


def _xml(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in columns)
    body = "".join(f"<result>{''.join(_bindings(columns, row))}</result>" for row in rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        f"<head>{head}</head><results>{body}</results></sparql>"
    )


def _bindings(columns: tuple[str, ...], row: Row) -> Iterator[str]:
    for name, term in zip(columns, row, strict=True):
        if term is not None:
            yield f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"


#: Characters that XML 1.0 cannot hold (its production 2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml_term(term: Term) -> str:
    if isinstance(term, ox.Triple):
        ends = zip(("subject", "predicate", "object"), term, strict=True)
        return "<triple>" + "".join(f"<{name}>{_xml_term(end)}</{name}>" for name, end in ends) + "</triple>"
    text = escape(_NOT_XML.sub("\ufffd", term.value), {"\r": "&#13;"})
    if isinstance(term, ox.Literal):
        kind = "".join(f" {name}={quoteattr(value)}" for name, value in _kind(term).items())
        return f"<literal{kind}>{text}</literal>"
    name = "uri" if isinstance(term, ox.NamedNode) else "bnode"
    return f"<{name}>{text}</{name}>"


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([plain(term) for term in row] for row in rows)
    return output.getvalue()


def plain(term: Term) -> str:
    """A term as text: of a literal its words."""
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(getattr(term, "value", term))


def _tsv(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    lines = ["\t".join(f"?{name}" for name in columns)]
    lines += ["\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) for row in rows]
    return "\n".join(lines) + "\n"


def _page(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    """For the pages of this server: columns, and rows of [text, whether it is an IRI]."""
    cells = [[[plain(term), isinstance(term, ox.NamedNode)] for term in row] for row in rows]
    return json.dumps({"columns": columns, "rows": cells}, ensure_ascii=False)


#: For the pages: no client asks for it by chance.
PAGE = "application/x-kg-page"
ROWS: dict[str, Callable[[tuple[str, ...], Iterable[Row]], str]] = {
    "application/sparql-results+json": _json,
    "application/sparql-results+xml": _xml,
    "text/csv": _csv,
    "text/tab-separated-values": _tsv,
    "application/json": _json,
    "application/xml": _xml,
    "text/xml": _xml,
    PAGE: _page,
}
_BOOLEAN = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
    PAGE: ox.QueryResultsFormat.CSV,
}
_GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    PAGE: ox.RdfFormat.TURTLE,
}
