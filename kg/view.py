"""The mirror as one page that works offline: a picture, the sentences behind each node and edge, a table, a search.

pyvis writes the data of the picture and brings vis-network; the page around it is our own template, for pyvis's would
load scripts from elsewhere and turn text into markup. Text of articles reaches the page as JSON and as escaped cells.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import networkx as nx
from jinja2 import Environment, select_autoescape
from markupsafe import Markup
from pyvis.network import Network

from kg import lexicon
from kg.communities import betweenness, communities
from kg.labels import in_words, is_a
from kg.layout import Box, by_degree, places
from kg.mirror import Claim
from kg.namespaces import KG
from kg.record import ACTUAL, NEGATED

#: A page of more is slow to load, a picture of more than are shown at first a tangle; so many rows has the table.
MOST_NODES, MOST_FIRST, MOST_ROWS = 2000, 120, 500
#: Kinds that are not shown until they are asked for.
QUIET = ("Statement", "Open", "Phrase", "Time", "Term")

#: How a claim of each status is drawn: its name, a colour of the style sheet, dashes as vis-network takes them.
STATUSES: Mapping[str, tuple[str, str, list[int]]] = {
    "stated": ("stated as fact", "--ink", []),
    "said": ("said by somebody", "--said", [10, 3]),
    "negated": ("denied", "--no", [4, 4]),
    "planned": ("planned", "--maybe", [1, 4]),
    "possible": ("possible", "--maybe", [1, 4]),
    "conditional": ("conditional", "--maybe", [1, 4]),
    "desired": ("wanted or demanded", "--maybe", [1, 4]),
}

#: What is claimed of what: the node or edge that shows it, subject, predicate and object in words, the claim.
Fact = tuple[str, tuple[str, str, str], Claim]


def to_html(graph: nx.MultiDiGraph, title: str = "What the articles say") -> str:
    """The page of a mirror (see `kg.mirror.to_networkx`) as HTML. The same graph gives the same page.

    Of a graph of more than 2000 nodes the page shows the most connected, and says so.
    """
    graph = _worded(graph)
    shown = _most_connected(graph)
    facts = _facts(graph)
    parts = {name: Markup(text) for name, text in _assets().items()}
    page: str = _template().render(
        parts, title=title, counts=_counts(graph, facts), notice=_notice(graph, shown), more=len(facts) - MOST_ROWS,
        rows=[_row(*fact) for fact in facts[:MOST_ROWS]], measures=MEASURES, data=Markup(_json(_picture(shown))),
        scripts=Markup(_hashes(parts["vis_js"], parts["js"])), styles=Markup(_hashes(parts["vis_css"], parts["css"])),
    )  # fmt: skip
    return page


# ------------------------------------------------------------------------------------------------------- what is shown


def _worded(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The graph with its terms of the vocabulary, such as stages and stances, as a kind of their own, in words."""
    worded = graph.copy()
    for iri, data in worded.nodes(data=True):
        if iri.startswith(KG):
            data |= {"type": "Term", "label": in_words(iri.removeprefix(KG))}
    return worded


def _most_connected(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The graph, or its part of most links; a copy in the graph's order, for a view of networkx has a set's."""
    if len(graph) <= MOST_NODES:
        return graph
    chosen = set(by_degree(graph, graph)[:MOST_NODES])
    shown = nx.MultiDiGraph()
    shown.add_nodes_from((node, data) for node, data in graph.nodes(data=True) if node in chosen)
    shown.add_edges_from(edge for edge in graph.edges(keys=True, data=True) if chosen.issuperset(edge[:2]))
    return shown


def _counts(graph: nx.MultiDiGraph, facts: Collection[Fact]) -> str:
    articles = len({claim.article for *_, claim in facts})
    counts = ((len(facts), "claim"), (articles, "article"), (len(graph), "thing"), (graph.number_of_edges(), "link"))
    claims, sources, things, links = (f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts)
    return f"{claims} in {sources}, about {things} and events with {links} between them."


def _notice(graph: nx.MultiDiGraph, shown: nx.MultiDiGraph) -> str:
    if len(shown) == len(graph):
        return ""
    links = f"{shown.number_of_edges()} of {graph.number_of_edges()} links"
    return f"The picture shows the {len(shown)} most connected of {len(graph)}, with {links}."


def _facts(graph: nx.MultiDiGraph) -> list[Fact]:
    """All claims of nodes and edges, by date and place in the text."""
    kinds: Iterator[Fact] = (
        (iri, _is_a(data), claim) for iri, data in graph.nodes(data=True) for claim in data["claims"]
    )
    links: Iterator[Fact] = (
        (_edge_id(one, key, two), _link(graph, one, two, data), claim)
        for one, two, key, data in graph.edges(keys=True, data=True)
        for claim in data["claims"]
    )
    return sorted([*kinds, *links], key=lambda fact: _reading_order(fact[2]))


def _edge_id(*edge: str) -> str:
    """A short name for an edge, the same whatever else is shown."""
    return hashlib.blake2s("\n".join(edge).encode(errors="replace"), digest_size=6).hexdigest()


def _reading_order(claim: Claim) -> tuple[str, str, int, str]:
    return claim.date, claim.article, claim.start, claim.id


# --------------------------------------------------------------------------------------------------------- the picture


def _picture(graph: nx.MultiDiGraph) -> dict[str, Any]:
    """What the page's script draws from: nodes, edges, the legend, the options of vis-network."""
    groups = communities(graph)
    network = _drawn(graph, groups)
    sizes = _sizes(graph)
    nodes = [_node(drawn, graph.nodes[drawn["id"]], groups, sizes[drawn["id"]]) for drawn in network.nodes]
    ends = list(graph.edges(data=True))
    edges = [_edge(drawn, graph, *end) for drawn, end in zip(network.edges, ends, strict=True)]
    return {
        **_written(nodes, edges),
        "groups": _legend_of_groups(nodes),
        "statuses": _legend_of_statuses([*nodes, *edges]),
        "communities": _legend_of_communities(nodes),
        "quiet": QUIET,
        "most": MOST_FIRST,
        "options": _OPTIONS,
    }


def _written(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> dict[str, Any]:
    """Nodes and edges with the fields of their cards as numbers of texts: 5.7 MB instead of 10 for 1,100 articles."""
    both = [*nodes, *edges]
    texts = sorted({text for one in both for card in one["claims"] for text in card.values()})
    number = {text: at for at, text in enumerate(texts)}
    fields = sorted({field for one in both for card in one["claims"] for field in card})
    for one in both:
        one["claims"] = [[number[card[field]] for field in fields] for card in one["claims"]]
    return {"nodes": nodes, "edges": edges, "fields": fields, "texts": texts}


#: The page's own script takes the keys, and draws labels.
_OPTIONS = {
    "physics": False,
    "interaction": {"hover": True, "tooltipDelay": 120, "hideEdgesOnDrag": True},
    "edges": {"arrows": {"to": {"enabled": True, "scaleFactor": 0.5}}},
    "nodes": {"borderWidth": 1, "borderWidthSelected": 3},
}


def _drawn(graph: nx.MultiDiGraph, groups: Mapping[str, int]) -> Network:
    """The graph as pyvis writes it for vis-network, each node at its place."""
    network = Network(directed=True)
    layout = _layout(graph, groups)
    for iri, data in graph.nodes(data=True):
        status, (x, y) = _node_status(data), layout[iri]
        network.add_node(
            iri, label=_node_label(data), shape=_looks()[_group(data)]["shape"], x=x, y=y,
            borderWidth=2 if status in _UNREAL else 1, font={"size": _font(data)},
            shapeProperties={"borderDashes": STATUSES[status][2] or False},
        )  # fmt: skip
    beside: Counter[tuple[str, ...]] = Counter()
    for one, two, key, data in graph.edges(keys=True, data=True):
        dashes, ends = STATUSES[_status(data["claims"][0])][2], tuple(sorted((one, two)))
        network.add_edge(
            one, two, id=_edge_id(one, key, two), label=_edge_label(data), dashes=dashes or False, width=1.5,
            smooth=_bent(beside[ends], one == ends[0]),
        )  # fmt: skip
        beside[ends] += 1
    return network


def _bent(number: int, forth: bool) -> dict[str, Any] | bool:
    """The first edge between two nodes is straight, each further one is bent more, to either side in turn."""
    if number == 0:
        return False
    side = (number % 2 == 1) == forth
    return {"type": "curvedCW" if side else "curvedCCW", "roundness": round(0.12 * ((number + 1) // 2), 2)}


#: Statuses of what did not happen, or not yet.
_UNREAL = frozenset(STATUSES) - {"stated", "said"}


#: What the size of a node may stand for, as a reader is told.
MEASURES = {"links": "links", "between": "paths that lead through it", "articles": "articles that tell of it"}


def _sizes(graph: nx.MultiDiGraph) -> dict[str, dict[str, float]]:
    """How much there is of each node by each measure, from 0 to 1; the square root, for a size is an area."""
    between, articles = betweenness(graph), _articles(graph)
    measures: dict[str, Mapping[str, float]] = {"links": dict(graph.degree()), "between": between, "articles": articles}
    most = {name: max(found.values(), default=0) or 1 for name, found in measures.items()}
    return {
        iri: {name: round((found[iri] / most[name]) ** 0.5, 3) for name, found in measures.items()} for iri in graph
    }


def _articles(graph: nx.MultiDiGraph) -> dict[str, int]:
    """How many articles tell of each node."""
    told = {iri: {claim.article for claim in claims} for iri, claims in graph.nodes(data="claims")}
    for one, two, claims in graph.edges(data="claims"):
        for iri in (one, two):
            told[iri].update(claim.article for claim in claims)
    return {iri: len(articles) for iri, articles in told.items()}


def _size(graph: nx.MultiDiGraph, iri: str) -> int:
    base = {"entity": 11, "event": 8}.get(graph.nodes[iri]["kind"], 5)
    return base + min(14, int(2 * graph.degree(iri) ** 0.5))


def _font(data: Mapping[str, Any]) -> int:
    return 16 if data["kind"] == "entity" else 11


def _node(
    drawn: dict[str, Any], data: Mapping[str, Any], groups: Mapping[str, int], sizes: Mapping[str, float]
) -> dict[str, Any]:
    status, look = _node_status(data), _looks()[_group(data)]
    return {
        "id": drawn["id"],
        "drawn": drawn,
        "kind": data["kind"],
        "sizes": sizes,
        "community": groups[drawn["id"]],
        "name": data["label"],
        "title": _name(data),
        "type": in_words(data["type"]),
        "group": _group(data),
        "statuses": _statuses(data["claims"]),
        "hollow": status in _UNREAL,
        "paint": STATUSES[status][1],
        "colour": look["colour"],
        "dark": _lighter(look["colour"]),
        "first": data["first"],
        "last": data["last"],
        "wikidata": data["wikidata"],
        "predicate": " ".join(_is_a(data)[1:]),
        "claims": [_card(claim) for claim in data["claims"]],
    }


def _edge(drawn: dict[str, Any], graph: nx.MultiDiGraph, one: str, two: str, data: Mapping[str, Any]) -> dict[str, Any]:
    ends = graph.nodes[one]["label"], graph.nodes[two]["label"]
    status = _status(data["claims"][0])
    return {
        "id": drawn["id"],
        "from": one,
        "to": two,
        "drawn": drawn,
        "title": " – ".join(_link(graph, one, two, data)),
        "predicate": in_words(data["predicate"]),
        "statuses": _statuses(data["claims"]),
        "faint": status == "stated",
        "paint": STATUSES[status][1],
        "claims": [_card(claim, *ends) for claim in data["claims"]],
    }


def _lighter(colour: str) -> str:
    """The colour for a dark page: half way to white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{(part + 255) // 2:02x}" for part in parts)


def _layout(graph: nx.MultiDiGraph, groups: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    boxes = {iri: _box(graph, iri) for iri in graph}
    shown = [iri for iri, data in graph.nodes(data=True) if _group(data) not in QUIET]
    return places(graph, boxes, shown, groups)


def _box(graph: nx.MultiDiGraph, iri: str) -> Box:
    """The room of a node with its label, and how far its middle lies below the node's."""
    data, size = graph.nodes[iri], _size(graph, iri)
    lines = _node_label(data).split("\n")
    width = max(2.0 * size, 0.56 * _font(data) * max(map(len, lines)))
    below = 1.2 * _font(data) * len(lines)
    return width + 10, 2.0 * size + below + 10, below / 2


# ------------------------------------------------------------------------------------------------------------ in words


def _name(data: Mapping[str, Any]) -> str:
    """An event is named by its class and its words, all else by its label."""
    label: str = data["label"]
    kind = in_words(data["type"])
    if data["kind"] != "event" or label.casefold() == kind.casefold():
        return label
    return f"{kind[:1].upper()}{kind[1:]}: {label}"


def _is_a(data: Mapping[str, Any]) -> tuple[str, str, str]:
    return data["label"], is_a(data["type"]), in_words(data["type"])


def _link(graph: nx.MultiDiGraph, one: str, two: str, data: Mapping[str, Any]) -> tuple[str, str, str]:
    return _name(graph.nodes[one]), in_words(data["predicate"]), _name(graph.nodes[two])


def _qualified(word: str, status: str) -> str:
    """A label that tells its status without colour: "not struck", "planned: party"."""
    if status == "negated":
        return f"not {word}"
    return f"{status}: {word}" if status in _UNREAL else word


def _node_label(data: Mapping[str, Any]) -> str:
    """An event's class stands over its words."""
    above, colon, words = _name(data).partition(": ") if data["kind"] == "event" else (_name(data), "", "")
    label = _qualified(_cut(above), _node_status(data))
    return f"{label}\n{_cut(words)}" if colon else label


def _edge_label(data: Mapping[str, Any]) -> str:
    """Where some state and others deny it, the label says so."""
    label, statuses = _qualified(in_words(data["predicate"]), _status(data["claims"][0])), _statuses(data["claims"])
    return f"{label} (also denied)" if "negated" in statuses and len(statuses) > 1 else label


def _cut(words: str) -> str:
    return words if len(words) <= _LONG else words[: _LONG - 1] + "…"


_LONG = 32


# ---------------------------------------------------------------------------------------------------------- one claim


def _status(claim: Claim) -> str:
    """How a claim is meant: denied, not real yet, somebody's words, or stated by the article itself."""
    if claim.polarity == NEGATED:
        return "negated"
    if claim.modality != ACTUAL:
        return claim.modality
    return "said" if claim.speaker else "stated"


def _statuses(claims: Iterable[Claim]) -> list[str]:
    """The statuses of claims, the first claim's first."""
    return list(dict.fromkeys(map(_status, claims)))


def _node_status(data: Mapping[str, Any]) -> str:
    return _status(data["claims"][0]) if data["claims"] else "stated"


def _certainty(claim: Claim) -> str:
    status = _status(claim)
    if status == "negated" and claim.modality != ACTUAL:
        return f"denied, {claim.modality}"
    if status not in _UNREAL and not claim.asserted:
        return "of no known class, so not asserted"
    return "said" if status == "said" else STATUSES[status][0]


def _marked(claim: Claim, names: Iterable[str]) -> tuple[int, int]:
    """Where in its sentence a claim is stated: at its trigger, else at its office, else at the first name that stands
    there."""
    if claim.trigger_start is not None and claim.trigger_end is not None:
        start, end = (
            min(max(0, at - claim.start), len(claim.sentence)) for at in (claim.trigger_start, claim.trigger_end)
        )
        return start, end
    words = (word for word in (claim.office or "", *names) if word and word in claim.sentence)
    word = next(words, "")
    start = claim.sentence.find(word)
    return start, start + len(word)


def _card(claim: Claim, *names: str) -> dict[str, str]:
    start, end = _marked(claim, names)
    status = _status(claim)
    return {
        "status": "open" if status in _UNREAL - {"negated"} else status,
        "kind": status,
        "certainty": _certainty(claim),
        "confidence": f"{claim.confidence:.2f}",
        "before": claim.sentence[:start],
        "marked": claim.sentence[start:end],
        "after": claim.sentence[end:],
        "office": claim.office or "",
        "speaker": claim.speaker or "",
        "outlet": claim.outlet,
        "headline": claim.headline,
        "date": claim.date,
        "url": claim.url,
    }


def _row(of: str, words: tuple[str, str, str], claim: Claim) -> dict[str, str]:
    """A row of the table, which also reads without a script."""
    card = _card(claim, words[0], words[2])
    source = ", ".join(filter(None, (claim.outlet, claim.date, claim.headline)))
    return card | {"of": of, "subject": words[0], "predicate": words[1], "object": words[2], "source": source}


# --------------------------------------------------------------------------------------------------------- the legend


@cache
def _looks() -> dict[str, dict[str, str]]:
    """Name, colour and shape of each kind that `types.json` tells apart."""
    looks: dict[str, dict[str, str]] = json.loads(_file("types.json"))
    return looks


def _group(data: Mapping[str, Any]) -> str:
    """The kind under which a node is drawn: its type, its PLOVER code, or the nearest class above it."""
    schema, type_ = lexicon.schema(), data["type"]
    above = (name for name in _looks() if schema.is_a(type_, name))
    other = "Event" if data["kind"] == "event" else "Thing"
    candidates = (type_, schema.plover.get(type_, ""), next(above, other))
    return next(name for name in candidates if name in _looks())


def _legend_of_groups(nodes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    counts = Counter(node["group"] for node in nodes)
    return [
        {"key": key, "count": counts[key], "dark": _lighter(look["colour"]), **look}
        for key, look in _looks().items()
        if counts[key]
    ]


def _legend_of_statuses(shown: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many nodes and edges have a claim of each status."""
    counts = Counter(status for one in shown for status in one["statuses"])
    return [
        {"key": key, "count": counts[key], "name": name, "paint": paint, "hollow": key in _UNREAL}
        | {"dashes": ",".join(map(str, dashes))}
        for key, (name, paint, dashes) in STATUSES.items()
        if counts[key]
    ]


#: Communities of fewer nodes are told apart by nothing but their number.
_NAMED = 5


def _legend_of_communities(nodes: Collection[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each community that is more than a few nodes, named by its node of most links."""
    counts = Counter(node["community"] for node in nodes)
    return [
        {"key": key, "count": counts[key], "name": f"around {_first(nodes, key)['title']}"}
        for key in sorted(counts)
        if counts[key] >= _NAMED
    ]


def _first(nodes: Iterable[dict[str, Any]], community: int) -> dict[str, Any]:
    inside = (node for node in nodes if node["community"] == community)
    return min(inside, key=lambda node: (node["kind"] != "entity", -node["sizes"]["links"], node["id"]))


# ----------------------------------------------------------------------------------------------------------- the page


def _file(name: str) -> str:
    return resources.files("kg").joinpath("page", name).read_text(encoding="utf-8")


def _vis(name: str) -> str:
    """A file of the vis-network that the installed pyvis carries."""
    folder = resources.files("pyvis").joinpath("templates", "lib", "vis-9.1.2")
    return folder.joinpath(name).read_text(encoding="utf-8")


#: The page's own scripts, which it holds as one, in this order.
_SCRIPTS = ("evidence.js", "filters.js", "picture.js", "legend.js", "search.js", "keys.js")


@cache
def _assets() -> dict[str, str]:
    """Scripts and styles, which the page holds in itself."""
    script = _vis("vis-network.min.js").replace("</script", "<\\/script")
    return {
        "vis_js": script,
        "vis_css": _vis("vis-network.css"),
        "js": f"(() => {{\n{''.join(map(_file, _SCRIPTS))}}})();",
        "css": _file("page.css"),
    }


@cache
def _template() -> Any:
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True)
    return environment.from_string(_file("page.html.j2"))


def _hashes(*contents: str) -> str:
    """Sources of a content security policy: these scripts or styles and no others."""
    digests = (hashlib.sha256(content.encode()).digest() for content in contents)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _json(value: object) -> str:
    """JSON that holds no markup, wherever in HTML it stands."""
    text = json.dumps(value, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
