"""Codes proposed for open propositions, and codes other than their class's of events that the lexicon knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from kg.extract import Pipeline, proposals
from kg.extract.components import Events
from kg.extract.proposals import NONE, SLOTS, Sight, Weights
from kg.lexicon import load as lexicon
from kg.read import Article
from kg.record import OPEN, Event, is_asserted

#: Verbs that no entry of the lexicon has, in sentences that leave little doubt of the code.
UNKNOWN = {
    "The army mauled the rebels with heavy mortars near the border town.": "maul",
    "Police frogmarched two activists out of the parliament in Tunis.": "frogmarch",
}


def events(reader: Pipeline, text: str) -> tuple[Event, ...]:
    (record,) = reader([Article(text=text, source="test")])
    return record.events


@contextmanager
def weights(reader: Pipeline, other: Weights | None) -> Iterator[None]:
    """The pipeline with other weights, or none."""
    (stage,) = (one for one in reader._stages if isinstance(one, Events))
    before, stage.weights = stage.weights, other
    try:
        yield
    finally:
        stage.weights = before


def test_weights_load_and_fit_the_slots() -> None:
    found = proposals.load()
    assert found.codes[-1] == NONE
    assert found.dense.shape == (found.width * len(SLOTS), len(found.codes))
    assert all(len(row) == len(found.codes) for row in found.signs.values())
    assert 0 < found.threshold < 1
    assert 0 < found.surely < 1
    assert set(found.codes[:-1]) <= set(lexicon().schema.plover.values())


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_verb_is_proposed_a_code_and_never_asserted(reader: Pipeline, text: str) -> None:
    frames = lexicon().frames.get(("Verb", UNKNOWN[text]), ())
    assert not any(frame.typed for frame in frames if len(frame.words) == 1)
    open_ = [event for event in events(reader, text) if event.class_ == OPEN]
    assert any(event.plover for event in open_)
    assert not any(is_asserted(event) for event in open_)


def test_a_model_without_vectors_proposes_nothing(reader: Pipeline) -> None:
    with weights(reader, None):
        found = [event for text in UNKNOWN for event in events(reader, text)]
    assert found
    assert all(event.plover is None for event in found if event.class_ == OPEN)


def test_an_overruled_code_leaves_class_and_confidence(reader: Pipeline) -> None:
    text = "France and Kenya signed an agreement on fisheries. Rebels attacked the Malian army near Kidal."
    with weights(reader, None):
        before = events(reader, text)
    after = events(reader, text)
    for one, other in zip(before, after, strict=True):
        if one.class_ != OPEN:
            assert (one.class_, one.confidence, one.roles) == (other.class_, other.confidence, other.roles)
            assert other.plover


def test_what_is_known_is_overruled_only_surely() -> None:
    codes = ("AGREE", "SUPPORT", NONE)
    seen = Sight(("class=Agreement",), tuple((slot, ()) for slot in SLOTS))

    def model(score: float, surely: float) -> Weights:
        signs = {"class=Agreement": np.array([0.0, score, 9.0])}
        return Weights(codes, np.zeros(3), signs, np.zeros((len(SLOTS), 3)), 1.0, 0.0, 0.5, surely)

    def vectors(word: str) -> proposals.Numbers:
        return np.zeros(1)

    def overruled(score: float, code: str) -> str | None:
        weights = model(score, 0.9)
        (scores,) = weights.scores([seen], vectors)
        return weights.overrule(scores, code)

    assert overruled(3.0, "AGREE") == "SUPPORT"
    assert overruled(3.0, "SUPPORT") is None
    assert overruled(1.0, "AGREE") is None
