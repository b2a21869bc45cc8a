"""Communities and betweenness: what they are on graphs one can see through, and the same under each hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import networkx as nx

from kg.communities import betweenness, communities


def barbell() -> nx.MultiDiGraph:
    """Two cliques with one node between them."""
    graph = nx.MultiDiGraph()
    for clique in ("abcd", "wxyz"):
        graph.add_edges_from((one, two) for one in clique for two in clique)
    graph.add_edges_from([("d", "m"), ("m", "w"), ("m", "w")])
    return graph


def test_cliques_are_communities() -> None:
    found = communities(barbell())
    assert len({found[node] for node in "abcd"}) == len({found[node] for node in "wxyz"}) == 1
    assert found["a"] != found["z"]


def test_the_largest_community_is_the_first() -> None:
    found = communities(barbell())
    sizes = [list(found.values()).count(number) for number in range(len(set(found.values())))]
    assert sizes == sorted(sizes, reverse=True)


def test_what_lies_between_has_most_paths() -> None:
    found = betweenness(barbell())
    assert max(found, key=lambda node: found[node]) in "dmw"
    assert found["a"] < found["m"]


def test_an_empty_graph_has_neither() -> None:
    assert communities(nx.Graph()) == betweenness(nx.Graph()) == {}


def test_the_hash_seed_changes_nothing() -> None:
    script = (
        "from tests.test_view import large; from kg.communities import betweenness, communities;"
        "graph = large(80); print(communities(graph), betweenness(graph))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=Path(__file__).parents[1], env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(printed) == 1
