"""The expert's guide: what it teaches is true of the files as they are, and its entries work as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import SKOS, Graph

from kg import lexicon, ontology
from kg.namespaces import KG, NAME
from kg.store import Store
from tests.records import strike, talks
from tests.test_lexicon import ADDED, broken

GUIDE = (ontology.path("README.md")).read_text(encoding="utf-8")
VERB, NAMES, IDENTITY = re.findall(r"```turtle\n(.+?)```", GUIDE, re.DOTALL)
PREFIXES = ADDED + f"@prefix name: <{NAME}> .\n"


def test_the_verb_has_eight_lines_and_the_right_shape() -> None:
    assert len(VERB.strip().splitlines()) == 8
    assert not [line for line in broken(VERB) if line.startswith("spar-v")]


def test_the_verb_is_read(tmp_path: Path) -> None:
    file = tmp_path / "en-added.ttl"
    file.write_text(PREFIXES + VERB, encoding="utf-8")
    (frame,) = lexicon.frames_of("https://kg.example/lexicon/en#spar-v", lexicon.nodes([file]))
    assert (frame.class_, frame.words, set(frame.needs)) == ("Clash", ("spar",), {"with"})
    assert dict(frame.arguments) == {"subject": "agent", "with": "target"}


def test_the_names_are_as_the_gazetteer_has_them() -> None:
    graph = Graph().parse(data=PREFIXES + NAMES, format="turtle")
    known = Graph()
    for file in ontology.path("names").glob("*.ttl"):
        known.parse(file)
    assert set(graph.predicates()) <= set(known.predicates())
    assert str(graph.value(NAME.Freedonia, SKOS.prefLabel)) == "Freedonia"
    assert graph.value(None, KG.person, NAME.Rufus_Firefly)


def test_what_tells_names_apart_has_the_right_shape() -> None:
    assert not [line for line in broken(IDENTITY) if line.startswith(("as-u", "g-leonard", "sole-offices", "agencies"))]


def test_the_question_over_many_articles_is_answered() -> None:
    _, question = re.findall(r"```sparql\n(.+?)```", GUIDE, re.DOTALL)
    with Store() as store:
        store.add(talks())
        store.add(strike())
        answer = store.select(question)
    russia = [article for thing, name, article in answer.rows if (thing, name) == (str(NAME.Russia), "Russia")]
    assert len(russia) == 2


def test_properties_and_patterns_that_the_guide_names_are_there() -> None:
    shapes = ontology.path("lexicon", "shapes.ttl").read_text(encoding="utf-8")
    syntax = ontology.path("lexicon", "en-syntax.ttl").read_text(encoding="utf-8")
    ends = {"lex:first", "lex:second"}
    named = set(re.findall(r"`[^`]*?(lex:[a-zA-Z]+)", GUIDE)) - ends
    assert len(named) > 15
    assert not {name for name in named if name not in shapes and name not in syntax}
    assert "en:like-clash-v a lex:Pattern" in ontology.path("lexicon", "en-force.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", re.findall(r"`((?:lexicon|names|questions)/[\w.*-]+|kg\.ttl|shapes\.ttl)`", GUIDE))
def test_files_that_the_guide_names_are_there(path: str) -> None:
    assert list(ontology.path().glob(path))
