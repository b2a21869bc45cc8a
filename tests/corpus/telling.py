"""How the corpus tells a true event in a sentence: each class in several ways, with more or less of what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kg.record import Role, Span
from tests.corpus.page import Page
from tests.corpus.stories import Happening

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ROUNDS = ["first", "second", "third", "fourth", "fifth", "sixth"]


@dataclass(frozen=True, slots=True)
class Way:
    """How an article tells a happening: its day as told, by day, month or not at all; whether the place is given;
    whether it is still to come; how many were killed, and whether the doer's own side says so; whether it is denied."""

    day: date
    when: str = "day"
    place: bool = True
    planned: bool = False
    killed: int | None = None
    doer: bool = False
    denied: bool = False


#: An article states that a slot of a true event has a value: (kind, subject, value).
Fact = tuple[str, str, str]


def tell(page: Page, what: Happening, way: Way) -> list[Fact]:
    """Writes one sentence on what happened; what facts it states that another may state otherwise."""
    facts = WAYS[what.class_](page, what, way)
    page.end()
    return facts


def _place(page: Page, what: Happening, way: Way) -> tuple[Role, ...]:
    if not way.place or what.place is None:
        return ()
    page.put(" in ")
    return (Role("place", page.name(what.place)),)


def _when(page: Page, what: Happening, way: Way) -> tuple[str | None, list[Fact]]:
    time = page.when(way.day, way.when)
    told = time is not None and way.when == "day" and not way.planned
    return time, [("time", what.id, way.day.isoformat())] if told else []


def _names(page: Page, actors: tuple[str, ...], role: str) -> list[Role]:
    roles = []
    for number, actor in enumerate(actors):
        page.put(" and " if number else "")
        roles.append(Role(role, page.name(actor)))
    return roles


# ---------------------------------------------------------------------------------------------------------------- talks


def _negotiation(page: Page, what: Happening, way: Way) -> list[Fact]:
    if way.planned:
        roles = _names(page, what.all("party"), "party")
        page.put(" plan to hold a ")
        return _round(page, what, way, roles)
    number = page.rng.randrange(5)
    if number == 0:
        roles = _names(page, what.all("party"), "party")
        page.put(" held a ")
        return _round(page, what, way, roles)
    if number == 1:
        mediator = Role("mediator", page.name(what.one("mediator")))
        page.put(" mediated ")
        trigger = page.put(page.rng.choice(("talks", "negotiations")))
        page.put(" between ")
        return _held(page, what, way, trigger, [mediator, *_names(page, what.all("party"), "party")])
    if number == 2:
        page.put("Envoys of ")
        roles = _names(page, what.all("party"), "party")
        page.put(" ")
        return _held(page, what, way, page.put("met"), roles, "Meeting")
    if number == 3:
        page.put("A ")
        trigger = page.put(f"{ROUNDS[(what.number or 1) - 1]} round of talks")
        page.put(" between ")
        roles = _names(page, what.all("party"), "party")
        page.put(" ended")
        return _held(page, what, way, trigger, roles)
    role = Role("party", page.name(page.rng.choice(what.all("party"))))
    page.put(" sent a delegation to ")
    return _held(page, what, way, page.put("the talks"), [role])


def _round(page: Page, what: Happening, way: Way, roles: list[Role]) -> list[Fact]:
    trigger = page.put(f"{ROUNDS[(what.number or 1) - 1]} round of talks")
    return _held(page, what, way, trigger, roles)


def _held(
    page: Page, what: Happening, way: Way, trigger: Span, roles: list[Role], class_: str = "Negotiation"
) -> list[Fact]:
    """The end of a sentence on talks: where, when, and by whom mediated if that was not said."""
    roles = [*roles, *_place(page, what, way)]
    time, facts = _when(page, what, way)
    if not any(role.role == "mediator" for role in roles) and page.rng.random() < 0.4:
        page.put(", mediated by ")
        roles.append(Role("mediator", page.name(what.one("mediator"))))
    page.put(".")
    page.event(what.id, class_, trigger, roles, time, planned=way.planned)
    return facts


def _agreement(page: Page, what: Happening, way: Way) -> list[Fact]:
    number, topic = page.rng.randrange(3), str(what.topic)
    roles: list[Role] = []
    if number == 0:
        roles = _names(page, what.all("party"), "party")
        page.put(" did not " if way.denied else " ")
        trigger = page.put("agree" if way.denied else "agreed")
        page.put(" on ")
    elif number == 1:
        page.put("No " if way.denied else "An ")
        trigger = page.put("agreement")
        page.put(" was reached on ")
    else:
        sides = page.put("The two sides")
        roles = [Role("party", id_) for id_ in page.again(what.all("party"), sides)]
        page.put(" parted without a " if way.denied else " signed a ")
        trigger = page.put("deal")
        page.put(" on ")
    page.put(topic)
    roles.append(Role("topic", value=topic))
    time, _ = _when(page, what, way) if page.rng.random() < 0.4 else (None, [])
    page.put(".")
    page.event(what.id, "Agreement", trigger, roles, time, denied=way.denied)
    return [("polarity", what.id, "negated" if way.denied else "affirmed")]


def _demand(page: Page, what: Happening, way: Way) -> list[Fact]:
    roles = [Role("agent", page.name(what.one("agent")))]
    page.put(" ")
    if page.rng.random() < 0.3:
        class_, trigger = "Appeal", page.put("urged")
        page.put(" ")
        roles.append(Role("target", page.name(what.one("target"))))
        page.put(" to discuss ")
    else:
        class_, trigger = "Demand", page.put(page.rng.choice(("demanded", "called for")))
        page.put(" ")
    page.put(str(what.topic))
    roles.append(Role("topic", value=what.topic))
    time, _ = _when(page, what, way)
    page.put(".")
    page.event(what.id, class_, trigger, roles, time)
    return []


def _rejection(page: Page, what: Happening, way: Way) -> list[Fact]:
    demands = [event.id for event in page.events if event.class_ in ("Demand", "Appeal")]
    roles = [Role("agent", page.name(what.one("agent")))]
    page.put(" ")
    trigger = page.put(page.rng.choice(("rejected", "refused")))
    page.put(" the demand" if demands else f" {what.topic}")
    roles.append(Role("topic", demands[-1]) if demands else Role("topic", value=what.topic))
    page.put(".")
    page.event(what.id, "Rejection", trigger, roles, responds_to=demands[-1] if demands else None)
    return []


# -------------------------------------------------------------------------------------------------------------- strikes

_STRIKES = {"Airstrike": ("bombed", "airstrike"), "Shelling": ("shelled", "shelling"), "Bombing": ("bombed", "bombing")}


def _strike(page: Page, what: Happening, way: Way) -> list[Fact]:
    verb, noun = _STRIKES[what.class_]
    class_, number, roles = what.class_, page.rng.randrange(4), []
    if number == 0 or way.doer:
        roles = [Role("agent", page.name(what.one("agent")))]
        page.put(" ")
        trigger = page.put(verb)
    elif number == 1:
        roles = [Role("agent", page.name(what.one("agent")))]
        page.put(" ")
        class_, trigger = "Attack", page.put("attacked")
    else:
        class_ = what.class_ if number == 2 else "Attack"
        word = noun if number == 2 else "attack"
        page.put("An " if word[0] == "a" else "A ")
        trigger = page.put(word)
        page.put(" hit")
    page.put(" ")
    roles += [Role("target", page.name(what.one("target")))]
    time, facts = _when(page, what, way)
    roles += _victims(page, what, way)
    content = Span(page.begun, page.at)
    says = _claimant(page, what, way, content) if way.killed is not None else None
    page.put(".")
    page.event(what.id, class_, trigger, roles, time, attribution=says)
    return [*facts, *([("value", what.id, str(way.killed))] if way.killed is not None else [])]


def _victims(page: Page, what: Happening, way: Way) -> list[Role]:
    if way.killed is None:
        return []
    roles = []
    page.put(" and killed ")
    people = _people(way.killed)
    page.put(people)
    roles.append(Role("killed", value=people, count=way.killed, population="people"))
    if page.rng.random() < 0.6 and what.injured is not None:
        page.put(" and injured ")
        people = _people(what.injured)
        page.put(people)
        roles.append(Role("injured", value=people, count=what.injured, population="people"))
    return roles


def _people(count: int) -> str:
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} {'person' if count == 1 else 'people'}"


def _claimant(page: Page, what: Happening, way: Way, content: Span) -> str:
    """Who says how many: the doer's side, or officials."""
    page.put(", ")
    entity = page.name(what.one("agent")) if way.doer else None
    source = page.where(entity) if entity else page.put("local officials")
    page.put(" ")
    return page.says(source, entity, page.put("said"), content)


def _accusation(page: Page, what: Happening, way: Way) -> list[Fact]:
    roles = [Role("agent", page.name(what.one("agent")))]
    page.put(" ")
    verb, rest = page.rng.choice((("accused", " of attacking civilians"), ("blamed", " for the deaths")))
    trigger = page.put(verb)
    page.put(" ")
    roles.append(Role("target", page.name(what.one("target"))))
    page.put(rest)
    time, _ = _when(page, what, way)
    page.put(".")
    page.event(what.id, "Accusation", trigger, roles, time)
    return []


# ------------------------------------------------------------------------------------------------------ people go about


def _visit(page: Page, what: Happening, way: Way) -> list[Fact]:
    roles = [Role("agent", page.name(what.one("agent")))]
    page.put(" will pay " if way.planned else " ")
    if way.planned:
        page.put("a ")
        trigger = page.put("visit")
        page.put(" to ")
        roles.append(Role("target", page.name(what.one("target"))))
    elif page.rng.random() < 0.5 or not way.place:
        trigger = page.put("visited")
        page.put(" ")
        roles.append(Role("target", page.name(what.one("target"))))
    else:
        trigger = page.put("arrived")
        roles += _place(page, what, way)
    time, facts = _when(page, what, way)
    page.put(".")
    page.event(what.id, "Visit", trigger, roles, time, planned=way.planned)
    return facts


def _meeting(page: Page, what: Happening, way: Way) -> list[Fact]:
    one, other = what.all("party")
    roles = [Role("party", page.name(one))]
    page.put(" ")
    trigger = page.put(page.rng.choice(("met", "held a meeting with", "sat down with")))
    page.put(" ")
    roles += [Role("party", page.name(other)), *_place(page, what, way)]
    time, facts = _when(page, what, way)
    if page.rng.random() < 0.5:
        page.put(" to discuss ")
        page.put(str(what.topic))
        roles.append(Role("topic", value=what.topic))
    page.put(".")
    page.event(what.id, "Meeting", trigger, roles, time)
    return facts


def _statement(page: Page, what: Happening, way: Way) -> list[Fact]:
    speaker = page.name(what.one("speaker"))
    source = page.where(speaker)
    page.put(" ")
    cue = page.put(page.rng.choice(("said", "told reporters")))
    page.put(" that ")
    start = page.at
    page.put(f"work on {what.topic} would go on")
    page.says(source, speaker, cue, Span(start, page.at))
    time, _ = _when(page, what, way)
    page.put(".")
    page.event(what.id, "Statement", cue, [Role("speaker", speaker), Role("topic", value=what.topic)], time)
    return []


def _arrest(page: Page, what: Happening, way: Way) -> list[Fact]:
    by, person = what.one("agent"), what.one("target")
    if page.rng.random() < 0.5:
        roles = [Role("agent", page.name(by))]
        page.put(" ")
        trigger = page.put(page.rng.choice(("arrested", "detained")))
        page.put(" ")
        roles.append(Role("target", page.name(person)))
    else:
        roles = [Role("target", page.name(person))]
        page.put(" was ")
        trigger = page.put("arrested")
    roles += _place(page, what, way)
    time, facts = _when(page, what, way)
    page.put(".")
    page.event(what.id, "Arrest", trigger, roles, time)
    return facts


def _appointment(page: Page, what: Happening, way: Way) -> list[Fact]:
    """Who takes an office; where that is denied, nobody does."""
    state, person = what.one("agent"), what.one("person")
    office = str(page.actors[person].office)
    agent = Role("agent", page.name(state))
    page.put(" ")
    page.put("has not " if way.denied else "")
    trigger = page.put("appointed" if not way.denied else page.rng.choice(("appointed", "named")))
    page.put(" ")
    me = page.name(person)
    page.put(f" as {office}")
    time, _ = _when(page, what, way)
    page.put(".")
    page.event(what.id, "Appointment", trigger, [agent, Role("person", me)], time, denied=way.denied)
    if not way.denied:
        page.relate(me, str(page.actors[person].relation), str(agent.entity), office)
    return [("polarity", what.id, "negated" if way.denied else "affirmed")]


def _resignation(page: Page, what: Happening, way: Way) -> list[Fact]:
    person = what.one("person")
    who = page.actors[person]
    me = page.name(person)
    page.put(" ")
    trigger = page.put(page.rng.choice(("resigned", "stepped down")))
    page.put(f" as {who.office} of ")
    page.name(str(who.of))
    time, _ = _when(page, what, way)
    page.put(".")
    page.event(what.id, "Resignation", trigger, [Role("person", me)], time)
    return []


WAYS: dict[str, Callable[[Page, Happening, Way], list[Fact]]] = {
    "Negotiation": _negotiation,
    "Agreement": _agreement,
    "Demand": _demand,
    "Rejection": _rejection,
    "Airstrike": _strike,
    "Shelling": _strike,
    "Bombing": _strike,
    "Accusation": _accusation,
    "Visit": _visit,
    "Meeting": _meeting,
    "Statement": _statement,
    "Arrest": _arrest,
    "Appointment": _appointment,
    "Resignation": _resignation,
}
