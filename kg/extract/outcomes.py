"""What a round brought: a deal, a part of one, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.extract.ledger import Ledger
from kg.record import ACTUAL, AFFIRMED, NEGATED, POSSIBLE, Event

#: Classes of events in which parties come to terms.
DEALS = frozenset({"Agreement", "Ceasefire"})


def read(ledger: Ledger, parties: frozenset[str], rounds: tuple[Event, ...]) -> None:
    """Adds what the rounds of some parties brought to a ledger."""
    found = [
        (kind, event, talks) for event in ledger.record.events for kind, talks in _kinds(ledger, event, parties, rounds)
    ]
    none = any(kind == "noDeal" for kind, _, _ in found)
    for kind, event, talks in found:
        like = replace(event, polarity=AFFIRMED)
        ledger.claim(talks.id, "outcome", event.id, event)
        ledger.claim(event.id, "outcomeKind", "kg:partialDeal" if kind == "deal" and none else f"kg:{kind}", like)


def _kinds(
    ledger: Ledger, event: Event, parties: frozenset[str], rounds: tuple[Event, ...]
) -> Iterator[tuple[str, Event]]:
    """What kind of outcome an event is, and of which round; nothing where either is doubtful."""
    kind = _kind(ledger, event, parties, rounds)
    near = [talks for talks in rounds if ledger.sentences(talks) & ledger.sentences(event)]
    candidates = near if len(near) == 1 else rounds
    if kind and len(candidates) == 1 and not _before(ledger.value(event), ledger.value(candidates[0])):
        yield kind, candidates[0]


def _kind(ledger: Ledger, event: Event, parties: frozenset[str], rounds: tuple[Event, ...]) -> str | None:
    if event.class_ == "Collapse":
        ended = event.polarity == AFFIRMED and event.modality == ACTUAL and _of_talks(ledger, event, rounds)
        return "noDeal" if ended else None
    mine = {ledger.polity(one) for one in ledger.fillers(event, "party")}
    if event.class_ not in DEALS or mine != parties or ledger.fillers(event, "agent"):
        return None
    if event.polarity == NEGATED:
        return "noDeal" if event.modality == ACTUAL else None
    if event.modality in {ACTUAL, POSSIBLE} and _is_near(ledger, event):
        return "partialDeal"
    return "deal" if event.modality == ACTUAL and _is_struck(ledger, event, parties) else None


def _of_talks(ledger: Ledger, event: Event, rounds: tuple[Event, ...]) -> bool:
    """Whether what collapses is one of the talks."""
    triggers = {p.at for talks in rounds for p in ledger.propositions(talks)}
    return any(triggers & set(tokens) for _, tokens in ledger.happenings[event.id].proposition.arguments)


def _is_near(ledger: Ledger, event: Event) -> bool:
    """Whether words at a deal say that it is nearly one: "nearly reached", "close to a deal", "a partial deal"."""
    return any(_nears(ledger, proposition.at) for proposition in ledger.propositions(event))


def _nears(ledger: Ledger, at: int) -> bool:
    tree, nearing = ledger.scene.tree, ledger.scene.lexicon.words["nearing"]
    places = (at, ledger.scene.qualification.supports.get(at, at))
    around = {kid for place in places for kid in tree.down(place, "amod", "advmod", "compound", "acomp")}
    around |= {at, *([tree.heads[at], tree.heads[tree.heads[at]]] if tree.deps[at] == "pobj" else ())}
    return any(nearing & {tree.lemmas[x], tree.words[x].lower()} for x in around)


def _is_struck(ledger: Ledger, event: Event, parties: frozenset[str]) -> bool:
    """Whether the article tells of the striking itself: a verb of agreeing with all its parties for subject, or a noun
    with its verb, "reached an agreement"; not of a deal that was there before."""
    happening = ledger.happenings[event.id]
    at = happening.proposition.at
    if happening.proposition.frame.kind != "Verb":
        return at in ledger.scene.qualification.supports
    by_token = ledger.scene.referents.by_token
    own = {number for token in happening.proposition.fillers("subject") for number in by_token.get(token, ())}
    ids = {r.entity for f, r in zip(happening.fillers, event.roles, strict=True) if f.cluster in own and r.entity}
    return {ledger.polity(one) for one in ids} == parties


def _before(day: str | None, other: str | None) -> bool:
    """Whether one date is surely earlier than another."""
    if day is None or other is None:
        return False
    size = min(len(day), len(other))
    return day[:size] < other[:size]
