"""Who is who over all articles of a store: what the machine finds, what people decide, and why.

What people decide is kept in a named graph of its own. It speaks of forms of names (`kg.forms`), not of articles, so it
holds for articles that come later, and for one that is read again. All that follows from it is derived (`kg.derive`):
taking a decision back leaves no trace.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from rdflib import RDFS, SKOS

from kg.clusters import Judgement, Pair, Verdict
from kg.errors import QueryError
from kg.forms import Form, known, near, words
from kg.identity import Identities, resolve
from kg.namespaces import FORM, INDEX, KG
from kg.query import mentioned
from kg.store import Store

# -------------------------------------------------------------------------------------------------------------- forms


def forms(store: Store) -> dict[str, Form]:
    """The form of each entity that an article names: by IRI; a name of the gazetteer, all its names."""
    says = {iri: line for iri, line in store.pairs(str(KG.says), INDEX) if iri.startswith(str(FORM))}
    found = {thing: Form.from_json(says[form]) for thing, form in store.pairs(str(KG.form), INDEX) if form in says}
    mentioned = {thing for _, _, thing in store.rows(str(KG.mentions))}
    return found | {iri: known()[iri] for iri in sorted(mentioned & known().keys())}


def identities(store: Store) -> Identities:
    """What belongs together among all that the articles name, and what the gazetteer knows that might be meant."""
    named, decided = set(forms(store).values()), store.decisions()
    spoken = {known()[iri] for item in decided for iri in (item.left, item.right) if iri in known()}
    return resolve(named | {one for form in named for one in near(form)} | spoken, decided)


# ------------------------------------------------------------------------------------------------------ what is decided


def decided(left: str, right: str, verdict: Verdict, judge: str) -> Judgement:
    """What a person says of two forms."""
    left, right = sorted((left, right))
    return Judgement(left, right, verdict, float(verdict is Verdict.SAME), (), judge)


def decide(store: Store, new: Iterable[Judgement]) -> None:
    """Writes what a person decides, all or none; a pair that was decided before is decided anew.

    Raises QueryError where decisions contradict each other: the same, be it by way of others, and yet different.
    """
    said = {(item.left, item.right): item for item in store.decisions()}
    said |= _by_pair(new)
    consistent({pair: item.verdict for pair, item in said.items()})
    store.decide(said.values())


def _by_pair(new: Iterable[Judgement]) -> dict[Pair, Judgement]:
    found: dict[Pair, Judgement] = {}
    for item in new:
        pair = item.left, item.right
        if found.setdefault(pair, item).verdict is not item.verdict:
            raise QueryError(f"{item.left} and {item.right} are decided to be the same, and to be different: keep one")
    return found


def undo(store: Store, left: str, right: str) -> bool:
    """Takes a decision back; False if there is none."""
    pair, said = sorted((left, right)), store.decisions()
    rest = [item for item in said if [item.left, item.right] != pair]
    if len(rest) < len(said):
        store.decide(rest)
    return len(rest) < len(said)


def consistent(verdicts: Mapping[Pair, Verdict]) -> None:
    """Raises QueryError for a pair that is decided to be different and, by way of others, the same."""
    same: defaultdict[str, set[str]] = defaultdict(set)
    for (left, right), verdict in sorted(verdicts.items()):
        if verdict is Verdict.SAME:
            joined = {left, right} | same[left] | same[right]
            for iri in joined:
                same[iri] = joined
    for (left, right), verdict in sorted(verdicts.items()):
        if verdict is Verdict.DIFFERENT and right in same.get(left, ()):
            way = ", ".join(sorted(same[left]))
            raise QueryError(
                f"{left} and {right} would be different, and yet one by way of: {way}; take one of these back: "
                "kg resolve --undo A B"
            )


def acquainted(store: Store, one: str, two: str) -> tuple[str, ...]:
    """The events by which two things of articles are known to be one, though the name of one does not tell who it is;
    by canonical IRI. None, if that is not how they are known."""
    if two not in store.aliases(one):
        return ()
    met = (form for thing, form in store.pairs(str(KG.met), INDEX) if thing in (one, two))
    names = dict(store.pairs(str(KG.canonical), INDEX))
    return tuple(sorted({names.get(form, form) for form in met}))


# ------------------------------------------------------------------------------------------------------------ by name


def find(store: Store, found: Identities, name: str) -> str:
    """The form that somebody means: by its IRI, that of an entity of an article, or the name as an article writes it.

    Raises QueryError where nothing or several are called so.
    """
    of = forms(store)
    iri = of[name].iri if name in of else name
    if iri in found.canonical:
        return iri
    written = ((iri, label) for name in (RDFS.label, SKOS.altLabel) for _, iri, label in store.rows(str(name)))
    called = {of[iri].iri for iri, label in written if iri in of and words(label) == words(name)}
    called = called or {form.iri for form in found.forms.values() if words(name) in map(words, form.names)}
    called = called or {of[thing].iri for thing in mentioned(store, name) if thing in of}
    if not called:
        raise QueryError(f"{name!r} is the name of nothing here: give it as an article spells it, or an IRI")
    one = {found.canonical[iri] for iri in called}
    if len(one) == 1:
        return min(called, key=lambda iri: (iri not in one, iri))
    if len(called) > 1:
        raise QueryError(f"{name!r} may mean {len(called)}: give one of {', '.join(sorted(called))}")
    return called.pop()


def read_decisions(path: Path, store: Store, found: Identities, judge: str) -> tuple[Judgement, ...]:
    """The decisions of a CSV file with the columns verdict (yes, no or empty), left and right, as `kg resolve --format
    csv` prints it. Raises QueryError naming the line where one cannot be read; then none is taken."""
    answers = {"yes": Verdict.SAME, "same": Verdict.SAME, "no": Verdict.DIFFERENT, "different": Verdict.DIFFERENT}
    taken = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"verdict", "left", "right"} <= set(rows.fieldnames or ()):
                raise QueryError(f"{path}: the first line must name the columns verdict, left and right")
            for row in rows:
                answer = (row["verdict"] or "").strip().lower()
                pair = row["left"] or "", row["right"] or ""
                if answer in answers:
                    taken.append(decision(store, found, answers[answer], pair, judge))
                elif answer:
                    raise QueryError(f"verdict {answer!r}: write yes, no, or nothing to leave it open")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QueryError(f"{path}: cannot be read as CSV: {error}") from error
    except QueryError as error:
        raise QueryError(f"{path}, line {rows.line_num}: {error}") from error
    return tuple(taken)


def decision(store: Store, found: Identities, verdict: Verdict, pair: tuple[str, str], judge: str) -> Judgement:
    """What a person says of two names."""
    left, right = sorted(find(store, found, name) for name in pair)
    if left == right:
        raise QueryError(f"{pair[0]!r} and {pair[1]!r} are one form of a name: {left}")
    if {left, right} <= known().keys() and verdict is Verdict.SAME:
        raise QueryError(f"{left} and {right} are two names of the gazetteer: make them one in ontology/names")
    return decided(left, right, verdict, judge)
