"""Paths to articles, in a fixed order; an input that cannot be read is a value, and the rest goes on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path

from kg.errors import ArticleError
from kg.read.article import Article
from kg.read.formats import FORMATS, LONGEST
from kg.read.language import foreign
from kg.read.meta import SIDECAR, day, described, sidecar

_WORD = re.compile(r"[^\W\d_]{2,}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read(*paths: str | Path, published: str | None = None) -> Iterator[Article]:
    """The articles of files, folders and globs. Raises ArticleError at the first that cannot be read: see `scan`."""
    for item in scan(paths, published):
        if isinstance(item, ArticleError):
            raise item
        yield item


def scan(paths: Iterable[str | Path], published: str | None = None) -> Iterator[Article | ArticleError]:
    """Each article, or in its place why it cannot be read.

    A folder gives its files of known formats, with those in its folders, by name. `published` is the day (YYYY-MM-DD)
    of articles that do not say theirs. Raises ArticleError where `published` is no date.
    """
    try:
        default = day(published) if published else None
    except ValueError as error:
        raise ArticleError("--published", str(error)) from error
    for path in paths:
        for file in _files(str(path)):
            yield from (file,) if isinstance(file, ArticleError) else _articles(file, default)


# ------------------------------------------------------------------------------------------------------- paths to files


def _files(path: str) -> Iterator[Path | ArticleError]:
    if path.endswith(SIDECAR):
        return
    if os.path.isdir(path):
        yield from _folder(path)
    elif os.path.lexists(path):
        yield Path(path)
    elif not has_magic(path):
        yield ArticleError(path, "no such file or folder")
    elif found := sorted(glob(path, recursive=True)):
        for one in found:
            yield from _files(one)
    else:
        yield ArticleError(path, "no file matches")


def _folder(path: str) -> Iterator[Path | ArticleError]:
    """Its files of known formats, but for hidden ones; links to folders are not followed, so there are no circles."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        yield ArticleError(path, f"cannot be opened: {error.strerror}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _folder(entry.path)
        elif Path(entry.name).suffix.lower() in FORMATS and not entry.is_dir():
            yield Path(entry.path)


# ---------------------------------------------------------------------------------------------------- files to articles


def _articles(path: Path, published: str | None) -> Iterator[Article | ArticleError]:
    source = _SURROGATE.sub("\ufffd", path.as_posix())
    format = FORMATS.get(path.suffix.lower())
    try:
        if format is None:
            raise ValueError(f"not one of the formats {', '.join(FORMATS)}")
        if path.exists() and not path.is_file():
            raise ValueError("not a regular file")
        known = sidecar(path)
        for item in format(path, source):
            yield item if isinstance(item, ArticleError) else _checked(item, known, published)
    except OSError as error:
        yield ArticleError(source, f"cannot be read: {error.strerror}")
    except ValueError as error:
        yield ArticleError(source, str(error))


def _checked(article: Article, known: dict[str, object], published: str | None) -> Article | ArticleError:
    """The article with all that is known of it, or why it is none that can be read."""
    try:
        told = described(article, known)
    except ValueError as error:
        return ArticleError(article.source, str(error))
    whole = _sound(replace(told, published=told.published or published))
    reason = _unfit(whole.text)
    return ArticleError(article.source, reason) if reason else whole


def _sound(article: Article) -> Article:
    """Halves of surrogate pairs, which JSON can hold and no file, replaced by U+FFFD."""
    fields = {name: _SURROGATE.sub("\ufffd", value) for name in ("text", "source", "title", "url", "outlet")
              if (value := getattr(article, name)) and _SURROGATE.search(value)}  # fmt: skip
    return replace(article, **fields)


def _unfit(text: str) -> str | None:
    """Why a text is no article that can be read, or None."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST:
        return f"{len(text):,} characters, more than {LONGEST:,}: split it into articles"
    if not _WORD.search(text):
        return "no words in it"
    code = foreign(text)
    return f"not in English (its language is {code}): there is no lexicon for it" if code else None
