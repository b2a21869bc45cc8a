"""Bytes to text: says what they are where they are no text."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # the longer first: UTF-32 begins as UTF-16 does
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: Of what share of such characters on a file is taken for no text.
_TOO_MANY = 0.01
_ENGLISH = 0.9
#: A guess from more than this takes long and is no better.
_SAMPLE = 64_000


def decode(content: bytes, declared: str | None = None) -> str:
    """The text, its line ends as they were, without a byte order mark.

    By the mark, else by the encoding that the content declares, else UTF-8, else by statistics.
    Raises ValueError where it is no text.
    """
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    text = "\x00" if not marked and b"\x00" in content else _decoded(content, marked, declared)
    if "\x00" in text or len(_BINARY.findall(text)) > _TOO_MANY * len(text):
        raise ValueError("binary, not text: convert it to text first")
    return text


def _decoded(content: bytes, marked: str | None, declared: str | None) -> str:
    for encoding in filter(None, (marked, declared, "utf-8")):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return _guessed(content)


def _guessed(content: bytes) -> str:
    """Mostly ASCII is English, and what is not UTF-8 then is Windows-1252, as browsers take it to be."""
    if sum(byte < 128 for byte in content[:_SAMPLE]) > _ENGLISH * len(content[:_SAMPLE]):
        return content.decode("cp1252", errors="replace")
    best = from_bytes(content[:_SAMPLE]).best()
    if best is None or best.bom:
        raise ValueError("its encoding is unknown: save it as UTF-8")
    return content.decode(best.encoding, errors="replace")
