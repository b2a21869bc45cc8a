"""The page of an event: who takes part as what, what talks consist of and bring, and every article's telling of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from kg.errors import QueryError
from kg.labels import in_words
from kg.namespaces import KG
from kg.serve.edition import Edition
from kg.serve.reading import OBJECT, SUBJECT, TYPE, Pointer, Reader, Said, Thing, is_event, newest
from kg.serve.words import first_up

T = TypeVar("T")

#: So many tellings are shown, the newest; the page says how many there are.
MOST = 60

#: What holds talks together: shown as rounds, outcomes, agenda and so on, and not among who takes part.
_TALKS = {
    str(KG[name])
    for name in (
        *("subEventOf", "nextRound", "outcome", "outcomeKind", "item", "stage", "roundStatus", "stance", "response"),
        *("format", "ordinal", "time", "sameAs"),
    )
}
_FACETS = ("stage", "ordinal", "format", "roundStatus", "stance", "outcomeKind")


@dataclass(frozen=True, slots=True)
class Part:
    """Who or what has a role in an event, in how many articles, and one sentence that says so."""

    role: str
    thing: Thing
    articles: int
    said: Said


@dataclass(frozen=True, slots=True)
class Facet:
    """A quality of talks or of a position, such as its format or its ordinal."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Round:
    """Talks that hang together with these: how (round, next round, part of …), when, where, with which status."""

    relation: str
    event: Thing
    which: str
    day: str
    place: str
    said: Said


@dataclass(frozen=True, slots=True)
class Outcome:
    """What talks brought, or did not, in words: a deal, a partial one, none."""

    kind: str
    event: Thing
    said: Said


@dataclass(frozen=True, slots=True)
class Stand:
    """How a party to the talks stands to an item."""

    holder: Thing
    stance: str
    items: tuple[Thing, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class Event:
    """All that is shown of an event. `more` says in words what is not shown."""

    thing: Thing
    title: str
    day: str
    parts: tuple[Part, ...]
    facets: tuple[Facet, ...]
    agenda: tuple[Thing, ...]
    rounds: tuple[Round, ...]
    outcomes: tuple[Outcome, ...]
    positions: tuple[Stand, ...]
    answers: tuple[Said, ...]
    tellings: tuple[Said, ...]
    articles: int
    more: str


def event(edition: Edition, iri: str) -> Event:
    """What articles tell of an event. Raises QueryError where none does."""
    reader = Reader(edition)
    aliases = [alias for alias in reader.aliases(iri) if is_event(alias)]
    own = newest(reader.pointers(aliases, SUBJECT))
    if not own:
        raise QueryError(f"no article tells of {iri} here: search for who takes part in it")
    to_it = newest(reader.pointers(aliases, OBJECT))
    tellings = [pointer for pointer in own if pointer.predicate == TYPE] or own
    articles = len({pointer.article for pointer in own})
    thing, parts = _thing(reader, iri, own[0]), tuple(_parts(reader, own))
    return Event(
        thing=thing,
        title=_title(thing, parts),
        day=next(iter(_values(reader, own, "time")), Thing("", "", "")).name,
        parts=parts,
        facets=tuple(_facets(reader, own)),
        agenda=_values(reader, own, "item"),
        rounds=_once(_rounds(reader, aliases, own, to_it), lambda one: (one.event.name, one.which, one.day)),
        outcomes=_once(_outcomes(reader, own), lambda one: (one.kind, one.event.iri)),
        positions=_once(_stands(reader, own), lambda one: (one.holder, one.stance, one.items)),
        answers=tuple(map(reader.said, (pointer for pointer in (*own, *to_it) if _is_answer(pointer)))),
        tellings=tuple(map(reader.said, tellings[:MOST])),
        articles=articles,
        more=f"the newest {MOST} of {len(tellings)} tellings" if len(tellings) > MOST else "",
    )


def claims(model: Event) -> tuple[Said, ...]:
    """All claims that the page shows."""
    groups = (model.parts, model.rounds, model.outcomes, model.positions)
    return tuple(dict.fromkeys((*model.tellings, *(item.said for group in groups for item in group), *model.answers)))


def _thing(reader: Reader, iri: str, pointer: Pointer) -> Thing:
    """The event as its newest telling names it, under the IRI it has over articles."""
    told = reader.thing(_ends(reader, pointer)[0], pointer.article)
    return Thing(reader.canonical(iri), told.name, told.kind)


def _once(items: Iterable[T], key: Callable[[T], object]) -> tuple[T, ...]:
    """The first of those that are alike: many articles may say so."""
    found: dict[object, T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return tuple(found.values())


def _title(thing: Thing, parts: Iterable[Part]) -> str:
    """An event in words: its class, and who takes part as most articles have it."""
    named = [part for part in parts if part.role in _NAMED]
    most = max((part.articles for part in named), default=0)
    names = dict.fromkeys(part.thing.name for part in named if 2 * part.articles >= most)
    return ": ".join(filter(None, (first_up(thing.kind or "event"), ", ".join(islice(names, 3)))))


_NAMED = {in_words(role) for role in ("agent", "party", "target", "person", "speaker")}


def _ends(reader: Reader, pointer: Pointer) -> tuple[str, str]:
    known = reader.claim(pointer.claim, pointer.article)
    return known[SUBJECT], known[OBJECT]


def _is_answer(pointer: Pointer) -> bool:
    return pointer.predicate == str(KG.respondsTo)


def _values(reader: Reader, told: Iterable[Pointer], predicate: str) -> tuple[Thing, ...]:
    """The objects of a predicate, each once."""
    found = (one for one in told if one.predicate == str(KG[predicate]))
    return tuple(dict.fromkeys(reader.thing(_ends(reader, one)[1], one.article) for one in found))


def _facets(reader: Reader, told: Sequence[Pointer]) -> Iterator[Facet]:
    for name in _FACETS:
        if values := _values(reader, told, name):
            yield Facet(in_words(name), ", ".join(value.name for value in values))


# --------------------------------------------------------------------------------------------------------------- roles


def _parts(reader: Reader, told: Iterable[Pointer]) -> Iterator[Part]:
    """Who takes part as what, roles by name, those that most articles tell first."""
    groups: defaultdict[tuple[str, Thing], list[Pointer]] = defaultdict(list)
    for pointer in told:
        if pointer.predicate not in (TYPE, *_TALKS) and not _is_answer(pointer):
            thing = reader.thing(_ends(reader, pointer)[1], pointer.article)
            groups[in_words(pointer.predicate), thing].append(pointer)
    for (role, thing), some in sorted(groups.items(), key=_by_role):
        if (_SAME.get(role), thing) not in groups:
            yield Part(role, thing, len({one.article for one in some}), reader.said(some[0]))


#: Relations that only say what a role says.
_SAME = {in_words("hostedBy"): in_words("host"), in_words("mediatedBy"): in_words("mediator")}


def _by_role(item: tuple[tuple[str, Thing], list[Pointer]]) -> tuple[str, int, str]:
    (role, thing), some = item
    return role, -len(some), thing.name


# --------------------------------------------------------------------------------------------------------------- talks


def _rounds(
    reader: Reader, aliases: Sequence[str], own: Iterable[Pointer], to_it: Iterable[Pointer]
) -> Iterator[Round]:
    """The talks before, after, above, below and beside these."""
    for pointer in own:
        above = _ends(reader, pointer)[1]
        if pointer.predicate == str(KG.nextRound):
            yield _round(reader, "next round", above, pointer)
        elif pointer.predicate == str(KG.subEventOf):
            yield _round(reader, "part of", above, pointer)
            yield from _beside(reader, above, pointer.article, aliases)
    for pointer in to_it:
        if pointer.predicate == str(KG.nextRound):
            yield _round(reader, "round before", _ends(reader, pointer)[0], pointer)
        elif pointer.predicate == str(KG.subEventOf):
            yield _round(reader, "holds", _ends(reader, pointer)[0], pointer)


def _beside(reader: Reader, above: str, article: str, aliases: Sequence[str]) -> Iterator[Round]:
    """The other parts of what these talks are a part of."""
    for pointer in reader.pointers((above,), OBJECT):
        other = _ends(reader, pointer)[0]
        if pointer.predicate == str(KG.subEventOf) and pointer.article == article and other not in aliases:
            yield _round(reader, "in the same talks", other, pointer)


def _round(reader: Reader, relation: str, event: str, pointer: Pointer) -> Round:
    told = reader.of_event(event, pointer.article)
    which = [value.name for name in ("ordinal", "stage", "roundStatus") for value in _values(reader, told, name)]
    day, place = (next(iter(_values(reader, told, name)), Thing("", "", "")).name for name in ("time", "place"))
    thing = reader.thing(event, pointer.article)
    return Round(relation, thing, ", ".join(which), day, place, reader.said(pointer))


def _outcomes(reader: Reader, own: Iterable[Pointer]) -> Iterator[Outcome]:
    for pointer in own:
        if pointer.predicate == str(KG.outcome):
            event = _ends(reader, pointer)[1]
            kinds = _values(reader, reader.of_event(event, pointer.article), "outcomeKind")
            kind = ", ".join(kind.name for kind in kinds) or "outcome"
            yield Outcome(kind, reader.thing(event, pointer.article), reader.said(pointer))


def _stands(reader: Reader, own: Sequence[Pointer]) -> Iterator[Stand]:
    """The positions that the parties have in the articles that tell of the talks."""
    parties = {thing for name in ("party", "holder") for thing in _values(reader, own, name)}
    for article in sorted({one.article for one in own}):
        for event in sorted({subject for subject, _ in reader.holders(article)}):
            told = reader.of_event(event, article)
            holder = next(iter(_values(reader, told, "holder")), None)
            items = _values(reader, told, "item")
            stance = next(iter(_values(reader, told, "stance")), None)
            if holder in parties and stance is not None and holder is not None:
                yield Stand(holder, stance.name, items, reader.said(told[0]))
