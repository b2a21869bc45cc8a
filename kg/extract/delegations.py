"""Who leads a delegation: "led the Iranian delegation", "Ukraine's lead negotiator"."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.ledger import Ledger
from kg.record import Relation, is_asserted


def read(ledger: Ledger) -> None:
    """Adds the heads of delegations to a ledger."""
    heads = ledger.scene.lexicon.words["delegation-heads"]
    for relation in ledger.record.relations:
        words = set((relation.office or "").lower().split())
        if relation.predicate == "negotiatorOf" and words & heads:
            ledger.claims.append(
                Relation(
                    relation.subject, "headsDelegationOf", relation.object, relation.evidence, relation.polarity,
                    relation.modality, relation.attribution, relation.confidence, relation.office,
                )
            )  # fmt: skip
