"""Does the graph of an article satisfy `ontology/shapes.ttl`? The SHACL core that those shapes need, compiled.

Each article is checked before it is written: pyshacl takes a quarter of a second over a large one, these checks two
milliseconds. `kg validate` runs pyshacl all the same, and a test holds the two to the same verdicts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import RDF, SH, XSD

from kg import ontology
from kg.errors import OntologyError
from kg.graph import Index, indexed

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
#: Whether a value is as a constraint says, whatever else the graph holds.
Test: TypeAlias = Callable[[Term], bool]

_TYPE, _FIRST, _REST = (ox.NamedNode(str(term)) for term in (RDF.type, RDF.first, RDF.rest))


@dataclass(frozen=True, slots=True)
class Violation:
    """What a shape finds wrong: at which node, along which property, and how to mend it."""

    shape: str
    focus: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.focus} {self.path} violates {self.shape}: {self.message}"


@dataclass(frozen=True, slots=True)
class Property:
    """A property shape: how many values along a path, and what each must be."""

    name: str
    path: ox.NamedNode
    least: float
    most: float
    test: Test | None
    classes: tuple[ox.NamedNode, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape: whom it looks at, and the property shapes that it holds them to."""

    name: str
    classes: tuple[ox.NamedNode, ...]
    subjects_of: tuple[ox.NamedNode, ...]
    objects_of: tuple[ox.NamedNode, ...]
    properties: tuple[Property, ...]


Shapes: TypeAlias = tuple[Shape, ...]


@cache
def shapes() -> Shapes:
    """The shapes of the ontology, compiled once."""
    path = ontology.path("shapes.ttl")
    try:
        return compile_shapes(quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise OntologyError(f"{path}: not Turtle: {error}") from error


# ------------------------------------------------------------------------------------------------------------- checking


def violations(index: Index, shapes: Shapes) -> tuple[Violation, ...]:
    """What the shapes find wrong with a graph, sorted; nothing if it is as it should be."""
    return tuple(sorted(set(_violations(index, shapes)), key=str))


def _violations(index: Index, shapes: Shapes) -> Iterator[Violation]:
    members = _members(index)
    for shape in shapes:
        focus = _focus(shape, index, members)
        for rule in shape.properties if focus else ():
            for node in _violators(rule, focus, index):
                yield Violation(_name(rule.name), _text(node), rule.path.value, rule.message)


def _members(index: Index) -> Mapping[Term, list[Term]]:
    """The nodes of each class."""
    members: defaultdict[Term, list[Term]] = defaultdict(list)
    for subject, classes in index.get(_TYPE, {}).items():
        for class_ in classes:
            members[class_].append(subject)
    return members


def _focus(shape: Shape, index: Index, members: Mapping[Term, list[Term]]) -> set[Term]:
    focus = {node for class_ in shape.classes for node in members.get(class_, ())}
    for predicate in shape.subjects_of:
        focus |= index.get(predicate, {}).keys()
    for predicate in shape.objects_of:
        focus.update(node for nodes in index.get(predicate, {}).values() for node in nodes)
    return focus


def _violators(rule: Property, focus: set[Term], index: Index) -> Iterator[Term]:
    """The nodes of the focus that a property shape finds wrong. The inner loop of the module."""
    values_of, types = index.get(rule.path, {}), index.get(_TYPE, {})
    least, most, test = rule.least, rule.most, rule.test
    # Where a value may be missing, only nodes that have one can be wrong.
    for node in focus if least else values_of.keys() & focus:
        values = values_of.get(node, [])
        if (
            (not least <= len(values) <= most and not least <= len(set(values)) <= most)
            or (test is not None and not all(map(test, values)))
            or (rule.classes and not all(_is_a(types.get(value, ()), rule.classes) for value in values))
        ):
            yield node


def _is_a(types: Iterable[Term], classes: tuple[ox.NamedNode, ...]) -> bool:
    return all(class_ in types for class_ in classes)


# --------------------------------------------------------------------------------------------------- tests of one value


def _datatype(required: ox.NamedNode) -> Test:
    lexical = _LEXICAL[required.value]

    def test(value: Term) -> bool:
        fits = isinstance(value, ox.Literal) and value.datatype == required
        return fits and (lexical is None or lexical(_text(value)))

    return test


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    try:
        return match is not None and date.fromisoformat(match[1]) is not None
    except ValueError:
        return False


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")

#: The datatypes that a shape may ask for, and what a literal of each may look like (XML Schema 1.1, part 2).
_LEXICAL: dict[str, Callable[[str], bool] | None] = {
    str(XSD.string): None,
    str(XSD.anyURI): None,
    str(XSD.integer): _form(r"[+-]?[0-9]+"),
    str(XSD.decimal): _form(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    str(XSD.boolean): _form(r"true|false|1|0"),
    str(XSD.date): _is_date,
}
_NUMBERS = {ox.NamedNode(str(XSD[name])): _LEXICAL[str(XSD[name])] for name in ("integer", "decimal")}


@lru_cache(maxsize=1 << 16)
def _number(value: Term) -> Decimal | None:
    """The value of a number, None of anything else."""
    form = _NUMBERS.get(value.datatype) if isinstance(value, ox.Literal) else None
    return Decimal(value.value) if isinstance(value, ox.Literal) and form is not None and form(value.value) else None


def _at_least(bound: Decimal) -> Test:
    return lambda value: (number := _number(value)) is not None and number >= bound


def _at_most(bound: Decimal) -> Test:
    return lambda value: (number := _number(value)) is not None and number <= bound


def _kind(name: str) -> Test:
    kind = _KINDS[name]
    return lambda value: isinstance(value, kind)


_KINDS = {str(SH.IRI): ox.NamedNode, str(SH.Literal): ox.Literal}


def _pattern(pattern: str) -> Test:
    search = re.compile(pattern).search
    return lambda value: isinstance(value, ox.NamedNode | ox.Literal) and search(value.value) is not None


def _all(tests: tuple[Test, ...]) -> Test | None:
    """All tests as one; their verdict on a value is remembered, since an article repeats few values many times."""
    if len(tests) < 2:
        return tests[0] if tests else None
    return lru_cache(maxsize=4096)(lambda value: all(test(value) for test in tests))


# ------------------------------------------------------------------------------------------------------------ compiling


def compile_shapes(graph: Iterable[ox.Triple]) -> Shapes:
    """The node shapes of a graph. Raises OntologyError for what these checks do not know: none is passed over."""
    index = indexed(graph)
    nodes = sorted(_members(index)[ox.NamedNode(str(SH.NodeShape))], key=str)
    return tuple(_shape(_Source(index, node)) for node in nodes)


@dataclass(frozen=True, slots=True)
class _Source:
    """One shape as the graph describes it."""

    index: Index
    node: Term

    def terms(self, name: str) -> list[Term]:
        return self.index.get(ox.NamedNode(str(SH[name])), {}).get(self.node, [])

    def iris(self, name: str) -> tuple[ox.NamedNode, ...]:
        terms = self.terms(name)
        return tuple(sorted((self.named(term) for term in terms), key=str))

    def named(self, term: Term) -> ox.NamedNode:
        if isinstance(term, ox.NamedNode):
            return term
        raise self.error(f"{_text(term)} has no name: give every shape, path and class an IRI")

    def one(self, name: str) -> Term | None:
        terms = self.terms(name)
        if len(terms) > 1:
            raise self.error(f"sh:{name} stands {len(terms)} times: keep one")
        return terms[0] if terms else None

    def number(self, name: str, default: float) -> float:
        term = self.one(name)
        if term is not None and not _text(term).isdecimal():
            raise self.error(f"sh:{name} {_text(term)} is no whole number")
        return default if term is None else int(_text(term))

    def error(self, reason: str) -> OntologyError:
        return OntologyError(f"shapes.ttl: {_text(self.node)}: {reason}")

    def allow(self, names: Iterable[str]) -> None:
        """Raises OntologyError for any property of the shape that is not of these."""
        known = {str(SH[name]) for name in names} | {_TYPE.value}
        used = {_text(predicate) for predicate, subjects in self.index.items() if self.node in subjects}
        if unknown := sorted(used - known):
            raise self.error(f"the check before each write does not know {', '.join(unknown)}: add it to kg/shapes.py")


def _shape(source: _Source) -> Shape:
    source.allow(("targetClass", "targetSubjectsOf", "targetObjectsOf", "property"))
    rules = (_Source(source.index, name) for name in source.iris("property"))
    return Shape(
        name=_text(source.node),
        classes=source.iris("targetClass"),
        subjects_of=source.iris("targetSubjectsOf"),
        objects_of=source.iris("targetObjectsOf"),
        properties=tuple(_property(rule) for rule in rules),
    )


def _property(source: _Source) -> Property:
    source.allow((*_TESTS, "in", "path", "minCount", "maxCount", "class", "message", "name", "description"))
    path, message = source.one("path"), source.one("message")
    if path is None or message is None:
        raise source.error("a property shape needs a sh:path and a sh:message")
    return Property(
        name=_text(source.node),
        path=source.named(path),
        least=source.number("minCount", 0),
        most=source.number("maxCount", float("inf")),
        test=_all(tuple(_tests(source))),
        classes=source.iris("class"),
        message=_text(message),
    )


def _tests(source: _Source) -> Iterator[Test]:
    for name, build in _TESTS.items():
        bound = source.one(name)
        if bound is not None:
            try:
                yield build(bound)
            except (KeyError, ArithmeticError, re.error) as error:
                raise source.error(f"sh:{name} {_text(bound)} is nothing that kg/shapes.py knows") from error
    choices = source.one("in")
    if choices is not None:
        yield frozenset(_items(source.index, choices)).__contains__


#: What builds the test of each constraint from its parameter.
_TESTS: dict[str, Callable[[Term], Test]] = {
    "nodeKind": lambda kind: _kind(_text(kind)),
    "datatype": lambda required: _datatype(ox.NamedNode(_text(required))),
    "pattern": lambda pattern: _pattern(_text(pattern)),
    "minInclusive": lambda bound: _at_least(Decimal(_text(bound))),
    "maxInclusive": lambda bound: _at_most(Decimal(_text(bound))),
}


def _items(index: Index, head: Term) -> Iterator[Term]:
    """The members of an RDF list."""
    while head in index.get(_FIRST, {}):
        yield index[_FIRST][head][0]
        head = index[_REST][head][0]


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)


def _name(iri: str) -> str:
    """The last part of an IRI."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]
