"""Wording: the article's words for what fills a role, without what is said elsewhere.

"The six-month Egyptian-brokered truce in Gaza" is "truce": how long, by whom and where are propositions of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.extract.coreference import Referents
from kg.extract.nouns import phrase
from kg.extract.tree import Tree
from kg.lexicon import Lexicon

#: Where the text of a clause is cut.
_BREAKS = frozenset({":", "-LRB-", "-RRB-", "``", "''"})
#: Types of what says where something is.
_WHERE = ("Place", "State")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of the phrases and clauses of a text."""

    tree: Tree
    lexicon: Lexicon
    referents: Referents

    def words(self, token: int) -> str:
        """What the phrase of a noun names, or the clause of a verb says."""
        start, end = self._span(token)
        return (
            " ".join(word for word in self.tree.words[start:end] if word.strip())
            .replace(" 's", "'s")
            .replace(" ’s", "’s")
            .replace(" - ", "-")
        )

    def _span(self, token: int) -> tuple[int, int]:
        """Tokens of what a role's text names: a noun phrase, or the core of a clause."""
        tree = self.tree
        if not (tree.is_noun(token) or tree.tags[token] in {"CD", "JJ", "PRP"}):
            return token, self._core(token)
        start, end = phrase(tree, token)
        end = min([end, *(kid for kid in tree.down(token, "prep") if kid > token and self._is_whereabouts(token, kid))])
        start = max([start, *(kid + 1 for kid in tree.down(token, "amod") if self._is_told(kid))])
        clause = tree.deps[token] in {"nsubj", "nsubjpass"} and tree.deps[tree.heads[token]] == "ccomp"
        article = tree.lemmas[start] in {"the", "a", "an"} and tree.tags[token] != "NN"
        if end - start > 1 and (article or (clause and tree.lemmas[start] == "that")):
            start += 1
        return start, end

    def _is_whereabouts(self, noun: int, prep: int) -> bool:
        """Whether a phrase only says where an event or a building is ("a ceasefire in Syria", not "the situation in
        Syria"), or in which circumstances: "in connection with"."""
        tree, words, schema = self.tree, self.lexicon.words, self.lexicon.schema
        objects = tuple(tree.down(prep, "pobj"))
        if any(tree.has(kid, "prep") and tree.lemmas[kid] in words["circumstances"] for kid in objects):
            return True
        stands = self.lexicon.names_event(tree.lemmas[noun]) or "Facility" in self._types(noun)
        located = any(schema.is_a(one, kind) for kid in objects for one in self._types(kid) for kind in _WHERE)
        return stands and located and tree.lemmas[prep] in words["locative"]

    def _types(self, token: int) -> tuple[str, ...]:
        """Types of what a token names."""
        return tuple(self.referents.clusters[number].type for number in self.referents.by_token.get(token, ()))

    def _is_told(self, modifier: int) -> bool:
        """Whether a modifier is a proposition of its own: "an Egyptian-brokered truce"."""
        return self.tree.tags[modifier] == "VBN" and self.tree.has(modifier, "npadvmod", "compound", "nmod", "amod")

    def _core(self, verb: int, whole: bool = True) -> int:
        """Where a verb ends with its particle and what it governs: an object, a clause, or else (`whole`) a phrase."""
        tree = self.tree
        ends = [kid + 1 for kid in tree.down(verb, "prt", "acomp", "neg")]
        ends += [phrase(tree, kid)[1] for kid in tree.down(verb, "dobj", "attr", "dative", "oprd") if kid > verb]
        ends += [self._core(kid, whole=False) for kid in tree.down(verb, "xcomp", "ccomp", "pcomp") if kid > verb]
        near = max(ends, default=verb + 1)
        preps = [kid for kid in tree.down(verb, "prep") if kid > verb and (not ends or kid == near)][:1]
        if preps and whole:
            ends += [phrase(tree, kid)[1] for kid in tree.down(preps[0], "pobj")]
            ends += [self._core(kid) for kid in tree.down(preps[0], "pcomp")]
        end = max([verb + 1, *ends])
        return min([end, *(at for at in range(verb + 1, end) if tree.tags[at] in _BREAKS)])
