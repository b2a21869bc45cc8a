"""A server that speaks as a language model does: it answers well, badly, slowly, or with lies."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"
#: What answers a request, given its body; it may leave the connection as it likes.
Act = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass(slots=True)
class Model:
    """The server: what it does with one request after another, the last for all that follow; what it was asked, with
    which headers."""

    acts: list[Act] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def act(self) -> Act:
        return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]


def reply(content: bytes, status: int = 200, **headers: str) -> Act:
    """Answers with these bytes; headers' names are written with underscores."""

    def act(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return act


def completion(content: object, read: object = 1000, written: object = 100) -> bytes:
    """A chat completion; what is no string becomes JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    usage = {"prompt_tokens": read, "completion_tokens": written}
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}], "usage": usage}).encode()


def says(*events: object, relations: tuple[object, ...] = ()) -> Act:
    """Answers with these claims."""
    return reply(completion({"events": list(events), "relations": list(relations)}))


@contextmanager
def serving() -> Iterator[Model]:
    """A model on a free port, ended when the test is done."""
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            model.asked.append(json.loads(body) | {"path": self.path})
            model.act()(self, model.asked[-1])

        def do_GET(self) -> None:
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            model.asked.append({"path": self.path})
            reply(b"")(self, {})

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    model.url = f"http://{HOST}:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
