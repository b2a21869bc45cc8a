"""The pages that ask: competency questions as forms, and SPARQL with prefixes, examples and the terms of the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS

from kg import lexicon, ontology
from kg.errors import QueryError
from kg.namespaces import KG, PREFIXES
from kg.query import Question, questions, read_question
from kg.serve.views import View
from kg.serve.work import Table


@dataclass(frozen=True, slots=True)
class Field:
    """What a question asks its asker, and what was given."""

    name: str
    text: str
    optional: bool
    value: str


@dataclass(frozen=True, slots=True)
class Form:
    """A competency question as a form."""

    name: str
    text: str
    fields: tuple[Field, ...]
    sparql: str


@dataclass(frozen=True, slots=True)
class Questions:
    """All competency questions."""

    questions: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer: None if it was not asked yet, is still `asking`, or has none for this reason."""

    form: Form
    table: Table | None
    reason: str
    asking: bool = False
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property of the ontology."""

    name: str
    kind: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Example:
    """A query to begin with."""

    title: str
    sparql: str


@dataclass(frozen=True, slots=True)
class Console:
    """A SPARQL query and what it finds: None if none was sent, or it cannot be answered for this reason."""

    sparql: str
    table: Table | None
    reason: str
    view: View | None
    limits: Mapping[str, float]
    prefixes: str
    examples: tuple[Example, ...]
    terms: tuple[Term, ...]


def all_questions() -> Questions:
    """The competency questions, by name."""
    return Questions(tuple(_form(question, {}) for question in questions().values()))


def form(name: str, given: Mapping[str, str]) -> Form:
    """A question with what was given for its parameters. Raises QueryError for one that does not exist."""
    if name not in questions():
        raise QueryError(f"no question {name!r} here: the page of questions lists all there are")
    return _form(questions()[name], given)


def _form(question: Question, given: Mapping[str, str]) -> Form:
    asked = (Field(one.name, one.text, one.optional, given.get(one.name, "")) for one in question.parameters)
    return Form(question.name, question.text, tuple(asked), question.sparql)


def is_complete(form: Form) -> bool:
    """Whether all that a question needs was given."""
    return all(field.value or field.optional for field in form.fields)


def console(sparql: str, limits: Mapping[str, float], table: Table | None, reason: str, view: View | None) -> Console:
    """The page for SPARQL; `limits` are the seconds, bytes and rows that an answer may take."""
    prefixes = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
    return Console(sparql, table, reason, view, limits, prefixes, examples(), terms())


@cache
def terms() -> tuple[Term, ...]:
    """The classes and properties of the ontology, by name."""
    found = lexicon.nodes([ontology.path("kg.ttl")])
    listed = (_term(iri, node) for iri, node in found.items() if iri.startswith(str(KG)))
    return tuple(sorted((term for term in listed if term.kind), key=lambda term: (term.kind, term.name)))


def _term(iri: str, node: Mapping[str, list[str]]) -> Term:
    types = node.get(str(RDF.type), [])
    kind = next((word for type_, word in _KINDS.items() if type_ in types), "")
    label, definition = (next(iter(node.get(str(key), [])), "") for key in (RDFS.label, SKOS.definition))
    return Term(f"kg:{iri.removeprefix(str(KG))}", kind, label, definition)


_KINDS = {str(OWL.Class): "class", str(OWL.ObjectProperty): "property", str(OWL.DatatypeProperty): "property"}


@cache
def examples() -> tuple[Example, ...]:
    """The queries to begin with, which lie beside this module as questions do in the ontology."""
    folder = Path(__file__).with_name("examples")
    read = map(read_question, sorted(folder.glob("*.rq")))
    return tuple(Example(question.text, question.sparql) for question in read)
