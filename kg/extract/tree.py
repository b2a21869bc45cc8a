"""A parsed text as plain tuples, and walks over it: what the rest of extraction reads instead of spaCy's tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

RELATIVE = frozenset({"who", "whom", "which", "that", "whose"})
RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$", "WRB"})
ACTIVE, PASSIVE, PARTICIPLE, NOUN, ADJECTIVE = "active", "passive", "participle", "noun", "adjective"


def lemma(form: str, found: str) -> str:
    """A verb's lemma by its spelling, where a lemmatizer guesses among two: "hopes" and "staged" are of "hope" and
    "stage", for "hop" and "stag" take no "es" and double their consonant."""
    short = len(found) > 2 and found[-1] not in _VOWELS | set("wxyszh") and found[-2] in _VOWELS
    syllable = short and sum(letter in _VOWELS for letter in found) == 1
    return found + "e" if syllable and form.lower() in {found + "es", found + "ed", found + "ing"} else found


_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Tree:
    """Tokens by index: words, lemmas (lower case), tags, dependency labels, heads, children, offsets, sentences."""

    words: tuple[str, ...]
    lemmas: tuple[str, ...]
    tags: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]
    kids: tuple[tuple[int, ...], ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[int, ...]
    #: Voices that were asked for: a verb's is asked for by each of its frames.
    _voices: dict[int, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.words)

    def down(self, at: int, *deps: str) -> Iterator[int]:
        """Children of a token with one of some labels, from left to right."""
        return (kid for kid in self.kids[at] if self.deps[kid] in deps)

    def has(self, at: int, *deps: str) -> bool:
        """Whether a token has a child with one of some labels (the first token of a text counts, whose number is 0)."""
        return next(self.down(at, *deps), None) is not None

    def up(self, at: int) -> Iterator[int]:
        """A token's governors, the nearest first."""
        while self.heads[at] != at:
            at = self.heads[at]
            yield at

    def subtree(self, at: int) -> list[int]:
        """A token and all below it, in order."""
        found, stack = [at], [at]
        while stack:
            kids = self.kids[stack.pop()]
            found.extend(kids)
            stack.extend(kids)
        return sorted(found)

    def is_verb(self, at: int) -> bool:
        """Whether a token is a verb (not an auxiliary of one)."""
        return self.tags[at].startswith("VB") and self.deps[at] not in {"aux", "auxpass"}

    def is_noun(self, at: int) -> bool:
        return self.tags[at].startswith("NN")

    def voice(self, at: int) -> str:
        """How a token takes its arguments."""
        found = self._voices.get(at)
        if found is None:
            found = self._voices[at] = self._voice(at)
        return found

    def _voice(self, at: int) -> str:
        if not self.is_verb(at) or (self.deps[at] in {"compound", "nmod"}):
            return NOUN if self.is_noun(at) or self.tags[at].startswith("VB") else ADJECTIVE
        if self.tags[at] != "VBN" and self.tags[at] != "VBD":
            return PASSIVE if self.has(at, "auxpass", "nsubjpass") else ACTIVE
        if self.has(at, "auxpass", "nsubjpass"):
            return PASSIVE
        if (
            self.tags[at] == "VBN"
            and self.deps[at] in {"acl", "amod", "advcl", "relcl"}
            and not self.has(at, "aux", "nsubj")
        ):
            return PARTICIPLE
        if self.deps[at] == "conj" and self.tags[at] == "VBN" and not self.has(at, "aux", "nsubj"):
            return self.voice(self.heads[at]) if self.is_verb(self.heads[at]) else PARTICIPLE
        return PASSIVE if self.has(at, "agent") else ACTIVE

    def conjuncts(self, at: int) -> tuple[int, ...]:
        """A token and what is coordinated with it further right."""
        found = [at]
        for one in found:
            found.extend(self.down(one, "conj"))
        return tuple(found)


UP, DOWN, HAS, IS, CONTACT, FUNCTION, ALSO = "<", ">", "?", "=", "~", "@", "+"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: up or down over some labels, to some words; a function to continue with; what is coordinated
    with the place; or a condition.

    A condition stays where it is: that the token has a child with one of some labels (and words), that it is one of
    some words, that its clause lacks its object. `negated` conditions ask that it is not so.
    """

    kind: str
    deps: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    function: str = ""
    negated: bool = False


@cache
def path(text: str) -> tuple[Step, ...]:
    """A path of `en-syntax.ttl`, compiled."""
    return tuple(_step(part) for part in text.split())


def _step(part: str) -> Step:
    negated, part = part.startswith("!"), part.removeprefix("!")
    kind, rest = part[0], part[1:]
    if kind == FUNCTION:
        return Step(kind, function=rest)
    if kind == IS:
        return Step(kind, words=frozenset(rest.split("|")), negated=negated)
    deps, _, words = rest.partition("=")
    return Step(kind, frozenset(deps.split("|")), frozenset(filter(None, words.split("|"))), negated=negated)


Accept = Callable[[int], bool]


def anything(at: int) -> bool:
    """Accepts every filler."""
    return True


#: What a word modifies is that alone: in "rebel-held towns and villages" the villages may be anybody's.
_MODIFYING = frozenset({"amod"})
_PREPOSITION = frozenset({"prep", "agent", "dative", "prt", "advmod"})
Paths = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Syntax:
    """Walks a tree from a word to the fillers of its functions."""

    tree: Tree
    paths: Paths
    supports: Mapping[int, int]
    #: Walks and prepositions that were asked for: each frame of a word asks for the same.
    _walked: dict[tuple[int, str], tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _near: dict[tuple[int, ...], frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def fillers(self, at: int, function: str, accept: Accept = anything) -> tuple[int, ...]:
        """Heads of the phrases that fill a function of a token, coordination distributed, relatives resolved.

        The first path that leads to something acceptable wins.
        """
        voices = self.paths.get(function)
        if voices is None:
            return next(filter(None, (tuple(filter(accept, found)) for found in self._preposition(at, function))), ())
        routes = voices.get(self.tree.voice(at)) or (voices["active"] if function == "external" else ())
        walks = (self._walk(at, route) for route in routes)
        return next(filter(None, (tuple(filter(accept, found)) for found in walks)), ())

    def prepositions(self, at: int, words: tuple[int, ...]) -> frozenset[str]:
        """Prepositions that a trigger can have objects of: a look that spares most walks."""
        found = self._near.get((at, *words))
        if found is None:
            found = self._near[at, *words] = self._prepositions(at, words)
        return found

    def _prepositions(self, at: int, words: tuple[int, ...]) -> frozenset[str]:
        lemmas, deps = self.tree.lemmas, self.tree.deps
        places = {place for word in (at, *words) for place in self._carriers(word)}
        below = (kid for place in places for kid in self.tree.kids[place] if deps[kid] in _PREPOSITION)
        return frozenset((*(lemmas[kid] for kid in below), *(lemmas[word] for word in words)))

    def _carriers(self, at: int) -> tuple[int, ...]:
        """A token, the support verb that carries it, and nouns that share their phrases with it."""
        nouns = self.tree.conjuncts(at)[1:] if self.tree.is_noun(at) else ()
        return (at, *((self.supports[at],) if at in self.supports else ()), *nouns)

    def _preposition(self, at: int, word: str) -> Iterator[tuple[int, ...]]:
        """Objects of a preposition below a token, or below what carries it."""
        for place in self._carriers(at):
            for kid in self.tree.kids[place]:
                if self.tree.deps[kid] in _PREPOSITION and self.tree.lemmas[kid] == word:
                    yield self._distribute(self.tree.down(kid, "pobj", "pcomp"))

    def _walk(self, at: int, route: str) -> tuple[int, ...]:
        found = self._walked.get((at, route))
        if found is None:
            found = self._walked[at, route] = self._followed(at, path(route))
        return found

    def _followed(self, at: int, steps: tuple[Step, ...]) -> tuple[int, ...]:
        places: tuple[int, ...] = (at,)
        for step in steps:
            places = tuple([new for place in places for new in self._take(place, step)])
            if not places:
                return ()
        modified = steps and steps[-1].kind == UP and steps[-1].deps <= _MODIFYING
        return places if modified else self._distribute(places)

    def _take(self, at: int, step: Step) -> tuple[int, ...]:
        tree = self.tree
        if step.function == "support":
            return self.fillers(self.supports[at], "subject") if at in self.supports else ()
        if step.function:
            return self.fillers(at, step.function)
        if step.kind == UP:
            goes = tree.deps[at] in step.deps and tree.heads[at] != at and self._among(at, step)
            return (tree.heads[at],) if goes else ()
        if step.kind == DOWN:
            return tuple([kid for kid in tree.kids[at] if tree.deps[kid] in step.deps and self._among(kid, step)])
        if step.kind == ALSO:
            return tree.conjuncts(at)
        return (at,) if self._holds(at, step) != step.negated else ()

    def _among(self, at: int, step: Step) -> bool:
        return not step.words or self.tree.lemmas[at] in step.words

    def _holds(self, at: int, step: Step) -> bool:
        """Whether a token fulfils a condition."""
        if step.kind == CONTACT:
            tree = self.tree
            stranded = any(not tree.kids[kid] for kid in tree.down(at, "prep"))
            return not stranded and not any(tag in RELATIVE_TAGS for tag in tree.tags[tree.heads[at] : at])
        if step.kind == IS:
            return self.tree.lemmas[at] in step.words
        return any(self._among(kid, step) for kid in self.tree.kids[at] if self.tree.deps[kid] in step.deps)

    def _distribute(self, places: Iterator[int] | tuple[int, ...]) -> tuple[int, ...]:
        found: dict[int, None] = {}
        for place in places:
            for one in self.tree.conjuncts(self._antecedent(place)):
                found.update(dict.fromkeys(self._named(one)))
        return tuple(found)

    def _named(self, at: int) -> tuple[int, ...]:
        """The names in apposition to a common noun, in its stead: the operator Transneft, his rival, Raila Odinga."""
        names = [one for one in self.tree.down(at, "appos") if self.tree.tags[one] in {"NNP", "NNPS"}]
        if self.tree.tags[at] not in {"NN", "NNS"} or not names:
            return (at,)
        return tuple(one for name in names for one in self.tree.conjuncts(name))

    def _antecedent(self, at: int) -> int:
        """The noun that a relative pronoun stands for, in a relative clause or a cleft ("it was Iran that …")."""
        tree = self.tree
        if tree.lemmas[at] in RELATIVE and tree.tags[at] in {"WDT", "WP", "WP$", "IN"}:
            for up in tree.up(at):
                if tree.deps[up] == "relcl":
                    return tree.heads[up]
                cleft = next(tree.down(tree.heads[up], "attr"), None) if tree.deps[up] == "ccomp" else None
                if cleft is not None:
                    return cleft
        return at
