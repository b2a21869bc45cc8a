"""Pictures of the pages for the README, taken of the articles in `seeds/` by a headless Chromium.

`make pictures` writes them into `docs/`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.extract import pipeline
from kg.read import read
from tests.browser import launched, visited
from tests.server import Server, filled, running

ROOT = Path(__file__).parents[2]
#: The page that each picture shows.
PAGES = {
    "actor": "/actor/name/Ukraine",
    "graph": "/graph/page?about=Steve+Witkoff",
    "contradictions": "/contradictions",
}
#: Larger than it is stored, so that more can be seen.
_SIZE, _SCALE = {"width": 1200, "height": 780}, 0.75


def take(folder: Path) -> Iterator[Path]:
    """Takes the pictures into a folder."""
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory() as place:
        store = filled(Path(place) / "seeds", pipeline()(read(ROOT / "seeds")))
        with running(store) as server:
            _wait(server)
            for browser in launched():
                for name, page in PAGES.items():
                    yield _taken(browser, server.address + page, folder / f"{name}.png")


def _wait(server: Server) -> None:
    """Until the server has worked out what it shows: till then a page leads elsewhere, or looks again by itself."""
    for page in PAGES.values():
        while (found := server.client.get(page)).status_code != 200 or 'http-equiv="refresh"' in found.text:
            time.sleep(0.2)


def _taken(browser: Any, address: str, path: Path) -> Path:
    with visited(browser, address, device_scale_factor=_SCALE) as visit:
        visit.page.set_viewport_size(_SIZE)
        visit.page.reload(wait_until="networkidle")
        visit.page.screenshot(path=path)
    return path
