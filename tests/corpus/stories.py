"""What happens in the corpus, and who tells of it when: true events in stories, stories in arcs, and a schedule.

An arc is what goes on between the same actors: rounds of talks, strikes on one city, a change in an office. Its stories
are alike and not the same; each takes four to six articles to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from random import Random

from tests.corpus.people import HUBS
from tests.corpus.world import UNION, World

OUTLETS = (
    "Northwire", "Harbour Wire", "Morning Ledger", "Lake Courier", "Continental Post", "Steppe Monitor", "Delta Times",
    "The Quay", "Meridian Daily", "Old Bridge Gazette", "Saltmarsh Review", "Highland Dispatch", "Cedar Tribune",
    "Inland Observer", "Southern Desk", "Evening Anchor", "Plateau Herald", "Capital Sheet", "Seven Hills Echo",
    "Frontier Journal", "Estuary News", "Lantern Weekly", "Ridge Standard", "Compass Report", "Isthmus Star",
    "Orchard Mail", "Basalt Bulletin", "Westgate Argus", "Monsoon Chronicle", "Ferry Point Record",
)  # fmt: skip
WIRES = 2
TOPICS = (
    "a prisoner exchange", "grain transit", "the border crossing", "a water treaty", "fishing rights", "demining",
    "a gas pipeline", "customs duties", "the return of refugees", "a monitoring mission", "air corridors", "trade",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """A true event: who took part in which role, when and where, how many were killed and injured, its number in a
    series; `denied` if it is an agreement that was not struck."""

    id: str
    class_: str
    day: date
    cast: tuple[tuple[str, str], ...]
    place: str | None = None
    topic: str | None = None
    killed: int | None = None
    injured: int | None = None
    number: int | None = None
    denied: bool = False

    def all(self, role: str) -> tuple[str, ...]:
        return tuple(actor for name, actor in self.cast if name == role)

    def one(self, role: str) -> str:
        return self.all(role)[0]


@dataclass(frozen=True, slots=True)
class Story:
    """What articles tell together, with what they may recall and what they may announce. `slot` is the office that
    changes hands."""

    id: str
    kind: str
    happenings: tuple[Happening, ...]
    earlier: Happening | None = None
    later: Happening | None = None
    slot: str | None = None

    @property
    def day(self) -> date:
        return self.happenings[0].day


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """An article to come: `twist` is what it has wrong or tells otherwise; `salt` draws its words, the same for a
    reprint or a correction as for what it goes back to (`basis`, by number)."""

    published: date
    number: int
    story: int = field(compare=False)
    outlet: str = field(compare=False)
    written: date = field(compare=False)
    salt: str = field(compare=False)
    family: str = field(compare=False)
    twist: str | None = field(default=None, compare=False)
    basis: int | None = field(default=None, compare=False)
    corrects: bool = field(default=False, compare=False)

    @property
    def reprint(self) -> bool:
        return self.basis is not None and not self.corrects


@dataclass(slots=True)
class Chronicle:
    """Stories as they are drawn; `apart` are true events that are alike and not the same."""

    world: World
    rng: Random
    start: date
    days: int
    stories: list[Story] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    events: int = 0
    changed: int = 0
    owed: dict[str, list[str]] = field(default_factory=dict)
    serving: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Those who may be taken for others are to come up early, both of a pair; by kind."""
        pairs = list(self.world.apart)
        self.rng.shuffle(pairs)
        for id_ in dict.fromkeys(id_ for pair in pairs for id_ in pair[1:]):
            self.owed.setdefault(self._kind(id_), []).append(id_)
        for id_ in self.world.of("person"):
            self.serving.setdefault(str(self.world.actors[id_].of), []).append(id_)

    def happen(self, class_: str, day: date, *cast: tuple[str, str], **rest: object) -> Happening:
        self.events += 1
        return Happening(f"event/{self.events}", class_, day, cast, **rest)  # type: ignore[arg-type]

    def pick(self, *kinds: str, but: tuple[str, ...] = ()) -> str:
        """An actor of one of the kinds: one that is owed, or any; the first of a kind come up most."""
        owing = [kind for kind in kinds if self.owed.get(kind)]
        kind = self.rng.choice(owing or [kind for kind in kinds if self.world.of(kind)])
        ids, owed = self.world.of(kind), [id_ for id_ in self.owed.get(kind, ()) if id_ not in but]
        if owed and self.rng.random() < 0.85:
            return self._pay(owed[0])
        left = [id_ for id_ in ids if id_ not in but] if but else ids
        return left[int(len(left) * self.rng.random() ** 1.5)]

    def serves(self, owner: str, but: tuple[str, ...] = ()) -> str | None:
        """Somebody who serves a state or a body."""
        found = [id_ for id_ in self.serving.get(owner, ()) if id_ not in but]
        owed = [id_ for id_ in found if id_ in self.owed.get("person", ())]
        return self._pay(owed[0]) if owed else self.rng.choice(found) if found else None

    def _pay(self, id_: str) -> str:
        self.owed[self._kind(id_)].remove(id_)
        return id_

    def _kind(self, id_: str) -> str:
        return "state" if self.world.actors[id_].type == "State" else id_.split("/")[0]

    def since(self, least: int) -> date:
        return self.start + timedelta(self.rng.randint(0, max(self.days - least, 1)))

    def tell(self, kind: str, series: Sequence[tuple[Happening, ...]], slot: str | None = None) -> None:
        """An arc of stories, each of which may recall the one before and announce the one after."""
        for number, told in enumerate(series):
            earlier = series[number - 1][0] if number else None
            later = series[number + 1][0] if number + 1 < len(series) else None
            self.stories.append(Story(f"story/{len(self.stories) + 1}", kind, told, earlier, later, slot))
        for one, other in combinations(series, 2):
            alike = [(a, b) for a in one for b in other if a.class_ == b.class_]
            self.apart += [(a.id, b.id) for a, b in alike]


def talks(now: Chronicle) -> None:
    """Rounds of talks between two parties in different weeks, each with or without a deal."""
    rng, parties = now.rng, _parties(now)
    mediator = now.pick("trust", "monitors", "union", but=parties) if rng.random() < 0.6 else rng.choice(HUB_IRIS)
    mediator = UNION if mediator in parties else mediator
    day, topic = now.since(60), rng.choice(TOPICS)
    series: list[tuple[Happening, ...]] = []
    venue = now.pick("venue", "city")
    for number in range(1, rng.randint(2, 3) + 1):
        roles = (("party", parties[0]), ("party", parties[1]))
        series.append(
            (
                now.happen("Negotiation", day, *roles, ("mediator", mediator), place=venue, number=number),
                now.happen("Agreement", day, *roles, topic=topic, denied=rng.random() < 0.6),
                now.happen("Demand", day, ("agent", parties[0]), ("target", parties[1]), topic=topic),
                now.happen("Rejection", day, ("agent", parties[1]), topic=topic),
                *_spoken(now, day, *parties),
            )
        )
        day += timedelta(rng.randint(6, 20))
        venue = now.pick("venue", "city") if rng.random() < 0.3 else venue
        topic = rng.choice(TOPICS) if rng.random() < 0.5 else topic
    now.tell("talks", series)


def _parties(now: Chronicle) -> tuple[str, str]:
    one = now.pick("state")
    return one, now.pick("state", "front", but=(one,))


def _spoken(now: Chronicle, day: date, *sides: str) -> tuple[Happening, ...]:
    """What somebody of each side says."""
    speakers = [speaker for speaker in map(now.serves, sides) if speaker is not None]
    return tuple(now.happen("Statement", day, ("speaker", one), topic=now.rng.choice(TOPICS)) for one in speakers)


def strikes(now: Chronicle) -> None:
    """Strikes on one city on different days by the same side."""
    rng = now.rng
    city = now.pick("ship") if rng.random() < 0.2 and now.world.of("ship") else now.pick("city")
    agent = now.pick("front", "brigade")
    class_ = rng.choice(("Airstrike", "Shelling", "Shelling", "Bombing"))
    day, place = now.since(20), city if city.startswith("city") else None
    series: list[tuple[Happening, ...]] = []
    owner = str(now.world.actors[city].of)
    accuser = now.pick("ministry") if rng.random() < 0.4 else owner
    for _ in range(rng.randint(2, 4)):
        killed, injured = rng.randint(1, 30), rng.randint(2, 60)
        series.append(
            (
                now.happen(
                    class_, day, ("agent", agent), ("target", city), place=place, killed=killed, injured=injured
                ),
                now.happen("Accusation", day + timedelta(1), ("agent", accuser), ("target", agent)),
                *_spoken(now, day + timedelta(1), owner, agent),
            )
        )
        day += timedelta(rng.randint(2, 6))
    now.tell("strikes", series)


def visits(now: Chronicle) -> None:
    """Somebody goes to a capital, more than once, and meets somebody there."""
    rng = now.rng
    guest = now.pick("person")
    host = now.pick("state", but=(str(now.world.actors[guest].of),))
    venue, day, series = now.pick("venue"), now.since(40), []
    met = now.serves(host) or now.pick("person", but=(guest,))
    for _ in range(rng.randint(1, 2)):
        series.append(
            (
                now.happen("Visit", day, ("agent", guest), ("target", host), place=venue),
                now.happen("Meeting", day, ("party", guest), ("party", met), place=venue, topic=rng.choice(TOPICS)),
                now.happen("Statement", day, ("speaker", met), topic=rng.choice(TOPICS)),
            )
        )
        day += timedelta(rng.randint(5, 15))
    now.tell("visits", series)


def offices(now: Chronicle) -> None:
    """One leaves an office, another takes it; visits, where no office is left to change hands."""
    if now.changed >= len(now.world.changes):
        visits(now)
        return
    old, new, slot = now.world.changes[now.changed]
    now.changed += 1
    day, state = now.world.actors[new].since or now.start, str(now.world.actors[new].of)
    told = (
        now.happen("Appointment", day, ("agent", state), ("person", new)),
        now.happen("Resignation", day - timedelta(1), ("person", old)),
        now.happen("Statement", day, ("speaker", new), topic=now.rng.choice(TOPICS)),
    )
    now.tell("offices", [told], slot)


def arrests(now: Chronicle) -> None:
    """Somebody is arrested, and his release demanded; others on other days."""
    rng = now.rng
    by, place = now.pick("ministry", "front"), now.pick("city")
    day, series = now.since(30), []
    for _ in range(rng.randint(1, 2)):
        person = now.pick("person")
        series.append(
            (
                now.happen("Arrest", day, ("agent", by), ("target", person), place=place),
                now.happen("Demand", day + timedelta(1), ("agent", str(now.world.actors[person].of)), ("target", by),
                           topic="his release"),
            )
        )  # fmt: skip
        day += timedelta(rng.randint(3, 12))
    now.tell("arrests", series)


#: How often each kind of arc begins.
ARCS: tuple[tuple[Callable[[Chronicle], None], int], ...] = (
    (talks, 4),
    (strikes, 4),
    (visits, 2),
    (offices, 2),
    (arrests, 1),
)
#: What may be told otherwise of a kind of story.
TWISTS = {"talks": ("polarity", "time"), "strikes": ("value",), "visits": ("time",), "offices": ("office",)}


def schedule(articles: int, now: Chronicle) -> tuple[Slot, ...]:
    """So many articles of as many stories as that takes, by date."""
    deck: list[Callable[[Chronicle], None]] = []
    slots: list[Slot] = []
    done = 0
    while len(slots) < articles:
        if not deck:  # A deck of cards, not dice: a small corpus has some of each.
            deck = [arc for arc, weight in ARCS for _ in range(weight)]
            now.rng.shuffle(deck)
        deck.pop()(now)
        for number in range(done, len(now.stories)):
            slots += _coverage(now, number, len(slots), min(30, max(6, articles // 12)))
        done = len(now.stories)
    return tuple(sorted(slots[:articles]))


def _coverage(now: Chronicle, story: int, first: int, outlets: int) -> Iterator[Slot]:
    """The articles on one story: some write themselves, some print a wire's; one may err, and one be corrected."""
    rng, told = now.rng, now.stories[story]
    chosen = rng.sample(OUTLETS[WIRES:outlets], 4)
    twists = TWISTS.get(told.kind, ())
    twist = rng.choice(twists) if twists and (rng.random() < 0.6 or told.slot) else None

    def slot(number: int, outlet: str, days: int, **rest: object) -> Slot:
        day = told.day + timedelta(days)
        basis = {"written": day, "salt": f"{told.id} {outlet}", "family": outlet, **rest}
        return Slot(day, first + number, story, outlet, **basis)  # type: ignore[arg-type]

    # Where the wire errs, those who reprint it err with it, and stay so when it is corrected.
    erring = rng.random() < 0.2
    wire = slot(0, rng.choice(OUTLETS[:WIRES]), 1, twist=twist if erring else None)
    other = slot(3, chosen[2], rng.randint(1, 3), twist=None if erring else twist)
    shared = {
        "written": wire.written,
        "salt": wire.salt,
        "family": wire.family,
        "basis": wire.number,
        "twist": wire.twist,
    }
    yield wire
    yield slot(1, chosen[0], rng.randint(1, 3))
    yield slot(2, chosen[1], 1 + rng.randint(0, 3), **shared)
    yield other
    if rng.random() < 0.6:
        yield slot(4, chosen[3], 1 + rng.randint(0, 3), **shared) if rng.random() < 0.5 else slot(4, chosen[3], 2)
        if twist and rng.random() < 0.4:
            yield _correction(wire if erring else other, first + 5, rng.randint(1, 2))


def _correction(old: Slot, number: int, days: int) -> Slot:
    """A later version of an article, without what it had wrong."""
    day = old.published + timedelta(days)
    return replace(old, published=day, number=number, twist=None, basis=old.number, corrects=True)


HUB_IRIS = tuple(f"https://kg.example/name/{hub}" for hub in HUBS)
