"""What all commands share: the application, its options, the store, and how an answer is printed."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as RichTable
from typer.core import TyperGroup

from kg import __version__, report
from kg.errors import FaultError, KGError, QueryError, StoreError
from kg.faults import is_full
from kg.namespaces import ARTICLE
from kg.store import Store, is_there

SOME_SKIPPED, NOTHING_DONE, INTERRUPTED = 1, 2, 130


class _Group(TyperGroup):
    """Turns what goes wrong on purpose into a line on standard error and an exit code; all else is a bug and shown."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            with _ended_as_by_hand():
                answer = super().invoke(ctx)
                sys.stdout.flush()
                return answer
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            # Else Python would try again, at its end, to write what it still holds.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            where = error.filename or "standard output"
            report.err().print(report.plain(f"kg: {where} cannot be written: no space is left where it goes"))
            raise typer.Exit(NOTHING_DONE) from error
        except KGError as error:
            report.err().print(report.plain(f"kg: {error}"))
            raise typer.Exit(NOTHING_DONE) from error
        except KeyboardInterrupt as interrupt:
            report.err().print("kg: interrupted; what is stored stays, and the same command goes on from there")
            raise typer.Exit(INTERRUPTED) from interrupt


@contextmanager
def _ended_as_by_hand() -> Iterator[None]:
    """What systemd, docker stop and kill send ends a command as Control-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


app = typer.Typer(
    cls=_Group, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)

StorePath = Annotated[Path, typer.Option("--store", envvar="KG_STORE", help="Folder of the store.")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; standard output if not given.")]

DEFAULT_STORE = Path("kg.store")


class Table(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def _version(asked: bool) -> None:
    if asked:
        print(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Reads news on diplomacy and conflict into a knowledge graph, and answers from it.

    \b
    Examples:
      kg ingest articles/
      kg questions
      kg query who-negotiates-for --for Ukraine
      kg explain Medinsky
      kg view --out page.html
      kg serve
    """


@contextmanager
def opening(path: Path) -> Iterator[Store]:
    """The store at a path, which must be there."""
    if not is_there(path):
        raise StoreError(f"no store at {path}: make one with `kg ingest PATH`, or name it with --store")
    with _readable(path.resolve()) as store:
        yield store


def _readable(path: Path) -> Store:
    """The store at a path; only to be read where the disk is too full for more."""
    try:
        return Store(path)
    except FaultError as error:
        if not is_full(error):
            raise
        report.err().print("kg: the disk is full: the store can only be read")
        return Store(path, read_only=True)


def article_named(store: Store, article: str) -> str:
    """The IRI of the one article that an IRI, a URL or a path names."""
    article = ARTICLE + article.removeprefix("article:") if article.startswith("article:") else article
    found = [known.article for known in store.articles() if article in (known.article, known.url, known.source)]
    if not found:
        raise StoreError(f"no article {article} in the store: name its IRI, its URL or its path as it was ingested")
    if len(found) > 1:
        raise StoreError(f"{article} names {len(found)} articles: choose one of {', '.join(found)}")
    return found[0]


def show(answer: str | RichTable) -> None:
    """Prints an answer: a table as the terminal can; CSV and JSON are for programs, so they are written as they are."""
    print(answer) if isinstance(answer, str) else report.out().print(answer)


def text_of(path: Path) -> str:
    """The text in a file. Raises QueryError where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read as text: {error}") from error


def parameters_of(arguments: Sequence[str]) -> dict[str, str]:
    """`--key value` and `--key=value` as a mapping."""
    parameters: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        key, equals, value = argument.partition("=")
        if not key.startswith("--") or key == "--":
            raise QueryError(
                f"unexpected {argument!r}: write kg query NAME --parameter VALUE (quote a value with spaces)"
            )
        given = value if equals else next(rest, None)
        if given is None:
            raise QueryError(f"{key} has no value: write {key} VALUE")
        parameters[key.removeprefix("--").replace("-", "_")] = given
    return parameters


def _write(path: Path, content: bytes) -> None:
    """Writes a file. Raises StoreError where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; choose another file with --out") from error


def put(out: Path | None, content: bytes) -> None:
    """Writes to a file, or to standard output."""
    if out is None:
        typer.get_binary_stream("stdout").write(content)
    else:
        _write(out, content)
