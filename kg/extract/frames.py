"""Propositions: which words evoke a frame of the lexicon, and which phrases fill its functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from kg.extract.mention import THING
from kg.extract.tree import ACTIVE, NOUN, Syntax, Tree
from kg.lexicon import ENDS, Frame, Lexicon, Schema
from kg.record import OPEN

_CHILD = frozenset(
    {
        "prt",
        "nsubjpass",
        "advmod",
        "prep",
        "dobj",
        "acomp",
        "pobj",
        "oprd",
        "attr",
        "compound",
        "amod",
        "agent",
        "npadvmod",
        "dative",
    }
)


_CLAUSES = frozenset({"advcl", "ccomp", "xcomp"})

#: Functions with the heads of what fills them, sorted.
Arguments = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Proposition:
    """A frame evoked at a token; `words` are the trigger's tokens, `arguments` functions with their fillers' heads."""

    frame: Frame
    at: int
    words: tuple[int, ...]
    arguments: Arguments

    def fillers(self, function: str) -> tuple[int, ...]:
        return next((found for name, found in self.arguments if name == function), ())

    def arguments_of(self, role: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Functions that may give a role, with their fillers."""
        return tuple((f, self.fillers(f)) for f, r in self.frame.arguments if r == role)


Accepts = Callable[[Frame, str, str, int], bool]


def supports(tree: Tree, lexicon: Lexicon) -> dict[int, int]:
    """Nouns that a support verb carries, with the verb: "talks" in "held talks", "strikes" in "a wave of strikes"."""
    found: dict[int, int] = {}
    for at in range(len(tree)):
        frames = lexicon.frames.get(("Verb", tree.lemmas[at]), ()) if tree.is_verb(at) else ()
        for frame in frames:
            if frame.support and (words := _match(tree, at, frame)):
                for noun in _carried(tree, at, words[-1]):
                    for inner in _through(tree, noun, lexicon):
                        if _happens(tree, lexicon, inner):
                            found.setdefault(inner, at)
    return found


def _happens(tree: Tree, lexicon: Lexicon, at: int) -> bool:
    """Whether a word may name an event: only such a noun makes a verb light ("gave orders", not "gave books")."""
    lemma = tree.lemmas[at]
    return lemma in lexicon.words["event-nouns"] or any(
        frame.class_ or frame.relation for frame in lexicon.frames.get((_kind(tree, at), lemma), ())
    )


def _carried(tree: Tree, verb: int, last: int) -> Iterator[int]:
    """Objects of a verb (or of its last word), its passive subject, and the noun that it modifies."""
    for kid in (*tree.down(verb, "dobj", "nsubjpass", "oprd"), *(tree.down(last, "pobj") if last != verb else ())):
        yield from tree.conjuncts(kid)
    if tree.deps[verb] == "xcomp" and any(tree.down(verb, "auxpass")):
        # "The agreement is expected (is likely) to be signed": the surface subject is what will be signed.
        over = tree.heads[verb]
        for kid in tree.down(tree.heads[over] if tree.deps[over] == "acomp" else over, "nsubj", "nsubjpass"):
            yield from tree.conjuncts(kid)
    if tree.deps[verb] == "relcl" or (tree.deps[verb] == "acl" and tree.tags[verb] == "VBN"):
        yield tree.heads[verb]


def _through(tree: Tree, noun: int, lexicon: Lexicon) -> Iterator[int]:
    """A noun, and what stands under it if it only measures: a wave of strikes."""
    yield noun
    if tree.lemmas[noun] in lexicon.words["transparent"]:
        for prep in tree.down(noun, "prep"):
            for inner in tree.down(prep, "pobj") if tree.lemmas[prep] in {"of", "for"} else ():
                yield from (deeper for one in tree.conjuncts(inner) for deeper in _through(tree, one, lexicon))


def propositions(tree: Tree, syntax: Syntax, lexicon: Lexicon, accepts: Accepts) -> tuple[Proposition, ...]:
    """All propositions, in order of their triggers; a token evokes one frame, and belongs to one trigger."""
    found: list[Proposition] = []
    taken: set[int] = set()
    carrying = frozenset(syntax.supports.values())
    for at in sorted(range(len(tree)), key=lambda at: (not tree.is_verb(at), at)):
        if at in taken:
            continue
        proposition = _evoked(tree, syntax, lexicon, accepts, at) or _open(tree, syntax, lexicon, accepts, at, carrying)
        if proposition and not (at in carrying and tree.voice(at) == ACTIVE and _is_light(proposition, lexicon)):
            found.append(proposition)
            taken.update(proposition.words[1:])
    heads = {p.at for p in found if len(p.words) > 1}
    kept = sorted((p for p in found if p.at not in taken or p.at in heads), key=lambda p: p.at)
    return tuple(_yielding(tree, tuple(_once(kept, syntax.supports))))


def _is_light(verb: Proposition, lexicon: Lexicon) -> bool:
    """Whether a verb that may report says nothing here but its noun: "conclude an agreement", not "announce cuts"."""
    tells = verb.frame.words[0] in lexicon.words["announcing"]
    return verb.frame.reports and len(verb.words) == 1 and not verb.fillers("clause") and not tells


def _once(found: list[Proposition], supports: Mapping[int, int]) -> Iterator[Proposition]:
    """Propositions without the verbs that only repeat what the noun says that they carry: "signed an agreement"."""
    said = {(supports[p.at], p.frame.class_) for p in found if p.at in supports}
    return (p for p in found if (p.at, p.frame.class_) not in said)


def _yielding(tree: Tree, propositions: tuple[Proposition, ...]) -> Iterator[Proposition]:
    """An open noun leaves to the typed verb above it what that has claimed: "was accused of theft by Egypt"."""
    claimed = {p.at: {token for _, fillers in p.arguments for token in fillers} for p in propositions if p.frame.typed}
    for proposition in propositions:
        if proposition.frame.kind == OPEN and tree.is_noun(proposition.at):
            lost = set[int]().union(*(claimed.get(up, ()) for up in tree.up(proposition.at)))
            kept = tuple((f, tuple(t for t in fillers if t not in lost)) for f, fillers in proposition.arguments)
            proposition = replace(proposition, arguments=kept)
        yield proposition


def _evoked(tree: Tree, syntax: Syntax, lexicon: Lexicon, accepts: Accepts, at: int) -> Proposition | None:
    frames = lexicon.frames.get((_kind(tree, at), tree.lemmas[at]), ())
    if not frames or _is_kind(tree, lexicon, at):
        return None
    longest = 1  # The noun's full name tells what it is: a press conference is none of the talks that a conference is.
    for frame in frames:
        if not frame.support and len(frame.words) >= longest and (words := _match(tree, at, frame)):
            longest = len(words) if frame.kind == "Noun" else longest
            arguments = _arguments(syntax, frame, at, words, accepts)
            if arguments is None:
                continue
            filled = {function for function, fillers in arguments if fillers}
            opened = frame.class_ == OPEN
            # "The plan" by itself is a thing; "the plan to meet" is somebody's planning.
            thing = frame.kind == "Noun" and not frame.typed and frame.content and not frame.content & filled
            if not thing and (filled or not opened):
                return Proposition(frame, at, words, arguments)
    return None


def _is_kind(tree: Tree, lexicon: Lexicon, at: int) -> bool:
    """Whether a noun only says of which kind the one behind it is: "ceasefire violations", not "a mediation effort"."""
    up = tree.heads[at]
    modifies = tree.deps[at] in {"compound", "nmod"} and at < up and tree.is_noun(up) and not tree.has(at, "cc")
    return (
        modifies and tree.is_noun(at) and tree.lemmas[up] not in lexicon.words["doings"] | lexicon.words["transparent"]
    )


#: What governs a filler, and is none.
_BARE = frozenset({"IN", "TO"})
#: Where a word only says of which kind another is: "flight crew", "the existing rules".
_MODIFIES = frozenset({"compound", "nmod", "amod"})


def _open(
    tree: Tree, syntax: Syntax, lexicon: Lexicon, accepts: Accepts, at: int, carrying: Set[int]
) -> Proposition | None:
    """What no entry covers: a verb that says something of its own, a noun for an event. It is kept, never asserted."""
    kind = _kind(tree, at)
    suffered = tree.tags[at] == "VBN" and tree.lemmas[at] in lexicon.words["suffered"]
    copula = kind == "Verb" and tree.lemmas[at] in lexicon.words["copulas"]
    if (tree.deps[at] in _MODIFIES and not suffered) or (
        kind == "Verb" and (at in carrying or (tree.lemmas[at] in lexicon.words["auxiliary"] and not copula))
    ):
        return None
    if kind == "Noun" and (tree.tags[at] not in {"NN", "NNS"} or tree.lemmas[at] not in lexicon.words["event-nouns"]):
        return None
    for frame in lexicon.frames.get((OPEN, "copula" if copula else kind.lower()), ()):
        if kind == "Noun" and accepts(frame, "", "agent", at):
            return None  # It names somebody: "the opposition", "the mission said".
        arguments = _arguments(syntax, frame, at, (at,), accepts)
        if arguments is not None and (kind == "Noun" or any(fillers for _, fillers in arguments)):
            return Proposition(frame, at, (at,), arguments)
    return None


def _kind(tree: Tree, at: int) -> str:
    if tree.is_verb(at) and tree.voice(at) != NOUN:
        return "Verb"
    if tree.is_noun(at) or tree.voice(at) == NOUN:
        return "Noun"
    return "Adjective"


def _arguments(syntax: Syntax, frame: Frame, at: int, words: tuple[int, ...], accepts: Accepts) -> Arguments | None:
    """Fillers of a frame's functions that may play its roles, None where it lacks one that it needs; `needs` and
    `content` without a role take any."""
    near = syntax.prepositions(at, words)
    found: dict[str, tuple[int, ...]] = {}
    for function, roles in frame.functions:
        reachable = function in syntax.paths or function in near
        found[function] = _fillers(syntax, frame, at, words, function, roles, accepts) if reachable else ()
        unfit = function in frame.strict and reachable and not {*syntax.fillers(at, function)} <= {*words}
        if not found[function] and (function in frame.needs or unfit):
            return None
    return tuple(sorted(found.items()))


def _fillers(
    syntax: Syntax, frame: Frame, at: int, words: tuple[int, ...], function: str, wanted: tuple[str, ...],
    accepts: Accepts,
) -> tuple[int, ...]:  # fmt: skip
    """The fillers of one function."""
    # A trigger's own noun may be an instrument ("missile" in "missile strikes"), else it is no filler.
    outside = function not in {"compound", "self"} and "instrument" not in wanted
    own = set(words) if outside else frozenset()
    # Before its verb stands the clause of a report only: "…, he said".
    first = at if function == "clause" and not frame.reports else -1

    def accept(one: int) -> bool:
        if one in own or one < first or syntax.tree.tags[one] in _BARE:
            return False
        return not wanted or any(accepts(frame, function, role, one) for role in wanted)

    return syntax.fillers(at, function, accept) or tuple(filter(accept, _below(syntax, words, function)))


def _below(syntax: Syntax, words: tuple[int, ...], function: str) -> Iterator[int]:
    """What further words of a multiword trigger govern: a preposition's object, or the noun's own arguments."""
    for word in words[1:]:
        if function == syntax.tree.lemmas[word]:
            yield from (one for kid in syntax.tree.down(word, "pobj", "pcomp") for one in syntax.tree.conjuncts(kid))
        elif function not in {"subject", "external"}:
            yield from syntax.fillers(word, function)


def _match(tree: Tree, at: int, frame: Frame) -> tuple[int, ...]:
    """Tokens of a frame's words: a verb's further words lie below it, a noun's stand in front of it or after it."""
    if len(frame.words) == 1:
        return (at,)
    if frame.kind == "Noun":
        return _contiguous(tree, at, frame.words)
    words = [at]
    for word in frame.words[1:]:
        found = next(
            (
                kid
                for place in reversed(words)
                for kid in _below_or_marking(tree, place)
                if word in {tree.lemmas[kid], tree.words[kid].lower()}
            ),
            None,
        )
        if found is None:
            return ()
        words.append(found)
    return tuple(words)


def _below_or_marking(tree: Tree, place: int) -> Iterator[int]:
    """Words below another that may be part of one verb with it, also a "for" that opens its clause: "called for"."""
    for kid in tree.kids[place]:
        if tree.deps[kid] in _CHILD:
            yield kid
        elif tree.deps[kid] in _CLAUSES:
            yield from (mark for mark in tree.down(kid, "mark") if tree.lemmas[mark] == "for")


def _contiguous(tree: Tree, at: int, words: tuple[str, ...]) -> tuple[int, ...]:
    start = at - len(words) + 1
    if start < 0 or any(
        word not in {tree.lemmas[start + n], tree.words[start + n].lower()} for n, word in enumerate(words)
    ):
        return ()
    return (at, *range(start, at))


def carriers(propositions: tuple[Proposition, ...]) -> Mapping[int, tuple[Proposition, ...]]:
    """For each head of a content, the propositions whose cue governs it, innermost first."""
    found: dict[int, list[Proposition]] = {}
    for proposition in propositions:
        for function in sorted(proposition.frame.content):
            for filler in proposition.fillers(function):
                found.setdefault(filler, []).append(proposition)
    return {head: tuple(cues) for head, cues in found.items()}


def acceptance(tree: Tree, types: Mapping[int, str], dates: Set[int], lexicon: Lexicon) -> Accepts:
    """Whether a phrase may play a role of a frame: by the role's range, by what the frame asks of things and events.

    `types` gives the entity type of each token that heads a mention ("" for a pronoun), `dates` tokens of time
    expressions, which fill no role.
    """
    schema = lexicon.schema

    def strikes(function: str, noun: str) -> bool:
        """Whether a noun names a weapon, or an attack that hits: "shells hit the town", "two bombings hit it"."""
        named = (schema.plover.get(f.class_ or "") for f in lexicon.frames.get(("Noun", noun), ()) if len(f.words) == 1)
        return noun in lexicon.words["weapons"] or (function == "subject" and "ASSAULT" in named)

    def meets(at: int) -> bool:
        """Whether a noun names what parties come together for, with a host: talks, a meeting, a visit, a call."""
        named = lexicon.frames.get(("Noun", tree.lemmas[at]), ())
        return any("host" in schema.roles.get(f.class_ or "", ()) and _match(tree, at, f) for f in named)

    def accepts(frame: Frame, function: str, role: str, at: int) -> bool:
        happens = (
            tree.is_noun(at)
            and at not in types
            and any(f.typed and _match(tree, at, f) for f in lexicon.frames.get(("Noun", tree.lemmas[at]), ()))
        )
        if tree.deps[at] == "amod" and at not in types:
            return False
        if function in frame.free:
            return at not in dates
        if (function in frame.things and happens) or (function in frame.events and not happens):
            return False
        armed = strikes(function, tree.lemmas[at]) or types.get(at) in {"Weapon", THING}
        armed = armed or (function == "subject" and at in types)
        if function in frame.weapons and not armed:
            return False
        if function in frame.meetings and not meets(at):
            return False
        if function in frame.bodies and not (at in types and types[at] and schema.is_a(types[at], "Body")):
            return False
        if function in frame.actors and not (at in types and (not types[at] or schema.is_a(types[at], "Actor"))):
            return False
        ground = tree.lemmas[at] in lexicon.words["grounds"]
        if function in frame.places and not ground and not (at in types and schema.fits(types[at], "place")):
            return False
        if types.get(at) and not _may_relate(schema, frame, function, types[at]):
            return False
        return not types[at] or schema.fits(types[at], role) if at in types else role in VALUED and at not in dates

    return accepts


def _may_relate(schema: Schema, frame: Frame, function: str, type_: str) -> bool:
    """Whether something of a type may fill a function of a word that only states a relation: a general leads an army,
    and where a navy leads a fleet, the verb has another sense."""
    if frame.relation is None or frame.typed:
        return True
    fits = {"first": schema.may_have, "second": schema.fits}
    ends = [role for name, role in frame.arguments if name == function and role in ENDS]
    return not ends or any(fits[role](type_, frame.relation) for role in ends)


#: Roles whose filler may be a text that names no entity.
VALUED = frozenset({"topic", "target", "killed", "injured", "instrument", "first", "second"})
