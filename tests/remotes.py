"""A real Oxigraph server for tests, and a proxy in front of it that does what networks and servers do on bad days."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest

LOCAL = "127.0.0.1"


@dataclass(slots=True)
class Oxigraph:
    """A server of a folder at a port, which is a process of its own."""

    location: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
        if program is None:
            pytest.skip("no oxigraph server beside this Python: pip install oxigraph")
        self.port = self.port or _free()
        address = f"{LOCAL}:{self.port}"
        command = [program, "serve", "--location", str(self.location), "--bind", address]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while self._process.poll() is None:
            with suppress(OSError), socket.create_connection((LOCAL, self.port), timeout=1):
                return
            time.sleep(0.02)
        raise AssertionError(f"the server ended with {self._process.returncode}")

    def kill(self) -> None:
        """As a machine that loses power would: nothing is said goodbye to."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def address(self) -> str:
        return f"http://{LOCAL}:{self.port}"

    @property
    def graphs(self) -> str:
        return f"{self.address}/store"

    def dump(self) -> set[ox.Quad]:
        """All that the server holds."""
        answer = httpx.get(self.graphs, headers={"Accept": "application/n-quads"}, timeout=60)
        answer.raise_for_status()
        return set(ox.parse(answer.content, format=ox.RdfFormat.N_QUADS))


def _free() -> int:
    with socket.socket() as taken:
        taken.bind((LOCAL, 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def oxigraph(location: Path) -> Iterator[Oxigraph]:
    server = Oxigraph(location)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """The address of graphs of a Virtuoso server in a folder, to which dba with the password dba may write."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("no Virtuoso here (Debian: virtuoso-opensource)")
    port, files = _free(), ("Database", "ErrorLog", "Lock", "Transaction", "xa_persistent_")
    named = "".join(f"{name}{'f' if name[0] == 'x' else 'F'}ile={folder}/v.{name.lower()}\n" for name in files)
    (folder / "v.ini").write_text(
        f"[Database]\n{named}[TempDatabase]\nDatabaseFile={folder}/t.db\nTransactionFile={folder}/t.trx\n"
        f"[Parameters]\nServerPort={LOCAL}:{_free()}\nNumberOfBuffers=4000\nMaxDirtyBuffers=3000\n"
        f"[HTTPServer]\nServerPort={LOCAL}:{port}\nServerRoot={folder}\n"
    )
    process = subprocess.Popen([program, "-f", "-c", "v.ini"], cwd=folder, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.get(f"http://{LOCAL}:{port}/sparql")
                break
            time.sleep(0.1)
        assert process.poll() is None, (folder / "v.errorlog").read_text()
        yield f"http://{LOCAL}:{port}/sparql-graph-crud-auth"
    finally:
        process.kill()
        process.wait()


class Fault(StrEnum):
    """What becomes of a request on a bad day."""

    CLOSED = "the connection closes before anything is done"
    UNHEARD = "the server does it, and its answer is lost"
    HALF_ASKED = "the server gets half of the request"
    HALF_ANSWERED = "the client gets half of the answer"
    BUSY = "503"
    LATER = "429, in a second"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: `number` counts from 0."""

    number: int
    method: str
    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Proxy:
    """What stands in front of a server: what was asked of it, and what it does to each request."""

    server: Oxigraph
    plan: Callable[[Asked], Fault | None] = lambda _: None
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    @property
    def graphs(self) -> str:
        return f"{self.address}/store"

    def writes(self) -> list[Asked]:
        return [one for one in self.asked if one.method != "GET"]


@contextmanager
def proxy(server: Oxigraph) -> Iterator[Proxy]:
    front = Proxy(server)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(len(front.asked), self.command, self.path, headers)
            front.asked.append(asked)
            match front.plan(asked):
                case Fault.CLOSED:
                    self.close_connection = True
                case Fault.HALF_ASKED:
                    _half(server, self.requestline, headers, body)
                    self.close_connection = True
                case Fault.BUSY:
                    self._answer(503, b"not now")
                case Fault.LATER:
                    self._answer(429, b"slowly", {"Retry-After": "1"})
                case fault:
                    self._forward(body, fault)

        def _forward(self, body: bytes, fault: Fault | None) -> None:
            upstream = HTTPConnection(LOCAL, server.port, timeout=60)
            try:
                upstream.request(self.command, self.path, body or None, dict(self.headers))
                answer = upstream.getresponse()
                content = answer.read()
            except OSError:
                self.close_connection = True
                return
            finally:
                upstream.close()
            if fault is Fault.UNHEARD:
                self.close_connection = True
                return
            kept = {"Content-Type": answer.headers.get("Content-Type", "text/plain")}
            if fault is Fault.HALF_ANSWERED:
                # Also an empty answer can break off: before its headers end.
                self.close_connection = True
                self.wfile.write(f"HTTP/1.1 {answer.status} Cut\r\nContent-Length: {len(content)}\r\n".encode())
                self.wfile.write(b"\r\n" + content[: len(content) // 2] if content else b"")
                return
            self._answer(answer.status, content, kept)

        def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = _any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    listener = ThreadingHTTPServer((LOCAL, 0), Handler)
    listener.daemon_threads = True
    front.address = f"http://{LOCAL}:{listener.server_address[1]}"
    threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield front
    finally:
        listener.shutdown()
        listener.server_close()


def _half(server: Oxigraph, line: str, headers: dict[str, str], body: bytes) -> None:
    """Sends the server half of a body of which it was told the whole length, and hangs up."""
    told = {**headers, "host": urlsplit(server.address).netloc}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    with socket.create_connection((LOCAL, server.port), timeout=60) as wire:
        wire.sendall(f"{line}\r\n{head}\r\n".encode() + body[: len(body) // 2])
