"""Where articles contradict each other: rival values for what can have one value only.

    polarity  what one affirms another denies: an agreement, a relation
    value     other numbers of killed or injured in one event
    time      other days for one event
    office    others who hold, at one time, an office that one person holds

Both sides are kept, with who says so, where and when; nothing is overwritten, and numbers are never added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rdflib import RDF, RDFS

from kg.lexicon import load
from kg.mirror import Claim, Key, facts
from kg.namespaces import IDENTITY, KG, NAME, TIME
from kg.query import alike
from kg.record import ACTUAL, AFFIRMED, NEGATED, OPEN
from kg.store import Store
from kg.timex import interval

POLARITY, VALUE, WHEN, OFFICE = "polarity", "value", "time", "office"
KINDS = (POLARITY, VALUE, WHEN, OFFICE)
_TYPE = str(RDF.type)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the rival values, and the claims that give it, the earliest first."""

    value: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Rival values for one slot: `kind` is one of KINDS, `about` names in words what it is about, `subject` is the
    canonical IRI of the event, of who is spoken of, or of the body that has the office."""

    kind: str
    about: str
    subject: str
    left: Side
    right: Side

    @property
    def articles(self) -> frozenset[str]:
        return frozenset(claim.article for side in (self.left, self.right) for claim in side.claims)


def contradictions(store: Store, about: str | None = None, kind: str | None = None) -> tuple[Contradiction, ...]:
    """All contradictions, sorted; of one kind, or about what a name or IRI means, if asked. Raises QueryError for a
    name that nothing bears."""
    told = _Told(store)
    found = [item for name, find in _FINDERS.items() if kind in (None, name) for item in find(told)]
    if about is not None:
        wanted = alike(store, about)
        found = [item for item in found if told.speaks_of(item, wanted)]
    return tuple(sorted(found, key=_order))


def _order(item: Contradiction) -> tuple[int, str, str, str, str]:
    return KINDS.index(item.kind), item.about, item.subject, item.left.value, item.right.value


class _Told:
    """All claims, by triple and by event, and what things are called."""

    def __init__(self, store: Store) -> None:
        self.facts = facts(store)
        names = {thing: name for name, thing in store.pairs(str(KG.toldAs), IDENTITY)}
        self.labels: dict[str, str] = {}
        for _, thing, label in store.rows(str(RDFS.label)):
            name = names.get(thing, thing)
            self.labels[name] = max(label, self.labels.get(name, ""), key=lambda text: (len(text), text))
        self.numbers: dict[str, dict[str, str]] = defaultdict(dict)
        for term in ("count", "least", "most", "population"):
            for _, thing, value in store.rows(str(KG[term])):
                self.numbers[names.get(thing, thing)][term] = value
        self.classes: dict[str, list[tuple[str, tuple[Claim, ...]]]] = defaultdict(list)
        self.roles: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for (subject, predicate, object_), claims in self.facts.items():
            if predicate == _TYPE:
                self.classes[subject].append((object_.removeprefix(str(KG)), claims))
            else:
                self.roles[subject].append((predicate, object_))

    def by(self, predicates: Iterable[str]) -> Iterator[tuple[Key, tuple[Claim, ...]]]:
        wanted = {str(KG[name]) for name in predicates}
        return ((key, claims) for key, claims in self.facts.items() if key[1] in wanted)

    def called(self, thing: str) -> str:
        return self.labels.get(thing, thing.rpartition("/")[2])

    def event(self, event: str) -> str:
        """An event in words: its class, who takes part, where."""
        names = dict.fromkeys(self.called(thing) for role, thing in self.roles[event] if role in _TELLING)
        classes = sorted({name for name, _ in self.classes[event]})
        return ": ".join(filter(None, (classes[0] if classes else "", ", ".join(names))))

    def speaks_of(self, item: Contradiction, things: frozenset[str]) -> bool:
        return item.subject in things or any(thing in things for _, thing in self.roles[item.subject])


_TELLING = {str(KG[name]) for name in ("party", "agent", "target", "person", "speaker", "place", "topic")}


def _plain(claims: Iterable[Claim], polarity: str) -> tuple[Claim, ...]:
    """What is said to be so, or not to be so."""
    found = (claim for claim in claims if claim.polarity == polarity and claim.modality == ACTUAL)
    return tuple(sorted(found, key=lambda claim: (claim.date, claim.article, claim.start, claim.id)))


def _rivals(left: Iterable[Claim], right: Iterable[Claim]) -> bool:
    """Whether two sides are not the words of one: another article says so, or another speaker."""
    return any(a.article != b.article or a.speaker_iri != b.speaker_iri for a in left for b in right)


# -------------------------------------------------------------------------------------------------------------- finding


def _polarities(told: _Told) -> Iterator[Contradiction]:
    for event, classes in told.classes.items():
        typed = [claim for class_, some in classes for claim in some if class_ != OPEN]
        yield from _denied(told.event(event), event, typed)
    for (subject, predicate, object_), claims in told.facts.items():
        if predicate != _TYPE and told.classes.keys().isdisjoint((subject, object_)):
            words = f"{told.called(subject)} {predicate.rpartition('#')[2]} {told.called(object_)}"
            yield from _denied(words, subject, claims)


def _denied(about: str, subject: str, claims: Collection[Claim]) -> Iterator[Contradiction]:
    yes, no = (_plain(claims, polarity) for polarity in (AFFIRMED, NEGATED))
    if yes and no and _rivals(yes, no):
        yield Contradiction(POLARITY, about, subject, Side("it is so", yes), Side("it is not so", no))


def _values(told: _Told) -> Iterator[Contradiction]:
    rivals: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (event, role, thing), claims in told.by(("killed", "injured")):
        if told.numbers.get(thing) and _plain(claims, AFFIRMED):
            rivals[event, role][_number(told.numbers[thing])].append(thing)
    for (event, role), values in sorted(rivals.items()):
        about = f"{role.rpartition('#')[2]} in {told.event(event)}"
        sides = [_side(told, event, role, value, things) for value, things in sorted(values.items(), key=_by_number)]
        for left, right in combinations(sides, 2):
            numbers = (told.numbers[values[side.value][0]] for side in (left, right))
            if _differ(*numbers) and _rivals(left.claims, right.claims):
                yield Contradiction(VALUE, about, event, left, right)


def _by_number(item: tuple[str, list[str]]) -> tuple[int, str]:
    return int("".join(filter(str.isdigit, item[0])) or 0), item[0]


def _side(told: _Told, event: str, role: str, value: str, things: Iterable[str]) -> Side:
    return Side(value, _plain((claim for thing in things for claim in told.facts[event, role, thing]), AFFIRMED))


def _number(number: Mapping[str, str]) -> str:
    """A number in words: 12, at least 12, 10 to 20."""
    least, most = number.get("least"), number.get("most")
    if number.get("count") and least in (None, number["count"]) and most in (None, number["count"]):
        return number["count"]
    if least and most:
        return least if least == most else f"{least} to {most}"
    return f"at least {least}" if least else f"at most {most}" if most else number.get("count", "")


def _differ(one: Mapping[str, str], two: Mapping[str, str]) -> bool:
    """Whether no number of the same people can be meant by both."""
    people = {number.get("population", "") for number in (one, two)} - load().words["anybody"] - {""}
    if len(people) > 1:
        return False
    (low, high), (least, most) = _range(one), _range(two)
    return high < least or most < low


def _range(number: Mapping[str, str]) -> tuple[float, float]:
    count = number.get("count")
    return float(number.get("least", count or 0)), float(number.get("most", count or "inf"))


def _times(told: _Told) -> Iterator[Contradiction]:
    days: dict[str, list[tuple[str, tuple[Claim, ...]]]] = defaultdict(list)
    for (event, _, time), claims in told.by(("time",)):
        if (said := _plain(claims, AFFIRMED)) and interval(time.removeprefix(str(TIME))):
            days[event].append((time.removeprefix(str(TIME)), said))
    for event, sides in sorted(days.items()):
        for (one, left), (two, right) in combinations(sorted(sides), 2):
            if _disjoint(one, two) and _rivals(left, right):
                yield Contradiction(WHEN, told.event(event), event, Side(one, left), Side(two, right))


def _disjoint(one: str, two: str) -> bool:
    first, second = interval(one), interval(two)
    return first is not None and second is not None and (first[1] < second[0] or second[1] < first[0])


def _offices(told: _Told) -> Iterator[Contradiction]:
    holders: dict[tuple[str, str], dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for (who, _, body), claims in told.by(("headOf", "officialOf")):
        for claim in _plain(claims, AFFIRMED):
            if claim.office and (office := _sole(claim.office)):
                holders[office, body][who].append(claim)
    for (office, body), people in sorted(holders.items()):
        about = f"{office} of {told.called(body)}"
        for one, two in combinations(sorted(people), 2):
            if _at_one_time(people[one], people[two]) and not _known_apart(one, two):
                left, right = (Side(told.called(who), tuple(people[who])) for who in (one, two))
                yield Contradiction(OFFICE, about, body, left, right)


def _sole(office: str) -> str | None:
    """The name of an office that one person holds, in plain words; None for any other."""
    plain = office.lower().removeprefix("the ").strip()
    return plain if plain in load().words["sole-offices"] else None


def _at_one_time(one: Iterable[Claim], two: Iterable[Claim]) -> bool:
    """Whether articles call both so in turns: not first the one, then the other."""
    first, second = (sorted(claim.date for claim in claims if claim.date) for claims in (one, two))
    return bool(first and second) and first[0] <= second[-1] and second[0] <= first[-1]


def _known_apart(one: str, two: str) -> bool:
    """Whether the gazetteer knows that both held the office, one after the other."""
    return one.startswith(str(NAME)) and two.startswith(str(NAME))


_FINDERS: dict[str, Callable[[_Told], Iterator[Contradiction]]] = {
    POLARITY: _polarities,
    VALUE: _values,
    WHEN: _times,
    OFFICE: _offices,
}
