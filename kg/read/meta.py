"""What is known of an article beside its text: from a sidecar file, front matter, a line of JSON or the page itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from kg.read.article import Article

SIDECAR = ".meta.json"
KEYS = ("title", "published", "url", "outlet")
#: What is longer is no address, headline or name, and would be carried through every answer.
_LONGEST = 2_000
_SIDECAR = 1_000_000


def described(article: Article, known: Mapping[str, object]) -> Article:
    """An article with what is known of it; None says nothing. Raises ValueError naming the key that is wrong."""
    given = {key: _text(key, known[key]) for key in KEYS if known.get(key) is not None}
    if "published" in given:
        given["published"] = day(given["published"])
    return replace(article, **given)


def _text(key: str, value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if key == "published" and isinstance(value, int | float):
        return f"{value:.0f}"
    if not isinstance(value, str):
        raise ValueError(f"{key} is a {type(value).__name__}, not text: write it in quotes")
    if len(value) > _LONGEST:
        raise ValueError(f"{key} has {len(value):,} characters, more than {_LONGEST:,}")
    return " ".join(value.split())


def day(value: str) -> str:
    """The day of a date or date and time, as YYYY-MM-DD: of ISO 8601, of mail and feeds (RFC 5322), YYYYMMDDhhmmss,
    seconds or milliseconds since 1970, or as people write it, such as 18 February 2026.

    Raises ValueError.
    """
    for reader in (datetime.fromisoformat, parsedate_to_datetime, _stamp, _since_1970, _written):
        with suppress(ValueError, IndexError, OverflowError):
            return reader(value).date().isoformat()
    raise ValueError(f"published is {value[:80]!r}, which is no date: write YYYY-MM-DD")


def _stamp(value: str) -> datetime:
    """GDELT's way to write a moment."""
    if len(value) != 14:
        raise ValueError
    return datetime.strptime(value, "%Y%m%d%H%M%S")


def _since_1970(value: str) -> datetime:
    if not re.fullmatch(r"\d{9,10}|\d{12,13}", value):
        raise ValueError
    return datetime.fromtimestamp(int(value) / (1000 if len(value) > 10 else 1), UTC)


def _written(value: str) -> datetime:
    """As people write a day: 18 February 2026, Feb 18, 2026."""
    for form in ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y"):
        with suppress(ValueError):
            return datetime.strptime(value, form)
    raise ValueError


def sidecar(path: Path) -> dict[str, Any]:
    """What `NAME.meta.json` beside `NAME.txt` says, or an empty mapping. Raises ValueError naming the file."""
    beside = next(
        (file for file in (path.with_name(path.name + SIDECAR), path.with_suffix(SIDECAR)) if file.is_file()), None
    )
    if beside is None:
        return {}
    try:
        if beside.stat().st_size > _SIDECAR:
            raise ValueError(f"larger than {_SIDECAR:,} bytes")
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
    except ValueError:
        raise ValueError("not JSON: a number with more digits than a number has") from None
    if not isinstance(value, dict):
        raise ValueError('no JSON object: write {"published": "2026-02-18", …}')
    return value
