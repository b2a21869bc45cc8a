"""Each notebook runs from top to bottom in a kernel of its own, and is kept without its output."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))


def notebook(name: str) -> Any:
    return nbformat.read(  # type: ignore[no-untyped-call]
        FOLDER / name, as_version=4
    )


def printed(cell: Any) -> str:
    """What a cell printed or showed, as text and as HTML."""
    shown = [output.get("data", {}) for output in cell.get("outputs", [])]
    return "".join(
        [
            *(output.get("text", "") for output in cell.get("outputs", [])),
            *(value for one in shown for kind, value in sorted(one.items()) if kind.startswith("text/")),
        ]
    )


@cache
def ran(name: str) -> Any:
    """The notebook after it has run."""
    return NotebookClient(notebook(name), timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_of_a_notebook_shows_something(name: str) -> None:
    silent = [cell.source for cell in ran(name).cells if cell.cell_type == "code" and not printed(cell).strip()]
    assert not silent


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_kept_without_output(name: str) -> None:
    assert not [cell.id for cell in notebook(name).cells if cell.get("outputs") or cell.get("execution_count")]


def test_the_first_notebook_tells_what_it_promises() -> None:
    text = "\n".join(printed(cell) for cell in ran("1-one-article.ipynb").cells)
    assert "negated" in text
    assert "planned" in text
    assert "Vladimir Medinsky — negotiatorOf — Russia" in text
    assert "<iframe srcdoc=" in text


def test_the_second_notebook_tells_what_it_promises() -> None:
    text = "\n".join(printed(cell) for cell in ran("2-many-articles.ipynb").cells)
    for spelling in ("Zelenskiy", "Zelensky", "Zelenskyy"):
        assert f"Volodymyr Zelenskyy | Volodymyr {spelling} | " in text
    assert "the family name spelt otherwise" in text
    assert "| same | Desk 3" in text
    assert "decisions: 0 – unsure again: 1" in text
    assert "who is who, as it was before: True" in text
    assert "northwire | The Morning Ledger" in text
    assert "headsDelegationOf Ukraine: 2 articles, 1 independent" in text
    assert "Steve Witkoff: Russia and Ukraine reached an agreement on the monitoring" in text
    assert "Vladimir Medinsky: Russia and Ukraine did not reach an agreement on the monitoring" in text
    assert "VALUE – injured" in text
    assert "2026-02-18 known: 3 articles" in text
    lost = text.partition("lost:")[2]
    assert "hits injured four children" in text.partition("appeared:")[2].partition("lost:")[0]
    assert "shelled: Shelling" in lost
    assert "the same either way: True" in text
    assert "<iframe srcdoc=" in text


def test_the_third_notebook_tells_what_it_promises() -> None:
    text = "\n".join(printed(cell) for cell in ran("3-asking.ipynb").cells)
    for cell in ("articles", "Rustem Umerov", "Agreement", "agreement", "negated", "Strategic Brief"):
        assert f">{cell}</td>" in text or cell in text
    assert "Steve Witkoff" in text.partition("# Who mediated")[2]
    assert "negotiators: Rustem Umerov, Vladimir Medinsky" in text
    assert "2026-02-17 Mediation, chaired, Steve Witkoff" in text
    assert "the server has ended" in text


def test_the_fourth_notebook_tells_what_it_promises() -> None:
    before, after, others, wrong, _ = (
        printed(cell) for cell in ran("4-teaching-a-verb.ipynb").cells if cell.cell_type == "code"
    )
    assert "Open affirmed actual" in before
    assert "Clash affirmed actual – agent Israel, target Hezbollah" in after
    clashes = [line.split()[1:3] for line in others.splitlines() if "  Clash" in line]
    assert clashes == [["negated", "actual"], ["affirmed", "planned"], ["affirmed", "desired"]]
    assert "spar-v" in wrong
    assert "subjet" in wrong
