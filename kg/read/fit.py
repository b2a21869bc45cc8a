"""Whether what was read is an article that can be read closely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kg.read.article import Article
from kg.read.language import foreign
from kg.read.meta import described

#: No article is longer; what is has been glued together, or is none. A parse of this much takes some 500 MB.
LONGEST = 200_000
_WORD = re.compile(r"[^\W\d_]{2,}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def fitting(article: Article, known: Mapping[str, object], published: str | None) -> Article:
    """The article with all that is known of it; `published` is for one that does not say. Raises ValueError with the
    reason why it is none that can be read."""
    told = described(article, known)
    whole = sound(replace(told, published=told.published or published))
    if reason := _unfit(whole.text):
        raise ValueError(reason)
    return whole


def sound(article: Article) -> Article:
    """Halves of surrogate pairs, which JSON can hold and no file, replaced by U+FFFD."""
    fields = {name: legible(value) for name in ("text", "source", "title", "url", "outlet")
              if (value := getattr(article, name)) and _SURROGATE.search(value)}  # fmt: skip
    return replace(article, **fields)


def legible(text: str) -> str:
    """A text that can be encoded."""
    return _SURROGATE.sub("\ufffd", text)


def _unfit(text: str) -> str | None:
    """Why a text is no article that can be read, or None."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST:
        return f"{len(text):,} characters, more than {LONGEST:,}: split it into articles"
    if not _WORD.search(text):
        return "no words in it"
    code = foreign(text)
    return f"not in English (its language is {code}): there is no lexicon for it" if code else None
