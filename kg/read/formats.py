"""One function a format: a file to its parts. Each raises ValueError for the whole file, or for what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import frontmatter
from frontmatter.default_handlers import YAMLHandler
from yaml import YAMLError

from kg.read.article import Article
from kg.read.decode import decode
from kg.read.fields import known_as
from kg.read.meta import described
from kg.read.part import Part

#: The most bytes of a file that is one article, or of one article in a file.
LARGEST = 20_000_000
#: Front matter says what is known of an article; what is longer says something else. YAML reads 0.2 MB a second.
_FRONT = 16_000

Format = Callable[[Path, str], Iterator[Part]]


def content(path: Path) -> bytes:
    """The bytes of a file of one article."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST:,} bytes: split it into articles")
    return path.read_bytes()


# ------------------------------------------------------------------------------------ text, read in this very process


def text(path: Path, source: str) -> Iterator[Part]:
    """The content is the text, unchanged."""
    yield Part(source, lambda: Article(decode(content(path)), source))


def markdown(path: Path, source: str) -> Iterator[Part]:
    """Front matter between `---` says what is known; the rest is the text. `date` means `published`."""
    yield Part(source, partial(_markdown, path, source))


def _markdown(path: Path, source: str) -> Article:
    written = decode(content(path))
    handler = YAMLHandler()
    try:
        if handler.detect(written) and len(handler.split(written)[0]) > _FRONT:
            raise ValueError(f"longer than {_FRONT:,} characters")
        known, body = frontmatter.parse(written, handler=handler)
    except (YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"front matter is not YAML: {' '.join(str(error).split())}") from error
    return described(Article(body, source), known_as(known))


# --------------------------------------------------------------------------- what has a parser, in a process of its own


def page(path: Path, source: str) -> Iterator[Part]:
    """The article on a web page."""
    from kg.read import html

    yield Part(source, lambda: html.article(content(path), source))


def pdf(path: Path, source: str) -> Iterator[Part]:
    """The text of a PDF file."""
    from kg.read import pdf

    yield Part(source, lambda: pdf.article(content(path), source))


def mail(path: Path, source: str) -> Iterator[Part]:
    """The body of a letter."""
    from kg.read import mail

    yield Part(source, lambda: mail.article(content(path), source))


def feed(path: Path, source: str) -> Iterator[Part]:
    """The entries of a feed that hold their article in full."""
    from kg.read import feed

    yield from feed.parts(content(path), source)


def lines(path: Path, source: str) -> Iterator[Part]:
    """JSON, one article a line."""
    from kg.read import lines

    yield from lines.parts(path, source)


def archive(path: Path, source: str) -> Iterator[Part]:
    """The pages of a web archive."""
    from kg.read import warc

    yield from warc.parts(path, source)


#: Text is decoded and no more: nothing in that can run away, and nobody should wait for another process.
TEXTS: dict[str, Format] = {".txt": text, ".md": markdown}
#: The rest goes through parsers that were made for well-meant files.
PARSED: dict[str, Format] = {
    ".html": page, ".htm": page, ".xhtml": page, ".pdf": pdf, ".eml": mail, ".rss": feed, ".atom": feed, ".xml": feed,
    ".jsonl": lines, ".ndjson": lines, ".jsonl.gz": lines, ".ndjson.gz": lines, ".warc": archive, ".warc.gz": archive,
}  # fmt: skip
FORMATS = TEXTS | PARSED


def suffix(name: str) -> str | None:
    """The suffix that tells a file's format, or None."""
    lower = name.lower()
    return max((known for known in FORMATS if lower.endswith(known)), key=len, default=None)
