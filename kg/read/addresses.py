"""Which addresses may be fetched from: those of the public internet, and no others.

An article or feed may name any URL, so a URL must not reach what only this machine can: services on it, its network,
the metadata of its cloud. A name is resolved once, all its addresses are looked at, and the connection goes to the
very address that was looked at; so neither a redirect nor a name that resolves anew (DNS rebinding) leads elsewhere.
"""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from httpcore import ConnectError, ConnectTimeout, NetworkBackend, NetworkStream, SyncBackend

Address = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
_ALLOWED_PORTS = frozenset((80, 443, 8080, 8443))
#: Addresses that lead into other networks, where a private one may hide (NAT64, 6to4, Teredo, ISATAP and the like), and
#: those behind which clouds keep their metadata (Oracle's, Azure's).
_REFUSED = tuple(
    map(
        ip_network,
        ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "192.0.0.0/24", "168.63.129.16/32"),
    )
)


def checked(url: str, allowed: Collection[str] = ()) -> SplitResult:
    """The parts of a URL that may be asked for. Raises ValueError with the reason where it may not.

    `allowed` are hosts that may be reached wherever they are, at any port.
    """
    if not url.isprintable() or any(char.isspace() or char == "\\" for char in url):
        raise ValueError("refused: a URL has no spaces, control characters or backslashes")
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError(f"refused: {parts.scheme or 'no scheme'}: only http and https are fetched")
    if not parts.hostname:
        raise ValueError("refused: the URL names no host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("refused: the URL holds a user's name or password")
    port = parts.port or PORTS[parts.scheme]
    if port not in _ALLOWED_PORTS and parts.hostname not in allowed:
        raise ValueError(f"refused: port {port} is none of the web's ({', '.join(map(str, sorted(_ALLOWED_PORTS)))})")
    return parts


def public(address: str) -> bool:
    """Whether an IP address is of the public internet."""
    ip: Address = ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    if mapped is not None:
        ip = mapped
    odd = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local or ip.is_private
    return ip.is_global and not odd and not any(ip in network for network in _REFUSED if network.version == ip.version)


def is_here(host: str) -> bool:
    """Whether a host, by its name or address, is this machine: what is told to it nobody else can read."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def resolved(host: str, port: int, allowed: Collection[str] = ()) -> tuple[str, ...]:
    """The addresses of a host. Raises ValueError where one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{host} cannot be resolved: {error}") from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if host not in allowed and (hidden := [address for address in addresses if not public(address)]):
        where = "" if host == hidden[0] else f" is at {hidden[0]}, which"
        raise ValueError(f"refused: {host}{where} is not on the public internet")
    return addresses


class PublicOnly(NetworkBackend):
    """Connects to public addresses, and to hosts that are allowed by name. TLS still checks the host's name."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = allowed
        self._backend = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        *others, last = resolved(host, port, self._allowed)
        for address in others:
            with suppress(ConnectError, ConnectTimeout):
                return self._backend.connect_tcp(address, port, timeout, local_address)
        return self._backend.connect_tcp(last, port, timeout, local_address)
