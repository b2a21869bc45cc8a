"""Walks over hand-built trees: one lexical function, many syntactic shapes."""

from __future__ import annotations

import pytest

from kg import lexicon
from kg.extract.tree import ACTIVE, NOUN, PARTICIPLE, PASSIVE, Syntax, Tree
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
