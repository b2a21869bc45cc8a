"""Talks: what the words at a negotiation say, and two articles about two rounds through the whole pipeline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg import lexicon
from kg.extract import Pipeline
from kg.extract.stages import Sign, Stage, read
from kg.graph import to_graph
from kg.query import ask
from kg.read import Article
from kg.record import Record
from kg.store import Store
from tests.trees import tree

FIRST = """The first round of indirect talks between Egypt and Ethiopia ended in Nairobi on Tuesday without a \
deal on water.

Kenya mediated the talks. Sameh Shoukry led the Egyptian delegation.

Egypt demanded monthly inspections of the dam. Ethiopia rejected the demand.

The second round of talks is scheduled for 20 March in Nairobi."""
SECOND = """The second round of talks between Egypt and Ethiopia ended in Nairobi on Friday. Egypt and Ethiopia \
discussed inspections and electricity.

Egypt repeated its demand for inspections. Ethiopia said that it would accept the demand if Egypt left the border. \
The Egyptian foreign minister, Badr Abdelatty, said that Ethiopia had agreed to yearly inspections of the dam.

Egypt and Ethiopia reached an agreement on electricity. Another round of talks may be held in May."""


def article(text: str, published: str, outlet: str) -> Article:
    return Article(text=text, source=f"{outlet}.txt", published=published, outlet=outlet)


def told(record: Record) -> set[tuple[str, str, str]]:
    """Claims about talks as words: trigger or name, predicate, object."""
    names = {e.id: e.name for e in (*record.entities, *(record.talks.things if record.talks else ()))}
    names |= {e.id: record.text[e.trigger.start : e.trigger.end] for e in record.events}
    claims = record.talks.claims if record.talks else ()
    return {(names.get(c.subject, c.subject), c.predicate, names.get(c.object, c.object)) for c in claims}


@pytest.fixture(scope="module")
def records(reader: Pipeline) -> tuple[Record, ...]:
    return tuple(reader([article(FIRST, "2026-03-04", "Post"), article(SECOND, "2026-03-21", "Wire")]))


@pytest.fixture(scope="module")
def store(records: tuple[Record, ...]) -> Iterator[Store]:
    with Store() as store:
        for record in records:
            store.add(record)
        yield store


def rows(store: Store, name: str, columns: str, **values: str) -> list[tuple[str, ...]]:
    answer = ask(store, name, **values)
    places = [answer.columns.index(column) for column in columns.split()]
    return [tuple(str(row[place] or "") for place in places) for row in answer.rows]


# ---------------------------------------------------------------------------------------------- words at a trigger

SIGNS = {
    "third round of indirect talks": (
        "the/DT/det>3 third/JJ/amod>3 round/NN/ROOT>3 of/IN/prep>3 indirect/JJ/amod>6 talks:talk/NNS/pobj>4", 5,
        Sign(5, 2, (Stage("round", "3"),), False, ("indirect",)),
    ),
    "another round of talks": (
        "another/DT/det>2 round/NN/ROOT>2 of/IN/prep>2 talks:talk/NNS/pobj>3", 3,
        Sign(3, 1, (Stage("round", None),), True),
    ),
    "two days are a duration": (
        "two/CD/nummod>2 days:day/NNS/ROOT>2 of/IN/prep>2 talks:talk/NNS/pobj>3", 3, Sign(3, 1),
    ),
    "first day of the second round": (
        "first/JJ/amod>2 day/NN/ROOT>2 of/IN/prep>2 second/JJ/amod>5 round/NN/pobj>3 of/IN/prep>5 talk/NN/pobj>6",
        6,
        Sign(6, 1, (Stage("session", "1"), Stage("round", "2"))),
    ),
    "counted from some year": (
        "first/JJ/amod>2 round/NN/ROOT>2 of/IN/prep>2 talks:talk/NNS/pobj>3 since/IN/prep>2 2019/CD/pobj>5", 3,
        Sign(3, 1, (Stage("round", None),)),
    ),
    "called off": (
        "talks:talk/NNS/nsubjpass>3 were:be/VBD/auxpass>3 called:call/VBN/ROOT>3 off/RP/prt>3", 0,
        Sign(0, 0, status="cancelled"),
    ),
    "may be called off": (
        "talks:talk/NNS/nsubjpass>4 may/MD/aux>4 be/VB/auxpass>4 called:call/VBN/ROOT>4 off/RP/prt>4", 0, Sign(0, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNS)
def test_signs(name: str) -> None:
    text, at, expected = SIGNS[name]
    assert read(tree(text), lexicon.load(), at) == expected


# ------------------------------------------------------------------------------------------------ in one article


def test_a_round_has_its_place_in_a_process(records: tuple[Record, ...]) -> None:
    assert {
        ("talks", "stage", "kg:round"),
        ("talks", "ordinal", "1"),
        ("talks", "format", "kg:indirect"),
        ("talks", "place", "Nairobi"),
        ("talks", "subEventOf", "Egypt – Ethiopia"),
        ("talks", "nextRound", "talks"),
        ("talks", "roundStatus", "kg:scheduled"),
        ("talks", "outcome", "deal"),
        ("deal", "outcomeKind", "kg:noDeal"),
        ("Egypt – Ethiopia", "party", "Egypt"),
        ("Sameh Shoukry", "headsDelegationOf", "Egypt"),
    } <= told(records[0])


def test_answers_know_what_they_answer(records: tuple[Record, ...]) -> None:
    assert ("rejected", "response", "kg:rejected") in told(records[0])
    assert {("accept", "respondsTo", "demand"), ("accept", "response", "kg:conditionallyAccepted")} <= told(records[1])


def test_every_claim_quotes_the_sentence_that_states_it(records: tuple[Record, ...]) -> None:
    for record in records:
        assert record.talks is not None
        for claim in record.talks.claims:
            quoted = record.text[claim.evidence.start : claim.evidence.end]
            assert quoted.endswith(".")
            assert "\n" not in quoted


def test_the_record_keeps_talks(records: tuple[Record, ...]) -> None:
    for record in records:
        assert Record.from_json(record.to_json()) == record


def test_what_is_planned_does_not_stand_by_itself(records: tuple[Record, ...]) -> None:
    graph = to_graph(records[0]).serialize(format="nt")
    assert "nextRound" in graph  # as a claim
    assert not [line for line in graph.splitlines() if line.split()[1].endswith("#nextRound>")]


def test_talks_of_others_lend_no_parties(reader: Pipeline) -> None:
    """Of two pairs that talk, neither is the one that "the talks" without parties mean."""
    text = (
        "Talks between Egypt and Ethiopia began in Nairobi on Monday. "
        "Talks between Chad and Sudan began in Doha on Monday. "
        "A third round of talks was cancelled."
    )
    (record,) = reader([article(text, "2026-03-04", "Post")])
    assert {name for name, predicate, _ in told(record) if predicate == "party"} == {"Egypt – Ethiopia", "Chad – Sudan"}
    assert not [claim for claim in told(record) if claim[1] == "nextRound"]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Talks between Egypt and Ethiopia ended. Egypt dropped its demand for inspections.", "kg:withdraws"),
        ("Talks between Egypt and Ethiopia ended. Egypt put off the question of inspections.", "kg:defers"),
        ("Talks between Egypt and Ethiopia ended. Egypt proposed inspections.", "kg:proposes"),
        ("Talks between Egypt and Ethiopia ended. Egypt denied that it had delayed inspections.", ""),
        ("Talks between Egypt and Ethiopia ended. Any deal requiring Egypt to hand over land would fail.", ""),
    ],
)
def test_stances(text: str, stance: str, reader: Pipeline) -> None:
    (record,) = reader([article(text, "2026-03-04", "Post")])
    assert {object_ for _, predicate, object_ in told(record) if predicate == "stance"} == (
        {stance} if stance else set()
    )


# ------------------------------------------------------------------------------------------------ across articles


def test_a_position_moves_across_rounds(store: Store) -> None:
    columns = "day round stance speaker outlet"
    assert rows(store, "how-a-position-moved", columns, who="Ethiopia", item="inspections") == [
        ("2026-03-04", "1", "rejects", "", "Post"),
        ("2026-03-21", "2", "conditions", "Ethiopia", "Wire"),
        ("2026-03-21", "2", "accepts", "Badr Abdelatty", "Wire"),
    ]


def test_what_the_rounds_brought(store: Store) -> None:
    columns = "round day venue mediator outcome next_day next_status"
    assert rows(store, "what-a-round-brought", columns, who="Egypt") == [
        ("1", "2026-03-03", "Nairobi", "Kenya", "continued", "2026-03-20", "scheduled"),
        ("1", "2026-03-03", "Nairobi", "Kenya", "noDeal", "", ""),
        ("2", "2026-03-20", "Nairobi", "", "continued", "2026-05", "possible"),
        ("2", "2026-03-20", "Nairobi", "", "deal", "", ""),
    ]


def test_agenda_and_heads(store: Store) -> None:
    assert rows(store, "what-is-on-the-agenda", "matter modality") == [
        ("electricity", "actual"),
        ("inspections", "actual"),
    ]
    assert rows(store, "who-leads-a-delegation", "head delegation") == [("Sameh Shoukry", "Egypt")]


# ----------------------------------------------------------------------------------------------- delegations and places


def read_one(reader: Pipeline, text: str) -> Record:
    (record,) = reader([article(text, "2026-03-04", "Post")])
    return record


def test_whose_delegation_it_is_may_be_said_behind_it(reader: Pipeline) -> None:
    record = read_one(reader, "Sameh Shoukry led the delegation of Egypt to the talks in Nairobi on Tuesday.")
    assert ("Sameh Shoukry", "headsDelegationOf", "Egypt") in told(record)
    assert "mediator" not in {role.role for event in record.events for role in event.roles}


def test_talks_in_another_city_are_no_meeting_told_before(reader: Pipeline) -> None:
    record = read_one(reader, "Paul Smith met Anna Kovacs in Moscow on Wednesday. Kovacs flew to the talks in Geneva.")
    names = {entity.id: entity.name for entity in record.entities}
    meeting = next(event for event in record.events if event.class_ == "Meeting")
    assert [names[str(role.entity)] for role in meeting.roles if role.role == "place"] == ["Moscow"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Smith met Kovacs in Geneva at the request of Qatar.", {"Geneva"}),
        ("The two sides held talks in Geneva at the invitation of Pakistan.", {"Geneva"}),
        ("Iran attacked the base on behalf of Syria.", set()),
        ("Clashes erupted in the streets of Khartoum.", {"Khartoum"}),
        ("The attack took place on the outskirts of Kyiv.", {"Kyiv"}),
        ("Gunmen killed 17 people in Kyiv.", {"Kyiv"}),
        ("A drone hit a market in Khartoum.", {"Khartoum"}),
    ],
)
def test_places_are_where_it_is_and_not_at_whose_request(reader: Pipeline, text: str, places: set[str]) -> None:
    record = read_one(reader, text)
    names = {entity.id: entity.name for entity in record.entities}
    told_of = (event for event in record.events if event.class_ != "Open")
    assert {names[str(role.entity)] for event in told_of for role in event.roles if role.role == "place"} == places


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Anna Kovacs is negotiating for Hungary with Serbia.", "affirmed"),
        ("Anna Kovacs, who negotiated on behalf of Hungary, resigned.", "affirmed"),
        ("Anna Kovacs denied that she had negotiated on behalf of Hungary.", "negated"),
        ("Anna Kovacs negotiated for hours.", None),
        ("Anna Kovacs negotiated for better terms with Hungary.", None),
    ],
)
def test_for_whom_somebody_negotiates(reader: Pipeline, text: str, polarity: str | None) -> None:
    found = [relation for relation in read_one(reader, text).relations if relation.predicate == "negotiatorOf"]
    assert [relation.polarity for relation in found] == ([] if polarity is None else [polarity])


@pytest.mark.parametrize(
    ("text", "mediated"),
    [
        ("Under Saudi mediation, the army and the rebels signed a truce.", {"Agreement", "Ceasefire"}),
        ("Israel and Hamas reached a deal under Saudi mediation.", {"Agreement"}),
        ("Thanks to Saudi mediation, Iran and the United States held talks.", {"Negotiation"}),
        ("The talks under Saudi mediation collapsed.", {"Negotiation"}),
        ("The parties reached a deal without Saudi mediation.", set()),
        ("Hamas rejected Saudi mediation and signed a deal.", set()),
    ],
)
def test_what_is_done_under_a_mediation_is_mediated(reader: Pipeline, text: str, mediated: set[str]) -> None:
    record = read_one(reader, text)
    classes = {event.id: event.class_ for event in record.events}
    assert {classes[one.subject] for one in record.relations if one.predicate == "mediatedBy"} == mediated


def test_who_heads_a_delegation_is_told_once(reader: Pipeline) -> None:
    record = read_one(reader, "The head of the Egyptian delegation, Sameh Shoukry, spoke at the talks in Nairobi.")
    assert record.talks is not None
    assert [one.predicate for one in record.talks.claims].count("headsDelegationOf") == 1


def test_who_negotiates_for_a_state_does_not_talk_with_it(reader: Pipeline) -> None:
    record = read_one(reader, "Anna Kovacs is negotiating with Serbia for Hungary.")
    names = {entity.id: entity.name for entity in record.entities}
    (talks,) = record.events
    assert {names[str(role.entity)] for role in talks.roles if role.role == "party"} == {"Anna Kovacs", "Serbia"}
