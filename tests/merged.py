"""Generated corpora in a store, made once a session: to measure on what many articles are merged into.

read(300)               the corpus of 300 articles, and the store that holds it; nobody may write to that
stood(corpus)           its articles without those that were superseded
quads(store)            all that a store holds but the journal, which no two runs share
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from kg.namespaces import IDENTITY, JOURNAL, KG
from kg.record import Record
from kg.store import Store
from tests.corpus import Corpus, Telling, corpus

#: A thing of an article: the article's id, the thing's.
Thing = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """A corpus, and the store that holds it."""

    corpus: Corpus
    store: Store


@cache
def read(articles: int, seed: int = 0) -> Read:
    made = corpus(articles, seed)
    return Read(made, stored(telling.record for telling in made.tellings))


def stored(records: Iterable[Record]) -> Store:
    """A store in memory that holds records, which come in this order."""
    store = Store()
    for record in records:
        store.add(record)
    return store


def stood(made: Corpus) -> tuple[Telling, ...]:
    superseded = {telling.corrects for telling in made.tellings}
    return tuple(telling for telling in made.tellings if telling.record.id not in superseded)


def quads(store: Store) -> frozenset[str]:
    return frozenset(str(quad) for quad in store.quads() if str(quad.graph_name) != f"<{JOURNAL}>")


def told(store: Store) -> Mapping[str, str]:
    """The canonical IRI of each thing that has one."""
    return {thing: name for name, thing in store.pairs(str(KG.toldAs), IDENTITY)}


def named(made: Read) -> tuple[dict[Thing, str], dict[Thing, str]]:
    """The true actor of each entity, and what it goes by in the store."""
    names = told(made.store)
    true, found = {}, {}
    for telling in stood(made.corpus):
        for entity in telling.record.entities:
            thing = telling.record.id, entity.id
            true[thing], found[thing] = telling.entities[entity.id], names.get(entity.iri, entity.iri)
    return true, found


def happened(made: Read) -> tuple[dict[Thing, str], dict[Thing, str]]:
    """The true event of each event, and what it goes by in the store."""
    names = told(made.store)
    true, found = {}, {}
    for telling in stood(made.corpus):
        for event in telling.record.events:
            thing, iri = (telling.record.id, event.id), f"{telling.record.id}#{event.id}"
            true[thing], found[thing] = telling.events[event.id], names.get(iri, iri)
    return true, found
