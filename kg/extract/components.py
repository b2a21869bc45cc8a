"""The stages of extraction as spaCy components, each of which writes one attribute of the Doc.

Anyone may put them into a pipeline of their own, or put another component that writes the same attribute
in their place.
"""

from __future__ import annotations

from collections.abc import Container
from functools import partial
from itertools import accumulate
from typing import Any

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Token

from kg import lexicon as lexicon_module
from kg.extract import coreference, cues, dates, frames, names, offices, proposals, quotes
from kg.extract.blocks import FOREIGN, HEADLINE, Block
from kg.extract.course import Course
from kg.extract.mention import NAME, order
from kg.extract.repairs import repaired
from kg.extract.tree import Syntax, Tree, lemma

_ATTRIBUTES = (
    "article",
    "blocks",
    "tree",
    "foreign",
    "mentions",
    "times",
    "propositions",
    "spoken",
    "referents",
    "holdings",
    "scene",
    "events",
    "record",
    "claims",
    "counts",
)
for _attribute in _ATTRIBUTES:
    if not Doc.has_extension(f"kg_{_attribute}"):
        Doc.set_extension(f"kg_{_attribute}", default=None)


#: Marks of direction and joining that web pages leave at the ends of words.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def tree_of(doc: Doc) -> Tree:
    """The parse as plain tuples; the words as the article writes them, though a headline was parsed in lower case."""
    text = doc._.kg_article.text if doc._.kg_article else doc.text
    rows = [
        (_visible(text[t.idx : t.idx + len(t)]), _lemma(t), t.tag_, t.dep_, t.head.i, t.idx, bool(t.is_sent_start))
        for t in doc
    ]
    words, lemmas, tags, deps, heads, starts, opens = zip(*rows, strict=True) if rows else ((),) * 7
    deps, heads = repaired(words, tags, deps, heads)
    kids: list[list[int]] = [[] for _ in heads]
    for at, head in enumerate(heads):
        if head != at:
            kids[head].append(at)
    ends = tuple(start + len(word) for start, word in zip(starts, words, strict=True))
    return Tree(words, lemmas, tags, deps, heads, tuple(map(tuple, kids)), starts, ends, tuple(accumulate(opens)))


def _visible(word: str) -> str:
    """A word without such marks behind it."""
    return word if word.isascii() else word.rstrip(_INVISIBLE) or word


def _lemma(token: Token) -> str:
    found = _visible(token.lemma_.lower())
    return lemma(token.text, found) if token.tag_.startswith("VB") else found


def _published(doc: Doc) -> str | None:
    return doc._.kg_article.published if doc._.kg_article else None


def _foreign(doc: Doc) -> frozenset[int]:
    """Tokens of blocks that are not the article's own: lists of other headlines."""
    parts: tuple[Block, ...] = doc._.kg_blocks or ()
    foreign = [part for part in parts if part.kind == FOREIGN]
    return (
        frozenset(at for at, idx in enumerate(doc._.kg_tree.starts) if any(p.start <= idx < p.end for p in foreign))
        if foreign
        else frozenset()
    )


def _tokens(tokenizer: Tokenizer, special: Container[str], form: str) -> list[str]:
    """The words of a name as the tokenizer cuts them. Between letters it cuts only words that it knows as special, so
    that most of 9,000 names need not be put to it: half a second of each start."""
    words = form.split()
    plain = all(word.isalpha() and word not in special for word in words)
    return words if plain else [token.text for token in tokenizer(form)]


@Language.factory(
    "kg_names", requires=["doc.ents", "token.dep", "token.tag", "token.lemma"], assigns=["doc._.kg_mentions"]
)
class Names:
    """Mentions of entities."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.lexicon = lexicon_module.load()
        tokenizer: Any = nlp.tokenizer
        self.index = names.NameIndex(self.lexicon.gazetteer, partial(_tokens, tokenizer, tokenizer.rules))

    def __call__(self, doc: Doc) -> Doc:
        doc._.kg_tree = tree = tree_of(doc)
        entities = [(entity.start, entity.end, entity.label_) for entity in doc.ents]
        found = names.find(tree, entities, self.index, self.lexicon)
        doc._.kg_foreign = foreign = _foreign(doc)
        doc._.kg_mentions = tuple(mention for mention in found if mention.start not in foreign)
        return doc


@Language.factory("kg_dates", requires=["doc.ents"], assigns=["doc._.kg_times"])
class Dates:
    """Time expressions."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.lexicon = lexicon_module.load()

    def __call__(self, doc: Doc) -> Doc:
        entities = [(entity.start, entity.end, entity.label_) for entity in doc.ents]
        doc._.kg_times = tuple(
            when
            for when in dates.find(doc._.kg_tree, entities, _published(doc), self.lexicon)
            if when.start not in doc._.kg_foreign
        )
        return doc


@Language.factory("kg_frames", requires=["doc._.kg_mentions"], assigns=["doc._.kg_propositions", "doc._.kg_holdings"])
class Frames:
    """Propositions of the lexicon's frames, and who holds which office."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.lexicon = lexicon_module.load()

    def __call__(self, doc: Doc) -> Doc:
        tree, mentions = doc._.kg_tree, doc._.kg_mentions
        types = {
            token: mention.type.replace("Delegate", "State")
            for mention in mentions
            for token in (range(mention.start, mention.end) if mention.kind == NAME else (mention.head,))
        }
        dates = {token.i for entity in doc.ents if entity.label_ in {"DATE", "TIME"} for token in entity}
        syntax = Syntax(tree, self.lexicon.paths, frames.supports(tree, self.lexicon))
        found = frames.propositions(tree, syntax, self.lexicon, frames.acceptance(tree, types, dates, self.lexicon))
        named = {token for mention in mentions if mention.kind == NAME for token in range(mention.start, mention.end)}
        doc._.kg_propositions = tuple(
            p for p in found if p.at not in doc._.kg_foreign and not (tree.is_noun(p.at) and p.at in named)
        )
        doc._.kg_holdings = offices.find(tree, mentions, self.lexicon, _published(doc))
        return doc


@Language.factory("kg_quotes", requires=["doc._.kg_propositions"], assigns=["doc._.kg_spoken"])
class Quotes:
    """Who said what."""

    def __init__(self, nlp: Language, name: str) -> None:
        pass

    def __call__(self, doc: Doc) -> Doc:
        parts = doc._.kg_blocks or (Block("paragraph", 0, len(doc.text)),)
        doc._.kg_spoken = quotes.find(doc._.kg_tree, doc.text, parts, doc._.kg_propositions)
        return doc


@Language.factory("kg_coreference", requires=["doc._.kg_mentions", "doc._.kg_spoken"], assigns=["doc._.kg_referents"])
class Coreference:
    """What mentions refer to."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.lexicon = lexicon_module.load()

    def __call__(self, doc: Doc) -> Doc:
        tree, mentions = doc._.kg_tree, doc._.kg_mentions
        mediators = frozenset(
            token for proposition in doc._.kg_propositions for function, role in proposition.frame.arguments
            if role == "mediator" for token in proposition.fillers(function)
        )  # fmt: skip
        said_of = (token for p in doc._.kg_propositions for _, fillers in p.arguments for token in fillers)
        taken = doc._.kg_foreign | {at for p in doc._.kg_propositions for at in p.words}
        taken |= {at for m in mentions for at in (range(m.start, m.end) if m.kind == NAME else (m.head,))}
        taken |= {token for when in doc._.kg_times for token in range(when.start, when.end)}
        mentions = tuple(sorted((*mentions, *names.things(tree, said_of, taken, self.lexicon)), key=order))
        titles = offices.titles(tree, mentions, self.lexicon)
        doc._.kg_referents = coreference.resolve(
            tree, mentions, titles, doc._.kg_spoken, mediators, self.lexicon, doc._.kg_holdings
        )
        return doc


@Language.factory("kg_events", requires=["doc._.kg_propositions", "doc._.kg_referents"], assigns=["doc._.kg_events"])
class Events:
    """Events with roles and qualifiers; codes of open ones, if the model has the vectors that the weights ask for."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.lexicon = lexicon_module.load()
        self.vectors = proposals.vectors_of(nlp.vocab)
        weights = proposals.load()
        self.weights = weights if nlp.vocab.vectors_length == weights.width else None

    def __call__(self, doc: Doc) -> Doc:
        tree, propositions = doc._.kg_tree, doc._.kg_propositions
        supports = frames.supports(tree, self.lexicon)
        qualification = cues.Qualification(tree, self.lexicon, supports, frames.carriers(propositions))
        title = max((part.end for part in doc._.kg_blocks or () if part.kind == HEADLINE), default=0)
        doc._.kg_scene = scene = Course(tree, self.lexicon, doc._.kg_referents, qualification, doc._.kg_spoken, title)
        doc._.kg_events = found = scene.events(propositions)
        if self.weights:
            proposals.add(scene, found, self.weights, self.vectors)
        return doc


STAGES = ("kg_names", "kg_dates", "kg_frames", "kg_quotes", "kg_coreference", "kg_events")
