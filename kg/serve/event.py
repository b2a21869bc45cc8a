"""The page of an event: who took part, where and when, in whose words; of talks also rounds, agenda and outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import QueryError
from kg.namespaces import KG
from kg.serve.edition import Edition
from kg.serve.reading import OBJECT, PREDICATE, SUBJECT, TYPE, Pointer, Reader, Said, Thing, article_of, is_event
from kg.serve.words import in_words, local

#: So many tellings are read for one page.
_MOST_TELLINGS = 60
_TALKS = {"negotiation", "meeting", "mediation"}
#: What is told apart from roles: of talks, and what answers what.
_NO_ROLES = {
    str(KG[name])
    for name in (
        "item", "stance", "holder", "outcome", "outcomeKind", "nextRound", "roundStatus", "subEventOf", "respondsTo",
        "response", "stage", "ordinal", "participatedIn", "struck", "hostedBy", "mediatedBy", "sameAs", "format",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Who or what has a role in the event, how many articles say so, and the sentence of one."""

    role: str
    thing: Thing
    articles: int
    said: Said


@dataclass(frozen=True, slots=True)
class Linked:
    """Another event that belongs to this one: as a round, an outcome, a next round or an answer."""

    link: str
    event: Thing
    what: str
    day: str
    place: str
    said: Said


@dataclass(frozen=True, slots=True)
class Position:
    """How a party stands to an item of the agenda, as an article tells it."""

    item: Thing
    holder: Thing
    stance: str
    said: Said


@dataclass(frozen=True, slots=True)
class Event:
    """An event over all articles that tell of it: `facets` are its stage, ordinal and format in words."""

    event: Thing
    title: str
    day: str
    place: str
    facets: tuple[str, ...]
    parts: tuple[Part, ...]
    tellings: tuple[Said, ...]
    rounds: tuple[Linked, ...]
    outcomes: tuple[Linked, ...]
    next_rounds: tuple[Linked, ...]
    answers: tuple[Linked, ...]
    agenda: tuple[Thing, ...]
    positions: tuple[Position, ...]
    is_talks: bool
    more: tuple[str, ...]


def event(edition: Edition, iri: str) -> Event:
    """The event of an IRI, canonical or an article's own. Raises QueryError where no article tells of it."""
    reader = Reader(edition)
    own = [alias for alias in reader.aliases(iri) if is_event(alias) and article_of(alias) in edition.articles]
    if not own:
        raise QueryError(f"no article here tells of {iri}: search for who took part in it")
    own.sort(key=lambda alias: (edition.articles[article_of(alias)].published or "", alias), reverse=True)
    told = [pointer for alias in own[:_MOST_TELLINGS] for pointer in reader.of_event(alias, article_of(alias))]
    tellings = tuple(reader.said(pointer) for pointer in told if pointer.predicate == TYPE)
    parts = _parts(reader, told)
    first = tellings[0].subject if tellings else reader.thing(own[0], article_of(own[0]))
    day, place = (_first(parts, role) for role in ("time", "place"))
    links = [link for pointer in told for link in _links(reader, pointer)]
    items = tuple(dict.fromkeys(_object(reader, pointer) for pointer in told if pointer.predicate == str(KG.item)))
    return Event(
        event=first,
        title=_title(first, parts, place),
        day=day,
        place=place,
        facets=_facets(reader, told),
        parts=tuple(part for part in parts if part.role != in_words("time")),
        tellings=tellings,
        rounds=tuple(_rounds(reader, told, set(own))),
        outcomes=tuple(_unique(link for link in links if link.link == "outcome")),
        next_rounds=tuple(_unique(link for link in links if link.link == "next round")),
        answers=tuple(_unique(link for link in links if link.link in ("answers", "answered by"))),
        agenda=items,
        positions=tuple(_positions(reader, own[:_MOST_TELLINGS], parts)) if first.kind in _TALKS else (),
        is_talks=first.kind in _TALKS,
        more=(f"the newest {_MOST_TELLINGS} of {len(own)} tellings",) if len(own) > _MOST_TELLINGS else (),
    )


def _object(reader: Reader, pointer: Pointer) -> Thing:
    return reader.thing(reader.claim(pointer.claim, pointer.article)[OBJECT], pointer.article)


def _first(parts: Iterable[Part], role: str) -> str:
    """Who or what most articles give a role."""
    return next((part.thing.name for part in parts if part.role == in_words(role)), "")


def _title(event: Thing, parts: Iterable[Part], place: str) -> str:
    """An event in words: its class, who takes part, where."""
    who = list(dict.fromkeys(part.thing.name for part in parts if part.role in _TELLING))
    named = f"{event.kind[:1].upper()}{event.kind[1:]}" if event.kind else event.name
    words = f"{named}: {', '.join(who[:3])}" if who else f"{named}: “{event.name}”"
    return f"{words} ({place})" if place else words


_TELLING = {"party", "agent", "target", "person", "speaker"}


def _parts(reader: Reader, told: Iterable[Pointer]) -> tuple[Part, ...]:
    """Who has which role, what most articles say first."""
    groups: defaultdict[tuple[str, str, str], list[Pointer]] = defaultdict(list)
    for pointer in told:
        if pointer.predicate != TYPE and pointer.predicate not in _NO_ROLES:
            known = reader.claim(pointer.claim, pointer.article)
            thing = reader.canonical(known[OBJECT])
            groups[pointer.predicate, thing, known[str(KG.polarity)]].append(pointer)
    found = [_part(reader, some) for some in groups.values()]
    return tuple(sorted(found, key=lambda part: (_ORDER.get(part.role, 9), part.role, -part.articles, part.thing.name)))


_ORDER = {"party": 0, "agent": 0, "mediator": 1, "host": 2, "target": 3, "place": 4, "topic": 6}


def _part(reader: Reader, told: Sequence[Pointer]) -> Part:
    said = reader.said(told[0])
    return Part(said.predicate, said.object, len({pointer.article for pointer in told}), said)


def _facets(reader: Reader, told: Iterable[Pointer]) -> tuple[str, ...]:
    """Stage, ordinal and format of talks."""
    wanted = {str(KG[name]) for name in ("stage", "ordinal", "format")}
    return tuple(
        dict.fromkeys(
            f"{in_words(pointer.predicate)}: {_object(reader, pointer).name}"
            for pointer in told
            if pointer.predicate in wanted
        )
    )


# ---------------------------------------------------------------------------------------------------------------- links


def _links(reader: Reader, pointer: Pointer) -> Iterator[Linked]:
    link = _LINKS.get(local(pointer.predicate))
    if link is None:
        return
    other = reader.claim(pointer.claim, pointer.article)[OBJECT]
    yield _linked(reader, link, other, pointer)


_LINKS = {"outcome": "outcome", "nextRound": "next round", "respondsTo": "answers", "response": "answered by"}


def _linked(reader: Reader, link: str, other: str, pointer: Pointer) -> Linked:
    """Another event with what its article says of it: its kind as an outcome, or how certain it is as a round."""
    told = {one.predicate: one for one in reversed(reader.of_event(other, pointer.article))}
    named = [told[str(KG[name])] for name in ("outcomeKind", "roundStatus") if str(KG[name]) in told]
    what = ", ".join(_object(reader, one).name for one in named)
    day, place = (_name(reader, told.get(str(KG[name]))) for name in ("time", "place"))
    return Linked(link, reader.thing(other, pointer.article), what, day, place, reader.said(pointer))


def _name(reader: Reader, pointer: Pointer | None) -> str:
    return "" if pointer is None else _object(reader, pointer).name


def _unique(links: Iterable[Linked]) -> Iterator[Linked]:
    """One of the links to each event."""
    yield from {(link.link, link.event.iri, link.what): link for link in links}.values()


def _rounds(reader: Reader, told: Iterable[Pointer], own: set[str]) -> Iterator[Linked]:
    """The other rounds and sessions of the same talks."""
    found: dict[str, Linked] = {}
    for pointer in told:
        if pointer.predicate == str(KG.subEventOf):
            process = reader.claim(pointer.claim, pointer.article)[OBJECT]
            for claim, _, _, article in reader.store.match(None, OBJECT, process, pointer.article):
                known = reader.claim(claim, article)
                if known[PREDICATE] == str(KG.subEventOf) and known[SUBJECT] not in own:
                    other = Pointer(claim, article, known[PREDICATE], pointer.date)
                    link = _linked(reader, "round", known[SUBJECT], other)
                    found.setdefault(link.event.iri, link)
    yield from sorted(found.values(), key=lambda link: (link.day, link.event.name))


# ------------------------------------------------------------------------------------------------------------ positions


def _positions(reader: Reader, own: Iterable[str], parts: Iterable[Part]) -> Iterator[Position]:
    """Positions that the articles which tell of talks give their parties."""
    parties = {part.thing.iri for part in parts if part.role in ("party", "agent")}
    seen = set()
    for article in dict.fromkeys(map(article_of, own)):
        for claim, _, _, _ in reader.store.match(None, PREDICATE, str(KG.holder), article):
            known = reader.claim(claim, article)
            holder = reader.thing(known[OBJECT], article)
            if holder.iri not in parties or reader.canonical(known[SUBJECT]) in seen:
                continue
            seen.add(reader.canonical(known[SUBJECT]))
            told = {one.predicate: one for one in reader.of_event(known[SUBJECT], article)}
            stance = _name(reader, told.get(str(KG.stance)))
            if item := told.get(str(KG.item)):
                yield Position(_object(reader, item), holder, stance, reader.said(item))
