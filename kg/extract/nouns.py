"""Mentions by a noun or a pronoun: people, bodies and places that are named by what they are."""

from __future__ import annotations

from kg.extract.mention import NOMINAL, PRONOUN, Mention, text_of
from kg.extract.tree import Tree
from kg.lexicon import Lexicon

#: Prepositions whose phrases belong to the noun in front of them.
_EXTENDS = frozenset({"of", "from", "for", "to", "on", "in", "into", "about", "against", "over"})
#: Where a noun in the singular that has no article, no owner and nothing else in front is no mention of anybody.
_BARE = frozenset({"conj", "dobj", "pobj", "oprd", "amod", "npadvmod", "dep", "appos", "advmod"})
_COUNTABLE = frozenset({"Person", "Delegate", "Facility"})


def _noun_type(tree: Tree, at: int, lexicon: Lexicon) -> str | None:
    """The type of what a noun names, alone or with the word in front of it ("supply route")."""
    types, lemma = lexicon.effects["EntityNoun"], tree.lemmas[at]
    if tree.tags[at].startswith("NNP") and lemma not in types:
        lemma = lemma.removesuffix("s")
    if lemma in lexicon.words["crowds"] and (counted := _counted(tree, at)) is not None:
        return _noun_type(tree, counted, lexicon)
    pair = types.get(f"{tree.lemmas[at - 1]} {lemma}") if at else None
    return pair or types.get(lemma) or ("Person" if lemma in lexicon.offices else None)


def _counted(tree: Tree, at: int) -> int | None:
    """What a noun counts: villages in "dozens of villages"."""
    of = (prep for prep in tree.down(at, "prep") if tree.lemmas[prep] == "of")
    return next((noun for prep in of for noun in tree.down(prep, "pobj")), None)


def _is_counted(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """Whether a noun is spoken of in the phrase of the one that counts it."""
    of = tree.heads[at]
    return (
        tree.deps[at] == "pobj" and tree.lemmas[of] == "of" and tree.lemmas[tree.heads[of]] in lexicon.words["crowds"]
    )


def _does(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """Whether a noun in front of another says whose deed or vessel that is: "coalition strikes", "rebel boats"."""
    lemma, words = tree.lemmas[tree.heads[at]], lexicon.words
    deed = lemma in words["craft"] or lemma in words["event-nouns"] or lexicon.names_event(lemma)
    return tree.deps[at] == "compound" and deed and tree.lemmas[at] not in words["adjectival"]


def introduces(tree: Tree, at: int) -> bool:
    """Whether a common noun stands in front of the name of what it says: "the airline Finnair"."""
    name = tree.heads[at]
    named = at < name and set(tree.tags[at + 1 : name + 1]) == {"NNP"}
    return named and tree.tags[at] == "NN" and tree.deps[at] in {"compound", "nmod"}


def nominal(tree: Tree, at: int, lexicon: Lexicon) -> Mention | None:
    """People or bodies named by a noun: "local authorities", "the Russian delegation", "both sides"."""
    types, type_ = lexicon.effects["EntityNoun"], _noun_type(tree, at, lexicon)
    noun = tree.is_noun(at) or (
        tree.tags[at] in {"CD", "JJ"} and tree.deps[at] in {"nsubj", "nsubjpass", "dobj", "pobj", "conj"}
    )
    modifies = tree.deps[at] in {"compound", "nmod", "npadvmod"} and not _does(tree, at, lexicon)
    modifies = modifies and not (introduces(tree, at) and type_ != "Person")
    if type_ is None or not noun or modifies or _is_counted(tree, at, lexicon):
        return None
    start, end = phrase(tree, at)
    if type_ == "Person" and (tree.tags[at] in {"NNS", "NNPS"} or tree.lemmas[at] not in {*types, *lexicon.offices}):
        type_ = "Group"
    if type_ in _COUNTABLE and tree.tags[at] == "NN" and start == at and tree.deps[at] in _BARE:
        return None  # "drew sniper and other fire", "was taken prisoner", "left for school"
    name_start = start
    while name_start < at and (
        tree.tags[name_start] in {"DT", "PRP$", "POS", "PDT", "``", ",", "HYPH", "RB"}
        or not tree.words[name_start].strip()
    ):
        name_start += 1
    return Mention(start, end, at, NOMINAL, type_, text_of(tree, name_start, end))


_POINTS = frozenset({"this", "that", "these", "those"})


#: What tells which of their kind things are.
_TELLS = frozenset({"det", "amod", "compound", "nmod", "nummod", "poss", "relcl", "acl", "prep", "appos"})


def names_nothing(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """Whether a common noun mentions no thing: it measures, says of which kind another is or what a thing is like, or
    points back at what was told."""
    lemma, words = tree.lemmas[at], lexicon.words
    if tree.tags[at] not in {"NN", "NNS"}:
        return False
    abstract = lemma.endswith(tuple(words["abstract-endings"])) and lemma not in words["concrete"]
    points = any(tree.lemmas[kid] in _POINTS for kid in tree.down(at, "det"))
    plain = tree.tags[at] == "NNS" and not any(tree.deps[kid] in _TELLS for kid in tree.kids[at])
    some = plain and lemma not in words["weapons"]  # "bridges, depots"; but who has tanks is told
    vague = lemma in words["measures"] or lemma in words["event-nouns"] or abstract or some
    return vague or points or tree.deps[at] in {"compound", "attr"}


def phrase(tree: Tree, at: int, width: int = 12) -> tuple[int, int]:
    """Tokens of the noun phrase of a head: its modifiers to the left, and a prepositional phrase to the right."""
    left = at
    for kid in reversed(tree.kids[at]):
        if kid < at and tree.deps[kid] in {
            "det",
            "amod",
            "compound",
            "nmod",
            "nummod",
            "poss",
            "quantmod",
            "predet",
            "advmod",
        }:
            left = min(left, *tree.subtree(kid))
    if any(not tree.words[token].strip() or tree.tags[token] in {":"} for token in range(left, at)):
        left = at
    end = at + 1
    for kid in tree.kids[at]:
        if tree.tags[kid] in {"``", "''"} and kid == end and tree.kids[at][-1] > kid:
            end += 1
        elif kid == end and tree.deps[kid] == "prep" and tree.lemmas[kid] in _EXTENDS:
            below = tree.subtree(kid)
            if len(below) <= width and below[-1] - kid + 1 == len(below):
                inner = [x for x in below if tree.deps[x] in {"relcl", "appos", "acl"} or not tree.words[x].strip()]
                end = min(inner) if inner else below[-1] + 1
            else:
                end = max([end, *(phrase(tree, noun, width)[1] for noun in tree.down(kid, "pobj"))])
    while end > at + 1 and tree.tags[end - 1] in {",", ":", "IN", "''", "CC", "."}:
        end -= 1
    return left, end


def is_pronoun(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """Whether a word stands for somebody: "us", not "US"."""
    word = tree.words[at]
    return tree.lemmas[at] in lexicon.effects["Pronoun"] and not (len(word) > 1 and word.isupper())


def pronoun(tree: Tree, at: int) -> Mention:
    return Mention(at, at + 1, at, PRONOUN, "", tree.words[at])
