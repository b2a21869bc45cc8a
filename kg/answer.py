"""What a query found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import QueryError

if TYPE_CHECKING:
    from pandas import DataFrame


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
