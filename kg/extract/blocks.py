"""The parts of an article's text: headline, dateline, subheads, paragraphs, and what is not the article's own.

The parse never crosses a block: a headline without a full stop would otherwise glue to the next sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass

HEADLINE, DATELINE, SUBHEAD, PARAGRAPH, FOREIGN = "headline", "dateline", "subhead", "paragraph", "foreign"
_LINE = re.compile(r"[^\r\n]+")
_CLOSED = re.compile(r"[.!?:;…]['\"”’)\]]*\s*$|[.!?][”\"]")
_DATELINE = re.compile(
    r"(?:\([A-Z][\w ]+\)|[A-Z][A-Z.'’ -]{2,}(?:/[A-Z .'’-]+)?(?:,[^–—\n]{1,40}?)?(?:\s*\([^)\n]{2,40}\))?)"
    r"\s*(?:[–—]|--?)\s"
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_WRAPPED = 60  # a hard-wrapped line is at least this long


@dataclass(frozen=True, slots=True)
class Block:
    """Code points [start, end) of the text and what part they are."""

    kind: str
    start: int
    end: int


def blocks(text: str, foreign: Set[str] = frozenset()) -> tuple[Block, ...]:
    """The blocks of a text in order; `foreign` are lower-case headings after which other articles are listed."""
    spans = tuple(_paragraphs(text))
    kinds = _kinds([text[start:end].strip() for start, end in spans], foreign)
    return tuple(
        block for (start, end), kind in zip(spans, kinds, strict=True) for block in _split(text, start, end, kind)
    )


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines that are not blank, hard-wrapped ones joined."""
    start = end = None
    for line in _LINE.finditer(text):
        if not line[0].strip():
            continue
        if start is not None and end is not None:
            if _continues(text, end, line.start()):
                end = line.end()
                continue
            yield start, end
        start, end = line.start(), line.end()
    if start is not None and end is not None:
        yield start, end


def _continues(text: str, end: int, start: int) -> bool:
    """Whether a line goes on with the one before: one newline between, the first long and not closed."""
    if text[end:start].replace("\r\n", "\n").count("\n") != 1 or _CLOSED.search(text[max(0, end - 4) : end]):
        return False
    before = text.rfind("\n", 0, end)
    return end - before - 1 >= _WRAPPED and (end - before <= 2 * _WRAPPED or text[start : start + 1].islower())


def _kinds(lines: list[str], foreign: Set[str]) -> Iterator[str]:
    listing = False
    last = len(lines) - 1
    for number, line in enumerate(lines):
        heading = line.casefold().rstrip(":.… ")
        short = len(_WORD.findall(line)) <= 16 and not _CLOSED.search(line)
        if heading in foreign:
            listing = True
            yield FOREIGN
        elif any(line.casefold().startswith(word + ":") for word in foreign) or (
            listing and (len(line) < 220 and not _CLOSED.search(line))
        ):
            yield FOREIGN
        elif number == 0 and short and last:
            listing = False
            yield HEADLINE
        elif short and number != last:
            yield SUBHEAD
        else:
            listing = False
            yield PARAGRAPH


def _split(text: str, start: int, end: int, kind: str) -> Iterator[Block]:
    """A paragraph may open with a dateline, a block of its own."""
    dateline = _DATELINE.match(text, start, end) if kind == PARAGRAPH else None
    if dateline:
        yield Block(DATELINE, start, dateline.end())
        start = dateline.end()
    yield Block(kind, start, end)


def sentence_case(text: str, parts: tuple[Block, ...], known: Set[str]) -> str:
    """The text with Title Case headlines in lower case where a word is no name: same length, kinder to the parser.

    A word is lowered if the body writes it small, or if it is one of the `known` (lower-case) words and the body
    never writes it with a capital inside a sentence.
    """
    titles = [part for part in parts if part.kind in {HEADLINE, SUBHEAD} and _title_case(text[part.start : part.end])]
    if not titles:
        return text
    small, capital = _cases(text, parts)
    out = list(text)
    for part in titles:
        for count, word in enumerate(_WORD.finditer(text, part.start, part.end)):
            lower = word[0].lower()
            common = small[lower] > capital[lower] or (lower in known and not capital[lower])
            if count and common and word[0][0].isupper() and not word[0].isupper() and len(lower) == len(word[0]):
                out[word.start() : word.end()] = lower
    return "".join(out)


def _title_case(line: str) -> bool:
    long = [word for word in _WORD.findall(line) if len(word) > 3]
    return len(long) > 2 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def _cases(text: str, parts: tuple[Block, ...]) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands small, and with a capital inside a sentence, in the paragraphs."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for part in parts:
        if part.kind == PARAGRAPH:
            for word in _WORD.finditer(text, part.start, part.end):
                before = text[max(part.start, word.start() - 2) : word.start()].strip()
                if word[0][0].islower():
                    small[word[0]] += 1
                elif before[-1:] not in {"", ".", "!", "?", ":", "“", '"', "‘"}:
                    capital[word[0].lower()] += 1
    return small, capital
