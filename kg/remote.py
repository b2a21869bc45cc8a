"""The graphs of a store on a SPARQL server, kept the same by the Graph Store Protocol and by Update.

    PUT     a named graph that is new or has changed; twice is as good as once
    DELETE  a named graph that is gone from the store
    POST    updates of <https://kg.example/pushed>, which says of each graph there what it holds, as a digest

No graph is touched that neither the store has nor that graph names. Before a graph is sent or dropped it is named there
as in doubt; so whatever cuts a push short, the next one sends what is not surely there and drops what is left over.
"""

from __future__ import annotations

import hashlib
import netrc
import os
import random
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox

from kg.errors import StoreError
from kg.namespaces import ARTICLE, INDEX, KG, PUSHED
from kg.quads import as_text
from kg.read.addresses import is_here
from kg.read.fetch import retry_after
from kg.store import Store

#: How often a request is made before the push is given up; all of them may be made twice.
TRIES = 7
#: Seconds before the second try, doubled for each further one, up to the most; and the longest wait on a server's word.
_FIRST_WAIT, _MOST_WAIT, _PATIENCE = 0.5, 16.0, 300
#: What a server may answer when asked again later. 500 as well: some servers answer it when two writers meet.
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
#: A server may take long to write a large graph.
_TIMEOUT = httpx.Timeout(10, read=600, write=60)
#: Graphs between two updates of their digests: so many are sent again after a cut, at most.
_BATCH = 50
#: The address of updates by that of graphs, where it is the same with another ending.
_UPDATES = {
    "/rdf-graphs/service": "/statements",  # GraphDB, RDF4J
    "/sparql-graph-crud-auth": "/sparql-auth",  # Virtuoso
    "/sparql-graph-crud": "/sparql",
    "/data": "/update",  # Fuseki
    "/store": "/update",  # Oxigraph
}
_TRIPLES = "application/n-triples"
#: In the place of a digest, while nobody knows whether the server has the old graph or the new one.
_IN_DOUBT = ""
_DIGEST = ox.NamedNode(str(KG.digest))


class Moved(StrEnum):
    """What became of a graph."""

    SENT = "sent"
    KNOWN = "already there"
    DROPPED = "dropped"


class Remote:
    """A SPARQL 1.1 server by two addresses: of its Graph Store Protocol, and of its updates where no rule tells it.

    Who asks is told by KG_TOKEN (a bearer token), by KG_USER and KG_PASSWORD, or by ~/.netrc. Raises StoreError for an
    address that is none. `sleep` waits so many seconds.
    """

    def __init__(self, graphs: str, updates: str | None = None, sleep: Callable[[float], object] = time.sleep) -> None:
        self._graphs = _checked(graphs)
        self._updates = _checked(updates) if updates else _beside(graphs)
        self._sleep = sleep
        self._client = httpx.Client(timeout=_TIMEOUT, auth=_login(self._graphs), headers={"User-Agent": "kg-news"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, graph: str) -> Iterator[ox.Triple]:
        """The triples of a named graph; none if it is not there."""
        response = self._ask("GET", self._at(graph), {"Accept": _TRIPLES})
        try:
            for quad in (
                () if response.status_code == 404 else ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)
            ):
                yield quad.triple
        except SyntaxError as error:
            said = f"{_shown(self._graphs)}: the server gave no N-Triples ({error})"
            raise StoreError(f"{said}: is this the address of its Graph Store Protocol?") from error

    def put(self, graph: str, lines: Iterable[bytes]) -> None:
        """Puts triples, as lines of N-Triples, in the place of what a named graph held."""
        self._ask("PUT", self._at(graph), {"Content-Type": _TRIPLES}, b"".join(lines))

    def drop(self, graph: str) -> None:
        """Takes a named graph away, if it is there."""
        self._ask("DELETE", self._at(graph))

    def update(self, sparql: str) -> None:
        """Runs an update that may be run twice."""
        self._ask("POST", httpx.URL(self._updates), {"Content-Type": "application/sparql-update"}, sparql.encode())

    def digests(self) -> dict[str, str]:
        """What each graph of ours on the server held when it was sent, by its name."""
        found = (triple for triple in self.get(PUSHED) if triple.predicate == _DIGEST)
        return {as_text(triple.subject): as_text(triple.object) for triple in found}

    def note(self, digests: Mapping[str, str | None]) -> None:
        """Notes what the server holds of graphs from now on; None of those that are not there."""
        values = " ".join(f"<{graph}>" for graph in digests)
        old = f"GRAPH <{PUSHED}> {{ ?graph {_DIGEST} ?digest }}"
        new = " ".join(f'<{graph}> {_DIGEST} "{held}" .' for graph, held in digests.items() if held is not None)
        insert = f" ; INSERT DATA {{ GRAPH <{PUSHED}> {{ {new} }} }}" if new else ""
        self.update(f"DELETE {{ {old} }} WHERE {{ VALUES ?graph {{ {values} }} {old} }}{insert}")

    def _at(self, graph: str) -> httpx.URL:
        return httpx.URL(self._graphs).copy_merge_params({"graph": graph})

    def _ask(
        self, method: str, url: httpx.URL, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        """The answer to a request, made again where that may help. Raises StoreError for a no, and where the server is
        not heard of."""
        place, reason = _shown(str(url)), ""
        for number in range(TRIES):
            wait = random.uniform(0.5, 1) * min(_FIRST_WAIT * 2**number, _MOST_WAIT)
            try:
                response = self._client.request(method, url, headers=headers, content=content)
            except httpx.RequestError as error:
                reason = " ".join(str(error).split()) or type(error).__name__
            else:
                if response.is_success or (response.status_code == 404 and method in ("GET", "DELETE")):
                    return response
                reason = _no(response)
                if response.status_code not in _PASSING:
                    raise StoreError(f"{place}: {reason}{_hint(response.status_code)}")
                wait = max(wait, _asked_to_wait(place, response))
            if number < TRIES - 1:
                self._sleep(wait)
        raise StoreError(f"{place}: given up after {TRIES} tries: {reason}; the same command goes on from there")


def push(store: Store, remote: Remote, check: bool = False) -> Iterator[tuple[str, Moved]]:
    """Makes a server hold the graphs of a store, all but the index; what became of each graph, when it is so.

    Articles come first and go last, so what the world graph says always has an article behind it. With `check` each
    graph is read back and compared, in place of its digest. Raises StoreError where the server does not take them.
    """
    there = remote.digests()
    here = {graph: digest(_lines(store, graph)) for graph in sorted(_graphs(store), key=_turn)}
    same = {graph for graph in here if here[graph] == there.get(graph)}
    if check:
        same = {graph for graph in same if digest(map(_line, remote.get(graph))) == here[graph]}
    yield from ((graph, Moved.KNOWN) for graph in here if graph in same)
    for some in _batches(graph for graph in here if graph not in same):
        remote.note(dict.fromkeys(some, _IN_DOUBT))
        for graph in some:
            remote.put(graph, _lines(store, graph))
        remote.note({graph: here[graph] for graph in some})
        yield from ((graph, Moved.SENT) for graph in some)
    for some in _batches(sorted((graph for graph in there if graph not in here), key=_turn, reverse=True)):
        remote.note(dict.fromkeys(some, _IN_DOUBT))
        for graph in some:
            remote.drop(graph)
        remote.note(dict.fromkeys(some))
        yield from ((graph, Moved.DROPPED) for graph in some)


def _graphs(store: Store) -> Iterator[str]:
    return (graph for graph in store.graphs() if graph != INDEX)


def _turn(graph: str) -> tuple[bool, str]:
    return not graph.startswith(ARTICLE), graph


def _batches(graphs: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(graphs)
    while some := list(islice(rest, _BATCH)):
        yield some


# -------------------------------------------------------------------------------------------------------------- content


def _lines(store: Store, graph: str) -> Iterator[bytes]:
    return (_line(quad.triple) for quad in store.quads(graph))


def _line(triple: ox.Triple) -> bytes:
    return f"{triple} .\n".encode()


def digest(lines: Iterable[bytes]) -> str:
    """A graph as 64 hexadecimal digits, whatever the order of its lines: the sum of their SHA-256."""
    whole = sum(int.from_bytes(hashlib.sha256(line).digest()) for line in lines)
    return f"{whole % 2**256:064x}"


# ------------------------------------------------------------------------------------------------------------ addresses


def _checked(url: str) -> str:
    """An address. Raises StoreError for what is none, or tells a password, which would be seen by others."""
    try:
        parts = httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as error:
        shown = url.rpartition("@")[2]
        raise StoreError(f"{shown}: is no address of a server ({error}): write http://HOST:PORT/PATH") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise StoreError(f"{_shown(url)}: is no address of a server: write http://HOST:PORT/PATH")
    if parts.username or parts.password:
        raise StoreError(
            f"{_shown(url)}: a password does not belong in an address: set KG_USER and KG_PASSWORD, or ~/.netrc"
        )
    return url


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.scheme else parts.path


def _beside(graphs: str) -> str:
    """The address of updates of the server whose graphs are at an address."""
    ending = next((ending for ending in _UPDATES if graphs.rstrip("/").endswith(ending)), None)
    return graphs if ending is None else graphs.rstrip("/").removesuffix(ending) + _UPDATES[ending]


# ---------------------------------------------------------------------------------------------------------- credentials


def _refuse_in_the_clear(url: httpx.URL, what: str) -> None:
    """Raises StoreError where a secret would be read by whoever is on the way."""
    if url.scheme == "http" and not is_here(url.host):
        raise StoreError(
            f"{_shown(str(url))}: {what} would go over http for all to read: use https, or a tunnel (ssh -L)"
        )


class _Token(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        _refuse_in_the_clear(request.url, "KG_TOKEN")
        request.headers["Authorization"] = self._header
        yield request


class _Login(httpx.Auth):
    """A user and a password, told when the server asks for them, in the way it asks for: Virtuoso's is digest."""

    def __init__(self, user: str, password: str) -> None:
        self._who = user, password
        self._way: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._way is None:
            response = yield request
            if response.status_code != 401:
                return
            digest = response.headers.get("WWW-Authenticate", "").lower().startswith("digest")
            if not digest:
                _refuse_in_the_clear(request.url, "the password")
            self._way = (httpx.DigestAuth if digest else httpx.BasicAuth)(*self._who)
        yield from self._way.auth_flow(request)


def _login(url: str) -> httpx.Auth | None:
    """Who asks. Raises StoreError where ~/.netrc is no such file."""
    if token := os.environ.get("KG_TOKEN"):
        return _Token(token)
    if user := os.environ.get("KG_USER"):
        return _Login(user, os.environ.get("KG_PASSWORD", ""))
    try:
        known = netrc.netrc().authenticators(urlsplit(url).hostname or "")
    except FileNotFoundError:
        return None
    except (OSError, netrc.NetrcParseError) as error:
        raise StoreError(f"~/.netrc cannot be read: {error}") from error
    return None if known is None else _Login(known[0] or known[1] or "", known[2] or "")


# -------------------------------------------------------------------------------------------------------------- answers


def _no(response: httpx.Response) -> str:
    """A server's no, in one line."""
    said = " ".join(response.text.split())[:200]
    return f"the server answered {response.status_code}" + (f" ({said})" if said else "")


def _hint(status: int) -> str:
    """How to mend a no."""
    if status in (401, 403):
        return ": set KG_USER and KG_PASSWORD, or KG_TOKEN, to who may write there"
    if status in (301, 302, 303, 307, 308):
        return ": it has moved: give the address that it leads to"
    if status in (404, 405, 501):
        return ": is this the right address? kg push --help names those of some servers"
    return ""


def _asked_to_wait(place: str, response: httpx.Response) -> float:
    """For how many seconds a server wants to be left alone. Raises StoreError where that is too long to wait."""
    wait = retry_after(response.headers.get("Retry-After")) or 0
    if wait > _PATIENCE:
        raise StoreError(f"{place}: {_no(response)}, and asks to come back in {wait} s: run the same command then")
    return wait
