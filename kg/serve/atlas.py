"""The page of the map: of which states and places articles speak, and how many do; what is on no map in a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.forms import known
from kg.lexicon import load
from kg.serve.edition import Edition
from kg.serve.links import page_of


@dataclass(frozen=True, slots=True)
class Spot:
    """A state, or a place: what it is called, how many articles speak of it, the path of its page, and where it lies,
    in degrees, if the gazetteer knows."""

    label: str
    kind: str
    count: int
    url: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Atlas:
    """States, which outlines show, and places, which points show where somebody has said where they lie."""

    states: tuple[Spot, ...]
    places: tuple[Spot, ...]


def atlas(edition: Edition) -> Atlas:
    """All states and places of the gazetteer that articles speak of, the most spoken of first."""
    return Atlas(*by_kind(by_count(spot(edition, iri, many) for iri, many in edition.names.articles.items())))


def by_kind(spots: Iterable[Spot]) -> tuple[tuple[Spot, ...], tuple[Spot, ...]]:
    """The states, and all other places."""
    listed = tuple(spots)
    states = tuple(one for one in listed if one.kind == "State")
    return states, tuple(one for one in listed if one.kind != "State")


def spot(edition: Edition, iri: str, count: int) -> Spot | None:
    """A state or place of the gazetteer, as so many speak of it; None for all else."""
    form = known().get(iri)
    if form is None or form.type not in ("State", "City", "Region", "Facility", "Place"):
        return None
    lat, lon = load().gazetteer.names[iri].at or (None, None)
    return Spot(edition.names.labels[iri], form.type, count, page_of(iri), lat, lon)


def by_count(spots: Iterable[Spot | None]) -> tuple[Spot, ...]:
    """What of these is a place, the most spoken of first."""
    return tuple(sorted(filter(None, spots), key=lambda one: (-one.count, one.label)))
