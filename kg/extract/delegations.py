"""Who leads a delegation: "led Iran's delegation", "the head of its delegation", "Ukraine's lead negotiator"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.extract.coreference import POLITIES
from kg.extract.ledger import Ledger
from kg.record import ACTUAL, AFFIRMED, Relation

_SURE = 0.8


def read(ledger: Ledger) -> None:
    """Adds the heads of delegations to a ledger."""
    heads = ledger.scene.lexicon.words["delegation-heads"]
    for relation in ledger.record.relations:
        if relation.predicate == "negotiatorOf" and heads & set((relation.office or "").lower().split()):
            ledger.claims.append(replace(relation, predicate="headsDelegationOf"))
    for at in range(len(ledger.scene.tree)):
        for leader in _leaders(ledger, at):
            _claim(ledger, at, leader)


def _leaders(ledger: Ledger, at: int) -> Iterator[int]:
    """Who leads the delegation that a token names: the subject of "led", the name beside "head of"."""
    tree, words = ledger.scene.tree, ledger.scene.lexicon.words
    above = tree.heads[at]
    if tree.lemmas[at] not in words["delegations"]:
        return
    if tree.deps[at] == "dobj" and tree.lemmas[above] in words["leading"] and not any(tree.down(above, "neg", "aux")):
        yield from tree.down(above, "nsubj")
    noun = tree.heads[above]
    if tree.deps[at] == "pobj" and tree.lemmas[above] == "of" and tree.lemmas[noun] in words["delegation-heads"]:
        yield from tree.down(noun, "appos")
        yield from (tree.heads[noun],) if tree.deps[noun] == "appos" else ()


def _body(ledger: Ledger, at: int) -> str | None:
    """The state or body whose delegation it is: "the Iranian delegation", "the delegation of Iran"."""
    tree = ledger.scene.tree
    named = [at, *(end for of in tree.down(at, "prep") if tree.lemmas[of] == "of" for end in tree.down(of, "pobj"))]
    return next((body for token in named if (body := ledger.entity_at(token, POLITIES)) is not None), None)


def _claim(ledger: Ledger, at: int, leader: int) -> None:
    """Adds that a person leads a delegation, where the words name one person and one state or body."""
    person, body = ledger.entity_at(leader), _body(ledger, at)
    if person is None or body is None or ledger.entities[person].type != "Person":
        return
    if (person, body) in {(one.subject, one.object) for one in ledger.claims if one.predicate == "headsDelegationOf"}:
        return  # His office says so.
    ledger.claims.append(
        Relation(person, "headsDelegationOf", body, ledger.sentence(at), AFFIRMED, ACTUAL, ledger.speaker(at), _SURE)
    )
