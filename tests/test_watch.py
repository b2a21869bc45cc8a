"""Feeds followed: each article once, politely, and after an interruption from where it stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from kg import cli
from kg.errors import StoreError
from kg.ingest import Known, Outcome, Skipped, Stored, ingest, settled
from kg.read import Article, scan
from kg.read.visits import TRIES, Visit, Visits
from kg.record import Record
from kg.store import Store
from kg.watch import Turns, watch
from tests.newsroom import HOST, Item, Reply, Site, numbered, page, rss, serving

FEED = {"Content-Type": "application/rss+xml", "ETag": '"feed-1"'}


def reader() -> Callable[[Sequence[Article]], Iterable[Record]]:
    return _read


def _read(articles: Sequence[Article]) -> Iterator[Record]:
    for article in articles:
        known = ("id", "source", "title", "published", "language", "url", "outlet", "text")
        fields = {name: getattr(article, name) for name in known}
        yield Record(**fields, entities=(), times=(), events=(), relations=(), attributions=())


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def visits(store: Store) -> Iterator[Visits]:
    with Visits(None, store.__contains__) as found:
        yield found


def listing(site: Site, count: int, etag: str = '"feed-1"') -> None:
    """The feed lists so many pages, which are there."""
    items = [Item(site.url(f"/{number}"), f"Day {number}") for number in range(count)]
    site.pages["/rss"] = Reply(rss(*items), 200, FEED | {"ETag": etag})
    for number in range(count):
        headers = {"Content-Type": "text/html", "ETag": f'"page-{number}"'}
        site.pages[f"/{number}"] = Reply(page(f"Day {number}", numbered(number)), 200, headers)


def around(site: Site, store: Store, visits: Visits, turns: Turns | None = None) -> list[Outcome]:
    """Once around the feed of the site."""
    site.asked.clear()
    return list(watch(store, [site.url("/rss")], reader, visits, 1, (HOST,), turns or Turns(0)))


def test_each_entry_is_fetched_once_and_an_unchanged_feed_is_not_sent(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 3)
    assert [type(outcome) for outcome in around(site, store, visits)] == [Stored] * 3
    assert site.paths() == ["/rss", "/robots.txt", "/0", "/1", "/2"]
    assert around(site, store, visits) == []
    assert site.paths() == ["/rss"]
    assert site.asked[0][1]["if-none-match"] == '"feed-1"'
    listing(site, 4, '"feed-2"')
    assert [outcome.source for outcome in around(site, store, visits)] == [site.url("/3")]


def test_what_the_feed_says_of_an_article_is_known_where_its_page_does_not_say(
    site: Site, store: Store, visits: Visits
) -> None:
    listing(site, 1)
    around(site, store, visits)
    (article,) = store.articles()
    assert (article.published, article.outlet, article.url) == ("2026-03-04", "The Harbour Post", site.url("/0"))


def test_an_article_that_the_feed_holds_in_full_is_not_fetched(site: Site, store: Store, visits: Visits) -> None:
    long = "".join(f"<p>{paragraph}</p>" for number in range(3) for paragraph in numbered(number))
    site.pages["/rss"] = Reply(rss(Item(site.url("/full"), "In full", content=long)), 200, FEED)
    assert [type(outcome) for outcome in around(site, store, visits)] == [Stored]
    assert site.paths() == ["/rss"]


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 20)
    run = watch(store, [site.url("/rss")], reader, visits, 1, (HOST,), Turns(0))
    done = [next(run).source for _ in range(8)]
    run.close()
    rest = [outcome.source for outcome in around(site, store, visits)]
    # The eighth was stored, but not yet seen to be: it is fetched again, and not stored twice.
    assert {*done, *rest} == {site.url(f"/{number}") for number in range(20)}
    assert len(store.articles()) == 20
    assert not {urlsplit(url).path for url in done[:7]} & set(site.paths()), "nothing is fetched twice"


def test_a_host_is_asked_for_one_page_at_a_time(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 3)
    begin = monotonic()
    around(site, store, visits, Turns(0.3))
    assert monotonic() - begin >= 0.9, "the feed and three pages, each after a pause"


def test_what_robots_may_not_fetch_is_skipped_with_the_reason(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 1)
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n")
    (outcome,) = around(site, store, visits)
    assert isinstance(outcome, Skipped)
    assert "robots.txt" in outcome.reason
    assert site.paths() == ["/rss", "/robots.txt"]


def test_what_fails_for_now_is_tried_again_and_then_no_more(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 1)
    site.pages["/0"] = Reply(b"", 503)
    for _ in range(TRIES):
        (outcome,) = around(site, store, visits)
        assert isinstance(outcome, Skipped)
    assert around(site, store, visits) == []


def test_what_is_gone_is_not_asked_for_again(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 1)
    site.pages["/0"] = Reply(b"", 410)
    assert isinstance(around(site, store, visits)[0], Skipped)
    assert around(site, store, visits) == []


def test_what_recovers_is_stored(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 1)
    whole, site.pages["/0"] = site.pages["/0"], Reply(b"", 503)
    around(site, store, visits)
    site.pages["/0"] = whole
    assert [type(outcome) for outcome in around(site, store, visits)] == [Stored]


def test_a_relative_address_is_one_on_the_feed_s_host(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 1)
    site.pages["/rss"] = Reply(rss(Item("/0", "Day 0")), 200, FEED)
    assert [outcome.source for outcome in around(site, store, visits)] == [site.url("/0")]


def test_a_feed_that_asks_to_wait_is_left_alone(site: Site, store: Store, visits: Visits) -> None:
    site.pages["/rss"] = Reply(b"", 429, {"Retry-After": "600"})
    (outcome,) = around(site, store, visits)
    assert isinstance(outcome, Skipped)
    assert "429" in outcome.reason
    (outcome,) = around(site, store, visits)
    assert isinstance(outcome, Skipped)
    assert "come back" in outcome.reason
    assert site.asked == []


def test_a_feed_that_is_none_stops_no_other(site: Site, store: Store, visits: Visits) -> None:
    listing(site, 1)
    site.pages["/bad"] = Reply(b"<html>", 200)
    feeds = [site.url("/bad"), site.url("/rss")]
    outcomes = list(watch(store, feeds, reader, visits, 1, (HOST,), Turns(0)))
    assert [type(outcome) for outcome in outcomes] == [Skipped, Stored]


def test_an_address_in_a_feed_is_guarded(site: Site, store: Store, visits: Visits) -> None:
    site.pages["/rss"] = Reply(rss(Item("http://169.254.169.254/latest/", "Metadata")), 200, FEED)
    (outcome,) = around(site, store, visits)
    assert isinstance(outcome, Skipped)
    assert "refused" in outcome.reason or "robots" in outcome.reason


# --------------------------------------------------------------------------------------------------------------- pages


def test_a_page_is_asked_for_again_but_not_sent_again(site: Site, store: Store, visits: Visits) -> None:
    site.pages["/0"] = Reply(page(), 200, {"Content-Type": "text/html", "ETag": '"one"'})

    def run() -> list[Outcome]:
        inputs = scan([site.url("/0")], allowed=(HOST,), visits=visits)
        return list(settled(ingest(store, inputs, reader), visits))

    assert [type(outcome) for outcome in run()] == [Stored]
    assert run() == [Known(site.url("/0"))]
    assert site.asked[1][1]["if-none-match"] == '"one"'
    store.remove(store.articles()[0].article)
    assert [type(outcome) for outcome in run()] == [Stored], "what is not in the store is fetched whole"


def test_visits_outlive_the_process_and_a_damaged_file_is_said(tmp_path: Path) -> None:
    with Visits(tmp_path / "v", bool) as visits:
        visits.keep(Visit("https://post.example/", etag='"one"', article="a"))
    with Visits(tmp_path / "v", bool) as visits:
        assert visits.validators("https://post.example/") is not None
        for number in range(3_000):
            visits.keep(Visit(f"https://post.example/{number}", "x" * 50))
    content = bytearray((tmp_path / "v").read_bytes())
    for at in range(4_096, len(content), 4_096):
        content[at : at + 100] = bytes(range(100))
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(StoreError, match="delete it"), Visits(tmp_path / "v", bool) as visits:
        visits.of("https://post.example/5")
    (tmp_path / "v").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="delete it"):
        Visits(tmp_path / "v", bool)
    with pytest.raises(sqlite3.Error):
        sqlite3.connect(tmp_path / "v").execute("SELECT 1 FROM visit")


# -------------------------------------------------------------------------------------------------------- command line


def test_the_commands(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kg.cli.intake.reader", lambda model, extra: _read)
    monkeypatch.setattr("kg.cli.intake.scan", partial(scan, allowed=(HOST,)))
    monkeypatch.setattr("kg.cli.intake.watch_", partial(watch, allowed=(HOST,), turns=Turns(0)))
    listing(site, 2)
    run = CliRunner().invoke
    assert run(cli.app, ["watch", site.url("/rss"), "--once"]).exit_code == 0
    result = run(cli.app, ["ingest", site.url("/0"), site.url("/1"), site.url("/none"), "--json"])
    assert result.exit_code == 1
    assert '"known": 2' in result.stdout
    assert "answered 404" in result.stderr
    assert (tmp_path / "kg.store.visits").exists()
    assert run(cli.app, ["watch", "feed.rss", "--once"]).exit_code == 2
