"""One function a format: a file to the articles in it. Each raises ValueError for the whole file, or yields errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import frontmatter
from frontmatter.default_handlers import YAMLHandler
from yaml import YAMLError

from kg.errors import ArticleError
from kg.read.article import Article
from kg.read.decode import decode
from kg.read.meta import described, parsed

#: No article is longer; what is has been glued together, or is none. A parse of this much takes some 500 MB.
LONGEST = 200_000
_LARGEST = 20_000_000

Format = Callable[[Path, str], Iterator[Article | ArticleError]]


def _content(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"larger than {_LARGEST:,} bytes: split it into articles")
    return path.read_bytes()


def text(path: Path, source: str) -> Iterator[Article]:
    """The content is the text, unchanged."""
    yield Article(decode(_content(path)), source)


def markdown(path: Path, source: str) -> Iterator[Article]:
    """Front matter between `---` says what is known; the rest is the text. `date` means `published`."""
    content = decode(_content(path))
    try:
        known, body = frontmatter.parse(content, handler=YAMLHandler())
    except (YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"front matter is not YAML: {' '.join(str(error).split())}") from error
    yield described(Article(body, source), _named(known))


def page(path: Path, source: str) -> Iterator[Article]:
    """The article on a web page."""
    from kg.read import html

    yield html.article(_content(path), source)


def lines(path: Path, source: str) -> Iterator[Article | ArticleError]:
    """A JSON object a line with `text`, and `title`, `published` (or `date`), `url`, `outlet` where known."""
    with path.open("rb") as stream:
        for number, line in enumerate(_lines(stream), 1):
            place = f"{source}#L{number}"
            try:
                if line.strip():
                    yield _line(line, place)
            except ValueError as error:
                yield ArticleError(place, str(error))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines; of one that is too long only its beginning, which is more than an article may have."""
    while line := stream.readline(_LARGEST):
        while not line.endswith(b"\n") and (rest := stream.readline(_LARGEST)):
            line = line[:_LARGEST] + rest[-1:]
        yield line


def _line(line: bytes, place: str) -> Article:
    if len(line) > _LARGEST:
        raise ValueError(f"a line longer than {_LARGEST:,} bytes")
    known = parsed(decode(line))
    body = known.get("text")
    if not isinstance(body, str):
        raise ValueError('no "text": each line is an object with the article\'s text under that key')
    return described(Article(body, place), _named(known))


def _named(known: dict[str, Any]) -> dict[str, Any]:
    return {"published": known.get("date")} | known


FORMATS: dict[str, Format] = {
    ".txt": text, ".md": markdown, ".html": page, ".htm": page, ".jsonl": lines, ".ndjson": lines,
}  # fmt: skip
