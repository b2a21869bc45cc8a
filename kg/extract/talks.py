"""Talks: which negotiations are one process, which of them are rounds or sessions, and which round comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.extract import delegations, outcomes, positions, stages
from kg.extract.events import Happening, Scene
from kg.extract.ledger import Ledger
from kg.extract.outcomes import DEALS
from kg.extract.stages import ROUND, SESSION, Sign, Stage
from kg.record import ACTUAL, AFFIRMED, NEGATED, PLANNED, Event, Record

_TALKS = frozenset({"Negotiation", "Meeting"})
#: Below this the rest of the article lent the parties.
_OWN = 0.6


def add(record: Record, scene: Scene, happenings: Sequence[Happening]) -> Record:
    """The record with what its talks are made of, and the positions of those who talk."""
    named = {event.id: happening for event, happening in zip(record.events, happenings, strict=True)}
    ledger = Ledger(record, scene, named)
    talks = [_Talk(ledger, event) for event in record.events if event.class_ in _TALKS]
    groups = _groups(talks)
    for number, group in enumerate(groups, 1):
        _Process(ledger, f"p{number}", group).read()
    grouped = {talk.event.id for group in groups for talk in group}
    for talk in talks:
        if talk.event.id not in grouped:
            talk.read(None)
    delegations.read(ledger)
    positions.read(ledger, _parties(ledger, groups))
    return replace(record, talks=ledger.talks())


def _parties(ledger: Ledger, groups: Sequence[Sequence[_Talk]]) -> frozenset[str]:
    """Who talks with whom, or comes to terms or does not."""
    deals = (e for e in ledger.record.events if e.class_ in DEALS and e.confidence >= _OWN)
    found = (ledger.polity(one) for event in deals for one in ledger.fillers(event, "party"))
    return frozenset(one for one in found if ledger.is_polity(one)).union(*(group[0].parties for group in groups))


# ── one negotiation ──


class _Talk:
    """A negotiation or a meeting: its parties and what the words at each of its mentions say."""

    def __init__(self, ledger: Ledger, event: Event) -> None:
        self.ledger, self.event = ledger, event
        tree, lexicon = ledger.scene.tree, ledger.scene.lexicon
        self.mentions = ledger.propositions(event)
        self.signs = tuple(stages.read(tree, lexicon, proposition.at) for proposition in self.mentions)
        aside = {ledger.polity(one) for one in ledger.fillers(event, "mediator", "host")}
        sides = dict.fromkeys(ledger.polity(one) for one in ledger.fillers(event, "party"))
        self.parties = frozenset(one for one in sides if ledger.is_polity(one) and one not in aside)
        self.stage = self._stage()
        self.negotiates = any(p.frame.class_ == "Negotiation" for p in self.mentions)

    def _stage(self) -> Stage | None:
        """What the event itself is: what its first words say, unless a later mention makes that doubtful."""
        named = [sign for sign in self.signs if sign.stages]
        if not named:
            return None
        own = named[0].stages[0]
        doubtful = named[0] is not self.signs[0] or any(sign.stages[0].level == ROUND for sign in named)
        return None if own.level == SESSION and doubtful else own

    @property
    def happens(self) -> bool:
        return self.event.polarity == AFFIRMED and self.event.modality == ACTUAL and self.status is None

    @property
    def number(self) -> str | None:
        return self.stage.ordinal if self.stage and self.stage.level == ROUND else None

    @property
    def status(self) -> str | None:
        return self.signs[0].status

    @property
    def is_session(self) -> bool:
        return self.stage is not None and self.stage.level == SESSION

    @property
    def coming(self) -> bool:
        """Whether it is a round still to come, or one that will not."""
        ahead = self.event.modality != ACTUAL and (self.signs[0].follows or self.number is not None)
        return self.status is not None or ahead

    # ── claims ──

    def read(self, process: str | None) -> None:
        """Adds what it is: its stage and number, its format, its status, its agenda, and other stages it names."""
        ledger, event = self.ledger, self.event
        if self.stage is not None:
            like = self._like(next(n for n, sign in enumerate(self.signs) if sign.stages))
            ledger.claim(event.id, "stage", f"kg:{self.stage.level}", like)
            if self.stage.ordinal is not None:
                ledger.claim(event.id, "ordinal", ledger.ordinal(self.stage.ordinal), like)
        lemmas = ledger.scene.tree.lemmas
        for number, sign in enumerate(self.signs):
            if lemmas[sign.at] == lemmas[self.signs[0].at]:
                for format_ in sign.formats:
                    ledger.claim(event.id, "format", f"kg:{format_}", self._like(number))
        if self.coming:
            self._read_status()
        positions.agenda(ledger, event)
        self._read_others(process)

    def _like(self, number: int) -> Event:
        """The event as a mention puts it; as it is, at its own."""
        return self.ledger.mention(self.event, self.mentions[number]) if number else self.event

    def _read_status(self) -> None:
        event = self.event
        if self.status is not None:
            like = replace(event, polarity=AFFIRMED, modality=ACTUAL)
            self.ledger.claim(event.id, "roundStatus", f"kg:{self.status}", like)
        elif event.modality == PLANNED and self._is_dated():
            self.ledger.claim(event.id, "roundStatus", "kg:scheduled", event)
        else:
            self.ledger.claim(event.id, "roundStatus", f"kg:{event.modality}", event)

    def _is_dated(self) -> bool:
        """Whether its date lies after the article's, so that it is the date of what is still to come."""
        day, published = self.ledger.value(self.event), self.ledger.record.published
        if day is None or published is None:
            return day is not None
        return day > published if len(day) == len(published) else day >= published[: len(day)]

    def _read_others(self, process: str | None) -> None:
        """Adds numbered rounds and sessions that further mentions name: "the first day of the talks"."""
        seen = {self.stage}
        for number, sign in enumerate(self.signs):
            for stage in sign.stages[:1]:
                if stage.ordinal is None or stage in seen:
                    continue
                seen.add(stage)
                self._read_other(number, sign, stage, process)

    def _read_other(self, number: int, sign: Sign, stage: Stage, process: str | None) -> None:
        whole = self.event.id if stage.level == SESSION and not self._mixes() else process
        if whole is None:
            return
        ledger, tree = self.ledger, self.ledger.scene.tree
        like = self._like(number)
        words = tree.starts[sign.first], tree.ends[sign.at]
        id_ = ledger.stage(f"{self.event.id}-{stage.level}-{stage.ordinal}", *words)
        ledger.claim(id_, "stage", f"kg:{stage.level}", like)
        ledger.claim(id_, "ordinal", ledger.ordinal(str(stage.ordinal)), like)
        ledger.claim(id_, "subEventOf", whole, like)

    def _mixes(self) -> bool:
        """Whether its mentions speak of several rounds, so that no session can be said to be of this one."""
        rounds = {stage.ordinal for sign in self.signs for stage in sign.stages if stage.level == ROUND}
        return len(rounds - {None}) > 1 or (bool(rounds) and self.stage is None)


# ── those of the same parties ──


def _groups(talks: Sequence[_Talk]) -> list[list[_Talk]]:
    """Talks of the same parties. Where an article tells of several parties' talks, lent parties decide nothing."""
    own = {talk.parties for talk in talks if talk.event.confidence >= _OWN and len(talk.parties) > 1}
    groups: dict[frozenset[str], list[_Talk]] = {}
    for talk in talks:
        sure = talk.event.confidence >= _OWN or own <= {talk.parties}
        if len(talk.parties) > 1 and sure:
            groups.setdefault(talk.parties, []).append(talk)
    return [group for group in groups.values() if any(talk.negotiates for talk in group)]


@dataclass(slots=True)
class _Process:
    """Talks of the same parties."""

    ledger: Ledger
    id: str
    talks: list[_Talk]

    def read(self) -> None:
        """Adds the process, what belongs to it, what came of it, and what comes next."""
        self._read_whole()
        main = self._main()
        for talk in self.talks:
            talk.read(self.id)
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

    def _main(self) -> list[_Talk]:
        """The rounds that take place. Two with the same number are one: the fuller stands for both."""
        found: list[_Talk] = []
        for talk in self.talks:
            if not talk.happens or talk.is_session:
                continue
            same = next((one for one in found if talk.number is not None and one.number == talk.number), None)
            if same is None:
                found.append(talk)
                continue
            fuller, other = (talk, same) if len(talk.event.roles) > len(same.event.roles) else (same, talk)
            found[found.index(same)] = fuller
            self.ledger.claim(other.event.id, "sameAs", fuller.event.id, other.event)
        return found

    def _whole_of(self, talk: _Talk, main: list[_Talk]) -> str:
        """What a negotiation is part of: a session of the one round there is, all else of the process."""
        return main[0].event.id if talk.is_session and len(main) == 1 else self.id

    def _read_next(self, talk: _Talk, main: list[_Talk]) -> None:
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

    def _before(self, talk: _Talk, main: list[_Talk]) -> _Talk | None:
        """The round before: the one numbered one less, else the last with another number or none."""
        if talk.number is not None:
            numbered = [one for one in main if one.number is not None]
            exact = [one for one in numbered if int(str(one.number)) == int(talk.number) - 1]
            return next(iter(exact), None) if numbered else main[-1]
        return max(main, key=lambda one: int(one.number or 0)) if main else None
