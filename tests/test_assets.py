"""The bundles of the web pages: each is built by npm, then drawn in a real browser under a strict policy."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from rdflib import RDF, SKOS

from kg import lexicon, ontology
from kg.namespaces import KG
from tests.browser import Visit, launched, visited

ASSETS = Path(__file__).parents[1] / "kg" / "serve" / "assets"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

HOSTILE = "<img src=x onerror=window.pwned=1>"
GRAPH = {
    "nodes": [
        {"id": "a", "label": "Ruritania", "type": "State", "x": 0, "y": 0, "size": 9, "community": 0},
        {"id": "b", "label": HOSTILE, "type": "State", "x": 9, "y": 5, "size": 6, "community": 0},
        {"id": "c", "label": "talks", "type": "Negotiation", "x": 4, "y": 9, "size": 4, "community": 1},
    ],
    "edges": [
        {"id": "e1", "source": "c", "target": "a", "label": "party", "status": "stated"},
        {"id": "e2", "source": "c", "target": "b", "label": "party", "status": "negated"},
        {"id": "e3", "source": "c", "target": "nobody", "label": "party", "status": "stated"},
    ],
}  # fmt: skip
MAP = {
    "states": [
        {"label": "Ukraine", "count": 9, "url": "/actor/ukraine"},
        {"label": "United States", "count": 2, "url": "javascript:window.pwned=2"},
        {"label": "Yugoslavia", "count": 1, "url": "/actor/yugoslavia"},
    ],
    "places": [
        {"label": "<b>Geneva</b>", "lat": 46.2, "lon": 6.1, "count": 3, "url": "/actor/geneva"},
        {"label": "Istanbul", "lat": 41.0, "lon": 29.0, "count": 1, "url": ""},
    ],
}
#: What each page calls; a script of its own, as the policy asks.
CALLS = {
    "graph": 'kgGraph(here, {url: "/graph.json"}).then(done);',
    "large": """const start = performance.now();
        kgGraph(here, {url: "/large.json"}).then(found => requestAnimationFrame(() => {
          document.body.dataset.took = performance.now() - start;
          done(found);
        }));""",
    "map": 'kgMap(here, {url: "/map.json"}).then(done);',
    "broken": 'kgGraph(here, {url: "/nothing.json"}).catch(done);',
    "editor": """done(kgEditor(here, {
          prefixes: {kg: "https://kg.example/ns#"},
          examples: [{name: "Heads", query: "SELECT ?name { ?name kg:headOf ?of }"}],
          ask: query => { found.asked = query; },
        }));""",
}
#: A test waits for what the policy lets it see: no text is evaluated on these pages.
DONE = 'const done = found => { window.found = found; document.body.dataset.done = "yes"; };'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundles, built anew."""
    if shutil.which("npm") is None:
        pytest.skip("no npm on this machine: install Node.js to test the bundles")
    folder = tmp_path_factory.mktemp("assets") / "assets"
    shutil.copytree(ASSETS, folder)
    for command in (["npm", "ci", "--silent"], ["npm", "run", "--silent", "build"]):
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if ran.returncode and command[1] == "ci":
            pytest.skip(f"npm cannot fetch the packages: {ran.stderr.strip()[:200]}")
        assert ran.returncode == 0, ran.stderr
    return folder / "built"


def page(name: str) -> str:
    bundle = {"large": "graph", "broken": "graph"}.get(name, name)
    return (
        f'<!doctype html><html lang="en"><head><title>{name}</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/{bundle}.css"><link rel="stylesheet" href="/page.css"></head>'
        f'<body><div id="here"></div><script src="/{bundle}.js"></script><script src="/{name}-call.js"></script>'
        "</body></html>"
    )


def large() -> dict[str, Any]:
    """A graph of 50,000 edges."""
    nodes = [
        {"id": f"n{at}", "label": f"Node {at}", "type": f"Type {at % 9}", "x": at % 100, "y": at // 100, "size": 2}
        for at in range(10_000)
    ]
    ends = [(f"n{at % 10_000}", f"n{at * 7 % 9_973}") for at in range(50_000)]
    edges = [
        {"id": f"e{at}", "source": one, "target": two, "label": "party", "status": "stated"}
        for at, (one, two) in enumerate(ends)
    ]
    return {"nodes": nodes, "edges": edges}


@contextmanager
def served(built: Path) -> Iterator[str]:
    """The bundles, their pages and their data on a port of this machine, each answer under the policy."""
    answers = {f"/{name}": page(name) for name in CALLS} | {
        f"/{name}-call.js": DONE + call for name, call in CALLS.items()
    }
    answers |= {"/graph.json": json.dumps(GRAPH), "/map.json": json.dumps(MAP), "/large.json": json.dumps(large())}
    answers |= {"/page.css": "#here { width: 900px; height: 600px }"}
    answers |= {f"/{file.name}": file.read_text(encoding="utf-8") for file in built.iterdir()}
    types = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", "": "text/html; charset=utf-8"}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            content = answers.get(path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", types.get(Path(path).suffix, "text/plain"))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write((content or "").encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with served(built) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@contextmanager
def called(browser: Any, address: str, name: str) -> Iterator[Visit]:
    """The page that calls a function, once it has answered; it must make no error and ask nobody else."""
    with visited(browser, f"{address}/{name}") as visit:
        visit.page.wait_for_selector("body[data-done]")
        visit.page.wait_for_timeout(300)
        yield visit
        assert visit.errors == ([] if name != "broken" else visit.errors[:1])
        assert [url for url in visit.requests if not url.startswith((address, "data:"))] == []
        assert visit.page.evaluate("window.pwned === undefined")
        assert not visit.dialogs


def test_the_graph_is_drawn(browser: Any, address: str) -> None:
    with called(browser, address, "graph") as visit:
        assert visit.page.locator(".kg-canvas canvas").count() > 3
        assert visit.page.evaluate("[found.graph.order, found.graph.size]") == [3, 2]
        assert "3 nodes, 2 links" in visit.page.locator("#here").inner_text()
        assert "State (2)" in visit.page.locator(".kg-legend").inner_text()


def test_a_click_on_a_node_is_told(browser: Any, address: str) -> None:
    with called(browser, address, "graph") as visit:
        at = visit.page.evaluate(
            """() => { const here = document.getElementById("here");
                       here.addEventListener("kg-choose", event => { document.body.dataset.node = event.detail.node; });
                       const box = here.querySelector(".kg-canvas").getBoundingClientRect();
                       const {x, y} = found.renderer.graphToViewport(found.graph.getNodeAttributes("a"));
                       return [box.x + x, box.y + y] }"""
        )
        visit.page.mouse.click(*at)
        visit.page.wait_for_selector("body[data-node=a]")


def test_a_type_can_be_hidden(browser: Any, address: str) -> None:
    with called(browser, address, "graph") as visit:
        visit.page.get_by_label("State (2)").uncheck()
        assert visit.page.evaluate("[...found.state.hidden]") == ["State"]
        assert visit.page.evaluate("found.renderer.getNodeDisplayData('a').hidden")


def test_a_graph_of_50_000_edges_is_drawn(browser: Any, address: str) -> None:
    with called(browser, address, "large") as visit:
        assert visit.page.evaluate("[found.graph.order, found.graph.size]") == [10_000, 50_000]
        print(f"50,000 edges drawn after {float(visit.page.evaluate('document.body.dataset.took')):.0f} ms")


def test_a_graph_that_cannot_be_had_is_said(browser: Any, address: str) -> None:
    with called(browser, address, "broken") as visit:
        assert "cannot be shown (404" in visit.page.locator("[role=status]").inner_text()


def test_the_map_is_drawn(browser: Any, address: str) -> None:
    with called(browser, address, "map") as visit:
        assert visit.page.locator(".leaflet-container canvas").count() > 0
        assert visit.page.evaluate("found.layers.getLayers().length") > 200
        assert visit.page.evaluate("found.markers.length") == 2
        assert visit.page.locator("[role=status]").inner_text() == "On no map: Yugoslavia (1)"


def test_a_popup_of_the_map_holds_text(browser: Any, address: str) -> None:
    with called(browser, address, "map") as visit:
        visit.page.evaluate("() => { found.markers[0].openPopup() }")
        popup = visit.page.locator(".leaflet-popup-content")
        assert popup.inner_text() == "<b>Geneva</b> (3)"
        assert popup.locator("a").get_attribute("href") == "/actor/geneva"
        visit.page.evaluate(
            """() => { found.layers.eachLayer(layer => {
                 if (layer.feature.properties.name === "United States of America") layer.openPopup(); }) }"""
        )
        visit.page.locator(".leaflet-popup-content", has_text="United States (2)").wait_for()
        assert not visit.page.evaluate("[...document.links].some(link => link.href.startsWith('javascript:'))")


def test_the_editor_hands_over_what_is_to_be_asked(browser: Any, address: str) -> None:
    with called(browser, address, "editor") as visit:
        page = visit.page
        assert page.locator(".CodeMirror").count() == 1
        page.locator(".kg-editor select").select_option(label="Heads")
        for ask in (page.locator(".yasqe_queryButton").click, lambda: page.keyboard.press("Control+Enter")):
            page.evaluate("() => { found.asked = '' }")
            page.locator(".kg-editor .CodeMirror").click()
            ask()
            asked = page.evaluate("found.asked")
            assert asked.startswith("PREFIX kg: <https://kg.example/ns#>")
            assert asked.endswith("SELECT ?name { ?name kg:headOf ?of }")


def test_the_editor_completes_the_prefixes_that_it_was_given(browser: Any, address: str) -> None:
    with called(browser, address, "editor") as visit:
        visit.page.evaluate("() => { found.setValue('PREFIX k'); found.setCursor(0, 8); found.focus() }")
        visit.page.keyboard.press("Control+Space")
        visit.page.locator(".CodeMirror-hints", has_text="kg: <https://kg.example/ns#>").wait_for()


def test_the_licences_are_collected(built: Path) -> None:
    text = (built / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("leaflet 1.9.4 (BSD-2-Clause)", "sigma 3.0.3 (MIT)", "graphology", "codemirror", "world-atlas"):
        assert name in text
    assert "Copyright" in text
    assert "esbuild" not in text


def test_without_npm_one_line_says_so_and_all_goes_on() -> None:
    make = shutil.which("make")
    assert make is not None
    ran = subprocess.run(
        [make, "assets"], cwd=ASSETS.parents[2], env={"PATH": ""}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("No npm, so no bundles: ")
    assert len(ran.stdout.splitlines()) == 1


def test_the_lock_file_holds_no_addresses() -> None:
    lock = (ASSETS / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock
    assert all("integrity" in package for path, package in json.loads(lock)["packages"].items() if path)


def test_each_state_of_the_gazetteer_is_on_the_map_or_no_more(built: Path) -> None:
    world = json.loads((built.parent / "node_modules/world-atlas/countries-50m.json").read_text(encoding="utf-8"))
    drawn = {one["properties"]["name"] for one in world["objects"]["countries"]["geometries"]}
    names = json.loads((ASSETS / "names.json").read_text(encoding="utf-8"))
    found = lexicon.nodes([ontology.path("names") / "states.ttl"]).values()
    states = {node[str(SKOS.prefLabel)][0] for node in found if str(KG.State) in node.get(str(RDF.type), ())}
    assert {state for state in states if names.get(state, state) not in drawn} == {
        "Abkhazia", "Czechoslovakia", "Donetsk People's Republic", "East Germany", "Luhansk People's Republic",
        "Nagorno-Karabakh", "South Ossetia", "Soviet Union", "Transnistria", "Tuvalu", "Yugoslavia",
    }  # fmt: skip
