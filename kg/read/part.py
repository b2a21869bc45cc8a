"""A part of an input: the smallest thing that can be read or skipped by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.read.article import Article


@dataclass(frozen=True, slots=True)
class Part:
    """One article of a file: where it stands, and how it is read.

    `read` raises ValueError with the reason where there is no article; it is called before the next part is asked for.
    `position` is how many bytes of the file have been taken up so far.
    """

    source: str
    read: Callable[[], Article]
    position: int = 0


def refused(source: str, reason: str, position: int = 0) -> Part:
    """A part that cannot be read."""

    def read() -> Article:
        raise ValueError(reason)

    return Part(source, read, position)
