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
        ("Talks are expected to take place in Rome.", "Talks", "affirmed planned"),
        ("A second round of talks is expected to take place in Rome.", "talks", "affirmed planned"),
        ("Talks were due to begin on Sunday.", "Talks", "affirmed planned"),
        ("The talks are set to resume on Monday.", "talks", "affirmed planned"),
        ("A meeting is likely to be held in Ankara.", "meeting", "affirmed possible"),
        ("An election and a summit are expected to be held in May.", "summit", "affirmed planned"),
        ("No talks are expected to take place.", "talks", "negated planned"),
        ("No deal is expected to be signed.", "deal", "negated planned"),
        ("The deal is set to expire in May.", "deal", "affirmed actual"),
        ("The truce is expected to end the war.", "truce", "affirmed actual"),
        ("Iran dismissed reports of talks with Egypt.", "talks", "affirmed possible"),
        ("Iran ruled out talks.", "talks", "negated possible"),
        ("Iran has not ruled out talks.", "talks", "affirmed possible"),
        ("Iran rejected a meeting with Egypt.", "meeting", "affirmed possible"),
        ("Iran rejected Egypt's demand.", "demand", "affirmed actual"),
        ("Turkey warned Egypt against attacking Syria.", "attacking", "negated desired"),
        ("Turkey warned Egypt of an attack.", "attack", "affirmed possible"),
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


@pytest.mark.parametrize(
    ("text", "trigger", "agent"),
    [
        ("Turkey warned Egypt against attacking Syria.", "attacking", "Egypt"),
        ("Turkey called on Egypt to withdraw from Syria.", "withdraw", "Egypt"),
        ("Turkey appealed to Egypt to withdraw from Syria.", "withdraw", "Egypt"),
        ("Turkey called for Egypt to withdraw from Syria.", "withdraw", "Egypt"),
        ("Turkey promised Egypt to withdraw from Syria.", "withdraw", "Turkey"),
        ("On Friday Smith called Putin to condemn the raid.", "condemn", "Smith"),
    ],
)
def test_who_is_called_on_to_do_it_would_do_it(reader: Pipeline, text: str, trigger: str, agent: str) -> None:
    (record,) = reader([Article(text=text, source="test")])
    names = {one.id: one.name for one in record.entities}
    (event,) = (e for e in record.events if text[e.trigger.start : e.trigger.end] == trigger)
    assert [names[str(role.entity)] for role in event.roles if role.role == "agent"] == [agent]
