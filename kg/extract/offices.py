"""Who holds which office for whom: titles in front of names, appositions, copulas, "spokesman for the ministry"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.extract.mention import NAME, NOMINAL, Mention
from kg.extract.tree import ACTIVE, Tree
from kg.lexicon import Frame, Lexicon

_BODIES = frozenset(
    {
        "State",
        "Organization",
        "Government",
        "Military",
        "ArmedGroup",
        "PoliticalParty",
        "IntergovernmentalOrganization",
        "Company",
        "Media",
        "Delegate",
        "City",
        "Region",
        "Group",
    }
)
#: Bodies that may have an office without being named: the government's spokesman, the leader of the brigade.
_UNNAMED = frozenset({"Government", "Military", "ArmedGroup", "Organization", "Company", "PoliticalParty"})
_OF = frozenset({"of", "for", "at", "in", "to", "with", "from"})
#: How a name stands in a larger phrase: the Russian Foreign Ministry.
_INSIDE = frozenset({"compound", "amod", "poss", "nmod"})
#: What may stand between a body and an office, and how many words at most.
_BEFORE = frozenset({"JJ", "POS", "NN", "VBN", "HYPH", "RB", "NNP", "CD", "JJS"})
_FAR = 6


@dataclass(frozen=True, slots=True)
class Holding:
    """Tokens: the holder's head, the office [start, end), the head of the body (or the body's IRI, where implied)."""

    holder: int
    start: int
    end: int
    body: int | None
    body_iri: str | None
    relation: str
    former: bool


def titles(tree: Tree, mentions: tuple[Mention, ...], lexicon: Lexicon) -> dict[int, str]:
    """Offices right in front of persons' names: head token of the name → lemma of the office's last word."""
    found = {}
    for mention in mentions:
        if mention.kind == NAME and mention.type == "Person":
            end = mention.start
            if end and ("Office", tree.lemmas[end - 1]) in lexicon.frames:
                found[mention.head] = tree.lemmas[end - 1]
    return found


def find(
    tree: Tree, mentions: tuple[Mention, ...], lexicon: Lexicon, published: str | None = None
) -> tuple[Holding, ...]:
    """All holdings that the text states; `published` tells which of a person's offices a bare title means."""
    starts = {m.start: m for m in mentions if m.kind == NAME}
    ends = {m.end: m for m in mentions if m.kind == NAME}
    heads = {
        token: m
        for m in mentions
        if m.kind != "pronoun"
        for token in ((m.head,) if m.kind == NOMINAL else range(m.start, m.end))
    }
    view = _View(tree, lexicon, starts, ends, heads, published)
    offices = [(at, *match) for at in range(len(tree)) if (match := view.office(at))]
    inside = {token for at, _, start in offices for token in range(start, at + 1) if at > start}
    inside |= {at for at, _, _ in offices if tree.deps[at] in _INSIDE and view.office(tree.heads[at])}
    longest = [(at, frame, start) for at, frame, start in offices if at > start or at not in inside]
    return (*(held for office in longest for held in view.holdings(*office)), *view.members(), *view.units())


@dataclass(frozen=True, slots=True)
class _View:
    tree: Tree
    lexicon: Lexicon
    starts: Mapping[int, Mention]
    ends: Mapping[int, Mention]
    heads: Mapping[int, Mention]
    published: str | None

    def holdings(self, at: int, frame: Frame, start: int) -> Iterator[Holding]:
        """The holding, if any, of the office with tokens [start, at]."""
        body, left = self._left(start, frame)
        right = self._right(at)
        former = any(self.tree.lemmas[x] in self.lexicon.words["former"] for x in range(max(0, left - 2), at))
        for holder in self._holders(frame, left, at, right):
            elsewhere = body is None or (right is not None and self._is_nationality(frame, body, right))
            chosen = right if right is not None and right.head != holder and elsewhere else body
            chosen = chosen or (right if right is not None and right.head != holder else None)
            implied = None if chosen else frame.default_of or self._tenure(self.heads.get(holder), frame)
            relation = self._relation(frame, chosen, start, at) if chosen else frame.office
            if chosen and self._is_matter(at, chosen):
                yield Holding(holder, start, at + 1, None, None, frame.office or "", former)
            elif relation and (chosen or implied):
                body_token = chosen.head if chosen else None
                for one in self._sharing(holder, at):
                    yield Holding(one, start, at + 1, body_token, implied, relation, former)
            return

    def _relation(self, frame: Frame, body: Mention, start: int, at: int) -> str | None:
        """What an office makes of its holder. Who heads but a part of a body is its official (the EU's foreign policy
        chief), who leads its delegation negotiates for it, and whose opposition somebody leads is nothing of his."""
        tree, words = self.tree, self.lexicon.words
        part = {tree.lemmas[one] for one in self._part(body, start)}
        place = body.type in {"State", "City", "Region"}
        itself = words["states-themselves"] if place else words["bodies-themselves"] | words["followings"]
        if frame.office != "headOf" or part <= itself:
            return frame.office
        if part & words["delegates"]:
            return "negotiatorOf"
        followed = tree.lemmas[at] in words["followed"] or part & words["followings"]
        return None if place and followed else "officialOf"

    def _part(self, body: Mention, start: int) -> Iterator[int]:
        """The words for what an office heads beside a body's name: "judiciary" in "the Iranian judiciary chief" and in
        "head of the Iranian judiciary"."""
        tree, limits = self.tree, self.lexicon.words["limiting"] | self.lexicon.words["delegates"]
        governor = tree.heads[body.head]
        named = self.heads.get(governor)
        if body.end <= start:
            yield from (x for x in range(body.end, start) if tree.is_noun(x) or tree.lemmas[x] in limits)
        elif governor >= body.end and tree.deps[body.head] in _INSIDE and not (named and named.type == "Person"):
            yield governor
            yield from (
                x for x in tree.down(governor, "compound", "amod") if x >= body.end and tree.lemmas[x] in limits
            )
            # "the Russian republic of Dagestan" is not Russia.
            yield from (x for x in tree.down(governor, "prep") if tree.lemmas[x] == "of")

    def _is_nationality(self, frame: Frame, left: Mention, right: Mention) -> bool:
        """Whether a state in front only says whence a body's officer is: the French president of the bank; envoys and
        ambassadors are a state's."""
        return (
            frame.office in {"headOf", "officialOf"}
            and left.type == "State"
            and right.type not in {"State", "City", "Region"}
        )

    def _is_matter(self, at: int, body: Mention) -> bool:
        """Whether a place is but what somebody is responsible for, or where he was sent: the Minister for the Middle
        East, the ambassador to Israel."""
        lemma, words = self.tree.lemmas[at], self.lexicon.words
        preposition = self.tree.lemmas[at + 1] if body.start > at + 1 else ""
        charged = preposition == "for" and lemma in words["charged"] and body.type in {"Region", "City"}
        sent = (
            preposition in {"to", "for", "in"} and lemma in words["posted"] and body.type in {"State", "Region", "City"}
        )
        return charged or sent

    def _sharing(self, holder: int, at: int) -> Iterator[int]:
        """A holder, and those named beside it where the office is in the plural: envoys X and Y."""
        yield holder
        if self.tree.tags[at] in {"NNS", "NNPS"}:
            for one in self.tree.conjuncts(holder)[1:]:
                mention = self.heads.get(one)
                if mention and mention.kind == NAME and mention.type == "Person":
                    yield mention.head

    def office(self, at: int) -> tuple[Frame, int] | None:
        """The longest office that ends at a token, and its start, which is inside no name: an army has a chief."""
        words, lemmas = self.tree.words, self.tree.lemmas
        for frame in self.lexicon.frames.get(("Office", lemmas[at]), ()):
            start = at - len(frame.words) + 1
            if (
                start >= 0
                and not self._ends_name(start, at)
                and all(word in {lemmas[start + n], words[start + n].lower()} for n, word in enumerate(frame.words))
            ):
                return frame, start
        return None

    def _ends_name(self, start: int, at: int) -> bool:
        """Whether the first words of an office are the last of a body's name."""
        return any(
            name.start < start and name.type in _BODIES for n in range(start + 1, at + 1) if (name := self.ends.get(n))
        )

    def _left(self, start: int, frame: Frame) -> tuple[Mention | None, int]:
        """The body in front of an office, over adjectives; a State before an organisation ("Israeli UN envoy"), but not
        before the one that somebody heads ("the French IMF chief")."""
        at, found = start, None
        for _ in range(_FAR):
            mention = self.ends.get(at)
            if mention and mention.type in _BODIES:
                outer = mention.type == "State" and frame.office != "headOf" and found is not None
                found = mention if found is None or (outer and found.type != "State") else found
                at = mention.start
            elif found is None and (nominal := self._unnamed(at)):
                found, at = self._inside(nominal) or nominal, nominal.start
            elif at and not mention and self._is_between(at - 1):
                at -= 1
            else:
                break
        return found, (found.start if found else start)

    def _is_between(self, at: int) -> bool:
        """Whether a word may stand between a body and its office: not in "the Jordanian-born leader"."""
        tree = self.tree
        origin = tree.tags[at] == "VBN" and at > 0 and tree.words[at - 1] == "-"
        return tree.tags[at] in _BEFORE and tree.lemmas[at] != "," and not origin

    def _unnamed(self, end: int) -> Mention | None:
        """A body without a name that ends at a token: "government" in "government spokesman"."""
        nominal = self.heads.get(end - 1)
        return nominal if nominal and self._is_unnamed(nominal) and nominal.end == end else None

    def _is_unnamed(self, mention: Mention) -> bool:
        faction = mention.type == "Group" and self.tree.lemmas[mention.head] in self.lexicon.words["factions"]
        return mention.kind == NOMINAL and (mention.type in _UNNAMED or faction)

    def _inside(self, nominal: Mention) -> Mention | None:
        """The body that a noun phrase names: "Iraqi" in "Iraqi government spokesman"."""
        names = (self.ends.get(at + 1) for at in range(nominal.start, nominal.head))
        return next((name for name in names if name and name.type in _BODIES), None)

    def _right(self, at: int) -> Mention | None:
        """The body after an office: of, for, at, in."""
        tree = self.tree
        for kid in (
            *tree.down(at, "prep"),
            *((at + 1,) if at + 1 < len(tree) and tree.tags[at + 1] in {"IN", "TO"} else ()),
        ):
            if tree.lemmas[kid] not in _OF or kid > at + 2:
                continue
            unnamed = next((m for m in map(self.heads.get, tree.down(kid, "pobj")) if m and self._is_unnamed(m)), None)
            if unnamed:
                return unnamed
            place = kid + 1
            while (
                place < len(tree)
                and tree.tags[place] in {"DT", "JJ", "NN"}
                and place not in self.starts
                and place < kid + 4
            ):
                place += 1
            mention = self.starts.get(place)
            if mention and mention.type in _BODIES:
                return self._outer(mention)
        return self._beside(at)

    def _beside(self, at: int) -> Mention | None:
        """The body after an office that stands between commas: "Jane Doe, commander, Sixth Fleet"."""
        words = self.tree.words
        between = at > 0 and at + 2 < len(words) and words[at - 1] == words[at + 1] == ","
        mention = self.starts.get(at + 2) if between else None
        return mention if mention and mention.type in _BODIES - {"State", "City", "Region"} else None

    def _outer(self, mention: Mention) -> Mention:
        """The body that a name belongs to, where the name is only its modifier: the Russian Foreign Ministry."""
        governor = self.heads.get(self.tree.heads[mention.head])
        outer = governor and governor.type in _BODIES and mention.start <= governor.head and governor.kind == NAME
        return governor if outer and governor and self.tree.deps[mention.head] in _INSIDE else mention

    def _holders(self, frame: Frame, left: int, at: int, right: Mention | None) -> Iterator[int]:
        """Heads of persons who hold an office, the surest first."""
        tree = self.tree
        after = [at + 1, at + 2] if at + 1 < len(tree) and tree.words[at + 1] == "," else [at + 1]
        if right is not None:
            # Behind "the leader of Hamas" or of "Hamas' political wing".
            governor = tree.heads[right.head]
            ends = (right.end, governor + 1) if tree.deps[right.head] in _INSIDE else (right.end,)
            after += [
                place for end in ends for place in (end, *([end + 1] if tree.words[end : end + 1] == (",",) else []))
            ]
        for place in after:
            mention = self.starts.get(place)
            if mention and mention.type == "Person":
                yield mention.head
        yield from self._before(left)
        for near in (*tree.down(at, "appos"), tree.heads[at]):
            mention = self.heads.get(near)
            if (
                mention
                and mention.type == "Person"
                and mention.kind == NAME
                and (tree.deps[at] == "appos" or tree.deps[near] == "appos")
            ):
                yield mention.head
        if tree.deps[at] == "attr":
            for subject in tree.down(tree.heads[at], "nsubj"):
                if self.lexicon.effects["Pronoun"].get(tree.lemmas[subject]) == "person":
                    yield subject
                elif subject in self.heads and self.heads[subject].type == "Person":
                    yield self.heads[subject].head
        yield from self._appointed(at)
        if frame.office == "representativeOf" and (nominal := self.heads.get(at)) and nominal.kind == NOMINAL:
            yield nominal.head

    def _appointed(self, at: int) -> Iterator[int]:
        """Who was given an office: "was named minister", "appointed him as commander", "served as envoy"."""
        tree, up = self.tree, self.tree.heads[at]
        if tree.deps[at] == "pobj" and tree.lemmas[up] == "as":
            up = tree.heads[up]
        elif tree.deps[at] not in {"oprd", "attr"}:
            return
        told = tree.tags[up] in {"VBD", "VBN", "VBZ", "VBP"} and not any(
            tree.tags[kid] == "MD" or tree.deps[kid] == "neg" for kid in tree.kids[up]
        )
        if told and tree.is_verb(up) and tree.lemmas[up] in self.lexicon.words["appointing"]:
            own = ("nsubj",) if tree.lemmas[up] == "serve" else ("dobj", "dative")
            for one in tree.down(up, *(own if tree.voice(up) == ACTIVE else ("nsubjpass",))):
                mention = self.heads.get(one)
                if self.lexicon.effects["Pronoun"].get(tree.lemmas[one]) == "person":
                    yield one
                    return
                if mention and mention.type == "Person":
                    yield mention.head
                    return

    def _before(self, left: int) -> Iterator[int]:
        """A name before the office: "Hugo Chávez, the president of Venezuela"."""
        tree, place = self.tree, left
        while place > 0 and tree.tags[place - 1] in {"DT", "JJ", "RB", "VBN", "NN", "CC"} and left - place < 5:
            place -= 1
        if place > 0 and tree.words[place - 1] == ",":
            mention = self.ends.get(place - 1)
            if mention and mention.type == "Person":
                yield mention.head

    def _tenure(self, holder: Mention | None, frame: Frame) -> str | None:
        """The State that the gazetteer gives for a person of this name in this kind of office, if it gives but one."""
        if holder is None or holder.iri is None:
            return None
        tenures = self.lexicon.gazetteer.tenures.get(holder.iri, ())
        bodies = {t.of for t in tenures if t.relation == frame.office and t.covers(self.published)}
        return next(iter(bodies)) if len(bodies) == 1 else None

    def members(self) -> Iterator[Holding]:
        """A person "of" an organisation: said Daniel Levy of the New America Foundation."""
        tree = self.tree
        for mention in self.ends.values():
            at = mention.end
            if mention.type != "Person" or at >= len(tree) or tree.lemmas[at] != "of":
                continue
            start = at + 2 if tree.lemmas[at + 1 : at + 2] == ("the",) else at + 1
            body = self.starts.get(start)
            if body and body.type in {"Organization", "Company", "Media", "PoliticalParty"}:
                yield Holding(mention.head, mention.start, mention.end, body.head, None, "memberOf", False)

    def units(self) -> Iterator[Holding]:
        """A unit of a larger one: 2nd Battalion, 5th Regiment; the 1st Brigade of the 4th Division."""
        tree = self.tree
        for mention in self.ends.values():
            start = mention.end + 1
            joined = start < len(tree) and tree.lemmas[start - 1] in {",", "of", "in"}
            outer = self.starts.get(start + (tree.lemmas[start : start + 1] == ("the",))) if joined else None
            if outer and 0 < self._echelon(mention) < self._echelon(outer):
                yield Holding(mention.head, mention.start, mention.end, outer.head, None, "partOf", False)

    def _echelon(self, mention: Mention) -> int:
        """How large a unit is, by the last word of its name; 0 for what is none."""
        name = mention.type in {"Military", "Organization", "Company"}
        return int(self.lexicon.effects["Echelon"].get(self.tree.lemmas[mention.end - 1], "0")) if name else 0
