"""What a query found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from kg.errors import QueryError
from kg.namespaces import short

if TYPE_CHECKING:
    from pandas import DataFrame


#: So many rows a notebook shows.
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found: named columns, and rows of text, None where a variable is free."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def frame(self) -> DataFrame:
        """The answer as a pandas table of text. Raises QueryError where pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise QueryError("a frame wants pandas: pip install 'kg-news[pandas]'") from error
        return pandas.DataFrame(list(self.rows), columns=list(self.columns), dtype=object)

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks; text stays text."""
        more = f"<p>{len(self.rows):,} rows, of which these are the first {_SHOWN}</p>" * (len(self.rows) > _SHOWN)
        return more + table(self.columns, self.rows[:_SHOWN])


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """A table as HTML."""
    head = Markup("").join(Markup("<th>{}</th>").format(column.replace("_", " ")) for column in columns)
    lines = (Markup("").join(map(_cell, row)) for row in rows)
    body = Markup("").join(Markup("<tr>{}</tr>").format(line) for line in lines)
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)


def _cell(value: object) -> Markup:
    return Markup('<td style="text-align: left">{}</td>').format("–" if value is None else short(str(value)))
