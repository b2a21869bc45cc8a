"""Who is who in a store: forms of articles, decisions, and that neither order nor undoing leaves a trace."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from kg.clusters import Verdict
from kg.errors import QueryError
from kg.forms import Form
from kg.namespaces import ARTICLE, JUDGEMENTS, NAME
from kg.record import Record
from kg.resolve import decide, decided, decision, find, forms, identities, read_decisions, undo
from kg.store import Store
from tests.records import Draft, archives, strike, talks

ANNA, PETER, SHORT = "Anna Kovacs", "Peter Kovacs", "Kovacs"


def article(number: int, *names: str, of: str = "Ukraine") -> Record:
    """An article that says of each somebody that he or she negotiates for a state."""
    draft = Draft(f"{ARTICLE}{number:016x}", f"Outlet {number}", "2026-03-05")
    for name in names:
        draft.say(f"{name} negotiates for {of}.")
        draft.relation(draft.entity(name, "Person"), "negotiatorOf", draft.known(of, of))
    return draft.record()


def form(name: str, of: str = "ukraine") -> str:
    return Form("Person", (name,), (of,)).iri


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as opened:
        for record in (article(1, ANNA), article(2, "Anna Kovács"), article(3, SHORT), article(4, ANNA, of="Russia")):
            opened.add(record)
        yield opened


# --------------------------------------------------------------------------------------------------------------- forms


def test_articles_share_the_form_of_a_name_in_a_context(store: Store) -> None:
    found = forms(store)
    assert [found[f"{ARTICLE}{n:016x}#e1"].iri for n in (1, 2, 3, 4)] == [
        form(ANNA), form(ANNA), form(SHORT), form(ANNA, "russia")
    ]  # fmt: skip
    assert found[str(NAME["Ukraine"])].known == str(NAME["Ukraine"])


def test_what_is_only_spoken_of_has_no_form() -> None:
    with Store() as opened:
        opened.add(talks())
        assert f"{ARTICLE}00000000000000aa#v1" not in forms(opened)


def test_a_single_name_is_who_it_can_be(store: Store) -> None:
    assert identities(store).canonical[form(SHORT)] == form(ANNA)
    store.add(article(5, PETER))
    found = identities(store)
    assert found.canonical[form(SHORT)] == form(SHORT), "there are two now"
    store.remove(f"{ARTICLE}{5:016x}")
    assert identities(store).canonical[form(SHORT)] == form(ANNA)


def test_one_name_of_two_states_is_for_a_person_to_settle(store: Store) -> None:
    pairs = {(item.left, item.right) for item in identities(store).unsure}
    assert (form(ANNA, "russia"), form(ANNA)) in pairs


# ----------------------------------------------------------------------------------------------------------- decisions


def test_a_decision_stands_until_it_is_taken_back(store: Store) -> None:
    before, bytes_ = identities(store), sorted(map(str, store.quads()))
    left, right = sorted((form(ANNA), form(ANNA, "russia")))
    decide(store, [decided(left, right, Verdict.SAME, "Desk 3")])
    assert identities(store).canonical[left] == identities(store).canonical[right]
    assert [item.judge for item in store.decisions()] == ["Desk 3"]
    decide(store, [decided(left, right, Verdict.DIFFERENT, "Desk 4")])
    assert [(item.judge, item.verdict) for item in store.decisions()] == [("Desk 4", Verdict.DIFFERENT)]
    assert undo(store, right, left)
    assert not undo(store, left, right)
    assert identities(store) == before
    assert sorted(map(str, store.quads())) == bytes_


def test_a_decision_outlives_the_article_and_holds_for_the_next(store: Store) -> None:
    left, right = sorted((form(ANNA), form(ANNA, "russia")))
    decide(store, [decided(left, right, Verdict.SAME, "Desk 3")])
    store.remove(f"{ARTICLE}{4:016x}")
    assert right not in identities(store).canonical or left not in identities(store).canonical
    store.add(article(9, ANNA, of="Russia"))
    assert identities(store).canonical[left] == identities(store).canonical[right]


def test_decisions_that_contradict_each_other_are_refused_whole(store: Store) -> None:
    a, b, c = sorted((form(ANNA), form(ANNA, "russia"), form(SHORT)))
    same = [decided(a, b, Verdict.SAME, "x"), decided(b, c, Verdict.SAME, "x")]
    decide(store, same)
    with pytest.raises(QueryError, match="by way of"):
        decide(store, [decided(a, c, Verdict.DIFFERENT, "x")])
    assert len(store.decisions()) == 2


def test_the_graph_of_decisions_is_no_article(store: Store) -> None:
    left, right = sorted((form(ANNA), form(SHORT)))
    decide(store, [decided(left, right, Verdict.SAME, "x")])
    assert len(store.articles()) == 4
    assert JUDGEMENTS not in {name for name, _, _ in store.rows("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")}
    assert not store.remove(JUDGEMENTS)


# ------------------------------------------------------------------------------------------------------------- by name


def test_a_name_is_found_as_an_article_writes_it(store: Store) -> None:
    found = identities(store)
    assert find(store, found, "Kovács") == form(SHORT)
    assert find(store, found, f"{ARTICLE}{1:016x}#e1") == form(ANNA)
    assert find(store, found, form(ANNA)) == form(ANNA)
    with pytest.raises(QueryError, match="may mean 2"):
        find(store, found, ANNA)
    with pytest.raises(QueryError, match="name of nothing here"):
        find(store, found, "Nobody At All")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("verdict,left,right\nyes,Kovacs,Nobody\n", "line 2: 'Nobody'"),
        ("verdict,left,right\nno,Kovacs,https://kg.example/form/Person/x\n", "line 2"),
        ("verdict,left,right\nperhaps,a,b\n", "line 2: verdict 'perhaps'"),
        ("verdict,left,right\nyes,Kovacs,KOVACS\n", "one form of a name"),
        ("verdict,left,right\nyes,Russia,Ukraine\n", "two names of the gazetteer"),
        ("left,right\na,b\n", "first line"),
        ("", "first line"),
        ("verdict,left,right\nyes\n", "line 2"),
        ("\x00\xff", "first line|cannot be read"),
    ],
)
def test_a_file_of_decisions_is_read_whole_or_not(tmp_path: Path, store: Store, text: str, said: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(QueryError, match=said):
        read_decisions(path, store, identities(store), "x")
    assert store.decisions() == ()


def test_a_file_of_decisions(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(f"verdict,left,right,why\nyes,{form(ANNA)},Kovács,\n,a,b,left open\n", encoding="utf-8-sig")
    (taken,) = read_decisions(path, store, identities(store), "x")
    assert (taken.left, taken.right, taken.verdict) == (*sorted((form(ANNA), form(SHORT))), Verdict.SAME)
    assert decision(store, identities(store), Verdict.SAME, (form(ANNA), "Kovács"), "x") == taken


# ---------------------------------------------------------------------------------------------------------------- laws


@given(archives(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_articles_does_not_matter(records: list[Record], order: random.Random) -> None:
    shuffled = order.sample(records, len(records))
    with Store() as one, Store() as two:
        for first, second in zip(records, shuffled, strict=True):
            one.add(first)
            two.add(second)
        assert identities(one) == identities(two)


PEOPLE = [ANNA, PETER, SHORT, "A. Kovacs", "Kovács Anna", "Anna Novak"]
NUMBERS = st.integers(1, 9)


class Desk(RuleBasedStateMachine):
    """Articles come and go, people decide and take back: who is who follows from what is there, and nothing else."""

    pairs = Bundle("pairs")

    def __init__(self) -> None:
        super().__init__()
        self.store = Store()
        self.said: dict[tuple[str, str], Verdict] = {}
        self.held: dict[str, Record] = {strike().id: strike()}
        self.store.add(strike())

    @rule(number=NUMBERS, names=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True),
          of=st.sampled_from(["Ukraine", "Russia"]))  # fmt: skip
    def add(self, number: int, names: list[str], of: str) -> None:
        record = article(number, *names, of=of)
        if self.store.add(record):
            self.held[record.id] = record

    @rule(number=NUMBERS)
    def remove(self, number: int) -> None:
        iri = f"{ARTICLE}{number:016x}"
        assert self.store.remove(iri) is (self.held.pop(iri, None) is not None)

    @rule(
        target=pairs,
        one=st.sampled_from(PEOPLE),
        two=st.sampled_from(PEOPLE),
        verdict=st.sampled_from(["same", "different"]),
    )
    def decide(self, one: str, two: str, verdict: str) -> tuple[str, str]:
        left, right = sorted((form(one), form(two)))
        if left != right:
            try:
                decide(self.store, [decided(left, right, Verdict(verdict), "x")])
                self.said[left, right] = Verdict(verdict)
            except QueryError:
                pass
        return left, right

    @rule(pair=pairs)
    def undo(self, pair: tuple[str, str]) -> None:
        assert undo(self.store, *pair) is (self.said.pop(pair, None) is not None)

    @invariant()
    def it_is_as_if_built_anew(self) -> None:
        with Store() as fresh:
            for record in sorted(self.held.values(), key=lambda record: record.id, reverse=True):
                fresh.add(record)
            decide(fresh, [decided(*pair, verdict, "x") for pair, verdict in self.said.items()])
            assert sorted(map(str, fresh.quads())) == sorted(map(str, self.store.quads()))
            found = identities(fresh)
            assert found == identities(self.store)
            for (left, right), verdict in self.said.items():
                if {left, right} <= found.canonical.keys():
                    assert (found.canonical[left] == found.canonical[right]) is (verdict is Verdict.SAME)

    def teardown(self) -> None:
        self.store.close()


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=12, stateful_step_count=8)
