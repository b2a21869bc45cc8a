"""The graph as it was known, and as it was true, on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kg.asof import as_of
from kg.clusters import Verdict
from kg.errors import QueryError
from kg.forms import Form
from kg.namespaces import WORLD
from kg.resolve import decide, decided
from kg.store import Store
from tests.merged import quads, stored
from tests.papers import paper

ANNA, IVAN = "Anna Kovacs", "Ivan Brandenko"
PAPERS = (
    paper(1, "2026-03-01").office(ANNA).ally(),
    paper(2, "2026-03-03").strike(3),
    paper(3, "2026-03-05").office(IVAN).strike(5),
)
HOLDS = "SELECT ?who { ?person kg:officialOf name:Ukraine ; rdfs:label ?who }"
STRIKES = "SELECT DISTINCT ?strike { ?strike a kg:Airstrike }"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(one.record for one in PAPERS) as opened:
        yield opened


def holders(store: Store, known: str | None = None, true: str | None = None) -> set[str | None]:
    return {who for (who,) in as_of(store, known, true).select(HOLDS).rows}


# ---------------------------------------------------------------------------------------------------------------- known


def test_without_a_day_it_is_all_that_is_there(store: Store) -> None:
    assert quads(as_of(store)) == quads(store)


@pytest.mark.parametrize(
    ("day", "count"), [("2026-02-28", 0), ("2026-03-01", 1), ("2026-03-04", 2), ("2026-03-05", 3), ("2030-01-01", 3)]
)
def test_what_was_known_is_what_had_been_reported(store: Store, day: str, count: int) -> None:
    then = as_of(store, known_on=day)
    assert quads(then) == quads(stored(one.record for one in PAPERS[:count]))


def test_what_does_not_say_its_day_was_known_when_it_was_ingested() -> None:
    undated = paper(4, None).ally().record
    with Store() as opened:
        opened.add(undated, datetime(2026, 3, 9, 12, tzinfo=UTC))
        assert undated.id not in as_of(opened, known_on="2026-03-08")
        assert undated.id in as_of(opened, known_on="2026-03-09")
    with stored([undated]) as opened:
        assert undated.id not in as_of(opened, known_on="2026-03-09"), "nobody can tell since when"


def test_what_people_decided_holds_in_the_past_too(store: Store) -> None:
    one, other = (Form("Person", (name,), ("ukraine",)).iri for name in ("anna kovacs", "ivan brandenko"))
    with stored(record.record for record in PAPERS) as opened:
        decide(opened, [decided(one, other, Verdict.SAME, "Desk 3")])
        assert as_of(opened, known_on="2026-03-05").decisions() == opened.decisions()


def test_the_store_itself_stays_as_it_is(store: Store) -> None:
    before = quads(store)
    as_of(store, "2026-03-03", "2026-03-01").remove(PAPERS[0].record.id)
    assert quads(store) == before


# ----------------------------------------------------------------------------------------------------------------- true


@pytest.mark.parametrize(("day", "count"), [("2026-03-01", 0), ("2026-03-02", 1), ("2026-03-03", 1)])
def test_an_event_is_true_from_its_day_on(store: Store, day: str, count: int) -> None:
    """It was on the 2nd, and reported on the 3rd."""
    assert len(as_of(store, true_on=day).select(STRIKES).rows) == count


def test_an_event_that_has_not_happened_leaves_nothing(store: Store) -> None:
    (event,) = as_of(store, true_on="2026-03-02").select(STRIKES).rows[0]
    then = as_of(store, true_on="2026-03-01")
    assert not any(str(event) in str(quad) for quad in then.quads(WORLD))
    assert then.select("ASK { name:United_States kg:allyOf name:Ukraine }").rows == (("true",),)


def test_what_was_true_need_not_have_been_known(store: Store) -> None:
    assert len(as_of(store, "2026-03-02", "2026-03-02").select(STRIKES).rows) == 0
    assert len(as_of(store, "2026-03-03", "2026-03-02").select(STRIKES).rows) == 1


def test_an_event_without_a_day_is_true_since_it_was_reported() -> None:
    with stored([paper(1, "2026-03-03").strike(3, day=None).record]) as opened:
        assert len(as_of(opened, true_on="2026-03-02").select(STRIKES).rows) == 0
        assert len(as_of(opened, true_on="2026-03-03").select(STRIKES).rows) == 1


@pytest.mark.parametrize(
    ("day", "who"), [("2026-02-28", set()), ("2026-03-01", {ANNA}), ("2026-03-04", {ANNA}), ("2026-03-05", {IVAN})]
)
def test_an_office_is_held_by_the_last_of_whom_it_is_said(store: Store, day: str, who: set[str]) -> None:
    assert holders(store, true=day) == who


def test_an_office_that_many_hold_is_held_by_all_of_them() -> None:
    papers = (paper(1, "2026-03-01").office(ANNA, "adviser"), paper(2, "2026-03-05").office(IVAN, "adviser"))
    with stored(one.record for one in papers) as opened:
        assert holders(opened, true="2026-03-06") == {ANNA, IVAN}


def test_who_held_office_as_was_known_then(store: Store) -> None:
    assert holders(store, known="2026-03-03", true="2026-03-09") == {ANNA}


# --------------------------------------------------------------------------------------------------------------- no day


@pytest.mark.parametrize(
    "day", ["", "yesterday", "2026-02", "2026", "2026-02-30", "18.02.2026", "2026-02-18T10", "P2D"]
)
def test_what_is_no_day_is_refused(store: Store, day: str) -> None:
    for days in ((day, None), (None, day)):
        with pytest.raises(QueryError, match="is no day: write it as 2026-02-18"):
            as_of(store, *days)
