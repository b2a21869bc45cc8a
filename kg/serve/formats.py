"""A page's model as JSON and CSV: the same dataclass that its template shows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any

HTML, JSON, CSV = "html", "json", "csv"
#: What a client accepts, and the format that it means.
_MEDIA = {"text/html": HTML, "application/xhtml+xml": HTML, "application/json": JSON, "text/csv": CSV, "*/*": HTML}


def asked(accept: str, named: str | None) -> str | None:
    """The format of an answer: by name if there is one, else what the client would rather have; None for no other."""
    if named is not None:
        return named if named in (HTML, JSON, CSV) else None
    return preferred(accept, _MEDIA)


def preferred(accept: str, media: Mapping[str, str]) -> str | None:
    """Of some media types the one that an Accept header wants most (RFC 9110, 12.5.1); the first where all are equal."""
    ranges = list(_ranges(accept or "*/*"))
    best, most = None, 0.0
    for name, format in media.items():
        quality = _quality(name, ranges)
        if quality > most:
            best, most = format, quality
    return best


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, _, rest = part.strip().partition(";")
        quality = next((value for key, _, value in (p.strip().partition("=") for p in rest.split(";")) if key == "q"), "1")
        try:
            yield name.strip().lower(), float(quality)
        except ValueError:
            continue


def _quality(name: str, ranges: list[tuple[str, float]]) -> float:
    """How much a media type is wanted: the most specific range that covers it says so."""
    covering = [(pattern.count("*"), quality) for pattern, quality in ranges if _covers(pattern, name)]
    return min(covering)[1] if covering else 0.0


def _covers(pattern: str, name: str) -> bool:
    return pattern in (name, "*/*") or (pattern.endswith("/*") and name.startswith(pattern[:-1]))


def to_json(model: Any) -> bytes:
    """A model as JSON."""
    return json.dumps(asdict(model), ensure_ascii=False, indent=1).encode("utf-8", "replace")


def to_csv(model: Any) -> bytes:
    """A model as one table: a row for each thing that it lists, `part` says of which list, and the columns of all."""
    rows = list(_rows(model))
    columns = list(dict.fromkeys(column for row in rows for column in row)) or ["part"]
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    return output.getvalue().encode("utf-8", "replace")


def _rows(model: Any) -> Iterator[dict[str, Any]]:
    """The plain values of a model as one row, then each item of its lists."""
    alone = {name: value for name, value in _pairs(model) if not _is_list(value)}
    flat = dict(_flat("", alone.items()))
    if flat:
        yield {"part": type(model).__name__.lower(), **flat}
    for name, value in _pairs(model):
        if _is_list(value):
            for item in value:
                yield {"part": name, **dict(_flat("", _pairs(item)))}


def _pairs(model: Any) -> Iterator[tuple[str, Any]]:
    return ((field.name, getattr(model, field.name)) for field in fields(model))


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])


def _flat(prefix: str, pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Names and values, those of what lies within under names of their own; a list in a list becomes words."""
    for name, value in pairs:
        if is_dataclass(value):
            yield from _flat(f"{prefix}{name}_", _pairs(value))
        elif isinstance(value, tuple):
            yield prefix + name, "; ".join(map(_word, value))
        else:
            yield prefix + name, value


def _word(value: Any) -> str:
    """An item of a list within a list: by its name, its text, or as it is."""
    return str(next((getattr(value, name) for name in ("name", "text", "sentence") if hasattr(value, name)), value))


def cell(value: Any) -> str:
    """A cell as text. A spreadsheet runs a cell that begins with = + - @ as a formula, so an apostrophe is put before
    it (OWASP, CSV injection)."""
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
