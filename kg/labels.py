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


def local(iri: str) -> str:
    """The last part of an IRI: after the last # or /."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def in_words(term: str) -> str:
    """The label of a class or property, given its IRI or name; of one that the ontology does not know, its words."""
    name = local(term)
    return _labels().get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def is_a(class_: str) -> str:
    """What stands between a thing and its class: "is an" agreement."""
    return "is an" if in_words(class_)[:1] in "aeiou" else "is a"
