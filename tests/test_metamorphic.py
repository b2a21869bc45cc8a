"""What must not change the claims (voice, relative clauses), and what must change them in step (names)."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from kg.extract import Pipeline
from kg.read import Article
from kg.record import Record

Facts = set[tuple[str, str, str, str, str]]


def read(reader: Pipeline, *texts: str) -> list[Record]:
    return list(reader(Article(text=text, source="test") for text in texts))


def facts(record: Record) -> Facts:
    names = {entity.id: entity.name for entity in record.entities}
    return {
        (
            event.class_,
            role.role,
            names.get(role.entity or "", role.value or "").casefold().removeprefix("the "),
            event.polarity,
            event.modality,
        )
        for event in record.events
        for role in event.roles
    }


SAME: Iterable[tuple[str, ...]] = [
    ("Iran attacked Israel.", "Israel was attacked by Iran.", "It was Iran that attacked Israel."),
    ("Qatar rejected the plan.", "The plan was rejected by Qatar."),
    ("Iran did not attack Israel.", "Israel was not attacked by Iran."),
    ("Iran will attack Israel.", "Israel will be attacked by Iran."),
    ("Egypt accused Ethiopia of theft.", "Ethiopia was accused of theft by Egypt."),
    ("Kenya expelled three diplomats.", "Three diplomats were expelled by Kenya."),
]


@pytest.mark.parametrize("texts", SAME, ids=lambda texts: texts[0])
def test_the_same_proposition_in_other_syntax_is_the_same_claim(texts: tuple[str, ...], reader: Pipeline) -> None:
    first, *others = (facts(record) for record in read(reader, *texts))
    assert first
    assert all(other == first for other in others)


RENAMED = [("Iran", "Kenya"), ("Israel", "Brazil"), ("Hamas", "Boko Haram"), ("Qatar", "Kuwait")]
TEXT = (
    "Qatar mediated talks between Israel and Hamas. Israel rejected the demand. Hamas attacked Israel. "
    "Iran did not condemn the attack. Iran will send aid to Qatar if Israel agrees."
)


def test_renaming_the_actors_renames_the_claims_and_nothing_else(reader: Pipeline) -> None:
    other = TEXT
    for old, new in RENAMED:
        other = other.replace(old, new)
    one, two = (facts(record) for record in read(reader, TEXT, other))
    table = {old.casefold(): new.casefold() for old, new in RENAMED}
    assert {(class_, role, table.get(name, name), *rest) for class_, role, name, *rest in one} == two


def test_what_is_added_after_an_article_does_not_change_what_was_read_before(reader: Pipeline) -> None:
    base = "Iran attacked Israel on Monday.\n\nQatar condemned the attack."
    one, two = (facts(record) for record in read(reader, base, base + "\n\nIn Oslo, children sang songs."))
    assert one <= two


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("Iran did not attack Israel.", "Attack"),
        ("Iran may attack Israel.", "Attack"),
        ("If Iran attacks Israel, Qatar will leave.", "Attack"),
        ("Iran threatened to attack Israel.", "Attack"),
        ("Iran denied that it had attacked Israel.", "Attack"),
        ("Iran failed to reach an agreement with Iraq.", "Agreement"),
        ("Iran and Iraq left without an agreement.", "Agreement"),
        ("Iran and Iraq nearly reached an agreement.", "Agreement"),
        ("Iran called for a ceasefire.", "Ceasefire"),
        ("Iran wants a ceasefire.", "Ceasefire"),
        ("There was no ceasefire.", "Ceasefire"),
        ("Neither side signed the agreement.", "Agreement"),
        ("Iran refused to release the prisoners.", "Release"),
        ("Israel demanded that Hamas release the hostages.", "Release"),
        ("Will Iran attack Israel?", "Attack"),
    ],
)
def test_what_is_denied_wanted_or_possible_is_never_asserted(text: str, class_: str, reader: Pipeline) -> None:
    (record,) = read(reader, text)
    assert not [e for e in record.events if e.class_ == class_ and (e.polarity, e.modality) == ("affirmed", "actual")]
