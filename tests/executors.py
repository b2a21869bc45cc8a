"""What executors of Spark do in tests: they import this module, so it stands by itself and imports little."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from kg.errors import KGError
from kg.read.article import Article
from kg.record import Reading, Record

Read = Callable[[Sequence[Article]], Iterable[Record | Reading]]


def plain(*_: object) -> Read:
    """Reads nothing but what an article is, and dies of some."""
    return _read


def _read(articles: Sequence[Article]) -> Iterator[Record]:
    for article in articles:
        if "Poison" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "Trouble" in article.text:
            raise ValueError("trouble in the text")
        known = ("id", "source", "title", "published", "language", "url", "outlet", "text")
        fields: dict[str, Any] = {name: getattr(article, name) for name in known}
        yield Record(**fields, entities=(), times=(), events=(), relations=(), attributions=())


def hopeless() -> Read:
    raise KGError("there is no model here")


def killing(marker: Path, make: Callable[[], Read]) -> Read:
    """Kills the executor that it is in when it has read something, once, and notes which it was."""
    work = make()

    def read(articles: Sequence[Article]) -> Iterable[Record | Reading]:
        records = tuple(work(articles))
        try:
            with marker.open("x") as taken:
                executor = next(one for one in psutil.Process().parents() if one.name() == "java")
                taken.write(str(executor.pid))
        except FileExistsError:
            return records
        executor.kill()
        time.sleep(60)
        raise AssertionError("this process ends with its executor")

    return read
