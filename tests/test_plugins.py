"""Components of others read along: they stand where they say, are checked, and cost only their own claims."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import typer.testing
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg import cli
from kg.errors import ArticleError, KGError
from kg.extract import Pipeline
from kg.extract.plugins import Extra
from kg.extract.sound import faults
from kg.lexicon import schema
from kg.namespaces import KG, WORLD
from kg.read import Article, read
from kg.record import ACTUAL, AFFIRMED, OPEN, Event, Reading, Record, Relation, Role, Time
from kg.record import Span as Stretch
from kg.store import Store
from tests.records import talks

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
TEXT = "Médecins Sans Frontières, based in Geneva, met Iran on Monday. Hamas is based in Gaza. Iran rejected the plan."
Build = Callable[..., Pipeline]


@pytest.fixture(scope="module")
def build(reader: Pipeline) -> Build:
    """A pipeline over the model that is loaded, with components of others."""
    return lambda *extra: Pipeline(reader._model, extra=extra)


def reading(pipeline: Pipeline, text: str = TEXT) -> Reading:
    (found,) = pipeline.readings([Article(text, "a.txt", published="2026-02-18")])
    return found


def component(assigns: str, name: str, act: Callable[[Doc], None]) -> str:
    """Registers a component that does something to a Doc; gives its name."""

    def run(doc: Doc) -> Doc:
        act(doc)
        return doc

    Language.component(name, assigns=[assigns], func=run)
    return name


def claiming(name: str, *claims: Event | Relation) -> str:
    return component("doc._.kg_claims", name, lambda doc: setattr(doc._, "kg_claims", claims))


@pytest.fixture(scope="module")
def plain(reader: Pipeline) -> Record:
    return reading(reader).record


def named(record: Record, name: str) -> str:
    return next(entity.id for entity in record.entities if name in entity.name)


# --------------------------------------------------------------------------------------------------- the worked example


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the guide, installed as a user would."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    (code,), (project,) = (re.findall(rf"```{kind}\n(.+?)```", GUIDE, re.DOTALL) for kind in ("python", "toml"))
    (source / "based_in.py").write_text(code, encoding="utf-8")
    (source / "pyproject.toml").write_text(project, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--target", str(target), str(source)], check=True)
    return target


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for number in range(10):
        text = f"{TEXT} Envoy number {number} said that Kenya would help."
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return folder


def test_the_example_of_the_guide_gives_the_same_in_one_process_and_in_two(
    package: Path, articles: Path, build: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = ["ingest", str(articles), "--store", str(tmp_path / "two"), "--with", "based_in", "--jobs", "2", "--json"]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{package}"}
    done = subprocess.run([sys.executable, "-m", "kg", *command], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stored"] == 10
    monkeypatch.syspath_prepend(package)
    importlib.import_module("based_in")
    with Store(tmp_path / "one") as store:
        for record in build("based_in")(read(articles)):
            store.add(record)
        rows = store.select(f"SELECT DISTINCT ?a ?b {{ ?a <{KG.locatedIn}> ?b }}").rows
    assert len(rows) == 2
    assert _dump(tmp_path / "one") == _dump(tmp_path / "two")


def _dump(path: Path) -> list[str]:
    """All quads but those of the journal, which says when."""
    with Store(path) as store:
        return sorted(str(quad) for quad in store.quads() if "/journal" not in str(quad.graph_name))


def test_an_article_that_is_there_stays_as_it_was_read_and_the_run_says_so(
    monkeypatch: pytest.MonkeyPatch, reader: Pipeline, build: Build, tmp_path: Path, plain: Record
) -> None:
    claim = Relation(
        named(plain, "Hamas"), "locatedIn", named(plain, "Gaza"), Stretch(0, 5), AFFIRMED, ACTUAL, None, 0.9
    )
    claiming("seat", claim)
    monkeypatch.setattr("kg.cli.intake.reader", lambda model, extra: build(*extra).readings)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    store, run = str(tmp_path / "s"), typer.testing.CliRunner().invoke
    command = ["ingest", str(tmp_path / "a.txt"), "--store", store]
    first = run(cli.app, command)
    before = _dump(Path(store))
    again = run(cli.app, [*command, "--with", "seat"])
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "1 article: already in the store, as they were read then" in again.stderr
    assert "already in the store" not in first.stderr + run(cli.app, command).stderr
    assert _dump(Path(store)) == before
    run(cli.app, ["remove", str(tmp_path / "a.txt"), "--store", store, "--yes"])
    run(cli.app, [*command, "--with", "seat"])
    assert _dump(Path(store)) != before


# --------------------------------------------------------------------------------------------------------------- places


def test_an_entity_ruler_stands_before_the_names(reader: Pipeline, build: Build) -> None:
    text = "Rufus Firefly rejected the plan."

    def name(doc: Doc) -> None:
        doc.ents = (Span(doc, 0, 2, label="LOC"),)

    extra = component("doc.ents", "ruler", name)
    before, after = (reading(pipeline, text).record.entities[0] for pipeline in (reader, build(extra)))
    assert (before.name, before.type, after.name, after.type) == ("Rufus Firefly", "Person", "Rufus Firefly", "Region")


def test_what_a_stage_wrote_can_be_replaced_and_what_follows_reads_that(build: Build, plain: Record) -> None:
    assert plain.times
    extra = component("doc._.kg_times", "timeless", lambda doc: setattr(doc._, "kg_times", ()))
    record = reading(build(extra)).record
    assert not record.times
    assert all(event.time is None for event in record.events)
    quiet = component("doc._.kg_propositions", "quiet", lambda doc: setattr(doc._, "kg_propositions", ()))
    assert not reading(build(quiet)).record.events


def test_claims_are_added_to_the_record_and_say_who_added_them(build: Build, plain: Record) -> None:
    iran, gaza = named(plain, "Iran"), named(plain, "Gaza")
    roles = Role("agent", iran), Role("place", gaza)
    quote = Stretch(46, 54)
    event = Event("new", "Visit", "CONSULT", Stretch(46, 49), quote, roles, None, AFFIRMED, "planned", None, 0.4)
    host = Relation("new", "hostedBy", iran, Stretch(46, 54), AFFIRMED, "planned", None, 0.4)
    found = reading(build(claiming("visits", event, host, host)))
    assert found.notes.warnings == ()
    record = found.record
    assert record.events[:-1] == plain.events
    added = record.events[-1]
    assert added.id == f"v{len(plain.events) + 1}-visits"
    assert (record.relations[-1].subject, record.relations[-1].object) == (added.id, iran)
    assert len(record.relations) == len(plain.relations) + 1
    assert record.text[added.evidence.start : added.evidence.end].endswith("met Iran on Monday.")
    assert added.factuality == record.relations[-1].factuality is not None
    assert Record.from_json(record.to_json()) == record
    with Store() as store:
        assert store.add(record)


def test_what_components_count_is_summed(build: Build) -> None:
    def count(doc: Doc) -> None:
        doc._.kg_counts["seats"] = 2

    extra = component("doc._.kg_claims", "counter", count)
    wrong = component("doc._.kg_claims", "miscounter", lambda doc: setattr(doc._, "kg_counts", "many"))
    assert reading(build(extra)).notes.counts == {"seats": 2}
    assert reading(build(extra, wrong)).notes.counts == {}


# -------------------------------------------------------------------------------------------------------- what is wrong


def relation(plain: Record, **other: object) -> Relation:
    right = Relation(
        named(plain, "Hamas"), "locatedIn", named(plain, "Gaza"), Stretch(63, 86), AFFIRMED, ACTUAL, None, 0.9
    )
    return replace(right, **other)  # type: ignore[arg-type]


def event(**other: object) -> Event:
    right = Event("x", OPEN, None, Stretch(63, 68), Stretch(63, 86), (), None, AFFIRMED, ACTUAL, None, 0.5)
    return replace(right, **other)  # type: ignore[arg-type]


WRONG: dict[str, Callable[[Record], object]] = {
    "there is no entity or event 'e99'": lambda plain: relation(plain, object="e99"),
    "no relation of kg.ttl": lambda plain: relation(plain, predicate="loves"),
    "does not let headOf join": lambda plain: relation(plain, predicate="headOf"),
    "no span of the text": lambda plain: relation(plain, evidence=Stretch(80, 9_999)),
    "is no span": lambda plain: relation(plain, evidence=Stretch(9, 9)),
    "no polarity": lambda plain: relation(plain, polarity="yes"),
    "no modality": lambda plain: relation(plain, modality="sure"),
    "not from 0 to 1": lambda plain: relation(plain, confidence=7.0),
    "confidence is 'high', not float": lambda plain: relation(plain, confidence="high"),
    "trigger is (1, 2), not Span": lambda plain: event(trigger=(1, 2)),
    "office is 7, not str | None": lambda plain: relation(plain, office=7),
    "counts fewer than none": lambda plain: event(roles=(Role("target", value="men", count=-1),)),
    "count is True": lambda plain: event(roles=(Role("target", value="men", count=True),)),
    "no attribution 'a9'": lambda plain: relation(plain, attribution="a9"),
    "no class of events": lambda plain: event(class_="Person"),
    "no code of PLOVER": lambda plain: event(plover="LOVE"),
    "no role of events": lambda plain: event(roles=(Role("lover", named(plain, "Iran")),)),
    "an entity or a value": lambda plain: event(roles=(Role("agent"),)),
    "no time 't9'": lambda plain: event(time="t9"),
    "no event 'v99'": lambda plain: event(responds_to="v99"),
    "an id of its own": lambda plain: event(id="v1"),
    "a claim is an Event or a Relation": lambda plain: "Hamas is based in Gaza",
}


@pytest.mark.parametrize("reason", WRONG)
def test_claims_that_break_the_rules_cost_only_themselves(build: Build, plain: Record, reason: str) -> None:
    name = re.sub(r"\W", "_", reason)
    good = claiming(f"good_{name}", relation(plain))
    wrong = component(
        "doc._.kg_claims", name, lambda doc: setattr(doc._, "kg_claims", (relation(plain), WRONG[reason](plain)))
    )
    found = reading(build(wrong, good))
    assert found.record == reading(build(good)).record != plain
    (warning,) = found.notes.warnings
    assert warning.startswith(f"component {name}: ")
    assert reason in warning
    assert found.record.relations[-1].predicate == "locatedIn"


def test_without_the_check_an_article_would_be_lost_for_one_claim(
    build: Build, plain: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what breaks the rules would be found by the store, which takes an article whole or not at all."""
    monkeypatch.setattr("kg.extract.plugins.hold", lambda record, lexicon: None)
    found = reading(build(claiming("unchecked", relation(plain, object="e99"))))
    assert found.notes.warnings == ()
    with Store() as store, pytest.raises(ArticleError, match="e99"):
        store.add(found.record)


def _raise(doc: Doc) -> None:
    raise RuntimeError("out of order")


def _stray(doc: Doc) -> None:
    """Mentions of a class that there is not."""
    doc._.kg_mentions = tuple(replace(mention, type="Unicorn") for mention in doc._.kg_mentions)


def _beyond(doc: Doc) -> None:
    doc._.kg_times = tuple(replace(when, end=10_000) for when in doc._.kg_times)


def _odd_time(doc: Doc) -> None:
    doc._.kg_times = tuple(replace(when, value="next <week>") for when in doc._.kg_times)


@pytest.mark.parametrize(
    ("assigns", "act", "reason"),
    [
        ("doc._.kg_mentions", _raise, "out of order"),
        ("doc._.kg_mentions", _stray, "'Unicorn' is no class"),
        ("doc._.kg_times", _beyond, "IndexError"),
        ("doc._.kg_times", _odd_time, "no TIMEX3 value"),
        ("doc._.kg_events", lambda doc: setattr(doc._, "kg_events", None), "TypeError"),
        ("doc._.kg_claims", _raise, "out of order"),
    ],
)
def test_what_goes_wrong_among_the_stages_names_who_did_it(
    build: Build, plain: Record, assigns: str, act: Callable[[Doc], None], reason: str
) -> None:
    name = re.sub(r"\W", "_", reason + assigns)
    good = claiming(f"good_{name}", relation(plain))
    found = reading(build(component(assigns, name, act), good))
    assert found.record == reading(build(good)).record != plain
    (warning,) = found.notes.warnings
    assert warning.startswith(f"component {name}: ")
    assert reason in warning


def test_the_next_article_is_read_with_all_components_again(build: Build, plain: Record) -> None:
    def fail_once(doc: Doc) -> None:
        if "POISON" in doc.text:
            raise ValueError("poisoned")
        doc._.kg_times = ()

    pipeline = build(component("doc._.kg_times", "once", fail_once))
    texts = (TEXT, f"{TEXT} POISON.", TEXT)
    found = list(pipeline.readings(Article(text, str(n)) for n, text in enumerate(texts)))
    assert [len(one.notes.warnings) for one in found] == [0, 1, 0]
    assert [bool(one.record.times) for one in found] == [False, True, False]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ("not_installed", "cannot be made"),
        ("greedy", "assigns doc._.kg_scene: it may assign doc._.kg_mentions"),
        ("both", "or doc._.kg_claims alone"),
    ],
)
def test_a_component_that_cannot_stand_anywhere_is_said_at_once(build: Build, extra: Extra, reason: str) -> None:
    Language.component("greedy", assigns=["doc._.kg_scene"], func=lambda doc: doc)
    Language.component("both", assigns=["doc._.kg_claims", "doc._.kg_times"], func=lambda doc: doc)
    with pytest.raises(KGError, match=reason):
        build(extra)


def test_our_own_records_hold_together(reader: Pipeline) -> None:
    """The control: what is refused of others is nothing that kg does itself."""
    records = list(reader(read(*sorted(path for path in (ROOT / "seeds").iterdir() if path.suffix in {".txt", ".md"}))))
    assert len(records) > 4
    assert not [fault for record in records for fault in faults(record, schema())]
    assert not list(faults(talks(), schema()))


def _broken() -> Iterator[tuple[str, Record]]:
    record = talks()
    one = record.entities[0]
    yield "stands twice", replace(record, entities=(one, *record.entities))
    yield "no class", replace(record, entities=(replace(one, type="Unicorn"), *record.entities[1:]))
    yield "no item of Wikidata", replace(record, entities=(replace(one, wikidata="42"), *record.entities[1:]))
    yield "record.title is 5", replace(record, title=5)  # type: ignore[arg-type]
    yield "record.events is [", replace(record, events=list(record.events))  # type: ignore[arg-type]
    yield "a mention is", replace(record, entities=(replace(one, mentions=(replace(one.mentions[0], kind="x"),)),))
    yield "no TIMEX3", replace(record, times=(Time("t9", 0, 3, "DATE", "soon"),))
    said = record.attributions[0]
    yield "no entity 'e99'", replace(record, attributions=(replace(said, source=replace(said.source, entity="e99")),))
    yield "no span", replace(record, attributions=(replace(said, cue=Stretch(-1, 4)), *record.attributions[1:]))


@pytest.mark.parametrize(("reason", "record"), tuple(_broken()))
def test_what_is_wrong_with_a_record_is_found(reason: str, record: Record) -> None:
    assert reason in " ".join(faults(record, schema()))


def test_what_the_guide_tells_is_there() -> None:
    assert WORLD not in GUIDE
    named_ = re.findall(r"`kg_(\w+)`|`doc\._\.kg_(\w+)`", GUIDE)
    assert {"mentions", "times", "propositions", "holdings", "spoken", "referents", "events", "claims", "counts"} <= {
        one or two for one, two in named_
    }
    for option in re.findall(r"(--[a-z][a-z-]+)", GUIDE):
        assert option in _help()
    assert (ROOT / "ontology" / "llm" / "extract.toml").is_file()


def _help() -> str:
    return typer.testing.CliRunner().invoke(cli.app, ["ingest", "--help"], terminal_width=200).stdout
