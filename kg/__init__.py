"""kg reads news on diplomacy and conflict into an RDF knowledge graph that one can trust.

    from kg import Store, pipeline, read, to_html, to_networkx

    store = Store("news.kg")
    for record in pipeline()(read("seeds")):
        store.add(record)

`read` gives Articles, `pipeline()` turns them into Records, a `Store` keeps each as a named graph, `to_networkx`
mirrors what is claimed, `to_html` draws the mirror; `Store.frame` gives an answer as a pandas table. All errors that kg
raises on purpose are `KGError`s.

Over many articles: `identities` says who is who, and why; `decision`, `decide` and `undo` are a person's word for it;
`support` counts who asserts a fact, `as_of` is the graph as it was known or true on a day. A package cannot have a
function and a module of one name, so these are found in their modules: `kg.contradictions.contradictions`,
`kg.difference.difference`, `kg.ingest.ingest`, `kg.merge.merge`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.errors import ArticleError, KGError, OntologyError, QueryError, StoreError
from kg.read import Article, read
from kg.record import Record

if TYPE_CHECKING:
    from kg.asof import as_of
    from kg.clusters import Verdict
    from kg.difference import support
    from kg.extract import pipeline
    from kg.graph import to_graph
    from kg.mirror import from_networkx, to_networkx
    from kg.query import ask
    from kg.resolve import decide, decision, identities, undo
    from kg.store import Store
    from kg.view import to_html

__version__ = "0.1.0"
__all__ = [
    "Article", "ArticleError", "KGError", "OntologyError", "QueryError", "Record", "Store", "StoreError",
    "Verdict", "as_of", "ask", "decide", "decision", "from_networkx", "identities", "pipeline", "read", "support",
    "to_graph", "to_html", "to_networkx", "undo",
]  # fmt: skip

#: Loaded when first asked for: spaCy alone takes a second, and `kg --help` needs none of it.
_LATER = {
    "pipeline": "kg.extract", "to_graph": "kg.graph", "to_networkx": "kg.mirror", "from_networkx": "kg.mirror",
    "ask": "kg.query", "Store": "kg.store", "to_html": "kg.view", "as_of": "kg.asof", "Verdict": "kg.clusters",
    "support": "kg.difference", "identities": "kg.resolve", "decide": "kg.resolve", "decision": "kg.resolve",
    "undo": "kg.resolve",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
