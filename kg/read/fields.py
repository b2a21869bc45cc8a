"""The names under which exporters write down what is known of an article: see `fields.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def known_as(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given under any of the known names, under ours: text, html, title, published, url, outlet."""
    found = ((ours, _whole(ours, _first(given, names))) for ours, names in _names().items())
    return {ours: value for ours, value in found if value is not None}


def _whole(ours: str, value: Any) -> Any:
    """What is given in pieces, as Scrapy does: the paragraphs of a text together, of all else the first."""
    if not isinstance(value, list) or not all(isinstance(piece, str) for piece in value):
        return value
    return "\n\n".join(value) if ours in ("text", "html") else next(iter(value), None)


def _first(given: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((value for name in names if _says(value := _at(given, name))), None)


def _says(value: object) -> bool:
    """Whether a value says anything: exporters write null, "", [] and {} for what they do not know."""
    return value is not None and value not in ("", []) and not isinstance(value, dict)


def _at(given: Mapping[str, Any], name: str) -> Any:
    outer, dot, inner = name.partition(".")
    within = given.get(outer)
    return (within.get(inner) if isinstance(within, dict) else None) if dot else within


@cache
def _names() -> dict[str, tuple[str, ...]]:
    listed = tomllib.loads(files("kg.read").joinpath("fields.toml").read_text(encoding="utf-8"))
    return {ours: tuple(names) for ours, names in listed.items()}
