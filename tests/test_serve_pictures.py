"""Pictures of `kg serve`: surroundings, the graph by filters, the whole of it, the map; each is a table as well."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from math import dist
from pathlib import Path

import pytest

from kg.errors import QueryError
from kg.namespaces import NAME
from kg.serve.around import around
from kg.serve.atlas import atlas
from kg.serve.edition import Edition, read_edition
from kg.serve.graph import graph, wanted
from kg.serve.picture import MOST_ARTICLES, Picture, Wanted, picture
from kg.serve.whole import whole
from kg.store import Store
from tests.papers import paper
from tests.records import strike, talks
from tests.server import filled


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    papers = (paper(1, "2026-03-03").strike(killed=3), paper(2, "2026-03-04").deal("negated"))
    store = filled(tmp_path_factory.mktemp("pictures") / "kg.store", (talks(), strike(), *(p.record for p in papers)))
    return read_edition(store, datetime(2026, 3, 5))


# --------------------------------------------------------------------------------------------------------- surroundings


def test_what_is_around_a_thing_has_its_sentences(edition: Edition) -> None:
    found = around(edition, f"{NAME}Ukraine")
    ends = {node.thing.iri for node in found.nodes}
    assert found.of.name == "Ukraine"
    assert found.nodes[0].thing == found.of
    assert {iri for edge in found.edges for iri in (edge.source, edge.target)} <= ends
    assert all(edge.said.sentence and edge.said.certainty for edge in found.edges)
    assert f"{NAME}Russia" in ends


def test_an_event_has_surroundings_too(edition: Edition) -> None:
    event = next(node for node in around(edition, f"{NAME}Ukraine").nodes if node.event)
    found = around(edition, event.thing.iri)
    assert found.of.iri == event.thing.iri
    assert f"{NAME}Ukraine" in {node.thing.iri for node in found.nodes}


def test_nobody_has_no_surroundings(edition: Edition) -> None:
    with pytest.raises(QueryError, match="search for a name"):
        around(edition, f"{NAME}Nobody")


# ----------------------------------------------------------------------------------------------------------- by filters


def drawn(edition: Edition, **given: str) -> Picture:
    found, reason = wanted(edition, given)
    assert not reason
    return picture(edition.store, found)


def test_without_filters_all_articles_are_drawn(edition: Edition) -> None:
    found = drawn(edition)
    assert found.articles == found.of == len(edition.articles)
    assert found.page.startswith("<!doctype html>")
    assert {link.article for link in found.links} == set(edition.articles)
    assert graph(edition, Wanted(), {}, found).notice == f"The picture is of all {found.of} articles."


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"outlet": "Paper 1"}, lambda link: link.outlet == "Paper 1"),
        ({"first": "2026-03-04"}, lambda link: link.date >= "2026-03-04"),
        ({"last": "2026-03-03"}, lambda link: link.date <= "2026-03-03"),
        ({"status": "denied"}, lambda link: link.certainty.startswith("denied")),
        ({"relation": "party"}, lambda link: link.relation == "party"),
    ],
)
def test_a_filter_keeps_what_it_says(edition: Edition, given: dict[str, str], kept: object) -> None:
    assert callable(kept)
    every, found = drawn(edition).links, drawn(edition, **given).links
    assert {link.sentence for link in found} <= {link.sentence for link in every}
    assert len(found) == sum(map(kept, every)) > 0


def test_a_picture_around_a_name_is_of_the_articles_that_name_it(edition: Edition) -> None:
    found, reason = wanted(edition, {"about": "genev"})
    assert (found.about, reason) == (f"{NAME}Geneva", "")
    shown = picture(edition.store, found)
    assert 0 < shown.of < len(edition.articles)


def test_what_no_filter_can_mean_is_said(edition: Edition) -> None:
    for given, reason in (
        ({"first": "yesterday"}, "no day"),
        ({"status": "perhaps"}, "none of"),
        ({"about": "zzz"}, "nobody here is called"),
    ):
        found, said = wanted(edition, given)
        assert reason in said
        page = graph(edition, found, given, None, said)
        assert not page.ready
        assert page.reason == said


def test_a_part_is_called_a_part(edition: Edition) -> None:
    part = Picture("", (), (), MOST_ARTICLES, 9_714, ())
    assert "the newest 75 of 9,714 articles" in graph(edition, Wanted(), {}, part).notice


def test_an_excerpt_holds_its_articles_under_canonical_names(edition: Edition) -> None:
    first = next(iter(edition.articles))
    excerpt = edition.store.excerpt((first,))
    assert [source.article for source in excerpt.articles()] == [first]
    assert excerpt.aliases(f"{NAME}Ukraine") <= edition.store.aliases(f"{NAME}Ukraine")


# ------------------------------------------------------------------------------------------------------------ the whole


def test_the_whole_graph_is_that_of_the_world(edition: Edition) -> None:
    found = whole(edition.store)
    ids = {node.id for node in found.nodes}
    assert found.edges
    assert {end for edge in found.edges for end in (edge.source, edge.target)} == ids
    assert found.notice == f"{len(ids)} things and events, {len(found.edges)} links."
    assert [node.links for node in found.nodes] == sorted((node.links for node in found.nodes), reverse=True)
    assert all(node.page for node in found.nodes)


def test_nothing_lies_on_anything_within_its_community(edition: Edition) -> None:
    nodes = whole(edition.store).nodes
    for one in nodes:
        for two in nodes:
            if one.id < two.id and one.community == two.community:
                assert dist((one.x, one.y), (two.x, two.y)) > 8


def test_of_too_many_links_those_between_the_most_linked_are_shown(edition: Edition) -> None:
    every, part = whole(edition.store), whole(edition.store, 5)
    assert len(part.edges) == 5
    assert f"of {len(every.edges)}" in part.notice
    assert part.nodes[0].id == every.nodes[0].id


def test_the_same_store_gives_the_same_picture(edition: Edition) -> None:
    assert asdict(whole(edition.store)) == asdict(whole(edition.store))


def test_an_empty_store_has_pictures(tmp_path: Path) -> None:
    with Store(tmp_path / "kg.store"):
        pass
    edition = read_edition(tmp_path / "kg.store", datetime(2026, 3, 5))
    assert whole(edition.store).nodes == ()
    assert picture(edition.store, Wanted()).of == 0
    assert atlas(edition).states == ()


# -------------------------------------------------------------------------------------------------------------- the map


def test_the_map_counts_articles_by_state(edition: Edition) -> None:
    found = atlas(edition)
    counts = {spot.label: spot.count for spot in found.states}
    assert counts["Ukraine"] == edition.names.articles[f"{NAME}Ukraine"]
    geneva = next(spot for spot in found.places if spot.label == "Geneva")
    assert (geneva.lat, geneva.lon) == (46.2, 6.15)
    assert all(spot.url.startswith("/actor/name/") for spot in (*found.states, *found.places))
