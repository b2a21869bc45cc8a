"""How a claim is meant, and days, in words: for people, and never by colour alone."""

from __future__ import annotations

import re
from datetime import date

from kg.record import ACTUAL, NEGATED

#: What a modality means, in words that stand beside a claim.
_MOODS = {
    "planned": "planned, not yet happened",
    "possible": "possible, not certain",
    "conditional": "on a condition",
    "desired": "wanted or demanded",
}


def certainty(polarity: str, modality: str, speaker: str, asserted: bool) -> str:
    """How a claim is meant: denied, not real yet, somebody's words, or stated by the article itself."""
    mood = _MOODS.get(modality, modality)
    if polarity == NEGATED:
        return "denied" if modality == ACTUAL else f"denied; {mood}"
    if modality != ACTUAL:
        return mood
    if speaker:
        return "said by somebody"
    return "stated as fact" if asserted else "read, but of no known class"


def status(polarity: str, modality: str, speaker: str) -> str:
    """The same as one word, by which a page draws it."""
    if polarity == NEGATED:
        return "denied"
    if modality != ACTUAL:
        return "unreal"
    return "said" if speaker else "stated"


def first_day(text: str) -> str:
    """The day on which a time begins, to be put in order: empty for what is none of a calendar (TIMEX3)."""
    if week := _WEEK.fullmatch(text):
        try:
            return date.fromisocalendar(int(week["year"]), int(week["week"]), 1).isoformat()
        except ValueError:
            return ""
    return text if text[:4].isdigit() else ""


def day(text: str) -> str:
    """A day, a week, a month, a part of a day for people, where it is a whole one of a calendar; else as it is."""
    if _WEEK.fullmatch(text) and (monday := first_day(text)):
        return f"week of {day(monday)}"
    match = _WHEN.fullmatch(text)
    if match is None:
        return text
    try:
        found = date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
    except ValueError:
        return text
    whole = f"{found.day} {found:%B %Y}" if match["day"] else f"{found:%B %Y}"
    return f"{whole}, {_PARTS.get(match['part'], match['part'])}" if match["part"] else whole


_WEEK = re.compile(r"(?P<year>\d{4})-W(?P<week>\d\d)")
_WHEN = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<part>[A-Z]{2}|\d\d:\d\d))?)?")
_PARTS = {"MO": "morning", "MI": "midday", "AF": "afternoon", "EV": "evening", "NI": "night", "DT": "daytime"}


def first_up(text: str) -> str:
    """Words with a capital at the beginning."""
    return text[:1].upper() + text[1:]
