"""How sure claims are: the share of those like them that gold confirms.

Like each other are events that a verb tells (or a noun, an adjective), those without any participant ("alone"), those
with a participant that a pronoun or role noun stands for ("inferred"), and those whose parties the rest of the article
lends ("bridged"); relations that an office gives, that the text states, and those that follow from an event, by their
predicate. The shares are measured, not set: `make calibration` writes them to ontology/confidence.json. What a model
proposes has a confidence of its own (kg/extract/proposals.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from kg import ontology
from kg.extract.events import TOLD, Happening
from kg.record import OPEN

#: The share right of each kind of claim, by its name: "event.verb", "derived.struck".
Shares = Mapping[str, float]

FILE = "confidence.json"


class Measured(dict[str, float]):
    """Shares; a kind that was never measured has that of its family."""

    def __missing__(self, kind: str) -> float:
        return self[kind.partition(".")[0]]


@cache
def load() -> Shares:
    """The measured shares. Raises OntologyError where they are missing."""
    return Measured(json.loads(ontology.path(FILE).read_text(encoding="utf-8")))


def kind_of(event: Happening) -> str:
    """The kind of an event."""
    if event.class_ == OPEN:
        return "open"
    if event.basis != TOLD:
        return f"event.{event.basis}"
    return f"event.{event.proposition.frame.kind.lower() if event.fillers else 'alone'}"


def derived(predicate: str, event: Happening) -> str:
    """The kind of a relation that follows from an event."""
    return f"derived.{predicate}" if event.basis == TOLD else f"derived.{event.basis}"
