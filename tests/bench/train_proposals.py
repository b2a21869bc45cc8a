"""Trains the weights of `kg.extract.proposals`, and says how good they are on sentences held out: `make weights`.

Read are the tuning split of the PLOVER sentences, this project's own (`proposals.tsv`), the lexicon's examples, and the
articles of this repository, with the lexicon as it is, and blind, without its events, so that every word is open; what
the lexicon knows then teaches what it does not. What it knows teaches also where the codebook codes an event otherwise
than its class: who signs a deal supports, who agrees on one agrees. There a sure model may overrule.

In the cross-validation a fold holds sentences, whose propositions are proposed a code by a model that has not seen
them. It is done twice: with the whole lexicon, and with a fifth of its words hidden from lexicon and model alike, for
what awaits in texts nobody has tuned to. The weights hold lemmas and numbers, no sentence.

  python -m tests.bench.train_proposals             cross-validate, then write the weights
  python -m tests.bench.train_proposals --dry       cross-validate only
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kg import lexicon as lexicon_module
from kg import ontology
from kg.extract import Pipeline, pipeline, proposals, record
from kg.extract.events import Happening
from kg.extract.proposals import NONE, SLOTS, Sight
from kg.lexicon import Frame, Lexicon
from kg.read import Article
from kg.record import OPEN
from tests.bench.shared import ROOT, folder, scorer
from tests.test_lexicon import EXAMPLE, examples

Numbers = NDArray[np.float32]

FOLDS = 5
#: What the squares of the weights cost; how much signs and vectors count beside each other.
PENALTY, SIGN, VECTOR = 0.5, 0.5, 2.0
#: Weight of a proposition that is about nothing coded, of one that only the lexicon knows, of the lexicon's examples.
UNCODED, KNOWN, SHOWN = 0.15, 0.5, 0.5
#: Weight of what the lexicon knows, in learning where its code is another than its class's.
TYPED = 1.0
#: Weight of this project's own sentences beside the rows: they are as many, and rarer verbs than usual.
OWNED = 0.3
#: Weight of a row's proposition by how many of its two actors it has; the scorer counts the source twice.
JOINED = (0.3, 0.6, 1.0, 1.0)
#: Signs met less often are not learnt; weights smaller than this are not written; digits written.
RARE, SMALL, DIGITS = 2, 0.03, 2
#: Sentences of this project's own: a code, a tab, a sentence with [s who acts] and [t towards whom].
OWN = ROOT / "tests" / "bench" / "proposals.tsv"
_MARK = re.compile(r"\[([st]) ([^]]*)\]")
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
OVERRULES = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9)
#: Codes of the rows that stand for two of the ontology's.
MERGED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


# ─────────────────────────────────────────────────────────────────────────────────────────────────── what is read


@dataclass(frozen=True, slots=True)
class Seen:
    """An event of a text as the record has it, where its trigger is, and what the model sees of it."""

    event: dict[str, Any]
    at: int
    lemma: str
    sight: Sight
    happening: Happening

    @property
    def open(self) -> bool:
        return bool(self.event["class"] == OPEN)

    @property
    def code(self) -> str | None:
        return merged(self.event["plover"])


def merged(code: str | None) -> str | None:
    """The code as the rows have it."""
    return code and MERGED.get(code, code)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's record and its events; `eligible` are the numbers of those that a code may be proposed to."""

    record: dict[str, Any]
    events: tuple[Seen, ...]
    eligible: frozenset[int]


def read(reader: Pipeline, lexicon: Lexicon, texts: Iterable[str]) -> list[Reading]:
    """What is read of texts with a lexicon, nothing proposed."""
    for stage in reader._stages:
        if hasattr(stage, "lexicon"):
            stage.lexicon = lexicon
        if hasattr(stage, "weights"):
            stage.weights = None
    articles = [Article(text=text, source=f"{number}") for number, text in enumerate(texts)]
    return [_reading(doc) for doc in reader.docs(articles)]


def _reading(doc: Any) -> Reading:
    scene, events = doc._.kg_scene, doc._.kg_events
    built = record.build(
        doc._.kg_article, scene, events, doc._.kg_propositions, doc._.kg_holdings, doc._.kg_times
    ).to_json()
    row = json.loads(built)
    seen = tuple(
        Seen(event, h.proposition.at, scene.tree.lemmas[h.proposition.at], proposals.sight(scene, h), h)
        for event, h in zip(row["events"], events, strict=True)
    )
    eligible = {id(event) for event in proposals.eligible(scene, events)}
    return Reading(row, seen, frozenset(n for n, one in enumerate(seen) if id(one.happening) in eligible))


def without(lexicon: Lexicon, hidden: Callable[[Frame], bool]) -> Lexicon:
    """A lexicon that lacks the entries of events that are to be hidden."""
    return replace(
        lexicon,
        frames={
            key: tuple(f for f in frames if f.kind == OPEN or not f.typed or not hidden(f))
            for key, frames in lexicon.frames.items()
        },
    )


def fold_of(word: str) -> int:
    return crc32(word.encode()) % FOLDS


def head_of(frame: Frame) -> str:
    """The word at which a frame is evoked."""
    return frame.words[-1] if frame.kind == "Noun" else frame.words[0]


# ──────────────────────────────────────────────────────────────────────────────────────────────── what is learnt from


@dataclass(frozen=True, slots=True)
class Lesson:
    """A proposition with a code; of the lessons of one `choice` one is right, nobody knows which. Sentence -1: none."""

    sentence: int
    lemma: str
    sight: Sight
    code: str
    weight: float
    choice: int = -1


@dataclass(frozen=True, slots=True)
class Corpus:
    """The rows by sentence, and the readings: the lexicon's, blind, and with a fold of words hidden."""

    rows: tuple[tuple[dict[str, str], ...], ...]
    full: list[Reading]
    blind: list[Reading]
    hidden: list[Reading]
    shown: list[tuple[Reading, Reading]]
    own: list[tuple[tuple[dict[str, str], ...], Reading, Reading]]

    @property
    def sentences(self) -> list[str]:
        return [rows[0]["sentence"] for rows in self.rows]


def corpus(reader: Pipeline, data: Path) -> Corpus:
    """All readings: of the rows with the lexicon's words hidden whose fold is the sentence's."""
    by_sentence: dict[str, list[dict[str, str]]] = defaultdict(list)
    for _, row in scorer("plover").rows(str(data), "train"):
        by_sentence[row["sentence"]].append(row)
    texts, known = list(by_sentence), lexicon_module.load()
    blind = without(known, lambda frame: True)
    partly = [read(reader, without(known, lambda f, n=n: fold_of(head_of(f)) == n), texts) for n in range(FOLDS)]  # type: ignore[misc]
    shown = [e.text for e in examples(EXAMPLE)] + [path.read_text(encoding="utf-8") for path in _articles()]
    own = tuple(_own_rows())
    written = [rows[0]["sentence"] for rows in own]
    return Corpus(
        rows=tuple(map(tuple, by_sentence.values())),
        full=read(reader, known, texts),
        blind=read(reader, blind, texts),
        hidden=[partly[fold_of(text)][number] for number, text in enumerate(texts)],
        shown=list(zip(read(reader, known, shown), read(reader, blind, shown), strict=True)),
        own=list(zip(own, read(reader, known, written), read(reader, blind, written), strict=True)),
    )


def _own_rows() -> Iterator[tuple[dict[str, str], ...]]:
    """The sentences of `proposals.tsv` as rows."""
    for line in OWN.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, text = line.split("\t")
            marked = _MARK.sub(lambda found: f"<{found[1]}>{found[2]}</{found[1]}>", text)
            yield (
                {"sentence": _MARK.sub(r"\2", text), "marked_sentence": marked, "gold_root": MERGED.get(code, code)},
            )


def _articles() -> list[Path]:
    return [ROOT / "tests" / "bench" / "article.txt", *sorted((ROOT / "seeds").glob("*.txt"))]


def joined(reading: Reading, seen: Seen, row: dict[str, str]) -> int:
    """How many of the marked actors an event has, as the scorer counts: 2 for the source, 1 for the target."""
    plover = scorer("plover")
    source, target = plover.marked(row, "s"), plover.marked(row, "t")
    first = plover.touches(reading.record, seen.event, plover.AGENTS, source)
    return 2 * int(first) + int(plover.touches(reading.record, seen.event, plover.TARGETS, target))


def lessons(found: Corpus) -> list[Lesson]:
    """All lessons, in the order of the texts."""
    taught: list[Lesson] = []
    for number, rows in enumerate(found.rows):
        for reading in (found.blind[number], found.full[number]):
            taught += _of_rows(number, rows, found.full[number], reading, len(taught))
        taught += _of_typed(number, rows, found.full[number])
    for rows, full, blind in found.own:
        for reading in (blind, full):
            taught += map(_owned, _of_rows(-1, rows, full, reading, len(taught)))
        taught += map(_owned, _of_typed(-1, rows, full))
    for full, blind in found.shown:
        codes = _codes(full)
        taught += (
            Lesson(-1, one.lemma, one.sight, codes.get(one.at) or NONE, SHOWN if one.at in codes else UNCODED)
            for one in blind.events
            if one.open
        )
        taught += (Lesson(-1, one.lemma, one.sight, one.code, TYPED * SHOWN) for one in full.events if one.code)
    return taught


def _owned(lesson: Lesson) -> Lesson:
    return replace(lesson, weight=lesson.weight * OWNED)


def _codes(full: Reading) -> dict[int, str | None]:
    """What the lexicon says of each word that it knows; a class may have no code."""
    return {one.at: one.code for one in full.events if not one.open}


def _of_rows(
    number: int, rows: Sequence[dict[str, str]], full: Reading, reading: Reading, choice: int
) -> Iterator[Lesson]:
    """Lessons of a sentence: what joins a row's pair bears its code, the rest what the lexicon says."""
    open_ = [one for one in reading.events if one.open]
    used: set[int] = set()
    for step, row in enumerate(rows):
        places = _right(full, row)
        exact = [one for one in open_ if one.at in places]
        if places and not exact:
            continue
        best = max((joined(reading, one, row) for one in open_), default=0)
        chosen = exact[:1] or [one for one in open_ if joined(reading, one, row) == best]
        weight = (1.0 if exact else JOINED[best]) / len(rows) ** 0.5 / max(len(chosen), 1)
        used |= {one.at for one in chosen}
        yield from (
            Lesson(number, one.lemma, one.sight, row["gold_root"], weight, choice + step if len(chosen) > 1 else -1)
            for one in chosen
        )
    codes = _codes(full)
    for one in open_:
        if one.at not in used:
            code = codes.get(one.at)
            yield Lesson(number, one.lemma, one.sight, code or NONE, KNOWN if code else UNCODED)


def _of_typed(number: int, rows: Sequence[dict[str, str]], full: Reading) -> Iterator[Lesson]:
    """Lessons of events that the lexicon knows: what stands for a row's pair bears its code, the rest their class's."""
    told: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        event, _ = scorer("plover").choose(full.record, row)
        if event:
            told[event["id"]].append(row)
    for one in full.events:
        if one.code:
            meant = told[one.event["id"]]
            for row in meant:
                weight = TYPED * JOINED[joined(full, one, row)] / len(meant)
                yield Lesson(number, one.lemma, one.sight, row["gold_root"], weight)
            if not meant:
                yield Lesson(number, one.lemma, one.sight, one.code, TYPED * KNOWN)


def _right(full: Reading, row: dict[str, str]) -> list[int]:
    """Where the lexicon reads what the row is coded with, the one that joins most of the pair."""
    found = [(-joined(full, one, row), one.at) for one in full.events if one.code == row["gold_root"]]
    return [min(found)[1]] if found else []


# ────────────────────────────────────────────────────────────────────────────────────────────────────── the model


@dataclass(frozen=True, slots=True)
class Rows:
    """Sights as rows of numbers, few of whose signs are not zero: a one and the vectors of the slots, then the signs.

    Sign `column[n]` holds in row `row[n]`, by row; `order` sorts them by column.
    """

    dense: Numbers
    width: int
    row: NDArray[np.intp]
    column: NDArray[np.intp]
    order: NDArray[np.intp]

    def times(self, table: Numbers) -> Numbers:
        """The rows by a table with a row for each of their columns."""
        first = self.dense.shape[1]
        held, starts = np.unique(self.row, return_index=True)
        total = self.dense @ table[:first]
        if len(held):
            total[held] += SIGN * np.add.reduceat(table[first:][self.column], starts, axis=0)
        return np.asarray(total, np.float32)

    def turned(self, slopes: Numbers) -> Numbers:
        """The rows, turned, by a table with a row for each of them."""
        first = self.dense.shape[1]
        total = np.zeros((first + self.width, slopes.shape[1]), np.float32)
        total[:first] = self.dense.T @ slopes
        held, starts = np.unique(self.column[self.order], return_index=True)
        if len(held):
            total[first + held] = SIGN * np.add.reduceat(slopes[self.row[self.order]], starts, axis=0)
        return total


@dataclass(frozen=True, slots=True)
class Space:
    """What sights are as numbers."""

    signs: Mapping[str, int]
    codes: tuple[str, ...]
    vectors: proposals.Vectors
    width: int

    def rows(self, sights: Sequence[Sight]) -> Rows:
        """The numbers of some sights."""
        held = [sorted(self.signs[sign] for sign in one.signs if sign in self.signs) for one in sights]
        column = np.array([sign for some in held for sign in some], np.intp)
        row = np.repeat(np.arange(len(held)), [len(some) for some in held]).astype(np.intp)
        dense = np.ones((len(sights), 1 + self.width * len(SLOTS)), np.float32)
        dense[:, 1:] = proposals.slot_vectors(sights, self.vectors, self.width) * VECTOR
        return Rows(dense, len(self.signs), row, column, np.argsort(column, kind="stable"))


def space(taught: Sequence[Lesson], vectors: proposals.Vectors, width: int) -> Space:
    """The space of the lessons' signs and codes."""
    counts = Counter(sign for lesson in taught for sign in lesson.sight.signs)
    signs = sorted(sign for sign, count in counts.items() if count >= RARE)
    codes = (*sorted({lesson.code for lesson in taught} - {NONE}), NONE)
    return Space({sign: n for n, sign in enumerate(signs)}, codes, vectors, width)


def train(where: Space, taught: Sequence[Lesson]) -> Numbers:
    """Weights by column and code; first as if all of a choice were right, then each as likely as it then seems."""
    rows = where.rows([lesson.sight for lesson in taught])
    wanted = np.array([where.codes.index(lesson.code) for lesson in taught])
    first = np.array([lesson.weight for lesson in taught], np.float32)
    found = _fit(rows, wanted, first, len(where.codes), None)
    likely = softmax(rows.times(found))[np.arange(len(taught)), wanted]
    return _fit(rows, wanted, _shared(taught, first, likely), len(where.codes), found)


def _shared(taught: Sequence[Lesson], weights: Numbers, likely: Numbers) -> Numbers:
    """The weight of a choice, given out by how likely each of its lessons is."""
    members: dict[int, list[int]] = defaultdict(list)
    for n, lesson in enumerate(taught):
        if lesson.choice >= 0:
            members[lesson.choice].append(n)
    shared = weights.copy()
    for some in members.values():
        shared[some] = weights[some].sum() * likely[some] / likely[some].sum()
    return shared


def softmax(scores: Numbers) -> Numbers:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def _fit(rows: Rows, wanted: NDArray[Any], weights: Numbers, codes: int, start: Numbers | None) -> Numbers:
    """Multinomial logistic regression by L-BFGS."""
    shape = (rows.dense.shape[1] + rows.width, codes)
    truth = np.eye(codes, dtype=np.float32)[wanted]
    share = weights[:, None]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(shape).astype(np.float32)
        likely = softmax(rows.times(table))
        costly = table.copy()
        costly[0] = 0
        missed = float(-(weights * np.log(likely[np.arange(len(wanted)), wanted] + 1e-9)).sum())
        slope = rows.turned((likely - truth) * share) + PENALTY * costly
        return missed + PENALTY / 2 * float((costly**2).sum()), slope.ravel().astype(np.float64)

    begin = np.zeros(shape[0] * codes) if start is None else start.ravel().astype(np.float64)
    return lowest(loss, begin).reshape(shape).astype(np.float32)


Loss = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]


def lowest(loss: Loss, at: NDArray[np.float64], steps: int = 100, memory: int = 10) -> NDArray[np.float64]:
    """Where a smooth function is lowest: L-BFGS with backtracking."""
    value, slope = loss(at)
    past: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for _ in range(steps):
        down = _direction(slope, past)
        step, fall = 1.0, float(slope @ down)
        new, new_slope = loss(at - step * down)
        while new > value - 1e-4 * step * fall and step > 1e-6:
            step /= 2
            new, new_slope = loss(at - step * down)
        past = [*past, (-step * down, new_slope - slope)][-memory:]
        done = abs(value - new) < 1e-5 * abs(value)
        at, value, slope = at - step * down, new, new_slope
        if done:
            break
    return at


def _direction(
    slope: NDArray[np.float64], past: list[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> NDArray[np.float64]:
    """The slope times an estimate of the inverse curvature."""
    down, shares = slope.copy(), []
    for moved, turned in reversed(past):
        share = float(moved @ down) / float(moved @ turned)
        shares.append(share)
        down -= share * turned
    if past:
        moved, turned = past[-1]
        down *= float(moved @ turned) / float(turned @ turned)
    else:
        down /= max(1.0, float(np.linalg.norm(slope)))
    for (moved, turned), share in zip(past, reversed(shares), strict=True):
        down += moved * (share - float(turned @ down) / float(moved @ turned))
    return down


# ───────────────────────────────────────────────────────────────────────────────────────────── the cross-validation

#: For each sentence its reading, and (code, how likely it is) of each event that may bear one.
Held = list[tuple[Reading, dict[int, tuple[str, float]]]]


def held_out(where: Space, taught: Sequence[Lesson], found: Corpus, hidden: bool) -> Held:
    """What models that have not seen a sentence (nor, if words are hidden, those words) propose in it."""
    proposed: Held = [(reading, {}) for reading in (found.hidden if hidden else found.full)]
    folds = [fold_of(sentence) for sentence in found.sentences]
    for fold in range(FOLDS):
        seen = [
            lesson
            for lesson in taught
            if (lesson.sentence < 0 or folds[lesson.sentence] != fold)
            and not (hidden and fold_of(lesson.lemma) == fold)
        ]
        table = train(where, seen)
        for number in (n for n, other in enumerate(folds) if other == fold):
            _held(where, table, *proposed[number])
    return proposed


def _held(where: Space, table: Numbers, reading: Reading, told: dict[int, tuple[str, float]]) -> None:
    """Writes what a table of weights makes of a sentence's events; one that is known bears some code."""
    numbers = [n for n, one in enumerate(reading.events) if n in reading.eligible or one.code]
    if numbers:
        scores = where.rows([reading.events[n].sight for n in numbers]).times(table)
        for n, score in zip(numbers, scores, strict=True):
            row = softmax(score[None, : None if reading.events[n].open else -1])[0]
            told[n] = (where.codes[int(row.argmax())], float(row.max()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the scorer makes of it; `used` are proposals that it chose: (how likely, whether right)."""

    root: float
    penta: float
    coverage: float
    made: int
    used: tuple[tuple[float, bool], ...]
    wrong: Counter[tuple[str, str | None]]


def score(found: Corpus, proposed: Held, threshold: float, surely: float = 2.0) -> Outcome:
    """The scorer's figures with proposals from a threshold on, and known events' codes overruled from another on."""
    plover, common = scorer("plover"), scorer("common")
    penta = {row["gold_root"]: row["gold_penta"] for rows in found.rows for row in rows}
    root, five, used, made = [], [], [], 0
    for rows, (reading, codes) in zip(found.rows, proposed, strict=True):
        told = {n: one for n, one in codes.items() if _tells(reading.events[n], one, threshold, surely)}
        made += len(told)
        events = [
            {**one.event, "plover": told[n][0], "likely": told[n][1]} if n in told else one.event
            for n, one in enumerate(reading.events)
        ]
        for row in rows:
            event, _ = plover.choose({**reading.record, "events": events}, row)
            code = (event.get("plover") or plover.PARENT.get(event["class"])) if event else None
            root.append((row["gold_root"], merged(code)))
            five.append((row["gold_penta"], penta.get(merged(code) or "")))
            if event and "likely" in event:
                used.append((event["likely"], merged(code) == row["gold_root"]))
    wrong = Counter(pair for pair in root if pair[0] != pair[1])
    covered = sum(code is not None for _, code in root) / len(root)
    return Outcome(common.macro_f1(root), common.macro_f1(five), covered, made, tuple(used), wrong)


def _tells(seen: Seen, told: tuple[str, float], threshold: float, surely: float) -> bool:
    """Whether a proposal is made, or an event's own code overruled."""
    code, likely = told
    return likely >= threshold and code != NONE if seen.open else likely >= surely and code != seen.code


def calibrated(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Scale and shift of the log odds with which confidence tells how often one is right (Platt)."""
    told = np.clip([one for one, _ in pairs], 1e-6, 1 - 1e-6)
    odds, right = np.log(told / (1 - told)), np.array([float(one) for _, one in pairs])

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        likely = 1 / (1 + np.exp(-(at[0] * odds + at[1])))
        missed = -(right * np.log(likely + 1e-9) + (1 - right) * np.log(1 - likely + 1e-9)).sum()
        slope = np.array([((likely - right) * odds).sum() + at[0] - 1, (likely - right).sum() + at[1]])
        return float(missed + ((at[0] - 1) ** 2 + at[1] ** 2) / 2), slope

    scale, shift = lowest(loss, np.array([1.0, 0.0]))
    return round(float(scale), 3), round(float(shift), 3)


def confidence(likely: float, scale: float, shift: float) -> float:
    odds = scale * np.log(likely / (1 - likely)) + shift
    return float(1 / (1 + np.exp(-odds)))


# ─────────────────────────────────────────────────────────────────────────────────────────────────────────── writing


def weights(where: Space, table: Numbers) -> dict[str, Any]:
    """The weights as JSON holds them: what counts for little is left out."""
    first = 1 + where.width * len(SLOTS)
    signs = {sign: table[first + n] * SIGN for sign, n in where.signs.items()}
    return {
        "bias": _rounded(table[0]),
        "codes": list(where.codes),
        "dense": [_rounded(row) for row in table[1:first] * VECTOR],
        "signs": {sign: _rounded(row) for sign, row in signs.items() if np.abs(row).max() >= SMALL},
    }


def _rounded(row: Numbers) -> list[float]:
    return [round(float(one), DIGITS) + 0.0 for one in row]


def written(row: Mapping[str, Any]) -> str:
    """JSON, a sign or a number of a vector a line, so that a change shows where it is."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_block(row[key])}" for key in sorted(row)) + "\n}\n"


def _block(value: Any) -> str:
    if isinstance(value, dict):
        lines = (f"{json.dumps(key, ensure_ascii=False)}: {_line(value[key])}" for key in sorted(value))
        return "{\n" + ",\n".join(lines) + "\n}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(map(_line, value)) + "\n]"
    return _line(value)


def _line(value: Any) -> str:
    return json.dumps(
        [0 if one == 0 else one for one in value] if isinstance(value, list) else value, separators=(",", ":")
    )


# ──────────────────────────────────────────────────────────────────────────────────────────────────────────── report


def _table(name: str, found: Corpus, proposed: Held) -> None:
    print(f"\n{name}: root and penta macro-F1, coverage, proposals, those chosen, of them right")
    for threshold in (2.0, *THRESHOLDS):
        shown = "lexicon" if threshold > 1 else f"{threshold:7.2f}"
        print(f"  {shown}  {_told(score(found, proposed, threshold))}")
    for surely in OVERRULES:
        print(f"  and overruled from {surely:.2f}  {_told(score(found, proposed, min(THRESHOLDS), surely))}")


def _told(told: Outcome) -> str:
    right = sum(one for _, one in told.used) / max(len(told.used), 1)
    numbers = f"{told.root:.4f}  {told.penta:.4f}  {told.coverage:.4f}"
    return f"{numbers}  {told.made:4}  {len(told.used):4}  {right:.2f}"


def _reliability(pairs: Iterable[tuple[float, bool]]) -> None:
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for told, right in pairs:
        bins[int(told * 10)].append((told, right))
    print("\nreliability of chosen proposals, held out: confidence, share right, how many")
    for _, some in sorted(bins.items()):
        mean, share = (sum(one[n] for one in some) / len(some) for n in (0, 1))
        print(f"  {mean:.2f}  {share:.2f}  {len(some)}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    shared = folder()
    if shared is None:
        print("no ../shared beside the checkout: nothing to learn from")
        return 1
    reader = pipeline()
    vectors, width = proposals.vectors_of(reader._model.vocab), reader._model.vocab.vectors_length
    found = corpus(reader, shared / "bench" / "zsp_plover")
    taught = lessons(found)
    where = space(taught, vectors, width)
    print(f"{len(found.rows)} sentences and {len(found.own)} own, {len(taught)} lessons, {len(where.signs)} signs")
    known, unknown = (held_out(where, taught, found, hidden) for hidden in (False, True))
    _table("the lexicon as it is", found, known)
    _table("a fifth of its words hidden", found, unknown)
    low = min(THRESHOLDS)
    pairs = [*score(found, known, low).used, *score(found, unknown, low).used]
    scale, shift = calibrated(pairs)

    def both(threshold: float, surely: float) -> float:
        return score(found, known, threshold, surely).root + score(found, unknown, threshold, surely).root

    surely = max(OVERRULES, key=lambda one: both(low, one))
    likely = max(THRESHOLDS, key=lambda one: both(one, surely))
    numbers = {"scale": scale, "shift": shift}
    numbers |= {"threshold": round(confidence(likely, scale, shift), 2)}
    numbers |= {"surely": round(confidence(surely, scale, shift), 2)}
    print(f"\nproposed from {likely}, overruled from {surely}; written: {numbers}")
    _reliability((confidence(one, scale, shift), right) for one, right in pairs)
    for name, proposed in (("as it is", known), ("hidden", unknown)):
        told = score(found, proposed, likely, surely)
        print(f"\nlexicon {name}: root {told.root:.4f}, penta {told.penta:.4f}, coverage {told.coverage:.4f}")
        print(f"most frequent confusions left: {told.wrong.most_common(12)}")
    if not asked.dry:
        text = written(weights(where, train(where, taught)) | numbers)
        path = ontology.path("lexicon") / proposals.FILE
        path.write_text(text, encoding="utf-8")
        print(f"\n{path.name}: {len(text) // 1024} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
