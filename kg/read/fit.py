"""Whether what was read is an article that can be read closely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kg.read.article import Article
from kg.read.language import foreign
from kg.read.meta import described

#: No article is longer; what is has been glued together, or is none. The longest takes some 5 s and 1 GB to parse.
LONGEST = 100_000
#: Words and signs, which is what a parse costs. English has five characters to one, and attacks have two.
_MOST = 25_000
_TOKEN = re.compile(r"\w+|[^\w\s]")
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
    if len(text) > _MOST and (count := sum(1 for _ in _TOKEN.finditer(text))) > _MOST:
        return f"{count:,} words and signs, more than {_MOST:,}: split it into articles"
    code = foreign(text)
    return f"not in English (its language is {code}): there is no lexicon for it" if code else None
