"""The exports: the same bytes for the same store, and each readable by somebody else's reader."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal

import networkx as nx
import pytest
from hypothesis import given, settings
from rdflib import Dataset, Graph, URIRef

from kg.errors import QueryError
from kg.export import COLUMNS, FORMATS, NODES, RELATIONSHIPS, export, flatten
from kg.mirror import to_networkx
from kg.namespaces import INDEX, KG, WORLD
from kg.query import ask
from kg.record import Entity, Mention, Record, Relation, Span
from kg.report import answer
from kg.store import Store
from tests.records import archives


def stored(drawn: list[Record]) -> Store:
    store = Store()
    for record in drawn:
        store.add(record)
    return store


def hostile(name: str) -> Record:
    """An article in which somebody of that name heads a state, in a sentence that holds the name."""
    text = f"{name} leads Ruritania."
    sentence, place = Span(0, len(text)), text.index("Ruritania", len(name))
    article = "https://kg.example/article/cccccccccccccccc"
    head = Entity("e1", "Person", name, f"{article}#e1", None, (Mention(0, len(name), "name"),))
    mention = Mention(place, place + len("Ruritania"), "name")
    state = Entity("e2", "State", "Ruritania", "https://kg.example/name/Ruritania", "Q1", (mention,))
    claim = Relation("e1", "headOf", "e2", sentence, "affirmed", "actual", None, 0.9, "king")
    return Record(
        article, "a.txt", name, "2026-02-18", "en", None, name, text, (head, state), (), (), (claim,), ()
    )  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@given(drawn=archives(max_size=2))
@settings(max_examples=10)
def test_bytes_depend_on_the_content_alone(format: str, drawn: list[Record]) -> None:
    with stored(drawn) as store, stored(drawn[::-1]) as other:
        assert export(store, format) == export(other, format)


def test_an_unknown_format_names_those_there_are() -> None:
    with Store() as store, pytest.raises(QueryError, match="no format 'docx': choose one of turtle, trig"):
        export(store, "docx")


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_store_can_be_exported(format: str) -> None:
    with Store() as store:
        assert isinstance(export(store, format), bytes)


# ------------------------------------------------------------------------------------------------------------------ RDF


@given(archives())
@settings(max_examples=20)
def test_nquads_are_sorted_and_whole(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        lines = export(store, "nquads").decode().split("\n")
        assert lines[:-1] == sorted(set(lines[:-1]))
        assert len(lines) - 1 == len(_told(store))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's readers warn of rdflib's ConjunctiveGraph
@pytest.mark.parametrize("format", ["trig", "jsonld"])
@given(drawn=archives(max_size=2))
@settings(max_examples=10)
def test_each_format_holds_all_quads(format: str, drawn: list[Record]) -> None:
    with stored(drawn) as store:
        data = export(store, format)
        parsed = Dataset().parse(data=data, format={"jsonld": "json-ld"}.get(format, format))
        assert _plain(parsed) == _told(store)


def _told(store: Store) -> set[tuple[str, ...]]:
    """All quads but those of the index, which is for kg alone."""
    return {quad for quad in _plain(store.dataset) if quad[3] != INDEX}


def _plain(dataset: Dataset | Graph) -> set[tuple[str, ...]]:
    """Quads as text; the value of a number, for a reader may write 0.90 as 0.9."""
    return {tuple(_term(term) for term in quad) for quad in dataset}


def _term(term: object) -> str:
    value = getattr(term, "value", None)
    return str(float(value)) if isinstance(value, Decimal) else str(term)


@given(archives())
@settings(max_examples=10)
def test_turtle_is_the_world_graph(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        parsed = Graph().parse(data=export(store, "turtle"), format="turtle")
        assert _plain(parsed) == _plain(store.dataset.graph(URIRef(WORLD)))


def test_turtle_is_prefixed_and_in_blocks() -> None:
    with stored([hostile("Rudolf")]) as store:
        text = export(store, "turtle").decode()
        assert "@prefix kg: <https://kg.example/ns#> ." in text
        assert "kg:headOf name:Ruritania" in text
        assert text.count("name:Ruritania rdf:type") + text.count("name:Ruritania a ") == 1


# --------------------------------------------------------------------------------------------------------------- mirror


@pytest.mark.parametrize(("format", "reader"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
@given(drawn=archives(max_size=2))
@settings(max_examples=25)
def test_networkx_reads_it_again(format: str, reader: object, drawn: list[Record]) -> None:
    with stored(drawn) as store:
        flat = flatten(to_networkx(store))
        again = reader(io.BytesIO(export(store, format)))  # type: ignore[operator]
        assert {node: data["label"] for node, data in again.nodes(data=True)} == dict(flat.nodes(data="label"))
        assert _edges(again) == _edges(flat)


def _edges(graph: nx.Graph) -> list[tuple[str, ...]]:
    names = ("iri", "label", "sources", "evidence", "polarity", "modality", "claims")
    return sorted(
        (source, target, *(str(data[name]) for name in names)) for source, target, data in graph.edges(data=True)
    )


@pytest.mark.parametrize(("format", "reader"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
@pytest.mark.parametrize("name", ["a\x00b", "a\x0bb", "\ufffe", "<script>&amp;]]>", 'quo"te', "tab\tand\nline"])
def test_characters_that_xml_cannot_hold(format: str, reader: object, name: str) -> None:
    with stored([hostile(name)]) as store:
        again = reader(io.BytesIO(export(store, format)))  # type: ignore[operator]
        expected = name.replace("\x00", "\ufffd").replace("\x0b", "\ufffd").replace("\ufffe", "\ufffd")
        assert expected in {data["label"] for _, data in again.nodes(data=True)}


def test_claims_are_json_in_the_files() -> None:
    with stored([hostile("Rudolf")]) as store:
        again = nx.read_graphml(io.BytesIO(export(store, "graphml")))
        ((_, _, data),) = again.edges(data=True)
        (claim,) = json.loads(data["claims"])
        assert (claim["sentence"], claim["office"]) == ("Rudolf leads Ruritania.", "king")


@given(drawn=archives(max_size=2))
@settings(max_examples=25)
def test_cytoscape_json_is_read_again(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        flat = flatten(to_networkx(store))
        found = json.loads(export(store, "cyjs"))
        again = nx.cytoscape_graph(found)
        assert dict(again.nodes(data="label")) == dict(flat.nodes(data="label"))
        assert _edges(again) == _edges(flat)
        assert {edge["data"]["id"] for edge in found["elements"]["edges"]} == {key for *_, key in flat.edges(keys=True)}
        assert all(node["data"]["name"] == node["data"]["label"] for node in found["elements"]["nodes"])


# ---------------------------------------------------------------------------------------------------------------- Neo4j


def tables(store: Store) -> dict[str, list[dict[str, str]]]:
    """The tables of the zip for Neo4j."""
    with zipfile.ZipFile(io.BytesIO(export(store, "neo4j"))) as archive:
        assert archive.testzip() is None
        assert "neo4j-admin database import" in archive.read("README.txt").decode()
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode(), newline="")))
            for name in ("nodes", "relationships")
        }


@given(drawn=archives(max_size=2))
@settings(max_examples=25)
def test_neo4j_has_a_node_for_each_node_and_a_relationship_for_each_claim_of_an_edge(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        graph, found = to_networkx(store), tables(store)
    assert {row["iri:ID"] for row in found["nodes"]} == set(graph)
    claims = {claim.id for *_, data in graph.edges(data=True) for claim in data["claims"]}
    assert sorted(row["claim"] for row in found["relationships"]) == sorted(claims)
    assert {row[end] for row in found["relationships"] for end in (":START_ID", ":END_ID")} <= set(graph)


def test_neo4j_columns_are_typed_and_labelled() -> None:
    with stored([hostile("Rudolf")]) as store:
        found = tables(store)
    (row,) = found["relationships"]
    assert tuple(row) == RELATIONSHIPS
    assert (row[":TYPE"], row["asserted:boolean"], row["confidence:double"]) == ("headOf", "true", "0.9")
    assert {row["name"]: row[":LABEL"] for row in found["nodes"]} == {"Rudolf": "Person", "Ruritania": "State"}
    assert tuple(found["nodes"][0]) == NODES


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "a;b", 'say "hi"', "line\nbreak"])
def test_neo4j_cells_are_text(name: str) -> None:
    with stored([hostile(name)]) as store:
        found = tables(store)
    assert {row["name"].removeprefix("'") for row in found["nodes"]} == {name, "Ruritania"}
    cells = [cell for rows in found.values() for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n"))]


# --------------------------------------------------------------------------------------------------------------- pandas


def test_a_frame_is_the_answer() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: pip install 'kg-news[pandas]'")
    with stored([hostile("Rudolf")]) as store:
        frame = store.frame("who-heads", of="Ruritania")
        assert isinstance(frame, pandas.DataFrame)
        answer = ask(store, "who-heads", of="Ruritania")
        assert tuple(frame.columns) == answer.columns
        assert [tuple(row) for row in frame.itertuples(index=False)] == list(answer.rows)
        assert frame["head"].tolist() == ["Rudolf"]
        assert store.frame("SELECT ?s { ?s kg:headOf ?o }").shape == (1, 1)
        assert list(store.frame("SELECT ?s { ?s kg:allyOf ?o }").columns) == ["s"]


def test_a_frame_without_pandas_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with Store() as store, pytest.raises(QueryError, match=r"pip install 'kg-news\[pandas\]'"):
        store.frame("who-heads")


def test_a_query_takes_no_parameters() -> None:
    with Store() as store, pytest.raises(QueryError, match="only a question by name takes of"):
        store.frame("SELECT ?s { ?s ?p ?o }", of="x")


# ------------------------------------------------------------------------------------------------------------------ CSV


def table(store: Store) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(store, "csv").decode(), newline="")))


@given(archives())
@settings(max_examples=20)
def test_csv_has_a_row_for_each_claim(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        rows = table(store)
        claims = {str(subject) for subject, _, object_, _ in store.dataset.quads() if object_ == KG.Claim}
        assert sorted(row["claim"] for row in rows) == sorted(claims)


def test_csv_row() -> None:
    with stored([hostile("Rudolf")]) as store:
        (row,) = table(store)
        assert tuple(row) == COLUMNS
        assert (row["subject"], row["predicate"], row["object"]) == ("Rudolf", "headOf", "Ruritania")
        assert (row["polarity"], row["modality"], row["asserted"]) == ("affirmed", "actual", "true")
        assert (row["confidence"], row["office"], row["speaker"]) == ("0.9", "king", "")
        assert (row["sentence"], row["date"]) == ("Rudolf leads Ruritania.", "2026-02-18")


def test_csv_confidence_of_one_is_a_number() -> None:
    record = hostile("Rudolf")
    sure = replace(record, relations=tuple(replace(claim, confidence=1.0) for claim in record.relations))
    with stored([sure]) as store:
        assert table(store)[0]["confidence"] == "1.0"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_csv_cells_are_no_formulas(name: str) -> None:
    with stored([hostile(name)]) as store:
        (row,) = table(store)
        assert row["subject"] == f"'{name}"
        assert row["sentence"].startswith("'")
        assert not [cell for cell in row.values() if cell.startswith(tuple("=+-@\t\r\n"))]


@pytest.mark.parametrize("name", ['say "hi"', "a,b", "a;b", "line\nbreak", "naïve 🕊"])
def test_csv_quotes_what_must_be_quoted(name: str) -> None:
    with stored([hostile(name)]) as store:
        assert table(store)[0]["subject"] == name


def test_each_table_as_csv_is_free_of_formulas_and_keeps_numbers() -> None:
    columns, row = ("a", "b", "c", "d"), ("=cmd|' /C calc'!A0", "-3", 0, None)
    assert answer(columns, [row], "csv") == "a,b,c,d\n'=cmd|' /C calc'!A0,-3,0,"
