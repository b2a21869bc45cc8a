"""Backups: a store as one file that can be checked, and a store of such a file. `kg backup`, `kg restore`.

A backup is packed N-Quads in a fixed order (so the same content gives the same bytes), which any RDF tool reads, with a
last line, a comment, of how many articles and quads there are and their SHA-256. A copy of the store's own files would
be made faster, but where it shares them with the store (as `Store.backup` does), both are damaged at once. What is
written is read back before it takes its name; until then nothing that was there is touched.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg import faults
from kg.errors import FaultError, StoreError
from kg.ledger import NAME as LEDGER
from kg.lock import held
from kg.store import Store

_SEAL = re.compile(rb"# kg backup 1: (\d+) articles, (\d+) quads, sha256 ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds; `digest` is the SHA-256 of its quads, the same for stores that hold the same."""

    articles: int
    quads: int
    digest: str

    @property
    def seal(self) -> bytes:
        """The last line of the file."""
        return b"# kg backup 1: %d articles, %d quads, sha256 %s\n" % (self.articles, self.quads, self.digest.encode())


def backup(store: Store, out: Path, replace: bool = False) -> Backup:
    """Writes the store into a file, reads that back, and gives it its name.

    Raises StoreError where the file is there already and is not to be replaced, or would lie in the store itself;
    FaultError where it cannot be written, or the store cannot be read to the end.
    """
    _check_out(store, out, replace)
    part = out.with_name(f".{out.name}.part")
    with _discarded(part), faults.told(f"{store} into {out}"):
        found = _write(store, part)
        if check(part) != found:
            raise FaultError(f"{out}: the disk gives back something else than was written: choose a sound disk")
        os.replace(part, out)
        _settle(out.parent)
    return found


def _check_out(store: Store, out: Path, replace: bool) -> None:
    if out.is_dir():
        raise StoreError(f"{out}: is a folder, and a backup is a file: name one, such as {out / 'kg.nq.gz'}")
    if not out.parent.is_dir():
        raise StoreError(f"{out}: there is no folder {out.parent}: make it first, or choose another")
    if store.path is not None and store.path.resolve() in out.resolve().parents:
        raise StoreError(f"{out}: lies in the store itself: choose a place outside, best on another disk")
    if os.path.lexists(out) and (out.is_symlink() or not out.is_file()):
        raise StoreError(f"{out}: is no file of its own, but a link or a device: name a file")
    if out.exists() and not replace:
        raise StoreError(f"{out}: is there already: choose a new name, or say --replace")


def _write(store: Store, part: Path) -> Backup:
    with part.open("wb") as file:
        # No name and no time in the header: the same content gives the same bytes.
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            found = _sealed(store, packed.write)
            packed.write(found.seal)
        file.flush()
        os.fsync(file.fileno())
    return found


def _sealed(store: Store, write: Callable[[bytes], object]) -> Backup:
    """What a store holds, all of which is written."""
    digest, quads = hashlib.sha256(), 0
    for line in _lines(store):
        digest.update(line)
        quads += 1
        write(line)
    if quads != len(store):
        raise StoreError(f"{store}: {len(store) - quads} triples are in no named graph: they were written past kg")
    return Backup(len(store.articles()), quads, digest.hexdigest())


def _lines(store: Store) -> Iterator[bytes]:
    """All quads as N-Quads, graph by graph, so that only one is held in memory."""
    for name in store.graphs():
        yield from sorted(f"{quad} .\n".encode() for quad in store.quads(name))


def check(source: Path) -> Backup:
    """What a backup holds, read to the end. Raises StoreError where it is no backup, or a damaged one."""
    digest, quads, seal = hashlib.sha256(), 0, None
    try:
        with gzip.open(source, "rb") as packed:
            for line in packed:
                if seal is not None:
                    raise StoreError(f"{source}: goes on behind its last line: {_OTHER}")
                seal = _SEAL.fullmatch(line)
                if seal is None:
                    digest.update(line)
                    quads += 1
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StoreError(f"{source}: is no backup or a damaged one ({error}): {_OTHER}") from error
    except OSError as error:
        raise StoreError(f"{source}: cannot be read ({error.strerror}): {_OTHER}") from error
    if seal is None:
        raise StoreError(f"{source}: is no backup, or its end is gone: {_OTHER}")
    found = Backup(int(seal[1]), quads, digest.hexdigest())
    if found.seal != seal[0]:
        raise StoreError(f"{source}: is damaged, its content is not what its last line says: {_OTHER}")
    return found


_OTHER = "take another backup"


def restore(source: Path, into: Path, replace: bool = False) -> Backup:
    """Makes a store of a backup. A store that was there, if it is to be replaced, is kept beside it as INTO.replaced.

    Raises StoreError where the backup is damaged, or there is something at the place that is not to be replaced or is
    in use; FaultError where it cannot be written.
    """
    found = check(source)
    old = into.with_name(f"{into.name}.replaced")
    _check_into(into, old, replace)
    part = into.with_name(f".{into.name}.part")
    with faults.told(into):
        into.parent.mkdir(parents=True, exist_ok=True)
        with held(part), _discarded(part):
            _load(source, part, found)
            with held(into):
                _exchange(part, into, old)
        _settle(into.parent)
    return found


def _check_into(into: Path, old: Path, replace: bool) -> None:
    there = {item.name for item in into.iterdir()} if into.is_dir() else set()
    if into.exists() and not into.is_dir():
        raise StoreError(f"{into}: is a file, and a store is a folder: choose another path")
    if there and not replace:
        raise StoreError(f"{into}: is there already: name a new store with --store, or say --replace")
    if there and not there & {"CURRENT", "LOCK", LEDGER}:
        raise StoreError(f"{into}: is a folder of other files ({min(there)}) and no store: choose another path")
    if there and old.exists():
        raise StoreError(f"{old}: is there already, and would take what is at {into}: move or delete it")


def _exchange(part: Path, into: Path, old: Path) -> None:
    """Puts what is finished in the place of what is there."""
    taken = into.is_dir() and any(into.iterdir())
    if taken:
        os.rename(into, old)
    try:
        os.rename(part, into)
    except OSError:
        if taken:
            os.rename(old, into)
        raise


def _load(source: Path, part: Path, wanted: Backup) -> None:
    """Makes a store of a backup at a place, and reads it back."""
    shutil.rmtree(part, ignore_errors=True)
    fresh = ox.Store(part)
    with gzip.open(source, "rb") as packed:
        fresh.bulk_load(cast(IO[bytes], packed), ox.RdfFormat.N_QUADS, lenient=True)
    fresh.flush()
    del fresh
    with Store(part) as store:
        if _sealed(store, len) != wanted:
            raise FaultError(f"{source}: what is read of it is not what its last line says: {_OTHER}, or a sound disk")


# --------------------------------------------------------------------------------------------------------------- files


@contextmanager
def _discarded(part: Path) -> Iterator[None]:
    """Takes away what is not finished, if it still has this name in the end."""
    try:
        yield
    finally:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Has the names in a folder written to disk, where the system can."""
    with suppress(OSError):
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
