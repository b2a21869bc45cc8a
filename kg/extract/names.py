"""Mentions of entities: names from the gazetteer and the recogniser, people and bodies named by a noun, pronouns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import replace

from kg.extract.mention import NAME, NOMINAL, THING, Mention, fold, head_of, order, text_of
from kg.extract.nouns import is_pronoun, names_nothing, nominal, phrase, pronoun
from kg.extract.tree import Tree
from kg.lexicon import Gazetteer, Lexicon

#: Types by the last word of a name, which no family is called.
_NO_SURNAME = frozenset({"Facility", "Military", "Organization", "Media", "ArmedGroup", "Region"})
_LABELS = {
    "PERSON": "Person", "ORG": "Organization", "GPE": "City", "LOC": "Region", "FAC": "Facility", "NORP": "Group",
    "LAW": "Document", "PRODUCT": THING, "WORK_OF_ART": THING,
}  # fmt: skip
_LOCATIVE = frozenset(
    [
        "in",
        "at",
        "near",
        "around",
        "outside",
        "across",
        "into",
        "inside",
        "over",
        "through",
        "toward",
        "towards",
        "within",
        "throughout",
    ]
)
#: Events that are called after where they are held: the Minsk agreements, the Geneva talks.
_HELD = frozenset({"Agreement", "Negotiation", "Meeting", "Ceasefire"})
_ACRONYM = re.compile(r"^(?:[A-Z]\.?){2,}$|^[A-Z0-9]{2,6}$")


Form = tuple[tuple[str, ...], str, str]


class NameIndex:
    """Where names of the gazetteer stand in a text: longest form first."""

    def __init__(self, gazetteer: Gazetteer, tokenize: Callable[[str], Iterable[str]]) -> None:
        self._forms: dict[str, list[Form]] = defaultdict(list)
        groups: tuple[tuple[str, Mapping[str, Iterable[str]]], ...] = (
            ("label", gazetteer.labels), ("demonym", gazetteer.demonyms), ("short", gazetteer.short),
        )  # fmt: skip
        for sort, table in groups:
            for iri, forms in table.items():
                for form in forms:
                    self._add(tokenize(form), sort, iri)
        for seat, iri in gazetteer.seats.items():
            self._add(tokenize(seat), "seat", iri)
        for found in self._forms.values():
            found.sort(key=lambda form: (-len(form[0]), form[1:]))

    def _add(self, tokens: Iterable[str], sort: str, iri: str) -> None:
        words = tuple(tokens)
        if words:
            self._forms[fold(words[0])].append((words, sort, iri))

    def at(self, tree: Tree, start: int) -> tuple[int, str, str] | None:
        """The end, sort and IRI of the longest form that begins at a token."""
        if not tree.words[start][:1].isupper() and tree.words[start][:2] not in {"al", "el"}:
            return None
        for words, sort, iri in self._forms.get(fold(tree.words[start]), ()):
            end = start + len(words)
            if end <= len(tree) and all(_same(tree.words[start + n], word) for n, word in enumerate(words)):
                return end, sort, iri
        return None


def _same(token: str, word: str) -> bool:
    """Acronyms must match to the letter, other words without regard to accents; a capital asks for a capital."""
    if _ACRONYM.match(word):
        return token == word
    return fold(token) == fold(word) and (token[:1].isupper() or not word[:1].isupper())


def find(
    tree: Tree, entities: Iterable[tuple[int, int, str]], index: NameIndex, lexicon: Lexicon
) -> tuple[Mention, ...]:
    """All mentions, in order of their tokens; a name may lie inside another (the State in "Georgian Parliament")."""
    known = tuple(_known(tree, index, lexicon))
    recognised = tuple(_recognised(tree, entities, known, lexicon))
    known = tuple(mention for mention in known if not _is_namesake(tree, mention, recognised, lexicon))
    wide = {token for mention in recognised for token in range(mention.start, mention.end)}
    recognised = (*_short(tree, recognised, known), *_telling(tree, (*known, *recognised), lexicon))
    names = (*(m for m in known if m.head not in wide or m.type == "State"), *recognised)
    taken = {token: mention for mention in names for token in range(mention.start, mention.end)}
    nominals = (
        _widened(tree, m, taken) for at in range(len(tree)) if at not in taken and (m := nominal(tree, at, lexicon))
    )
    pronouns = (pronoun(tree, at) for at in range(len(tree)) if is_pronoun(tree, at, lexicon))
    return tuple(sorted((*names, *nominals, *pronouns), key=order))


def _is_namesake(tree: Tree, mention: Mention, recognised: Iterable[Mention], lexicon: Lexicon) -> bool:
    """Whether a city's name is that of a person whom the text names in full: "Dana Houston … Houston said"."""
    if mention.type != "City" or mention.end - mention.start > 1 or _is_place(tree, mention.head, lexicon):
        return False
    people = (one for one in recognised if one.type == "Person" and one.end - one.start > 1)
    return any(tree.words[one.end - 1] == tree.words[mention.start] for one in people)


def _short(tree: Tree, recognised: tuple[Mention, ...], known: Iterable[Mention]) -> Iterator[Mention]:
    """Recognised names, and those of people whom the text has named in full, where the recogniser takes them for
    something else or passes them over: "Jane Ngugi … Ngugi"."""
    full = [tree.words[m.start : m.end] for m in recognised if m.type == "Person" and m.end - m.start > 1]
    people = {words[-1] for words in full}
    ships = {tree.words[m.end - 1] for m in recognised if m.type == "Weapon" and m.end - m.start > 1} - people
    first = {words[:length] for words in full for length in range(2, len(words))}  # "Abu Salim al-Basri … Abu Salim"
    other = {m.text for m in recognised if m.type != "Person" and m.end - m.start > 1} | {m.text for m in known}
    people = {name for name in people if name.istitle() and name not in other}
    taken = {token for m in (*recognised, *known) for token in range(m.start, m.end)}
    for mention in recognised:
        words = tree.words[mention.start : mention.end]
        lone = (len(words) == 1 and words[0] in people) or words in first
        aboard = mention.type == "Person" and len(words) == 1 and words[0] in ships
        yield replace(mention, type="Person") if lone else replace(mention, type="Weapon") if aboard else mention
    for at, word in enumerate(tree.words):
        if word in people and at not in taken and (tree.tags[at] == "NNP" or _may_be_called(tree, at)):
            yield Mention(at, at + 1, at, NAME, "Person", word)


def _may_be_called(tree: Tree, at: int) -> bool:
    """Whether a noun with a capital may be a name: one that opens a sentence only if it is no plural ("Woods is …")."""
    if not tree.is_noun(at):
        return False
    verb, subject = tree.heads[at], tree.deps[at] in {"nsubj", "nsubjpass"}
    finite = (verb, *tree.down(verb, "aux", "auxpass"))
    many = any(tree.tags[one] == "VBP" or tree.words[one] == "were" for one in finite)
    opens = at == 0 or tree.sentences[at - 1] != tree.sentences[at]
    return not opens or tree.deps[at] == "poss" or (subject and not many)


#: What a name that nobody recognises must be called to be one all the same.
_TELLING = frozenset({"Military", "ArmedGroup", "Organization", "Government", "Facility"})


def _telling(tree: Tree, found: tuple[Mention, ...], lexicon: Lexicon) -> Iterator[Mention]:
    """Names that neither gazetteer nor recogniser knows, but whose last word tells what they are: Bafata Barracks."""
    taken = {token for mention in found for token in range(mention.start, mention.end)}
    types, states = lexicon.effects["NameWord"], {m.end: m for m in found if m.type == "State"}
    for at, word in enumerate(tree.words):
        if at in taken or not tree.tags[at].startswith("NNP") or types.get(fold(word)) not in _TELLING:
            continue
        start = at
        while start and start - 1 not in taken and _is_part(tree, start - 1):
            start -= 1
        state = states.get(start)
        start = start if state is None else state.start
        goes_on = at + 1 < len(tree) and (tree.tags[at + 1].startswith(("NNP", "HYPH")) or at + 1 in taken)
        if start < at and not goes_on:
            yield Mention(
                start, at + 1, head_of(tree, start, at + 1), NAME, types[fold(word)], text_of(tree, start, at + 1)
            )


def _is_part(tree: Tree, at: int) -> bool:
    """Whether a word may stand in front of another in a name: it has a capital or is an ordinal, "12th"."""
    word = tree.words[at]
    opens = at == 0 or tree.sentences[at - 1] != tree.sentences[at]
    return tree.tags[at].startswith("NNP") or (
        not opens and word[:1].isdigit() and word[-2:] in {"st", "nd", "rd", "th"}
    )


def _widened(tree: Tree, mention: Mention, names: Mapping[int, Mention]) -> Mention:
    """A noun phrase with all of the name that it begins in: the parser may cut "the Republic of Kenya officials"."""
    name = names.get(mention.start)
    if name is None or name.start == mention.start:
        return mention
    return replace(mention, start=name.start, text=text_of(tree, name.start, mention.end))


def _known(tree: Tree, index: NameIndex, lexicon: Lexicon) -> Iterator[Mention]:
    at = 0
    while at < len(tree):
        hit = index.at(tree, at)
        if hit is None:
            at += 1
            continue
        end, sort, iri = hit
        start = at
        yield _as_used(tree, start, end, sort, iri, lexicon)
        at = end


def _as_used(tree: Tree, start: int, end: int, sort: str, iri: str, lexicon: Lexicon) -> Mention:
    """A gazetteer name as its place in the sentence asks: an acting capital and a seat of government are the State."""
    head = head_of(tree, start, end)
    name = lexicon.gazetteer.names[iri]
    if sort == "demonym" and _is_people(tree, head):
        plural = next((form for form in lexicon.gazetteer.demonyms[iri] if form.endswith("s")), tree.words[head])
        return Mention(start, end, head, NAME, "Group", plural, members=iri)
    state = lexicon.gazetteer.capitals.get(iri) if name.type == "City" else None
    if state and not _is_place(tree, head, lexicon):
        name = lexicon.gazetteer.names[state]
    return Mention(start, end, head, NAME, name.type, name.label, name.iri)


def _is_people(tree: Tree, head: int) -> bool:
    """Whether a demonym is a noun ("Israelis", "the Palestinians") and not the modifier of the next one."""
    after = tree.tags[head + 1] if head + 1 < len(tree) else ""
    return (
        tree.is_noun(head)
        and tree.deps[head] not in {"amod", "compound", "nmod", "npadvmod"}
        and not after.startswith(("NN", "HYPH"))
    )


def _is_place(tree: Tree, head: int, lexicon: Lexicon) -> bool:
    """Whether a city's name is used for the place: after a locative, in a dateline, before a place's noun."""
    dep, governor = tree.deps[head], tree.heads[head]
    if dep in {"conj", "appos"}:
        return _is_place(tree, governor, lexicon)
    if dep in {"dobj", "nsubjpass"}:
        return tree.lemmas[governor] in lexicon.words["visiting"]
    if dep == "pobj":
        above = tree.heads[governor]
        to_place = tree.lemmas[governor] in {"to", "from"} and tree.lemmas[above] in lexicon.words["motion"]
        to_place = to_place or (tree.lemmas[governor] == "for" and tree.lemmas[above] in lexicon.words["departing"])
        of_place = tree.lemmas[governor] == "of" and tree.lemmas[above] in lexicon.words["local"]
        return tree.lemmas[governor] in _LOCATIVE or to_place or of_place
    if dep in {"compound", "poss", "nmod"}:
        event = any(frame.class_ in _HELD for frame in lexicon.frames.get(("Noun", tree.lemmas[governor]), ()))
        local = tree.lemmas[governor] in lexicon.words["local"] or tree.tags[governor].startswith("NNP")
        return local or (event and dep == "compound")
    return dep == "ROOT" or tree.words[head].isupper()


# ── the recogniser's ──────────────────────────────────────────────────────────────────────────────────────────────


def _recognised(
    tree: Tree, entities: Iterable[tuple[int, int, str]], known: tuple[Mention, ...], lexicon: Lexicon
) -> Iterator[Mention]:
    """Recognised names that the gazetteer does not cover, without articles, titles and possessive endings."""
    covered = {token: mention for mention in known for token in range(mention.start, mention.end)}
    taken = 0
    for start, end, label in entities:
        start, end = _trim(tree, start, end, label, lexicon)
        if label not in _LABELS or start >= end or all(token in covered for token in range(start, end)):
            continue
        if not any(_is_name(tree.words[token], label) for token in range(start, end)):
            continue
        left = covered.get(start - 1)
        if start < taken or (left and left.end > start) or _is_portfolio(tree, start, lexicon):
            continue
        while (
            end < len(tree) and label == "PERSON" and tree.tags[end] == "NNP" and tree.heads[end] in range(start, end)
        ):
            end += 1
        if label == "ORG":
            start, end = _hyphenated(tree, start, end, covered)
        taken = end
        head = head_of(tree, start, end)
        if label != "PERSON" and any(f.typed for f in lexicon.frames.get(("Noun", tree.lemmas[head]), ())):
            continue
        if label != "PERSON" and fold(tree.words[end - 1]) in lexicon.words["ranks"]:
            continue
        kind = _LABELS[label]
        text = text_of(tree, start, end)
        yield Mention(start, end, head, NAME, _refined(kind, tree, start, end, lexicon), text)


def _is_name(word: str, label: str) -> bool:
    """Whether a recognised word may be part of a name: it has a capital somewhere (eBay), or is a model's number."""
    return word != word.lower() or (label == "PRODUCT" and word.isdigit())


def _is_portfolio(tree: Tree, start: int, lexicon: Lexicon) -> bool:
    """Whether a name only says what a minister is responsible for: Secretary of State, Minister for Trade."""
    of = start > 1 and tree.lemmas[start - 1] in {"of", "for"}
    title = tuple(tree.lemmas[start : start + 2])  # the Defense Secretary
    held = any(frame.words == title for frame in lexicon.frames.get(("Office", title[-1]), ()))
    return held or (of and tree.lemmas[start - 2] in lexicon.words["portfolios"])


def _hyphenated(tree: Tree, start: int, end: int, covered: Mapping[int, Mention]) -> tuple[int, int]:
    """The bounds of a name whose acronym is joined to another by a hyphen, where neither is known by itself."""

    def joins(hyphen: int, other: int) -> bool:
        inside = 0 < hyphen < len(tree) - 1 and tree.words[hyphen] == "-"
        tight = inside and tree.ends[hyphen - 1] == tree.starts[hyphen] and tree.ends[hyphen] == tree.starts[hyphen + 1]
        return tight and bool(_ACRONYM.match(tree.words[other])) and other not in covered

    if end - start > 1 or start in covered or not _ACRONYM.match(tree.words[start]):
        return start, end
    return start - 2 if joins(start - 1, start - 2) else start, end + 2 if joins(end, end + 1) else end


def _trim(tree: Tree, start: int, end: int, label: str, lexicon: Lexicon) -> tuple[int, int]:
    titles = lexicon.words["titles"]
    if end - start > 1 and _is_where_first(tree, start, lexicon):
        start += 1
    while start < end and (
        tree.tags[start] in {"DT", "PRP$", "POS", "HYPH", ":", ",", "``"} or tree.lemmas[start].rstrip(".") in titles
    ):
        start += 1
    while end > start and (tree.tags[end - 1] in {"POS", ",", "''", ":", "HYPH"} or not tree.words[end - 1].strip()):
        end -= 1
    if label == "PERSON":
        while end - start > 1 and tree.words[start].lower() in lexicon.words["office-words"]:
            start += 1
    return start, end


def _refined(kind: str, tree: Tree, start: int, end: int, lexicon: Lexicon) -> str:
    """A subtype by a word of the name: a Ministry is a Government, a Party a PoliticalParty, a Hotel a Facility."""
    types = lexicon.effects["NameWord"]
    if kind == "Document":  # "TF 7" is no law
        return "Organization" if _ACRONYM.match(tree.words[start]) and tree.words[end - 1].isdigit() else kind
    if kind == "Person":
        ending = fold(tree.words[end - 1]).rstrip(".") if end - start > 1 else ""
        last = types.get(ending, "Organization" if ending in lexicon.words["company-endings"] else None)
        if end - start > 1 and types.get(fold(tree.words[start])) == "Weapon":  # USS Cole
            return "Weapon"
        where = _is_where(tree, start, end, lexicon) or _is_local(tree, start, end, lexicon)
        return last if last in _NO_SURNAME else "City" if where else kind
    if kind == "Organization" and _is_local(tree, start, end, lexicon):
        return "City"
    return _given(tree, start, end, lexicon) or ("Person" if _is_titled(tree, start, end, lexicon) else kind)


#: What ends the first part of a name, whose last word tells what it is.
_OPENS = frozenset({"of", "for", "-", "–", "—"})


def _given(tree: Tree, start: int, end: int, lexicon: Lexicon) -> str | None:
    """The type that a word of a name gives away; the name of a kind of weapon is no body's: "UAV"."""
    types = lexicon.effects["NameWord"]
    if end - start == 1 and fold(tree.words[start]).removesuffix("s") in lexicon.words["weapons"]:
        return "Weapon"
    words = [fold(word) for word in tree.words[start:end]]
    of = next((n for n, word in enumerate(words) if word in _OPENS), len(words))
    # The War Committee is a committee, the Ministry of Defence a ministry.
    ranked = (*reversed(words[:of]), *words[of:])
    return next((types[word] for word in ranked if word in types), None)


def _is_where(tree: Tree, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a name stands where places do, as no person does: near Ayn Isa."""
    prep = tree.heads[head_of(tree, start, end)]
    close = tree.tags[prep] == "IN" and start - prep == 1 and tree.lemmas[prep] in lexicon.words["where"]
    return close or (start > 0 and _is_where_first(tree, start - 1, lexicon))


def _is_local(tree: Tree, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a noun for a place says that the name is one: the island of Socotra, the Al Hasa region."""
    local = lexicon.words["local"]
    of = (
        start > 1
        and tree.lemmas[start - 1] == "of"
        and tree.tags[start - 2] == "NN"
        and tree.lemmas[start - 2] in local
    )
    region = tree.lemmas[end : end + 1] and tree.tags[end] == "NN" and tree.lemmas[end] in _AREAS & local
    return of or bool(region)


#: What stands behind a place's name: "the Chelsea hotel" is called after no place.
_AREAS = frozenset({"region", "province", "area", "district", "oblast", "suburb", "neighborhood", "neighbourhood"})


def _is_where_first(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """Whether a word with a capital stands before a place: it may be taken for a part of its name."""
    return tree.words[at].istitle() and tree.words[at].lower() in lexicon.words["where"]


def _is_titled(tree: Tree, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a noun for one person stands in front of a name: "negotiator X", "its negotiator, X,"."""
    head = head_of(tree, start, end)
    before = tree.heads[head] if tree.deps[head] == "appos" else start - 1
    close = tree.deps[head] == "appos" or (before >= 0 and tree.heads[before] == head)
    single = before >= 0 and tree.tags[before] in {"NN", "NNP"}
    return close and single and lexicon.effects["EntityNoun"].get(tree.lemmas[before]) == "Person"


def things(tree: Tree, heads: Iterable[int], taken: Set[int], lexicon: Lexicon) -> Iterator[Mention]:
    """Mentions of things at the heads of phrases that something is said of, where no other mention is (`taken`)."""
    for at in sorted(set(heads)):
        if not tree.is_noun(at) or at in taken or not tree.words[at][:1].isalpha() or names_nothing(tree, at, lexicon):
            continue
        start, end = phrase(tree, at, width=6)
        if tree.tags[at] in {"NN", "NNS"}:
            first = next((x for x in range(start, at) if tree.tags[x] not in {"DT", "PRP$", "POS", "PDT"}), at)
            yield Mention(start, end, at, NOMINAL, THING, text_of(tree, first, end))
        else:
            while start < at and (tree.tags[start] not in {"NNP", "NNPS"} or _is_where_first(tree, start, lexicon)):
                start += 1
            type_ = "City" if start and _is_where_first(tree, start - 1, lexicon) else THING
            type_ = _given(tree, start, at + 1, lexicon) or type_
            yield Mention(start, at + 1, at, NAME, type_, text_of(tree, start, at + 1))
