"""What an article shares with others: the names that it uses, the events that it tells of, what it asserts. Pure.

A share is read off the article's graph alone, so it is the same in whatever store the graph lies.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pyoxigraph as ox
from rdflib import PROV, RDF, RDFS

from kg.forms import Form, context_of, family, known, tells, words
from kg.graph import Index, Node, Statement, node
from kg.happenings import Happening, content
from kg.lexicon import load
from kg.namespaces import ARTICLE, KG, NAME, NIF, SCHEMA, WORDING, offsets
from kg.record import ACTUAL, AFFIRMED, OPEN, PLANNED
from kg.sources import Text, text_of
from kg.world import asserted, schema

#: The IRI that a thing of an article has among all articles.
Canonical = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Telling:
    """An event as one article tells it: its class, its fillers by role, its time, its number in a series, and whether
    it is yet to come."""

    class_: str
    fillers: tuple[tuple[str, str], ...]
    when: str
    number: str
    ahead: bool
    said: str


@dataclass(frozen=True, slots=True)
class Share:
    """What an article shares with others, things by their IRI in the article: the forms of what it names, the events
    that it tells of, the words and quantities of phrases, the class and the label of each thing, all things that
    something is claimed of, what it asserts, and how it is printed. `reported` is its day, empty if unknown."""

    forms: Mapping[str, Form]
    events: Mapping[str, Telling]
    phrases: Mapping[str, str]
    types: Mapping[str, str]
    labels: Mapping[str, str]
    things: frozenset[str]
    facts: frozenset[Statement]
    reported: str
    text: Text

    def happenings(self, canonical: Canonical) -> dict[str, Happening]:
        """The events as they can be compared, with the canonical IRIs of who takes part."""
        return {event: self._happening(event, canonical) for event in self.events}

    def _happening(self, event: str, canonical: Canonical) -> Happening:
        told, found = self.events[event], defaultdict[str, set[str]](set)
        roles: set[tuple[str, str]] = set()
        about: list[str] = []
        for role, filler in told.fillers:
            if filler in self.phrases:
                about += [json.loads(self.phrases[filler])[0]] if role not in _HARMED else []
            elif filler not in self.events:
                iri = canonical(filler)
                about += [self.labels.get(filler, "")] if role == "topic" else []
                type_ = self.types.get(filler, "")
                found[type_].add(iri)
                # What a strike hits and where it hits is told either way.
                is_place = role == "place" or family(type_) == "Place"
                found["place"].add(iri) if is_place else roles.add((role, iri))
        # Somebody without a name is nobody that another article could tell of.
        shared = {iri for iri in {*found["place"], *(iri for _, iri in roles)} if not iri.startswith(ARTICLE)}
        return Happening(
            told.class_,
            roles=tuple(sorted((role, iri) for role, iri in roles if iri in shared)),
            states=tuple(sorted(found["State"] & shared)),
            places=tuple(sorted(found["place"] & shared)),
            cities=tuple(sorted(found["place"] & found["City"] & shared)),
            when=told.when,
            reported=self.reported,
            about=content(about),
            number=told.number,
            harm=tuple(sorted((role, self._count(filler)) for role, filler in told.fillers if role in _HARMED)),
            ahead=told.ahead,
            said=told.said,
            strangers=tuple(sorted({self.called(thing) for thing in self.strangers(event, canonical)})),
        )

    def strangers(self, event: str, canonical: Canonical) -> list[str]:
        """Those who take part in an event by a name that does not tell who they are."""
        named = {filler for _, filler in self.events[event].fillers if filler in self.forms}
        return sorted(filler for filler in named if canonical(filler).startswith(ARTICLE))

    def called(self, thing: str) -> tuple[str, str]:
        """The family and the name of what bears one."""
        form = self.forms[thing]
        return family(form.type) or "", form.names[0]

    def _count(self, filler: str) -> str:
        """How many a phrase speaks of, as text; empty if it does not say."""
        count, least, *_ = json.loads(self.phrases.get(filler, "[]"))[1:] or (None, None)
        return count or least or ""


_HARMED = ("killed", "injured")


def share(index: Index) -> Share:
    """The share of an article's graph."""
    types, labels, events = _types(index), _labels(index), _events(index)
    return Share(
        _forms(index, types, labels, events),
        events,
        {iri: _phrase(index, iri, labels) for iri, type_ in types.items() if type_ == "Phrase"},
        types,
        labels,
        frozenset(_things(index)),
        asserted(index, schema()),
        published := min((_least(days) for days in index.get(_PUBLISHED, {}).values()), default=""),
        _text(index, published),
    )


def _text(index: Index, published: str) -> Text:
    """The article as something that is printed, from the sentences that are its own."""
    words = index.get(_ANCHOR, {})
    own = [span for span, blocks in index.get(_BLOCK, {}).items() if _least(blocks) != "foreign" and span in words]
    outlet = min((_least(names) for names in index.get(_PUBLISHER, {}).values()), default="")
    sentences = [_least(words[span]) for span in sorted(own, key=lambda span: offsets(span.value))]
    return text_of(sentences, outlet, published)


_PUBLISHER, _ANCHOR, _BLOCK = node(SCHEMA["publisher"]), node(str(NIF.anchorOf)), node(str(KG.blockKind))
_PUBLISHED = node(SCHEMA["datePublished"])
_TYPE, _LABEL = node(str(RDF.type)), node(str(RDFS.label))
_SUBJECT, _PREDICATE, _OBJECT = (node(str(term)) for term in (RDF.subject, RDF.predicate, RDF.object))
_MENTIONS, _KIND = node(str(KG.mentions)), node(str(KG.mentionKind))
_POLARITY, _MODALITY = node(str(KG.polarity)), node(str(KG.modality))
_TIMEX = node(str(KG.timex))


def _types(index: Index) -> dict[str, str]:
    """The class of each thing, as a local name; of an event, that which the article asserts."""
    prefix = str(KG)
    return {
        thing.value: class_.value.removeprefix(prefix)
        for thing, classes in index.get(_TYPE, {}).items()
        for class_ in (sorted(classes, key=str) if len(classes) > 1 else classes)
        if class_.value.startswith(prefix)
    }


def _things(index: Index) -> Iterator[str]:
    """What the claims of a class speak of."""
    open_ = {claim for claim, classes in index.get(_OBJECT, {}).items() if classes[0].value == _OPEN}
    for claim in index.get(_PREDICATE, {}):
        if claim not in open_:
            yield index[_SUBJECT][claim][0].value
            if not (object_ := index[_OBJECT][claim][0].value).startswith(str(KG)):
                yield object_


_OPEN = str(KG[OPEN])


def _labels(index: Index) -> dict[str, str]:
    return {thing.value: _least(labels) for thing, labels in index.get(_LABEL, {}).items()}


def _least(values: Iterable[Any]) -> str:
    """Of several values one, whatever order they come in."""
    return str(min(value.value for value in values))


# ---------------------------------------------------------------------------------------------------------------- names


def _forms(
    index: Index, types: Mapping[str, str], labels: Mapping[str, str], events: Mapping[str, Telling]
) -> dict[str, Form]:
    """The form of each thing that the article names: "the governor" is nobody that another article could mean too."""
    named = _named(index)
    contexts = _contexts(index, types, labels)
    ownerless = {iri: spots for iri, spots in named.items() if iri not in contexts or types.get(iri) == "State"}
    company, offices = _companies(index, ownerless, types, labels, _guests(events, labels)), _offices(index)
    found: dict[str, Form] = {}
    for iri in sorted(named):
        if iri in known():
            found[iri] = known()[iri]
        elif family(types.get(iri, "")) and not iri.startswith(str(NAME)):
            form = Form(types[iri], (_plain(labels[iri]),), contexts.get(iri, ()), None, company.get(iri, ()))
            form = replace(form, offices=offices[iri]) if iri in offices else form
            # "The foreign ministry", of which it is not said whose it is, is nobody's in particular.
            if form.context or tells(form):
                found[iri] = form
    return found


def _named(index: Index) -> dict[str, list[int]]:
    """What is mentioned by name, and where."""
    kinds = index.get(_KIND, {})
    named: defaultdict[str, list[int]] = defaultdict(list)
    for span, things in index.get(_MENTIONS, {}).items():
        if any(kind.value == "name" for kind in kinds.get(span, ())):
            for thing in things:
                named[thing.value].append(offsets(span.value)[0])
    return named


def _offices(index: Index) -> dict[str, tuple[str, ...]]:
    """The offices that each thing is said to hold, of those that one person holds alone."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for claim, offices in index.get(_OFFICE, {}).items():
        office = _least(offices).lower()
        if office in load().words["sole-offices"] and _holds(index, claim):
            found[index[_SUBJECT][claim][0].value].add(office)
    return {iri: tuple(sorted(held)) for iri, held in found.items()}


_OFFICE = node(str(KG.office))


def _guests(events: Mapping[str, Telling], labels: Mapping[str, str]) -> dict[str, set[str]]:
    """Who takes part in what happens at a place, by the plain words of their names: nobody who meets there need be of
    it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for told in events.values():
        places = [filler for role, filler in told.fillers if role == "place"]
        for place in places:
            others = [filler for _, filler in told.fillers if filler != place]
            found[place].update(context_of(other, labels[other]) for other in others if other in labels)
    return found


def _companies(
    index: Index,
    named: Mapping[str, list[int]],
    types: Mapping[str, str],
    labels: Mapping[str, str],
    guests: Mapping[str, set[str]],
) -> dict[str, tuple[str, ...]]:
    """The one state in the sentences that name each thing; if none is there, the one state that the article names. The
    guests of a place do not count."""
    begins = sorted(offsets(span.value)[0] for span in index.get(_BLOCK, {}))
    states = {iri: context_of(iri, labels[iri]) for iri in named if types.get(iri) == "State"}
    beside: defaultdict[int, set[str]] = defaultdict(set)
    for iri, state in states.items():
        for at in named[iri]:
            beside[bisect(begins, at)].add(state)
    found = {}
    for iri, spots in named.items():
        near = {state for at in spots for state in beside[bisect(begins, at)]} or set(states.values())
        near -= guests.get(iri, set())
        if iri not in states and len(near) == 1:
            found[iri] = tuple(near)
    return found


def _plain(label: str) -> str:
    """A name as it is compared: capitals alone are kept, for they may be initials, and so are the stops of initials."""
    return label if label.isupper() else " ".join(f"{word}." if len(word) == 1 else word for word in words(label))


#: Relations that tell whose somebody is.
_BELONGS = {
    str(KG[name])
    for name in (
        "negotiatorOf", "representativeOf", "headOf", "officialOf", "memberOf", "citizenOf", "partOf", "locatedIn"
    )
}  # fmt: skip


def _contexts(index: Index, types: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The states that each thing is said to belong to; the bodies, where it is said of none."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for claim, predicates in index.get(_PREDICATE, {}).items():
        if predicates[0].value in _BELONGS and _holds(index, claim):
            owners[index[_SUBJECT][claim][0].value].add(index[_OBJECT][claim][0].value)
    return {iri: tuple(sorted(_context(of, types, labels))) for iri, of in owners.items()}


def _holds(index: Index, claim: Node) -> bool:
    signs, moods = index[_POLARITY][claim], index[_MODALITY][claim]
    return bool(signs[0].value == str(KG[AFFIRMED]) and moods[0].value == str(KG[ACTUAL]))


def _context(owners: set[str], types: Mapping[str, str], labels: Mapping[str, str]) -> set[str]:
    states = {owner for owner in owners if types.get(owner) == "State"}
    return {context_of(owner, labels[owner]) for owner in states or owners if owner in labels}


# --------------------------------------------------------------------------------------------------------------- events


def _events(index: Index) -> dict[str, Telling]:
    """The events of a class, with all that is claimed of them, whether it is asserted or not."""
    classes: dict[str, str] = {}
    ahead: set[str] = set()
    classed: dict[str, Node] = {}
    said: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    prefix, type_ = str(KG), str(RDF.type)
    for claim, predicates in index.get(_PREDICATE, {}).items():
        subject, object_ = index[_SUBJECT][claim][0].value, index[_OBJECT][claim][0].value
        if predicates[0].value == type_:
            classes[subject] = object_.removeprefix(prefix)
            classed[subject] = claim
            if index[_MODALITY][claim][0].value == str(KG[PLANNED]):
                ahead.add(subject)
        else:
            said[subject].append((predicates[0].value.removeprefix(prefix), object_))
    times = {thing.value: _least(values) for thing, values in index.get(_TIMEX, {}).items()}
    return {
        event: _telling(class_, said[event], times, event in ahead, _sentence(index, classed[event]))
        for event, class_ in classes.items()
        if class_ not in (OPEN, "Stage")
    }


def _sentence(index: Index, claim: Node) -> str:
    """The sentence of a claim as a hash; empty for a short one, which many may say."""
    spans = index.get(_QUOTED, {}).get(claim, ())
    text = _least(index[_ANCHOR][spans[0]]) if spans and spans[0] in index.get(_ANCHOR, {}) else ""
    plain = re.findall(r"\w+", text.lower())
    return (
        hashlib.blake2b(" ".join(plain).encode("utf-8", "replace"), digest_size=6).hexdigest()
        if len(plain) >= _LONG
        else ""
    )


_QUOTED = node(str(PROV.wasQuotedFrom))
#: Words in a sentence that two do not write alike by chance.
_LONG = 8


def _telling(
    class_: str, said: Iterable[tuple[str, str]], times: Mapping[str, str], ahead: bool, sentence: str
) -> Telling:
    by_role: defaultdict[str, list[str]] = defaultdict(list)
    for role, filler in said:
        by_role[role].append(filler)
    return Telling(
        class_,
        tuple(sorted((role, filler) for role in by_role.keys() & _roles() for filler in by_role[role])),
        min((times.get(time, "") for time in by_role["time"]), default=""),
        min(by_role["ordinal"], default=""),
        ahead,
        sentence,
    )


@cache
def _roles() -> frozenset[str]:
    """All roles of events."""
    return frozenset().union(*load().schema.roles.values())


def _phrase(index: Index, iri: str, labels: Mapping[str, str]) -> str:
    """A phrase's words and quantities, as text."""
    phrase = ox.NamedNode(iri)
    found = (index.get(name, {}).get(phrase) for name in _QUANTITIES)
    counts = [_least(values) if values else None for values in found]
    return json.dumps([labels.get(iri, ""), *counts], ensure_ascii=False)


_QUANTITIES = tuple(node(str(KG[name])) for name in ("count", "least", "most", "unit", "population"))


def wording(event: str, role: str, phrase: str) -> str:
    """The IRI of a phrase among all articles: the same words in the same role of the same event."""
    words_, *counts = json.loads(phrase)
    told = json.dumps([event, role, *words(words_), *counts], ensure_ascii=False)
    return str(WORDING) + hashlib.sha256(told.encode()).hexdigest()[:16]
