"""Time expressions and their TIMEX3 values, resolved against the publication date where that is known.

Without it, "Wednesday" and "last week" stay unresolved (None): a date is never invented. Precision is kept: a week
stays a week (2026-W08), a month a month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kg.extract.tree import Tree
from kg.lexicon import Lexicon
from kg.record import PLANNED

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
    tree: Tree, entities: Iterable[tuple[int, int, str]], published: str | None, lexicon: Lexicon
) -> tuple[When, ...]:
    """Time expressions among recognised spans (DATE, TIME), adjacent ones as one: "Tuesday night"."""
    reader = _Reader(tree, lexicon, date.fromisoformat(published) if published else None)
    return tuple(reader.read(*span) for span in _joined(_trimmed(tree, entities)))


def _trimmed(tree: Tree, entities: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    for start, end, label in entities:
        while end > start and not tree.words[end - 1].strip():
            end -= 1
        if start < end and label in {"DATE", "TIME"}:
            yield start, end, label


def _joined(spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    joined: list[tuple[int, int, str]] = []
    for start, end, label in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end, joined[-1][2]
        else:
            joined.append((start, end, label))
    return joined


@dataclass(frozen=True, slots=True)
class _Reader:
    """What values are read from: the words of the lexicon, and the day of publication where it is known."""

    tree: Tree
    lexicon: Lexicon
    base: date | None

    def read(self, start: int, end: int, label: str) -> When:
        tree = self.tree
        head = next((at for at in range(start, end) if not start <= tree.heads[at] < end), end - 1)
        tokens = [tree.words[at].lower().strip(",") for at in range(start, end)]
        value = next(filter(None, self._values(tokens, self._looks_ahead(head))), None)
        type_ = "DURATION" if (value or "").startswith("P") and not (value or "").endswith("_REF") else label
        return When(start, end, head, type_, value)

    def _looks_ahead(self, head: int) -> bool:
        """Whether the clause of a date speaks of what is to come: "will", "is to", "is planned for"."""
        tree = self.tree
        for up in tree.up(head):
            if tree.is_verb(up):
                auxiliaries = {tree.lemmas[kid] for kid in tree.down(up, "aux")}
                to_come = any(self._effect("Auxiliary", word) == PLANNED for word in auxiliaries)
                return to_come or ("to" in auxiliaries and tree.tags[up] == "VB") or self._planned(up)
        return False

    def _planned(self, verb: int) -> bool:
        """Whether a verb says that something is planned by now: is scheduled, are due."""
        tree = self.tree
        present = any(tree.tags[kid] in {"VBZ", "VBP"} for kid in tree.down(verb, "auxpass", "aux"))
        frames = self.lexicon.frames.get(("Verb", tree.lemmas[verb]), ())
        return present and tree.tags[verb] == "VBN" and any(frame.makes == PLANNED for frame in frames)

    def _effect(self, kind: str, word: str) -> str | None:
        return self.lexicon.effects[kind].get(word.rstrip("."))

    def _first(self, kind: str, tokens: Iterable[str]) -> str | None:
        """The effect of the first token that has one of this kind."""
        return next(filter(None, (self._effect(kind, token) for token in tokens)), None)

    # ── values ──

    def _values(self, tokens: list[str], future: bool) -> Iterator[str | None]:
        yield self._calendar(tokens, future)
        yield self._duration(tokens)
        if self.base is not None:
            yield self._relative(tokens, self.base)
            yield self._weekday(tokens, self.base, future)

    def _calendar(self, tokens: list[str], future: bool) -> str | None:
        """18 February 2026, Feb. 18, February 2026, 2026-02-18, 2008; without a year it is the nearest fitting one."""
        iso = next((token for token in tokens if _ISO.match(token)), None)
        if iso:
            return iso
        month = self._first("Month", (token for token in tokens if token != "may" or len(tokens) > 1))
        year = next((int(t) for t in tokens if _YEAR.match(t)), None)
        day = next((int(m[1]) for t in tokens if (m := _DAY.match(t)) and 1 <= int(m[1]) <= 31), None)
        if month is None:
            return str(year) if year and not self._first("Weekday", tokens) else None
        if year is None and self.base is not None:
            year = _nearest_year(self.base, int(month), day, future)
        prefix = "XXXX" if year is None else str(year)
        return f"{prefix}-{int(month):02}-{day:02}" if day else f"{prefix}-{int(month):02}"

    def _duration(self, tokens: list[str]) -> str | None:
        """Two hours, six-month, three days: PT2H, P6M, P3D."""
        counts = [n for token in tokens if (n := token if token.isdigit() else self._effect("Number", token))]
        unit = self._first("Unit", tokens)
        point = self.lexicon.words["shifting"] & set(tokens)
        return unit.format(counts[0]) if unit and len(counts) == 1 and not point else None

    def _relative(self, tokens: list[str], base: date) -> str | None:
        """Yesterday, last week, next month: by the offsets of the lexicon."""
        offset = self._first("RelativeTime", tokens)
        if offset is None:
            return "PRESENT_REF" if self.lexicon.words["present"] & set(tokens) else None
        shift = int(offset.removeprefix("day").removeprefix("unit"))
        if offset.startswith("day"):
            return (base + timedelta(days=shift)).isoformat()
        unit = self._first("Unit", tokens)
        if unit == "P{}W":
            year, week, _ = (base + timedelta(weeks=shift)).isocalendar()
            return f"{year}-W{week:02}"
        if unit == "P{}M":
            months = base.year * 12 + base.month - 1 + shift
            return f"{months // 12}-{months % 12 + 1:02}"
        return str(base.year + shift) if unit == "P{}Y" else None

    def _weekday(self, tokens: list[str], base: date, future: bool) -> str | None:
        """A weekday is the last one up to publication, or the next one in a clause that looks ahead."""
        day = self._first("Weekday", tokens)
        if day is None:
            return None
        offset = self._first("RelativeTime", tokens) or "unit+0"
        shift = int(offset.removeprefix("unit")) if offset.startswith("unit") else 0
        back = (base.weekday() - int(day)) % 7
        if shift > 0 or (future and shift == 0):
            return (base + timedelta(days=(-back) % 7 or 7)).isoformat()
        return (base - timedelta(days=back or (7 if shift < 0 else 0))).isoformat()


def _nearest_year(base: date, month: int, day: int | None, future: bool) -> int:
    """The year that puts a month (and day) before publication, or after it where the clause looks ahead."""
    there, here = (month, day or base.day), (base.month, base.day)
    if future:
        return base.year + (there < here)
    return base.year - (there > here)
