"""kg reads news on diplomacy and conflict into an RDF knowledge graph that one can trust.

    from kg import Store, pipeline, read, to_html, to_networkx

    store = Store("news.kg")
    for record in pipeline()(read("seeds")):
        store.add(record)

`read` gives Articles, `pipeline()` turns them into Records, a `Store` keeps each as a named graph, `to_networkx`
mirrors what is claimed, `to_html` draws the mirror. All errors that kg raises on purpose are `KGError`s.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.errors import ArticleError, KGError, OntologyError, QueryError, StoreError
from kg.read import Article, read
from kg.record import Record

if TYPE_CHECKING:
    from kg.extract import pipeline
    from kg.graph import to_graph
    from kg.mirror import from_networkx, to_networkx
    from kg.query import ask
    from kg.store import Store
    from kg.view import to_html

__version__ = "0.1.0"
__all__ = [
    "Article", "ArticleError", "KGError", "OntologyError", "QueryError", "Record", "Store", "StoreError",
    "ask", "from_networkx", "pipeline", "read", "to_graph", "to_html", "to_networkx",
]  # fmt: skip

#: Loaded when first asked for: spaCy alone takes a second, and `kg --help` needs none of it.
_LATER = {
    "pipeline": "kg.extract", "to_graph": "kg.graph", "to_networkx": "kg.mirror", "from_networkx": "kg.mirror",
    "ask": "kg.query", "Store": "kg.store", "to_html": "kg.view",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
