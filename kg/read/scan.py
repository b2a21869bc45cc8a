"""Paths and URLs to articles, in a fixed order; an input that cannot be read is a value, and the rest goes on."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from glob import glob, has_magic
from pathlib import Path
from typing import Any

from kg.errors import ArticleError
from kg.read.apart import replies
from kg.read.article import Article, Unchanged
from kg.read.fit import fitting, legible
from kg.read.formats import FORMATS, TEXTS, suffix
from kg.read.limits import LIMITS, Limits
from kg.read.meta import SIDECAR, day, sidecar
from kg.read.visits import Validators, Visit, Visits

Found = Article | ArticleError | Unchanged

#: What a page counts for in a bar of bytes; its size is not known before it is there.
_PAGE = 50_000


@dataclass(slots=True)
class Gauge:
    """How much of the inputs has been taken up, in bytes, of how much in all; and the files of folders that are of no
    format, by how their names end."""

    total: int = 0
    done: int = 0
    passed: Counter[str] = field(default_factory=Counter)


def read(*paths: str | Path, published: str | None = None) -> Iterator[Article]:
    """The articles of files, folders, globs and URLs, as `scan` gives them. Raises ArticleError at the first that
    cannot be read."""
    for item in scan(paths, published):
        if isinstance(item, ArticleError):
            raise item
        if isinstance(item, Article):
            yield item


def scan(
    paths: Iterable[str | Path],
    published: str | None = None,
    gauge: Gauge | None = None,
    allowed: Collection[str] = (),
    limits: Limits = LIMITS,
    visits: Visits | None = None,
) -> Iterator[Found]:
    """Each article, or in its place why it cannot be read.

    A folder gives its files of known formats, with those in its folders, by name. `published` is the day (YYYY-MM-DD)
    of articles that do not say theirs. `gauge` is moved along, if there is one. `allowed` are hosts from which pages
    are fetched though they are not on the public internet. `limits` are for one part of what has a parser. With
    `visits` a page that has not changed since is not fetched again. Raises ArticleError where `published` is no date.
    """
    default = _day(published)
    gauge = gauge or Gauge()
    for path in paths:
        if is_url(path):
            yield from _page(str(path), default, allowed, limits, visits)
            gauge.done += _PAGE
            continue
        for file in _files(str(path), gauge.passed):
            yield from (file,) if isinstance(file, ArticleError) else _articles(file, default, gauge, limits)


def _day(published: str | None) -> str | None:
    try:
        return day(published) if published else None
    except ValueError as error:
        raise ArticleError("--published", str(error)) from error


def is_url(path: str | Path) -> bool:
    """Whether an input is to be fetched."""
    return str(path).lower().startswith(("http://", "https://"))


def size(paths: Iterable[str | Path]) -> int:
    """How many bytes there are to read, for a gauge."""
    return sum(_PAGE if is_url(path) else sum(map(_bytes, _files(str(path), Counter()))) for path in paths)


def _bytes(file: Path | ArticleError) -> int:
    try:
        return 0 if isinstance(file, ArticleError) else file.stat().st_size
    except OSError:
        return 0


# ------------------------------------------------------------------------------------------------------- paths to files


def _files(path: str, passed: Counter[str]) -> Iterator[Path | ArticleError]:
    if path.endswith(SIDECAR):
        return
    if os.path.isdir(path):
        yield from _folder(path, passed)
    elif os.path.lexists(path):
        yield Path(path)
    elif not has_magic(path):
        yield ArticleError(legible(path), "no such file or folder")
    elif found := sorted(glob(path, recursive=True)):
        for one in found:
            yield from _files(one, passed)
    else:
        yield ArticleError(legible(path), "no file matches")


def _folder(path: str, passed: Counter[str]) -> Iterator[Path | ArticleError]:
    """Its files of known formats, but for hidden ones; links to folders are not followed, so there are no circles.
    Files of other formats are counted in `passed`."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        yield ArticleError(legible(path), f"cannot be opened: {error.strerror}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _folder(entry.path, passed)
        elif os.path.isdir(entry.path) or entry.name.endswith(SIDECAR):
            continue
        elif suffix(entry.name):
            yield Path(entry.path)
        else:
            passed[Path(legible(entry.name)).suffix.lower()] += 1


# ---------------------------------------------------------------------------------------------------- files to articles


def _articles(path: Path, published: str | None, gauge: Gauge, limits: Limits) -> Iterator[Found]:
    source, size, before = legible(path.as_posix()), _bytes(path), gauge.done
    format = suffix(path.name)
    try:
        if format is None:
            raise ValueError(f"not one of the formats {', '.join(FORMATS)}")
        if path.exists() and not path.is_file():
            raise ValueError("not a regular file")
        path.stat()
        known = sidecar(path)
        if format in TEXTS:
            yield from _here(path, source, known, published)
        else:
            file = {"kind": "file", "source": source, "path": os.path.abspath(path)}
            for reply in replies(file | {"known": known, "published": published}, limits):
                yield from found(reply)
                gauge.done = before + min(size, reply[2]) if reply[0] == "begin" else gauge.done
    except OSError as error:
        yield ArticleError(source, f"cannot be read: {error.strerror}")
    except ValueError as error:
        yield ArticleError(source, str(error))
    gauge.done = before + size


def _here(path: Path, source: str, known: dict[str, Any], published: str | None) -> Iterator[Found]:
    """The articles of a text, which nothing needs to be kept from."""
    for part in TEXTS[suffix(path.name) or ""](path, source):
        yield fitting(part.read(), known, published)


def _page(
    url: str, published: str | None, allowed: Collection[str], limits: Limits, visits: Visits | None
) -> Iterator[Found]:
    known = visits.validators(url) if visits is not None else None
    visit = Visit(url)
    for reply in replies(page(url, allowed, published=published, validators=known), limits):
        if reply[0] == "validators":
            visit = visit.with_validators(Validators(**reply[1]))
        for item in found(reply):
            if visits is not None and isinstance(item, Article):
                visits.hold(replace(visit, article=item.id))
            yield item


def page(
    url: str,
    allowed: Collection[str] = (),
    published: str | None = None,
    known: Mapping[str, str | None] | None = None,
    validators: Validators | None = None,
    robots: bool = False,
) -> dict[str, Any]:
    """The request for a page (see `kg.read.cell`): `known` is what is said of it elsewhere, with `robots` its host is
    asked whether we may."""
    request = {"kind": "page", "source": url, "allowed": sorted(allowed), "published": published, "robots": robots}
    return request | {"known": known or {}, "validators": asdict(validators) if validators else None}


def found(reply: list[Any]) -> Iterator[Found]:
    """What a reply brings."""
    match reply:
        case ["article", fields]:
            yield Article(**fields)
        case ["error" | "refused", source, reason, *_]:
            yield ArticleError(source, reason)
        case ["unchanged", source]:
            yield Unchanged(source)
