"""An entry of a feed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of an article; `stamp` changes when the entry does; `outlet` is the feed's title."""

    url: str | None
    title: str | None
    published: str | None
    outlet: str | None
    stamp: str
    content: str = ""
