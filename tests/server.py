"""A real `kg serve` for tests: a process of its own on a free port, as a user starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from kg.record import Record
from kg.store import Store

_ADDRESS = re.compile(r" at (http://\S+?)/? ")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, a client of it, and its process id."""

    address: str
    client: httpx.Client
    pid: int


@contextmanager
def running(store: Path, *options: str) -> Iterator[Server]:
    """A server of a store, ended when the test is done."""
    command = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        match = _ADDRESS.search(said)
        assert match, said + process.stderr.read()
        with httpx.Client(base_url=match[1], timeout=60) as client:
            yield Server(match[1], client, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def filled(path: Path, records: Iterable[Record]) -> Path:
    """A store of records, closed, so that a server may copy it."""
    with Store(path) as store:
        for record in records:
            store.add(record)
    return path
