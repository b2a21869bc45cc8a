"""The course of events in a text: mentions of one event merge, harm joins its attack, parties are bridged.

Built on the events of single propositions (`kg.extract.events`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.extract.coreference import POLITIES
from kg.extract.cues import Qualifier
from kg.extract.events import BRIDGED, COUNTED, TOLD, Filler, Happening, Scene
from kg.extract.frames import Proposition
from kg.extract.mention import NAME
from kg.record import ACTUAL, AFFIRMED, OPEN

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})


@dataclass(frozen=True, slots=True)
class Course(Scene):
    """The events of a text: `events` gives them, of all its propositions."""

    def events(self, propositions: Iterable[Proposition]) -> list[Happening]:
        """Events in order, mentions of one event merged, harm joined to the attack that did it, parties bridged."""
        events: list[Happening] = []
        for proposition in propositions:
            if proposition.frame.class_ is None or self._subordinate(proposition, events):
                continue
            if self._refers_back(proposition, events):
                continue
            event = self.happening(proposition)
            if proposition.frame.voiced and not self._voiced(event):
                continue
            antecedent = self._antecedent(event, events) or self._purpose(event, events)
            if antecedent:
                self._merge(antecedent, event)
            else:
                events.append(event)
        events = self._mediated(self._harmed(self._titled(events)))
        self._bridge(events)
        self._answer(events)
        return events

    def _refers_back(self, proposition: Proposition, events: list[Happening]) -> bool:
        """Whether a participle only says whom the text spoke of before: "400 of those killed were children"."""
        tree, at = self.tree, proposition.at
        if tree.deps[at] != "acl" or tree.lemmas[tree.heads[at]] not in {"those", "that"}:
            return False
        words = {tree.lemmas[p.at] for e in events for p in (e.proposition, *e.mentions)}
        return tree.lemmas[at] in words

    def _titled(self, events: list[Happening]) -> list[Happening]:
        """A headline without names tells of what the body tells with names: "Ministers discuss Syria"."""
        told = set[int]()
        for event in events:
            if self._is_in_title(event) and event.fillers and not self._names_actor(event):
                body = (n for n, other in enumerate(events) if self._is_told_of(event, other) and n not in told)
                number = next(body, None)
                if number is not None:
                    told.add(number)
                    self._tell(event, events[number])
        return [event for number, event in enumerate(events) if number not in told]

    def _tell(self, title: Happening, body: Happening) -> None:
        """The one event of a headline and of the body: who is named acts, in the stead of who is not."""
        title.class_, title.said = body.class_, body.said
        title.mentions += [body.proposition, *body.mentions]
        filled = {filler.role for filler in body.fillers}
        title.fillers = [f for f in title.fillers if f.role not in filled or f.role == "topic"]
        for filler in body.fillers:
            title.add(filler)

    def _is_in_title(self, event: Happening) -> bool:
        return self.tree.starts[event.proposition.at] < self.title

    def _names_actor(self, event: Happening) -> bool:
        clusters = (self.referents.clusters[number] for number in event.clusters("party", "agent", "speaker"))
        return any(mention.kind == NAME for cluster in clusters for mention in cluster.mentions)

    def _is_told_of(self, title: Happening, body: Happening) -> bool:
        """Whether an event of the body may be a headline's: of its class and qualifiers, with a name."""
        family = self._family(title.class_)
        akin = body.class_ == title.class_ != OPEN or (family is not None and family == self._family(body.class_))
        alike = akin and body.qualifier == title.qualifier
        return alike and not self._is_in_title(body) and self._names_actor(body)

    def _subordinate(self, proposition: Proposition, events: list[Happening]) -> bool:
        """A second reporting verb in the same breath: "noted that …, confirming that …"."""
        tree = self.tree
        if (
            not proposition.frame.reports
            or tree.deps[proposition.at] != "advcl"
            or tree.has(proposition.at, "nsubj", "mark")
        ):
            return False
        above = next(
            (e for e in events if e.proposition.at in set(tree.up(proposition.at)) and e.clusters("speaker", "agent")),
            None,
        )
        if above is not None:
            above.mentions.append(proposition)
        return above is not None

    def _antecedent(self, event: Happening, events: list[Happening]) -> Happening | None:
        """The earlier event that a noun names again."""
        tree, at = self.tree, event.proposition.at
        if not tree.is_noun(at) and event.class_ != "Negotiation":
            return None
        words = {
            tree.lemmas[kid]
            for place in (at, *tree.up(at))
            if place == at or tree.lemmas[place] in self.lexicon.words["transparent"]
            for kid in tree.kids[place]
        }
        if words & self.lexicon.words["another"]:
            return None
        definite = bool(words & _DEFINITE) or tree.has(at, "poss") or event.class_ in {"Negotiation", "Ceasefire"}
        unsaid = definite or event.qualifier != Qualifier(AFFIRMED, ACTUAL)
        family = self._family(event.class_)
        akin = [o for o in reversed(events) if family and family == self._family(o.class_) and self._agree(event, o)]
        telling = event.class_ == "Negotiation" or self._is_assault(event)
        if telling and not words & _DEFINITE and event.clusters("party", "agent"):
            # "Held talks with Iran" tells of no talks without parties before, "Iran's attacks" of nobody's.
            akin = [o for o in akin if self._is_in_title(o) or o.clusters("party", "agent")]
        alike = [other for other in akin if unsaid and other.qualifier == event.qualifier]
        same = (o for o in alike if tree.lemmas[at] in {tree.lemmas[p.at] for p in (o.proposition, *o.mentions)})
        named = (other for other in akin if "the" in words and tree.is_noun(other.proposition.at))
        return next(same, next(iter(alike), next(named, None)))

    def _purpose(self, event: Happening, events: list[Happening]) -> Happening | None:
        """The meeting that talks are the purpose of: they are one event ("met to discuss the border")."""
        tree, at = self.tree, event.proposition.at
        if tree.deps[at] not in {"advcl", "xcomp", "acl"} or self._family(event.class_) != "talks":
            return None
        above, supports = tree.heads[at], self.qualification.supports
        met = (e for e in events if above in {e.proposition.at, supports.get(e.proposition.at)})
        return next((e for e in met if self._family(e.class_) == "talks"), None)

    def _agree(self, event: Happening, other: Happening) -> bool:
        """Whether two mentions have no different parties, agents, mediators or cities, and two attacks hit the same."""
        hit = ("target", "place") if self._is_assault(event) else ("target",)
        for roles in (("party", "agent"), ("mediator",), ("target",), hit):
            one, two = set(event.clusters(*roles)), set(other.clusters(*roles))
            if one and two and not (one <= two or two <= one):
                return False
        here, there = self._cities(event), self._cities(other)
        return not here or not there or not here.isdisjoint(there)

    def _cities(self, event: Happening) -> set[int]:
        return {place for place in event.clusters("place") if self.referents.clusters[place].type == "City"}

    def _merge(self, event: Happening, mention: Happening) -> None:
        event.mentions.append(mention.proposition)
        if self._occurred(mention.proposition.at) and mention.qualifier == Qualifier(AFFIRMED, ACTUAL):
            event.qualifier, event.said = mention.qualifier, mention.said
        for filler in mention.fillers:
            if filler.cluster is not None or filler.role not in {f.role for f in event.fillers}:
                event.add(filler)

    def _harmed(self, events: list[Happening]) -> list[Happening]:
        """Who was killed and injured belongs to the attack that did it, where the clause names one."""
        kept = []
        for event in events:
            attack = self._attack(event, events) if self._is_harm(event) else self._hitting(event, events)
            if attack is None:
                kept.append(event)
                continue
            for filler in event.fillers:
                if filler.role in COUNTED or filler.role in {"place", "target"}:
                    attack.add(filler)
            self._suffer(attack, event)
            attack.mentions.append(event.proposition)
        return kept

    def _suffer(self, attack: Happening, harm: Happening) -> None:
        """Whom an attack of somebody's kills is whom it hits, where nothing else is named."""
        if attack.clusters("agent") and not any(filler.role in {"target", "place"} for filler in attack.fillers):
            for number in self._killed(harm.proposition):
                attack.add(Filler("target", number))

    def _hitting(self, event: Happening, events: list[Happening]) -> Happening | None:
        """The attack that is said to hit something: "two strikes destroyed the bridge" is one event."""
        if self.tree.lemmas[event.proposition.at] not in self.lexicon.words["hitting"]:
            return None
        subjects = set(self.qualification_subjects(event.proposition.at))
        struck = (e for e in events if e is not event and subjects & {e.proposition.at, *(m.at for m in e.mentions)})
        return next((e for e in struck if self._is_assault(e) and e.qualifier == event.qualifier), None)

    def _occurred(self, at: int) -> bool:
        """Whether the text tells that an event came about: "The ceasefire began at dawn"."""
        tree, up = self.tree, self.tree.heads[at]
        plain = tree.tags[up] == "VBD" and not any(tree.down(up, "aux", "auxpass", "neg"))
        return plain and tree.deps[at] == "nsubj" and tree.lemmas[up] in self.lexicon.words["happening"]

    def _is_harm(self, event: Happening) -> bool:
        frame = event.proposition.frame
        return frame.kind == "Verb" and any(role in COUNTED for _, role in frame.arguments)

    def _attack(self, harm: Happening, events: list[Happening]) -> Happening | None:
        """The event that harm is told of: its subject, the clause it goes on from, or what it came "as a result of"."""
        named = {p.at: e for e in events if not self._is_harm(e) for p in (e.proposition, *e.mentions)}
        found = (named[at] for at in self._causes(harm.proposition.at) if at in named)
        return next((e for e in found if "killed" in self.lexicon.schema.roles.get(e.class_, frozenset())), None)

    def _causes(self, at: int) -> Iterator[int]:
        tree = self.tree
        yield from self.qualification_subjects(at)
        yield from self._circumstances(at)
        while tree.deps[at] in {"advcl", "conj", "relcl", "acl"}:
            clause, at = at, tree.heads[at]
            yield at
            if tree.deps[clause] == "relcl" and at in self.referents.by_token:
                yield from self._over(at)
            yield from self.qualification_subjects(at)

    def _over(self, at: int) -> Iterator[int]:
        """Nouns that a phrase stands below: "the attacks in the town of Tyre, which killed ten"."""
        tree = self.tree
        while tree.deps[at] == "pobj" and tree.is_noun(tree.heads[tree.heads[at]]):
            at = tree.heads[tree.heads[at]]
            yield at

    def _circumstances(self, at: int) -> Iterator[int]:
        """Nouns that say in what, or as a result of what, something happened."""
        for prep in self.tree.down(at, "prep", "agent"):
            if self.tree.lemmas[prep] in self.lexicon.words["causal"]:
                for noun in self.tree.down(prep, "pobj"):
                    yield noun
                    yield from self._circumstances(noun)

    def qualification_subjects(self, at: int) -> tuple[int, ...]:
        """Surface subjects of a verb, shared ones included."""
        tree = self.tree
        while True:
            found = tuple(tree.down(at, "nsubj", "nsubjpass"))
            if found or tree.deps[at] not in {"conj", "advcl", "xcomp"}:
                return found
            at = tree.heads[at]

    def _mediated(self, events: list[Happening]) -> list[Happening]:
        """Who mediates lends the talks or the deal a mediator; "U.S.-mediated" is no event of its own."""
        kept = []
        for event in events:
            if event.class_ != "Mediation":
                kept.append(event)
                continue
            topics = {t for f, r in event.proposition.arguments_of("topic") for t in r}
            served = [e for e in events if e is not event and topics & {e.proposition.at, *(m.at for m in e.mentions)}]
            served += self._under(event, events)
            for other in served:
                for number in event.clusters("mediator"):
                    other.fillers = [f for f in other.fillers if f.cluster != number or f.role != "party"]
                    other.add(Filler("mediator", number))
                for number in event.clusters("party"):
                    other.add(Filler("party", number))
            if served and self.tree.voice(event.proposition.at) == "participle":
                served[0].mentions.append(event.proposition)
            else:
                kept.append(event)
        return kept

    def _under(self, mediation: Happening, events: list[Happening]) -> Iterator[Happening]:
        """What was done under a mediation, or thanks to it: "Under Saudi mediation, both signed a truce"."""
        tree, at = self.tree, mediation.proposition.at
        prep = tree.heads[at]
        if tree.deps[at] != "pobj" or tree.lemmas[prep] not in self.lexicon.words["by-means"]:
            return
        above = {tree.heads[prep], next((up for up in tree.up(prep) if tree.is_verb(up)), None)}
        for event in events:
            one = event.proposition.at
            told = {
                one,
                self.qualification.supports.get(one, one),
                tree.heads[one] if tree.deps[one] == "dobj" else one,
            }
            mediated = "mediator" in self.lexicon.schema.roles.get(event.class_, frozenset())
            if above & told and mediated and event.class_ != mediation.class_:
                yield event

    def _bridge(self, events: list[Happening]) -> None:
        """Talks without parties, and deals between them, are those of the parties in focus; their place likewise."""
        principals = self._principals(events)
        for number, event in enumerate(events):
            family = self._family(event.class_)
            known = set(event.clusters("party", "agent"))
            parties = self._renamed(event, events[:number]) or principals
            if len(parties) > 1 and self._lacks(event, family, known, parties):
                for number in parties:
                    event.add(Filler("party", number))
                event.basis = BRIDGED

    def _renamed(self, event: Happening, before: list[Happening]) -> tuple[int, ...]:
        """The parties of the event whose words named this one first: "work on an agreement … The agreement …"."""
        lemmas, at = self.tree.lemmas, event.proposition.at
        if "the" not in {lemmas[kid] for kid in self.tree.down(at, "det")}:
            return ()
        named = (e for e in reversed(before) if any(lemmas[word] == lemmas[at] for word in e.proposition.words))
        return next((tuple(e.clusters("party")) for e in named), ())

    def _lacks(self, event: Happening, family: str | None, known: set[int], parties: tuple[int, ...]) -> bool:
        return (
            family in {"talks", "deal", "truce"}
            and event.class_ != "Meeting"
            and known < set(parties)
            and len(known) < 2
            and not self._is_named(event.proposition.at)
        )

    def _is_named(self, at: int) -> bool:
        """Whether a deal has a name of its own, and so its own parties: the Minsk agreements."""
        return any(map(self._whereabouts().names_city, self.tree.down(at, "compound")))

    def _principals(self, events: list[Happening]) -> tuple[int, ...]:
        """The two parties that the article's own talks or deal names in its own words."""
        named = [
            e.clusters("party")
            for e in events
            if self._family(e.class_) in {"talks", "deal", "truce"}
            and len(e.clusters("party")) == 2
            and e.basis == TOLD
        ]
        polities = (pair for pair in named if all(self.referents.clusters[n].type in POLITIES for n in pair))
        return tuple(next(polities, ()))

    def _answer(self, events: list[Happening]) -> None:
        """A rejection answers the demand or proposal before it in the sentence, or the last one that its topic names
        ("the demand"): it is addressed to who asked; its topic, if unsaid, is what was asked there."""
        for number, event in enumerate(events):
            if event.class_ not in {"Rejection", "Refusal"}:
                continue
            named = self._named_classes(event.proposition)
            back = next((n for n in reversed(range(number)) if self._answers(event, events[n], named)), None)
            if back is not None:
                event.responds_to = back
                for asker in events[back].clusters("agent") if not event.clusters("target") else ():
                    event.add(Filler("target", asker))
                if not any(filler.role == "topic" for filler in event.fillers):
                    event.fillers += [filler for filler in events[back].fillers if filler.role == "topic"]

    def _answers(self, event: Happening, other: Happening, named: frozenset[str]) -> bool:
        sentences = self.tree.sentences
        near = sentences[event.proposition.at] == sentences[other.proposition.at]
        asked = other.class_ in {"Demand", "Proposal", "Appeal"} and (near or other.class_ in named)
        speakers = self.referents.by_token.get(event.said.speaker, ()) if event.said else ()
        return asked and not set(other.clusters("agent")) & {*event.clusters("agent"), *speakers}

    def _named_classes(self, proposition: Proposition) -> frozenset[str]:
        """Classes of event that definite nouns in the place of a topic name again: "rejected the demand"."""
        tree = self.tree
        topics = (at for _, fillers in proposition.arguments_of("topic") for at in fillers)
        definite = (at for at in topics if any(tree.lemmas[kid] in _DEFINITE for kid in tree.down(at, "det")))
        frames = (frame for at in definite for frame in self.lexicon.frames.get(("Noun", tree.lemmas[at]), ()))
        return frozenset(frame.class_ for frame in frames if frame.class_ and frame.typed)
