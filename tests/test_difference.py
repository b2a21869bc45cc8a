"""What an article adds, confirms and contradicts, and what a new version of it changes."""

from __future__ import annotations

from kg.difference import Revision, Support, asserted, difference, revision
from kg.store import Store
from tests.merged import stored
from tests.papers import Paper, paper

ANNA = "Anna Kovacs"
ALLY = "United States allyOf Ukraine"


def words(*papers: Paper) -> tuple[Store, set[str], dict[str, Support], set[str]]:
    """The store of papers, and of the last what it added, confirmed, and contradicts."""
    store = stored(one.record for one in papers)
    found = difference(store, papers[-1].record.id)
    confirmed = {fact.words: by for fact, by in found.confirmed}
    return store, {fact.words for fact in found.added}, confirmed, {item.kind for item in found.contradicts}


def test_what_only_an_article_says_it_added() -> None:
    _, added, confirmed, _ = words(paper(1, "2026-03-03").ally(), paper(2, "2026-03-04").office(ANNA))
    assert added == {f"{ANNA} officialOf Ukraine"}
    assert confirmed == {}


def test_what_others_say_too_it_confirmed_with_who_says_so() -> None:
    first, second = paper(1, "2026-03-01").ally(), paper(2, "2026-03-02").ally()
    _, added, confirmed, _ = words(first, second, paper(3, "2026-03-05").ally().office(ANNA))
    assert added == {f"{ANNA} officialOf Ukraine"}
    assert confirmed == {ALLY: Support(3, 3, 3, "2026-03-01", "2026-03-05")}


def test_what_is_denied_confirms_nothing() -> None:
    _, added, confirmed, contradicts = words(paper(1, "2026-03-03").ally(), paper(2, "2026-03-04").ally("negated"))
    assert (added, confirmed, contradicts) == (set(), {}, {"polarity"})


def test_events_are_confirmed_by_whoever_tells_of_them() -> None:
    _, added, confirmed, contradicts = words(paper(1, "2026-03-03").strike(3), paper(2, "2026-03-04").strike(5))
    assert {"bombed: Airstrike", "bombed agent Russia", "bombed target Zaporizhzhia"} <= confirmed.keys()
    assert added == {"bombed killed 5 people"}
    assert contradicts == {"value"}


def test_two_outlets_of_one_text_are_one_source() -> None:
    colour = (
        "Diplomats who asked not to be named spoke of long hours, cold soup, and a great deal of mistrust on all sides."
    )
    papers = (paper(1, "2026-03-03").ally(), paper(2, "2026-03-04").ally())
    for one in papers:
        one.draft.say(colour)
    _, _, confirmed, _ = words(*papers)
    assert confirmed[ALLY] == Support(2, 2, 1, "2026-03-03", "2026-03-04")


def test_facts_are_of_what_is_asserted_alone() -> None:
    store = stored([paper(1, "2026-03-03").deal("negated").ally(modality="planned").office(ANNA).record])
    assert [fact.words for fact in asserted(store, paper(1, None).record.id)] == [f"{ANNA} officialOf Ukraine"]


def test_an_article_that_says_nothing_differs_in_nothing() -> None:
    _, added, confirmed, contradicts = words(paper(1, "2026-03-03").ally(), paper(2, "2026-03-04"))
    assert (added, confirmed, contradicts) == (set(), {}, set())


# ------------------------------------------------------------------------------------------------------------- versions

URL = "https://example.org/versions"


def revised(old: Paper, new: Paper, *others: Paper) -> Revision:
    store = stored(one.record for one in (*others, old))
    before = asserted(store, old.record.id)
    assert store.add(new.record)
    assert old.record.id not in store
    return revision(store, old.record.id, before, new.record.id)


def version(number: int, day: str) -> Paper:
    return paper(number, day, "Post", URL)


def test_what_a_version_says_anew_appeared() -> None:
    found = revised(version(1, "2026-03-03").ally(), version(2, "2026-03-04").ally().office(ANNA))
    assert (found.appeared, found.vanished, found.lost) == ((f"{ANNA} officialOf Ukraine",), (), ())


def test_what_nobody_says_any_more_is_lost() -> None:
    found = revised(version(1, "2026-03-03").ally().office(ANNA), version(2, "2026-03-04").office(ANNA))
    assert (found.appeared, found.vanished, found.lost) == ((), (), (ALLY,))


def test_what_others_still_say_only_vanished() -> None:
    other = paper(3, "2026-03-03").ally()
    found = revised(version(1, "2026-03-03").ally(), version(2, "2026-03-04").office(ANNA), other)
    assert (found.vanished, found.lost) == ((ALLY,), ())


def test_what_a_version_denies_is_no_longer_said() -> None:
    found = revised(version(1, "2026-03-03").ally(), version(2, "2026-03-04").ally("negated"))
    assert (found.appeared, found.vanished, found.lost) == ((), (), (ALLY,))


def test_a_number_that_is_put_right() -> None:
    found = revised(version(1, "2026-03-03").strike(3), version(2, "2026-03-04").strike(5))
    assert found.appeared == ("bombed killed 5 people",)
    assert found.lost == ("bombed killed 3 people",)
