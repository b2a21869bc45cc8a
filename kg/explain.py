"""Why the graph says so: every sentence behind a triple or an entity, with its source; what came of each sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib import RDF

from kg.errors import QueryError, StoreError
from kg.namespaces import KG, PREFIXES, offsets
from kg.query import alike
from kg.store import Store
from kg.world import schema

Triple = tuple[str, str, str]
#: Code points [start, end) of an article's text.
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A claim in words: what is claimed, how certain, by whom, in which sentence of which article.

    `start` and `end` are the trigger's place in the sentence, where the claim has one. Unknown text is empty.
    """

    subject: str
    predicate: str
    object: str
    polarity: str
    modality: str
    asserted: bool
    sentence: str
    start: int | None
    end: int | None
    speaker: str
    office: str
    headline: str
    outlet: str
    date: str
    url: str
    source: str
    article: str
    claim: str


def explain(
    store: Store,
    entity: str | None = None,
    subject: str | None = None,
    predicate: str | None = None,
    object: str | None = None,
) -> tuple[Evidence, ...]:
    """The evidence for what is said of an entity, or for the triples of a pattern; asserted claims first.

    A thing is named by any name that an article uses for it, or by its IRI; a predicate or class by its name. Claims
    that imply the triple count: who negotiates for a state is affiliated with it. Raises QueryError for a name that
    nothing bears, and where nothing is asked.
    """
    ends = tuple(None if name is None else _aliases(store, _things(store, name)) for name in (entity, subject, object))
    wanted = ends[1], None if predicate is None else frozenset({_predicate(predicate)}), ends[2]
    nodes = next((end for end in ends if end is not None), None)
    if nodes is None and predicate is None:
        raise QueryError("nothing to explain: name an entity, or --subject, --predicate or --object")
    where = _AT if nodes is not None else _BY
    terms = sorted(nodes if nodes is not None else _implying(_predicate(predicate or "")))
    rows = _claims(store, where, "sought", map(_node, terms))
    found = {row["claim"]: row for row in rows if _matches(row, wanted)}
    return tuple(sorted(map(_evidence, found.values()), key=_order))


def told(store: Store, article: str) -> tuple[Evidence, ...]:
    """The evidence that an article gives, which is named by its IRI; in the order of its sentences."""
    rows = list(_claims(store, "?claim rdf:predicate ?any .", "article", [_node(article)]))
    places = {row["claim"]: offsets(row["span"]) for row in rows}
    found = {item.claim: item for item in map(_evidence, rows)}
    return tuple(sorted(found.values(), key=lambda item: (places[item.claim], item.claim)))


def _order(evidence: Evidence) -> tuple[bool, str, str, str, str, str]:
    return not evidence.asserted, evidence.date, evidence.article, evidence.predicate, evidence.subject, evidence.object


# -------------------------------------------------------------------------------------------------------- what is asked


def _iri(name: str) -> str | None:
    """The IRI that a text is, or abbreviates."""
    prefix, colon, local = name.strip().strip("<>").partition(":")
    if colon and local.startswith("//"):
        return f"{prefix}:{local}"
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None


def _predicate(name: str) -> str:
    return _iri(name) or (str(RDF.type) if name in ("type", "a") else KG + name)


def _things(store: Store, name: str) -> frozenset[str]:
    """The things of a name: by label; failing that, by the words of a mention, by a part of the label, as a class, or
    spelt otherwise."""
    if iri := _iri(name):
        return _classes(iri) or frozenset({iri})
    for query in (_LABELLED, _MENTIONED, _PARTLY):
        if found := store.select(query.replace("UNDEF", _terms([ox.Literal(name.strip())]))).rows:
            return frozenset(str(thing) for (thing,) in found)
    return _classes(KG + name) or alike(store, name)


def _aliases(store: Store, things: Iterable[str]) -> frozenset[str]:
    """Things under all their names: an article knows its own alone."""
    return frozenset(alias for thing in things for alias in store.aliases(thing))


def _classes(class_: str) -> frozenset[str]:
    """A class and all below it; empty if it is no class."""
    below = {name.value for name, above in schema().classes.items() if any(term.value == class_ for term in above)}
    return frozenset({class_, *below} if below else ())


def _terms(terms: Iterable[ox.NamedNode | ox.Literal]) -> str:
    """Terms as SPARQL writes them; Oxigraph quotes what must be, so nothing that a user types becomes SPARQL."""
    return " ".join(map(str, terms))


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"{iri} is no IRI and no name in the ontology: {error}") from error


def _implying(predicate: str) -> frozenset[str]:
    """The predicates that imply one, itself among them."""
    implying = {
        name.value for name, implied in schema().properties.items() if any(p.value == predicate for p, _ in implied)
    }
    return frozenset({predicate, *implying})


def _matches(row: dict[str, str], wanted: tuple[frozenset[str] | None, ...]) -> bool:
    return any(
        all(asked is None or term in asked for term, asked in zip(triple, wanted, strict=True))
        for triple in _implied((row["subject"], row["predicate"], row["object"]))
    )


def _implied(triple: Triple) -> Iterator[Triple]:
    """A triple and what its predicate implies; what a class implies is asked for by `_classes`."""
    subject, predicate, object_ = triple
    yield triple
    for implied, flipped in schema().properties.get(ox.NamedNode(predicate), ()):
        yield (object_, implied.value, subject) if flipped else (subject, implied.value, object_)


# ----------------------------------------------------------------------------------------------------- what is answered

_LABELLED = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?name { UNDEF }
  GRAPH ?article { ?thing rdfs:label ?label }
  FILTER(LCASE(STR(?label)) = LCASE(?name))
}
"""

_MENTIONED = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?name { UNDEF }
  GRAPH ?article { ?span nif:anchorOf ?words ; kg:mentions ?thing }
  FILTER(LCASE(STR(?words)) = LCASE(?name))
}
"""

_PARTLY = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?name { UNDEF }
  GRAPH ?article { ?thing rdfs:label ?label ; a ?class }
  FILTER(CONTAINS(CONCAT(" ", LCASE(STR(?label)), " "), CONCAT(" ", LCASE(?name), " ")))
}
"""

#: Where claims are looked for: at a thing, or by their predicate.
_AT = "{ ?claim rdf:subject ?sought } UNION { ?claim rdf:object ?sought }"
_BY = "?claim rdf:predicate ?sought ."

_CLAIMS = """
SELECT * WHERE {
  VALUES ?GIVEN { UNDEF }
  GRAPH ?article {
    SOUGHT
    ?claim rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;
           kg:polarity ?polarity ; kg:modality ?modality ; prov:wasQuotedFrom ?span .
    ?span nif:anchorOf ?sentence .
    BIND(EXISTS { ?subject ?predicate ?object } AS ?stands)
    OPTIONAL { ?subject rdfs:label ?subject_label }
    OPTIONAL { ?object rdfs:label ?object_label }
    OPTIONAL { ?claim kg:trigger ?trigger }
    OPTIONAL { ?claim kg:attributedTo ?speaker . ?speaker rdfs:label ?speaker_label }
    OPTIONAL { ?claim kg:attribution ?attribution . ?attribution kg:source ?speaking . ?speaking nif:anchorOf ?words }
    OPTIONAL { ?claim kg:office ?office }
    OPTIONAL { ?article schema:headline ?headline }
    OPTIONAL { ?article schema:publisher ?outlet }
    OPTIONAL { ?article schema:datePublished ?date }
    OPTIONAL { ?article schema:url ?url }
    OPTIONAL { ?article dcterms:source ?source }
  }
}
"""


def _claims(store: Store, where: str, given: str, terms: Iterable[ox.NamedNode]) -> Iterator[dict[str, str]]:
    """The claims that a pattern finds, where the variable of that name is one of the terms."""
    query = _CLAIMS.replace("SOUGHT", where).replace("GIVEN", given)
    answer = store.select(query.replace("UNDEF", _terms(terms)))
    for row in answer.rows:
        yield {column: "" if value is None else str(value) for column, value in zip(answer.columns, row, strict=True)}


def _evidence(row: dict[str, str]) -> Evidence:
    qualifiers = _local(row["polarity"]), _local(row["modality"])
    start, end = _within(row["trigger"], row["span"])
    return Evidence(
        subject=row["subject_label"] or _local(row["subject"]),
        predicate=_local(row["predicate"]),
        object=row["object_label"] or _local(row["object"]),
        polarity=qualifiers[0],
        modality=qualifiers[1],
        asserted=row["stands"] == "true" and qualifiers == ("affirmed", "actual"),
        sentence=row["sentence"],
        start=start,
        end=end,
        speaker=row["speaker_label"] or row["words"],
        **{name: row[name] for name in ("office", "headline", "outlet", "date", "url", "source", "article", "claim")},
    )


def _within(trigger: str, sentence: str) -> tuple[int | None, int | None]:
    """Where a trigger stands in its sentence."""
    begin = offsets(sentence)[0]
    return (offsets(trigger)[0] - begin, offsets(trigger)[1] - begin) if trigger else (None, None)


def _local(iri: str) -> Any:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


# ------------------------------------------------------------------------------------------------------------- coverage

ASSERTED, QUALIFIED, RETOLD, OPEN = "asserted", "qualified", "retold", "open"
ENTITIES, NOTHING, FOREIGN = "entities", "nothing", "foreign"
#: What may come of a sentence, from the most to the least.
OUTCOMES = (ASSERTED, QUALIFIED, RETOLD, OPEN, ENTITIES, NOTHING, FOREIGN)


@dataclass(frozen=True, slots=True)
class Covered:
    """A sentence of an article and what came of it, the most that did:

    asserted    a claim that stands as a plain triple, in the article's own words
    qualified   claims that are negated, planned, possible, conditional, desired, or somebody else's words
    retold      further words for an event that another sentence tells
    open        propositions that no class of the ontology covers
    entities    entities and times, of which nothing is said
    nothing     nothing at all
    foreign     nothing, and rightly so: it is not the article's own

    `claims` counts all its claims but the open ones, `asserted` those that stand as plain triples, and `qualifiers`
    how often each qualifier is on one.
    """

    start: int
    end: int
    block: str
    outcome: str
    claims: int
    asserted: int
    qualifiers: dict[str, int]
    text: str


@dataclass(frozen=True, slots=True)
class _Claimed:
    """Where a claim was read, and how certain it is."""

    place: _Place
    open: bool
    stands: bool
    qualifiers: tuple[str, ...]


def coverage(store: Store, article: str) -> tuple[Covered, ...]:
    """What came of each sentence of an article, which is named by its IRI.

    Raises StoreError where the store has no sentences of it: it is not there, or an older kg read it.
    """
    node = _node(article).value
    read = sorted((_place(row), row) for row in _rows(store, _SENTENCES, node))
    if not read:
        raise StoreError(f"{article}: its sentences are not in the store: remove the article and ingest it again")
    claims = tuple(map(_claimed, _rows(store, _QUALIFIED, node)))
    mentions = tuple((_place(row), row["event"] == "true") for row in _rows(store, _MENTIONS, node))
    return tuple(_covered(place, row, claims, mentions) for place, row in read)


def _rows(store: Store, query: str, article: str) -> Iterator[dict[str, str]]:
    answer = store.select(query.replace("UNDEF", article))
    for row in answer.rows:
        yield {column: "" if value is None else str(value) for column, value in zip(answer.columns, row, strict=True)}


def _place(row: dict[str, str]) -> _Place:
    return offsets(row["span"])


def _claimed(row: dict[str, str]) -> _Claimed:
    qualifiers = [name for name in (_local(row["polarity"]), _local(row["modality"])) if name not in _PLAIN]
    qualifiers += ["attributed"] * (row["attributed"] == "true")
    return _Claimed(_place(row), row["open"] == "true", row["stands"] == "true", tuple(qualifiers))


#: What a claim says by default.
_PLAIN = ("affirmed", "actual")


def _covered(
    place: _Place, row: dict[str, str], claims: Iterable[_Claimed], mentions: Iterable[tuple[_Place, bool]]
) -> Covered:
    """What the claims and the mentions that lie in a sentence make of it; a mention is (place, whether of an event)."""
    here = [claim for claim in claims if _overlap(claim.place, place)]
    typed = [claim for claim in here if not claim.open]
    named = [event for span, event in mentions if _overlap(span, place)]
    return Covered(
        start=place[0],
        end=place[1],
        block=row["block"],
        outcome=_outcome(typed, named, bool(here), row["block"]),
        claims=len(typed),
        asserted=sum(claim.stands for claim in typed),
        qualifiers=dict(sorted(Counter(name for claim in typed for name in claim.qualifiers).items())),
        text=row["sentence"],
    )


def _overlap(one: _Place, other: _Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _outcome(typed: list[_Claimed], named: list[bool], claimed: bool, block: str) -> str:
    if typed:
        return ASSERTED if any(claim.stands and not claim.qualifiers for claim in typed) else QUALIFIED
    if any(named):
        return RETOLD
    return OPEN if claimed else ENTITIES if named else FOREIGN if block == FOREIGN else NOTHING


_SENTENCES = """
SELECT * WHERE {
  GRAPH <UNDEF> { ?span kg:blockKind ?block ; nif:anchorOf ?sentence }
}
"""

_QUALIFIED = """
SELECT * WHERE {
  GRAPH <UNDEF> {
    ?claim rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;
           kg:polarity ?polarity ; kg:modality ?modality ; prov:wasQuotedFrom ?span .
    BIND(EXISTS { ?subject ?predicate ?object } AS ?stands)
    BIND(EXISTS { ?claim kg:attribution ?whose } AS ?attributed)
    BIND(EXISTS { ?class rdf:subject ?subject ; rdf:predicate rdf:type ; rdf:object kg:Open } AS ?open)
  }
}
"""

_MENTIONS = """
SELECT DISTINCT ?span ?event WHERE {
  GRAPH <UNDEF> {
    ?span kg:mentions ?thing .
    BIND(EXISTS { ?claim rdf:subject ?thing ; rdf:predicate rdf:type ; rdf:object ?class .
                  FILTER(?class != kg:Open) } AS ?event)
  }
}
"""
