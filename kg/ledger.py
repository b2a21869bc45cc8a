"""The ledger: which articles and decisions of people a store holds, written down beside the files of Oxigraph.

RocksDB takes a log or a manifest that is cut short for all that was ever written, and opens with fewer articles, or
none, without a word. So the folder of a store has a file more: a line for each of them that came or goes, with a
checksum. It is written after one came and before it goes, so whatever ends the process, all that is listed is
there, and what is listed and not there was lost.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.faults import told

NAME = "kg.ledger"
_CAME, _GOES = "+", "-"


class Ledger:
    """The ledger in a folder; a store in memory has none."""

    def __init__(self, folder: Path | None) -> None:
        self.path = None if folder is None else folder / NAME

    def listed(self) -> dict[str, str]:
        """What is listed, with where it came from."""
        found: dict[str, str] = {}
        for line in self._lines():
            match _read(line):
                case [sign, article, source] if sign == _CAME:
                    found[article] = source
                case [sign, article, _] if sign == _GOES:
                    found.pop(article, None)
        return found

    def unreadable(self) -> int:
        """How many lines are damaged; the last may have been cut off by the end of its process."""
        return sum(line.endswith(b"\n") and _read(line) is None for line in self._lines())

    def anew(self, sources: Mapping[str, str]) -> None:
        """Lists these and nothing else, in the place of all that was listed."""
        if self.path is not None:
            part = self.path.with_name(f".{NAME}.part")
            with told(self.path):
                part.write_bytes(b"".join(_line((_CAME, one, sources[one])) for one in sorted(sources)))
                os.replace(part, self.path)

    def _lines(self) -> Iterable[bytes]:
        if self.path is None or not self.path.exists():
            return ()
        with told(self.path):
            return self.path.read_bytes().splitlines(keepends=True)

    def came(self, sources: Mapping[str, str]) -> None:
        """Notes what came, and from where."""
        self._write((_CAME, article, sources[article]) for article in sorted(sources))

    def goes(self, articles: Iterable[str]) -> None:
        """Notes what is about to go."""
        self._write((_GOES, article, "") for article in articles)

    def _write(self, rows: Iterator[tuple[str, str, str]]) -> None:
        lines = b"".join(map(_line, rows))
        if self.path is None or not lines:
            return
        with told(self.path), self.path.open("a+b", buffering=0) as file:
            # What a process that was killed had begun is ended first: no line of ours may be taken for its rest.
            cut = file.seek(0, 2) and (file.seek(-1, 2), file.read(1) != b"\n")[1]
            file.write(b"\n" + lines if cut else lines)


def _line(row: tuple[str, str, str]) -> bytes:
    text = json.dumps(row).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _read(line: bytes) -> list[str] | None:
    """What a line says; None where it is damaged."""
    check, _, text = line.rstrip(b"\n").partition(b" ")
    if check != b"%08x" % zlib.crc32(text):
        return None
    row: list[str] = json.loads(text)
    return row
