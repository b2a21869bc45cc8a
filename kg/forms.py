"""Names as articles write them, compared two by two. Pure.

Articles that call somebody by one name in one context share a Form, so what is compared is names, however many
articles use them. A judgement depends on its two forms alone.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote, unquote

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

from kg.clusters import NEVER, Judgement, Kind, Reason, weigh
from kg.lexicon import Gazetteer, Lexicon, load
from kg.namespaces import FORM

#: What has an identity over articles: a class of the ontology and its subclasses, the narrower first.
FAMILIES = ("Person", "State", "Organization", "Place", "Group", "Document", "Conflict", "Weapon")

#: The chance, in bits, that two names of which nothing is known are of one.
_PRIOR = -9.0
#: How alike two spellings must be beside sounding alike (Jaro and Winkler's measure).
_ALIKE = 0.8


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """A name of something: its class, its words, and the context that it is named in: the states or bodies that the
    article says it belongs to; if it says none, the company it keeps, the state that the article names beside it.
    `known` is the global IRI of a name of the gazetteer, `offices` are those held that one person holds alone."""

    type: str
    names: tuple[str, ...]
    context: tuple[str, ...] = ()
    known: str | None = None
    company: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()

    @property
    def iri(self) -> str:
        """The same for the same form, wherever and whenever it is read."""
        return self.known or _iri(self)

    def to_json(self) -> str:
        """The form as text; one of the gazetteer is its IRI."""
        return json.dumps([self.type, self.names, self.context, self.company, self.offices], ensure_ascii=False)

    @classmethod
    @lru_cache(maxsize=8_000)
    def from_json(cls, line: str) -> Form:
        """The form that `to_json` wrote."""
        type_, names, context, company, offices = json.loads(line)
        return cls(type_, tuple(names), tuple(context), None, tuple(company), tuple(offices))


# --------------------------------------------------------------------------------------------------------------- words


@lru_cache(maxsize=8_000)
def _iri(form: Form) -> str:
    parts = (form.type, " ".join(words(form.names[0])), *form.context, *(f"with {one}" for one in form.company))
    parts += tuple(f"as {one}" for one in form.offices)
    return str(FORM) + "/".join(quote(part.replace(" ", "_"), safe="") for part in parts)


@lru_cache(maxsize=8_000)
def words(name: str) -> tuple[str, ...]:
    """A name's words in plain lower-case letters and digits, without what may be left out ("the", "al-", "'s")."""
    lists = load().words
    plain = anyascii(name).lower().replace("'s ", " ").replace("'", "")
    for particle in re.findall(r"\b([a-z]{2,4})-", plain):
        if particle in lists["name-particles"]:
            plain = plain.replace(f"{particle}-", "")
    # "Seo-yun" and "Seoyun" are one word.
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])", "", plain)
    # "A." is an initial, "a" is none.
    found = [word.rstrip(".") for word in _WORD.findall(plain) if word not in lists["name-glue"]]
    inner = [word for n, word in enumerate(found) if not n or word not in lists["name-particles"]]
    return tuple(inner or found or plain.split() or (name,))


_WORD = re.compile(r"\b[a-z]\.|[a-z]+|[0-9]+(?:st|nd|rd|th)?")


@lru_cache(maxsize=8_000)
def sound(word: str) -> str:
    """How a word sounds, roughly: its consonants, those written in several ways as one."""
    spelt = load().effects["Spelling"]
    consonants = _VOWEL.sub("", _spellings().sub(lambda letters: spelt[letters[0]], word))
    return _TWICE.sub(r"\1", consonants) or word


_VOWEL, _TWICE = re.compile(r"[aeiou]"), re.compile(r"(.)\1+")


@cache
def _spellings() -> re.Pattern[str]:
    """Letters that are written in several ways, the longest first."""
    spelt = sorted(load().effects["Spelling"], key=lambda letters: (-len(letters), letters))
    return re.compile("|".join(map(re.escape, spelt)) or "(?!)")


def _alike(one: str, two: str) -> bool:
    """Whether two words may be spellings of one name."""
    return sound(one) == sound(two) and JaroWinkler.similarity(one, two) >= _ALIKE


def family(type_: str, lexicon: Lexicon | None = None) -> str | None:
    """The family of a class: what can be compared with it; None for what has no identity over articles."""
    schema = (lexicon or load()).schema
    return next((name for name in FAMILIES if schema.is_a(type_, name)), None)


# ----------------------------------------------------------------------------------------------------------- comparing


@lru_cache(maxsize=8_000)
def judge(one: Form, two: Form) -> Judgement:
    """The machine's judgement of two forms: the same whichever comes first."""
    left, right = sorted((one, two), key=lambda form: form.iri)
    return weigh(left.iri, right.iri, _PRIOR, tuple(_reasons(left, right)))


def _reasons(one: Form, two: Form) -> Iterator[Reason]:
    kind = family(one.type)
    if kind is None or kind != family(two.type):
        yield Reason(f"a {one.type} is no {two.type}", NEVER)
        return
    if one.known and two.known:
        yield Reason("the gazetteer tells them apart", NEVER)
        return
    compare = _person if kind == "Person" else _named
    # One that has several names is meant if any of them is.
    yield max((compare(a, b) for a in one.names for b in two.names), key=lambda reason: (reason.bits, reason.text))
    yield _types(one, two)
    yield _contexts(one, two, kind)
    yield _offices(one, two)


def _person(one: str, two: str) -> Reason:
    """What two names of persons say: the family name last, or the same words in another order."""
    first, second = words(one), words(two)
    if first == second:
        return Reason("the same name", 14.0) if len(first) > 1 else Reason("the same single name", 9.0)
    if sorted(first) == sorted(second):
        return Reason("the same names in another order", 13.0)
    if len(first) == len(second) == 2 and _alike(first[0], second[1]) and _alike(first[1], second[0]):
        return Reason("the same names in another order, spelt otherwise", 11.0)
    if 1 in (len(first), len(second)) and _alike(first[0], second[0]):
        spelt = first[0] != second[0]
        return Reason(f"the first of the names alone{', spelt otherwise' * spelt}", 5.0 - spelt)
    last = (first[-1], second[-1])
    if last[0] != last[1] and not _alike(*last):
        return Reason(f"family names differ: {last[0]}, {last[1]}", NEVER)
    named = Reason("the same family name", 8.0)
    if last[0] != last[1]:
        named = Reason("the family name spelt otherwise", 7.0)
    given = _given(first[:-1], second[:-1])
    return Reason(f"{named.text}; {given.text}", named.bits + given.bits)


def _given(one: tuple[str, ...], two: tuple[str, ...]) -> Reason:
    """What given names say."""
    if not one or not two:
        return Reason("one without given name", 0.0)
    short = load().effects["GivenName"]
    if set(one) & set(two):
        return Reason("a given name in common", 6.0)
    if short.get(one[0], one[0]) == short.get(two[0], two[0]):
        return Reason("given names that are short for each other", 5.5)
    if 1 in (len(one[0]), len(two[0])):
        same = bool(
            {one[0][0], short.get(one[0], one[0])[0].lower()} & {two[0][0], short.get(two[0], two[0])[0].lower()}
        )
        return Reason("an initial that fits", 3.0) if same else Reason("an initial that does not fit", NEVER)
    if _alike(one[0], two[0]):
        return Reason("the given name spelt otherwise", 5.0)
    return Reason(f"given names differ: {one[0]}, {two[0]}", NEVER)


def _named(one: str, two: str) -> Reason:
    """What two names of bodies, places and works say, word by word."""
    first, second = _core(one), _core(two)
    if _numbers(first) != _numbers(second):
        return Reason("other numbers", NEVER)
    if "".join(first) == "".join(second):
        return Reason("the same name", 14.0) if _tells(first) else Reason("the same name, which others have", 8.0)
    if _is_short(one, two) or _is_short(two, one):
        return Reason("the initials of the other name", 12.0)
    if sorted(first) == sorted(second):
        return Reason("the same words in another order", 12.0 if _tells(first) else 7.5)
    if len(first) == len(second) and all(a == b or _alike(a, b) for a, b in zip(first, second, strict=True)):
        return Reason("the same name spelt otherwise", 12.0 if _tells(first) else 6.0)
    less, more = sorted((set(first), set(second)), key=len)
    if less < more and _tells(less) and more - less <= load().words["generic-names"]:
        return Reason("the same name, longer and shorter", 9.0)
    return Reason("names differ", NEVER)


def _core(name: str) -> tuple[str, ...]:
    """The words of a name without those that it may have or lack, if any are left."""
    found = words(name)
    return tuple(word for word in found if word not in load().words["name-nouns"]) or found


def tells(form: Form) -> bool:
    """Whether a name tells somebody or something from others by itself."""
    return family(form.type) != "Organization" or any(_tells(_core(name)) for name in form.names)


def _tells(name: Collection[str]) -> bool:
    """Whether the words tell one from others: "Falcon Brigade", not "Foreign Ministry"."""
    return not load().words["generic-names"].issuperset(name)


def _numbers(name: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(re.sub(r"\D", "", word) for word in name if word[0].isdigit()))


def _is_short(name: str, of: str) -> bool:
    """Whether a name is the initials of another; nobody abbreviates "the UN's top court", which is a description."""
    described = of != of.lower() and any(word.islower() for word in of.split() if word not in load().words["name-glue"])
    return not described and is_acronym(name, words(of))


def is_acronym(name: str, of: tuple[str, ...]) -> bool:
    """Whether a name in capitals is the initials of at least three words."""
    letters = name.replace(".", "")
    return letters.isupper() and len(of) > 2 and letters.lower() == "".join(word[0] for word in of)


def _initials(name: str, of: str) -> bool:
    parts = of.split()
    return len(parts) > 2 and name == "".join(part[0] for part in parts)


def _types(one: Form, two: Form) -> Reason:
    schema = load().schema
    if one.type == two.type:
        return Reason(f"both {one.type}", 0.5)
    if schema.is_a(one.type, two.type) or schema.is_a(two.type, one.type):
        return Reason(f"{one.type} and {two.type}", 0.0)
    apart = family(one.type) == "Place"
    return Reason(f"a {one.type} is no {two.type}", NEVER if apart else -4.0)


def _contexts(one: Form, two: Form, kind: str) -> Reason:
    """Whether they belong to the same states or bodies."""
    if not one.context or not two.context:
        return _companies(one, two, kind)
    shared = _shared(one.context, two.context)
    if shared:
        # A state has one foreign ministry, and many people of one name.
        generic = kind == "Organization" and not _tells(_core(one.names[0]))
        return Reason(f"both of {', '.join(shared)}", 6.0 if generic else 3.0)
    text = f"of {', '.join(one.context)}; of {', '.join(two.context)}"
    # People change sides and hold several offices; a ministry of another state is another ministry.
    return Reason(text, -5.0 if kind == "Person" else NEVER)


def _companies(one: Form, two: Form, kind: str) -> Reason:
    """What is said of one in place of what is not said of it: who else is there."""
    whose, company = one.context or two.context, one.company or two.company
    if not whose or not company:
        return Reason("it is not said whose they are", 0.0)
    shared = _shared(whose, company)
    if not shared:
        # What happens in a city often names no state but another's: not enough to choose between two of a name.
        return Reason(f"of {', '.join(whose)}; told of with {', '.join(company)}", -2.0 if kind == "Place" else -2.5)
    return Reason(f"of {shared[0]}, and told of with it", 4.5 if len(company) == 1 else 2.0)


def _offices(one: Form, two: Form) -> Reason:
    """Whether they hold the same office; many hold another one later, and an office may pass from father to son. Nobody
    is the foreign minister of two states."""
    if not one.offices or not two.offices:
        return Reason("of one it is not said which office", 0.0)
    held = f"{', '.join(one.offices)}; {', '.join(two.offices)}"
    if one.context and two.context and not _shared(one.context, two.context):
        return Reason(f"{held}, of others", -4.0)
    single = 1 in (len(words(one.names[0])), len(words(two.names[0])))
    if shared := sorted(set(one.offices) & set(two.offices)):
        return Reason(f"both {', '.join(shared)}", 0.0 if single else 3.0)
    return Reason(held, -4.0 if single else -1.0)


def _shared(one: Iterable[str], two: Iterable[str]) -> list[str]:
    """What two contexts have in common; one may be written in initials."""
    return sorted({a for a in one for b in two if a == b or _initials(a, b) or _initials(b, a)})


# ------------------------------------------------------------------------------------------------------- candidates


@lru_cache(maxsize=8_000)
def keys(form: Form) -> frozenset[str]:
    """Blocking keys: only forms that share one are compared."""
    kind = family(form.type) or ""
    return frozenset(f"{kind}:{key}" for name in form.names for key in _keys(name, kind))


def _keys(name: str, kind: str) -> Iterator[str]:
    found = words(name)
    if kind == "Person":
        yield sound(found[-1])
        yield "".join(sorted(map(sound, found)))
        if len(found) < 3:
            yield f"1 {sound(found[0])}"
        return
    core = _core(name)
    yield "".join(sorted(map(sound, core)))
    telling = [word for word in core if word not in load().words["generic-names"]] or core
    yield "+".join(sorted(map(sound, telling)))
    yield "".join(word[0] for word in found) if len(found) > 2 else name.lower().replace(".", "")


# ------------------------------------------------------------------------------------------------------ parts of names


def _is_part(form: Form) -> bool:
    """Whether it is a family name alone, or names something of which it is not said whose it is."""
    if form.known is not None:
        return False
    single = len(words(form.names[0])) == 1
    return single if family(form.type) == "Person" else not form.context


def _fits(part: Form, whole: Iterable[Form]) -> bool:
    """Whether a single name is said to be of the same state or body as somebody of a cluster, or keeps company with
    it, and to hold no office but his. A place or a body goes by its name."""
    if family(part.type) != "Person":
        return True
    forms, context = tuple(whole), part.context or part.company
    held = {office for form in forms for office in form.offices}
    other = bool(part.offices) and bool(held) and held.isdisjoint(part.offices)
    return not other and any(_shared(context, form.context or form.company) for form in forms)


# -------------------------------------------------------------------------------------------------------- the gazetteer


def canonical_of(forms: Iterable[Form]) -> str:
    """The IRI of several forms together: the gazetteer's; else that of the most words, in the richest context."""
    return min(forms, key=_rank).iri


def _rank(form: Form) -> tuple[bool, int, int, str]:
    return form.known is None, -len(words(form.names[0])), -len(form.context), form.iri


@cache
def known() -> Mapping[str, Form]:
    """The names of the gazetteer as forms by IRI, with all that they are called and what they belong to."""
    gazetteer = load().gazetteer
    return {
        iri: Form(name.type, gazetteer.labels[iri], tuple(sorted(_belongs(gazetteer, iri))), iri)
        for iri, name in sorted(gazetteer.names.items())
        if family(name.type) is not None
    }


@cache
def _known_by_key() -> Mapping[str, tuple[Form, ...]]:
    blocks: defaultdict[str, list[Form]] = defaultdict(list)
    for form in known().values():
        for key in keys(form):
            blocks[key].append(form)
    return {key: tuple(forms) for key, forms in blocks.items()}


def near(form: Form) -> tuple[Form, ...]:
    """The names of the gazetteer that a form might be; those of the gazetteer are known apart."""
    if form.known is not None:
        return ()
    return tuple({one: None for key in sorted(keys(form)) for one in _known_by_key().get(key, ())})


def _belongs(gazetteer: Gazetteer, iri: str) -> set[str]:
    """The states and bodies that somebody held office for, or that a place or a body is part of."""
    found = {tenure.of for tenure in gazetteer.tenures.get(iri, ())}
    parent = gazetteer.names[iri].parent
    while parent is not None and parent in gazetteer.names and parent not in found:
        found.add(parent)
        parent = gazetteer.names[parent].parent
    return {context_of(one, gazetteer.names[one].label) for one in found if one in gazetteer.names}


@lru_cache(maxsize=8_000)
def named(iri: str) -> str:
    """The name that a canonical IRI holds, in plain words: cities of one name may be one, or not."""
    if iri in load().gazetteer.names:
        return context_of(iri, load().gazetteer.names[iri].label)
    return unquote(iri.removeprefix(str(FORM)).partition("/")[2].partition("/")[0]).replace("_", " ")


def context_of(iri: str, label: str) -> str:
    """How a context is written: the plain words of its name."""
    return " ".join(words(label))


#: How names are told apart. A part never chooses among several.
NAMES = Kind(judge, keys, near, canonical_of, Form.from_json, _is_part, _fits)
