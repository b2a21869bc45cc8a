"""The journal: when an article was ingested, and when it left the store, for which newer version. Pure.

It is kept apart from all that follows from the articles, for no two runs share it, and it outlives the articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import pyoxigraph as ox
from rdflib import XSD

from kg.graph import kg_term, node
from kg.namespaces import JOURNAL

_JOURNAL, _WHEN = node(JOURNAL), node(str(XSD.dateTime))


def lines(come: Iterable[str], gone: Iterable[str], at: datetime) -> Iterator[ox.Quad]:
    """What the journal says of articles that come and go at one time; those that go are superseded by what comes."""
    when = ox.Literal(at.isoformat(timespec="seconds"), datatype=_WHEN)
    new = tuple(come)
    for article in new:
        yield ox.Quad(node(article), kg_term("ingested"), when, _JOURNAL)
    for article in gone:
        yield ox.Quad(node(article), kg_term("removed"), when, _JOURNAL)
        for newer in new:
            yield ox.Quad(node(article), kg_term("supersededBy"), node(newer), _JOURNAL)
