"""The extraction record: all that is known of one article, as frozen values.

One record is one line of `kg extract`. Everything in an article's graph derives from it. Offsets count
Unicode code points of `Record.text`, `end` exclusive. Unknown is None or empty, never a guess.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

AFFIRMED, NEGATED = "affirmed", "negated"
#: The class of propositions that no class covers.
OPEN = "Open"
ACTUAL, PLANNED, POSSIBLE, CONDITIONAL, DESIRED = "actual", "planned", "possible", "conditional", "desired"
POLARITIES = (AFFIRMED, NEGATED)
MODALITIES = (ACTUAL, PLANNED, POSSIBLE, CONDITIONAL, DESIRED)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points [start, end) of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an entity is named; `kind` is name, nominal or pronoun."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something: `iri` is global for names of the gazetteer, else local to the article.

    `name` is as the article spells it, `label` as the gazetteer does, where that is another spelling.
    """

    id: str
    type: str
    name: str
    iri: str
    wikidata: str | None
    mentions: tuple[Mention, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression; `value` is TIMEX3 (2026-02-18, 2026-02, P2D, PRESENT_REF) or None if unresolved."""

    id: str
    start: int
    end: int
    type: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Role:
    """A filler of an event's role: the id of an entity, or a text `value` where the filler is none.

    How many it speaks of: `count`, or bounds (inclusive); of whom (`population`, in the text's words), or in
    which `unit` (USD, %, km).
    """

    role: str
    entity: str | None = None
    value: str | None = None
    count: int | None = None
    least: int | None = None
    most: int | None = None
    unit: str | None = None
    population: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is said to happen. `mentions` are its further triggers; `responds_to` an event's id; `factuality`
    how far the text commits itself to it, from -3 to 3."""

    id: str
    class_: str
    plover: str | None
    trigger: Span
    evidence: Span
    roles: tuple[Role, ...]
    time: str | None
    polarity: str
    modality: str
    attribution: str | None
    confidence: float
    mentions: tuple[Span, ...] = ()
    responds_to: str | None = None
    factuality: float | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation between entities, or between an event and an entity; `office` keeps the office's name."""

    subject: str
    predicate: str
    object: str
    evidence: Span
    polarity: str
    modality: str
    attribution: str | None
    confidence: float
    office: str | None = None
    factuality: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Who speaks: a span of the text, and the entity it names."""

    start: int
    end: int
    entity: str | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a stretch of text is: source, reporting cue, content."""

    id: str
    source: Source
    cue: Span
    content: Span
    direct: bool


@dataclass(frozen=True, slots=True)
class Talks:
    """How an article's talks hang together: processes, rounds, sessions, positions, answers, outcomes.

    `things` are what only talks have: processes, sessions named in passing, items, ordinals. `claims` say something of
    these, of events or of entities; an object such as "kg:round" is a term of the vocabulary.
    """

    things: tuple[Entity, ...] = ()
    claims: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was parsed, whatever came of it; `block` is the part of the article that it stands in: headline,
    dateline, subhead, paragraph, or foreign, which is not the article's own."""

    start: int
    end: int
    block: str


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of one article."""

    id: str
    source: str
    title: str | None
    published: str | None
    language: str
    url: str | None
    outlet: str | None
    text: str
    entities: tuple[Entity, ...]
    times: tuple[Time, ...]
    events: tuple[Event, ...]
    relations: tuple[Relation, ...]
    attributions: tuple[Attribution, ...]
    talks: Talks | None = None
    sentences: tuple[Sentence, ...] = ()

    def to_json(self) -> str:
        """One line of JSON, keys as in the contract, the same bytes for the same record."""
        return json.dumps(_plain(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Record:
        """The record of a line that `to_json` wrote. Raises KeyError where a key is missing."""
        row = json.loads(line)
        return cls(
            **{name: row[name] for name in ("id", "source", "title", "published", "language", "url", "outlet", "text")},
            entities=tuple(_entity(item) for item in row["entities"]),
            times=tuple(Time(**item) for item in row["times"]),
            events=tuple(_event(item) for item in row["events"]),
            relations=tuple(map(_relation, row["relations"])),
            attributions=tuple(_attribution(item) for item in row["attributions"]),
            talks=_talks(row["talks"]) if "talks" in row else None,
            sentences=tuple(Sentence(**item) for item in row.get("sentences", ())),
        )


@dataclass(frozen=True, slots=True)
class Notes:
    """What components of others counted while they read, by name, and why some of them were left out."""

    counts: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A record, and what is to be said of how it was read."""

    record: Record
    notes: Notes = field(default_factory=Notes)


def is_asserted(claim: Event | Relation) -> bool:
    """Whether a claim is affirmed and actual, and of a class that the world graph may assert."""
    typed = not isinstance(claim, Event) or claim.class_ != OPEN
    return typed and claim.polarity == AFFIRMED and claim.modality == ACTUAL


#: Keys of a role, and additions to the contract, that are left out where they say nothing.
_SPARSE = {
    Role: {"entity", "value", "count", "least", "most", "unit", "population"},
    Event: {"mentions", "responds_to", "factuality"},
    Relation: {"office", "factuality"},
    Entity: {"label"},
    Record: {"talks", "sentences"},
}  # fmt: skip


def _plain(value: Any) -> Any:
    """A value as JSON can hold it: dataclasses as objects, tuples as lists."""
    if is_dataclass(value):
        pairs = ((one.name, getattr(value, one.name)) for one in fields(value))
        return {
            name.rstrip("_"): _plain(item)
            for name, item in pairs
            if item not in (None, ()) or name not in _SPARSE.get(type(value), ())
        }
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _spans(items: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: Span(**items[name]) for name in names}


def _entity(item: dict[str, Any]) -> Entity:
    return Entity(**{**item, "mentions": tuple(Mention(**mention) for mention in item["mentions"])})


def _relation(item: dict[str, Any]) -> Relation:
    return Relation(**{**item, "evidence": Span(**item["evidence"])})


def _talks(item: dict[str, Any]) -> Talks:
    return Talks(tuple(map(_entity, item["things"])), tuple(map(_relation, item["claims"])))


def _event(item: dict[str, Any]) -> Event:
    rest = {name: value for name, value in item.items() if name != "class"}
    roles = tuple(Role(**role) for role in item["roles"])
    mentions = tuple(Span(**mention) for mention in item.get("mentions", ()))
    return Event(
        **{**rest, **_spans(item, "trigger", "evidence"), "class_": item["class"], "roles": roles, "mentions": mentions}
    )


def _attribution(item: dict[str, Any]) -> Attribution:
    return Attribution(**{**item, **_spans(item, "cue", "content"), "source": Source(**item["source"])})
