"""From a record to the RDF of one article: pure, and the only seam between language and RDF.

No blank nodes, so two graphs are equal if their sets of triples are, and merging is union. The terms are Oxigraph's
own: rdflib's cost ten times as much, and every article passes here. `to_graph` gives the same triples to rdflib.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeAlias

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, Graph, URIRef
from rdflib import Literal as RDFLiteral

from kg.errors import ArticleError
from kg.namespaces import KG, NIF, PREFIXES, SCHEMA, TIME, WD
from kg.record import OPEN, Attribution, Entity, Event, Record, Relation, Role, Talks, is_asserted

Node: TypeAlias = ox.NamedNode
Term: TypeAlias = ox.NamedNode | ox.Literal
#: A triple as a plain tuple: an `ox.Triple` with a literal costs 1.4 µs to make, this 0.05.
Statement: TypeAlias = tuple[Node, Node, Term]
#: predicate → subject → objects.
Index: TypeAlias = Mapping[ox.NamedNode, Mapping[Any, list[Any]]]


@lru_cache(maxsize=50_000)
def node(iri: str) -> Node:
    """A term of the vocabulary, made once; it is asked for IRIs of articles too, so not all are kept."""
    return ox.NamedNode(iri)


@cache
def kg_term(name: str) -> Node:
    """A term of our own vocabulary, by its local name."""
    return node(str(KG[name]))


A, LABEL = node(str(RDF.type)), node(str(RDFS.label))
ALT_LABEL, MATCH = node(str(SKOS.altLabel)), node(str(SKOS.exactMatch))
SUBJECT, PREDICATE, OBJECT = node(str(RDF.subject)), node(str(RDF.predicate)), node(str(RDF.object))
ARTICLE_CLASS, CLAIM = node(str(SCHEMA.NewsArticle)), node(str(KG.Claim))
POLARITY, MODALITY, CONFIDENCE = node(str(KG.polarity)), node(str(KG.modality)), node(str(KG.confidence))
QUOTED, TRIGGER, OFFICE = node(str(PROV.wasQuotedFrom)), node(str(KG.trigger)), node(str(KG.office))
ATTRIBUTION, SPEAKER, ANCHOR = node(str(KG.attribution)), node(str(KG.attributedTo)), node(str(NIF.anchorOf))
MENTIONS, KIND, COUNT, TIMEX = (
    node(str(KG.mentions)),
    node(str(KG.mentionKind)),
    node(str(KG["count"])),
    node(str(KG.timex)),
)
BLOCK_KIND = node(str(KG.blockKind))
STATUS, COMPLETE, HASH = node(str(KG.status)), node(str(KG.Complete)), node(str(KG.contentHash))
RESPONDS, WHEN = node(str(KG.respondsTo)), node(str(KG.time))

PUBLISHED = node(SCHEMA["datePublished"])
URL, ANY_URI = node(SCHEMA["url"]), node(str(XSD.anyURI))
_DATE, _URI, _DECIMAL = node(str(XSD.date)), node(str(XSD.anyURI)), node(str(XSD.decimal))
_SURROGATES = re.compile("[\ud800-\udfff]")


def to_graph(record: Record) -> Graph:
    """The triples of an article as an rdflib graph, for people: named as the article, prefixes bound."""
    graph = Graph(identifier=URIRef(record.id))
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for subject, predicate, object_ in statements(record):
        graph.add((URIRef(subject.value), URIRef(predicate.value), from_ox(object_)))
    return graph


def to_triples(record: Record) -> tuple[ox.Triple, ...]:
    """The triples of an article in a fixed order. Raises ArticleError for a record that contradicts itself."""
    return tuple(ox.Triple(*statement) for statement in statements(record))


def statements(record: Record) -> tuple[Statement, ...]:
    """What `to_triples` gives, as plain tuples: half the cost, for the way into the store."""
    try:
        return tuple(dict.fromkeys(_statements(_Draft(record))))
    except KeyError as error:
        raise ArticleError(record.source, f"the record speaks of {error}, which it does not have") from error
    except ValueError as error:
        raise ArticleError(record.source, f"the record makes no valid RDF: {error}") from error


def indexed(triples: Iterable[ox.Triple | Statement]) -> Index:
    """A graph by predicate, then subject: what is asked of an article's graph goes by predicates."""
    index: defaultdict[ox.NamedNode, dict[Any, list[Any]]] = defaultdict(dict)
    for subject, predicate, object_ in triples:
        subjects = index[predicate]
        if subject in subjects:
            subjects[subject].append(object_)
        else:
            subjects[subject] = [object_]
    return index


def from_ox(term: Term) -> URIRef | RDFLiteral:
    """A term in rdflib; a plain string stays plain."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    datatype = None if term.language or term.datatype == _STRING else URIRef(term.datatype.value)
    return RDFLiteral(term.value, lang=term.language, datatype=datatype)


#: The type of what no class covers: it is described where it is named, and its only mention is in its event's sentence.
THING = "Thing"
_STRING = node(str(XSD.string))
#: How a record writes a term of the vocabulary.
_TERM = "kg:"
#: Where a time expression has no value: no triple speaks of it.
_UNRESOLVED = node(str(TIME))


LEAST, MOST = node(str(KG.least)), node(str(KG.most))
FACTUALITY = node(str(KG.factuality))
UNIT, POPULATION = node(str(KG.unit)), node(str(KG.population))


# ------------------------------------------------------------------------------------------------------------ the draft


@dataclass(slots=True)
class _Draft:
    """What the parts of one graph share: the IRIs of the record's ids, the spans spoken of, the number of claims."""

    record: Record
    article: Node = field(init=False)
    nodes: dict[str, Node] = field(init=False)
    speakers: dict[str, str | None] = field(init=False)
    unasserted: frozenset[str] = field(init=False)
    spans: dict[tuple[int, int], Node] = field(default_factory=dict)
    claims: int = 0

    def __post_init__(self) -> None:
        record = self.record
        self.article = ox.NamedNode(record.id)
        self.nodes = {entity.id: ox.NamedNode(entity.iri) for entity in record.entities}
        self.nodes |= {event.id: self.local(event.id) for event in record.events}
        self.nodes |= {attribution.id: self.local(attribution.id) for attribution in record.attributions}
        self.nodes |= {time.id: ox.NamedNode(f"{TIME}{time.value or ''}") for time in record.times}
        if record.talks is not None:
            self.nodes |= {thing.id: ox.NamedNode(thing.iri) for thing in record.talks.things}
        self.speakers = {attribution.id: attribution.source.entity for attribution in record.attributions}
        self.unasserted = frozenset(event.id for event in record.events if not is_asserted(event))

    def local(self, name: str) -> Node:
        """An IRI within the article."""
        return ox.NamedNode(f"{self.record.id}#{name}")

    def span(self, start: int, end: int) -> Node:
        """The IRI of a span (RFC 5147), which is thereby spoken of."""
        span = self.spans.get((start, end))
        if span is None:
            if not 0 <= start <= end <= len(self.record.text):
                raise ValueError(f"span {start} to {end} lies outside of the text ({len(self.record.text)} characters)")
            span = self.spans[start, end] = self.local(f"char={start},{end}")
        return span

    def claim(self) -> Node:
        """The IRI of the next claim."""
        self.claims += 1
        return self.local(f"c{self.claims}")


def _statements(draft: _Draft) -> Iterator[Statement]:
    record = draft.record
    yield from _article(draft)
    for entity in record.entities:
        yield from _entity(draft, entity)
    yield from _times(draft)
    for event in record.events:
        yield from _event(draft, event)
    for relation in record.relations:
        yield from _relation(draft, relation)
    for attribution in record.attributions:
        yield from _attribution(draft, attribution)
    if record.talks is not None:
        yield from _talks(draft, record.talks)
    for sentence in record.sentences:
        yield draft.span(sentence.start, sentence.end), BLOCK_KIND, text(sentence.block)
    yield from _spans(draft)  # last: by now all that is spoken of is known


def text(value: str) -> ox.Literal:
    """A plain literal. JSON can carry lone surrogates, UTF-8 cannot: each becomes U+FFFD, and offsets still hold."""
    try:
        return ox.Literal(value)
    except ValueError:
        return ox.Literal(_SURROGATES.sub("\ufffd", value))


def _typed(value: str, datatype: Node) -> ox.Literal:
    return ox.Literal(text(value).value, datatype=datatype)


# ------------------------------------------------------------------------------------------------------------ the parts


def _article(draft: _Draft) -> Iterator[Statement]:
    record, article = draft.record, draft.article
    yield article, A, ARTICLE_CLASS
    for name, value in (("headline", record.title), ("publisher", record.outlet), ("inLanguage", record.language)):
        if value is not None:
            yield article, node(SCHEMA[name]), text(value)
    if record.published is not None:
        yield article, node(SCHEMA["datePublished"]), _typed(record.published, _DATE)
    if record.url is not None:
        yield article, node(SCHEMA["url"]), _typed(record.url, _URI)
    yield article, node(DCTERMS["source"]), text(record.source)
    yield article, HASH, ox.Literal(hashlib.sha256(record.text.encode("utf-8", "surrogatepass")).hexdigest())
    yield article, STATUS, COMPLETE


def _entity(draft: _Draft, entity: Entity) -> Iterator[Statement]:
    name = draft.nodes[entity.id]
    yield name, A, kg_term(entity.type)
    yield name, LABEL, text(entity.label or entity.name)
    if entity.label is not None:
        yield name, ALT_LABEL, text(entity.name)
    if entity.wikidata is not None:
        yield name, MATCH, ox.NamedNode(WD + entity.wikidata)
    for mention in entity.mentions if entity.type != THING or len(entity.mentions) > 1 else ():
        span = draft.span(mention.start, mention.end)
        yield span, MENTIONS, name
        yield span, KIND, text(mention.kind)


def _times(draft: _Draft) -> Iterator[Statement]:
    """The times that are resolved; of another nothing can be said."""
    for time in draft.record.times:
        if time.value:
            name = draft.nodes[time.id]
            yield name, A, kg_term("Time")
            yield name, LABEL, text(time.value)
            yield name, TIMEX, text(time.value)
            yield draft.span(time.start, time.end), MENTIONS, name


def _event(draft: _Draft, event: Event) -> Iterator[Statement]:
    name, trigger = draft.nodes[event.id], event.trigger
    yield name, LABEL, text(draft.record.text[trigger.start : trigger.end])
    if event.class_ != OPEN:
        for span in (trigger, *event.mentions):
            yield draft.span(span.start, span.end), MENTIONS, name
    claim = draft.claim()
    yield from _claim(draft, event, (name, A, kg_term(event.class_)), claim)
    if event.class_ != OPEN:
        yield from _factuality(claim, event)
    phrases: Counter[str] = Counter()
    for role in event.roles:
        filler = draft.nodes[role.entity] if role.entity is not None else None
        if filler is None:
            phrases[role.role] += 1
            filler = draft.local(f"{event.id}-{role.role}-{phrases[role.role]}")
            yield from _phrase(filler, role)
        if event.class_ == OPEN:
            # An open proposition is one claim, and its participants are the claim's: it is never asserted in part.
            yield claim, kg_term(role.role), filler
        else:
            stated = draft.claim()
            yield from _claim(draft, event, (name, kg_term(role.role), filler), stated)
            yield from _quantity(stated if role.entity is not None else filler, role)
    yield from _links(draft, event, name)


def _phrase(name: Node, role: Role) -> Iterator[Statement]:
    """A filler that is no entity, in the article's words."""
    yield name, A, kg_term("Phrase")
    yield name, LABEL, text(role.value or "")


def _quantity(name: Node, role: Role) -> Iterator[Statement]:
    """How many a role's filler speaks of: said of its phrase, or of the claim where it is an entity."""
    for term, number in ((COUNT, role.count), (LEAST, role.least), (MOST, role.most)):
        if number is not None:
            yield name, term, ox.Literal(number)
    for term, words in ((UNIT, role.unit), (POPULATION, role.population)):
        if words is not None:
            yield name, term, text(words)


def _links(draft: _Draft, event: Event, name: Node) -> Iterator[Statement]:
    """When an event is said to happen, and what it answers."""
    time = None if event.time is None else draft.nodes[event.time]
    if time is not None and time != _UNRESOLVED:
        yield from _claim(draft, event, (name, WHEN, time))
    if event.responds_to is not None:
        yield from _claim(draft, event, (name, RESPONDS, draft.nodes[event.responds_to]))


def _relation(draft: _Draft, relation: Relation) -> Iterator[Statement]:
    ends = draft.nodes[relation.subject], kg_term(relation.predicate), draft.nodes[relation.object]
    claim = draft.claim()
    yield from _claim(draft, relation, ends, claim)
    yield from _factuality(claim, relation)


def _factuality(claim: Node, said: Event | Relation) -> Iterator[Statement]:
    if said.factuality is not None:
        yield claim, FACTUALITY, _decimal(said.factuality)


def _talks(draft: _Draft, talks: Talks) -> Iterator[Statement]:
    """What is said of talks. An object may be a term of the vocabulary, such as "kg:round"."""
    for thing in talks.things:
        yield from _entity(draft, thing)
    for claim in talks.claims:
        term = claim.object.startswith(_TERM)
        object_ = kg_term(claim.object.removeprefix(_TERM)) if term else draft.nodes[claim.object]
        if object_ != _UNRESOLVED:
            yield from _claim(draft, claim, (draft.nodes[claim.subject], kg_term(claim.predicate), object_))


def _claim(draft: _Draft, said: Event | Relation, triple: Statement, claim: Node | None = None) -> Iterator[Statement]:
    """That the article states a triple: where, how certain, in whose words. Only what is asserted stands by itself."""
    claim, evidence = claim or draft.claim(), said.evidence
    subject, predicate, object_ = triple
    yield claim, A, CLAIM
    yield claim, SUBJECT, subject
    yield claim, PREDICATE, predicate
    yield claim, OBJECT, object_
    yield claim, POLARITY, kg_term(said.polarity)
    yield claim, MODALITY, kg_term(said.modality)
    yield claim, CONFIDENCE, _decimal(said.confidence)
    yield claim, QUOTED, draft.span(evidence.start, evidence.end)
    if isinstance(said, Event):
        if said.class_ != OPEN:
            yield claim, TRIGGER, draft.span(said.trigger.start, said.trigger.end)
    elif said.office is not None:
        yield claim, OFFICE, text(said.office)
    if said.attribution is not None:
        yield from _speaker(draft, claim, said.attribution)
    if _stands(draft, said):
        yield triple


@cache
def _decimal(value: float) -> ox.Literal:
    """In the one form that Oxigraph gives back: it keeps the number, not its zeros."""
    return ox.Literal(f"{value:.4f}".rstrip("0").rstrip("."), datatype=_DECIMAL)


def _speaker(draft: _Draft, claim: Node, attribution: str) -> Iterator[Statement]:
    yield claim, ATTRIBUTION, draft.nodes[attribution]
    speaker = draft.speakers[attribution]
    if speaker is not None:
        yield claim, SPEAKER, draft.nodes[speaker]


def _stands(draft: _Draft, said: Event | Relation) -> bool:
    """Whether a claim holds by itself. A relation of an event that is not asserted does not: nobody mediated a
    meeting that never was."""
    if isinstance(said, Relation) and not draft.unasserted.isdisjoint((said.subject, said.object)):
        return False
    return is_asserted(said)


def _attribution(draft: _Draft, attribution: Attribution) -> Iterator[Statement]:
    name, source = draft.nodes[attribution.id], attribution.source
    yield name, A, kg_term("Attribution")
    if source.entity is not None:
        yield name, kg_term("speaker"), draft.nodes[source.entity]
    for part, span in (("source", source), ("cue", attribution.cue), ("content", attribution.content)):
        yield name, kg_term(part), draft.span(span.start, span.end)
    yield name, kg_term("direct"), ox.Literal(attribution.direct)


def _spans(draft: _Draft) -> Iterator[Statement]:
    """What each span covers. That it is one, where it lies and in which article, its IRI says (RFC 5147)."""
    for (start, end), span in draft.spans.items():
        yield span, ANCHOR, text(draft.record.text[start:end])
