"""Walks over hand-built trees: one lexical function, many syntactic shapes."""

from __future__ import annotations

import pytest

from kg import lexicon
from kg.extract.tree import ACTIVE, NOUN, PARTICIPLE, PASSIVE, Syntax, Tree, lemma
from tests.trees import tree

PATHS = lexicon.load().paths
SHAPES = {
    "active": ("Iran/NNP/nsubj>2 rejected:reject/VBD/ROOT>2 the/DT/det>4 plan/NN/dobj>2", 1, "Iran", "plan"),
    "passive": ("The/DT/det>2 plan/NN/nsubjpass>4 was:be/VBD/auxpass>4 rejected:reject/VBN/ROOT>4 by/IN/agent>4 Iran/NNP/pobj>5", 3, "Iran", "plan"),
    "relative": ("Iran/NNP/ROOT>1 ,/,/punct>1 which/WDT/nsubj>4 rejected:reject/VBD/relcl>1 the/DT/det>6 plan/NN/dobj>4", 3, "Iran", "plan"),
    "participle": ("the/DT/det>2 plan/NN/ROOT>2 rejected:reject/VBN/acl>2 by/IN/agent>3 Iran/NNP/pobj>4", 2, "Iran", "plan"),
    "control": ("Iran/NNP/nsubj>2 wants:want/VBZ/ROOT>2 to/TO/aux>4 reject/VB/xcomp>2 the/DT/det>6 plan/NN/dobj>4", 3, "Iran", "plan"),
    "conjunct": ("Iran/NNP/nsubj>2 met:meet/VBD/ROOT>2 and/CC/cc>2 rejected:reject/VBD/conj>2 the/DT/det>6 plan/NN/dobj>4", 3, "Iran", "plan"),
    "possessive": ("Iran/NNP/poss>3 's/POS/case>1 rejection/NN/ROOT>3 of/IN/prep>3 the/DT/det>6 plan/NN/pobj>4", 2, "Iran", "plan"),
    "by-phrase": ("rejection/NN/ROOT>1 of/IN/prep>1 the/DT/det>4 plan/NN/pobj>2 by/IN/prep>1 Iran/NNP/pobj>5", 0, "Iran", "plan"),
    "contact clause": ("the/DT/det>2 plan/NN/ROOT>2 Iran/NNP/nsubj>4 rejected:reject/VBD/relcl>2", 3, "Iran", "plan"),
    "reduced passive": ("plan/NN/nsubj>2 rejected:reject/VBN/ROOT>2 by/IN/agent>2 Iran/NNP/pobj>3", 1, "Iran", "plan"),
    "subject control": ("Iran/NNP/nsubj>2 promised:promise/VBD/ROOT>2 Iraq/NNP/dobj>2 to/TO/aux>5 reject/VB/xcomp>2 it/PRP/dobj>5", 4, "Iran", "it"),
    "object control": ("Iraq/NNP/nsubj>2 asked:ask/VBD/ROOT>2 Iran/NNP/dobj>2 to/TO/aux>5 reject/VB/xcomp>2 it/PRP/dobj>5", 4, "Iran", "it"),
    "under a noun": ("Iran/NNP/poss>3 's/POS/case>1 vow/NN/ROOT>3 to/TO/aux>5 reject/VB/acl>3 it/PRP/dobj>5", 4, "Iran", "it"),
    "shared object": ("Iran/NNP/nsubj>2 read/VBD/ROOT>2 and/CC/cc>2 rejected:reject/VBD/conj>2 it/PRP/dobj>4", 1, "Iran", "it"),
    "shared agent": ("It/PRP/nsubjpass>3 was:be/VBD/auxpass>3 read/VBN/ROOT>3 and/CC/cc>3 rejected:reject/VBN/conj>3 by/IN/agent>5 Iran/NNP/pobj>6", 2, "Iran", "It"),
    "having done": ("Having:have/VBG/aux>2 rejected:reject/VBN/advcl>5 it/PRP/dobj>2 Iran/NNP/nsubj>5 left:leave/VBD/ROOT>5", 1, "Iran", "it"),
    "named in apposition": ("operator/NN/nsubj>3 Transneft/NNP/appos>1 rejected:reject/VBD/ROOT>3 it/PRP/dobj>3", 2, "Transneft", "it"),
}  # fmt: skip


def words(found: tuple[int, ...], of: Tree) -> list[str]:
    return [of.words[at] for at in found]


@pytest.mark.parametrize("shape", SHAPES)
def test_subject_and_object_are_found_in_every_shape(shape: str) -> None:
    text, at, subject, object_ = SHAPES[shape]
    parsed = tree(text)
    syntax = Syntax(parsed, PATHS, {})
    assert words(syntax.fillers(at, "subject"), parsed) == [subject]
    assert words(syntax.fillers(at, "object"), parsed) == [object_]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Iran/NNP/nsubjpass>3 is:be/VBZ/auxpass>3 said:say/VBN/ROOT>3 to/TO/aux>5 leave/VB/xcomp>3", 2),
        ("envoys/NNS/ROOT>1 who/WP/nsubj>3 left:leave/VBD/relcl>1", 2),
        ("town/NN/ROOT>1 where/WRB/advmod>4 they/PRP/nsubj>4 left:leave/VBD/relcl>1", 3),
        ("house/NN/ROOT>1 they/PRP/nsubj>3 left:leave/VBD/relcl>1 in/IN/prep>3", 2),
        ("They/PRP/nsubj>2 met:meet/VBD/ROOT>2 and/CC/cc>2 rejected:reject/VBD/conj>2 it/PRP/dobj>4", 1),
    ],
    ids=["raised", "relative subject", "relative adverb", "stranded preposition", "intransitive"],
)
def test_what_is_raised_or_relative_is_no_object(text: str, at: int) -> None:
    assert not Syntax(tree(text), PATHS, {}).fillers(at, "object")


@pytest.mark.parametrize(
    ("form", "guess", "right"),
    [("hopes", "hop", "hope"), ("staged", "stag", "stage"), ("hopped", "hop", "hop"), ("visited", "visit", "visit"),
     ("fixed", "fix", "fix"), ("played", "play", "play"), ("says", "say", "say"), ("pushes", "push", "push")],
)  # fmt: skip
def test_a_lemma_is_told_by_its_spelling(form: str, guess: str, right: str) -> None:
    assert lemma(form, guess) == right


def test_coordination_is_distributed() -> None:
    parsed = tree("talks/NNS/ROOT>1 between/IN/prep>1 Iran/NNP/pobj>2 and/CC/cc>3 Iraq/NNP/conj>3")
    assert words(Syntax(parsed, PATHS, {}).fillers(0, "between"), parsed) == ["Iran", "Iraq"]


def test_a_support_verb_lends_its_subject_to_the_noun() -> None:
    parsed = tree("Iran/NNP/nsubj>2 held:hold/VBD/ROOT>2 talks/NNS/dobj>2 in/IN/prep>2 Doha/NNP/pobj>4")
    syntax = Syntax(parsed, PATHS, {2: 1})
    assert words(syntax.fillers(2, "subject"), parsed) == ["Iran"]
    assert words(syntax.fillers(2, "in"), parsed) == ["Doha"]


def test_the_first_path_to_something_acceptable_wins() -> None:
    parsed = tree("drone/NN/compound>2 strikes/NNS/dobj>4 Russia/NNP/nsubj>4 launched:launch/VBD/ROOT>4")
    syntax = Syntax(parsed, PATHS, {1: 3})
    assert words(syntax.fillers(1, "subject", lambda at: parsed.tags[at] == "NNP"), parsed) == ["Russia"]


@pytest.mark.parametrize(
    ("text", "at", "voice"),
    [
        ("Iran/NNP/nsubj>2 attacked:attack/VBD/ROOT>2", 1, ACTIVE),
        ("Iran/NNP/nsubjpass>3 was:be/VBD/auxpass>3 attacked:attack/VBN/ROOT>3", 2, PASSIVE),
        ("the/DT/det>2 truce/NN/ROOT>2 brokered:broker/VBN/acl>2", 2, PARTICIPLE),
        ("the/DT/det>2 attack/NN/ROOT>2", 1, NOUN),
    ],
)
def test_voice(text: str, at: int, voice: str) -> None:
    assert tree(text).voice(at) == voice
