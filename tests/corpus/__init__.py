"""A generated corpus with known truth, to test and measure the merging of many articles.

    corpus(300)             all tellings of a corpus, and the truth about them
    tellings(10_000)        the same one by one, by date; only what is to come is held
    b_cubed(gold, found)    how well a clustering meets the truth

Several outlets tell the same stories, each with its own spelling of names; they reprint, err, correct and contradict
one another, and much is alike without being the same. Everything follows from the seed and the number of articles.
Persons, bodies, most places and all events are invented; states and venues are those of the gazetteer, so that articles
share them. See `people` (names, outlets' habits), `world` (actors, and who must not be taken for whom), `stories` (true
events, the schedule of articles), `telling` and `page` (how an article is written).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import TypeVar

from kg.record import Record
from tests.corpus.page import EDITS, Page
from tests.corpus.people import Actor, House, house
from tests.corpus.stories import HUB_IRIS, Chronicle, Happening, Slot, Story, schedule
from tests.corpus.telling import Fact, Way, tell
from tests.corpus.world import World, world

__all__ = ["Actor", "Contradiction", "Corpus", "Happening", "Telling", "Truth", "b_cubed", "corpus", "tellings"]

START = date(2026, 1, 5)
#: What names a mention.
M = TypeVar("M", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Telling:
    """An article, and what is true of it: who its named entities are, which true events its events tell of, the source
    that it comes from (its outlet, or the wire that it reprints), and the article that it takes the place of."""

    record: Record
    entities: Mapping[str, str]
    events: Mapping[str, str]
    family: str
    corrects: str | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Articles that cannot both be right: `kind` is value, polarity, time or office; `subject` the true event, or the
    office; each side its value, and the articles that give it. What was corrected is on no side."""

    kind: str
    subject: str
    values: tuple[str, str]
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a corpus: its actors and events by id; pairs of actors (why, one, other) and of events that must
    not be merged; what contradicts what. Of a pair, each has its whole name in some article: where one is only ever
    "Wexmark", no reader can know that there are two."""

    actors: Mapping[str, Actor]
    events: Mapping[str, Happening]
    apart: tuple[tuple[str, str, str], ...]
    events_apart: tuple[tuple[str, str], ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The articles by date, and the truth about them."""

    tellings: tuple[Telling, ...]
    truth: Truth


def corpus(articles: int, seed: int = 0) -> Corpus:
    """So many articles with all that is true of them: the same for the same seed."""
    desk = _desk(articles, seed)
    told = tuple(desk.tellings())
    return Corpus(told, desk.truth())


def tellings(articles: int, seed: int = 0) -> Iterator[Telling]:
    """The articles of `corpus` one by one."""
    return _desk(articles, seed).tellings()


def b_cubed(gold: Mapping[M, Hashable], found: Mapping[M, Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a clustering over the mentions of `gold` (Bagga and Baldwin 1998): of each mention,
    how much of its cluster is right, and how much of the right is there. A mention that `found` lacks is alone."""
    if not gold:
        return 1.0, 1.0, 1.0
    placed = {mention: ("found", found[mention]) if mention in found else ("alone", mention) for mention in gold}
    both = Counter((placed[mention], gold[mention]) for mention in gold)
    clusters, classes = Counter(placed.values()), Counter(gold.values())
    precision = sum(count * count / clusters[place] for (place, _), count in both.items()) / len(gold)
    recall = sum(count * count / classes[true] for (_, true), count in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


# ------------------------------------------------------------------------------------------------------------- the desk


def _desk(articles: int, seed: int) -> _Desk:
    rng, days = Random(f"{seed} {articles}"), 90 + articles // 20
    actors = world(articles, rng, START, days)
    now = Chronicle(actors, rng, START, days)
    slots = schedule(articles, now)
    return _Desk(seed, actors, now, slots)


@dataclass(slots=True)
class _Desk:
    """Writes the articles of a schedule, and notes what they state that others may state otherwise."""

    seed: int
    world: World
    now: Chronicle
    slots: tuple[Slot, ...]
    houses: dict[str, House] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    stated: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    superseded: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def tellings(self) -> Iterator[Telling]:
        awaited = {slot.basis for slot in self.slots if slot.corrects}
        for slot in self.slots:
            telling, facts = self._write(slot)
            names = {entity.id: entity.name for entity in telling.record.entities}
            if slot.number in awaited:
                self.ids[slot.number] = telling.record.id
            if telling.corrects is not None:
                self.superseded.add(telling.corrects)
            self.whole.update(
                actor
                for id_, actor in telling.entities.items()
                if len(self.world.actors[actor].names) == 1 or " " in names[id_]
            )
            for kind, subject, value in facts:
                self.stated[kind, subject].setdefault(value, []).append(telling.record.id)
            yield telling

    def _house(self, outlet: str) -> House:
        if outlet not in self.houses:
            self.houses[outlet] = house(outlet, self.seed)
        return self.houses[outlet]

    def _write(self, slot: Slot) -> tuple[Telling, list[Fact]]:
        story = self.now.stories[slot.story]
        page, facts = Composer(self, slot, story).page()
        place = slot.basis if slot.corrects else slot.number
        url = f"https://example.org/{slot.outlet.lower().replace(' ', '-')}/{story.kind}-{place}"
        title = "".join(page.parts[: page.parts.index("\n\n")])
        record = page.record(title, slot.published, slot.outlet, url)
        named = {entry.id: actor for actor, entry in page.entities.items()}
        corrects = self.ids[slot.basis] if slot.corrects and slot.basis is not None else None
        return Telling(record, named, page.truth, slot.family, corrects), facts

    def truth(self) -> Truth:
        """What is true of all that was written so far."""
        happened = {one.id: one for story in self.now.stories for one in story.happenings}
        apart = tuple(pair for pair in self.world.apart if self.whole.issuperset(pair[1:]))
        return Truth(self.world.actors, happened, apart, tuple(self.now.apart), tuple(self._contradictions()))

    def _contradictions(self) -> Iterator[Contradiction]:
        for (kind, subject), values in sorted(self.stated.items()):
            standing = {
                value: tuple(id_ for id_ in dict.fromkeys(ids) if id_ not in self.superseded)
                for value, ids in values.items()
            }
            for one, other in combinations(sorted(value for value, ids in standing.items() if ids), 2):
                yield Contradiction(kind, subject, (one, other), standing[one], standing[other])


# --------------------------------------------------------------------------------------------------------- composition


@dataclass(frozen=True, slots=True)
class Composer:
    """Puts an article together: headline, dateline, two to four events of its story, and what else."""

    desk: _Desk
    slot: Slot
    story: Story

    def page(self) -> tuple[Page, list[Fact]]:
        """The article as written, and the facts that it states."""
        slot, actors = self.slot, self.desk.world.actors
        rng, hand = Random(slot.salt), Random(f"{slot.number} {slot.outlet}")
        own = hand.random() < 0.7
        who = self.desk._house(slot.family if slot.reprint and own else slot.outlet)
        edits = tuple(hand.sample(EDITS, 2)) if slot.reprint else ()
        untitled = frozenset(one for pair in self._change() for one in pair)
        page = Page(actors, who, slot.written, slot.salt, rng, edits, untitled)
        self._head(page, hand)
        facts: list[Fact] = []
        body = self._body(rng)
        dropped = hand.randrange(1, len(body)) if slot.reprint and len(body) > 2 else None
        for number, (what, way) in enumerate(body):
            if number != dropped:
                page.rng = Random(f"{slot.salt} {number}")
                facts += tell(page, what, way)
        facts += self._office(page)
        self._colour(page, hand)
        self._foot(page, Random(f"{slot.salt} foot"))
        return page, facts

    def _change(self) -> tuple[tuple[str, str], ...]:
        """Who leaves and who takes the office that an article is about."""
        if self.story.slot is None:
            return ()
        new, old = (self.story.happenings[number].one("person") for number in (0, 1))
        return ((old, new),)

    def _head(self, page: Page, hand: Random) -> None:
        """The headline, and where the article was written, with the wire's credit if there is one."""
        first = self.story.happenings[0]
        page.put("Correction: " if self.slot.corrects else "")
        subject = first.cast[-1 if self.story.kind == "strikes" else 0][1]
        if page.actors[subject].type == "Person":
            page.mention(subject, page.house.spell(page.actors[subject].names[1]))
        else:
            page.mention(subject, page.house.spell(page.actors[subject].names[0]))
        page.put(f": {Random(f'{self.slot.number} title').choice(_HEADLINES[self.story.kind])}")
        page.end("headline")
        wire = self.slot.family if self.slot.family.endswith(("wire", "Wire")) else None
        if wire and hand.random() < 0.85:
            page.put(f"({wire}) –")
            page.end("dateline")

    def _body(self, rng: Random) -> list[tuple[Happening, Way]]:
        """What the article tells and how: the first event of its story, some of the others, an older one, one to come,
        one of another story."""
        first, *others = self.story.happenings
        needed = 1 if self.story.kind == "talks" and self.slot.twist == "polarity" else 0
        kept = set(rng.sample(others[needed:], min(rng.randint(1, 3), len(others) - needed)))
        others = [one for one in others if one in others[:needed] or one in kept]
        if self.slot.twist == "office":
            others = [one for one in others if one.class_ != "Resignation"]
        body = [(one, self._way(one, rng, one is first)) for one in (first, *others)]
        if self.story.earlier is not None and rng.random() < 0.4:
            body.append((self.story.earlier, self._way(self.story.earlier, rng, False)))
        if self.story.later is not None and self.story.kind in ("talks", "visits") and rng.random() < 0.6:
            body.append((self.story.later, replace(self._way(self.story.later, rng, False), planned=True)))
        other = self._other(rng)
        if other is not None:
            body.append((other, self._way(other, rng, False)))
        return body

    def _other(self, rng: Random) -> Happening | None:
        """The first event of another story, if one is drawn that lies before."""
        one = rng.choice(self.desk.now.stories)
        before = one is not self.story and timedelta(0) <= self.slot.written - one.day < timedelta(40)
        return one.happenings[0] if before and rng.random() < 0.5 else None

    def _way(self, what: Happening, rng: Random, main: bool) -> Way:
        """How an event is told: the main one more fully; otherwise than it was, where the article has a twist."""
        when = rng.choices(("day", "month", "none"), (5, 2, 3))[0]
        place, counted = rng.random() < 0.7, main or rng.random() < 0.3
        twist = self.slot.twist
        way = Way(what.day, when, place, denied=what.denied)
        if what.killed is not None and counted:
            way = replace(way, killed=what.killed)
        if main and twist == "value" and what.killed is not None:
            return replace(way, killed=what.killed + rng.randint(1, 9), doer=True, when="day")
        if main and twist == "time":
            return replace(way, day=what.day + timedelta(1), when="day")
        if twist == "polarity" and what in self.story.happenings and what.class_ == "Agreement":
            return replace(way, denied=not what.denied)
        if main and twist == "office":
            return replace(way, denied=True)
        return way

    def _office(self, page: Page) -> list[Fact]:
        """Who holds the office that the article is about: one who was appointed, or still the one before."""
        facts: list[Fact] = []
        for old, new in self._change():
            if self.slot.twist == "office":
                who = page.actors[old]
                me = page.mention(old, page.full(old))
                page.put(f" remains {who.office} of ")
                page.relate(me, str(who.relation), page.name(str(who.of)), who.office)
                page.put(".")
                page.end()
            facts.append(("office", str(self.story.slot), old if self.slot.twist == "office" else new))
        return facts

    def _colour(self, page: Page, hand: Random) -> None:
        """What gives an article its length and nothing to extract: the same in a reprint, but for one sentence."""
        rng = Random(f"{self.slot.salt} colour")
        lines = [" ".join(rng.choice(part) for part in _COLOUR) + "." for _ in range(rng.randint(2, 6))]
        left = hand.randrange(len(lines)) if self.slot.reprint and hand.random() < 0.5 else None
        for number, line in enumerate(lines):
            if number != left:
                page.put(line)
                page.end()

    def _foot(self, page: Page, rng: Random) -> None:
        """Who looks on, and what was put right."""
        if rng.random() < 0.5:
            page.put("Diplomats of ")
            page.name(rng.choice(HUB_IRIS))
            page.put(" were following the events.")
            page.end()
        people = [one for one in page.introduced if page.actors[one].type == "Person"]
        if people and rng.random() < 0.4:
            page.turn(min(people, key=lambda one: page.entities[one].mentions[0].start))
        if self.slot.corrects:
            page.put("An earlier version of this article was wrong on a point.")
            page.end()


_HEADLINES = {
    "talks": ("What the Round Brought", "Envoys Leave the Table", "Hours of Talking", "Another Round Ends"),
    "strikes": ("Dead and Wounded After Strike", "A Street in Ruins", "Rescuers Search the Rubble", "What Was Hit"),
    "visits": ("Guests and Questions", "A Visit and Its Purpose", "Handshakes and Little More"),
    "offices": ("An Office Changes Hands", "New Name at the Door", "A Post Is Filled"),
    "arrests": ("Questions After an Arrest", "Held Without a Charge", "A Case and Its Echo"),
}
#: Sentences of what stands around: one of each part.
_COLOUR = (
    ("Shops near the old market", "Buses on the ring road", "Fishermen along the quay", "Teachers at two schools",
     "Drivers at the depot", "Families by the river", "Clerks in the town hall", "Students in the north quarter",
     "Bakers on the long street", "Ferry crews at the landing", "Nurses on the late shift", "Farmers on the plain"),
    ("stayed inside until noon,", "went about their work,", "waited for word,", "kept the radio on,",
     "stood in small groups,", "closed earlier than usual,", "spoke of little else,", "paid the news little heed,"),
    ("and a light rain fell", "as the wind turned cold", "and the lights went out", "and the roads were open",
     "and prices held steady", "as the week began slowly", "while the tide was out", "and the phones were busy"),
)  # fmt: skip
