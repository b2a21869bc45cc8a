"""Pages fetched from a real server on this machine: what may be asked for, how much of it, and what is asked once."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from kg.errors import ArticleError
from kg.read import Article, Unchanged, scan
from kg.read.addresses import checked, public, resolved
from kg.read.fetch import RefusalError, fetch
from kg.read.limits import LIMITS, Limits
from kg.read.visits import Validators
from kg.read.web import permitted
from tests.newsroom import HOST, PARAGRAPHS, Reply, Site, page, serving

ALLOWED = (HOST,)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def one(url: str, limits: Limits = LIMITS) -> Article | ArticleError:
    (item,) = scan([url], allowed=ALLOWED, limits=limits)
    assert not isinstance(item, Unchanged)
    return item


def reason(url: str, limits: Limits = LIMITS) -> str:
    item = one(url, limits)
    assert isinstance(item, ArticleError), item
    return item.reason


# ----------------------------------------------------------------------------------------------------------- the guard

#: What must not be reached, by whatever spelling; the names resolve without any network.
REFUSED = (
    "http://127.0.0.1/", "http://127.0.0.1:8080/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://0/", "http://0.0.0.0/", "http://localhost/",
    "http://LOCALHOST/", "http://localhost./", "http://127.0.0.1./", "http://127.127.127.127/", "http://[::1]/", "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::169.254.169.254]/", "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[ff02::1]/", "http://[2001:db8::1]/", "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/",
    "http://172.31.255.255/", "http://192.168.0.1/", "http://192.168.1.254/", "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254/computeMetadata/v1/", "http://2852039166/latest/meta-data/", "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/", "http://169.254.170.2/v2/credentials", "http://100.100.100.200/latest/meta-data/",
    "http://100.64.0.1/", "http://168.63.129.16/", "http://192.0.0.192/opc/v1/instance/", "http://198.18.0.1/", "http://192.0.2.1/",
    "http://198.51.100.1/", "http://203.0.113.1/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/",
    "http://255.255.255.255/", "http://①②⑦.⓪.⓪.①/", "http://⑯⑨.②⑤④.⑯⑨.②⑤④/", "http://127。0。0。1/", "http://ｌｏｃａｌｈｏｓｔ/",
    "http://user@127.0.0.1/", "http://user:secret@example.org/", "http://example.org@127.0.0.1/", "http://127.0.0.1@example.org/",
    "http://127.0.0.1#@example.org/", "http://127.0.0.1?@example.org/", "http://example.org\\@127.0.0.1/",
    "http://127.0.0.1\t/", "http://127.0.0.1\n.example.org/", "http://example.org:22/", "http://example.org:25/",
    "http://example.org:6379/", "http://example.org:11211/", "https://127.0.0.1/", "https://localhost:8443/", "http:///etc/passwd",
    "http://", "https://?", "file:///etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x",
    "dict://127.0.0.1:11211/stat", "ldap://127.0.0.1/", "jar:http://127.0.0.1!/", "data:text/html,x",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock", "http://[fe80::1%25lo]/", "http://[::ffff:0:127.0.0.1]/",
)  # fmt: skip


def test_there_are_eighty_addresses_that_must_not_be_reached() -> None:
    assert len(set(REFUSED)) >= 80


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_not_public_is_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    with pytest.raises(ValueError, match=r"refused|cannot be resolved|label|IPv6|address|encoding"):
        fetch(url)


def test_every_one_of_them_ends_as_a_reason_and_none_reaches_a_server(site: Site) -> None:
    port = site.address.rpartition(":")[2]
    here = [url.replace("http://127.0.0.1/", f"http://127.0.0.1:{port}/") for url in REFUSED if url.startswith("http")]
    found = list(scan(here))
    assert len(found) == len(here)
    assert all(isinstance(item, ArticleError) for item in found)
    assert not site.asked


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_what_is_public_may_be_asked(address: str) -> None:
    assert public(address)
    assert checked("https://example.org/a?b=c#d").hostname == "example.org"


def test_a_name_with_one_hidden_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(ValueError, match=r"10\.0\.0\.1, which is not on the public internet"):
        resolved("rebind.example", 80)


def test_the_connection_goes_to_the_address_that_was_looked_at(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves anew (DNS rebinding) is of no use: it is asked for once."""
    asked: list[str] = []

    def answer(host: str, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34" if len(asked) == 1 else HOST, 80))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        raise OSError(f"connecting to {address[0]}")

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ValueError, match=r"connecting to 93\.184\.216\.34"):
        fetch("http://rebind.example/")
    assert asked == ["rebind.example"]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/x", "http://169.254.169.254/", "file:///etc/passwd", "//10.0.0.1/"]
)
def test_a_redirect_is_looked_at_as_the_first_address_is(site: Site, target: str) -> None:
    onward = target.format(port=site.address.rpartition(":")[2])
    site.pages = {"/": Reply(b"", 302, {"Location": onward}), "/x": Reply(page())}
    assert "refused" in reason(site.url("/"))
    assert site.paths() == ["/"]


def test_the_guard_is_what_refuses(site: Site) -> None:
    """The control: the same server is reached where it is allowed."""
    site.pages = {"/": Reply(page())}
    (item,) = scan([site.url("/")])
    assert isinstance(item, ArticleError)
    assert not site.asked
    assert isinstance(one(site.url("/")), Article)


# ----------------------------------------------------------------------------------------------------------- the pages


def test_a_page_is_an_article_with_the_address_it_was_found_at(site: Site) -> None:
    site.pages = {"/old": Reply(b"", 301, {"Location": "/new"}), "/new": Reply(page())}
    article = one(site.url("/old#part"))
    assert isinstance(article, Article)
    assert PARAGRAPHS[0] in article.text
    assert (article.source, article.url) == (site.url("/old#part"), site.url("/new"))
    assert site.asked[0][1]["user-agent"].startswith("kg-news")


def test_a_page_in_gzip_and_in_an_older_encoding(site: Site) -> None:
    packed = gzip.compress(page(title="Порт и переговоры").decode().replace("utf-8", "x").encode("cp1251"))
    headers = {"Content-Type": "text/html; charset=windows-1251", "Content-Encoding": "gzip"}
    site.pages = {"/": Reply(packed, 200, headers)}
    article = one(site.url("/"))
    assert isinstance(article, Article)
    assert article.title == "Порт и переговоры"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"no", 404), "answered 404"),
        (Reply(b"", 503, {"Retry-After": "120"}), "come back in 120 s"),
        (Reply(b"\x89PNG", 200, {"Content-Type": "image/png"}), "image/png, and no page"),
        (Reply(page(), 200, {"Content-Type": "text/html", "Content-Encoding": "br"}), "not asked for"),
        (Reply(b"", 302, {"Location": "/"}), "redirected more than 5 times"),
        (
            Reply(gzip.compress(page() * 50)[:-40], 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}),
            "cut off",
        ),
        (Reply(b"not gzip", 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}), "unpacked"),
    ],
)
def test_what_is_no_page_is_said(site: Site, reply: Reply, said: str) -> None:
    site.pages = {"/": reply}
    assert said in reason(site.url("/"))


def test_a_page_that_is_too_large_is_not_read_on(site: Site) -> None:
    site.pages = {"/": Reply(b"x" * 21_000_000), "/bomb": Reply(gzip.compress(bytes(500_000_000), 1), 200, GZIP)}
    assert "larger than" in reason(site.url("/"))
    assert "larger than" in reason(site.url("/bomb"))


GZIP = {"Content-Type": "text/html", "Content-Encoding": "gzip"}


def test_a_server_that_drips_is_left(site: Site) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        with suppress(OSError):
            for _ in range(100):
                time.sleep(0.2)
                request.wfile.write(b"X-Slow: yes\r\n")

    site.pages = {"/": drip}
    begin = time.monotonic()
    assert reason(site.url("/"), Limits(seconds=2)) == "took longer than 2 s to read"
    assert time.monotonic() - begin < 10


def test_a_page_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.pages = {"/": Reply(page(), 200, {"Content-Type": "text/html", "ETag": '"one"'})}
    first = fetch(site.url("/"), None, ALLOWED)
    assert first.content is not None
    again = fetch(site.url("/"), first.validators, ALLOWED)
    assert again.content is None
    other = fetch(site.url("/"), Validators(site.url("/elsewhere"), '"one"'), ALLOWED)
    assert other.content is not None, "validators are for the URL that gave them"


@pytest.mark.parametrize(
    ("robots", "permits"),
    [
        (Reply(b"User-agent: *\nDisallow: /private\n"), True),
        (Reply(b"User-agent: kg-news\nDisallow: /\n"), False),
        (Reply(b"", 404), True),
        (Reply(b"", 503), False),
    ],
)
def test_what_a_host_asks_of_robots_is_heard(site: Site, robots: Reply, permits: bool) -> None:
    site.pages = {"/robots.txt": robots}
    assert permitted(site.url("/story"), ALLOWED) is permits


def test_a_refusal_says_when_to_come_back(site: Site) -> None:
    site.pages = {"/": Reply(b"", 429, {"Retry-After": "7"})}
    with pytest.raises(RefusalError) as refused:
        fetch(site.url("/"), None, ALLOWED)
    assert (refused.value.status, refused.value.wait) == (429, 7)
