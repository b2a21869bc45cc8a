"""The lexicon and the gazetteer as values: what is wrong in a file is said with the file and the entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import lexicon
from kg.errors import OntologyError
from kg.namespaces import NAME

HEAD = "@prefix lex: <https://kg.example/lexicon#> . @prefix en: <https://kg.example/lexicon/en#> .\n"


def test_a_file_that_is_not_turtle_is_named_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "en-bad.ttl"
    file.write_text(HEAD + 'en:strike a lex:Verb ; lex:lemma "strike\n .', encoding="utf-8")
    with pytest.raises(OntologyError, match=r"en-bad\.ttl: not Turtle: .*line 2"):
        lexicon.nodes([file])


def test_an_entry_that_two_files_define_is_named_with_both(tmp_path: Path) -> None:
    files = [tmp_path / "en-a.ttl", tmp_path / "en-b.ttl"]
    for file in files:
        file.write_text(HEAD + 'en:may a lex:Auxiliary ; lex:word "may" .', encoding="utf-8")
    with pytest.raises(OntologyError, match=r"en-b\.ttl: may is defined in en-a\.ttl"):
        lexicon.nodes(files)


def test_an_entry_like_nothing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "en.ttl"
    file.write_text(HEAD + 'en:strike a lex:Verb ; lex:like en:hitting ; lex:lemma "strike" .', encoding="utf-8")
    with pytest.raises(OntologyError, match="entry strike: lex:like names hitting"):
        list(lexicon.frames_of("https://kg.example/lexicon/en#strike", lexicon.nodes([file])))


def test_an_entry_takes_from_its_pattern_what_it_does_not_say(tmp_path: Path) -> None:
    file = tmp_path / "en.ttl"
    file.write_text(
        HEAD
        + """@prefix kg: <https://kg.example/ns#> .
        en:hitting a lex:Pattern ; lex:subject kg:agent ; lex:object kg:target ; lex:needs lex:object .
        en:shell a lex:Verb ; lex:like en:hitting ; lex:class kg:Shelling ;
            lex:lemma "shell" ; lex:object kg:place .""",
        encoding="utf-8",
    )
    (frame,) = lexicon.frames_of("https://kg.example/lexicon/en#shell", lexicon.nodes([file]))
    assert (frame.kind, frame.class_, frame.words) == ("Verb", "Shelling", ("shell",))
    assert frame.arguments == (("object", "place"), ("subject", "agent"))
    assert frame.needs == {"object"}


def test_the_gazetteer_knows_states_by_their_capitals_seats_and_demonyms() -> None:
    names = lexicon.load().gazetteer
    assert names.seats["Kremlin"] == str(NAME["Russia"])
    assert names.capitals[str(NAME["Kyiv"])] == str(NAME["Ukraine"])
    assert "Swiss" in names.demonyms[str(NAME["Switzerland"])]
    assert "Kiev" in names.labels[str(NAME["Kyiv"])]
    assert names.names[str(NAME["United_States"])].wikidata == "Q30"


def test_a_class_is_what_its_ancestors_are() -> None:
    schema = lexicon.load().schema
    assert schema.is_a("Airstrike", "Attack")
    assert not schema.is_a("Attack", "Airstrike")
    assert schema.plover["Airstrike"] == "ASSAULT"
    assert schema.fits("State", "agent")
    assert not schema.fits("Weapon", "mediator")
