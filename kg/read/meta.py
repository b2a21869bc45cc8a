"""What is known of an article beside its text: from a sidecar file, front matter, a line of JSON or the page itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kg.read.article import Article

SIDECAR = ".meta.json"
KEYS = ("title", "published", "url", "outlet")


def described(article: Article, known: Mapping[str, object]) -> Article:
    """An article with what is known of it; None says nothing. Raises ValueError naming the key that is wrong."""
    given = {key: _text(key, known[key]) for key in KEYS if known.get(key) is not None}
    if "published" in given:
        given["published"] = day(given["published"])
    return replace(article, **given)


def _text(key: str, value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise ValueError(f"{key} is a {type(value).__name__}, not text: write it in quotes")
    return " ".join(value.split())


def day(value: str) -> str:
    """The day of an ISO 8601 date or date and time, as YYYY-MM-DD. Raises ValueError."""
    try:
        return datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        raise ValueError(f"published is {value!r}, which is no date: write YYYY-MM-DD") from None


def sidecar(path: Path) -> dict[str, Any]:
    """What `NAME.meta.json` beside `NAME.txt` says, or an empty mapping. Raises ValueError naming the file."""
    beside = next(
        (file for file in (path.with_name(path.name + SIDECAR), path.with_suffix(SIDECAR)) if file.is_file()), None
    )
    if beside is None:
        return {}
    try:
        return parsed(beside.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{beside.name} beside it: {error}") from error


def parsed(text: str) -> dict[str, Any]:
    """A JSON object. Raises ValueError where it is something else."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError('no JSON object: write {"published": "2026-02-18", …}')
    return value
