"""The SPARQL 1.1 Protocol (W3C Recommendation of 21 March 2013), its query operation: what a request asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl

from kg.serve.media import by_liking
from kg.serve.refusal import RefusalError
from kg.serve.work import GRAPHS, RESULTS, Asked

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
#: A query of more is an attack, or should be data.
MOST_BYTES = 256 * 1024

#: Short names for media types, for the parameter `format` and those that others accept by other names.
_FORMATS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/plain": "application/n-triples",
}
_READ_ONLY = "this graph is read only here: it is changed by kg ingest, kg remove and kg resolve"
#: What an update begins with, after its prologue (SPARQL 1.1 Update, section 3).
_UPDATE = re.compile(
    r"(?:\s++|#[^\n]*+\n|(?:PREFIX|BASE)\b[^<>#]*+<[^<>]*+>)*+(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b",
    re.IGNORECASE,
)
_OFFERED = (*RESULTS, *GRAPHS)


def asked(method: str, content: str, parameters: str, body: bytes, accept: str) -> Asked:
    """The query of a request, by its method, content type, query string and body (section 2.1).

    Raises RefusalError for what is no query: an update, another method or media type, none or two queries, no UTF-8.
    """
    if method not in ("GET", "POST"):
        raise RefusalError(405, f"{method} is no way to ask: use GET or POST")
    if len(body) > MOST_BYTES or len(parameters) > MOST_BYTES:
        raise RefusalError(413, f"the query is longer than {MOST_BYTES // 1024} KB: shorten it")
    given = pairs(parameters)
    if method == "POST":
        given += _posted(content.partition(";")[0].strip().lower(), body)
    return _asked(given, accept)


def _posted(content: str, body: bytes) -> list[tuple[str, str]]:
    if content == UPDATE:
        raise RefusalError(403, _READ_ONLY)
    text = _decoded(body)
    if content == QUERY:
        return [("query", text)]
    if content == FORM:
        return pairs(text)
    raise RefusalError(415, f"a query is posted as {FORM} or {QUERY}, not as {content or 'nothing'}")


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusalError(400, "the query is not UTF-8: encode it so") from error


def pairs(text: str) -> list[tuple[str, str]]:
    """Parameters by name, of a query string or a form that was posted."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except ValueError as error:
        raise RefusalError(400, "the parameters are not UTF-8, or too many: encode them so") from error


def _asked(given: Sequence[tuple[str, str]], accept: str) -> Asked:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in given if key == name)

    if values("update") or values("using-graph-uri") or values("using-named-graph-uri"):
        raise RefusalError(403, _READ_ONLY)
    if len(values("query")) != 1:
        raise RefusalError(400, f"{len(values('query'))} queries were sent: send one, as the parameter query")
    (query,) = values("query")
    default, named = values("default-graph-uri"), values("named-graph-uri")
    if _UPDATE.match(query):
        raise RefusalError(400, f"an update is no query: {_READ_ONLY}")
    media = tuple(filter(None, map(_FORMATS.get, values("format")))) or by_liking(accept, _OFFERED, _FORMATS)
    return Asked(query, default, named if named or default else None, media)
