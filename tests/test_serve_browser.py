"""The pages of `kg serve` in a real browser: keys, suggestions, marks that open, pictures that grow, hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kg.namespaces import ARTICLE
from tests.bench.shared import folder
from tests.browser import Visit, launched
from tests.records import strike, talks
from tests.server import Server, filled, running
from tests.test_serve_pages import HOSTILE, articles, hostile

_BASE = "https://kg.example/"
BUILT = Path(__file__).parents[1] / "kg" / "serve" / "static" / "built"
#: What `make assets` has built, if anything.
BUNDLE = {path.name for path in BUILT.iterdir()} if BUILT.is_dir() else set()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    bad = (hostile(number, text) for number, text in enumerate(HOSTILE))
    store = filled(tmp_path_factory.mktemp("browser") / "kg.store", (*articles(), *bad))
    with running(store) as found:
        yield found


@contextmanager
def opened(browser: Any, server: Server, path: str, **options: Any) -> Iterator[Visit]:
    """A page of the server; errors of its scripts, its requests and its dialogs are kept."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    visit = Visit(context.new_page())
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", visit.said)
    visit.page.on("dialog", visit.asked)
    visit.page.goto(server.address + path)
    yield visit
    context.close()


def found(server: Server, path: str) -> Any:
    return server.client.get(path, params={"format": "json"}).json()


def address(kind: str, iri: str) -> str:
    return f"/{kind}/{quote(iri.removeprefix(_BASE).removeprefix(f'{kind}/'))}"


def pages(server: Server) -> list[str]:
    """One of each page, and those of what is hostile."""
    russia = found(server, "/actor/name/Russia")
    events = [address("event", one["event"]["iri"]) for one in russia["events"]]
    named = [address("actor", hit["thing"]["iri"]) for hit in found(server, "/search?q=script")["hits"]]
    bad = [address("article", f"{ARTICLE}bad{number:013x}") for number in range(len(HOSTILE))]
    plain = [
        "/",
        "/search?q=rus",
        "/actor/name/Russia",
        address("article", talks().id),
        "/questions",
        "/ask",
        "/sources",
    ]
    asked = ["/ask?query=SELECT%20*%20%7B%20%3Fa%20%3Fb%20%3Fc%20%7D%20LIMIT%205"]
    asked += [f"/questions/who-met-whom?view={view}" for view in ("table", "graph", "map", "timeline")]
    pictures = ["/contradictions", "/unsure", "/graph", "/graph/whole", "/map"]
    return [*plain, *asked, *pictures, *events[:2], *named[:5], *bad]


def test_no_page_loads_or_runs_what_is_not_ours(browser: Any, server: Server) -> None:
    with opened(browser, server, "/") as visit:
        for path in pages(server):
            visit.page.goto(
                server.address + path, wait_until="load" if path.startswith("/article/bad") else "networkidle"
            )
            assert not visit.errors, path
            assert not visit.dialogs, path
            assert all(url.startswith((server.address, "data:")) for url in visit.requests), path
            assert not visit.page.locator("img[src=x], [onload], [onerror]").count(), path


def payloads(most: int = 300) -> list[str]:
    """Hostile strings of third parties, half from each list; none where they are absent."""
    shared = folder()
    if shared is None:
        return []
    lists = (
        shared / "bench" / "xss-payload-list" / "Intruder" / "xss-payload-list.txt",
        shared / "bench" / "big-list-of-naughty-strings" / "blns.txt",
    )
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in lists if path.is_file())
    lines = ([line for line in text.split("\n") if line.strip() and line[:1] != "#"] for text in texts)
    return [line for some in lines for line in some[: most // 2]]


@pytest.mark.skipif(not payloads(), reason="no ../shared beside the checkout")
def test_three_hundred_hostile_strings_run_nothing(browser: Any, tmp_path: Path) -> None:
    """As headlines, outlets, names, offices and sentences; a script that ran would ask or be refused by the policy."""
    store = filled(tmp_path / "kg.store", (hostile(number, text) for number, text in enumerate(payloads())))
    with running(store) as server, opened(browser, server, "/") as visit:
        assert found(server, "/sources")["total"] == len(payloads()) == 300
        hits = found(server, "/search?q=s")["hits"] + found(server, "/search?q=alert")["hits"]
        paths = [f"/sources?page={number}" for number in (1, 2, 3)]
        paths += ["/search?q=s", "/graph", "/actor/name/Russia", "/questions/who-heads"]
        paths += [address("actor", hit["thing"]["iri"]) for hit in hits[:20]]
        paths += [address("article", f"{ARTICLE}bad{number:013x}") for number in range(0, 300, 12)]
        for path in paths:
            assert visit.page.goto(server.address + path).ok, path
            assert not visit.errors, path
            assert not visit.dialogs, path
        assert all(url.startswith((server.address, "data:")) for url in visit.requests)


def test_each_page_fits_a_small_screen(browser: Any, server: Server) -> None:
    with opened(browser, server, "/", viewport={"width": 360, "height": 740}) as visit:
        for path in pages(server)[:20]:
            visit.page.goto(server.address + path)
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_keys_lead_to_a_thing(browser: Any, server: Server) -> None:
    with opened(browser, server, "/sources") as visit:
        page = visit.page
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("russ")
        page.locator("#suggestions li").first.wait_for()
        assert page.locator("#q").get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        assert page.locator("#suggestions").is_hidden()
        page.keyboard.type("ia")
        page.locator("#suggestions li").first.wait_for()
        page.keyboard.press("ArrowDown")
        chosen = page.locator("#q").get_attribute("aria-activedescendant")
        assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
        page.keyboard.press("Enter")
        page.wait_for_url("**/actor/name/Russia")
        assert page.locator("h1").inner_text() == "Russia"


def test_the_first_tab_skips_to_the_content(browser: Any, server: Server) -> None:
    with opened(browser, server, "/") as visit:
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className") == "skip"
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "main"


def test_the_theme_follows_the_system_until_one_is_chosen(browser: Any, server: Server) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, server, "/", color_scheme="dark") as visit:
        dark = visit.page.evaluate(paper)
        visit.page.locator("#theme").click()
        light = visit.page.evaluate(paper)
        assert light != dark
        visit.page.goto(f"{server.address}/sources")
        assert visit.page.evaluate(paper) == light


def test_a_mark_opens_what_was_read_in_it(browser: Any, server: Server) -> None:
    with opened(browser, server, address("article", talks().id)) as visit:
        page = visit.page
        page.locator("a.trigger").first.click()
        claim = page.locator(":target")
        assert claim.is_visible()
        assert claim.locator(".status").count()
        page.reload()
        assert page.locator(":target").is_visible()


def test_surroundings_grow_by_a_click_and_lead_to_sentences(browser: Any, server: Server) -> None:
    with opened(browser, server, "/actor/name/Russia") as visit:
        page = visit.page
        page.locator(".told li button").first.wait_for()
        before = page.evaluate("document.querySelector('.growing').growing.nodes.length")
        page.evaluate(
            """() => { const { nodes, grow } = document.querySelector('.growing').growing;
                 return grow(nodes.get().find((node) => node.name === 'Ukraine').id) }"""
        )
        page.locator(".told h3", has_text="Ukraine").wait_for()
        assert page.evaluate("document.querySelector('.growing').growing.nodes.length") > before
        page.locator(".told li button").first.click()
        assert page.locator(".told blockquote mark").count() == 1
        assert page.locator(".told .status").inner_text()
        page.locator(".told button", has_text="Back").click()
        assert page.locator(".told li button").count()
        assert not visit.errors


def test_the_graph_is_drawn_as_chosen_and_the_choice_has_an_address(browser: Any, server: Server) -> None:
    with opened(browser, server, "/graph") as visit:
        page = visit.page
        page.locator("iframe").wait_for(timeout=60_000)
        page.locator("#status").select_option("denied")
        page.locator("#about").fill("ukraine")
        page.get_by_role("button", name="Draw").click()
        page.locator("iframe").wait_for(timeout=60_000)
        assert "status=denied" in page.url
        assert "about=ukraine" in page.url
        assert page.locator("#about").input_value() == "Ukraine"
        picture = page.frame_locator("iframe")
        picture.locator("#graph canvas").wait_for()
        picture.locator("#query").fill("ukraine")
        picture.locator("#query").press("Enter")
        picture.locator("#cards blockquote").first.wait_for()
        page.locator("section summary").click()
        assert page.locator("section table td", has_text="denied").count()
        assert not visit.errors


def test_a_query_that_is_typed_has_an_address(browser: Any, server: Server) -> None:
    """In the plain editor, which is there with and without the bundle."""
    with opened(browser, server, "/ask") as visit:
        page = visit.page
        page.evaluate("document.getElementById('plain').hidden = false")
        page.locator("#query").fill("SELECT ?name { ?x a kg:State ; rdfs:label ?name } ORDER BY ?name")
        page.locator("#query").press("Control+Enter")
        page.locator("main table").wait_for()
        assert "query=SELECT" in page.url
        assert page.locator("main td", has_text="Ukraine").count() == 1


@pytest.mark.skipif("editor.js" not in BUNDLE, reason="the bundle is not built: make assets")
def test_the_editor_of_the_bundle_asks_and_the_query_has_an_address(browser: Any, server: Server) -> None:
    with opened(browser, server, "/ask") as visit:
        page = visit.page
        page.locator("#editor .CodeMirror").click()
        page.keyboard.press("Control+Enter")
        page.locator("#answer table td").first.wait_for()
        assert "query=PREFIX" in page.url
        assert page.locator("#plain").is_hidden()
        assert not visit.errors


def test_an_answer_is_a_graph_a_map_and_a_timeline_each_at_its_address(browser: Any, server: Server) -> None:
    with opened(browser, server, "/questions/who-met-whom") as visit:
        page = visit.page
        tabs = page.get_by_role("navigation", name="Shown as")
        tabs.get_by_role("link", name="Graph").click()
        page.locator(".growing canvas").wait_for()
        assert "view=graph" in page.url
        assert page.locator("#answer li", has_text="Ukraine").count()
        tabs.get_by_role("link", name="Map").click()
        page.locator("#answer table", has_text="Ukraine").wait_for()
        tabs.get_by_role("link", name="Timeline").click()
        page.locator(".timeline blockquote").first.wait_for()
        assert tabs.locator("[aria-current]").inner_text() == "Timeline"
        page.reload()
        assert page.locator(".timeline time").count()
        assert not visit.errors


@pytest.mark.skipif("map.js" not in BUNDLE, reason="the bundle is not built: make assets")
def test_the_map_of_the_bundle_is_drawn(browser: Any, server: Server) -> None:
    with opened(browser, server, "/map") as visit:
        visit.page.locator("#map[data-done] canvas").wait_for()
        assert all(url.startswith((server.address, "data:")) for url in visit.requests)
        assert not visit.errors


@pytest.mark.skipif("graph.js" not in BUNDLE, reason="the bundle is not built: make assets")
def test_the_whole_graph_of_the_bundle_is_drawn(browser: Any, server: Server) -> None:
    with opened(browser, server, "/graph/whole") as visit:
        visit.page.locator("#whole .kg-legend").wait_for(timeout=60_000)
        assert visit.page.locator("main table tbody tr").count() > 3
        assert all(url.startswith((server.address, "data:")) for url in visit.requests)


def test_everything_can_be_read_without_javascript(browser: Any, server: Server) -> None:
    with opened(browser, server, address("article", strike().id), java_script_enabled=False) as visit:
        page = visit.page
        assert page.locator(".sentence").count()
        page.locator("details summary").first.click()
        assert page.locator("details li").first.is_visible()
        page.locator("#q").fill("russia")
        page.locator("#q").press("Enter")
        page.locator("main a", has_text="Russia").first.click()
        assert page.locator("h1").inner_text() == "Russia"
        assert page.locator(".timeline blockquote").count()
        assert page.locator("#surroundings").is_hidden()
