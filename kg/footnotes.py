"""A paragraph with footnotes: what is claimed, in words, and below it the sentence, the outlet, the date, the address.

    claims(store, entity="Medinsky")            what is said of an actor or an event
    article(store, iri)                         what an article says
    answer(store, "who-mediated")               what a question finds

give notes; `write(notes, "markdown", title)` makes a text of them. Text of articles stays text in each format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, select_autoescape

from kg.errors import QueryError
from kg.explain import Evidence, explain
from kg.explain import told as told_by
from kg.export import table
from kg.labels import in_words, is_a
from kg.quads import Source
from kg.query import ask
from kg.record import ACTUAL, AFFIRMED, NEGATED
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Note:
    """A claim in words, how it is meant where it is not asserted, and what its footnote says. Unknown text is empty.

    `thing` tells subjects of one name apart: it is the same for claims of one subject that one sentence makes.
    """

    subject: str
    words: str
    meant: str
    sentence: str
    speaker: str
    outlet: str
    date: str
    headline: str
    url: str
    thing: str = ""


# --------------------------------------------------------------------------------------------------------- what is told


def claims(
    store: Store,
    entity: str | None = None,
    subject: str | None = None,
    predicate: str | None = None,
    object: str | None = None,
) -> tuple[Note, ...]:
    """Notes on what `kg.explain.explain` finds."""
    return tuple(map(_note, explain(store, entity, subject, predicate, object)))


def article(store: Store, iri: str) -> tuple[Note, ...]:
    """Notes on all that an article claims, in its order."""
    return tuple(map(_note, told_by(store, iri)))


def answer(store: Store, question: str, /, **values: str | None) -> tuple[Note, ...]:
    """Notes on the rows of the answer to a question. Raises QueryError where it is no answer with sentences."""
    found = ask(store, question, **values)
    if missing := {"sentence", "article"} - set(found.columns):
        raise QueryError(f"{question}: its answer has no {' and no '.join(sorted(missing))} to put in a footnote")
    known = {source.article: source for source in store.articles()}
    rows = (dict(zip(found.columns, row, strict=True)) for row in found.rows)
    return tuple(_row(row, known.get(row["article"] or "")) for row in rows)


def _note(item: Evidence) -> Note:
    is_event = item.start is not None
    return Note(
        subject=f"“{item.subject}”" if is_event else item.subject,
        words=_words(item) + (f" as {item.office}" if item.office else ""),
        meant=_meant(item),
        sentence=item.sentence,
        speaker=item.speaker,
        outlet=item.outlet,
        date=item.date,
        headline=item.headline,
        url=item.url,
        thing=f"{item.article} {item.start},{item.end}" if is_event else "",
    )


def _row(row: Mapping[str, str | None], source: Source | None) -> Note:
    """A row in words: its first cell and what is told of it, but for what stands elsewhere in a note."""
    below = {name: row.get(name) or "" for name in ("sentence", "speaker", "outlet", "date")}
    cells = [(name, value) for name, value in row.items() if value and name not in (*below, *_MEANT, "article")]
    qualifiers = (_local(row.get(name) or "") for name in _MEANT)
    return Note(
        subject=cells[0][1] + ":" * (len(cells) > 1) if cells else "",
        words=", ".join(f"{name.replace('_', ' ')} {value}" for name, value in cells[1:]),
        meant=", ".join(name for name in qualifiers if name not in ("", AFFIRMED, ACTUAL)),
        headline=(source.headline if source else None) or "",
        url=(source.url if source else None) or "",
        **below,
    )


#: Columns of answers that tell how a claim is meant.
_MEANT = ("polarity", "modality")


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


#: Predicates whose label is a verb; other labels want "is" before them, or are the name of a role.
_VERBS = frozenset(("controls", "struck", "participatedIn", "respondsTo", "headsDelegationOf"))
_LINKING = (" of", " with", " in", " by", " as")


def _words(item: Evidence) -> str:
    """What is said of the subject: "is negotiator of Russia", "is a negotiation", "has party Russia"."""
    label = in_words(item.predicate)
    if item.predicate == "type":
        return f"{is_a(item.object)} {in_words(item.object)}"
    if item.predicate in _VERBS:
        return f"{label} {item.object}"
    return f"{'is' if label.endswith(_LINKING) else 'has'} {label} {item.object}"


def _meant(item: Evidence) -> str:
    """How a claim is meant that is not stated as a fact."""
    if item.asserted:
        return ""
    qualifiers = ["denied"] * (item.polarity == NEGATED) + [item.modality] * (item.modality != ACTUAL)
    return ", ".join(qualifiers) or "not asserted"


# ---------------------------------------------------------------------------------------------------- how it is written


def write(notes: Sequence[Note], format: str, title: str) -> str:
    """The notes in a format of `FORMATS`. Raises QueryError for any other."""
    if format not in FORMATS:
        raise QueryError(f"no format {format!r}: choose one of {', '.join(FORMATS)}")
    return FORMATS[format](notes, title)


#: What makes two footnotes one: the same words in the same place.
_Foot = tuple[str, str, str, str, str, str]


def _foot(note: Note) -> _Foot:
    return note.sentence, note.speaker, note.outlet, note.date, note.headline, note.url


@dataclass(frozen=True, slots=True)
class _Statement:
    """What is said of one subject in one way and with the same footnotes."""

    subject: str
    words: tuple[str, ...]
    meant: str
    numbers: tuple[int, ...]


def _numbered(notes: Iterable[Note]) -> tuple[list[_Statement], dict[_Foot, int]]:
    """What is stated, and the number of each footnote; both in order of appearance."""
    under: dict[tuple[str, str, str, str], list[int]] = {}
    feet: dict[_Foot, int] = {}
    for note in notes:
        number = feet.setdefault(_foot(note), len(feet) + 1)
        numbers = under.setdefault((note.thing, note.subject, note.meant, note.words), [])
        if number not in numbers:
            numbers.append(number)
    stated: dict[tuple[str, str, str, tuple[int, ...]], list[str]] = {}
    for (*about, words), found in under.items():
        stated.setdefault((about[0], about[1], about[2], tuple(found)), []).append(words)
    statements = [
        _Statement(subject, tuple(filter(None, words)), meant, numbers)
        for (_, subject, meant, numbers), words in stated.items()
    ]
    return statements, feet


def _markdown(notes: Sequence[Note], title: str) -> str:
    """Markdown with the footnotes of GitHub, Pandoc and Obsidian."""
    stated, feet = _numbered(notes)
    said = " ".join(map(_sentence, stated))
    below = (f"[^{number}]: {_below(foot)}" for foot, number in feet.items())
    return "\n\n".join([f"# {_text(title)}", said or "Nothing is said.", *below]) + "\n"


def _sentence(statement: _Statement) -> str:
    said = " ".join(filter(None, (_text(statement.subject), "; ".join(map(_text, statement.words)))))
    meant = f" ({_text(statement.meant)})" if statement.meant else ""
    return f"{said}{meant}.{''.join(f'[^{number}]' for number in statement.numbers)}"


def _below(foot: _Foot) -> str:
    sentence, speaker, *source, url = foot
    says = f" – {_text(speaker)}" if speaker else ""
    address = f"<{url}>" if _is_address(url) else _text(url)
    return f"“{_text(sentence)}”{says} ({', '.join(filter(None, [*map(_text, source), address]))})"


#: What Markdown may read as markup: marks, addresses that link themselves, and what opens a list or a rule.
_MARKUP = re.compile(r"[\\`*_\[\]<>{}&#|~$^@]|(?<=:)/|(?<=www)\.|^[-+=]", re.IGNORECASE)
_LISTED = re.compile(r"^\d+(?=[.)])")


def _text(text: str) -> str:
    """A text on one line of Markdown that is read as it stands (CommonMark 2.4: a backslash before punctuation)."""
    return _LISTED.sub(r"\g<0>\\", _MARKUP.sub(r"\\\g<0>", " ".join(text.split())))


def _is_address(url: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>\x00-\x20]+", url) is not None


def _html(notes: Sequence[Note], title: str) -> str:
    stated, feet = _numbered(notes)
    page: str = _template().render(title=title, stated=stated, feet=feet, is_address=_is_address)
    return page


@cache
def _template() -> Any:
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(resources.files("kg").joinpath("page", "footnotes.html.j2").read_text("utf-8"))


def _csv(notes: Sequence[Note], title: str) -> str:
    """A row for each claim and sentence."""
    columns = [field.name for field in fields(Note) if field.name != "thing"]
    return table(columns, ([getattr(note, name) for name in columns] for note in notes)).decode()


#: Names of the formats, and what writes each.
FORMATS: Mapping[str, Callable[[Sequence[Note], str], str]] = {"markdown": _markdown, "html": _html, "csv": _csv}
