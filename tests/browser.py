"""A real headless Chromium for tests of pages; where there is none they are skipped, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launched() -> Iterator[Any]:
    """A browser, for a fixture; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: install it to test pages")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """An open page, and what happened on it."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def said(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def asked(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@contextmanager
def visited(browser: Any, place: Path | str, **context: Any) -> Iterator[Visit]:
    """A page opened from a file or an address; errors of its scripts, its requests and its dialogs are kept."""
    opened = browser.new_context(viewport={"width": 1300, "height": 800}, **context)
    visit = Visit(opened.new_page())
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", visit.said)
    visit.page.on("dialog", visit.asked)
    visit.page.goto(place.as_uri() if isinstance(place, Path) else place)
    yield visit
    opened.close()
