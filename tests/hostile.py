"""Files that attack: made here, and those of `../shared/bench`; each a name and its bytes."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from tests.newsroom import PARAGRAPHS, TEXT, Item, jsonl, letter, page, pdf, record, rss

File = tuple[str, bytes]


def packed(char: bytes, hundreds: int) -> bytes:
    """So many hundred megabytes of one character in a gzip file, made in a moment."""
    return gzip.compress(char * 100_000_000, 1, mtime=0) * hundreds


def bombs() -> Iterator[File]:
    """What is small and unpacks to gigabytes, or to the tenth power of itself."""
    yield "zeros.jsonl.gz", packed(b"0", 40)
    yield "lines.jsonl.gz", packed(b"\n", 40)
    yield "twice.jsonl.gz", gzip.compress(packed(b"a", 10))
    yield "zeros.warc.gz", packed(b"\0", 40)
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: 4000000000\r\n\r\n"
    yield "record.warc.gz", gzip.compress(head) + packed(b"x", 40)
    inner = gzip.compress(b"<p>" * 100_000_000, 1)
    yield (
        "body.warc.gz",
        record("https://a.example/", inner, headers="Content-Type: text/html\r\nContent-Encoding: gzip\r\n"),
    )
    flate = zlib.compress(bytes(500_000_000), 1)
    yield "flate.pdf", pdf((), flate, "/Filter /FlateDecode ")
    yield "twice.pdf", pdf((), zlib.compress(flate, 1), "/Filter [/FlateDecode /FlateDecode] ")
    yield "runs.pdf", pdf((), b"\x81x" * 2_000_000, "/Filter /RunLengthDecode ")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]>'
    yield "laughs.rss", rss(Item("https://a.example/", "&l11;"), head=bomb)
    yield "laughs.xml", f'<?xml version="1.0"?>{bomb}<rss version="2.0"><channel>&l11;</channel></rss>'.encode()
    yield (
        "laughs.xhtml",
        f'<?xml version="1.0"?>{bomb.replace("rss", "html")}<html><body><p>&l11;</p></body></html>'.encode(),
    )
    square = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'
    yield "square.atom", rss(Item("https://a.example/", "&a;" * 100_000), head=square)
    outside = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "outside.rss", rss(Item("https://a.example/", "&x;"), head=outside)
    anchors = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    yield "anchors.md", f"---\n{anchors}---\n{TEXT}".encode()


def pages() -> Iterator[File]:
    """Pages that are hard on parsers."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    attributes = " ".join(f"a{number}='x'" for number in range(100_000))
    yield "attributes.html", f"<html><body><article {attributes}>{body}</article></body></html>".encode()
    for tag in (
        "div",
        "b",
        "font",
        "ul><li",
        "table><tr><td",
        "blockquote",
        "span",
        "a href='x'",
        "form",
        "select",
        "svg",
        "template",
    ):
        name = tag.partition(">")[0].partition(" ")[0]
        yield f"nested-{name}.html", (f"<{tag}>" * 50_000 + body).encode()
        yield f"nested-closed-{name}.html", (f"<{tag}>" * 5_000 + body + f"</{name}>" * 5_000).encode()
    yield "open-comment.html", b"<html><body><!--" + b"- " * 2_000_000
    yield "brackets.html", b"<" * 2_000_000
    yield "entities.html", b"<p>" + b"&amp;" * 1_000_000
    yield "numbers.html", b"<p>" + b"&#x110000;&#0;&#xD800;&#99999999999;" * 50_000
    yield "spaces.html", b"<p>" + b" " * 5_000_000 + b"x</p>"
    yield "one-word.html", b"<p>" + b"a" * 5_000_000 + b"</p>"
    yield (
        "links.html",
        b"".join(b"<p><a href='/%d'>The envoys met in the port %d</a></p>" % (n, n) for n in range(30_000)),
    )
    yield "attribute.html", b"<p title='" + b"x" * 5_000_000 + b"'>" + body.encode() + b"</p>"
    yield "dates.html", page(head="".join(f"<meta name='date' content='2026-{n}'>" for n in range(20_000)))
    yield "title.html", page("T" * 500_000)
    yield "nul.html", page().replace(b" ", b"\0")
    yield "utf7.html", page().replace(b"utf-8", b"utf-7").replace(b"The", b"+ADw-script+AD4-")
    for charset in (
        b"utf-16",
        b"hex",
        b"zip",
        b"rot13",
        b"punycode",
        b"idna",
        b"unicode_escape",
        b"undefined",
        b"x" * 50,
    ):
        yield f"charset-{charset[:14].decode()}.html", page().replace(b"utf-8", charset)
    remote = '{"@context": "http://169.254.169.254/latest/meta-data/", "@type": "NewsArticle", "headline": "x"}'
    yield "context.html", page(head=f'<script type="application/ld+json">{remote}</script>')
    yield "deep-json.html", page(head=f'<script type="application/ld+json">{"[" * 100_000}</script>')
    yield "wide-json.html", page(head=f'<script type="application/ld+json">[{"{}," * 300_000}{{}}]</script>')
    yield "refresh.html", page(head='<meta http-equiv="refresh" content="0; url=file:///etc/passwd">')
    yield "base.html", page(head='<base href="http://127.0.0.1/"><link rel="canonical" href="javascript:alert(1)">')
    yield "frames.html", page() + b"<iframe src='file:///etc/passwd'></iframe>" * 10_000


TEXTS = {
    "rtl": "\u202eThe envoys met.\u202c " * 200, "isolates": "\u2066\u2067\u2068The envoys\u2069 met. " * 500,
    "zalgo": "".join(char + "\u0301\u0323\u0489" * 30 for char in TEXT[:300]), "zero-width": "\u200b".join(TEXT),
    "nested-quotes": "“He said ‘" * 3_000, "brackets": "The envoys met. " + "(" * 90_000, "signs": "The envoys met. " + "!? " * 30_000,
    "letters": "a b c d " * 12_000, "one-sentence": "the envoy of Russia said that " * 3_300, "lines": "Talks failed\n" * 7_600,
    "names": "Anna Kovacs met Boris Petrov in Geneva. " * 2_400, "and": "Anna Kovacs and Boris Petrov and " * 2_900,
    "dates": "on 18 February 2026 and 3 days ago " * 2_800, "tabs": "The\tenvoys\tmet.\t" * 3_000, "returns": "The envoys met.\r" * 3_000,
    "emoji": "The \U0001f468\u200d\U0001f469\u200d\U0001f467 envoys \U0001f1fa\U0001f1e6 met. " * 500, "word": "The envoys met. " + "a" * 90_000,
    "escape": "\x1b[31mThe envoys met\x1b[0m in the port on Monday. " * 20, "rich": "[bold]The envoys[/bold] met in [red]the port. " * 50,
    "numbers": "The envoys met. " + "1,2,3.4 " * 11_000, "private": "\ue000\uf8ff The envoys met in the port. " * 100,
    "sparql": "The envoys met \"} ; DROP ALL ; INSERT DATA { <x> <y> \"z\" } in the port on Monday. " * 30,
    "turtle": "The envoys met \\\"\"\"> . <http://a.example/> a <b> in the port on Monday. " * 30,
    "html": "The envoys met </script><script>alert(1)</script> in the port on Monday. " * 30,
    "whitespace": "The envoys met. " + "\u00a0\u2003\u3000 " * 20_000 + "They left.", "hyphens": "The envoys-" * 9_000,
    "urls": "The envoys met at http://a.example/" + "%2e%2e/" * 12_000, "base64": "The envoys met. " + "QUJD" * 20_000,
}  # fmt: skip
#: As names of files, and of what they say of themselves.
NAMES = (
    "..%2f..%2fetc%2fpasswd", "-rf", "--store=x", "a b", "a\tb", "a\nb", "CON", "nul", "~", "$HOME", "$(reboot)", "`reboot`", "a;reboot",
    "a|b", "a'b", 'a"b', "a<b>", "[a]", "*", "?", "名前", "\u202ecod", "e\u0301", "a" * 200, "%00", "\x7f", "\x1b[31m", ".a.", "a..b", "#a",
    "a#L1", "\udcff", "\udce9t\udce9", "http:a", "{a}", "a\\b", "é", "İ", "ß", "\u200b",
)  # fmt: skip


def texts() -> Iterator[File]:
    for name, text in TEXTS.items():
        yield f"{name}.txt", text.encode()
        yield f"{name}.jsonl", jsonl({"text": text[:8_000], "title": text[:500]})
        yield f"{name}.eml", letter(text[:8_000])
        yield f"{name}.html", page(paragraphs=(*PARAGRAPHS, text[:8_000]))
    yield "surrogates.txt", TEXT.encode() + b" \xed\xa0\x80\xed\xb0\x80 \xed\xa0\xbd " * 100
    yield (
        "half.jsonl",
        b'{"text": "The envoys met in the port on \\ud83d Monday, they said.", "title": "\\udc00", "url": "\\ud800"}',
    )
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"+/v8-"):
        yield f"mark-{mark.hex()}.txt", mark + TEXT.encode()
    for encoding in ("utf-16", "utf-32", "cp037", "cp1251", "shift_jis", "gb18030", "utf-7"):
        yield f"in-{encoding}.txt", (TEXT * 3).encode(encoding)
    for name in NAMES:
        yield f"{name}.txt", f"{TEXT}\n\nA file of name {name!r}.".encode("utf-8", "backslashreplace")
        yield f"{name}.html", page(f"Of name {name!a}")


def containers() -> Iterator[File]:
    """Lines, letters, feeds, archives and PDFs that are hard on parsers."""
    yield "deep.jsonl", b'{"text": ' + b"[" * 1_000_000
    yield "wide.jsonl", b'{"text": [' + b"[]," * 5_000_000 + b"[]]}"
    yield "number.jsonl", b'{"text": ' + b"9" * 5_000_000 + b"}"
    yield "keys.jsonl", json.dumps({f"k{number}": number for number in range(300_000)}).encode()
    yield "twice.jsonl", b'{"text": "x", "text": "The envoys met in the old port on Monday morning, they said."}'
    yield "nan.jsonl", b'{"text": NaN}\n{"text": Infinity}\n{"text": {"a": 1}}\n{"text": true, "url": []}\n'
    yield (
        "metadata.jsonl",
        jsonl({"text": TEXT, "url": "javascript:alert(1)", "title": "<script>", "outlet": "../../x" * 20}),
    )
    yield "long-url.jsonl", jsonl({"text": TEXT, "url": "https://a.example/" + "x" * 100_000})
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(3_000))
    yield "nested.eml", f"From: a@b.example\r\nMIME-Version: 1.0\r\n{nested}\r\nx".encode()
    yield "headers.eml", b"".join(b"X-%d: y\r\n" % n for n in range(300_000)) + letter()
    yield "subject.eml", letter().replace(b"Subject: ", b"Subject: " + b"=?utf-8?q?=41?= " * 200_000)
    yield "address.eml", letter().replace(b"From: ", b"From: " + b"(" * 100_000 + b"<" * 100_000)
    yield "boundary.eml", letter().replace(b"text/plain", b"multipart/mixed; boundary=" + b"x" * 100_000)
    yield "forward.eml", b"Content-Type: message/rfc822\r\n\r\n" * 5_000 + letter()
    yield "unknown.eml", letter().replace(b"utf-8\r\n\r\n", b"x-unknown\r\n\r\n")
    yield "base64.eml", letter("=" * 1_000_000, "Content-Transfer-Encoding: base64\r\n")
    yield "quoted.eml", letter("=3D=\r\n" * 300_000, "Content-Transfer-Encoding: quoted-printable\r\n")
    yield "many.rss", rss(*(Item(f"https://a.example/{number}", f"T {number}") for number in range(20_000)))
    yield (
        "addresses.rss",
        rss(
            *(
                Item(url, "T", content="The envoys met. " * 100)
                for url in ("file:///etc/passwd", "javascript:x", "http://[::1", "x" * 5_000)
            )
        ),
    )
    yield "nested.rss", b"<rss version='2.0'><channel><item><description>" + b"<div>" * 100_000
    yield "cdata.rss", rss(Item("https://a.example/", "T", content="<![CDATA[" * 50_000))
    yield (
        "dates.rss",
        rss(
            *(
                Item("https://a.example/", "T", day)
                for day in ("x" * 100_000, "9" * 1_000, "Wed, 99 Foo 9999999 99:99:99 +9999")
            )
        ),
    )
    yield "negative.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
    yield (
        "huge.warc",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    )
    yield "header.warc", b"WARC/1.0\r\n" + b"X: y\r\n" * 1_000_000
    yield "line.warc", b"WARC/1.0\r\n" + b"X" * 10_000_000
    chunks = b"ffffffff\r\n" + b"x" * 1_000
    yield (
        "chunks.warc.gz",
        record("https://a.example/", chunks, headers="Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"),
    )
    yield "path.warc.gz", record("file:///etc/passwd", page())
    yield "no-warc.warc.gz", gzip.compress(b"x" * 1_000_000)
    yield "no-gzip.warc.gz", TEXT.encode()
    good = pdf(tuple(TEXT.split("\n\n")))
    yield "loop.pdf", good.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    yield "parent.pdf", good.replace(b"/Count 1", b"/Count 999999999")
    yield "length.pdf", good.replace(b"/Length ", b"/Length 9999999999")
    yield "xref.pdf", good.replace(b"startxref\n", b"startxref\n99999")
    yield "array.pdf", good.replace(b"/MediaBox [", b"/MediaBox [" + b"[" * 100_000)
    yield "operators.pdf", pdf((), b"q " * 3_000_000)
    yield "text.pdf", pdf((), b"BT /F1 12 Tf " + b"(The envoys met.) Tj " * 200_000 + b"ET")
    for share in range(1, 10):
        yield f"cut-{share}.pdf", good[: len(good) * share // 10]
        yield f"cut-{share}.html", page()[: len(page()) * share // 10]
        yield f"cut-{share}.eml", letter()[: len(letter()) * share // 10]


def generated() -> Iterator[File]:
    """All that is made here."""
    for group in (bombs, pages, texts, containers):
        for name, content in group():
            yield f"{group.__name__}-{name}" if not name.startswith("-") else name, content


# ------------------------------------------------------------------------------------------------------- of third parties


def naughty(bench: Path) -> Iterator[File]:
    """Strings that break programs, each in a text and on a page."""
    strings = json.loads((bench / "big-list-of-naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    for number, string in enumerate(strings):
        told = f"The envoys met in the old port on Monday, day {number}. They spoke of {string} and left. {string}\n"
        yield f"naughty-{number}.txt", told.encode("utf-8", "surrogatepass")
        yield f"naughty-{number}.html", page(paragraphs=(*PARAGRAPHS, told)).decode().encode("utf-8", "replace")


def scripts(bench: Path) -> Iterator[File]:
    """What would be scripts on a page of ours."""
    lines = (bench / "xss-payload-list" / "Intruder" / "xss-payload-list.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines[::3]):
        told = f"The envoys met in the old port on Monday, day {number}. “{line}” they said, and left.\n"
        yield f"script-{number}.txt", told.encode()


def others(bench: Path) -> Iterator[File]:
    """Files as they are, under a suffix that kg reads."""
    for place, suffix in (
        ("JSONTestSuite/test_parsing", ".jsonl"),
        ("feedparser/tests", ".xml"),
        ("warcio/test/data", ""),
        ("meantime", ".xml"),
    ):
        for path in sorted((bench / place).rglob("*")):
            if path.is_file() and path.suffix in (".json", ".xml", ".warc", ".gz"):
                name = f"{place.partition('/')[0]}-{path.parent.name}-{path.stem if suffix else path.name}{suffix}"
                yield name, path.read_bytes()


def third(bench: Path) -> Iterator[File]:
    """All of third parties."""
    for group in (naughty, scripts, others):
        yield from group(bench)
