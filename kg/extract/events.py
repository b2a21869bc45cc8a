"""From propositions to events and relations: fillers become entities, mentions of one event merge, roles are typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.extract import quantities
from kg.extract.coreference import POLITIES, Referents
from kg.extract.cues import Qualification, Qualifier
from kg.extract.frames import Proposition
from kg.extract.mention import NAME, THING
from kg.extract.quantities import Quantity
from kg.extract.quotes import Said
from kg.extract.tree import Tree
from kg.extract.whereabouts import Whereabouts
from kg.extract.wording import Wording
from kg.lexicon import ENDS, Lexicon
from kg.record import ACTUAL, AFFIRMED, NEGATED, OPEN

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_COUNTED = frozenset({"killed", "injured"})
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
    """What events are built from; `title` is the code point at which the headline ends."""

    tree: Tree
    lexicon: Lexicon
    referents: Referents
    qualification: Qualification
    spoken: tuple[Said, ...]
    title: int = 0

    # ── one proposition ──

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
        if numbers and (role not in _COUNTED or self._is_single(token)):
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
        return None if found and found.count == 1 and role not in _COUNTED else found

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

    # ── all of them ──

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

    def _family(self, class_: str) -> str | None:
        return self.lexicon.effects["Family"].get(class_)

    def _is_assault(self, event: Happening) -> bool:
        return self.lexicon.schema.plover.get(event.class_) == "ASSAULT"

    def _agree(self, event: Happening, other: Happening) -> bool:
        """Whether two mentions have no different parties, agents or mediators, and two attacks hit the same."""
        hit = ("target", "place") if self._is_assault(event) else ("target",)
        for roles in (("party", "agent"), ("mediator",), ("target",), hit):
            one, two = set(event.clusters(*roles)), set(other.clusters(*roles))
            if one and two and not (one <= two or two <= one):
                return False
        return True

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
                if filler.role in _COUNTED or filler.role in {"place", "target"}:
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
        return frame.kind == "Verb" and any(role in _COUNTED for _, role in frame.arguments)

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

    # ── across the text ──

    def _mediated(self, events: list[Happening]) -> list[Happening]:
        """Who mediates lends the talks or the deal a mediator; "U.S.-mediated" is no event of its own."""
        kept = []
        for event in events:
            if event.class_ != "Mediation":
                kept.append(event)
                continue
            topics = {t for f, r in event.proposition.arguments_of("topic") for t in r}
            served = [e for e in events if e is not event and topics & {e.proposition.at, *(m.at for m in e.mentions)}]
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
