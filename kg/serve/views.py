"""An answer as a table, a graph, a map or a timeline: what its cells name is looked up, what they date is put in order.

Each is made of the rows alone, and says nothing that they do not say; what has no place in it stands in the table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from kg.labels import local
from kg.record import ACTUAL, AFFIRMED
from kg.serve.around import Node
from kg.serve.atlas import Spot, by_count, by_kind, spot
from kg.serve.edition import Edition
from kg.serve.links import page_of
from kg.serve.names import exactly, is_entity
from kg.serve.reading import Origin, Reader, Thing, article_of, is_event
from kg.serve.words import certainty, first_day, first_up, status
from kg.serve.work import Cell, Table

TABLE, GRAPH, MAP, TIMELINE = "table", "graph", "map", "timeline"
#: So many links are drawn: more is a tangle.
MOST_LINKS = 150
#: Columns that tell of a row, and of which no cell is looked up.
_BESIDE = {
    "sentence",
    "says",
    "but",
    "said",
    "speaker",
    "outlet",
    "article",
    "headline",
    "polarity",
    "modality",
    "kind",
}
#: Columns that say when something was, and behind them those that say when it was told.
_WHEN = ("day", "time", "happened", "first", "reported", "date", "last")

Row = Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Told:
    """A row as the evidence for a link: how it is meant, who says so, and the sentence, as far as it tells them."""

    subject: Thing
    predicate: str
    object: Thing
    status: str
    modality: str
    certainty: str
    speaker: str
    before: str
    marked: str
    after: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Edge:
    """That a row names two things, the second in a column of this name."""

    source: str
    target: str
    label: str
    said: Told


@dataclass(frozen=True, slots=True)
class Moment:
    """A row that is dated: its day, what else it tells, and its sentence with where that stands."""

    day: str
    what: str
    sentence: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class View:
    """An answer, shown as `kind`; `kinds` are all that it can be shown as, `more` says in words what is left out."""

    kind: str
    kinds: tuple[str, ...]
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    states: tuple[Spot, ...] = ()
    places: tuple[Spot, ...] = ()
    moments: tuple[Moment, ...] = ()
    more: str = ""


def view(edition: Edition, table: Table, wanted: str) -> View:
    """An answer as it is wanted, if it can be shown so; else as a table."""
    rows = _Rows(edition, table)
    edges, spots, moments = tuple(_edges(rows)), _spots(rows), tuple(_moments(rows))
    kinds = (TABLE, *(kind for kind, some in ((GRAPH, edges), (MAP, spots), (TIMELINE, moments)) if some))
    if wanted not in kinds or wanted == TABLE:
        return View(TABLE, kinds)
    if wanted == TIMELINE:
        return View(TIMELINE, kinds, moments=moments)
    if wanted == MAP:
        states, places = by_kind(spots)
        return View(MAP, kinds, states=states, places=places)
    shown = edges[:MOST_LINKS]
    things = dict.fromkeys(chain.from_iterable((edge.said.subject, edge.said.object) for edge in shown))
    nodes = tuple(Node(thing, is_event(thing.iri), page_of(thing.iri)) for thing in things)
    more = f"the first {MOST_LINKS} of {len(edges):,} links" if len(edges) > MOST_LINKS else ""
    return View(GRAPH, kinds, nodes, shown, more=more)


class _Rows:
    """The rows of an answer, and what their cells name: each text is looked up once."""

    def __init__(self, edition: Edition, table: Table) -> None:
        self.reader = Reader(edition)
        self.rows: Sequence[Row] = table.rows
        self.at = {name: at for at, name in enumerate(table.columns)}
        self._known: dict[Cell, tuple[Thing, ...]] = {}
        #: The columns that name things, in their order.
        self.naming = tuple(name for name in table.columns if name not in _BESIDE and self._is_naming(name))

    def _is_naming(self, column: str) -> bool:
        """Whether most cells of a column name something."""
        cells = [row[self.at[column]] for row in self.rows if row[self.at[column]] is not None]
        return 2 * sum(bool(self.things(cell)) for cell in cells) > len(cells)

    def things(self, cell: Cell | None) -> tuple[Thing, ...]:
        """What a cell names: one thing or several; none, if it is other text."""
        if cell is None or len(cell.text) > 300:
            return ()
        if cell not in self._known:
            self._known[cell] = tuple(dict.fromkeys(self._found(cell)))
        return self._known[cell]

    def _found(self, cell: Cell) -> Iterator[Thing]:
        if cell.iri:
            if is_entity(cell.text) or is_event(cell.text):
                yield self.reader.thing(cell.text, article_of(cell.text))
            return
        names = self.reader.edition.names
        for part in (cell.text, *cell.text.split(", ")):
            if iri := exactly(names, part):
                yield self.reader.thing(iri)
                if part == cell.text:
                    return

    def text(self, row: Row, column: str) -> str:
        """What a row has in a column; empty if it has nothing there."""
        cell = row[self.at[column]] if column in self.at else None
        return "" if cell is None else cell.text

    def origin(self, row: Row) -> Origin:
        """Where a row says that it stands."""
        article = self.text(row, "article")
        if article in self.reader.edition.articles:
            return self.reader.origin(article)
        return Origin("", "", self.text(row, "outlet"), self.text(row, "date"), "")


def _edges(rows: _Rows) -> Iterator[Edge]:
    """What a row names first, linked with all else that it names; each link once."""
    seen = set()
    for row in rows.rows:
        named = [(column, thing) for column in rows.naming for thing in rows.things(row[rows.at[column]])]
        for _, one in named[:1]:
            for column, other in named[1:]:
                link = one.iri, other.iri, column
                if one != other and link not in seen:
                    seen.add(link)
                    yield _edge(rows, row, one, column.replace("_", " "), other)


def _edge(rows: _Rows, row: Row, one: Thing, label: str, other: Thing) -> Edge:
    polarity = local(rows.text(row, "polarity")) or AFFIRMED
    modality = local(rows.text(row, "modality")) or ACTUAL
    speaker = rows.text(row, "speaker")
    meant = certainty(polarity, modality, speaker, True)
    sentence = rows.text(row, "sentence") or rows.text(row, "says")
    said = Told(
        one, label, other, status(polarity, modality, speaker), modality, meant, speaker, sentence, "", "",
        rows.origin(row),
    )  # fmt: skip
    return Edge(one.iri, other.iri, label, said)


def _spots(rows: _Rows) -> tuple[Spot, ...]:
    """The states and places that rows name, with in how many."""
    named = ({thing.iri for cell in row for thing in rows.things(cell)} for row in rows.rows)
    counts = Counter(chain.from_iterable(named))
    return by_count(spot(rows.reader.edition, iri, many) for iri, many in counts.items())


def _moments(rows: _Rows) -> Iterator[Moment]:
    """The days of rows, in order; what rows of one sentence tell stands together."""
    dated = next((name for name in _WHEN if name in rows.at), "")
    telling = [name for name in rows.at if name not in {*_BESIDE, *_WHEN} or name == "kind"]
    groups: defaultdict[tuple[str, str, Origin], dict[str, None]] = defaultdict(dict)
    for number, row in enumerate(rows.rows):
        if first_day(day := rows.text(row, dated)):
            sentence = rows.text(row, "sentence") or rows.text(row, "says")
            told = groups[day, sentence or str(number), rows.origin(row)]
            told.update(dict.fromkeys(filter(None, (_called(rows, row, name) for name in telling))))
    for (day, sentence, origin), told in sorted(groups.items(), key=lambda item: first_day(item[0][0])):
        yield Moment(day, first_up(", ".join(told)), sentence if not sentence.isdigit() else "", origin)


def _called(rows: _Rows, row: Row, column: str) -> str:
    """What a row has in a column, by name where it is an IRI."""
    cell = row[rows.at[column]]
    if cell is None or not cell.iri:
        return rows.text(row, column)
    return ", ".join(thing.name for thing in rows.things(cell)) or local(cell.text)
