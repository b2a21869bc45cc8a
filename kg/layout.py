"""Places for a picture of a graph, the same for the same graph, where nodes with their labels seldom cover each other.

Parts are laid out by forces, then boxes are pushed apart, then parts are set in rows. It knows no claims and no page.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

Places = dict[str, tuple[float, float]]
Floats = npt.NDArray[np.float64]
#: Width and height of a node with its label, and how far the middle of both lies below the node's.
Box = tuple[float, float, float]


def places(
    graph: nx.Graph, boxes: Mapping[str, Box], shown: Collection[str], groups: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Places in whole points for all nodes of a graph, those of one group near each other.

    Those `shown` at first are laid out part by part, the largest on top; the rest fills the gaps beside its neighbours.
    """
    plain = _plain(graph)
    for one, two, edge in plain.edges(data=True):
        edge["weight"] = 1.0 if groups[one] == groups[two] else _BETWEEN
    core = plain.subgraph(_core(plain, shown))
    parts = sorted((sorted(part) for part in nx.connected_components(core)), key=lambda part: (-len(part), part[0]))
    placed = _shelved([_apart(_sprung(core, part, boxes), boxes) for part in parts], boxes)
    found = _apart(_beside(plain, placed), boxes, fixed=placed)
    return {node: (round(x), round(y)) for node, (x, y) in found.items()}


def _plain(graph: nx.Graph) -> nx.Graph:
    """The graph without directions, parallel edges and loops, in sorted order."""
    plain = nx.Graph()
    plain.add_nodes_from(sorted(graph))
    plain.add_edges_from(sorted({(min(one, two), max(one, two)) for one, two in graph.edges() if one != two}))
    return plain


#: How much less than within a group a link between two groups pulls.
_BETWEEN = 0.25
#: From 500 nodes on networkx lays out by scipy alone.
_MOST_SPRUNG = 450


def _core(plain: nx.Graph, shown: Collection[str]) -> set[str]:
    """The most connected of the nodes that are shown at first, and one node of each part that has none of them."""
    core = set(by_degree(plain, shown)[:_MOST_SPRUNG])
    lonely = [part for part in nx.connected_components(plain) if not core & part]
    return core.union(by_degree(plain, part)[0] for part in lonely)


def by_degree(graph: nx.Graph, nodes: Iterable[str]) -> list[str]:
    """Some nodes of a graph, the most connected first."""
    return sorted(nodes, key=lambda node: (-graph.degree(node), node))


def _sprung(core: nx.Graph, part: list[str], boxes: Mapping[str, Box]) -> Places:
    """Places by force-directed layout (Fruchterman and Reingold 1991), with room for the boxes twice over."""
    ordered = nx.Graph()
    ordered.add_nodes_from(part)
    ordered.add_weighted_edges_from(sorted(core.subgraph(part).edges(data="weight")))
    found = nx.spring_layout(ordered, seed=7, iterations=300, k=_SPREAD / len(part) ** 0.5)
    room = math.sqrt(_ROOM * sum(width * height for width, height, _ in map(boxes.__getitem__, part))) / 2
    lying = _lying({node: (float(x), float(y)) for node, (x, y) in found.items()})
    return {node: (x * room * _WIDE, y * room / _WIDE) for node, (x, y) in lying.items()}


#: Above 1 it draws the many neighbours of a hub apart; area for each box; how much wider than high a picture is.
_SPREAD, _ROOM, _WIDE = 2.0, 1.6, 1.1


def _lying(places: Places) -> Places:
    """Places turned about the origin so that they spread from left to right: along their first principal axis."""
    twice = 2 * sum(x * y for x, y in places.values())
    angle = math.atan2(twice, sum(x * x - y * y for x, y in places.values())) / 2
    across, along = math.sin(angle), math.cos(angle)
    return {node: (x * along + y * across, y * along - x * across) for node, (x, y) in places.items()}


def _apart(places: Places, boxes: Mapping[str, Box], fixed: Collection[str] = ()) -> Places:
    """Places from which boxes, but for fixed ones, were pushed until none covers another, or nearly so."""
    nodes = sorted(places)
    below = np.array([[0.0, boxes[node][2]] for node in nodes]).reshape(-1, 2)
    middles = np.array([places[node] for node in nodes], dtype=float).reshape(-1, 2) + below
    halves = np.array([boxes[node][:2] for node in nodes]).reshape(-1, 2) / 2
    free = np.array([node not in fixed for node in nodes], dtype=float)
    for _ in range(_ROUNDS):
        if not _push(middles, halves, free):
            break
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, middles - below, strict=True)}


#: Small steps keep neighbours together.
_ROUNDS, _STEP = 80, 0.2


def _push(middles: Floats, halves: Floats, free: Floats) -> bool:
    """Push all boxes that overlap a step apart, along the side where they do so less; whether any did."""
    one, two = _clashes(middles, halves, free)
    apart = middles[one] - middles[two]
    overlap = halves[one] + halves[two] - abs(apart)
    axis = overlap.argmin(axis=1)
    row = np.arange(len(axis))
    step = _STEP * overlap[row, axis] * np.where(apart[row, axis] > 0, 1, -1)
    np.add.at(middles, (one, axis), step * free[one])
    np.add.at(middles, (two, axis), -step * free[two])
    return len(row) > 0


def _clashes(middles: Floats, halves: Floats, free: Floats) -> tuple[Any, Any]:
    """Pairs of boxes that overlap by a point or more, but for those of which none may move; row by row of the picture,
    for boxes are low: all pairs of 2,000 would take ten times as long."""
    order = np.argsort(middles[:, 1], kind="stable")
    (x, y), (wide, high), loose = middles[order].T, halves[order].T, free[order]
    reach = 2 * high.max(initial=0)
    found = [np.empty((2, 0), int)]
    for start in range(0, len(order), _ROWS):
        rows = slice(start, start + _ROWS)
        below = slice(start, np.searchsorted(y, y[rows][-1] + reach))
        near = abs(x[rows, None] - x[below]) < wide[rows, None] + wide[below] - 1
        near &= abs(y[rows, None] - y[below]) < high[rows, None] + high[below] - 1
        near &= (loose[rows, None] + loose[below]) > 0
        found.append(order[np.array(np.nonzero(np.triu(near, 1))) + start])
    one, two = np.concatenate(found, axis=1)
    return one, two


#: So many boxes are compared with those below them at once.
_ROWS = 64


def _shelved(parts: Iterable[Places], boxes: Mapping[str, Box]) -> Places:
    """The parts side by side in rows, so that all is about as wide as high; a low part starts a row of its own."""
    framed = [(part, _bounds(part, boxes)) for part in parts]
    area = sum((x1 - x0 + _GAP) * (y1 - y0 + _GAP) for _, (x0, y0, x1, y1) in framed)
    widest = max([area**0.5, *(x1 - x0 for _, (x0, _, x1, _) in framed)])
    placed: Places = {}
    left = top = below = 0.0
    for part, (x0, y0, x1, y1) in framed:
        if left and (left + x1 - x0 > widest or 2 * (y1 - y0) < below - top - _GAP):
            left, top = 0.0, below
        placed |= {node: (left + x - x0, top + y - y0) for node, (x, y) in part.items()}
        left, below = left + x1 - x0 + _GAP, max(below, top + y1 - y0 + _GAP)
    return placed


_GAP = 24.0


def _bounds(part: Places, boxes: Mapping[str, Box]) -> tuple[float, float, float, float]:
    corners = [(x, y + boxes[node][2], boxes[node][0] / 2, boxes[node][1] / 2) for node, (x, y) in part.items()]
    return (
        min(x - wide for x, _, wide, _ in corners),
        min(y - high for _, y, _, high in corners),
        max(x + wide for x, _, wide, _ in corners),
        max(y + high for _, y, _, high in corners),
    )


def _beside(plain: nx.Graph, placed: Places) -> Places:
    """Each further node near the neighbours that have a place, at an angle of its own."""
    places = dict(placed)
    layers = nx.bfs_layers(plain, sorted(placed))
    for number, node in enumerate(node for layer in layers for node in sorted(layer) if node not in placed):
        near = [places[other] for other in sorted(plain[node]) if other in places]
        x, y = (sum(axis) / len(near) for axis in zip(*near, strict=True))
        places[node] = x + 50 * math.cos(number * _GOLDEN), y + 50 * math.sin(number * _GOLDEN)
    return places


#: Multiples of the golden angle never fall together.
_GOLDEN = math.pi * (3 - math.sqrt(5))
