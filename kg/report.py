"""What the command line prints. Text of an article is shown, never taken as markup or by the terminal."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from math import isinf
from typing import Any
from urllib.parse import unquote

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from kg.clusters import Judgement
from kg.contradictions import Contradiction, Side
from kg.difference import Difference, Revision, Support
from kg.errors import QueryError
from kg.explain import ASSERTED, ENTITIES, FOREIGN, NOTHING, OPEN, OUTCOMES, QUALIFIED, RETOLD, Covered, Evidence
from kg.export import table
from kg.ingest import Outcome, Skipped, Tally
from kg.merge import Merged
from kg.namespaces import FORM, NAME, short
from kg.read import Gauge

#: Control characters (of a terminal's escape sequences, too) and marks that turn the direction of writing around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def out() -> Console:
    """The console of the answer."""
    return _console(sys.stdout)


def err() -> Console:
    """The console of everything else."""
    return _console(sys.stderr)


def _console(file: Any) -> Console:
    """A console; where it is no terminal, lines are as long as they need to be, so that scripts can read them."""
    width = None if file.isatty() else 10_000
    return Console(file=file, width=width, markup=False, highlight=False, emoji=False, soft_wrap=width is not None)


def plain(value: object) -> Text:
    """A value as text that cannot steer the terminal."""
    return Text(_CONTROL.sub("\ufffd", "" if value is None else str(value)))


#: Cells up to this long are not broken into lines, so that a long column beside them gets the room there is.
_SHORT = 20


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    cells = [[plain(value) for value in row] for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        longest = max((len(row[number]) for row in cells), default=0)
        table.add_column(column, overflow="fold", no_wrap=longest <= _SHORT)
    for row in cells:
        table.add_row(*row)
    return table


# -------------------------------------------------------------------------------------------------------------- answers


def answer(columns: Sequence[str], rows: Iterable[Sequence[object]], format: str) -> str | Table:
    """An answer as a table, as CSV, or as JSON: a list of objects."""
    if format == "table":
        return _table(columns, ([_short(value) for value in row] for row in rows))
    if format == "csv":
        return _csv(columns, rows)
    if format == "json":
        return _json([dict(zip(columns, row, strict=True)) for row in rows])
    raise QueryError(f"no format {format!r}: choose table, csv or json")


def _short(value: object) -> str:
    """A term for people."""
    return "" if value is None else short(str(value))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return table(columns, rows, "\n").decode().rstrip("\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


# --------------------------------------------------------------------------------------------------------------- ingest


def progress() -> Progress:
    """A bar of bytes with articles, their rate and the remaining time, on standard error, where that is a terminal."""
    console = err()
    told = TextColumn("{task.fields[articles]} articles, {task.fields[rate]:.1f}/s", style="dim")
    columns = (TextColumn("Reading"), BarColumn(), TaskProgressColumn(), told, TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def follow(outcomes: Iterable[Outcome], gauge: Gauge, tally: Tally) -> None:
    """Takes the outcomes into the tally; a bar shows how much of the inputs has been taken up, in bytes, for an archive
    of a million articles is one file."""
    with progress() as bar:
        task = bar.add_task("", total=gauge.total or None, articles=0, rate=0.0)
        for outcome in outcomes:
            tally.add(outcome)
            rate = tally.read / max(tally.seconds, 1e-9)
            bar.update(task, completed=gauge.done, articles=tally.read, rate=rate)


def summary(tally: Tally) -> Table:
    rate = tally.stored / max(tally.seconds, 1e-9)
    rows = (
        ("read", tally.read),
        ("stored", tally.stored),
        ("already there", tally.known),
        ("in place of an older version", len(tally.revised)),
        ("skipped", len(tally.skipped)),
        ("claims", f"{tally.claims}, of which {tally.asserted} asserted"),
        *((name, _number(count)) for name, count in sorted(tally.counts.items())),
        ("seconds", f"{tally.seconds:.1f}, {rate:.1f} articles a second"),
    )
    table = _table(("", ""), rows)
    table.show_header = False
    return table


def summary_json(tally: Tally) -> str:
    """The summary for scripts: all but the clock is the same for the same input."""
    numbers = {name: getattr(tally, name) for name in ("read", "stored", "known", "claims", "asserted")}
    seconds = {"seconds": round(tally.seconds, 3), "articles_per_second": round(tally.stored / tally.seconds, 3)}
    numbers |= {name: dict(sorted(getattr(tally, name).items())) for name in ("counts", "warnings")}
    listed = {name: [asdict(item) for item in getattr(tally, name)] for name in ("revised", "skipped")}
    return _json(numbers | listed | seconds)


def _number(count: float) -> str:
    return f"{count:,.4f}" if isinstance(count, float) else f"{count:,}"


#: What is said where components read along and articles were in the store before.
KEPT = "already in the store, as they were read then: to read them with other components, kg remove them first"


def warnings(items: Mapping[str, int]) -> Iterator[Text]:
    """What did not go as it should, each with how many articles it concerns."""
    for reason, articles in sorted(items.items()):
        yield plain(f"{articles} {'article' if articles == 1 else 'articles'}: {reason}")


def counts(items: Mapping[str, float]) -> Iterator[Text]:
    """What components of others counted."""
    return (plain(f"{name}: {_number(count)}") for name, count in sorted(items.items()))


def cost(items: Mapping[str, float], price: tuple[float, float]) -> dict[str, float]:
    """What a model's tokens cost, at these prices of a million read and a million written."""
    read, written = (items.get(f"kg_llm: tokens {way}", 0) for way in ("in", "out"))
    return {"kg_llm: cost": (read * price[0] + written * price[1]) / 1e6}


def skipped(items: Iterable[Skipped]) -> Iterator[Text]:
    for item in items:
        # A name with a line break in it must not forge a line of its own.
        yield plain(f"skipped {item.source}: {item.reason}".replace("\n", "\ufffd"))


def passed(files: Mapping[str, int]) -> Iterator[Text]:
    """That folders held files of other formats, which nobody named, so that they are not skipped but passed over."""
    most = sorted(files.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{count} {end or 'without a suffix'}" for end, count in most[:_ENDS]]
    if rest := sum(count for _, count in most[_ENDS:]):
        told.append(f"{rest} others")
    if told:
        yield plain(f"passed over in folders, since kg reads no such format: {', '.join(told)}")


#: How many formats are told of.
_ENDS = 8


def revised(items: Collection[Revision]) -> Iterator[Text]:
    """What new versions of articles changed: + appeared, - vanished though others say so, x lost its only source."""
    if items:
        yield plain("+ appeared, - vanished but others still say so, x lost its only source")
    for item in items:
        yield plain(f"{_short(item.new)} takes the place of {_short(item.old)}")
        for sign, facts in (("+", item.appeared), ("-", item.vanished), ("x", item.lost)):
            yield from (plain(f"  {sign} {fact}") for fact in facts)


# -------------------------------------------------------------------------------------------------------------- explain


def evidence(item: Evidence) -> Text:
    """A claim, its sentence with the trigger marked, and where that stands."""
    asserted = "" if item.asserted else f"  [{item.polarity}, {item.modality}: not asserted]"
    office = f" ({item.office})" if item.office else ""
    speaker = f" — says {item.speaker}" if item.speaker else ""
    source = ", ".join(filter(None, (item.outlet, item.date, item.headline, item.url or item.source)))
    text = plain(f"{item.subject} · {item.predicate} · {item.object}{office}{asserted}")
    text.stylize("bold")
    return Text.assemble(text, "\n    ", _marked(item), plain(speaker), "\n    ", plain(source), "\n")


def _marked(item: Evidence) -> Text:
    """The sentence; its trigger is in colour, which is no text that could be taken for the article's."""
    text = plain(item.sentence)
    if item.start is not None and item.end is not None:
        text.stylize("bold yellow", item.start, item.end)
    return text


def evidence_json(items: Iterable[Evidence]) -> str:
    """The claims for machines."""
    return _json([asdict(item) for item in items])


# ------------------------------------------------------------------------------------------------- over many articles


def contradictions(items: Sequence[Contradiction], format: str) -> str | Table:
    """Rival values with who gives them and when; JSON has every sentence."""
    if format == "json":
        return _json([asdict(item) for item in items])
    columns = ("kind", "about", "says", "in", "but", "in_")
    rows = [
        (item.kind, item.about, item.left.value, _who(item.left), item.right.value, _who(item.right)) for item in items
    ]
    return answer(columns, rows, format)


def _who(side: Side) -> str:
    """Who gives a value, and when: "Ukraine in Northwire, 2026-02-20; …"."""
    told = dict.fromkeys(
        " in ".join(filter(None, (claim.speaker, claim.outlet or _short(claim.article))))
        + f", {claim.date or 'undated'}"
        for claim in side.claims
    )
    return "; ".join(told)


def difference(found: Difference, format: str) -> str | Table:
    """What an article added (+), confirmed (=) and contradicts (!)."""
    if format == "json":
        return _json(asdict(found))
    rows = [("+", fact.words, "") for fact in found.added]
    rows += [("=", fact.words, support(by)) for fact, by in found.confirmed]
    rows += [("!", item.about, f"{item.left.value} / {item.right.value}") for item in found.contradicts]
    return answer(("", "fact", "by"), rows, format)


def support(by: Support) -> str:
    """How many say so, how many of them independent of each other, since when."""
    span = " to ".join(dict.fromkeys(day for day in (by.first, by.last) if day))
    counts = ((by.articles, "article"), (by.outlets, "outlet"), (by.families, "independent source"))
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in counts) + (f", {span}" if span else "")


def merged(items: Sequence[Merged], format: str) -> str | Table:
    """What came of each store or file."""
    rows = [(item.source, item.articles, item.known, item.decisions, item.foreign) for item in items]
    return answer(("source", "articles", "known or older", "decisions", "triples of others"), rows, format)


# ------------------------------------------------------------------------------------------------------------- coverage

#: For each outcome its letter, its words, and its colour, which says nothing that the letter does not.
_SHOWN = {
    ASSERTED: ("A", "asserted", "green"),
    QUALIFIED: ("Q", "only qualified", "yellow"),
    RETOLD: ("R", "retold", "green"),
    OPEN: ("O", "only open", "cyan"),
    ENTITIES: ("E", "only entities", "blue"),
    NOTHING: ("-", "nothing", "bold red"),
    FOREIGN: ("X", "not its own", "dim"),
}


def coverage(sentences: Sequence[Covered]) -> Iterator[Text | Table]:
    """Every sentence with what came of it, what that sums up to, and those that yielded nothing."""
    table = _table(("", "what came of it", "claims", "sentence"), ())
    for sentence in sentences:
        letter, words, colour = _SHOWN[sentence.outcome]
        place = "" if sentence.block in ("paragraph", FOREIGN) else f" ({sentence.block})"
        marks = (Text(letter, colour), Text(words + place, colour))
        table.add_row(*marks, _claims(sentence), plain(_line(sentence)))
    yield table
    yield plain(f"\n{_sum(sentences)}")
    if silent := [sentence for sentence in sentences if sentence.outcome == NOTHING]:
        yield plain("\nNothing was read in:")
        yield from (plain(f"  {sentence.start}–{sentence.end}  {_line(sentence)}") for sentence in silent)


def _claims(sentence: Covered) -> str:
    """How many claims stand, of how many, and how often each qualifier is on one."""
    if not sentence.claims:
        return ""
    qualifiers = ", ".join(f"{count} {name}" for name, count in sentence.qualifiers.items())
    return f"{sentence.asserted} of {sentence.claims}" + (f": {qualifiers}" if qualifiers else "")


def _line(sentence: Covered) -> str:
    """The sentence on one line, however the article breaks it."""
    return " ".join(sentence.text.split())


def _sum(sentences: Sequence[Covered]) -> str:
    found = Counter(sentence.outcome for sentence in sentences)
    own = len(sentences) - found[FOREIGN]
    claimed = found[ASSERTED] + found[QUALIFIED]
    share = f" ({claimed / own:.0%})" if own else ""
    parts = ", ".join(f"{found[name]} {_SHOWN[name][1]}" for name in OUTCOMES if found[name])
    return f"{own} sentence{'s' * (own != 1)}, {claimed} with claims{share}; {parts}"


def coverage_json(article: str, sentences: Sequence[Covered]) -> str:
    """The same for machines: each sentence, and how many there are of each outcome."""
    found = Counter(sentence.outcome for sentence in sentences)
    counts = {name: found[name] for name in OUTCOMES}
    return _json({"article": article, "outcomes": counts, "sentences": [asdict(sentence) for sentence in sentences]})


# ---------------------------------------------------------------------------------------------------------- identities


def unsure(items: Sequence[Judgement], format: str) -> str | Table:
    """Pairs for a person to settle: as CSV, with an empty column for yes or no."""
    rows = [("", str(item.probability), item.left, item.right, _reasons(item)) for item in items]
    if format == "csv":
        return _csv(("verdict", "probability", "left", "right", "why"), rows)
    shown = [
        (number, probability, _form(left), _form(right), why)
        for number, (_, probability, left, right, why) in enumerate(rows, 1)
    ]
    return answer(("number", "probability", "left", "right", "why"), [tuple(map(str, row)) for row in shown], format)


def _form(iri: str) -> str:
    """The IRI of a form, for people."""
    return unquote(iri.removeprefix(str(FORM)).removeprefix(str(NAME))).replace("_", " ")


def _reasons(item: Judgement) -> str:
    return "; ".join(f"{reason.text} ({_bits(reason.bits)})" for reason in item.reasons)


def _bits(bits: float) -> str:
    return "never" if isinf(bits) else f"{bits:+g}"


def met(one: str, two: str, events: Sequence[str]) -> Text:
    """That two are one by the events that they take part in."""
    return plain(f"{one} and {two}: the same, for under one name both take part in {', '.join(events)}")


def why(one: str, two: str, same: bool, chain: Sequence[Judgement]) -> Iterator[Text]:
    """Whether two forms are of one, and the judgements that say so, a line each."""
    yield plain(f"{_form(one)} and {_form(two)}: {'the same' if same else 'not the same'}")
    for item in chain:
        who = f"decided by {item.judge}" if item.judge is not None else f"probability {item.probability}"
        yield plain(f"  {_form(item.left)} | {_form(item.right)}: {item.verdict.value}, {who}")
        for reason in item.reasons:
            yield plain(f"    {_bits(reason.bits):>6}  {reason.text}")
    if not chain:
        yield plain("  they are one form of a name" if one == two else "  a name that is part of just one other's")
