"""Forty papers that print one story, whole or cut: as much to compare as one paper, and the same graph in any order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.derive import Derivation
from kg.graph import indexed, statements
from kg.namespaces import HAPPENING, KG
from kg.record import Record
from kg.share import Share, share
from kg.store import Store
from tests.merged import quads
from tests.papers import paper

#: What a paper may leave out of the story.
CUTS = ("", "strike", "deal", "ally", "office")
DAYS = ("2026-03-03", "2026-03-04")


def printed(number: int, cut: str = "", day: str = DAYS[0], killed: int = 3) -> Record:
    """The story as a paper prints it that leaves something out."""
    told = paper(number, day)
    for part in CUTS:
        if part and part != cut:
            given = {"strike": (killed,), "office": ("Andrii Sybiha",)}.get(part, ())
            getattr(told, part)(*given)
    return told.record


def edition(count: int) -> list[Record]:
    """So many papers: each cut comes on each day once in ten."""
    return [printed(n, CUTS[n % len(CUTS)], DAYS[n // len(CUTS) % len(DAYS)]) for n in range(count)]


def shares_of(records: Sequence[Record]) -> dict[str, Share]:
    return {record.id: share(indexed(statements(record))) for record in records}


def forms_of_events(records: Sequence[Record]) -> int:
    shares = shares_of(records)
    added = Derivation.from_nothing(shares).run(shares, {}).add
    told = (str(quad.subject) for quad in added if quad.predicate.value == str(KG.says))
    return sum(form.startswith(f"<{HAPPENING}") for form in told)


def compared_for_one_more(records: Sequence[Record]) -> int:
    """How many pairs are judged when the last of them comes to the others."""
    shares, last = shares_of(records), records[-1].id
    before = {name: part for name, part in shares.items() if name != last}
    derived = ox.Store()
    derived.extend(Derivation.from_nothing(before).run(before, {}).add)
    change = Derivation(derived, ox.Store(), shares.__getitem__)
    change.run({last: shares[last]}, {})
    return change.compared


def test_papers_that_print_one_story_share_its_forms() -> None:
    assert forms_of_events(edition(10)) == forms_of_events(edition(40)) == 2 * len(DAYS)


def test_of_one_paper_more_that_says_the_same_nothing_but_the_text_is_compared() -> None:
    """Its names and events are there already; all texts that are one are weighed again, each pair once."""
    for count in (10, 20, 40):
        assert compared_for_one_more([printed(n) for n in range(count)]) == count * (count - 1) // 2
        assert compared_for_one_more(edition(count)) <= count * (count - 1) // 2


def test_papers_that_differ_on_the_number_of_dead_tell_of_one_strike() -> None:
    assert strikes([printed(n, killed=killed) for n, killed in enumerate((3, 3, 5, 5))]) == 1


def strikes(records: Sequence[Record]) -> int:
    with Store() as store:
        for record in records:
            store.add(record)
        return len(
            store.select("SELECT DISTINCT ?strike { GRAPH <https://kg.example/world> { ?strike a kg:Airstrike } }").rows
        )


EDITIONS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(CUTS), st.sampled_from(DAYS), st.sampled_from((3, 5))),
    min_size=2, max_size=8, unique_by=lambda told: told[0],
)  # fmt: skip


@settings(max_examples=40)
@given(EDITIONS, st.data())
def test_any_papers_in_any_order_with_some_taken_back_give_what_follows_from_nothing(
    told: list[tuple[int, str, str, int]], data: st.DataObject
) -> None:
    records = [printed(*one) for one in told]
    order = data.draw(st.permutations(records))
    gone = data.draw(st.sets(st.sampled_from([record.id for record in records]), max_size=len(records) - 1))
    with Store() as one, Store() as two:
        for record in order:
            one.add(record)
        for name in sorted(gone):
            one.remove(name)
        for record in records:
            if record.id not in gone:
                two.add(record)
        assert quads(one) == quads(two)
        two.mend()
        assert quads(one) == quads(two)


def test_the_order_of_a_whole_edition_does_not_matter() -> None:
    records = edition(12)
    graphs = []
    for some in (records, records[::-1], list(chain(records[1::2], records[::2]))):
        with Store() as store:
            for record in some:
                store.add(record)
            graphs.append(quads(store))
    assert graphs[0] == graphs[1] == graphs[2]
