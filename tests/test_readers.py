"""What news comes in: PDF, letters, feeds, web archives, exporters' lines, each to one Article with its provenance."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path

import pytest

from kg.errors import ArticleError
from kg.read import Article, Found, scan
from kg.read.fields import known_as
from kg.read.meta import day
from tests.newsroom import HOST, PARAGRAPHS, TEXT, Item, Reply, jsonl, letter, numbered, page, pdf, record, rss, serving


def items(path: Path, content: bytes) -> list[Found]:
    path.write_bytes(content)
    return list(scan([path]))


def one(path: Path, content: bytes) -> Article:
    (item,) = items(path, content)
    assert isinstance(item, Article), item
    return item


def reason(path: Path, content: bytes) -> str:
    (item,) = items(path, content)
    assert isinstance(item, ArticleError), item
    return item.reason


# ----------------------------------------------------------------------------------------------------------------- PDF

LOCKED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P 4 >>"
LINES = (
    "The envoys of Freedonia and Sylvania met in the old port on Monday, for the first",
    "time since the summer, and spoke about the exchange of pris-",
    "oners.",
    "Neither of them would tell what they had agreed.",
)


def test_a_pdf_is_its_text_in_paragraphs_with_words_put_together(tmp_path: Path) -> None:
    article = one(tmp_path / "a.pdf", pdf(LINES))
    assert article.text == f"{LINES[0]} {LINES[1][:-1]}{LINES[2]}\n\n{LINES[3]}\n"
    assert (article.title, article.published) == ("Envoys meet", None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf(LINES)[:200], "not a PDF"),
        (b"", "not a PDF"),
        (pdf(()), "no text in it"),
        (
            pdf(LINES).replace(b"/Info 6 0 R", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P 4 >>"),
            "password",
        ),
    ],
)
def test_a_pdf_without_text_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in reason(tmp_path / "a.pdf", content)


# ------------------------------------------------------------------------------------------------------------- letters


def test_a_letter_is_its_body_with_subject_sender_and_day(tmp_path: Path) -> None:
    article = one(tmp_path / "a.eml", letter())
    assert article.text.strip() == TEXT
    assert (article.title, article.outlet, article.published) == (
        "Envoys meet – again",
        "The Harbour Post",
        "2026-03-04",
    )


def test_a_letter_that_is_a_page_gives_the_article_on_it(tmp_path: Path) -> None:
    body = base64.encodebytes(page()).decode()
    html = letter(body, "Content-Transfer-Encoding: base64\r\n").replace(b"text/plain", b"text/html")
    article = one(tmp_path / "a.eml", html)
    assert PARAGRAPHS[1] in article.text
    assert "Home" not in article.text


def test_attachments_of_a_letter_are_not_opened(tmp_path: Path) -> None:
    mixed = (
        b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n"
        b"--BB\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=../../x\r\n\r\n"
        b"PK\r\n--BB--\r\n"
    )
    assert reason(tmp_path / "a.eml", mixed) == "no text in the letter"


def test_a_letter_that_is_cut_off_is_said(tmp_path: Path) -> None:
    parts = "Content-Type: multipart/alternative; boundary=BB"
    whole = letter(f"--BB\r\nContent-Type: text/plain\r\n\r\n{TEXT}\r\n--BB--\r\n").replace(
        b"Content-Type: text/plain; charset=utf-8", parts.encode()
    )
    packed = letter(base64.encodebytes(TEXT.encode()).decode(), "Content-Transfer-Encoding: base64\r\n")
    for number, content in enumerate((whole, packed)):
        assert TEXT[:40] in one(tmp_path / f"{number}.eml", content).text
        assert reason(tmp_path / f"cut{number}.eml", content[:-30]) == "cut off before its end"


# --------------------------------------------------------------------------------------------------------------- feeds


def test_a_feed_gives_the_articles_that_it_holds_in_full(tmp_path: Path) -> None:
    long = "".join(f"<p>{paragraph}</p>" for number in range(3) for paragraph in numbered(number))
    feed = rss(Item("https://post.example/1", "In full", content=long), Item("https://post.example/2", "In short"))
    full, short = items(tmp_path / "a.rss", feed)
    assert isinstance(full, Article)
    assert full.source.endswith("a.rss#https://post.example/1")
    assert (full.title, full.url, full.outlet, full.published) == (
        "In full",
        "https://post.example/1",
        "The Harbour Post",
        "2026-03-04",
    )
    assert full.text.startswith("In full\n\nThe envoys")
    assert isinstance(short, ArticleError)
    assert "kg watch" in short.reason


def test_a_feed_with_entities_is_refused_and_what_is_no_feed_is_said(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "entities" in reason(tmp_path / "a.xml", rss(Item("https://post.example/1", "&b;"), head=bomb))
    assert "not a feed" in reason(tmp_path / "b.xml", b"<page>no feed</page>")


# ------------------------------------------------------------------------------------------------------------ archives


def archive(count: int) -> list[bytes]:
    return [record(f"https://post.example/{n}", page(f"Day {n}", numbered(n))) for n in range(count)]


def test_an_archive_gives_each_page_with_its_address_and_record(tmp_path: Path) -> None:
    other = record("https://post.example/p.png", b"\x89PNG", headers="Content-Type: image/png\r\n")
    found = items(tmp_path / "a.warc.gz", b"".join([*archive(3), other]))
    assert [item.url for item in found if isinstance(item, Article)] == [f"https://post.example/{n}" for n in range(3)]
    assert len({item.source for item in found}) == 3
    assert all("a.warc.gz#<urn:uuid:" in item.source for item in found)


def test_an_archive_that_is_not_compressed_is_read_too(tmp_path: Path) -> None:
    found = items(tmp_path / "a.warc", b"".join(map(gzip.decompress, archive(2))))
    assert [isinstance(item, Article) for item in found] == [True, True]


def test_an_archive_that_is_cut_off_gives_what_comes_before_and_says_so(tmp_path: Path) -> None:
    *before, cut = archive(3)
    for length in (10, 100, len(cut) // 2, len(cut) - 20, len(cut) - 1):
        *read, last = items(tmp_path / "a.warc.gz", b"".join([*before, cut[:length]]))
        assert [isinstance(item, Article) for item in read[:2]] == [True, True]
        assert isinstance(last, ArticleError), length
        assert "missing" in last.reason or "cut off" in last.reason


def test_a_page_that_was_cut_off_when_it_was_fetched_is_refused(tmp_path: Path) -> None:
    cut = record("https://post.example/1", page(), extra="WARC-Truncated: length\r\n")
    assert "cut off by who fetched it" in reason(tmp_path / "a.warc.gz", cut)


def test_a_page_does_not_pose_as_another_outlet(tmp_path: Path) -> None:
    posing = page(head='<link rel="canonical" href="https://victim.example/story">')
    article = one(tmp_path / "a.warc.gz", record("https://post.example/1", posing))
    assert article.url == "https://post.example/1"
    honest = page(head='<link rel="canonical" href="https://post.example/story">')
    assert one(tmp_path / "b.warc.gz", record("https://post.example/1?x=1", honest)).url == "https://post.example/story"


def test_the_archives_of_others_are_read(shared: Path) -> None:
    files = sorted((shared / "bench" / "warcio" / "test" / "data").glob("*.warc*"))
    found = {path.name: list(scan([path])) for path in files if not path.name.endswith(".bad")}
    assert len(found) > 9
    pages = {name: [item for item in items if isinstance(item, Article)] for name, items in found.items()}
    assert len([name for name, items in pages.items() if items]) >= 8
    assert not [
        item for items in found.values() for item in items if isinstance(item, ArticleError) and not item.reason
    ]


# --------------------------------------------------------------------------------------------------------------- lines

EXPORTERS: dict[str, dict[str, object]] = {
    "ours": {"text": TEXT, "published": "2026-03-04", "url": "https://post.example/1", "outlet": "Post", "title": "T"},
    "news-please": {
        "maintext": TEXT,
        "date_publish": "2026-03-04 07:30:00",
        "date_modify": None,
        "url": "https://post.example/1",
        "source_domain": "Post",
        "title": "T",
        "title_page": None,
        "authors": ["A"],
    },
    "scrapy": {
        "body": TEXT,
        "pub_date": "Wed, 04 Mar 2026 07:30:00 GMT",
        "link": "https://post.example/1",
        "site_name": "Post",
        "headline": "T",
    },
    "gdelt": {
        "content": TEXT,
        "seendate": "20260304T073000Z",
        "url": "https://post.example/1",
        "domain": "Post",
        "title": "T",
    },
    "scrapy in pieces": {
        "body": TEXT.split("\n\n"),
        "timestamp": 1772609400,
        "link": ["https://post.example/1"],
        "site_name": ["Post"],
        "headline": ["T"],
    },
    "gkg": {
        "text": TEXT,
        "DATE": 20260304073000,
        "DocumentIdentifier": "https://post.example/1",
        "SourceCommonName": "Post",
        "title": "T",
    },
    "schema.org": {
        "articleBody": TEXT,
        "datePublished": "2026-03-04T07:30:00+00:00",
        "url": "https://post.example/1",
        "publisher": {"@type": "Organization", "name": "Post"},
        "headline": "T",
    },
}


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_each_exporter_s_names_are_known(tmp_path: Path, exporter: str) -> None:
    article = one(tmp_path / "a.jsonl", jsonl(EXPORTERS[exporter]))
    assert article.source.endswith("a.jsonl#L1")
    assert (article.text, article.published, article.url, article.outlet, article.title) == (
        TEXT,
        "2026-03-04",
        "https://post.example/1",
        "Post",
        "T",
    )


def test_lines_that_hold_a_page_give_the_article_on_it(tmp_path: Path) -> None:
    article = one(tmp_path / "a.jsonl", jsonl({"html": page().decode(), "date": "2026-03-04"}))
    assert PARAGRAPHS[0] in article.text
    assert article.published == "2026-03-04"


def test_packed_lines_are_read_and_a_cut_is_said(tmp_path: Path) -> None:
    rows = jsonl(*({"text": " ".join(numbered(n))} for n in range(2_000)))
    packed = gzip.compress(rows)
    assert len(items(tmp_path / "a.jsonl.gz", packed)) == 2_000
    *before, last = items(tmp_path / "b.jsonl.gz", packed[: len(packed) // 2])
    assert len(before) > 100
    assert isinstance(last, ArticleError)
    assert "cut off" in last.reason


def test_what_says_nothing_is_passed_over() -> None:
    assert known_as({"text": "", "body": "x", "title": None, "source": {"id": 1, "name": "Post"}}) == {
        "text": "x",
        "outlet": "Post",
    }


@pytest.mark.parametrize("value", ["4 March 2026", "March 4, 2026", "04 Mar 2026", "1772609400", "1772609400000"])
def test_a_day_may_be_written_as_people_and_machines_do(value: str) -> None:
    assert day(value) == "2026-03-04"


@pytest.mark.parametrize("value", ["soon", "18/2/26", "12", "", "20261399000000", "0000-00-00"])
def test_what_is_no_date_is_none(value: str) -> None:
    with pytest.raises(ValueError, match="no date"):
        day(value)


# -------------------------------------------------------------------------------------------------- nothing reaches out


def test_nothing_that_a_file_names_is_fetched(tmp_path: Path) -> None:
    with serving() as site:
        site.pages["/x"] = Reply(b"{}")
        url = site.url("/x")
        context = f'<script type="application/ld+json">{{"@context": "{url}", "@type": "NewsArticle"}}</script>'
        outside = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{url}"><!ENTITY % y SYSTEM "{url}">%y;]>'
        head = f'{context}<base href="{url}"><link rel="stylesheet" href="{url}"><script src="{url}"></script>'
        plain = page(head=head).decode() + f'<img src="{url}"><iframe src="{url}"></iframe>'
        strange = plain.replace("<!doctype html>", outside).replace("three", "&x;")
        files = {
            "a.html": plain,
            "b.xhtml": f'<?xml version="1.0"?><?xml-stylesheet href="{url}"?>{strange}',
            "c.rss": rss(Item(url, "T", content="x " * 200)).decode().replace("<rss", f"{outside}<rss"),
            "d.rss": rss(Item(url, "T", content=plain * 2)).decode(),
            "e.eml": letter(plain).decode().replace("text/plain", "text/html"),
        }
        for name, content in files.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        found = list(scan([tmp_path], allowed=(HOST,)))
        assert len(found) == len(files)
        assert sum(isinstance(item, Article) for item in found) >= 3
        assert not site.asked
        assert isinstance(next(scan([url], allowed=(HOST,))), ArticleError)
        assert site.asked, "the control: it could have been"
