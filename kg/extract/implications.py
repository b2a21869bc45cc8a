"""What an event's roles say of its actors: who mediated it, who struck it, who took part, who fights or helps whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.extract.cues import Qualifier
from kg.extract.events import Happening, Scene
from kg.extract.frames import Proposition
from kg.extract.mention import NAME
from kg.record import ACTUAL, AFFIRMED, DESIRED, PLANNED, Event, is_asserted

#: A relation that an event implies: subject, predicate, object.
Implied = tuple[str, str, str]

_MEANT = {Qualifier(AFFIRMED, PLANNED), Qualifier(AFFIRMED, DESIRED)}
_FAMILIES = {"talks", "deal", "truce"}
_POLITIES = {"State", "ArmedGroup", "PoliticalParty", "Military", "Government"}
#: Who may fight: polities, their alliances, fighters who are spoken of by a noun.
_FIGHTERS = _POLITIES | {"Organization", "IntergovernmentalOrganization", "Group"}
_FORCES = {"ArmedGroup", "Military"}
#: Relations that hold while what they are read from is still to come: who means to fight somebody is his opponent.
STANDING = frozenset({"opponentOf", "allyOf"})


@dataclass(frozen=True, slots=True)
class Implications:
    """Reads relations off the events of an article; `ids` are the entities' by the number of their cluster."""

    scene: Scene
    happenings: Sequence[Happening]
    ids: Mapping[int, str]

    def of(self, event: Event, happening: Happening) -> Iterator[Implied]:
        """The relations that one event implies."""
        family = self.scene.lexicon.effects["Family"].get(event.class_)
        noun = happening.proposition.frame.kind == "Noun"
        if family in _FAMILIES:
            yield from ((event.id, "mediatedBy", one) for one in self._named(happening, "mediator"))
            yield from ((event.id, "hostedBy", one) for one in self._named(happening, "host"))
        if event.class_ == "Agreement" and (noun or self._several(happening)):
            yield from ((one, "struck", event.id) for one in self._named(happening, "party"))
        if event.class_ == "Negotiation" and event.modality == ACTUAL and noun:
            yield from ((one, "participatedIn", event.id) for one in self._named(happening, "party"))
        code = self.scene.lexicon.schema.plover.get(event.class_)  # its class's: no code of the model's
        if code == "ASSAULT":
            yield from self._opposed(event, happening)
        elif code in {"AID", "COOPERATE"} or (code == "SUPPORT" and self._sides(happening)):
            yield from self._allied(event, happening)

    def _named(self, happening: Happening, *roles: str) -> Iterator[str]:
        return (self.ids[number] for number in happening.clusters(*roles))

    def _several(self, happening: Happening) -> bool:
        """Whether a deal has more than one side: one that "agreed to reform" struck none."""
        parties, clusters = happening.clusters("party"), self.scene.referents.clusters
        mentions = (m for number in parties for m in clusters[number].mentions)
        return len(parties) > 1 or any(self.scene.tree.tags[m.head] in {"NNS", "NNPS"} for m in mentions)

    # ── who fights and who helps ──

    def _opposed(self, event: Event, happening: Happening) -> Iterator[Implied]:
        """Who fights whom: who has attacked, or means to attack, somebody or what is his; the two sides of a clash."""
        agents = tuple(dict.fromkeys((*happening.clusters("agent"), *self._backers(happening))))
        targets = dict.fromkeys((*happening.clusters("target"), *self._owners(happening)))
        pairs = [(one, two) for one in agents for two in targets]
        if event.class_ == "Clash" and not targets:
            pairs = list(combinations(agents, 2))
        for one, two in pairs:
            known = self._type(one) in _POLITIES or self._is_named(two)  # not "crowds clashed with policemen"
            fit = self._type(one) in _FIGHTERS and self._type(two) in _POLITIES and not self._is_any_state(one, two)
            means = is_asserted(event) or self.is_aim(happening.proposition, happening.qualifier, one)
            if one != two and known and fit and means:
                yield self.ids[one], "opponentOf", self.ids[two]

    def _allied(self, event: Event, happening: Happening) -> Iterator[Implied]:
        """Who helps a force that fights, or is helped by one, is its ally."""
        meant = Qualifier(event.polarity, event.modality)
        if not (is_asserted(event) or meant == Qualifier(AFFIRMED, PLANNED)):
            return
        for one in happening.clusters("agent"):
            for two in happening.clusters("target"):
                types = {self._type(one), self._type(two)}
                if one != two and types <= _FIGHTERS and types & _FORCES and not self._is_any_state(one, two):
                    yield self.ids[one], "allyOf", self.ids[two]

    def _sides(self, happening: Happening) -> bool:
        """Whether support takes sides: who backs somebody is with him, who welcomes or thanks him is only polite."""
        lemmas = self.scene.tree.lemmas
        return any(lemmas[at] in self.scene.lexicon.words["siding"] for at in happening.proposition.words)

    def _backers(self, happening: Happening) -> Iterator[int]:
        """Who helps the doer to do it: "Iran helps Iraq to destroy Daesh"."""
        tree, at = self.scene.tree, happening.proposition.at
        while tree.deps[at] == "conj":
            at = tree.heads[at]
        plover, doers = self.scene.lexicon.schema.plover, set(happening.clusters("agent"))
        for other in self.happenings if tree.deps[at] in {"advcl", "xcomp", "ccomp"} else ():
            helped = other.proposition.at == tree.heads[at] and plover.get(other.class_) in {"SUPPORT", "AID"}
            if helped and doers & set(other.clusters("target")) and other.qualifier == Qualifier(AFFIRMED, ACTUAL):
                yield from other.clusters("agent")

    def _owners(self, happening: Happening) -> Iterator[int]:
        """Whose what is attacked is: an armed group's anything, any other polity's force or weapon."""
        tree, by_token = self.scene.tree, self.scene.referents.by_token
        for token in (token for _, tokens in happening.proposition.arguments_of("target") for token in tokens):
            arms = tree.lemmas[token] in self.scene.lexicon.words["weapons"]
            for kid in tree.down(token, "poss", "amod", "compound", "nmod"):
                for number in by_token.get(kid, ()):
                    if self._type(number) == "ArmedGroup" or (arms and self._type(number) in _POLITIES):
                        yield number

    def _type(self, number: int) -> str:
        return self.scene.referents.clusters[number].type

    def _is_any_state(self, *numbers: int) -> bool:
        """Whether a state has no name: "a country that invades another" is nobody's opponent to speak of."""
        return any(self._type(number) == "State" and not self._is_named(number) for number in numbers)

    def _is_named(self, number: int) -> bool:
        return any(mention.kind == NAME for mention in self.scene.referents.clusters[number].mentions)

    def is_aim(self, proposition: Proposition, qualifier: Qualifier, doer: int) -> bool:
        """Whether what a proposition speaks of is the doer's own aim: not "they must defeat it", nor what another wants
        of him."""
        tree, wishes = self.scene.tree, self.scene.lexicon.effects["Auxiliary"]
        at = proposition.at
        auxiliaries = (aux for up in (at, *tree.up(at)) for aux in tree.down(up, "aux"))
        if qualifier not in _MEANT or any(wishes.get(tree.lemmas[aux]) == DESIRED for aux in auxiliaries):
            return False
        cues = [h for h in self.happenings if h.proposition in self.scene.qualification.governed.get(at, ())]
        return all(doer in (cue.clusters("agent", "speaker") or cue.clusters("target")) for cue in cues)
