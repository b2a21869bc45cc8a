"""Attribution: whose words a stretch of text is, from reporting cues and quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.extract.blocks import FOREIGN, PARAGRAPH, Block
from kg.extract.frames import Proposition
from kg.extract.tree import Tree

_QUOTE = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|``(?:(?!'').)*(?:''|$)", re.DOTALL)
_WORDS = 4  # a shorter quotation is a word or a name in inverted commas, nobody's statement


@dataclass(frozen=True, slots=True)
class Said:
    """Code points [start, end) that are the words of `speaker` (a token), introduced by the token `cue`."""

    start: int
    end: int
    speaker: int
    cue: int
    direct: bool


def quotations(text: str, parts: tuple[Block, ...]) -> tuple[tuple[int, int], ...]:
    """Code points of quotations, marks included; one left open at the end of its paragraph goes to that end."""
    return tuple(
        quote.span()
        for part in parts if part.kind not in {FOREIGN}
        for quote in _QUOTE.finditer(text, part.start, part.end) if len(quote[0].split()) >= _WORDS
    )  # fmt: skip


def find(tree: Tree, text: str, parts: tuple[Block, ...], propositions: tuple[Proposition, ...]) -> tuple[Said, ...]:
    """Who said what: contents of reporting cues first, then quotations, then paragraphs after "X said:"."""
    reports = tuple(_reports(tree, propositions))
    quotes = quotations(text, parts)
    indirect = tuple(said for report in reports for said in _contents(tree, report, quotes))
    direct = tuple(_spoken(tree, quotes, parts, reports))
    return (*indirect, *direct, *_announced(tree, text, parts, reports))


@dataclass(frozen=True, slots=True)
class Report:
    """A reporting cue with its speaker's token."""

    proposition: Proposition
    speaker: int


def _reports(tree: Tree, propositions: tuple[Proposition, ...]) -> Iterator[Report]:
    speakers = {p.at: _speaker(p) for p in propositions if p.frame.reports}
    for proposition in propositions:
        speaker = speakers.get(proposition.at)
        if speaker is not None:
            yield Report(proposition, next(_reporters(tree, proposition.at, speakers), speaker))


def _speaker(proposition: Proposition) -> int | None:
    roles = {role: function for function, role in proposition.frame.arguments}
    function = roles.get("speaker") or roles.get("agent") or "subject"
    return next(iter(proposition.fillers(function)), None)


def _reporters(tree: Tree, at: int, speakers: Mapping[int, int | None]) -> Iterator[int]:
    """Who goes on to report with a participle: "X noted that …, confirming that …" is X, wherever it is attached."""
    if tree.deps[at] == "advcl" and tree.tags[at] == "VBG" and not tree.has(at, "nsubj", "mark"):
        yield from (speaker for up in tree.up(at) if (speaker := speakers.get(up)) is not None)


def _contents(tree: Tree, report: Report, quotes: tuple[tuple[int, int], ...]) -> Iterator[Said]:
    """The subtrees of a cue's content, without the cue and its speaker."""
    own = set(tree.subtree(report.speaker)) | set(report.proposition.words)
    for function in sorted(report.proposition.frame.content):
        for filler in report.proposition.fillers(function):
            inside = [at for at in tree.subtree(filler) if at not in own and tree.words[at].strip()]
            if inside:
                start, end = tree.starts[inside[0]], tree.ends[inside[-1]]
                if start <= tree.starts[report.proposition.at] < end:
                    start, end = tree.starts[filler], tree.ends[max(x for x in inside if x >= filler)]
                direct = any(a <= start and end <= b for a, b in quotes)
                yield Said(start, end, report.speaker, report.proposition.at, direct)


def _spoken(
    tree: Tree, quotes: tuple[tuple[int, int], ...], parts: tuple[Block, ...], reports: tuple[Report, ...]
) -> Iterator[Said]:
    """Quotations with the cue beside them in the paragraph; one without takes the speaker of the one before."""
    for part in parts:
        previous: Report | None = None
        inside = [quote for quote in quotes if part.start <= quote[0] < part.end]
        outside = [
            r
            for r in reports
            if part.start <= tree.starts[r.proposition.at] < part.end
            and not _within(tree.starts[r.proposition.at], inside)
            and not _within(tree.starts[r.speaker], inside)
        ]
        for start, end in inside:
            report = min(outside, key=lambda r: _distance(tree.starts[r.proposition.at], start, end), default=None)
            if report and _distance(tree.starts[report.proposition.at], start, end) <= 120:
                previous = report
            if previous:
                yield Said(start, end, previous.speaker, previous.proposition.at, True)


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _distance(at: int, start: int, end: int) -> int:
    return start - at if at < start else at - end


def _announced(tree: Tree, text: str, parts: tuple[Block, ...], reports: tuple[Report, ...]) -> Iterator[Said]:
    """After a paragraph that ends with a cue and a colon, the paragraphs that follow are that speaker's."""
    open_: Report | None = None
    for part in parts:
        if part.kind not in {PARAGRAPH, "subhead"}:
            continue
        inside = [r for r in reports if part.start <= tree.starts[r.proposition.at] < part.end]
        body = text[part.start : part.end].rstrip()
        colon = text.find(": “", part.start, part.end)
        if body.endswith(":") and inside:
            open_ = inside[-1]
        elif (
            colon > 0
            and inside
            and tree.starts[inside[0].proposition.at] < colon
            and text.count("“", part.start, part.end) > text.count("”", part.start, part.end)
        ):
            open_ = inside[0]
            yield Said(colon + 2, part.end, open_.speaker, open_.proposition.at, True)
        elif open_:
            yield Said(part.start, part.end, open_.speaker, open_.proposition.at, True)
            if body.endswith("”"):
                open_ = None
