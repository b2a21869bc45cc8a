"""Pages that anyone can use: named fields, headings in order, colours that can be read, focus that can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Visit, launched
from tests.server import Server, filled, running
from tests.test_serve_browser import opened, pages
from tests.test_serve_pages import articles

ROOT = Path(__file__).parents[1]
#: Where `make assets` leaves it; it tests pages and is no part of them.
AXE = ROOT / "build" / "assets" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "token").write_text("a-token-that-nobody-guesses", encoding="utf-8")
    with running(filled(folder / "kg.store", articles()), "--token-file", str(folder / "token")) as found:
        yield found


@pytest.fixture(scope="module", params=["light", "dark"])
def visit(request: pytest.FixtureRequest, browser: Any, server: Server) -> Iterator[Visit]:
    with opened(browser, server, "/", color_scheme=request.param) as visit:
        yield visit


# ------------------------------------------------------------------------------------------------------------ the pages


#: Fields, buttons, links, frames and pictures without a name; ids that stand twice; headings.
UNNAMED = """[...document.querySelectorAll("input:not([type=hidden]), textarea, select, button, iframe, a[href], img")]
    .filter((one) => !one.labels?.length && !one.ariaLabel && !one.title && !one.alt && !one.textContent.trim())
    .map((one) => one.outerHTML)"""
TWICE = (
    """[...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at)"""
)
LEVELS = """[...document.querySelectorAll("h1, h2, h3, h4")].map((one) => Number(one.tagName[1]))"""


def test_each_page_names_what_it_holds_and_has_its_headings_in_order(browser: Any, server: Server) -> None:
    with opened(browser, server, "/") as visit:
        page = visit.page
        for path in pages(server):
            page.goto(server.address + path)
            assert page.locator("html").get_attribute("lang") == "en"
            assert page.locator("main").count() == page.locator("h1").count() == 1, path
            assert page.title().strip(" ·kg"), path
            assert page.evaluate(UNNAMED) == [], path
            assert page.evaluate(TWICE) == [], path
            levels = page.evaluate(LEVELS)
            assert levels[0] == 1, path
            assert all(below - above <= 1 for above, below in pairwise(levels)), path


def test_what_has_the_focus_can_be_seen(browser: Any, server: Server) -> None:
    with opened(browser, server, "/questions/who-met-whom") as visit:
        seen = set()
        for _ in range(25):
            visit.page.keyboard.press("Tab")
            shown, name = visit.page.evaluate(
                """() => { const one = document.activeElement, style = getComputedStyle(one);
                     const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                     return [ring && one.getBoundingClientRect().height > 0, one.outerHTML] }"""
            )
            assert shown, name
            seen.add(name)
        assert len(seen) > 15


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: make assets fetches it")
def test_axe_finds_nothing_serious(visit: Visit, server: Server) -> None:
    visit.page.context.add_init_script(path=AXE)
    for path in (*pages(server), "/graph/page"):
        visit.page.goto(server.address + path)
        found = visit.page.evaluate("() => axe.run(document, { iframes: false }).then((found) => found.violations)")
        grave = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in grave] == [], path


# ---------------------------------------------------------------------------------------------------------- the palette

INKS = ("ink", "soft", "accent", "no", "maybe", "said", "stated")
#: What is written on what (WCAG 2.2, 1.4.3: 4.5 to 1).
WRITTEN = [*product(INKS, ("paper", "raised")), ("ink", "mark"), ("paper", "accent")]


def palettes(css: str) -> list[dict[str, str]]:
    """The colours of each theme of a style sheet, by name."""
    blocks = re.findall(r":root[^{]*{([^}]*--ink[^}]*)}", css)
    return [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in blocks]


def brightness(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    dark, light = sorted((brightness(one), brightness(two)))
    return (light + 0.05) / (dark + 0.05)


def test_what_is_written_can_be_read_in_each_theme() -> None:
    found = palettes((ROOT / "kg" / "serve" / "static" / "serve.css").read_text(encoding="utf-8"))
    assert len(found) == 3
    assert found[1] == found[2], "the dark theme of the system and the chosen one"
    for palette in found:
        weak = {pair: contrast(*(palette[name] for name in pair)) for pair in WRITTEN}
        assert {pair: round(value, 2) for pair, value in weak.items() if value < 4.5} == {}


def test_black_on_white_is_the_most_there_is() -> None:
    assert round(contrast("#000000", "#ffffff"), 6) == 21
