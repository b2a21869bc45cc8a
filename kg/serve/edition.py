"""A copy of the store for readers, so that a writer can go on; a new one is made when the store has changed.

Two processes must not share an Oxigraph store while one of them writes, so nobody reads the store itself: pages and
worker processes read a backup in a temporary folder, opened to be read only. It is made while nobody writes.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kg.errors import FaultError, StoreError
from kg.quads import Source
from kg.serve.names import Names, read_names
from kg.store import Store

#: Seconds between two looks at whether the store has changed.
_PATIENCE = 2.0
#: Files of RocksDB that change with what is stored.
_TELLING = (".sst", ".log")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Edition:
    """The store as it was at a moment: the copy, its articles by IRI (the oldest first), and who is called what.
    `kinds` are the classes that were looked up so far, in words: a page names hundreds of things."""

    store: Store
    path: Path
    articles: Mapping[str, Source]
    names: Names
    triples: int
    taken: datetime
    kinds: dict[str, str] = field(default_factory=dict)


def read_edition(path: Path, taken: datetime) -> Edition:
    """The edition of a store that nobody writes to."""
    store = Store(path, read_only=True)
    articles = {source.article: source for source in store.articles()}
    return Edition(store, path, articles, read_names(store), len(store), taken)


class Editions:
    """The newest edition of a store; a thread makes the next one, so no request waits for it.

    Raises StoreError where there is no store, or somebody writes to it at the moment.
    """

    def __init__(self, store: Path) -> None:
        if not store.exists():
            raise StoreError(f"no store at {store}: make one with `kg ingest PATH`, or name it with --store")
        self._store = store
        self._folder = tempfile.TemporaryDirectory(prefix="kg-serve-", ignore_cleanup_errors=True)
        self._lock = threading.Lock()
        self._number = 0
        self._looked = 0.0
        self._stamp: _Stamp = ()
        self.notice = ""
        self._edition = self._next()

    def close(self) -> None:
        """Takes the copies away."""
        self._edition.store.close()
        self._folder.cleanup()

    def current(self) -> Edition:
        """The newest edition; if the store has changed since, the next one is begun."""
        if time.monotonic() - self._looked > _PATIENCE and self._lock.acquire(blocking=False):
            self._looked = time.monotonic()
            threading.Thread(target=self._renew, name="edition", daemon=True).start()
        return self._edition

    def refresh(self) -> Edition:
        """The edition of the store as it is now, made at once if it has changed."""
        for _ in range(2):
            self._lock.acquire()
            self._renew()
        return self._edition

    def change(self, change: Callable[[Store], None]) -> None:
        """Changes the store itself, and shows it. Raises StoreError where somebody else writes to it."""
        with self._lock:
            with Store(self._store.resolve()) as store:
                change(store)
            self._edition = self._next()

    def _renew(self) -> None:
        try:
            before, self._stamp = self._stamp, _stamp(self._store)
            # To copy it is to hold it for a moment: not between two writers that come close after each other.
            if self._stamp not in (self._seen, ()) and self._stamp == before:
                self._edition = self._next()
            self.notice = ""
        except FaultError as error:
            self.notice = f"{error} These pages show it as of {self._edition.taken:%H:%M}."
            _log.warning("no new edition: %s", error)
        except StoreError as error:
            # A writer holds the store: what was copied before is still true of its moment.
            self.notice = f"The store is being written to; these pages show it as of {self._edition.taken:%H:%M}."
            _log.info("no new edition: %s", error)
        finally:
            self._lock.release()

    def _next(self) -> Edition:
        self._number += 1
        copy = Path(self._folder.name) / f"{self._number}.store"
        # The copy before the last: whoever still reads it has had its time.
        shutil.rmtree(Path(self._folder.name) / f"{self._number - 2}.store", ignore_errors=True)
        with Store(self._store.resolve()) as store:
            store.backup(copy)
        taken, self._seen = datetime.now(), _stamp(self._store)
        return read_edition(copy, taken)


#: Names, sizes and times of files.
_Stamp = tuple[tuple[str, int, int], ...]


def _stamp(store: Path) -> _Stamp:
    """What changes on disk with the content of a store."""
    try:
        files = [(path.name, path.stat()) for path in store.iterdir() if path.suffix in _TELLING]
    except OSError as error:
        raise StoreError(f"{store}: cannot be looked at: {error}") from error
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))
