"""What the ontology calls its classes and properties, for people."""

from __future__ import annotations

import re
from functools import cache

from rdflib import RDFS

from kg import lexicon, ontology
from kg.namespaces import KG


@cache
def _labels() -> dict[str, str]:
    found = lexicon.nodes([ontology.path("kg.ttl")])
    return {
        iri.removeprefix(str(KG)): node[str(RDFS.label)][0] for iri, node in found.items() if node.get(str(RDFS.label))
    }


def in_words(name: str) -> str:
    """The label of a class or property; of one that the ontology does not know the words of its name."""
    return _labels().get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def is_a(class_: str) -> str:
    """What stands between a thing and its class: "is an" agreement."""
    return "is an" if in_words(class_)[:1] in "aeiou" else "is a"
