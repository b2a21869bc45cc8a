"""The actors of a corpus, as many as it needs, and those among them that must not be taken for one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from random import Random

from kg.lexicon import load
from kg.namespaces import NAME
from tests.corpus.people import (
    COLOURS,
    FAMILY,
    GIVEN,
    LANDS,
    LEADERS,
    OFFICES,
    PLACES,
    STATES,
    TRUSTS,
    TWIN_AIMS,
    TWIN_LANDS,
    VENUES,
    Actor,
)

UNION = f"{NAME}United_Nations"


@dataclass(frozen=True, slots=True)
class World:
    """All actors by id, their ids by kind, which must not be taken for one another (why, one, other), and who follows
    whom in an office (before, after, the office's slot)."""

    actors: Mapping[str, Actor]
    kinds: Mapping[str, tuple[str, ...]]
    apart: tuple[tuple[str, str, str], ...]
    changes: tuple[tuple[str, str, str], ...]

    def of(self, kind: str) -> tuple[str, ...]:
        return self.kinds.get(kind, ())


def world(articles: int, rng: Random, start: date, days: int) -> World:
    """A world for so many articles: some fifty invented actors, and about one more for each eight."""
    draft = _Draft(rng, start, days)
    _gazetteer(draft)
    for _ in range(12):
        _official(draft, draft.state())
    _classics(draft)
    for plant in (*BODIES, *DOUBLES, _successor, _successor):
        plant(draft)
    for number in range(articles // 10):
        draft.grow(number)
    return World(draft.actors, {k: tuple(v) for k, v in draft.kinds.items()}, tuple(draft.apart), tuple(draft.changes))


@dataclass(slots=True)
class _Draft:
    """A world as it is put together."""

    rng: Random
    start: date
    days: int
    actors: dict[str, Actor] = field(default_factory=dict)
    kinds: dict[str, list[str]] = field(default_factory=dict)
    apart: list[tuple[str, str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    cultures: dict[str, str] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    borne: set[tuple[str, ...]] = field(default_factory=set)
    pools: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def add(self, kind: str, actor: Actor) -> Actor:
        """A new actor of a kind; without an id it gets the next number."""
        ids = self.kinds.setdefault(kind, [])
        self.borne.add(actor.names)
        actor = actor if actor.id else replace(actor, id=f"{kind}/{len(ids) + 1}")
        ids.append(actor.id)
        self.actors[actor.id] = actor
        return actor

    def warn(self, why: str, one: Actor, other: Actor) -> None:
        """Two that must not be taken for one another."""
        first, second = sorted((one.id, other.id))
        self.apart.append((why, first, second))
        for id_ in (first, second):
            self.actors[id_] = replace(self.actors[id_], careful=True)

    def draw(self, pool: str, names: Callable[[], list[tuple[str, ...]]]) -> tuple[str, ...]:
        """The next name of a pool that nobody bears yet; one that is used up begins anew."""
        drawn: tuple[str, ...] | None = None
        while drawn is None or drawn in self.borne:
            if not self.pools.get(pool):
                self.pools[pool] = names()
                self.rng.shuffle(self.pools[pool])
                self.borne.difference_update(self.pools[pool])
            drawn = self.pools[pool].pop()
        return drawn

    def state(self) -> Actor:
        return self.actors[self.rng.choice(self.kinds["state"])]

    def grow(self, number: int) -> None:
        """One more actor: mostly a person, every fifth time a body, every fourth a double of somebody."""
        if number % 4 == 3:
            DOUBLES[number // 4 % len(DOUBLES)](self)
        elif number % 5 == 1:
            BODIES[number // 5 % len(BODIES)](self)
        elif number % 10 == 7:
            _city(self, self.state())
        else:
            _official(self, self.state())


# ---------------------------------------------------------------------------------------------------------- those known


def _gazetteer(draft: _Draft) -> None:
    """States, venues and the United Nations, under their IRIs."""
    known = load().gazetteer.names

    def keep(kind: str, local: str, demonym: str | None = None) -> Actor:
        name = known[str(NAME) + local]
        facts = {"demonym": demonym, "iri": name.iri, "wikidata": name.wikidata}
        return draft.add(kind, Actor(name.iri, name.type, (name.label,), **facts))  # type: ignore[arg-type]

    for culture, rows in STATES.items():
        for row in rows:
            draft.cultures[keep("state", *row.split(" ", 1)).id] = culture
    for venue in VENUES:
        keep("venue", venue)
    keep("union", "United_Nations")


# -------------------------------------------------------------------------------------------------------------- persons


def _full_names(culture: str) -> list[tuple[str, ...]]:
    begins, ends = (part.split(" ") for part in FAMILY[culture])
    return list(product(GIVEN[culture].split(), map("".join, product(begins, ends))))


def _official(draft: _Draft, state: Actor, names: tuple[str, ...] | None = None) -> Actor:
    """Somebody who serves a state, in an office that is free."""
    culture = draft.cultures[state.id]
    free = [row for row in OFFICES if not row[2] or (state.id, row[0]) not in draft.taken]
    office, relation, single = free[0] if free[0][2] and draft.rng.random() < 0.4 else draft.rng.choice(free)
    if single:
        draft.taken.add((state.id, office))
    names = names or draft.draw(culture, lambda: _full_names(culture))
    return _person(draft, culture, names, state, relation, office)


def _person(draft: _Draft, culture: str, names: tuple[str, ...], of: Actor, relation: str, office: str) -> Actor:
    first = culture in ("chinese", "hungarian")
    person = Actor("", "Person", names, of.id, relation, office, family_first=first)
    person = draft.add("person", person)
    draft.cultures[person.id] = culture
    return person


def _head(draft: _Draft, body: Actor) -> None:
    """Who leads a body."""
    culture = draft.rng.choice(list(STATES))
    names = draft.draw(culture, lambda: _full_names(culture))
    _person(draft, culture, names, body, "headOf", LEADERS[body.type])


# ------------------------------------------------------------------------------------------------------- bodies, places


def _ministries(draft: _Draft) -> None:
    """A ministry of the same name in each of two states."""
    what = draft.rng.choice(("Foreign", "Interior", "Defence", "Energy"))
    free = [id_ for id_ in draft.kinds["state"] if (id_, what) not in draft.taken]
    pair = []
    for id_ in draft.rng.sample(free, 2) if len(free) > 1 else ():
        draft.taken.add((id_, what))
        affairs = f"Ministry of {what} Affairs" if what == "Foreign" else f"Ministry of {what}"
        names = (f"{what} Ministry", affairs)
        pair.append(draft.add("ministry", Actor("", "Government", names, id_, "partOf")))
    if pair:
        draft.warn("ministries", *pair)


def _brigades(draft: _Draft) -> None:
    """Two brigades that differ by their number."""
    state, kinds = draft.state(), ("Mountain", "Assault", "Marine", "Rocket")
    first, what = draft.draw("brigade", lambda: list(product(map(str, range(3, 99, 2)), kinds)))
    number = int(first)
    pair = [
        draft.add("brigade", Actor("", "Military", (f"{_ordinal(n)} {what} Brigade",), state.id, "partOf"))
        for n in (number, number + 1)
    ]
    draft.warn("numbers", *pair)
    _head(draft, pair[0])


def _front(draft: _Draft) -> Actor:
    """An armed group."""
    (colour, land) = draft.draw("front", lambda: list(product(COLOURS, LANDS)))
    names = (f"{colour} {land} Front", f"{colour[0]}{land[0]}F")
    front = draft.add("front", Actor("", "ArmedGroup", names))
    _head(draft, front)
    return front


def _trust(draft: _Draft) -> Actor:
    """A body that mediates."""
    land, what = draft.draw("trust", lambda: list(product(LANDS, TRUSTS)))
    initials = "".join(word[0] for word in f"{land} {what}".split())
    names = (f"{land} {what}", f"{land} {what.split()[1]}", initials)
    trust = draft.add("trust", Actor("", "Organization", names))
    _head(draft, trust)
    return trust


def _acronyms(draft: _Draft) -> None:
    """Two bodies with one acronym, and no word in common."""
    trust = _trust(draft)
    initials = trust.names[-1]
    land = next(name for name in TWIN_LANDS if name[0] == initials[0])
    name = " ".join((land, *(TWIN_AIMS[letter] for letter in initials[1:])))
    draft.warn("acronyms", trust, draft.add("monitors", Actor("", "Organization", (name, initials))))


def _city(draft: _Draft, state: Actor, names: tuple[str, ...] | None = None) -> Actor:
    def pool() -> list[tuple[str, ...]]:
        return [("".join(parts),) for parts in product(*PLACES)]

    return draft.add("city", Actor("", "City", names or draft.draw("city", pool), state.id, "locatedIn"))


def _towns(draft: _Draft) -> None:
    """Two cities of one name."""
    one, other = draft.rng.sample(draft.kinds["state"], 2)
    city = _city(draft, draft.actors[one])
    draft.warn("cities", city, _city(draft, draft.actors[other], city.names))


BODIES: tuple[Callable[[_Draft], object], ...] = (_front, _ministries, _brigades, _trust, _towns, _acronyms)


# -------------------------------------------------------------------------------------------------------------- doubles


def _someone(draft: _Draft) -> Actor:
    """Somebody in the service of a state whom nobody is like yet."""
    plain = [draft.actors[id_] for id_ in draft.kinds["person"]]
    fitting = [actor for actor in plain if actor.of in draft.cultures and not actor.careful]
    return draft.rng.choice(fitting) if fitting else _official(draft, draft.state())


def _other_given(draft: _Draft, one: Actor) -> str:
    """A given name that begins with no letter that the given name of another may begin with; nobody bears
    it yet with that family name, if there is such a one."""
    names = GIVEN[draft.cultures[one.id]].split()
    others = [name for name in names if not _initials(name) & _initials(one.names[0])]
    return draft.rng.choice([name for name in others if (name, one.names[1]) not in draft.borne] or others)


def _initials(pattern: str) -> set[str]:
    """The letters that a pattern may begin with."""
    first = pattern[1 : pattern.index("}")].split("|") if pattern[0] == "{" else [pattern]
    return {way[0] for way in first}


def _namesake_here(draft: _Draft) -> None:
    """Another of the same family name in the same state."""
    one = _someone(draft)
    other = _official(draft, draft.actors[str(one.of)], (_other_given(draft, one), one.names[1]))
    draft.warn("family name, one state", one, other)


def _elsewhere(draft: _Draft, one: Actor) -> Actor:
    """A state of the same culture if there is another, else any."""
    culture = draft.cultures[one.id]
    states = [draft.actors[id_] for id_ in draft.kinds["state"] if id_ != one.of]
    return draft.rng.choice([state for state in states if draft.cultures[state.id] == culture] or states)


def _namesake_abroad(draft: _Draft) -> None:
    """Another of the same family name in another state."""
    one = _someone(draft)
    names = (_other_given(draft, one), one.names[1])
    draft.warn("family name, two states", one, _official(draft, _elsewhere(draft, one), names))


def _same_name(draft: _Draft) -> None:
    """Another of the same full name in another state."""
    one = _someone(draft)
    draft.warn("full name, two states", one, _official(draft, _elsewhere(draft, one), one.names))


def _father(draft: _Draft) -> None:
    """A son in the service of the same state; he is never in the same office."""
    one = _someone(draft)
    state = draft.actors[str(one.of)]
    office = "adviser" if one.office != "adviser" else "deputy minister"
    names = (_other_given(draft, one), one.names[1])
    son = _person(draft, draft.cultures[one.id], names, state, "officialOf", office)
    draft.warn("father and son", one, son)


def _successor(draft: _Draft) -> None:
    """One of another given name who follows somebody in an office that one at a time holds: of Qian Minglu after Qien
    Minglu no reader could tell who is meant."""
    single = {row[0] for row in OFFICES if row[2]}
    holders = [draft.actors[id_] for id_ in draft.kinds["person"]]
    holders = [one for one in holders if one.office in single and one.until is None and one.since is None]
    if not holders:
        return
    one, day = draft.rng.choice(holders), draft.start + timedelta(draft.rng.randint(10, draft.days - 10))
    culture = draft.cultures[one.id]
    names = draft.draw(culture, lambda: _full_names(culture))
    while names[0] == one.names[0]:
        names = draft.draw(culture, lambda: _full_names(culture))
    new = _person(draft, culture, names, draft.actors[str(one.of)], str(one.relation), str(one.office))
    draft.actors[one.id] = replace(draft.actors[one.id], until=day)
    draft.actors[new.id] = replace(new, since=day)
    draft.apart.append(("successor", *sorted((one.id, new.id))))  # type: ignore[arg-type]
    draft.changes.append((one.id, new.id, f"{one.office} of {one.of}"))


#: How many people are asked for a family name that no place bears yet.
_TRIES = 8


def _place_of_name(draft: _Draft) -> None:
    """A city or a ship called as somebody; in a large world all family names are taken at last."""
    one = _someone(draft)
    for _ in range(_TRIES):
        if one.names[1:] not in draft.borne:
            break
        one = _official(draft, draft.state())
    else:
        return
    if draft.rng.random() < 0.5:
        other = _city(draft, draft.state(), (one.names[1],))
    else:
        other = draft.add("ship", Actor("", "Weapon", (one.names[1],), one.of, "partOf"))
    draft.warn("person and thing", one, other)


DOUBLES: tuple[Callable[[_Draft], None], ...] = (
    _same_name,
    _namesake_here,
    _successor,
    _namesake_abroad,
    _father,
    _place_of_name,
)


def _classics(draft: _Draft) -> None:
    """Tigran, who is not Iran."""
    armenia, iran = draft.actors[f"{NAME}Armenia"], draft.actors[f"{NAME}Iran"]
    tigran = _person(draft, "armenian", ("Tigran", "Vardanosyan"), armenia, "officialOf", "adviser")
    draft.apart.append(("Tigran and Iran", *sorted((tigran.id, iran.id))))  # type: ignore[arg-type]


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
