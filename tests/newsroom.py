"""What news comes in, made by hand: a PDF, a letter, a feed, a web archive, exporters' lines; and a server of pages."""

from __future__ import annotations

import gzip
import json
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: The server's host as tests name it, and the one exception to what may be fetched.
HOST = "127.0.0.1"

PARAGRAPHS = (
    "The envoys of Freedonia and Sylvania met in the old port on Monday, for the first time since the summer, and "
    "spoke for more than three hours about the exchange of prisoners.",
    "Neither of them would tell the waiting reporters what they had agreed, but both said that they were going to meet "
    "again before the end of the month.",
)
TEXT = "\n\n".join(PARAGRAPHS)


def page(title: str = "Envoys meet in the port", paragraphs: tuple[str, ...] = PARAGRAPHS, head: str = "") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    markup = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
    return f"{markup}<nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>".encode()


def numbered(number: int) -> tuple[str, ...]:
    """Paragraphs that no other number has."""
    return tuple(text.replace("Monday", f"day {number}").replace("three", str(number + 3)) for text in PARAGRAPHS)


# --------------------------------------------------------------------------------------------------------------- files


def pdf(lines: tuple[str, ...], stream: bytes | None = None, filters: str = "") -> bytes:
    """A PDF of one page with these lines; `stream` takes the place of the page's content."""
    shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj 0 -14 Td\n" for line in lines)
    content = stream if stream is not None else f"BT /F1 12 Tf 72 720 Td\n{shown}ET".encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), filters.encode(), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (Envoys meet) >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>" % (len(objects) + 1)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        trailer,
        len(out),
    )


def letter(text: str = TEXT, extra: str = "") -> bytes:
    head = (
        "From: The Harbour Post <news@post.example>\r\nTo: you@example.org\r\n"
        "Subject: =?utf-8?q?Envoys_meet_=E2=80=93_again?=\r\n"
        f"Date: Wed, 04 Mar 2026 07:30:00 +0000\r\nMIME-Version: 1.0\r\n{extra}"
    )
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed."""

    link: str
    title: str
    day: str = "Wed, 04 Mar 2026 07:30:00 GMT"
    content: str = "In short."


def rss(*items: Item, head: str = "") -> bytes:
    listed = "".join(
        f"<item><title>{item.title}</title><link>{item.link}</link><guid>{item.link}</guid><pubDate>{item.day}</pubDate>"
        f"<description><![CDATA[{item.content}]]></description></item>"
        for item in items
    )
    channel = f"<channel><title>The Harbour Post</title><link>https://post.example</link>{listed}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0">{channel}</rss>'.encode()


def record(
    url: str, body: bytes, extra: str = "", headers: str = "Content-Type: text/html; charset=utf-8\r\n"
) -> bytes:
    """A response of a web archive, as one member of a gzip file."""
    http = f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-04T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{zlib.crc32(url.encode()):08x}>\r\n{extra}"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0)


def jsonl(*rows: Mapping[str, object]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


# -------------------------------------------------------------------------------------------------------------- server


@dataclass(slots=True)
class Reply:
    """What the server says to a request for a path."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


@dataclass(slots=True)
class Site:
    """A server on this machine: its pages by path, what was asked of it, and when."""

    pages: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    def url(self, path: str) -> str:
        return self.address + path

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def serving() -> Iterator[Site]:
    """A site on a free port, ended when the test is done."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            found = site.pages.get(self.path, Reply(b"none", 404))
            if callable(found):
                found(self)
                return
            if found.headers.get("ETag") and self.headers.get("If-None-Match") == found.headers["ETag"]:
                found = Reply(b"", 304, {"ETag": found.headers["ETag"]})
            self.send_response(found.status)
            for name, value in {"Content-Length": str(len(found.content)), **found.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(found.content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    site.address = f"http://{HOST}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
