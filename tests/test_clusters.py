"""What belongs together, from judgements of two: hand-made ones, with no names or events behind them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from itertools import combinations
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.clusters import AGAINST, NEVER, Clusters, Judgement, Kind, Pair, Reason, Verdict, weigh
from kg.forms import Form, judge
from kg.identity import resolve

#: Of words of one letter: the judgement of each two, else that nothing is known of them.
SAME, DIFFERENT, UNSURE = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE


def say(pair: str, verdict: Verdict, probability: float, bits: float = 0.0, judge: str | None = None) -> Judgement:
    left, right = sorted(pair)
    reasons = (Reason("so it is", bits),) if bits else ()
    return Judgement(left, right, verdict, probability, reasons, judge)


def same(pair: str, probability: float = 0.95) -> Judgement:
    return say(pair, SAME, probability, 9)


def never(pair: str) -> Judgement:
    return say(pair, DIFFERENT, 0.0, NEVER)


def unsure(pair: str, probability: float = 0.5) -> Judgement:
    return say(pair, UNSURE, probability)


def against(pair: str) -> Judgement:
    return say(pair, UNSURE, 0.3, AGAINST)


def person(pair: str, verdict: Verdict) -> Judgement:
    return say(pair, verdict, float(verdict is SAME), 0, "Desk 3")


def together(
    *judged: Judgement, parts: str = "", rather: float = 2.0, fits: bool = True, clear: float = inf
) -> set[str]:
    """What belongs together, as words; a part of a name is one of `parts`."""
    by_pair = {(item.left, item.right): item for item in judged}
    nodes = {letter: letter for item in judged for letter in (item.left, item.right)}
    return _clusters(nodes, by_pair, parts, rather, fits, clear)


def _clusters(
    nodes: Mapping[str, str],
    judged: Mapping[Pair, Judgement],
    parts: str = "",
    rather: float = 2.0,
    fits: bool = True,
    clear: float = inf,
) -> set[str]:
    def fit(part: str, whole: Iterable[str]) -> bool:
        return fits

    kind: Kind[str] = Kind(
        judge=lambda one, two: judged.get((one, two), say(one + two, UNSURE, 0.2)),
        keys=lambda _: frozenset(),
        near=lambda _: (),
        canonical=min,
        read=str,
        is_part=lambda letter: letter in parts,
        fits=fit,
        rather=rather,
        clear=clear,
    )
    return {"".join(sorted(cluster)) for cluster in Clusters(nodes, judged, kind).all()}


TABLE = [
    ("two that are the same are one", (same("ab"),), {"ab"}),
    ("the same as the same is the same", (same("ab"), same("bc")), {"abc"}),
    ("different ones stay two", (never("ab"),), {"a", "b"}),
    ("what is unsure stays two", (unsure("ab"),), {"a", "b"}),
    ("a veto holds by way of others too", (same("ab", 0.99), same("bc", 0.95), never("ac")), {"a", "b", "c"}),
    ("of two that much speaks against, neither is it", (same("ab"), same("bc"), against("ac")), {"a", "b", "c"}),
    ("a person's word outranks the machine's", (same("ab"), person("bc", DIFFERENT), same("ac", 0.99)), {"ac", "b"}),
    ("a person joins what nothing else does", (person("ab", SAME), person("bc", SAME)), {"abc"}),
    ("what a person joins is joined first", (same("ab", 1.0), person("bc", SAME), never("ac")), {"a", "bc"}),
    ("a person joins in spite of a veto", (person("ab", SAME), same("bc"), never("ac")), {"ab", "c"}),
]


@pytest.mark.parametrize(("judged", "found"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_belongs_together(judged: tuple[Judgement, ...], found: set[str]) -> None:
    assert together(*judged) == found


def test_a_part_joins_the_one_that_it_can_be_of() -> None:
    assert together(unsure("ap"), parts="p") == {"ap"}
    assert together(same("ab"), unsure("ap"), unsure("bp"), parts="p") == {"abp"}
    assert together(unsure("ap"), parts="p", fits=False) == {"a", "p"}


def test_a_part_that_can_be_of_two_is_of_neither() -> None:
    assert together(unsure("ap"), unsure("bp"), parts="p") == {"a", "b", "p"}
    assert together(unsure("ap"), never("bp"), parts="p") == {"ap", "b"}


def test_what_may_be_of_two_is_of_the_likelier_where_the_kind_allows_it_and_of_neither_in_a_tie() -> None:
    likelier = say("bc", SAME, 0.97, 12)
    assert together(same("ab"), likelier, against("ac")) == {"a", "b", "c"}
    assert together(same("ab"), likelier, against("ac"), clear=0) == {"a", "bc"}
    assert together(same("ab"), same("bc"), against("ac"), clear=0) == {"a", "b", "c"}
    assert together(same("ab"), likelier, never("ac"), parts="b", clear=0) == {"a", "bc"}
    assert together(same("ab"), same("bc"), never("ac"), parts="b", clear=0) == {"a", "b", "c"}


def test_a_part_is_not_joined_by_way_of_parts() -> None:
    assert together(unsure("pq"), parts="pq") == {"p", "q"}


def test_two_that_are_likely_one_and_nobody_else_are_paired_where_the_kind_allows_it() -> None:
    assert together(unsure("ab", 0.8)) == {"a", "b"}
    assert together(unsure("ab", 0.8), rather=0.6) == {"ab"}
    assert together(unsure("ab", 0.8), unsure("bc", 0.7), rather=0.6) == {"a", "b", "c"}
    assert together(unsure("ab", 0.8), unsure("bc", 0.5), rather=0.6) == {"ab", "c"}


def test_weights_and_verdicts() -> None:
    reasons = (Reason("for", 14.0),)
    assert weigh("a", "b", -9, reasons).verdict is SAME
    assert weigh("a", "b", -9, ()).verdict is DIFFERENT
    assert weigh("a", "b", 0, ()).verdict is UNSURE
    vetoed = weigh("a", "b", -9, (*reasons, Reason("never", NEVER)))
    assert (vetoed.verdict, vetoed.probability, vetoed.vetoes()) == (DIFFERENT, 0.0, True)
    assert not weigh("a", "b", -9, ()).vetoes()
    assert person("ab", DIFFERENT).vetoes()
    assert not person("ab", SAME).vetoes()


# ---------------------------------------------------------------------------------------------------------------- laws

LETTERS = "abcde"


@st.composite
def judgements(draw: st.DrawFn) -> dict[Pair, Judgement]:
    found = {}
    for left, right in combinations(LETTERS, 2):
        made = draw(st.sampled_from([same, never, unsure, against, None]))
        if made is not None:
            found[left, right] = made(left + right)
    return found


@settings(max_examples=150)
@given(judgements(), st.randoms(use_true_random=False), st.sampled_from(["", "a", "ac"]), st.sampled_from([0.4, 2.0]))
def test_the_order_of_judgements_does_not_matter(
    judged: dict[Pair, Judgement], order: random.Random, parts: str, rather: float
) -> None:
    pairs = order.sample(list(judged.items()), len(judged))
    letters = order.sample(LETTERS, len(LETTERS))
    shuffled = _clusters({letter: letter for letter in letters}, dict(pairs), parts, rather)
    assert shuffled == _clusters({letter: letter for letter in LETTERS}, judged, parts, rather)


@settings(max_examples=150)
@given(judgements(), st.sampled_from(["", "a", "ac"]), st.sampled_from([0.4, 2.0]))
def test_no_two_that_a_veto_keeps_apart_are_in_one(judged: dict[Pair, Judgement], parts: str, rather: float) -> None:
    found = _clusters({letter: letter for letter in LETTERS}, judged, parts, rather)
    assert sorted("".join(found)) == list(LETTERS)
    for (left, right), item in judged.items():
        if item.vetoes():
            assert not any(left in cluster and right in cluster for cluster in found)


# --------------------------------------------------------------------------------------------------------------- names


def test_a_family_name_that_two_bear_is_of_neither() -> None:
    anna, peter, short = (Form("Person", (name,), ("ukraine",)) for name in ("Anna Kovacs", "Peter Kovacs", "Kovacs"))
    assert resolve([anna, short]).canonical[short.iri] == anna.iri
    found = resolve([anna, peter, short]).canonical
    assert len(set(found.values())) == 3


def test_a_name_of_two_states_joins_neither_who_are_told_apart() -> None:
    """The same full name in two states: of the one that no state is said of nobody can tell."""
    one, two = (Form("Person", ("Anna Kovacs",), (of,)) for of in ("ukraine", "russia"))
    open_ = Form("Person", ("Anna Kovacs",))
    assert judge(one, open_).verdict is judge(two, open_).verdict is SAME
    assert len(set(resolve([one, two, open_]).canonical.values())) == 3
    assert len(set(resolve([one, open_]).canonical.values())) == 1


def test_a_person_says_whose_name_it_is() -> None:
    one, two = (Form("Person", ("Anna Kovacs",), (of,)) for of in ("ukraine", "russia"))
    left, right = sorted((one.iri, two.iri))
    told = Judgement(left, right, SAME, 1.0, (), "Desk 3")
    assert len(set(resolve([one, two]).canonical.values())) == 2
    assert len(set(resolve([one, two], [told]).canonical.values())) == 1
