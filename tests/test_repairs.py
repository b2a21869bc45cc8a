"""Repairs of a parse."""

from __future__ import annotations

import pytest

from kg.extract.repairs import repaired
from tests.trees import tree


@pytest.mark.parametrize(
    ("parse", "at", "head"),
    [
        ("Iran/NNP/nsubj>2 let/VBD/ROOT>2 them/PRP/nsubj>4 write/VB/ccomp>2 but/CC/cc>4 freed/VBD/conj>4", 6, 2),
        ("They/PRP/nsubj>2 want/VBP/ROOT>2 to/TO/aux>4 eat/VB/xcomp>2 and/CC/cc>4 drink/VB/conj>4", 6, 4),
        ("deal/NN/ROOT>1 between/IN/prep>1 Iran/NNP/pobj>2 led/VBN/acl>1 and/CC/cc>1 Iraq/NNP/conj>1", 6, 3),
        (
            "Xi/NNP/nsubj>2 read/VBD/ROOT>2 it/PRP/dobj>2 to/IN/prep>2 Putin/NNP/pobj>4 and/CC/cc>2 Modi/NNP/conj>2",
            7,
            5,
        ),
        (
            "deal/NN/nsubj>10 between/IN/prep>1 Iran/NNP/pobj>2 ,/,/punct>1 led/VBN/acl>1 by/IN/agent>5 Xi/NNP/pobj>6 "
            ",/,/punct>1 and/CC/cc>1 failed/VBD/ROOT>10 Iraq/NNP/nsubj>10",
            11,
            10,
        ),
        (
            "deal/NN/nsubj>11 between/IN/prep>1 Iran/NNP/pobj>2 ,/,/punct>1 led/VBN/acl>1 by/IN/agent>5 Xi/NNP/pobj>6 "
            ",/,/punct>1 and/CC/cc>1 Iraq/NNP/nsubj>11 failed/VBD/ROOT>11",
            10,
            3,
        ),
        (
            "He/PRP/nsubj>2 stood/VBD/ROOT>2 between/IN/prep>2 sides/NNS/pobj>3 ,/,/punct>2 and/CC/cc>2 "
            "Xi/NNP/nsubj>8 came/VBD/conj>2",
            7,
            8,
        ),
        ("They/PRP/nsubj>2 met/VBD/ROOT>2 in/IN/prep>2 Rome/NNP/pobj>3 Syria/NNP/conj>2 in/IN/prep>5", 5, 2),
    ],
)
def test_a_conjunct_goes_on_from_its_like(parse: str, at: int, head: int) -> None:
    found = tree(parse)
    _, heads = repaired(found.words, found.tags, found.deps, found.heads)
    assert heads[at - 1] == head - 1


def test_a_second_object_after_a_comma_is_an_apposition() -> None:
    found = tree("saw/VBD/ROOT>1 Homs/NNP/dobj>1 ,/,/punct>1 city/NN/dobj>1")
    deps, heads = repaired(found.words, found.tags, found.deps, found.heads)
    assert (deps[3], heads[3]) == ("appos", 1)


@pytest.mark.parametrize(
    ("parse", "label"),
    [
        ("to/IN/ROOT>1 Battalion/NNP/pobj>1 ,/,/punct>2 Regiment/NNP/conj>2", "appos"),
        ("to/IN/ROOT>1 Kenya/NNP/pobj>1 ,/,/punct>2 Chad/NNP/conj>2 and/CC/cc>4 Mali/NNP/conj>4", "conj"),
    ],
)
def test_names_that_commas_alone_join_are_no_list(parse: str, label: str) -> None:
    found = tree(parse)
    deps, _ = repaired(found.words, found.tags, found.deps, found.heads)
    assert deps[3] == label


@pytest.mark.parametrize(
    ("ending", "label"),
    [
        ("negotiated/VBN/acl>1 with/IN/prep>5 Iran/NNP/pobj>6 ././punct>1", "ROOT"),
        ("rejected/VBN/acl>1 deals/NNS/dobj>5 ././punct>1", "ROOT"),
        ("pictured/VBN/acl>1 in/IN/prep>5 Doha/NNP/pobj>6 ././punct>1", "acl"),
        ("picked/VBN/acl>1 with/IN/prep>5 care/NN/pobj>6 by/IN/agent>5 ././punct>1", "acl"),
        ("negotiated/VBN/acl>1 with/IN/prep>5 Iran/NNP/pobj>6", "acl"),
    ],
)
def test_a_sentence_has_a_verb(ending: str, label: str) -> None:
    found = tree(f"Xi/NNP/ROOT>1 ,/,/punct>1 envoy/NN/appos>1 ,/,/punct>1 {ending}")
    deps, heads = repaired(found.words, found.tags, found.deps, found.heads)
    assert deps[4] == label
    assert (deps[0], heads[0]) == (("nsubj", 4) if label == "ROOT" else ("ROOT", 0))
