"""Polarity and modality as the whole pipeline reads them: what is to come, bidden, imagined or only some of all."""

from __future__ import annotations

import pytest

from kg.extract import Pipeline
from kg.read import Article


@pytest.mark.parametrize(
    ("text", "trigger", "sign"),
    [
        ("Troops will leave after the two sides sign the agreement.", "agreement", "affirmed planned"),
        ("Iran will leave after it was attacked by Israel.", "attacked", "affirmed actual"),
        ("Do not attack the hospital, the nurse told the soldiers.", "attack", "negated desired"),
        ("Officials said that most members did not attack the town.", "attack", "negated actual"),
        ("An attack on Iran would trigger a crisis.", "attack", "affirmed conditional"),
        ("The attack on Iran could trigger a crisis.", "attack", "affirmed actual"),
        ("Turkey was the first state to attack Iraq.", "attack", "affirmed actual"),
        ("Turkey has a plan to attack Iraq.", "attack", "affirmed planned"),
        ("Egypt delayed the release of Elias.", "release", "negated actual"),
        ("Not all of the members attacked the town.", "attacked", "affirmed actual"),
        ("Egypt requested the release of Elias.", "release", "affirmed desired"),
        ("Egypt brokered a truce.", "truce", "affirmed actual"),
        ("Egypt is brokering a truce.", "truce", "affirmed possible"),
        ("Egypt tried to broker a truce.", "truce", "affirmed possible"),
        ("Egypt has not brokered a truce.", "truce", "affirmed possible"),
    ],
)
def test_events_have_the_qualifiers_that_a_reader_gives_them(
    reader: Pipeline, text: str, trigger: str, sign: str
) -> None:
    (record,) = reader([Article(text=text, source="test")])
    found = {text[e.trigger.start : e.trigger.end]: f"{e.polarity} {e.modality}" for e in record.events}
    assert found.get(trigger) == sign


@pytest.mark.parametrize(
    "text",
    [
        "An earthquake hit Turkey.",
        "The ban targets five banks.",
        "The mayor reported ceasefire violations near the port.",
        "Norway fought the flood.",
        "Ten nurses take part in peacekeeping operations.",
    ],
)
def test_what_is_no_event_of_a_class_is_not_asserted(reader: Pipeline, text: str) -> None:
    (record,) = reader([Article(text=text, source="test")])
    assert not [e.class_ for e in record.events if e.class_ in {"Attack", "Clash", "Ceasefire"}]


def test_whoever_does_it_is_not_whom_it_is_done_to(reader: Pipeline) -> None:
    text = "We express our condolences to Egypt. Iraq freed Elias after Egypt asked it to help him."
    (record,) = reader([Article(text=text, source="test")])
    for event in record.events:
        doers, others = (
            {r.entity for r in event.roles if r.role in roles}
            for roles in ({"agent", "speaker"}, {"target", "addressee"})
        )
        assert not doers & others
