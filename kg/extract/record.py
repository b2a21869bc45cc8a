"""The record of an article from what its Doc carries: numbered, sorted, every offset in code points of the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TypeVar

from kg.extract.confidence import Shares, derived, kind_of, load
from kg.extract.coreference import Cluster
from kg.extract.cues import Qualifier
from kg.extract.dates import When
from kg.extract.events import Filler, Happening, Scene
from kg.extract.factuality import commitment, factuality
from kg.extract.frames import Proposition
from kg.extract.implications import STANDING, Implications
from kg.extract.mention import NAME, fold
from kg.extract.mention import Mention as Named
from kg.extract.offices import Holding
from kg.extract.quotes import Said
from kg.lexicon import ENDS, Name, Schema
from kg.read import Article
from kg.record import (
    ACTUAL,
    AFFIRMED,
    Attribution,
    Entity,
    Event,
    Mention,
    Record,
    Relation,
    Role,
    Source,
    Span,
    Time,
)  # fmt: skip

Weighed = TypeVar("Weighed", Event, Relation)


def build(
    article: Article, scene: Scene, events: Sequence[Happening], propositions: Sequence[Proposition],
    holdings: Sequence[Holding], times: Sequence[When], shares: Shares | None = None,
) -> Record:  # fmt: skip
    """The record; `shares` says how sure each kind of claim is, if not as measured."""
    return _Builder(
        article, scene, list(events), propositions, holdings, times, load() if shares is None else shares
    ).record()


@dataclass(slots=True)
class _Builder:
    article: Article
    scene: Scene
    happenings: list[Happening]
    propositions: Sequence[Proposition]
    holdings: Sequence[Holding]
    whens: Sequence[When]
    shares: Shares
    id: str = field(init=False)
    implications: Implications = field(init=False)
    #: Sentences by their number, and the words that time expressions modify: both are asked for again and again.
    spans: dict[int, Span] = field(default_factory=dict)
    governors: list[int] = field(default_factory=list)

    def record(self) -> Record:
        article = self.article
        self.id = article.id
        self._implied_bodies()
        order = self._entity_order()
        ids = {number: f"e{rank}" for number, (rank, _) in order.items()}
        self.implications = Implications(self.scene, self.happenings, ids)
        said = sorted(dict.fromkeys(self.scene.spoken), key=lambda s: (s.start, s.end, s.cue))
        times = sorted(self.whens, key=lambda when: when.start)
        self.governors = [self._governor(when) for when in times]
        events = tuple(
            self._event(number, happening, order, said, times) for number, happening in enumerate(self.happenings)
        )
        relations = tuple(
            dict.fromkeys((*self._offices(order, said), *self._stated(order, said), *self._derived(events)))
        )
        commits = self._commitments(said)
        tree = self.scene.tree
        return Record(
            id=self.id,
            source=article.source,
            title=article.title,
            published=article.published,
            language=article.language,
            url=article.url,
            outlet=article.outlet,
            text=article.text,
            entities=tuple(self._entity(number, cluster) for number, cluster in order.values()),
            times=tuple(
                Time(f"t{n}", tree.starts[w.start], tree.ends[w.end - 1], w.type, w.value)
                for n, w in enumerate(times, 1)
            ),
            events=tuple(self._weighed(event, commits) for event in events),
            relations=tuple(self._weighed(relation, commits) for relation in relations),
            attributions=tuple(self._attribution(n, s, order) for n, s in enumerate(said, 1)),
        )

    def _commitments(self, said: Sequence[Said]) -> dict[str | None, float]:
        """How far each attribution commits to its content; what nobody else says is the article's own word."""
        lemmas, told = self.scene.tree.lemmas, self.scene.lexicon.effects["Commitment"]
        return {None: 1.0} | {f"a{n}": commitment(lemmas[one.cue], told) for n, one in enumerate(said, 1)}

    def _weighed(self, claim: Weighed, commits: Mapping[str | None, float]) -> Weighed:
        strengths = self.scene.lexicon.schema.strengths
        weight = factuality(claim.polarity, claim.modality, commits[claim.attribution], strengths)
        return replace(claim, factuality=weight)

    # ── entities ──

    def _implied_bodies(self) -> None:
        """States that only a title implies ("Secretary of State") become entities of the article."""
        known = {cluster.iri for cluster in self.scene.referents.clusters}
        names = self.scene.lexicon.gazetteer.names
        for iri in dict.fromkeys(h.body_iri for h in self.holdings if h.body_iri):
            if iri not in known and iri in names:
                self.scene.referents.clusters.append(Cluster(names[iri].type, names[iri].label, iri))

    def _entity_order(self) -> dict[int, tuple[int, Cluster]]:
        """Cluster number → (entity number, cluster), by first mention."""
        clusters = self.scene.referents.clusters
        first = {n: min((m.start for m in c.mentions), default=10**9) for n, c in enumerate(clusters)}
        ranked = sorted(range(len(clusters)), key=lambda n: (first[n], n))
        return {n: (rank, clusters[n]) for rank, n in enumerate(ranked, 1)}

    def _entity(self, number: int, cluster: Cluster) -> Entity:
        name: Name | None = self.scene.lexicon.gazetteer.names.get(cluster.iri or "")
        tree = self.scene.tree
        mentions = sorted({(tree.starts[m.start], tree.ends[m.end - 1], m.kind) for m in cluster.mentions})
        spelling = self._spelling(cluster)
        return Entity(
            id=f"e{number}", type=cluster.type, name=spelling,
            iri=cluster.iri or f"{self.id}#e{number}", wikidata=name.wikidata if name else None,
            mentions=tuple(Mention(*m) for m in mentions),
            label=name.label if name and name.label != spelling else None,
        )  # fmt: skip

    def _spelling(self, cluster: Cluster) -> str:
        """The longest form in which the article names somebody of the gazetteer; a place is called by its label."""
        schema, tree = self.scene.lexicon.schema, self.scene.tree
        person = schema.is_a(cluster.type, "Person")
        if cluster.iri is None or not (person or schema.is_a(cluster.type, "Organization")):
            return cluster.name
        names = (m for m in cluster.mentions if m.kind == NAME and m.end - m.start > person)
        forms = [self.article.text[tree.starts[m.start] : tree.ends[m.end - 1]] for m in names]
        longest = max(forms, key=len, default=cluster.name)
        return cluster.name if fold(longest) == fold(cluster.name) else " ".join(longest.split())

    # ── events ──

    def _event(
        self,
        number: int,
        happening: Happening,
        order: dict[int, tuple[int, Cluster]],
        said: list[Said],
        times: list[When],
    ) -> Event:
        proposition, schema = happening.proposition, self.scene.lexicon.schema
        code = schema.code(happening.class_, happening.qualifier.polarity, happening.qualifier.modality)
        code, likely = happening.proposed or (code, None)
        confidence = self.shares[kind_of(happening)] if likely is None else likely
        return Event(
            id=f"v{number + 1}", class_=happening.class_,
            plover=code,
            trigger=self._trigger(proposition), evidence=self._sentence(proposition.at),
            roles=tuple(_role(filler, order) for filler in happening.fillers),
            time=self._time(happening, times),
            polarity=happening.qualifier.polarity, modality=happening.qualifier.modality,
            attribution=_number("a", happening.said, said), confidence=confidence,
            mentions=tuple(sorted(self._trigger(p) for p in happening.mentions)),
            responds_to=None if happening.responds_to is None else f"v{happening.responds_to + 1}",
        )  # fmt: skip

    def _trigger(self, proposition: Proposition) -> Span:
        """The trigger's words where they stand together, else its head."""
        tree = self.scene.tree
        words = sorted(proposition.words)
        if words[-1] - words[0] + 1 != len(words):
            words = [proposition.at]
        return Span(tree.starts[words[0]], tree.ends[words[-1]])

    def _sentence(self, at: int) -> Span:
        """The sentence of a token, white space at its ends aside."""
        number = self.scene.tree.sentences[at]
        if number not in self.spans:
            self.spans[number] = self._span(at)
        return self.spans[number]

    def _span(self, at: int) -> Span:
        tree = self.scene.tree
        first = last = at
        while first > 0 and tree.sentences[first - 1] == tree.sentences[at]:
            first -= 1
        while last + 1 < len(tree) and tree.sentences[last + 1] == tree.sentences[at]:
            last += 1
        while first < at and not tree.words[first].strip():
            first += 1
        while last > at and not tree.words[last].strip():
            last -= 1
        return Span(tree.starts[first], tree.ends[last])

    def _time(self, happening: Happening, times: list[When]) -> str | None:
        """The time of the first mention that has one; of several, a date before how long it took, then the nearest."""
        for proposition in (happening.proposition, *happening.mentions):
            carriers = self._carriers(proposition.at)
            found = [
                (when.type == "DURATION", abs(when.head - proposition.at), n)
                for n, (when, governor) in enumerate(zip(times, self.governors, strict=True), 1)
                if governor in carriers and not (when.value or "").endswith("_REF")
            ]
            if found:
                return f"t{min(found)[2]}"
        return None

    def _carriers(self, at: int) -> set[int]:
        """Words whose time is the trigger's: itself, its support verb, what measures it, its subject's verb."""
        tree, supports = self.scene.tree, self.scene.qualification.supports
        carriers = {at, supports.get(at, at)}
        measure = tree.heads[tree.heads[at]]
        if tree.deps[at] == "pobj" and tree.lemmas[measure] in self.scene.lexicon.words["transparent"]:
            carriers.add(measure)
        carriers |= {
            tree.heads[x]
            for x in carriers
            if tree.deps[x] in {"nsubj", "nsubjpass"} or (x != at and tree.deps[x] == "dobj")
        }
        return carriers - ({s.cue for s in self.scene.spoken} - {at})

    def _governor(self, when: When) -> int:
        """The word that a time expression modifies: over its preposition."""
        tree = self.scene.tree
        up = tree.heads[when.head]
        while (
            tree.deps[up] in {"prep", "pobj", "npadvmod", "advmod", "nummod", "compound"}
            and tree.heads[up] != up
            and not tree.is_verb(up)
        ):
            if tree.deps[up] in {"pobj", "compound"} and tree.is_noun(up):
                return up
            up = tree.heads[up]
        return up

    # ── relations ──

    def _relation(self, subject: str, predicate: str, object_: str, at: int, polarity: str, modality: str,
                  attribution: str | None, confidence: float, office: str | None = None) -> Relation:  # fmt: skip
        return Relation(
            subject, predicate, object_, self._sentence(at), polarity, modality, attribution, confidence, office
        )

    def _offices(self, order: dict[int, tuple[int, Cluster]], said: list[Said]) -> Iterator[Relation]:
        tree = self.scene.tree
        by_iri = {cluster.iri: number for number, cluster in order.values() if cluster.iri}
        for holding in self.holdings:
            holders = self.scene.referents.by_token.get(holding.holder, ())
            bodies = (
                [order[n][0] for n in self.scene.referents.by_token.get(holding.body, ())]
                if holding.body is not None
                else []
            )
            implied = by_iri.get(holding.body_iri or "")
            bodies += [implied] if implied and not bodies else []
            office = (
                None
                if holding.relation == "partOf"
                or (holding.relation == "memberOf" and tree.tags[holding.start] == "NNP")
                else " ".join(tree.words[holding.start : holding.end])
            )
            for holder in holders[:1]:
                for body in bodies[:1]:
                    if order[holder][0] != body and not holding.former:
                        yield self._relation(
                            f"e{order[holder][0]}",
                            holding.relation,
                            f"e{body}",
                            holding.start,
                            AFFIRMED,
                            ACTUAL,
                            _number("a", self.scene.said(holding.start), said),
                            self.shares["relation.implied" if implied else "relation.office"],
                            office,
                        )

    def _stated(self, order: dict[int, tuple[int, Cluster]], said: list[Said]) -> Iterator[Relation]:
        """Relations that a frame names."""
        schema = self.scene.lexicon.schema
        for proposition in self.propositions:
            predicate = proposition.frame.relation
            itself = self._is_presupposed(proposition)
            if not predicate or (itself and self.scene.qualification.none_of(proposition.at)):
                continue
            ends = {
                role: [
                    n
                    for f, r in proposition.frame.arguments
                    if r == role
                    for t in proposition.fillers(f)
                    for n in self.scene.referents.by_token.get(t, ())
                ]
                for role in ENDS
            }
            if not ends["first"] and predicate == "controls":
                ends["first"] = self._demanders(proposition)
            if predicate == "headOf" and self._leads_delegation(proposition):
                predicate = "negotiatorOf"
            qualifier = self.scene.qualification.of(proposition)
            for one in ends["first"]:
                for two in ends["second"]:
                    again = one > two and two in ends["first"] and one in ends["second"]  # "between Iran and Iraq"
                    if one != two and not again and _fits(schema, predicate, order[one][1].type, order[two][1].type):
                        stands = proposition.frame.standing and self.implications.is_aim(proposition, qualifier, one)
                        sure = Qualifier(AFFIRMED, ACTUAL) if stands or itself else qualifier
                        yield self._relation(
                            f"e{order[one][0]}",
                            predicate,
                            f"e{order[two][0]}",
                            proposition.at,
                            sure.polarity,
                            sure.modality,
                            _number("a", self.scene.said(proposition.at), said),
                            self.shares["relation.stated"],
                        )

    def _leads_delegation(self, proposition: Proposition) -> bool:
        """Whether whom somebody leads is but a state's delegation: "a Russian delegation led by X"."""
        ends = (proposition.fillers(function) for function, role in proposition.frame.arguments if role == "second")
        words = self.scene.lexicon.words["delegations"]
        return any(self.scene.tree.lemmas[token] in words for tokens in ends for token in tokens)

    def _is_presupposed(self, proposition: Proposition) -> bool:
        """Whether a noun says who somebody is whatever becomes of him: "members of the union may go", "will recognise
        Abkhazia, a region of Georgia"."""
        beside = bool(proposition.fillers("apposed")) and self.scene.tree.deps[proposition.at] != "attr"
        return proposition.at in proposition.fillers("self") or beside

    def _demanders(self, proposition: Proposition) -> list[int]:
        """Who demands a control that names no other holder."""
        cues = self.scene.qualification.governed.get(proposition.at, ())
        return [n for cue in cues for h in self.happenings if h.proposition is cue for n in h.clusters("agent")]

    def _derived(self, events: tuple[Event, ...]) -> Iterator[Relation]:
        """What an event's roles say of its actors."""
        for event, happening in zip(events, self.happenings, strict=True):
            for subject, predicate, object_ in self.implications.of(event, happening):
                stands = predicate in STANDING
                yield Relation(
                    subject,
                    predicate,
                    object_,
                    event.evidence,
                    AFFIRMED if stands else event.polarity,
                    ACTUAL if stands else event.modality,
                    event.attribution,
                    self.shares[derived(predicate, happening)],
                )

    # ── attributions ──

    def _attribution(self, number: int, said: Said, order: dict[int, tuple[int, Cluster]]) -> Attribution:
        tree = self.scene.tree
        speakers = self.scene.referents.by_token.get(said.speaker, ())
        mention = self._mention_at(said.speaker)
        start, end = (
            (tree.starts[mention.start], tree.ends[mention.end - 1])
            if mention
            else (tree.starts[said.speaker], tree.ends[said.speaker])
        )
        return Attribution(
            f"a{number}", Source(start, end, f"e{order[speakers[0]][0]}" if speakers else None),
            Span(tree.starts[said.cue], tree.ends[said.cue]), Span(said.start, said.end), said.direct,
        )  # fmt: skip

    def _mention_at(self, at: int) -> Named | None:
        numbers = self.scene.referents.by_token.get(at, ())
        mentions: Iterable[Named] = (m for n in numbers for m in self.scene.referents.clusters[n].mentions)
        return next((m for m in mentions if m.start <= at < m.end), None)


def _role(filler: Filler, order: dict[int, tuple[int, Cluster]]) -> Role:
    entity = None if filler.cluster is None else f"e{order[filler.cluster][0]}"
    quantity = asdict(filler.quantity) if filler.quantity is not None else {}
    return Role(filler.role, entity, filler.value, **quantity)


def _number(prefix: str, item: Said | None, items: list[Said]) -> str | None:
    return None if item is None else f"{prefix}{items.index(item) + 1}"


def _fits(schema: Schema, predicate: str, subject: str, object_: str) -> bool:
    held = predicate == "controls" and object_ in {"Person", "Group"}  # a captive is nobody's to run
    return not held and schema.may_have(subject, predicate) and schema.fits(object_, predicate)
