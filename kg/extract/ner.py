"""Named entities, decided for all words at once.

spaCy's recognizer goes from word to word, and asks before each which of its 73 moves are allowed; in spaCy 3.8 each
question takes Python's lock, and the questions cost twice the model. But as long as no name is open, all that the model
looks at is the word itself: so here its best move is worked out for all words of a batch in one product, and then,
for those that begin a name, where it ends. The moves and their rules are spaCy's (Begin, In, Last, Unit and Out in
`spacy.pipeline._parser_internals.ner`), and so are the names that come of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE, SENT_START
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

#: Whose place this takes, and what it looks at: the word, the first of the open name, and the one before.
_STAGE, _FEATURES = "ner", 3


@Language.factory("kg_ner", assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
class Recognizer:
    """The names that the recognizer of the pipeline finds, disabled or not; where some are there already, it is asked
    itself."""

    def __init__(self, nlp: Language, name: str) -> None:
        slow: Any = nlp.get_pipe(_STAGE)
        self._slow = slow
        count = slow.model.get_ref("upper").get_dim("nO")
        moves = [slow.moves.get_class_name(move) for move in range(count)]
        # "U-" is for what somebody forbade to be a name: nobody does so here.
        self._begins, self._units, others = (np.array([m[:1] == one and m != "U-" for m in moves]) for one in "BUO")
        self._possible = self._begins | self._units | others
        self._labels = [move[2:] for move in moves]
        #: By a move that begins a name: the moves that go on with it, and that end it.
        self._next = {
            move: [moves.index(f"{one}-{self._labels[move]}") for one in "IL"] for move in _where(self._begins)
        }

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """The docs, in their order, with their names."""
        waiting = iter(docs)
        while batch := list(islice(waiting, batch_size)):
            fresh = [doc for doc in batch if len(doc) and not doc.has_annotation("ENT_IOB")]
            self._name(fresh)
            done = set(map(id, fresh))
            yield from (doc if id(doc) in done else self._slow(doc) for doc in batch)

    def _name(self, docs: list[Doc]) -> None:
        firsts = [0, *accumulate(map(len, docs))]
        names: list[list[Span]] = [[] for _ in docs]
        for start, end, label in self._found(docs) if docs else ():
            which = bisect_right(firsts, start) - 1
            names[which].append(Span(docs[which], start - firsts[which], end - firsts[which], label))
        for doc, found in zip(docs, names, strict=True):
            doc.set_ents(found, default="outside")

    def _found(self, docs: list[Doc]) -> Iterator[tuple[int, int, str]]:
        """(first word, behind the last, label) of each name, by their places in all docs together."""
        read = _Batch(self._slow.model, docs)
        moves = self._moves(read)
        starts = np.flatnonzero(self._begins[moves])
        ends = dict(zip(starts.tolist(), self._ends(read, starts, moves[starts]).tolist(), strict=True))
        free = 0
        for place in _where(self._begins[moves] | self._units[moves]):
            if place >= free:
                free = ends.get(place, place + 1)
                yield place, free, self._labels[moves[place]]

    def _moves(self, read: _Batch) -> NDArray[np.intp]:
        """The best move at each word, if no name is open there."""
        scores = read.closed()
        names = self._begins | self._units
        scores[~self._possible | read.space[:, None] & names | read.last[:, None] & self._begins] = -np.inf
        best: NDArray[np.intp] = scores.argmax(axis=1)
        return best

    def _ends(self, read: _Batch, starts: NDArray[np.intp], moves: NDArray[np.intp]) -> NDArray[np.intp]:
        """Behind which word each name ends that begins at these words: they grow side by side, word by word."""
        ends = starts + 1
        choices = np.array([self._next[move] for move in moves.tolist()]).reshape(-1, 2)
        growing = np.arange(len(starts))
        while growing.size:
            scores = read.open(ends[growing], starts[growing])
            on, off = (scores[np.arange(len(growing)), choices[growing, one]] for one in (0, 1))
            stays = (on >= off) & ~read.last[ends[growing]]
            ends[growing] += 1
            growing = growing[stays]
        return ends


class _Batch:
    """What the model makes of some docs: the features of each word, by the place in which it is looked at."""

    def __init__(self, model: Any, docs: list[Doc]) -> None:
        layer = model.get_ref("lower")
        self._upper, self._bias = model.get_ref("upper"), layer.get_param("b")
        features = layer.predict(model.get_ref("tok2vec").predict(docs))
        self._nobody, self._words = features[0], features[1:]
        marks = np.concatenate([doc.to_array([SENT_START, IS_SPACE]).astype(np.int64) for doc in docs])
        opens = np.append(marks[1:, 0] == 1, True)
        opens[np.cumsum([len(doc) for doc in docs]) - 1] = True
        #: Whether a word is the last of its sentence, and whether it is white space.
        self.last, self.space = opens, marks[:, 1] == 1

    def closed(self) -> NDArray[np.float32]:
        """The score of each move at each word where no name is open."""
        return self._scored(self._words[:, 0] + self._nobody[1] + self._nobody[2])

    def open(self, places: NDArray[np.intp], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """The score of each move at these words, where a name is open that began at those."""
        return self._scored(self._words[places, 0] + self._words[starts, 1] + self._words[places - 1, 2])

    def _scored(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self._upper.predict((features + self._bias).max(axis=2))
        return scores


def _where(mask: NDArray[np.bool_]) -> list[int]:
    return [int(place) for place in np.flatnonzero(mask)]


def at_once(nlp: Language) -> None:
    """Puts `kg_ner` in the place of a model's recognizer, where that is spaCy's own and decides greedily."""
    if _STAGE in nlp.pipe_names and _is_known(nlp.get_pipe(_STAGE)):
        nlp.add_pipe("kg_ner", before=_STAGE)
        nlp.disable_pipe(_STAGE)


def _is_known(recognizer: Any) -> bool:
    """Whether the moves are decided as above: by one model of three features, with all moves seen, and no beam."""
    if type(recognizer) is not EntityRecognizer or recognizer.cfg["beam_width"] != 1:
        return False
    known = recognizer.model.attrs
    if not known.get("has_upper") or known.get("unseen_classes"):
        return False
    return bool(recognizer.model.get_ref("lower").get_dim("nF") == _FEATURES)
