"""The whole store against `ontology/shapes.ttl` by pyshacl, and what is derived against the articles: `kg validate`.

Each article was checked before it was written, by our own compiled shapes; this asks an independent implementation of
SHACL, and finds what somebody changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox
from pyshacl import validate
from rdflib import RDF, SH, XSD, Dataset, Graph, Literal
from rdflib.term import Node

from kg import judgements, ontology
from kg.derive import from_scratch
from kg.graph import Statement, indexed, node
from kg.namespaces import ARTICLE, DERIVED, JUDGEMENTS
from kg.shapes import Violation
from kg.share import share


@dataclass(frozen=True, slots=True)
class Report:
    """What was found wrong with so many graphs of articles, and with what is derived of them."""

    articles: int
    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        return not self.violations

    def __str__(self) -> str:
        if self.conforms:
            return f"{self.articles} articles conform, and the world graph is what they give"
        return "\n".join([f"{len(self.violations)} violations in {self.articles} articles", *map(str, self.violations)])


def report(dataset: Dataset) -> Report:
    """What pyshacl finds wrong with each article by itself, and where what is derived does not follow from them."""
    articles = _articles(dataset)
    found = [violation for article in articles for violation in check(article)]
    return Report(len(articles), (*found, *drift(dataset)))


def _articles(dataset: Dataset) -> list[Graph]:
    names = sorted(str(graph.identifier) for graph in dataset.graphs())
    return [dataset.graph(name) for name in names if name.startswith(ARTICLE)]


def check(graph: Graph) -> tuple[Violation, ...]:
    """What pyshacl finds wrong with one graph, sorted."""
    copy = Graph()  # in memory: pyshacl asks each graph thousands of questions
    for subject, predicate, object_ in graph:
        copy.add((subject, predicate, _plain(object_)))
    _, results, _ = validate(copy, shacl_graph=_shapes(), inference="none", meta_shacl=False, advanced=False, js=False)
    found = {_violation(results, result) for result in results.subjects(RDF.type, SH.ValidationResult)}
    return tuple(sorted(found, key=str))


def _plain(term: Node) -> Node:
    """The term as Turtle would have it: to rdflib "a"^^xsd:string, as oxrdflib gives it, is not "a"."""
    return Literal(str(term)) if isinstance(term, Literal) and term.datatype == XSD.string else term


@cache
def _shapes() -> Graph:
    return Graph().parse(ontology.path("shapes.ttl"), format="turtle")


def _violation(results: Graph, result: Node) -> Violation:
    focus, path, message, rule = (
        results.value(result, term) for term in (SH.focusNode, SH.resultPath, SH.resultMessage, SH.sourceShape)
    )
    return Violation(str(rule).rpartition("#")[2], str(focus), str(path), str(message))


def drift(dataset: Dataset) -> tuple[Violation, ...]:
    """Where the derived graphs are not what follows from the articles and from people's decisions: nowhere, unless
    somebody wrote past `kg`."""
    shares = {str(article.identifier): share(indexed(_triples(article))) for article in _articles(dataset)}
    said = judgements.read((s.value, p.value, o.value) for s, p, o in _triples(dataset.graph(JUDGEMENTS)))
    given = {(quad.graph_name, *quad.triple) for quad in from_scratch(shares, said)}
    held = {(name, *triple) for name in map(node, DERIVED) for triple in _triples(dataset.graph(name.value))}
    missing = (_strayed(quad, "it follows from the articles, and is not there") for quad in given - held)
    extra = (_strayed(quad, "it is there, and follows from no article") for quad in held - given)
    return tuple(sorted((*missing, *extra), key=str))


def _strayed(quad: tuple[Any, ...], what: str) -> Violation:
    graph, subject, predicate, object_ = quad
    message = f"{object_}: {what}: run kg validate --mend."
    return Violation(graph.value.rpartition("/")[2].capitalize(), subject.value, predicate.value, message)


def _triples(graph: Graph) -> Iterator[Statement]:
    for subject, predicate, object_ in graph:
        yield ox.NamedNode(str(subject)), ox.NamedNode(str(predicate)), _to_ox(object_)


def _to_ox(term: Node) -> ox.NamedNode | ox.Literal:
    if not isinstance(term, Literal):
        return ox.NamedNode(str(term))
    datatype = None if term.datatype is None else ox.NamedNode(str(term.datatype))
    return ox.Literal(str(term), datatype=datatype, language=term.language)
