"""What the words at a negotiation say of its place in a process: "the third round of indirect talks"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.tree import Tree
from kg.lexicon import Lexicon

ROUND, SESSION = "round", "session"
#: What stands to the left of a noun and says which one it is, or of which kind.
_MODIFIES = ("det", "amod", "compound", "nmod", "nummod", "advmod")


@dataclass(frozen=True, slots=True)
class Stage:
    """One level that the words name: "round" or "session", with its ordinal ("3") where they give one."""

    level: str
    ordinal: str | None


@dataclass(frozen=True, slots=True)
class Sign:
    """All that the words at one trigger say: stages from the outermost in, whether it comes next, formats, status.

    `first` is the outermost noun: "round" in "the third round of talks".
    """

    at: int
    first: int
    stages: tuple[Stage, ...] = ()
    follows: bool = False
    formats: tuple[str, ...] = ()
    status: str | None = None


def read(tree: Tree, lexicon: Lexicon, at: int) -> Sign:
    """The sign at a trigger."""
    chain = (*reversed(tuple(_measures(tree, at))), at)
    words = {tree.lemmas[kid] for place in chain for kid in tree.down(place, *_MODIFIES)}
    formats = lexicon.effects["Format"]
    return Sign(
        at,
        chain[0],
        tuple(stage for place in chain[:-1] if (stage := _stage(tree, lexicon, place, chain))),
        bool(words & lexicon.words["following"]),
        tuple(sorted({formats[word] for word in words if word in formats})),
        _status(tree, lexicon, chain[0]),
    )


def _measures(tree: Tree, at: int) -> Iterator[int]:
    """Nouns that this one stands under by "of", the nearest first: "talks", "round", "day"."""
    while tree.deps[at] == "pobj" and tree.lemmas[tree.heads[at]] == "of":
        at = tree.heads[tree.heads[at]]
        yield at


def _stage(tree: Tree, lexicon: Lexicon, at: int, chain: Sequence[int]) -> Stage | None:
    """The stage that one noun names: a single round, a session, a day with an ordinal; "two days" are a duration."""
    level = lexicon.effects["Stage"].get(tree.lemmas[at])
    if level is None or tree.tags[at] != "NN" or any(tree.down(at, "nummod")):
        return None
    ordinal = _ordinal(tree, lexicon, at)
    if ordinal is None and tree.lemmas[at] in lexicon.effects["Unit"]:
        return None
    return Stage(level, None if any(_counted(tree, lexicon, place) for place in chain) else ordinal)


def _ordinal(tree: Tree, lexicon: Lexicon, at: int) -> str | None:
    ordinals = lexicon.effects["Ordinal"]
    words = (tree.lemmas[kid] for kid in tree.down(at, "amod", "compound", "nmod", "advmod"))
    return next((ordinals[word] for word in words if word in ordinals), None)


def _counted(tree: Tree, lexicon: Lexicon, at: int) -> bool:
    """Whether an ordinal counts from some point in time, not from the start: "since 2022", "in months"."""
    objects = (
        tree.words[x].lower()
        for prep in tree.down(at, "prep")
        if tree.lemmas[prep] in lexicon.words["counted-from"]
        for x in tree.down(prep, "pobj", "pcomp")
    )
    return any(word.isdigit() or word in lexicon.effects["Unit"] for word in objects)


def _status(tree: Tree, lexicon: Lexicon, at: int) -> str | None:
    """What a verb says has become of it, where nothing denies, plans or doubts that."""
    verb = tree.heads[at]
    if tree.deps[at] not in {"nsubj", "nsubjpass", "dobj"} or not tree.is_verb(verb):
        return None
    unsure = any(tree.deps[x] == "neg" or tree.tags[x] in {"MD", "TO"} for x in tree.kids[verb])
    return None if unsure else lexicon.effects["RoundStatus"].get(phrasal(tree, verb))


def phrasal(tree: Tree, verb: int) -> str:
    """A verb with its particle: "put off"."""
    return " ".join((tree.lemmas[verb], *(tree.lemmas[kid] for kid in tree.down(verb, "prt"))))


def venues(tree: Tree, lexicon: Lexicon, sign: Sign) -> Iterator[int]:
    """Where the clause says that the talks happen: "the round ended in Geneva", "talks, held at the palace". Only verbs
    of taking place count: what is said of talks in Moscow does not place them there."""
    at = sign.first
    verbs = [tree.heads[at]] if tree.deps[at] in {"nsubj", "nsubjpass"} else []
    verbs += [verb for place in (sign.at, at) for verb in tree.down(place, "relcl", "acl")]
    for verb in verbs:
        if tree.lemmas[verb] in lexicon.words["taking-place"]:
            for prep in tree.down(verb, "prep"):
                if tree.lemmas[prep] in lexicon.words["locative"]:
                    yield from tree.down(prep, "pobj")
