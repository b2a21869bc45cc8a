"""Who is called what, over all articles: the search by any name, with suggestions as one types."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from anyascii import anyascii
from rdflib import RDFS, SKOS

from kg.forms import known
from kg.namespaces import IDENTITY, ITEM, KG, NAME, STRANGER
from kg.store import Store

#: An entity of an article, as against its events, phrases, claims and talks.
_ENTITY = re.compile(r"#e\d+$")
#: So many places of the line of names are looked at for the first letters of something.
_MOST_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called: by canonical IRI the fullest label, all names, and how many articles speak of it.
    `line` is each name from each of its words on, folded and sorted, with the thing: where a search begins."""

    labels: Mapping[str, str]
    spelt: Mapping[str, tuple[str, ...]]
    articles: Mapping[str, int]
    canonical: Mapping[str, str]
    line: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that a search found, by which of its names, and how many articles speak of it."""

    iri: str
    name: str
    by: str
    articles: int


def read_names(store: Store) -> Names:
    """The names of all entities that articles speak of."""
    canonical = {thing: name for name, thing in store.pairs(str(KG.toldAs), IDENTITY) if is_entity(thing)}
    labels: dict[str, str] = {}
    spelt: defaultdict[str, set[str]] = defaultdict(set)
    articles: Counter[str] = Counter()
    for _, thing, label in store.rows(str(RDFS.label)):
        if is_entity(thing):
            iri = canonical.get(thing, thing)
            articles[iri] += 1
            spelt[iri].add(label)
            labels[iri] = max(label, labels.get(iri, ""), key=lambda text: (len(text), text))
    for _, thing, label in store.rows(str(SKOS.altLabel)):
        if is_entity(thing):
            spelt[canonical.get(thing, thing)].add(label)
    for iri, form in known().items():
        if iri in spelt:
            spelt[iri].update(form.names)
    line = sorted({(part, iri) for iri, names in spelt.items() for name in names for part in _parts(name)})
    return Names(labels, {iri: tuple(sorted(some)) for iri, some in spelt.items()}, articles, canonical, tuple(line))


def is_entity(thing: str) -> bool:
    """Whether an IRI is that of a person, a state, a place …, and not of an event, a phrase or a claim."""
    return thing.startswith((NAME, ITEM, STRANGER)) or _ENTITY.search(thing) is not None


def fold(text: str) -> str:
    """A name without accents, capitals and marks."""
    return " ".join(re.findall(r"[a-z0-9]+", anyascii(text).lower().replace("'", "")))


def _parts(name: str) -> Iterator[str]:
    """A folded name from each of its words on."""
    words = fold(name).split()
    return (" ".join(words[start:]) for start in range(len(words)))


def search(names: Names, text: str, most: int = 10) -> tuple[Hit, ...]:
    """What has a name with these words, the last of which may be its beginning only; most spoken of first."""
    wanted = fold(text)
    if not wanted:
        return ()
    found = sorted(set(_beginning(names.line, wanted)), key=lambda iri: _rank(names, iri, wanted))
    return tuple(_hit(names, iri, wanted) for iri in found[:most])


def exactly(names: Names, text: str) -> str:
    """What has this very name, the most spoken of if several have; empty if nothing has."""
    wanted = fold(text)
    first = next(iter(search(names, text, 1)), None)
    return first.iri if first and any(fold(name) == wanted for name in names.spelt[first.iri]) else ""


def _beginning(line: tuple[tuple[str, str], ...], wanted: str) -> Iterator[str]:
    start = bisect_left(line, (wanted, ""))
    for part, iri in line[start : start + _MOST_LOOKED_AT]:
        if not part.startswith(wanted):
            return
        yield iri


def _rank(names: Names, iri: str, wanted: str) -> tuple[bool, int, str]:
    """Who is called exactly so comes first, then who is spoken of most."""
    exact = any(fold(name) == wanted for name in names.spelt[iri])
    return not exact, -names.articles[iri], iri


def _hit(names: Names, iri: str, wanted: str) -> Hit:
    label = names.labels[iri]
    by = label if _has(label, wanted) else next((name for name in names.spelt[iri] if _has(name, wanted)), label)
    return Hit(iri, label, "" if by == label else by, names.articles[iri])


def _has(name: str, wanted: str) -> bool:
    return any(part.startswith(wanted) for part in _parts(name))


def called(names: Names, things: Iterable[str]) -> str:
    """What the first of some IRIs that has a name is called; empty if none has."""
    return next((names.labels[iri] for iri in things if iri in names.labels), "")
