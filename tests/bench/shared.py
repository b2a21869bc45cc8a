"""The folder of third-party test data beside the checkout, and the scorers in it."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def folder() -> Path | None:
    """`../shared` as seen from the checkout; None where it is absent."""
    found = ROOT.parent / "shared"
    return found if found.is_dir() else None


def scorer(name: str) -> ModuleType:
    """A module of `score/` in that folder: `score` for all yardsticks, `articles`, `plover`, `re3d`, `meantime`.

    They import each other by plain names, so their folder must be on the path while they are loaded; nothing is
    written beside them. Raises FileNotFoundError where the folder is absent.
    """
    shared = folder()
    if shared is None:
        raise FileNotFoundError("no third-party test data beside the checkout")
    place, writes = str(shared / "score"), sys.dont_write_bytecode
    sys.path.insert(0, place)
    sys.dont_write_bytecode = True
    try:
        return import_module(name)
    finally:
        sys.path.remove(place)
        sys.dont_write_bytecode = writes
