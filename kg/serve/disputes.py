"""The page of contradictions: rival values side by side, each with who says so, in which sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.contradictions import KINDS, Contradiction
from kg.contradictions import Side as Rival
from kg.mirror import Claim
from kg.serve.edition import Edition
from kg.serve.paging import paged
from kg.serve.reading import Reader, Thing, Voice

#: So many stand on one page, and so many voices on a side.
MOST, MOST_VOICES = 50, 4
IN_WORDS = {"polarity": "said and denied", "value": "rival numbers", "time": "rival days", "office": "rival holders"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the rival values; `more` counts the claims that are not shown."""

    value: str
    voices: tuple[Voice, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """Rival values for one slot."""

    kind: str
    about: str
    subject: Thing
    left: Side
    right: Side


@dataclass(frozen=True, slots=True)
class Counted:
    """How many contradictions there are of a kind."""

    kind: str
    name: str
    many: int


@dataclass(frozen=True, slots=True)
class Disputes:
    """A page of contradictions; while they are looked for for the first time, `ready` is false, and later `old` tells
    that these are of an older copy of the store."""

    ready: bool
    old: bool
    kind: str
    kinds: tuple[Counted, ...]
    total: int
    page: int
    pages: int
    disputes: tuple[Dispute, ...]


def disputes(
    edition: Edition, found: Sequence[Contradiction] | None, is_old: bool = False, kind: str = "", page: int = 1
) -> Disputes:
    """A page of contradictions, of one kind if asked; None stands for those that are still looked for."""
    listed = [item for item in found or () if _is_here(edition, item)]
    wanted = [item for item in listed if kind in ("", item.kind)]
    counted = tuple(Counted(name, IN_WORDS[name], sum(item.kind == name for item in listed)) for name in KINDS)
    at, pages, here = paged(wanted, page, MOST)
    reader = Reader(edition)
    shown = tuple(_dispute(reader, item) for item in here)
    return Disputes(found is not None, is_old, kind, counted, len(listed), at, pages, shown)


def _is_here(edition: Edition, item: Contradiction) -> bool:
    """Whether all articles of a contradiction are still there: what an older copy held may be gone."""
    return all(claim.article in edition.articles for side in (item.left, item.right) for claim in side.claims)


def _dispute(reader: Reader, item: Contradiction) -> Dispute:
    subject = Thing(item.subject, item.about, "")
    return Dispute(IN_WORDS[item.kind], item.about, subject, _side(reader, item.left), _side(reader, item.right))


def _side(reader: Reader, side: Rival) -> Side:
    voices = tuple(_voices(reader, side.claims))
    return Side(side.value, voices[:MOST_VOICES], max(0, len(voices) - MOST_VOICES))


def _voices(reader: Reader, claims: Iterable[Claim]) -> Iterable[Voice]:
    """One voice a sentence: several claims may stand in it."""
    seen = set()
    for claim in claims:
        if (place := (claim.article, claim.start)) not in seen:
            seen.add(place)
            yield _voice(reader, claim)


def _voice(reader: Reader, claim: Claim) -> Voice:
    text, start, end = claim.sentence, claim.trigger_start, claim.trigger_end
    begin, stop = (0, 0) if start is None or end is None else (start - claim.start, end - claim.start)
    if not 0 <= begin <= stop <= len(text):
        begin = stop = 0
    return Voice(claim.speaker or "", text[:begin], text[begin:stop], text[stop:], reader.origin(claim.article))
