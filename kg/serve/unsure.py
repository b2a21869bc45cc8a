"""The page of names of which nobody is sure whether they are of one: both in their sentences, for a person to say.

What is decided there is written to the store itself, as `kg resolve` does it; everything else here only reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from kg.clusters import Judgement, Verdict
from kg.errors import QueryError
from kg.forms import Form, known
from kg.judgements import bits
from kg.labels import in_words
from kg.namespaces import INDEX, KG
from kg.resolve import decide, decision, identities, undo
from kg.serve.edition import Edition
from kg.serve.paging import paged
from kg.serve.reading import LABEL, Reader, Voice, article_of
from kg.store import Store

#: So many pairs stand on one page, and so many sentences on a side.
MOST, MOST_VOICES = 20, 3
#: What a person may say of two names; `BACK` takes a decision back.
BACK = "back"
SAYINGS = (str(Verdict.SAME), str(Verdict.DIFFERENT), BACK)


@dataclass(frozen=True, slots=True)
class Side:
    """A name, its kind and what it goes with, in how many articles, and sentences of some of them."""

    iri: str
    name: str
    kind: str
    context: str
    articles: int
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, how probably they are of one, and why; `verdict` and `judge` are empty if nobody has decided."""

    left: Side
    right: Side
    probability: float
    reasons: tuple[str, ...]
    verdict: str
    judge: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """A page of pairs, and what was decided; while they are looked for for the first time, `ready` is false, and later
    `old` tells that they are of an older copy of the store. `open` tells whether one may decide here."""

    ready: bool
    old: bool
    open: bool
    total: int
    page: int
    pages: int
    pairs: tuple[Pair, ...]
    decided: tuple[Pair, ...]


def unsure(edition: Edition, found: Sequence[Judgement] | None, is_old: bool, page: int, open: bool) -> Unsure:
    """A page of the pairs that are unsure; None stands for those that are still looked for."""
    reader, said = Reader(edition), {(item.left, item.right) for item in edition.store.decisions()}
    listed = [item for item in found or () if (item.left, item.right) not in said]
    at, pages, here = paged(listed, page, MOST)
    shown = tuple(_pair(reader, item) for item in here)
    decided = tuple(_pair(reader, item) for item in edition.store.decisions())
    return Unsure(found is not None, is_old, open, len(listed), at, pages, shown, decided)


def _pair(reader: Reader, item: Judgement) -> Pair:
    reasons = tuple(f"{reason.text} ({bits(reason.bits)})" for reason in item.reasons)
    verdict = "" if item.judge is None else str(item.verdict)
    return Pair(
        _side(reader, item.left), _side(reader, item.right), item.probability, reasons, verdict, item.judge or ""
    )


def _side(reader: Reader, iri: str) -> Side:
    form = _form(reader, iri)
    things = sorted(thing for thing, _, _, _ in reader.store.match(None, str(KG.form), iri, INDEX)) or [iri]
    voices = (voice for thing in things for voice in reader.voices(thing))
    articles = {article for thing in things for *_, article in reader.store.match(None, str(KG.mentions), thing)}
    context = ", ".join(
        (*form.offices, *(f"of {one}" for one in form.context), *(f"with {one}" for one in form.company))
    )
    kind, shown = in_words(form.type), tuple(islice(voices, MOST_VOICES))
    return Side(iri, _name(reader, form, things[0]), kind, context, len(articles), shown)


def _name(reader: Reader, form: Form, thing: str) -> str:
    """A name as an article writes it, where one has it."""
    label = reader.value(thing, LABEL, article_of(thing)) if article_of(thing) else ""
    return label or reader.edition.names.labels.get(thing, form.names[0])


def _form(reader: Reader, iri: str) -> Form:
    """The form of an IRI: of the gazetteer, of an article, or one that no article has any more."""
    says = reader.value(iri, str(KG.says), INDEX)
    return known().get(iri) or (Form.from_json(says) if says else Form("Thing", (iri,)))


def settle(store: Store, saying: str, left: str, right: str, judge: str) -> None:
    """Writes what a person says of two names. Raises QueryError where that cannot be."""
    if saying not in SAYINGS:
        raise QueryError(f"{saying!r} is none of {', '.join(SAYINGS)}")
    if saying != BACK:
        decide(store, [decision(store, identities(store), Verdict(saying), (left, right), judge or "a person")])
    elif not undo(store, left, right):
        raise QueryError("nothing was decided of these two, so there is nothing to take back")
