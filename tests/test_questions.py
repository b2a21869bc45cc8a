"""The competency questions: each is asked by name of two small articles that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ontology
from kg.clusters import Verdict
from kg.errors import OntologyError, QueryError
from kg.namespaces import ARTICLE, FORM, ITEM, ORDINAL
from kg.query import Question, ask, questions, read_question
from kg.record import Record, Role, Talks
from kg.resolve import decide, decided
from kg.store import Store
from tests.records import Draft

# ------------------------------------------------------------------------------------------------ two articles, by hand


def post() -> Record:
    draft = Draft(f"{ARTICLE}aaaaaaaaaaaaaaaa", "Post", "2026-02-18")
    draft.say("Medinsky negotiates for Russia.")
    medinsky, russia = draft.entity("Medinsky", "Person"), draft.entity("Russia", "State", "Russia")
    draft.relation(medinsky, "negotiatorOf", russia)

    draft.say("On Wednesday the US mediated talks between Moscow and Ukraine in Geneva.")
    america, ukraine = draft.entity("US", "State", "United States"), draft.entity("Ukraine", "State", "Ukraine")
    draft.entity("Moscow", "State", "Russia")
    geneva, day = draft.entity("Geneva", "City", "Geneva"), draft.time("Wednesday", "2026-02-18")
    sides = (Role("party", russia), Role("party", ukraine))
    talks = draft.event("Negotiation", "talks", *sides, Role("mediator", america), Role("place", geneva), time=day)
    draft.relation(talks, "mediatedBy", america)
    process, third = draft.thing("p1", "Stage", "Russia – Ukraine"), draft.thing("n3", "Ordinal", "3", f"{ORDINAL}3")
    for predicate, object_ in (("stage", "kg:process"), ("party", russia), ("party", ukraine)):
        draft.talk(process, predicate, object_)
    rest = ("stage", "kg:round"), ("ordinal", third), ("subEventOf", process), ("format", "kg:indirect")
    for predicate, object_ in (*rest, ("item", draft.thing("i1", "Item", "energy", f"{ITEM}energy"))):
        draft.talk(talks, predicate, object_)
    draft.talk(medinsky, "headsDelegationOf", russia)

    draft.say("Zelenskyy, the president of Ukraine, said that no deal on land was reached.")
    zelenskyy = draft.entity("Zelenskyy", "Person", "Zelenskyy")
    draft.relation(zelenskyy, "headOf", ukraine, "president")
    says = draft.says("Zelenskyy", "said", "no deal on land was reached", zelenskyy)
    deal = draft.event("Agreement", "deal", *sides, Role("topic", value="land"), polarity="negated", attribution=says)
    draft.talk(talks, "outcome", deal, polarity="negated", attribution=says)
    draft.talk(deal, "outcomeKind", "kg:noDeal", attribution=says)

    draft.say("Another round with Ukraine is planned for 26 February.")
    later = draft.time("26 February", "2026-02-26")
    again = draft.event("Negotiation", "round", Role("party", ukraine), modality="planned", time=later)
    for subject, predicate, object_ in (
        (talks, "nextRound", again), (talks, "outcome", again), (again, "outcomeKind", "kg:continued"),
        (again, "stage", "kg:round"), (again, "subEventOf", process), (again, "roundStatus", "kg:scheduled"),
    ):  # fmt: skip
        draft.talk(subject, predicate, object_, modality="planned")

    draft.say("Russia demands Donetsk, and Kyiv rejected that.")
    donetsk = draft.entity("Donetsk", "Region", "Donetsk")
    demand = draft.event("Demand", "demands", Role("agent", russia), Role("topic", donetsk))
    answer = draft.event("Rejection", "rejected", Role("agent", ukraine), Role("target", demand), responds_to=demand)
    for event, holder, stance in ((demand, russia, "demands"), (answer, ukraine, "rejects")):
        draft.talk(event, "holder", holder)
        draft.talk(event, "stance", f"kg:{stance}")
        draft.talk(event, "item", donetsk)
    draft.talk(answer, "response", "kg:rejected")

    draft.say("Local authorities said that a drone strike killed a woman in Zaporizhzhia.")
    locals_ = draft.entity("Local authorities", "Group")
    city = draft.entity("Zaporizhzhia", "City", "Zaporizhzhia")
    says = draft.says("Local authorities", "said", "a drone strike killed a woman", locals_)
    victim = Role("killed", value="a woman", count=1)
    draft.event("Airstrike", "strike", victim, Role("place", city), attribution=says)

    draft.say("Diplomats hoped for a truce with Russia.")
    says = draft.says("Diplomats", "hoped", "a truce", None)
    draft.event("Ceasefire", "truce", Role("party", russia), modality="desired", attribution=says)

    draft.say("Russia may bomb Kharkiv.")
    kharkiv = draft.entity("Kharkiv", "City", "Kharkiv")
    draft.event("Bombing", "bomb", Role("agent", russia), Role("target", kharkiv), modality="possible")

    draft.say("Ukraine mulled its options.")
    draft.event("Open", "mulled", Role("agent", ukraine), Role("topic", value="its options"))
    return draft.record()


def wire() -> Record:
    draft = Draft(f"{ARTICLE}bbbbbbbbbbbbbbbb", "Wire", "2026-02-19")
    draft.say("Lavrov said that Russia and Ukraine signed a deal on land.")
    lavrov = draft.entity("Lavrov", "Person", "Lavrov")
    russia, ukraine = draft.entity("Russia", "State", "Russia"), draft.entity("Ukraine", "State", "Ukraine")
    says = draft.says("Lavrov", "said", "Russia and Ukraine signed a deal", lavrov)
    sides = (Role("party", russia), Role("party", ukraine))
    draft.event("Agreement", "deal", *sides, Role("topic", value="land"), attribution=says)

    draft.say("Russia bombed Zaporizhzhia and killed three people there.")
    city = draft.entity("Zaporizhzhia", "City", "Zaporizhzhia")
    victims = Role("killed", value="three people", count=3)
    draft.event("Bombing", "bombed", Role("agent", russia), Role("target", city), victims, Role("place", city))

    draft.say("The truce broke down.")
    draft.event("Collapse", "broke down", Role("target", value="the truce"))

    draft.say("Lavrov met Fidan in Ankara.")
    fidan, ankara = draft.entity("Fidan", "Person", "Fidan"), draft.entity("Ankara", "City", "Ankara")
    draft.event("Meeting", "met", Role("party", lavrov), Role("party", fidan), Role("place", ankara))

    draft.say("Fidan accused Russia of delay.")
    draft.event("Accusation", "accused", Role("agent", fidan), Role("target", russia), Role("topic", value="delay"))
    return draft.record()


READ = datetime(2026, 2, 21, 8, tzinfo=UTC)


def fill(store: Store, *records: Record) -> None:
    """Articles that were all read at one time, and a person's word that two of those whom they name are not one."""
    for record in records:
        store.add(record, READ)
    decide(store, [decided(f"{FORM}Person/lavrov", f"{FORM}Person/fidan", Verdict.DIFFERENT, "Desk 3")])


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store() as store:
        fill(store, post(), wire())
        yield store


def rows(store: Store, name: str, columns: str, **values: str) -> set[tuple[str, ...]]:
    """Some columns of an answer, unknown cells as empty text."""
    answer = ask(store, name, **values)
    places = [answer.columns.index(column) for column in columns.split()]
    return {tuple(str(row[place] or "") for place in places) for row in answer.rows}


# ------------------------------------------------------------------------------------------------------- the questions


def test_there_are_enough() -> None:
    assert len(questions()) >= 14
    assert list(questions()) == sorted(questions())


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.name)
def test_each_begins_with_the_question_in_english(question: Question) -> None:
    assert question.text.endswith("?")
    assert question.text[0].isupper()


#: What tells of names, sources and decisions has no sentence to show; what is counted over articles names none of them.
BARE = {"who-is-who", "who-decided", "what-sources-are-there"}
COUNTED = {"how-well-supported", "when-was-it-known", "who-decided"}


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.name)
def test_each_is_deterministic_and_shows_its_evidence(question: Question) -> None:
    assert "SELECT DISTINCT" in question.sparql
    last = question.sparql.strip().splitlines()[-1]
    assert last.startswith("ORDER BY")
    shown = {"sentence", "said", "says"} & set(question.sparql.replace("?", " ").split())
    assert shown or question.name in BARE


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.name)
def test_each_parameter_has_its_place_in_the_query(question: Question) -> None:
    for parameter in question.parameters:
        assert f"VALUES ?{parameter.name} {{ UNDEF }}" in question.sparql


@pytest.mark.parametrize("name", sorted(set(questions()) - {"same-event"}))
def test_each_has_an_answer(store: Store, name: str) -> None:
    assert ask(store, name).rows


@pytest.mark.parametrize("name", questions())
def test_answers_are_labels_with_a_source(store: Store, name: str) -> None:
    answer = ask(store, name)
    names = [column for column in answer.columns if column.startswith("article") and name not in COUNTED]
    assert names or name in COUNTED
    for row in answer.rows:
        cells = dict(zip(answer.columns, map(str, row), strict=True))
        assert all(cells.pop(column).startswith(str(ARTICLE)) for column in names)
        assert not any(cell.startswith("https://") for cell in cells.values())


@pytest.mark.parametrize("name", questions())
def test_answers_come_in_the_same_order(store: Store, name: str) -> None:
    with Store() as other:
        fill(other, wire(), post())
        assert ask(other, name) == ask(store, name)


def test_who_negotiates_for(store: Store) -> None:
    expected = {("Medinsky", "Russia", "Medinsky negotiates for Russia.", "Post", "2026-02-18")}
    columns = "negotiator party sentence outlet date"
    assert rows(store, "who-negotiates-for", columns) == expected
    assert rows(store, "who-negotiates-for", columns, **{"for": "russia"}) == expected
    assert rows(store, "who-negotiates-for", columns, **{"for": "Ukraine"}) == set()


def test_a_parameter_is_any_name_that_an_article_uses(store: Store) -> None:
    assert rows(store, "who-negotiates-for", "negotiator", **{"for": "MOSCOW"}) == {("Medinsky",)}
    assert rows(store, "who-mediated", "mediator", by="us") == {("United States",)}


def test_who_mediated(store: Store) -> None:
    expected = {("United States", "Negotiation", "talks", side) for side in ("Russia", "Ukraine")}
    assert rows(store, "who-mediated", "mediator kind event between") == expected
    assert rows(store, "who-mediated", "mediator kind event between", what="talks") == expected
    assert rows(store, "who-mediated", "event", what="round") == set()


def test_what_was_struck(store: Store) -> None:
    found = rows(store, "what-was-struck", "kind what party topic speaker outlet")
    assert found == {("Agreement", "deal", side, "land", "Lavrov", "Wire") for side in ("Russia", "Ukraine")}


def test_what_collapsed(store: Store) -> None:
    found = rows(store, "what-collapsed", "what collapsed sentence")
    assert found == {("broke down", "the truce", "The truce broke down.")}


def test_who_demands_what(store: Store) -> None:
    sentence = "Russia demands Donetsk, and Kyiv rejected that."
    assert rows(store, "who-demands-what", "who kind topic rejected_by rejection") == {
        ("Russia", "Demand", "Donetsk", "Ukraine", sentence)
    }
    assert rows(store, "who-demands-what", "who", by="Ukraine") == set()


def test_who_rejected_what(store: Store) -> None:
    assert rows(store, "who-rejected-what", "who rejected") == {("Ukraine", "demands")}


def test_who_accused_whom(store: Store) -> None:
    found = rows(store, "who-accused-whom", "who kind accused", by="Fidan")
    assert found == {("Fidan", "Accusation", "Russia"), ("Fidan", "Accusation", "delay")}


def test_what_is_planned(store: Store) -> None:
    found = rows(store, "what-is-planned", "kind what day who")
    assert found == {("Negotiation", "round", "2026-02-26", "party Ukraine")}
    assert rows(store, "what-is-planned", "what", about="Ukraine") == {("round",)}
    assert rows(store, "what-is-planned", "what", about="Russia") == set()


def test_what_is_wanted(store: Store) -> None:
    found = rows(store, "what-is-wanted", "kind what as participant speaker")
    assert found == {("Ceasefire", "truce", "party", "Russia", "Diplomats")}


def test_what_was_denied(store: Store) -> None:
    found = rows(store, "what-was-denied", "kind what participant speaker")
    assert found == {("Agreement", "deal", part, "Zelenskyy") for part in ("Russia", "Ukraine", "land")}


def test_who_said_what(store: Store) -> None:
    assert rows(store, "who-said-what", "name cue said", speaker="zelenskyy") == {
        ("Zelenskyy", "said", "no deal on land was reached")
    }
    everybody = {name for (name,) in rows(store, "who-said-what", "name")}
    assert everybody == {"Zelenskyy", "Local authorities", "Diplomats", "Lavrov"}


def test_who_heads(store: Store) -> None:
    assert rows(store, "who-heads", "head office body", of="Ukraine") == {("Zelenskyy", "president", "Ukraine")}


def test_actors_of(store: Store) -> None:
    assert rows(store, "actors-of", "name capacity actor_name") == {
        ("Medinsky", "negotiatorOf", "Russia"),
        ("Zelenskyy", "headOf", "Ukraine"),
    }


def test_who_attacked_whom(store: Store) -> None:
    columns = "attacker kind target place outlet"
    bombing, strike = ("Russia", "Bombing", "Zaporizhzhia", "Zaporizhzhia", "Wire"), ("", "Airstrike", "")
    assert rows(store, "who-attacked-whom", columns) == {bombing, (*strike, "Zaporizhzhia", "Post")}
    assert rows(store, "who-attacked-whom", columns, by="Russia") == {bombing}
    assert rows(store, "who-attacked-whom", columns, whom="Zaporizhzhia") == {bombing}


def test_casualties(store: Store) -> None:
    assert rows(store, "casualties", "harm who count place_name speaker outlet", place="Zaporizhzhia") == {
        ("killed", "a woman", "1", "Zaporizhzhia", "Local authorities", "Post"),
        ("killed", "three people", "3", "Zaporizhzhia", "", "Wire"),
    }


def test_timeline(store: Store) -> None:
    found = rows(store, "timeline", "day kind what", about="Russia")
    assert found == {("2026-02-18", "Negotiation", "talks")}


def test_who_met_whom(store: Store) -> None:
    pairs = {frozenset(pair) for pair in rows(store, "who-met-whom", "one other")}
    assert pairs == {frozenset({"Lavrov", "Fidan"}), frozenset({"Russia", "Ukraine"})}
    assert rows(store, "who-met-whom", "place", who="Fidan") == {("Ankara",)}


def test_where_sources_disagree(store: Store) -> None:
    denied, signed = (record.text.splitlines()[index] for record, index in ((post(), 2), (wire(), 0)))
    found = rows(store, "where-sources-disagree", "matter about says but")
    assert {("Agreement", side, signed, denied) for side in ("Russia", "Ukraine")} <= found
    assert ("killed", "Zaporizhzhia") in {row[:2] for row in found}
    assert {row[0] for row in found} == {"Agreement", "killed"}


def test_who_contradicts_whom(store: Store) -> None:
    found = rows(store, "who-contradicts-whom", "matter about affirmed_by denied_by")
    assert found == {("Agreement", part, "Lavrov", "Zelenskyy") for part in ("Russia", "Ukraine", "land")}


def test_open_propositions(store: Store) -> None:
    found = rows(store, "open-propositions", "what as participant polarity")
    assert found == {("mulled", "agent", "Ukraine", "affirmed"), ("mulled", "topic", "its options", "affirmed")}


def test_how_a_position_moved(store: Store) -> None:
    moves = rows(store, "how-a-position-moved", "party day round stance about outlet", item="Donetsk")
    assert moves == {
        ("Russia", "2026-02-18", "3", "demands", "Donetsk", "Post"),
        ("Ukraine", "2026-02-18", "3", "rejects", "Donetsk", "Post"),
    }
    assert rows(store, "how-a-position-moved", "stance", who="Russia", item="Donetsk") == {("demands",)}
    assert rows(store, "how-a-position-moved", "stance", who="Russia", item="energy") == set()


def test_what_a_round_brought(store: Store) -> None:
    columns = "between round day venue mediator format outcome next_day next_status speaker"
    talks = ("Russia – Ukraine", "3", "2026-02-18", "Geneva", "United States", "indirect")
    assert rows(store, "what-a-round-brought", columns, who="Ukraine") == {
        (*talks, "noDeal", "", "", "Zelenskyy"),
        (*talks, "continued", "2026-02-26", "scheduled", ""),
    }
    assert rows(store, "what-a-round-brought", columns, who="Fidan") == set()


def test_who_answered_what(store: Store) -> None:
    columns = "asked_by asked about response answered_by"
    expected = {("Russia", "Demand", "Donetsk", "rejected", "Ukraine")}
    assert rows(store, "who-answered-what", columns) == expected
    assert rows(store, "who-answered-what", columns, by="Ukraine", to="Russia") == expected
    assert rows(store, "who-answered-what", columns, by="Russia") == set()


def test_who_leads_a_delegation(store: Store) -> None:
    assert rows(store, "who-leads-a-delegation", "head delegation", of="Russia") == {("Medinsky", "Russia")}
    assert rows(store, "who-leads-a-delegation", "head", of="Ukraine") == set()


def test_what_is_on_the_agenda(store: Store) -> None:
    found = {("energy", "Russia, Ukraine", "2026-02-18", "actual")}
    assert rows(store, "what-is-on-the-agenda", "matter between day modality") == found
    assert rows(store, "what-is-on-the-agenda", "matter", who="Fidan") == set()


# ----------------------------------------------------------------------------------------------- over several articles


def told(number: int, outlet: str, published: str, spelling: str, *more: str, credit: str = "") -> Record:
    """One of several articles on one call: its first sentence is told by all, `more` by itself."""
    draft = Draft(f"{ARTICLE}{number:016x}", outlet, published)
    if credit:
        draft.say(f"({credit})")
    draft.say(f"{spelling}, the governor of Kherson, called Hakan Fidan on Tuesday.")
    governor, kherson = draft.entity(spelling, "Person"), draft.entity("Kherson", "City", "Kherson")
    fidan, day = draft.entity("Hakan Fidan", "Person", "Hakan Fidan"), draft.time("Tuesday", "2026-02-17")
    draft.relation(governor, "headOf", kherson, "governor")
    draft.event("Call", "called", Role("agent", governor), Role("target", fidan), time=day)
    for sentence in more:
        draft.say(sentence)
    return draft.record()


def denied(number: int, outlet: str, published: str, spelling: str) -> Record:
    """An article in which a ministry denies that call."""
    draft = Draft(f"{ARTICLE}{number:016x}", outlet, published)
    draft.say(f"Fidan denied that {spelling} called Hakan Fidan on Tuesday.")
    governor, fidan = draft.entity(spelling, "Person"), draft.entity("Hakan Fidan", "Person", "Hakan Fidan")
    day = draft.time("Tuesday", "2026-02-17")
    says = draft.says("Fidan", "denied", f"{spelling} called Hakan Fidan", fidan)
    roles = Role("agent", governor), Role("target", fidan)
    draft.event("Call", "called", *roles, time=day, polarity="negated", attribution=says)
    return draft.record()


LONG, SHORT, OTHER = "Nikolay Gavrilenko", "Mykola Havrylenko", "Nikolai Gavrylenko"


@pytest.fixture(scope="module")
def several() -> Iterator[Store]:
    """Two articles of one agency, one of an outlet of its own, and one that denies what they say."""
    with Store() as store:
        store.add(told(1, "Wire", "2026-02-18", LONG, credit="Reuters"), READ)
        store.add(told(2, "Post", "2026-02-19", SHORT, credit="Reuters"), READ)
        store.add(told(3, "Desk", "2026-02-20", OTHER), READ)
        store.add(denied(4, "Monitor", "2026-02-20", SHORT), READ)
        yield store


def test_how_well_supported(several: Store) -> None:
    columns = "subject predicate object articles outlets families first last"
    found = rows(several, "how-well-supported", columns, who=SHORT)
    assert found == {
        (SHORT, "headOf", "Kherson", "3", "3", "2", "2026-02-18", "2026-02-20"),
        ("called", "agent", SHORT, "3", "3", "2", "2026-02-18", "2026-02-20"),
    }
    assert {row[:2] for row in rows(several, "how-well-supported", columns)} == {
        (SHORT, "headOf"), ("called", "agent"), ("called", "target"), ("called", "time"), ("called", "type"),
    }  # fmt: skip


def test_who_is_who(several: Store) -> None:
    columns = "name kind called outlet date"
    expected = {
        (LONG, "Person", LONG, "Wire", "2026-02-18"),
        (LONG, "Person", SHORT, "Post", "2026-02-19"),
        (LONG, "Person", OTHER, "Desk", "2026-02-20"),
        (LONG, "Person", SHORT, "Monitor", "2026-02-20"),
    }
    assert rows(several, "who-is-who", columns, who=SHORT) == expected
    assert rows(several, "who-is-who", columns, who=OTHER) == expected
    assert {row[0] for row in rows(several, "who-is-who", columns)} == {LONG, "Kherson", "Hakan Fidan"}


def test_same_event(several: Store) -> None:
    answer = rows(several, "same-event", "event kind what polarity speaker outlet date", who=LONG)
    assert len({row[0] for row in answer}) == 1
    assert {row[1:] for row in answer} == {
        ("Call", "called", "affirmed", "", "Wire", "2026-02-18"),
        ("Call", "called", "affirmed", "", "Post", "2026-02-19"),
        ("Call", "called", "affirmed", "", "Desk", "2026-02-20"),
        ("Call", "called", "negated", "Hakan Fidan", "Monitor", "2026-02-20"),
    }
    assert rows(several, "same-event", "event", who="Kherson") == set()


def test_what_one_article_tells_alone_is_no_same_event() -> None:
    with Store() as store:
        store.add(told(1, "Wire", "2026-02-18", LONG))
        assert ask(store, "same-event").rows == ()


def test_what_sources_are_there(several: Store) -> None:
    assert rows(several, "what-sources-are-there", "source outlet date") == {
        ("reuters", "Wire", "2026-02-18"),
        ("reuters", "Post", "2026-02-19"),
        ("desk", "Desk", "2026-02-20"),
        ("monitor", "Monitor", "2026-02-20"),
    }


def test_who_decided(store: Store, several: Store) -> None:
    (row,) = rows(store, "who-decided", "left right verdict judge")
    assert row == ("form/Person/fidan", "form/Person/lavrov", "different", "Desk 3")
    assert ask(several, "who-decided").rows == ()


def test_when_was_it_known(several: Store) -> None:
    columns = "subject predicate object happened reported ingested"
    read = READ.isoformat(timespec="seconds").replace("+00:00", "Z")
    assert rows(several, "when-was-it-known", columns, who=OTHER) == {
        (SHORT, "headOf", "Kherson", "", "2026-02-18", read),
        ("called", "agent", SHORT, "2026-02-17", "2026-02-18", read),
    }


def test_sources_disagree_under_several_spellings(several: Store) -> None:
    found = rows(several, "where-sources-disagree", "matter says date_a but date_b")
    but = f"Fidan denied that {SHORT} called Hakan Fidan on Tuesday."
    assert found == {
        ("Call", f"{name}, the governor of Kherson, called Hakan Fidan on Tuesday.", day, but, "2026-02-20")
        for name, day in ((LONG, "2026-02-18"), (SHORT, "2026-02-19"), (OTHER, "2026-02-20"))
    }


# ------------------------------------------------------------------------------------------ what happened, and what not

#: The questions that ask what is so; the others ask what is said, denied, planned or wished.
FACTUAL = sorted(
    set(questions())
    - {"what-is-planned", "what-is-wanted", "what-was-denied", "who-said-what", "open-propositions"}
    - {"where-sources-disagree", "who-contradicts-whom"}
    - {"how-a-position-moved", "what-a-round-brought", "who-answered-what", "what-is-on-the-agenda"}
    - {"same-event", *BARE}
)
UNREAL = ("no deal on land", "Another round", "hoped for a truce", "may bomb", "mulled")


@pytest.mark.parametrize("name", FACTUAL)
def test_what_is_not_asserted_never_happened(store: Store, name: str) -> None:
    """Denied, planned, hoped-for, possible and untyped events answer no question about what happened."""
    sentences = {sentence for (sentence,) in rows(store, name, "sentence")}
    allowed = {sentence for sentence in sentences if "the president of Ukraine" in sentence}  # states who heads it, too
    assert not [sentence for sentence in sentences - allowed if any(words in sentence for words in UNREAL)]
    assert not allowed or name in {"who-heads", "actors-of", "how-well-supported", "when-was-it-known"}


@pytest.mark.parametrize(("polarity", "modality"), [("negated", "actual"), ("affirmed", "planned")])
def test_no_unreal_article_answers_what_happened(polarity: str, modality: str) -> None:
    record = post()
    events = tuple(replace(event, polarity=polarity, modality=modality) for event in record.events)
    relations = tuple(replace(claim, polarity=polarity, modality=modality) for claim in record.relations)
    with Store() as store:
        told = tuple(replace(claim, polarity=polarity, modality=modality) for claim in (record.talks or Talks()).claims)
        talks = replace(record.talks or Talks(), claims=told)
        store.add(replace(record, events=events, relations=relations, talks=talks))
        assert {name for name in FACTUAL if ask(store, name).rows} == set()


# ------------------------------------------------------------------------------------------------------- asking by name


def test_an_unknown_question_names_the_nearest(store: Store) -> None:
    with pytest.raises(QueryError, match="who-negotiates-for"):
        ask(store, "who-negotiate-for")


def test_an_unknown_parameter_names_those_declared(store: Store) -> None:
    with pytest.raises(QueryError, match="unknown parameter by: who-negotiates-for takes for"):
        ask(store, "who-negotiates-for", by="Ukraine")


def test_a_missing_parameter_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    question = questions()["who-heads"]
    needed = replace(question, parameters=tuple(replace(item, optional=False) for item in question.parameters))
    monkeypatch.setitem(questions(), "who-heads", needed)
    with pytest.raises(QueryError, match="missing parameter of"):
        ask(store, "who-heads")


def test_none_is_no_value(store: Store) -> None:
    assert ask(store, "who-heads", of=None) == ask(store, "who-heads")


def test_a_file_without_its_question_is_an_error(tmp_path: object) -> None:
    path = ontology.path("questions", "who-heads.rq")
    bare = type(path)(str(tmp_path)) / "bare.rq"
    bare.write_text("SELECT * WHERE { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"bare\.rq: begin the file"):
        read_question(bare)


@given(value=st.text() | st.sampled_from(['" } #', "'\\", "}\n}", "?x", "SERVICE <x> {}"]))
def test_no_value_becomes_sparql(store: Store, value: str) -> None:
    """Whatever is asked for, it is only a name: nothing that no article names is answered."""
    known = {name.casefold() for record in (post(), wire()) for name in _names(record)}
    if value.casefold() not in known:
        assert not ask(store, "who-negotiates-for", **{"for": value}).rows


def _names(record: Record) -> Iterator[str]:
    for entity in record.entities:
        yield entity.name
        yield from (record.text[mention.start : mention.end] for mention in entity.mentions)
