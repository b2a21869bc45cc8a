"""The page of the map: of which states articles speak, and how many do; places that are on no map in a table."""

from __future__ import annotations

from collections.abc import Iterable
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
    spots = by_count(spot(edition, iri, many) for iri, many in edition.names.articles.items())
    states = tuple(one for one in spots if one.kind == "State")
    return Atlas(states, tuple(one for one in spots if one.kind != "State"))


def spot(edition: Edition, iri: str, count: int) -> Spot | None:
    """A state or place of the gazetteer, as so many speak of it; None for all else."""
    form = known().get(iri)
    if form is None or form.type not in ("State", "City", "Region", "Facility", "Place"):
        return None
    return Spot(edition.names.labels[iri], form.type, count, page_of(iri))


def by_count(spots: Iterable[Spot | None]) -> tuple[Spot, ...]:
    """What of these is a place, the most spoken of first."""
    return tuple(sorted(filter(None, spots), key=lambda one: (-one.count, one.label)))
