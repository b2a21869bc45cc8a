"""Who may ask, and what a page may do: Host and Origin are checked, and nothing is loaded from elsewhere.

A page of another site can make a browser on this machine send requests here, under a name of its own that resolves to
127.0.0.1 (DNS rebinding): the Host header tells. What such a page sends across sites has an Origin, or says so in
Sec-Fetch-Site. Nothing here writes, so a link from elsewhere may be followed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: No inline script and no inline style: what an article says stays text, whatever it says.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Guard:
    """Answers who may not ask, and puts the headers on every other answer."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = frozenset({*_LOCAL, *hosts})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = refused(Headers(scope=scope), self._hosts)
        app = self._app if refusal is None else PlainTextResponse(refusal, status_code=403)
        await app(scope, receive, guarded)


def refused(headers: Headers, hosts: frozenset[str]) -> str | None:
    """Why a request is refused; None if it is not."""
    host = headers.get("host", "")
    if not _is_ours(host, hosts):
        return f"Host {host[:100]!r} is not this server's: open it by the address that kg serve printed\n"
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "this request comes from a page of another site: open this server's own pages\n"
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode", "navigate") != "navigate":
        return "this request comes from a page of another site: open this server's own pages\n"
    return None


def _is_ours(host: str, hosts: frozenset[str]) -> bool:
    """Whether a Host header names this server. An address cannot be rebound, a name can."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in hosts or ("0.0.0.0" in hosts and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
