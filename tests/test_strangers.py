"""Names that do not tell who bears them: who takes part in one event under one name is one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.namespaces import ARTICLE, FORM, STRANGER
from kg.record import Record, Role
from kg.resolve import acquainted
from kg.store import Store
from tests.merged import quads, told
from tests.records import Draft

SOLALTA_IN_UKRAINE = f"{FORM}City/solalta/ukraine"


def shelled(number: int, day: str, owner: str = "", victims: int = 7, by: str = "Night Front") -> Record:
    """An article in which Solalta is shelled; `owner` is the state that it says the city lies in."""
    draft = Draft(f"{ARTICLE}{number:016x}", f"Paper {number}", day)
    draft.say(f"{by} shelled Solalta{', a city of ' + owner if owner else ''} and killed {victims} people.")
    agent, city = draft.entity(by, "ArmedGroup"), draft.entity("Solalta", "City")
    if owner:
        draft.relation(city, "locatedIn", draft.known(owner, owner))
    dead = Role("killed", value=f"{victims} people", count=victims, population="people")
    draft.event("Shelling", "shelled", Role("agent", agent), Role("target", city), dead)
    return draft.record()


def solalta(store: Store, number: int) -> str:
    """What the city of an article goes by."""
    names = told(store)
    return next(names[iri] for iri in sorted(names) if iri.startswith(f"{ARTICLE}{number:016x}#e2"))


def stored(records: Iterable[Record]) -> Store:
    store = Store()
    for record in records:
        store.add(record)
    return store


#: Two states have a Solalta; the other two articles do not say which they mean.
ONE, TWO = shelled(1, "2026-03-03", "Ukraine"), shelled(2, "2026-05-03", "Russia", 2, by="Day Front")
BARE, LATER = shelled(3, "2026-03-03"), shelled(4, "2026-07-01", victims=3)


def test_who_takes_part_in_the_same_event_lends_his_name() -> None:
    store = stored((ONE, TWO, BARE))
    assert solalta(store, 1) == solalta(store, 3) == SOLALTA_IN_UKRAINE
    assert solalta(store, 2) == f"{FORM}City/solalta/russia"


def test_an_article_that_has_two_of_a_name_tells_them_apart() -> None:
    """The Solalta that it knows is none that was shelled; so the other is not that one, whatever the event says."""
    draft = Draft(f"{ARTICLE}{5:016x}", "Paper 5", "2026-03-03")
    draft.say("Night Front shelled Solalta and killed 7 people, Russia and Ukraine say.")
    agent, city = draft.entity("Night Front", "ArmedGroup"), draft.entity("Solalta", "City")
    dead = Role("killed", value="7 people", count=7, population="people")
    draft.event("Shelling", "shelled", Role("agent", agent), Role("target", city), dead)
    draft.known("Russia", "Russia"), draft.known("Ukraine", "Ukraine")
    draft.entities["first"] = draft.entities.pop("Solalta")
    draft.say("Solalta, a city of Ukraine, mourns.")
    draft.relation(draft.entity("Solalta", "City"), "locatedIn", draft.known("Ukraine", "Ukraine"))
    for some in permutations((ONE, TWO, draft.record())):
        store = stored(some)
        assert solalta(store, 5) == f"{ARTICLE}{5:016x}#e2"
        assert told(store)[f"{ARTICLE}{5:016x}#e5"] == SOLALTA_IN_UKRAINE


def test_an_event_of_which_no_article_says_more_leaves_a_name_to_itself() -> None:
    assert solalta(stored((ONE, TWO, LATER)), 4) == f"{LATER.id}#e2"


def test_strangers_in_one_event_are_one_though_nobody_knows_them() -> None:
    store = stored((ONE, TWO, LATER, shelled(5, "2026-07-01", victims=3)))
    assert solalta(store, 4) == solalta(store, 5)
    assert solalta(store, 4).startswith(str(STRANGER))


def test_a_stranger_who_fits_two_is_neither() -> None:
    rival = shelled(6, "2026-03-03", "United States")
    store = stored((ONE, rival, BARE))
    names = {solalta(store, number) for number in (1, 3, 6)}
    assert len(names) == 3 or solalta(store, 3) in {solalta(store, 1), solalta(store, 6)}
    assert solalta(store, 1) != solalta(store, 6)


def test_in_whatever_order_they_come() -> None:
    records = (ONE, TWO, BARE, LATER, shelled(5, "2026-07-01", victims=3))
    expected = quads(stored(records))
    assert all(quads(stored(order)) == expected for order in permutations(records))


@pytest.mark.parametrize("number", range(5))
def test_what_goes_leaves_no_trace(number: int) -> None:
    records = [ONE, TWO, BARE, LATER, shelled(5, "2026-07-01", victims=3)]
    store = stored(records)
    store.remove(records.pop(number).id)
    left = quads(store)
    assert left == quads(stored(records))
    store.mend()
    assert quads(store) == left


def test_it_is_said_by_what_they_are_known(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("store") / "kg.store"
    with Store(place) as store:
        for record in (ONE, TWO, BARE, LATER):
            store.add(record)
        (event,) = acquainted(store, f"{ONE.id}#e2", f"{BARE.id}#e2")
        assert f"{BARE.id}#v1" in store.aliases(event)
        assert not acquainted(store, f"{ONE.id}#e2", f"{LATER.id}#e2")
    shown = CliRunner().invoke(app, ["explain", "SAME", f"{ONE.id}#e2", f"{BARE.id}#e2", "--store", str(place)])
    assert "the same" in shown.output
    assert "both take part in" in " ".join(shown.output.split())
