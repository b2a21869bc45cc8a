"""JSON Lines to articles: of our own making, or of exporters whose names are in `fields.toml`; `.gz` of either."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from kg.read import formats
from kg.read.article import Article
from kg.read.decode import decode
from kg.read.fields import known_as
from kg.read.meta import described, parsed
from kg.read.part import Part


def parts(path: Path, source: str) -> Iterator[Part]:
    """An article a line. Raises ValueError where the rest of the file cannot be unpacked."""
    with path.open("rb") as file:
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if path.name.lower().endswith(".gz") else file
        for number, line in enumerate(_lines(stream), 1):
            if line.strip():
                place = f"{source}#L{number}"
                yield Part(place, partial(_article, line, place), file.tell())


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines; of one that is too long only its beginning, which is more than an article may have."""
    limit = formats.LARGEST
    try:
        while line := stream.readline(limit):
            while not line.endswith(b"\n") and (rest := stream.readline(limit)):
                line = line[:limit] + rest[-1:]
            yield line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"cut off or damaged, what comes before is read: {error}") from error


def _article(line: bytes, place: str) -> Article:
    if len(line) > formats.LARGEST:
        raise ValueError(f"a line longer than {formats.LARGEST:,} bytes")
    known = known_as(parsed(decode(line)))
    body = known.pop("text", None)
    if body is None and "html" in known:
        return _marked_up(known, place)
    if not isinstance(body, str):
        raise ValueError('no "text": each line is an object with the article\'s text under that key')
    return described(Article(body, place), known)


def _marked_up(known: dict[str, Any], place: str) -> Article:
    """An article that is only there as a web page."""
    from kg.read import html

    page = known["html"]
    if not isinstance(page, str):
        raise ValueError(f'"html" is a {type(page).__name__}, not text')
    found = html.article(page.encode("utf-8", "surrogatepass"), place)
    return described(found, {key: known[key] for key in known if key != "title" or found.title is None})
