"""The graph as networkx sees it, and back: nodes are what claims speak of, edges are what they claim.

The mirror is a function of the dataset, never a second source of truth. An edge says that some article claims
the triple, not that it holds: `asserted` tells whether it stands as a plain triple, `polarity` and `modality`
what the first of its claims says, and `claims` who says so, where, in which words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rdflib import PROV, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef

from kg.graph import node as node_of
from kg.namespaces import IDENTITY, KG, NIF, NO_ARTICLES, SCHEMA, WD, offsets
from kg.record import ACTUAL, AFFIRMED
from kg.store import Store
from kg.world import schema

if TYPE_CHECKING:
    import networkx as nx

#: (graph, subject, object) as text.
Row = tuple[str, str, str]
#: (subject, predicate, object) as text.
Key = tuple[str, str, str]
#: The rows of a predicate.
Rows = Callable[[str], Iterator[Row]]

TYPE = str(RDF.type)


@dataclass(frozen=True, slots=True)
class Claim:
    """That an article says something: where, in which words, how certain, and whose words they are.

    Unknown text is empty, all else unknown is None. `speaker` is a label, or the article's words for a speaker that is
    no entity. `asserted` says whether the claim stands as a plain triple too.
    """

    id: str
    article: str
    headline: str
    outlet: str
    url: str
    date: str
    sentence: str
    start: int
    end: int
    trigger_start: int | None
    trigger_end: int | None
    polarity: str
    modality: str
    confidence: float
    speaker: str | None
    speaker_iri: str | None
    office: str | None
    asserted: bool = False


def to_networkx(source: Store | Dataset) -> nx.MultiDiGraph:
    """The mirror of all claims: nodes by canonical IRI, edges keyed by the IRI of their predicate, in sorted order."""
    # Not at the top: see `kg.export`.
    import networkx as nx

    rows = _rows(source)
    facts = _facts(rows)
    types = {key: claims for key, claims in facts.items() if key[1] == TYPE}
    edges = {key: claims for key, claims in facts.items() if key[1] != TYPE}
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(_nodes(rows, types, edges))
    for (subject, predicate, object_), claims in edges.items():
        graph.add_edge(subject, object_, key=predicate, **_edge(predicate, claims))
    return graph


def from_networkx(graph: nx.MultiDiGraph) -> Dataset:
    """A dataset whose mirror is the graph: one named graph an article, with its claims and what they rest on."""
    dataset = Dataset()
    for iri, data in graph.nodes(data=True):
        for class_, claim in zip(data["classes"], data["claims"], strict=True):
            _write_claim(dataset, (iri, TYPE, KG[class_]), claim)
            _write_node(dataset.graph(URIRef(claim.article)), iri, data)
    for subject, object_, predicate, data in graph.edges(keys=True, data=True):
        for claim in data["claims"]:
            _write_claim(dataset, (subject, predicate, object_), claim)
            for iri in (subject, object_):
                _write_node(dataset.graph(URIRef(claim.article)), iri, graph.nodes[iri])
    return dataset


# -------------------------------------------------------------------------------------------------- reading the dataset


def _rows(source: Store | Dataset) -> Rows:
    """How to read the triples of a predicate in the article graphs, under the names that things go by among articles.

    A loop over patterns is 35 times faster than SPARQL here, and Oxigraph's own terms several times faster than
    rdflib's, so a Store is read directly.
    """
    if isinstance(source, Store):
        names = {thing: name for name, thing in source.pairs(_TOLD, IDENTITY)}
        return lambda predicate: _renamed(source.rows(predicate), names)
    told = source.quads((None, URIRef(_TOLD), None, source.graph(URIRef(IDENTITY))))
    known = {str(thing): str(name) for name, _, thing, _ in told}
    return lambda predicate: _renamed(_dataset_rows(source, predicate), known)


_TOLD = str(KG.toldAs)


def _renamed(rows: Iterable[Row], names: dict[str, str]) -> Iterator[Row]:
    return ((graph, names.get(subject, subject), names.get(object_, object_)) for graph, subject, object_ in rows)


def _dataset_rows(dataset: Dataset, predicate: str) -> Iterator[Row]:
    for subject, _, object_, name in dataset.quads((None, URIRef(predicate), None, None)):
        if name is not None and str(name) not in NO_ARTICLES:
            yield str(name), str(subject), str(object_)


def _values(rows: Rows, predicate: str, prefix: str = "") -> dict[str, str]:
    """The one value with the prefix that a predicate has for each subject: the least, should there be several."""
    pairs = ((subject, value) for _, subject, value in rows(predicate) if value.startswith(prefix))
    return dict(sorted(pairs, reverse=True))


def _labels(rows: Rows) -> dict[str, str]:
    """The fullest label of each node: articles may call one entity by longer and shorter names."""
    labels: dict[str, str] = {}
    for _, subject, label in rows(str(RDFS.label)):
        labels[subject] = max(label, labels.get(subject, label), key=lambda text: (len(text), text))
    return labels


def facts(source: Store | Dataset) -> dict[Key, tuple[Claim, ...]]:
    """The claims of each claimed triple under canonical names, the asserted ones first; triples sorted."""
    return _facts(_rows(source))


def _facts(rows: Rows) -> dict[Key, tuple[Claim, ...]]:
    predicates = _values(rows, str(RDF.predicate))
    subjects, objects = _values(rows, str(RDF.subject)), _values(rows, str(RDF.object))
    plain = {name: set(rows(name)) for name in set(predicates.values())}
    claim_of = _claim_reader(rows)
    facts: dict[Key, list[Claim]] = defaultdict(list)
    for article, claim, predicate in rows(str(RDF.predicate)):
        subject, object_ = subjects[claim], objects[claim]
        stands = (article, subject, object_) in plain[predicate]
        facts[subject, predicate, object_].append(claim_of(article, claim, stands))
    return {key: tuple(sorted(facts[key], key=_order)) for key in sorted(facts)}


def _order(claim: Claim) -> tuple[bool, str, str, int, int, str]:
    return not claim.asserted, claim.date, claim.article, claim.start, claim.end, claim.id


def _claim_reader(rows: Rows) -> Callable[[str, str, bool], Claim]:
    """A function that reads one claim, over tables that are read once, a predicate each."""
    headline, outlet, url, date = (_values(rows, str(SCHEMA[name])) for name in _ARTICLE.values())
    quoted, trigger, office = (_values(rows, str(name)) for name in (PROV.wasQuotedFrom, KG.trigger, KG.office))
    polarity, modality, confidence = (_values(rows, str(KG[name])) for name in ("polarity", "modality", "confidence"))
    text = _values(rows, str(NIF.anchorOf))
    speaker_of = _speaker_reader(rows, text)

    def read(article: str, claim: str, stands: bool) -> Claim:
        span = quoted[claim]
        start, end = offsets(span)
        first, last = offsets(trigger[claim]) if claim in trigger else (None, None)
        qualifiers = _local(polarity[claim]), _local(modality[claim])
        speaker, speaker_iri = speaker_of(claim)
        return Claim(
            id=claim,
            article=article,
            headline=headline.get(article, ""),
            outlet=outlet.get(article, ""),
            url=url.get(article, ""),
            date=date.get(article, ""),
            sentence=text.get(span, ""),
            start=start,
            end=end,
            trigger_start=first,
            trigger_end=last,
            polarity=qualifiers[0],
            modality=qualifiers[1],
            confidence=float(confidence[claim]),
            speaker=speaker,
            speaker_iri=speaker_iri,
            office=office.get(claim),
            asserted=stands and qualifiers == (AFFIRMED, ACTUAL),
        )

    return read


#: Fields of a claim that tell of its article, and the properties of schema.org that hold them.
_ARTICLE = {"headline": "headline", "outlet": "publisher", "url": "url", "date": "datePublished"}


def _speaker_reader(rows: Rows, text: dict[str, str]) -> Callable[[str], tuple[str | None, str | None]]:
    """A function from a claim to its speaker's label and IRI; words of the article stand in for a missing entity."""
    labels, speaker = _labels(rows), _values(rows, str(KG.attributedTo))
    attribution, words = _values(rows, str(KG.attribution)), _values(rows, str(KG.source))

    def read(claim: str) -> tuple[str | None, str | None]:
        iri = speaker.get(claim)
        if iri is not None:
            return labels.get(iri, _local(iri)), iri
        return text.get(words.get(attribution.get(claim, ""), "")), None

    return read


# ----------------------------------------------------------------------------------------------------- nodes and edges


def _nodes(
    rows: Rows, types: dict[Key, tuple[Claim, ...]], edges: dict[Key, tuple[Claim, ...]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subject and object of a claim, and every event, with what is known of it."""
    told: dict[str, list[Claim]] = defaultdict(list)
    for (subject, predicate, object_), claims in [*types.items(), *edges.items()]:
        for iri in {subject, object_} if predicate != TYPE else {subject}:
            told[iri].extend(claims)
    events: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
    for (subject, _, class_), claims in types.items():
        events[subject] += [(_local(class_), claim) for claim in claims]
    labels, classes = _labels(rows), _classes(rows)
    wikidata = _wikidata(rows)
    quantities = {name: _values(rows, str(KG[name])) for name in _QUANTITIES}
    for iri in sorted(told):
        typed = sorted(events.get(iri, ()), key=lambda item: _order(item[1]))
        named = tuple(class_ for class_, _ in typed)
        type_ = _narrowest(named) if named else classes.get(iri, "Thing")
        dates = sorted(claim.date for claim in told[iri] if claim.date)
        node = {
            "label": labels.get(iri, _local(iri)),
            "type": type_,
            "kind": "event" if iri in events else _KINDS.get(type_, "entity"),
            "first": dates[0] if dates else "",
            "last": dates[-1] if dates else "",
            "wikidata": wikidata.get(iri, ""),
            **{
                name: read(quantities[name][iri]) if iri in quantities[name] else None
                for name, read in _QUANTITIES.items()
            },
            "classes": named,
            "claims": tuple(claim for _, claim in typed),
            "asserted": any(claim.asserted for claim in told[iri]),
        }
        yield iri, node


def _narrowest(classes: Iterable[str]) -> str:
    """Of the classes that articles give an event, one that says most; that which most of them give, if there are
    several."""
    counts = Counter(classes)
    above = schema().classes
    return min(counts, key=lambda name: (-len(above.get(node_of(str(KG[name])), ())), -counts[name], name))


#: What a phrase counts, and how it is read from a literal.
_QUANTITIES: dict[str, Callable[[str], int | str]] = {
    "count": int,
    "least": int,
    "most": int,
    "unit": str,
    "population": str,
}
_KINDS = {"Phrase": "phrase", "Time": "time"}


def _classes(rows: Rows) -> dict[str, str]:
    """The class of each node, as a local name."""
    return {subject: _local(class_) for subject, class_ in _values(rows, TYPE, str(KG)).items()}


def _wikidata(rows: Rows) -> dict[str, str]:
    return {subject: _local(match) for subject, match in _values(rows, str(SKOS.exactMatch), str(WD)).items()}


def _edge(predicate: str, claims: tuple[Claim, ...]) -> dict[str, Any]:
    return {
        "predicate": _local(predicate),
        "asserted": any(claim.asserted for claim in claims),
        "polarity": claims[0].polarity,
        "modality": claims[0].modality,
        "confidence": max(claim.confidence for claim in claims),
        "sources": _unique(claim.article for claim in claims),
        "evidence": _unique(claim.sentence for claim in claims),
        "claims": claims,
    }


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _local(iri: str) -> str:
    """The last part of an IRI: after the last # or /."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]


# -------------------------------------------------------------------------------------------------- writing the dataset


def _write_claim(dataset: Dataset, triple: Key, claim: Claim) -> None:
    """A claim, its spans and its attribution, in the graph of its article."""
    graph = dataset.graph(URIRef(claim.article))
    subject, predicate, object_ = (URIRef(term) for term in triple)
    _write_article(graph, claim)
    _write(
        graph,
        claim.id,
        (RDF.type, KG.Claim),
        (RDF.subject, subject),
        (RDF.predicate, predicate),
        (RDF.object, object_),
        (KG.polarity, KG[claim.polarity]),
        (KG.modality, KG[claim.modality]),
        (KG.confidence, Literal(Decimal(str(claim.confidence)), datatype=XSD.decimal)),
        (PROV.wasQuotedFrom, _write_span(graph, claim, claim.start, claim.end)),
        (KG.office, None if claim.office is None else Literal(claim.office)),
    )
    if claim.trigger_start is not None and claim.trigger_end is not None:
        graph.add((URIRef(claim.id), KG.trigger, _write_span(graph, claim, claim.trigger_start, claim.trigger_end)))
    if claim.asserted:
        graph.add((subject, predicate, object_))
    _write_speaker(graph, claim)


def _write_article(graph: Graph, claim: Claim) -> None:
    types = {"url": XSD.anyURI, "date": XSD.date}
    texts = {field: getattr(claim, field) for field in _ARTICLE}
    _write(
        graph,
        claim.article,
        (RDF.type, SCHEMA.NewsArticle),
        *(
            (SCHEMA[_ARTICLE[field]], Literal(text, datatype=types.get(field)) if text else None)
            for field, text in texts.items()
        ),
    )


def _write_span(graph: Graph, claim: Claim, start: int, end: int) -> URIRef:
    """A span of the article, with the words that the evidence shows of it."""
    span = URIRef(f"{claim.article}#char={start},{end}")
    words = claim.sentence if (start, end) == (claim.start, claim.end) else _within(claim, start, end)
    _write(graph, span, (NIF.anchorOf, Literal(words) if words else None))
    return span


def _within(claim: Claim, start: int, end: int) -> str:
    """The words from start to end, if they lie in the evidence."""
    inside = claim.start <= start and end <= claim.end
    return claim.sentence[start - claim.start : end - claim.start] if inside else ""


def _write_speaker(graph: Graph, claim: Claim) -> None:
    """Who speaks; a speaker that is no entity is kept by the words alone, for a claim does not know their place."""
    if claim.speaker is None:
        return
    attribution, words = URIRef(f"{claim.id}-attribution"), URIRef(f"{claim.id}-source")
    _write(graph, claim.id, (KG.attribution, attribution))
    _write(graph, attribution, (RDF.type, KG.Attribution))
    if claim.speaker_iri is None:
        _write(graph, attribution, (KG.source, words))
        _write(graph, words, (NIF.anchorOf, Literal(claim.speaker)))
        return
    speaker = URIRef(claim.speaker_iri)
    _write(graph, attribution, (KG.speaker, speaker))
    _write(graph, claim.id, (KG.attributedTo, speaker))
    _write(graph, speaker, (RDFS.label, Literal(claim.speaker)))


def _write_node(graph: Graph, iri: str, data: dict[str, Any]) -> None:
    """What is plainly known of a node; the class of an event is claimed instead."""
    _write(
        graph,
        iri,
        (RDFS.label, Literal(data["label"])),
        (RDF.type, None if data["kind"] == "event" else KG[data["type"]]),
        (SKOS.exactMatch, WD[data["wikidata"]] if data["wikidata"] else None),
        *((KG[name], None if data.get(name) is None else Literal(data[name])) for name in _QUANTITIES),
    )


def _write(graph: Graph, subject: str, *pairs: tuple[URIRef, URIRef | Literal | None]) -> None:
    """The pairs of predicate and object that have an object."""
    for predicate, value in pairs:
        if value is not None:
            graph.add((URIRef(subject), predicate, value))
