"""The IRIs of the graph: one place for every namespace and for the few IRIs that code must name."""

import re

from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SH, SKOS, XSD, Namespace

#: What our own IRIs begin with; relative ones of a query are of it.
BASE = "https://kg.example/"
KG = Namespace("https://kg.example/ns#")
NAME = Namespace("https://kg.example/name/")
ARTICLE = Namespace("https://kg.example/article/")
TIME = Namespace("https://kg.example/time/")
ITEM = Namespace("https://kg.example/item/")
ORDINAL = Namespace("https://kg.example/ordinal/")
FORM = Namespace("https://kg.example/form/")
HAPPENING = Namespace("https://kg.example/happening/")
FOREIGN = Namespace("https://kg.example/foreign/")
TEXT = Namespace("https://kg.example/text/")
FAMILY = Namespace("https://kg.example/family/")
WORDING = Namespace("https://kg.example/wording/")
STRANGER = Namespace("https://kg.example/stranger/")
JUDGEMENT = Namespace("https://kg.example/judgement/")
SEM = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
SCHEMA = Namespace("https://schema.org/")
WD = Namespace("http://www.wikidata.org/entity/")
PLOVER = Namespace("https://kg.example/plover#")

#: The one named graph that holds what is affirmed and actual, over all articles, under canonical names.
WORLD = "https://kg.example/world"

#: The one named graph that holds what people decided of identity; it outlives the articles.
JUDGEMENTS = "https://kg.example/judgements"

#: What a SPARQL query, a Turtle export and the ontology may abbreviate.
PREFIXES: dict[str, str] = {
    "kg": str(KG),
    "name": str(NAME),
    "sem": str(SEM),
    "nif": str(NIF),
    "schema": str(SCHEMA),
    "wd": str(WD),
    "plover": str(PLOVER),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "skos": str(SKOS),
    "prov": str(PROV),
    "dcterms": str(DCTERMS),
    "xsd": str(XSD),
    "sh": str(SH),
}

#: What is derived of articles and judgements, beside the world graph: who is who, and where to look for candidates.
IDENTITY = "https://kg.example/identity"
#: The number of the index goes up when what is derived changes its form: then a store is to be mended first.
INDEX = "https://kg.example/index/3"

#: When articles were ingested, superseded and removed: the one thing here that two runs do not share.
JOURNAL = "https://kg.example/journal"

#: On a SPARQL server: what each named graph of ours held when it was sent there.
PUSHED = "https://kg.example/pushed"

#: The named graphs that follow from the others, and all that are no article's.
DERIVED = (WORLD, IDENTITY, INDEX)
NO_ARTICLES = frozenset((*DERIVED, JUDGEMENTS, JOURNAL))

_OFFSETS = re.compile(r"#char=(\d+),(\d+)$")


def offsets(span: str) -> tuple[int, int]:
    """Where a span begins and ends, in code points: its IRI says so (RFC 5147). Raises ValueError for any other IRI."""
    match = _OFFSETS.search(span)
    if match is None:
        raise ValueError(f"{span} is no span of an article: its IRI must end with #char=BEGIN,END")
    return int(match[1]), int(match[2])


def article_of(thing: str) -> str:
    """The article that an IRI in it belongs to."""
    return thing.partition("#")[0]


def short(text: str) -> str:
    """An IRI as it is written with a prefix, where one is known; all other text as it is."""
    known = {"article": str(ARTICLE), **PREFIXES}
    prefix = max(
        (name for name, iri in known.items() if text.startswith(iri)), key=lambda name: len(known[name]), default=""
    )
    return f"{prefix}:{text.removeprefix(known[prefix])}" if prefix else text
