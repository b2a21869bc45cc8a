"""Files that attack end as ingested or skipped with a reason, in time and memory: a sample; `make soak` takes all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import lexicon
from kg.errors import ArticleError, OntologyError
from kg.extract import Pipeline
from kg.ingest import Skipped
from kg.read import Article, scan
from kg.read.fit import LONGEST
from kg.read.formats import FORMATS, PARSED
from kg.read.limits import Limits
from tests.endurance import End, adds_up, ends, failures
from tests.hostile import File, bombs, containers, pages, texts, third
from tests.newsroom import TEXT, letter, page, pdf, record, rss


def small(files: Iterator[File], most: int = 1_000_000) -> list[File]:
    """Those of no more bytes: what takes seconds is for `make soak`."""
    return [file for file in files if len(file[1]) < most]


def report(found: list[End]) -> dict[str, tuple[str, ...]]:
    return {end.name: tuple(out.reason for out in end.outcomes if isinstance(out, Skipped)) for end in found}


def test_bombs_end_with_a_reason(reader: Pipeline, tmp_path: Path) -> None:
    wanted = ("record.warc.gz", "body.warc.gz", "flate.pdf", "twice.pdf", "laughs.rss", "laughs.xml", "laughs.xhtml",
              "square.atom", "outside.rss", "anchors.md")  # fmt: skip
    found = ends((file for file in bombs() if file[0] in wanted), tmp_path, reader)
    assert len(found) == len(wanted)
    assert not failures(found)
    reasons = report(found)
    assert all("entities" in reasons[name][0] for name in ("laughs.rss", "laughs.xml", "square.atom", "outside.rss"))
    assert all(reasons[name] for name in wanted if name != "anchors.md")


def test_pages_that_attack_the_parser_end_in_time(reader: Pipeline, tmp_path: Path) -> None:
    found = ends(small(pages())[::3], tmp_path, reader)
    assert len(found) > 10
    assert not failures(found)
    assert adds_up(found)


def test_a_hundred_thousand_attributes_on_a_tag(tmp_path: Path) -> None:
    (content,) = (content for name, content in pages() if name == "attributes.html")
    assert content.count(b"='x'") == 100_000
    (tmp_path / "a.html").write_bytes(content)
    (item,) = scan([tmp_path], limits=Limits(seconds=3))
    assert isinstance(item, Article) or "took longer than 3 s" in str(item)


def test_texts_and_names_that_attack_end_in_time(reader: Pipeline, tmp_path: Path) -> None:
    found = ends(small(texts(), 15_000)[::2], tmp_path, reader)
    assert len(found) > 50
    assert not failures(found)
    assert adds_up(found)


def test_containers_that_attack_end_in_time(reader: Pipeline, tmp_path: Path) -> None:
    found = ends(small(containers())[::2], tmp_path, reader)
    assert len(found) > 20
    assert not failures(found)
    assert adds_up(found)


def test_third_parties_files_end_in_time(reader: Pipeline, shared: Path, tmp_path: Path) -> None:
    found = ends(islice(third(shared / "bench"), 0, None, 37), tmp_path, reader)
    assert len(found) > 100
    assert not failures(found)
    assert adds_up(found)


def test_what_is_too_much_for_a_parse_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The envoys met. " + "!? " * 20_000, encoding="utf-8")
    (tmp_path / "b.txt").write_text("word " * 30_000, encoding="utf-8")
    (tmp_path / "c.txt").write_text("The envoys met in the port and spoke. " * 2_500, encoding="utf-8")
    signs, length, control = scan([tmp_path])
    assert isinstance(signs, ArticleError)
    assert "words and signs" in signs.reason
    assert isinstance(length, ArticleError)
    assert f"more than {LONGEST:,}" in length.reason
    assert isinstance(control, Article)


def test_a_word_without_end_is_read_over_and_offsets_stay(reader: Pipeline) -> None:
    text = f"Russia and Ukraine held talks in Geneva on Monday. {'(' * 40_000} The United States mediated the talks."
    (recorded,) = reader([Article(text, "a.txt")])
    assert recorded.text == text
    names = {entity.name for entity in recorded.entities}
    assert {"Russia", "Ukraine", "United States"} <= names
    assert all(text[m.start : m.end].strip("(") for entity in recorded.entities for m in entity.mentions)


def test_a_name_is_only_a_name(tmp_path: Path) -> None:
    """Names of files reach no shell, no other folder and no graph but as text."""
    odd = "a..%2f..$(touch x)`id`;'\"<b>\u202e\n#a.txt"
    (tmp_path / odd).write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "kg", "ingest", str(tmp_path), "--store", str(tmp_path / "kg.store"), "--json"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=True)
    assert json.loads(done.stdout)["stored"] == 1
    assert {path.name for path in tmp_path.iterdir()} == {odd, "kg.store"}


# ------------------------------------------------------------------------------------------------------------- fuzzing

_SEEDS = {
    ".html": page(),
    ".pdf": pdf(tuple(TEXT.split("\n\n"))),
    ".eml": letter(),
    ".rss": rss(),
    ".warc.gz": record("https://a.example/", page()),
    ".jsonl": b'{"text": "The envoys met in the port."}\n',
    ".md": b"---\ntitle: x\n---\nThe envoys met.",
    ".txt": TEXT.encode(),
}
_PIECES = (b"<", b"\0", b"\xff", b"]]>", b"%", b"\r\n\r\n", b"9" * 30)


def mutated(seed: bytes) -> st.SearchStrategy[bytes]:
    """The seed with pieces cut out, put in, and doubled."""
    place = st.integers(0, len(seed))
    piece = st.one_of(st.binary(max_size=40), st.sampled_from(_PIECES))

    def apply(changes: list[tuple[int, int, bytes]]) -> bytes:
        changed = seed
        for start, end, put in changes:
            changed = changed[: min(start, end)] + put + changed[max(start, end) if abs(end - start) < 50 else start :]
        return changed[:50_000]

    return st.lists(st.tuples(place, place, piece), min_size=1, max_size=6).map(apply)


@pytest.mark.parametrize("suffix", _SEEDS)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_fuzzed_files_end_as_articles_or_reasons(tmp_path: Path, suffix: str, data: st.DataObject) -> None:
    path = tmp_path / f"fuzzed{suffix}"
    path.write_bytes(data.draw(mutated(_SEEDS[suffix])))
    items = list(scan([path]))
    assert items or suffix == ".warc.gz"
    for item in items:
        assert isinstance(item, Article | ArticleError)
        assert not isinstance(item, ArticleError) or item.reason.strip()


def test_every_format_is_fuzzed() -> None:
    kinds = {function for suffix, function in FORMATS.items() if suffix in _SEEDS}
    assert kinds == set(FORMATS.values())
    assert set(PARSED) <= set(FORMATS)


_TURTLE = (
    "@prefix lex: <https://kg.example/lexicon#> . @prefix en: <https://kg.example/lexicon/en#> . "
    "@prefix kg: <https://kg.example/ns#> .\nen:hit a lex:Pattern ; lex:subject kg:agent ; lex:object kg:target .\n"
    'en:shell a lex:Verb ; lex:like en:hit ; lex:class kg:Shelling ; lex:lemma "shell" ; lex:needs lex:object .\n'
)
_WORDS = (
    "lex:like",
    "en:shell",
    "en:hit",
    "lex:class",
    "kg:Shelling",
    ";",
    ".",
    ",",
    "[",
    "]",
    "(",
    ")",
    '"',
    "<",
    ">",
    "_:b",
    "a",
    "\\u",
    "42",
    "",
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(cuts=st.lists(st.tuples(st.integers(0, len(_TURTLE)), st.integers(0, 30), st.sampled_from(_WORDS)), max_size=5))
def test_a_fuzzed_lexicon_loads_or_says_what_is_wrong(tmp_path: Path, cuts: list[tuple[int, int, str]]) -> None:
    text = _TURTLE
    for start, length, put in cuts:
        text = text[:start] + put + text[start + length :]
    file = tmp_path / "en.ttl"
    file.write_text(text, encoding="utf-8")
    said = _wrong(file)
    assert said is None or "en.ttl" in said or "entry" in said


def _wrong(file: Path) -> str | None:
    """What is said to be wrong with a file of the lexicon."""
    try:
        found = lexicon.nodes([file])
        for iri in found:
            list(lexicon.frames_of(iri, found))
    except OntologyError as error:
        return str(error)
    return None


def test_the_unchanged_lexicon_of_the_fuzzer_loads(tmp_path: Path) -> None:
    file = tmp_path / "en.ttl"
    file.write_text(_TURTLE, encoding="utf-8")
    assert _wrong(file) is None
