"""What is remembered of pages and feeds that were fetched, so that none is fetched again in vain.

It lies in a small SQLite file beside the store and is no part of the graph: without it all is fetched once more, and
nothing is stored twice. A visit is written when what came of it is in the store, so a run that was broken off fetches
again what it had in hand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.errors import StoreError

#: How often one tries to fetch a page.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells a server which version is known: its URL after redirects, and what the server said of it."""

    url: str = ""
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """The last fetch of a URL: `final` is where its redirects led, `stamp` what the feed said of its version, `article`
    what it gave, `tries` how often it failed since, `due` when it may be asked again (in seconds since 1970)."""

    url: str
    final: str = ""
    etag: str | None = None
    modified: str | None = None
    stamp: str = ""
    article: str = ""
    tries: int = 0
    due: float = 0.0

    def with_validators(self, given: Validators) -> Visit:
        return replace(self, final=given.url, etag=given.etag, modified=given.modified)

    @property
    def validators(self) -> Validators:
        return Validators(self.final, self.etag, self.modified)


_NAMES = tuple(field.name for field in fields(Visit))
_LOOK = f"SELECT {', '.join(_NAMES)} FROM visit WHERE url = ?"
_TABLE = f"CREATE TABLE IF NOT EXISTS visit ({', '.join(_NAMES)}, PRIMARY KEY (url))"


@contextmanager
def _told(path: Path | None) -> Iterator[None]:
    """Turns what SQLite says of a damaged file into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be read ({error}): delete it, it is only a memory of visits") from error


def _opened(path: Path | None) -> sqlite3.Connection:
    with _told(path):
        file = sqlite3.connect(path or ":memory:", isolation_level=None)
        try:
            file.execute(_TABLE)
        except BaseException:
            file.close()
            raise
        return file


class Visits:
    """The visits in a file, or in memory without one; `holds` says whether an article is in the store.

    Raises StoreError where the file is no such file, or damaged.
    """

    def __init__(self, path: Path | None, holds: Callable[[str], bool]) -> None:
        self._holds = holds
        self._held: dict[str, Visit] = {}
        self._path = path
        self._file = _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def of(self, url: str) -> Visit | None:
        """The last visit to a URL."""
        with _told(self._path), closing(self._file.execute(_LOOK, (url,))) as found:
            row = found.fetchone()
        return None if row is None else Visit(*row)

    def validators(self, url: str) -> Validators | None:
        """What tells the server which version is known, where the store still holds what that gave."""
        visit = self.of(url)
        return visit.validators if visit is not None and visit.article and self._holds(visit.article) else None

    def keep(self, visit: Visit) -> None:
        """Writes a visit. Raises StoreError where that cannot be."""
        marks = ", ".join("?" * len(_NAMES))
        try:
            self._file.execute(f"INSERT OR REPLACE INTO visit VALUES ({marks})", astuple(visit))
        except sqlite3.Error as error:
            raise StoreError(f"the visit to {visit.url} cannot be written: {error}") from error

    def hold(self, visit: Visit) -> None:
        """Remembers a visit until it is known what became of what it gave."""
        self._held[visit.url] = visit

    def settle(self, url: str, stored: bool) -> None:
        """Writes a held visit; what it gave is in the store, or will never be."""
        visit = self._held.pop(url, None)
        if visit is not None:
            self.keep(visit if stored or not visit.article else replace(visit, article="", tries=TRIES))


def beside(store: Path) -> Path:
    """The file of visits of a store."""
    return store.with_name(store.name + ".visits")
