"""The text of a PDF file. A PDF has lines on pages and no paragraphs: those are put together anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from kg.read.article import Article
from kg.read.fit import LONGEST
from kg.read.meta import described

#: A scan has some stray letters of text and no more.
_SHORTEST = 10
#: A line this much shorter than the longest ends a paragraph, if it ends a sentence.
_FULL = 0.8
_ENDED = re.compile(r"""[.!?:]["'”’)\]]*$""")
#: "negotia-" at the end of a line goes on in the next; "cease-" may also have been "cease-fire", which nobody can tell.
_BROKEN = re.compile(r"[^\W\d_]-$")


def article(content: bytes, source: str) -> Article:
    """The article of a PDF. Raises ValueError where it is locked, damaged, or holds pictures of text only."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("locked with a password: save it without one")
        title = reader.metadata.title if reader.metadata else None
        text = "\n\n".join(_paragraphs("\n".join(_pages(reader))))
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError) as error:
        raise ValueError(f"not a PDF that can be read: {' '.join(str(error).split())[:200]}") from error
    if len(text.split()) < _SHORTEST:
        raise ValueError("no text in it: it may be a scan, so run character recognition (OCR) on it first")
    return described(Article(text + "\n", source), {"title": title if isinstance(title, str) and title else None})


def _pages(reader: PdfReader) -> Iterator[str]:
    """The text of each page, of no more pages than one article can fill."""
    length = 0
    for page in reader.pages:
        text = page.extract_text()
        yield text
        length += len(text)
        if length > LONGEST:
            return


def _paragraphs(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines()]
    widest = max(map(len, lines), default=0)
    paragraph = ""
    for line in lines:
        if not line:
            continue
        paragraph = _joined(paragraph, line)
        if _ENDED.search(line) and len(line) < _FULL * widest:
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _joined(paragraph: str, line: str) -> str:
    if not paragraph:
        return line
    return paragraph[:-1] + line if _BROKEN.search(paragraph) and line[0].islower() else f"{paragraph} {line}"
