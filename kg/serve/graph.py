"""The page of the graph: which part of it is drawn, and what other parts one may choose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from kg.labels import in_words
from kg.serve.edition import Edition
from kg.serve.names import search
from kg.serve.picture import STATUSES, Link, Node, Picture, Wanted

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?$")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter may have, and what it is called."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn: while it is being drawn `ready` is false. `notice` says in words what part of all it is, `reason`
    why nothing can be drawn."""

    ready: bool
    page: str
    about: str
    first: str
    last: str
    outlets: tuple[Choice, ...]
    relations: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    notice: str
    reason: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


def wanted(edition: Edition, given: Mapping[str, str]) -> tuple[Wanted, str]:
    """What a picture is to be of, and why it cannot be drawn if it cannot."""
    values = {name: given.get(name, "").strip() for name in ("about", "outlet", "first", "last", "relation", "status")}
    for name in ("first", "last"):
        if values[name] and not _DAY.match(values[name]):
            return Wanted(), f"{values[name]} is no day: write it as 2026-02-18"
    if values["status"] not in ("", *STATUSES):
        return Wanted(), f"{values['status']} is none of {', '.join(STATUSES)}"
    if values["about"] and "://" not in values["about"]:
        found = search(edition.names, values["about"], 1)
        if not found:
            return Wanted(), f"nobody here is called “{values['about']}”: search for another spelling"
        values["about"] = found[0].iri
    return Wanted(**values), ""


def graph(edition: Edition, wanted: Wanted, given: Mapping[str, str], drawn: Picture | None, reason: str = "") -> Graph:
    """The page of a picture, which is None while it is being drawn."""
    outlets = sorted({source.outlet for source in edition.articles.values() if source.outlet})
    relations = drawn.relations if drawn else (wanted.relation,) if wanted.relation else ()
    return Graph(
        ready=drawn is not None,
        page=f"/graph/page?{urlencode({name: value for name, value in asdict(wanted).items() if value})}",
        about=edition.names.labels.get(wanted.about, given.get("about", "")),
        first=wanted.first,
        last=wanted.last,
        outlets=tuple(Choice(name, name, name == wanted.outlet) for name in outlets),
        relations=tuple(Choice(name, in_words(name), name == wanted.relation) for name in relations),
        statuses=tuple(Choice(value, name, value == wanted.status) for value, name in STATUSES.items()),
        notice=_notice(drawn, wanted),
        reason=reason,
        nodes=drawn.nodes if drawn else (),
        links=drawn.links if drawn else (),
    )


def _notice(drawn: Picture | None, wanted: Wanted) -> str:
    """What part of all that was asked for the picture shows."""
    if drawn is None:
        return ""
    fit = "" if wanted == Wanted() else " that fit"
    if not drawn.of:
        return f"There are no articles{fit}."
    if drawn.articles < drawn.of:
        return (
            f"The picture is of the newest {drawn.articles} of {drawn.of:,} articles{fit}: more would be a tangle. "
            "Choose a name, an outlet or days to see others."
        )
    return f"The picture is of all {drawn.of:,} articles{fit}."
