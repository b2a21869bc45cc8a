"""What a language model says is held against the text; none of it is ever asserted, whatever it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from spacy.tokens import Doc

from kg.contradictions import contradictions
from kg.extract import Pipeline, llm
from kg.extract.cues import Qualifier
from kg.extract.endpoint import Endpoint, Limits
from kg.extract.frames import Proposition
from kg.extract.llm import Extractor, Reader, careful, settings
from kg.extract.plugins import LAST, Plugin, hear
from kg.graph import indexed, statements
from kg.lexicon import load, schema
from kg.namespaces import WORLD
from kg.query import ask, questions
from kg.read import Article, read
from kg.record import (
    ACTUAL,
    AFFIRMED,
    MODALITIES,
    OPEN,
    PLANNED,
    POLARITIES,
    POSSIBLE,
    Event,
    Record,
    Relation,
    Role,
    Span,
    is_asserted,
)  # fmt: skip
from kg.share import share
from kg.store import Store
from tests import lies
from tests.endpoint import Model, completion, reply, serving
from tests.lies import LIFELINE, TEXT, Lie

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="module")
def doc(reader: Pipeline) -> Doc:
    """The article that the model is asked about, as the rules read it."""
    (found,) = reader.docs([Article(TEXT, "a.txt", published="2026-03-04", url="https://post.example/a")])
    return found


@pytest.fixture(scope="module")
def plain(doc: Doc) -> Record:
    found: Record = doc._.kg_record
    return found


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def extractor(model: Model) -> Extractor:
    return Extractor(Endpoint(model.url, "liar", settings().purse(10**12), settings().limits))


World = Callable[[Record], frozenset[str]]
Heard = tuple[Record, dict[str, float]]
Hear = Callable[[str], Heard]


@pytest.fixture(scope="module")
def hearing(doc: Doc, plain: Record, model: Model, extractor: Extractor) -> Hear:
    """The record with what comes of an answer, and what is counted."""

    def heard(content: str) -> Heard:
        doc._.kg_counts = {}
        model.acts = [reply(completion(content))]
        record, warnings = hear(Plugin("kg_llm", extractor, LAST), doc, plain, load())
        assert not warnings
        return record, dict(doc._.kg_counts)

    return heard


@pytest.fixture(scope="module")
def world(reader: Pipeline) -> Iterator[World]:
    """The world graph of a store with other articles, once one more is in it."""
    with Store() as store:
        for record in reader(read(SEEDS / "1-northwire-talks-end.txt", SEEDS / "2-morning-ledger-talks-end.txt")):
            store.add(record)

        @cache
        def with_(record: Record) -> frozenset[str]:
            assert store.add(record)
            found = frozenset(str(quad) for quad in store.held(WORLD))
            store.remove(record.id)
            return found

        yield with_


def claims_of(record: Record) -> Iterator[Event | Relation]:
    yield from record.events
    yield from record.relations


def shared(record: Record) -> tuple[Any, ...]:
    """All that is derived over many articles goes by this."""
    found = share(indexed(statements(record)))
    return found.forms, found.events, found.facts, found.text


# ------------------------------------------------------------------------------------------------------- a hundred lies


@pytest.fixture(scope="module")
def all_lies(plain: Record) -> tuple[Lie, ...]:
    found = lies.lies(plain)
    assert len({lie.name for lie in found}) == len(found) >= 100
    return found


def asserted(world: World, hearing: Hear, told: tuple[Lie, ...], plain: Record) -> list[str]:
    """The names of the lies that put anything into the world graph, or took anything out of it."""
    before = world(plain)
    assert len(before) > 50
    return [lie.name for lie in told if world(hearing(lie.content)[0]) != before]


def test_none_of_a_hundred_poisoned_answers_becomes_an_assertion(
    world: World, hearing: Hear, all_lies: tuple[Lie, ...], plain: Record
) -> None:
    assert asserted(world, hearing, all_lies, plain) == []


def test_nothing_that_is_derived_over_many_articles_knows_of_them(
    hearing: Hear, all_lies: tuple[Lie, ...], plain: Record
) -> None:
    before = shared(plain)
    for lie in all_lies:
        record, _ = hearing(lie.content)
        assert shared(record) == before, lie.name
        assert replace(record, events=plain.events, relations=plain.relations) == plain
        assert record.events[: len(plain.events)] == plain.events
        known: set[Event | Relation] = {*plain.events, *plain.relations}
        new = [claim for claim in claims_of(record) if claim not in known]
        assert not [claim for claim in new if is_asserted(claim) or claim.modality == ACTUAL], lie.name


def test_no_question_is_answered_otherwise_for_them(hearing: Hear, all_lies: tuple[Lie, ...], plain: Record) -> None:
    """But for those that list what is read and not believed, and who is named at all. A model may also say that what it
    makes up is planned, wanted or denied."""
    told = [json.loads(lie.content) for lie in all_lies if lie.end == lies.KEPT and lie.content.startswith("{")]
    turned: dict[str, list[Any]] = {"events": [], "relations": []}
    for kind, claims in turned.items():
        for number, claim in enumerate(one for answer in told for one in answer[kind]):
            meant = {"polarity": POLARITIES[number % 2], "modality": MODALITIES[number % 5]}
            claims.append(claim | meant)
    record, counts = hearing(json.dumps(turned))
    assert counts["kg_llm: claims kept"] > 30
    with Store() as store, Store() as other:
        for one, into in ((plain, store), (record, other)):
            into.add(one)
        names = [name for name in questions() if name not in {"open-propositions", "who-is-who"}]
        assert {name: ask(store, name).rows for name in names} == {name: ask(other, name).rows for name in names}
        assert len(ask(store, "open-propositions").rows) < len(ask(other, "open-propositions").rows)
        assert contradictions(store, None, None) == contradictions(other, None, None)


def test_each_lie_ends_for_the_reason_that_it_should(hearing: Hear, all_lies: tuple[Lie, ...]) -> None:
    """So that each check is seen to be one: a lie that another check stops would not show it."""
    ends = {lie.name: hearing(lie.content)[1] for lie in all_lies}
    wrong = {
        lie.name: (lie.end, ends[lie.name])
        for lie in all_lies
        if not any(lie.end in name and number > 0 for name, number in ends[lie.name].items())
    }
    assert wrong == {}


def gullible(reader: Reader, item: tuple[str, Any]) -> Event | Relation:
    """Takes a model at its word."""
    kind, told = item
    try:
        quote = max(reader.record.text.find(told["quote"]), 0)
        span = Span(quote, quote + 10)
        if kind == "relations":
            ends = told["subject"]["entity"], told["object"]["entity"]
            return Relation(ends[0], told["predicate"], ends[1], span, told["polarity"], told["modality"], None, 0.9)
        roles = tuple(Role(one["role"], one["entity"]) for one in told["arguments"])
        return Event(f"x{id(told)}", "Attack", "ASSAULT", span, span, roles, None, told["polarity"], told["modality"],
                     None, 0.9)  # fmt: skip
    except (TypeError, KeyError, AttributeError) as error:
        raise llm.RefusedError("none") from error


def test_without_the_checks_many_of_them_would(
    world: World,
    doc: Doc,
    model: Model,
    extractor: Extractor,
    all_lies: tuple[Lie, ...],
    plain: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control. What a record cannot hold is refused even then."""
    monkeypatch.setattr(llm, "read", gullible)

    def heard(content: str) -> Heard:
        model.acts = [reply(completion(content))]
        return hear(Plugin("kg_llm", extractor, LAST), doc, plain, load())[0], {}

    assert len(asserted(world, heard, all_lies, plain)) > 40


def test_without_care_for_how_it_is_meant_some_of_them_would(
    world: World,
    hearing: Hear,
    all_lies: tuple[Lie, ...],
    plain: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of the rule that nothing a model says is actual: the quotes are right, the relations false."""
    monkeypatch.setattr(llm, "careful", lambda ours, theirs: theirs)
    told = tuple(
        lie for lie in all_lies if lie.name[:8] in {"forged a", "forged c", "denial a", "swapped ", "quote al"}
    )
    found = asserted(world, hearing, told, plain)
    assert {"forged allyOf", "forged controls", "denial as enmity", "swapped voice"} <= set(found)
    assert not [name for name in found if "quote" in name]


def test_an_event_of_a_class_would_be_compared_over_articles_asserted_or_not(
    hearing: Hear, plain: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why what a model proposes has no class: an event that may be told of in other articles can join two of theirs."""
    monkeypatch.setattr(llm, "OPEN", "Attack")
    content = lies.answer(lies.Article(plain).lifeline("ASSAULT"))
    frames = load().frames
    monkeypatch.setattr(Reader, "_proposition", lambda self, at: Proposition(frames[OPEN, "noun"][0], at, (at,), ()))
    record, _ = hearing(content)
    assert not is_asserted(record.events[-1])
    assert shared(record)[1] != shared(plain)[1]


@pytest.mark.parametrize(
    ("ours", "theirs"), tuple(product([Qualifier(*one) for one in product(POLARITIES, MODALITIES)], repeat=2))
)
def test_of_two_readings_the_more_careful_counts_and_neither_is_a_fact(ours: Qualifier, theirs: Qualifier) -> None:
    found = careful(ours, theirs)
    assert found.modality != ACTUAL
    assert found.modality == ours.modality or (ours.modality == ACTUAL and found.modality != PLANNED)
    assert (found.polarity == AFFIRMED) == (ours.polarity == theirs.polarity == AFFIRMED)


# --------------------------------------------------------------------------------------------------------- good answers


def test_what_the_text_bears_out_is_kept_and_is_possible(hearing: Hear, plain: Record) -> None:
    of = lies.Article(plain)
    record, counts = hearing(lies.answer(of.lifeline(), relations=(of.voice(),)))
    event, relation = record.events[-1], record.relations[-1]
    assert counts["kg_llm: claims kept"] == 2
    assert (event.id, event.class_, event.plover) == (f"v{len(record.events)}-kg_llm", OPEN, "AID")
    assert {(role.role, role.entity) for role in event.roles} == {
        ("agent", of.id("Romania")),
        ("target", of.id("Moldova")),
    }
    assert (event.polarity, event.modality, event.attribution) == (AFFIRMED, POSSIBLE, None)
    assert record.text[event.trigger.start : event.trigger.end] == "lifeline"
    assert record.text[event.evidence.start : event.evidence.end] == f"{LIFELINE}."
    ends = of.id("Nicu Popescu"), of.id("Moldova")
    assert (relation.subject, relation.predicate, relation.object) == (ends[0], "representativeOf", ends[1])
    assert (relation.modality, relation.confidence) == (POSSIBLE, settings().confidence)
    with Store() as store:
        assert store.add(record)


def test_our_cues_stand_above_what_a_model_says(hearing: Hear, plain: Record) -> None:
    of = lies.Article(plain)
    told = of.event(
        lies.QUOTED, "drones", "ASSAULT", ("agent", "Iran"), ("target", "Odesa"), speaker=of.id("Andrii Sybiha")
    )
    record, _ = hearing(lies.answer(told))
    said = {one.id: one.source.entity for one in record.attributions}
    assert said[record.events[-1].attribution or ""] == of.id("Andrii Sybiha")
    sign = of.event(
        "If Iran leaves, Armenia could sign the treaty", "sign", "AGREE", ("agent", "Armenia"), ("target", "Iran")
    )
    record, _ = hearing(lies.answer(sign))
    assert record.events[-1].modality == POSSIBLE
    denied = of.lifeline(polarity="negated", modality="planned")
    record, _ = hearing(lies.answer(denied))
    assert (record.events[-1].polarity, record.events[-1].modality) == ("negated", POSSIBLE)


def test_an_article_without_anybody_is_not_sent(reader: Pipeline, model: Model, extractor: Extractor) -> None:
    before = len(model.asked)
    pipeline = Pipeline(reader._model, extra=[extractor])
    (found,) = pipeline.readings([Article("It rained all day.", "rain.txt")])
    assert len(model.asked) == before
    assert found.record == next(iter(reader([Article("It rained all day.", "rain.txt")])))


def test_what_is_asked(hearing: Hear, model: Model, plain: Record) -> None:
    hearing(lies.answer())
    asked = model.asked[-1]
    assert asked["path"] == "/v1/chat/completions"
    assert (asked["model"], asked["temperature"], asked["seed"]) == ("liar", 0, 0)
    system, user = asked["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    # The article is data in JSON: nothing of it stands among what the model is told to do.
    assert "Poland" not in system["content"]
    told = json.loads(user["content"])
    assert [one["text"] for one in told["sentences"]] == [plain.text[s.start : s.end] for s in plain.sentences]
    assert {one["id"] for one in told["entities"]} == {entity.id for entity in plain.entities}
    shape = asked["response_format"]["json_schema"]
    assert shape["strict"]
    claims = shape["schema"]["$defs"]
    assert claims["StatedEvent"]["properties"]["code"]["enum"] == sorted(set(schema().plover.values()))
    assert set(claims["StatedRelation"]["properties"]["predicate"]["enum"]) == settings().relations
    for name, part in claims.items():
        assert part["additionalProperties"] is False, name
        assert set(part["required"]) == set(part["properties"]), name
    for word in (*settings().codes, *settings().relations):
        assert f"- {word}" in system["content"]


def test_a_long_article_is_sent_in_part(plain: Record) -> None:
    told, numbered = llm.question(plain, 150)
    assert 0 < len(numbered) < len(plain.sentences)
    assert len(json.loads(told)["entities"]) < len(plain.entities)


def test_limits_are_those_of_the_ontology() -> None:
    assert isinstance(settings().limits, Limits)
    assert settings().relations <= schema().ranges.keys()
    assert "{" not in settings().prompt.replace("{codes}", "")
