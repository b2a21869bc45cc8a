"""Feeds followed: what is new in them is fetched, read and stored, politely, and each article once.

A host is asked for one page at a time, with a pause between, only for what its robots.txt permits, and not before it
said; a feed is asked for only if it has changed. What was done is remembered (`kg.read.visits`), so a run that was
broken off goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import urlsplit

from kg.errors import ArticleError
from kg.ingest import Make, Outcome, ingest, settled
from kg.read import Article, Found
from kg.read.apart import replies
from kg.read.entry import Entry
from kg.read.scan import found, page
from kg.read.visits import TRIES, Validators, Visit, Visits
from kg.store import Store
from kg.workers import BATCH

#: Seconds between two requests to one host.
PAUSE = 2.0
#: What a server answers for now; all else is meant for good.
_FOR_NOW = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a feed, and the article, where the feed holds it in full."""

    feed: str
    entry: Entry
    article: Article | None


@dataclass(slots=True)
class Turns:
    """When each host may be asked again."""

    pause: float = PAUSE
    after: dict[str, float] = field(default_factory=dict)

    def wait(self, url: str) -> None:
        """Until it is this host's turn."""
        host = urlsplit(url).netloc
        time.sleep(max(0.0, self.after.get(host, 0.0) - time.monotonic()))
        self.after[host] = time.monotonic() + self.pause


def watch(
    store: Store,
    feeds: Sequence[str],
    make: Make,
    visits: Visits,
    jobs: int = 1,
    allowed: Collection[str] = (),
    turns: Turns | None = None,
    batch: int = BATCH,
) -> Generator[Outcome, None, None]:
    """What becomes of each new entry of the feeds, and of each feed that cannot be read: once around.

    `allowed` are hosts that may be reached though they are not on the public internet.
    """
    read: dict[str, Visit] = {}
    inputs = _round(feeds, visits, allowed, turns or Turns(), read)
    with closing(ingest(store, inputs, make, jobs, batch)) as outcomes:
        yield from settled(outcomes, visits)
    for visit in read.values():
        visits.keep(visit)


def _round(
    feeds: Sequence[str], visits: Visits, allowed: Collection[str], turns: Turns, read: dict[str, Visit]
) -> Iterator[Found]:
    """The articles of new entries, a feed in turn with the others; `read` is told the feeds that need not be read again
    before they change."""
    lists: list[list[Listed]] = []
    for feed in feeds:
        listed: list[Listed] = []
        yield from _entries(feed, visits, allowed, turns, read, listed)
        lists.append(listed)
    for item in filter(None, chain.from_iterable(zip_longest(*lists))):
        yield from _fetched(item, visits, allowed, turns, read)


def _entries(
    feed: str,
    visits: Visits,
    allowed: Collection[str],
    turns: Turns,
    read: dict[str, Visit],
    listed: list[Listed],
) -> Iterator[Found]:
    """Lists what is new in a feed, or yields why it cannot be read."""
    known = visits.of(feed) or Visit(feed)
    if known.due > time.time():
        yield ArticleError(feed, f"asked to come back in {known.due - time.time():.0f} s")
        return
    turns.wait(feed)
    validators = {"url": known.final, "etag": known.etag, "modified": known.modified}
    for reply in replies({"kind": "feed", "source": feed, "allowed": sorted(allowed), "validators": validators}):
        match reply:
            case ["validators", given]:
                read[feed] = Visit(feed).with_validators(Validators(**given))
            case ["entry", entry, article]:
                one = Listed(feed, Entry(**entry), None if article is None else Article(**article))
                listed.extend((one,) if _is_new(one.entry, visits) else ())
            case ["refused", _, _, _, wait]:
                visits.keep(replace(known, due=time.time() + (wait or 0)))
                yield from found(reply)
            case ["error", *_]:
                read.pop(feed, None)
                yield from found(reply)


def _is_new(entry: Entry, visits: Visits) -> bool:
    """Whether an entry has not been fetched, has changed since, or failed for now."""
    if entry.url is None:
        return False
    visit = visits.of(entry.url)
    return visit is None or visit.stamp != entry.stamp or 0 < visit.tries < TRIES


def _fetched(
    item: Listed, visits: Visits, allowed: Collection[str], turns: Turns, read: dict[str, Visit]
) -> Iterator[Found]:
    """The article of an entry, or why there is none."""
    entry, url = item.entry, item.entry.url or ""
    before = visits.of(url) or Visit(url)
    visit = replace(before, stamp=entry.stamp, tries=0)
    if item.article is not None:
        visits.hold(replace(visit, article=item.article.id))
        yield item.article
        return
    turns.wait(url)
    said = {"title": entry.title, "published": entry.published, "outlet": entry.outlet}
    tries = before.tries if before.stamp == entry.stamp else 0
    for reply in replies(page(url, allowed, known=said, validators=visits.validators(url), robots=True)):
        if reply[0] == "validators":
            visit = visit.with_validators(Validators(**reply[1]))
        for one in found(reply):
            article = one.id if isinstance(one, Article) else visit.article
            failed = isinstance(one, ArticleError)
            visits.hold(replace(visit, article="" if failed else article, tries=_tries(reply, tries) if failed else 0))
            if failed and _tries(reply, tries) < TRIES:
                # The feed may not change before it is tried again: so it is asked for anew.
                read.pop(item.feed, None)
            yield one


def _tries(reply: list[Any], before: int) -> int:
    """How often a page has failed; what is refused for good has failed often enough."""
    return TRIES if reply[0] == "refused" and reply[3] not in _FOR_NOW else before + 1
