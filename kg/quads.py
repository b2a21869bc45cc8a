"""What a store holds, for those who read it: quads by pattern, what articles say of themselves, answers to SPARQL.

Terms leave as text where that is enough: of a literal its words, of a triple its N-Triples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from markupsafe import Markup
from rdflib import DCTERMS

from kg import judgements
from kg.answer import Answer, table
from kg.clusters import Judgement
from kg.errors import QueryError, StoreError
from kg.graph import ANY_URI, COMPLETE, HASH, OBJECT, PREDICATE, STATUS, SUBJECT, URL, A, text
from kg.namespaces import ARTICLE, BASE, IDENTITY, JOURNAL, JUDGEMENTS, KG, PREFIXES, SCHEMA, WORLD
from kg.query import ask
from kg.sparql import refuse, told

if TYPE_CHECKING:
    from pandas import DataFrame

_WORLD, _SUPERSEDED = ox.NamedNode(WORLD), ox.NamedNode(str(KG.supersededBy))


@dataclass(frozen=True, slots=True)
class Source:
    """An article of the store, and where it came from; `hash` is the SHA-256 of its text."""

    article: str
    headline: str | None
    outlet: str | None
    url: str | None
    published: str | None
    hash: str
    source: str


#: What an article says of itself.
_HEADLINE, _OUTLET, _URL, _DAY = (str(SCHEMA[name]) for name in ("headline", "publisher", "url", "datePublished"))
_TOLD_OF = (_HEADLINE, _OUTLET, _URL, _DAY, HASH.value, str(DCTERMS["source"]))


def _source(article: str, known: Mapping[str, str]) -> Source:
    """An article, given what it says of itself by predicate."""
    headline, outlet, url, day = map(known.get, (_HEADLINE, _OUTLET, _URL, _DAY))
    return Source(article, headline, outlet, url, day, known[HASH.value], known[str(DCTERMS["source"])])


class Quads:
    """The quads of an Oxigraph store that is open, and may be of another version of kg."""

    _open: ox.Store | None
    _stale: bool

    @property
    def _store(self) -> ox.Store:
        if self._open is None:
            raise StoreError(f"{self}: the store is closed: open it again with Store(path)")
        return self._open

    def _fresh(self) -> None:
        if self._stale:
            raise StoreError(
                f"{self}: another version of kg made it: run kg validate --mend, which reads no article anew"
            )

    def __len__(self) -> int:
        """How many quads there are."""
        return len(self._store)

    def __bool__(self) -> bool:
        return True

    def __contains__(self, article: str) -> bool:
        name = _iri(article)
        return name is not None and ox.Quad(name, STATUS, COMPLETE, name) in self._store

    def _repr_html_(self) -> str:
        """What there is in the store, for notebooks."""
        return Markup("<p>{}</p>").format(f"kg: {self}") + table(("what", "how many"), self.counts().items())

    # --------------------------------------------------------------------------------------------------------- patterns

    def triples(self, article: str) -> tuple[ox.Triple, ...]:
        """The graph of an article, sorted; empty if it is not there."""
        name = _iri(article)
        return () if name is None else tuple(sorted(self._triples(name), key=str))

    def _triples(self, graph: ox.NamedNode) -> Iterator[ox.Triple]:
        return (quad.triple for quad in self._store.quads_for_pattern(None, None, None, graph))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """All quads, or those of one named graph, in no order."""
        return self._store.quads_for_pattern(None, None, None, None if graph is None else ox.NamedNode(graph))

    def rows(self, predicate: str) -> Iterator[tuple[str, str, str]]:
        """(article, subject, object) as text, of each triple with the predicate that an article states; in no order."""
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, None):
            if as_text(quad.graph_name).startswith(ARTICLE):
                yield as_text(quad.graph_name), as_text(quad.subject), as_text(quad.object)

    def pairs(self, predicate: str, graph: str) -> Iterator[tuple[str, str]]:
        """(subject, object) as text, of each triple of a named graph with the predicate; in no order."""
        self._fresh()
        pattern = None, ox.NamedNode(predicate), None, ox.NamedNode(graph)
        for quad in self._store.quads_for_pattern(*pattern):
            yield as_text(quad.subject), as_text(quad.object)

    def match(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        thing: str | None = None,
        graph: str | None = None,
    ) -> Iterator[tuple[str, str, str, str]]:
        """(subject, predicate, object, graph) as text, of each quad with these IRIs at these places; in no order."""
        pattern = (None if term is None else ox.NamedNode(term) for term in (subject, predicate, thing, graph))
        for quad in self._store.quads_for_pattern(*pattern):
            yield as_text(quad.subject), quad.predicate.value, as_text(quad.object), as_text(quad.graph_name)

    def aliases(self, thing: str) -> frozenset[str]:
        """All IRIs that a thing goes by: the one in the world graph, and those in the articles that tell of it."""
        self._fresh()
        name = _iri(thing)
        if name is None:
            return frozenset((thing,))
        identity, told = ox.NamedNode(IDENTITY), ox.NamedNode(str(KG.toldAs))
        canonical = [quad.subject for quad in self._store.quads_for_pattern(None, told, name, identity)] or [name]
        quads = (quad for one in canonical for quad in self._store.quads_for_pattern(one, told, None, identity))
        return frozenset({thing, *map(as_text, canonical), *(as_text(quad.object) for quad in quads)})

    def held(self, graph: str) -> Iterator[tuple[str, str, str]]:
        """(subject, predicate, object) as text, of each triple of a named graph; in no order."""
        for quad in self.quads(graph):
            yield as_text(quad.subject), quad.predicate.value, as_text(quad.object)

    def graphs(self) -> tuple[str, ...]:
        """The names of the graphs that hold something, sorted."""
        names = sorted(map(as_text, self._store.named_graphs()))
        return tuple(name for name in names if next(iter(self.quads(name)), None) is not None)

    def has_graph(self, name: str) -> bool:
        """Whether there is a named graph of this name."""
        iri = _iri(name)
        return iri is not None and self._store.contains_named_graph(iri)

    # --------------------------------------------------------------------------------------------------------- articles

    def articles(self) -> tuple[Source, ...]:
        """The articles of the store by date and IRI; those without a date come first."""
        # By predicate, not by article: among 10,000 articles that takes half the time.
        said = {predicate: self.told(predicate) for predicate in _TOLD_OF}
        return tuple(
            _source(article, {name: values[article] for name, values in said.items() if article in values})
            for article in self.days()
        )

    def days(self) -> dict[str, str]:
        """The day of each article, empty if unknown: by day, then by IRI."""
        days, complete = self.told(_DAY), self.told(STATUS.value)
        found = ((days.get(article, ""), article) for article, status in complete.items() if status == COMPLETE.value)
        return {article: day for day, article in sorted(found)}

    def told(self, predicate: str) -> dict[str, str]:
        """What articles say of themselves with a predicate, by article."""
        return {article: value for article, subject, value in self.rows(predicate) if subject == article}

    def _source(self, article: str) -> Source:
        name = ox.NamedNode(article)
        quads = self._store.quads_for_pattern(name, None, None, name)
        return _source(article, {quad.predicate.value: as_text(quad.object) for quad in quads})

    def there(self) -> set[str]:
        """The articles that are there, by their marks."""
        return {name for name, _, status in self.rows(STATUS.value) if status == COMPLETE.value}

    def versions(self, url: str | None) -> tuple[str, ...]:
        """The articles from a URL: one, or none."""
        if url is None:
            return ()
        there = self._store.quads_for_pattern(None, URL, ox.Literal(text(url).value, datatype=ANY_URI), None)
        return tuple(sorted(as_text(quad.graph_name) for quad in there if quad.subject == quad.graph_name))

    def newer(self, url: str | None, published: str | None) -> str | None:
        """The article from a URL that was published later than a day."""
        dates = {article: self._source(article).published or "" for article in self.versions(url)}
        return next((article for article, day in dates.items() if day > (published or day)), None)

    def successor(self, article: str) -> str | None:
        """The article that is there now in the place of one that was there before."""
        line = [article]
        for one in line:
            newer = self._store.quads_for_pattern(ox.NamedNode(one), _SUPERSEDED, None, ox.NamedNode(JOURNAL))
            line += sorted({as_text(quad.object) for quad in newer} - {*line})
        return next((one for one in line[1:] if one in self), None)

    def decisions(self) -> tuple[Judgement, ...]:
        """What people decided, by pair."""
        return judgements.read(self.held(JUDGEMENTS))

    # ---------------------------------------------------------------------------------------------------------- answers

    def counts(self) -> dict[str, int]:
        """How much there is: of articles, of triples, of claims and of those asserted; of events by class, as
        `event Negotiation`; of entities by type, as `entity Person`."""
        claims = self._claims()
        events = Counter(_local(object_) for _, _, predicate, object_ in claims if predicate == A.value)
        spoken = {(thing, kind) for _, thing, kind in self.rows(A.value) if _is_entity(kind)}
        spoken -= {(subject, object_) for _, subject, _, object_ in claims}
        entities = Counter(_local(kind) for _, kind in spoken)
        return {
            "articles": len(self.articles()),
            "triples": len(self._store),
            "claims": len(claims),
            "asserted": sum(self._stands(claim) for claim in claims),
            **{f"event {name}": events[name] for name in sorted(events)},
            **{f"entity {name}": entities[name] for name in sorted(entities)},
        }

    def _claims(self) -> list[tuple[str, str, str, str]]:
        """(article, subject, predicate, object) of each claim."""
        subjects = {claim: subject for _, claim, subject in self.rows(SUBJECT.value)}
        objects = {claim: object_ for _, claim, object_ in self.rows(OBJECT.value)}
        return [
            (article, subjects[claim], predicate, objects[claim])
            for article, claim, predicate in self.rows(PREDICATE.value)
        ]

    def _stands(self, claim: tuple[str, str, str, str]) -> bool:
        article, subject, predicate, object_ = map(ox.NamedNode, claim)
        return ox.Quad(subject, predicate, object_, article) in self._store

    def frame(self, question: str, /, **values: str | None) -> DataFrame:
        """The answer to a question by name (see `kg.ask`), or to a SPARQL query, as a pandas table of text.

        Raises QueryError as `ask` and `select` do, and where pandas is not installed.
        """
        named = "{" not in question
        if not named and values:
            raise QueryError(f"only a question by name takes {', '.join(values)}: write values into the query")
        return (ask(self, question, **values) if named else self.select(question)).frame()

    def select(
        self, sparql: str, bindings: Mapping[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] | None = None
    ) -> Answer:
        """What a SPARQL query finds, with the world graph as default graph; GRAPH ?article {…} reaches the articles.

        The prefixes of `kg.namespaces` are known. `bindings` gives variables of the SELECT clause their values;
        FILTER does not see them. ASK answers with one row, CONSTRUCT and DESCRIBE with the triples as rows. FROM is
        passed over. Raises QueryError for a query that is wrong or asks another server. There is no time limit: run
        the queries of strangers in a process of its own.
        """
        self._fresh()
        substitutions = {ox.Variable(name): term for name, term in (bindings or {}).items()}
        with _explained():
            return _answer(self._found(sparql, default_graph=[_WORLD], substitutions=substitutions or None))

    def results(
        self, sparql: str, default: Sequence[str] = (), named: Sequence[str] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """What a SPARQL query finds, as Oxigraph gives it, found while it is read; over these graphs of the store, or
        over those that `select` asks. Raises QueryError for a query that is wrong or asks another server."""
        self._fresh()
        graphs = None if named is None else [ox.NamedNode(name) for name in named]
        with _explained():
            asked = [ox.NamedNode(name) for name in default] or ([_WORLD] if named is None else [])
            return self._found(sparql, default_graph=asked, named_graphs=graphs, base_iri=BASE)

    def _found(self, sparql: str, **options: Any) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        refuse(sparql)
        return self._store.query(sparql, prefixes=PREFIXES, **options)


# -------------------------------------------------------------------------------------------------------------- queries


@contextmanager
def _explained() -> Iterator[None]:
    """Turns what Oxigraph says of a query into a QueryError."""
    try:
        yield
    except SyntaxError as error:
        raise QueryError(told(str(error))) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error


def _answer(found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Answer:
    if isinstance(found, ox.QueryBoolean):
        return Answer(("answer",), (("true" if found else "false",),))
    if isinstance(found, ox.QueryTriples):
        return Answer(("subject", "predicate", "object"), tuple(tuple(map(as_text, triple)) for triple in found))
    columns = tuple(variable.value for variable in found.variables)
    return Answer(columns, tuple(tuple(None if term is None else as_text(term) for term in row) for row in found))


# ---------------------------------------------------------------------------------------------------------------- terms


def _iri(text: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


def as_text(term: Any) -> str:
    """A term as text: of a literal its words, of a triple its N-Triples."""
    return str(getattr(term, "value", term))


def _local(iri: str) -> str:
    return iri.removeprefix(str(KG))


def _is_entity(kind: str) -> bool:
    return kind.startswith(str(KG)) and _local(kind) not in _NO_ENTITIES


#: Classes of nodes that are no entities; events are told by their claims.
_NO_ENTITIES = {"Claim", "Span", "Attribution", "Phrase", "Time"}
