"""From a proposition to an event: fillers become entities, roles are typed. How events go on from each other in a text
stands in `kg.extract.course`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.extract import quantities
from kg.extract.coreference import Referents
from kg.extract.cues import Qualification, Qualifier
from kg.extract.frames import Proposition
from kg.extract.mention import THING
from kg.extract.quantities import Quantity
from kg.extract.quotes import Said
from kg.extract.tree import Tree
from kg.extract.whereabouts import Whereabouts
from kg.extract.wording import Wording
from kg.lexicon import ENDS, Lexicon
from kg.record import ACTUAL, AFFIRMED, NEGATED

#: Roles whose fillers are counted.
COUNTED = frozenset({"killed", "injured"})
_VALUED = frozenset({"topic", "target", "killed", "injured", "instrument"})
#: Codes of acts that are done by words.
_PERFORMED = frozenset({"REQUEST", "SUPPORT", "ACCUSE", "REJECT", "THREATEN"})
_DOING = ("agent", "speaker")
_SUFFERING = frozenset({"target", "addressee"})
_BLAMING = frozenset({"Accusation", "Criticism"})
#: What an event's participants rest on: its own words, a pronoun or role noun, or the rest of the article.
TOLD, INFERRED, BRIDGED = "told", "inferred", "bridged"


@dataclass(frozen=True, slots=True)
class Filler:
    """A role's filler: a cluster's number, or a text with its quantity."""

    role: str
    cluster: int | None = None
    value: str | None = None
    quantity: Quantity | None = None


@dataclass(slots=True)
class Happening:
    """An event in the making; its first proposition gives trigger and evidence.

    `proposed` is the PLOVER code that an open event may bear, with how likely that is, or the one that an event of a
    class bears instead of its class's: see `kg.extract.proposals`.
    """

    proposition: Proposition
    class_: str
    qualifier: Qualifier
    said: Said | None
    fillers: list[Filler] = field(default_factory=list)
    mentions: list[Proposition] = field(default_factory=list)
    basis: str = TOLD
    responds_to: int | None = None
    proposed: tuple[str, float | None] | None = None

    def clusters(self, *roles: str) -> list[int]:
        return [f.cluster for f in self.fillers if f.role in roles and f.cluster is not None]

    def add(self, filler: Filler) -> None:
        """Adds a filler that is new; who fills a role twice is counted as the first time."""
        if filler not in self.fillers and (filler.cluster is None or filler.cluster not in self.clusters(filler.role)):
            self.fillers.append(filler)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the events of a text are built from; `title` is the code point at which the headline ends."""

    tree: Tree
    lexicon: Lexicon
    referents: Referents
    qualification: Qualification
    spoken: tuple[Said, ...]
    title: int = 0

    def happening(self, proposition: Proposition) -> Happening:
        """The event of a proposition with the roles that its words fill."""
        class_, qualifier = proposition.frame.class_ or "Open", self.qualification.of(proposition)
        if qualifier.polarity == NEGATED and proposition.frame.when_negated:
            class_, qualifier = proposition.frame.when_negated, Qualifier(AFFIRMED, ACTUAL)
        event = Happening(proposition, class_, qualifier, self.said(proposition.at, proposition))
        weak = False
        lent = self._lent(proposition)
        for function, tokens in proposition.arguments:
            own = [role for name, role in proposition.frame.arguments if name == function and role not in ENDS]
            for token in tokens:
                roles = (
                    own
                    if self.tree.heads[token] == proposition.at
                    else lent.get("subject" if function == "doer" else function, own)
                )
                for filler in self._filled(proposition, function, roles, token):
                    event.add(filler)
                    weak |= token in self.referents.weak
        event.basis = INFERRED if weak else TOLD
        self._turned_outward(event)
        if self._is_performed(event):
            event.said = None
        self._joined(event)
        self._slain(event)
        self._placed(event)
        self._told(event)
        return event

    def _turned_outward(self, event: Happening) -> None:
        """Who does something does it to another: "we express our sorrow" is addressed to nobody, and who is named as
        the object did not do it, wherever a parser finds the doer."""
        if not event.proposition.frame.typed:
            return
        named = {n for at in event.proposition.fillers("object") if self.tree.tags[at] == "NNP"
                 for n in self.referents.by_token.get(at, ())}  # fmt: skip
        event.fillers = [f for f in event.fillers if f.role not in _DOING or f.cluster not in named]
        doers = event.clusters(*_DOING)
        event.fillers = [f for f in event.fillers if f.role not in _SUFFERING or f.cluster not in doers]

    def _joined(self, event: Happening) -> None:
        """Who did together what takes several: "Putin and Xi, who met on Monday"."""
        tree, at = self.tree, event.proposition.at
        if tree.deps[at] != "relcl" or self._family(event.class_) is None or len(event.clusters("party")) != 1:
            return
        one = tree.heads[at]
        while tree.deps[one] == "conj":
            one = tree.heads[one]
            for number in self.referents.by_token.get(one, ()):
                if self._fits("party", self._type(number)):
                    event.add(Filler("party", number))

    def _slain(self, event: Happening) -> None:
        """Whom somebody kills is whom he attacks, where nobody else is named as such."""
        if self._is_assault(event) and not any(filler.role == "target" for filler in event.fillers):
            for number in self._killed(event.proposition):
                event.add(Filler("target", number))

    def _killed(self, proposition: Proposition) -> Iterator[int]:
        """Entities that a proposition says were killed."""
        for _, tokens in proposition.arguments_of("killed"):
            for number in (n for token in tokens for n in self.referents.by_token.get(token, ())):
                if self._fits("killed", self._type(number)):
                    yield number

    def _is_performed(self, event: Happening) -> bool:
        """Whether saying it is doing it: who says "I urge them" has urged them; it needs nobody else's word."""
        speakers = self.referents.by_token.get(event.said.speaker, ()) if event.said else ()
        code = self.lexicon.schema.plover.get(event.class_)
        own = set(speakers) & set(event.clusters("agent"))
        return code in _PERFORMED and bool(own) and event.qualifier.polarity == AFFIRMED

    def _voiced(self, event: Happening) -> bool:
        """Gives an event that is but somebody's words its speaker as agent; False where it is nobody's."""
        speakers = self.referents.by_token.get(event.said.speaker, ()) if event.said else ()
        for number in speakers:
            event.add(Filler("agent", number))
        event.said = None
        return bool(speakers) and not set(speakers) & set(event.clusters("target"))

    def _told(self, event: Happening) -> None:
        """The topic of what somebody says: what the clause that is said speaks of."""
        frame = event.proposition.frame
        if not frame.reports or "topic" not in self.lexicon.schema.roles.get(event.class_, frozenset()):
            return
        if not any(filler.role == "topic" for filler in event.fillers):
            about = next(filter(None, map(self._about, self._contents(event.proposition))), None)
            for filler in self._filled(event.proposition, "", ["topic"], about) if about is not None else ():
                event.add(filler)
        if event.class_ in _BLAMING and not event.clusters("target"):
            for number in self._blamed(event):
                event.add(Filler("target", number))

    def _blamed(self, event: Happening) -> list[int]:
        """Who is accused by a clause: the actor that it says something of."""
        tree, schema = self.tree, self.lexicon.schema
        subjects = (kid for at in event.proposition.fillers("clause") for kid in tree.down(at, "nsubj", "nsubjpass"))
        numbers = (n for kid in subjects for one in tree.conjuncts(kid) for n in self.referents.by_token.get(one, ()))
        own = event.clusters("agent", "speaker")
        return [n for n in numbers if n not in own and schema.is_a(self._type(n), "Actor")]

    def _contents(self, proposition: Proposition) -> Iterator[int]:
        """Heads of the clauses that a cue reports: its complement, or what is quoted beside it."""
        yield from proposition.fillers("clause")
        tree = self.tree
        for said in self.spoken:
            if said.cue == proposition.at:
                inside = (at for at in range(len(tree)) if said.start <= tree.starts[at] < said.end)
                yield from (at for at in inside if tree.is_verb(at) and tree.heads[at] in {at, proposition.at})

    def _is_said(self, proposition: Proposition, token: int) -> bool:
        """Whether a clause is what somebody says of the world, not what he asks for."""
        return proposition.frame.reports and not proposition.frame.makes and self.tree.is_verb(token)

    def _about(self, clause: int) -> int | None:
        """The noun that a clause speaks of: its subject if that is a thing or an event, or the event it does."""
        tree = self.tree
        for kid in tree.down(clause, "nsubj", "nsubjpass"):
            if self._is_thing(kid):
                return kid
        deeper = next(filter(None, map(self._about, tree.down(clause, "xcomp", "ccomp"))), None)
        events = (noun for noun in tree.down(clause, "dobj") if self.lexicon.names_event(tree.lemmas[noun]))
        return deeper or next(events, None)

    def _is_thing(self, token: int) -> bool:
        """Whether a noun names no actor and no place."""
        numbers = self.referents.by_token.get(token, ())
        return self.tree.is_noun(token) and all(self._type(number) == THING for number in numbers)

    def _lent(self, proposition: Proposition) -> dict[str, list[str]]:
        """Roles that a support verb gives to its own functions: who hosts talks is their host, no party."""
        verb = self.qualification.supports.get(proposition.at)
        frames = self.lexicon.frames.get(("Verb", self.tree.lemmas[verb]), ()) if verb is not None else ()
        return {function: [role] for frame in frames if frame.support for function, role in frame.arguments}

    def said(self, at: int, proposition: Proposition | None = None) -> Said | None:
        """The innermost attribution that covers a token, other than the proposition's own report."""
        start = self.tree.starts[at]
        own = set(proposition.words) if proposition else set()
        found = [s for s in self.spoken if s.start <= start < s.end and s.cue not in own]
        return min(found, key=lambda s: (s.end - s.start, s.start), default=None)

    def _filled(self, proposition: Proposition, function: str, roles: list[str], token: int) -> Iterator[Filler]:
        free = function in proposition.frame.free
        role = next((role for role in roles if free or self.accepts(proposition.frame, "", role, token)), None)
        both = len(self.referents.by_token.get(token, ())) > 1
        if role is None or (self.qualification.none_of(token) and not both):
            return
        if role == "instrument" and (
            self.tree.tags[token] == "PRP" or self.lexicon.names_event(self.tree.lemmas[token])
        ):
            return  # "Two bombings hit the market": an attack of its own, no weapon
        if role == "target" and not self._is_addressed(proposition, function) and self._is_matter(proposition, token):
            role = "topic"
        numbers = [n for n in self.referents.by_token.get(token, ()) if free or self._fits(role, self._type(n))]
        if numbers and (role not in COUNTED or self._is_single(token)):
            quantity = self._quantity(role, token) if self._is_counted(token, numbers) else None
            yield from (Filler(role, number, quantity=quantity) for number in numbers)
        elif (role in _VALUED or free) and (function != "owner" or self.tree.tags[token] != "PRP$"):
            about = self._about(token) if role == "topic" and self._is_said(proposition, token) else None
            wording = Wording(self.tree, self.lexicon, self.referents)
            value = wording.words(token if about is None else about)
            yield Filler(role, value=value, quantity=self._quantity(role, token))

    def _is_single(self, token: int) -> bool:
        """Whether a token is somebody's name, or a pronoun for somebody: who is killed is that one, and no number."""
        return self.tree.tags[token] in {"NNP", "PRP"}

    def _quantity(self, role: str, token: int) -> Quantity | None:
        """How many a phrase speaks of; that "a truce" is one is nothing to tell."""
        found = quantities.of(self.tree, self.lexicon, token)
        return None if found and found.count == 1 and role not in COUNTED else found

    def _is_counted(self, token: int, numbers: list[int]) -> bool:
        """Whether a common noun may say how many there are: "157 prisoners", not "Abbas" or "an envoy"."""
        tree = self.tree
        return len(numbers) == 1 and tree.tags[token] in {"NN", "NNS", "CD"} and bool(tree.kids[token])

    def _is_addressed(self, proposition: Proposition, function: str) -> bool:
        """Whether an object is whom a clause is said to: "warned the regions that …"."""
        return function == "object" and proposition.frame.reports and bool(proposition.fillers("clause"))

    def _is_matter(self, proposition: Proposition, token: int) -> bool:
        """Whether what is supported, criticised or protested is a matter and no actor or place."""
        schema = self.lexicon.schema
        types = [self._type(number) for number in self.referents.by_token.get(token, ())]
        topical = "topic" in schema.roles.get(proposition.frame.class_ or "", frozenset()) and proposition.frame.typed
        return topical and not any(schema.is_a(one, kind) for one in types for kind in ("Actor", "Place"))

    def accepts(self, frame: object, function: str, role: str, token: int) -> bool:
        """Whether what a token names may play a role, by the role's range in the ontology."""
        numbers = self.referents.by_token.get(token, ())
        if not numbers or all(self._type(n) == THING for n in numbers):
            return role in _VALUED or role == "second"
        return any(self._fits(role, self._type(number)) for number in numbers)

    def _type(self, number: int) -> str:
        return self.referents.clusters[number].type

    def _fits(self, role: str, type_: str) -> bool:
        return self.lexicon.schema.fits(type_, role)

    def _placed(self, event: Happening) -> None:
        """The place: a locative below the trigger, its support verb, or at the head of the clause."""
        if "place" not in self.lexicon.schema.roles.get(event.class_, frozenset()):
            return
        for token in self._whereabouts().locatives(event.proposition):
            for number in self.referents.by_token.get(token, ()):
                if self._fits("place", self.referents.clusters[number].type) and number not in event.clusters(
                    "agent", "party", "target"
                ):
                    event.add(Filler("place", number))

    def _whereabouts(self) -> Whereabouts:
        return Whereabouts(self.tree, self.lexicon, self.referents, self.qualification)

    def _family(self, class_: str) -> str | None:
        return self.lexicon.effects["Family"].get(class_)

    def _is_assault(self, event: Happening) -> bool:
        return self.lexicon.schema.plover.get(event.class_) == "ASSAULT"
