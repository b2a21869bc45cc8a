"""What the machine thinks of candidates: remembered while neither of two changes, and no longer."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from kg.change import Remembered
from kg.clusters import Judgement, Verdict
from kg.derive import Derivation
from kg.graph import indexed, statements
from kg.links import Links
from kg.record import Record
from kg.share import share
from tests.test_reprints import printed


def held(left: str, right: str) -> Judgement:
    return Judgement(left, right, Verdict.SAME, 0.95, ())


def others(links: Links, form: str) -> set[str]:
    return set(links.of(form))


def test_a_link_is_known_from_both_ends_but_only_one_was_asked() -> None:
    links = Links()
    links.note("b", [held("a", "b"), held("b", "c")])
    assert others(links, "a") == others(links, "c") == {"b"}
    assert others(links, "b") == {"a", "c"}
    assert "b" in links
    assert "a" not in links


def test_of_a_form_that_nothing_is_held_for_one_with_that_is_known() -> None:
    links = Links()
    links.note("a", [])
    assert "a" in links
    assert not links.of("a")


def test_a_form_that_changes_is_forgotten_by_all() -> None:
    links = Links()
    links.note("a", [held("a", "b"), held("a", "c")])
    links.note("b", [held("b", "c")])
    links.forget("a")
    assert "a" not in links
    assert not links.of("a")
    assert others(links, "b") == {"c"}
    assert others(links, "c") == {"b"}
    links.forget("a")


@pytest.mark.parametrize("count", [5, 20])
def test_one_paper_more_is_judged_with_the_others_and_not_they_with_each_other(count: int) -> None:
    """All print one story, so all their texts hang together."""
    papers = [printed(n) for n in range(count)]
    assert one_by_one(papers)[1:] == list(range(1, count))
    assert one_by_one(papers, forgetful=True)[1:] == [n * (n + 1) // 2 for n in range(1, count)]


def one_by_one(records: Sequence[Record], *, forgetful: bool = False) -> list[int]:
    """How many pairs are judged as each article comes; the first has names of its own to compare."""
    shares = {record.id: share(indexed(statements(record))) for record in records}
    derived, remembered, compared = ox.Store(), Remembered(), []
    for article, part in shares.items():
        change = Derivation(derived, ox.Store(), shares.__getitem__, (), remembered)
        derived.extend(change.run({article: part}, {}).add)
        remembered.follow(change.noted)
        remembered = Remembered() if forgetful else remembered
        compared.append(change.compared)
    return compared
