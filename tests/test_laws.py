"""The laws of merging: what a store holds follows from its articles and from people's decisions, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kg.change import Remembered
from kg.clusters import Verdict
from kg.derive import from_scratch
from kg.errors import FaultError, QueryError
from kg.export import export
from kg.merge import merge
from kg.namespaces import ARTICLE, DERIVED, INDEX
from kg.record import Record, Role
from kg.resolve import decide, decided, undo
from kg.store import Store
from tests.corpus import Telling, corpus
from tests.faults import Failing
from tests.histories import history
from tests.merged import quads, stored
from tests.records import Draft, archives
from tests.test_resolve import ANNA, PETER, SHORT, article, form


def few() -> tuple[Record, ...]:
    """Ten articles of a small corpus: one that is corrected, its correction, a reprint with its wire, and others that
    tell of the same."""
    told = corpus(40).tellings
    new = next(one for one in told if one.corrects)
    old = next(one for one in told if one.record.id == new.corrects)
    reprint = next(one for one in told if one.family != one.record.outlet and one not in (old, new))
    wire = next(one for one in told if one.record.outlet == reprint.family and _repeats(reprint, one))
    ranked = sorted(told, key=lambda one: (one not in (new, old, reprint, wire), not _shared(one, old, reprint)))
    return tuple(one.record for one in ranked[:10])


def _repeats(one: Telling, other: Telling) -> bool:
    return set(one.events.values()) <= set(other.events.values())


def _shared(one: Telling, *others: Telling) -> bool:
    return any(set(one.events.values()) & set(other.events.values()) for other in others)


def report(number: int, day: str, killed: int | None, url: str | None = None) -> Record:
    """Who bombed a city, how many were killed, and who negotiates."""
    draft = Draft(f"{ARTICLE}{number:016x}", f"Paper {number}", day)
    draft.say("Russia bombed Zaporizhzhia on Monday and killed some people.")
    russia, city = draft.known("Russia", "Russia"), draft.entity("Zaporizhzhia", "City")
    victims = [Role("killed", value="some people", count=killed, population="people")] if killed else []
    roles = (Role("agent", russia), Role("target", city), *victims)
    draft.event("Airstrike", "bombed", *roles, time=draft.time("Monday", "2026-03-02"))
    draft.say("Anna Kovacs negotiates for Ukraine.")
    draft.relation(draft.entity("Anna Kovacs", "Person"), "negotiatorOf", draft.known("Ukraine", "Ukraine"))
    return replace(draft.record(), url=url or f"https://example.org/{number}")


HAND = (
    report(1, "2026-03-03", 3),
    report(2, "2026-03-03", 5),
    report(3, "2026-03-04", None),
    article(4, ANNA, SHORT),
    article(5, PETER),
)


# --------------------------------------------------------------------------------------------------------------- order


def test_any_order_of_articles_gives_the_same_quads() -> None:
    records, order = few(), random.Random(0)
    assert len(records) == 10
    assert len({record.url for record in records}) == 9
    wanted = quads(stored(records))
    for _ in range(100):
        assert quads(stored(order.sample(records, len(records)))) == wanted


def test_any_order_of_a_larger_corpus_gives_the_same_quads() -> None:
    records, order = [one.record for one in corpus(120, seed=1).tellings[20:40]], random.Random(1)
    wanted = quads(stored(records))
    for _ in range(5):
        assert quads(stored(order.sample(records, len(records)))) == wanted


def test_every_order_of_hand_made_articles_gives_the_same_quads() -> None:
    wanted = quads(stored(HAND))
    assert all(quads(stored(some)) == wanted for some in permutations(HAND))


# ---------------------------------------------------------------------------------------------------------- and back


@pytest.mark.parametrize("records", [few(), HAND], ids=["corpus", "hand"])
def test_remove_undoes_add(records: tuple[Record, ...]) -> None:
    urls = [record.url for record in records]
    for record in records:
        rest = [other for other in records if other is not record]
        if urls.count(record.url) == 1:
            store = stored(rest)
            before = quads(store)
            assert store.add(record)
            assert quads(store) != before
            assert store.remove(record.id)
            assert quads(store) == before


def test_undo_undoes_decide() -> None:
    """Also of two that are no candidates, but of whom the machine would be unsure."""
    store = stored((*HAND, article(6, "Anna Maria Kovacs"), article(7, "Anna")))
    before = quads(store)
    for one, other in ((ANNA, PETER), (ANNA, SHORT), (PETER, SHORT), ("Anna Maria Kovacs", "Anna")):
        for verdict in (Verdict.SAME, Verdict.DIFFERENT):
            decide(store, [decided(form(one), form(other), verdict, "Desk 3")])
            assert quads(store) != before
            assert undo(store, form(one), form(other))
            assert quads(store) == before


@pytest.mark.parametrize("gone", [0, 1])
def test_a_decision_binds_nobody_once_one_of_the_two_is_gone(gone: int) -> None:
    """Of two whom nothing but the decision connects."""
    records = article(1, ANNA), article(2, "Zoltan Toth")
    said = [decided(form(ANNA), form("Zoltan Toth"), Verdict.SAME, "Desk 3")]
    store, alone = stored(records), stored([records[1 - gone]])
    decide(store, said)
    decide(alone, said)
    assert quads(store) != quads(alone)
    assert store.remove(records[gone].id)
    assert quads(store) == quads(alone)


def test_what_was_decided_may_come_before_the_articles_or_after() -> None:
    said = [decided(form(ANNA), form(PETER), Verdict.SAME, "Desk 3")]
    before, after = Store(), stored(HAND)
    decide(before, said)
    for record in HAND:
        before.add(record)
    decide(after, said)
    assert quads(before) == quads(after)


# ---------------------------------------------------------------------------------------------------------- superseding

URL = "https://example.org/strike"
VERSIONS = tuple(report(10 + n, f"2026-03-0{n}", n, URL) for n in (3, 4, 5))


@pytest.mark.parametrize("order", [some for n in (2, 3) for some in permutations(VERSIONS, n)])
def test_the_last_version_is_as_if_it_were_the_only_one(order: tuple[Record, ...]) -> None:
    last = max(order, key=lambda record: str(record.published))
    assert quads(stored((*HAND, *order))) == quads(stored((*HAND, last)))


@pytest.mark.parametrize("seed", [0, 1])
def test_a_correction_is_as_if_there_had_been_nothing_to_correct(seed: int) -> None:
    told = corpus(40, seed).tellings
    superseded = {one.corrects for one in told}
    assert len(superseded) > 1
    stands = [one.record for one in told if one.record.id not in superseded]
    assert quads(stored(one.record for one in told)) == quads(stored(stands))


def test_of_one_day_the_version_that_is_ingested_last_stands() -> None:
    one, other = (replace(report(n, "2026-03-03", n, URL), url=URL) for n in (20, 21))
    for first, last in ((one, other), (other, one)):
        assert quads(stored([first, last])) == quads(stored([last]))


# -------------------------------------------------------------------------------------------------------------- merging


def on_disk(place: Path, records: Iterable[Record], *said: tuple[str, str, Verdict]) -> Path:
    with Store(place) as store:
        for minute, record in enumerate(records):
            store.add(record, datetime(2026, 3, 9, 12, minute, tzinfo=UTC))
        decide(store, [decided(one, other, verdict, "Desk 3") for one, other, verdict in said])
    return place


def together(*places: Path) -> frozenset[str]:
    """All that a store holds into which others are merged, one after the other."""
    with Store() as store:
        assert len(list(merge(store, places))) == len(places)
        return quads(store)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Three stores that share articles, a correction, decisions, and the RDF of others; the last is an export."""
    place, records = tmp_path_factory.mktemp("desks"), (*few(), *HAND, *VERSIONS)
    one = on_disk(place / "one", records[0::2], (form(ANNA), form(SHORT), Verdict.SAME))
    two = on_disk(place / "two", records[1::2], (form(PETER), form(SHORT), Verdict.DIFFERENT))
    three = place / "three.nq"
    three.write_bytes(export(stored(records[::3]), "nquads") + b'<urn:a> <urn:b> _:c .\n_:c <urn:d> "e" .\n')
    return one, two, three


def test_merging_is_commutative(desks: tuple[Path, ...]) -> None:
    wanted = together(*desks)
    assert all(together(*some) == wanted for some in permutations(desks))


def test_merging_is_idempotent(desks: tuple[Path, ...]) -> None:
    assert together(*desks, *desks, desks[0]) == together(*desks)
    assert all(together(desk, desk) == together(desk) for desk in desks)


def test_merging_a_store_alone_copies_it(desks: tuple[Path, ...]) -> None:
    for desk in desks[:2]:
        with Store(desk, read_only=True) as store:
            assert together(desk) == quads(store)


def test_merging_is_associative(desks: tuple[Path, ...], tmp_path: Path) -> None:
    one, two, three = desks
    for name, pair in (("left", (one, two)), ("right", (two, three))):
        with Store(tmp_path / name) as store:
            list(merge(store, pair))
    assert together(tmp_path / "left", three) == together(one, tmp_path / "right") == together(*desks)


def test_merging_is_as_if_all_had_been_ingested_in_one_store(tmp_path: Path) -> None:
    one, two = on_disk(tmp_path / "one", HAND[:3]), on_disk(tmp_path / "two", HAND[2:])
    assert together(one, two) == quads(stored(HAND))


def test_of_one_day_the_version_that_was_ingested_last_stands_whichever_is_merged_first(tmp_path: Path) -> None:
    versions = [report(n, "2026-03-03", n, URL) for n in (20, 21)]
    for name, (old, new) in (("a", versions), ("b", versions[::-1])):
        one, two = on_disk(tmp_path / f"{name}1", [old]), on_disk(tmp_path / f"{name}2", [HAND[0], new])
        assert together(one, two) == together(two, one) == quads(stored([HAND[0], new]))


def test_a_backup_brings_no_older_version_back(tmp_path: Path) -> None:
    old, new = report(20, "2026-03-03", 20, URL), report(18, "2026-03-03", 18, URL)
    with Store(tmp_path / "kg") as store:
        store.add(old, datetime(2026, 3, 9, 12, tzinfo=UTC))
        store.backup(tmp_path / "copy")
        store.add(new, datetime(2026, 3, 9, 13, tzinfo=UTC))
        before = quads(store)
        list(merge(store, [tmp_path / "copy"]))
        assert quads(store) == before


# -------------------------------------------------------------------------------------------------------------- anew


def derived(store: Store) -> frozenset[str]:
    return frozenset(str(quad) for name in DERIVED for quad in store.quads(name))


def scratch(store: Store) -> frozenset[str]:
    shares = {source.article: store.share(source.article) for source in store.articles()}
    return frozenset(map(str, from_scratch(shares, store.decisions())))


@pytest.mark.parametrize("records", [few(), HAND, VERSIONS], ids=["corpus", "hand", "versions"])
def test_mending_a_sound_store_changes_nothing(records: tuple[Record, ...]) -> None:
    store = stored(records)
    before = quads(store)
    store.mend()
    assert quads(store) == before
    assert derived(store) == scratch(store)


def test_mending_brings_back_what_was_lost_and_takes_out_what_was_put_in() -> None:
    store = stored(HAND)
    before = quads(store)
    store.forget(["https://kg.example/name/Russia"], [])
    store._store.add(ox.Quad(*map(ox.NamedNode, ("urn:a", "urn:b", "urn:c", DERIVED[1]))))
    assert quads(store) != before
    store.mend()
    assert quads(store) == before


@pytest.mark.parametrize("seed", [*range(15), 19, 151, 175, 210])
def test_whatever_happens_to_a_store_all_that_is_derived_follows_from_what_it_holds(seed: int) -> None:
    """Of these seeds some have found each fault that one was looked for with; `make soak` has more."""
    taken = []
    for step, store in history(seed):
        taken.append(step)
        assert derived(store) == scratch(store), taken


def told(number: int, predicate: str, url: str | None = None) -> Record:
    """What somebody is to a state, as one outlet has it on a day."""
    draft = Draft(f"{ARTICLE}{number:016x}", "Post", "2026-03-05")
    draft.say("Anna Kovacs negotiates for Ukraine, which she heads.")
    anna, ukraine = draft.entity("Anna Kovacs", "Person"), draft.known("Ukraine", "Ukraine")
    draft.relation(anna, "negotiatorOf", ukraine)
    draft.relation(anna, predicate, ukraine)
    return replace(draft.record(), url=url)


def test_of_an_article_that_is_gone_nothing_is_remembered() -> None:
    """It is removed, and read again with something else in it, in the place of another version."""
    store = stored([told(1, "headOf")])
    assert store.remove(told(1, "headOf").id)
    for record in (told(2, "headOf", URL), told(1, "officialOf", URL)):
        assert store.add(record)
        assert derived(store) == scratch(store)


def test_of_an_article_that_is_not_there_yet_nothing_is_remembered() -> None:
    """Its write fails, though it was done; then it is taken away again."""
    store = stored([told(2, "headOf", URL)])
    sound = store._store
    store._open = Failing(sound, 1, "after")  # type: ignore[assignment]
    with pytest.raises(FaultError):
        store.add(told(1, "officialOf", URL))
    store._open = sound
    assert store.remove(told(1, "officialOf").id)
    assert derived(store) == scratch(store)


def test_mending_forgets_what_was_read_of_damaged_graphs() -> None:
    store = stored([article(1, ANNA)])
    store._store.remove_graph(ox.NamedNode(INDEX))
    store._remembered = Remembered()
    store.add(article(2, SHORT))
    store.mend()
    store.add(article(3, PETER))
    assert derived(store) == scratch(store)


PAIRS = [(form(ANNA), form(PETER)), (form(ANNA), form(SHORT)), (form(ANNA, "russia"), form(ANNA))]
KEYS = tuple(sorted((*HAND, *VERSIONS, article(6, ANNA, of="Russia")), key=lambda record: record.id))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "same", "different", "undo"]), st.integers(0, 8))))
def test_what_is_kept_up_to_date_is_what_follows_from_nothing(steps: list[tuple[str, int]]) -> None:
    store = Store()
    for step, number in steps:
        act(store, step, number)
        assert derived(store) == scratch(store)


def act(store: Store, step: str, number: int) -> None:
    record, pair = KEYS[number % len(KEYS)], PAIRS[number % len(PAIRS)]
    if step == "add":
        store.add(record)
    elif step == "remove":
        store.remove(record.id)
    elif step == "undo":
        undo(store, *pair)
    else:
        decide_if_it_can_be(store, *pair, Verdict(step))


def decide_if_it_can_be(store: Store, left: str, right: str, verdict: Verdict) -> None:
    try:
        decide(store, [decided(left, right, verdict, "Desk 3")])
    except QueryError:
        return


@settings(max_examples=15)
@given(archives())
def test_any_articles_are_kept_up_to_date(records: list[Record]) -> None:
    store = stored(records)
    assert derived(store) == scratch(store)
    for record in records[::2]:
        store.remove(record.id)
        assert derived(store) == scratch(store)


class Desks(RuleBasedStateMachine):
    """Two desks read, remove and decide; at times one takes over what the other has."""

    def __init__(self) -> None:
        super().__init__()
        self.desks = (Store(), Store())

    @rule(desk=st.integers(0, 1), step=st.sampled_from(["add", "add", "remove", "same", "undo"]), n=st.integers(0, 8))
    def act(self, desk: int, step: str, n: int) -> None:
        act(self.desks[desk], step, n)

    @rule(desk=st.integers(0, 1))
    def merge(self, desk: int) -> None:
        into, other = self.desks[desk], self.desks[1 - desk]
        if take(into, other):
            once = quads(into)
            assert take(into, other)
            assert quads(into) == once
            assert {item.url for item in other.articles()} <= {item.url for item in into.articles()}

    @rule()
    def both_ways(self) -> None:
        one, two = Store(), Store()
        taken = [[take(into, desk) for desk in order] for into, order in ((one, self.desks), (two, self.desks[::-1]))]
        if all(map(all, taken)):
            assert quads(one) == quads(two)

    @invariant()
    def it_is_as_if_built_anew(self) -> None:
        for desk in self.desks:
            assert derived(desk) == scratch(desk)

    def teardown(self) -> None:
        for desk in self.desks:
            desk.close()


def take(into: Store, other: Store) -> bool:
    """Merges a store in memory, by way of its export; False where people decided otherwise here and there."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "other.nq"
        path.write_bytes(export(other, "nquads"))
        try:
            return len(list(merge(into, [path]))) == 1
        except QueryError:
            return False


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=6, stateful_step_count=8)
