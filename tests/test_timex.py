"""TIMEX3 values as days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.timex import interval

VALUES = [
    ("2026-02-18", "2026-02-18", "2026-02-18"),
    ("2026-02-18TMO", "2026-02-18", "2026-02-18"),
    ("2026-02-18T14:30", "2026-02-18", "2026-02-18"),
    ("2026-02", "2026-02-01", "2026-02-28"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2026-12", "2026-12-01", "2026-12-31"),
    ("2026", "2026-01-01", "2026-12-31"),
    ("2026-W08", "2026-02-16", "2026-02-22"),
    ("2026-W01", "2025-12-29", "2026-01-04"),
    ("2026-Q1", "2026-01-01", "2026-03-31"),
    ("2026-Q4", "2026-10-01", "2026-12-31"),
    ("2026-H2", "2026-07-01", "2026-12-31"),
]


@pytest.mark.parametrize(("value", "first", "last"), VALUES)
def test_a_value_covers_its_days(value: str, first: str, last: str) -> None:
    assert interval(value) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "value",
    ["", "P2D", "PRESENT_REF", "PAST_REF", "XXXX-XX-XX", "2026-02-30", "2026-13", "2026-W54", "2026-Q5", "2026-H3",
     "2026-Q0", "2026-SU", "0000", "26-02-18", "2026-2-18", "on Monday"],
)  # fmt: skip
def test_what_is_no_time_of_a_calendar_covers_nothing(value: str) -> None:
    assert interval(value) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_lies_in_its_week_month_quarter_and_year(day: date) -> None:
    year, week, _ = day.isocalendar()
    wider = (f"{day:%Y-%m}", f"{day:%Y}", f"{day.year}-Q{(day.month + 2) // 3}", f"{year}-W{week:02}")
    assert interval(day.isoformat()) == (day, day)
    for value in wider if year < 9999 else ():
        found = interval(value)
        assert found is not None
        assert found[0] <= day <= found[1]


@given(st.text(max_size=12))
def test_any_text_is_a_value_or_none(value: str) -> None:
    found = interval(value)
    assert found is None or found[0] <= found[1]
