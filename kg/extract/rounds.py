"""One negotiation: its parties, its stage, and what the words at each of its mentions say of it."""

from __future__ import annotations

from dataclasses import replace

from kg.extract import positions, stages
from kg.extract.ledger import Ledger
from kg.extract.stages import ROUND, SESSION, Sign, Stage
from kg.record import ACTUAL, AFFIRMED, PLANNED, Event


class Talk:
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
        self._read_venues()
        positions.agenda(ledger, event)
        self._read_others(process)

    def _read_venues(self) -> None:
        """Adds places that the clause around a mention names and the event does not have yet."""
        ledger, schema = self.ledger, self.ledger.scene.lexicon.schema
        known = set(ledger.fillers(self.event, "place"))
        for number, sign in enumerate(self.signs):
            for at in stages.venues(ledger.scene.tree, ledger.scene.lexicon, sign):
                place = ledger.entity_at(at)
                if place is not None and place not in known and schema.fits(ledger.entities[place].type, "place"):
                    ledger.claim(self.event.id, "place", place, self._like(number))

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
        whole = self.event.id if stage.level == SESSION and not self.mixes else process
        if whole is None:
            return
        ledger, tree = self.ledger, self.ledger.scene.tree
        like = self._like(number)
        words = tree.starts[sign.first], tree.ends[sign.at]
        id_ = ledger.stage(f"{self.event.id}-{stage.level}-{stage.ordinal}", *words)
        ledger.claim(id_, "stage", f"kg:{stage.level}", like)
        ledger.claim(id_, "ordinal", ledger.ordinal(str(stage.ordinal)), like)
        ledger.claim(id_, "subEventOf", whole, like)

    @property
    def mixes(self) -> bool:
        """Whether its mentions speak of several rounds, so that no session can be said to be of this one."""
        rounds = {stage.ordinal for sign in self.signs for stage in sign.stages if stage.level == ROUND}
        return len(rounds - {None}) > 1 or (bool(rounds) and self.stage is None)
