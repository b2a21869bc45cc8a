"""Talks: which negotiations are one process, which of them are rounds or sessions, and which round comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from kg.extract import delegations, outcomes, positions
from kg.extract.events import Happening, Scene
from kg.extract.ledger import Ledger
from kg.extract.outcomes import DEALS
from kg.extract.rounds import Talk
from kg.record import AFFIRMED, NEGATED, Record

_TALKS = frozenset({"Negotiation", "Meeting"})


def add(record: Record, scene: Scene, happenings: Sequence[Happening]) -> Record:
    """The record with what its talks are made of, and the positions of those who talk."""
    named = {event.id: happening for event, happening in zip(record.events, happenings, strict=True)}
    ledger = Ledger(record, scene, named)
    talks = [Talk(ledger, event) for event in record.events if event.class_ in _TALKS]
    deals = frozenset(_deals(ledger))
    groups = _groups(talks, deals)
    for number, group in enumerate(groups, 1):
        _Process(ledger, f"p{number}", group).read()
    grouped = {talk.event.id for group in groups for talk in group}
    for talk in talks:
        if talk.event.id not in grouped:
            talk.read(None)
    delegations.read(ledger)
    positions.read(ledger, frozenset().union(*deals, *(group[0].parties for group in groups)))
    return replace(record, talks=ledger.talks())


def _deals(ledger: Ledger) -> Iterator[frozenset[str]]:
    """The parties of each deal, struck or not, that names its parties itself."""
    for event in ledger.record.events:
        if event.class_ in DEALS and ledger.is_told(event):
            sides = (ledger.polity(one) for one in ledger.fillers(event, "party"))
            yield frozenset(one for one in sides if ledger.is_polity(one))


# ── those of the same parties ──


def _groups(talks: Sequence[Talk], deals: Set[frozenset[str]]) -> list[list[Talk]]:
    """Talks of the same parties. Parties lent by the rest of the article count if talks or a deal name them as such,
    and no talks name others."""
    own = {talk.parties for talk in talks if talk.ledger.is_told(talk.event) and len(talk.parties) > 1}
    groups: dict[frozenset[str], list[Talk]] = {}
    for talk in talks:
        sure = talk.ledger.is_told(talk.event) or own == {talk.parties} or (not own and talk.parties in deals)
        if len(talk.parties) > 1 and sure:
            groups.setdefault(talk.parties, []).append(talk)
    return [group for group in groups.values() if any(talk.negotiates for talk in group)]


@dataclass(slots=True)
class _Process:
    """Talks of the same parties."""

    ledger: Ledger
    id: str
    talks: list[Talk]

    def read(self) -> None:
        """Adds the process, what belongs to it, what came of it, and what comes next."""
        self._read_whole()
        main = self._main()
        for talk in self.talks:
            talk.read(self.id)
            if talk.stage is not None or not talk.mixes:
                self.ledger.claim(talk.event.id, "subEventOf", self._whole_of(talk, main), talk.event)
        rounds = tuple(talk.event for talk in main)
        outcomes.read(self.ledger, self.talks[0].parties, rounds)
        for talk in self.talks:
            if talk.coming and main:
                self._read_next(talk, main)

    def _read_whole(self) -> None:
        ledger = self.ledger
        first = next((talk for talk in self.talks if talk.happens), self.talks[0]).event
        parties = [one for one in ledger.entities if one in self.talks[0].parties]
        span = first.trigger
        ledger.stage(self.id, span.start, span.end, " – ".join(ledger.entities[one].name for one in parties))
        ledger.claim(self.id, "stage", "kg:process", first)
        for party in parties:
            ledger.claim(self.id, "party", party, first)
        for event in ledger.record.events:
            if event.class_ == "Mediation" and {ledger.polity(x) for x in ledger.fillers(event, "party")} == set(
                parties
            ):
                for mediator in ledger.fillers(event, "mediator"):
                    ledger.claim(self.id, "mediatedBy", mediator, event)

    def _main(self) -> list[Talk]:
        """The rounds that take place. Two with the same number are one: the fuller stands for both."""
        found: list[Talk] = []
        for talk in self.talks:
            if not talk.happens or talk.is_session or (talk.stage is None and talk.mixes):
                continue
            same = next((one for one in found if talk.number is not None and one.number == talk.number), None)
            if same is None:
                found.append(talk)
                continue
            fuller, other = (talk, same) if len(talk.event.roles) > len(same.event.roles) else (same, talk)
            found[found.index(same)] = fuller
            self.ledger.claim(other.event.id, "sameAs", fuller.event.id, other.event)
        return found

    def _whole_of(self, talk: Talk, main: list[Talk]) -> str:
        """What a negotiation is part of: a session of the one round there is, all else of the process."""
        return main[0].event.id if talk.is_session and len(main) == 1 else self.id

    def _read_next(self, talk: Talk, main: list[Talk]) -> None:
        numbered = talk.number is not None or any(sign.follows for sign in talk.signs[:1])
        before = self._before(talk, main) if numbered else None
        if before is None:
            return
        event = talk.event
        like = replace(event, polarity=AFFIRMED) if talk.status else event
        self.ledger.claim(before.event.id, "nextRound", event.id, like)
        if talk.status is None and event.polarity != NEGATED:
            self.ledger.claim(before.event.id, "outcome", event.id, event)
            self.ledger.claim(event.id, "outcomeKind", "kg:continued", event)

    def _before(self, talk: Talk, main: list[Talk]) -> Talk | None:
        """The round before: the one numbered one less, else the last with another number or none."""
        if talk.number is not None:
            numbered = [one for one in main if one.number is not None]
            exact = [one for one in numbered if int(str(one.number)) == int(talk.number) - 1]
            return next(iter(exact), None) if numbered else main[-1]
        return max(main, key=lambda one: int(one.number or 0)) if main else None
