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


@pytest.mark.parametrize("phrase", ["some time", "the first day", "just hours", "recent days"])
def test_vague_expressions_have_no_value(phrase: str) -> None:
    assert value(phrase) is None


def test_what_is_planned_looks_ahead() -> None:
    parsed = tree("Talks/NNS/nsubjpass>3 are:be/VBP/auxpass>3 planned:plan/VBN/ROOT>3 for/IN/prep>3 March/NNP/pobj>4")
    assert dates.find(parsed, [(4, 5, "DATE")], "2026-04-18", LEXICON)[0].value == "2027-03"


def test_adjacent_spans_are_one_expression() -> None:
    parsed = tree("They/PRP/nsubj>2 met:meet/VBD/ROOT>2 Tuesday/NNP/compound>4 night/NN/npadvmod>2")
    (when,) = dates.find(parsed, [(2, 3, "DATE"), (3, 4, "TIME")], PUBLISHED, LEXICON)
    assert (when.start, when.end, when.value) == (2, 4, "2026-02-17")
