"""The compiled shapes: what they find in an article's graph, and what they refuse to compile."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given
from rdflib import PROV, RDF, SH, XSD

from kg.errors import OntologyError
from kg.graph import Statement, indexed, statements
from kg.namespaces import ARTICLE, KG, NIF, SCHEMA
from kg.record import Record
from kg.shapes import Shapes, Violation, compile_shapes, shapes, violations
from tests.records import large, records, strike, talks

A = f"{ARTICLE}00000000000000aa"
Graph = list[Statement]


def iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(str(text))


def found(triples: Iterable[Statement]) -> set[tuple[str, str]]:
    """The name of each shape that is violated, and the node, within the article."""
    return {(violation.shape, violation.focus.removeprefix(A)) for violation in violations(indexed(triples), shapes())}


def without(graph: Graph, subject: str, predicate: str) -> Graph:
    return [triple for triple in graph if (triple[0].value, triple[1].value) != (A + subject, str(predicate))]


def having(graph: Graph, subject: str, predicate: str, *values: ox.NamedNode | ox.Literal) -> Graph:
    """The graph where a subject has these values and no others."""
    return without(graph, subject, predicate) + [(iri(A + subject), iri(predicate), value) for value in values]


@given(records())
def test_the_graph_of_any_record_conforms(record: Record) -> None:
    assert violations(indexed(statements(record)), shapes()) == ()


@pytest.mark.parametrize("make", [talks, strike, large])
def test_graphs_by_hand_conform(make: Callable[[], Record]) -> None:
    assert violations(indexed(statements(make())), shapes()) == ()


def test_an_empty_graph_conforms() -> None:
    assert violations(indexed(()), shapes()) == ()


SPAN = "#char=0,8"
AFFIRMED, NEGATED = iri(KG.affirmed), iri(KG.negated)


@pytest.mark.parametrize(
    ("shape", "subject", "predicate", "values"),
    [
        ("ArticleHash", "", KG.contentHash, []),
        ("ArticleHash", "", KG.contentHash, [ox.Literal("abc")]),
        ("ArticleStatus", "", KG.status, []),
        ("ArticleStatus", "", KG.status, [iri(KG.Disputed)]),
        ("ArticlePublished", "", SCHEMA.datePublished, [ox.Literal("2026-02-30", datatype=iri(XSD.date))]),
        ("ArticlePublished", "", SCHEMA.datePublished, [ox.Literal("2026-02-18Z", datatype=iri(XSD.date))]),
        ("ArticlePublished", "", SCHEMA.datePublished, [ox.Literal("2026-02-18")]),
        ("SpanText", SPAN, NIF.anchorOf, []),
        ("SpanText", SPAN, NIF.anchorOf, [ox.Literal("Medinsky", language="en")]),
        ("MentionThing", SPAN, KG.mentions, [ox.Literal("Medinsky")]),
        ("MentionKind", SPAN, KG.mentionKind, [ox.Literal("nickname")]),
        ("Label", "#e1", "http://www.w3.org/2000/01/rdf-schema#label", []),
        ("PhraseCount", "#v6-killed-1", KG["count"], [ox.Literal(-1)]),
        ("PhraseCount", "#v6-killed-1", KG["count"], [ox.Literal("many", datatype=iri(XSD.integer))]),
        ("Least", "#v6-killed-1", KG.least, [ox.Literal(-1)]),
        ("Most", "#v6-killed-1", KG.most, [ox.Literal(3), ox.Literal(4)]),
        ("Unit", "#v6-killed-1", KG.unit, [iri(KG.USD)]),
        ("Population", "#v6-killed-1", KG.population, [ox.Literal(3)]),
        ("ClaimSubject", "#c1", RDF.subject, []),
        ("ClaimPredicate", "#c1", RDF.predicate, [ox.Literal("type")]),
        ("ClaimObject", "#c1", RDF.object, [ox.Literal("talks")]),
        ("ClaimPolarity", "#c1", KG.polarity, []),
        ("ClaimPolarity", "#c1", KG.polarity, [AFFIRMED, NEGATED]),
        ("ClaimPolarity", "#c1", KG.polarity, [ox.Literal("affirmed")]),
        ("ClaimModality", "#c1", KG.modality, [iri(KG.imagined)]),
        ("ClaimConfidence", "#c1", KG.confidence, [ox.Literal("1.1", datatype=iri(XSD.decimal))]),
        ("ClaimConfidence", "#c1", KG.confidence, [ox.Literal(0.9)]),
        ("ClaimEvidence", "#c1", PROV.wasQuotedFrom, []),
        ("SpanText", "", PROV.wasQuotedFrom, [iri(A)]),
        ("SpanText", "#char=5,6", KG.trigger, [iri(f"{A}#char=5,6")]),
        ("ClaimAttribution", "#c1", KG.attribution, [iri(f"{A}#a99")]),
        ("AttributionCue", "#a1", KG.cue, []),
        ("AttributionDirect", "#a1", KG.direct, [ox.Literal("yes", datatype=iri(XSD.boolean))]),
    ],
)
def test_a_violation_names_the_shape_and_the_node(
    shape: str, subject: str, predicate: str, values: list[ox.NamedNode | ox.Literal]
) -> None:
    graph = having(list(statements(talks())), subject, predicate, *values)
    assert (shape, subject) in found(graph)


def test_a_wikidata_match_must_be_an_item() -> None:
    graph = list(statements(talks()))
    graph.append((iri(f"{A}#e1"), iri("http://www.w3.org/2004/02/skos/core#exactMatch"), iri("https://example.org/Q1")))
    assert found(graph) == {("EntityMatch", "#e1")}


def test_a_value_said_twice_is_one_value() -> None:
    graph = list(statements(talks()))
    assert violations(indexed(graph + graph), shapes()) == ()


def test_violations_are_sorted_and_tell_the_mend() -> None:
    graph = without(without(list(statements(talks())), "#c2", str(KG.polarity)), "#c1", str(KG.polarity))
    first, second = violations(indexed(graph), shapes())
    assert (first.focus, second.focus) == (f"{A}#c1", f"{A}#c2")
    assert first == Violation("ClaimPolarity", f"{A}#c1", str(KG.polarity), first.message)
    assert str(first) == f"{A}#c1 {KG.polarity} violates ClaimPolarity: {first.message}"
    assert "give it one of the two" in first.message


# ------------------------------------------------------------------------------------------------------------ compiling

PREFIXES = f"@prefix : <https://kg.example/shapes#> . @prefix kg: <{KG}> . @prefix sh: <{SH}> . @prefix xsd: <{XSD}> ."
CLAIM = ":Claim a sh:NodeShape ; sh:targetClass kg:Claim ; sh:property :One ."


def compiled(turtle: str) -> Shapes:
    return compile_shapes(quad.triple for quad in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def test_a_shape_compiles() -> None:
    (shape,) = compiled(CLAIM + ':One sh:path kg:office ; sh:maxCount 1 ; sh:message "One." .')
    assert shape.classes == (iri(KG.Claim),)
    (rule,) = shape.properties
    assert (rule.path, rule.least, rule.most, rule.message) == (iri(KG.office), 0, 1, "One.")


@pytest.mark.parametrize(
    ("turtle", "reason"),
    [
        (CLAIM + ':One sh:path kg:a ; sh:message "m" ; sh:uniqueLang true .', "uniqueLang: add it to kg/shapes.py"),
        (CLAIM + ':One sh:path [ sh:inversePath kg:a ] ; sh:message "m" .', "has no name"),
        (CLAIM + ":One sh:path kg:a .", "needs a sh:path and a sh:message"),
        (CLAIM + ':One sh:path kg:a ; sh:message "m" ; sh:datatype xsd:dateTime .', "nothing that kg/shapes.py knows"),
        (CLAIM + ':One sh:path kg:a ; sh:message "m" ; sh:nodeKind sh:BlankNode .', "nothing that kg/shapes.py knows"),
        (CLAIM + ':One sh:path kg:a ; sh:message "m" ; sh:pattern "(" .', "nothing that kg/shapes.py knows"),
        (CLAIM + ':One sh:path kg:a ; sh:message "m" ; sh:minInclusive "x" .', "nothing that kg/shapes.py knows"),
        (CLAIM + ':One sh:path kg:a ; sh:message "m" ; sh:minCount 1, 2 .', "stands 2 times"),
        (CLAIM + ':One sh:path kg:a ; sh:message "m" ; sh:maxCount "one" .', "is no whole number"),
        (":Claim a sh:NodeShape ; sh:targetNode kg:Claim .", "targetNode"),
        (":Claim a sh:NodeShape ; sh:targetClass kg:Claim ; sh:closed true .", "closed"),
    ],
)
def test_what_the_checks_do_not_know_is_an_error(turtle: str, reason: str) -> None:
    with pytest.raises(OntologyError, match=reason):
        compiled(turtle)


def test_every_shape_of_the_ontology_is_named_and_tells_the_mend() -> None:
    assert {shape.name.rpartition("#")[2] for shape in shapes()} >= {
        "Article", "Span", "Mention", "Entity", "Claim", "Attribution", "Phrase", "Time",
    }  # fmt: skip
    for rule in (rule for shape in shapes() for rule in shape.properties):
        assert rule.message.endswith(".")
        assert len(rule.message) > 20
