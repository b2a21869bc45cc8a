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


# ── the same over many verbs, typed and open, and over forms of each ──

VERBS = [
    ("rejected", "reject", "the plan"), ("attacked", "attack", "the convoy"), ("tested", "test", "the engine"),
    ("bought", "buy", "the refinery"), ("condemned", "condemn", "the raid"), ("repaired", "repair", "the bridge"),
    ("blocked", "block", "the road"), ("praised", "praise", "the ruling"), ("copied", "copy", "the design"),
]  # fmt: skip
VOICES = [
    ("Iran {past} {object}.", "{Object} was {past} by Iran.", "It was Iran that {past} {object}."),
    ("Iran {past} {object}.", "Iran, which {past} {object}, left.", "Iran came and {past} {object}."),
    ("Iran did not {base} {object}.", "{Object} was not {past} by Iran."),
    ("Iran will {base} {object}.", "{Object} will be {past} by Iran."),
    ("Iran may {base} {object}.", "{Object} may be {past} by Iran."),
    ("Iran wants to {base} {object}.", "Iran would like to {base} {object}."),
    ("Qatar asked Iran to {base} {object}.", "Iran was asked by Qatar to {base} {object}."),
    ("Iran {past} {object}.", "Having {part} {object}, Iran left.", "By {ing} {object}, Iran won."),
    ("Iran is said to have {part} {object}.", "Iran is reported to have {part} {object}."),
]  # fmt: skip


def filled(template: str, verb: tuple[str, str, str]) -> str:
    past, base, object_ = verb
    ing = base.removesuffix("e") + "ing"
    return template.format(past=past, part=past, base=base, ing=ing, object=object_, Object=object_.capitalize())


def claims_of(record: Record, verb: tuple[str, str, str]) -> Facts:
    """Claims of the events that a verb evokes, those of other verbs in the sentence aside."""
    names = {entity.id: entity.name for entity in record.entities}
    forms = {verb[0], verb[1], verb[1].removesuffix("e") + "ing"}
    return {
        (event.class_, role.role, names.get(role.entity or "", role.value or "").casefold().removeprefix("the "),
         event.polarity, "actual" if event.modality == "actual" else "unreal")
        for event in record.events
        if record.text[event.trigger.start : event.trigger.end] in forms
        for role in event.roles
    }  # fmt: skip


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[1])
def test_voice_control_and_participles_state_the_same(verb: tuple[str, str, str], reader: Pipeline) -> None:
    for templates in VOICES:
        texts = [filled(template, verb) for template in templates]
        first, *others = (claims_of(record, verb) for record in read(reader, *texts))
        assert {role for _, role, *_ in first} >= {"agent"}, texts[0]
        for text, other in zip(texts[1:], others, strict=True):
            assert other == first, (texts[0], text)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[1])
def test_negation_flips_the_polarity_and_nothing_else(verb: tuple[str, str, str], reader: Pipeline) -> None:
    texts = [filled(t, verb) for t in ("Iran {past} {object}.", "Iran did not {base} {object}.")]
    plain, denied = (claims_of(record, verb) for record in read(reader, *texts))
    assert {(class_, role, name, "negated", modality) for class_, role, name, _, modality in plain} == denied


NAMES = [("Iran", "Kenya"), ("Iran", "Boko Haram"), ("Iran", "Angela Merkel")]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[1])
@pytest.mark.parametrize(("old", "new"), NAMES)
def test_another_name_gives_a_record_of_the_same_shape(
    verb: tuple[str, str, str], old: str, new: str, reader: Pipeline
) -> None:
    texts = [filled(t, verb) for t in ("Iran {past} {object}.", "{Object} was {past} by Iran.")]
    for one, two in zip(read(reader, *texts), read(reader, *(t.replace(old, new) for t in texts)), strict=True):
        renamed = {tuple(new.casefold() if x == old.casefold() else x for x in fact) for fact in claims_of(one, verb)}
        assert renamed == claims_of(two, verb)


PARAGRAPHS = (
    "Iran attacked Israel on Monday.",
    "Lufthansa tested the engine with Airbus.",
    "Kenya expelled three diplomats, and Egypt praised the ruling.",
    "The committee did not repair the bridge.",
)


def test_the_order_of_paragraphs_does_not_change_what_each_says(reader: Pipeline) -> None:
    orders = [PARAGRAPHS, PARAGRAPHS[::-1], (*PARAGRAPHS[2:], *PARAGRAPHS[:2])]
    first, *others = (facts(record) for record in read(reader, *("\n\n".join(order) for order in orders)))
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
