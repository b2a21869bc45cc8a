"""The store: whole articles or none, a world graph that is a function of them, and errors that tell the mend."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, URIRef

from kg.answer import Answer
from kg.derive import from_scratch
from kg.errors import ArticleError, QueryError, StoreError
from kg.graph import indexed, statements, to_graph, to_triples
from kg.namespaces import ARTICLE, INDEX, KG, NAME, WORLD
from kg.record import Record, Span
from kg.share import share
from kg.store import Store
from kg.workers import rarely_look_for_garbage
from tests.records import archives, large, strike, talks

A, B = f"{ARTICLE}00000000000000aa", f"{ARTICLE}00000000000000bb"
#: What people of the first article are called in the world graph.
ZELENSKYY, MEDINSKY = str(NAME["Volodymyr_Zelenskyy"]), str(NAME["Vladimir_Medinsky"])


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as store:
        store.add(talks())
        store.add(strike())
        yield store


def nquads(store: Store) -> bytes:
    return b"".join(sorted(f"{quad} .\n".encode() for quad in store.quads()))


def world(store: Store) -> set[ox.Triple]:
    return {quad.triple for quad in store.quads(WORLD)}


def rebuilt(records: Iterable[Record]) -> set[ox.Triple]:
    """The world graph of the records, from nothing."""
    shares = {record.id: share(indexed(statements(record))) for record in records}
    return {quad.triple for quad in from_scratch(shares, ()) if quad.graph_name == ox.NamedNode(WORLD)}


# ------------------------------------------------------------------------------------------------------- add and remove


def test_a_store_of_another_version_is_mended_first(tmp_path: Path) -> None:
    with Store(tmp_path / "kg") as store:
        store.add(talks())
        whole = nquads(store)
    old = ox.Store(tmp_path / "kg")
    old.update(f"MOVE <{INDEX}> TO <{INDEX.rpartition('/')[0]}>")
    old.flush()
    del old
    with Store(tmp_path / "kg") as store:
        for stale in (lambda: store.add(strike()), lambda: store.select("ASK {}"), lambda: store.aliases(A)):
            with pytest.raises(StoreError, match="kg validate --mend"):
                stale()
        store.mend()
        assert nquads(store) == whole
        assert store.add(strike())


def test_an_article_is_written_as_it_is(store: Store) -> None:
    assert A in store
    assert store.triples(A) == tuple(sorted(to_triples(talks()), key=str))
    assert world(store) == rebuilt([talks(), strike()])


def test_a_second_add_changes_nothing(store: Store) -> None:
    before = nquads(store)
    assert not store.add(talks())
    assert not store.add(replace(talks(), title="Another title"))
    assert nquads(store) == before


def test_remove_takes_back_what_no_other_article_supports(store: Store) -> None:
    assert store.remove(B)
    assert B not in store
    assert store.triples(B) == ()
    assert world(store) == rebuilt([talks()])
    assert not store.remove(B)


def test_what_another_article_supports_stays(store: Store) -> None:
    """Russia is named by both; its class and label stay until the last is gone, its enmity goes with the one."""
    russia, enmity = ox.NamedNode(NAME["Russia"]), ox.NamedNode(KG.opponentOf)
    store.remove(B)
    assert any(triple.subject == russia for triple in world(store))
    assert not any(triple.predicate == enmity for triple in world(store))
    store.remove(A)
    assert world(store) == set()
    assert nquads(store) == b""


def test_a_superproperty_stays_while_another_relation_supports_it() -> None:
    """Both imply affiliatedWith: one article says headOf, another memberOf."""
    heads = talks()
    relation = next(relation for relation in heads.relations if relation.predicate == "headOf")
    person = next(entity for entity in heads.entities if entity.id == relation.subject)
    shared = replace(person, iri=ZELENSKYY)
    entities = tuple(shared if entity is person else entity for entity in heads.entities)
    one = replace(heads, entities=entities)
    again = replace(one, relations=(replace(relation, predicate="memberOf"),)).to_json()
    two = Record.from_json(again.replace(A, f"{ARTICLE}00000000000000dd"))
    affiliated = ox.Triple(*(ox.NamedNode(term) for term in (ZELENSKYY, KG.affiliatedWith, NAME["Ukraine"])))
    with Store() as store:
        store.add(one)
        store.add(two)
        store.remove(one.id)
        assert affiliated in world(store)
        assert world(store) == rebuilt([two])


def test_an_article_that_is_not_there_is_not_removed(store: Store) -> None:
    assert not store.remove(f"{ARTICLE}00000000000000ff")
    assert not store.remove(WORLD)
    assert not store.remove("no iri")


@settings(max_examples=60)
@given(st.data())
def test_the_world_graph_is_a_function_of_the_articles(data: st.DataObject) -> None:
    """After any sequence of adds and removes; none is another version of another."""
    records = {record.id: replace(record, url=None) for record in data.draw(archives())}
    steps = data.draw(st.lists(st.sampled_from(sorted(records)), max_size=10)) if records else []
    present: dict[str, Record] = {}
    with Store() as store:
        for name in steps:
            if name in present:
                assert store.remove(name)
                del present[name]
            else:
                assert store.add(records[name])
                present[name] = records[name]
            assert world(store) == rebuilt(present.values())
        with Store() as fresh:
            for record in present.values():
                fresh.add(record)
            assert nquads(fresh) == nquads(store)


@settings(max_examples=25)
@given(archives(), st.randoms(use_true_random=False))
def test_the_order_of_adds_does_not_matter(records: list[Record], order: random.Random) -> None:
    shuffled = order.sample(records, len(records))
    with Store() as one, Store() as two:
        for record, other in zip(records, shuffled, strict=True):
            one.add(record)
            two.add(other)
        assert nquads(one) == nquads(two)


# ----------------------------------------------------------------------------------------------------- what is refused


def test_a_graph_that_violates_a_shape_is_not_written() -> None:
    record = talks()
    wrong = replace(record, events=(replace(record.events[0], polarity="maybe"), *record.events[1:]))
    with Store() as store:
        with pytest.raises(StoreError, match=r"post\.txt: not written.*#c1 .*violates ClaimPolarity"):
            store.add(wrong)
        assert nquads(store) == b""


def test_an_empty_span_is_not_written() -> None:
    record = talks()
    wrong = replace(record, events=(replace(record.events[0], evidence=Span(5, 5)), *record.events[1:]))
    with Store() as store, pytest.raises(StoreError, match=r"#char=5,5 .*violates SpanText"):
        store.add(wrong)


@pytest.mark.parametrize("name", [WORLD, "https://example.org/", "no iri"])
def test_an_article_must_have_the_iri_of_one(name: str) -> None:
    """A record named as the world graph would write itself there."""
    with Store() as store, pytest.raises(ArticleError, match="no IRI of an article"):
        store.add(replace(talks(), id=name))


# ------------------------------------------------------------------------------------------------------------- reading


def test_articles_tell_their_sources_by_date(store: Store) -> None:
    store.add(replace(large(), published=None, title=None, url=None, outlet=None))
    undated, first, second = store.articles()
    assert (undated.published, undated.headline, undated.url, undated.outlet) == (None, None, None, None)
    assert (first.article, first.published, first.outlet, first.source) == (A, "2026-02-18", "Post", "post.txt")
    assert (second.headline, second.url) == ("Wire on the talks", "https://example.org/wire")
    assert len(first.hash) == 64


def test_counts(store: Store) -> None:
    counts = store.counts()
    assert counts["articles"] == 2
    assert counts["triples"] == len(list(store.quads()))
    assert counts["claims"] == len(list(store.rows(str(RDF.predicate))))
    assert 0 < counts["asserted"] < counts["claims"]
    assert (counts["event Airstrike"], counts["event Negotiation"], counts["event Open"]) == (2, 2, 1)
    assert (counts["entity State"], counts["entity Person"], counts["entity City"]) == (3, 2, 2)
    assert not any(name.endswith(("Span", "Claim", "Phrase", "Time", "Attribution")) for name in counts)


def test_rows_leave_the_world_graph_out(store: Store) -> None:
    rows = list(store.rows(str(KG.opponentOf)))
    assert rows == [(B, str(NAME["Russia"]), str(NAME["Ukraine"]))]


def test_a_dataset_that_was_there_before_the_model_keeps_no_lock(tmp_path: Path) -> None:
    opened = Store(tmp_path / "kg")
    dataset = opened.dataset
    assert len(dataset.graph(URIRef(A))) == 0
    rarely_look_for_garbage()
    del dataset
    opened.close()
    with Store(tmp_path / "kg"):
        pass


def test_the_dataset_of_rdflib_holds_the_same(store: Store) -> None:
    """But for plain strings, to which oxrdflib gives their datatype."""
    held = store.dataset.graph(URIRef(A))
    assert {tuple(map(str, triple)) for triple in held} == {tuple(map(str, triple)) for triple in to_graph(talks())}


# ------------------------------------------------------------------------------------------------------------- queries


def test_a_query_runs_on_the_world_graph(store: Store) -> None:
    answer = store.select("SELECT ?who ?office { ?who kg:headOf name:Ukraine OPTIONAL { ?who kg:office ?office } }")
    assert answer == Answer(("who", "office"), ((ZELENSKYY, None),))


def test_a_query_reaches_what_articles_say(store: Store) -> None:
    denied = "SELECT ?article { GRAPH ?article { ?claim rdf:predicate kg:allyOf ; kg:polarity kg:negated } }"
    assert store.select(denied).rows == ((B,),)
    assert store.select("ASK { ?a kg:allyOf ?b }").rows == (("false",),)


def test_bindings_give_variables_their_values(store: Store) -> None:
    russia = ox.NamedNode(NAME["Russia"])
    answer = store.select("SELECT ?who ?whom { ?who kg:affiliatedWith ?whom }", {"whom": russia})
    assert set(answer.rows) == {(MEDINSKY, russia.value)}


def test_construct_answers_with_triples(store: Store) -> None:
    answer = store.select("CONSTRUCT { ?a kg:opponentOf ?b } WHERE { ?a kg:opponentOf ?b }")
    russia, ukraine = str(NAME["Russia"]), str(NAME["Ukraine"])
    assert answer.columns == ("subject", "predicate", "object")
    assert {(row[0], row[2]) for row in answer.rows} == {(russia, ukraine), (ukraine, russia)}


def test_a_mistake_is_told_with_its_line(store: Store) -> None:
    with pytest.raises(QueryError, match="line 3, column"):
        store.select("SELECT *\nWHERE {\n ?s ?p }")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://192.0.2.1/> {} }",
        "SELECT * { SERVICESILENT<http://192.0.2.1/>{} }",
        "SELECT * { ?s ?p 1SERVICE<http://192.0.2.1/>{} }",
        "PREFIX :<http://192.0.2.1/> SELECT * { SERVICE:x{} }",
        "SELECT * { SERV\\u0049CE <http://192.0.2.1/> {} }",
        "SELECT * { \\U00000053ERVICE <http://192.0.2.1/> {} }",
        'SELECT * { ?s ?p "a\\"b" . SERVICE <http://192.0.2.1/> {} }',
        "SELECT * { ?s <http://a/\\u0041#> ?o . SERVICE <http://192.0.2.1/> {} }",
        '# \\u000A """\nSELECT * { ?s <http://a/\\u0041#> ?o . SERVICE <http://192.0.2.1/> {} } # """',
        "SELECT * { ?s ?p ''' ' '' \\''' ''' . SERVICE <http://192.0.2.1/> {} }",
        "SELECT * { FILTER(?a<?b) SERVICE <http://192.0.2.1/> {} FILTER(?b>?c) }",
    ],
)
def test_service_is_refused_however_it_is_spelt(store: Store, query: str) -> None:
    with pytest.raises(QueryError, match="SERVICE would ask another server"):
        store.select(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s rdfs:label "secret service" }',
        "SELECT * { ?s rdfs:label '''the \"Service\" and 'service' ''' }",
        "SELECT * { ?service kg:allyOf $SERVICE } # a service",
        "SELECT * { ?s ?p <https://example.org/service#service> }",
    ],
)
def test_the_word_may_stand_where_it_is_no_keyword(store: Store, query: str) -> None:
    assert store.select(query).rows == ()


@pytest.mark.parametrize(
    "query",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "LOAD <file:///etc/passwd>",
        "DROP ALL",
        "",
        "SELECT",
        "SELECT * { ?s unknown:prefix ?o }",
    ],
)
def test_what_is_no_query_is_refused(store: Store, query: str) -> None:
    before = nquads(store)
    with pytest.raises(QueryError, match="not SPARQL"):
        store.select(query)
    assert nquads(store) == before


def test_from_is_passed_over(store: Store) -> None:
    """rdflib would read the file."""
    passed = store.select("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")
    assert passed == store.select("SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize("nest", ["SELECT * " + "{" * 5000 + "}" * 5000, "SELECT (" + "(" * 5000 + "1"])
def test_nesting_that_would_kill_the_parser_is_refused(store: Store, nest: str) -> None:
    with pytest.raises(QueryError, match="brackets"):
        store.select(nest)


# ------------------------------------------------------------------------------------------------------------- on disk


def test_a_store_on_disk_is_there_again(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "kg"
    with Store(place) as store:
        store.add(talks())
        before = nquads(store)
    with Store(place) as store:
        assert nquads(store) == before
        assert not store.add(talks())
        assert store.remove(A)
    with Store(place) as store:
        assert nquads(store) == b""


def test_a_backup_can_be_read_beside_the_writer(tmp_path: Path) -> None:
    with Store(tmp_path / "kg") as store:
        store.add(talks())
        store.backup(tmp_path / "copy")
        store.add(strike())
        with Store(tmp_path / "copy", read_only=True) as copy:
            assert [source.article for source in copy.articles()] == [A]
            with pytest.raises(StoreError, match="read only"):
                copy.add(strike())
            with pytest.raises(StoreError, match="read only"):
                copy.remove(A)
        with pytest.raises(StoreError, match="already exists"):
            store.backup(tmp_path / "copy")


def test_a_store_in_memory_has_no_backup(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="in memory"):
        store.backup(tmp_path / "copy")


def test_a_closed_store_says_so() -> None:
    store = Store()
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.add(talks())


def test_a_second_writer_is_told_who_holds_the_store(tmp_path: Path) -> None:
    with Store(tmp_path / "kg"):
        other = run(f"from kg.store import Store; Store({str(tmp_path / 'kg')!r})")
        assert "StoreError" in other.stderr
        assert "another kg process holds the store" in other.stderr
        with pytest.raises(StoreError, match="another kg process holds the store"):
            Store(tmp_path / "kg")
    Store(tmp_path / "kg").close()


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)


ROOT = Path(__file__).parents[1]


def a_file(place: Path) -> None:
    place.write_text("x")


def a_folder_of_others(place: Path) -> None:
    place.mkdir()
    (place / "notes.txt").write_text("x")


def a_damaged_store(place: Path) -> None:
    Store(place).close()
    (place / "CURRENT").write_text("garbage\n")


def beneath_a_file(place: Path) -> None:
    place.parent.write_text("x")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (a_file, "is a file, and a store is a folder"),
        (a_folder_of_others, r"is a folder of other files \(notes.txt\)"),
        (a_damaged_store, "is damaged"),
        (beneath_a_file, "choose a path that you may write to"),
    ],
)
def test_a_path_without_a_store_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    place = tmp_path / "folder" / "kg"
    if make is not beneath_a_file:
        place.parent.mkdir()
    make(place)
    before = sorted(path.name for path in tmp_path.rglob("*") if not path.name.startswith("LOG"))
    with pytest.raises(StoreError, match=reason):
        Store(place)
    assert sorted(path.name for path in tmp_path.rglob("*") if not path.name.startswith("LOG")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="may write to"):
        Store(tmp_path / "kg")


def test_reading_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        Store(tmp_path / "kg", read_only=True)
    assert not (tmp_path / "kg").exists()


# ------------------------------------------------------------------------------------------------------------- kill -9

#: Adds and removes article after article until it is killed.
WRITER = """
import sys
from dataclasses import replace
from kg.store import Store
from tests.records import strike, talks
with Store() as warm:
    warm.add(talks())
with Store(sys.argv[1]) as store:
    print("open", flush=True)
    for number in range(int(sys.argv[2]), 10**6):
        for record in (talks(), strike()):
            text = record.to_json().replace("00000000000000", f"{number:014x}")
            text = text.replace("example.org/", f"example.org/{number:014x}/")
            store.add(type(record).from_json(text))
        if number % 3 == 2:
            store.remove(record.id.replace("00000000000000", f"{number - 1:014x}"))
"""


def test_after_kill_9_each_article_is_whole_or_absent(tmp_path: Path) -> None:
    chance = random.Random(0)
    for number in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "kg"), str(number * 10_000)],
            stdout=subprocess.PIPE, text=True, cwd=ROOT,
        ) as writer:  # fmt: skip
            assert writer.stdout is not None
            assert writer.stdout.readline() == "open\n"
            time.sleep(chance.uniform(0.05, 0.3))
            writer.send_signal(signal.SIGKILL)
        with Store(tmp_path / "kg") as store:
            records = [
                written(str(graph.identifier)) for graph in store.dataset.graphs() if ARTICLE in graph.identifier
            ]
            for record in records:
                assert record.id in store
                assert set(store.triples(record.id)) == set(to_triples(record))
            assert world(store) == rebuilt(records)
    assert len(records) > 5


def written(article: str) -> Record:
    """The record that the writer made for an article."""
    number, original = article[-16:-2], talks() if article.endswith("aa") else strike()
    text = original.to_json().replace("example.org/", f"example.org/{number}/")
    return Record.from_json(text.replace("00000000000000", number))


def test_a_store_and_an_answer_show_themselves_in_notebooks_as_text() -> None:
    with Store() as store:
        store.add(talks())
        assert "<td" in store._repr_html_()
        assert "event Negotiation" in store._repr_html_()
    shown = Answer(("a_b", "c"), (("<script>alert(1)</script>", None), (f"{KG.Ceasefire}", "x")) * 40)._repr_html_()
    assert "<script>" not in shown
    assert "<th>a b</th>" in shown
    assert ">kg:Ceasefire<" in shown
    assert "80 rows, of which these are the first 50" in shown
    assert shown.count("<tr>") == 51
