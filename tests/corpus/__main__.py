"""How well entities are told apart and together on the generated corpus: `python -m tests.corpus [ARTICLES] [SEED]`."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from itertools import combinations

from kg.resolve import forms, identities
from kg.store import Store
from tests.corpus import Corpus, b_cubed, corpus

#: An entity of an article: the article's id, the entity's.
Named = tuple[str, str]


def clusters(made: Corpus) -> dict[Named, str]:
    """The canonical form that `kg.resolve` finds for each entity; those without a form are left out."""
    with Store() as store:
        for telling in made.tellings:
            store.add(telling.record)
        named, found = forms(store), identities(store)
    return {
        (telling.record.id, entity.id): found.canonical[named[entity.iri].iri]
        for telling in made.tellings
        for entity in telling.record.entities
        if entity.iri in named
    }


def gold(made: Corpus) -> dict[Named, str]:
    """The true actor of each entity."""
    return {
        (telling.record.id, entity): actor for telling in made.tellings for entity, actor in telling.entities.items()
    }


def report(made: Corpus) -> Iterator[str]:
    """B-cubed over all entities and by kind, how many planted doubles were merged, what was merged, what split."""
    true, found = gold(made), clusters(made)
    names = {(one.record.id, entity.id): entity.name for one in made.tellings for entity in one.record.entities}
    yield _line("all", true, found)
    kinds = {actor: "known" if actor.startswith("http") else actor.split("/")[0] for actor in true.values()}
    for kind in sorted(set(kinds.values())):
        yield _line(kind, {named: actor for named, actor in true.items() if kinds[actor] == kind}, found)
    merged: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for named, form in found.items():
        merged[form][true[named]].add(names[named])
    yield from _planted(made, {frozenset(pair) for actors in merged.values() for pair in combinations(actors, 2)})
    for form, actors in sorted(merged.items()):
        if len(actors) > 1:
            told = "; ".join(f"{actor}: {', '.join(sorted(spelt))}" for actor, spelt in sorted(actors.items()))
            yield f"wrongly merged in {form}: {told}"

    split: defaultdict[str, set[str]] = defaultdict(set)
    for named, form in found.items():
        split[true[named]].add(form)
    for actor, forms_ in sorted(split.items(), key=lambda item: (-len(item[1]), item[0]))[:10]:
        if len(forms_) > 1:
            told = ", ".join(sorted(form.rpartition("/form/")[2] for form in forms_))
            yield f"split in {len(forms_)}: {actor}: {told}"


def _planted(made: Corpus, merged: Set[frozenset[str]]) -> Iterator[str]:
    """Of each kind of double, how many both came up and how many of these were merged."""
    seen = {actor for telling in made.tellings for actor in telling.entities.values()}
    came = [(why, frozenset(pair)) for why, *pair in made.truth.apart if seen.issuperset(pair)]
    for why in sorted({why for why, _ in came}):
        pairs = [pair for kind, pair in came if kind == why]
        yield f"{why}: {sum(pair in merged for pair in pairs)} of {len(pairs)} merged"


def _line(kind: str, true: Mapping[Named, str], found: Mapping[Named, str]) -> str:
    precision, recall, both = b_cubed(true, found)
    return f"{kind:9} {len(true):6} entities   P {precision:.3f}   R {recall:.3f}   F1 {both:.3f}"


if __name__ == "__main__":
    print(*report(corpus(*map(int, sys.argv[1:] or ["300"]))), sep="\n")
