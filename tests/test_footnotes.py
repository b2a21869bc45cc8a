"""Paragraphs with footnotes: each claim with its sentence and source, and text of articles is no markup."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from kg import footnotes
from kg.errors import QueryError
from kg.footnotes import FORMATS, Note, write
from kg.store import Store
from tests.records import strike, talks

HOSTILE = (
    "<script>window.pwned=1</script>", '"><img src=x onerror=1>', "[click](javascript:alert(1))", "![x](https://evil/)",
    "# heading", "1. list", "- item", "`code` *bold* _em_ | cell", "[^1]: note", "=1+1", "&lt;b&gt;", "a\n\n# b",
    "https://evil.example www.evil.example", "\\<b>",
)  # fmt: skip


def hostile(text: str) -> Note:
    return Note(text, text, text, text, text, text, text, text, f"javascript:{text}")


def told() -> Store:
    store = Store()
    store.add(replace(talks(), url="https://example.org/talks"))
    store.add(strike())
    return store


def test_each_claim_has_a_footnote_with_its_sentence_and_source() -> None:
    with told() as store:
        found = footnotes.claims(store, "Medinsky")
        text = write(found, "markdown", "Medinsky")
    (note,) = [note for note in found if "negotiator of" in note.words]
    assert note.subject.endswith("Medinsky")
    assert note.words.startswith("is negotiator of Russia")
    line = next(line for line in text.splitlines() if line.startswith("[^1]: "))
    assert note.outlet in line
    assert note.date in line
    assert "<https://example.org/talks>" in line
    marks = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert marks == set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE))


def test_what_is_not_asserted_says_so() -> None:
    with told() as store:
        found = footnotes.article(store, talks().id)
    assert {"", "denied", "planned"} <= {note.meant for note in found}
    assert "(denied)" in write(found, "markdown", "x")
    assert "<em>(denied)</em>" in write(found, "html", "x")


def test_the_notes_of_an_article_are_its_claims_in_its_order() -> None:
    record = talks()
    with told() as store:
        found = footnotes.article(store, record.id)
    places = [record.text.index(note.sentence) for note in found]
    assert places == sorted(places)
    assert len(found) > 5


def test_an_answer_becomes_notes() -> None:
    with told() as store:
        (note,) = footnotes.answer(store, "who-negotiates-for")
        assert note.words.endswith("party Russia")
        assert note.url == "https://example.org/talks"
        with pytest.raises(QueryError, match="no sentence to put in a footnote"):
            footnotes.answer(store, "what-sources-are-there")


def test_two_claims_of_one_sentence_share_a_footnote() -> None:
    note = Note("A", "is here", "", "Both.", "", "Outlet", "2026-01-01", "", "")
    text = write([note, replace(note, subject="B"), note], "markdown", "x")
    assert "A is here.[^1] B is here.[^1]" in text
    assert text.count("]: ") == 1


def test_what_one_sentence_says_of_one_event_is_one_statement() -> None:
    note = Note("“met”", "is a meeting", "", "They met.", "", "Outlet", "2026-01-01", "", "", "one")
    notes = [note, replace(note, words="has party Russia"), replace(note, words="has party Iran", thing="another")]
    assert "“met” is a meeting; has party Russia.[^1] “met” has party Iran.[^1]" in write(notes, "markdown", "x")


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(QueryError, match="no format 'docx': choose one of markdown, html, csv"):
        write((), "docx", "x")


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_said_is_said(format: str) -> None:
    assert write((), format, "Nothing").strip()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_hostile_text_as_text(text: str) -> None:
    parser = _Tags()
    parser.feed(write([hostile(text)], "html", text))
    assert not parser.tags & {"script", "img", "b"}
    assert parser.links == ["#note-1"]
    assert parser.text.count(text) >= 6


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_has_no_markup_of_the_article(text: str) -> None:
    """Read by a parser of CommonMark, which knows no footnotes and shows their marks as text."""
    parser = _Tags()
    parser.feed(MarkdownIt("gfm-like", {"linkify": False}).render(write([hostile(text)], "markdown", text)))
    assert parser.tags <= {"h1", "p"}
    assert parser.text.count(" ".join(text.split())) >= 6


def test_markdown_links_nothing_by_itself() -> None:
    """GitHub links bare addresses: "https://" and "www." are broken by a backslash, which nobody sees."""
    text = write([hostile("https://evil.example www.evil.example me@evil.example")], "markdown", "x")
    assert not re.search(r"://|www\.|[^\\]@", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_cells_are_no_formulas(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(write([hostile(text)], "csv", "x"), newline=""))
    assert row["subject"].removeprefix("'") == text
    assert not [cell for cell in row.values() if cell.startswith(tuple("=+-@\t\r\n"))]
