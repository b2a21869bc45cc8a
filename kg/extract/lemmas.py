"""Lemmas, asked once a word.

A model's attribute ruler and lemmatizer look at a word, its tag and its dependency, and cost a seventh of the parse to
say the same of each "the". Here they are asked once of each such triple, as of a text of one word. What their few
patterns of two words say ("let's", "gonna") is not heard: no news turns on it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

#: How many words are remembered: many more than a language's common ones.
_REMEMBERED = 2**18
_RULER, _LEMMATIZER = "attribute_ruler", "lemmatizer"


@Language.factory("kg_lemmas", requires=["token.tag", "token.dep"], assigns=["token.lemma", "token.tag", "token.dep"])
class Lemmas:
    """The lemma of each word, and what a model calls white space, as the stages say whose place it takes."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.stages: tuple[Any, ...] = ()
        self._said = lru_cache(_REMEMBERED)(lambda *word: self._ask(nlp, *word))

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            token.lemma, token.tag, token.dep = self._said(token.orth, token.tag, token.dep)
        return doc

    def _ask(self, nlp: Language, orth: int, tag: int, dep: int) -> tuple[int, int, int]:
        doc = Doc(nlp.vocab, words=[nlp.vocab.strings[orth]])
        doc[0].tag, doc[0].dep = tag, dep
        for stage in self.stages:
            doc = stage(doc)
        return doc[0].lemma, doc[0].tag, doc[0].dep


def remember(nlp: Language) -> None:
    """Puts `kg_lemmas` in the place of a model's attribute ruler and lemmatizer, where it has both, one behind the
    other."""
    names = nlp.pipe_names
    if (_RULER, _LEMMATIZER) in zip(names, names[1:], strict=False):
        lemmas: Any = nlp.add_pipe("kg_lemmas", before=_RULER)
        lemmas.stages = tuple(nlp.get_pipe(name) for name in (_RULER, _LEMMATIZER))
        for name in (_RULER, _LEMMATIZER):
            nlp.disable_pipe(name)
