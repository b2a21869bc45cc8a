"""What one article gives to the world graph: pure.

The world graph is the union, over all articles, of what each asserts, with the classes, labels and matches of the
things it asserts something of, closed under the subclasses, subproperties and symmetries of `ontology/kg.ttl`. What an
article only denies, plans, wishes for or leaves open is none of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SKOS

from kg import ontology
from kg.errors import OntologyError
from kg.graph import Index, Node, Statement
from kg.namespaces import KG

_TYPE, _LABEL, _MATCH = (Node(str(term)) for term in (RDF.type, RDFS.label, SKOS.exactMatch))
_TIMEX = Node(str(KG.timex))
_QUANTITY = tuple(Node(str(KG[name])) for name in ("count", "least", "most", "unit", "population"))
_SUBJECT, _PREDICATE, _OBJECT = (Node(str(term)) for term in (RDF.subject, RDF.predicate, RDF.object))

#: What says what a thing is, and is not in doubt; it follows the thing into the world graph.
_DESCRIBES = (_TYPE, _LABEL, _MATCH, _TIMEX, *_QUANTITY)


@dataclass(frozen=True, slots=True)
class Schema:
    """What follows from what: each class with its superclasses, each property with what it implies.

    An implied property is (property, flipped): flipped if subject and object change places.
    """

    classes: Mapping[Node, tuple[Node, ...]]
    properties: Mapping[Node, tuple[tuple[Node, bool], ...]]


@cache
def schema() -> Schema:
    """The schema of `ontology/kg.ttl`, read once."""
    path = ontology.path("kg.ttl")
    try:
        return read_schema(quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise OntologyError(f"{path}: not Turtle: {error}") from error


def read_schema(triples: Iterable[ox.Triple]) -> Schema:
    """The schema in a graph. Only our own classes and properties follow: the world graph speaks our vocabulary, and
    what SEM or PROV-O call the same can be had from kg.ttl."""
    above: dict[str, defaultdict[Node, set[Node]]] = {name: defaultdict(set) for name in (_SUBCLASS, _SUBPROPERTY)}
    symmetric = set()
    for subject, predicate, object_ in triples:
        if predicate.value in above and object_.value.startswith(str(KG)):
            above[predicate.value][subject].add(object_)
        elif predicate == _TYPE and object_.value == str(OWL.SymmetricProperty):
            symmetric.add(subject)
    classes, properties = above[_SUBCLASS], above[_SUBPROPERTY]
    return Schema(
        {name: _reached(name, classes) for name in tuple(classes)},
        {name: _implied(name, properties, symmetric) for name in {*properties, *symmetric}},
    )


_SUBCLASS, _SUBPROPERTY = str(RDFS.subClassOf), str(RDFS.subPropertyOf)


def _reached(start: Node, above: Mapping[Node, set[Node]]) -> tuple[Node, ...]:
    """The class and all that are above it."""
    reached, open_ = {start}, [start]
    while open_:
        fresh = above.get(open_.pop(), set()) - reached
        reached |= fresh
        open_.extend(fresh)
    return tuple(sorted(reached, key=str))


def _implied(start: Node, above: Mapping[Node, set[Node]], symmetric: set[Node]) -> tuple[tuple[Node, bool], ...]:
    """The property and all that it implies."""
    reached, open_ = {(start, False)}, [(start, False)]
    while open_:
        name, flipped = open_.pop()
        fresh = {(other, flipped) for other in above.get(name, ())}
        fresh |= {(name, not flipped)} if name in symmetric else set()
        open_.extend(fresh - reached)
        reached |= fresh
    return tuple(sorted(reached, key=str))


def asserted(index: Index, schema: Schema) -> frozenset[Statement]:
    """What an article's graph gives to the world graph: each claim whose triple stands by itself too, and all that
    follows from it or describes its ends."""
    return frozenset(_asserted(index, schema))


def _asserted(index: Index, schema: Schema) -> Iterator[Statement]:
    held = tuple(_held(index))
    for subject, predicate, object_ in held:
        yield from closed(subject, predicate, object_, schema)
    nodes = {subject for subject, _, _ in held} | {object_ for _, predicate, object_ in held if predicate != _TYPE}
    for predicate in _DESCRIBES:
        described = index.get(predicate, {})
        for node in nodes & described.keys():
            for value in described[node]:
                yield from closed(node, predicate, value, schema)


def _held(index: Index) -> Iterator[tuple[Node, Node, Node]]:
    """What the claims speak of and stands by itself too."""
    subjects, objects = index.get(_SUBJECT, {}), index.get(_OBJECT, {})
    for claim, predicates in index.get(_PREDICATE, {}).items():
        subject, predicate, object_ = subjects[claim][0], predicates[0], objects[claim][0]
        if object_ in index.get(predicate, {}).get(subject, ()):
            yield subject, predicate, object_


def closed(subject: Node, predicate: Node, object_: Any, schema: Schema) -> Iterator[Statement]:
    """A triple and what follows from it."""
    if predicate == _TYPE:
        for class_ in schema.classes.get(object_, (object_,)):
            yield subject, predicate, class_
        return
    for implied, flipped in schema.properties.get(predicate, ((predicate, False),)):
        yield (object_, implied, subject) if flipped else (subject, implied, object_)
