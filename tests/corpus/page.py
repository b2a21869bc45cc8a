"""An article as it is written: words go in from left to right, and what they say is noted with its offsets.

A `Page` is to `tests.records.Draft` what a pen is to a form: it never searches, so 10,000 articles take seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from kg.lexicon import load
from kg.read.article import Article
from kg.record import (
    ACTUAL,
    AFFIRMED,
    NEGATED,
    PLANNED,
    Attribution,
    Entity,
    Event,
    Mention,
    Record,
    Relation,
    Role,
    Sentence,
    Source,
    Span,
    Time,
)
from tests.corpus.people import Actor, House

#: What an editor who reprints a text puts in place of what.
EDITS = (
    (" ended", " closed"), (" and killed ", " and left dead "), (" and injured ", " and wounded "), (" hit", " struck"),
    ("local officials", "local authorities"), (", mediated by ", ", brokered by "), (" to discuss ", " to talk about "),
    (" sent a delegation to ", " sent envoys to "), (" were following ", " were watching "), (" was ", " has been "),
    (" was reached on ", " was found on "), (" would go on", " would continue"), ("Envoys of ", "Negotiators of "),
    (" of attacking civilians", " of hitting civilians"), ("The two sides", "Both sides"),
)  # fmt: skip
#: What an extractor may take a class of entity for.
BROADER = {"Military": "Organization", "ArmedGroup": "Organization", "Government": "Organization"}
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(slots=True)
class _Entry:
    """An entity of the article as far as it was written."""

    id: str
    type: str
    name: str
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """An article as it is written by one house. `written` is the day from which days are told; `salt` draws how
    persons are named; `edits` are words put in place of others; of the `untitled` no office is told."""

    actors: Mapping[str, Actor]
    house: House
    written: date
    salt: str
    rng: Random
    edits: tuple[tuple[str, str], ...] = ()
    untitled: frozenset[str] = frozenset()
    introduced: set[str] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)
    at: int = 0
    begun: int = 0
    entities: dict[str, _Entry] = field(default_factory=dict)
    times: list[Time] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------------------------------------------------- words

    def put(self, words: str) -> Span:
        """Writes words; where they stand."""
        for old, new in self.edits:
            words = words.replace(old, new)
        if words.startswith((".", ",")) and self.parts and self.parts[-1] == ",":
            self.parts.pop()  # the comma after an office, where the sentence goes on with another or ends
            self.at -= 1
        start = self.at
        self.parts.append(words)
        self.at += len(words)
        return Span(start, self.at)

    def end(self, block: str = "paragraph") -> None:
        """Ends the sentence: what was noted in it has it for evidence."""
        evidence = Span(self.begun, self.at)
        self.sentences.append(Sentence(self.begun, self.at, block))
        self.events = [replace(one, evidence=evidence) if one.evidence is _OPEN else one for one in self.events]
        self.relations = [replace(one, evidence=evidence) if one.evidence is _OPEN else one for one in self.relations]
        self.put("\n\n" if block != "dateline" else " ")
        self.begun = self.at

    # ----------------------------------------------------------------------------------------------------- entities

    def mention(self, actor: str, words: str, kind: str = "name") -> str:
        """Writes words that mean an actor; the id of its entity."""
        start = self.at
        self.parts.append(words)
        self.at += len(words)
        entry = self.entities.get(actor)
        if entry is None:
            entry = self.entities[actor] = _Entry(f"e{len(self.entities) + 1}", self._type(actor), words)
        elif kind == "name" and len(words) > len(entry.name) and self.actors[actor].iri is None:
            entry.name = words
        entry.mentions.append(Mention(start, self.at, kind))
        return entry.id

    def turn(self, actor: str) -> None:
        """Writes a sentence on somebody who was named, with a noun and a pronoun and no name."""
        who = self.actors[actor]
        self.put("The ")
        self.mention(actor, str(who.office).split()[-1], "nominal")
        self.put(" took no questions as ")
        self.mention(actor, "she" if int(actor.split("/")[1]) % 2 else "he", "pronoun")
        self.put(" left.")
        self.end()

    def where(self, entity: str) -> Span:
        """Where an entity was named last."""
        last = next(entry for entry in self.entities.values() if entry.id == entity).mentions[-1]
        return Span(last.start, last.end)

    def again(self, actors: tuple[str, ...], span: Span) -> list[str]:
        """Notes that words mean several who were named before ("the two sides"); the ids of those who were."""
        found = [self.entities[actor] for actor in actors if actor in self.entities]
        for entry in found:
            entry.mentions.append(Mention(span.start, span.end, "nominal"))
        return [entry.id for entry in found]

    def _type(self, actor: str) -> str:
        type_ = self.actors[actor].type
        return BROADER.get(type_, type_) if self.rng.random() < 0.1 else type_

    def name(self, actor: str) -> str:
        """Writes an actor's name: whole when it first comes up, with whose it is; short later."""
        who = self.actors[actor]
        if who.type == "Person":
            return self._person(who)
        if who.iri is not None:
            return self.mention(actor, who.names[0])
        known = actor in self.introduced
        self.introduced.add(actor)
        if not known and who.of is not None and self.rng.random() < (0.85 if who.careful else 0.4):
            return self._belonging(who)
        article = "" if who.type in ("City", "Weapon") else "the "
        self.put(article if self.at > self.begun else article.title())
        return self.mention(actor, self._form(who, known))

    def _form(self, who: Actor, known: bool) -> str:
        """Which of a body's names is written: a house that likes it short may give the shortest one only."""
        if Random(f"{self.house.outlet} {who.id}").random() < 0.25:
            return self.house.spell(who.names[-1])
        return self.house.spell(self.rng.choice(who.names[1:] or who.names) if known else who.names[0])

    def _belonging(self, who: Actor) -> str:
        """A body or a place, and whose it is."""
        owner = str(who.of)
        state, name = self.actors[owner], self._form(who, False)
        if who.type in ("City", "Weapon"):
            self.put("the warship " if who.type == "Weapon" else "")
            me = self.mention(who.id, name)
            self.put(" in " if who.type == "City" else " of ")
            whose = self.mention(owner, self.actors[owner].names[0])
        else:
            self.put("the " if self.at > self.begun else "The ")
            whose = self.mention(owner, str(state.demonym))
            self.put(" ")
            me = self.mention(who.id, name)
        self.relate(me, str(who.relation), whose)
        return me

    def _person(self, who: Actor) -> str:
        """Somebody by name: with office when first named, by family name later."""
        if who.id in self.introduced:
            return self.mention(who.id, self.house.spell(who.names[1]))
        self.introduced.add(who.id)
        if who.id in self.untitled or not (who.careful or self.rng.random() < 0.75):
            return self.mention(who.id, self.full(who.id))
        if who.until is not None and not who.holds(self.written):
            return self._former(who)
        # Who will take an office later is of the same state before, in a lesser one.
        relation, office = who.relation, who.office
        if not who.holds(self.written):
            relation, office = "officialOf", "adviser"
        owner = str(who.of)
        if self.actors[owner].demonym is not None and self.rng.random() < 0.6:
            whose = self.mention(owner, str(self.actors[owner].demonym))
            self.put(f" {office} ")
            me = self.mention(who.id, self.full(who.id))
        else:
            me = self.mention(who.id, self.full(who.id))
            self.put(f", {office} of ")
            whose = self.name(owner)
            self.put(",")
        self.relate(me, str(relation), whose, office)
        return me

    def _former(self, who: Actor) -> str:
        """Somebody who held an office: no relation that holds comes of it."""
        self.put("former " if self.at > self.begun else "Former ")
        self.mention(str(who.of), str(self.actors[str(who.of)].demonym))
        self.put(f" {who.office} ")
        return self.mention(who.id, self.full(who.id))

    def full(self, actor: str) -> str:
        """The longest form that this article gives of somebody."""
        who = self.actors[actor]
        given, family = map(self.house.spell, who.names)
        if Random(f"{self.salt} {actor}").random() < 0.1:
            return family
        if who.family_first:
            return f"{family} {given}" if self.house.first else f"{given} {family}"
        initials = self.house.initials or Random(f"{actor} {self.salt}").random() < 0.06
        return f"{given[0]}. {family}" if initials else f"{given} {family}"

    def relate(self, subject: str, predicate: str, object_: str, office: str | None = None) -> None:
        qualifiers = (AFFIRMED, ACTUAL, None, 0.93)
        self.relations.append(Relation(subject, predicate, object_, _OPEN, *qualifiers, office=office))

    # ------------------------------------------------------------------------------------------------ times, events

    def when(self, day: date, how: str) -> str | None:
        """Writes when something was, by day or by month or not at all; the id of the time."""
        if how == "none":
            return None
        near = abs((self.written - day).days) < 6
        words = _DAYS[day.weekday()] if near else f"{day.day} {day:%B}"
        self.put(" in " if how == "month" else " on ")
        span = self.put(f"{day:%B}" if how == "month" else words)
        id_ = f"t{len(self.times) + 1}"
        value = day.isoformat()[:7] if how == "month" else day.isoformat()
        self.times.append(Time(id_, span.start, span.end, "DATE", value))
        return id_

    def says(self, source: Span, entity: str | None, cue: Span, content: Span) -> str:
        """Notes whose words a stretch of text is."""
        id_ = f"a{len(self.attributions) + 1}"
        self.attributions.append(Attribution(id_, Source(source.start, source.end, entity), cue, content, False))
        return id_

    def event(
        self,
        true: str,
        class_: str,
        trigger: Span,
        roles: Iterable[Role],
        time: str | None = None,
        denied: bool = False,
        planned: bool = False,
        attribution: str | None = None,
        responds_to: str | None = None,
    ) -> str:
        """Notes that the words of this sentence tell of a true event."""
        id_, polarity = f"v{len(self.events) + 1}", NEGATED if denied else AFFIRMED
        modality = PLANNED if planned else ACTUAL
        qualifiers = (time, polarity, modality, attribution, 0.9)
        code = load().schema.plover.get(class_)
        code = load().schema.modes.get((str(code), polarity if denied else modality), code)
        self.events.append(Event(id_, class_, code, trigger, _OPEN, tuple(roles), *qualifiers, responds_to=responds_to))
        self.truth[id_] = true
        return id_

    # ------------------------------------------------------------------------------------------------------- record

    def record(self, title: str, published: date, outlet: str, url: str) -> Record:
        """The record of what was written."""
        text = "".join(self.parts)
        article = Article(text, url, title, published.isoformat(), url, outlet)
        id_ = article.id
        return Record(
            id=id_,
            source=url,
            title=title,
            published=article.published,
            language="en",
            url=url,
            outlet=outlet,
            text=text,
            entities=tuple(self._entity(id_, actor, entry) for actor, entry in self.entities.items()),
            times=tuple(self.times),
            events=tuple(self.events),
            relations=tuple(self.relations),
            attributions=tuple(self.attributions),
            sentences=tuple(self.sentences),
        )

    def _entity(self, article: str, actor: str, entry: _Entry) -> Entity:
        who = self.actors[actor]
        iri = who.iri or f"{article}#{entry.id}"
        name = who.names[0] if who.iri else entry.name
        return Entity(entry.id, entry.type, name, iri, who.wikidata, tuple(entry.mentions))


_OPEN = Span(-1, -1)
