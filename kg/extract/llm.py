"""Claims that a language model proposes, each held against the text before it is taken; never needed, off by default.

What a model says is a stranger's word, and so is what an article says to the model. So nothing that a model says is
ever asserted, whatever it answers:

- an event is of class Open with a code of PLOVER, as all that a model proposes here (DECISIONS 14);
- a relation is at best possible, and less where our own cues or the model say so: see `careful`.

Neither is part of what is derived over many articles. And nothing is kept at all that does not quote the text: the
quote, the words that name the deed and those that name each who takes part stand in the sentence, letter by letter; who
takes part is one whom we read there ourselves; codes, roles and predicates are those of the ontology, and join what
they may.
"""

from __future__ import annotations

import json
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from spacy.tokens import Doc

from kg import ontology
from kg.errors import OntologyError
from kg.extract.blocks import FOREIGN
from kg.extract.cues import Qualifier
from kg.extract.endpoint import Endpoint, EndpointError, Limits, Purse
from kg.extract.events import Scene
from kg.extract.frames import Proposition
from kg.extract.mention import head_of
from kg.lexicon import Schema, definitions
from kg.lexicon import schema as ontology_schema
from kg.namespaces import KG, PLOVER
from kg.record import (
    ACTUAL,
    AFFIRMED,
    CONDITIONAL,
    DESIRED,
    NEGATED,
    OPEN,
    POSSIBLE,
    Event,
    Record,
    Relation,
    Role,
    Sentence,
    Span,
)

NAME = "kg_llm"
FILE = ("llm", "extract.toml")

Name = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]


# ----------------------------------------------------------------------------------------------------- what is answered


class _Strict(BaseModel):
    """Of the types that the schema says, with no field more or less."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Actor(_Strict):
    """One who takes part, and the words that name it."""

    entity: Name
    words: Words


class Argument(Actor):
    """One who takes part in an event."""

    role: Name


class Stated(_Strict):
    """What every claim has."""

    sentence: int
    quote: Words
    trigger: Words
    polarity: Literal["affirmed", "negated"]
    modality: Literal["actual", "planned", "possible", "conditional", "desired"]
    speaker: Name | None


class StatedEvent(Stated):
    """An event: a code of PLOVER, and who takes part."""

    code: Name
    arguments: list[Argument]


class StatedRelation(Stated):
    """A relation of two entities."""

    predicate: Name
    subject: Actor
    object: Actor


class Stating(_Strict):
    """An answer."""

    events: list[StatedEvent]
    relations: list[StatedRelation]


# -------------------------------------------------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class Settings:
    """What `ontology/llm/extract.toml` says, with the vocabulary filled in; `shape` is the JSON schema of an answer."""

    prompt: str
    shape: Mapping[str, Any]
    codes: frozenset[str]
    relations: frozenset[str]
    confidence: float
    characters: int
    claims: int
    limits: Limits
    run_tokens: int
    run_seconds: float

    def purse(self, tokens: int | None = None) -> Purse:
        """What a run may spend: as many tokens as given, or as the file says."""
        return Purse(self.run_tokens if tokens is None else tokens, self.run_seconds)


@cache
def settings() -> Settings:
    """The settings. Raises OntologyError where the file is missing or wrong."""
    path = ontology.path(*FILE)
    schema = ontology_schema()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        limits = told["limits"]
        codes = definitions(PLOVER)
        relations = {name: _line(name, schema, definitions(str(KG))[name]) for name in told["relations"]}
        prompt = told["prompt"].strip()
        for place, lines in (
            ("{codes}", (f"- {code}: {gloss}" for code, gloss in sorted(codes.items()))),
            ("{relations}", (f"- {line}" for line in relations.values())),
        ):
            prompt = prompt.replace(place, "\n".join(lines))
        names = {field_: limits[field_] for field_ in ("seconds", "tries", "answer_tokens", "answer_bytes")}
        return Settings(
            prompt,
            _shape(sorted(codes), sorted(relations)),
            frozenset(codes),
            frozenset(relations),
            float(told["confidence"]),
            limits["characters"],
            limits["claims"],
            Limits(**names),
            limits["run_tokens"],
            limits["run_seconds"],
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise OntologyError(f"{path}: {type(error).__name__}: {error}: mend the file, or restore it") from error


def _line(name: str, schema: Schema, gloss: str) -> str:
    ends = (schema.domains.get(name, frozenset()), schema.ranges.get(name, frozenset()))
    first, second = (" or ".join(sorted(end)) or "Thing" for end in ends)
    return f"{name} ({first} to {second}): {gloss}"


def _shape(codes: list[str], relations: list[str]) -> dict[str, Any]:
    """The JSON schema of an answer, its vocabulary closed."""
    shape = Stating.model_json_schema()
    for model, name, words in (
        ("StatedEvent", "code", codes), ("StatedRelation", "predicate", relations), ("Argument", "role", list(ROLES))
    ):  # fmt: skip
        shape["$defs"][model]["properties"][name] = {"type": "string", "enum": words}
    plain: dict[str, Any] = _plain(shape)
    return plain


def _plain(shape: Any) -> Any:
    """A schema without what strict servers do not take (bounds of length are checked here), and without our words."""
    if isinstance(shape, dict):
        return {name: _plain(part) for name, part in shape.items() if name not in _PASSED_OVER}
    return [_plain(part) for part in shape] if isinstance(shape, list) else shape


_PASSED_OVER = frozenset(("minLength", "maxLength", "title", "description"))
#: Roles of what no class covers.
ROLES = ("agent", "target", "topic", "place")


def question(record: Record, most: int) -> tuple[str, Mapping[int, Sentence]]:
    """The article as JSON, of at most so many characters of sentences, and these by their numbers; those that are not
    the article's own are left out."""
    numbered: dict[int, Sentence] = {}
    for number, sentence in enumerate((one for one in record.sentences if one.block != FOREIGN), 1):
        most -= sentence.end - sentence.start
        if most < 0:
            break
        numbered[number] = sentence
    told = {
        "sentences": [{"n": n, "text": record.text[one.start : one.end]} for n, one in numbered.items()],
        "entities": [
            {"id": one.id, "type": one.type, "name": one.name}
            for one in record.entities
            if any(said.start <= m.start < said.end for m in one.mentions for said in numbered.values())
        ],
    }
    return json.dumps(told, ensure_ascii=False), numbered


# --------------------------------------------------------------------------------------------------- what is made of it


class RefusedError(Exception):
    """Why a claim is not taken."""


def careful(ours: Qualifier, theirs: Qualifier) -> Qualifier:
    """The more careful of our reading and the model's, and never what would be asserted: what a model says happened, or
    will, is possible."""
    polarity = NEGATED if NEGATED in (ours.polarity, theirs.polarity) else AFFIRMED
    weaker = theirs.modality if theirs.modality in (CONDITIONAL, DESIRED) else POSSIBLE
    return Qualifier(polarity, weaker if ours.modality == ACTUAL else ours.modality)


@dataclass(frozen=True, slots=True)
class Reader:
    """Holds what a model claims against one article; `numbered` are the sentences that it was sent."""

    record: Record
    scene: Scene
    numbered: Mapping[int, Sentence]
    settings: Settings

    def event(self, told: StatedEvent) -> Event:
        """The event that a claim comes to. Raises RefusedError with the reason."""
        if told.code not in self.settings.codes:
            raise RefusedError("no code of PLOVER")
        quote, trigger = self._quoted(told)
        fillers = {argument.entity: argument.role for argument in told.arguments}
        if not fillers or len(fillers) < len(told.arguments):
            raise RefusedError("nobody takes part, or one takes part twice")
        for argument in told.arguments:
            self._named(argument, quote, trigger)
            if argument.role not in ROLES or not self._schema.fits(self._type(argument.entity), argument.role):
                raise RefusedError("a role that there is not, or that is not for such a thing")
        self._compare(trigger, fillers)
        qualifier, attribution = self._meant(told, trigger)
        return Event(
            id=f"{NAME}-{quote.start}-{trigger.start}-{told.code}", class_=OPEN, plover=told.code,
            trigger=trigger, evidence=quote, time=None,
            roles=tuple(Role(role, entity) for entity, role in sorted(fillers.items(), key=lambda one: one[::-1])),
            polarity=qualifier.polarity, modality=qualifier.modality, attribution=attribution,
            confidence=self.settings.confidence,
        )  # fmt: skip

    def relation(self, told: StatedRelation) -> Relation:
        """The relation that a claim comes to. Raises RefusedError with the reason."""
        if told.predicate not in self.settings.relations:
            raise RefusedError("no relation of the ontology")
        quote, trigger = self._quoted(told)
        ends = told.subject.entity, told.object.entity
        for actor in (told.subject, told.object):
            self._named(actor, quote, trigger)
        first, second = map(self._type, ends)
        fit = self._schema.may_have(first, told.predicate) and self._schema.fits(second, told.predicate)
        if ends[0] == ends[1] or not fit:
            raise RefusedError("a relation that cannot join these two")
        known = (one for one in self.record.relations if one.predicate == told.predicate)
        if any({one.subject, one.object} == {*ends} for one in known):
            raise RefusedError(_KNOWN)
        qualifier, attribution = self._meant(told, trigger)
        return Relation(
            ends[0], told.predicate, ends[1], quote, qualifier.polarity, qualifier.modality, attribution,
            self.settings.confidence,
        )  # fmt: skip

    @property
    def _schema(self) -> Schema:
        return self.scene.lexicon.schema

    def _type(self, entity: str) -> str:
        return next(one.type for one in self.record.entities if one.id == entity)

    def _quoted(self, told: Stated) -> tuple[Span, Span]:
        """Where the quote stands in its sentence, and the trigger in the quote: each once, that in whole words."""
        sentence = self.numbered.get(told.sentence)
        if sentence is None:
            raise RefusedError("no sentence of that number")
        quote = self._once(told.quote, Span(sentence.start, sentence.end), "the quote")
        trigger = self._once(told.trigger, quote, "the trigger")
        tokens = self._tokens(trigger)
        tree = self.scene.tree
        if not tokens or tree.starts[tokens[0]] != trigger.start or tree.ends[tokens[-1]] != trigger.end:
            raise RefusedError("the trigger is no whole word")
        if not any(tree.tags[at][:2] in {"VB", "NN", "JJ"} for at in tokens):
            raise RefusedError("the trigger names nothing")
        return quote, trigger

    def _once(self, words: str, within: Span, what: str) -> Span:
        found = _places(self.record.text, words, within)
        if not found:
            raise RefusedError(f"{what} is not in the text")
        if len(found) > 1:
            raise RefusedError(f"{what} stands there more than once")
        return found[0]

    def _tokens(self, span: Span) -> range:
        tree = self.scene.tree
        return range(bisect_right(tree.ends, span.start), bisect_left(tree.starts, span.end))

    def _named(self, actor: Actor, quote: Span, trigger: Span) -> None:
        """Raises RefusedError where the quote does not name an entity by these words, as we read it, or where the
        trigger is its name."""
        entity = next((one for one in self.record.entities if one.id == actor.entity), None)
        if entity is None:
            raise RefusedError("nobody of that id")
        mentions = [m for m in entity.mentions if quote.start <= m.start and m.end <= quote.end]
        places = _places(self.record.text, actor.words, quote)
        named = any(p.start <= m.start < m.end <= p.end or m.start <= p.start < p.end <= m.end
                    for m in mentions for p in places)  # fmt: skip
        if not named:
            raise RefusedError("the quote does not name who takes part")
        if any(m.start < trigger.end and trigger.start < m.end for m in mentions):
            raise RefusedError("the trigger is the name of who takes part")

    def _compare(self, trigger: Span, fillers: Mapping[str, str]) -> None:
        """Raises RefusedError where our own reading of the trigger says as much, or says otherwise who does what."""
        for event in self.record.events:
            spans = (event.trigger, *event.mentions)
            if any(one.start < trigger.end and trigger.start < one.end for one in spans):
                own = {role.entity: role.role for role in event.roles if role.entity is not None}
                if fillers.keys() <= own.keys():
                    raise RefusedError(_KNOWN)
                if any(own.get(entity, role) != role for entity, role in fillers.items() if role in _SIDES):
                    raise RefusedError("the rules read it the other way round")

    def _meant(self, told: Stated, trigger: Span) -> tuple[Qualifier, str | None]:
        """How a claim is meant, and whose words it is: who speaks is whom we find to speak."""
        tokens = self._tokens(trigger)
        head = head_of(self.scene.tree, tokens[0], tokens[-1] + 1)
        said = self.scene.said(head)
        span = None if said is None else (said.start, said.end, self.scene.tree.starts[said.cue])
        found = next((one for one in self.record.attributions
                      if (one.content.start, one.content.end, one.cue.start) == span), None)  # fmt: skip
        if told.speaker is not None and (found is None or found.source.entity != told.speaker):
            raise RefusedError("words of somebody whom the rules do not find to speak")
        ours = self.scene.qualification.of(self._proposition(head))
        return careful(ours, Qualifier(told.polarity, told.modality)), None if found is None else found.id

    def _proposition(self, at: int) -> Proposition:
        """What is qualified: an open proposition at a token."""
        tree = self.scene.tree
        frames = self.scene.lexicon.frames[OPEN, "noun" if tree.is_noun(at) else "verb"]
        return Proposition(frames[0], at, (at,), ())


_SIDES = ("agent", "target")
_KNOWN = "read by the rules already, so or otherwise"


def _places(text: str, words: str, within: Span) -> list[Span]:
    """Where words stand in a part of the text, letter by letter."""
    found: list[Span] = []
    at = text.find(words, within.start, within.end)
    while at >= 0 and len(found) < 100:
        found.append(Span(at, at + len(words)))
        at = text.find(words, at + 1, within.end)
    return found


# -------------------------------------------------------------------------------------------------------- the component


@dataclass(slots=True)
class Extractor:
    """Adds to an article's claims what a model proposes and the text bears out; where there is no answer, nothing."""

    endpoint: Endpoint
    name: str = NAME

    def __call__(self, doc: Doc) -> Doc:
        counts = {} if doc._.kg_counts is None else doc._.kg_counts
        self.endpoint.counts = {}
        try:
            doc._.kg_claims = self._claims(doc._.kg_record, doc._.kg_scene, counts)
        except EndpointError as error:
            doc._.kg_claims = ()
            _count(counts, f"no answer: {error}")
        for name, number in self.endpoint.counts.items():
            _count(counts, name, number)
        doc._.kg_counts = counts
        return doc

    def _claims(self, record: Record, scene: Scene, counts: dict[str, float]) -> tuple[Event | Relation, ...]:
        own = settings()
        asked, numbered = question(record, own.characters)
        if not numbered or not record.entities:
            return ()
        answer = self.endpoint.ask(own.prompt, asked, own.shape)
        offered = answered(answer.content)
        reader = Reader(record, scene, numbered, own)
        kept: dict[Any, Event | Relation] = {}
        for number, claim in enumerate(offered):
            _count(counts, "claims offered")
            try:
                if number >= own.claims:
                    raise RefusedError("more claims than an article may have")
                made = read(reader, claim)
                kept.setdefault(made.id if isinstance(made, Event) else made, made)
            except RefusedError as error:
                _count(counts, f"claims dropped: {error}")
        _count(counts, "claims kept", len(kept))
        return tuple(kept.values())


def read(reader: Reader, item: Any) -> Event | Relation:
    """What a claim comes to, held against the text. Raises RefusedError with the reason."""
    kind, told = item
    try:
        if kind == "events":
            return reader.event(StatedEvent.model_validate(told))
        return reader.relation(StatedRelation.model_validate(told))
    except ValidationError:
        raise RefusedError("not as the schema says") from None


def answered(content: str) -> Iterator[tuple[str, Any]]:
    """The claims of an answer, events first, as they are; what stands around the JSON is passed over. Raises
    EndpointError where it holds none."""
    start, end = content.find("{"), content.rfind("}")
    try:
        told = json.loads(content[start : end + 1])
        lists = [(name, told[name]) for name in ("events", "relations")]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EndpointError("the answer is no JSON of the schema") from None
    if not all(isinstance(items, list) for _, items in lists):
        raise EndpointError("the answer is no JSON of the schema")
    return ((name, item) for name, items in lists for item in items)


def _count(counts: dict[str, float], name: str, number: float = 1) -> None:
    counts[f"{NAME}: {name}"] = counts.get(f"{NAME}: {name}", 0) + number
