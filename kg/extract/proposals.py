"""Proposals: the PLOVER code that an open proposition may bear, by its words' vectors and what stands around them.

A multinomial logistic regression, trained by `tests/bench/train_proposals.py`; its weights are data of the ontology.
What is proposed stays of the class Open, and so is never asserted; its confidence is calibrated on sentences held out.
A class says less than a code may tell: a signed deal is SUPPORT, one agreed upon AGREE. Where the model is sure of it,
an event of a class bears such a code; class, roles and what is asserted rest on the lexicon alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.vocab import Vocab

from kg import ontology
from kg.extract.events import Happening, Scene
from kg.extract.tree import Tree
from kg.record import OPEN

Numbers = NDArray[np.float64]
#: The vector of a word.
Vectors = Callable[[str], Numbers]

#: Where words stand whose vectors are averaged: the predicate, its complement, its objects, what modifies them, the
#: verb above it, the nouns anywhere below it.
SLOTS = ("predicate", "complement", "object", "modifier", "above", "below")
#: The label of what no code covers.
NONE = "none"
#: Where the weights lie, in the lexicon's folder.
FILE = "en-proposals.json"
#: What the rows that the model is trained on call one code, and the ontology two: the wider is proposed.
_NAMES = {"YIELD": "CONCEDE"}
_PARTS = {"RETREAT": ("CONCEDE",)}
_CONTENT = frozenset({"NN", "VB", "JJ"})
_CLAUSAL = ("xcomp", "ccomp", "advcl", "pcomp")
_OBJECTS = ("dobj", "nsubjpass", "attr", "oprd", "dative")
_MODIFIERS = ("amod", "compound", "nmod", "poss")


@dataclass(frozen=True, slots=True)
class Sight:
    """What the model sees of a proposition: signs that hold or not, and the lemmas of each slot."""

    signs: tuple[str, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]


def add(scene: Scene, events: list[Happening], weights: Weights, vectors: Vectors) -> None:
    """Writes into open events what code they may bear, into others what they surely bear instead of their class's."""
    asked = [*eligible(scene, events), *(event for event in events if _code(scene, event))]
    rows = weights.scores([sight(scene, event) for event in asked], vectors)
    for event, scores in zip(asked, rows, strict=True):
        if code := _code(scene, event):
            surer = weights.overrule(scores, code)
            event.proposed = (surer, None) if surer else None
        else:
            event.proposed = weights.propose(scores)


def eligible(scene: Scene, events: list[Happening]) -> Iterator[Happening]:
    """Open events, but where a typed event of the sentence tells of all their actors."""
    told = [(_sentence(scene, event), _actors(event)) for event in events if _code(scene, event)]
    for event in events:
        actors, sentence = _actors(event), _sentence(scene, event)
        if event.class_ == OPEN and not any(where == sentence and actors <= others for where, others in told):
            yield event


def _code(scene: Scene, event: Happening) -> str | None:
    return scene.lexicon.schema.code(event.class_, event.qualifier.polarity, event.qualifier.modality)


def _sentence(scene: Scene, event: Happening) -> int:
    return scene.tree.sentences[event.proposition.at]


def _actors(event: Happening) -> set[int]:
    return {filler.cluster for filler in event.fillers if filler.cluster is not None}


def vectors_of(vocab: Vocab) -> Vectors:
    """The vectors of a model's words; of a word that it does not know, zeros."""

    @lru_cache(maxsize=2**14)
    def vector_of(word: str) -> Numbers:
        return np.asarray(vocab.get_vector(word), dtype=np.float64)

    return vector_of


# ── what is seen ──


def sight(scene: Scene, event: Happening) -> Sight:
    """What the model sees of an event's first proposition."""
    tree, at = scene.tree, event.proposition.at
    words = {slot: tuple(tree.lemmas[one] for one in places) for slot, places in _places(tree, at).items()}
    words["predicate"] = tuple(tree.lemmas[one] for one in (at, *tree.down(at, "prt")))
    return Sight(tuple(sorted(set(_signs(scene, event, words)))), tuple((slot, words[slot]) for slot in SLOTS))


def _places(tree: Tree, at: int) -> dict[str, tuple[int, ...]]:
    """The tokens of each slot."""
    complement = tuple(tree.down(at, *_CLAUSAL))
    objects = (*tree.down(at, *_OBJECTS), *_governed(tree, at))
    further = tuple(one for clause in complement for one in (*tree.down(clause, *_OBJECTS), *_governed(tree, clause)))
    objects = tuple(one for place in objects for one in tree.conjuncts(place))
    return {
        "predicate": (at,),
        "complement": (*complement, *further),
        "object": objects,
        "modifier": tuple(kid for one in (at, *objects) for kid in tree.down(one, *_MODIFIERS)),
        "above": tuple(up for up in (tree.heads[at],) if up != at),
        "below": tuple(one for one in tree.subtree(at) if one != at and tree.tags[one][:2] in _CONTENT),
    }


def _governed(tree: Tree, at: int) -> Iterator[int]:
    """Objects of a word's prepositions."""
    return (one for prep in tree.down(at, "prep", "agent", "dative") for one in tree.down(prep, "pobj", "pcomp"))


def _signs(scene: Scene, event: Happening, words: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    tree, at = scene.tree, event.proposition.at
    lemma, kind = tree.lemmas[at], "noun" if tree.is_noun(at) else "verb"
    yield f"kind={kind}"
    yield f"lemma={' '.join(words['predicate'])}"
    yield f"dep={kind} {tree.deps[at]}"
    yield f"polarity={event.qualifier.polarity}"
    yield f"modality={event.qualifier.modality}"
    if code := _code(scene, event):
        yield f"code={code}"
        yield f"code mode={code} {event.qualifier.modality} {event.qualifier.polarity}"
        yield f"class={event.class_}"
        yield f"class mode={event.class_} {event.qualifier.modality} {event.qualifier.polarity}"
        yield f"class lemma={event.class_} {lemma}"
        yield from (f"class below={event.class_} {tree.lemmas[kid]}" for kid in tree.down(at, "aux", "prep", "mark"))
        for slot in ("complement", "object", "modifier", "above"):
            yield from (f"class {slot}={event.class_} {word}" for word in words[slot])
    for kid in tree.down(at, "prep", "agent", "dative", "mark", "aux", "neg"):
        yield f"{tree.deps[kid]}={tree.lemmas[kid]}"
        yield f"lemma {tree.deps[kid]}={lemma} {tree.lemmas[kid]}"
    for slot in SLOTS[1:]:
        yield from (f"{slot}={word}" for word in words[slot])
    yield from (f"lemma object={lemma} {word}" for word in words["object"])
    for filler in event.fillers:
        type_ = "none" if filler.cluster is None else scene.referents.clusters[filler.cluster].type
        yield f"{filler.role}={type_}"
    yield from (f"lacks={role}" for role in ("agent", "target", "topic") if not event.clusters(role))


# ── the model ──


@dataclass(frozen=True, slots=True)
class Weights:
    """The model: a row of `dense` is a number of a slot's vector, `scale` and `shift` calibrate the log odds."""

    codes: tuple[str, ...]
    bias: Numbers
    signs: Mapping[str, Numbers]
    dense: Numbers
    scale: float
    shift: float
    threshold: float
    surely: float

    @property
    def width(self) -> int:
        """The length of a word's vector."""
        return len(self.dense) // len(SLOTS)

    def scores(self, seen: Sequence[Sight], vectors: Vectors) -> Numbers:
        """A row for each sight: a number for each code, and for none."""
        rows = self.bias + slot_vectors(seen, vectors, self.width) @ self.dense
        for row, one in zip(rows, seen, strict=True):
            for sign in one.signs:
                if (known := self.signs.get(sign)) is not None:
                    row += known
        return rows

    def propose(self, scores: Numbers) -> tuple[str, float] | None:
        """The likeliest code and how likely it is; None below the threshold."""
        code, confidence = self.best(scores)
        return (code, confidence) if code != NONE and confidence >= self.threshold else None

    def overrule(self, scores: Numbers, code: str) -> str | None:
        """A code that an event of a class surely bears instead of its class's; None if there is none."""
        coded = np.where([other == NONE for other in self.codes], -np.inf, scores)
        other, confidence = self.best(coded)
        return other if other not in (code, *_PARTS.get(code, ())) and confidence >= self.surely else None

    def best(self, scores: Numbers) -> tuple[str, float]:
        """The likeliest code (or none), with its calibrated confidence."""
        odds = np.exp(scores - scores.max())
        first = int(odds.argmax())
        raw = min(max(float(odds[first] / odds.sum()), 1e-6), 1 - 1e-6)
        told = 1 / (1 + math.exp(-(self.scale * math.log(raw / (1 - raw)) + self.shift)))
        return self.codes[first], round(told, 2)


def slot_vectors(seen: Sequence[Sight], vectors: Vectors, width: int) -> Numbers:
    """A row for each sight: the mean vector of each slot's words, each of length one, one after the other."""
    rows = np.zeros((len(seen), len(SLOTS), width))
    for row, one in zip(rows, seen, strict=True):
        for slot, (_, words) in zip(row, one.words, strict=True):
            for word in words:
                slot += vectors(word)
    lengths = np.sqrt(np.einsum("nsw,nsw->ns", rows, rows))[..., None]
    np.divide(rows, lengths, out=rows, where=lengths > 0)
    return rows.reshape(len(seen), len(SLOTS) * width)


@cache
def load() -> Weights:
    """The weights that lie beside the lexicon. Raises OntologyError where they are missing."""
    row: dict[str, Any] = json.loads(ontology.path("lexicon", FILE).read_text(encoding="utf-8"))
    return Weights(
        codes=tuple(_NAMES.get(code, code) for code in row["codes"]),
        bias=np.array(row["bias"], dtype=np.float64),
        signs={sign: np.array(numbers, dtype=np.float64) for sign, numbers in row["signs"].items()},
        dense=np.array(row["dense"], dtype=np.float64),
        scale=row["scale"],
        shift=row["shift"],
        threshold=row["threshold"],
        surely=row.get("surely", 2.0),
    )
