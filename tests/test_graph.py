"""From a record to RDF: by hand on two articles, by law on any."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import PROV, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kg import ontology
from kg.errors import ArticleError, OntologyError
from kg.graph import statements, to_graph, to_triples
from kg.namespaces import ARTICLE, KG, NAME, NIF, SCHEMA, TIME, WD, offsets
from kg.record import OPEN, Attribution, Entity, Mention, Record, Relation, Role, Source, Span, is_asserted
from tests.records import large, records, strike, talks

A = f"{ARTICLE}00000000000000aa"
RUSSIA, UKRAINE = NAME["Russia"], NAME["Ukraine"]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return to_graph(talks())


def local(name: str) -> URIRef:
    return URIRef(f"{A}#{name}")


def claim(graph: Graph, subject: URIRef, predicate: URIRef, object_: URIRef) -> URIRef:
    """The one claim of a triple."""
    pattern = "?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o"
    found = graph.query(
        f"SELECT ?claim {{ {pattern} }}",
        initBindings={"s": subject, "p": predicate, "o": object_},
    )
    ((name,),) = found  # type: ignore[misc]
    assert isinstance(name, URIRef)
    return name


def span(graph: Graph, words: str) -> URIRef:
    (name,) = set(graph.subjects(NIF.anchorOf, Literal(words)))
    assert isinstance(name, URIRef)
    return name


# -------------------------------------------------------------------------------------------------------------- by hand


def test_the_article_says_where_it_is_from(graph: Graph) -> None:
    article = URIRef(A)
    assert (article, RDF.type, SCHEMA.NewsArticle) in graph
    assert graph.value(article, SCHEMA.headline) == Literal("Post on the talks")
    assert graph.value(article, SCHEMA.datePublished) == Literal("2026-02-18", datatype=XSD.date)
    assert graph.value(article, SCHEMA.url) == Literal("https://example.org/post", datatype=XSD.anyURI)
    assert graph.value(article, SCHEMA.publisher) == Literal("Post")
    assert graph.value(article, KG.status) == KG.Complete
    assert len(str(graph.value(article, KG.contentHash))) == 64


def test_unknown_metadata_makes_no_triple() -> None:
    bare = replace(talks(), title=None, published=None, url=None, outlet=None)
    predicates = set(to_graph(bare).predicates(URIRef(A)))
    assert predicates.isdisjoint({SCHEMA.headline, SCHEMA.datePublished, SCHEMA.url, SCHEMA.publisher})


def test_an_entity_has_its_type_label_and_match(graph: Graph) -> None:
    assert (RUSSIA, RDF.type, KG.State) in graph
    assert (RUSSIA, RDFS.label, Literal("Russia")) in graph
    assert (RUSSIA, SKOS.exactMatch, WD.Q159) in graph


def test_a_mention_is_a_span_of_the_text(graph: Graph) -> None:
    moscow = span(graph, "Moscow")
    start = talks().text.index("Moscow")
    assert str(moscow) == f"{A}#char={start},{start + 6}"
    assert (moscow, KG.mentions, RUSSIA) in graph
    assert (moscow, KG.mentionKind, Literal("name")) in graph
    assert offsets(str(moscow)) == (start, start + 6)


def test_a_trigger_mentions_its_event(graph: Graph) -> None:
    assert (span(graph, "talks"), KG.mentions, local("v1")) in graph
    assert (local("v1"), RDFS.label, Literal("talks")) in graph


def test_a_claim_carries_its_qualifiers_and_evidence(graph: Graph) -> None:
    name = claim(graph, local("v2"), RDF.type, KG.Agreement)
    assert graph.value(name, KG.polarity) == KG.negated
    assert graph.value(name, KG.modality) == KG.actual
    assert graph.value(name, KG.confidence) == Literal("0.9", datatype=XSD.decimal)
    evidence = graph.value(name, PROV.wasQuotedFrom)
    assert graph.value(evidence, NIF.anchorOf) == Literal(
        "Zelenskyy, president of Ukraine, said that no deal on land was reached."
    )
    assert graph.value(graph.value(name, KG.trigger), NIF.anchorOf) == Literal("deal")


def test_a_claim_carries_its_speaker(graph: Graph) -> None:
    name = claim(graph, local("v2"), RDF.type, KG.Agreement)
    assert graph.value(name, KG.attribution) == local("a1")
    assert graph.value(local("a1"), KG.speaker) == graph.value(name, KG.attributedTo) == local("e6")
    assert graph.value(graph.value(local("a1"), KG.cue), NIF.anchorOf) == Literal("said")


def test_a_speaker_who_is_no_entity_is_kept_as_words(graph: Graph) -> None:
    name = claim(graph, local("v6"), RDF.type, KG.Airstrike)
    assert graph.value(name, KG.attributedTo) is None
    attribution = graph.value(name, KG.attribution)
    assert graph.value(graph.value(attribution, KG.source), NIF.anchorOf) == Literal("officials")


def test_an_office_stays_with_its_claim(graph: Graph) -> None:
    name = claim(graph, local("e6"), KG.headOf, UKRAINE)
    assert graph.value(name, KG.office) == Literal("president")


def test_only_what_is_asserted_stands_by_itself(graph: Graph) -> None:
    assert (local("v1"), RDF.type, KG.Negotiation) in graph
    assert (local("v1"), KG.mediator, NAME["United_States"]) in graph
    assert (local("e1"), KG.negotiatorOf, RUSSIA) in graph
    assert not set(graph.objects(local("v2"), RDF.type)), "denied"
    assert not set(graph.objects(local("v3"), RDF.type)), "planned"
    assert not set(graph.objects(local("v7"), RDF.type)), "open"
    assert (None, KG.topic, local("v2-topic-1")) not in graph
    assert claim(graph, local("v2"), KG.topic, local("v2-topic-1"))


def test_a_relation_of_an_event_that_is_not_asserted_does_not_stand() -> None:
    record = talks()
    denied = Relation("v2", "mediatedBy", "e2", Span(0, 5), "affirmed", "actual", None, 0.9)
    graph = to_graph(replace(record, relations=(denied,)))
    assert (local("v2"), KG.mediatedBy, RUSSIA) not in graph
    assert claim(graph, local("v2"), KG.mediatedBy, RUSSIA)


def test_a_filler_that_is_no_entity_is_a_phrase_with_its_count(graph: Graph) -> None:
    woman = local("v6-killed-1")
    assert (woman, RDF.type, KG.Phrase) in graph
    assert (woman, RDFS.label, Literal("a woman")) in graph
    assert (woman, KG["count"], Literal(1)) in graph
    assert (local("v6"), KG.killed, woman) in graph


def test_a_time_is_shared_and_an_unresolved_one_has_no_node(graph: Graph) -> None:
    assert (local("v1"), KG.time, TIME["2026-02-18"]) in graph
    assert (TIME["2026-02-18"], KG.timex, Literal("2026-02-18")) in graph
    assert set(graph.subjects(RDF.type, KG.Time)) == {TIME["2026-02-18"]}


def test_an_answer_points_at_what_it_answers(graph: Graph) -> None:
    assert (local("v5"), KG.respondsTo, local("v4")) in graph
    assert (local("v5"), KG.target, local("v4")) in graph


def test_claims_are_numbered_in_the_order_of_the_record(graph: Graph) -> None:
    numbers = sorted(int(str(name).rpartition("#c")[2]) for name in graph.subjects(RDF.type, KG.Claim))
    assert numbers == list(range(1, len(numbers) + 1))
    assert (local("c1"), RDF.object, KG.Negotiation) in graph
    assert (local(f"c{numbers[-1]}"), RDF.predicate, KG.headOf) in graph


# ------------------------------------------------------------------------------------------------------- hostile input


def test_a_lone_surrogate_becomes_a_replacement_character_and_offsets_hold() -> None:
    record = replace(talks(), text="\ud800" + talks().text[1:], title="half \udfff", outlet="\ud83d")
    graph = to_graph(record)
    assert (None, NIF.anchorOf, Literal("\ufffdedinsky")) in graph
    assert (None, SCHEMA.headline, Literal("half \ufffd")) in graph
    ox.serialize(to_triples(record), format=ox.RdfFormat.N_TRIPLES)


def test_a_hostile_url_is_only_text() -> None:
    record = replace(talks(), url="javascript:alert(1) <x> \x00", published="not a day")
    graph = to_graph(record)
    assert (URIRef(A), SCHEMA.url, Literal("javascript:alert(1) <x> \x00", datatype=XSD.anyURI)) in graph


def related(
    subject: str, predicate: str, evidence: Span | None = None, attribution: str | None = None
) -> dict[str, object]:
    """What makes a record of one relation."""
    return {
        "relations": (
            Relation(subject, predicate, "e1", evidence or Span(0, 1), "affirmed", "actual", attribution, 1.0),
        )
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (related("e99", "headOf"), "'e99'"),
        (related("e1", "head of"), "Invalid IRI"),
        (related("e1", "headOf", Span(0, 9999)), "outside"),
        (related("e1", "headOf", Span(-1, 3)), "outside"),
        (related("e1", "headOf", attribution="a9"), "'a9'"),
        ({"entities": (Entity("e1", "Person", "X", "no iri", None, ()),)}, "IRI"),
        ({"id": "https://kg.example/article/ x"}, "IRI"),
        ({"id": ""}, "IRI"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ArticleError, match=reason) as caught:
        to_triples(replace(talks(), **change))  # type: ignore[arg-type]
    assert caught.value.source == "post.txt"


# ----------------------------------------------------------------------------------------------------------------- laws


@given(records())
def test_the_same_record_gives_the_same_triples_without_blank_nodes(record: Record) -> None:
    triples = to_triples(record)
    assert triples == to_triples(Record.from_json(record.to_json()))
    assert len(set(triples)) == len(triples)
    assert not any(isinstance(term, ox.BlankNode) for triple in triples for term in triple)


@given(records())
def test_rdflib_and_oxigraph_hold_the_same_graph(record: Record) -> None:
    graph = to_graph(record)
    assert len(graph) == len(to_triples(record))
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    written = ox.serialize(to_triples(record), format=ox.RdfFormat.N_TRIPLES)
    assert written is not None
    again = Graph().parse(data=written, format="nt")
    assert isomorphic(again, graph)


@given(records())
def test_every_span_quotes_the_text(record: Record) -> None:
    graph = to_graph(record)
    for name in graph.subjects(NIF.anchorOf):
        begin, end = offsets(str(name))
        assert str(graph.value(name, NIF.anchorOf)) == record.text[begin:end]
        assert str(name) == f"{record.id}#char={begin},{end}"


@given(records())
def test_there_is_a_claim_for_each_thing_said_and_each_stands_if_it_is_asserted(record: Record) -> None:
    graph = to_graph(record)
    resolved = {time.id for time in record.times if time.value}
    said = len(record.relations) + sum(
        1
        + (len(event.roles) if event.class_ != OPEN else 0)
        + (event.time in resolved)
        + (event.responds_to is not None)
        for event in record.events
    )
    assert len(set(graph.subjects(RDF.type, KG.Claim))) == said
    for event in record.events:
        name = URIRef(f"{record.id}#{event.id}")
        assert ((name, RDF.type, KG[event.class_]) in graph) == is_asserted(event)


@given(records(), st.integers(0, 3))
def test_more_said_never_takes_a_description_away(record: Record, number: int) -> None:
    source = Source(0, 1, None)
    attribution = Attribution(f"a{9 + number}", source, Span(0, 1), Span(0, 2), True)
    more = replace(record, attributions=(*record.attributions, attribution))
    assert set(to_triples(record)) <= set(to_triples(more))


def test_two_fillers_of_one_role_are_two_phrases() -> None:
    record = talks()
    event = replace(record.events[5], roles=(Role("killed", value="a woman"), Role("killed", value="a man")))
    graph = to_graph(replace(record, events=(*record.events[:5], event)))
    assert {str(graph.value(o, RDFS.label)) for o in graph.objects(local("v6"), KG.killed)} == {"a woman", "a man"}


def test_statements_are_the_triples() -> None:
    for record in (talks(), strike(), large()):
        assert tuple(ox.Triple(*statement) for statement in statements(record)) == to_triples(record)


def test_an_entity_without_mentions_is_described() -> None:
    entity = Entity("e1", "Person", "Nobody", f"{A}#e1", None, (Mention(0, 3, "name"),))
    record = replace(talks(), entities=(entity,), events=(), relations=(), attributions=())
    assert (local("e1"), RDFS.label, Literal("Nobody")) in to_graph(record)


# ------------------------------------------------------------------------------------------------------------- ontology


def test_the_ontology_is_found_beside_the_package() -> None:
    assert ontology.path("kg.ttl").is_file()
    assert ontology.path("questions").is_dir()


def test_a_missing_part_is_named() -> None:
    with pytest.raises(OntologyError, match=r"none\.ttl: no such file"):
        ontology.path("none.ttl")


def test_a_missing_ontology_is_told_with_the_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ontology, "_PLACES", (tmp_path / "a", tmp_path / "b"))
    with pytest.raises(OntologyError, match="install kg again"):
        ontology.path("kg.ttl")


def test_the_ontology_of_a_wheel_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for place in ("wheel", "other"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "kg.ttl").touch()
    monkeypatch.setattr(ontology, "_PLACES", (tmp_path / "wheel", tmp_path / "other"))
    assert ontology.path("kg.ttl") == tmp_path / "wheel" / "kg.ttl"
