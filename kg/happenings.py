"""Events as articles tell them, compared two by two: the same talks, the same strike, the same statement. Pure.

Tellings that say the same share a Happening, as names share a Form: its class, who takes part (by canonical IRI),
where, when, and what it is about. Two are compared by the evidence for and against; another day, another city, another
number of a round forbid it. Two events of which one was denied, planned or counted otherwise may be one: that is how
articles contradict each other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

from kg.clusters import NEVER, Judgement, Kind, Reason, Verdict, weigh
from kg.forms import family, is_acronym, known, named, words
from kg.lexicon import load
from kg.namespaces import FORM, HAPPENING
from kg.timex import Interval, interval

#: What speaks for and against, in bits: set by hand, then tuned by coordinate search on generated corpora.
_BITS = {
    "prior": -6.25,  # the chance that two happenings of a kin of which nothing is known are one
    "same class": 2.0,
    "narrower class": 1.5,
    # Many events have a state in them, few a brigade.
    "same state": 2.5,
    "same actor": 3.0,
    "same name": 1.5,
    "nobody else": 0.5,
    "some other parties": -3.0,
    "another actor": -2.5,
    "same place": 3.5,
    "place in place": 1.5,
    "place of one name": 2.0,
    "other place": -1.0,
    "one to come": -1.0,
    "not known when": -1.0,
    "same day": 6.0,
    "overlapping": 0.75,
    "a day apart": -0.75,
    "other topic": -5.5,
    "topic": 0.0,
    "whole topic": 4.0,
    "same number": 3.0,
    "same sentence": 5.0,
    "one article": -5.0,
    "beside": 1.0,
    "beside at most": 3.0,
    "as many": 4.5,
    "not as many": -2.0,
}
#: How long after an event news of it still comes, in days.
_NEWS = 3
#: How long before an event it is announced, in days.
_AHEAD = 14
#: What two tellings of one day may differ by: time zones, nights, days of dispatches.
_SLACK = 1
#: How long a time may be that says when, in days.
_WEEK = 8
#: How many days apart articles on one story are, at most.
_STORY = 4
STATEMENT = "Statement"
#: PLOVER codes of events that are what they are about: a deal on land is no deal on prisoners.
_MATTERS = ("AGREE", "REQUEST")
#: The roles that one alone fills: other fillers speak against, unless one is part of the other.
_SINGLE = ("agent", "target", "person", "speaker")


@dataclass(frozen=True, slots=True, order=True)
class Happening:
    """What is told of an event: its class, (role, IRI) of who takes part and the states among them, its places and the
    cities among them, its time (a TIMEX3 value), the day that it was reported on, the content words of its topics,
    its number in a series, how many were killed and injured, whether it is yet to come, the sentence that tells of it,
    as a hash, and (family, name) of those who take part and whose name does not tell who they are. Empty is unknown.

    Beside what it consists of: the stories that it is part of, and the marks of all that they tell of."""

    class_: str
    roles: tuple[tuple[str, str], ...] = ()
    states: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    when: str = ""
    reported: str = ""
    about: tuple[str, ...] = ()
    number: str = ""
    harm: tuple[tuple[str, str], ...] = ()
    ahead: bool = False
    said: str = ""
    strangers: tuple[tuple[str, str], ...] = ()
    stories: frozenset[str] = field(default=frozenset(), compare=False)
    beside: frozenset[str] = field(default=frozenset(), compare=False)

    def __hash__(self) -> int:
        """Of what tells most: to look at all of it took a seventh of the time in which an article is merged."""
        return hash((self.class_, self.when, self.said, self.about))

    @property
    def iri(self) -> str:
        """The same for the same happening, wherever it is told."""
        return _iri(self)

    def to_json(self) -> str:
        """What the happening consists of, as text."""
        return json.dumps([getattr(self, name) for name in self.__slots__[:-2]], ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Happening:
        """The happening that `to_json` wrote."""
        return _from_json(line)


@lru_cache(maxsize=8_000)
def _iri(happening: Happening) -> str:
    return str(HAPPENING) + hashlib.sha256(happening.to_json().encode()).hexdigest()[:16]


@lru_cache(maxsize=8_000)
def _from_json(line: str) -> Happening:
    return Happening(*map(_tuples, json.loads(line)))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


# ----------------------------------------------------------------------------------------------------------- comparing


def judge(one: Happening, two: Happening) -> Judgement:
    """The machine's judgement of two happenings: the same whichever comes first."""
    return _judged(one, two, one.stories, two.stories, one.beside, two.beside)


@lru_cache(maxsize=8_000)
def _judged(one: Happening, two: Happening, *_told: frozenset[str]) -> Judgement:
    """Remembered by what the two consist of, and by what is told beside them."""
    (first, left), (second, right) = sorted(((one.iri, one), (two.iri, two)))
    return weigh(first, second, _BITS["prior"], (*_reasons(left, right), *_company(left, right)))


@lru_cache(maxsize=8_000)
def _reasons(one: Happening, two: Happening) -> tuple[Reason, ...]:
    """What the two say of themselves."""
    alike = one.said and one.said == two.said
    return (
        _class(one, two),
        *_takers(one, two),
        _place(one, two),
        _time(one, two),
        _topic(one, two),
        _number(one, two),
        _harm(one, two),
        *((Reason("told in the same sentence", _BITS["same sentence"]),) if alike else ()),
    )


@cache
def kin(class_: str) -> str:
    """What classes that name one event must have in common: their PLOVER code, or the class without one."""
    return load().schema.code(class_, "affirmed", "actual") or class_


def _class(one: Happening, two: Happening) -> Reason:
    schema = load().schema
    if one.class_ == two.class_:
        return Reason(f"both {one.class_}", _BITS["same class"])
    if schema.is_a(one.class_, two.class_) or schema.is_a(two.class_, one.class_):
        return Reason(f"{one.class_} and {two.class_}", _BITS["narrower class"])
    if kin(one.class_) == kin(two.class_):
        return Reason(f"{one.class_} and {two.class_} are of a kin", 0.0)
    return Reason(f"{one.class_} is no {two.class_}", NEVER)


def _takers(one: Happening, two: Happening) -> Iterator[Reason]:
    """Who takes part in both, and who in place of whom."""
    first, second = {iri for _, iri in one.roles}, {iri for _, iri in two.roles}
    shared, states = sorted(first & second), {*one.states, *two.states}
    if shared:
        bits = sum(_BITS["same state" if iri in states else "same actor"] for iri in shared[:4])
        yield Reason(f"both with {', '.join(map(_local, shared))}", bits)
    if shared and first == second and len(first) > 1:
        yield Reason("nobody else in either", _BITS["nobody else"])
    if alike := _namesakes(one, two):
        yield Reason(f"both with somebody called {min(alike)}", _BITS["same name"] * len(alike))
    yield from _sides(one, two)
    for role in _SINGLE:
        mine, yours = ({iri for name, iri in item.roles if name == role} for item in (one, two))
        if mine and yours and not mine & yours:
            yield Reason(f"another {role}", _another(role, mine, yours))


def _namesakes(one: Happening, two: Happening) -> set[str]:
    """Names under which somebody takes part in both, of whom one article at least does not tell who he is."""
    pairs = (*((two, who) for who in one.strangers), *((one, who) for who in two.strangers))
    known = {name for item, (kind, name) in pairs if any(known_as(item, kind, name))}
    return known | {name for _, name in {*one.strangers} & {*two.strangers}}


def _another(role: str, mine: set[str], yours: set[str]) -> float:
    """What it says that somebody else is named: nobody speaks or resigns for another, unless it is another name of
    somebody that nobody could tell."""
    alike = {word for iri in mine for word in named(iri).split()} & {
        word for iri in yours for word in named(iri).split()
    }
    return NEVER if role in ("speaker", "person") and not alike else _BITS["another actor"]


def _sides(one: Happening, two: Happening) -> Iterator[Reason]:
    """What talks of other parties say."""
    mine, yours = ({iri for name, iri in item.roles if name == "party"} for item in (one, two))
    if not mine or not yours or mine <= yours or yours <= mine:
        return
    yield Reason("other parties", NEVER if not mine & yours else _BITS["some other parties"])


def _place(one: Happening, two: Happening) -> Reason:
    if not one.places or not two.places:
        return Reason("of one it is not said where", 0.0)
    if set(one.places) & set(two.places):
        return Reason(f"both in {_local(min(set(one.places) & set(two.places)))}", _BITS["same place"])
    if any(_within(a, b) or _within(b, a) for a in one.places for b in two.places):
        return Reason("one place lies in the other", _BITS["place in place"])
    if {named(iri) for iri in one.places} & {named(iri) for iri in two.places}:
        return Reason("places of one name", _BITS["place of one name"])
    apart = one.cities and two.cities
    return Reason(f"in {_local(one.places[0])}; in {_local(two.places[0])}", NEVER if apart else _BITS["other place"])


@lru_cache(maxsize=8_000)
def _within(inner: str, outer: str) -> bool:
    names = load().gazetteer.names
    while inner in names and (parent := names[inner].parent) is not None:
        if parent == outer:
            return True
        inner = parent
    return False


def _time(one: Happening, two: Happening) -> Reason:
    """What is known of when: a month or more says less than when it was told."""
    reason = _when(one, two)
    times = (interval(item.when) for item in (one, two))
    vague = any(time is not None and (time[1] - time[0]).days > _WEEK for time in times)
    return _reported(one, two) if vague and reason.bits > 0 else reason


def _when(one: Happening, two: Happening) -> Reason:
    first, second = interval(one.when), interval(two.when)
    if first is not None and second is not None:
        return _said(first, second)
    if one.ahead != two.ahead and None in (first, second):
        return _awaited(one, two) if one.ahead else _awaited(two, one)
    if _foretold(one, two) or _foretold(two, one):
        return Reason("told of before it was", _FAR)
    gap = _apart(one, two)
    if gap is None:
        return Reason("of one it is not known when", _BITS["not known when"])
    bits = next((bits for days, bits in _NEARNESS if gap <= days), _FAR)
    return Reason(f"told of {gap} days apart" if gap else "told of at one time", bits)


def _reported(one: Happening, two: Happening) -> Reason:
    """What the days of report say of two that may be of one time; nothing, where they lie far apart."""
    first, second = interval(one.reported), interval(two.reported)
    gap = None if first is None or second is None else max(_gap(first, second), 0)
    bits = next((bits for days, bits in _REPORTS if gap is not None and gap <= days), 0.0)
    return Reason("at times that overlap" if gap is None else f"at times that overlap, told {gap} days apart", bits)


#: What it says that reports lie so many days apart.
_REPORTS = ((0, 2.5), (1, 2.0), (2, 1.5), (3, 1.0), (4, 0.5))
#: What it says that two tellings, one at least without a date, lie so many days apart.
_NEARNESS = ((0, 2.5), (1, 1.5), (2, 0.5), (4, -0.5), (7, -2.0), (10, -3.5))
_FAR = -6.0


def _apart(one: Happening, two: Happening) -> int | None:
    """How many days lie between two tellings: of their days of report, or of a date and what a report leaves open."""
    first, second = interval(one.when), interval(two.when)
    if first is None and second is None:
        first, second = interval(one.reported), interval(two.reported)
        return None if first is None or second is None else max(_gap(first, second) - 1, 0)
    first, second = first or _guessed(one), second or _guessed(two)
    return None if first is None or second is None else max(_gap(first, second), 0)


def _awaited(ahead: Happening, told: Happening) -> Reason:
    """What it says that one is yet to come, where the other is told of: nothing is told of before it is announced."""
    announced, known = interval(ahead.reported), interval(told.when) or interval(told.reported)
    if announced is not None and known is not None and known[1] < announced[0]:
        return Reason("told of before it was to come", _FAR)
    return Reason("one to come, one told of", _BITS["one to come"])


def _foretold(told: Happening, dated: Happening) -> bool:
    """Whether one that has no date, and is not yet to come, was told of before the day of the other."""
    day, report = interval(dated.when), interval(told.reported)
    if told.ahead or interval(told.when) is not None or day is None or report is None:
        return False
    return (day[0] - report[1]).days > _SLACK


def _said(first: Interval, second: Interval) -> Reason:
    gap = _gap(first, second)
    days = max((last - start).days for start, last in (first, second)) + 1
    if gap <= 0:
        if days == 1:
            return Reason("on the same day", _BITS["same day"])
        return Reason("at times that overlap", _BITS["overlapping"])
    if gap <= _SLACK:
        return Reason("a day apart", _BITS["a day apart"])
    return Reason(f"{gap} days apart", NEVER)


def _guessed(item: Happening) -> Interval | None:
    """When something without a date may have happened: not long before it was told."""
    known = interval(item.reported)
    if known is None:
        return None
    return (known[0], known[1] + timedelta(days=_AHEAD)) if item.ahead else (known[0] - timedelta(days=_NEWS), known[1])


def _gap(first: Interval, second: Interval) -> int:
    return (max(first[0], second[0]) - min(first[1], second[1])).days


def _topic(one: Happening, two: Happening) -> Reason:
    if not one.about or not two.about:
        return Reason("of one it is not said what about", 0.0)
    shared = set(one.about) & set(two.about)
    if not shared:
        return Reason("about other things", NEVER if kin(one.class_) in _MATTERS else _BITS["other topic"])
    part = len(shared) / min(len(set(one.about)), len(set(two.about)))
    return Reason(f"both about {', '.join(sorted(shared))}", _BITS["topic"] + _BITS["whole topic"] * part)


def _number(one: Happening, two: Happening) -> Reason:
    if not one.number or not two.number:
        return Reason("of one it is not said which in a row", 0.0)
    same = one.number == two.number
    return (
        Reason(f"both number {one.number}", _BITS["same number"])
        if same
        else Reason(f"{one.number}; {two.number}", NEVER)
    )


def _harm(one: Happening, two: Happening) -> Reason:
    """What the same numbers of victims say; other numbers are what sources disagree on."""
    first, second = dict(one.harm), dict(two.harm)
    same = [role for role in first if second.get(role) == first[role] and first[role] not in ("0", "1", "")]
    if same:
        return Reason(f"as many {' and '.join(same)}", _BITS["as many"] * len(same))
    differ = first and second and first.keys() & second.keys()
    return (
        Reason("other numbers of victims", _BITS["not as many"])
        if differ
        else Reason("of one it is not said how many", 0.0)
    )


def _company(one: Happening, two: Happening) -> Iterator[Reason]:
    """What else the articles tell says whether they tell one story."""
    if one.stories & two.stories:
        yield Reason("one article tells of both", _BITS["one article"])
        return
    first, second = interval(one.reported), interval(two.reported)
    if first is None or second is None or _gap(first, second) > _STORY:
        return
    if shared := (one.beside & two.beside) - marks(one) - marks(two):
        bits = min(_BITS["beside"] * len(shared), _BITS["beside at most"])
        yield Reason(f"beside it both articles tell of {_local(min(shared))}", bits)


@lru_cache(maxsize=8_000)
def marks(item: Happening) -> frozenset[str]:
    """What of a happening another article may tell too: its kin with each who takes part, each place and each word of
    its topics, and the victims."""
    said = {*(iri for _, iri in item.roles), *item.places, *item.about}
    counted = {f"{role} {count}" for role, count in item.harm if count not in ("", "0", "1")}
    return frozenset({f"{kin(item.class_)} {what}" for what in said} | counted)


def known_as(item: Happening, kind: str, name: str) -> Iterator[str]:
    """Who takes part under a name, one of which it has the initials, or a longer one with the same words."""
    for iri in sorted({*(iri for _, iri in item.roles), *item.places}):
        called = named(iri).split()
        if _family(iri) == kind and (set(name.split()) <= {*called} or is_acronym(name, tuple(called))):
            yield iri


@lru_cache(maxsize=8_000)
def _family(iri: str) -> str | None:
    form = known().get(iri)
    return family(iri.removeprefix(str(FORM)).partition("/")[0] if form is None else form.type)


def story(told: Iterable[Happening]) -> str:
    """What an article tells, as text: a name that all have which tell the same, and the marks of its events."""
    events = sorted({item.iri: item for item in told}.items())
    name = hashlib.sha256("".join(iri for iri, _ in events).encode()).hexdigest()[:16]
    return json.dumps([name, sorted({mark for _, item in events for mark in marks(item)})], ensure_ascii=False)


def within(item: Happening, stories: Iterable[str]) -> Happening:
    """A happening that is part of these stories, too; itself, if they tell nothing more."""
    read = [told for line in stories if not (told := _story(line))[0] <= item.stories]
    if not read:
        return item
    names, besides = zip(*read, strict=True)
    if not item.stories and len(read) == 1:
        return replace(item, stories=names[0], beside=besides[0])
    return replace(item, stories=item.stories.union(*names), beside=item.beside.union(*besides))


@lru_cache(maxsize=10_000)
def _story(line: str) -> tuple[frozenset[str], frozenset[str]]:
    name, told = json.loads(line)
    return frozenset((name,)), frozenset(told)


def _local(iri: str) -> str:
    return iri.rsplit("/", 1)[-1].replace("_", " ")


# ----------------------------------------------------------------------------------------------------------- candidates


def keys(item: Happening) -> frozenset[str]:
    """Blocking keys: only happenings that share one are compared. A week, and who or where; states take part in so
    much that it takes two of them, and of what one says much, that it be about the same."""
    return _keys(item, item.beside)


@lru_cache(maxsize=8_000)
def _keys(item: Happening, beside: frozenset[str]) -> frozenset[str]:
    own = sorted({iri for _, iri in item.roles} | set(item.places))
    rare = [iri for iri in own if iri not in item.states]
    company = sorted({mark.split(" ", 1)[1] for mark in beside if "://" in mark} - {*own})
    what: list[tuple[str, ...]] = [(iri,) for iri in rare]
    what += list(combinations([iri for iri in own if iri in item.states], 2))
    topics: list[tuple[str, ...]] = [(iri, word) for iri in own for word in sorted(item.about, key=len)[-3:]]
    what = topics if item.class_ == STATEMENT else what + [pair for pair in topics if pair[0] in item.states]
    what += [(iri,) for iri in company if not _is_state(iri)] + list(combinations(filter(_is_state, company), 2))
    what += [(iri, word) for iri in company for word in item.about]
    if item.said:
        what.append((item.said,))
    return frozenset(" ".join((kin(item.class_), *one, week)) for one in what for week in _weeks(item))


@lru_cache(maxsize=8_000)
def _is_state(iri: str) -> bool:
    form = known().get(iri)
    return iri.startswith(f"{FORM}State/") if form is None else form.type == "State"


def _weeks(item: Happening) -> Iterator[str]:
    """The weeks that it may have happened in, one more on either side of the slack; none if nobody can tell."""
    found = interval(item.when) or _guessed(item)
    if found is None or (found[1] - found[0]).days > 45:
        return
    first, last = found[0] - timedelta(days=_SLACK), found[1] + timedelta(days=_SLACK)
    yield from sorted({_week(first + timedelta(days=n)) for n in range((last - first).days + 1)})


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-{week:02}"


# ---------------------------------------------------------------------------------------------------------- in the text


def content(phrases: Iterable[str]) -> tuple[str, ...]:
    """The words of topics that tell what they are about, roughly without their endings."""
    glue = load().words["topic-glue"]
    found = {_stem(word) for phrase in phrases for word in words(phrase) if word not in glue}
    return tuple(sorted(found))


def _stem(word: str) -> str:
    return re.sub(r"(?<=...)(?:ing|ed|es|s)$", "", word)


def _is_part(item: Happening) -> bool:
    """Whether it is not told on which day it was: then it may be any of several."""
    found = interval(item.when)
    return found is None or found[0] != found[1]


def _fits(part: Happening, whole: Iterable[Happening]) -> bool:
    """Whether it is rather of a cluster than not."""
    return any(judge(part, item).probability >= _RATHER for item in whole)


_RATHER = 0.6

#: How happenings are told apart. None is known without an article.
TELLINGS: Kind[Happening] = Kind(
    judge,
    keys,
    near=lambda _: (),
    canonical=lambda some: min(item.iri for item in some),
    read=Happening.from_json,
    is_part=_is_part,
    fits=_fits,
    within=within,
    alone=lambda _: False,
    least=_RATHER,
    rather=_RATHER,
    clear=0.0,
    apart=lambda item: item.verdict is Verdict.DIFFERENT,
)
