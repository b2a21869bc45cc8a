"""Qualifiers: whether a proposition is affirmed or negated, actual, planned, possible, conditional or desired.

The walk starts at the trigger and climbs: a noun to its support verb, a clause to the cue that governs it. Signs met on
the way (negators, auxiliaries, modifiers) and the effects of cues add up; polarity flips, the innermost modality wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from kg.extract.frames import Proposition
from kg.extract.tree import Tree
from kg.lexicon import Lexicon
from kg.record import ACTUAL, AFFIRMED, CONDITIONAL, DESIRED, NEGATED, OPEN, PLANNED

_PAST = frozenset({"VBD", "VBN"})


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Polarity and modality of a proposition."""

    polarity: str
    modality: str


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the walk reads: the tree, support verbs, and the cues that govern each head."""

    tree: Tree
    lexicon: Lexicon
    supports: Mapping[int, int]
    governed: Mapping[int, tuple[Proposition, ...]]

    def of(self, proposition: Proposition) -> Qualifier:
        """The qualifier of a proposition at its trigger."""
        negated, modality = False, proposition.frame.modality or ACTUAL
        for flip, sign in self._climb(proposition.at):
            negated ^= flip
            modality = sign if modality == ACTUAL else modality
        if (
            modality == ACTUAL
            and not negated
            and proposition.frame.kind in {"Noun", OPEN}
            and self.tree.is_noun(proposition.at)
            and not self._established(proposition)
        ):
            default = None if proposition.frame.content else proposition.frame.makes
            modality = self._around(proposition.at) if default is None else default
        return Qualifier(NEGATED if negated else AFFIRMED, modality)

    def _around(self, at: int) -> str:
        """The modality of the clause in which a noun mentions an event not taken as given: "would vote in a poll"."""
        tree = self.tree
        for up in tree.up(at):
            if tree.deps[at] in {"relcl", "acl"} or (tree.deps[at] == "nsubj" and not self._is_imagined(up)):
                return ACTUAL
            if tree.is_verb(up):
                return self._modality(up)
            at = up
        return ACTUAL

    def _is_imagined(self, verb: int) -> bool:
        """Whether a clause tells what may come: "an attack would trigger war"; "it may have killed ten" looks back."""
        tree = self.tree
        auxiliaries = tuple(tree.down(verb, "aux"))
        perfect = any(tree.lemmas[aux] == "have" for aux in auxiliaries)
        return not perfect and any(tree.tags[aux] == "MD" for aux in auxiliaries)

    def _modality(self, verb: int) -> str:
        """The modality of a clause, by its verb."""
        return next((sign for _, sign in self._climb(verb) if sign != ACTUAL), ACTUAL)

    def _established(self, proposition: Proposition) -> bool:
        """Whether a noun's event is taken as given: definite, possessed, or brought about by a support verb."""
        tree = self.tree
        at = proposition.at
        above = next((up for up in tree.up(at) if tree.is_verb(up)), None)
        for place in (at, *self._measures(at)):
            for kid in tree.kids[place]:
                if tree.deps[kid] == "poss" or (
                    tree.deps[kid] == "det" and tree.lemmas[kid] in {"the", "this", "that", "these", "those"}
                ):
                    return True
                if tree.deps[kid] in {"acl", "relcl"} and tree.tags[kid] in _PAST:
                    return True
                if tree.deps[kid] == "amod" and tree.tags[kid] in _PAST:
                    return True
        return self._is_achieved(at) or (
            at in self.supports and (above is None or tree.deps[self.supports[at]] != "amod")
        )

    def _is_achieved(self, at: int) -> bool:
        """Whether a noun is what somebody has brought others to: "brokered a truce", not "tried to broker a truce"."""
        tree, verb = self.tree, self.tree.heads[at]
        past = tree.deps[at] == "dobj" and tree.tags[verb] in _PAST
        brought = past and tree.lemmas[verb] in self.lexicon.words["achieving"]
        return brought and all(effect == (False, ACTUAL) for effect in self._climb(verb))

    # ── the climb ──

    def _climb(self, at: int) -> Iterator[tuple[bool, str]]:
        """Pairs of (flips polarity, modality) from a trigger upwards."""
        below, seen = -1, set()
        while at not in seen:
            seen.add(at)
            yield from self._signs(at, seen)
            up, effects = self._above(at, below)
            yield from effects
            if up is None:
                return
            below, at = at, up

    def _above(self, at: int, below: int) -> tuple[int | None, tuple[tuple[bool, str], ...]]:
        """Where the climb goes on from a token, with the effect of the cue that is passed."""
        tree = self.tree
        if self._shares(at):
            return tree.heads[at], ()
        cue = next((p for p in self.governed.get(at, ()) if self._governs(p, at)), None)
        if cue is not None:
            effect = (cue.frame.denies, cue.frame.makes or ACTUAL)
            promised = self._infinitival(at) if cue.frame.reports and not cue.frame.makes else ()
            return (None if cue.frame.reports else cue.at), (effect, *promised)
        if (raised := self._raised(at)) is not None:
            return raised, ()
        if at in self.supports:
            return self.supports[at], ()
        measure = next(self._measures(at), None)
        if measure is not None:
            return measure, ()
        dep, up = tree.deps[at], tree.heads[at]
        if dep == "ROOT":
            return None, self._infinitival(at)
        if dep == "conj" and tree.is_noun(at) and up not in self.supports and tree.is_noun(up):
            return up, ()
        if dep == "xcomp":
            return up, self._infinitival(at)
        if dep == "amod" and tree.is_verb(at):
            return None, ()
        if dep == "advcl" and self._awaits(at, up):
            return None, ((False, self._modality(up)),)
        if self._infinitive(at) and ((dep in {"acl", "relcl"} and self._is_ranked(up)) or self._results(at)):
            return up, ()
        if dep in {"advcl", "acl", "relcl"} and self._infinitive(at):
            return None, ((False, DESIRED if dep == "advcl" else PLANNED),)
        if dep == "dobj" and any(cue.at == at for cue in self.governed.get(below, ())):
            return up, ()
        if dep == "nsubj" and tree.is_noun(at) and tree.lemmas[up] in self.lexicon.words["happening"]:
            return up, ()
        if dep in {"attr", "nsubj", "nsubjpass"} and tree.lemmas[up] == "be":
            return up, ()
        return None, ()

    def _governs(self, cue: Proposition, at: int) -> bool:
        """Whether a cue says of what a token tells whether it is so: "is set to expire" says so of the expiry alone."""
        aside = self.tree.deps[at] == "nsubjpass" and at in cue.fillers("object") and bool(cue.fillers("clause"))
        return cue.at != at and self.supports.get(cue.at) != at and not aside

    def _raised(self, at: int) -> int | None:
        """The infinitive that says whether what a noun names comes about: "talks are due to begin", "expected to take
        place"; not "the truce is expected to end the war"."""
        tree, up, words = self.tree, self.tree.heads[at], self.lexicon.words
        if tree.deps[at] not in {"nsubj", "nsubjpass"} or not tree.is_noun(at):
            return None
        below = (verb for over in (up, *tree.down(up, "acomp")) for verb in tree.down(over, "xcomp"))
        for verb in filter(self._infinitive, below):
            objects = {tree.lemmas[one] for one in tree.down(verb, "dobj")}
            if tree.lemmas[verb] in words["happening"] and not tree.has(verb, "auxpass") and objects <= words["taken"]:
                return verb
        return None

    def _awaits(self, at: int, above: int) -> bool:
        """Whether a clause tells when something else comes, and is as far off: "will leave when the war ends", "would
        leave when the war ended"; "will leave after they were bombed" is not."""
        tree = self.tree
        if not any(tree.lemmas[kid] in self.lexicon.words["temporal"] for kid in tree.down(at, "mark", "advmod")):
            return False
        tags = {tree.tags[verb] for verb in (at, *tree.down(at, "aux", "auxpass"))}
        auxiliaries = [tree.lemmas[aux] for aux in tree.down(above, "aux")]
        effects = {self.lexicon.effects["Auxiliary"].get(aux) for aux in auxiliaries}
        foretold = CONDITIONAL in effects and "have" not in auxiliaries
        return not tags & {"VBD", "MD"} or (foretold and "MD" not in tags)

    def _results(self, at: int) -> bool:
        """Whether an infinitive tells how something ended: "beat its rival to win the order", "fell to close at 3"."""
        tree = self.tree
        return tree.deps[at] == "advcl" and tree.lemmas[tree.heads[at]] in self.lexicon.words["ending"]

    def _is_ranked(self, noun: int) -> bool:
        """Whether a noun is one of those that did it: "the first country to recognise Kosovo"."""
        tree = self.tree
        return any(tree.tags[kid] == "JJS" or tree.lemmas[kid] in self.lexicon.words["ranked"]
                   for kid in tree.down(noun, "amod", "nummod"))  # fmt: skip

    def _is_bidden(self, at: int) -> bool:
        """Whether somebody is told to do something: "Stop the war", "Do not go", "that they be freed"."""
        tree = self.tree
        bare = not tree.has(at, "aux")
        if tree.tags[at] != "VB" or not (bare or all(tree.words[aux].lower() == "do" for aux in tree.down(at, "aux"))):
            return False
        if tree.has(at, "nsubj", "nsubjpass"):
            return bare and any(tree.lemmas[mark] == "that" for mark in tree.down(at, "mark"))
        return tree.deps[at] == "ROOT" or (tree.deps[at] in {"ccomp", "advcl"} and at < tree.heads[at])

    def _shares(self, at: int) -> bool:
        """Whether a verb goes on from another under the same auxiliaries: "must halt and withdraw"."""
        tree, up = self.tree, self.tree.heads[at]
        joined = tree.deps[at] == "conj" and tree.is_verb(at) and tree.is_verb(up)
        finite = tree.tags[at] in {"VBD", "VBZ", "VBP"} and tree.tags[up] == "VB"
        return joined and not finite and not tree.has(at, "nsubj", "nsubjpass", "aux")

    def _infinitival(self, at: int) -> tuple[tuple[bool, str], ...]:
        """What is to be done is planned ("offered to help", "Germany to send tanks"), not what is to have been done."""
        tree = self.tree
        perfect = any(tree.lemmas[kid] == "have" for kid in tree.down(at, "aux"))
        finite = any(tree.tags[kid] in {"MD", "VBZ", "VBP", "VBD"} for kid in tree.down(at, "aux"))
        above = tree.heads[at]
        raising = self.lexicon.words["auxiliary"] - {"be", "have"}
        plain = above == at or (tree.tags[above].startswith("VB") and tree.lemmas[above] not in raising)
        return ((False, PLANNED),) if plain and self._infinitive(at) and not perfect and not finite else ()

    def _infinitive(self, at: int) -> bool:
        return any(self.tree.tags[kid] == "TO" for kid in self.tree.down(at, "aux"))

    def _measures(self, at: int) -> Iterator[int]:
        """The noun that only measures this one: "round" of talks."""
        tree = self.tree
        prep = tree.heads[at]
        if (
            tree.deps[at] == "pobj"
            and tree.lemmas[prep] == "of"
            and tree.lemmas[tree.heads[prep]] in self.lexicon.words["transparent"]
        ):
            yield tree.heads[prep]

    # ── signs on one token ──

    def _signs(self, at: int, passed: Set[int]) -> Iterator[tuple[bool, str]]:
        """Negators, auxiliaries and modifiers of a token, but for those that the climb has passed."""
        tree, effects = self.tree, self.lexicon.effects
        for kid in tree.kids[at]:
            if kid in passed:
                continue
            dep, word = tree.deps[kid], tree.lemmas[kid]
            if dep in {"neg", "preconj", "cc"} and word in effects["Negator"]:
                yield True, ACTUAL
            elif dep in {"det", "predet", "amod", "advmod"}:
                yield from self._modified(word, dep)
            elif dep == "aux":
                yield False, self._auxiliary(at, kid)
            elif dep == "mark" and word in effects["Condition"]:
                yield False, CONDITIONAL
            elif dep in {"nsubj", "nsubjpass", "dobj"} and tree.is_verb(at) and self._excluded(kid):
                yield True, ACTUAL
            if dep == "advmod":  # "Never before had the court …", "not yet"
                yield from (
                    (True, ACTUAL) for below_ in tree.down(kid, "neg") if tree.lemmas[below_] in effects["Negator"]
                )
        if self._is_bidden(at):
            yield False, DESIRED
        yield from self._lacking(at)

    def _excluded(self, at: int) -> bool:
        """Whether a phrase denies its verb: nobody, no delegation, neither the one nor the other."""
        neither = any(self.tree.lemmas[kid] in self.lexicon.effects["Negator"] for kid in self.tree.down(at, "preconj"))
        return (neither and not self._is_some(at)) or self.none_of(at)

    def _is_some(self, at: int) -> bool:
        """Whether a phrase speaks of all, so that "not" leaves some of them."""
        return any(self.tree.lemmas[one] in self.lexicon.words["universal"] for one in (at, *self.tree.kids[at]))

    def none_of(self, at: int) -> bool:
        """Whether a noun is denied as a whole: no delegation, neither side, nobody; "not all" are some."""
        words = (at, *self.tree.down(at, "det", "neg"))
        return not self._is_some(at) and any(
            self.tree.lemmas[word] in self.lexicon.effects["Negator"] for word in words
        )

    def _modified(self, word: str, dep: str) -> Iterator[tuple[bool, str]]:
        effects = self.lexicon.effects
        if word in effects["Negator"]:
            yield True, ACTUAL
        elif word in effects["Determiner"] and dep in {"det", "predet"}:
            yield False, effects["Determiner"][word]
        elif word in effects["Modifier"] and dep in {"amod", "advmod"}:
            yield False, effects["Modifier"][word]

    def _lacking(self, at: int) -> Iterator[tuple[bool, str]]:
        """Nouns that deny what they govern: the lack of a breakthrough, without a deal."""
        tree = self.tree
        if tree.deps[at] in {"pobj", "pcomp"}:
            prep = tree.heads[at]
            noun = tree.heads[prep]
            lacks = tree.lemmas[noun] in self.lexicon.words["lack"] and tree.is_noun(noun) and tree.deps[prep] == "prep"
            if lacks or tree.lemmas[prep] in self.lexicon.words["without"]:
                yield True, ACTUAL

    def _is_past(self, verb: int) -> bool:
        """Whether a verb tells of the past; a participle has the tense of the verb that it accompanies."""
        tags = self.tree.tags
        return tags[verb] in _PAST or (tags[verb] == "VBG" and tags[self.tree.heads[verb]] in _PAST)

    def _auxiliary(self, verb: int, aux: int) -> str:
        """What an auxiliary says; "would" is the future seen from the past under a past report, else conditional."""
        tree = self.tree
        effect = self.lexicon.effects["Auxiliary"].get(tree.lemmas[aux], ACTUAL)
        if effect != CONDITIONAL:
            return effect
        cue = self.governed.get(verb, ())
        past = any(p.frame.kind == "Noun" or self._is_past(p.at) for p in cue)
        supposed = any(
            tree.lemmas[m] in self.lexicon.effects["Condition"]
            for c in tree.down(verb, "advcl")
            for m in tree.down(c, "mark")
        )
        generic = any(
            tree.lemmas[d] == "any" for s in tree.down(verb, "nsubj", "nsubjpass") for d in tree.down(s, "det")
        )
        return PLANNED if past and not supposed and not generic else CONDITIONAL
