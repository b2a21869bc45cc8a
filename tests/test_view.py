"""The page: the same graph gives the same bytes, what is claimed can be read, and no text of an article is markup."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings

from kg import Store, to_html, to_networkx
from kg.mirror import Claim
from kg.record import Record
from kg.view import MOST_FIRST, MOST_NODES, MOST_ROWS, STATUSES, _looks
from tests.browser import Visit, launched, visited
from tests.records import archives, strike, talks

HOSTILE = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=2</script>",
    '"><img src=x onerror="window.pwned=3">',
    "href='javascript:window.pwned=4' <a href=x>click</a>",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &amp;",
    "\u2028\u2029\u202egnp.exe<!--",
    "<svg/onload=window.pwned=5>",
)


def mirror(*records: Record) -> nx.MultiDiGraph:
    with Store() as store:
        for record in records:
            store.add(record)
        return to_networkx(store)


def claims_of(page: str) -> dict[str, Any]:
    """What the page's script reads, with the texts of each claim in their places."""
    (block,) = re.findall(r'<script type="application/json" id="claims">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    for one in found["nodes"] + found["edges"]:
        rows = ([found["texts"][at] for at in row] for row in one["claims"])
        one["claims"] = [dict(zip(found["fields"], row, strict=True)) for row in rows]
    return found


def all_claims(graph: nx.MultiDiGraph) -> list[Claim]:
    kinds = [claim for _, claims in graph.nodes(data="claims") for claim in claims]
    return kinds + [claim for *_, claims in graph.edges(data="claims") for claim in claims]


def large(count: int) -> nx.MultiDiGraph:
    """So many nodes more than an article has, each with an edge to one of them."""
    graph = mirror(talks())
    (one, two, data), *_ = graph.edges(data=True)
    for number in range(count):
        graph.add_node(f"x{number}", **graph.nodes[one])
        graph.add_edge(f"x{number}", two, key="k", **data)
    return graph


def hostile() -> nx.MultiDiGraph:
    """A graph in which each text of each claim and each label is an attack."""
    graph = nx.MultiDiGraph()
    for number, text in enumerate(HOSTILE):
        claim = Claim(
            f"c{number}", f"a{number}", text, text, "javascript:window.pwned=6", text, text, 0, len(text), 0, 3,
            "affirmed", "actual", 0.9, text, None, text, True,
        )  # fmt: skip
        node = {"kind": "entity", "first": "", "last": "", "wikidata": text, "count": None, "claims": (claim,)}
        graph.add_node(f"n{number}", label=text, type="Person", asserted=True, **node)
        graph.add_edge(f"n{number}", "n0", key=text, predicate=text, claims=(claim,))
    return graph


# ---------------------------------------------------------------------------------------------------- without a browser


@given(archives())
@settings(max_examples=25)
def test_the_same_graph_gives_the_same_page(drawn: list[Record]) -> None:
    graph = mirror(*drawn)
    assert to_html(graph) == to_html(mirror(*reversed(drawn)))


def test_the_page_holds_each_claim_with_its_sentence() -> None:
    graph = mirror(talks(), strike())
    html = to_html(graph)
    page = claims_of(html)
    drawn = [claim for one in page["nodes"] + page["edges"] for claim in one["claims"]]
    claims = all_claims(graph)
    assert len(drawn) == len(claims) == html.count("<tr class=")
    assert {claim["before"] + claim["marked"] + claim["after"] for claim in drawn} == {c.sentence for c in claims}
    assert {node["name"] for node in page["nodes"]} == {label for _, label in graph.nodes(data="label")}


def test_an_event_of_unknown_participants_is_in_the_table() -> None:
    graph = mirror(talks())
    graph.remove_edges_from(list(graph.edges(keys=True)))
    page = to_html(graph)
    assert page.count("<tr class=") == len(all_claims(graph)) > 0
    assert '<tr class="negated"' in page


def test_predicates_and_classes_are_in_the_words_of_the_ontology() -> None:
    page = claims_of(to_html(mirror(talks(), strike())))
    assert "negotiator of" in {edge["predicate"] for edge in page["edges"]}
    assert "is a negotiation" in {node["predicate"] for node in page["nodes"]}
    assert not [edge["predicate"] for edge in page["edges"] if re.search("[a-z][A-Z]", edge["predicate"])]


def test_each_row_leads_to_what_is_drawn() -> None:
    html = to_html(mirror(talks(), strike()))
    page = claims_of(html)
    drawn = {one["id"] for one in page["nodes"] + page["edges"]}
    assert len(drawn) == len(page["nodes"]) + len(page["edges"])
    assert set(re.findall(r'data-of="([^"]+)"', html)) <= drawn


def test_a_status_is_told_without_colour() -> None:
    """By the dashes of its line and by a word in its label."""
    dashes = [tuple(pattern) for _, _, pattern in STATUSES.values()]
    assert len({dashes[0], dashes[1], dashes[2], dashes[3]}) == 4
    page = claims_of(to_html(mirror(talks(), strike())))
    labels = {edge["statuses"][0]: edge["drawn"]["label"] for edge in page["edges"]}
    assert labels["negated"].startswith("not ")
    assert ":" not in labels["stated"]
    nodes = {node["drawn"]["label"]: node for node in page["nodes"]}
    assert nodes["planned: Negotiation\nround"]["hollow"]
    assert nodes["not Agreement\ndeal"]["drawn"]["shapeProperties"]["borderDashes"]
    assert not nodes["Negotiation\ntalks"]["hollow"]


def test_edges_of_each_status_have_dashes_of_their_own() -> None:
    graph = mirror(talks())
    edges = list(graph.edges(keys=True, data=True))
    for (_, _, _, data), modality in zip(edges, ("actual", "planned", "actual"), strict=False):
        data["claims"] = (replace(data["claims"][0], modality=modality, polarity="affirmed", speaker=None),)
    edges[2][3]["claims"] = (replace(edges[2][3]["claims"][0], polarity="negated"),)
    page = claims_of(to_html(graph))
    drawn = {edge["statuses"][0]: edge["drawn"] for edge in page["edges"][:3]}
    assert drawn["stated"]["dashes"] is False
    assert drawn["planned"]["label"].startswith("planned: ")
    assert drawn["negated"]["label"].startswith("not ")
    assert len({str(edge["dashes"]) for edge in drawn.values()}) == 3


def test_what_some_state_and_others_deny_says_so() -> None:
    graph = mirror(talks())
    one, two, key, data = next(edge for edge in graph.edges(keys=True, data=True) if edge[3]["asserted"])
    denied = replace(data["claims"][0], id="denied", polarity="negated", asserted=False)
    graph.edges[one, two, key]["claims"] = (*data["claims"], denied)
    page = claims_of(to_html(graph))
    (label,) = [edge["drawn"]["label"] for edge in page["edges"] if "negated" in edge["statuses"][1:]]
    assert label.endswith(" (also denied)")


def test_kinds_differ_by_colour_or_shape() -> None:
    looks = [(look["colour"], look["shape"]) for look in _looks().values()]
    assert len(set(looks)) == len(looks)


def test_labels_do_not_cover_each_other() -> None:
    """But for a few: of 150 nodes around two hubs hardly any pair."""
    graph = nx.MultiDiGraph()
    known = {"first": "", "last": "", "wikidata": "", "count": None, "claims": (), "asserted": True}
    for number in range(150):
        graph.add_node(f"n{number:03}", label=f"Name Number {number}", type="Person", kind="entity", **known)
    (claim,) = all_claims(mirror(talks()))[:1]
    for number in range(2, 150):
        graph.add_edge(f"n{number:03}", f"n{number % 2:03}", key="k", predicate="allyOf", claims=(claim,))
        graph.add_edge(f"n{number:03}", f"n{number * 7 % 150:03}", key="l", predicate="allyOf", claims=(claim,))
    places = [(node["drawn"]["x"], node["drawn"]["y"]) for node in claims_of(to_html(graph))["nodes"]]
    pairs = [(one, two) for number, one in enumerate(places) for two in places[:number]]
    assert sum(abs(one[0] - two[0]) < 100 and abs(one[1] - two[1]) < 30 for one, two in pairs) <= 5


def test_an_empty_graph_says_what_to_do() -> None:
    page = to_html(nx.MultiDiGraph())
    assert "kg ingest" in page
    assert "<script" not in page


def test_a_large_graph_says_that_it_shows_a_part() -> None:
    graph = large(MOST_NODES + 50)
    page = to_html(graph)
    drawn = claims_of(page)
    assert f"The picture shows the {MOST_NODES} most connected of {len(graph)}, with " in page
    assert f"{len(drawn['edges'])} of {graph.number_of_edges()} links." in page
    assert len(drawn["nodes"]) == MOST_NODES
    assert f"the first {MOST_ROWS} of {len(all_claims(graph))}" in page


def test_a_part_of_a_large_graph_is_the_same_under_each_hash_seed() -> None:
    """A view of networkx would have the order of a set of strings."""
    script = (
        "import hashlib; from tests.test_view import large; from kg.view import MOST_NODES, to_html; import kg.view;"
        "kg.view.MOST_NODES = 60; print(hashlib.sha256(to_html(large(200)).encode()).hexdigest())"
    )
    root = Path(__file__).parents[1]
    pages = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=root, env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(pages) == 1


def test_a_page_is_one_file() -> None:
    page = to_html(mirror(talks(), strike()), "Talks")
    assert not re.search(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=""", page)
    assert "default-src 'none'" in page
    assert "unsafe-inline" not in page
    assert "<title>Talks</title>" in page


class _Tags(HTMLParser):
    """Tags as a parser of HTML meets them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def tags(page: str) -> list[str]:
    parser = _Tags()
    parser.feed(page)
    return parser.found


def test_no_text_becomes_a_tag() -> None:
    found = tags(to_html(hostile(), HOSTILE[0]))
    assert not {"img", "svg", "a", "b"} & set(found)
    assert found.count("script") == 3


# --------------------------------------------------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@pytest.fixture(scope="module")
def told(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    file = tmp_path_factory.mktemp("page") / "told.html"
    file.write_text(to_html(mirror(talks(), strike())), encoding="utf-8")
    with visited(browser, file) as visit:
        visit.page.wait_for_selector("body[data-ready]")
        yield visit


def test_the_page_draws_without_errors_or_requests(told: Visit) -> None:
    assert told.page.locator("#graph canvas").count() == 1
    assert not told.errors
    assert [url for url in told.requests if not url.startswith("file:")] == []


def test_choosing_an_edge_shows_its_sentence_with_the_words_marked(told: Visit) -> None:
    page = claims_of(to_html(mirror(talks(), strike())))
    edge = next(edge for edge in page["edges"] if edge["claims"][0]["marked"])
    where = told.page.evaluate(
        """id => { const edge = kg.page.edges.find(one => one.id === id);
                   const at = kg.network.getPositions([edge.from, edge.to]);
                   kg.network.moveTo({scale: 2, position: {x: (at[edge.from].x + at[edge.to].x) / 2,
                                                           y: (at[edge.from].y + at[edge.to].y) / 2}});
                   kg.network.setSelection({nodes: [], edges: [id]});
                   kg.network.body.emitter.emit('click', {nodes: [], edges: [id]}); return true }""",
        edge["id"],
    )
    assert where
    panel = told.page.locator("#panel")
    claim = edge["claims"][0]
    assert panel.locator("blockquote").first.inner_text() == claim["before"] + claim["marked"] + claim["after"]
    assert panel.locator("mark").first.inner_text() == claim["marked"]
    assert claim["outlet"] in panel.inner_text()


def test_a_click_on_a_node_shows_what_is_said_of_it(told: Visit) -> None:
    at = told.page.evaluate(
        """() => { const node = kg.page.nodes.find(one => one.type === 'person');
                   kg.network.moveTo({scale: 2, position: kg.network.getPositions([node.id])[node.id]});
                   const box = document.getElementById('graph').getBoundingClientRect();
                   return [box.x + box.width / 2, box.y + box.height / 2, node.name] }"""
    )
    told.page.mouse.click(at[0], at[1])
    told.page.wait_for_timeout(400)
    assert told.page.locator("#panel h2").inner_text() == at[2]


def test_search_finds_goes_on_and_clears(told: Visit) -> None:
    told.page.keyboard.press("/")
    told.page.keyboard.type("state")
    assert re.match(r"[1-9]\d* found", told.page.locator("#hits").inner_text())
    told.page.keyboard.press("Enter")
    assert told.page.locator("#hits").inner_text().startswith("1 of ")
    assert "state" in told.page.locator("#panel .kind").inner_text()
    told.page.keyboard.press("Escape")
    assert told.page.locator("#query").input_value() == ""
    assert told.page.evaluate("kg.network.getSelectedNodes().length") == 0


def test_the_legend_hides_and_shows(told: Visit) -> None:
    before = told.page.evaluate("kg.views.nodes.length")
    box = told.page.locator("#legend input[name=State]")
    box.uncheck()
    assert told.page.evaluate("kg.views.nodes.length") < before
    box.check()
    assert told.page.evaluate("kg.views.nodes.length") == before
    negated = told.page.locator("#legend input[name=negated]")
    edges = told.page.evaluate("kg.views.edges.length")
    negated.uncheck()
    assert told.page.evaluate("kg.views.edges.length") < edges
    assert told.page.evaluate("kg.views.nodes.length") < before
    negated.check()
    assert told.page.evaluate("kg.views.edges.length") == edges


def test_hovering_shows_sentence_source_and_speaker(told: Visit) -> None:
    node = told.page.evaluate(
        """() => { const shown = kg.page.nodes.filter(one => kg.views.nodes.get(one.id));
                   const node = shown.find(one => one.claims.some(claim => claim.speaker));
                   kg.network.moveTo({scale: 2, position: kg.network.getPositions([node.id])[node.id]});
                   const box = document.getElementById('graph').getBoundingClientRect();
                   return {x: box.x + box.width / 2, y: box.y + box.height / 2, claim: node.claims[0]} }"""
    )
    told.page.mouse.move(node["x"] - 80, node["y"] - 80)
    told.page.mouse.move(node["x"], node["y"], steps=4)
    tip, claim = told.page.locator("div.vis-tooltip"), node["claim"]
    tip.locator("mark").wait_for(state="visible")
    assert tip.locator("mark").inner_text() == claim["marked"]
    assert tip.locator("blockquote").inner_text() == claim["before"] + claim["marked"] + claim["after"]
    assert all(claim[part] in tip.inner_text() for part in ("outlet", "date", "speaker", "certainty"))
    told.page.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_the_table_leads_to_the_evidence(told: Visit) -> None:
    told.page.locator("#all summary").click()
    row = told.page.locator("tbody tr.negated").first
    row.locator("button").press("Enter")
    assert told.page.locator("#panel .negated mark").first.inner_text() == row.locator("mark").inner_text()
    assert "denied" in told.page.locator("#panel .negated .status").first.inner_text()
    told.page.locator("#panel li button").last.press("Enter")
    assert re.search(r"\d+ claims? in \d+ article", told.page.locator("#panel .kind").inner_text())
    told.page.keyboard.press("Escape")
    told.page.locator("#all summary").click()
    assert not told.errors


def test_what_is_chosen_stands_out(told: Visit) -> None:
    told.page.evaluate("kg.network.body.emitter.emit('click', {nodes: [kg.page.nodes[0].id], edges: []})")
    told.page.wait_for_function("kg.drawn.nodes.get().some(node => node.opacity < 1)")
    assert told.page.evaluate("kg.drawn.nodes.get(kg.page.nodes[0].id).opacity") == 1
    told.page.keyboard.press("Escape")
    told.page.wait_for_function("kg.drawn.nodes.get().every(node => node.opacity === 1)")


def test_a_dark_page_has_lighter_colours(told: Visit) -> None:
    colours = "kg.drawn.nodes.get().map(node => node.color.border + node.font.color).join()"
    light = told.page.evaluate(colours)
    told.page.emulate_media(color_scheme="dark")
    told.page.wait_for_function(f"light => {colours} !== light", arg=light)
    told.page.emulate_media(color_scheme="light")
    told.page.wait_for_function(f"light => {colours} === light", arg=light)


def shown(visit: Visit) -> tuple[int, int]:
    """How many nodes and edges the picture has."""
    nodes, edges = visit.page.evaluate("[kg.views.nodes.length, kg.views.edges.length]")
    return nodes, edges


@pytest.mark.parametrize("section", ["How linked", "Who reports", "How certain"])
def test_each_section_filters_alone_and_altogether(told: Visit, section: str) -> None:
    before = shown(told)
    box = told.page.locator("#sections details").filter(has=told.page.locator("summary", has_text=section))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    box.get_by_role("button", name="none", exact=True).click()
    assert shown(told)[1] == 0
    box.locator(".only").first.focus()
    told.page.keyboard.press("Enter")
    assert 0 < shown(told)[1] < before[1]
    told.page.locator("#legend .reset").click()
    assert shown(told) == before


def test_the_time_slider_shows_what_was_reported_then(told: Visit) -> None:
    before = shown(told)
    told.page.locator("#from").focus()
    told.page.keyboard.press("End")
    assert re.match(r"(\d{4}-\d\d-\d\d) to \1", told.page.locator("#days").inner_text())
    assert 0 < shown(told)[1] < before[1]
    told.page.keyboard.press("Home")
    assert shown(told) == before


def test_nothing_that_passes_says_so(told: Visit) -> None:
    before = shown(told)
    told.page.locator("#sections details").first.get_by_role("button", name="none", exact=True).click()
    assert told.page.locator("#none").is_visible()
    told.page.locator("#none .reset").click()
    assert told.page.locator("#none").is_hidden()
    assert shown(told) == before


def test_what_passes_without_links_can_be_shown(told: Visit) -> None:
    kinds = told.page.locator("#sections details").nth(1)
    kinds.get_by_role("button", name="only people").focus()
    told.page.keyboard.press("Enter")
    assert shown(told) == (0, 0)
    assert "no links" in told.page.locator("#none").inner_text()
    told.page.locator("#lonely").check()
    assert shown(told)[0] > 0
    told.page.locator("#legend .reset").click()


def test_a_path_between_two_is_shown_step_by_step(told: Visit) -> None:
    told.page.locator("#path-from").fill("Medinsky")
    told.page.locator("#path-to").fill("Ukraine")
    told.page.keyboard.press("Enter")
    panel = told.page.locator("#panel")
    assert re.search(r"Medinsky to Ukraine$", panel.locator("h2").inner_text())
    steps = int(panel.locator(".kind").inner_text().split()[0])
    assert panel.locator("article.claim").count() == steps > 1
    told.page.locator("#path-to").fill("nobody at all")
    told.page.keyboard.press("Enter")
    assert "Name two that are shown" in told.page.locator("#path-said").inner_text()
    told.page.keyboard.press("Escape")


def test_arrows_go_from_node_to_node_and_enter_reads(told: Visit) -> None:
    told.page.locator("#graph").focus()
    seen = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        told.page.keyboard.press(key)
        seen.add(told.page.locator("#panel h2").inner_text())
    assert len(seen) > 1
    told.page.keyboard.press("Enter")
    assert told.page.evaluate("document.activeElement.id") == "panel"
    told.page.keyboard.press("Escape")


def test_arrows_choose_among_what_is_found(told: Visit) -> None:
    told.page.keyboard.press("/")
    told.page.keyboard.type("ukraine")
    options = told.page.get_by_role("option")
    told.page.keyboard.press("ArrowDown")
    assert options.first.get_attribute("aria-selected") == "true"
    name = options.first.evaluate("one => one.firstChild.textContent")
    told.page.keyboard.press("Enter")
    assert told.page.locator("#panel h2").inner_text() == name
    assert told.page.get_by_role("listbox", name="Found").is_hidden()
    told.page.keyboard.press("Escape")


def test_size_and_colour_can_stand_for_other_things(told: Visit) -> None:
    look = "kg.drawn.nodes.get().map(node => [node.size, node.color.background]).join()"
    for field, choice in (
        ("#measure", "between"),
        ("#measure", "articles"),
        ("#measure", "equal"),
        ("#colour", "community"),
    ):
        before = told.page.evaluate(look)
        told.page.locator(field).select_option(choice)
        told.page.wait_for_function(f"before => {look} !== before", arg=before)
    told.page.locator("#measure").select_option("links")
    told.page.locator("#colour").select_option("kind")


def test_somebody_may_choose_dark_or_light(told: Visit) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = told.page.evaluate(paper)
    told.page.locator("#theme").click()
    assert told.page.evaluate(paper) != light
    assert told.page.locator("#theme").inner_text() == "Light"
    told.page.locator("#theme").click()
    assert told.page.evaluate(paper) == light


def test_the_table_shows_what_passes_where_that_is_wanted(told: Visit) -> None:
    told.page.locator("#all summary").click()
    rows = told.page.locator("tbody tr:visible")
    everything = rows.count()
    told.page.locator("#filtered").check()
    told.page.locator("#legend input[name=negated]").uncheck()
    assert 0 < rows.count() < everything
    assert told.page.locator("tbody tr.negated:visible").count() == 0
    told.page.locator("#filtered").uncheck()
    told.page.locator("#legend .reset").click()
    assert rows.count() == everything
    told.page.locator("#all summary").click()


def test_a_large_picture_begins_with_the_most_linked_and_grows(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "large.html"
    file.write_text(to_html(large(300)), encoding="utf-8")
    with visited(browser, file) as visit:
        page = visit.page
        page.wait_for_selector("body[data-ready]")
        assert shown(visit)[0] == MOST_FIRST
        assert f"the {MOST_FIRST} of " in page.locator("#part").inner_text()
        hidden = page.evaluate(
            "kg.page.nodes.find(node => kg.shown.able.has(node.id) && !kg.shown.nodes.has(node.id)).id"
        )
        page.evaluate("id => kg.network.body.emitter.emit('click', {nodes: [id], edges: []})", hidden)
        assert shown(visit)[0] > MOST_FIRST
        page.locator("#all-nodes").click()
        assert shown(visit)[0] > 300
        assert page.locator("#all-nodes").is_hidden()
        assert not visit.errors


def test_a_narrow_page_folds_its_filters(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "narrow.html"
    file.write_text(to_html(mirror(talks())), encoding="utf-8")
    with visited(browser, file) as visit:
        page = visit.page
        page.set_viewport_size({"width": 360, "height": 740})
        page.wait_for_selector("body[data-ready]")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator("#legend").is_hidden()
        page.locator("#filters").click()
        assert page.locator("#legend").is_visible()
        assert page.locator("#filters").get_attribute("aria-expanded") == "true"


def test_each_control_has_a_name(told: Visit) -> None:
    unnamed = told.page.evaluate(
        """() => [...document.querySelectorAll('input, select, button')].filter(one => !one.labels?.length
              && !one.textContent.trim() && !one.getAttribute('aria-label')).map(one => one.outerHTML)"""
    )
    assert unnamed == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_text_stays_text(browser: Any, tmp_path: Path, scheme: str) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(to_html(hostile(), HOSTILE[1]), encoding="utf-8")
    with visited(browser, file, color_scheme=scheme) as visit:
        page = visit.page
        page.wait_for_selector("body[data-ready]")
        assert page.title() == " ".join(HOSTILE[1].split())
        for node in claims_of(file.read_text(encoding="utf-8"))["nodes"]:
            page.evaluate("id => kg.network.body.emitter.emit('click', {nodes: [id], edges: []})", node["id"])
            assert page.locator("#panel h2").text_content() == node["name"]
            assert page.locator("#panel a").count() == 0
            page.evaluate("id => kg.network.body.emitter.emit('showPopup', id)", node["id"])
        page.locator("#all summary").click()
        page.wait_for_timeout(300)
        assert page.evaluate("window.pwned === undefined")
        assert page.locator("main img, main iframe, table img, table a, #panel script").count() == 0
        assert not visit.errors
        assert not visit.dialogs
        assert [url for url in visit.requests if not url.startswith("file:")] == []


def test_a_link_leads_only_to_the_web(browser: Any, tmp_path: Path) -> None:
    record = replace(talks(), url="https://example.org/a?x=1&y=<2>")
    file = tmp_path / "link.html"
    file.write_text(to_html(mirror(record)), encoding="utf-8")
    with visited(browser, file) as visit:
        visit.page.wait_for_selector("body[data-ready]")
        edge = claims_of(file.read_text(encoding="utf-8"))["edges"][0]["id"]
        visit.page.evaluate("id => kg.network.body.emitter.emit('click', {nodes: [], edges: [id]})", edge)
        link = visit.page.locator("#panel a").first
        assert link.get_attribute("href") == "https://example.org/a?x=1&y=<2>"
        assert link.get_attribute("rel") == "noopener noreferrer"


def test_without_scripts_the_table_reads(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "plain.html"
    file.write_text(to_html(mirror(talks())), encoding="utf-8")
    with visited(browser, file, java_script_enabled=False) as visit:
        assert visit.page.locator("tbody tr").count() > 5
        assert visit.page.locator("tbody mark").first.inner_text()
