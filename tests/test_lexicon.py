"""Every entry of the lexicon is tested by its own examples.

In an example, `[agent Russia]` asks that the entry's event gives Russia that role (for a relation: subject, object),
and `[Attack:negated attack]` that an Attack with that trigger has that polarity or modality. A counterexample must not
evoke the entry at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pyshacl import validate
from rdflib import RDF, SH, SKOS, Graph

from kg import lexicon, ontology
from kg.extract import Pipeline
from kg.read import Article
from kg.record import Event, Record

BRACKET = re.compile(r"\[([A-Za-z_]+)(?::([a-z]+))? ([^\]]+)\]")
WORDS = lexicon.nodes(sorted(ontology.path("lexicon").glob("en*.ttl")))
ENTRIES = {entry: node for entry, node in WORDS.items() if lexicon.LEX + "lemma" in node}
EXAMPLE, COUNTER = str(SKOS.example), lexicon.LEX + "counterexample"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence without its brackets, and what they ask: (role or class, qualifier or "", start, end)."""

    entry: str
    text: str
    wanted: tuple[tuple[str, str, int, int], ...]


def parse(entry: str, marked: str) -> Example:
    text, wanted, last = "", [], 0
    for bracket in BRACKET.finditer(marked):
        text += marked[last : bracket.start()]
        wanted.append((bracket[1], bracket[2] or "", len(text), len(text) + len(bracket[3])))
        text += bracket[3]
        last = bracket.end()
    return Example(lexicon.local(entry), text + marked[last:], tuple(wanted))


def examples(property_: str) -> Iterator[Example]:
    for entry, node in sorted(ENTRIES.items()):
        yield from (parse(entry, marked) for marked in node.get(property_, ()))


def entity_at(record: Record, id_: str | None, start: int, end: int) -> bool:
    return any(m.start < end and start < m.end for e in record.entities if e.id == id_ for m in e.mentions)


def plays(record: Record, event: Event, role: str, start: int, end: int) -> bool:
    """Whether a passage fills a role: as an entity mentioned there, or as a text that shares a word with it."""
    passage = set(record.text[start:end].lower().split())
    return any(
        r.role == role
        and (entity_at(record, r.entity, start, end) or bool(passage & set((r.value or "").lower().split())))
        for r in event.roles
    )


def relates(record: Record, example: Example, predicate: str) -> bool:
    spans = {role: (start, end) for role, _, start, end in example.wanted}
    return any(
        r.predicate == predicate
        and entity_at(record, r.subject, *spans["subject"])
        and ("object" not in spans or entity_at(record, r.object, *spans["object"]))
        for r in record.relations
    )


def qualified(record: Record, class_: str, sign: str, start: int, end: int) -> bool:
    return any(
        e.class_ == class_ and e.trigger.start < end and start < e.trigger.end and sign in {e.polarity, e.modality}
        for e in record.events
    )


def fulfilled(record: Record, example: Example) -> str:
    """What the record lacks of an example, "" if nothing."""
    frames = [frame for frame in lexicon.load().entries if frame.entry == example.entry]
    predicate = frames[0].relation or frames[0].office
    if predicate and (not frames[0].class_ or "subject" in {role for role, *_ in example.wanted}):
        return "" if relates(record, example, predicate) else f"no {predicate} between them"
    for class_, sign, start, end in example.wanted:
        if sign and not qualified(record, class_, sign, start, end):
            return f"no {sign} {class_} at «{record.text[start:end]}»"
    classes = {frame.class_ for frame in frames} | {frame.when_negated for frame in frames} - {None}
    events = [event for event in record.events if event.class_ in classes]
    roles = [(role, start, end) for role, sign, start, end in example.wanted if not sign]
    if not frames[0].class_:
        return ""
    if any(all(plays(record, event, *role) for role in roles) for event in events):
        return ""
    read = [(e.class_, [(r.role, r.value or r.entity) for r in e.roles]) for e in record.events]
    return f"no {frames[0].class_} with these roles; read {read}"


def read(reader: Pipeline, found: list[Example]) -> Iterator[tuple[Example, Record]]:
    yield from zip(found, reader(Article(text=example.text, source=example.entry) for example in found), strict=True)


def test_every_example_is_read_as_it_is_marked(reader: Pipeline) -> None:
    lacking = [
        f"{example.entry}: «{example.text}»: {lack}"
        for example, record in read(reader, list(examples(EXAMPLE)))
        if (lack := fulfilled(record, example))
    ]
    assert not lacking, "\n".join(lacking)


def test_no_counterexample_evokes_its_entry(reader: Pipeline) -> None:
    found = list(examples(COUNTER))
    docs = reader.docs(Article(text=example.text, source=example.entry) for example in found)
    wrong = [
        f"{e.entry}: «{e.text}»"
        for e, doc in zip(found, docs, strict=True)
        if any(p.frame.entry == e.entry for p in doc._.kg_propositions)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_entry_has_an_example() -> None:
    without = [lexicon.local(entry) for entry, node in ENTRIES.items() if not node.get(EXAMPLE)]
    assert not without


def test_there_are_at_least_800_entries() -> None:
    assert len(ENTRIES) >= 800


@pytest.mark.parametrize("class_", sorted(lexicon.load().schema.plover))
def test_every_class_with_a_code_has_a_word(class_: str) -> None:
    schema = lexicon.load().schema
    assert any(
        schema.is_a(frame.class_ or "", class_) or schema.is_a(class_, frame.class_ or "-")
        for frame in lexicon.load().entries
    )


# ----------------------------------------------------------------------------------------------------------- its shapes

FILES = sorted(ontology.path("lexicon").glob("en*.ttl"))
ADDED = "@prefix lex: <https://kg.example/lexicon#> . @prefix en: <https://kg.example/lexicon/en#> .\n" + (
    "@prefix kg: <https://kg.example/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
)


def broken(added: str = "") -> list[str]:
    """What the shapes of the lexicon say of it, and of an entry added to it, each with the entry."""
    graph, shapes = Graph(), Graph().parse(ontology.path("lexicon", "shapes.ttl"))
    for file in FILES if not added else [file for file in FILES if file.name == "en-force.ttl"]:
        graph.parse(file)
    graph.parse(data=ADDED + added, format="turtle")
    _, report, _ = validate(graph, shacl_graph=shapes)
    assert isinstance(report, Graph)
    return sorted(
        f"{lexicon.local(str(report.value(one, SH.focusNode)))}: {report.value(one, SH.resultMessage)}"
        for one in report.subjects(RDF.type, SH.ValidationResult)
    )


def test_the_lexicon_has_its_shapes() -> None:
    assert not broken(), "\n".join(broken())


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "en:spar a lex:Verb ; lex:class kg:Clash ; lex:lemma 'spar' ; lex:subjet kg:agent ; skos:example 'x'",
            "misspelt",
        ),
        ("en:spar a lex:Verb ; lex:class kg:Clash ; lex:lemma 'spar' ; lex:subject kg:agent", "skos:example"),
        ("en:spar a lex:Verb ; lex:class kg:Clash ; lex:lemma 'Sparred' ; skos:example 'x'", "lower case"),
        ("en:spar a lex:Verb ; lex:class 'Clash' ; lex:lemma 'spar' ; skos:example 'x'", "one class"),
        ("en:spar a lex:Verb ; lex:like en:sparring ; lex:lemma 'spar' ; skos:example 'x'", "lex:Pattern"),
        ("en:spar a lex:Verb ; lex:needs lex:subjet ; lex:lemma 'spar' ; skos:example 'x'", "names functions"),
        ("en:spar a lex:Verb ; lex:makes kg:future ; lex:lemma 'spar' ; skos:example 'x'", "kg:planned"),
        ("en:spar a lex:Verb ; lex:subject 'agent' ; lex:lemma 'spar' ; skos:example 'x'", "gives a role"),
        ("en:spar a lex:Verbb ; lex:lemma 'spar' ; skos:example 'x'", "kind of an entry"),
        ("en:soon a lex:Modifier ; lex:efect kg:planned ; lex:word 'soon'", "misspelt"),
    ],
)
def test_a_slip_is_said_with_the_entry(entry: str, said: str) -> None:
    name = entry.partition(" ")[0].removeprefix("en:")
    assert [line for line in broken(f"{entry} .") if line.startswith(f"{name}: ") and said in line]


def test_classes_roles_and_relations_of_the_lexicon_are_terms_of_the_ontology() -> None:
    terms = {lexicon.local(iri) for iri in lexicon.nodes([ontology.path("kg.ttl")])} | {"first", "second"}
    named = {
        frame.entry: {name for name in (frame.class_, frame.when_negated, frame.relation, frame.office) if name}
        | {role for _, role in frame.arguments}
        for frame in lexicon.load().entries
    }
    assert not {entry: names - terms for entry, names in named.items() if names - terms}
