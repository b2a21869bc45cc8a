"""Stores and RDF files into one store: articles of ours, decisions of people, and what others said in their own terms.

The same articles and decisions give the same store, whichever comes first and however often. RDF that is no article
of ours is kept apart from claims, in a graph named by its content: nothing is derived of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF

from kg import judgements
from kg.clusters import Judgement
from kg.errors import QueryError, StoreError
from kg.graph import COMPLETE, STATUS, Statement
from kg.namespaces import ARTICLE, DERIVED, FOREIGN, JOURNAL, JUDGEMENTS, KG, PUSHED
from kg.quads import as_text
from kg.resolve import consistent
from kg.store import Store

#: The formats of RDF files by their ending: those that can neither read other files nor ask the network.
FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
#: Where blank nodes go: they have no name of their own, and a store of ours has none.
_GENID = "https://kg.example/.well-known/genid/"

#: Quads by the IRI of their graph; those of the default graph under "".
_Graphs = Mapping[str, list[ox.Quad]]


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of one source: so many articles that are new, known (or older than what is there), so many decisions
    of people that are new, and so many triples of others."""

    source: str
    articles: int
    known: int
    decisions: int
    foreign: int


def merge(into: Store, sources: Iterable[Path]) -> Iterator[Merged]:
    """Merges stores and RDF files into a store, one after the other.

    Raises StoreError for what cannot be read or is no sound graph of ours, QueryError for decisions that contradict
    each other; what was merged before stays.
    """
    for source in sources:
        yield _merged(into, str(source), _read(source))


def _merged(into: Store, source: str, graphs: _Graphs) -> Merged:
    articles = {name: quads for name, quads in sorted(graphs.items()) if _is_article(name, quads)}
    kept = {name for name, quads in graphs.items() if _is_kept(name, quads)}
    ours = {*articles, *kept, *_OURS}
    foreign = [quad for name, quads in graphs.items() if name not in ours for quad in quads]
    _refuse_claims(source, chain(foreign, *(graphs[name] for name in kept)))
    said = _decisions(into, source, graphs)
    # Of two versions of one day the journal knows the last.
    into.keep(graphs.get(JOURNAL, ()))
    new = [_adopted(into, source, name, quads) for name, quads in articles.items()]
    before, others = len(into.decisions()), len(foreign) + sum(len(graphs[name]) for name in kept)
    into.decide(said)
    into.keep([*(quad for name in kept for quad in graphs[name]), *_named(foreign)])
    return Merged(source, sum(new), len(new) - sum(new), len(said) - before, others)


_OURS = {*DERIVED, JUDGEMENTS, JOURNAL, PUSHED}


def _is_article(name: str, quads: Iterable[ox.Quad]) -> bool:
    return name.startswith(ARTICLE) and any(quad.predicate == STATUS and quad.object == COMPLETE for quad in quads)


def _is_kept(name: str, quads: Iterable[ox.Quad]) -> bool:
    """Whether a graph of others was named by its content before, when another store took it."""
    ends = (end for quad in quads for end in (quad.subject, quad.object))
    return name.startswith(str(FOREIGN)) and not any(isinstance(end, ox.BlankNode) for end in ends)


def _adopted(into: Store, source: str, name: str, quads: Iterable[ox.Quad]) -> bool:
    triples: list[Statement] = []
    for quad in quads:
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode | ox.Literal):
            raise StoreError(f"{source}: {name} has a blank node, and no article of ours has: it was not written by kg")
        triples.append((quad.subject, quad.predicate, quad.object))
    try:
        return into.adopt(name, triples)
    except (KeyError, ValueError) as error:
        what = f"{name} is no sound graph of an article ({error})"
        raise StoreError(f"{source}: {what}: ingest the article again") from error


def _decisions(into: Store, source: str, graphs: _Graphs) -> list[Judgement]:
    """The decisions of both. Raises QueryError where two contradict each other."""
    said = {(item.left, item.right): item for item in into.decisions()}
    for item in _said(source, graphs.get(JUDGEMENTS, ())):
        pair = item.left, item.right
        if pair in said and said[pair].verdict is not item.verdict:
            judges = f"{said[pair].judge} says {said[pair].verdict}, {item.judge} says {item.verdict}"
            raise QueryError(f"{item.left} and {item.right}: {judges}; settle it in one of them: kg resolve --undo A B")
        # Of two who say the same one is kept, whichever comes first.
        said[pair] = min(item, said.get(pair, item), key=lambda one: one.judge or "")
    consistent({pair: item.verdict for pair, item in said.items()})
    return list(said.values())


def _said(source: str, quads: Iterable[ox.Quad]) -> tuple[Judgement, ...]:
    """The decisions in a graph. Raises StoreError for one that nobody made, or of which it is not clear what it is."""
    try:
        found = judgements.read((as_text(quad.subject), quad.predicate.value, as_text(quad.object)) for quad in quads)
    except ValueError as error:
        raise StoreError(f"{source}: a decision makes no sense ({error}): export the store again") from error
    if wrong := next((item for item in found if not item.judge or item.left >= item.right), None):
        raise StoreError(f"{source}: of {wrong.left} and {wrong.right} nobody decided: export the store again")
    return found


def _refuse_claims(source: str, quads: Iterable[ox.Quad]) -> None:
    """RDF without an article makes no claims of ours, and says nothing of triples."""
    claim = ox.NamedNode(str(KG.Claim))
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            raise StoreError(f"{source}: {quad.object}: triples about triples are not taken: write them out")
        if quad.predicate.value == str(RDF.type) and quad.object == claim:
            raise StoreError(
                f"{source}: {quad.subject} is a claim outside of a whole article: export the store as nquads, trig or "
                "jsonld, which keep the articles apart"
            )


def _named(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """What others said, in a graph named by its content; blank nodes named by their place in it (RDFC-1.0)."""
    data = ox.Dataset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    if not len(data):
        return
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    content = sorted(map(str, data))
    digest = hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]
    for quad in data:
        subject, object_ = (_skolem(term, digest) for term in (quad.subject, quad.object))
        assert isinstance(subject, ox.NamedNode), "no literal is a subject"
        yield ox.Quad(subject, quad.predicate, object_, ox.NamedNode(f"{FOREIGN}{digest}"))


def _skolem(term: object, digest: str) -> ox.NamedNode | ox.Literal:
    if isinstance(term, ox.BlankNode):
        return ox.NamedNode(f"{_GENID}{digest}-{term.value}")
    assert isinstance(term, ox.NamedNode | ox.Literal), "triples about triples were refused"
    return term


# -------------------------------------------------------------------------------------------------------------- reading


def _read(source: Path) -> _Graphs:
    """The quads of a store or an RDF file by graph."""
    graphs: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    for quad in _of_store(source) if source.is_dir() else _of_file(source):
        graphs["" if isinstance(quad.graph_name, ox.DefaultGraph) else as_text(quad.graph_name)].append(quad)
    return graphs


def _of_store(source: Path) -> list[ox.Quad]:
    with Store(source, read_only=True) as store:
        return list(store.quads())


def _of_file(source: Path) -> list[ox.Quad]:
    format_ = FORMATS.get(source.suffix.lower())
    if format_ is None:
        raise StoreError(f"{source}: neither a store nor RDF that is taken here: {', '.join(FORMATS)}")
    try:
        return list(ox.parse(source.read_bytes(), format=format_))
    except (OSError, SyntaxError, ValueError) as error:
        raise StoreError(f"{source}: cannot be read as {format_.name}: {error}") from error
