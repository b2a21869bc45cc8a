"""Whether a record holds together: what is asked of one that components of others had a hand in."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Set
from dataclasses import dataclass, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pyoxigraph as ox

from kg.lexicon import Schema
from kg.record import MODALITIES, POLARITIES, Entity, Event, Record, Relation, Role

_KINDS = ("name", "nominal", "pronoun")
#: What is spoken of and is none of the ontology's kinds.
_THING = "Thing"
#: A TIMEX3 value, as `ontology/shapes.ttl` has it.
_TIMEX = re.compile("[0-9A-Z_:.+-]+")
_WIKIDATA = re.compile("Q[1-9][0-9]*")


def faults(record: Record, schema: Schema) -> Iterator[str]:
    """What is wrong with a record: values of another type than their field; else ids that are not there, spans outside
    of the text, words that are none of the vocabulary, numbers that cannot be."""
    wrong = tuple(_mistyped("record", record, Record))
    yield from wrong or _Record(record, schema).faults()


@cache
def _fields(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _mistyped(name: str, value: object, hint: Any) -> Iterator[str]:
    """Values that are not of the types that the fields of `kg.record` have; any number may stand for a float."""
    arguments, kind = get_args(hint), get_origin(hint) or hint
    if kind is UnionType:
        if all(any(_mistyped(name, value, one)) for one in arguments):
            yield f"{name} is {value!r}, not {hint}"
    elif not isinstance(value, int | float if kind is float else kind) or (value is True and kind is not bool):
        yield f"{name} is {value!r}, not {kind.__name__}"
    elif kind is tuple:
        for number, item in enumerate(value):  # type: ignore[arg-type]
            yield from _mistyped(f"{name}[{number}]", item, arguments[0])
    elif is_dataclass(kind):
        for part, inner in _fields(hint).items():
            yield from _mistyped(f"{name}.{part}", getattr(value, part), inner)


@dataclass(frozen=True, slots=True)
class _Record:
    record: Record
    schema: Schema

    def faults(self) -> Iterator[str]:
        record = self.record
        entities = {entity.id: entity for entity in record.entities}
        events = {event.id: event for event in record.events}
        times = {time.id for time in record.times}
        attributions = {attribution.id for attribution in record.attributions}
        sizes = (len(entities), len(events), len(times), len(attributions))
        if sizes != (len(record.entities), len(record.events), len(record.times), len(record.attributions)):
            yield "an id stands twice"
        for entity in record.entities:
            yield from self._entity(entity)
        for time in record.times:
            yield from self._span(f"time {time.id}", time.start, time.end)
            if time.value is not None and not _TIMEX.fullmatch(time.value):
                yield f"time {time.id}: {time.value!r} is no TIMEX3 value"
        for said in record.attributions:
            for part in (said.source, said.cue, said.content):
                yield from self._span(f"attribution {said.id}", part.start, part.end)
            yield from _known(f"attribution {said.id}", "entity", said.source.entity, entities)
        for event in record.events:
            name = f"event {event.id}"
            yield from self._event(name, event, {*entities, *events})
            yield from _known(name, "time", event.time, times)
            yield from _known(name, "event", event.responds_to, events)
            yield from self._claim(name, event, attributions)
        for relation in record.relations:
            name = f"relation {relation.subject} {relation.predicate} {relation.object}"
            types = {id: one.type for id, one in entities.items()} | {id: one.class_ for id, one in events.items()}
            yield from self._relation(name, relation, types)
            yield from self._claim(name, relation, attributions)

    def _span(self, name: str, start: int, end: int) -> Iterator[str]:
        if not 0 <= start < end <= len(self.record.text):
            yield f"{name}: [{start}, {end}) is no span of the text"

    def _entity(self, entity: Entity) -> Iterator[str]:
        name = f"entity {entity.id}"
        if entity.type != _THING and entity.type not in self.schema.parents:
            yield f"{name}: {entity.type!r} is no class of kg.ttl"
        if entity.wikidata is not None and not _WIKIDATA.fullmatch(entity.wikidata):
            yield f"{name}: {entity.wikidata!r} is no item of Wikidata"
        ox.NamedNode(entity.iri)
        for mention in entity.mentions:
            yield from self._span(name, mention.start, mention.end)
            if mention.kind not in _KINDS:
                yield f"{name}: a mention is a {', a '.join(_KINDS)}, not {mention.kind!r}"

    def _event(self, name: str, event: Event, fillers: Set[str]) -> Iterator[str]:
        for span in (event.trigger, *event.mentions):
            yield from self._span(name, span.start, span.end)
        if not self.schema.is_a(event.class_, "Event"):
            yield f"{name}: {event.class_!r} is no class of events of kg.ttl"
        if event.plover is not None and event.plover not in self.schema.plover.values():
            yield f"{name}: {event.plover!r} is no code of PLOVER"
        for role in event.roles:
            yield from self._role(name, role, fillers)

    def _role(self, name: str, role: Role, fillers: Set[str]) -> Iterator[str]:
        if not any(role.role in roles for roles in self.schema.roles.values()):
            yield f"{name}: {role.role!r} is no role of events of kg.ttl"
        if (role.entity is None) == (not role.value):
            yield f"{name}: the role {role.role} has an entity or a value, one of the two"
        if any(number is not None and number < 0 for number in (role.count, role.least, role.most)):
            yield f"{name}: the role {role.role} counts fewer than none"
        yield from _known(name, "entity or event", role.entity, fillers)

    def _relation(self, name: str, relation: Relation, types: dict[str, str]) -> Iterator[str]:
        schema = self.schema
        if relation.predicate not in schema.ranges:
            yield f"{name}: {relation.predicate!r} is no relation of kg.ttl"
        for end in (relation.subject, relation.object):
            yield from _known(name, "entity or event", end, types)
        first, second = types.get(relation.subject, _THING), types.get(relation.object, _THING)
        if not schema.may_have(first, relation.predicate) or not schema.fits(second, relation.predicate):
            yield f"{name}: kg.ttl does not let {relation.predicate} join {first} and {second}"

    def _claim(self, name: str, claim: Event | Relation, attributions: Set[str]) -> Iterator[str]:
        yield from self._span(name, claim.evidence.start, claim.evidence.end)
        yield from _known(name, "attribution", claim.attribution, attributions)
        if claim.polarity not in POLARITIES:
            yield f"{name}: {claim.polarity!r} is no polarity: {', '.join(POLARITIES)}"
        if claim.modality not in MODALITIES:
            yield f"{name}: {claim.modality!r} is no modality: {', '.join(MODALITIES)}"
        if not 0 <= claim.confidence <= 1:
            yield f"{name}: the confidence {claim.confidence} is not from 0 to 1"
        if claim.factuality is not None and not -3 <= claim.factuality <= 3:
            yield f"{name}: the factuality {claim.factuality} is not from -3 to 3"


def _known(name: str, what: str, id: str | None, known: Container[str]) -> Iterator[str]:
    if id is not None and id not in known:
        yield f"{name}: there is no {what} {id!r}"
