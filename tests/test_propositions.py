"""Sentences of our own by construction, each with the propositions that it states: precision and recall of readings.

Below a sentence of `propositions/*.txt` stands a line for each proposition:

    The envoy, who arrived on Monday, was told by both sides to wait.
      arrive(agent: envoy)
      tell(agent: sides, target: envoy)
      ?wait(agent: envoy)

`!` is negated, `?` not actual (planned, possible, desired …), `~` optional: a proposition or an argument that may be
read or not. `|` separates alternatives, of propositions or of words for one argument, `&` what is coordinated. `agent`
is who does or says it, `target` all else that it is done to or is about, `party` either. Words are heads of phrases.
Places are free, and so are clauses as arguments, for their verbs are propositions themselves. A predicate is the lemma
of a trigger, typed or open; what a trigger of several words has in it ("recall … ambassador") it need not have as an
argument.

`python -m tests.test_propositions [CONSTRUCTION …]` prints the table and what is wrong or missing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from spacy.tokens import Doc

from kg import lexicon
from kg.extract import Pipeline, pipeline
from kg.extract.tree import Tree
from kg.read import Article
from kg.record import ACTUAL, NEGATED, Event, Record, Role

FOLDER = Path(__file__).parent / "propositions"
LINE = re.compile(r"(~?)([!?]*)([\w-]+)\(([^)]*)\)")
EITHER = frozenset({"party", "person", "killed", "injured"})
SIDES = {
    "agent": EITHER | {"agent", "speaker", "mediator", "host"},
    "target": EITHER | {"target", "topic", "addressee", "instrument", "place"},
    "party": EITHER | {"agent", "target", "topic", "mediator", "host", "speaker", "addressee"},
}
FREE = frozenset({"place"})
TOLD = frozenset({"Statement", "Warning"})
CUT = re.compile(r" (?:of|from|for|to|on|in) ")


@dataclass(frozen=True, slots=True)
class Argument:
    """What one head word (or one of some) must fill, on the side of the agent, of the target or on either."""

    side: str
    words: frozenset[str]
    optional: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """A proposition that a sentence states."""

    predicate: str
    negated: bool
    unreal: bool
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Alternatives, of which one is to be read; `optional` if none need be."""

    alternatives: tuple[Expected, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    construction: str
    text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A proposition as read: lemmas and forms of its triggers; each argument's role, words and whether it is free.

    What a class says of not doing something ("did not approve" is a Rejection) counts as the denial that it is.
    """

    class_: str
    negated: bool
    unreal: bool
    triggers: tuple[frozenset[str], ...]
    arguments: tuple[tuple[str, frozenset[str], bool], ...]


@dataclass(slots=True)
class Tally:
    """Counts of one construction, and what is wrong or missing in words."""

    sentences: int = 0
    predicted: int = 0
    right: int = 0
    whole: int = 0
    expected: int = 0
    found: int = 0
    full: int = 0
    arguments: int = 0
    good: int = 0
    wanted: int = 0
    filled: int = 0
    qualified: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name in ("sentences", "predicted", "right", "whole", "expected", "found", "full", "arguments", "good",
                     "wanted", "filled", "qualified"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults


# ── the data ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _argument(text: str) -> Iterator[Argument]:
    side, _, fillers = text.strip().partition(": ")
    for filler in fillers.split(" & "):
        yield Argument(side.lstrip("~"), frozenset(filler.lower().split("|")), side.startswith("~"))


def _line(text: str) -> Line:
    found = LINE.findall(text)
    assert sum(len("".join(one)) + 2 for one in found) + len(found) - 1 == len(text), text
    alternatives = tuple(
        Expected(predicate, "!" in signs, "?" in signs,
                 tuple(a for part in arguments.split(", ") if part for a in _argument(part)))
        for _, signs, predicate, arguments in found
    )  # fmt: skip
    assert all(a.side in SIDES for one in alternatives for a in one.arguments), text
    return Line(alternatives, any(tilde for tilde, *_ in found))


def sentences(file: Path) -> Iterator[Sentence]:
    rows = [row for row in file.read_text(encoding="utf-8").splitlines() if row and not row.startswith("#")]
    starts = [n for n, row in enumerate(rows) if not row.startswith(" ")]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield Sentence(file.stem, rows[start], tuple(_line(row.strip()) for row in rows[start + 1 : end]))


SENTENCES = tuple(one for file in sorted(FOLDER.glob("*.txt")) for one in sentences(file))


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────


def _words(phrase: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w.,&-]*\w\.?", CUT.split(phrase.lower().replace("’", "'").replace("'s", ""))[0]))


def _names(record: Record, role: Role) -> frozenset[str]:
    if role.entity is None:
        return _words(role.value or "")
    entity = next(e for e in record.entities if e.id == role.entity)
    spans = [record.text[m.start : m.end] for m in entity.mentions]
    return frozenset(word for form in (entity.name, *spans) for word in _words(form))


def _trigger(tree: Tree, words: Mapping[int, tuple[int, ...]], start: int, end: int) -> frozenset[str]:
    """Lemmas and forms of a trigger's words, also where they stand apart: "paid … a visit"."""
    at = [n for n in range(len(tree)) if tree.starts[n] >= start and tree.ends[n] <= end]
    return frozenset(
        form for n in at for word in words.get(n, (n,)) for form in (tree.lemmas[word], tree.words[word].lower())
    )


def read(record: Record, doc: Doc) -> list[Found]:
    """Propositions of a record with their words."""
    tree: Tree = doc._.kg_tree
    words = {p.at: p.words for p in doc._.kg_propositions}
    verbs = {tree.words[n] for n in range(len(tree)) if tree.is_verb(n)}
    triggers = {record.text[e.trigger.start : e.trigger.end] for e in record.events} & verbs

    def clause(role: Role) -> bool:
        return role.role != "agent" and role.entity is None and bool(triggers & set((role.value or "").split()))

    def free(event: Event, role: Role) -> bool:
        """A clause as argument, or what the clause is about that somebody says."""
        return clause(role) or (role.role == "topic" and event.class_ in TOLD)

    return [
        Found(
            event.class_,
            (event.polarity == NEGATED) != _denial(event, record, tree),
            event.modality != ACTUAL,
            tuple(_trigger(tree, words, span.start, span.end) for span in (event.trigger, *event.mentions)),
            tuple((role.role, _names(record, role), free(event, role)) for role in event.roles),
        )
        for event in record.events
    ]


def _denial(event: Event, record: Record, tree: Tree) -> bool:
    at = next(n for n in range(len(tree)) if tree.starts[n] == event.trigger.start)
    frames = lexicon.load().frames.get(("Verb", tree.lemmas[at]), ())
    return any(frame.when_negated == event.class_ != frame.class_ for frame in frames)


def stated(record: Record) -> list[Found]:
    """Relations of a record, which only answer what is expected: many follow from events and offices."""
    forms = {e.id: (e.name, *(record.text[m.start : m.end] for m in e.mentions)) for e in record.entities}
    words = {id_: frozenset(word for form in found for word in _words(form)) for id_, found in forms.items()}
    return [
        Found(r.predicate, r.polarity == NEGATED, r.modality != ACTUAL, (frozenset({r.predicate.lower()}),),
              (("agent", words[r.subject], False), ("target", words[r.object], False)))
        for r in record.relations
        if r.subject in words and r.object in words
    ]  # fmt: skip


# ── the comparison ────────────────────────────────────────────────────────────────────────────────────────────────


def _fits(one: Expected, argument: Argument, role: str, words: frozenset[str]) -> bool:
    """Whether a filler is an argument; what something happens to by itself ("prices rose") is on either side."""
    alone = all(a.side == argument.side for a in one.arguments)
    return role in SIDES["party" if alone else argument.side] and bool(argument.words & words)


def _right(one: Expected, found: Found) -> int:
    """How many arguments of a reading the expectation has, less those that it has not."""
    fit = [any(_fits(one, a, role, words) for a in one.arguments) for role, words, _ in found.arguments]
    return 2 * sum(fit) - len(fit)


def _pairs(sentence: Sentence, found: list[Found]) -> dict[int, list[tuple[int, Expected]]]:
    """For each reading, its lines: (line's number, the alternative that is meant). The best fit is served first."""
    ranked = sorted(
        (not (one.negated == it.negated and one.unreal == it.unreal), -_right(one, it), line.optional, n, t, m, a)
        for n, it in enumerate(found)
        for t, trigger in enumerate(it.triggers)
        for m, line in enumerate(sentence.lines)
        for a, one in enumerate(line.alternatives)
        if one.predicate.lower() in trigger
    )
    pairs: dict[int, list[tuple[int, Expected]]] = {}
    served: set[tuple[int, int]] = set()
    used: set[int] = set()
    for *_, n, t, m, a in ranked:
        if (n, t) not in served and m not in used:
            served.add((n, t))
            used.add(m)
            pairs.setdefault(n, []).append((m, sentence.lines[m].alternatives[a]))
    return pairs


def judge(sentence: Sentence, events: list[Found], relations: list[Found]) -> Tally:
    """Counts of one sentence; relations that nobody expects are passed over."""
    found = [*events, *relations]
    tally, pairs = Tally(sentences=1), _pairs(sentence, found)
    for n, it in enumerate(found):
        if n >= len(events) and n not in pairs:
            continue
        _judge_reading(tally, sentence, it, pairs.get(n, []))
    met = {m: (it, one) for n, lines in pairs.items() for m, one in lines for it in (found[n],)}
    for m, line in enumerate(sentence.lines):
        if not line.optional:
            _judge_line(tally, line, met.get(m))
    if tally.faults:
        tally.faults.insert(0, f"{sentence.construction}: {sentence.text}")
    return tally


def _judge_reading(tally: Tally, sentence: Sentence, it: Found, lines: list[tuple[int, Expected]]) -> None:
    wrong = [
        f"{role}: {' '.join(sorted(words))}"
        for role, words, clause in it.arguments
        if not clause
        and role not in FREE
        and not any(_fits(one, a, role, words) for _, one in lines for a in one.arguments)
    ]
    kept = [role for role, _, clause in it.arguments if not clause and role not in FREE]
    optional = bool(lines) and all(sentence.lines[m].optional for m, _ in lines)
    qualified = any(
        (optional or one.negated == it.negated) and (optional or one.unreal == it.unreal) for _, one in lines
    )
    name = f"{it.class_} «{'/'.join(max(t, key=len, default='') for t in it.triggers)}»"
    if optional and not wrong:
        return
    tally.predicted += 1
    tally.right += bool(lines)
    tally.arguments += len(kept)
    tally.good += len(kept) - len(wrong)
    tally.whole += bool(lines) and qualified and not wrong
    tally.qualified += qualified
    if not lines:
        tally.faults.append(f"  extra {name} {[(r, ' '.join(sorted(w))) for r, w, _ in it.arguments]}")
    elif not qualified:
        tally.faults.append(f"  {'negated' if it.negated else 'affirmed'}, {'un' * it.unreal}real: {name}")
    tally.faults += [f"  wrong {name}: {one}" for one in wrong if lines]


def _judge_line(tally: Tally, line: Line, met: tuple[Found, Expected] | None) -> None:
    it, one = met or (None, line.alternatives[0])
    wanted = [a for a in one.arguments if not a.optional]
    said = frozenset[str]().union(*it.triggers) if it else frozenset[str]()
    unmet = [
        a
        for a in wanted
        if not it or not (a.words & said or any(_fits(one, a, role, words) for role, words, _ in it.arguments))
    ]
    tally.expected += 1
    tally.wanted += len(wanted)
    tally.filled += len(wanted) - len(unmet)
    tally.found += bool(it)
    tally.full += bool(it) and not unmet and it is not None and (it.negated, it.unreal) == (one.negated, one.unreal)
    if not it:
        tally.faults.append(f"  missed {one.predicate}")
    tally.faults += [f"  lacks {one.predicate}: {a.side} {'|'.join(sorted(a.words))}" for a in unmet if it]


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:5.3f}" if whole else "    –"


def table(tallies: dict[str, Tally]) -> str:
    """Precision and recall of predicates, of arguments, and of propositions with all that is said of them."""
    head = (
        f"{'construction':14}{'sent.':>6}{'pred P':>8}{'pred R':>8}{'arg P':>8}{'arg R':>8}{'whole P':>8}{'whole R':>8}"
    )
    rows = [
        f"{name:14}{t.sentences:6}   {_ratio(t.right, t.predicted)}   {_ratio(t.found, t.expected)}"
        f"   {_ratio(t.good, t.arguments)}   {_ratio(t.filled, t.wanted)}"
        f"   {_ratio(t.whole, t.predicted)}   {_ratio(t.full, t.expected)}"
        for name, t in tallies.items()
    ]
    return "\n".join([head, *rows])


Reading = tuple[Sentence, Record, Doc]


def readings(reader: Pipeline, chosen: Iterable[Sentence]) -> Iterator[Reading]:
    chosen = list(chosen)
    articles = [Article(text=one.text, source=one.construction) for one in chosen]
    yield from zip(chosen, reader(articles), reader.docs(articles), strict=True)


def tallies(read_: Iterable[Reading]) -> dict[str, Tally]:
    """Counts by construction, and of all."""
    found: dict[str, Tally] = {}
    for sentence, record, doc in read_:
        one = judge(sentence, read(record, doc), stated(record))
        for name in (sentence.construction, "all"):
            found.setdefault(name, Tally()).add(one)
    return {**{name: one for name, one in found.items() if name != "all"}, "all": found["all"]}


# ── the tests ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def corpus(reader: Pipeline) -> tuple[Reading, ...]:
    return tuple(readings(reader, SENTENCES))


def test_there_are_at_least_200_sentences_of_varied_syntax() -> None:
    assert len({one.text for one in SENTENCES}) >= 200
    assert len({one.construction for one in SENTENCES}) >= 12


def test_propositions_are_read_precisely(corpus: tuple[Reading, ...]) -> None:
    found = tallies(corpus)
    print("\n" + table(found))
    whole = found["all"]
    assert whole.whole / whole.predicted >= 0.91
    assert whole.good / whole.arguments >= 0.95
    assert whole.full / whole.expected >= 0.85


def test_triggers_evidence_and_arguments_are_verbatim(corpus: tuple[Reading, ...]) -> None:
    for sentence, record, _ in corpus:
        assert record.text == sentence.text
        for event in record.events:
            for span in (event.trigger, *event.mentions):
                assert event.evidence.start <= span.start < span.end <= event.evidence.end
            assert record.text[event.evidence.start : event.evidence.end].strip()
            for role in event.roles:
                assert _verbatim(record, role), (sentence.text, role)


def _verbatim(record: Record, role: Role) -> bool:
    """Whether a filler is in the text: as its entity's mentions, or as its own words (blanks aside)."""
    if role.entity is not None:
        entity = next(e for e in record.entities if e.id == role.entity)
        return bool(entity.mentions) and all(record.text[m.start : m.end].strip() for m in entity.mentions)
    return re.sub(r"\s", "", role.value or "") in re.sub(r"\s", "", record.text)


def test_nothing_is_stated_twice(corpus: tuple[Reading, ...]) -> None:
    for sentence, record, _ in corpus:
        triggers = [span for event in record.events for span in (event.trigger, *event.mentions)]
        assert len(triggers) == len(set(triggers)), sentence.text


if __name__ == "__main__":
    chosen = [one for one in SENTENCES if not sys.argv[1:] or one.construction in sys.argv[1:]]
    counted = tallies(readings(pipeline(), chosen))
    print("\n".join(counted["all"].faults))
    print(table(counted))
