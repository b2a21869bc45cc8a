"""Time expressions and their TIMEX3 values, resolved against the publication date where that is known.

Without it, "Wednesday" and "last week" stay unresolved (None): a date is never invented. Precision is kept: a week
stays a week (2026-W08), a month a month.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kg.extract.tree import Tree

_MONTHS = {
    name.lower(): n for table in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(table) if name
}
_DAYS = {name.lower(): n for table in (calendar.day_name, calendar.day_abbr) for n, name in enumerate(table)}
_YEAR = re.compile(r"^(?:1[89]|20)\d\d$")
_ISO = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")
_DAY = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?$")


@dataclass(frozen=True, slots=True)
class When:
    """Tokens [start, end) of a time expression, its TIMEX3 type and value."""

    start: int
    end: int
    head: int
    type: str
    value: str | None


def find(
    tree: Tree, entities: Iterable[tuple[int, int, str]], published: str | None, words: Mapping[str, str]
) -> tuple[When, ...]:
    """Time expressions among recognised spans (DATE, TIME); `words` maps yesterday, this, … to day or unit offsets."""
    base = date.fromisoformat(published) if published else None
    found = []
    for start, end, label in entities:
        if label in {"DATE", "TIME"}:
            while end > start and not tree.words[end - 1].strip():
                end -= 1
            if start < end:
                found.append(_read(tree, start, end, label, base, words))
    return tuple(found)


def _read(tree: Tree, start: int, end: int, label: str, base: date | None, words: Mapping[str, str]) -> When:
    head = next((at for at in range(start, end) if not start <= tree.heads[at] < end), end - 1)
    tokens = [tree.words[at].lower().strip(",") for at in range(start, end)]
    value = next(filter(None, _values(tokens, base, _is_future(tree, head), words)), None)
    type_ = "DURATION" if (value or "").startswith("P") and not (value or "").endswith("_REF") else label
    return When(start, end, head, type_, value)


def _is_future(tree: Tree, head: int) -> bool:
    """Whether the clause of a date speaks of what is to come: "will", "is to", "is set to"."""
    for up in tree.up(head):
        if tree.is_verb(up):
            auxiliaries = {tree.lemmas[kid] for kid in tree.down(up, "aux")}
            return bool(auxiliaries & {"will", "shall"}) or ("to" in auxiliaries and tree.tags[up] == "VB")
    return False


def _values(tokens: list[str], base: date | None, future: bool, words: Mapping[str, str]) -> Iterator[str | None]:
    yield _calendar(tokens, base, future)
    yield _duration(tokens)
    if base is not None:
        yield _relative(tokens, base, words)
        yield _weekday(tokens, base, future, words)


def _calendar(tokens: list[str], base: date | None, future: bool) -> str | None:
    """18 February 2026, Feb. 18, February 2026, 2026-02-18, 2008; a day without a year is the nearest fitting one."""
    iso = next((token for token in tokens if _ISO.match(token)), None)
    if iso:
        return iso
    month = next(
        (_MONTHS[t.rstrip(".")] for t in tokens if t.rstrip(".") in _MONTHS and (t != "may" or len(tokens) > 1)), None
    )
    year = next((int(t) for t in tokens if _YEAR.match(t)), None)
    day = next((int(m[1]) for t in tokens if (m := _DAY.match(t)) and 1 <= int(m[1]) <= 31), None)
    if month is None:
        return str(year) if year and not any(t in _DAYS for t in tokens) else None
    if year is None and base is not None:
        year = _nearest_year(base, month, day, future)
    prefix = "XXXX" if year is None else str(year)
    return f"{prefix}-{month:02}-{day:02}" if day else f"{prefix}-{month:02}"


def _nearest_year(base: date, month: int, day: int | None, future: bool) -> int:
    """The year that puts a month (and day) before publication, or after it where the clause looks ahead."""
    there, here = (month, day or base.day), (base.month, base.day)
    if future:
        return base.year + (there < here)
    return base.year - (there > here)


def _duration(tokens: list[str]) -> str | None:
    """Two hours, six-month, three days: PT2H, P6M, P3D."""
    units = {"hour": "PT{}H", "minute": "PT{}M", "day": "P{}D", "week": "P{}W", "month": "P{}M", "year": "P{}Y"}
    numbers = ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    counts = [max(1, numbers.index(t)) if t in numbers else int(t) for t in tokens if t in numbers or t.isdigit()]
    unit = next((units[t.rstrip("s")] for t in tokens if t.rstrip("s") in units), None)
    if (
        unit
        and len(counts) == 1
        and not {"ago", "last", "next", "past", "before", "after", "later", "earlier", "this"} & set(tokens)
    ):
        return unit.format(counts[0])
    return None


def _relative(tokens: list[str], base: date, words: Mapping[str, str]) -> str | None:
    """Yesterday, last week, next month, three days ago: by the offsets of `words`."""
    for token in tokens:
        if token in words and words[token].startswith("day"):
            return (base + timedelta(days=int(words[token][3:]))).isoformat()
    shift = next((int(words[t][4:]) for t in tokens if words.get(t, "").startswith("unit")), None)
    if shift is None:
        return "PRESENT_REF" if "now" in tokens else None
    if "week" in tokens:
        year, week, _ = (base + timedelta(weeks=shift)).isocalendar()
        return f"{year}-W{week:02}"
    if "month" in tokens:
        months = base.year * 12 + base.month - 1 + shift
        return f"{months // 12}-{months % 12 + 1:02}"
    return str(base.year + shift) if "year" in tokens else None


def _weekday(tokens: list[str], base: date, future: bool, words: Mapping[str, str]) -> str | None:
    """A weekday is the last one up to publication, or the next one in a clause that looks ahead."""
    day = next((_DAYS[t.rstrip(".")] for t in tokens if t.rstrip(".") in _DAYS), None)
    if day is None:
        return None
    shift = next((int(words[t][4:]) for t in tokens if words.get(t, "").startswith("unit")), 0)
    back = (base.weekday() - day) % 7
    if shift > 0 or (future and shift == 0):
        return (base + timedelta(days=(-back) % 7 or 7)).isoformat()
    return (base - timedelta(days=back or (7 if shift < 0 else 0))).isoformat()
