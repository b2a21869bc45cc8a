"""pyshacl and our compiled shapes pass the same verdicts; the report finds what was written past `kg`."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, Graph, Literal, URIRef

from kg.graph import Statement, from_ox, indexed, statements
from kg.namespaces import ARTICLE, KG, NAME, NIF, SCHEMA, WORLD
from kg.shapes import Violation, shapes, violations
from kg.store import Store
from kg.validate import check, report
from tests.records import strike, talks

TALKS = statements(talks())
OTHER: tuple[ox.NamedNode | ox.Literal, ...] = (
    ox.Literal("x"),
    ox.Literal("x", language="en"),
    ox.Literal(7),
    ox.Literal("7", datatype=ox.NamedNode(str(XSD.decimal))),
    ox.Literal("2026-02-18", datatype=ox.NamedNode(str(XSD.date))),
    ox.Literal("2026-02-31", datatype=ox.NamedNode(str(XSD.date))),
    ox.Literal("seven", datatype=ox.NamedNode(str(XSD.integer))),
    ox.NamedNode(str(KG.negated)),
    ox.NamedNode(str(KG.Attribution)),
    ox.NamedNode(str(KG.Claim)),
    ox.NamedNode(str(SCHEMA.NewsArticle)),
    ox.NamedNode("http://www.wikidata.org/entity/Q1"),
)


def in_rdflib(triples: list[Statement]) -> Graph:
    graph = Graph()
    for subject, predicate, object_ in triples:
        graph.add((URIRef(subject.value), URIRef(predicate.value), from_ox(object_)))
    return graph


@st.composite
def mutants(draw: st.DrawFn) -> list[Statement]:
    """A valid graph with a few wounds: triples dropped, values changed, added or exchanged."""
    triples = list(TALKS)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(triples) - 1))
        subject, predicate, _ = triples[place]
        match draw(st.sampled_from(["drop", "change", "add", "exchange"])):
            case "drop":
                del triples[place]
            case "change":
                triples[place] = subject, predicate, draw(st.sampled_from(OTHER))
            case "add":
                triples.append((subject, predicate, draw(st.sampled_from(OTHER))))
            case _:
                others = tuple(triple[2] for triple in triples if triple[1] == predicate)
                triples[place] = subject, predicate, draw(st.sampled_from(others))
    return list(dict.fromkeys(triples))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(mutants())
def test_our_shapes_and_pyshacl_agree(triples: list[Statement]) -> None:
    assert verdicts(violations(indexed(triples), shapes())) == verdicts(check(in_rdflib(triples)))


def verdicts(found: Iterable[Violation]) -> set[tuple[str, str]]:
    """The nodes and paths that are wrong."""
    return {(violation.focus, violation.path) for violation in found}


@pytest.mark.parametrize("other", OTHER, ids=str)
@pytest.mark.parametrize(
    "predicate", [NIF.anchorOf, KG["count"], KG.confidence, KG.polarity, SCHEMA.datePublished, KG.timex]
)
def test_they_agree_on_any_value(predicate: URIRef, other: ox.NamedNode | ox.Literal) -> None:
    place = next(place for place, triple in enumerate(TALKS) if triple[1].value == str(predicate))
    changed = (*TALKS[place][:2], other)
    triples = [*TALKS[:place], changed, *TALKS[place + 1 :]]
    ours = violations(indexed(triples), shapes())
    theirs = check(in_rdflib(triples))
    assert {(found.shape, found.focus, found.path, found.message) for found in ours} == {
        (found.shape, found.focus, found.path, found.message) for found in theirs
    }


def test_a_store_that_kg_wrote_conforms() -> None:
    with Store() as store:
        store.add(talks())
        store.add(strike())
        found = report(store.dataset)
    assert found.conforms
    assert found.articles == 2
    assert str(found) == "2 articles conform, and the world graph is what they give"


def test_an_empty_store_conforms() -> None:
    with Store() as store:
        assert report(store.dataset).conforms


def test_what_was_written_past_kg_is_found() -> None:
    article = URIRef(f"{ARTICLE}00000000000000aa")
    with Store() as store:
        store.add(talks())
        dataset = store.dataset
        dataset.graph(article).add((URIRef(f"{article}#c1"), KG.polarity, KG.negated))
        dataset.graph(URIRef(WORLD)).add((NAME["Russia"], KG.allyOf, NAME["Ukraine"]))
        talk = next(iter(store.aliases(f"{article}#v1") - {f"{article}#v1"}))
        dataset.graph(URIRef(WORLD)).remove((URIRef(talk), RDF.type, KG.Negotiation))
        found = report(dataset)
    assert not found.conforms
    assert {(violation.shape, violation.focus) for violation in found.violations} == {
        ("ClaimPolarity", f"{article}#c1"),
        ("World", str(NAME["Russia"])),
        ("World", talk),
    }
    assert str(found).startswith("3 violations in 1 articles\n")


def test_a_typed_string_is_a_string() -> None:
    graph = in_rdflib(list(TALKS))
    for triple in list(graph.triples((None, KG.mentionKind, None))):
        graph.remove(triple)
        graph.add((triple[0], triple[1], Literal("name", datatype=XSD.string)))
    assert check(graph) == ()
