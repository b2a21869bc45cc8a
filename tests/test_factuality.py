"""Factuality: a number for how far the text commits itself to a claim."""

from __future__ import annotations

import pytest

from kg.extract import Pipeline
from kg.graph import to_graph
from kg.namespaces import KG
from kg.read import Article
from kg.record import Record


def read(reader: Pipeline, text: str) -> Record:
    (record,) = reader([Article(text=text, source="x", published="2026-02-18")])
    return record


@pytest.mark.parametrize(
    ("text", "class_", "expected"),
    [
        ("Russia shelled Kharkiv.", "Shelling", 3.0),
        ("Russia did not shell Kharkiv.", "Shelling", -3.0),
        ("Russia will shell Kharkiv.", "Shelling", 2.0),
        ("Russia may shell Kharkiv.", "Shelling", 1.0),
        ("Kyiv confirmed that Russia had shelled Kharkiv.", "Shelling", 3.0),
        ("Kyiv said that Russia had shelled Kharkiv.", "Shelling", 2.7),
        ("Kyiv claimed that Russia had shelled Kharkiv.", "Shelling", 1.5),
        ("Moscow denied that Russia had shelled Kharkiv.", "Shelling", -2.7),
    ],
)
def test_polarity_modality_and_cue_make_a_number(reader: Pipeline, text: str, class_: str, expected: float) -> None:
    (event,) = (event for event in read(reader, text).events if event.class_ == class_)
    assert event.factuality == expected


def test_the_graph_says_it_once_a_claim(reader: Pipeline) -> None:
    graph = to_graph(read(reader, "Kyiv claimed that Russia had shelled Kharkiv."))
    assert sorted(float(str(value)) for value in graph.objects(None, KG.factuality)) == [1.5, 3.0]
