"""A page's model as JSON and as CSV. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from kg.export import table
from kg.serve.work import Table

HTML, JSON, CSV = "text/html", "application/json", "text/csv"
#: What `?format=` may say.
FORMATS = {"html": HTML, "json": JSON, "csv": CSV}


def to_json(model: Any) -> bytes:
    """All that a page shows."""
    return json.dumps(asdict(model), ensure_ascii=False, indent=1).encode("utf-8", "replace")


def to_csv(rows: Iterable[Any] | Table) -> bytes:
    """Rows of a page as a table: a column a field, named with dots where one lies in another."""
    return table(*(_of_table(rows) if isinstance(rows, Table) else _of_values(rows)))


def _of_table(table: Table) -> tuple[list[str], list[list[str]]]:
    return list(table.columns), [["" if cell is None else cell.text for cell in row] for row in table.rows]


def _of_values(rows: Iterable[Any]) -> tuple[list[str], list[list[str]]]:
    flat = [dict(_flat(row)) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    return columns, [[row.get(name, "") for name in columns] for row in flat]


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    for field in fields(value):
        inner, name = getattr(value, field.name), prefix + field.name
        if is_dataclass(inner):
            yield from _flat(inner, f"{name}.")
        else:
            yield name, "; ".join(map(_short, inner)) if isinstance(inner, tuple) else str(inner)


def _short(value: Any) -> str:
    return str(getattr(value, "name", None) or getattr(value, "text", None) or value)
