"""Time expressions and their TIMEX3 values, resolved against the publication date where that is known.

Without it, "Wednesday" and "last week" stay unresolved (None): a date is never invented. Precision is kept: a week
stays a week (2026-W08), a quarter a quarter (2026-Q1). "That day" is the last day that the text spoke of. Values are
those of TimeML (Pustejovsky et al. 2003; TIMEX3 annotation guidelines 1.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kg.extract.tree import Tree
from kg.lexicon import Lexicon
from kg.record import PLANNED

_YEAR = re.compile(r"^(?:1[5-9]|20)\d\d$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
_DAY = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?$")
_DECADE = re.compile(r"^(?:(1[5-9]|20)|['’]?)(\d)0s$")
_CLOCK = re.compile(
    r"(?<![\d:])(?:(?P<hour>\d{1,2})[:.](?P<minute>\d\d)|(?P<digits>\d{4})(?= (?:utc|gmt)\b)"
    r"|(?P<sharp>\d{1,2})(?= [ap]\.?m\b))(?::\d\d)?(?: ?(?P<half>[ap])\.?m\b\.?)?(?: (?P<zone>utc|gmt)\b)?"
)
_ZONED = frozenset({"utc", "gmt"})
_HALVES = re.compile(r"^[ap]\.?m\.?$")
_QUARTERS = {"Q": 4, "H": 2}
#: Kinds of words that name a time.
_TIMELY = ("Month", "Weekday", "Unit", "DayPart", "YearPart", "RelativeTime", "Reference", "Direction", "Frequency")
AHEAD, BACK = "ahead", "back"


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
    """Time expressions: recognised spans (DATE, TIME), adjacent ones as one ("Tuesday night"), and what the lexicon
    and the clock tell besides ("annual", "18:00 UTC")."""
    reader = _Reader(tree, lexicon, date.fromisoformat(published) if published else None)
    spans = _joined(_trimmed(tree, entities), lambda at: tree.lemmas[at] in lexicon.words["between-times"])
    spans = [part for span in spans for part in reader.parts(*span)]
    taken = {at for start, end, _ in spans for at in range(start, end)}
    found, focus = [], published
    for start, end, label in sorted([*spans, *reader.unseen(taken)]):
        when = reader.read(start, end, label, focus)
        if when.value is None and not reader.is_time(start, end):
            continue
        found.append(when)
        if when.value and _DATE.match(when.value[:10]):
            focus = when.value[:10]
    return tuple(found)


def _trimmed(tree: Tree, entities: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    for start, end, label in entities:
        while end > start and not tree.words[end - 1].strip():
            end -= 1
        if start < end and label in {"DATE", "TIME"}:
            yield start, end, label


def _joined(spans: Iterable[tuple[int, int, str]], joins: Callable[[int], bool]) -> list[tuple[int, int, str]]:
    """Adjacent spans as one, and an hour with its day: "Tuesday night", "6 p.m. on Tuesday"."""
    joined: list[tuple[int, int, str]] = []
    for start, end, label in spans:
        if joined and (
            joined[-1][1] == start or (joined[-1][2] != label and all(map(joins, range(joined[-1][1], start))))
        ):
            joined[-1] = joined[-1][0], end, "TIME" if joined[-1][2] != label else label
        else:
            joined.append((start, end, label))
    return joined


@dataclass(frozen=True, slots=True)
class _Reader:
    """What values are read from: the words of the lexicon, and the day of publication where it is known."""

    tree: Tree
    lexicon: Lexicon
    base: date | None

    def unseen(self, taken: set[int]) -> Iterator[tuple[int, int, str]]:
        """Spans that the recogniser leaves out: words that are a time by themselves, and hours with their zone."""
        words, effects = self.tree.words, self.lexicon.effects
        for at, lemma in enumerate(self.tree.lemmas):
            if at in taken:
                continue
            if lemma in effects["Frequency"] and self._by_itself(at):
                yield at, at + 1, "DATE"
            elif lemma in _ZONED and at and at - 1 not in taken and words[at - 1][:1].isdigit():
                yield at - 1, at + 1, "TIME"

    def parts(self, start: int, end: int, label: str) -> Iterator[tuple[int, int, str]]:
        """The two ends of a stretch of time: "2009 to 2011", "April and June"; a span that has no two ends as it is."""
        joint = next(
            (at for at in range(start + 1, end - 1) if self.tree.lemmas[at] in self.lexicon.words["from-to"]), None
        )
        if joint is None or not (self._is_dated(start, joint) and self._is_dated(joint + 1, end)):
            yield start, end, label
        else:
            yield start, joint, label
            yield joint + 1, end, label

    def _is_dated(self, start: int, end: int) -> bool:
        """Whether words name a month, a weekday or a year."""
        tokens = [word.lower() for word in self.tree.words[start:end]]
        return any(_YEAR.match(word) or self._effect("Month", word) or self._effect("Weekday", word) for word in tokens)

    def is_time(self, start: int, end: int) -> bool:
        """Whether a span without a value names a time: "Tuesday" in an undated text, but no age and no score."""
        parts = {part.strip(".,'’") for word in self.tree.words[start:end] for part in word.lower().split("-")}
        named = any(part in self.lexicon.effects[kind] for kind in _TIMELY for part in parts)
        return named or bool(parts & self.lexicon.words["timely"])

    def _by_itself(self, at: int) -> bool:
        """Whether a word tells how often: "an annual meeting", not "the weekly" (a paper)."""
        tree = self.tree
        return not tree.is_noun(at) and not tree.kids[at] and tree.deps[at] in {"advmod", "amod", "npadvmod"}

    def read(self, start: int, end: int, label: str, focus: str | None) -> When:
        """The expression with its value; `focus` is the last day that was spoken of."""
        tree = self.tree
        head = next((at for at in range(start, end) if not start <= tree.heads[at] < end), end - 1)
        parts = (part for at in range(start, end) for part in tree.words[at].lower().split("-"))
        iso = [tree.words[at] for at in range(start, end) if _DATE.match(tree.words[at])]
        tokens = iso or [part for part in (part.strip(",.()'’") for part in parts) if part]
        value = next(filter(None, self._values(tokens, focus, self._tense(head))), None) if tokens else None
        return When(start, end, head, self._type(tokens, value, label), value)

    def _type(self, tokens: list[str], value: str | None, label: str) -> str:
        if value is None:
            return label
        if self._frequency(tokens):
            return "SET"
        if value.startswith("P") and not value.endswith("_REF"):
            return "DURATION"
        return "TIME" if "T" in value.removesuffix("_REF").removeprefix("PAST").removeprefix("PRESENT") else "DATE"

    # ── the clause ──

    def _tense(self, head: int) -> str | None:
        """Whether the clause of a date speaks of what is to come ("will", "is to", "is planned for") or of the past."""
        tree = self.tree
        for up in (head, *tree.up(head)):
            if tree.is_verb(up):
                auxiliaries = {tree.lemmas[kid] for kid in tree.down(up, "aux")}
                to_come = any(self._effect("Auxiliary", word) == PLANNED for word in auxiliaries)
                if to_come or ("to" in auxiliaries and tree.tags[up] == "VB") or self._planned(up):
                    return AHEAD
                frames = self.lexicon.frames.get(("Verb", tree.lemmas[up]), ())
                # "Was expected in May" may be either; "was agreed in May" dates the act.
                intends = any(frame.makes for frame in frames) and not any(frame.typed for frame in frames)
                return BACK if not intends and self._is_past(up) else None
        return None

    def _is_past(self, verb: int) -> bool:
        """Whether a verb tells of what is over: "fell", "has fallen", "plans announced in January"."""
        tree = self.tree
        auxiliaries = tuple(tree.down(verb, "aux", "auxpass"))
        perfect = any(tree.lemmas[kid] == "have" for kid in auxiliaries)
        reduced = tree.tags[verb] == "VBN" and tree.deps[verb] != "amod" and not auxiliaries
        return perfect or reduced or any(tree.tags[kid] == "VBD" for kid in (verb, *auxiliaries))

    def _planned(self, verb: int) -> bool:
        """Whether a verb says that something is planned by now: is scheduled, are due."""
        tree = self.tree
        present = any(tree.tags[kid] in {"VBZ", "VBP"} for kid in tree.down(verb, "auxpass", "aux"))
        frames = self.lexicon.frames.get(("Verb", tree.lemmas[verb]), ())
        return present and tree.tags[verb] == "VBN" and any(frame.makes == PLANNED for frame in frames)

    # ── words ──

    def _effect(self, kind: str, word: str) -> str | None:
        return self.lexicon.effects[kind].get(word.rstrip("."))

    def _first(self, kind: str, tokens: Iterable[str]) -> str | None:
        """The effect of the first token that has one of this kind."""
        return next(filter(None, (self._effect(kind, token) for token in tokens)), None)

    def _shift(self, tokens: list[str]) -> int | None:
        """How many units away "last", "this" and "next" are."""
        offset = self._first("RelativeTime", tokens)
        return int(offset.removeprefix("unit")) if offset and offset.startswith("unit") else None

    def _count(self, tokens: list[str]) -> str | None:
        """The number in front of a unit: 20, twenty-five, a, two and a half; None where there is none, or a half."""
        if "half" in tokens:
            whole = self._count(tokens[: tokens.index("and")]) if "and" in tokens else None
            return f"{whole}.5" if whole else None
        numbers = [token for token in tokens if token.isdigit()]
        named = [int(number) for token in tokens if (number := self._effect("Number", token))]
        if numbers:
            return numbers[0] if len(numbers) == 1 else None
        if len(named) == 2:
            tens, ones = named
            return str(tens * ones if ones == 100 else tens + ones) if ones == 100 or tens >= 20 > ones else None
        return str(named[0]) if named else None

    # ── values ──

    def _values(self, tokens: list[str], focus: str | None, tense: str | None) -> Iterator[str | None]:
        day = self._day(tokens, focus, tense)
        yield self._hour(tokens, day or focus)
        yield self._part_of_day(tokens, day or self._that_day(tokens, focus))
        yield self._frequency(tokens)
        yield self._part_of_year(tokens, tense)
        yield self._decade(tokens)
        yield self._away(tokens, focus)
        yield day
        yield self._month(tokens, tense)
        yield self._duration(tokens)
        yield self._period(tokens)
        yield self._first("Reference", tokens)

    def _today(self) -> str | None:
        return self.base.isoformat() if self.base else None

    def _day(self, tokens: list[str], focus: str | None, tense: str | None) -> str | None:
        """A day of the calendar, a weekday, yesterday, or "that day": the one in focus."""
        if _DATE.match(tokens[0]):
            return tokens[0]
        if len(tokens) > 1 and tokens[-1] == "day" and self.lexicon.words["same"] >= set(tokens[:-1]):
            return focus
        return self._dated(tokens, tense) or self._weekday(tokens, tense) or self._near(tokens)

    def _dated(self, tokens: list[str], tense: str | None) -> str | None:
        """18 February 2026, Feb. 18; without a year it is the nearest that fits the tense of its clause."""
        month, year = self._named_month(tokens), self._year(tokens)
        day = next((int(m[1]) for t in tokens if (m := _DAY.match(t)) and 1 <= int(m[1]) <= 31), None)
        if month is None or day is None:
            return None
        if year is None and self.base is not None:
            year = self._nearest(lambda year: _start(year, month, day), tense)
        return f"{'XXXX' if year is None else year}-{month:02}-{day:02}"

    def _named_month(self, tokens: list[str]) -> int | None:
        month = self._first("Month", tokens)
        return int(month) if month else None

    def _year(self, tokens: list[str]) -> int | None:
        """A year that is written, or that is last, this or next year."""
        written = next((int(token) for token in tokens if _YEAR.match(token)), None)
        yearly = self._effect("Unit", tokens[-1]) == "P{}Y" and self._count(tokens) is None
        if written is None and self.base is not None and yearly:
            shift = self._shift(tokens)
            return None if shift is None else self.base.year + shift
        return written

    def _weekday(self, tokens: list[str], tense: str | None) -> str | None:
        """A weekday is the last one up to publication, or the next one in a clause that looks ahead."""
        day = self._first("Weekday", tokens)
        if day is None or self.base is None:
            return None
        shift = self._shift(tokens) or 0
        back = (self.base.weekday() - int(day)) % 7
        if shift > 0 or (tense == AHEAD and shift == 0):
            return (self.base + timedelta(days=(-back) % 7 or 7)).isoformat()
        return (self.base - timedelta(days=back or (7 if shift < 0 else 0))).isoformat()

    def _near(self, tokens: list[str]) -> str | None:
        """Yesterday, today, tomorrow."""
        offset = self._first("RelativeTime", tokens)
        if self.base is None or not offset or not offset.startswith("day"):
            return None
        return (self.base + timedelta(days=int(offset.removeprefix("day")))).isoformat()

    def _hour(self, tokens: list[str], day: str | None) -> str | None:
        """6 p.m., 18:00 UTC, 0800 GMT: an hour of a day."""
        match = _CLOCK.search(" ".join(tokens))
        if match is None:
            return None
        digits = match["digits"] or f"{int(match['hour'] or match['sharp']):02}{match['minute'] or '00'}"
        hour, minute = int(digits[:2]), digits[2:]
        if match["half"]:
            hour = hour % 12 + (12 if match["half"] == "p" else 0)
        return f"{day or ''}T{hour:02}:{minute}{'Z' if match['zone'] else ''}" if hour < 24 and minute < "60" else None

    def _that_day(self, tokens: list[str], focus: str | None) -> str | None:
        """The day of a part of a day that names none: this morning, the same night; "a long night" is of no day."""
        if self._shift(tokens) is not None:
            return self._today()
        others = {token for token in tokens if not self._effect("DayPart", token)}
        return focus if others <= self.lexicon.words["same"] else None

    def _part_of_day(self, tokens: list[str], day: str | None) -> str | None:
        """Tuesday night, this morning."""
        part = self._first("DayPart", tokens)
        return f"{day}{part}" if part and day else None

    def _frequency(self, tokens: list[str]) -> str | None:
        """Annual, every week: how often something recurs."""
        unit = self._first("Unit", tokens)
        if unit and self.lexicon.words["recurring"] & set(tokens):
            return unit.format(self._count(tokens) or 1)
        return self._first("Frequency", tokens)

    def _part_of_year(self, tokens: list[str], tense: str | None) -> str | None:
        """The third quarter of 2009, the first half, last autumn, this weekend."""
        part = self._first("YearPart", tokens)
        if part is None or (self.base is None and self._year(tokens) is None):
            return None
        shift = self._shift(tokens)
        if part == "WE":
            year, week, _ = (self.base + timedelta(weeks=shift or 0)).isocalendar() if self.base else (0, 0, 0)
            return f"{year}-W{week:02}-WE" if year else None
        if part not in _QUARTERS:
            month = int(self._first("SeasonMonth", tokens) or 1)
            return f"{self._year(tokens) or self._nearest(lambda year: _start(year, month, 1), tense)}-{part}"
        count = _QUARTERS[part]
        number = str(count) if self.lexicon.words["final"] & set(tokens) else self._first("Ordinal", tokens)
        if number is None:
            return self._running(count, part, shift) if shift is not None else None
        end = 12 // count * int(number)
        if not 1 <= end <= 12:
            return None
        return f"{self._year(tokens) or self._nearest(lambda year: _start(year, end, 28), tense)}-{part}{number}"

    def _running(self, count: int, part: str, shift: int) -> str | None:
        """The last quarter, this half."""
        if self.base is None:
            return None
        number = self.base.year * count + (self.base.month - 1) * count // 12 + shift
        return f"{number // count}-{part}{number % count + 1}"

    def _decade(self, tokens: list[str]) -> str | None:
        """The 1990s, the '80s: 199, 198."""
        match = next(filter(None, map(_DECADE.match, tokens)), None)
        return f"{match[1] or ('20' if match[2] in '01' else '19')}{match[2]}" if match else None

    def _away(self, tokens: list[str], focus: str | None) -> str | None:
        """Two weeks ago, three days later: from publication, or from the day in focus; no finer than its unit."""
        direction = self._first("Direction", tokens)
        count, unit = self._count(tokens), self._first("Unit", tokens)
        start = self._today() if direction in {"-now", "+now"} else focus
        if not (direction and count and count.isdigit() and unit and start and _DATE.match(start)):
            return None
        return _moved(date.fromisoformat(start), int(f"{direction[0]}{count}"), unit)

    def _month(self, tokens: list[str], tense: str | None) -> str | None:
        """February 2026, last March, 2008."""
        month, year = self._named_month(tokens), self._year(tokens)
        if month is None:
            return str(year) if year and not self._first("Weekday", tokens) else None
        if year is None and self.base is not None:
            shift = self._shift(tokens) or 0
            year = self._nearest(lambda year: _start(year, month, 15), AHEAD if shift > 0 else BACK if shift else tense)
        return f"{'XXXX' if year is None else year}-{month:02}"

    def _duration(self, tokens: list[str]) -> str | None:
        """Two hours, six-month, several years, the past decade: PT2H, P6M, PXY, P10Y."""
        token = next((token for token in reversed(tokens) if self._effect("Unit", token)), "")
        unit = self._effect("Unit", token)
        if unit is None or self._first("Direction", tokens) or self._first("Ordinal", tokens):
            return None
        count, long, vague = self._count(tokens), "0" in unit, self.lexicon.words["vague"] & set(tokens)
        if vague and count in {None, "1"}:
            count = "X"
        elif self._shift(tokens) is not None and count in {None, "1"} and not long:
            return None  # "Last week" is a point in time, "the last two weeks" are how long.
        elif count is None:
            count = "X" if token.endswith("s") else "1" if long else None
        return None if count is None else f"PX{unit[-1]}" if long and count == "X" else unit.format(count)

    def _period(self, tokens: list[str]) -> str | None:
        """Last week, next month, this year: by the offsets of the lexicon."""
        shift, unit = self._shift(tokens), self._first("Unit", tokens)
        if shift is None and unit and set(tokens) & self.lexicon.words["bounds"]:
            shift = 0  # "The end of the year" is in the year that runs.
        if self.base is None or shift is None or unit is None or unit == "P{}D":
            return None
        return _moved(self.base, shift, unit)

    def _nearest(self, day_of: Callable[[int], date], tense: str | None) -> int:
        """The year that puts a day before publication where the clause tells of the past, after it where it looks
        ahead, and else nearest to it."""
        base = self.base
        assert base is not None, "who asks knows the day of publication"
        years = range(base.year - 1, base.year + 2)
        if tense == AHEAD:
            return next(year for year in years if day_of(year) >= base)
        if tense == BACK:
            return next(year for year in reversed(years) if day_of(year) <= base)
        return min(years, key=lambda year: (abs((day_of(year) - base).days), year))


def _start(year: int, month: int, day: int) -> date:
    """A day of the calendar, or the last one of its month."""
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _moved(start: date, shift: int, unit: str) -> str | None:
    """The day, week, month or year that lies so many units away."""
    if unit == "P{}D":
        return (start + timedelta(days=shift)).isoformat()
    if unit == "P{}W":
        year, week, _ = (start + timedelta(weeks=shift)).isocalendar()
        return f"{year}-W{week:02}"
    if unit == "P{}M":
        months = start.year * 12 + start.month - 1 + shift
        return f"{months // 12}-{months % 12 + 1:02}"
    return str(start.year + shift) if unit == "P{}Y" else None
