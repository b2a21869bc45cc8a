"""Lemmas, asked once a word.

A model's attribute ruler and lemmatizer look at a word, its tag and its dependency, and cost a seventh of the parse to
say the same of each "the". Here they are asked once of each such triple, as of a text of one word. What their few
patterns of two words say ("let's", "gonna") is not heard: no news turns on it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

#: Whose place this takes, as they stand behind one another.
_STAGES = ("attribute_ruler", "lemmatizer")
#: How many words are remembered: many more than a language's common ones.
_REMEMBERED = 2**18


@Language.factory("kg_lemmas", requires=["token.tag", "token.dep"], assigns=["token.lemma", "token.tag", "token.dep"])
class Lemmas:
    """The lemma of each word, and the tag of white space, as the pipeline's own two stages say, then disabled."""

    def __init__(self, nlp: Language, name: str) -> None:
        self._said = lru_cache(_REMEMBERED)(lambda *word: _said(nlp, *word))

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            token.lemma, token.tag, token.dep = self._said(token.orth, token.tag, token.dep)
        return doc


def _said(nlp: Language, orth: int, tag: int, dep: int) -> tuple[int, int, int]:
    doc = Doc(nlp.vocab, words=[nlp.vocab.strings[orth]])
    doc[0].tag, doc[0].dep = tag, dep
    for name in _STAGES:
        doc = nlp.get_pipe(name)(doc)
    return doc[0].lemma, doc[0].tag, doc[0].dep


def remember(nlp: Language) -> None:
    """Puts `kg_lemmas` in the place of a model's attribute ruler and lemmatizer, where it has both."""
    names = nlp.pipe_names
    if _STAGES in pairwise(names):
        nlp.add_pipe("kg_lemmas", before=_STAGES[0])
        for name in _STAGES:
            nlp.disable_pipe(name)
