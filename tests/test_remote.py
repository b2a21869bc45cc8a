"""A store on a real SPARQL server: what is there equals what is here, whatever the network and the server do."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.clusters import Verdict
from kg.errors import StoreError
from kg.merge import merge
from kg.namespaces import INDEX, PUSHED, WORLD
from kg.remote import TRIES, Moved, Remote, _beside, digest, push
from kg.resolve import decide, decided
from kg.store import Store
from tests.merged import quads, stored
from tests.newsroom import Reply, serving
from tests.records import strike, talks
from tests.remotes import Asked, Fault, Oxigraph, Proxy, oxigraph, proxy, virtuoso
from tests.test_resolve import ANNA, PETER, article, form

OTHERS = "https://example.org/graph"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oxigraph]:
    with oxigraph(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(running: Oxigraph) -> Oxigraph:
    """A server that holds a graph of others, and nothing else."""
    httpx.post(f"{running.address}/update", content="CLEAR ALL", headers={"Content-Type": "application/sparql-update"})
    put(running, OTHERS, '<https://example.org/a> <https://example.org/b> "theirs" .')
    return running


@pytest.fixture
def front(server: Oxigraph) -> Iterator[Proxy]:
    with proxy(server) as found:
        yield found


@pytest.fixture
def store() -> Store:
    opened = stored([talks(), strike(), article(4, ANNA, PETER)])
    decide(opened, [decided(form(ANNA), form(PETER), Verdict.DIFFERENT, "Desk 3")])
    return opened


def put(server: Oxigraph, graph: str, triples: str) -> None:
    headers = {"Content-Type": "application/n-triples"}
    httpx.put(server.graphs, params={"graph": graph}, content=triples, headers=headers).raise_for_status()


def pushed(store: Store, graphs: str, check: bool = False, waits: list[float] | None = None) -> Counter[Moved]:
    with Remote(graphs, sleep=(waits if waits is not None else list[float]()).append) as remote:
        return Counter(moved for _, moved in push(store, remote, check))


def same(server: Oxigraph, store: Store) -> bool:
    """Whether the server holds just what the store holds, but for the index, and what others have there."""
    there = {quad for quad in server.dump() if quad.graph_name.value not in (PUSHED, OTHERS)}  # type: ignore[union-attr]
    here = {quad for quad in store.quads() if quad.graph_name.value != INDEX}  # type: ignore[union-attr]
    assert len(here) > 200
    return there == here


def theirs(server: Oxigraph) -> int:
    return sum(quad.graph_name == ox.NamedNode(OTHERS) for quad in server.dump())


def first(fault: Fault) -> Callable[[Asked], Fault | None]:
    """A plan in which the fault befalls every request the first time that it is made."""
    seen = set[tuple[str, str, str]]()

    def plan(asked: Asked) -> Fault | None:
        told = asked.method, asked.path, asked.headers.get("content-length", "")
        if told in seen:
            return None
        seen.add(told)
        return fault

    return plan


# -------------------------------------------------------------------------------------------------------- what is there


def test_the_server_holds_what_the_store_holds_quad_for_quad(server: Oxigraph, store: Store) -> None:
    assert not same(server, store)
    assert pushed(store, server.graphs) == {Moved.SENT: 6}
    assert same(server, store)
    assert theirs(server) == 1


def test_a_second_push_writes_nothing(front: Proxy, store: Store) -> None:
    pushed(store, front.graphs)
    assert front.writes()
    front.asked.clear()
    assert pushed(store, front.graphs) == {Moved.KNOWN: 6}
    assert [one.method for one in front.asked] == ["GET"]


def test_only_what_changed_is_sent_and_what_is_gone_is_dropped(front: Proxy, store: Store) -> None:
    pushed(store, front.graphs)
    front.asked.clear()
    store.remove(talks().id)
    store.add(article(5, ANNA))
    assert pushed(store, front.graphs) == {Moved.SENT: 3, Moved.KNOWN: 3, Moved.DROPPED: 1}
    assert same(front.server, store)
    assert theirs(front.server) == 1
    # Articles come first and go last, so that what the world graph says has an article behind it all the time.
    moved = [one.path.partition("graph=")[2] for one in front.writes() if one.method in ("PUT", "DELETE")]
    assert [path.rpartition("%2F")[2] for path in moved[1:]] == ["identity", "world", talks().id.rpartition("/")[2]]


def test_people_who_take_back_their_word_leave_no_graph(server: Oxigraph, store: Store) -> None:
    pushed(store, server.graphs)
    store.decide(())
    assert pushed(store, server.graphs)[Moved.DROPPED] == 1
    assert same(server, store)


def test_what_another_wrote_there_is_found_only_where_all_is_read_back(server: Oxigraph, store: Store) -> None:
    pushed(store, server.graphs)
    put(server, WORLD, '<https://example.org/a> <https://example.org/b> "not ours" .')
    assert pushed(store, server.graphs) == {Moved.KNOWN: 6}
    assert not same(server, store)
    assert pushed(store, server.graphs, check=True) == {Moved.KNOWN: 5, Moved.SENT: 1}
    assert same(server, store)


def test_a_dump_of_the_server_is_a_source_of_merge(server: Oxigraph, store: Store, tmp_path: Path) -> None:
    pushed(store, server.graphs)
    path = tmp_path / "dump.nq"
    path.write_bytes(ox.serialize((quad for quad in server.dump()), format=ox.RdfFormat.N_QUADS) or b"")
    with Store() as other:
        (merged,) = merge(other, [path])
        assert merged.articles == 3
        assert merged.foreign == 1, "of what says what was sent nothing is taken"
        assert {quad for quad in quads(other) if "example/foreign" not in quad} == quads(store)


def test_a_digest_is_of_the_set_of_lines() -> None:
    lines = [b"<a> <b> <c> .\n", b"<a> <b> <d> .\n"]
    assert digest(lines) == digest(reversed(lines)) != digest(lines[:1])
    assert re.fullmatch("0{64}", digest([]))


def test_virtuoso_holds_the_same(store: Store, nobody: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody.setenv("KG_USER", "dba")
    nobody.setenv("KG_PASSWORD", "dba")
    with virtuoso(tmp_path) as graphs:
        assert pushed(store, graphs) == {Moved.SENT: 6}
        store.remove(talks().id)
        assert pushed(store, graphs) == {Moved.SENT: 2, Moved.KNOWN: 3, Moved.DROPPED: 1}
        assert pushed(store, graphs, check=True) == {Moved.KNOWN: 5}
        with Remote(graphs) as remote:
            assert {*remote.get(WORLD)} == {quad.triple for quad in store.quads(WORLD)}
            assert not [*remote.get(talks().id)]


# ----------------------------------------------------------------------------------------------------------- bad days


@pytest.mark.parametrize("fault", Fault)
def test_each_request_may_go_wrong_once(front: Proxy, store: Store, fault: Fault) -> None:
    pushed(stored([talks(), article(7, PETER)]), front.graphs)
    front.plan, waits = first(fault), list[float]()
    front.asked.clear()
    assert pushed(store, front.graphs, waits=waits)[Moved.DROPPED] == 1
    assert same(front.server, store)
    assert theirs(front.server) == 1
    assert len(waits) * 2 >= len(front.asked) > 15
    assert min(waits) >= (1 if fault is Fault.LATER else 0.25)
    front.asked.clear()
    front.plan = lambda _: None
    assert pushed(store, front.graphs) == {Moved.KNOWN: 6}
    assert not front.writes()


@pytest.mark.parametrize("fault", Fault)
def test_without_a_second_try_it_fails(
    front: Proxy, store: Store, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.remote.TRIES", 1)
    front.plan = first(fault)
    with pytest.raises(StoreError, match="given up after 1 tries"):
        pushed(store, front.graphs)
    assert not same(front.server, store)


@pytest.mark.parametrize("seed", range(3))
def test_all_of_it_goes_wrong_at_random(front: Proxy, store: Store, seed: int) -> None:
    dice = random.Random(seed)
    front.plan = lambda _: dice.choice((None, None, *Fault))
    for opened in (stored([talks(), article(7, PETER)]), store):
        while True:
            try:
                pushed(opened, front.graphs)
                break
            except StoreError as error:
                assert "given up" in str(error)  # noqa: PT017
        assert same(front.server, opened)


def test_a_push_goes_on_where_the_server_died(front: Proxy, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.remote._BATCH", 1)

    def plan(asked: Asked) -> None:
        if asked.number == 5:
            front.server.kill()

    front.plan = plan
    with pytest.raises(StoreError, match=f"given up after {TRIES} tries"):
        pushed(store, front.graphs)
    front.plan = lambda _: None
    front.server.start()
    assert not same(front.server, store)
    assert pushed(store, front.graphs) == {Moved.KNOWN: 1, Moved.SENT: 5}
    assert same(front.server, store)


def test_what_a_cut_push_left_is_in_doubt(front: Proxy, store: Store) -> None:
    """The server takes a changed graph, the push dies, and the store is again as it was: the old digest would lie."""
    pushed(store, front.graphs)
    store.add(article(5, ANNA))
    front.plan = lambda asked: Fault.UNHEARD if asked.method == "PUT" and asked.path.endswith("identity") else None
    with pytest.raises(StoreError):
        pushed(store, front.graphs)
    front.plan = lambda _: None
    store.remove(article(5, ANNA).id)
    assert not same(front.server, store)
    assert pushed(store, front.graphs) == {Moved.KNOWN: 5, Moved.SENT: 1, Moved.DROPPED: 1}
    assert same(front.server, store)


def test_what_was_dropped_and_comes_back_is_sent(front: Proxy, store: Store) -> None:
    pushed(store, front.graphs)
    store.remove(talks().id)
    front.plan = lambda asked: Fault.CLOSED if dropped else dropped.append(asked) if asked.method == "DELETE" else None
    dropped: list[Asked] = []
    with pytest.raises(StoreError):
        pushed(store, front.graphs)
    front.plan = lambda _: None
    store.add(talks())
    assert pushed(store, front.graphs)[Moved.SENT] >= 1
    assert same(front.server, store)


def test_who_asks_for_too_long_a_wait_is_not_waited_for(store: Store) -> None:
    with serving() as site:
        site.pages["/store?graph=https%3A%2F%2Fkg.example%2Fpushed"] = Reply(b"", 429, {"Retry-After": "7200"})
        with pytest.raises(StoreError, match="asks to come back in 7200 s: run the same command then"):
            pushed(store, site.url("/store"))
        assert len(site.asked) == 1


# ----------------------------------------------------------------------------------------------------------- who asks


def _guarded(way: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A page for ann, whose password is s3cret:), or for a token; it is known only to who says so in this way."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        said = handler.headers.get("Authorization", "")
        fits = (
            _digest(said)
            if way == "Digest"
            else said == {"Basic": "Basic YW5uOnMzY3JldDop", "Bearer": "Bearer t0k"}[way]
        )
        handler.send_response(200 if fits else 401)
        challenge = (
            'Digest realm="kg", nonce="n1", qop="auth", algorithm=MD5' if way == "Digest" else f'{way} realm="kg"'
        )
        handler.send_header("WWW-Authenticate", challenge)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def _digest(said: str) -> bool:
    """RFC 7616, section 3.4.1."""
    given = dict(re.findall(r'(\w+)="?([^",]*)"?', said.removeprefix("Digest ")))
    if not given.get("response"):
        return False
    one, two = (hashlib.md5(text.encode()).hexdigest() for text in ("ann:kg:s3cret:)", f"GET:{given['uri']}"))
    told = ":".join((one, *(given[name] for name in ("nonce", "nc", "cnonce", "qop")), two))
    return bool(given["response"] == hashlib.md5(told.encode()).hexdigest())


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in ("KG_TOKEN", "KG_USER", "KG_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize("way", ["Basic", "Digest", "Bearer", "netrc"])
def test_who_may_write_is_told_as_the_server_asks(way: str, nobody: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving() as site:
        site.pages["/store?graph=g"] = _guarded("Basic" if way == "netrc" else way)
        with (
            pytest.raises(StoreError, match="answered 401: set KG_USER and KG_PASSWORD"),
            Remote(site.url("/store")) as remote,
        ):
            list(remote.get("g"))
        if way == "netrc":
            (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password s3cret:)\n")
            (tmp_path / ".netrc").chmod(0o600)
        elif way == "Bearer":
            nobody.setenv("KG_TOKEN", "t0k")
        else:
            nobody.setenv("KG_USER", "ann")
            nobody.setenv("KG_PASSWORD", "s3cret:)")
        with Remote(site.url("/store")) as remote:
            assert list(remote.get("g")) == []


@pytest.mark.parametrize("way", ["Digest", "Bearer"])
def test_a_password_is_told_to_nobody_who_asks_in_another_way(way: str, nobody: pytest.MonkeyPatch) -> None:
    nobody.setenv("KG_USER", "ann")
    nobody.setenv("KG_PASSWORD", "wrong")
    with serving() as site:
        site.pages["/store?graph=g"] = _guarded(way)
        with pytest.raises(StoreError, match="401"), Remote(site.url("/store")) as remote:
            list(remote.get("g"))
        said = [headers.get("authorization", "") for _, headers in site.asked]
        assert said[0] == "", "nothing is told before it is asked for"
        if way == "Digest":
            assert all(one == "" or one.startswith("Digest ") for one in said)


@pytest.mark.parametrize("way", ["Basic", "Digest", "Bearer"])
def test_no_secret_goes_over_http_to_another_machine(way: str, nobody: pytest.MonkeyPatch) -> None:
    for name, value in (
        {"KG_TOKEN": "t0k"}.items() if way == "Bearer" else {"KG_USER": "ann", "KG_PASSWORD": "s3cret:)"}.items()
    ):
        nobody.setenv(name, value)
    nobody.setattr("kg.remote.is_here", lambda host: False)
    with serving() as site, Remote(site.url("/store")) as remote:
        site.pages["/store?graph=g"] = _guarded(way)
        if way == "Digest":
            assert list(remote.get("g")) == [], "a digest tells no password"
        else:
            with pytest.raises(StoreError, match="would go over http for all to read: use https"):
                list(remote.get("g"))
        told = " ".join(str(headers) for _, headers in site.asked)
    assert "t0k" not in told
    assert base64.b64encode(b"ann:s3cret:)").decode() not in told


def test_a_password_in_an_address_is_refused_and_not_repeated(store: Store) -> None:
    for address in (
        "http://ann:s3cret@localhost/store",
        "ftp://ann:s3cret@localhost/store",
        "http://ann:s3cret@/store",
        "http://ann:s3cret@[::1/store",
        "http://ann:s3cret@localhost:port/store",
    ):
        with pytest.raises(StoreError) as raised:
            Remote(address)
        assert "s3cret" not in str(raised.value)
        assert "ann" not in str(raised.value)


def test_a_token_in_a_query_is_sent_and_not_shown() -> None:
    with serving() as site:
        with pytest.raises(StoreError) as raised, Remote(site.url("/store?access-token=s3cret")) as remote:
            remote.update("CLEAR ALL")
        assert "s3cret" not in str(raised.value)
        with Remote(site.url("/store?access-token=s3cret")) as remote:
            assert list(remote.get("g")) == []
        assert site.paths()[-1] == "/store?access-token=s3cret&graph=g"


# ---------------------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("graphs", "updates"),
    [
        ("http://h:7878/store", "http://h:7878/update"),
        ("http://h:3030/news/data", "http://h:3030/news/update"),
        ("http://h:7200/repositories/news/rdf-graphs/service", "http://h:7200/repositories/news/statements"),
        ("http://h:8890/sparql-graph-crud-auth", "http://h:8890/sparql-auth"),
        ("http://h:8890/sparql-graph-crud/", "http://h:8890/sparql"),
        ("http://h:7001/", "http://h:7001/"),
    ],
)
def test_the_address_of_updates_follows_from_that_of_graphs(graphs: str, updates: str) -> None:
    assert _beside(graphs) == updates


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (301, "it has moved"),
        (403, "set KG_USER"),
        (405, "is this the right address"),
        (400, "answered 400 .no such thing.$"),
    ],
)
def test_a_no_says_how_to_mend_it(status: int, said: str) -> None:
    with serving() as site:
        site.pages["/store?graph=g"] = Reply(b"no such\n thing", status)
        with pytest.raises(StoreError, match=said), Remote(site.url("/store")) as remote:
            list(remote.get("g"))
        assert len(site.asked) == 1


def test_a_page_is_no_graph() -> None:
    with serving() as site:
        site.pages["/?graph=g"] = Reply(b"<html>Welcome</html>")
        with (
            pytest.raises(StoreError, match="is this the address of its Graph Store Protocol"),
            Remote(site.url("/")) as remote,
        ):
            list(remote.get("g"))


# -------------------------------------------------------------------------------------------------------- command line


def test_the_command_says_what_it_did(server: Oxigraph, tmp_path: Path) -> None:
    with Store(tmp_path / "kg.store") as opened:
        for record in (talks(), replace(strike(), url=None)):
            opened.add(record)
    arguments = ["push", server.graphs, "--store", str(tmp_path / "kg.store"), "--format", "csv"]
    assert CliRunner().invoke(app, arguments).stdout == "graphs,how many\nsent,4\nalready there,0\ndropped,0\n"
    assert CliRunner().invoke(app, arguments).stdout == "graphs,how many\nsent,0\nalready there,4\ndropped,0\n"
    gone = CliRunner().invoke(app, ["push", f"{server.address}/nothing", "--store", str(tmp_path / "kg.store")])
    assert gone.exit_code == 2
    assert "kg: http://127.0.0.1" in gone.stderr
