"""Who is who over all articles of a store: what the machine finds, what people decide, and why.

What people decide is kept in a named graph of its own. It speaks of forms of names (`kg.identity`), not of articles, so
it holds for articles that come later, and for one that is read again. What follows from it is never stored: taking a
decision back leaves no trace.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, SKOS

from kg.errors import QueryError
from kg.graph import A, Statement, kg_term, node, text
from kg.identity import Form, Identities, Judgement, Verdict, context_of, family, known, nearby, resolve, words
from kg.namespaces import JUDGEMENT, JUDGEMENTS, KG, NAME
from kg.record import ACTUAL, AFFIRMED
from kg.store import Store

#: Of what a relation says that somebody belongs to it.
_BELONGS = ("negotiatorOf", "representativeOf", "headOf", "officialOf", "memberOf", "citizenOf", "partOf", "locatedIn")


# -------------------------------------------------------------------------------------------------------------- forms


def forms(store: Store) -> dict[str, Form]:
    """The form of each entity that an article names: by IRI; a name of the gazetteer, all its names."""
    named = _named(store)
    types, labels = _types(store), _labels(store)
    contexts = _contexts(store, types, labels)
    found = {}
    for iri in sorted(named):
        if iri in known():
            found[iri] = known()[iri]
        elif family(types.get(iri, "")) and not iri.startswith(str(NAME)):
            found[iri] = Form(types[iri], (_plain(labels[iri]),), contexts.get(iri, ()))
    return found


def _plain(label: str) -> str:
    """A name as it is compared: capitals alone are kept, for they may be initials."""
    return label if label.isupper() else " ".join(words(label))


def _named(store: Store) -> set[str]:
    """The entities with a mention by name: "the governor" is nobody that another article could mean too."""
    kinds = {(article, span) for article, span, kind in store.rows(str(KG.mentionKind)) if kind == "name"}
    return {thing for article, span, thing in store.rows(str(KG.mentions)) if (article, span) in kinds}


def _types(store: Store) -> dict[str, str]:
    prefix = str(KG)
    rows = sorted((iri, kind) for _, iri, kind in store.rows(str(RDF.type)) if kind.startswith(prefix))
    return {iri: kind.removeprefix(prefix) for iri, kind in rows}


def _labels(store: Store) -> dict[str, str]:
    return dict(sorted((iri, label) for _, iri, label in store.rows(str(RDFS.label))))


def _contexts(store: Store, types: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The states that each entity is said to belong to; the bodies, where it is said of none."""
    subjects = {claim: thing for _, claim, thing in store.rows(str(RDF.subject))}
    objects = {claim: thing for _, claim, thing in store.rows(str(RDF.object))}
    holds = {claim for _, claim, sign in store.rows(str(KG.polarity)) if sign == str(KG[AFFIRMED])}
    holds &= {claim for _, claim, mode in store.rows(str(KG.modality)) if mode == str(KG[ACTUAL])}
    wanted = {str(KG[name]) for name in _BELONGS}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for _, claim, predicate in store.rows(str(RDF.predicate)):
        if predicate in wanted and claim in holds:
            found[subjects[claim]].add(objects[claim])
    return {iri: tuple(sorted(_context(owners, types, labels))) for iri, owners in found.items()}


def _context(owners: set[str], types: Mapping[str, str], labels: Mapping[str, str]) -> set[str]:
    states = {owner for owner in owners if types.get(owner) == "State"}
    return {context_of(owner, labels[owner]) for owner in states or owners if owner in labels}


def identities(store: Store) -> Identities:
    """What belongs together among all that the articles name, and what the gazetteer knows that might be meant."""
    named, decided = set(forms(store).values()), decisions(store)
    spoken = {known()[iri] for item in decided for iri in (item.left, item.right) if iri in known()}
    return resolve(named | nearby(named) | spoken, decided)


# ------------------------------------------------------------------------------------------------------ what is decided


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of two forms, by IRI in order."""

    left: str
    right: str
    verdict: Verdict
    judge: str

    @property
    def iri(self) -> str:
        return str(JUDGEMENT) + hashlib.sha256(f"{self.left} {self.right}".encode()).hexdigest()[:16]


def decisions(store: Store) -> tuple[Judgement, ...]:
    """What people decided, by pair."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for name, property_, value in store.held(JUDGEMENTS):
        values[name][property_.removeprefix(str(KG))] = value
    found = [_decided(value) for value in values.values() if {"left", "right", "verdict", "judge"} <= value.keys()]
    return tuple(sorted(found, key=lambda item: (item.left, item.right)))


def _decided(value: Mapping[str, str]) -> Judgement:
    verdict = Verdict(value["verdict"].removeprefix(str(KG)))
    probability = float(verdict is Verdict.SAME)
    return Judgement(value["left"], value["right"], verdict, probability, (), value["judge"])


def decide(store: Store, new: Iterable[Decision]) -> None:
    """Writes what a person decides, all or none; a pair that was decided before is decided anew.

    Raises QueryError where decisions contradict each other: the same by way of others, and yet different.
    """
    old = {(item.left, item.right): item for item in decisions(store)}
    fresh = {(item.left, item.right): item for item in new}
    _consistent(
        {pair: item.verdict for pair, item in old.items()} | {pair: item.verdict for pair, item in fresh.items()}
    )
    drop = [triple for pair in fresh.keys() & old.keys() for triple in _triples(old[pair])]
    store.put(JUDGEMENTS, [triple for item in fresh.values() for triple in _triples(item)], drop)


def undo(store: Store, left: str, right: str) -> bool:
    """Takes a decision back; False if there is none."""
    pair = tuple(sorted((left, right)))
    found = [item for item in decisions(store) if (item.left, item.right) == pair]
    store.put(JUDGEMENTS, drop=[triple for item in found for triple in _triples(item)])
    return bool(found)


def _triples(item: Decision | Judgement) -> tuple[Statement, ...]:
    decision = Decision(item.left, item.right, item.verdict, item.judge or "")
    name = node(decision.iri)
    return (
        (name, A, kg_term("Judgement")),
        (name, kg_term("left"), node(item.left)),
        (name, kg_term("right"), node(item.right)),
        (name, kg_term("verdict"), kg_term(item.verdict.value)),
        (name, kg_term("judge"), text(item.judge or "")),
    )


def _consistent(verdicts: Mapping[tuple[str, str], Verdict]) -> None:
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
    if not called:
        raise QueryError(f"{name!r} is the name of nothing here: give it as an article spells it, or an IRI")
    if len(called) > 1:
        raise QueryError(f"{name!r} may mean {len(called)}: give one of {', '.join(sorted(called))}")
    return called.pop()


def read_decisions(path: Path, store: Store, found: Identities, judge: str) -> tuple[Decision, ...]:
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


def decision(store: Store, found: Identities, verdict: Verdict, pair: tuple[str, str], judge: str) -> Decision:
    """What a person says of two names."""
    left, right = sorted(find(store, found, name) for name in pair)
    if left == right:
        raise QueryError(f"{pair[0]!r} and {pair[1]!r} are one form of a name: {left}")
    if {left, right} <= known().keys() and verdict is Verdict.SAME:
        raise QueryError(f"{left} and {right} are two names of the gazetteer: make them one in ontology/names")
    return Decision(left, right, verdict, judge)
