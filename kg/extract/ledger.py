"""What the readers of talks share: the record so far, the parse beneath it, and the claims that they make."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container
from dataclasses import dataclass, field, replace

from kg.extract.coreference import POLITIES
from kg.extract.events import TOLD, Happening, Scene
from kg.extract.frames import Proposition
from kg.namespaces import ORDINAL
from kg.record import Entity, Event, Mention, Record, Relation, Span, Talks, is_asserted

#: By which relations somebody acts for a state or a body.
_AFFILIATIONS = frozenset({"negotiatorOf", "representativeOf", "headOf", "officialOf"})


@dataclass(slots=True)
class Ledger:
    """Claims about talks, in the order in which they are made; things by their ids."""

    record: Record
    scene: Scene
    happenings: dict[str, Happening]
    things: dict[str, Entity] = field(default_factory=dict)
    claims: list[Relation] = field(default_factory=list)
    entities: dict[str, Entity] = field(init=False)
    events: dict[str, Event] = field(init=False)

    def __post_init__(self) -> None:
        self.entities = {entity.id: entity for entity in self.record.entities}
        self.events = {event.id: event for event in self.record.events}

    def talks(self) -> Talks | None:
        """What was read, None where nothing was; a thing that no claim speaks of is left out."""
        claims = tuple(dict.fromkeys(self.claims))
        named = {end for claim in claims for end in (claim.subject, claim.object)}
        return Talks(tuple(t for t in self.things.values() if t.id in named), claims) if claims else None

    def is_told(self, event: Event) -> bool:
        """Whether an event's own words name its parties: not the rest of the article, nor "both sides"."""
        return self.happenings[event.id].basis == TOLD

    # ── claims and things ──

    def claim(self, subject: str, predicate: str, object_: str, like: Event, confidence: float | None = None) -> None:
        """A claim with the qualifiers and the sentence of an event."""
        sure = like.confidence if confidence is None else confidence
        self.claims.append(
            Relation(
                subject,
                predicate,
                object_,
                like.evidence,
                like.polarity,
                like.modality,
                like.attribution,
                round(sure, 2),
            )
        )

    def ordinal(self, number: str) -> str:
        """The id of an ordinal."""
        id_ = f"n{number}"
        self.things.setdefault(id_, Entity(id_, "Ordinal", number, f"{ORDINAL}{number}", None, ()))
        return id_

    def stage(self, id_: str, start: int, end: int, name: str = "") -> str:
        """The id of a process, or of a round or a session that no event of its own stands for."""
        span = Mention(start, end, "nominal")
        name = name or self.record.text[start:end]
        self.things.setdefault(id_, Entity(id_, "Stage", name, f"{self.record.id}#{id_}", None, (span,)))
        return id_

    def item(self, iri: str, words: Span) -> str:
        """The id of an item, mentioned once more."""
        id_ = next((thing.id for thing in self.things.values() if thing.iri == iri), None)
        if id_ is None:
            id_ = f"i{sum(thing.type == 'Item' for thing in self.things.values()) + 1}"
            text = self.record.text[words.start : words.end]
            self.things[id_] = Entity(id_, "Item", text.lower(), iri, None, ())
        thing, mention = self.things[id_], Mention(words.start, words.end, "nominal")
        if mention not in thing.mentions:
            self.things[id_] = Entity(id_, "Item", thing.name, iri, None, (*thing.mentions, mention))
        return id_

    # ── who, where ──

    def polity(self, id_: str) -> str:
        """The state or body for which somebody acts; itself where the article names none."""
        if self.entities[id_].type != "Person":
            return id_
        bodies = [
            r.object
            for r in self.record.relations
            if r.subject == id_ and r.predicate in _AFFILIATIONS and is_asserted(r)
        ]
        states = dict.fromkeys(body for body in bodies if body in self.entities and self.is_polity(body))
        return next(iter(states)) if len(states) == 1 else id_

    def is_polity(self, id_: str) -> bool:
        return self.entities[id_].type in POLITIES

    def fillers(self, event: Event, *roles: str) -> tuple[str, ...]:
        """Ids of the entities that play some roles."""
        return tuple(dict.fromkeys(r.entity for r in event.roles if r.role in roles and r.entity is not None))

    def propositions(self, event: Event) -> tuple[Proposition, ...]:
        """An event's own proposition, then those that name it again."""
        happening = self.happenings[event.id]
        return (happening.proposition, *happening.mentions)

    def tokens(self, span: Span) -> range:
        """The tokens of a span, at least one: that in which it begins."""
        starts = self.scene.tree.starts
        first = max(bisect_right(starts, span.start) - 1, 0)
        return range(first, max(bisect_left(starts, span.end), first + 1))

    def sentences(self, event: Event) -> frozenset[int]:
        """The numbers of the sentences that name an event."""
        return frozenset(self.scene.tree.sentences[p.at] for p in self.propositions(event))

    def mention(self, event: Event, proposition: Proposition) -> Event:
        """An event as one of its mentions puts it: with the sentence, the qualifiers and the speaker of it."""
        qualifier = self.scene.qualification.of(proposition)
        return replace(
            event, evidence=self.sentence(proposition.at), attribution=self.speaker(proposition.at),
            polarity=qualifier.polarity, modality=qualifier.modality,
        )  # fmt: skip

    def speaker(self, at: int) -> str | None:
        """The id of the innermost attribution that covers a token."""
        said = self.scene.said(at)
        spoken = None if said is None else (said.start, said.end)
        return next((a.id for a in self.record.attributions if (a.content.start, a.content.end) == spoken), None)

    def entity_at(self, at: int, types: Container[str] | None = None) -> str | None:
        """The id of the one entity, of some types, that a token names."""
        start = self.scene.tree.starts[at]
        found = [
            entity.id
            for entity in self.record.entities
            if (types is None or entity.type in types)
            and any(m.start <= start < m.end and m.kind != "pronoun" for m in entity.mentions)
        ]
        return found[0] if len(found) == 1 else None

    def sentence(self, at: int) -> Span:
        """The sentence of a token, white space at its ends aside."""
        tree = self.scene.tree
        number = tree.sentences[at]
        first, last = bisect_left(tree.sentences, number), bisect_left(tree.sentences, number + 1) - 1
        words = [x for x in range(first, last + 1) if tree.words[x].strip()]
        return Span(tree.starts[words[0]], tree.ends[words[-1]])

    def value(self, event: Event) -> str | None:
        """The date of an event, None where it has none or it is no date."""
        found = next((time.value for time in self.record.times if time.id == event.time), None)
        return found if found and found[:4].isdigit() else None
