"""The mirror as one page that works offline: a picture, the sentences behind each node and edge, a table, a search.

pyvis writes the data of the picture and brings vis-network; the page around it is our own template, for pyvis's would
load scripts from elsewhere and turn text into markup. Text of articles reaches the page as JSON and as escaped cells.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import networkx as nx
from jinja2 import Environment, select_autoescape
from markupsafe import Markup
from pyvis.network import Network

from kg import lexicon
from kg.mirror import Claim
from kg.record import ACTUAL, NEGATED

#: A picture of more is a tangle (and networkx lays out 500 and more with scipy only); so many rows has the table.
MOST_NODES, MOST_ROWS = 450, 500
#: With more edges than this their labels would hide the picture: they show when a node or an edge is chosen.
MOST_LABELS = 60
#: Kinds that are not shown until they are asked for.
QUIET = ("Statement", "Open", "Phrase", "Time")

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


def to_html(graph: nx.MultiDiGraph, title: str = "What the articles say") -> str:
    """The page of a mirror (see `kg.mirror.to_networkx`) as HTML. The same graph gives the same page.

    Of a graph of more than 450 nodes the page shows the most connected, and says so.
    """
    shown = _most_connected(graph)
    picture = _picture(shown)
    rows = [_row(*claim) for claim in _all_claims(graph)]
    parts = {name: Markup(text) for name, text in _assets().items()}
    data = Markup(_json(picture))
    page: str = _template().render(
        parts, title=title, counts=_counts(graph), notice=_notice(graph, shown), rows=rows[:MOST_ROWS],
        more=max(0, len(rows) - MOST_ROWS), network=len(shown) > 0, data=data,
        scripts=Markup(_hashes(parts["vis_js"], parts["js"])), styles=Markup(_hashes(parts["vis_css"], parts["css"])),
    )  # fmt: skip
    return page


# ------------------------------------------------------------------------------------------------------- what is shown


def _most_connected(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    ranked = sorted(graph, key=lambda node: (-graph.degree(node), node))
    return graph.subgraph(ranked[:MOST_NODES]) if len(graph) > MOST_NODES else graph


def _counts(graph: nx.MultiDiGraph) -> str:
    sources = {claim.article for *_, claim in _all_claims(graph)}
    return f"{len(sources)} articles, {len(graph)} things and events, {graph.number_of_edges()} links between them."


def _notice(graph: nx.MultiDiGraph, shown: nx.MultiDiGraph) -> str:
    if len(shown) == len(graph):
        return ""
    return f"The picture shows the {len(shown)} most connected of {len(graph)}."


def _all_claims(graph: nx.MultiDiGraph) -> Iterator[tuple[str, str, str, Claim]]:
    """Subject, predicate and object in words with each claim of an edge, by date and place in the text."""
    found = (
        (graph.nodes[one]["label"], data["predicate"], graph.nodes[two]["label"], claim)
        for one, two, data in graph.edges(data=True)
        for claim in data["claims"]
    )
    return iter(sorted(found, key=lambda item: (item[3].date, item[3].article, item[3].start, item[3].id)))


# --------------------------------------------------------------------------------------------------------- the picture


def _picture(graph: nx.MultiDiGraph) -> dict[str, Any]:
    """What the page's script draws from: nodes, edges, the legend, the options of vis-network."""
    network = _drawn(graph)
    nodes = [_node(drawn, graph.nodes[drawn["id"]]) for drawn in network.nodes]
    ends = list(graph.edges(data=True))
    edges = [_edge(drawn, graph, *end) for drawn, end in zip(network.edges, ends, strict=True)]
    return {
        "nodes": nodes,
        "edges": edges,
        "groups": _legend_of_groups(nodes),
        "statuses": _legend_of_statuses(edges),
        "quiet": QUIET,
        "labelled": len(edges) <= MOST_LABELS,
        "options": _OPTIONS,
    }


_OPTIONS = {
    "physics": False,
    "interaction": {"hover": True, "tooltipDelay": 120, "keyboard": {"enabled": True, "bindToWindow": False}},
    "edges": {"arrows": {"to": {"enabled": True, "scaleFactor": 0.5}}, "smooth": {"type": "continuous"}},
    "nodes": {"borderWidth": 1},
}


def _drawn(graph: nx.MultiDiGraph) -> Network:
    """The graph as pyvis writes it for vis-network, each node at its place."""
    network = Network(directed=True)
    places = _layout(graph)
    for iri, data in graph.nodes(data=True):
        look, status = _looks()[_group(data)], _node_status(data)
        x, y = places[iri]
        network.add_node(
            iri, label=_node_label(data, status), shape=look["shape"], x=x, y=y, size=_size(graph, iri, data),
            color=_paint(look["colour"], status), borderWidth=1 if status == "stated" else 2,
            shapeProperties={"borderDashes": STATUSES[status][2] if status in _UNREAL else False},
            font={"size": 14 if data["kind"] == "entity" else 11},
        )  # fmt: skip
    for number, (one, two, data) in enumerate(graph.edges(data=True)):
        status = _status(data["claims"][0])
        network.add_edge(
            one, two, id=f"edge{number}", label=_in_words(data["predicate"], status),
            dashes=STATUSES[status][2] or False, width=2 if status == "stated" else 1,
        )  # fmt: skip
    return network


#: Statuses of what did not happen, or not yet.
_UNREAL = frozenset(STATUSES) - {"stated", "said"}


def _layout(graph: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    """Places in whole points, the same for the same graph: each connected part by itself, the largest at the top."""
    plain = nx.Graph()
    plain.add_nodes_from(sorted(graph))
    plain.add_edges_from(sorted({tuple(sorted(edge)) for edge in graph.edges()}))
    parts = sorted((sorted(part) for part in nx.connected_components(plain)), key=lambda part: (-len(part), part[0]))
    places: dict[str, tuple[int, int]] = {}
    left = top = below = 0
    for part in parts:
        width = _width(part)
        if left and left + width > _width(parts[0]):
            left, top = 0, below
        for node, (x, y) in _part_layout(plain.subgraph(part), width).items():
            places[node] = left + x, top + y
        left, below = left + width, max(below, top + int(width * _FLAT))
    return places


def _width(part: Sequence[str]) -> int:
    """The side of the square that a part is drawn in."""
    return int(_ROOM * len(part) ** 0.5)


#: Points from a node to the next: enough for a label.
_ROOM = 130


def _part_layout(part: nx.Graph, width: int) -> dict[str, tuple[int, int]]:
    """Places by force-directed layout (Fruchterman and Reingold 1991) in a square."""
    ordered = nx.Graph()
    ordered.add_nodes_from(sorted(part))
    ordered.add_edges_from(sorted(part.edges()))
    found = nx.spring_layout(
        ordered, seed=7, iterations=200, k=_SPREAD / len(ordered) ** 0.5, center=(0.5, 0.5), scale=0.42
    )
    return {node: (round(float(x) * width), round(float(y) * width * _FLAT)) for node, (x, y) in found.items()}


#: Above 1 it draws the many neighbours of a hub apart.
_SPREAD = 3.0
#: Pictures are wider than high.
_FLAT = 0.75


def _size(graph: nx.MultiDiGraph, iri: str, data: Mapping[str, Any]) -> int:
    base = {"entity": 12, "event": 8}.get(data["kind"], 5)
    return base + min(14, int(2 * graph.degree(iri) ** 0.5))


def _paint(colour: str, status: str) -> dict[str, str]:
    """A node of what did not happen is hollow."""
    return {"background": "#ffffff00" if status in _UNREAL else colour, "border": colour}


def _node(drawn: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": drawn["id"],
        "drawn": drawn,
        "name": data["label"],
        "type": data["type"],
        "group": _group(data),
        "first": data["first"],
        "last": data["last"],
        "wikidata": data["wikidata"],
        "claims": [_card(f"{data['label']} is a {data['type']}", claim) for claim in data["claims"]],
    }


def _edge(drawn: dict[str, Any], graph: nx.MultiDiGraph, one: str, two: str, data: Mapping[str, Any]) -> dict[str, Any]:
    ends = graph.nodes[one]["label"], graph.nodes[two]["label"]
    words = f"{ends[0]} · {data['predicate']} · {ends[1]}"
    status = _status(data["claims"][0])
    outlets = sorted({claim.outlet or claim.headline or claim.article for claim in data["claims"]})
    return {
        "id": drawn["id"],
        "from": one,
        "to": two,
        "drawn": drawn,
        "words": words,
        "status": status,
        "paint": STATUSES[status][1],
        "sources": ", ".join(outlets),
        "claims": [_card(words, claim, *ends) for claim in data["claims"]],
    }


# ---------------------------------------------------------------------------------------------------------- one claim


def _status(claim: Claim) -> str:
    """How a claim is meant: denied, not real yet, somebody's words, or stated by the article itself."""
    if claim.polarity == NEGATED:
        return "negated"
    if claim.modality != ACTUAL:
        return claim.modality
    return "said" if claim.speaker else "stated"


def _node_status(data: Mapping[str, Any]) -> str:
    return _status(data["claims"][0]) if data["claims"] else "stated"


def _in_words(word: str, status: str) -> str:
    """A label that tells its status without colour: "not struck", "planned: party"."""
    if status == "negated":
        return f"not {word}"
    return f"{status}: {word}" if status in _UNREAL else word


def _node_label(data: Mapping[str, Any], status: str) -> str:
    label: str = data["label"] if len(data["label"]) <= _LONG else data["label"][: _LONG - 1] + "…"
    if data["kind"] != "event":
        return label
    return _in_words(f"{data['type']}: {label}" if label.casefold() != data["type"].casefold() else label, status)


_LONG = 40


def _certainty(claim: Claim) -> str:
    words = {"said": "stated as fact"}
    status = _status(claim)
    if status == "negated" and claim.modality != ACTUAL:
        return f"denied, {claim.modality}"
    return words.get(status, STATUSES[status][0])


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


def _card(words: str, claim: Claim, *names: str) -> dict[str, str]:
    start, end = _marked(claim, names)
    status = _status(claim)
    return {
        "words": words + (f" ({claim.office})" if claim.office else ""),
        "status": "open" if status in _UNREAL - {"negated"} else status,
        "certainty": f"{_certainty(claim)}, confidence {claim.confidence:.2f}",
        "before": claim.sentence[:start],
        "marked": claim.sentence[start:end],
        "after": claim.sentence[end:],
        "speaker": claim.speaker or "",
        "outlet": claim.outlet,
        "headline": claim.headline,
        "date": claim.date,
        "url": claim.url,
    }


def _row(subject: str, predicate: str, object_: str, claim: Claim) -> dict[str, str]:
    """A row of the table, which also reads without a script."""
    card = _card("", claim, subject, object_)
    source = ", ".join(filter(None, (claim.outlet, claim.date, claim.url)))
    return card | {"subject": subject, "predicate": predicate, "object": object_, "source": source}


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
    return [{"key": key, "count": counts[key], **look} for key, look in _looks().items() if counts[key]]


def _legend_of_statuses(edges: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    counts = Counter(edge["status"] for edge in edges)
    return [
        {"key": key, "count": counts[key], "name": name, "paint": paint, "dashes": ",".join(map(str, dashes))}
        for key, (name, paint, dashes) in STATUSES.items()
        if counts[key]
    ]


# ----------------------------------------------------------------------------------------------------------- the page


def _file(name: str) -> str:
    return resources.files("kg").joinpath("page", name).read_text(encoding="utf-8")


def _vis(name: str) -> str:
    """A file of the vis-network that the installed pyvis carries."""
    folder = resources.files("pyvis").joinpath("templates", "lib", "vis-9.1.2")
    return folder.joinpath(name).read_text(encoding="utf-8")


@cache
def _assets() -> dict[str, str]:
    """Scripts and styles, which the page holds in itself."""
    script = _vis("vis-network.min.js").replace("</script", "<\\/script")
    return {"vis_js": script, "vis_css": _vis("vis-network.css"), "js": _file("page.js"), "css": _file("page.css")}


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
