"""Claims near a thing, in words: read by patterns, so a page costs what it shows and not what the store holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import PROV, RDF, RDFS

from kg.labels import in_words, local
from kg.namespaces import ARTICLE, HAPPENING, IDENTITY, KG, NIF, TIME, WORLD, offsets
from kg.record import ACTUAL, AFFIRMED, OPEN
from kg.serve.edition import Edition
from kg.serve.names import called, is_entity
from kg.serve.words import certainty, status
from kg.world import schema

TYPE, LABEL = str(RDF.type), str(RDFS.label)
SUBJECT, PREDICATE, OBJECT = str(RDF.subject), str(RDF.predicate), str(RDF.object)
ANCHOR, QUOTED, TOLD = str(NIF.anchorOf), str(PROV.wasQuotedFrom), str(KG.toldAs)

#: An event of an article, or a stage of talks that its talks belong to.
_EVENT = re.compile(r"#[vp]\d+$")
_NO_KINDS = {str(KG[name]) for name in ("Thing", "Actor", "Event", "Agent")}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that articles speak of: its canonical IRI, what it is called, and its class in words."""

    iri: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something is said."""

    article: str
    headline: str
    outlet: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A sentence, marked where it says what is meant, and who says so; empty, if that does not matter."""

    speaker: str
    before: str
    marked: str
    after: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Said:
    """A claim in words: the triple, how it is meant and who says so, and the sentence, marked where it says it."""

    claim: str
    subject: Thing
    predicate: str
    object: Thing
    polarity: str
    modality: str
    certainty: str
    status: str
    asserted: bool
    confidence: str
    speaker: str
    office: str
    before: str
    marked: str
    after: str
    origin: Origin

    @property
    def sentence(self) -> str:
        return self.before + self.marked + self.after


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a claim is: its IRI, its article, its predicate and the article's day."""

    claim: str
    article: str
    predicate: str
    date: str


def is_event(thing: str) -> bool:
    """Whether an IRI is that of an event, as an article tells it or over articles."""
    return thing.startswith(str(HAPPENING)) or _EVENT.search(thing) is not None


def is_stage(thing: str) -> bool:
    """Whether an IRI is that of a stage of talks: what rounds belong to."""
    return is_event(thing) and "#p" in thing


class Reader:
    """Reads one edition for one page, and remembers what it read."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.store = edition.store
        self._things: dict[tuple[str, str], Thing] = {}
        self._claims: dict[tuple[str, str], dict[str, str]] = {}

    # ------------------------------------------------------------------------------------------------------ by pattern

    def value(self, subject: str, predicate: str, graph: str) -> str:
        """The one value of something in a graph; empty if there is none."""
        return next((object_ for _, _, object_, _ in self.store.match(subject, predicate, None, graph)), "")

    def claim(self, claim: str, article: str) -> dict[str, str]:
        """All that is said of a claim."""
        known = self._claims.get((claim, article))
        if known is None:
            known = {predicate: value for _, predicate, value, _ in self.store.match(claim, None, None, article)}
            self._claims[claim, article] = known
        return known

    def pointers(self, aliases: Iterable[str], end: str) -> Iterator[Pointer]:
        """The claims that have a thing, under any of its names, as subject or object."""
        dates = self.edition.articles
        for alias in aliases:
            for claim, _, _, article in self.store.match(None, end, alias, None):
                if article in dates:
                    predicate = self.value(claim, PREDICATE, article)
                    yield Pointer(claim, article, predicate, dates[article].published or "")

    def of_event(self, event: str, article: str) -> tuple[Pointer, ...]:
        """The claims that an article makes of its event, in the order of reading."""
        date = self.edition.articles[article].published or ""
        claims = (claim for claim, _, _, _ in self.store.match(None, SUBJECT, event, article))
        found = [Pointer(claim, article, self.claim(claim, article)[PREDICATE], date) for claim in claims]
        return tuple(sorted(found, key=lambda pointer: (len(pointer.claim), pointer.claim)))

    def holders(self, article: str) -> Iterator[tuple[str, str]]:
        """(event, holder) of each position that an article reports."""
        for claim, _, _, _ in self.store.match(None, PREDICATE, str(KG.holder), article):
            known = self.claim(claim, article)
            yield known[SUBJECT], known[OBJECT]

    def canonical(self, thing: str) -> str:
        """The IRI that a thing goes by over articles."""
        if is_entity(thing):
            return self.edition.names.canonical.get(thing, thing)
        return next((name for name, _, _, _ in self.store.match(None, TOLD, thing, IDENTITY)), thing)

    def aliases(self, thing: str) -> tuple[str, ...]:
        """All IRIs of a thing, sorted."""
        return tuple(sorted(self.store.aliases(thing)))

    # --------------------------------------------------------------------------------------------------------- in words

    def thing(self, iri: str, article: str = "") -> Thing:
        """A thing as an article, or the world, knows it."""
        known = self._things.get((iri, article))
        if known is None:
            known = self._things[iri, article] = self._thing(iri, article)
        return known

    def _thing(self, iri: str, article: str) -> Thing:
        if iri.startswith(str(KG)):
            return Thing(iri, in_words(iri), "term")
        if iri.startswith(str(TIME)):
            return Thing(iri, iri.removeprefix(str(TIME)), "date")
        canonical = self.canonical(iri)
        name = called(self.edition.names, (canonical, iri)) if is_entity(iri) else ""
        name = name or self.value(iri, LABEL, article or WORLD) or local(iri)
        return Thing(canonical, name, self.kind(canonical, iri, article))

    def kind(self, canonical: str, iri: str = "", article: str = "") -> str:
        """The class of a thing, in words: of an event what its article calls it, of all else what the world does."""
        if is_event(iri) and article:
            return in_words(self.class_of(iri, article))
        kinds = self.edition.kinds
        if canonical not in kinds:
            classes = {kind for _, _, kind, _ in self.store.match(canonical, TYPE, None, WORLD)} - _NO_KINDS
            if not classes and iri and article:
                classes = {kind for _, _, kind, _ in self.store.match(iri, TYPE, None, article)}
            kinds[canonical] = in_words(narrowest(classes)) if classes else ""
        return kinds[canonical]

    def class_of(self, event: str, article: str) -> str:
        """The class that an article gives its event; Open if none."""
        for pointer in self.of_event(event, article):
            if pointer.predicate == TYPE:
                return local(self.claim(pointer.claim, article)[OBJECT])
        return "Stage" if is_stage(event) else OPEN

    def origin(self, article: str) -> Origin:
        """The article that something stands in."""
        source = self.edition.articles[article]
        return Origin(
            article, source.headline or "(no headline)", source.outlet or "", source.published or "", source.url or ""
        )

    def said(self, pointer: Pointer) -> Said:
        """A claim in words."""
        article, known = pointer.article, self.claim(pointer.claim, pointer.article)
        subject, predicate, object_ = known[SUBJECT], known[PREDICATE], known[OBJECT]
        polarity, modality = local(known[str(KG.polarity)]), local(known[str(KG.modality)])
        speaker = self.speaker(known, article)
        asserted = (polarity, modality) == (AFFIRMED, ACTUAL) and self._stands(subject, predicate, object_, article)
        before, marked, after = self.marked(known[QUOTED], known.get(str(KG.trigger)), article)
        return Said(
            claim=pointer.claim,
            subject=self.thing(subject, article),
            predicate="is a" if predicate == TYPE else in_words(predicate),
            object=self.thing(object_, article),
            polarity=polarity,
            modality=modality,
            certainty=certainty(polarity, modality, speaker, asserted),
            status=status(polarity, modality, speaker),
            asserted=asserted,
            confidence=known[str(KG.confidence)],
            speaker=speaker,
            office=known.get(str(KG.office), ""),
            before=before,
            marked=marked,
            after=after,
            origin=self.origin(article),
        )

    def _stands(self, subject: str, predicate: str, object_: str, article: str) -> bool:
        return any(value == object_ for _, _, value, _ in self.store.match(subject, predicate, None, article))

    def speaker(self, claim: dict[str, str], article: str) -> str:
        """Whose words a claim is; empty if they are the article's own."""
        if who := claim.get(str(KG.attributedTo)):
            return self.thing(who, article).name
        attribution = claim.get(str(KG.attribution))
        source = self.value(attribution, str(KG.source), article) if attribution else ""
        return self.value(source, ANCHOR, article) if source else ""

    def voices(self, thing: str) -> Iterator[Voice]:
        """The sentences that name a thing, each marked at the name where it first does so; an article has one voice."""
        seen = set()
        for span, _, _, article in sorted(self.store.match(None, str(KG.mentions), thing), key=_place):
            if article not in seen and article in self.edition.articles:
                seen.add(article)
                yield Voice("", *self.marked(self._sentence(span, article), span, article), self.origin(article))

    def _sentence(self, span: str, article: str) -> str:
        """The sentence that a span lies in; the span itself where an older kg kept none."""
        start, end = offsets(span)
        places = (one for one, _, _, _ in self.store.match(None, str(KG.blockKind), None, article))
        return next((one for one in places if offsets(one)[0] <= start and end <= offsets(one)[1]), span)

    def words(self, span: str, article: str) -> str:
        """The words of a span."""
        return self.value(span, ANCHOR, article) if span else ""

    def marked(self, span: str, trigger: str | None, article: str) -> tuple[str, str, str]:
        """A sentence before, at and after the words that say it."""
        sentence = self.value(span, ANCHOR, article)
        if trigger is None:
            return sentence, "", ""
        begin = offsets(span)[0]
        start, end = (min(max(0, at - begin), len(sentence)) for at in offsets(trigger))
        return sentence[:start], sentence[start:end], sentence[end:]


def _place(row: tuple[str, str, str, str]) -> tuple[str, tuple[int, int]]:
    """The order of mentions: by article and place."""
    return row[3], offsets(row[0])


def narrowest(classes: Iterable[str]) -> str:
    """Of classes of one thing, by IRI, the one with most above it; that of all things, if there are none."""
    above = {name.value: len(some) for name, some in schema().classes.items()}
    return min(classes, key=lambda name: (-above.get(name, 0), name), default=str(KG.Thing))


def article_of(iri: str) -> str:
    """The article that an IRI within an article is of; empty for any other."""
    article, mark, _ = iri.partition("#")
    return article if mark and article.startswith(str(ARTICLE)) else ""


def newest(pointers: Iterable[Pointer]) -> list[Pointer]:
    """Claims by day, the newest first, each once."""
    return sorted(set(pointers), key=lambda pointer: (pointer.date, pointer.article, pointer.claim), reverse=True)
