"""The lock of a store, taken without opening it: opening mends what is damaged, and what was lost is then gone.

It is the lock that RocksDB takes: of a process, on the file LOCK. Who has the store open in this same process must not
ask, for the system lets go of all locks of a process on a file with the first that it closes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import StoreError
from kg.faults import mend

try:
    import fcntl
except ImportError:  # no such locks there: who asks must take care
    fcntl = None  # type: ignore[assignment]


@contextmanager
def held(store: Path) -> Iterator[None]:
    """Keeps other processes from writing to a store meanwhile. Raises StoreError where one does."""
    place = store / "LOCK"
    if fcntl is None or not place.exists():
        yield
        return
    with place.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(f"{store}: {mend('the lock is taken')}") from error
        yield
