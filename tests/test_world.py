"""The world graph: what is asserted, closed under the ontology, and nothing else."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from rdflib import RDF, RDFS, SKOS

from kg.graph import Statement, indexed, statements
from kg.namespaces import ARTICLE, KG, NAME, WD
from kg.record import Record
from kg.world import Schema, asserted, read_schema, schema
from tests.records import records, strike, talks

A, B = f"{ARTICLE}00000000000000aa", f"{ARTICLE}00000000000000bb"
TYPE, LABEL = str(RDF.type), str(RDFS.label)

SMALL = """
@prefix kg: <https://kg.example/ns#> .
@prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
kg:Airstrike rdfs:subClassOf kg:Attack .
kg:Attack rdfs:subClassOf kg:Event, sem:Event .
kg:headOf rdfs:subPropertyOf kg:affiliatedWith .
kg:allyOf a owl:SymmetricProperty ; rdfs:subPropertyOf kg:friendOf .
kg:friendOf a owl:SymmetricProperty .
"""


def small() -> Schema:
    return read_schema(quad.triple for quad in ox.parse(SMALL, format=ox.RdfFormat.TURTLE))


def kg(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(KG[name]))


def triple(subject: str, predicate: str, object_: str) -> Statement:
    return ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(object_)


def test_superclasses_are_reached_through_each_other_and_only_ours() -> None:
    assert set(small().classes[kg("Airstrike")]) == {kg("Airstrike"), kg("Attack"), kg("Event")}


def test_symmetry_and_superproperties_combine() -> None:
    implied = set(small().properties[kg("allyOf")])
    assert implied == {(kg(name), flipped) for name in ("allyOf", "friendOf") for flipped in (False, True)}
    assert small().properties[kg("headOf")] == ((kg("affiliatedWith"), False), (kg("headOf"), False))


def test_a_circle_of_classes_ends() -> None:
    circle = "@prefix kg: <https://kg.example/ns#> . kg:A <{0}> kg:B . kg:B <{0}> kg:A .".format(str(RDFS.subClassOf))
    read = read_schema(quad.triple for quad in ox.parse(circle, format=ox.RdfFormat.TURTLE))
    assert read.classes[kg("A")] == read.classes[kg("B")] == (kg("A"), kg("B"))


def test_the_ontology_gives_the_closure_that_the_questions_need() -> None:
    assert {kg("Attack"), kg("Event")} <= set(schema().classes[kg("Airstrike")])
    for name in ("negotiatorOf", "representativeOf", "headOf", "officialOf", "memberOf"):
        assert (kg("affiliatedWith"), False) in schema().properties[kg(name)]
    for name in ("allyOf", "opponentOf", "sameAs"):
        assert (kg(name), True) in schema().properties[kg(name)]


def test_what_is_asserted_is_in_the_world_with_what_follows() -> None:
    world = asserted(indexed(statements(talks())), schema())
    assert triple(f"{A}#e1", str(KG.negotiatorOf), str(NAME["Russia"])) in world
    assert triple(f"{A}#e1", str(KG.affiliatedWith), str(NAME["Russia"])) in world
    assert triple(f"{A}#v6", TYPE, str(KG.Attack)) in world
    assert (ox.NamedNode(f"{A}#v6"), ox.NamedNode(LABEL), ox.Literal("drone strike")) in world
    assert (ox.NamedNode(f"{A}#v6-killed-1"), kg("count"), ox.Literal(1)) in world
    assert triple(str(NAME["Russia"]), str(SKOS.exactMatch), str(WD.Q159)) in world


def test_what_is_denied_planned_or_open_is_not() -> None:
    world = asserted(indexed(statements(talks())), schema())
    events = {subject.value for subject, predicate, _ in world if predicate.value == TYPE}
    assert {f"{A}#v{number}" for number in (1, 4, 5, 6)} <= events
    assert events.isdisjoint({f"{A}#v{number}" for number in (2, 3, 7)})
    assert not any(object_ in (kg("Agreement"), kg("Open")) for _, _, object_ in world)


def test_symmetric_relations_hold_both_ways_and_denied_ones_neither() -> None:
    world = asserted(indexed(statements(strike())), schema())
    russia, ukraine, america = str(NAME["Russia"]), str(NAME["Ukraine"]), str(NAME["United_States"])
    assert triple(russia, str(KG.opponentOf), ukraine) in world
    assert triple(ukraine, str(KG.opponentOf), russia) in world
    assert not any(predicate == kg("allyOf") for _, predicate, _ in world)
    assert not any(subject.value == america for subject, _, _ in world), "of whom nothing is asserted"


def test_an_article_that_asserts_nothing_gives_nothing() -> None:
    assert asserted(indexed(()), schema()) == frozenset()


@given(records())
def test_the_order_of_triples_does_not_matter(record: Record) -> None:
    triples = statements(record)
    assert asserted(indexed(triples), schema()) == asserted(indexed(tuple(reversed(triples))), schema())


@given(records())
def test_the_closure_is_closed(record: Record) -> None:
    """Each class brings its superclasses, each relation what it implies; each thing spoken of has a label."""
    world = asserted(indexed(statements(record)), schema())
    for subject, predicate, object_ in world:
        assert isinstance(object_, ox.NamedNode | ox.Literal)
        if predicate.value == TYPE and isinstance(object_, ox.NamedNode):
            assert all((subject, predicate, above) in world for above in schema().classes.get(object_, ()))
        elif isinstance(object_, ox.NamedNode) and predicate.value != str(SKOS.exactMatch):
            for implied, flipped in schema().properties.get(predicate, ()):
                assert ((object_, implied, subject) if flipped else (subject, implied, object_)) in world
    labelled = {subject for subject, predicate, _ in world if predicate.value == LABEL}
    assert {subject for subject, _, _ in world} == labelled


@given(records())
def test_nothing_denied_is_in_the_world(record: Record) -> None:
    """A claimed triple is in the world only if an asserted claim says it, or it follows from one."""
    triples = statements(record)
    plain = set(triples)
    followed = {item for statement in plain for item in _closed(statement)}
    assert asserted(indexed(triples), schema()) <= followed


def _closed(statement: Statement) -> set[Statement]:
    subject, predicate, object_ = statement
    if predicate.value == TYPE and isinstance(object_, ox.NamedNode):
        return {(subject, predicate, above) for above in schema().classes.get(object_, (object_,))}
    if isinstance(object_, ox.Literal):
        return {statement}
    implied = schema().properties.get(predicate, ((predicate, False),))
    return {(object_, name, subject) if flipped else (subject, name, object_) for name, flipped in implied}
