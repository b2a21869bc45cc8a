"""Whom a pronoun cannot stand for, on hand-built parses."""

from __future__ import annotations

import pytest

from kg.extract.binding import controller, rivals
from tests.trees import tree


@pytest.mark.parametrize(
    ("text", "at", "wanted"),
    [
        ("Iran/NNP/nsubj>2 attacked:attack/VBD/ROOT>2 it/PRP/dobj>2", 2, (0,)),
        ("Iran/NNP/nsubj>2 talked:talk/VBD/ROOT>2 to/IN/prep>2 them:they/PRP/pobj>3", 3, (0,)),
        ("Iran/NNP/nsubj>2 moved:move/VBD/ROOT>2 its/PRP$/poss>4 troops/NNS/dobj>2", 2, ()),
        ("Iran/NNP/nsubj>2 said:say/VBD/ROOT>2 it/PRP/nsubj>4 left:leave/VBD/ccomp>2", 2, ()),
        ("Iran/NNP/nsubj>2 let/VBD/ROOT>2 him:he/PRP/nsubj>4 go/VB/ccomp>2", 2, (0,)),
        ("Iran/NNP/nsubj>2 said:say/VBD/ROOT>2 it/PRP/nsubj>5 will/MD/aux>5 go/VB/ccomp>2", 2, ()),
        ("Iran/NNP/nsubj>2 asked:ask/VBD/ROOT>2 Iraq/NNP/dobj>2 to/TO/aux>5 help/VB/xcomp>2 it/PRP/dobj>5", 5, (2,)),
        ("Iran/NNP/nsubj>2 wants:want/VBZ/ROOT>2 to/TO/aux>4 help/VB/xcomp>2 it/PRP/dobj>4", 4, (0,)),
        ("forces:force/NNS/ROOT>1 attacking:attack/VBG/acl>1 them:they/PRP/dobj>2", 2, (0,)),
        ("Iran/NNP/poss>3 's/POS/case>1 attack/NN/ROOT>3 on/IN/prep>3 it/PRP/pobj>4", 4, (0,)),
    ],
)
def test_subjects_of_the_clause_are_rivals_of_its_objects(text: str, at: int, wanted: tuple[int, ...]) -> None:
    assert rivals(tree(text), at) == wanted


@pytest.mark.parametrize(
    ("text", "at", "wanted"),
    [
        (
            "I/PRP/nsubj>2 urge/VBP/ROOT>2 Iran/NNP/dobj>2 to/TO/aux>5 end/VB/xcomp>2 its/PRP$/poss>7 war/NN/dobj>5",
            5,
            (2,),
        ),
        ("we/PRP/nsubj>2 want/VBP/ROOT>2 to/TO/aux>4 end/VB/xcomp>2 our/PRP$/poss>6 raids/NNS/dobj>4", 4, ()),
        ("Iran/NNP/nsubj>2 ended:end/VBD/ROOT>2 its/PRP$/poss>4 raids/NNS/dobj>2", 2, ()),
    ],
)
def test_whose_a_thing_is_that_one_is_asked_about(text: str, at: int, wanted: tuple[int, ...]) -> None:
    assert controller(tree(text), at) == wanted
