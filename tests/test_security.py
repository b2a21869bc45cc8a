"""The threat model is no more than its tests: each promise names some, and they are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
WRITTEN = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"`(tests/\w+\.py)::(\w+)`")


def promises() -> dict[str, list[tuple[str, str]]]:
    """The rows of the tables, and the tests that each names."""
    rows = (line.split("|") for line in WRITTEN.splitlines() if line.startswith("| "))
    return {row[1].strip(): _NAMED.findall(row[2]) for row in rows if row[1].strip() != "Promise"}


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_each_promise_names_tests_that_are_there() -> None:
    found = promises()
    assert len(found) >= 20
    assert not [promise for promise, named in found.items() if not named]
    assert not [name for named in found.values() for path, name in named if name not in _tests_in(path)]


def test_all_that_is_named_stands_in_a_promise() -> None:
    assert len(_NAMED.findall(WRITTEN)) == sum(map(len, promises().values()))


def test_what_is_not_promised_is_said() -> None:
    assert WRITTEN.partition("## Not promised")[2].count("\n- **") >= 5
