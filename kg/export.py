"""The graph in other formats, the same bytes for the same store.

`turtle` is the world graph; `trig`, `nquads` and `jsonld` are all named graphs; `graphml` (yEd, networkx), `gexf`
(Gephi) and `cyjs` (Cytoscape) are the mirror with its values as text; `neo4j` is a zip of the two tables that
`neo4j-admin database import` reads; `csv` is the claims as a table.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib import RDF

from kg.errors import QueryError
from kg.mirror import Claim, to_networkx
from kg.namespaces import INDEX, JOURNAL, PREFIXES, WORLD
from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx


def export(store: Store, format: str) -> bytes:
    """The store in a format of `FORMATS`. Raises QueryError for any other."""
    if format not in FORMATS:
        raise QueryError(f"no format {format!r}: choose one of {', '.join(FORMATS)}")
    return FORMATS[format](store)


# ------------------------------------------------------------------------------------------------------------------ RDF


def _turtle(store: Store) -> bytes:
    quads = _sorted(store.quads(graph=WORLD))
    return _serialize((quad.triple for quad in quads), ox.RdfFormat.TURTLE)


def _trig(store: Store) -> bytes:
    return _serialize(_sorted(_told(store)), ox.RdfFormat.TRIG)


def _jsonld(store: Store) -> bytes:
    return _serialize(_sorted(_told(store)), ox.RdfFormat.JSON_LD)


def _nquads(store: Store) -> bytes:
    return b"".join(sorted(f"{quad} .\n".encode() for quad in _told(store)))


def _told(store: Store) -> Iterator[ox.Quad]:
    """All quads but those of the journal, which no two runs share, and of the index, which is for kg alone."""
    hidden = {ox.NamedNode(JOURNAL), ox.NamedNode(INDEX)}
    return (quad for quad in store.quads() if quad.graph_name not in hidden)


def _sorted(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Graph by graph, subject by subject: only neighbours are written as one block."""
    return sorted(quads, key=lambda quad: tuple(str(quad[place]) for place in (3, 0, 1, 2)))


def _serialize(statements: Iterable[ox.Triple] | Iterable[ox.Quad], format: ox.RdfFormat) -> bytes:
    return ox.serialize(statements, format=format, prefixes=PREFIXES) or b""


# --------------------------------------------------------------------------------------------------------------- mirror
# networkx is not imported at the top: a tenth of a second, which most commands need not spend.


def _graphml(store: Store) -> bytes:
    from networkx import write_graphml

    output = io.BytesIO()
    write_graphml(flatten(to_networkx(store)), output)
    return output.getvalue()


def _gexf(store: Store) -> bytes:
    from networkx import write_gexf

    output = io.BytesIO()
    write_gexf(flatten(to_networkx(store)), output)
    return _TODAY.sub(b"", output.getvalue(), count=1)


def _cyjs(store: Store) -> bytes:
    """Cytoscape's own JSON; it shows `name` on a node and `interaction` on an edge."""
    from networkx import cytoscape_data

    flat = flatten(to_networkx(store))
    for _, data in flat.nodes(data=True):
        data["name"] = data["label"]
    for *_, key, data in flat.edges(keys=True, data=True):
        data |= {"id": key, "interaction": data["label"], "name": data["label"]}
    found = cytoscape_data(flat)
    # networkx writes what is known of the network as pairs, Cytoscape asks for an object.
    return json.dumps(found | {"data": {"name": "kg"}}, ensure_ascii=False, indent=1).encode()


#: networkx writes the day of the export into a GEXF file, which would make two exports differ.
_TODAY = re.compile(rb' lastmodifieddate="[^"]*"')

#: Characters that XML 1.0 cannot hold (its production 2): control characters, surrogates and two non-characters.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def flatten(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The mirror with plain values only, as XML formats ask: None left out, tuples and claims as JSON.

    Edges are keyed e0, e1 …, since an edge's id must be its own in GraphML and GEXF; the IRI of the predicate is kept
    as `iri`. A character that XML cannot hold becomes U+FFFD.
    """
    flat = type(graph)()
    for node, data in graph.nodes(data=True):
        flat.add_node(node, **_flat(data))
    for number, (subject, object_, predicate, data) in enumerate(graph.edges(keys=True, data=True)):
        flat.add_edge(subject, object_, key=f"e{number}", iri=predicate, label=data["predicate"], **_flat(data))
    return flat


def _flat(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in data.items() if value is not None}


def _plain(value: Any) -> str | bool | int | float:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple):
        value = json.dumps([asdict(item) if isinstance(item, Claim) else item for item in value], ensure_ascii=False)
    return _NOT_XML.sub("\ufffd", value)


# ------------------------------------------------------------------------------------------------------------------ CSV

COLUMNS = (
    "subject", "predicate", "object", "polarity", "modality", "asserted", "confidence", "speaker", "office",
    "sentence", "outlet", "date", "headline", "url", "article", "claim", "subject_iri", "predicate_iri", "object_iri",
    "speaker_iri",
)  # fmt: skip


def _csv(store: Store) -> bytes:
    """One row a claim, in the order of the mirror."""
    return table(COLUMNS, ([row.get(column) for column in COLUMNS] for row in _rows(to_networkx(store))))


def table(columns: Sequence[str], rows: Iterable[Iterable[Any]], end: str = "\r\n") -> bytes:
    """A table as CSV (RFC 4180), which no spreadsheet takes for formulas; `end` is that of a line."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator=end)
    writer.writerow(columns)
    writer.writerows(map(_cell, row) for row in rows)
    return output.getvalue().encode("utf-8", "replace")


def _rows(graph: nx.MultiDiGraph) -> Iterator[dict[str, Any]]:
    labels = dict(graph.nodes(data="label"))
    for node, data in graph.nodes(data=True):
        for class_, claim in zip(data["classes"], data["claims"], strict=True):
            terms = {"subject": labels[node], "predicate": "type", "object": class_}
            iris = {"subject_iri": node, "predicate_iri": str(RDF.type), "object_iri": _class(class_)}
            yield _row(claim) | terms | iris
    for subject, object_, predicate, data in graph.edges(keys=True, data=True):
        terms = {"subject": labels[subject], "predicate": data["predicate"], "object": labels[object_]}
        iris = {"subject_iri": subject, "predicate_iri": predicate, "object_iri": object_}
        yield from (_row(claim) | terms | iris for claim in data["claims"])


def _row(claim: Claim) -> dict[str, Any]:
    return asdict(claim) | {"claim": claim.id}


def _class(name: str) -> str:
    return PREFIXES["kg"] + name


def _cell(value: Any) -> str:
    """A cell as text. A spreadsheet runs a cell that begins with = + - @ tab or return as a formula, so an apostrophe
    is put before it, unless it is a number or a sign alone: "this is text" (OWASP, CSV injection)."""
    text = json.dumps(value) if isinstance(value, bool | float) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _HARMLESS.fullmatch(text) else text


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_HARMLESS = re.compile(r"[-+=]|-?[0-9]+(\.[0-9]+)?")


# ---------------------------------------------------------------------------------------------------------------- Neo4j

#: How `neo4j-admin database import` is told what a column holds: the property, and its type where that is not text.
NODES = (
    "iri:ID", "name", "kind", "first", "last", "wikidata", "asserted:boolean", "polarity", "modality", "sentence",
    ":LABEL",
)  # fmt: skip
RELATIONSHIPS = (
    ":START_ID", ":TYPE", ":END_ID", "polarity", "modality", "asserted:boolean", "confidence:double", "speaker",
    "office", "sentence", "outlet", "date", "headline", "url", "article", "claim",
)  # fmt: skip

_README = """\
Unpack these files, then read them into a new database:

  neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv --multiline-fields=true kg

A node is a thing or an event, its label the class. A relationship is one claim: filter by "asserted", "polarity" and
"modality" before you take it for a fact. A text that begins with = + - @ has an apostrophe before it.
"""


def _neo4j(store: Store) -> bytes:
    graph = to_networkx(store)
    files = {
        "README.txt": _README.encode(),
        "nodes.csv": table(NODES, _neo4j_nodes(graph)),
        "relationships.csv": table(RELATIONSHIPS, _neo4j_relationships(graph)),
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _neo4j_nodes(graph: nx.MultiDiGraph) -> Iterator[list[Any]]:
    for node, data in graph.nodes(data=True):
        known = [data[name] for name in ("label", "kind", "first", "last", "wikidata")]
        said = [(claim.asserted, claim.polarity, claim.modality, claim.sentence) for claim in data["claims"]]
        # A semicolon would make two labels of one.
        yield [node, *known, *(said or [(data["asserted"], "", "", "")])[0], data["type"].replace(";", ",")]


def _neo4j_relationships(graph: nx.MultiDiGraph) -> Iterator[list[Any]]:
    for subject, object_, data in graph.edges(data=True):
        for claim in data["claims"]:
            row = _row(claim)
            said = [row[column.partition(":")[0]] for column in RELATIONSHIPS[3:]]
            yield [subject, data["predicate"], object_, *said]


#: Names of the formats, and what writes each.
FORMATS: dict[str, Callable[[Store], bytes]] = {
    "turtle": _turtle,
    "trig": _trig,
    "nquads": _nquads,
    "jsonld": _jsonld,
    "graphml": _graphml,
    "gexf": _gexf,
    "cyjs": _cyjs,
    "neo4j": _neo4j,
    "csv": _csv,
}
