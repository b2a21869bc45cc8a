"""Binding: whom a pronoun cannot stand for, or must, by the clause it stands in (Chomsky 1981, principles A and B).

"Iran attacked it" is another than Iran, "Iran defended itself" is Iran; whose "its" is, the clause leaves open.
"""

from __future__ import annotations

from kg.extract.tree import Tree

_SUBJECTS = ("nsubj", "nsubjpass")
_GOVERNED = frozenset({"dobj", "dative", "pobj", "prep", "agent", "conj"})
_NONFINITE = frozenset({"VB", "VBG"})
_SHARES = frozenset({"conj", "advcl", "pcomp", "prep", "xcomp"})


def rivals(tree: Tree, at: int) -> tuple[int, ...]:
    """Heads of the subjects of the clause that a token is an object in; none if it is a subject or a possessor."""
    clause = _clause(tree, at)
    return () if clause is None else tuple(one for head in _subjects(tree, clause) for one in tree.conjuncts(head))


def controller(tree: Tree, at: int) -> tuple[int, ...]:
    """Whose a thing is that somebody is asked to do something with: "urged Iran to halt its attacks" means Iran's."""
    if tree.deps[at] != "poss":
        return ()
    owned = tree.heads[at]
    while tree.deps[owned] in {"conj", "pobj", "prep", "amod"} and tree.heads[owned] != owned:
        owned = tree.heads[owned]
    clause = tree.heads[owned] if tree.deps[owned] in {"dobj", "dative"} else owned
    while tree.deps[clause] == "conj":
        clause = tree.heads[clause]
    if tree.deps[clause] != "xcomp" or tree.has(clause, *_SUBJECTS):
        return ()
    return tuple(one for head in tree.down(tree.heads[clause], "dobj") if head < at for one in tree.conjuncts(head))


def _clause(tree: Tree, at: int) -> int | None:
    """The verb or noun that governs a token as its object, over prepositions; "allowed him to leave" governs "him"."""
    dep, up = tree.deps[at], tree.heads[at]
    finite = tree.tags[up] not in _NONFINITE or any(tree.tags[kid] != "TO" for kid in tree.down(up, "aux", "auxpass"))
    if dep == "nsubj" and tree.deps[up] == "ccomp" and not finite:
        return tree.heads[up]
    while dep in _GOVERNED and not (tree.is_verb(up) or tree.is_noun(up)):
        dep, up = tree.deps[up], tree.heads[up]
    return up if dep in _GOVERNED - {"conj"} and (tree.is_verb(up) or tree.is_noun(up)) else None


def _subjects(tree: Tree, clause: int) -> tuple[int, ...]:
    """Subjects of a clause, own, shared or controlled, or whose the doing is that a noun names."""
    seen = set[int]()
    while clause not in seen:
        seen.add(clause)
        own = tuple(tree.down(clause, *_SUBJECTS)) or tuple(tree.down(clause, "poss"))
        dep, up = tree.deps[clause], tree.heads[clause]
        if own or dep == "acl":
            return own or (up,)
        controllers = tuple(tree.down(up, "dobj")) if dep == "xcomp" else ()
        if controllers or dep not in _SHARES:
            return controllers
        clause = up
    return ()
