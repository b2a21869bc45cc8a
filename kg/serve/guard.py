"""Who may ask, and what a page may load. A page of another site must neither read these nor act through them.

Host is checked against DNS rebinding: a name of somebody else's that leads to this machine is refused. Origin, which
browsers send with what other sites ask for, must be one of our own; where there is none, as for an image, browsers say
in Sec-Fetch-Site that it comes from elsewhere. Who changes something must know the token besides, which stands in no
cookie: so no page of another site can have a browser send it along.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Our own scripts and styles, nobody else's, and none that stand in a page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
#: The standalone page carries a stricter policy in itself: hashes of its scripts and styles.
STANDALONE = "frame-ancestors 'self'; form-action 'none'; object-src 'none'"
HEADERS = {
    "x-content-type-options": "nosniff",
    # Not "no-referrer": with that, browsers send the Origin of our own forms as "null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_LOCAL = ("127.0.0.1", "localhost", "[::1]")


def names_of(host: str) -> frozenset[str]:
    """The names that a server at a host may be called by."""
    return frozenset((*_LOCAL, f"[{host}]" if ":" in host else host)) - {"0.0.0.0", "[::]"}


def knows(given: str, token: str) -> bool:
    """Whether somebody who gives this knows the token; nobody does where there is none."""
    return bool(token) and secrets.compare_digest(given.encode(), token.encode())


class Guard:
    """Refuses requests under other names or from other sites, and tells browsers what a page may do."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if reason := self._refused(Headers(scope=scope)):
            return await PlainTextResponse(reason, 403, headers=HEADERS)(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("content-security-policy", POLICY)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)

    def _refused(self, headers: Headers) -> str:
        host, origin = headers.get("host", ""), headers.get("origin")
        if _name(host) not in self._hosts:
            return f"{host!r} is no name of this server: open it as http://127.0.0.1:PORT, or give --host its name\n"
        if (origin is not None and origin != f"http://{host}") or _is_slipped_in(headers):
            return "pages of other sites may not ask here: open this server's own pages\n"
        return ""


def _is_slipped_in(headers: Headers) -> bool:
    """Whether a page of another site loads this as an image, a script or a frame; a link that is followed may be."""
    elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return elsewhere and (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) != ("navigate", "document")


def _name(host: str) -> str:
    """A host without its port."""
    return host[: host.rfind("]") + 1].lower() if host.startswith("[") else host.partition(":")[0].lower()
