"""The page of the map: of which states articles speak, and how many do; places that are on no map in a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.forms import known
from kg.serve.edition import Edition
from kg.serve.links import page_of


@dataclass(frozen=True, slots=True)
class Spot:
    """A state, or a place: what it is called, how many articles speak of it, and the path of its page."""

    label: str
    kind: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """States, which outlines show, and places, of which nobody has said where they lie."""

    states: tuple[Spot, ...]
    unplaced: tuple[Spot, ...]


def atlas(edition: Edition) -> Atlas:
    """All states and places of the gazetteer that articles speak of, the most spoken of first."""
    spots = sorted(_spots(edition), key=lambda spot: (-spot.count, spot.label))
    states = tuple(spot for spot in spots if spot.kind == "State")
    return Atlas(states, tuple(spot for spot in spots if spot.kind != "State"))


def _spots(edition: Edition) -> Iterator[Spot]:
    gazetteer = known()
    for iri, label in edition.names.labels.items():
        form = gazetteer.get(iri)
        if form is not None and form.type in ("State", "City", "Region", "Facility", "Place"):
            yield Spot(label, form.type, edition.names.articles[iri], page_of(iri))
