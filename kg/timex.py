"""TIMEX3 values as intervals of days. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

#: The first and the last day, both included.
Interval = tuple[date, date]

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})(?:-WE)?")
_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-([QH])(\d)")


@lru_cache(maxsize=10_000)
def interval(value: str) -> Interval | None:
    """The days that a value covers; None for durations, sets, seasons, and what is no value of a calendar."""
    try:
        return _interval(value)
    except ValueError:
        return None


def _interval(value: str) -> Interval | None:
    if match := _DAY.fullmatch(value):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return day, day
    if match := _WEEK.fullmatch(value):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday, monday + timedelta(days=6)
    if match := _MONTH.fullmatch(value):
        return _months(int(match[1]), int(match[2]), 1)
    if match := _QUARTER.fullmatch(value):
        months = 3 if match[2] == "Q" else 6
        return _months(int(match[1]), months * (int(match[3]) - 1) + 1, months)
    if match := _YEAR.fullmatch(value):
        return _months(int(match[1]), 1, 12)
    return None


def _months(year: int, first: int, count: int) -> Interval:
    last = first + count - 1
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
