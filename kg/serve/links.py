"""Where the page of something is, and what a path of ours is the page of."""

from __future__ import annotations

from urllib.parse import quote

from kg.namespaces import ARTICLE, BASE
from kg.serve.names import is_entity
from kg.serve.reading import Thing, is_event


def page_of(iri: str) -> str:
    """The path of a thing's page; empty if it has none."""
    kind = _kind(iri)
    return f"/{kind}/{quote(iri.removeprefix(BASE).removeprefix(f'{kind}/'), safe='/')}" if kind else ""


def _kind(iri: str) -> str:
    if is_event(iri):
        return "event"
    if is_entity(iri):
        return "actor"
    return "article" if iri.startswith(str(ARTICLE)) and "#" not in iri else ""


def named(kind: str, path: str) -> str:
    """The IRI that a path under /actor, /event or /article stands for."""
    return str(ARTICLE) + path if kind == "article" else BASE + path


def outside(url: str) -> str:
    """An address that a page may lead to: of the web, and nothing that a browser would run; else empty."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def link(thing: Thing) -> str:
    """The path of a thing's page; empty if it has none."""
    return page_of(thing.iri)


def anchor(claim: str) -> str:
    """The name of a claim within the page of its article."""
    return claim.rpartition("#")[2]
