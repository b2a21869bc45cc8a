"""Confidence: a claim is as sure as gold finds its like to be."""

from __future__ import annotations

from pathlib import Path

from kg.extract import Pipeline, confidence
from kg.read import Article
from kg.record import Record
from tests.bench import yardsticks
from tests.bench.calibration import Marks, counts, held_out, shares
from tests.bench.reliability import KINDS, calibration_error, curve, judged
from tests.bench.verdicts import MISSED, RIGHT, WRONG, Verdict, verdicts

TEXT = (
    "Abbas met Netanyahu in Cairo on Monday. He praised Egypt. Sergei Lavrov, the foreign minister of Russia, said "
    "that the army had shelled Kharkiv. Talks resumed."
)


def read(reader: Pipeline) -> Record:
    (record,) = reader([Article(text=TEXT, source="x", published="2026-02-18")])
    return record


def test_every_confidence_is_a_measured_share(reader: Pipeline) -> None:
    record, known = read(reader), set(confidence.load().values())
    proposed = {event.id for event in record.events if event.class_ == "Open" and event.plover}
    assert {event.confidence for event in record.events if event.id not in proposed} <= known
    assert {relation.confidence for relation in record.relations} <= known


def test_kinds_of_claims_are_told_apart(reader: Pipeline) -> None:
    before, reader.shares = reader.shares, (marks := Marks())
    try:
        record = read(reader)
    finally:
        reader.shares = before
    kinds = {event.class_: marks.kind(event.confidence) for event in record.events}
    assert (kinds["Meeting"], kinds["Support"], kinds["Shelling"]) == ("event.verb", "event.inferred", "event.verb")
    (office,) = (one for one in record.relations if one.predicate == "officialOf")
    assert marks.kind(office.confidence) == "relation.office"


def test_a_kind_that_was_never_met_has_the_share_of_its_family() -> None:
    assert confidence.load()["event.nobody-met"] == confidence.load()["event"]


def test_a_share_is_drawn_towards_its_family() -> None:
    told = shares({"event.verb": (80, 100), "event.noun": (0, 2)})
    assert told["event"] == 0.78
    assert told["event.verb"] == 0.8
    assert told["event.noun"] == 0.65, "ten of its family and two of its own"


def test_what_is_missed_counts_for_no_kind() -> None:
    marks = Marks()
    told = [Verdict("event", outcome, "", "", marks["event.verb"]) for outcome in (RIGHT, WRONG, MISSED)]
    assert counts([*told, Verdict("event", RIGHT, "", "", 0.9)], marks) == {"event.verb": (1, 2)}


def test_held_out_articles_are_judged_by_the_others() -> None:
    marks = Marks()
    right, wrong = (Verdict("event", outcome, "", "", marks["event.verb"]) for outcome in (RIGHT, WRONG))
    assert held_out({"a": [right], "b": [right]}, marks) == 0.0
    assert held_out({"a": [right], "b": [wrong]}, marks) == 1.0


def test_confidence_means_what_gold_says(shared: Path, reader: Pipeline) -> None:
    """The shares on file are those of the reader as it is now, within what rounding and a change of a few claims do."""
    data = shared / yardsticks.DATA["articles"]
    found = judged(verdicts("articles", data, yardsticks.measure("articles", data, reader).records))
    claims = [claim for kind in KINDS for claim in found[kind]]
    assert calibration_error(curve(claims)) < 0.08
