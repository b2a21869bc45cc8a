"""Hand-built parses: `tree("Qatar/NNP/nsubj>2 mediated:mediate/VBD/ROOT>2 talks:talk/NNS/dobj>2")`.

One token a word, `form[:lemma]/tag/label>head`, heads counted from 1. No model is needed.
"""

from __future__ import annotations

from kg.extract.tree import Tree


def tree(text: str) -> Tree:
    """The tree of one sentence, offsets as if the words were joined by blanks."""
    words, lemmas, tags, deps, heads, starts = [], [], [], [], [], []
    at = 0
    for token in text.split():
        form, tag, arc = token.rsplit("/", 2)
        word, _, lemma = form.partition(":")
        dep, head = arc.rsplit(">", 1)
        words.append(word)
        lemmas.append(lemma or word.lower())
        tags.append(tag)
        deps.append(dep)
        heads.append(int(head) - 1)
        starts.append(at)
        at += len(word) + 1
    kids = tuple(tuple(k for k, head in enumerate(heads) if head == n and k != n) for n in range(len(words)))
    return Tree(
        words=tuple(words), lemmas=tuple(lemmas), tags=tuple(tags), deps=tuple(deps), heads=tuple(heads), kids=kids,
        starts=tuple(starts), ends=tuple(start + len(word) for start, word in zip(starts, words, strict=True)),
        sentences=(0,) * len(words),
    )  # fmt: skip
