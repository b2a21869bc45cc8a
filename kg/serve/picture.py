"""The graph as a picture: of the newest articles that were asked for, up to what one can look at, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.labels import in_words
from kg.mirror import Claim, to_networkx
from kg.namespaces import KG, SCHEMA
from kg.serve.words import certainty, status
from kg.store import Store
from kg.view import to_html

#: So many articles are drawn at once: with some 20 things each, as much as a picture holds.
MOST_ARTICLES = 75
#: How a claim may be meant, as `kg.serve.words.status` names it, and in words.
STATUSES = {
    "stated": "stated as fact",
    "said": "said by somebody",
    "denied": "denied",
    "unreal": "planned, wanted, possible",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a picture is of: articles that name a thing (by IRI), of an outlet, from and to a day; and of what they
    claim one relation, or what is meant in one way. Empty stands for any."""

    about: str = ""
    outlet: str = ""
    first: str = ""
    last: str = ""
    relation: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the picture."""

    iri: str
    name: str
    kind: str
    links: int


@dataclass(frozen=True, slots=True)
class Link:
    """A claim in the picture."""

    source: str
    relation: str
    target: str
    certainty: str
    speaker: str
    sentence: str
    outlet: str
    date: str
    article: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page, the same as a table, of how many articles of those that were asked for; `relations` are all
    that there are among them."""

    page: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    articles: int
    of: int
    relations: tuple[str, ...]


def picture(store: Store, wanted: Wanted) -> Picture:
    """The picture of the newest articles that are wanted."""
    articles = _articles(store, wanted)
    graph = to_networkx(store.excerpt(articles[:MOST_ARTICLES]))
    relations = sorted({data["predicate"] for *_, data in graph.edges(data=True)})
    _narrow(graph, wanted)
    page = to_html(graph, "The graph")
    return Picture(
        page,
        tuple(
            Node(iri, data["label"], in_words(data["type"]), graph.degree(iri)) for iri, data in graph.nodes(data=True)
        ),
        tuple(_links(graph)),
        min(len(articles), MOST_ARTICLES),
        len(articles),
        tuple(relations),
    )


def _articles(store: Store, wanted: Wanted) -> list[str]:
    """The articles that are wanted, the newest first."""
    naming = None
    if wanted.about:
        spans = (store.match(None, str(KG.mentions), alias) for alias in store.aliases(wanted.about))
        naming = {article for some in spans for *_, article in some}
    outlets = store.told(str(SCHEMA["publisher"])) if wanted.outlet else {}
    return [
        article
        for article, day in reversed(store.days().items())
        if wanted.outlet in ("", outlets.get(article))
        and (not wanted.first or day >= wanted.first)
        and (not wanted.last or (day or "9") <= wanted.last)
        and (naming is None or article in naming)
    ]


def _narrow(graph: Any, wanted: Wanted) -> None:
    """Takes out of a mirror what is not of the relation, or not meant so, and what then stands alone."""
    if not wanted.relation and not wanted.status:
        return
    for one, two, key, data in list(graph.edges(keys=True, data=True)):
        kept = _kept(data["claims"], wanted)
        if not kept or wanted.relation not in ("", data["predicate"]):
            graph.remove_edge(one, two, key)
        else:
            data["claims"] = kept
    graph.remove_nodes_from([node for node in list(graph) if not graph.degree(node)])


def _kept(claims: tuple[Claim, ...], wanted: Wanted) -> tuple[Claim, ...]:
    if not wanted.status:
        return claims
    return tuple(
        claim for claim in claims if status(claim.polarity, claim.modality, claim.speaker or "") == wanted.status
    )


def _links(graph: Any) -> Iterator[Link]:
    labels = dict(graph.nodes(data="label"))
    for one, two, data in graph.edges(data=True):
        for claim in data["claims"]:
            meant = certainty(claim.polarity, claim.modality, claim.speaker or "", claim.asserted)
            yield Link(
                labels[one], in_words(data["predicate"]), labels[two], meant, claim.speaker or "", claim.sentence,
                claim.outlet, claim.date, claim.article,
            )  # fmt: skip
