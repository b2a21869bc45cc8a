"""The generated corpus: that it is what it says, so that what is measured on it means something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations, islice, product
from pathlib import Path
from random import Random

import pytest

from kg.forms import known, words
from kg.read.article import Article
from kg.record import Record, Span
from kg.store import Store
from tests.bench.growing import grown
from tests.corpus import Corpus, Telling, b_cubed, corpus, tellings
from tests.corpus.__main__ import report
from tests.corpus.people import COLOURS, LANDS, PLACES, TRUSTS, house
from tests.corpus.world import world

SIZE = 300


@pytest.fixture(scope="module")
def made() -> Corpus:
    return corpus(SIZE)


# ----------------------------------------------------------------------------------------------------- the same again


def test_the_same_seed_makes_the_same_corpus(made: Corpus) -> None:
    assert corpus(SIZE) == made


def test_another_seed_makes_another(made: Corpus) -> None:
    texts = {telling.record.text for telling in made.tellings}
    assert not texts & {telling.record.text for telling in corpus(60, seed=1).tellings}


def test_it_streams(made: Corpus) -> None:
    assert tuple(islice(tellings(SIZE), 20)) == made.tellings[:20]


@pytest.mark.parametrize("size", [1, 7, 40])
def test_it_has_as_many_articles_as_asked_for(size: int) -> None:
    assert len(corpus(size).tellings) == size


# ------------------------------------------------------------------------------------------------------ sound records


def test_each_record_is_stored_and_comes_back(made: Corpus) -> None:
    with Store() as store:
        for telling in made.tellings:
            assert store.add(telling.record), telling.record.id
            assert Record.from_json(telling.record.to_json()) == telling.record


def test_an_id_is_that_of_the_article_as_it_would_be_read(made: Corpus) -> None:
    for record in (telling.record for telling in made.tellings):
        article = Article(record.text, record.source, record.title, record.published, record.url, record.outlet)
        assert article.id == record.id


def _spans(record: Record) -> Iterator[tuple[str, Span]]:
    for entity in record.entities:
        yield from ((f"{entity.id} {one.kind}", Span(one.start, one.end)) for one in entity.mentions)
    yield from ((event.id, event.trigger) for event in record.events)
    yield from ((time.id, Span(time.start, time.end)) for time in record.times)
    for attribution in record.attributions:
        source = attribution.source
        yield from (
            (attribution.id, one) for one in (Span(source.start, source.end), attribution.cue, attribution.content)
        )


def test_each_span_covers_whole_words(made: Corpus) -> None:
    for record in (telling.record for telling in made.tellings):
        for what, span in _spans(record):
            words = record.text[span.start : span.end]
            assert words == words.strip(" ,\n") != "", (record.id, what, words)
            around = record.text[span.start - 1 : span.start] + record.text[span.end : span.end + 1]
            assert not any(map(str.isalnum, around)), (record.id, what, words)


def test_a_name_stands_in_the_text_as_its_longest_mention(made: Corpus) -> None:
    for record in (telling.record for telling in made.tellings):
        for entity in record.entities:
            names = [record.text[one.start : one.end] for one in entity.mentions if one.kind == "name"]
            assert names, (record.id, entity)
            assert entity.iri.startswith("https://kg.example/name/") or entity.name == max(names, key=len)


def test_evidence_is_a_sentence_that_holds_the_trigger(made: Corpus) -> None:
    for record in (telling.record for telling in made.tellings):
        sentences = {(one.start, one.end) for one in record.sentences}
        for event in record.events:
            assert (event.evidence.start, event.evidence.end) in sentences
            assert event.evidence.start <= event.trigger.start < event.trigger.end <= event.evidence.end
        assert all((one.evidence.start, one.evidence.end) in sentences for one in record.relations)


def test_what_is_true_is_told_of_each_entity_and_event(made: Corpus) -> None:
    for telling in made.tellings:
        assert set(telling.entities) == {entity.id for entity in telling.record.entities}
        assert set(telling.events) == {event.id for event in telling.record.events}
        assert set(telling.entities.values()) <= set(made.truth.actors)
        assert set(telling.events.values()) <= set(made.truth.events)
        for entity in telling.record.entities:
            actor = made.truth.actors[telling.entities[entity.id]]
            assert (actor.iri or f"{telling.record.id}#{entity.id}") == entity.iri


# -------------------------------------------------------------------------------------------------------- proportions


def _told(made: Corpus) -> Counter[str]:
    """How many articles tell of each true event."""
    return Counter(event for telling in made.tellings for event in set(telling.events.values()))


def test_events_are_told_by_several_and_are_alike(made: Corpus) -> None:
    told = _told(made)
    assert sum(count > 1 for count in told.values()) > SIZE / 3
    both = [pair for pair in made.truth.events_apart if told[pair[0]] and told[pair[1]]]
    assert len(both) > SIZE / 8
    events = made.truth.events
    assert all(one != other and events[one].class_ == events[other].class_ for one, other in both)
    planned, actual = (_in(made, modality) for modality in ("planned", "actual"))
    assert len(planned & actual) > SIZE / 60


def _in(made: Corpus, modality: str) -> set[str]:
    """The true events that are told of in a modality."""
    told = ((telling, event) for telling in made.tellings for event in telling.record.events)
    return {telling.events[event.id] for telling, event in told if event.modality == modality}


def test_articles_tell_of_a_few_events(made: Corpus) -> None:
    counts = Counter(len(telling.record.events) for telling in made.tellings)
    assert min(counts) >= 1
    assert max(counts) <= 8
    assert sum(counts[number] for number in range(2, 6)) > 0.8 * SIZE


def test_what_is_not_always_told(made: Corpus) -> None:
    events = [event for telling in made.tellings for event in telling.record.events]
    values = {telling.record.id: {time.id: time.value for time in telling.record.times} for telling in made.tellings}
    told = Counter(
        len(str(values[telling.record.id][event.time])) if event.time else 0
        for telling in made.tellings
        for event in telling.record.events
    )
    assert set(told) == {0, len("2026-02"), len("2026-02-18")}
    assert min(told.values()) > len(events) / 12
    classes: dict[str, set[str]] = {}
    for telling in made.tellings:
        for event in telling.record.events:
            classes.setdefault(telling.events[event.id], set()).add(event.class_)
    assert sum(len(found) > 1 for found in classes.values()) > SIZE / 12


def test_a_wire_that_is_corrected_leaves_reprints_that_are_not(made: Corpus) -> None:
    wires = {telling.corrects for telling in made.tellings if str(telling.record.outlet).endswith(("wire", "Wire"))}
    assert wires - {None}


def test_mentions_are_names_nouns_and_pronouns(made: Corpus) -> None:
    entities = [entity for telling in made.tellings for entity in telling.record.entities]
    kinds = Counter(mention.kind for entity in entities for mention in entity.mentions)
    assert kinds["name"] > SIZE
    assert min(kinds["nominal"], kinds["pronoun"]) > SIZE / 10


def test_names_vary_and_are_shared(made: Corpus) -> None:
    names: dict[str, set[str]] = {}
    for telling in made.tellings:
        for entity in telling.record.entities:
            names.setdefault(telling.entities[entity.id], set()).add(entity.name)
    people = {actor: found for actor, found in names.items() if actor.startswith("person/")}
    assert sum(len(found) > 1 for found in people.values()) > len(people) / 4
    assert sum(len(actors) > 1 for actors in _by_name(names).values()) > SIZE / 40


def _by_name(names: dict[str, set[str]]) -> dict[str, set[str]]:
    bearers: dict[str, set[str]] = {}
    for actor, found in names.items():
        for name in found:
            bearers.setdefault(name, set()).add(actor)
    return bearers


def test_each_kind_of_double_is_there(made: Corpus) -> None:
    seen = {actor for telling in made.tellings for actor in telling.entities.values()}
    kinds = {why for why, one, other in made.truth.apart if one in seen and other in seen}
    assert kinds == {
        "family name, one state", "family name, two states", "full name, two states", "father and son", "successor",
        "person and thing", "ministries", "numbers", "cities", "acronyms", "Tigran and Iran",
    }  # fmt: skip


def test_reprints_are_of_the_wire_that_they_repeat(made: Corpus) -> None:
    reprints = [telling for telling in made.tellings if telling.family != telling.record.outlet]
    assert SIZE / 6 < len(reprints) < SIZE / 2
    for telling in reprints:
        others = [other for other in made.tellings if other.record.outlet == telling.family]
        like = max(others, key=lambda other: _likeness(telling, other))
        assert _likeness(telling, like) > 0.4
        assert set(telling.events.values()) <= set(like.events.values())
        assert str(like.record.published) <= str(telling.record.published)


def _likeness(one: Telling, other: Telling) -> float:
    first, second = (set(telling.record.text.split()) for telling in (one, other))
    return len(first & second) / len(first | second)


def test_corrections_take_the_place_of_an_older_article(made: Corpus) -> None:
    by_id = {telling.record.id: telling for telling in made.tellings}
    corrections = [telling for telling in made.tellings if telling.corrects is not None]
    assert len(corrections) >= SIZE / 60
    for telling in corrections:
        old = by_id[str(telling.corrects)]
        assert (old.record.url, old.record.outlet) == (telling.record.url, telling.record.outlet)
        assert str(old.record.published) < str(telling.record.published)
        assert old.record.text != telling.record.text


def test_urls_are_otherwise_each_of_one_article(made: Corpus) -> None:
    urls = Counter(telling.record.url for telling in made.tellings if telling.corrects is None)
    assert max(urls.values()) == 1


def test_each_kind_of_contradiction_is_there(made: Corpus) -> None:
    by_id = {telling.record.id: telling for telling in made.tellings}
    kinds = Counter(one.kind for one in made.truth.contradictions)
    assert set(kinds) == {"value", "polarity", "time", "office"}
    assert SIZE / 20 < sum(kinds.values()) < SIZE / 2
    corrected = {telling.corrects for telling in made.tellings}
    for one in made.truth.contradictions:
        assert one.left
        assert one.right
        assert not set(one.left) & set(one.right)
        assert not corrected & {*one.left, *one.right}
        if one.kind != "office":
            assert all(one.subject in by_id[id_].events.values() for id_ in (*one.left, *one.right))


def test_a_rival_count_stands_in_the_record(made: Corpus) -> None:
    by_id = {telling.record.id: telling for telling in made.tellings}
    for one in made.truth.contradictions:
        if one.kind == "value":
            for value, side in zip(one.values, (one.left, one.right), strict=True):
                assert all(int(value) in _killed(by_id[id_], one.subject) for id_ in side)


def _killed(telling: Telling, event: str) -> set[int | None]:
    told = (one for one in telling.record.events if telling.events[one.id] == event)
    return {role.count for one in told for role in one.roles if role.role == "killed"}


def test_actors_and_stories_grow_with_the_articles() -> None:
    small, large = corpus(120).truth, corpus(1200).truth
    assert 1080 / 10 < len(large.actors) - len(small.actors) < 1080 / 5
    assert len(large.events) > 7 * len(small.events)


# -------------------------------------------------------------------------------------------------- how names are spelt


def test_what_is_invented_is_nothing_that_the_gazetteer_knows(made: Corpus) -> None:
    taken = {words(name) for form in known().values() for name in form.names}
    fronts = [words(f"{colour[0]}{land[0]}F") for colour, land in product(COLOURS, LANDS)]
    trusts = [words(f"{land[0]}{''.join(word[0] for word in what.split())}") for land, what in product(LANDS, TRUSTS)]
    towns = [words(begin + end) for begin, end in product(*PLACES)]
    local = [
        words(entity.name)
        for telling in made.tellings
        for entity in telling.record.entities
        if made.truth.actors[telling.entities[entity.id]].iri is None
    ]
    assert not taken.intersection(fronts + trusts + towns + local)


def test_only_what_is_planted_is_called_alike() -> None:
    """In a world for 10,000 articles, too."""
    large = world(10_000, Random(0), date(2026, 1, 5), 500)
    alike = {frozenset(pair[1:]) for pair in large.apart}
    bearers: dict[tuple[str, ...], list[str]] = {}
    for actor in large.actors.values():
        names = actor.names if actor.type in ("Person", "Organization", "ArmedGroup") else actor.names[:1]
        if actor.type != "Government":
            bearers.setdefault((actor.type, *names), []).append(actor.id)
    called = [frozenset(pair) for ids in bearers.values() for pair in combinations(ids, 2)]
    assert called
    assert set(called) <= alike


def test_a_house_always_writes_the_same_letters_the_same_way() -> None:
    post = house("Post", 0)
    given = post.spell("Ser{hii|gei}")
    assert given in ("Serhii", "Sergei")
    assert house("Post", 0).spell("Ser{hii|gei}") == given
    written = {house(f"Outlet {number}", 0).spell("Ser{hii|gei}") for number in range(20)}
    assert written == {"Serhii", "Sergei"}


# ----------------------------------------------------------------------------------------------------------- b-cubed


GOLD = {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize(
    ("found", "precision", "recall"),
    [
        ({"a": 1, "b": 1, "c": 2, "d": 2}, 1.0, 1.0),
        ({"a": "x", "b": "x", "c": "y", "d": "y"}, 1.0, 1.0),
        ({"a": 0, "b": 0, "c": 0, "d": 0}, 0.5, 1.0),
        ({}, 1.0, 0.5),
        ({"a": 0, "b": 0, "c": 0, "d": 1}, (2 / 3 * 2 + 1 / 3 + 1) / 4, (1 + 1 + 0.5 + 0.5) / 4),
        ({"a": 0, "b": 1, "c": 0, "d": 1}, 0.5, 0.5),
        ({"a": 1, "b": 1, "c": 2, "d": 2, "other": 1}, 1.0, 1.0),
    ],
)
def test_b_cubed(found: dict[str, object], precision: float, recall: float) -> None:
    harmonic = 2 * precision * recall / (precision + recall)
    assert b_cubed(dict(GOLD), dict(found)) == pytest.approx((precision, recall, harmonic))


def test_the_report_measures_what_is_resolved(made: Corpus) -> None:
    lines = list(report(made))
    assert lines[0].startswith("all ")
    assert any(line.startswith("full name, two states: ") for line in lines)


def test_b_cubed_of_nothing_is_perfect() -> None:
    assert b_cubed({}, {"a": 1}) == (1.0, 1.0, 1.0)


# ---------------------------------------------------------------------------------------------- measured as it grows


def test_a_store_that_grows_is_measured_at_each_size_and_gone_on_with(tmp_path: Path) -> None:
    small, large = grown((4, 12), tmp_path / "kg")
    assert (small.articles, large.articles) == (4, 12)
    assert small.each
    assert large.each
    assert large.disk > small.disk
    assert all(0.5 < score <= 1 for score in (*small.scores, *large.scores))
    (again,) = grown((12,), tmp_path / "kg")
    assert again.each is None
    assert again.scores == large.scores
    assert list(again.cells())[:2] == ["12", ""]
