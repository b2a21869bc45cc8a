"""What fails below the store, the disk or the files of Oxigraph, in words that say how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import FaultError, StoreError

#: How what RocksDB and Oxigraph say of files begins: kinds of status, and what Oxigraph finds in them. The classes do
#: not tell: they are OSError and RuntimeError.
_BELOW = re.compile(
    "IO error|Corruption|Invalid argument|NotFound|Not implemented|Operation |Resource busy|Result incomplete"
    "|Shutdown in progress|Not able to find the string|Column family|Unexpected byte|Invalid term enc"
)
_DAMAGED = re.compile("orrupt|Invalid|Not able|No such file(?!.*mkdir)|Column family|Unexpected byte")
_FULL = re.compile("No space left|Disk quota|Space limit")
#: How to come by what was lost with a store.
REGAIN = "take a backup with kg restore, or delete the folder and ingest again"
_LOCKED = re.compile("lock hold|Resource temporarily unavailable|the lock is taken")


def is_below(error: BaseException | None) -> bool:
    """Whether Oxigraph raised it of its files: not of a query, and not of a file that somebody else reads."""
    return isinstance(error, OSError | RuntimeError) and _BELOW.match(str(error)) is not None


def is_full(error: BaseException | None) -> bool:
    """Whether it says that the disk is full."""
    return error is not None and _FULL.search(str(error)) is not None


def mend(error: object) -> str:
    """What went wrong with a store's files, and what to do about it."""
    said = str(error)
    if _LOCKED.search(said):
        return "another kg process holds the store: wait until it ends, or read a copy made with Store.backup"
    if _FULL.search(said):
        return f"the disk is full ({said}): make room, and run the same command again; what is stored stays"
    if _DAMAGED.search(said):
        return f"the store is damaged ({said}): kg doctor says how far; {REGAIN}"
    return f"the store cannot be opened, read or written ({said}): choose a path that you may write to, on a sound disk"


@contextmanager
def told(of: object) -> Iterator[None]:
    """Turns what Oxigraph and the system say of files into a FaultError, or a StoreError where another has the lock."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not is_below(error):
            raise
        kind = StoreError if _LOCKED.search(str(error)) else FaultError
        raise kind(f"{of}: {mend(error)}") from error
