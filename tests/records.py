"""Records for tests: two articles by hand, one as large as an article gets, and Hypothesis strategies for any.

talks(), strike()       what two outlets tell of the same round of talks; they share entities of the gazetteer
large()                 120 mentions, 30 events, 20 relations: for measurements
records(), archives()   strategies: any valid record, any few records of different articles
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from hypothesis import strategies as st

from kg.namespaces import ARTICLE, NAME
from kg.record import (
    MODALITIES,
    POLARITIES,
    Attribution,
    Entity,
    Event,
    Mention,
    Record,
    Relation,
    Role,
    Sentence,
    Source,
    Span,
    Talks,
    Time,
)

#: Entities of the gazetteer: (type, name, Wikidata id); their IRIs are global, so articles share them.
GAZETTEER = (
    ("State", "Russia", "Q159"),
    ("State", "Ukraine", "Q212"),
    ("State", "United States", "Q30"),
    ("City", "Geneva", "Q71"),
    ("IntergovernmentalOrganization", "United Nations", "Q1065"),
)
CLASSES = ("Negotiation", "Agreement", "Ceasefire", "Airstrike", "Demand", "Rejection", "Visit", "Statement", "Open")
ROLES = ("party", "mediator", "host", "agent", "target", "topic", "place", "killed", "injured")
BLOCKS = ("headline", "dateline", "subhead", "paragraph", "foreign")
PREDICATES = ("negotiatorOf", "headOf", "memberOf", "allyOf", "opponentOf", "sameAs", "locatedIn", "affiliatedWith")


# -------------------------------------------------------------------------------------------------------------- by hand


@dataclass
class Draft:
    """An article as it is put together: each sentence brings what is said in it."""

    id: str
    outlet: str
    published: str | None
    text: str = ""
    entities: dict[str, Entity] = field(default_factory=dict)
    times: list[Time] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    things: list[Entity] = field(default_factory=list)
    told: list[Relation] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    sentence: Span = field(default_factory=lambda: Span(0, 0))

    def say(self, sentence: str, block: str = "paragraph") -> None:
        start = len(self.text)
        self.text += sentence + "\n"
        self.sentence = Span(start, start + len(sentence))
        self.sentences.append(Sentence(start, start + len(sentence), block))

    def find(self, words: str) -> Span:
        start = self.text.index(words, self.sentence.start)
        return Span(start, start + len(words))

    def entity(self, words: str, type_: str, name: str = "", wikidata: str | None = None) -> str:
        """The id of the entity, mentioned once more here; global if it has a name of its own beside the words."""
        span, number = self.find(words), len(self.entities) + 1
        iri = f"{NAME}{name.replace(' ', '_')}" if name else f"{self.id}#e{number}"
        old = self.entities.get(name or words, Entity(f"e{number}", type_, name or words, iri, wikidata, ()))
        mention = Mention(span.start, span.end, "name")
        self.entities[name or words] = replace(old, mentions=(*old.mentions, mention))
        return old.id

    def known(self, words: str, name: str) -> str:
        """The id of an entity of the gazetteer."""
        type_, _, wikidata = next(row for row in GAZETTEER if row[1] == name)
        return self.entity(words, type_, name, wikidata)

    def time(self, words: str, value: str | None) -> str:
        span, id_ = self.find(words), f"t{len(self.times) + 1}"
        self.times.append(Time(id_, span.start, span.end, "DATE", value))
        return id_

    def says(self, source: str, cue: str, content: str, entity: str | None) -> str:
        span, id_ = self.find(source), f"a{len(self.attributions) + 1}"
        whose = Source(span.start, span.end, entity)
        self.attributions.append(Attribution(id_, whose, self.find(cue), self.find(content), False))
        return id_

    def event(
        self,
        class_: str,
        trigger: str,
        *roles: Role,
        time: str | None = None,
        polarity: str = "affirmed",
        modality: str = "actual",
        attribution: str | None = None,
        responds_to: str | None = None,
    ) -> str:
        id_, span = f"v{len(self.events) + 1}", self.find(trigger)
        qualifiers = (time, polarity, modality, attribution, 0.9)
        self.events.append(Event(id_, class_, None, span, self.sentence, roles, *qualifiers, responds_to=responds_to))
        return id_

    def relation(self, subject: str, predicate: str, object_: str, office: str | None = None, **rest: str) -> None:
        qualifiers = {"polarity": "affirmed", "modality": "actual", "attribution": None, **rest}
        self.relations.append(
            Relation(subject, predicate, object_, self.sentence, confidence=0.95, office=office, **qualifiers)  # type: ignore[arg-type]
        )

    def thing(self, id_: str, type_: str, name: str, iri: str = "") -> str:
        """The id of what only talks have: a stage, an item, an ordinal."""
        self.things.append(Entity(id_, type_, name, iri or f"{self.id}#{id_}", None, ()))
        return id_

    def talk(self, subject: str, predicate: str, object_: str, **rest: str) -> None:
        """What the sentence says of talks."""
        qualifiers = {"polarity": "affirmed", "modality": "actual", "attribution": None, **rest}
        self.told.append(
            Relation(subject, predicate, object_, self.sentence, confidence=0.9, **qualifiers)  # type: ignore[arg-type]
        )

    def record(self) -> Record:
        return Record(
            id=self.id,
            source=f"{self.outlet.lower()}.txt",
            title=f"{self.outlet} on the talks",
            published=self.published,
            language="en",
            url=f"https://example.org/{self.outlet.lower()}",
            outlet=self.outlet,
            text=self.text,
            entities=tuple(self.entities.values()),
            times=tuple(self.times),
            events=tuple(self.events),
            relations=tuple(self.relations),
            attributions=tuple(self.attributions),
            talks=Talks(tuple(self.things), tuple(self.told)) if self.told else None,
            sentences=tuple(self.sentences),
        )


def talks() -> Record:
    """A round of talks: what is asserted, denied, planned, desired, attributed, open."""
    draft = Draft(f"{ARTICLE}00000000000000aa", "Post", "2026-02-18")
    draft.say("Medinsky negotiates for Russia.")
    medinsky, russia = draft.entity("Medinsky", "Person"), draft.known("Russia", "Russia")
    draft.relation(medinsky, "negotiatorOf", russia)

    draft.say("On Wednesday Washington mediated talks of Moscow and Ukraine in Geneva.")
    america, ukraine = draft.known("Washington", "United States"), draft.known("Ukraine", "Ukraine")
    draft.known("Moscow", "Russia")
    geneva, day = draft.known("Geneva", "Geneva"), draft.time("Wednesday", "2026-02-18")
    parties = (Role("party", russia), Role("party", ukraine))
    meeting = draft.event("Negotiation", "talks", *parties, Role("mediator", america), Role("place", geneva), time=day)
    draft.relation(meeting, "mediatedBy", america)

    draft.say("Zelenskyy, president of Ukraine, said that no deal on land was reached.")
    zelenskyy = draft.entity("Zelenskyy", "Person")
    draft.relation(zelenskyy, "headOf", ukraine, "president")
    says = draft.says("Zelenskyy", "said", "no deal on land was reached", zelenskyy)
    draft.event("Agreement", "deal", *parties, Role("topic", value="land"), polarity="negated", attribution=says)

    draft.say("Another round is planned for some later day.")
    draft.event("Negotiation", "round", modality="planned", time=draft.time("some later day", None))

    draft.say("Russia demands Donetsk; Kyiv rejected that.")
    demand = draft.event("Demand", "demands", Role("agent", russia), Role("topic", draft.entity("Donetsk", "Region")))
    draft.event("Rejection", "rejected", Role("agent", ukraine), Role("target", demand), responds_to=demand)

    draft.say("A drone strike killed a woman, officials said.")
    says = draft.says("officials", "said", "A drone strike killed a woman", None)
    draft.event(
        "Airstrike", "drone strike", Role("killed", value="a woman", count=1, population="woman"), attribution=says
    )

    draft.say("Ukraine mulled its options.")
    draft.event("Open", "mulled", Role("agent", ukraine), Role("topic", value="its options"))
    return draft.record()


def strike() -> Record:
    """Another outlet, another day: it shares Russia, Ukraine and their enmity, and adds a strike."""
    draft = Draft(f"{ARTICLE}00000000000000bb", "Wire", "2026-02-19")
    draft.say("Russia, the enemy of Ukraine, bombed Zaporizhzhia and killed three people.")
    russia, ukraine = draft.known("Russia", "Russia"), draft.known("Ukraine", "Ukraine")
    city = draft.entity("Zaporizhzhia", "City")
    draft.relation(russia, "opponentOf", ukraine)
    victims = Role("killed", value="three people", count=3, least=3, population="people")
    draft.event("Airstrike", "bombed", Role("agent", russia), Role("target", city), victims, Role("place", city))

    draft.say("The United States is no ally of Russia.")
    america = draft.known("United States", "United States")
    draft.relation(america, "allyOf", russia, polarity="negated")
    return draft.record()


def numbered(record: Record, number: int) -> Record:
    """A copy of a record by hand as another article at another URL."""
    text = record.to_json().replace("00000000000000", f"{number:014x}")
    return Record.from_json(text.replace("example.org/", f"example.org/{number:014x}/"))


def large(mentions: int = 120, events: int = 30, relations: int = 20) -> Record:
    """An article of some 600 words with as much in it as an article can hold."""
    text = "Envoys of several states met again on Monday in the old hall by the lake and spoke at length. " * 40

    def span(number: int, length: int = 8) -> Span:
        start = number * 31 % (len(text) - 200)
        return Span(start, start + length)

    def mention(number: int) -> Mention:
        return Mention(span(number).start, span(number).end, "name")

    entities = tuple(
        Entity(f"e{i}", "Person", f"Envoy {i}", f"{ARTICLE}00000000000000cc#e{i}", None, (mention(i),))
        for i in range(mentions // 2)
    )
    doubled = tuple(
        replace(entity, mentions=(*entity.mentions, mention(mentions // 2 + i))) for i, entity in enumerate(entities)
    )

    def event(i: int) -> Event:
        roles = tuple(Role(role, f"e{(i + j) % len(entities)}") for j, role in enumerate(("agent", "party", "target")))
        trigger, evidence = span(200 + i, 5), span(300 + i, 90)
        number = 2 + i % 2
        says = "a1" if i % 3 == 0 else None
        qualifiers = ("t1", "affirmed", "actual", says, 0.9)
        return Event(f"v{i}", "Negotiation", None, trigger, evidence, roles[:number], *qualifiers)

    return Record(
        id=f"{ARTICLE}00000000000000cc",
        source="large.txt",
        title="A long day",
        published="2026-02-18",
        language="en",
        url="https://example.org/large",
        outlet="Post",
        text=text,
        entities=doubled,
        times=(Time("t1", 33, 39, "DATE", "2026-02-16"),),
        events=tuple(event(i) for i in range(events)),
        relations=tuple(
            Relation(f"e{i}", "headOf", f"e{i + 1}", span(400 + i, 90), "affirmed", "actual", None, 0.95, "head")
            for i in range(relations)
        ),
        attributions=(Attribution("a1", Source(0, 6, "e1"), Span(24, 27), Span(28, 90), False),),
    )


# ----------------------------------------------------------------------------------------------------------- strategies

#: Characters that differ in UTF-8, XML, N-Quads and CSV: few, for drawing from all of Unicode takes seconds.
ALPHABET = "ab .,;<>&\"'\\\n\r\t\x00é語\u202e\ufffe🕊"

#: Any text that UTF-8 can hold; hostile words come up more often than chance would have them.
TEXT = st.one_of(
    st.text(ALPHABET, min_size=1, max_size=6), st.sampled_from(['<script>alert("x")</script>', "href", "a woman"])
)


def spans(text: str) -> st.SearchStrategy[Span]:
    """Any non-empty span of the text."""
    return st.sampled_from([Span(b, e) for b in range(len(text)) for e in range(b + 1, len(text) + 1)])


@st.composite
def records(draw: st.DrawFn, number: int | None = None) -> Record:
    """Any valid record; `number` is that of its article."""
    id_ = f"{ARTICLE}{draw(st.integers(0, 2**64 - 1)) if number is None else number:016x}"
    text = draw(st.text(ALPHABET, min_size=2, max_size=12))
    entities = tuple(draw(_entity(id_, text, i)) for i in range(1, draw(st.integers(0, 4)) + 1))
    times = tuple(draw(_time(text, i)) for i in range(1, draw(st.integers(0, 2)) + 1))
    whose = st.sampled_from([None, *(entity.id for entity in entities)])
    attributions = tuple(draw(_attribution(text, i, whose)) for i in range(1, draw(st.integers(0, 2)) + 1))
    ids = tuple(f"v{i}" for i in range(1, draw(st.integers(0, 4)) + 1))
    ends = (*(entity.id for entity in entities), *ids)
    said = st.sampled_from([None, *(attribution.id for attribution in attributions)])
    when = st.sampled_from([None, *(time.id for time in times)])
    events = tuple(draw(_event(text, id_, ends, ids, when, said)) for id_ in ids)
    relations = draw(st.lists(_relation(text, ends, said), max_size=4)) if ends else []
    read = draw(st.lists(spans(text), unique=True, max_size=3))
    return Record(
        id=id_,
        source=draw(TEXT),
        title=draw(st.none() | TEXT),
        published=draw(st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)),
        language="en",
        url=draw(st.none() | st.sampled_from(["https://example.org/a", "not a url <>"])),
        outlet=draw(st.none() | TEXT),
        text=text,
        entities=entities,
        times=times,
        events=events,
        relations=tuple(relations),
        attributions=attributions,
        sentences=tuple(Sentence(span.start, span.end, draw(st.sampled_from(BLOCKS))) for span in read),
    )


def archives(max_size: int = 4) -> st.SearchStrategy[list[Record]]:
    """Any few records of different articles; they share entities of the gazetteer. No two versions of one article are
    of one day: there the one that comes last stands."""
    numbers = st.lists(st.integers(1, 9), unique=True, max_size=max_size)
    return numbers.flatmap(lambda drawn: st.tuples(*map(records, drawn)).map(_versions))


def _versions(drawn: Iterable[Record]) -> list[Record]:
    """Records with a day of their own where they have one URL."""
    of: dict[str | None, list[Record]] = {}
    for record in drawn:
        of.setdefault(record.url, []).append(record)
    return [
        replace(record, published=f"2026-01-{day:02}") if url is not None and len(some) > 1 else record
        for url, some in of.items()
        for day, record in enumerate(some, 1)
    ]


@st.composite
def _entity(draw: st.DrawFn, article: str, text: str, number: int) -> Entity:
    mentions = tuple(
        Mention(span.start, span.end, draw(st.sampled_from(["name", "nominal", "pronoun"])))
        for span in draw(st.lists(spans(text), min_size=1, max_size=3))
    )
    if draw(st.booleans()):
        type_, name, wikidata = draw(st.sampled_from(GAZETTEER))
        return Entity(f"e{number}", type_, name, f"{NAME}{name.replace(' ', '_')}", wikidata, mentions)
    type_ = draw(st.sampled_from(["Person", "Group", "ArmedGroup", "Facility"]))
    return Entity(f"e{number}", type_, draw(TEXT), f"{article}#e{number}", None, mentions)


@st.composite
def _time(draw: st.DrawFn, text: str, number: int) -> Time:
    span = draw(spans(text))
    value = draw(st.sampled_from([None, "2026-02-18", "2026-02", "2026", "2026-W08", "P2D", "PRESENT_REF"]))
    return Time(f"t{number}", span.start, span.end, "DATE", value)


@st.composite
def _attribution(draw: st.DrawFn, text: str, number: int, whose: st.SearchStrategy[str | None]) -> Attribution:
    span = draw(spans(text))
    source = Source(span.start, span.end, draw(whose))
    return Attribution(f"a{number}", source, draw(spans(text)), draw(spans(text)), draw(st.booleans()))


@st.composite
def _role(draw: st.DrawFn, ends: tuple[str, ...]) -> Role:
    role = draw(st.sampled_from(ROLES))
    if bool(ends) and draw(st.booleans()):
        return Role(role, draw(st.sampled_from(ends)))
    return Role(role, value=draw(TEXT), count=draw(st.none() | st.integers(0, 10_000)))


#: Affirmed and actual is drawn more often than chance would: it is what the world graph is made of.
_QUALIFIERS = st.one_of(
    st.just(("affirmed", "actual")), st.tuples(st.sampled_from(POLARITIES), st.sampled_from(MODALITIES))
)
_CONFIDENCE = st.integers(0, 100).map(lambda percent: percent / 100)


@st.composite
def _event(
    draw: st.DrawFn,
    text: str,
    id_: str,
    ends: tuple[str, ...],
    ids: tuple[str, ...],
    when: st.SearchStrategy[str | None],
    said: st.SearchStrategy[str | None],
) -> Event:
    others = [other for other in ids if other != id_]
    polarity, modality = draw(_QUALIFIERS)
    return Event(
        id_,
        draw(st.sampled_from(CLASSES)),
        None,
        draw(spans(text)),
        draw(spans(text)),
        tuple(draw(st.lists(_role(tuple(end for end in ends if end != id_)), max_size=3))),
        draw(when),
        polarity,
        modality,
        draw(said),
        draw(_CONFIDENCE),
        tuple(draw(st.lists(spans(text), max_size=2))),
        draw(st.sampled_from([None, *others])),
    )


@st.composite
def _relation(draw: st.DrawFn, text: str, ends: tuple[str, ...], said: st.SearchStrategy[str | None]) -> Relation:
    polarity, modality = draw(_QUALIFIERS)
    subject, object_ = draw(st.sampled_from(ends)), draw(st.sampled_from(ends))
    predicate = draw(st.sampled_from(PREDICATES))
    office = draw(st.none() | TEXT)
    confidence = draw(_CONFIDENCE)
    return Relation(subject, predicate, object_, draw(spans(text)), polarity, modality, draw(said), confidence, office)
