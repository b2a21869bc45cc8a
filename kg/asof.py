"""The graph as it was known on a day, and as it was true on a day.

An event happened at one time, was reported at another, and was ingested at a third. `known_on` takes what articles had
reported by a day (those that do not say their day, what was ingested by then); `true_on` takes, of what is known, what
had begun by a day, and those who then held an office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rdflib import RDF

from kg.errors import QueryError
from kg.lexicon import load
from kg.mirror import Claim, Key, facts
from kg.namespaces import JOURNAL, KG, TIME
from kg.record import ACTUAL, AFFIRMED
from kg.store import Store
from kg.timex import interval

_TYPE = str(RDF.type)
_OFFICES = {str(KG[name]) for name in ("headOf", "officialOf")}


def as_of(store: Store, known_on: str | None = None, true_on: str | None = None) -> Store:
    """A store in memory that holds what was known, and of that what was true, on a day (YYYY-MM-DD).

    Costs as much as adding its articles anew. Raises QueryError for what is no day.
    """
    for day in (known_on, true_on):
        if day is not None and (len(day) != 10 or interval(day) is None):
            raise QueryError(f"{day!r} is no day: write it as 2026-02-18")
    then = Store()
    for article in _reported(store, known_on):
        then.adopt(article, ((t.subject, t.predicate, t.object) for t in store.triples(article)))  # type: ignore[misc]
    then.decide(store.decisions())
    if true_on is not None:
        then.forget(*_untrue(facts(then), true_on))
    return then


def _reported(store: Store, day: str | None) -> Iterator[str]:
    ingested = {article: when[:10] for article, when in store.pairs(str(KG.ingested), JOURNAL)}
    for source in store.articles():
        known = source.published or ingested.get(source.article, "")
        if day is None or (known and known <= day):
            yield source.article


def _untrue(told: Mapping[Key, tuple[Claim, ...]], day: str) -> tuple[set[str], set[Key]]:
    """The events that had not happened, and the relations that did not hold, on a day."""
    plain = {key: tuple(filter(_holds, claims)) for key, claims in told.items()}
    begun = _begun(plain)
    return {event for event, first in begun.items() if first > day}, set(_not_held(plain, begun, day))


def _holds(claim: Claim) -> bool:
    return claim.polarity == AFFIRMED and claim.modality == ACTUAL


def _begun(told: Mapping[Key, tuple[Claim, ...]]) -> dict[str, str]:
    """The first day that each event may have happened on: as it is told, else as it was first reported."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    reported: defaultdict[str, list[str]] = defaultdict(list)
    for (subject, predicate, object_), claims in told.items():
        if predicate == str(KG.time) and (days := interval(object_.removeprefix(str(TIME)))):
            said[subject].append(days[0].isoformat())
        elif predicate == _TYPE:
            reported[subject] += [claim.date for claim in claims if claim.date]
    return {event: min(said.get(event) or days) for event, days in reported.items() if said.get(event) or days}


def _not_held(told: Mapping[Key, tuple[Claim, ...]], events: Iterable[str], day: str) -> Iterator[Key]:
    """Relations that were reported only later, and offices that somebody else held."""
    happened = set(events)
    holders: defaultdict[tuple[str, str], dict[Key, str]] = defaultdict(dict)
    for key, claims in told.items():
        subject, predicate, object_ = key
        dates = sorted(claim.date for claim in claims if claim.date)
        if predicate == _TYPE or subject in happened or not dates:
            continue
        if dates[0] > day or _tenure_over(subject, object_, predicate, day):
            yield key
            continue
        for office in {claim.office.lower() for claim in claims if claim.office} & load().words["sole-offices"]:
            holders[office, object_][key] = max(date for date in dates if date <= day)
    for rivals in holders.values():
        latest = max(rivals.values())
        yield from (key for key, last in rivals.items() if last < latest)


def _tenure_over(person: str, body: str, predicate: str, day: str) -> bool:
    """Whether the gazetteer knows that somebody held office for a body, but not on that day."""
    tenures = [tenure for tenure in load().gazetteer.tenures.get(person, ()) if tenure.of == body]
    return predicate in _OFFICES and bool(tenures) and not any(tenure.covers(day) for tenure in tenures)
