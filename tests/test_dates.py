"""Time expressions on hand-built trees: precision is kept, nothing is invented."""

from __future__ import annotations

import pytest

from kg import lexicon
from kg.extract import dates
from tests.trees import tree

LEXICON = lexicon.load()
PUBLISHED = "2026-02-18"  # a Wednesday


def value(phrase: str, published: str | None = PUBLISHED, verb: str = "met:meet/VBD") -> str | None:
    tokens = phrase.split()
    parsed = tree(f"They/PRP/nsubj>2 {verb}/ROOT>2 " + " ".join(f"{token}/NN/npadvmod>2" for token in tokens))
    return dates.find(parsed, [(2, 2 + len(tokens), "DATE")], published, LEXICON)[0].value


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("today", "2026-02-18"),
        ("yesterday", "2026-02-17"),
        ("Wednesday", "2026-02-18"),
        ("on Tuesday", "2026-02-17"),
        ("Friday", "2026-02-13"),
        ("last Wednesday", "2026-02-11"),
        ("next Monday", "2026-02-23"),
        ("last week", "2026-W07"),
        ("earlier this week", "2026-W08"),
        ("next month", "2026-03"),
        ("last year", "2025"),
        ("17 February", "2026-02-17"),
        ("December 19", "2025-12-19"),
        ("Dec. 19 , 2008", "2008-12-19"),
        ("February 2022", "2022-02"),
        ("2008", "2008"),
        ("2026-03-01", "2026-03-01"),
        ("two hours", "PT2H"),
        ("six months", "P6M"),
        ("thirty minutes", "PT30M"),
        ("twenty - five years", "P25Y"),
        ("three - month", "P3M"),
        ("a 20 year", "P20Y"),
        ("several years", "PXY"),
        ("recent days", "PXD"),
        ("the past nine days", "P9D"),
        ("the next four years", "P4Y"),
        ("the past decade", "P10Y"),
        ("decades", "PXY"),
        ("two consecutive quarters", "P2Q"),
        ("annual", "P1Y"),
        ("every two weeks", "P2W"),
        ("two weeks ago", "2026-W06"),
        ("10 days ago", "2026-02-08"),
        ("20 years ago", "2006"),
        ("three months earlier", "2025-11"),
        ("the 1990s", "199"),
        ("the '80s", "198"),
        ("the third quarter of 2009", "2009-Q3"),
        ("the final quarter of last year", "2025-Q4"),
        ("the fourth quarter", "2025-Q4"),
        ("last quarter", "2025-Q4"),
        ("the first half of 2025", "2025-H1"),
        ("last autumn", "2025-FA"),
        ("summer 2024", "2024-SU"),
        ("this weekend", "2026-W08-WE"),
        ("this morning", "2026-02-18TMO"),
        ("Tuesday night", "2026-02-17TNI"),
        ("6 p.m. Tuesday", "2026-02-17T18:00"),
        ("12.30 a.m.", "2026-02-18T00:30"),
        ("18.00 UTC", "2026-02-18T18:00Z"),
        ("0800 GMT", "2026-02-18T08:00Z"),
        ("the end of the year", "2026"),
        ("last March", "2025-03"),
        ("now", "PRESENT_REF"),
    ],
)
def test_values(phrase: str, expected: str) -> None:
    assert value(phrase) == expected


@pytest.mark.parametrize("phrase", ["Wednesday", "yesterday", "last week", "next month"])
def test_without_a_publication_date_relative_dates_stay_unresolved(phrase: str) -> None:
    assert value(phrase, published=None) is None


def test_a_day_without_a_year_says_so_when_the_year_is_unknown() -> None:
    assert value("26 August", published=None) == "XXXX-08-26"


def test_a_clause_that_looks_ahead_takes_the_next_weekday() -> None:
    parsed = tree("They/PRP/nsubj>3 will/MD/aux>3 meet/VB/ROOT>3 Friday/NNP/npadvmod>3")
    assert dates.find(parsed, [(3, 4, "DATE")], PUBLISHED, LEXICON)[0].value == "2026-02-20"


@pytest.mark.parametrize("phrase", ["some time", "the first day", "a second day", "half a year", "a long night"])
def test_vague_expressions_have_no_value(phrase: str) -> None:
    assert value(phrase) is None


def test_what_is_planned_looks_ahead() -> None:
    parsed = tree("Talks/NNS/nsubjpass>3 are:be/VBP/auxpass>3 planned:plan/VBN/ROOT>3 for/IN/prep>3 March/NNP/pobj>4")
    assert dates.find(parsed, [(4, 5, "DATE")], "2026-04-18", LEXICON)[0].value == "2027-03"


def test_a_month_and_day_without_a_year_is_the_nearest() -> None:
    assert value("March 1", verb="open/VBP") == "2026-03-01"
    assert value("December 1", verb="open/VBP") == "2025-12-01"
    assert value("March 1") == "2025-03-01", "the clause tells of the past"


def test_that_day_is_the_last_that_was_spoken_of() -> None:
    parsed = tree(
        "They/PRP/nsubj>2 met:meet/VBD/ROOT>2 Monday/NNP/npadvmod>2 and/CC/cc>2 left:leave/VBD/conj>2 "
        "that/DT/det>8 same/JJ/amod>8 day/NN/npadvmod>5"
    )
    spans = [(2, 3, "DATE"), (5, 8, "DATE")]
    assert [when.value for when in dates.find(parsed, spans, PUBLISHED, LEXICON)] == ["2026-02-16", "2026-02-16"]


def test_types() -> None:
    phrases = {"Monday": "DATE", "6 p.m.": "TIME", "two hours": "DURATION", "every week": "SET", "Monday night": "TIME"}
    for phrase, type_ in phrases.items():
        tokens = phrase.split()
        parsed = tree("met:meet/VBD/ROOT>1 " + " ".join(f"{token}/NN/npadvmod>1" for token in tokens))
        (when,) = dates.find(parsed, [(1, 1 + len(tokens), "DATE")], PUBLISHED, LEXICON)
        assert when.type == type_, phrase


def test_what_the_recogniser_misses_is_found() -> None:
    parsed = tree("an/DT/det>3 annual/JJ/amod>3 meeting/NN/ROOT>3 at/IN/prep>3 18.00/CD/nummod>6 UTC/NNP/pobj>4")
    assert [when.value for when in dates.find(parsed, [], PUBLISHED, LEXICON)] == ["P1Y", "2026-02-18T18:00Z"]


def test_adjacent_spans_are_one_expression() -> None:
    parsed = tree("They/PRP/nsubj>2 met:meet/VBD/ROOT>2 Tuesday/NNP/compound>4 night/NN/npadvmod>2")
    (when,) = dates.find(parsed, [(2, 3, "DATE"), (3, 4, "TIME")], PUBLISHED, LEXICON)
    assert (when.start, when.end, when.value) == (2, 4, "2026-02-17TNI")


@pytest.mark.parametrize(
    ("phrase", "values"),
    [
        ("2009 to 2011", ["2009", "2011"]),
        ("May 3 and May 5", ["2025-05-03", "2025-05-05"]),
        ("two and a half years", ["P2.5Y"]),
        ("51", []),
        ("52 - 35", []),
        ("some time", [None]),
    ],
)
def test_two_ends_are_two_times_and_an_age_is_none(phrase: str, values: list[str | None]) -> None:
    tokens = phrase.split()
    parsed = tree("They/PRP/nsubj>2 met:meet/VBD/ROOT>2 " + " ".join(f"{token}/NN/npadvmod>2" for token in tokens))
    found = dates.find(parsed, [(2, 2 + len(tokens), "DATE")], PUBLISHED, LEXICON)
    assert [when.value for when in found] == values


def test_what_is_agreed_in_may_was_agreed_in_the_past() -> None:
    assert value("May", verb="agreed:agree/VBN") == "2025-05"
    assert value("April", verb="contracted:contract/VBN") == "2025-04"
