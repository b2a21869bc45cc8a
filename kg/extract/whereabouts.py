"""Whereabouts: where an event is told to take place, by the phrases below its words and at the head of its clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.coreference import Referents
from kg.extract.cues import Qualification
from kg.extract.frames import Proposition
from kg.extract.tree import Tree
from kg.lexicon import Lexicon

#: Who or what is hit is where it happens: "killed 17 people in Kyiv".
_HIT = ("target", "killed", "injured")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Finds the words for places of propositions."""

    tree: Tree
    lexicon: Lexicon
    referents: Referents
    qualification: Qualification

    def locatives(self, proposition: Proposition) -> Iterator[int]:
        """Names of places below a trigger, its support verb, what it hits, or at the head of the clause."""
        tree = self.tree
        at = proposition.at
        measures = [up for up in tree.up(at) if tree.lemmas[up] in self.lexicon.words["transparent"]][:1]
        carriers = [self.qualification.supports[at]] if at in self.qualification.supports else []
        above = [verb for verb in self._clause(at) if verb not in carriers]
        hit = [one for role in _HIT for _, tokens in proposition.arguments_of(role) for one in tokens]
        yield from self._where(at)
        for place in (at, *measures, *carriers, *above, *hit):
            for prep in tree.down(place, "prep"):
                # "He told reporters in Tehran that …" places the telling, "In Tehran, he told reporters …" all of it.
                if tree.lemmas[prep] in self.lexicon.words["locative"] and (prep < at or not self._reports(place, at)):
                    for token in tree.down(prep, "pobj"):
                        yield from self._nested(token)

    def _where(self, at: int) -> Iterator[int]:
        """The place that the clause of an event is told of: "Homs, where …"; before its noun: "the Geneva talks"."""
        tree = self.tree
        clause = next((up for up in (at, *tree.up(at)) if tree.deps[up] == "relcl"), None)
        if clause is not None and any(tree.lemmas[kid] == "where" for kid in tree.down(clause, "advmod")):
            yield tree.heads[clause]
            yield from tree.down(tree.heads[clause], "compound")
            yield from (name for prep in tree.down(tree.heads[clause], "prep") for name in tree.down(prep, "pobj"))
        yield from (kid for kid in tree.down(at, "compound") if self.names_city(kid))

    def names_city(self, at: int) -> bool:
        clusters, numbers = self.referents.clusters, self.referents.by_token.get(at, ())
        return any(clusters[number].type == "City" for number in numbers)

    def _reports(self, verb: int, at: int) -> bool:
        """Whether a verb governs the clause of a token as what is said."""
        return any(self.tree.deps[x] == "ccomp" and self.tree.heads[x] == verb for x in (at, *self.tree.up(at)))

    def _nested(self, token: int) -> Iterator[int]:
        """A place, those coordinated with it, and what it is "the city of", if it is not "the request of"."""
        for one in self.tree.conjuncts(token):
            yield one
            for prep in self.tree.down(one, "prep"):
                if self.tree.lemmas[prep] == "of" and self.tree.lemmas[one] not in self.lexicon.words["unplaced"]:
                    yield from self.tree.down(prep, "pobj")

    def _clause(self, at: int) -> Iterator[int]:
        """The verb of the clause whose subject an event noun is, and the reporting verb above it."""
        tree = self.tree
        if tree.deps[at] in {"nsubj", "nsubjpass"}:
            yield tree.heads[at]
            at = tree.heads[at]
        if tree.deps[at] == "ccomp":
            yield tree.heads[at]
