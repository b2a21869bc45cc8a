"""Questions that the graph answers by name: the competency questions of `ontology/questions`.

A question is a SPARQL file. Its first comment line is the question in English; its parameters are declared by lines

    # param for: whom they negotiate for (label of an entity), optional

and stand in it as `VALUES ?for { UNDEF }`: as it is, that leaves ?for free. The name that is asked for is looked up
first, and the IRIs of the things it names take the place of UNDEF, so nothing that a user types becomes SPARQL.
Queries run with the world graph as default graph; GRAPH ?article {…} reaches what an article says, in which words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from kg import ontology
from kg.answer import Answer
from kg.errors import OntologyError, QueryError
from kg.forms import words

_PARAMETER = re.compile(r"^#\s*param\s+(?P<name>\w+):\s*(?P<text>.+?)(?P<optional>,\s*optional)?\s*$", re.MULTILINE)
_CLAUSE = re.compile(r"VALUES \?(?P<name>\w+) \{ UNDEF \}")
_COMMENT = re.compile(r"^#\s*(?P<text>\S.*?)\s*$")


class Asked(Protocol):
    """What questions are put to: a store, which knows questions and so lies above."""

    def select(self, sparql: str, /) -> Answer: ...

    def aliases(self, thing: str, /) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a question asks its asker."""

    name: str
    text: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question: its name, the question in English, what it takes, and the SPARQL that answers it."""

    name: str
    text: str
    parameters: tuple[Parameter, ...]
    sparql: str


@cache
def questions() -> dict[str, Question]:
    """The questions of the ontology by name, in alphabetical order."""
    return {path.stem: read_question(path) for path in sorted(ontology.path("questions").glob("*.rq"))}


def read_question(path: Path) -> Question:
    """The question in a file. Raises OntologyError where the file does not begin with it in English."""
    sparql = path.read_text(encoding="utf-8")
    first = _COMMENT.match(sparql.partition("\n")[0])
    if first is None:
        raise OntologyError(f"{path.name}: begin the file with the question in English, as a comment: # Who …?")
    return Question(path.stem, first["text"], _parameters(sparql), sparql)


def _parameters(sparql: str) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(match["name"], match["text"], match["optional"] is not None) for match in _PARAMETER.finditer(sparql)
    )


def ask(store: Asked, name: str, /, **values: str | None) -> Answer:
    """The answer to a question by name; a value is any name that an article uses for a thing, however it is spelt.

    Raises QueryError for a question that does not exist, a parameter it does not take, or one that it lacks.
    """
    question = _find(name)
    given = {key: value for key, value in values.items() if value is not None}
    _check(question, given)
    return store.select(_bound(question.sparql, {key: _things(store, value) for key, value in given.items()}))


def _bound(sparql: str, given: Mapping[str, Iterable[ox.NamedNode | ox.Literal]]) -> str:
    """The query with the values of its parameters in the place of UNDEF, and without the clauses of the others.

    Oxigraph's own substitutions are not seen by the filters of a query, so a parameter is data of a VALUES clause,
    written by Oxigraph's serializer of terms. An UNDEF is taken out, since a variable that may be unbound spoils the
    order of the joins.
    """

    def clause(match: re.Match[str]) -> str:
        name = match["name"]
        return f"VALUES ?{name} {{ {' '.join(map(str, given[name]))} }}" if name in given else ""

    return _CLAUSE.sub(clause, sparql)


_PREFIXES = """
PREFIX kg: <https://kg.example/ns#>
PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
#: What a name stands for: a thing of that label, or one that an article mentions by it.
_CALLED = """GRAPH ?article {
    { ?thing rdfs:label ?label } UNION { ?span kg:mentions ?thing ; kg:mentionKind "name" ; nif:anchorOf ?label }
  }"""
_LABELS = f"{_PREFIXES} SELECT DISTINCT ?label WHERE {{ {_CALLED} }}"
_NAMED = f"{_PREFIXES} SELECT DISTINCT ?thing WHERE {{ VALUES ?label {{ UNDEF }} {_CALLED} }}"
_IN_ANY_CASE = f"""{_PREFIXES} SELECT DISTINCT ?thing WHERE {{ VALUES ?name {{ UNDEF }} {_CALLED}
  FILTER(LCASE(STR(?label)) = LCASE(?name)) }}"""


def _things(store: Asked, name: str) -> tuple[ox.NamedNode, ...]:
    """The things that articles call by a name, in any case; if there are none, spelt otherwise: with other accents,
    hyphens and apostrophes."""
    rows = store.select(_bound(_IN_ANY_CASE, {"name": (ox.Literal(name.strip()),)})).rows
    if not rows:
        spelt = [ox.Literal(label) for label in _labels(store) if words(label) == words(name)]
        rows = store.select(_bound(_NAMED, {"label": spelt})).rows
    return tuple(map(ox.NamedNode, sorted({alias for (thing,) in rows for alias in store.aliases(str(thing))})))


def _labels(store: Asked) -> list[str]:
    return sorted(str(label) for (label,) in store.select(_LABELS).rows)


def mentioned(store: Asked, name: str) -> frozenset[str]:
    """All IRIs of what articles call by a name, however they spell it; none if there is nothing."""
    return frozenset(thing.value for thing in _things(store, name))


def alike(store: Asked, name: str) -> frozenset[str]:
    """All IRIs of what a name or an IRI means. Raises QueryError for what nothing is called."""
    found = store.aliases(name) if "://" in name else mentioned(store, name)
    if not found:
        raise QueryError(unknown(store, name))
    return found


def unknown(store: Asked, name: str) -> str:
    """Says that nothing is called by a name, and what is called nearly so."""
    spelt = {" ".join(words(label)): label for label in _labels(store)}
    near = [spelt[one] for one in difflib.get_close_matches(" ".join(words(name)), spelt, n=3, cutoff=0.75)]
    hint = f"did you mean {', '.join(near)}?" if near else "give it as an article spells it, or its IRI"
    return f"nothing is called {name!r} here: {hint}"


def _find(name: str) -> Question:
    known = questions()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    raise QueryError(f"no question {name!r}: did you mean {', '.join(near or sorted(known))}?")


def _check(question: Question, given: Mapping[str, str]) -> None:
    declared = {parameter.name for parameter in question.parameters}
    required = {parameter.name for parameter in question.parameters if not parameter.optional}
    takes = f"{question.name} takes {_listed(declared)}"
    if unknown := given.keys() - declared:
        raise QueryError(f"unknown parameter {_listed(unknown)}: {takes}")
    if missing := required - given.keys():
        raise QueryError(f"missing parameter {_listed(missing)}: {takes}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "no parameters"
