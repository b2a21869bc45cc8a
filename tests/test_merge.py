"""Stores and RDF files into one store: what is ours comes back whole, what is not is kept apart or refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF

from kg.clusters import Verdict
from kg.contradictions import contradictions
from kg.errors import KGError, QueryError, StoreError
from kg.export import export
from kg.merge import Merged, merge
from kg.mirror import facts
from kg.namespaces import ARTICLE, FOREIGN, JOURNAL, JUDGEMENTS, KG, NAME, WORLD
from kg.resolve import decide, decided
from kg.store import Store
from tests.merged import quads, stored
from tests.records import strike, talks
from tests.test_laws import derived, scratch
from tests.test_resolve import ANNA, PETER, article, form

SUFFIXES = {"nquads": ".nq", "trig": ".trig", "jsonld": ".jsonld"}
KNOWN = "@prefix name: <https://kg.example/name/> . @prefix kg: <https://kg.example/ns#> .\n"


@pytest.fixture
def store() -> Iterator[Store]:
    with stored([talks(), strike(), article(4, ANNA, PETER)]) as opened:
        decide(opened, [decided(form(ANNA), form(PETER), Verdict.DIFFERENT, "Desk 3")])
        yield opened


def taken(into: Store, path: Path) -> Merged:
    (found,) = merge(into, [path])
    assert found.source == str(path)
    return found


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def refused(into: Store, path: Path, said: str, error: type[KGError] = StoreError) -> None:
    """The file is refused in one line that names it, and the store holds what it held."""
    before = quads(into)
    with pytest.raises(error, match=said) as raised:
        list(merge(into, [path]))
    assert "\n" not in str(raised.value).strip()
    assert quads(into) == before
    assert derived(into) == scratch(into)


# -------------------------------------------------------------------------------------------------------- what is ours


@pytest.mark.parametrize("format", SUFFIXES)
def test_an_export_of_ours_comes_back_the_same(store: Store, format: str, tmp_path: Path) -> None:
    path = tmp_path / f"news{SUFFIXES[format]}"
    path.write_bytes(export(store, format))
    with Store() as other:
        assert taken(other, path) == Merged(str(path), 3, 0, 1, 0)
        assert export(other, format) == path.read_bytes()
        assert quads(other) == quads(store)
        assert taken(other, path) == Merged(str(path), 0, 3, 0, 0)
        assert quads(other) == quads(store)


def test_a_store_on_disk_is_merged_and_left_as_it_is(store: Store, tmp_path: Path) -> None:
    with Store(tmp_path / "one") as one:
        one.add(talks())
        before = quads(one)
    with Store(tmp_path / "two") as two:
        assert taken(two, tmp_path / "one").articles == 1
        assert quads(two) == before
    with Store(tmp_path / "one", read_only=True) as one:
        assert quads(one) == before


def test_the_journal_comes_along(tmp_path: Path) -> None:
    with Store(tmp_path / "one") as one:
        one.add(talks(), datetime(2026, 3, 9, 12, tzinfo=UTC))
        lines = set(one.held(JOURNAL))
    with Store() as two:
        taken(two, tmp_path / "one")
        assert set(two.held(JOURNAL)) == lines
        assert len(lines) == 1


def test_who_is_who_is_found_anew_over_all(tmp_path: Path) -> None:
    """Each desk has one bearer of the family name; together there are two, and nobody can tell."""
    for name, records in (
        ("one", [article(1, ANNA), article(2, "Kovacs")]),
        ("two", [article(3, PETER)]),
    ):
        with Store(tmp_path / name) as opened:
            for record in records:
                opened.add(record)
    with Store() as both:
        list(merge(both, [tmp_path / "one"]))
        alone = f"{ARTICLE}{2:016x}#e1"
        assert form(ANNA) in both.aliases(alone)
        list(merge(both, [tmp_path / "two"]))
        assert both.aliases(alone) == {alone}


def test_what_a_file_says_of_derived_graphs_is_passed_over(store: Store, tmp_path: Path) -> None:
    before = quads(store)
    path = write(tmp_path / "a.nq", f"<{NAME['Russia']}> <{KG['allyOf']}> <{NAME['Ukraine']}> <{WORLD}> .\n")
    assert taken(store, path) == Merged(str(path), 0, 0, 0, 0)
    assert quads(store) == before


# ---------------------------------------------------------------------------------------------------- what others said

OTHERS = (
    f'{KNOWN}name:Russia kg:allyOf name:Ukraine ; <urn:has> [ <urn:size> "big" ; <urn:next> [ <urn:size> "odd" ] ] .'
)


def test_rdf_of_others_is_kept_apart_and_can_be_reached(store: Store, tmp_path: Path) -> None:
    world, before = set(store.quads(WORLD)), quads(store)
    found = taken(store, write(tmp_path / "others.ttl", OTHERS))
    assert (found.articles, found.foreign) == (0, 5)
    assert set(store.quads(WORLD)) == world
    assert before < quads(store)
    assert derived(store) == scratch(store)
    asked = "{ name:Russia kg:allyOf name:Ukraine }"
    assert store.select(f"ASK {asked}").rows == (("false",),)
    ((graph,),) = store.select(f"SELECT ?g {{ GRAPH ?g {asked} }}").rows
    assert str(graph).startswith(FOREIGN)
    size = store.select("SELECT ?size { GRAPH ?g { name:Russia <urn:has>/<urn:next>/<urn:size> ?size } }")
    assert size.rows == (("odd",),)


def test_rdf_of_others_counts_for_nothing(store: Store, tmp_path: Path) -> None:
    before, counts, told = store.articles(), store.counts(), facts(store)
    taken(store, write(tmp_path / "others.ttl", OTHERS))
    assert (store.articles(), facts(store)) == (before, told)
    assert store.counts() == counts | {"triples": counts["triples"] + 5}


def test_blank_nodes_get_the_same_names_whenever_and_however_they_come(tmp_path: Path) -> None:
    twice = [write(tmp_path / "a.ttl", OTHERS), write(tmp_path / "b.ttl", OTHERS)]
    nested = ox.serialize(ox.parse(OTHERS, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert nested is not None
    lines = sorted(nested.decode().splitlines(), reverse=True)
    twice.append(write(tmp_path / "c.nt", "\n".join(lines) + "\n"))
    found = []
    for path in twice:
        with Store() as into:
            taken(into, path)
            taken(into, path)
            found.append(quads(into))
    assert found[0] == found[1] == found[2]
    assert not any("_:" in quad for quad in found[0])


def test_what_others_said_goes_from_store_to_store_unchanged(tmp_path: Path) -> None:
    with Store(tmp_path / "one") as one:
        for number, more in enumerate(("<urn:x> <urn:y> <urn:z> .", OTHERS)):
            taken(one, write(tmp_path / f"{number}.ttl", more))
        before = quads(one)
    with Store() as two:
        assert taken(two, tmp_path / "one").foreign == 6
        assert quads(two) == before


def test_an_empty_file_adds_nothing(store: Store, tmp_path: Path) -> None:
    before = quads(store)
    assert taken(store, write(tmp_path / "none.ttl", "# nothing\n")).foreign == 0
    assert quads(store) == before


# ---------------------------------------------------------------------------------------------------- what is refused

NEW = f"{ARTICLE}00000000000000aa"


def exported() -> list[str]:
    """The lines of an article that is not in the store yet."""
    return sorted(f"{quad} ." for quad in stored([talks()]).quads(NEW))


@pytest.fixture
def into() -> Iterator[Store]:
    with stored([strike(), article(4, ANNA)]) as opened:
        yield opened


def test_an_article_with_blank_nodes_is_refused(into: Store, tmp_path: Path) -> None:
    more = f"_:b <{KG['mentions']}> <{NAME['Russia']}> <{NEW}> ."
    path = write(tmp_path / "a.nq", "\n".join([*exported(), more]))
    refused(into, path, rf"a\.nq: {NEW} has a blank node")


def test_an_article_that_violates_the_shapes_is_refused(into: Store, tmp_path: Path) -> None:
    wrong = "\n".join(exported()).replace("ns#affirmed", "ns#perhaps")
    refused(into, write(tmp_path / "a.nq", wrong), "not written.*violates ClaimPolarity")


def test_half_an_article_is_refused(into: Store, tmp_path: Path) -> None:
    half = [line for line in exported() if "ns#Complete" not in line]
    refused(into, write(tmp_path / "a.nq", "\n".join(half)), "is a claim outside of a whole article")


def test_an_article_that_lacks_anything_is_refused_or_does_no_harm(into: Store, tmp_path: Path) -> None:
    """Without any one of its triples, one of each predicate."""
    by_predicate: defaultdict[str, list[str]] = defaultdict(list)
    lines = exported()
    for line in lines:
        by_predicate[line.split(" ")[1]].append(line)
    for some in by_predicate.values():
        path = write(tmp_path / "a.nq", "\n".join(line for line in lines if line != some[0]))
        with stored([strike()]) as store:
            try:
                list(merge(store, [path]))
            except StoreError:
                assert len(store.articles()) == 1
            assert derived(store) == scratch(store)
            assert store.counts()["articles"] == len(store.articles())
            assert facts(store) is not None
            contradictions(store)


CLAIM = f"{KNOWN}<urn:c> a kg:Claim ."
BOMB = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>'
REMOTE = '{"@context": "https://example.org/context.jsonld", "@id": "urn:a", "name": "x"}'
LOCAL = '{"@context": "file:///etc/passwd", "@id": "urn:a", "name": "x"}'
WRONG = [
    ("claim.ttl", CLAIM, r"claim\.ttl: <urn:c> is a claim outside of a whole article"),
    ("claim.nq", f"<urn:c> <{RDF.type}> <{KG['Claim']}> <urn:g> .", "a claim outside"),
    ("bomb.rdf", BOMB, "neither a store nor RDF that is taken here: .nq"),
    ("bomb.xml", BOMB, "neither a store nor RDF that is taken here"),
    ("bomb.ttl", BOMB, r"bomb\.ttl: cannot be read as Turtle"),
    ("remote.jsonld", REMOTE, r"remote\.jsonld: cannot be read as JSON-LD"),
    ("local.jsonld", LOCAL, r"local\.jsonld: cannot be read as JSON-LD"),
    ("nonsense.nq", "not RDF at all", "cannot be read as N-Quads"),
    ("nonsense.trig", "\x00\x01\x02", "cannot be read as TriG"),
    ("relative.ttl", "<a> <b> <c> .", "cannot be read as Turtle"),
    ("latin.nt", '<urn:a> <urn:b> "\udce9" .', "cannot be read as N-Triples"),
    ("notes.txt", "talks", "neither a store nor RDF that is taken here"),
    ("none", "talks", "neither a store nor RDF that is taken here"),
    ("star.nq", "<urn:a> <urn:b> <<( <urn:c> <urn:d> <urn:e> )>> .", r"star\.nq: .*triples about triples"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), WRONG, ids=[row[0] for row in WRONG])
def test_what_cannot_be_merged_is_told_and_nothing_is_lost(
    into: Store, tmp_path: Path, name: str, text: str, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    refused(into, path, said)


def test_what_is_not_there_is_told(into: Store, tmp_path: Path) -> None:
    refused(into, tmp_path / "missing.nq", r"missing\.nq: cannot be read as N-Quads")
    refused(into, tmp_path / "missing", "neither a store nor RDF")
    (tmp_path / "folder").mkdir()
    refused(into, tmp_path / "folder", "there is no store")


def test_what_came_before_what_is_refused_stays(into: Store, tmp_path: Path) -> None:
    good, bad = write(tmp_path / "a.nq", "\n".join(exported())), write(tmp_path / "b.nq", "nonsense")
    with pytest.raises(StoreError, match=r"b\.nq"):
        list(merge(into, [good, bad]))
    assert NEW in into
    assert derived(into) == scratch(into)


# -------------------------------------------------------------------------------------------------------- decisions


def desk(place: Path, judge: str, verdict: Verdict) -> Path:
    with Store(place) as opened:
        opened.add(article(1, ANNA))
        opened.add(article(2, PETER))
        decide(opened, [decided(form(ANNA), form(PETER), verdict, judge)])
    return place


def test_two_desks_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    one, two = desk(tmp_path / "one", "Desk 3", Verdict.SAME), desk(tmp_path / "two", "Desk 4", Verdict.DIFFERENT)
    for order in ((one, two), (two, one)):
        with Store() as into:
            list(merge(into, order[:1]))
            before = quads(into)
            with pytest.raises(QueryError, match="settle it in one of them") as raised:
                list(merge(into, order[1:]))
            for said in ("Desk 3 says same", "Desk 4 says different", form(ANNA), form(PETER)):
                assert said in str(raised.value)
            assert quads(into) == before


def test_desks_that_contradict_each_other_by_way_of_others_are_refused(tmp_path: Path) -> None:
    names = [ANNA, PETER, "Maria Kovacs"]
    pairs = [(0, 1, Verdict.SAME), (1, 2, Verdict.SAME), (0, 2, Verdict.DIFFERENT)]
    places = []
    for number, (one, two, verdict) in enumerate(pairs):
        places.append(tmp_path / str(number))
        with Store(places[-1]) as opened:
            opened.add(article(1, *names))
            decide(opened, [decided(form(names[one]), form(names[two]), verdict, f"Desk {number}")])
    with Store() as into, pytest.raises(QueryError, match="by way of"):
        list(merge(into, places))


def test_two_desks_that_say_the_same_agree_whichever_comes_first(tmp_path: Path) -> None:
    one, two = (desk(tmp_path / name, name, Verdict.SAME) for name in ("Desk 3", "Desk 4"))
    with Store() as left, Store() as right:
        list(merge(left, [one, two]))
        list(merge(right, [two, one]))
        assert quads(left) == quads(right)
        assert [item.judge for item in left.decisions()] == ["Desk 3"]


@pytest.mark.parametrize(
    "change",
    [("ns#same", "ns#perhaps"), ('"Desk 3"', '""'), ("ns#judge>", "ns#nobody>")],
)
def test_a_decision_that_nobody_made_is_refused(into: Store, tmp_path: Path, change: tuple[str, str]) -> None:
    with Store(desk(tmp_path / "desk", "Desk 3", Verdict.SAME), read_only=True) as opened:
        lines = "\n".join(f"{quad} ." for quad in opened.quads(JUDGEMENTS))
    refused(into, write(tmp_path / "a.nq", lines.replace(*change) + "\n"), r"a\.nq: (a decision|of .* nobody decided)")


def test_what_is_no_whole_decision_is_passed_over(into: Store, tmp_path: Path) -> None:
    before = quads(into)
    path = write(tmp_path / "a.nq", f"<urn:a> <{KG['left']}> <{form(ANNA)}> <{JUDGEMENTS}> .\n")
    assert taken(into, path).decisions == 0
    assert quads(into) == before


def test_a_journal_with_blank_nodes_is_the_same_however_often_it_comes(into: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.nq", f'_:a <{KG["ingested"]}> "2026-03-09" <{JOURNAL}> .\n')
    list(merge(into, [path]))
    once = set(into.quads(JOURNAL))
    list(merge(into, [path]))
    assert set(into.quads(JOURNAL)) == once
