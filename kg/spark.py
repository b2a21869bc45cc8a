"""Apache Spark: partitions of articles in, N-Quads out, committed by Spark's own protocol; and what follows of them.

    OUT/kind=quads/part-*.txt.gz  the graphs of articles, as N-Quads
    OUT/kind=told/part-*.txt.gz   what became of each article, as JSON Lines: its number, claims, or why it was skipped
    OUT/_SUCCESS                  written last: what stands beside it is whole

An executor that dies is replaced by Spark, and what it had in hand is read again; its half-written files are never
part of OUT. What the driver does: it scans the inputs, and writes what comes back into the store, in the order of the
inputs; so the store is that of a run on one machine, byte for byte.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import sys
import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache, partial
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import judgements
from kg.clusters import Judgement
from kg.errors import ArticleError, KGError
from kg.graph import PUBLISHED, URL, statements
from kg.ingest import Extraction, Graph, Make, counts
from kg.joins import derive
from kg.namespaces import ARTICLE, JUDGEMENTS
from kg.quads import as_text
from kg.read import Article
from kg.record import Reading, Record
from kg.resolve import consistent
from kg.workers import Work, WorkerError, ordered_map, supervised

if TYPE_CHECKING:
    from pandas import DataFrame as Pandas
    from pyspark.sql import DataFrame, SparkSession

#: Articles that go to the executors together: as many are read again after a cut, and stand in the driver's memory.
WAVE = 20_000
#: Articles in a partition, at most: what is read again when an executor dies.
_PARTITION = 200
#: Partitions for each core, at least, so that none is idle for long at the end.
_SHARES = 4
ARTICLES = "number long, article string"
_ROWS = "kind string, value string"
_TOLD = "number long, article string, url string, published string, claims long, asserted long, reason string"
#: A master on this machine: Spark tries a task there once only, unless it is told how often.
_LOCAL = re.compile(r"local(\[(\d+|\*)\])?$")
_TRIES = 4


@contextmanager
def session(master: str | None = None, settings: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """A session on a master (`local[2]`, `spark://HOST:7077`, `yarn` …), or on the one that Spark is configured for.

    Raises KGError where Spark is not installed, or does not start.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise KGError("there is no Spark here: pip install 'kg-news[spark]', and Java 17 or later") from error
    near = {}
    if master is None or master.startswith("local"):
        # Workers on this machine are this Python, and nobody else need reach the driver.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        near = {"spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false"}
    # Nothing but text and numbers goes through pandas here.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    builder = SparkSession.builder.appName("kg")
    for name, value in {**_SETTINGS, **near, **(settings or {})}.items():
        builder = builder.config(name, value)
    try:
        spark = builder.master(_patient(master)).getOrCreate() if master else builder.getOrCreate()
    except (PySparkException, OSError) as error:
        java = "" if shutil.which("java") else ": there is no Java here, and it needs 17 or later"
        raise KGError(f"Spark did not start on {master or 'its own master'} ({_cause(error)}){java}") from error
    try:
        yield spark
    finally:
        spark.stop()


_SETTINGS = {
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}


def _patient(master: str) -> str:
    match = _LOCAL.match(master)
    return f"local[{match[2] or 1},{_TRIES}]" if match else master


def _cause(error: Exception) -> str:
    """What went wrong in a line, of the many that Spark says: the last that was raised, in Python or by Spark."""
    if raised := _RAISED.findall(str(error)):
        name, reason = raised[-1]
        return str(reason) if name.startswith(("kg.", "org.")) else f"{name}: {reason}"
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]


_RAISED = re.compile(r"^(?:Caused by: )?([\w.]*(?:Error|SparkException)): (.{1,300})", re.MULTILINE)


# -------------------------------------------------------------------------------------------------------- in the driver


@contextmanager
def reading(make: Make, master: str | None, work: str | None, beside: Path) -> Iterator[Extraction]:
    """What reads articles on a master, for `kg.ingest.taken_in`. What it writes stays in the folder `work`, where one
    is named, which all executors must reach by that name; else it is kept beside a path while it is needed."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    with session(master) as spark, TemporaryDirectory(prefix=f"{beside.name}.", dir=beside.parent) as passing:
        # A folder that an earlier run left is not written to again.
        out = f"{work.rstrip('/')}/{spark.sparkContext.applicationId}" if work else passing
        yield lambda articles: spark_map(spark, make, articles, out)


def spark_map(
    spark: SparkSession, make: Make, articles: Iterable[Article], work: str
) -> Generator[Graph | WorkerError, None, None]:
    """The graphs of articles, in their order, as `kg.workers.ordered_map` gives their records; read wave by wave, into
    folders below `work`, which the executors must reach by the same name.

    Raises KGError where the job fails as a whole; an article that cannot be read is a WorkerError.
    """
    rest = iter(articles)
    for number in count():
        if not (wave := tuple(islice(rest, WAVE))):
            return
        out = f"{work}/wave={number:06}"
        extract(table(spark, wave), make, out)
        yield from extracted(spark, out)


def table(spark: SparkSession, articles: Iterable[Article]) -> DataFrame:
    """Articles as a table of `ARTICLES`, in partitions that give all cores work."""
    # As JSON in ASCII, since a text may hold half a character, which Arrow does not take.
    listed = [(number, json.dumps(asdict(article))) for number, article in enumerate(articles)]
    cores = spark.sparkContext.defaultParallelism
    parts = max(_SHARES * cores, -(-len(listed) // _PARTITION))
    return spark.createDataFrame(listed, ARTICLES).repartition(max(1, min(parts, len(listed))))


def extract(articles: DataFrame, make: Make, out: str) -> None:
    """Writes the graphs of a table of `ARTICLES` to a folder that is not there yet.

    `make` makes what reads them, once in each Python process of an executor. Raises KGError where the job fails.
    """
    with _explained():
        rows = articles.mapInPandas(partial(_rows, pickle.dumps(make)), _ROWS)
        rows.write.partitionBy("kind").option("compression", "gzip").option("lineSep", "\n").text(out)


def extracted(spark: SparkSession, out: str) -> Generator[Graph | WorkerError, None, None]:
    """What `extract` wrote, in the order of the articles."""
    from pyspark.sql import functions as f

    with _explained():
        rows = spark.read.option("lineSep", "\n").text(out)
        told = rows.where("kind = 'told'").select(f.from_json("value", _TOLD).alias("told")).select("told.*")
        graph = f.regexp_extract("value", r"<([^<>]*)> \.$", 1).alias("graph")
        quads = rows.where("kind = 'quads'").groupBy(graph).agg(f.collect_list("value").alias("lines"))
        both = told.join(quads, told["article"] == quads["graph"], "left").orderBy("number")
        for row in both.toLocalIterator(prefetchPartitions=True):
            yield WorkerError(row.reason) if row.reason else _graph(row)


def _graph(row: Any) -> Graph:
    quads = ox.parse("\n".join(row.lines).encode(), format=ox.RdfFormat.N_QUADS)
    triples = tuple((quad.subject, quad.predicate, quad.object) for quad in quads)
    return Graph(row.article, row.url, row.published, triples, row.claims, row.asserted)


def derived(spark: SparkSession, sources: Sequence[str], out: str) -> int:
    """Writes all that follows of articles (`kg.joins`) as packed N-Quads to a folder that is not there yet, and says
    how many quads that is. While it works, there is a folder OUT.APPLICATION.steps, which all executors must reach.

    `sources` are files and folders of N-Quads: what `spark_map` left in `work`, and exports of stores. Of several texts
    at one address that of the latest day counts, of one day the greatest IRI's, since N-Quads do not tell which was
    read last; people's decisions are followed. Raises KGError where there are no articles in the sources, `out` is
    there, or the job fails.
    """
    from pyspark.sql import functions as f

    with _explained():
        system, place = _located(spark, out)
        if system.exists(place):
            raise KGError(f"{out}: is there already: choose another folder")
    steps = f"{out.rstrip('/')}.{spark.sparkContext.applicationId}.steps"
    try:
        with _explained():
            lines = spark.read.option("recursiveFileLookup", "true").option("lineSep", "\n").text(list(sources))
            articles = lines.where(f.col("value").rlike(_OF_ARTICLE))
            if articles.isEmpty():
                raise KGError(f"{', '.join(sources)}: no graphs of articles: name what --work kept, or N-Quads files")
            decided = _decided(lines.where(f.endswith("value", f.lit(f" <{JUDGEMENTS}> ."))))
            quads = derive(spark, _latest(articles), steps, decided)
            quads.write.option("compression", "gzip").option("lineSep", "\n").text(out)
            return int(spark.read.option("lineSep", "\n").text(out).count())
    finally:
        system.delete(_located(spark, steps)[1], True)


#: A line of N-Quads of an article's graph, whose name is the article's; and what an article says of itself.
_OF_ARTICLE = rf"^<.* <({re.escape(ARTICLE)}[^<>]*)> \.$"
_OF_ITSELF = rf'^<({re.escape(ARTICLE)}[^<>#]*)> <{{}}> "([^"]*)"'


def _latest(lines: DataFrame) -> DataFrame:
    """The lines without those of articles at whose address there is a later text."""
    from pyspark.sql import functions as f

    def said(predicate: ox.NamedNode, name: str) -> DataFrame:
        pattern = _OF_ITSELF.format(re.escape(predicate.value))
        article, value = (f.regexp_extract("value", pattern, number) for number in (1, 2))
        return lines.where(f.col("value").rlike(pattern)).select(article.alias("article"), value.alias(name))

    told = said(URL, "url").join(said(PUBLISHED, "day"), "article", "left").na.fill("", ["day"])
    last = told.groupBy("url").agg(f.max(f.struct("day", "article")).alias("last"))
    older = told.join(last, "url").where("article != last.article").select("article").distinct()
    graph = f.regexp_extract("value", _OF_ARTICLE, 1).alias("article")
    return lines.select(graph, "value").join(older, "article", "left_anti").select("value")


def _decided(lines: DataFrame) -> tuple[Judgement, ...]:
    """People's decisions. Raises KGError where they contradict each other."""
    try:
        found = judgements.read(_triples(lines))
    except ValueError as error:
        raise KGError(f"{error}: settle it in a store with kg resolve, and export that again") from error
    consistent({(item.left, item.right): item.verdict for item in found})
    return found


def _triples(lines: DataFrame) -> Iterator[tuple[str, str, str]]:
    """(subject, predicate, object) as text, of a table of N-Quads that is small."""
    for quad in ox.parse("\n".join(row.value for row in lines.collect()).encode(), format=ox.RdfFormat.N_QUADS):
        yield as_text(quad.subject), quad.predicate.value, as_text(quad.object)


def _located(spark: SparkSession, name: str) -> tuple[Any, Any]:
    """The file system that a path lies in, and the path as Hadoop knows it."""
    path = spark._jvm.org.apache.hadoop.fs.Path(name)
    return path.getFileSystem(spark._jsc.hadoopConfiguration()), path


@contextmanager
def _explained() -> Iterator[None]:
    """Turns what Spark says of a job into a KGError."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise KGError(f"the job failed on Spark: {_cause(error)}") from error


# ----------------------------------------------------------------------------------------------------- in the executors


def _rows(pickled: bytes, tables: Iterator[Pandas]) -> Iterator[Pandas]:
    """What is written of partitions of articles."""
    from pandas import DataFrame as Pandas
    from pyspark import TaskContext

    waiting: deque[tuple[int, Article]] = deque()
    context = TaskContext.get()
    # What has killed a process may do so again: then each article is read in a process that is looked after.
    each = ordered_map if context is None or context.attemptNumber() == 0 else supervised
    for result in each(partial(_work, pickled), _articles(tables, waiting)):
        number, article = waiting.popleft()
        yield Pandas(_told(number, article, result), columns=["kind", "value"])


def _articles(tables: Iterator[Pandas], waiting: deque[tuple[int, Article]]) -> Iterator[Article]:
    for each in tables:
        for number, line in zip(each["number"], each["article"], strict=True):
            article = Article(**json.loads(line))
            waiting.append((int(number), article))
            yield article


@lru_cache(maxsize=1)
def _work(pickled: bytes) -> Work[Article, Record | Reading]:
    """What reads, made once in a process: a model takes seconds to load."""
    made: Work[Article, Record | Reading] = pickle.loads(pickled)()
    return made


def _told(number: int, article: Article, result: Record | Reading | WorkerError) -> list[tuple[str, str]]:
    """The rows of one article: its graph, and what became of it."""
    known: dict[str, object] = {"number": number, "article": article.id}
    if isinstance(result, WorkerError):
        return [("told", json.dumps(known | {"reason": result.reason}))]
    record = result.record if isinstance(result, Reading) else result
    try:
        triples = statements(record)
    except ArticleError as error:
        return [("told", json.dumps(known | {"reason": str(error)}))]
    claims, asserted = counts(record)
    known |= {"url": record.url, "published": record.published, "claims": claims, "asserted": asserted}
    quads = "\n".join(f"{subject} {predicate} {object_} <{record.id}> ." for subject, predicate, object_ in triples)
    return [("quads", quads), ("told", json.dumps(known))]
