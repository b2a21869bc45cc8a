"""A long list, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def paged(listed: Sequence[T], page: int, most: int) -> tuple[int, int, Sequence[T]]:
    """The number of the page that is shown, of how many, and what stands on it; a page beyond the last is the last."""
    pages = max(1, -(-len(listed) // most))
    at = min(max(page, 1), pages)
    return at, pages, listed[(at - 1) * most : at * most]
