"""Quantities: how many, within which bounds, of whom, in which unit."""

from __future__ import annotations

import pytest

from kg import lexicon
from kg.extract import Pipeline, quantities
from kg.extract.quantities import Quantity
from kg.graph import to_graph
from kg.mirror import to_networkx
from kg.namespaces import KG
from kg.query import ask
from kg.read import Article
from kg.record import Record, Role
from kg.store import Store
from tests.trees import tree

LEXICON = lexicon.load()


def phrase(text: str) -> Quantity | None:
    """The quantity of a phrase whose words all stand in front of its last, "of" aside."""
    words = text.split()
    of = words.index("of") if "of" in words else None
    head = of if of else len(words)
    tags = {"of": "IN", "between": "IN", "to": "TO", "and": "CC", "$": "$"}
    arcs = []
    for place, word in enumerate(words, 1):
        dep, up = ("ROOT", head) if place == head else ("nummod", head)
        if of and place == of + 1:
            dep, up = "prep", head
        elif of and place > of + 1:
            dep, up = ("pobj", of + 1) if place == len(words) else ("amod", len(words))
        number = word[:1].isdigit() or word in LEXICON.effects["Number"]
        arcs.append(f"{word}/{tags.get(word) or ('CD' if number else 'NNS')}/{dep}>{up}")
    return quantities.of(tree(" ".join(arcs)), LEXICON, head - 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two young children", Quantity(2, population="young children")),
        ("a woman", Quantity(1, population="woman")),
        ("1,200 Palestinians", Quantity(1200, population="Palestinians")),
        ("at least 24 civilians", Quantity(24, least=24, population="civilians")),
        ("more than 400 people", Quantity(400, least=400, population="people")),
        ("no fewer than 10 soldiers", Quantity(10, least=10, population="soldiers")),
        ("no more than 10 soldiers", Quantity(10, most=10, population="soldiers")),
        ("up to 5,000 troops", Quantity(5000, most=5000, population="troops")),
        ("between 10 and 20 soldiers", Quantity(least=10, most=20, population="soldiers")),
        ("10 to 20 soldiers", Quantity(least=10, most=20, population="soldiers")),
        ("dozens of children", Quantity(least=24, population="children")),
        ("several people", Quantity(least=3, population="people")),
        ("two hundred and fifty rebels", Quantity(250, population="rebels")),
        ("twenty five thousand refugees", Quantity(25000, population="refugees")),
        ("1.5 million refugees", Quantity(1500000, population="refugees")),
        ("$ 662 million", Quantity(662000000, unit="USD")),
        ("300 km", Quantity(300, unit="km")),
        ("no civilians", Quantity(0, population="civilians")),
        ("the children", None),
        ("his aides", None),
    ],
)
def test_phrases(text: str, expected: Quantity | None) -> None:
    assert phrase(text) == expected


def read(reader: Pipeline, text: str) -> Record:
    (record,) = reader([Article(text=text, source="x", published="2026-02-18")])
    return record


def roles(record: Record) -> dict[str, Role]:
    return {role.role: role for event in record.events for role in event.roles}


def test_casualties_have_bounds_and_a_population(reader: Pipeline) -> None:
    found = roles(
        read(reader, "The strike killed at least 24 civilians and injured hundreds of thousands of villagers.")
    )
    assert (found["killed"].count, found["killed"].least, found["killed"].population) == (24, 24, "civilians")
    assert (found["injured"].count, found["injured"].least, found["injured"].population) == (None, 200000, "villagers")


def test_an_entity_is_counted_on_the_claim(reader: Pipeline) -> None:
    record = read(reader, "Ukraine released 157 prisoners of war.")
    assert roles(record)["target"].count == 157
    graph = to_graph(record)
    (claim,) = graph.subjects(KG["count"])
    assert (claim, KG.polarity, KG.affirmed) in graph


def test_who_counts_them_is_told(reader: Pipeline) -> None:
    with Store() as store:
        store.add(
            read(reader, "Hospital officials said that the shelling of Kharkiv killed up to 30 people on Monday.")
        )
        (row,) = ask(store, "casualties").rows
        columns = ask(store, "casualties").columns
        told = dict(zip(columns, row, strict=True))
        assert (told["count"], told["most"], told["population"]) == ("30", "30", "people")
        assert told["speaker"] == "Hospital officials"
        phrases = [data for _, data in to_networkx(store).nodes(data=True) if data["most"] is not None]
        assert [(data["label"], data["most"]) for data in phrases] == [("up to 30 people", 30)]
