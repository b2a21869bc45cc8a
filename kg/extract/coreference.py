"""Entities of one article: which mentions name the same one, and what nouns, pronouns and "both sides" stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from kg.extract import binding
from kg.extract.mention import NAME, NOMINAL, PRONOUN, THING, Mention, fold
from kg.extract.nouns import introduces
from kg.extract.offices import Holding
from kg.extract.quotes import Said
from kg.extract.tree import Tree
from kg.lexicon import Lexicon

_ACTING = frozenset(
    {"State", "ArmedGroup", "Government", "PoliticalParty", "Organization", "IntergovernmentalOrganization", "Military"}
)
#: Bodies that are "they" where nobody else may be: "Saab says they will build it".
_BODIES = frozenset({"Company", "Organization", "PoliticalParty", "Media"})
#: In how many sentences back a pronoun finds its antecedent, its own counted.
_REACH = 5
#: Offices whose holder says "we" of those whom he serves.
_SPEAKS = frozenset({"headOf", "officialOf", "representativeOf", "negotiatorOf"})
PLACES = frozenset({"City", "Region", "State", "Place", "Facility"})
POLITIES = frozenset({"State", "ArmedGroup", "PoliticalParty", "Government"})


@dataclass(slots=True)
class Cluster:
    """An entity in the making: its mentions are (mention, how it was found)."""

    type: str
    name: str
    iri: str | None = None
    mentions: list[Mention] = field(default_factory=list)
    offices: set[str] = field(default_factory=set)
    #: The words of its name as names are compared, and the state that these begin with: (the United States, air force).
    core: tuple[str, ...] = ()
    state: str | None = None


@dataclass(slots=True)
class Reader:
    """Reads mentions from left to right and keeps what is in focus."""

    tree: Tree
    lexicon: Lexicon
    spoken: tuple[Said, ...]
    aside: frozenset[int]
    holdings: tuple[Holding, ...] = ()
    clusters: list[Cluster] = field(default_factory=list)
    by_token: dict[int, tuple[int, ...]] = field(default_factory=dict)
    weak: set[int] = field(default_factory=set)
    pair: tuple[int, ...] = ()
    together: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    states: dict[int, Mention] = field(default_factory=dict)
    companies: dict[int, int] = field(default_factory=dict)

    # ── clusters ──

    def _add(self, mention: Mention, number: int) -> None:
        self.clusters[number].mentions.append(mention)
        for at in range(mention.start, mention.end) if mention.kind == NAME else (mention.head,):
            self.by_token.setdefault(at, (number,))

    def _new(self, mention: Mention) -> int:
        core, state = self._worded(mention)
        self.clusters.append(Cluster(mention.type, mention.text, mention.iri, core=core, state=state))
        return len(self.clusters) - 1

    def names(self, mentions: Iterable[Mention]) -> None:
        """Cluster names: the same IRI, the same words, the tail (or head) of a longer name of a person, an acronym."""
        named = [m for m in mentions if m.kind == NAME]
        self.states = {m.start: m for m in named if m.type == "State"}
        for mention in sorted(named, key=lambda m: (-(len(m.text.split()) > 1), m.start)):
            number = self._same_name(mention)
            self._add(mention, self._new(mention) if number is None else number)
        for cluster in self.clusters:
            cluster.mentions.sort(key=lambda m: m.start)

    def _same_name(self, mention: Mention) -> int | None:
        words, state = self._worded(mention)
        candidates = []
        for number, cluster in enumerate(self.clusters):
            if mention.iri and cluster.iri == mention.iri:
                return number
            own = cluster.core
            other = state and cluster.state and state != cluster.state
            bare = (state is None) != (cluster.state is None) and (
                len(own) < 2 or not self._are_bodies(mention, cluster)
            )
            same = own == words and not (mention.iri and cluster.iri) and not other and not bare
            part = cluster.type == "Person" and (
                (len(words) == 1 < len(own) and words[0] in {own[-1], own[0]})
                or (1 < len(words) < len(own) and words == own[: len(words)] and mention.type == "Person")
            )
            single = mention.end - mention.start == 1  # "Lockheed", but not "Lockheed Inc."
            short = single and len(own) > 1 and words[0] == own[0] and self._are_bodies(mention, cluster)
            model = cluster.type == mention.type in {THING, "Weapon"} and own[-len(words) :] == words
            acronym = len(words) == 1 and mention.text.isupper() and self._has_initials(cluster.name, mention.text)
            if same or part or short or model or acronym:
                candidates.append((not (same or acronym), abs(cluster.mentions[0].start - mention.start), number))
        return min(candidates)[2] if candidates else None

    def _worded(self, mention: Mention) -> tuple[tuple[str, ...], str | None]:
        """The words of a name, and the state that it begins with: "US Air Force" and "U.S. Air Force" are one."""
        state = self.states.get(mention.start)
        if state is None or state.end >= mention.end:
            return self._core(mention.text), None
        return self._core(" ".join(self.tree.words[state.end : mention.end])), state.iri

    def _has_initials(self, name: str, acronym: str) -> bool:
        """Whether letters are the initials of a name, with or without "Corporation" and the like: IBM."""
        words = [word for word in name.split() if word[:1].isupper()]
        letters = acronym.replace(".", "")
        left = (fold(word).rstrip(".,") for word in words[len(letters) :])
        initials = "".join(word[0] for word in words[: len(letters)])
        return (
            len(letters) > 1
            and initials == letters
            and all(word in self.lexicon.words["company-endings"] for word in left)
        )

    def _are_bodies(self, mention: Mention, cluster: Cluster) -> bool:
        """Whether a name and an entity are bodies that nobody knows apart: Lockheed may be Lockheed Martin."""
        is_a = self.lexicon.schema.is_a
        bodies = is_a(mention.type, "Organization") and is_a(cluster.type, "Organization")
        return bodies and mention.iri is None and cluster.iri is None

    def _core(self, name: str) -> tuple[str, ...]:
        """A name's words as they are compared: without an article, and without "Inc." and the like at its end."""
        words = [word for word in (fold(word).rstrip(".,") for word in name.replace("-", " ").split()) if word != "the"]
        while len(words) > 1 and words[-1] in self.lexicon.words["company-endings"]:
            words.pop()
        return tuple(words)

    # ── left to right ──

    def read(self, mentions: Iterable[Mention]) -> None:
        """Resolve nouns and pronouns in the order of their heads: whose "our country" is, what
        stands in front tells first; who "we" are in a quotation, the speaker behind it: "…", he said.
        """
        waiting = []
        for mention in sorted(mentions, key=lambda one: (one.head, one.kind != PRONOUN, one.end)):
            if mention.kind == NAME:
                self._focus(mention.head)
            elif mention.kind == NOMINAL:
                self._nominal(mention)
                self._focus(self._first(mention.head))
            elif mention.kind == PRONOUN and self._is_announced(mention):
                waiting.append(mention)
            elif mention.kind == PRONOUN:
                self._pronoun(mention)
        for mention in waiting:
            self._pronoun(mention)

    def _is_announced(self, mention: Mention) -> bool:
        """Whether a pronoun is that of a speaker who is yet to be read of."""
        said = self._quotation(mention) if self._is_first_person(mention.head) else None
        return said is not None and said.speaker > mention.head and said.speaker not in self.by_token

    def _quotation(self, mention: Mention) -> Said | None:
        """The direct speech that a mention stands in."""
        at = self.tree.starts[mention.head]
        return next((said for said in self.spoken if said.direct and said.start <= at < said.end), None)

    def _first(self, at: int) -> int:
        """The first of those that a noun is coordinated with."""
        return self.tree.heads[at] if self.tree.deps[at] == "conj" else at

    def _focus(self, at: int) -> None:
        """Two actors joined by "and", a hyphen or "between" are the parties in focus from here on."""
        tree = self.tree
        joined = next((kid for kid in tree.conjuncts(at)[1:] if kid in self.by_token), None)
        hyphen = next(
            (
                kid
                for kid in tree.down(at, "compound", "nmod")
                if kid in self.by_token and tree.words[kid + 1 : kid + 2] == ("-",)
            ),
            None,
        )
        other = joined if joined is not None else hyphen
        if other is None or at not in self.by_token:
            return
        found = tuple(dict.fromkeys((*self.by_token[at], *self.by_token[other])))
        kinds = {self.clusters[n].type for n in found}
        if len(found) == 2 and (kinds <= _ACTING or kinds == {"Person"}) and not set(found) & self.aside:
            self.pair = found
            self.together.append((at, found))

    def _nominal(self, mention: Mention) -> None:
        tree = self.tree
        owner = self._owner(mention)
        apposed = self._apposed(mention)
        if apposed is not None and self._spells_out(mention, apposed):
            self.by_token[mention.head] = (apposed,)
        elif apposed is not None:
            self._take(mention, (apposed,))
        elif self._is_collective(mention):
            found = self._parties(mention)
            if found:
                self._take(mention, found, weak=True)
            else:
                self._take(mention, (self._described(mention),))
        elif mention.type == "Government" and len(owner) > 1:  # "the British and French governments"
            self._take(mention, owner)
        elif mention.type == "Delegate":
            if owner and self._is_craft(mention) and not self._may_be_a_firm(owner[0]):
                self.by_token[mention.head] = owner  # what is in front of "aircraft" mentions them already
            else:
                self._take(mention, (not self._is_craft(mention) and owner) or (self._described(mention),))
        elif mention.type == "State" and (own := self._own_state(mention)):
            self._take(mention, own, weak=True)
        elif not owner and (known := self._holder(mention)) is not None:
            self._take(mention, (known,), weak=True)
        elif tree.tags[mention.head] != "CD":
            self._take(mention, (self._described(mention),))

    def _spells_out(self, mention: Mention, number: int) -> bool:
        """Whether a noun phrase holds the name that it is beside: "the city of Homs" mentions it once."""
        names = (m for m in self.clusters[number].mentions if m.kind == NAME)
        return any(mention.start <= m.start and m.end <= mention.end for m in names)

    def _take(self, mention: Mention, numbers: tuple[int, ...], weak: bool = False) -> None:
        self.by_token[mention.head] = numbers
        if len(numbers) > 1 and mention.kind == NOMINAL:
            self.together.append((mention.head, numbers))
        if weak:
            self.weak.add(mention.head)
        for number in numbers:
            self.clusters[number].mentions.append(mention)

    def _own_state(self, mention: Mention) -> tuple[int, ...]:
        """The state of whoever speaks of "our country", or of a state itself: "its country"."""
        owners = (n for kid in self.tree.down(mention.head, "poss") for n in self.by_token.get(kid, ()))
        return tuple(n for n in owners if self.clusters[n].type == "State")

    def _owner(self, mention: Mention) -> tuple[int, ...]:
        """States and bodies in front of a noun: the Russian and Ukrainian delegations."""
        tree = self.tree
        for kid in tree.down(mention.head, "poss", "amod", "compound", "nmod"):
            found = self.by_token.get(kid, ())
            if found and self.clusters[found[0]].type in _ACTING:
                joined = (n for one in tree.conjuncts(kid) for n in self.by_token.get(one, ()))
                return tuple(dict.fromkeys(n for n in joined if self.clusters[n].type in _ACTING))
        return ()

    def _apposed(self, mention: Mention) -> int | None:
        """The person beside a noun: "Russia's negotiator, Vladimir Medinsky" and "Medinsky, the negotiator"."""
        tree = self.tree
        beside = [*tree.down(mention.head, "appos")]
        # "A spokesman for the Taliban, Zabihullah Mujahid, said": to the parser he is the Taliban.
        beside += [one.holder for one in self.holdings if one.end - 1 == mention.head and one.holder > one.end]
        if tree.deps[mention.head] == "appos" or introduces(tree, mention.head):
            beside.append(tree.heads[mention.head])
        if mention.type == "City":
            of = (prep for prep in tree.down(mention.head, "prep") if tree.lemmas[prep] == "of")
            beside += [name for prep in of for name in tree.down(prep, "pobj")]
        for at in beside:
            found = self.by_token.get(at, ())
            if len(found) == 1 and self._fits_apposed(mention, self.clusters[found[0]]):
                if mention.type == "Person":
                    self.clusters[found[0]].offices.add(tree.lemmas[mention.head])
                return found[0]
        return None

    def _fits_apposed(self, mention: Mention, cluster: Cluster) -> bool:
        """Whether a noun beside a name may say what the named is: a negotiator is a person, a thing anything else."""
        places = {mention.type, cluster.type} <= PLACES
        body = self.lexicon.schema.is_a(cluster.type, "Organization") and self._is_akin(mention.type, cluster.type)
        return places or body or cluster.type == mention.type or (mention.type == THING and cluster.type != "Person")

    def _holder(self, mention: Mention) -> int | None:
        """The last person who was named with this office: "the envoy"; the last body of this kind: "the government"."""
        tree = self.tree
        definite = any(tree.lemmas[kid] in {"the", "this", "that"} for kid in tree.down(mention.head, "det"))
        lemma = tree.lemmas[mention.head]
        bare = not tree.has(mention.head, "compound", "prep", "poss", "amod")
        if not definite:
            return None
        for number, cluster in self._recent(mention.start):
            if mention.type == "Person" and lemma in cluster.offices and cluster.type == "Person":
                return number
            if bare and self._is_akin(mention.type, cluster.type) and self._is_called(cluster, lemma, mention):
                return number
        return None

    def _is_akin(self, one: str, other: str) -> bool:
        """Whether a noun of one type may name an entity of another: a recognised organisation may be a company."""
        return one != "Person" and (one == other or self.lexicon.schema.is_a(one, other)) and other != "Actor"

    def _is_called(self, cluster: Cluster, lemma: str, mention: Mention) -> bool:
        """Whether a noun was used of an entity before; every named state is a country, every named firm a company."""
        before = [m for m in cluster.mentions if m.start < mention.start]
        kind = self.lexicon.effects["EntityNoun"].get(lemma) in {"State", "City", "Company"} and any(
            m.kind == NAME for m in before
        )
        return kind or any(self.tree.lemmas[m.head] == lemma for m in before)

    def _is_craft(self, mention: Mention) -> bool:
        return self.tree.lemmas[mention.head] in self.lexicon.words["craft"]

    def _may_be_a_firm(self, number: int) -> bool:
        """Whether a body has a name that nobody knows: "Saab jets" are built by Saab, and do not act for it."""
        cluster = self.clusters[number]
        named = any(mention.kind == NAME for mention in cluster.mentions)
        return cluster.type in {"Organization", "Company"} and cluster.iri is None and named

    def _described(self, mention: Mention) -> int:
        """The entity with the same description, or a new one."""
        type_ = (THING if self._is_craft(mention) else "Group") if mention.type == "Delegate" else mention.type
        for number, cluster in enumerate(self.clusters):
            if cluster.type == type_ and cluster.iri is None and fold(cluster.name) == fold(mention.text):
                return number
        self.clusters.append(Cluster(type_, mention.text))
        return len(self.clusters) - 1

    def _is_collective(self, mention: Mention) -> bool:
        words = self.lexicon.words
        tree = self.tree
        front = {tree.lemmas[kid] for kid in tree.down(mention.head, "det", "nummod", "predet", "preconj", "amod")}
        return (
            tree.lemmas[mention.head] in words["collective-nouns"]
            and bool(front & words["collective-words"])
            and not self._owner(mention)
        )

    def _parties(self, mention: Mention) -> tuple[int, ...]:
        """The two in focus; else the two polities named most so far (mediators aside), and not as places."""
        if self.pair:
            return self.pair
        counts = Counter(
            {
                n: sum(m.start < mention.start for m in c.mentions if m.kind == NAME and not self._is_where(m))
                for n, c in enumerate(self.clusters)
                if c.type in POLITIES and n not in self.aside
            }
        )
        top = [n for n, count in counts.most_common(2) if count]
        return tuple(sorted(top)) if len(top) == 2 else ()

    def _is_where(self, mention: Mention) -> bool:
        """Whether a name stands for a place here: "the situation in Ukraine"."""
        tree, prep = self.tree, self.tree.heads[mention.head]
        return tree.deps[mention.head] == "pobj" and tree.lemmas[prep] in self.lexicon.words["locative"]

    # ── pronouns ──

    def _pronoun(self, mention: Mention) -> None:
        sort = self.lexicon.effects["Pronoun"][self.tree.lemmas[mention.head]]
        if sort == "relative":
            self._relative(mention)
            return
        found = self._spoken_by(mention, sort) if sort in {"speaker", "speakers"} else self._antecedent(mention, sort)
        if found:
            self._take(mention, found, weak=True)

    def _relative(self, mention: Mention) -> None:
        """Who a relative pronoun stands for: what its clause modifies; after a comma it is a mention of its own."""
        tree = self.tree
        clause = next((up for up in tree.up(mention.head) if tree.deps[up] == "relcl"), None)
        if clause is not None and tree.tags[mention.head] in {"WDT", "WP", "WP$"} and mention.head < clause:
            found = self.by_token.get(tree.heads[clause], ())
            if found and tree.words[mention.head - 1] == ",":
                self._take(mention, found)
            elif found:
                self.by_token[mention.head] = found

    def _spoken_by(self, mention: Mention, sort: str) -> tuple[int, ...]:
        """First person inside a quotation is its speaker; "we" are those for whom he speaks."""
        said = self._quotation(mention)
        if said is None:
            return () if self._is_quoted(mention.head) else (self._writer(mention, sort),)
        speakers = self.by_token.get(said.speaker, ())
        if sort == "speakers" and speakers and self.clusters[speakers[0]].type == "Person":
            # A minister for a matter, whose state the text does not name, speaks in his own name.
            held = any(set(self.by_token.get(one.holder, ())) & set(speakers) for one in self.holdings)
            return self._represented(speakers) or (speakers if held else (self._company(speakers[0]),))
        return speakers

    def _company(self, speaker: int) -> int:
        """Those whom a speaker calls "we", where the text does not tell for whom he speaks."""
        if speaker not in self.companies:
            self.clusters.append(Cluster("Group", "we"))
            self.companies[speaker] = len(self.clusters) - 1
        return self.companies[speaker]

    def _is_quoted(self, at: int) -> bool:
        """Whether a quotation is open at a token, of nobody that is known."""
        tree = self.tree
        before = range(at - 1, -1, -1)
        here = (tree.tags[x] for x in before if tree.sentences[x] == tree.sentences[at])
        return next((tag == "``" for tag in here if tag in {"``", "''"}), False)

    def _writer(self, mention: Mention, sort: str) -> int:
        """Who speaks outside of all quotations: the writer of the text, or those for whom he writes."""
        type_, name = ("Group", "we") if sort == "speakers" else ("Person", "I")
        for number, cluster in enumerate(self.clusters):
            if (cluster.type, cluster.name, cluster.iri) == (type_, name, None):
                return number
        self.clusters.append(Cluster(type_, name))
        return len(self.clusters) - 1

    def _represented(self, speakers: tuple[int, ...]) -> tuple[int, ...]:
        """The state or body whose office a speaker holds."""
        for holding in self.holdings:
            if holding.relation in _SPEAKS and set(self.by_token.get(holding.holder, ())) & set(speakers):
                named = self.by_token.get(-1 if holding.body is None else holding.body, ())
                bodies = named or tuple(n for n, c in enumerate(self.clusters) if c.iri and c.iri == holding.body_iri)
                # The minister for the Middle East is not its voice.
                return tuple(n for n in bodies if self.clusters[n].type not in PLACES - {"State"})
        return ()

    def _antecedent(self, mention: Mention, sort: str) -> tuple[int, ...]:
        tree = self.tree
        wanted = {
            "person": {"Person"},
            "plural": {"Group", "ArmedGroup", "Government", "Military"},
            "thing": {*_ACTING, "Company", "Media", "Facility", THING},
        }[sort]
        if sort == "thing" and tree.deps[mention.head] not in {"poss"} and not self._acts(mention.head):
            return ()
        beside = self._coordinate(mention, wanted)
        if beside:
            return beside
        rivals = tuple(n for at in binding.rivals(tree, mention.head) for n in self.by_token.get(at, ()))
        if tree.lemmas[mention.head] in self.lexicon.words["reflexive"]:
            return rivals
        asked = self._fitting(binding.controller(tree, mention.head), wanted)
        if asked:
            return asked
        found = self._nearest(mention, sort, wanted, rivals)
        return found or (self._nearest(mention, sort, _BODIES, rivals) if sort == "plural" else ())

    def _nearest(self, mention: Mention, sort: str, wanted: Set[str], rivals: tuple[int, ...]) -> tuple[int, ...]:
        """The last one of some types before a pronoun, a subject first in each sentence."""
        tree = self.tree
        here = tree.sentences[mention.head]
        for sentence in range(here, here - _REACH, -1):
            singly = ((m.head, (number,)) for number, cluster in enumerate(self.clusters) if cluster.type in wanted
                      for m in cluster.mentions)  # fmt: skip
            candidates = (*singly, *(self.together if sort == "plural" else ()))
            ranked = [
                (tree.deps[at] not in {"nsubj", "nsubjpass"}, -at if sentence == here else at, -len(numbers), numbers)
                for at, numbers in candidates
                if at < mention.start
                and tree.sentences[at] == sentence
                and not set(rivals) & set(numbers)
                and not self._is_first_person(at)
            ]
            if ranked:
                found: tuple[int, ...] = min(ranked)[-1]
                return found
        return ()

    def _fitting(self, tokens: tuple[int, ...], wanted: Set[str]) -> tuple[int, ...]:
        """What tokens refer to, if it is all of some types."""
        found = tuple(dict.fromkeys(n for at in tokens for n in self.by_token.get(at, ())))
        return found if all(self.clusters[number].type in wanted for number in found) else ()

    def _is_first_person(self, at: int) -> bool:
        """Whether a token is "I" or "we": who says so is not "he" or "they" in the same breath."""
        return self.lexicon.effects["Pronoun"].get(self.tree.lemmas[at], "").startswith("speaker")

    def _coordinate(self, mention: Mention, wanted: Set[str]) -> tuple[int, ...]:
        """Whose a thing is that is named after somebody: X and his rival."""
        tree = self.tree
        owned = tree.heads[mention.head]
        if tree.deps[mention.head] != "poss" or tree.deps[owned] != "conj":
            return ()
        first = tree.heads[owned]
        for at in (first, *tree.down(first, "compound", "appos")):
            found = self.by_token.get(at, ())
            if found and all(self.clusters[number].type in wanted for number in found):
                return found
        return ()

    def _acts(self, at: int) -> bool:
        """Whether "it" stands for somebody: subject of a verb other than "be", or of a passive that says nothing of a
        clause ("it was founded", not "it was said that")."""
        tree, verb = self.tree, self.tree.heads[at]
        passive = tree.deps[at] == "nsubjpass" and not tree.has(verb, "ccomp", "xcomp", "csubjpass")
        return (
            (tree.deps[at] == "nsubj" or passive)
            and tree.is_verb(verb)
            and tree.lemmas[verb] not in {"be", "seem", "appear", "remain", "take"}
        )

    def _recent(self, before: int) -> list[tuple[int, Cluster]]:
        last = [
            (max((m.start for m in c.mentions if m.start < before), default=-1), n) for n, c in enumerate(self.clusters)
        ]
        return [(n, self.clusters[n]) for at, n in sorted(last, reverse=True) if at >= 0]


@dataclass(frozen=True, slots=True)
class Referents:
    """What each token refers to (numbers of clusters), and which of these were inferred."""

    clusters: list[Cluster]
    by_token: Mapping[int, tuple[int, ...]]
    weak: frozenset[int]
    pair: tuple[int, ...]


def resolve(
    tree: Tree, mentions: tuple[Mention, ...], titles: Mapping[int, str], spoken: tuple[Said, ...],
    aside: frozenset[int], lexicon: Lexicon, holdings: tuple[Holding, ...] = (),
) -> Referents:  # fmt: skip
    """Entities and referents; `titles` are offices in front of names (token of the name's head → lemma), `aside` tokens
    of mediators, who are no party, `holdings` who serves whom."""
    reader = Reader(tree, lexicon, spoken, frozenset(), holdings)
    reader.names(mentions)
    reader.aside = frozenset(n for at in aside for n in reader.by_token.get(at, ()))
    for at, office in titles.items():
        for number in reader.by_token.get(at, ()):
            reader.clusters[number].offices.add(office)
    reader.read(mentions)
    return Referents(reader.clusters, reader.by_token, frozenset(reader.weak), reader.pair)
