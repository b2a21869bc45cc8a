"""Repairs of a parse, where what a parser gets wrong can be seen: rules over columns of tags, labels and heads."""

from __future__ import annotations

from collections.abc import Sequence

#: Labels and heads of all tokens.
Arcs = tuple[tuple[str, ...], tuple[int, ...]]

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_NAMES = frozenset({"NNP", "NNPS"})
_INFINITIVE = frozenset({"VB", "VBG"})
_STOPS = frozenset({".", ";", ":", "?", "!"})
#: What may stand in front of a noun in its phrase.
_FRONT = frozenset({"det", "amod", "compound", "nmod", "nummod", "poss", "case", "punct"})
_OBJECTS = frozenset({"dobj", "pobj", "attr"})
#: Prepositions behind a verb that somebody does together with others.
_DONE_WITH = frozenset({"with", "between"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})


def repaired(words: Sequence[str], tags: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]) -> Arcs:
    """The arcs of a parse, repaired."""
    deps, heads = _verbless(words, tags, *_apposed(words, *_hyphenated(words, deps, heads)))
    deps, heads = _between(words, tags, deps, heads)
    deps = _addressed(words, tags, deps, heads)
    return deps, _coordinated(words, tags, deps, _finite(tags, deps, heads))


def _hyphenated(words: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]) -> Arcs:
    """The parts of a word with a hyphen are one: the model takes "a re-run" for three objects."""
    labels, above = list(deps), list(heads)
    for at in range(1, len(words) - 1):
        if words[at] == "-" and deps[at - 1] == deps[at] == deps[at + 1] and heads[at - 1] == heads[at + 1]:
            labels[at - 1], labels[at] = "compound", "punct"
            above[at - 1] = above[at] = at + 1
    return tuple(labels), tuple(above)


def _apposed(words: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]) -> Arcs:
    """A second object after a comma stands beside the first: the model takes "Abkhazia, a region," for two objects."""
    last: dict[int, int] = {}
    found = {}
    for at, (dep, head) in enumerate(zip(deps, heads, strict=True)):
        if dep in _OBJECTS:
            first = last.get(head)
            if first is not None and "," in words[first + 1 : at]:
                found[at] = first
            last[head] = at
    new = tuple("appos" if at in found else dep for at, dep in enumerate(deps))
    return new, tuple(found.get(at, head) for at, head in enumerate(heads))


def _verbless(words: Sequence[str], tags: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]) -> Arcs:
    """A sentence has a verb: "Khalilzad, the envoy, negotiated with them." is no name with a participle, as the caption
    "Khalilzad, the envoy, pictured in Doha" is."""
    labels, above = list(deps), list(heads)
    for at, dep in enumerate(deps):
        root = heads[at]
        if (
            dep != "acl"
            or deps[root] != "ROOT"
            or tags[root] not in _NAMES
            or tags[at] != "VBN"
            or words[at - 1] != ","
        ):
            continue
        below = [one for one, head in enumerate(heads) if head in {root, at}]
        does = any(heads[one] == at and (deps[one] == "dobj" or words[one] in _DONE_WITH) for one in below)
        told = any(tags[one] in _FINITE or deps[one] in {"agent", "aux"} for one in below)
        if does and not told and any(words[one] == "." and one > at for one in below):
            labels[at], above[at] = "ROOT", at
            labels[root], above[root] = "nsubj", at
    return tuple(labels), tuple(above)


def _addressed(
    words: Sequence[str], tags: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]
) -> tuple[str, ...]:
    """Names that commas alone join, two or three in a row, go from the smaller to the larger, as in an address: they
    stand beside each other and are no list ("2nd Battalion, 5th Regiment, Fort Hood")."""
    told = {head for dep, head in zip(deps, heads, strict=True) if dep == "cc"}
    goes_on = {head for dep, head in zip(deps, heads, strict=True) if dep == "conj"}
    found = []
    for at, (dep, head) in enumerate(zip(deps, heads, strict=True)):
        if dep == "conj" and tags[at] in _NAMES and tags[head] in _NAMES and at not in goes_on:
            chain = _chain(at, deps, heads)
            if (
                len(chain) < 4
                and not told & set(chain)
                and all(words[one + 1 : one + 2] == (",",) for one in chain[1:])
            ):
                found += chain[:-1]
    return tuple("appos" if at in found else dep for at, dep in enumerate(deps))


def _chain(at: int, deps: Sequence[str], heads: Sequence[int]) -> list[int]:
    """What a token goes on from, back to the first."""
    found = [at]
    while deps[found[-1]] == "conj":
        found.append(heads[found[-1]])
    return found


def _between(words: Sequence[str], tags: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]) -> Arcs:
    """What is between two has a second one, behind what commas enclose: "a deal between Iran, led by X, and Iraq"."""
    labels, above = list(deps), list(heads)
    for at, word in enumerate(words):
        one = (
            next((kid for kid in range(at + 1, len(words)) if heads[kid] == at and deps[kid] == "pobj"), None)
            if (word.lower() == "between")
            else None
        )
        if one is None or ("conj", one) in zip(deps, heads, strict=True):
            continue
        other = _enclosed(one, words, tags, deps, heads)
        if other is not None and other not in _governors(one, above):
            labels[other], above[other] = "conj", one
    return tuple(labels), tuple(above)


def _enclosed(
    one: int, words: Sequence[str], tags: Sequence[str], deps: Sequence[str], heads: Sequence[int]
) -> int | None:
    """The head of the noun phrase after the "and" that follows the first phrase between commas, if there is one."""
    if words[one + 1 : one + 2] != (",",):
        return None
    for at in range(one + 2, len(words)):
        if words[at] in _STOPS or (tags[at] in _FINITE and words[at + 1 : at + 2] != ("by",)):
            return None
        if words[at] == "and" and words[at - 1] == ",":
            nouns = (x for x in range(at + 1, len(words)) if deps[x] not in _FRONT)
            found = next(nouns, None)
            if found is None or not tags[found].startswith("NN") or _opens(found, one, deps, heads):
                return None
            return found
    return None


def _opens(at: int, one: int, deps: Sequence[str], heads: Sequence[int]) -> bool:
    """Whether a noun is the subject of the next clause, whose verb has no other: ", and Swiss envoys welcomed them"."""
    verb = heads[at]
    return deps[at] in _SUBJECTS and not any(deps[x] in _SUBJECTS and heads[x] == verb for x in range(one))


def _governors(at: int, heads: Sequence[int]) -> set[int]:
    found: set[int] = set()
    while at not in found:
        found.add(at)
        at = heads[at]
    return found


def _coordinated(
    words: Sequence[str], tags: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]
) -> tuple[int, ...]:
    """A name goes on from a name: not from the verb or the noun above, as in "a deal between Iran, and Iraq"."""
    new = list(heads)
    for at, (dep, head) in enumerate(zip(deps, heads, strict=True)):
        named = dep == "conj" and tags[at] in _NAMES and tags[head] not in _NAMES
        # "They met in Cairo, and Syria in Homs" leaves out a verb.
        if named and not (deps[at + 1 : at + 2] == ("prep",) and words[at + 1] != "of"):
            new[at] = _partner(at, head, words, tags, deps, heads)
    return tuple(new)


def _partner(
    at: int, head: int, words: Sequence[str], tags: Sequence[str], deps: Sequence[str], heads: Sequence[int]
) -> int:
    """The name before a name that is coordinated with no name: the last object, if no verb stands between them, or the
    one object of "between"; else what the parser says."""
    for one in range(at - 1, head, -1):
        if deps[one] == "pobj" and words[heads[one]].lower() == "between" and heads[heads[one]] == head:
            return one
    for one in range(at - 1, head, -1):
        if tags[one] in _FINITE:
            return head
        if tags[one] in _NAMES and deps[one] in _OBJECTS and tags[head].startswith("VB"):
            return one
    return head


def _finite(tags: Sequence[str], deps: tuple[str, ...], heads: tuple[int, ...]) -> tuple[int, ...]:
    """A finite verb goes on from a finite one: "he would allow them to write but would not free them"."""
    modal = {head for tag, head in zip(tags, heads, strict=True) if tag == "MD"}
    new = list(heads)
    for at, dep in enumerate(deps):
        if dep == "conj" and tags[at].startswith("VB") and (at in modal or tags[at] in _FINITE):
            new[at] = _clause(heads[at], tags, deps, heads, modal)
    return tuple(new)


def _clause(at: int, tags: Sequence[str], deps: Sequence[str], heads: Sequence[int], modal: set[int]) -> int:
    """The verb that an infinitive belongs to; itself, if it belongs to none."""
    up = at
    while tags[up] in _INFINITIVE and up not in modal and deps[up] in {"xcomp", "conj", "ccomp", "advcl"}:
        up = heads[up]
    return up if up in modal or tags[up] in _FINITE else at
