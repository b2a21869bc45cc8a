"""The sentences of an article, and the blocks they stand in: what was read, whether or not anything came of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from kg.extract.blocks import Block
from kg.extract.tree import Tree
from kg.record import Sentence


def sentences(tree: Tree, blocks: Sequence[Block]) -> tuple[Sentence, ...]:
    """The sentences in order, white space at their ends aside: the spans that evidence of claims has. Tokens before
    the first block are white space."""
    begins = [block.start for block in blocks]
    words = (at for at, word in enumerate(tree.words) if word.strip())
    runs = [tuple(run) for _, run in groupby(words, tree.sentences.__getitem__)]
    spans = ((tree.starts[run[0]], tree.ends[run[-1]]) for run in runs)
    return tuple(Sentence(start, end, blocks[bisect_right(begins, start) - 1].kind) for start, end in spans)
