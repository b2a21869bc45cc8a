"""Who is who, and all that is derived of it, as joins of tables on Apache Spark: what `kg.derive.from_scratch` gives.

    graphs ──▶ shares ──▶ forms ──by key──▶ candidates ──judge──▶ links ──▶ components ──▶ canonical names
                 │                  for texts, for names, then for the events that these take part in
                 └─────────── under those names ───────────▶ world, identity, index

Candidates are forms that share a blocking key: a table of forms by key, joined with itself. Components of those that
are held for one are found as stars (Kiveris et al., "Connected components in MapReduce and beyond", 2014); each is
clustered by itself, by the function that does so on one machine too. Tables between the steps are written down, so
that a lost executor costs one step. The driver sees no more than whether the stars still change.
"""

from __future__ import annotations

import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import combinations, count
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import judgements
from kg.change import CANONICAL, FORM_OF, KEY, SAYS, STORY
from kg.clusters import Clusters, Judgement, Kind, Pair, Verdict
from kg.derive import MET, NOBODY_KNOWS, TOLD, canonical_names, named, shared_name
from kg.errors import StoreError
from kg.forms import NAMES, known
from kg.graph import Node, Statement, indexed, node
from kg.happenings import TELLINGS, known_as, story
from kg.namespaces import ARTICLE, IDENTITY, INDEX, KG, WORLD, article_of
from kg.share import Share, share, wording
from kg.sources import TEXTS

if TYPE_CHECKING:
    from pandas import DataFrame as Pandas
    from pyspark.sql import DataFrame, SparkSession

#: What is known by name, since a `Kind` holds functions without one, which do not travel.
_KINDS: Mapping[str, Kind[Any]] = {"texts": TEXTS, "names": NAMES, "tellings": TELLINGS}
#: A thing of an article, its form, and what its article tells besides.
_THINGS = "article string, thing string, iri string, line string, story string"
_QUADS = "value string"

_Row = tuple[Any, ...]
#: What is made of the rows of a partition.
_Step = Callable[[Iterable[Any]], Iterable[_Row]]
#: What people decided, by pair.
_Decided = Mapping[Pair, Judgement]


def derive(spark: SparkSession, quads: DataFrame, work: str, decided: Iterable[Judgement] = ()) -> DataFrame:
    """The derived graphs of articles, as a table of N-Quads with the one column `value`; none is there twice.

    `quads` are the graphs of articles in such a table, as `kg.spark.extract` writes them; `work` is a folder that is
    not there yet, which all executors reach; `decided` is what people say of forms.
    """
    from pyspark.sql import functions as f

    job = _Job(spark, work, {(item.left, item.right): item for item in decided})
    article = f.regexp_extract("value", r"<([^<>]*)> \.$", 1).alias("article")
    whole = quads.groupBy(article).agg(f.collect_list("value").alias("lines"))
    shares = job.kept(_mapped(whole, _shares, "article string, share binary"))
    texts = _settled(job, _mapped(shares, _texts, _THINGS), "texts")
    names = _settled(job, _mapped(shares, _named, _THINGS), "names")
    by_name = names.things.withColumn("name", f.expr(f"if(name = '{NOBODY_KNOWS}', thing, name)"))
    known_by = job.kept(shares.join(_by_article(by_name, "names"), "article", "left"))
    told = job.kept(_mapped(known_by, _told, _THINGS))
    events = _settled(job, told, "tellings")
    met = _mapped(known_by, _met, "article string, thing string, form string, kind string, called string")
    met = job.kept(met.join(events.canonical.withColumnRenamed("iri", "form"), "form"))
    strangers = _introduced(job, met, told, events.canonical, by_name)
    whole = known_by.join(_by_article(events.things, "events"), "article", "left")
    whole = whole.join(_by_article(strangers, "strangers"), "article", "left")
    whole = whole.join(_by_article(texts.things, "family"), "article", "left")
    lines = [_mapped(whole, _merged, _QUADS), _mapped(met.select("thing", "form"), _met_quads, _QUADS)]
    return reduce(lambda one, two: one.union(two), (*lines, texts.quads, names.quads, events.quads)).distinct()


@dataclass(slots=True)
class _Job:
    """What the steps share: where tables lie between them, and what people decided."""

    spark: SparkSession
    work: str
    decided: _Decided
    steps: Iterator[int] = field(default_factory=count)

    def kept(self, table: DataFrame) -> DataFrame:
        """A table, made now and written down."""
        place = f"{self.work}/step={next(self.steps):04}"
        table.write.parquet(place)
        return self.spark.read.parquet(place)


def _mapped(table: DataFrame, step: _Step, schema: str) -> DataFrame:
    """What a step makes of the rows of a table."""
    columns = [column.split()[0] for column in schema.split(", ")]
    return table.mapInPandas(partial(_stepped, step, columns), schema)


def _stepped(step: _Step, columns: list[str], tables: Iterator[Pandas]) -> Iterator[Pandas]:
    from pandas import DataFrame as Pandas

    for table in tables:
        yield Pandas(list(step(_rows(table))), columns=columns)


def _rows(table: Pandas) -> Iterator[_Row]:
    return zip(*(table[name] for name in table.columns), strict=True)


def _by_article(things: DataFrame, column: str) -> DataFrame:
    """What the things of each article are called, as JSON, in one column."""
    from pyspark.sql import functions as f

    called = f.map_from_entries(f.collect_list(f.struct("thing", "name")))
    return things.groupBy("article").agg(f.to_json(called).alias(column))


# --------------------------------------------------------------------------------------------------------------- things


def _shares(rows: Iterable[tuple[str, Iterable[str]]]) -> Iterator[_Row]:
    for article, lines in rows:
        try:
            quads = list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS))
        except SyntaxError as error:
            raise StoreError(f"{article}: its lines are no N-Quads: {error.msg}") from error
        yield article, pickle.dumps(share(indexed(quad.triple for quad in quads)))


def _texts(rows: Iterable[tuple[str, bytes]]) -> Iterator[_Row]:
    for article, part in _read(rows):
        yield article, article, part.text.iri, part.text.to_json(), ""


def _named(rows: Iterable[tuple[str, bytes]]) -> Iterator[_Row]:
    for article, part in _read(rows):
        for thing, form in part.forms.items():
            if form.known is None:
                yield article, thing, form.iri, form.to_json(), ""


def _told(rows: Iterable[tuple[str, bytes, str | None]]) -> Iterator[_Row]:
    for article, part, names in _read_named(rows):
        told = part.happenings(_canonical(names))
        line = story(told.values()) if told else ""
        for event, item in told.items():
            yield article, event, item.iri, item.to_json(), line


def _met(rows: Iterable[tuple[str, bytes, str | None]]) -> Iterator[_Row]:
    """In which events strangers take part, by form, and what they are called."""
    for article, part, names in _read_named(rows):
        canonical = _canonical(names)
        for event, item in part.happenings(canonical).items():
            for thing in part.strangers(event, canonical):
                yield article, thing, item.iri, *part.called(thing)


def _read(rows: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, Share]]:
    for article, packed in rows:
        yield article, pickle.loads(packed)


def _read_named(rows: Iterable[tuple[str, bytes, str | None]]) -> Iterator[tuple[str, Share, dict[str, str]]]:
    for article, packed, names in rows:
        yield article, pickle.loads(packed), _loaded(names)


def _loaded(names: str | None) -> dict[str, str]:
    found: dict[str, str] = json.loads(names) if isinstance(names, str) else {}
    return found


def _canonical(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda thing: names.get(thing, thing) if thing.startswith(ARTICLE) else thing


# ---------------------------------------------------------------------------------------------------------- candidates


@dataclass(frozen=True, slots=True)
class _Settled:
    """What belongs together of a kind: (article, thing, name), (iri, canonical) of forms, and what the graphs say."""

    things: DataFrame
    canonical: DataFrame
    quads: DataFrame


def _settled(job: _Job, things: DataFrame, name: str) -> _Settled:
    """What belongs together among the forms of things."""
    from pyspark.sql import functions as f

    stories = f.array_sort(f.collect_set(f.struct("article", "story"))) if _KINDS[name].within else f.array()
    forms = job.kept(things.groupBy("iri").agg(f.min("line").alias("line"), f.to_json(stories).alias("stories")))
    keyed = job.kept(_mapped(forms, partial(_keys, name), "key string, iri string"))
    judged = job.kept(_judged(job, forms, keyed, name))
    together = components(job, judged.where("counts"))
    members = together.join(forms, "iri", "left").groupBy("component")
    decided = job.decided
    clustered = members.applyInPandas(lambda table: _clustered(name, decided, table), "iri string, canonical string")
    single = _mapped(forms.join(together, "iri", "left_anti"), partial(_single, name), "iri string, canonical string")
    canonical = job.kept(clustered.union(single))
    called = things.join(canonical, "iri").select("article", "thing", f.col("canonical").alias("name"))
    quads = [
        _mapped(forms.select("iri", "line"), _says_quads, _QUADS),
        _mapped(keyed.select("iri", "key"), _key_quads, _QUADS),
        _mapped(canonical, _canonical_quads, _QUADS),
        _mapped(things.select("article", "thing", "iri", "story"), _thing_quads, _QUADS),
        judged.where("quads != ''").select(f.explode(f.split("quads", "\n")).alias("value")),
    ]
    return _Settled(called, canonical, reduce(lambda one, two: one.union(two), quads))


def _judged(job: _Job, forms: DataFrame, keyed: DataFrame, name: str) -> DataFrame:
    """The candidates of which the judgement is kept, or counts."""
    from pyspark.sql import functions as f

    one, two = (keyed.select("key", f.col("iri").alias(side)) for side in ("left", "right"))
    pairs = one.join(two, "key").where("left < right").select("left", "right")
    pairs = pairs.union(_mapped(forms, partial(_near, name), "left string, right string"))
    pairs = pairs.withColumn("candidates", f.lit(True))
    if job.decided:
        decided = job.spark.createDataFrame(sorted(job.decided), "left string, right string")
        pairs = pairs.union(decided.withColumn("candidates", f.lit(False)))
    pairs = pairs.groupBy("left", "right").agg(f.max("candidates").alias("candidates"))
    for side in ("left", "right"):
        told = forms.select(f.col("iri").alias(side), f.struct("line", "stories").alias(f"{side}_form"))
        pairs = pairs.join(told, side, "left")
    told = [f"{side}_form.{part}" for side in ("left", "right") for part in ("line", "stories")]
    step = partial(_weighed, name, job.decided)
    return _mapped(_named_apart(pairs, told), step, "left string, right string, counts boolean, quads string")


def _named_apart(pairs: DataFrame, told: Iterable[str]) -> DataFrame:
    from pyspark.sql import functions as f

    return pairs.select("left", "right", "candidates", *(f.col(name).alias(name.replace(".", "_")) for name in told))


def _form(name: str, iri: str, line: str | None, stories: str | None) -> Any:
    """A form from a row; one of the gazetteer has no line."""
    kind = _KINDS[name]
    if not isinstance(line, str):
        return known().get(iri) if kind is NAMES else None
    form = kind.read(line)
    read = [row["story"] for row in json.loads(stories or "[]")] if kind.within else []
    return kind.within(form, read) if kind.within else form


def _keys(name: str, rows: Iterable[tuple[str, str, str]]) -> Iterator[_Row]:
    for iri, line, stories in rows:
        for key in sorted(_KINDS[name].keys(_form(name, iri, line, stories))):
            yield key, iri


def _near(name: str, rows: Iterable[tuple[str, str, str]]) -> Iterator[_Row]:
    for iri, line, stories in rows:
        for other in _KINDS[name].near(_form(name, iri, line, stories)):
            yield (iri, other.iri) if iri < other.iri else (other.iri, iri)


def _weighed(name: str, decided: _Decided, rows: Iterable[_Row]) -> Iterator[_Row]:
    kind = _KINDS[name]
    for left, right, candidates, left_line, left_stories, right_line, right_stories in rows:
        one, two = _form(name, left, left_line, left_stories), _form(name, right, right_line, right_stories)
        if one is not None and two is not None and not (_is_known(one) and _is_known(two)):
            machine = kind.judge(one, two)
            counts = kind.counts(decided.get((left, right), machine))
            kept = candidates and kind is NAMES and machine.verdict is not Verdict.DIFFERENT
            if counts or kept:
                yield left, right, counts, "\n".join(_quads(judgements.triples(machine), IDENTITY)) if kept else ""


def _is_known(form: Any) -> bool:
    return getattr(form, "known", None) is not None


# ----------------------------------------------------------------------------------------------------------- clusters


def components(job: _Job, links: DataFrame) -> DataFrame:
    """(iri, component): what links (left, right) connect; a component is named by the least that is in it.

    Each round hangs every node on the least that it can see, first those above it, then those below, until all hang on
    the least of their component; rounds grow with the logarithm of the size.
    """
    from pyspark.sql import functions as f

    edges = links.select(f.greatest("left", "right").alias("one"), f.least("left", "right").alias("two"))
    edges = job.kept(edges.distinct())
    while not _are_stars(edges):
        both = edges.union(edges.select("two", "one"))
        least = both.groupBy("one").agg(f.least(f.min("two"), f.col("one")).alias("least"))
        large = both.join(least, "one").where("two > one").select("two", "least").toDF("one", "two")
        least = large.groupBy("one").agg(f.min("two").alias("least"))
        small = large.join(least, "one").where("two != least").select("two", "least")
        edges = job.kept(small.union(least.select("one", "least")).distinct().toDF("one", "two"))
    return edges.union(edges.select("two", "two").distinct()).toDF("iri", "component")


def _are_stars(edges: DataFrame) -> bool:
    """Whether each node hangs on one other, which hangs on nothing."""
    centres = edges.select("two").distinct()
    nodes = edges.select("one").union(centres)
    return bool(nodes.count() == nodes.distinct().count())


def _clustered(name: str, decided: _Decided, table: Pandas) -> Pandas:
    """The canonical name of each form of a component."""
    from pandas import DataFrame as Pandas

    rows = [(row.iri, row.line, row.stories) for row in table.itertuples()]
    nodes = {iri: _form(name, iri, line, stories) for iri, line, stories in sorted(rows, key=lambda row: row[0])}
    judged = {pair: _KINDS[name].judge(*(nodes[iri] for iri in pair)) for pair in _pairs(name, nodes)}
    judged |= {pair: item for pair, item in decided.items() if pair[0] in nodes and pair[1] in nodes}
    found = canonical_names(Clusters(nodes, judged, _KINDS[name]), nodes, _KINDS[name])
    told = {iri for iri, line, _ in rows if isinstance(line, str)}
    return Pandas([(iri, found[iri]) for iri in nodes if iri in told], columns=["iri", "canonical"])


def _pairs(name: str, nodes: Mapping[str, Any]) -> set[Pair]:
    """The candidates among the forms of a component."""
    blocks = defaultdict[str, list[str]](list)
    for iri, form in nodes.items():
        for key in _KINDS[name].keys(form):
            blocks[key].append(iri)
    pairs = {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}
    return {pair for pair in pairs if not all(_is_known(nodes[iri]) for iri in pair)}


def _single(name: str, rows: Iterable[tuple[str, str, str]]) -> Iterator[_Row]:
    """The canonical name of what is connected to nothing."""
    for iri, line, stories in rows:
        yield iri, _KINDS[name].canonical((_form(name, iri, line, stories),))


# ------------------------------------------------------------------------------------------------------------ strangers


def _introduced(job: _Job, met: DataFrame, told: DataFrame, events: DataFrame, by_name: DataFrame) -> DataFrame:
    """(article, thing, name): what those go by whose name does not tell who they are, by whom they take part with."""
    from pyspark.sql import functions as f

    hub = f.concat_ws("\n", "canonical", "kind", "called")
    links = met.select(f.col("thing").alias("left"), hub.alias("right")).distinct()
    circles = components(job, links)
    tellings = told.select("iri", "line").distinct().join(events, "iri").select("canonical", "line")
    asked = tellings.join(met.select("canonical", "kind", "called").distinct(), "canonical")
    asked = asked.select("line", "kind", "called", hub.alias("iri"))
    names = _mapped(asked, _known_as, "iri string, name string").distinct().join(circles, "iri")
    names = names.groupBy("component").agg(f.to_json(f.collect_set("name")).alias("names"))
    things = met.select(f.col("thing").alias("iri")).distinct().join(circles, "iri").groupBy("component")
    things = things.agg(f.to_json(f.collect_set("iri")).alias("things")).join(names, "component", "left")
    shared = _mapped(
        things.select("things", "names"), _shared, "article string, thing string, name string, taken boolean"
    )
    there = by_name.select("article", "name").distinct().withColumn("there", f.lit(True))
    shared = shared.join(there, ["article", "name"], "left")
    own = f.expr("if(taken and there is not null, thing, name)").alias("name")
    return shared.select("article", "thing", own)


def _known_as(rows: Iterable[tuple[str, str, str, str]]) -> Iterator[_Row]:
    for line, kind, called, hub in rows:
        for iri in known_as(TELLINGS.read(line), kind, called):
            yield hub, iri


def _shared(rows: Iterable[tuple[str, str | None]]) -> Iterator[_Row]:
    """What those of a circle go by; `taken` where that must not be another's name in the same article."""
    for things, names in rows:
        circle, found = set(json.loads(things)), set(json.loads(names) if isinstance(names, str) else ())
        shared = shared_name(circle, found)
        for thing in sorted(circle):
            yield article_of(thing), thing, shared or thing, bool(found) and shared is not None


# ---------------------------------------------------------------------------------------------------------------- quads


def _merged(rows: Iterable[_Row]) -> Iterator[_Row]:
    """What an article gives to the world, under the names that all articles have for things, and those names."""
    for article, packed, names, events, strangers, family in rows:
        part: Share = pickle.loads(packed)
        called = _called(article, part, _loaded(names), _loaded(events)) | _loaded(strangers)
        links = [(node(name), TOLD, node(thing)) for thing, name in called.items()]
        links += [(node(name), _CARRIES, node(thing)) for thing, name in _loaded(family).items()]
        for line in (*_quads(links, IDENTITY), *_quads(named(part.facts, _canonical(called)), WORLD)):
            yield (line,)


def _called(article: str, part: Share, names: Mapping[str, str], events: Mapping[str, str]) -> dict[str, str]:
    """What the things of an article are called, strangers aside."""
    called = {**names, **events}
    for event, told in part.events.items():
        for role, filler in told.fillers:
            if filler in part.phrases:
                called[filler] = wording(events[event], role, part.phrases[filler])
    own = part.forms.keys() | part.events.keys() | part.phrases.keys()
    return called | {thing: thing for thing in part.things if not thing.startswith(article) or thing not in own}


_CARRIES = node(str(KG.carries))


def _quads(triples: Iterable[Statement], graph: str) -> Iterator[str]:
    for subject, predicate, object_ in triples:
        yield f"{subject} {predicate} {object_} <{graph}> ."


def _indexed(subject: str, predicate: Node, object_: Node | ox.Literal) -> _Row:
    return (next(_quads([(node(subject), predicate, object_)], INDEX)),)


def _says_quads(rows: Iterable[tuple[str, str]]) -> Iterator[_Row]:
    return (_indexed(iri, SAYS, ox.Literal(line)) for iri, line in rows)


def _key_quads(rows: Iterable[tuple[str, str]]) -> Iterator[_Row]:
    return (_indexed(iri, KEY, ox.Literal(key)) for iri, key in rows)


def _canonical_quads(rows: Iterable[tuple[str, str]]) -> Iterator[_Row]:
    return (_indexed(iri, CANONICAL, node(canonical)) for iri, canonical in rows)


def _thing_quads(rows: Iterable[tuple[str, str, str, str]]) -> Iterator[_Row]:
    for article, thing, iri, told in rows:
        yield _indexed(thing, FORM_OF, node(iri))
        if told:
            yield _indexed(article, STORY, ox.Literal(told))


def _met_quads(rows: Iterable[tuple[str, str]]) -> Iterator[_Row]:
    return (_indexed(thing, MET, node(form)) for thing, form in rows)
