"""How soon the page of a large graph can be used, in a headless Chromium."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx

from kg import Store, to_html, to_networkx
from kg.view import MOST_NODES
from tests.browser import CHROMIUM
from tests.corpus import tellings

#: Generated articles whose graph has more nodes than a page takes.
ARTICLES = 1100
COLUMNS = ("nodes", "links", "MB", "s to write", "s to draw", "ms a click", "s for all", "ms a frame of all")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page costs: to write, to load until the first picture, to choose a node, to draw all that passes the
    filters, and to draw a frame of that while it is moved."""

    nodes: int
    links: int
    megabytes: float
    write: float
    draw: float
    click: float
    all: float
    frame: float

    def cells(self) -> Iterator[str]:
        yield from (str(self.nodes), str(self.links), f"{self.megabytes:.1f}", f"{self.write:.1f}", f"{self.draw:.2f}")
        yield from (f"{1000 * self.click:.0f}", f"{self.all:.2f}", f"{self.frame:.0f}")


def measure() -> Figures:
    """The page of the generated articles' graph. Raises RuntimeError where there is no browser."""
    graph = _mirror()
    start = time.perf_counter()
    page = to_html(graph)
    write = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        file = Path(folder, "page.html")
        file.write_text(page, encoding="utf-8")
        figures = _drawn(browser.new_page(viewport={"width": 1400, "height": 850}), file)
    return Figures(min(len(graph), MOST_NODES), megabytes=len(page.encode()) / 1e6, write=write, **figures)


def _mirror() -> nx.MultiDiGraph:
    with Store() as store:
        for telling in tellings(ARTICLES):
            store.add(telling.record)
        return to_networkx(store)


@contextmanager
def _browser() -> Iterator[Any]:
    if CHROMIUM is None:
        raise RuntimeError("no chromium on this machine: install it to measure the page")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def _drawn(page: Any, file: Path) -> dict[str, Any]:
    start = time.perf_counter()
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]")
    draw = time.perf_counter() - start
    found: dict[str, Any] = page.evaluate(_WORK)
    return {"draw": draw, **found}


#: Each until the frame after it is on the screen.
_WORK = """async () => {
  const shown = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const timed = async work => {
    const start = performance.now();
    work();
    await shown();
    return (performance.now() - start) / 1000;
  };
  const id = [...kg.shown.nodes][0];
  const click = await timed(() => kg.network.body.emitter.emit("click", { nodes: [id], edges: [] }));
  kg.network.body.emitter.emit("click", { nodes: [], edges: [] });
  await shown();
  const all = await timed(() => document.getElementById("all-nodes").click());
  const start = performance.now();
  for (let at = 0; at < 20; at++) {
    kg.network.moveTo({ position: { x: at, y: 0 } });
    await new Promise(requestAnimationFrame);
  }
  return { links: kg.page.edges.length, click, all, frame: (performance.now() - start) / 20 };
}"""
