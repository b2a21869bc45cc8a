"""What an article adds to the graph, confirms and contradicts; what a new version of an article changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF

from kg.contradictions import Contradiction, contradictions
from kg.namespaces import KG
from kg.store import Store


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """Something that an article asserts: the triple under canonical names, and in the article's words."""

    words: str
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class Support:
    """Who asserts a fact: so many articles, outlets, and sources independent of each other; first and last reported
    on these days, empty if unknown."""

    articles: int
    outlets: int
    families: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What an article added (nobody else asserts it), what it confirmed (with who else does), what it contradicts."""

    added: tuple[Fact, ...]
    confirmed: tuple[tuple[Fact, Support], ...]
    contradicts: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """What a new version of an article changed: facts, in words, that appeared, that vanished though others still
    assert them, and that lost their only source."""

    old: str
    new: str
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    lost: tuple[str, ...]


_FACTS = """
SELECT ?s ?p ?o ?subject ?object ?name ?other WHERE {
  GRAPH <ARTICLE> {
    ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:polarity kg:affirmed ; kg:modality kg:actual .
    ?s ?p ?o .
    OPTIONAL { ?s rdfs:label ?name }
    OPTIONAL { ?o rdfs:label ?other }
  }
  GRAPH <https://kg.example/identity> { ?subject kg:toldAs ?s }
  OPTIONAL { GRAPH <https://kg.example/identity> { ?object kg:toldAs ?o } }
}
"""


def asserted(store: Store, article: str) -> tuple[Fact, ...]:
    """What an article asserts, in words and under canonical names, sorted."""
    return tuple(sorted(set(_asserted(store, article))))


def _asserted(store: Store, article: str) -> Iterator[Fact]:
    for row in store.select(_FACTS.replace("<ARTICLE>", str(ox.NamedNode(article)))).rows:
        s, p, o, subject, object_, name, other = (value or "" for value in row)
        if p == str(RDF.type):
            words = f"{name}: {o.removeprefix(str(KG))}"
        else:
            words = f"{name} {p.removeprefix(str(KG))} {other or o.removeprefix(str(KG))}"
        yield Fact(words, subject or s, p, object_ or o)


_TELLERS = """
SELECT DISTINCT ?article ?outlet ?date ?family WHERE {
  GRAPH <https://kg.example/identity> { SUBJECT kg:toldAs ?s . OBJECTS }
  GRAPH ?article {
    ?claim rdf:subject ?s ; rdf:predicate PREDICATE ; rdf:object ?o ; kg:polarity kg:affirmed ; kg:modality kg:actual
  }
  GRAPH <https://kg.example/identity> { ?family kg:carries ?article }
  OPTIONAL { GRAPH ?article { ?article schema:publisher ?outlet } }
  OPTIONAL { GRAPH ?article { ?article schema:datePublished ?date } }
}
"""


def support(store: Store, fact: Fact) -> Support:
    """Who asserts a fact of the world graph."""
    query = _TELLERS.replace("SUBJECT", str(ox.NamedNode(fact.subject)))
    query = query.replace("PREDICATE", str(ox.NamedNode(fact.predicate)))
    if fact.predicate == str(RDF.type) or fact.object.startswith(str(KG)):
        # A class, a stance, a stage is of the vocabulary: it has one name everywhere.
        query = query.replace(" . OBJECTS", "").replace("?o ;", f"{ox.NamedNode(fact.object)} ;")
    else:
        query = query.replace("OBJECTS", f"{ox.NamedNode(fact.object)} kg:toldAs ?o")
    return counted(store.select(query).rows)


def counted(rows: Collection[tuple[str | None, ...]]) -> Support:
    """The support that rows of (article, outlet, date, family) are."""
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    articles, outlets, dates, families = ({value for value in column if value} for column in columns)
    return Support(len(articles), len(outlets), len(families), min(dates, default=""), max(dates, default=""))


def difference(store: Store, article: str) -> Difference:
    """What an article, which is named by its IRI, added, confirmed and contradicts."""
    told = [(fact, support(store, fact)) for fact in asserted(store, article)]
    return Difference(
        tuple(fact for fact, by in told if by.articles <= 1),
        tuple((fact, by) for fact, by in told if by.articles > 1),
        tuple(item for item in contradictions(store) if article in item.articles),
    )


def revision(store: Store, old: str, before: Iterable[Fact], new: str) -> Revision:
    """What the new version of an article changed, given what the old one asserted; the store has the new one alone."""
    told = {fact.words: fact for fact in before}
    now = {fact.words for fact in asserted(store, new)}
    gone = sorted(told.keys() - now)
    stays = {words for words in gone if support(store, told[words]).articles}
    return Revision(
        old,
        new,
        tuple(sorted(now - told.keys())),
        tuple(words for words in gone if words in stays),
        tuple(words for words in gone if words not in stays),
    )
