"""How a graph hangs together: its communities, and how much of it each node holds together. It knows no claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

#: Betweenness is estimated from so many nodes (Brandes and Pich 2007): 1 s for a graph of 2,000.
_PIVOTS = 100


def communities(graph: nx.Graph) -> dict[str, int]:
    """The community of each node, the largest numbered 0 (Louvain: Blondel and others 2008). The same for the same
    graph, whatever the hash seed: numbers stand in for names, since a set of numbers has one order."""
    numbered, names = _numbered(graph)
    parts = nx.community.louvain_communities(numbered, seed=7)
    ordered = sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))
    return {names[node]: number for number, part in enumerate(ordered) for node in part}


def communities_of(links: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The same for a graph that is given by its links."""
    return communities(nx.Graph(links))


def betweenness(graph: nx.Graph) -> dict[str, float]:
    """The share of shortest paths that lead through each node."""
    numbered, names = _numbered(graph)
    found: Mapping[int, float] = nx.betweenness_centrality(numbered, k=min(_PIVOTS, len(names)) or None, seed=7)
    return {names[node]: share for node, share in found.items()}


def _numbered(graph: nx.Graph) -> tuple[nx.Graph, list[str]]:
    """The graph without directions, parallel edges and loops, its nodes as numbers in the order of their names."""
    names = sorted(graph)
    number = {name: at for at, name in enumerate(names)}
    plain = nx.Graph()
    plain.add_nodes_from(range(len(names)))
    plain.add_edges_from(
        sorted({tuple(sorted((number[one], number[two]))) for one, two in graph.edges() if one != two})
    )
    return plain, names
