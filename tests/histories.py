"""Random histories of a store: articles on few people and places who share names, which are read, taken away and
decided upon, with faults, lost memories and damage in between.

news(rng)               some articles, most of which touch each other
history(seed, steps)    the store after each step of a history, with the step in words
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pyoxigraph as ox

from kg.change import Remembered
from kg.clusters import Verdict
from kg.errors import FaultError, QueryError
from kg.forms import known, near
from kg.namespaces import ARTICLE, WORLD
from kg.record import Record, Role
from kg.resolve import decide, decided, undo
from kg.store import Store
from tests.faults import Failing
from tests.records import Draft

#: Names that may be of one, of two, or of one whom the gazetteer knows.
PEOPLE = (
    "Anna Kovacs", "Kovacs", "Peter Kovacs", "Anna Maria Kovacs", "Anna", "Sergei Lavrov", "Lavrov", "Zoltan Toth",
)  # fmt: skip
STATES = ("Ukraine", "Russia", "United States")
FRONTS = ("Night Front", "Day Front", "Night Front Guard")
CITIES = ("Solalta", "Kingston")
DAYS = ("2026-03-02", "2026-03-03", "2026-03-04", None)
#: What somebody does alone, and as whom.
DEEDS = {"Visit": "agent", "Statement": "speaker", "Resignation": "person", "Arrest": "target"}
#: How often each step is taken.
STEPS = {"add": 8, "remove": 3, "decide": 4, "undo": 3, "forget": 1, "fail": 1, "mend": 1}


def news(rng: Random) -> tuple[Record, ...]:
    return tuple(_article(number, rng) for number in range(1, rng.randint(5, 12)))


def _article(number: int, rng: Random) -> Record:
    draft = Draft(f"{ARTICLE}{number:016x}", f"Paper {rng.randint(1, 3)}", rng.choice(DAYS))
    for _ in range(rng.randint(1, 5)):
        rng.choices((_deed, _shelling, _deal), (4, 5, 2))[0](draft, rng)
    return replace(draft.record(), url=f"https://example.org/{rng.randint(1, 5) if rng.random() < 0.3 else -number}")


def _deed(draft: Draft, rng: Random) -> None:
    """Somebody serves a state, and does something."""
    who, state = rng.choice(PEOPLE), rng.choice((*STATES, None))
    draft.say(f"{who} speaks of grain transit on Monday in the hall of {state or 'the town'}.")
    person = draft.entity(who, "Person")
    serves = draft.known(state, state) if state else None
    if serves and rng.random() < 0.8:
        draft.relation(person, rng.choice(("negotiatorOf", "headOf", "officialOf")), serves)
    if rng.random() < 0.6:
        deed = rng.choice(tuple(DEEDS))
        topic = (Role("topic", value="grain transit"),) if rng.random() < 0.5 else ()
        draft.event(deed, "speaks", Role(DEEDS[deed], person), *topic, time=_monday(draft, rng))


def _shelling(draft: Draft, rng: Random) -> None:
    """A front shells a city, which may lie in a state; somebody of the article may take part."""
    front, city, state, killed = rng.choice(FRONTS), rng.choice(CITIES), rng.choice((*STATES, None)), rng.randint(1, 3)
    draft.say(f"{front} shelled {city} on Monday and killed {killed} people{f' for {state}' if state else ''}.")
    agent, target = draft.entity(front, "ArmedGroup"), draft.entity(city, "City")
    if state:
        draft.relation(target, "locatedIn", draft.known(state, state))
    roles = [Role("agent", agent), Role("target", target)]
    roles += [Role("killed", value=f"{killed} people", count=killed, population="people")] if rng.random() < 0.6 else []
    people = [entity.id for entity in draft.entities.values() if entity.type == "Person"]
    roles += [Role("party", rng.choice(people))] if people and rng.random() < 0.5 else []
    said = rng.choice(("affirmed", "affirmed", "negated"))
    draft.event("Shelling", "shelled", *roles, time=_monday(draft, rng), polarity=said)


def _deal(draft: Draft, rng: Random) -> None:
    one, other = rng.sample(STATES, 2)
    draft.say(f"{one} and {other} had a deal on grain transit.")
    people = [Role("mediator", entity.id) for entity in draft.entities.values() if entity.type == "Person"]
    parties = Role("party", draft.known(one, one)), Role("party", draft.known(other, other))
    draft.event(rng.choice(("Agreement", "Negotiation")), "deal", *parties, *people[:1])


def _monday(draft: Draft, rng: Random) -> str | None:
    return draft.time("Monday", rng.choice(("2026-03-02", "2026-03"))) if rng.random() < 0.6 else None


def history(seed: int, steps: int = 20) -> Iterator[tuple[str, Store]]:
    rng = Random(seed)
    articles = news(rng)
    names = _names(articles)
    with Store() as store:
        for _ in range(steps):
            step = rng.choices(tuple(STEPS), tuple(STEPS.values()))[0]
            yield _taken(step, store, rng, articles, names), store


def _names(articles: Sequence[Record]) -> tuple[str, ...]:
    """All forms that may occur, those of the gazetteer that are near among them."""
    with Store() as probe:
        for record in articles:
            probe.add(replace(record, url=None))
        forms = [form for record in articles for form in probe.share(record.id).forms.values()]
    return tuple(sorted({form.iri for form in forms} | {other.iri for form in forms for other in near(form)}))


def _taken(step: str, store: Store, rng: Random, articles: Sequence[Record], names: Sequence[str]) -> str:
    """Takes a step; what it was."""
    record, (one, other) = rng.choice(articles), rng.sample(names, 2)
    if step == "add":
        store.add(record)
    elif step == "remove":
        store.remove(record.id)
    elif step == "decide" and not {one, other} <= known().keys():
        return _decision(store, one, other, rng.choice((Verdict.SAME, Verdict.DIFFERENT)))
    elif step == "undo" and (said := store.decisions()):
        last = rng.choice(said)
        undo(store, last.left, last.right)
    elif step == "forget":
        store._remembered = Remembered()
    elif step == "fail":
        return _failed(store, record, rng.choice(("before", "after")))
    elif step == "mend":
        store._store.remove_graph(ox.NamedNode(WORLD))
        store.mend()
    return f"{step} {record.id}"


def _decision(store: Store, one: str, other: str, verdict: Verdict) -> str:
    try:
        decide(store, [decided(one, other, verdict, "Desk 3")])
    except QueryError:
        return "refused"
    return f"{one} {verdict} {other}"


def _failed(store: Store, record: Record, how: str) -> str:
    """A write that fails before it was done or after; the store is used on."""
    sound = store._store
    store._open = Failing(sound, 1, how)  # type: ignore[assignment]
    try:
        store.remove(record.id) if record.id in store else store.add(record)
    except FaultError:
        return f"failed {how} it was done: {record.id}"
    finally:
        store._open = sound
    return f"nothing to do: {record.id}"
