"""The SPARQL endpoint, asked over HTTP: the W3C's protocol tests, a real client, media types, and what is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.term import Node

from kg.errors import QueryError
from kg.namespaces import WORLD
from kg.serve.protocol import MOST_BYTES, asked
from kg.serve.refusal import RefusalError
from kg.sparql import refuse
from tests.bench.shared import folder
from tests.records import strike, talks
from tests.server import Server, filled, running

ASK = "ASK { ?who kg:negotiatorOf ?whom }"
SELECT = "SELECT ?who ?name { ?who kg:negotiatorOf ?whom ; rdfs:label ?name } ORDER BY ?name"
CONSTRUCT = "CONSTRUCT { ?who kg:negotiatorOf ?whom } WHERE { ?who kg:negotiatorOf ?whom }"
JSON = "application/sparql-results+json"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    store = filled(tmp_path_factory.mktemp("protocol") / "kg.store", (talks(), strike()))
    with running(store) as found:
        yield found


def got(server: Server, query: str, accept: str = JSON, **parameters: str) -> httpx.Response:
    return server.client.get("/sparql", params={"query": query, **parameters}, headers={"accept": accept})


# ---------------------------------------------------------------------------------------------------- three ways to ask


def test_get_and_both_posts_give_the_same(server: Server) -> None:
    answers = (
        got(server, SELECT),
        server.client.post("/sparql", data={"query": SELECT}, headers={"accept": JSON}),
        server.client.post(
            "/sparql",
            content=SELECT.encode(),
            headers={"accept": JSON, "content-type": "application/sparql-query; charset=utf-8"},
        ),
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["results"]["bindings"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
    ],
)
def test_rows_come_in_the_media_type_that_is_liked_best(server: Server, accept: str, media: str) -> None:
    answer = got(server, SELECT, accept)
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "accept" in answer.headers["vary"].lower()


def test_all_media_types_of_rows_say_the_same(server: Server) -> None:
    names = [row["name"]["value"] for row in got(server, SELECT).json()["results"]["bindings"]]
    table = list(csv.DictReader(StringIO(got(server, SELECT, "text/csv").text)))
    tabs = got(server, SELECT, "text/tab-separated-values").text.splitlines()
    tree = ElementTree.fromstring(got(server, SELECT, "application/sparql-results+xml").text)
    literals = [node.text for node in tree.iter("{http://www.w3.org/2005/sparql-results#}literal")]
    assert names == [row["name"] for row in table] == literals
    assert tabs[0] == "?who\t?name"
    assert [line.split("\t")[1] for line in tabs[1:]] == [f'"{name}"' for name in names]


@pytest.mark.parametrize(
    ("accept", "format"), [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml")]
)
def test_triples_come_as_rdf(server: Server, accept: str, format: str) -> None:
    answer = got(server, CONSTRUCT, accept)
    assert answer.headers["content-type"].startswith(accept)
    assert len(Graph().parse(data=answer.text, format=format)) == 1


def test_what_nobody_offers_is_not_acceptable(server: Server) -> None:
    answer = got(server, SELECT, "image/png")
    assert answer.status_code == 406
    assert JSON in answer.text


def test_a_real_client_connects(server: Server) -> None:
    graph = Graph(SPARQLStore(f"{server.address}/sparql"))
    rows = list(graph.query("SELECT ?name { ?who <https://kg.example/ns#negotiatorOf> ?x ; rdfs:label ?name }"))
    assert rows
    assert isinstance(rows[0][0], Literal)  # type: ignore[index]
    triple = (None, URIRef("https://kg.example/ns#negotiatorOf"), None)
    assert len(list(graph.triples(triple))) == len(rows)


def test_a_browser_that_asks_nothing_is_shown_the_page_for_asking(server: Server) -> None:
    answer = server.client.get("/sparql", headers={"accept": "text/html"})
    assert answer.headers["location"] == "/ask"


# ---------------------------------------------------------------------------------------------------------- the dataset


def test_graphs_of_the_store_may_be_named_and_no_others(server: Server) -> None:
    article = talks().id
    headline = "SELECT ?h { ?article schema:headline ?h }"
    assert not got(server, headline).json()["results"]["bindings"]
    assert got(server, headline, **{"default-graph-uri": article}).json()["results"]["bindings"]
    assert got(server, headline.replace("{", f"FROM <{article}> {{", 1)).json()["results"]["bindings"]
    for query, parameters in (
        (headline, {"default-graph-uri": "http://example.org/elsewhere"}),
        (headline, {"named-graph-uri": "file:///etc/passwd"}),
        ("SELECT * FROM <http://example.org/elsewhere> { ?a ?b ?c }", {}),
        ("SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?a ?b ?c } }", {}),
        ("PREFIX x: <http://example.org/> SELECT * FROM x:elsewhere { ?a ?b ?c }", {}),
        ("SELECT * \\u0046ROM <http://example.org/elsewhere> { ?a ?b ?c }", {}),
    ):
        answer = got(server, query, **parameters)
        assert answer.status_code == 400, query
        assert "no graph of this store" in answer.text


def test_the_dataset_of_the_protocol_goes_before_that_of_the_query(server: Server) -> None:
    query = f"SELECT ?h FROM <{WORLD}> {{ ?article schema:headline ?h }}"
    assert got(server, query, **{"default-graph-uri": talks().id}).json()["results"]["bindings"]


# ------------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * { SERVICE <http://example.org/sparql> { ?a ?b ?c } }", "SERVICE"),
        ("SELECT * { S\\u0045RVICE <http://example.org/sparql> { ?a ?b ?c } }", "SERVICE"),
        ("LOAD <http://example.org/data.ttl>", "read only"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "read only"),
        ("PREFIX a: <a:> # LOAD\nDROP ALL", "read only"),
        ("SELECT * {" + "{" * 20_000 + "}" * 20_001, "nests more than"),
        ("SELECT * WHERE", "line 1"),
        ("", "not SPARQL"),
    ],
)
def test_what_is_wrong_or_reaches_out_is_refused_with_the_reason(server: Server, query: str, reason: str) -> None:
    answer = server.client.post("/sparql", data={"query": query})
    assert answer.status_code == 400
    assert reason in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("quote", ["'", '"', "'''", '"""'])
def test_a_string_without_an_end_is_refused_in_one_pass(quote: str) -> None:
    """250 KB of it took seven minutes, when each quote was tried as a beginning."""
    with pytest.raises(QueryError, match="not closed"):
        refuse(f"SELECT * {{ ?a ?b {quote}" + f"a\\{quote[0]}" * 80_000)
    refuse(f"SELECT * {{ ?a ?b {quote}" + f"a\\{quote[0]}" * 80_000 + f"{quote} }}")
    refuse("SELECT * { ?a ?b \"it\\u0022s\" ; kg:o\\'neill <a'b> }")


def test_no_update_is_taken(server: Server) -> None:
    update = "INSERT DATA { <a:a> <a:b> <a:c> }"
    direct = {"content-type": "application/sparql-update"}
    answers = (
        server.client.post("/sparql", data={"update": update}),
        server.client.post("/sparql", content=update, headers=direct),
        server.client.get("/sparql", params={"update": update}),
    )
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all("kg ingest" in answer.text for answer in answers)
    assert got(server, "ASK { GRAPH ?g { <a:a> <a:b> <a:c> } }").json()["boolean"] is False


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(server: Server, method: str) -> None:
    assert server.client.request(method, "/sparql", params={"query": ASK}).status_code == 405


def test_a_query_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(RefusalError, match="shorten"):
        asked("POST", "application/sparql-query", "", b"#" * (MOST_BYTES + 1), "")


# -------------------------------------------------------------------------------------------------------------- the W3C

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
HTS = "http://www.w3.org/2011/http-statusCodes#StatusCode"
DATA = "http://kasei.us/2009/09/sparql/data/"
READ_ONLY = "the endpoint takes no updates"
FORMATS = {
    "boolean": (JSON, "application/sparql-results+xml"),
    "tabular": (JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a W3C test, and what is expected of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    format: str
    boolean: bool | None


def suite() -> Path | None:
    """The folder of the W3C's protocol tests, where they lie beside the checkout."""
    shared = folder()
    return shared and shared / "bench" / "rdf-tests" / "sparql" / "sparql11" / "protocol"


def w3c() -> Iterator[tuple[str, tuple[Request, ...]]]:
    """The tests of the manifest by name; none where it is absent."""
    place = suite()
    if place is None or not place.is_dir():
        return
    manifest = Graph().parse(place / "manifest.ttl")
    for test in manifest.subjects(RDF.type, MF.ProtocolTest):
        action = manifest.value(test, MF.action)
        requests = manifest.value(action, HT.requests)
        assert requests is not None
        listed = tuple(_request(manifest, one) for one in Collection(manifest, requests))
        yield str(test).rpartition("#")[2], listed


def _request(manifest: Graph, node: Node) -> Request:
    def value(subject: Node, predicate: URIRef) -> str:
        return str(manifest.value(subject, predicate) or "")

    response, body, listed = (manifest.value(node, name) for name in (HT.resp, HT.body, HT.headers))
    assert response is not None
    headers = Collection(manifest, listed) if listed else ()
    boolean = manifest.value(response, MF.expectedBoolean)
    statuses = frozenset(str(one).removeprefix(HTS)[0] for one in manifest.objects(response, MF.expectedStatus))
    return Request(
        value(node, HT.methodName),
        value(node, HT.absolutePath),
        {value(one, HT.fieldName): value(one, HT.fieldValue) for one in headers},
        value(body, CNT.chars).encode(value(body, CNT.characterEncoding)) if body else b"",
        statuses,
        value(response, MF.expectedFormat),
        None if boolean is None else str(boolean) == "true",
    )


@pytest.fixture(scope="module")
def w3c_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the graphs that the tests speak of; those without data hold a triple that no test asks for."""
    place, store = suite(), tmp_path_factory.mktemp("w3c") / "kg.store"
    assert place is not None
    made = ox.Store(store)
    made.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.NamedNode("a:c"), ox.NamedNode(f"{DATA}data0.rdf")))
    for number in (1, 2, 3):
        made.load(path=place / f"data{number}.nt", to_graph=ox.NamedNode(f"{DATA}data{number}.rdf"))
    made.flush()
    del made
    with running(store) as found:
        yield found


@pytest.mark.skipif(suite() is None, reason="no ../shared beside the checkout")
@pytest.mark.parametrize(("name", "requests"), [pytest.param(name, some, id=name) for name, some in w3c()])
def test_w3c(w3c_server: Server, name: str, requests: tuple[Request, ...]) -> None:
    if name.startswith("update_"):
        pytest.skip(READ_ONLY)
    for one in requests:
        answer = w3c_server.client.request(one.method, one.path, headers=one.headers, content=one.body)
        assert str(answer.status_code)[0] in one.statuses, answer.text
        if one.format:
            assert answer.headers["content-type"].partition(";")[0] in FORMATS[one.format]
        if one.boolean is not None:
            assert json.loads(answer.text)["boolean"] is one.boolean


def test_a_path_that_ends_with_a_slash_is_the_same_endpoint(server: Server) -> None:
    assert server.client.get(f"/sparql/?query={quote(ASK)}").status_code == 200
