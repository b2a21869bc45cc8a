"""A mention of an entity: a span of tokens with a head, and how words are compared."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from kg.extract.tree import Tree

NAME, NOMINAL, PRONOUN = "name", "nominal", "pronoun"
#: The type of what is spoken of and is none of the ontology's kinds: an aircraft, a budget, a prisoner list.
THING = "Thing"


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens [start, end) with a head that name an entity; `iri` where the gazetteer knows it, `state` its modifier."""

    start: int
    end: int
    head: int
    kind: str
    type: str
    text: str
    iri: str | None = None
    members: str | None = None


def fold(word: str) -> str:
    """A word as forms are compared: without case and accents, straight apostrophes."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.replace("’", "'"))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def order(mention: Mention) -> tuple[int, int, str]:
    """Mentions as they stand in the text, the wider first."""
    return mention.start, -mention.end, mention.kind


def head_of(tree: Tree, start: int, end: int) -> int:
    """The token of a span whose governor lies outside it (the last, if several)."""
    return next(
        (at for at in reversed(range(start, end)) if not start <= tree.heads[at] < end or tree.heads[at] == at), end - 1
    )


def text_of(tree: Tree, start: int, end: int) -> str:
    """Words of a span as they stand, one blank between where the text has any space."""
    parts = [tree.words[start]]
    for at in range(start + 1, end):
        parts.append((" " if tree.starts[at] > tree.ends[at - 1] else "") + tree.words[at])
    return "".join(part if part.strip() else " " for part in parts).strip()
