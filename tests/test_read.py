"""Files to articles: what each format says of itself, and what becomes of what is no article."""

from __future__ import annotations

import codecs
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import ArticleError, read
from kg.read import Article, formats, lines, scan
from kg.read.fit import LONGEST, sound

TEXT = (
    "Envoys of Freedonia and Sylvania met in the old port on Monday.\r\nNeither side would say what they had agreed.\n"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Envoys meet | The Harbour Post</title>
<meta property="og:title" content="Envoys meet in the port"><meta property="og:site_name" content="The Harbour Post">
<meta property="article:published_time" content="2026-03-04T07:30:00Z"><link rel="canonical" href="https://example.org/port">
</head><body><nav><a href="/">Home</a> <a href="/war">War</a></nav><article><h1>Envoys meet in the port</h1>
<p>The envoys of Freedonia and Sylvania met in the old port on Monday, for the first time since the summer, and spoke
for more than three hours about the exchange of prisoners.</p><p>Neither of them would tell the waiting reporters what
they had agreed, but both said that they were going to meet again before the end of the month.</p></article>
<aside><h3>Related</h3><a href="/x">Grouchy general resigns over lost duck</a></aside>
<footer>Copyright</footer></body></html>"""


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one(path: Path) -> Article:
    (item,) = scan([path])
    assert isinstance(item, Article), item
    return item


def reason(path: Path | str) -> str:
    (item,) = scan([path])
    assert isinstance(item, ArticleError), item
    return item.reason


# ------------------------------------------------------------------------------------------------------------- formats


def test_a_text_is_its_content_unchanged(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    assert one(path) == Article(TEXT, path.as_posix())


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_text(tmp_path: Path, mark: bytes, encoding: str) -> None:
    assert one(write(tmp_path / "a.txt", mark + ("“" + TEXT).encode(encoding))).text == "“" + TEXT


def test_an_older_encoding_is_guessed(tmp_path: Path) -> None:
    text = "“Señor Núñez said that the café in Besançon was no place for talks,” the envoy’s aide told us. " * 3
    assert one(write(tmp_path / "a.txt", text.encode("cp1252"))).text == text


def test_front_matter_says_what_is_known(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.md", f"---\ntitle: 'Envoys: a meeting'\ndate: 2026-03-04\noutlet: The Post\n---\n\n{TEXT}"
    )
    article = one(path)
    assert (article.title, article.published, article.outlet, article.url) == (
        "Envoys: a meeting",
        "2026-03-04",
        "The Post",
        None,
    )
    assert article.text == TEXT.replace("\r", "").strip()


def test_markdown_without_front_matter_is_text(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a.md", TEXT)).text.split() == TEXT.split()


def test_a_page_gives_its_article_and_what_it_states_of_it(tmp_path: Path) -> None:
    article = one(write(tmp_path / "a.html", PAGE))
    assert article.text.startswith("Envoys meet in the port\n\nThe envoys of Freedonia")
    assert "duck" not in article.text
    assert "Copyright" not in article.text
    assert "Home" not in article.text
    assert (article.published, article.outlet, article.url) == (
        "2026-03-04",
        "The Harbour Post",
        "https://example.org/port",
    )


def test_a_page_that_states_no_date_has_none(tmp_path: Path) -> None:
    stated = '<meta property="article:published_time" content="2026-03-04T07:30:00Z">'
    page = PAGE.replace(stated, "").replace("on Monday", "on 2 February 2026")
    assert one(write(tmp_path / "a.html", page)).published is None


@pytest.mark.parametrize("share", [0.75, 0.9])
def test_a_truncated_page_gives_what_is_there(tmp_path: Path, share: float) -> None:
    page = PAGE[: int(len(PAGE) * share)]
    assert "The envoys of Freedonia" in one(write(tmp_path / "a.html", page)).text


def test_a_page_declares_its_encoding(tmp_path: Path) -> None:
    page = PAGE.replace("utf-8", "windows-1251").replace("old port", "old port (Порт)")
    assert "Порт" in one(write(tmp_path / "a.html", page.encode("cp1251"))).text


def test_each_line_of_jsonl_is_an_article_and_a_bad_one_stops_no_other(tmp_path: Path) -> None:
    good = {"text": TEXT, "published": "2026-03-04T10:00:00+00:00", "url": "https://example.org/1", "outlet": "Post"}
    rows = (
        json.dumps(good),
        "{not json",
        "",
        "[1]",
        '{"title": "no text"}',
        json.dumps({"text": TEXT, "date": "soon"}),
    )
    path = write(tmp_path / "a.jsonl", "\n".join(rows))
    first, *rest = scan([path])
    assert first == Article(TEXT, f"{path.as_posix()}#L1", None, "2026-03-04", "https://example.org/1", "Post")
    assert [item.source.rpartition("#")[2] for item in rest] == ["L2", "L4", "L5", "L6"]
    assert [isinstance(item, ArticleError) for item in rest] == [True] * 4
    assert "'soon'" in str(rest[-1])
    assert "YYYY-MM-DD" in str(rest[-1])


def test_halves_of_surrogate_pairs_become_the_replacement_character(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "The envoys met in the port on \\ud83d Monday.", "title": "\\udc00"}')
    article = one(path)
    assert article.text == "The envoys met in the port on \ufffd Monday."
    assert article.title == "\ufffd"
    assert article.id == sound(article).id


# ------------------------------------------------------------------------------------------------------------- sidecars


@pytest.mark.parametrize("name", ["a.meta.json", "a.md.meta.json"])
def test_a_sidecar_wins_over_what_the_file_says(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.md", f"---\npublished: 2026-01-01\noutlet: Post\n---\n{TEXT}")
    write(tmp_path / name, json.dumps({"published": "2026-02-18", "url": "https://example.org/a", "title": None}))
    article = one(path)
    assert (article.published, article.url, article.outlet) == ("2026-02-18", "https://example.org/a", "Post")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[]", "no JSON object"),
        ('{"published": 2026}', "'2026', which is no date"),
        ('{"title": 2026}', "title is a int"),
        ('{"n": ' + "9" * 5_000 + "}", "more digits than a number has"),
        ('{"published": "18/2/26"}', "YYYY-MM-DD"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_sidecar_is_said_with_its_name(tmp_path: Path, content: str, said: str) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "a.meta.json", content)
    assert said in reason(path)


def test_a_sidecar_is_no_article(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", TEXT)
    sidecar = write(tmp_path / "a.meta.json", "{}")
    assert len(list(scan([tmp_path]))) == 1
    assert not list(scan([sidecar]))


def test_published_is_for_articles_that_do_not_say(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.md", f"---\npublished: 2026-01-01\n---\n{TEXT}")
    assert [article.published for article in read(tmp_path, published="2026-05-05")] == ["2026-05-05", "2026-01-01"]
    with pytest.raises(ArticleError, match="YYYY-MM-DD"):
        next(scan([tmp_path], "yesterday"))


# ---------------------------------------------------------------------------------------------------------------- paths


def test_folders_are_read_whole_and_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/c.txt", ".hidden/x.txt", "notes.doc", "README"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, TEXT)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert [Path(article.source).relative_to(tmp_path).as_posix() for article in read(tmp_path)] == [
        "a/c.txt",
        "a/z.md",
        "b.txt",
    ]


def test_globs_and_names_that_look_like_globs(tmp_path: Path) -> None:
    write(tmp_path / "a1.txt", TEXT)
    write(tmp_path / "a[1].txt", TEXT)
    assert [article.source for article in read(tmp_path / "a[1].txt")] == [f"{tmp_path}/a[1].txt"]
    assert len(list(read(tmp_path / "*.txt"))) == 2
    assert reason(str(tmp_path / "*.md")) == "no file matches"


def test_read_raises_where_scan_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "")
    write(tmp_path / "b.txt", TEXT)
    assert [isinstance(item, Article) for item in scan([tmp_path])] == [False, True]
    with pytest.raises(ArticleError, match=r"a\.txt: empty"):
        list(read(tmp_path))


# ------------------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t \n", "empty"),
        ("a.txt", b"12 + 30 = 42 ... !!", "no words"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00\x00\x00", "binary"),
        ("a.txt", bytes(range(256)) * 20, "binary"),
        ("a.txt", b"word " * 2_000_000, "more than 100,000"),
        ("a.txt", "Le ministre a déclaré hier que les pourparlers de paix avaient échoué.".encode(), "language is fr"),
        ("a.txt", "Делегации двух стран встретились в понедельник в старом порту.".encode(), "language is ru"),
        ("a.html", b"<html><body><nav>Home</nav></body></html>", "no article"),
        ("a.html", b"", "no article"),
        ("a.md", b"---\ntitle: [unclosed\n---\ntext", "not YAML"),
        ("a.md", b"---\ntitle: 12\n---\n" + TEXT.encode(), "title is a int"),
        ("a.doc", b"%PDF-1.7", "not one of the formats"),
        ("a.pdf", b"%PDF-1.7", "not a PDF"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_said(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    assert said in reason(write(tmp_path / name, content))


def test_nested_tags_end(tmp_path: Path) -> None:
    page = PAGE.replace("<article>", "<div>" * 30_000 + "<article>")
    assert len(list(scan([write(tmp_path / "a.html", page)]))) == 1


def test_missing_and_irregular_paths(tmp_path: Path) -> None:
    assert reason(tmp_path / "none.txt") == "no such file or folder"
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path / "pipe.txt") == "not a regular file"
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    assert "cannot be read" in reason(tmp_path / "dangling.txt")
    for one, other in (("b.txt", "c.txt"), ("c.txt", "b.txt")):
        (tmp_path / one).symlink_to(tmp_path / other)
    assert "cannot be read" in reason(tmp_path / "b.txt")


def test_links_in_a_circle_end_nothing(tmp_path: Path) -> None:
    for one, other in (("b.txt", "c.txt"), ("c.txt", "b.txt")):
        (tmp_path / one).symlink_to(tmp_path / other)
    (tmp_path / "d.txt").write_text("Russia and Ukraine held talks in Geneva on Tuesday.")
    assert [type(found) for found in scan([tmp_path])] == [ArticleError, ArticleError, Article]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no file that opens and cannot be read")
def test_an_unreadable_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/proc/self/mem")
    assert reason(tmp_path / "a.txt").startswith("cannot be read")


def test_a_line_that_is_too_long_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "LARGEST", 500)
    rows = json.dumps({"text": "x" * 2_000}), json.dumps({"text": TEXT})
    bad, good = lines.parts(write(tmp_path / "a.jsonl", "\n".join(rows)), "a.jsonl")
    with pytest.raises(ValueError, match="longer than 500"):
        bad.read()
    assert good.read() == Article(TEXT, "a.jsonl#L2")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), suffix=st.sampled_from([".txt", ".md", ".html", ".jsonl"]))
def test_any_bytes_end_as_articles_or_reasons(tmp_path: Path, content: bytes, suffix: str) -> None:
    for item in scan([write(tmp_path / f"any{suffix}", content)]):
        assert isinstance(item, Article | ArticleError)
        assert not isinstance(item, Article) or (item.text.strip() and len(item.text) <= LONGEST)


def test_the_json_test_suite_ends_as_articles_or_reasons(shared: Path) -> None:
    files = sorted((shared / "bench" / "JSONTestSuite" / "test_parsing").glob("*.json"))
    for file in files:
        for item in scan([file]):
            assert isinstance(item, ArticleError)
    assert len(files) > 300
