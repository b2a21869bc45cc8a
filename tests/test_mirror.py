"""The mirror: its edges are exactly the claimed triples, and it survives the way to RDF and back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import networkx as nx
from hypothesis import given, settings
from rdflib import RDF

from kg.graph import to_triples
from kg.mirror import Claim, from_networkx, to_networkx
from kg.namespaces import ARTICLE, IDENTITY, KG, WORLD
from kg.record import Record
from kg.store import Store
from tests.records import archives, records


def stored(drawn: list[Record]) -> Store:
    store = Store()
    for record in drawn:
        store.add(record)
    return store


def content(graph: nx.MultiDiGraph) -> tuple[object, object]:
    """All that a graph holds, in its order."""
    return list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True))


def claimed(drawn: list[Record]) -> set[tuple[str, ...]]:
    """The triples that the articles claim, read off their RDF."""
    places = [str(RDF.subject), str(RDF.predicate), str(RDF.object)]
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    for record in drawn:
        for triple in to_triples(record):
            if triple.predicate.value in places:
                parts[str(triple.subject)][triple.predicate.value] = str(triple.object).strip("<>")
    return {tuple(terms[place] for place in places) for terms in parts.values()}


@given(archives())
@settings(max_examples=50)
def test_edges_are_exactly_the_claimed_triples(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        graph = to_networkx(store)
        names = {thing: name for name, thing in store.pairs(str(KG.toldAs), IDENTITY)}
        held = [record for record in drawn if record.id in store]
        triples = {(names.get(s, s), p, names.get(o, o)) for s, p, o in claimed(held)}
        edges = {(subject, predicate, object_) for subject, object_, predicate in graph.edges(keys=True)}
        typed = {
            (node, str(RDF.type), str(KG[name])) for node, data in graph.nodes(data=True) for name in data["classes"]
        }
        assert edges | typed == triples
        assert not edges & typed


@given(archives())
@settings(max_examples=50)
def test_each_claim_is_in_the_mirror_once(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        graph = to_networkx(store)
        found = [claim.id for *_, claims in graph.nodes(data="claims") for claim in claims]
        found += [claim.id for *_, claims in graph.edges(data="claims") for claim in claims]
        expected = {str(subject) for subject, *_ in store.dataset.quads((None, RDF.type, KG.Claim, None))}
        assert sorted(found) == sorted(expected)


@given(archives())
@settings(max_examples=50)
def test_asserted_edges_are_exactly_the_plain_triples(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        world = {(str(s), str(p), str(o)) for s, p, o, name in store.dataset.quads() if str(name) == WORLD}
        for subject, object_, predicate, data in to_networkx(store).edges(keys=True, data=True):
            assert data["asserted"] == any(claim.asserted for claim in data["claims"])
            assert not data["asserted"] or (subject, predicate, object_) in world


@given(archives())
@settings(max_examples=50)
def test_mirror_to_rdf_to_mirror_is_identity(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        graph = to_networkx(store)
        again = to_networkx(from_networkx(graph))
        assert content(again) == content(graph)


@given(archives())
@settings(max_examples=20)
def test_a_dataset_and_its_store_have_one_mirror(drawn: list[Record]) -> None:
    with stored(drawn) as store:
        assert content(to_networkx(store.dataset)) == content(to_networkx(store))


@given(archives())
@settings(max_examples=20)
def test_the_order_of_articles_makes_no_difference(drawn: list[Record]) -> None:
    with stored(drawn) as store, stored(drawn[::-1]) as other:
        assert content(to_networkx(store)) == content(to_networkx(other))


@given(records())
@settings(max_examples=50)
def test_claims_show_their_words(record: Record) -> None:
    with stored([record]) as store:
        for *_, claims in to_networkx(store).edges(data="claims"):
            for claim in claims:
                assert claim.sentence == record.text[claim.start : claim.end]
                assert claim.date == (record.published or "")
                assert claim.headline == (record.title or "")


def test_an_empty_store_has_an_empty_mirror() -> None:
    with Store() as store:
        assert content(to_networkx(store)) == ([], [])


def test_nodes_and_edges_tell_what_is_known() -> None:
    article = f"{ARTICLE}aaaaaaaaaaaaaaaa"
    claim = Claim(
        id=f"{article}#c1", article=article, headline="A and B", outlet="Post", url="https://example.org/a",
        date="2026-02-18", sentence="A heads B.", start=0, end=10, trigger_start=None, trigger_end=None,
        polarity="affirmed", modality="actual", confidence=0.9, speaker=None, speaker_iri=None, office="head",
        asserted=True,
    )  # fmt: skip
    graph = nx.MultiDiGraph()
    graph.add_node("https://kg.example/name/A", **_node("A", "Person", "Q1"))
    graph.add_node("https://kg.example/name/B", **_node("B", "State", ""))
    later = replace(claim, id=f"{claim.article}#c2", asserted=False, modality="planned", confidence=0.95)
    graph.add_edge("https://kg.example/name/A", "https://kg.example/name/B", key=str(KG.headOf), claims=(later, claim))
    mirror = to_networkx(from_networkx(graph))
    edge = mirror.edges["https://kg.example/name/A", "https://kg.example/name/B", str(KG.headOf)]
    assert edge["claims"] == (claim, later), "what is asserted comes first"
    assert (edge["predicate"], edge["asserted"], edge["modality"]) == ("headOf", True, "actual")
    assert (edge["confidence"], edge["sources"], edge["evidence"]) == (0.95, (claim.article,), ("A heads B.",))
    assert mirror.nodes["https://kg.example/name/A"] == {
        **_node("A", "Person", "Q1"),
        "first": "2026-02-18",
        "last": "2026-02-18",
        "asserted": True,
    }


def _node(label: str, type_: str, wikidata: str) -> dict[str, object]:
    known = {"label": label, "type": type_, "kind": "entity", "first": "", "last": "", "wikidata": wikidata}
    quantity = dict.fromkeys(("count", "least", "most", "unit", "population"))
    return {**known, **quantity, "classes": (), "claims": (), "asserted": False}
