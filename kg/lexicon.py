"""The ontology as the extractor reads it: frames, cues, syntax, names and the tree of classes, as plain values.

`ontology/lexicon/*.ttl` and `ontology/names/*.ttl` are data for domain experts; this module turns them into
frozen values with lookup tables. It knows no language and no parser.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, RDFS, SKOS

from kg import ontology
from kg.errors import OntologyError
from kg.namespaces import KG, NAME, WD
from kg.record import OPEN

LEX = "https://kg.example/lexicon#"
#: The ends of a relation that a frame names: roles of no event.
ENDS = ("first", "second")
_TYPE, _FIRST, _REST, _NIL = (str(RDF[name]) for name in ("type", "first", "rest", "nil"))
_DESCRIBES = {LEX + name for name in ("example", "counterexample", "gloss")} | {str(SKOS.example), str(RDFS.comment)}
_PROPERTIES = frozenset(
    [
        "lemma",
        "class",
        "relation",
        "office",
        "defaultOf",
        "makes",
        "denies",
        "reports",
        "voiced",
        "standing",
        "support",
        "needs",
        "content",
        "effect",
        "thing",
        "event",
        "actor",
        "body",
        "meeting",
        "weapon",
        "place",
        "free",
        "strict",
        "like",
        "word",
        "whenNegated",
        "modality",
    ]
)

Node = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a word evokes: `arguments` pairs a syntactic function with the role that its filler plays.

    `needs` must be filled; fillers of `things` may be no event, those of `events` must be one, those of `actors` must
    name an actor, those of `bodies` a state or a body, but no person, those of `meetings` talks or the like, those of
    `places` a place, those of `weapons` a weapon, those of `free` may be anything, whatever the role's range; where
    something unfit stands in a function of `strict`, the word has another sense ("fought the flood").
    `makes` and `denies` say what becomes of the propositions inside the functions
    of `content` (their modality, their polarity); `modality` what the word always says of its own event
    ("near-agreement"); `reports` that these are the subject's words; `voiced` that it counts in somebody's words only,
    who is then its agent; `standing` that its relation holds while it is only planned or desired.
    """

    entry: str
    kind: str
    words: tuple[str, ...]
    class_: str | None = None
    when_negated: str | None = None
    relation: str | None = None
    office: str | None = None
    default_of: str | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    needs: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    meetings: frozenset[str] = frozenset()
    weapons: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    strict: frozenset[str] = frozenset()
    content: frozenset[str] = frozenset()
    makes: str | None = None
    modality: str | None = None
    denies: bool = False
    reports: bool = False
    voiced: bool = False
    standing: bool = False
    support: bool = False
    #: Functions in the order in which they are filled, those that are needed first, with the roles that each may give.
    functions: tuple[tuple[str, tuple[str, ...]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {*(function for function, _ in self.arguments), *self.content}
        order = (*sorted(self.needs), *sorted(known - self.needs))
        roles = (tuple(role for name, role in self.arguments if name == function) for function in order)
        object.__setattr__(self, "functions", tuple(zip(order, roles, strict=True)))

    @property
    def typed(self) -> bool:
        """Whether the word names an event of a class that the ontology tells apart from others."""
        return self.class_ not in {None, OPEN}


@dataclass(frozen=True, slots=True)
class Name:
    """An entry of the gazetteer; `at` is where it lies, latitude and longitude in degrees (WGS84), if anybody said."""

    iri: str
    type: str
    label: str
    wikidata: str | None
    parent: str | None
    at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """That a person holds an office: dates as ISO text, open ends None."""

    person: str
    office: str
    relation: str
    of: str
    start: str | None
    end: str | None

    def covers(self, day: str | None) -> bool:
        """Whether the office was held on a day; of an unknown day nothing is ruled out."""
        if day is None:
            return True
        began = self.start is None or self.start[: len(day)] <= day
        return began and (self.end is None or day[: len(self.end)] <= self.end)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by IRI, and what may stand for them in a text, each form as a tuple of lower-case words."""

    names: Mapping[str, Name]
    labels: Mapping[str, tuple[str, ...]]
    demonyms: Mapping[str, tuple[str, ...]]
    seats: Mapping[str, str]
    capitals: Mapping[str, str]
    short: Mapping[str, tuple[str, ...]]
    tenures: Mapping[str, tuple[Tenure, ...]]


@dataclass(frozen=True, slots=True)
class Schema:
    """The tree of classes, their PLOVER codes, and the range of each role, from kg.ttl (local names).

    `modes` tells what a code becomes with a polarity or a modality: (CONSULT, planned) → AGREE; `strengths` how far a
    modality commits to what it qualifies, from 0 to 3.
    """

    parents: Mapping[str, frozenset[str]]
    plover: Mapping[str, str]
    modes: Mapping[tuple[str, str], str]
    ranges: Mapping[str, frozenset[str]]
    domains: Mapping[str, frozenset[str]]
    roles: Mapping[str, frozenset[str]]
    strengths: Mapping[str, float]

    def code(self, name: str, polarity: str, modality: str) -> str | None:
        """The PLOVER code of an event of a class: of what is done, or of announcing it, or of not doing it."""
        code = self.plover.get(name)
        return None if code is None else self.modes.get((code, polarity), self.modes.get((code, modality), code))

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether a class is another or lies below it."""
        return ancestor in self.parents.get(name, frozenset((name,)))

    def fits(self, name: str, property_: str) -> bool:
        """Whether something of a class may be the object of a property."""
        return self._within(name, self.ranges.get(property_, frozenset()))

    def may_have(self, name: str, property_: str) -> bool:
        """Whether something of a class may be the subject of a property."""
        return self._within(name, self.domains.get(property_, frozenset()))

    def _within(self, name: str, classes: frozenset[str]) -> bool:
        return not classes or "Thing" in classes or any(self.is_a(name, one) for one in classes)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the extractor looks up; `offices` are the head words of offices."""

    frames: Mapping[tuple[str, str], tuple[Frame, ...]]
    words: Mapping[str, frozenset[str]]
    effects: Mapping[str, Mapping[str, str]]
    paths: Mapping[str, Mapping[str, tuple[str, ...]]]
    gazetteer: Gazetteer
    schema: Schema
    offices: frozenset[str]
    entries: tuple[Frame, ...] = field(repr=False, default=())

    def names_event(self, noun: str) -> bool:
        """Whether a noun names an event of a class: a ceasefire, an offensive."""
        return any(frame.typed for frame in self.frames.get(("Noun", noun), ()) if len(frame.words) == 1)


def nodes(files: Iterable[Path]) -> dict[str, Node]:
    """Subjects of some Turtle files with their values by property.

    Raises OntologyError naming file and line where one is not Turtle, or file and entry where two define the same.
    """
    found: dict[str, Node] = defaultdict(lambda: defaultdict(list))
    home: dict[str, Path] = {}
    for file in files:
        try:
            for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE):
                subject, predicate = _text(quad.subject), quad.predicate.value
                found[subject][predicate].append(_text(quad.object))
                if predicate == _TYPE and home.setdefault(subject, file) != file:
                    raise OntologyError(
                        f"{file}: {local(subject)} is defined in {home[subject].name} already: rename one"
                    )
        except (SyntaxError, ValueError) as error:
            raise OntologyError(f"{file}: not Turtle: {error}; mend the entry at that line") from error
    return found


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _one(node: Node, *properties: str) -> str | None:
    return next((node[name][0] for name in properties if node.get(name)), None)


def local(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _local(iri: str | None) -> str | None:
    return local(iri) if iri else None


def _sequence(all_nodes: Mapping[str, Node], head: str) -> Iterator[str]:
    while head != _NIL:
        yield all_nodes[head][_FIRST][0]
        head = all_nodes[head][_REST][0]


# ── frames ────────────────────────────────────────────────────────────────────────────────────────────────────────


def frames_of(entry: str, all_nodes: Mapping[str, Node]) -> Iterator[Frame]:
    """One frame for each lemma of an entry; what it does not say itself is as in the pattern that it is `lex:like`."""
    node = all_nodes[entry]
    kind = _local(_one(node, _TYPE)) or ""
    for pattern in node.get(LEX + "like", ()):
        if pattern not in all_nodes:
            raise OntologyError(f"lexicon entry {local(entry)}: lex:like names {local(pattern)}, which no file defines")
        node = {**all_nodes[pattern], **node}
    own = {local(name): values for name, values in node.items() if name.startswith(LEX) and name not in _DESCRIBES}
    arguments = sorted((name, local(role)) for name, roles in own.items() if name not in _PROPERTIES for role in roles)
    for lemma in own.get("lemma", ()):
        yield Frame(
            entry=local(entry),
            kind=kind,
            words=tuple(lemma.split()),
            class_=_local(_one(own, "class")),
            when_negated=_local(_one(own, "whenNegated")),
            relation=_local(_one(own, "relation")),
            office=_local(_one(own, "office")),
            default_of=_one(own, "defaultOf"),
            arguments=tuple(arguments),
            needs=frozenset(map(local, own.get("needs", ()))),
            things=frozenset(map(local, own.get("thing", ()))),
            events=frozenset(map(local, own.get("event", ()))),
            actors=frozenset(map(local, own.get("actor", ()))),
            bodies=frozenset(map(local, own.get("body", ()))),
            meetings=frozenset(map(local, own.get("meeting", ()))),
            weapons=frozenset(map(local, own.get("weapon", ()))),
            places=frozenset(map(local, own.get("place", ()))),
            free=frozenset(map(local, own.get("free", ()))),
            strict=frozenset(map(local, own.get("strict", ()))),
            content=frozenset(map(local, own.get("content", ()))),
            makes=_local(_one(own, "makes")),
            modality=_local(_one(own, "modality")),
            denies=own.get("denies") == ["true"],
            reports=own.get("reports") == ["true"],
            voiced=own.get("voiced") == ["true"],
            standing=own.get("standing") == ["true"],
            support=own.get("support") == ["true"],
        )


def _index(frames: Iterable[Frame]) -> dict[tuple[str, str], tuple[Frame, ...]]:
    """Frames by kind and head word (the first of a verb's words, the last of others'), the longest first."""
    index: dict[tuple[str, str], list[Frame]] = defaultdict(list)
    for frame in frames:
        head = frame.words[0] if frame.kind in {"Verb", "Adjective"} else frame.words[-1]
        index[frame.kind, head].append(frame)
    return {key: tuple(sorted(found, key=_rank)) for key, found in index.items()}


def _opened(frame: Frame, opens: Sequence[Frame], events: Set[str], raising: Set[str]) -> Iterator[Frame]:
    """A word that only governs ("hope", "plan") is a proposition too, though of no class: who hopes what. A noun is one
    if it names an event ("effort", not "road"). So is a verb that states a relation, besides."""
    first = next(iter(opens), None)
    if first and frame.relation and not frame.class_ and frame.kind == "Verb":
        arguments = (*frame.arguments, *first.arguments)
        free = frame.free | (first.free - {function for function, _ in frame.arguments})
        yield replace(frame, class_=first.class_, arguments=arguments, free=free)
        return
    governs = not (frame.class_ or frame.relation or frame.support or frame.arguments)
    if governs and (frame.kind != "Noun" or frame.words[-1] in events) and frame.words[0] not in raising:
        for one in opens:
            yield replace(
                frame, class_=one.class_, arguments=one.arguments, free=one.free, needs=frame.needs | one.needs
            )
    yield frame


def _rank(frame: Frame) -> tuple[int, bool, int, bool, str]:
    tells = frame.typed or bool(frame.relation)
    return (-len(frame.words), not tells, -len(frame.needs), frame.class_ is None, frame.entry)


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────


_LATITUDE, _LONGITUDE = (f"http://www.w3.org/2003/01/geo/wgs84_pos#{name}" for name in ("lat", "long"))


def _gazetteer(all_nodes: Mapping[str, Node]) -> Gazetteer:
    kg = {
        name: str(KG[name]) for name in ("demonym", "seatOfGovernment", "capital", "shortName", "locatedIn", "partOf")
    }
    names: dict[str, Name] = {}
    labels: dict[str, tuple[str, ...]] = {}
    demonyms: dict[str, tuple[str, ...]] = {}
    seats: dict[str, str] = {}
    capitals: dict[str, str] = {}
    short: dict[str, tuple[str, ...]] = {}
    for iri, node in sorted(all_nodes.items()):
        if not iri.startswith(str(NAME)) or not node.get(str(SKOS.prefLabel)):
            continue
        label = node[str(SKOS.prefLabel)][0]
        wikidata = next((local(x) for x in node.get(str(SKOS.exactMatch), ()) if x.startswith(str(WD))), None)
        lies = node.get(_LATITUDE), node.get(_LONGITUDE)
        at = (float(lies[0][0]), float(lies[1][0])) if lies[0] and lies[1] else None
        names[iri] = Name(iri, local(node[_TYPE][0]), label, wikidata, _one(node, kg["locatedIn"], kg["partOf"]), at)
        labels[iri] = (label, *node.get(str(SKOS.altLabel), ()))
        demonyms[iri] = tuple(node.get(kg["demonym"], ()))
        short[iri] = tuple(node.get(kg["shortName"], ()))
        seats |= dict.fromkeys(node.get(kg["seatOfGovernment"], ()), iri)
        capitals |= dict.fromkeys(node.get(kg["capital"], ()), iri)
    return Gazetteer(names, labels, demonyms, seats, capitals, short, _tenures(all_nodes))


def _tenures(all_nodes: Mapping[str, Node]) -> dict[str, tuple[Tenure, ...]]:
    found: dict[str, list[Tenure]] = defaultdict(list)
    for _, node in sorted(all_nodes.items()):
        if str(KG.Tenure) not in node.get(_TYPE, ()):
            continue
        person, office, relation, of = (_one(node, str(KG[name])) for name in ("person", "office", "relation", "of"))
        if person and office and relation and of:
            dates = (_one(node, str(KG[name])) for name in ("from", "until"))
            found[person].append(Tenure(person, office, local(relation), of, *dates))
    return {person: tuple(tenures) for person, tenures in found.items()}


# ── classes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _schema(all_nodes: Mapping[str, Node]) -> Schema:
    direct = {local(iri): {local(up) for up in node.get(str(RDFS.subClassOf), ()) if up.startswith(str(KG))}
              for iri, node in all_nodes.items() if iri.startswith(str(KG))}  # fmt: skip
    parents = {name: frozenset(_closure(name, direct)) for name in direct}
    plover = {local(iri): local(node[str(KG.plover)][0]) for iri, node in all_nodes.items() if node.get(str(KG.plover))}
    ranges, domains = (
        {local(iri): frozenset(map(local, node[str(end)])) for iri, node in all_nodes.items() if node.get(str(end))}
        for end in (RDFS.range, RDFS.domain)
    )
    own = {local(iri): set(map(local, node.get(str(KG.role), ()))) for iri, node in all_nodes.items()}
    roles = {name: frozenset(role for up in ups for role in own.get(up, ())) for name, ups in parents.items()}
    codes = {name: next((plover[up] for up in _upward(name, direct) if up in plover), None) for name in direct}
    modes = {
        (local(iri), sign): local(node[str(becomes)][0])
        for becomes, sign in (
            (KG.whenPlanned, "planned"), (KG.whenPossible, "possible"), (KG.whenConditional, "conditional"),
            (KG.whenNegated, "negated"),
        )
        for iri, node in all_nodes.items() if node.get(str(becomes))
    }  # fmt: skip
    coded = {name: code for name, code in codes.items() if code}
    strengths = {
        local(iri): float(node[str(KG.strength)][0]) for iri, node in all_nodes.items() if node.get(str(KG.strength))
    }
    return Schema(parents, coded, modes, ranges, domains, roles, strengths)


def _closure(name: str, direct: Mapping[str, set[str]]) -> set[str]:
    return {name}.union(*(_closure(up, direct) for up in direct.get(name, ())))


def _upward(name: str, direct: Mapping[str, set[str]]) -> Iterator[str]:
    """A class, then its ancestors, the nearest first."""
    yield name
    for up in sorted(direct.get(name, ())):
        yield from _upward(up, direct)


# ── all ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def schema() -> Schema:
    """The classes of the ontology. Raises OntologyError where its file is missing or wrong."""
    return _schema(nodes([ontology.path("kg.ttl")]))


@cache
def definitions(namespace: str) -> Mapping[str, str]:
    """What each term of a namespace means, by its local name, in the words of kg.ttl."""
    found = nodes([ontology.path("kg.ttl")])
    told = ((iri, node.get(str(SKOS.definition))) for iri, node in sorted(found.items()) if iri.startswith(namespace))
    return {local(iri): words[0] for iri, words in told if words}


@cache
def load(language: str = "en") -> Lexicon:
    """The lexicon of a language with names and classes. Raises OntologyError where a file is missing or wrong."""
    words = nodes(sorted(ontology.path("lexicon").glob(f"{language}*.ttl")))
    entries = tuple(
        frame for entry, node in sorted(words.items()) if LEX + "lemma" in node for frame in frames_of(entry, words)
    )
    lists: dict[str, set[str]] = defaultdict(set)
    effects: dict[str, dict[str, str]] = defaultdict(dict)
    for entry, node in sorted(words.items()):
        kind = _local(_one(node, _TYPE)) or ""
        lists[local(entry)].update(node.get(LEX + "word", ()))
        for effect in node.get(LEX + "effect", ()):
            effects[kind] |= {word: local(effect) for word in node.get(LEX + "word", ())}
    opens: dict[str, list[Frame]] = defaultdict(list)
    for frame in entries:
        if frame.kind == OPEN:
            opens[frame.words[0]].append(frame)
    entries = tuple(
        opened
        for frame in entries
        for opened in _opened(frame, opens.get(frame.kind.lower(), ()), lists["event-nouns"], lists["raising"])
    )
    return Lexicon(
        frames=_index(entries),
        words={name: frozenset(found) for name, found in lists.items() if found},
        effects=effects,
        paths=_paths(words),
        gazetteer=_gazetteer(nodes(sorted(ontology.path("names").glob("*.ttl")))),
        offices=frozenset(frame.words[0 if "of" in frame.words else -1] for frame in entries if frame.kind == "Office"),
        schema=schema(),
        entries=entries,
    )


def _paths(all_nodes: Mapping[str, Node]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Function → voice → paths, from the entries of type lex:Function."""
    return {
        local(iri): {local(voice): tuple(_sequence(all_nodes, heads[0]))
                     for voice, heads in node.items() if voice.startswith(LEX)}
        for iri, node in all_nodes.items() if LEX + "Function" in node.get(_TYPE, ())
    }  # fmt: skip
