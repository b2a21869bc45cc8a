"""The page of an article: its sentences in order, what was read in each, and what was not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rdflib import PROV

from kg.errors import StoreError
from kg.explain import ASSERTED, ENTITIES, FOREIGN, NOTHING, OPEN, QUALIFIED, RETOLD, Covered, coverage
from kg.namespaces import KG, offsets
from kg.serve.edition import Edition
from kg.serve.reading import PREDICATE, Origin, Pointer, Reader, Said, Thing

#: What came of a sentence, in words that stand beside it.
OUTCOMES = {
    ASSERTED: "claims",
    QUALIFIED: "qualified claims only",
    RETOLD: "tells again of an event",
    OPEN: "read, of no known class",
    ENTITIES: "names only, no claim",
    NOTHING: "nothing read here",
    FOREIGN: "not the article's own",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: plain, a mention of something (`thing`), or the words that state a claim (`claim`)."""

    text: str
    thing: Thing | None = None
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, what came of it in words, and the claims that were read in it."""

    start: int
    block: str
    outcome: str
    empty: bool
    text: str
    pieces: tuple[Piece, ...]
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article with all that was read in it."""

    origin: Origin
    source: str
    sentences: tuple[Sentence, ...]
    things: tuple[Thing, ...]
    claims: int
    asserted: int
    silent: int


def article(edition: Edition, iri: str) -> Article:
    """The article of an IRI. Raises StoreError where it is not there."""
    if iri not in edition.articles:
        raise StoreError(f"{iri}: no such article here: the list of sources names all there are")
    reader = Reader(edition)
    by_place = _claims(reader, iri)
    mentions = sorted(_mentions(reader, iri))
    sentences = tuple(_sentence(reader, iri, covered, by_place, mentions) for covered in coverage(edition.store, iri))
    things = dict.fromkeys(piece.thing for one in sentences for piece in one.pieces if piece.thing is not None)
    claims = [claim for one in sentences for claim in one.claims]
    return Article(
        reader.origin(iri), edition.articles[iri].source, sentences, tuple(things),
        len(claims), sum(claim.asserted for claim in claims), sum(one.empty for one in sentences),
    )  # fmt: skip


def claims(model: Article) -> tuple[Said, ...]:
    """All claims, in the order of reading."""
    return tuple(claim for sentence in model.sentences for claim in sentence.claims)


#: A place in the text, and what stands there.
_Mention = tuple[int, int, str]


def _claims(reader: Reader, article: str) -> dict[tuple[int, int], list[Pointer]]:
    """The claims of an article by the place of their sentence."""
    date = reader.edition.articles[article].published or ""
    found: defaultdict[tuple[int, int], list[Pointer]] = defaultdict(list)
    for claim, _, span, _ in reader.store.match(None, str(PROV.wasQuotedFrom), None, article):
        known = reader.claim(claim, article)
        found[offsets(span)].append(Pointer(claim, article, known[PREDICATE], date))
    return {place: sorted(some, key=_reading) for place, some in found.items()}


def _reading(pointer: Pointer) -> tuple[int, str]:
    """The order in which claims were read: their numbers."""
    return len(pointer.claim), pointer.claim


def _mentions(reader: Reader, article: str) -> Iterator[_Mention]:
    for span, _, thing, _ in reader.store.match(None, str(KG.mentions), None, article):
        yield (*offsets(span), thing)


def _sentence(
    reader: Reader,
    article: str,
    covered: Covered,
    by_place: dict[tuple[int, int], list[Pointer]],
    mentions: Sequence[_Mention],
) -> Sentence:
    start, end = covered.start, covered.end
    pointers = [one for place, some in by_place.items() if start <= place[0] < end for one in some]
    told = [reader.said(pointer) for pointer in pointers if not _is_idle(pointer)]
    here = [mention for mention in mentions if start <= mention[0] and mention[1] <= end]
    return Sentence(
        start=start,
        block=covered.block,
        outcome=OUTCOMES[covered.outcome],
        empty=covered.outcome in (NOTHING, ENTITIES),
        text=covered.text,
        pieces=tuple(_pieces(reader, article, covered, here, _triggers(reader, pointers, start))),
        claims=tuple(told),
    )


def _is_idle(pointer: Pointer) -> bool:
    """Whether a claim only says what another one says, from the other end."""
    return pointer.predicate in (str(KG.response),)


def _triggers(reader: Reader, pointers: Iterable[Pointer], start: int) -> dict[tuple[int, int], str]:
    """The words that state an event, by place, and the first claim that they state."""
    found: dict[tuple[int, int], str] = {}
    for pointer in pointers:
        if trigger := reader.claim(pointer.claim, pointer.article).get(str(KG.trigger)):
            found.setdefault(offsets(trigger), pointer.claim)
    return found


def _pieces(
    reader: Reader,
    article: str,
    covered: Covered,
    mentions: Sequence[_Mention],
    triggers: dict[tuple[int, int], str],
) -> Iterator[Piece]:
    """A sentence cut where something begins; of what overlaps, the longest from the left is taken."""
    names = {(start, end): thing for start, end, thing in mentions if "#v" not in thing}
    marks = sorted({*names, *triggers}, key=lambda place: (place[0], -place[1]))
    at = covered.start
    for start, end in marks:
        if start < at or end > covered.end:
            continue
        if start > at:
            yield Piece(_cut(covered, at, start))
        text = _cut(covered, start, end)
        if (start, end) in names:
            yield Piece(text, reader.thing(names[start, end], article))
        else:
            yield Piece(text, None, triggers[start, end])
        at = end
    if at < covered.end:
        yield Piece(_cut(covered, at, covered.end))


def _cut(covered: Covered, start: int, end: int) -> str:
    return covered.text[start - covered.start : end - covered.start]
