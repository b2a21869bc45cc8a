"""How well, and at what cost, many articles become one graph.

On the generated corpus, whose truth is known: time, candidate pairs, and B-cubed of entities, events and source
families as it grows. On MEANTIME, whose entities and events are linked across articles by people: B-cubed, and the
share of links between articles that are right.
"""

from __future__ import annotations

import re
import resource
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.shared import scorer

if TYPE_CHECKING:
    from kg.extract import Pipeline
    from kg.record import Record

SIZES = (1_000, 3_000, 10_000)
#: A mention: its article, and what it is there.
Mention = tuple[str, tuple[int, int]]
#: The thing that each mention is of.
Clustering = Mapping[Mention, str]


@dataclass(frozen=True, slots=True)
class Growth:
    """What so many generated articles cost to merge, in seconds of computing, and how well they were."""

    articles: int
    seconds: float
    forms: int
    pairs: int
    megabytes: float
    entities: tuple[float, float, float]
    events: tuple[float, float, float]
    families: tuple[float, float, float]

    def cells(self) -> Iterator[str]:
        """For people: numbers, then B-cubed F1 and precision."""
        each = 1000 * self.seconds / self.articles
        yield from (f"{self.articles}", f"{self.seconds:.1f}", f"{each:.1f}", f"{self.forms}", f"{self.pairs}")
        yield f"{self.pairs / self.articles:.1f}"
        yield f"{self.megabytes:.0f}"
        for precision, _, both in (self.entities, self.events, self.families):
            yield f"{both:.3f}/{precision:.3f}"


COLUMNS = (
    "articles", "seconds", "ms each", "forms", "pairs", "each", "MB", "actors F1/P", "events F1/P", "sources F1/P",
)  # fmt: skip


def growth(articles: int, seed: int = 0) -> Growth:
    """Merges a generated corpus, all articles in one change."""
    from kg.derive import Derivation
    from kg.graph import indexed, statements
    from kg.namespaces import KG
    from kg.share import share
    from tests.corpus import b_cubed, tellings

    told = {one.record.id: one for one in tellings(articles, seed)}
    for one in tuple(told.values()):
        if one.corrects is not None:
            told.pop(one.corrects, None)
    shares = {name: share(indexed(statements(one.record))) for name, one in told.items()}
    begin = time.process_time()
    derivation = Derivation.from_nothing(shares)
    change = derivation.run(shares, {})
    seconds = time.process_time() - begin
    names, source = (_links_of(change.add, str(KG[name])) for name in ("toldAs", "carries"))
    entities = {(name, id_): true for name, one in told.items() for id_, true in one.entities.items()}
    events = {(name, id_): true for name, one in told.items() for id_, true in one.events.items()}
    iris = {(name, entity.id): entity.iri for name, one in told.items() for entity in one.record.entities}
    return Growth(
        len(told),
        seconds,
        sum(quad.predicate.value == str(KG.says) for quad in change.add),
        derivation.compared,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        b_cubed(entities, {at: names.get(iris[at], iris[at]) for at in entities}),
        b_cubed(events, {at: names[f"{at[0]}#{at[1]}"] for at in events}),
        b_cubed({name: one.family for name, one in told.items()}, {name: source[name] for name in told}),
    )


def _links_of(quads: Iterable[Any], predicate: str) -> dict[str, str]:
    """What is canonical of each thing of an article, or the source of each article."""
    return {quad.object.value: quad.subject.value for quad in quads if quad.predicate.value == predicate}


# ------------------------------------------------------------------------------------------------------------- MEANTIME


def crossdoc(data: Path, reader: Pipeline) -> dict[str, float]:
    """How well entities and events are linked across the articles of MEANTIME, by name of figure."""
    from kg import Article
    from kg.namespaces import IDENTITY, KG
    from kg.store import Store

    gold: dict[str, dict[Mention, str]] = {"entity": {}, "event": {}}
    found: dict[str, dict[Mention, str]] = {"entity": {}, "event": {}}
    for folder in sorted((data / "intra_cross-doc_annotation").iterdir()):
        texts = {path.stem: _annotated(path) for path in sorted(folder.glob("*.xml"))}
        articles = [Article(text=one.text, source=name, published=one.published) for name, one in texts.items()]
        with Store() as store:
            records = {record.source: record for record in reader(articles)}
            for record in records.values():
                store.add(record)
            names = {thing: canonical for canonical, thing in store.pairs(str(KG.toldAs), IDENTITY)}
            for name, one in texts.items():
                ours = _ours(names, records[name]) if name in records else {}
                for kind, mentions in one.mentions.items():
                    gold[kind] |= {(name, span): true for span, true in mentions.items()}
                    found[kind] |= {(name, span): ours.get(span, f"{name} {span}") for span in mentions}
    return dict(figure for kind in gold for figure in _figures(kind, gold[kind], found[kind]))


@dataclass(frozen=True, slots=True)
class _Annotated:
    """The text of an article, its day, and what its mentions, by span and kind, are mentions of."""

    text: str
    published: str | None
    mentions: Mapping[str, Mapping[tuple[int, int], str]]


def _annotated(path: Path) -> _Annotated:
    root = ET.parse(path).getroot()
    text, where = scorer("meantime").rebuild(list(root.iter("token")))
    spans: dict[str, tuple[int, int]] = {}
    kinds: dict[str, str] = {}
    instances: dict[str, str] = {}
    for mark in root.iter():
        if mark.tag in ("ENTITY_MENTION", "EVENT_MENTION"):
            anchors = [where[at.attrib["t_id"]] for at in mark.iter("token_anchor") if at.attrib["t_id"] in where]
            if anchors:
                spans[mark.attrib["m_id"]] = min(at.start for at in anchors), max(at.end for at in anchors)
                kinds[mark.attrib["m_id"]] = mark.tag.removesuffix("_MENTION").lower()
        elif mark.tag in ("ENTITY", "EVENT"):
            instances[mark.attrib["m_id"]] = mark.get("instance_id") or f"{path.stem} {mark.attrib['m_id']}"
    mentions: dict[str, dict[tuple[int, int], str]] = {"entity": {}, "event": {}}
    for link in root.iter("REFERS_TO"):
        (target,) = (end.attrib["m_id"] for end in link.findall("target"))
        for end in link.findall("source"):
            if (id_ := end.attrib["m_id"]) in spans and target in instances:
                mentions[kinds[id_]][spans[id_]] = instances[target]
    marked = (time.get("value") for time in root.iter("TIMEX3") if time.get("functionInDocument") == "CREATION_TIME")
    return _Annotated(text, next(filter(_is_day, marked), None), mentions)


def _is_day(value: str | None) -> bool:
    """One article of MEANTIME has its day the other way round, which kg refuses."""
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", value or "") is not None


def _ours(names: Mapping[str, str], record: Record) -> dict[tuple[int, int], str]:
    """What the graph holds each span of a record for, given the canonical names of things."""
    spans = [(m.start, m.end, entity.iri) for entity in record.entities for m in entity.mentions]
    spans += [(event.trigger.start, event.trigger.end, f"{record.id}#{event.id}") for event in record.events]
    spans += [(m.start, m.end, f"{record.id}#{event.id}") for event in record.events for m in event.mentions]
    return {(start, end): names.get(thing, thing) for start, end, thing in spans}


def _figures(kind: str, gold: Clustering, found: Clustering) -> Iterator[tuple[str, float]]:
    """B-cubed, and how many links between articles are right and found."""
    from tests.corpus import b_cubed

    yield from zip((f"{kind}_precision", f"{kind}_recall", f"{kind}_f1"), b_cubed(gold, found), strict=True)
    true, ours = _links(gold), _links(found)
    yield f"{kind}_links_right", len(true & ours) / len(ours) if ours else 1.0
    yield f"{kind}_links_found", len(true & ours) / len(true) if true else 1.0


def _links(clustering: Clustering) -> set[tuple[Mention, Mention]]:
    """Pairs of mentions of one thing in different articles."""
    members: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention, thing in clustering.items():
        members[thing].append(mention)
    pairs = (pair for some in members.values() for pair in combinations(sorted(some), 2))
    return {(one, two) for one, two in pairs if one[0] != two[0]}
