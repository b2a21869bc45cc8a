"""Who is who in one text: names that are one, nouns beside them, pronouns, and what is no name at all."""

from __future__ import annotations

import pytest

from kg.extract import Pipeline
from kg.read import Article
from kg.record import Record


def _read(reader: Pipeline, text: str) -> Record:
    return next(iter(reader([Article(text=text, source="test")])))


def _told(record: Record) -> dict[str, list[str]]:
    """The words by which each entity is mentioned."""
    return {one.name: [record.text[m.start : m.end] for m in one.mentions] for one in record.entities}


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("The airline Finnair bought jets.", "Finnair", ["airline", "Finnair"]),
        ("Saab said they will build it.", "Saab", ["Saab", "they"]),
        ("Ford's chief executive, Jim Hackett, spoke. “We face a loss,” he said.", "Ford", ["Ford", "We"]),
        ("Nova Motors Corporation grew. NM will hire.", "Nova Motors Corporation", ["Nova Motors Corporation", "NM"]),
        ("It has a bank. It was founded by Egypt.", "bank", ["a bank", "It"]),
        ("The government and Hamas extended their truce.", "government", ["The government", "their"]),
        ("The government and Hamas extended their truce.", "Hamas", ["Hamas", "their"]),
        ("Dana Houston met Boris Johnson. Houston said that talks began.", "Dana Houston", ["Dana Houston", "Houston"]),
    ],
)  # fmt: skip
def test_mentions_of_one_are_found(reader: Pipeline, text: str, name: str, words: list[str]) -> None:
    assert _told(_read(reader, text)).get(name) == words


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        ("The Bank of Georgia lent money.", "Bank of Georgia", "Organization"),
        ("The War Committee met.", "War Committee", "Organization"),
        ("Soldiers from the United Nations arrived.", "Soldiers from the United Nations", "Group"),
        ("They met in the town of Tel Abyad.", "Tel Abyad", "City"),
    ],
)
def test_names_tell_what_they_are(reader: Pipeline, text: str, name: str, type_: str) -> None:
    assert {one.name: one.type for one in _read(reader, text).entities}.get(name) == type_


def test_bare_plurals_are_no_things(reader: Pipeline) -> None:
    told = _told(_read(reader, "Rebels destroyed crates and the old cask. They used tanks."))
    assert "crates" not in told
    assert {"old cask", "tanks"} <= set(told)


def test_courtesy_makes_no_ally(reader: Pipeline) -> None:
    record = _read(reader, "The Kenyan army thanked the Ugandan army. The Kenyan army supports the Somali army.")
    names = {one.id: one.name for one in record.entities}
    allied = {names[one.object] for one in record.relations if one.predicate == "allyOf"}
    assert "Somali army" in allied
    assert "Ugandan army" not in allied


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The Egyptian leader, Paul Smith, spoke.", ("headOf", "Egypt")),
        ("The leader of the Egyptian people, Paul Smith, spoke.", ("headOf", "Egypt")),
        ("Egyptian junta leader Paul Smith spoke.", ("headOf", "Egypt")),
        ("Houthi rebel leader Paul Smith spoke.", ("headOf", "Houthis")),
        ("The French IMF chief, Paul Smith, spoke.", ("headOf", "International Monetary Fund")),
        ("EU foreign policy chief Paul Smith spoke.", ("officialOf", "European Union")),
        ("Paul Smith, head of the EU's foreign policy, spoke.", ("officialOf", "European Union")),
        ("Egyptian judiciary chief Paul Smith spoke.", ("officialOf", "Egypt")),
        ("The head of Egypt's nuclear program, Paul Smith, spoke.", ("officialOf", "Egypt")),
        ("The leader of Hamas' political wing, Paul Smith, spoke.", ("headOf", "Hamas")),
        ("The leader of Hamas' military wing, Paul Smith, spoke.", ("officialOf", "Hamas")),
        ("The head of the Egyptian delegation, Paul Smith, spoke.", ("negotiatorOf", "Egypt")),
        ("Egyptian delegation head Paul Smith spoke.", ("negotiatorOf", "Egypt")),
        ("Sudan's army chief Paul Smith spoke.", ("headOf", "Sudanese Armed Forces")),
        ("A Russian delegation headed by Paul Smith arrived.", ("negotiatorOf", "Russia")),
        ("Russia's ambassador to Egypt, Paul Smith, spoke.", ("representativeOf", "Russia")),
        ("The ambassador to Egypt, Paul Smith, spoke.", None),
        ("A spokesman for Egypt, Paul Smith, spoke.", ("representativeOf", "Egypt")),
        ("The adviser for Africa, Paul Smith, spoke.", None),
        ("Egyptian opposition leader Paul Smith spoke.", None),
        ("The leader of Egyptian dissidents, Paul Smith, spoke.", None),
        ("Egypt's chief Cotonou negotiator Paul Smith spoke.", ("negotiatorOf", "Egypt")),
    ],
)
def test_who_heads_a_part_does_not_head_the_whole(reader: Pipeline, text: str, told: tuple[str, str] | None) -> None:
    record = _read(reader, text)
    names = {one.id: one.label or one.name for one in record.entities}
    found = [(one.predicate, names[one.object]) for one in record.relations if names[one.subject] == "Paul Smith"]
    assert found == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("A spokesman for the Taliban, Paul Smith, said no talks were planned.", "Paul Smith"),
        ("Paul Smith rejected the plan. His office said it was wrong.", "office"),
        ("The president's office said the plan was wrong.", "president's office"),
    ],
)
def test_who_speaks(reader: Pipeline, text: str, speaker: str) -> None:
    record = _read(reader, text)
    names = {one.id: one.name for one in record.entities}
    (said,) = (event for event in record.events if event.class_ == "Statement")
    assert [names[str(role.entity)] for role in said.roles if role.role == "speaker"] == [speaker]
