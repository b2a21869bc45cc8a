"""The page of a person, a state, an organisation, a place: all that articles say of it, in sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rdflib import SKOS

from kg.errors import QueryError
from kg.labels import in_words, local
from kg.namespaces import KG, WD, WORLD
from kg.serve.edition import Edition
from kg.serve.names import is_entity
from kg.serve.reading import (
    OBJECT,
    SUBJECT,
    TYPE,
    Origin,
    Pointer,
    Reader,
    Said,
    Thing,
    is_event,
    is_stage,
    newest,
)
from kg.serve.words import first_day

#: So many of a kind are shown at once; the page says how many there are.
MOST = 40
#: A hub stands in thousands of claims: so many of the newest are looked at for its page.
_LOOKED_AT = 800

_OFFICES = tuple(
    str(KG[name]) for name in ("headOf", "officialOf", "representativeOf", "negotiatorOf", "headsDelegationOf")
)
#: What only repeats the role of an event.
_REPEATS = {str(KG[name]) for name in ("participatedIn", "struck", "hostedBy", "mediatedBy", "response")}
_HELD = str(KG.holder)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name that articles use."""

    name: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office, of what, when articles first and last gave it, how many did, and in which words the last."""

    office: str
    capacity: str
    of: Thing
    first: str
    last: str
    articles: int
    said: Said


@dataclass(frozen=True, slots=True)
class Relation:
    """How a thing is related to another: in words, from which side, how many articles say so, and one sentence."""

    relation: str
    other: Thing
    from_other: bool
    articles: int
    said: Said


@dataclass(frozen=True, slots=True)
class Involvement:
    """An event, the thing's part in it, who else takes part and where, and how the newest article tells it."""

    day: str
    event: Thing
    part: str
    others: tuple[Thing, ...]
    place: str
    articles: int
    said: Said


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody is reported to have said."""

    said: str
    cue: str
    direct: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Position:
    """How somebody stands to an item of talks."""

    day: str
    stance: str
    items: tuple[Thing, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who writes about a thing, in how many articles."""

    outlet: str
    articles: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who shares events or relations, of those on the page, and how many."""

    thing: Thing
    links: int


@dataclass(frozen=True, slots=True)
class Actor:
    """All that is shown of a thing. `more` says in words what is not shown."""

    thing: Thing
    names: tuple[Spelling, ...]
    wikidata: str
    articles: int
    offices: tuple[Office, ...]
    relations: tuple[Relation, ...]
    events: tuple[Involvement, ...]
    positions: tuple[Position, ...]
    statements: tuple[Words, ...]
    outlets: tuple[Outlet, ...]
    neighbours: tuple[Neighbour, ...]
    more: tuple[str, ...]


def actor(edition: Edition, iri: str) -> Actor:
    """What articles say of a thing. Raises QueryError where nobody speaks of it."""
    reader = Reader(edition)
    aliases = reader.aliases(iri)
    names = edition.names
    canonical = reader.canonical(iri)
    if canonical not in names.labels:
        raise QueryError(f"nobody speaks of {iri} here: search for a name")
    every = newest((*reader.pointers(aliases, SUBJECT), *reader.pointers(aliases, OBJECT)))
    told, own = every[:_LOOKED_AT], {*aliases}
    events = _by_event(reader, [pointer for pointer in told if _is_part(reader, pointer, own)])
    statements = newest(_attributions(reader, aliases))
    held = [pointer for pointer in told if pointer.predicate == _HELD]
    offices = _offices(reader, (p for p in told if p.predicate in _OFFICES and _subject(reader, p) in own))
    relations, related = _relations(reader, (p for p in told if _is_relation(reader, p)), own)
    parts = tuple(sorted((_involvement(reader, some, own) for some in islice(events, MOST)), key=_day, reverse=True))
    return Actor(
        thing=reader.thing(canonical),
        names=tuple(Spelling(name) for name in names.spelt[canonical]),
        wikidata=next(filter(None, (_wikidata(reader, alias) for alias in (canonical, *aliases))), ""),
        articles=names.articles[canonical],
        offices=offices[:MOST],
        relations=relations,
        events=parts,
        positions=tuple(_position(reader, pointer) for pointer in held[:MOST]),
        statements=tuple(_words(reader, pointer) for pointer in statements[:MOST]),
        outlets=_outlets(reader, every),
        neighbours=_neighbours(relations, parts),
        more=_more(len(every), ("relations", related), ("events", len(events)), ("positions", len(held)),
                   ("statements", len(statements))),
    )  # fmt: skip


def _neighbours(relations: Iterable[Relation], parts: Iterable[Involvement]) -> tuple[Neighbour, ...]:
    """Who is near, the nearest first."""
    counts = Counter(other for part in parts for other in part.others)
    counts.update(relation.other for relation in relations)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0].name))
    return tuple(Neighbour(thing, links) for thing, links in ranked if is_entity(thing.iri))


def claims(model: Actor) -> tuple[Said, ...]:
    """All claims that the page shows."""
    groups = (model.offices, model.relations, model.events, model.positions)
    return tuple(dict.fromkeys(item.said for group in groups for item in group))


def _more(claims: int, *counts: tuple[str, int]) -> tuple[str, ...]:
    """In words, what is a part."""
    parts = tuple(f"{MOST} of {many} {what}" for what, many in counts if many > MOST)
    return (f"what the newest {_LOOKED_AT} of {claims} claims say", *parts) if claims > _LOOKED_AT else parts


def _subject(reader: Reader, pointer: Pointer) -> str:
    return reader.value(pointer.claim, SUBJECT, pointer.article)


def _wikidata(reader: Reader, iri: str) -> str:
    return reader.value(iri, str(SKOS.exactMatch), WORLD).removeprefix(str(WD))


def _outlets(reader: Reader, told: Iterable[Pointer]) -> tuple[Outlet, ...]:
    """Who writes about it: outlets by how many articles make a claim of it."""
    articles = {pointer.article for pointer in told}
    counts = Counter(reader.edition.articles[article].outlet or "(unknown)" for article in articles)
    return tuple(Outlet(name, many) for name, many in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


# -------------------------------------------------------------------------------------------------- offices, relations


def _offices(reader: Reader, told: Iterable[Pointer]) -> tuple[Office, ...]:
    """Offices by name and body, the one that was given last first."""
    groups: defaultdict[tuple[str, str, str], list[Pointer]] = defaultdict(list)
    for pointer in told:
        known = reader.claim(pointer.claim, pointer.article)
        body = reader.canonical(known[OBJECT])
        groups[known.get(str(KG.office), ""), pointer.predicate, body].append(pointer)
    found = [_office(reader, office, some) for (office, _, _), some in groups.items()]
    return tuple(sorted(found, key=lambda item: (item.last, item.office), reverse=True))


def _office(reader: Reader, office: str, told: Sequence[Pointer]) -> Office:
    dates = sorted(pointer.date for pointer in told if pointer.date) or [""]
    said = reader.said(told[0])
    capacity = in_words(told[0].predicate)
    return Office(office or capacity, capacity, said.object, dates[0], dates[-1], _articles(told), said)


def _articles(told: Iterable[Pointer]) -> int:
    return len({pointer.article for pointer in told})


def _is_relation(reader: Reader, pointer: Pointer) -> bool:
    """Whether a claim relates two things, none of which is an event or a stage of talks."""
    known = reader.claim(pointer.claim, pointer.article)
    ends = known[SUBJECT], known[OBJECT]
    if pointer.predicate == TYPE or any(is_event(end) or end.startswith(str(KG)) for end in ends):
        return False
    return pointer.predicate not in {str(KG.party)}


def _relations(reader: Reader, told: Iterable[Pointer], own: set[str]) -> tuple[tuple[Relation, ...], int]:
    """Relations by name and other end, those that most articles tell first; and how many there are."""
    groups: defaultdict[tuple[str, bool, str, str], list[Pointer]] = defaultdict(list)
    for pointer in told:
        known = reader.claim(pointer.claim, pointer.article)
        backward = known[SUBJECT] not in own
        other = reader.canonical(known[SUBJECT] if backward else known[OBJECT])
        groups[pointer.predicate, backward, other, known[str(KG.polarity)]].append(pointer)
    most_told = sorted(groups.items(), key=lambda item: (-_articles(item[1]), item[0]))[:MOST]
    found = tuple(_relation(reader, backward, some) for (_, backward, _, _), some in most_told)
    return found, len(groups)


def _relation(reader: Reader, backward: bool, told: Sequence[Pointer]) -> Relation:
    said = reader.said(told[0])
    return Relation(said.predicate, said.subject if backward else said.object, backward, _articles(told), said)


# --------------------------------------------------------------------------------------------------------------- events


def _is_part(reader: Reader, pointer: Pointer, own: set[str]) -> bool:
    """Whether a claim gives a thing a part in an event that is more than words."""
    if pointer.predicate == TYPE or pointer.predicate in _REPEATS:
        return False
    known = reader.claim(pointer.claim, pointer.article)
    return known[OBJECT] in own and is_event(known[SUBJECT]) and not is_stage(known[SUBJECT])


def _by_event(reader: Reader, told: Sequence[Pointer]) -> list[list[Pointer]]:
    """Claims by the event over articles, the newest first; statements are shown by what was said, not as events."""
    groups: defaultdict[str, list[Pointer]] = defaultdict(list)
    for pointer in told:
        if pointer.predicate not in (_HELD, str(KG.speaker)):
            event = _subject(reader, pointer)
            groups[reader.canonical(event)].append(pointer)
    return list(groups.values())


def _involvement(reader: Reader, told: Sequence[Pointer], own: set[str]) -> Involvement:
    first = told[0]
    event = _subject(reader, first)
    said = reader.said(first)
    others, place, day = [], "", ""
    for pointer in reader.of_event(event, first.article):
        thing = reader.claim(pointer.claim, pointer.article)[OBJECT]
        if pointer.predicate == str(KG.time):
            day = reader.thing(thing, pointer.article).name
        elif pointer.predicate == str(KG.place):
            place = reader.thing(thing, pointer.article).name
        elif pointer.predicate in _TAKE_PART and thing not in own:
            others.append(reader.thing(thing, pointer.article))
    part = ", ".join(dict.fromkeys(in_words(pointer.predicate) for pointer in told))
    return Involvement(
        day or first.date, said.subject, part, tuple(dict.fromkeys(others)), place, _articles(told), said
    )


def _day(one: Involvement) -> str:
    """The day of an event, or that of its telling where it has no day of a calendar."""
    return first_day(one.day) or one.said.origin.date


_TAKE_PART = {
    str(KG[name])
    for name in ("party", "mediator", "host", "agent", "target", "addressee", "person", "killed", "injured")
}


# ------------------------------------------------------------------------------------------------ statements, positions


def _attributions(reader: Reader, aliases: Iterable[str]) -> Iterator[Pointer]:
    """The attributions whose speaker a thing is."""
    for alias in aliases:
        for attribution, _, _, article in reader.store.match(None, str(KG.speaker), alias, None):
            if "#a" in attribution and article in reader.edition.articles:
                yield Pointer(attribution, article, str(KG.speaker), reader.edition.articles[article].published or "")


def _words(reader: Reader, pointer: Pointer) -> Words:
    known = reader.claim(pointer.claim, pointer.article)
    said, cue = (reader.words(known.get(str(KG[name]), ""), pointer.article) for name in ("content", "cue"))
    return Words(said, cue, known.get(str(KG.direct)) == "true", reader.origin(pointer.article))


def _position(reader: Reader, pointer: Pointer) -> Position:
    event = _subject(reader, pointer)
    told = reader.of_event(event, pointer.article)
    objects = [(one.predicate, reader.claim(one.claim, one.article)[OBJECT]) for one in told]
    stance = next((local(thing) for predicate, thing in objects if predicate == str(KG.stance)), "")
    items = [reader.thing(thing, pointer.article) for predicate, thing in objects if predicate == str(KG.item)]
    day = next((thing for predicate, thing in objects if predicate == str(KG.time)), "")
    when = reader.thing(day, pointer.article).name if day else pointer.date
    return Position(when, in_words(stance) if stance else "", tuple(dict.fromkeys(items)), reader.said(told[0]))
