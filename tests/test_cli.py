"""The command line, with a reader that needs no model: what it prints, where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from pyoxigraph import NamedNode
from typer.testing import CliRunner, Result

from kg import __version__
from kg.cli import app
from kg.errors import KGError
from kg.ingest import counts
from kg.namespaces import JOURNAL, KG
from kg.read import Article
from kg.record import Reading, Record
from kg.store import Store
from tests.papers import Paper, paper
from tests.records import strike, talks
from tests.test_resolve import article as telling

GROUP: Any = typer.main.get_command(app)
COMMANDS = sorted(GROUP.commands)
TELLING = {record.text: record for record in (talks(), strike())}


# -------------------------------------------------------------------------------------------------- a reader for tests


def fake_reader(model: str, extra: Sequence[Any] = ()) -> Callable[[Sequence[Article]], Iterable[Reading]]:
    """In the place of kg.ingest.reader; in other processes too, so it is found by name."""
    if model == "missing":
        raise KGError("spaCy model 'missing' is not installed")
    return _read


def _read(articles: Sequence[Article]) -> Iterator[Reading]:
    for article in articles:
        if "POISON" in article.text:
            raise ValueError("poisoned")
        if "DEADLY" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "INTERRUPT" in article.text:
            raise KeyboardInterrupt
        yield Reading(_record(article))


def _record(article: Article) -> Record:
    """What is known of a text of `tests.records`, as if this article held it; of any other text nothing."""
    known = ("id", "source", "title", "published", "language", "url", "outlet", "text")
    fields: dict[str, Any] = {name: getattr(article, name) for name in known}
    told = next((record for text, record in TELLING.items() if text.strip() == article.text.strip()), None)
    if told is None:
        return Record(**fields, entities=(), times=(), events=(), relations=(), attributions=())
    return Record.from_json(json.dumps(json.loads(told.to_json().replace(told.id, article.id)) | fields))


@pytest.fixture(autouse=True)
def _aside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a folder of its own, with the reader of the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_STORE", raising=False)
    monkeypatch.setattr("kg.cli.intake.reader", fake_reader)


def run(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=input)


def summary(*arguments: str) -> dict[str, Any]:
    result = run("ingest", *arguments, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    return found | {"exit": result.exit_code}


def reasons(found: dict[str, Any]) -> dict[str, str]:
    return {Path(item["source"]).name: item["reason"] for item in found["skipped"]}


def write(name: str, text: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


@pytest.fixture
def told() -> None:
    """A store of two articles."""
    write("in/talks.txt", talks().text)
    write("in/strike.txt", strike().text)
    assert run("ingest", "in", "--published", "2026-02-18").exit_code == 0


# --------------------------------------------------------------------------------------------------------------- help


@pytest.mark.parametrize("name", COMMANDS)
def test_help_teaches_by_examples_that_parse(name: str) -> None:
    help = run(name, "--help").stdout
    assert f"kg {name}" in examples(help)[0]
    for example in examples(help):
        parses(example)


def test_the_first_help_names_every_command_and_shows_examples() -> None:
    help = run("--help").stdout
    assert all(f"  {name} " in help for name in COMMANDS)
    for example in examples(help):
        parses(example)


def test_every_command_of_the_issue_is_there() -> None:
    wanted = {"ingest", "extract", "query", "view", "validate", "explain", "remove", "stats", "export", "questions"}
    wanted |= {"resolve", "contradictions", "diff", "merge", "footnotes", "serve", "watch", "push"}
    wanted |= {"doctor", "backup", "restore", "derive"}
    assert wanted == set(COMMANDS)


def examples(help: str) -> list[str]:
    """The lines below Examples:."""
    block = help.partition("  Examples:\n")[2].partition("\n\n")[0]
    return [line.strip() for line in block.splitlines()]


def parses(example: str) -> None:
    """Takes what runs kg out of a shell's line and parses it, running nothing."""
    name, *arguments = shlex.split(example.rpartition("| ")[2].partition(" > ")[0].removeprefix("kg "))
    with GROUP.commands[name].make_context(name, arguments):
        pass


def test_version() -> None:
    assert run("--version").stdout == f"kg {__version__}\n"


# ------------------------------------------------------------------------------------------------------------- ingest


def test_ingest_says_what_it_did() -> None:
    write("in/talks.txt", talks().text)
    result = run("ingest", "in")
    assert result.exit_code == 0
    claims, asserted = counts(talks())
    assert f"{claims}, of which {asserted} asserted" in result.stdout
    assert summary("in")["claims"] == 0, "it is there already"
    with Store("kg.store") as store:
        assert store.counts()["claims"] == claims
        assert store.counts()["asserted"] == asserted


def test_running_again_is_cheap_and_no_failure(told: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_cli._read", lambda articles: pytest.fail("read again"))
    found = summary("in", "--published", "2026-02-18")
    assert (found["exit"], found["read"], found["stored"], found["known"]) == (0, 2, 0, 2)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_article_that_cannot_be_read_costs_only_itself(workers: str) -> None:
    for number in range(20):
        write(f"in/{number:02}.txt", "POISON" if number == 7 else f"The delegation number {number} arrived.")
    found = summary("in", "--workers", workers)
    assert (found["exit"], found["stored"]) == (1, 19)
    assert "poisoned" in reasons(found)["07.txt"]


def test_an_article_that_kills_its_process_costs_only_itself() -> None:
    for number in range(20):
        write(f"in/{number:02}.txt", "DEADLY" if number == 7 else f"The delegation number {number} arrived.")
    found = summary("in", "--workers", "2")
    assert (found["exit"], found["stored"]) == (1, 19)
    assert "died" in reasons(found)["07.txt"]


def test_any_number_of_workers_gives_the_same_bytes() -> None:
    write("in/talks.txt", talks().text)
    for number in range(20):
        write(f"in/{number:02}.txt", f"The delegation number {number} arrived.")
    write("in/strike.txt", strike().text)
    exports = []
    for workers in ("1", "2"):
        assert run("ingest", "in", "--workers", workers, "--store", f"{workers}.store").exit_code == 0
        exports.append(run("export", "--format", "nquads", "--store", f"{workers}.store").stdout_bytes)
    assert exports[0] == exports[1]
    assert exports[0].count(b"\n") > 100


def test_the_same_article_twice_is_stored_once() -> None:
    write("in/one.txt", talks().text)
    write("in/two.txt", talks().text)
    found = summary("in")
    assert (found["exit"], found["stored"]) == (1, 1)
    assert "the same article as" in reasons(found)["two.txt"]


def test_an_interrupted_run_keeps_what_is_stored() -> None:
    for number in range(20):
        write(f"in/{number:02}.txt", "INTERRUPT" if number == 12 else f"The delegation number {number} arrived.")
    result = run("ingest", "in")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr
    with Store("kg.store") as store:
        assert len(store.articles()) == 8, "the first batch"


def test_a_missing_model_is_said_in_a_line() -> None:
    write("in/talks.txt", talks().text)
    for workers in ("1", "2"):
        failed(run("ingest", "in", "--model", "missing", "--workers", workers), "not installed")


BAD = {
    "empty.txt": b"",
    "blank.txt": b"  \n\t\n",
    "binary.txt": bytes(range(256)) * 64,
    "wrong-encoding.txt": "Переговоры в Женеве завершились без соглашения. ".encode("cp1251") * 20,
    "long-line.txt": b"The delegations met again in Geneva and left without a word. " * 170_000,
    "truncated.html": b"<html><head><title>Talks</title></head><body><article><p>The delegations met in Gen",
    "french.txt": "Les délégations se sont retrouvées à Genève pour de nouveaux pourparlers de paix. ".encode() * 9,
    "broken.jsonl": b'{"text": "The delegations met in Geneva."}\n{"text": \n',
    "naughty.txt": "\u202eThe \x1b[31mred\x1b[0m <script>alert(1)</script> [bold]envoy[/bold] \u0000 arrived.".encode(),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_ingested_or_skipped_with_a_reason(name: str, told: None) -> None:
    write(f"bad/{name}", BAD[name])
    write("bad/good.txt", "The two delegations arrived in Geneva on Tuesday evening for another round of talks.")
    found = summary("bad")
    skipped = reasons(found)
    assert all(skipped.values())
    assert "good.txt" not in skipped
    assert found["exit"] == (1 if skipped else 0)
    assert found["stored"] == found["read"] - len(skipped)
    with Store("kg.store") as store:
        assert len(store.articles()) == 2 + found["stored"]


def test_what_cannot_be_opened_is_skipped_with_a_reason(told: None) -> None:
    Path("bad").mkdir()
    Path("bad/dangling.txt").symlink_to("nowhere.txt")
    write("bad/good.txt", "The two delegations arrived in Geneva on Tuesday evening for another round of talks.")
    write("bad/locked.txt", "The delegations met.")
    Path("bad/locked.txt").chmod(0)
    found = summary("bad/dangling.txt", "bad/locked.txt", "bad/good.txt", "missing.txt")
    assert found["exit"] == 1
    assert {"dangling.txt", "missing.txt"} <= reasons(found).keys()
    assert os.geteuid() == 0 or "locked.txt" in reasons(found)


@pytest.mark.parametrize("command", ["ingest", "extract"])
def test_files_of_other_formats_in_a_folder_are_told_of(command: str) -> None:
    write("in/talks.txt", talks().text)
    for name in ("in/a.docx", "in/sub/b.DOCX", "in/talks.meta.json", "in/.hidden.xyz", "in/sub/README"):
        write(name, "{}")
    for number in range(8):
        write(f"in/data.{number}", "")
    result = run(command, "in")
    assert result.exit_code == 0
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("passed over"))
    assert line == (
        "passed over in folders, since kg reads no such format: "
        "2 .docx, 1 without a suffix, 1 .0, 1 .1, 1 .2, 1 .3, 1 .4, 1 .5, 2 others"
    )


def test_nothing_that_can_be_read_ends_with_2() -> None:
    assert run("ingest", "missing.txt").exit_code == 2
    Path("void").mkdir()
    assert run("ingest", "void").exit_code == 2


# ------------------------------------------------------------------------------------------------------------ extract


def test_extract_prints_a_record_a_line() -> None:
    write("in/talks.txt", talks().text)
    write("in/strike.txt", strike().text)
    result = run("extract", "in", "--published", "2026-02-18")
    assert result.exit_code == 0
    records = [Record.from_json(line) for line in result.stdout.splitlines()]
    assert [Path(record.source).name for record in records] == ["strike.txt", "talks.txt"]
    assert {record.published for record in records} == {"2026-02-18"}


def test_extract_says_on_standard_error_what_it_skips() -> None:
    write("in/poison.txt", "POISON in the delegation's tea, they said on Tuesday.")
    write("in/talks.txt", talks().text)
    result = run("extract", "in", "missing.txt")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert "poison.txt: ValueError: poisoned" in result.stderr
    assert "missing.txt" in result.stderr


# -------------------------------------------------------------------------------------------------------------- query


def test_a_question_by_name_with_a_parameter(told: None) -> None:
    for arguments in (["--for", "Russia"], ["--for=Russia"]):
        result = run("query", "who-negotiates-for", *arguments)
        assert result.exit_code == 0
        assert "Medinsky" in result.stdout
    nobody = run("query", "who-negotiates-for", "--for", "Peru")
    assert nobody.exit_code == 0
    assert "Medinsky" not in nobody.stdout
    assert "no answer" in nobody.stderr


def test_the_formats_agree(told: None) -> None:
    rows = json.loads(run("query", "who-negotiates-for", "--format", "json").stdout)
    table = list(csv.DictReader(io.StringIO(run("query", "who-negotiates-for", "--format", "csv").stdout)))
    assert rows
    assert [{key: value or "" for key, value in row.items()} for row in rows] == table


HEADS = "SELECT ?s ?o { ?s <https://kg.example/ns#negotiatorOf> ?o }"


def test_sparql_from_a_file_and_from_standard_input(told: None) -> None:
    write("heads.rq", HEADS)
    from_file, from_input = run("query", "heads.rq"), run("query", "-", input=HEADS)
    assert from_file.exit_code == 0
    assert from_file.stdout == from_input.stdout
    assert "name:Russia" in from_file.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["who-negotiates-fro"], "who-negotiates-for"),
        (["who-negotiates-for", "--whom", "Russia"], "whom"),
        (["who-negotiates-for", "--for"], "--for"),
        (["who-negotiates-for", "Russia"], "Russia"),
        (["missing.rq"], "missing.rq"),
        (["bad.rq"], "SELEKT"),
        (["bad.rq", "--for", "Russia"], "--for"),
    ],
)
def test_a_query_that_cannot_be_answered_is_said_in_a_line(told: None, arguments: list[str], said: str) -> None:
    write("bad.rq", "SELEKT ?s { ?s ?p ?o }")
    failed(run("query", *arguments), said if said != "SELEKT" else "")


def failed(result: Result, said: str) -> None:
    """It ended with 2, one or two lines on standard error, nothing on standard output, and no traceback."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert 1 <= len(result.stderr.strip().splitlines()) <= 2, result.stderr
    assert result.stderr.startswith("kg: ")
    assert said in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "who-heads"], ["view"], ["validate"], ["explain", "Russia"], ["remove", "x", "--yes"], ["stats"],
        ["export"], ["resolve"], ["contradictions"], ["diff", "x"],
        ["footnotes", "--about", "x"],
    ],
)  # fmt: skip
def test_a_missing_store_is_said_and_not_made(arguments: list[str]) -> None:
    failed(run(*arguments), "no store at kg.store: make one with `kg ingest PATH`")
    assert not Path("kg.store").exists()


def test_the_environment_names_the_store(told: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("kg.store").rename("other")
    monkeypatch.setenv("KG_STORE", "other")
    assert "articles" in run("stats").stdout


def test_questions_are_listed_with_their_parameters() -> None:
    listed = run("questions").stdout
    assert "who-negotiates-for\n    Who negotiates for whom?\n    --for  " in listed


# ------------------------------------------------------------------------------------- explain, stats, remove, export


def test_explain_shows_the_sentences_behind_an_entity(told: None) -> None:
    shown = run("explain", "Medinsky").stdout
    assert "Medinsky · negotiatorOf · Russia" in shown
    assert "Medinsky negotiates for Russia." in shown
    assert "2026-02-18, in/talks.txt" in shown


def test_explain_shows_what_implies_a_triple(told: None) -> None:
    asked = ("explain", "--subject", "Medinsky", "--predicate", "affiliatedWith", "--object", "Russia")
    assert "Medinsky · negotiatorOf · Russia" in run(*asked).stdout
    everything = run("explain", "--predicate", "affiliatedWith").stdout
    assert "Medinsky · negotiatorOf · Russia" in everything


def test_explain_says_what_is_not_asserted(told: None) -> None:
    shown = run("explain", "--predicate", "type").stdout.splitlines()
    marked = [line for line in shown if "not asserted" in line]
    with Store("kg.store") as store:
        counts = store.counts()
    assert marked
    assert len([line for line in shown if " · type · " in line]) - len(marked) <= counts["asserted"]


def test_explain_wants_a_question() -> None:
    Store("kg.store").close()
    failed(run("explain"), "nothing to explain")
    failed(run("explain", "Nobody at all"), "'Nobody at all'")
    failed(run("explain", "--predicate", "is } rude"), "no IRI")
    failed(run("explain", "http://no iri"), "no IRI")
    assert "no article says so" in run("explain", "--predicate", "unheardOf").stderr


def test_explain_finds_a_class_and_what_is_below_it(told: None) -> None:
    shown = run("explain", "--predicate", "type", "--object", "Event").stdout
    assert " · type · Negotiation" in shown


def test_explain_prints_json_for_programs(told: None) -> None:
    found = json.loads(run("explain", "Medinsky", "--json").stdout)
    assert {"Medinsky negotiates for Russia."} == {item["sentence"] for item in found}
    assert json.loads(run("explain", "--predicate", "unheardOf", "--json").stdout) == []


def test_coverage_marks_every_sentence_with_a_letter_and_words(told: None) -> None:
    result = run("explain", "--coverage", "in/talks.txt")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "A asserted 1 of 1 Medinsky negotiates for Russia." in lines
    assert "Q only qualified 0 of 1: 1 planned Another round is planned for some later day." in lines
    assert "O only open Ukraine mulled its options." in lines
    assert "7 sentences, 6 with claims (86%); 4 asserted, 2 only qualified, 1 only open" in lines
    assert "Nothing was read in:" not in lines


def test_coverage_by_iri_and_in_json(told: None) -> None:
    by_path = json.loads(run("explain", "--coverage", "in/talks.txt", "--json").stdout)
    assert json.loads(run("explain", "--coverage", by_path["article"], "--json").stdout) == by_path
    assert by_path["outcomes"]["asserted"] == 4
    assert [talks().text[item["start"] : item["end"]] for item in by_path["sentences"]] == [
        item["text"] for item in by_path["sentences"]
    ]


def test_coverage_wants_one_article_that_is_there(told: None) -> None:
    failed(run("explain", "--coverage", "nowhere.txt"), "no article nowhere.txt in the store")
    failed(run("explain", "Medinsky", "--coverage", "in/talks.txt"), "--coverage shows a whole article")
    write("in/other.txt", "The two delegations arrived in Geneva on Tuesday evening for another round of talks.")
    assert run("ingest", "in").exit_code == 0
    failed(run("explain", "--coverage", "in/other.txt"), "remove the article and ingest it again")


def test_stats(told: None) -> None:
    rows = {row["what"]: row["how many"] for row in json.loads(run("stats", "--format", "json").stdout)}
    assert rows["articles"] == 2
    assert "articles" in run("stats").stdout


def test_remove_by_path_leaves_the_rest(told: None) -> None:
    assert run("remove", "in/talks.txt", "--yes").exit_code == 0
    with Store("kg.store") as store:
        assert [Path(article.source).name for article in store.articles()] == ["strike.txt"]
    failed(run("remove", "in/talks.txt", "--yes"), "no article in/talks.txt")


def test_remove_by_the_name_that_a_table_shows(told: None) -> None:
    with Store("kg.store") as store:
        iris = [article.article for article in store.articles()]
    assert run("remove", iris[0].replace("https://kg.example/article/", "article:"), "--yes").exit_code == 0
    assert run("remove", iris[1], "--yes").exit_code == 0
    with Store("kg.store") as store:
        assert store.articles() == ()
        assert {quad.graph_name for quad in store.quads()} == {NamedNode(JOURNAL)}
        assert {iri for iri, _ in store.pairs(str(KG.removed), JOURNAL)} == set(iris)


def test_remove_asks_first(told: None) -> None:
    assert run("remove", "in/talks.txt", input="n\n").exit_code != 0
    with Store("kg.store") as store:
        assert len(store.articles()) == 2


@pytest.mark.parametrize("format", ["turtle", "trig", "nquads", "jsonld", "graphml", "gexf", "cyjs", "csv"])
def test_export_to_a_file_is_what_is_printed(told: None, format: str) -> None:
    printed = run("export", "--format", format)
    assert run("export", "--format", format, "--out", "out").exit_code == 0
    assert Path("out").read_bytes() == printed.stdout_bytes
    assert b"negotiatorOf" in printed.stdout_bytes


def test_footnotes_of_an_actor_an_article_and_a_question(told: None) -> None:
    for asked in (
        ["--about", "Medinsky"],
        ["--article", "in/talks.txt"],
        ["--question", "who-negotiates-for", "--for", "Russia"],
    ):
        text = run("footnotes", *asked).stdout
        assert "Medinsky" in text
        assert "\n[^1]: “" in text
    assert run("footnotes", "--about", "Medinsky", "--format", "html", "--out", "out").exit_code == 0
    assert "<li id=" in Path("out").read_text(encoding="utf-8")


def test_footnotes_are_of_one_thing(told: None) -> None:
    failed(run("footnotes"), "name one thing")
    failed(run("footnotes", "--about", "Medinsky", "--question", "who-heads"), "name one thing")
    failed(run("footnotes", "--about", "Medinsky", "--for", "Russia"), "only a question takes --for")


def test_a_file_that_cannot_be_written_is_said(told: None) -> None:
    failed(run("export", "--out", "no/such/folder"), "cannot be written")


def test_view_writes_a_page(told: None) -> None:
    result = run("view", "--out", "page.html")
    assert result.exit_code == 0
    assert result.stdout.strip() == str(Path("page.html").resolve())
    assert "Medinsky" in Path("page.html").read_text(encoding="utf-8")


def test_validate(told: None) -> None:
    assert run("validate").exit_code == 0


# ------------------------------------------------------------------------------------------------ many articles at once


ALLIES = "United States allyOf Ukraine"


def tell(paper: Paper, day: str) -> str:
    """Puts an article into the folder in/, which the reader of the tests reads as the paper has it; its path."""
    name = f"in/{paper.draft.id[-4:]}.txt"
    text = paper.record.text
    TELLING[text] = paper.record
    meta = {"published": day, "url": paper.url, "outlet": paper.draft.outlet}
    write(f"{name}.meta.json".replace(".txt.meta", ".meta"), json.dumps(meta))
    return write(name, text)


@pytest.fixture
def rivals() -> Iterator[tuple[str, str]]:
    """A store of two articles that contradict each other; their paths."""
    before = dict(TELLING)
    one = tell(paper(1, None).strike(3).ally(), "2026-03-03")
    two = tell(paper(2, None).strike(5, by="officials").ally(), "2026-03-05")
    assert run("ingest", "in").exit_code == 0
    yield one, two
    TELLING.clear()
    TELLING.update(before)


def rows(*arguments: str) -> list[dict[str, str]]:
    result = run(*arguments, "--format", "csv")
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_contradictions_have_both_sides_with_who_and_when(rivals: tuple[str, str]) -> None:
    (row,) = rows("contradictions")
    assert row["kind"] == "value"
    assert (row["says"], row["in"]) == ("3", "Paper 1, 2026-03-03")
    assert (row["but"], row["in_"]) == ("5", "officials in Paper 2, 2026-03-05")
    shown = run("contradictions", "--kind", "value", "--about", "Zaporizhzhia")
    assert (shown.exit_code, "Paper 1" in shown.stdout) == (0, True)
    (found,) = json.loads(run("contradictions", "--format", "json").stdout)
    assert found["left"]["claims"][0]["sentence"].startswith("Russia bombed Zaporizhzhia")


def test_no_contradictions_is_said(rivals: tuple[str, str]) -> None:
    for arguments in (["--kind", "office"], ["--about", "United States"]):
        result = run("contradictions", *arguments)
        assert (result.exit_code, "no contradictions" in result.stderr) == (0, True)
    failed(run("contradictions", "--about", "Atlantis"), "nothing is called 'Atlantis'")
    assert run("contradictions", "--kind", "colour").exit_code == 2


def test_diff_marks_what_is_new_confirmed_and_contradicted(rivals: tuple[str, str]) -> None:
    by = {(row[""], row["fact"]): row["by"] for row in rows("diff", rivals[1])}
    assert by["+", "bombed killed 5 people"] == ""
    assert by["=", ALLIES] == "2 articles, 2 outlets, 1 independent source, 2026-03-03 to 2026-03-05", "almost one text"
    assert ("!", "3 / 5") in {(mark, said) for (mark, _), said in by.items()}
    found = json.loads(run("diff", rivals[1], "--format", "json").stdout)
    assert {"added", "confirmed", "contradicts"} == set(found)
    failed(run("diff", "in/missing.txt"), "no article in/missing.txt in the store")


def test_a_changed_article_takes_the_place_of_the_old_and_says_what_that_changed(rivals: tuple[str, str]) -> None:
    path = tell(paper(1, None).office("Anna Kovacs"), "2026-03-06")
    result = run("ingest", path)
    assert result.exit_code == 0
    lines = " ".join(result.stdout.split())
    for said in ("Anna Kovacs officialOf Ukraine", ALLIES, "bombed killed 3 people"):
        assert said in lines
    with Store("kg.store") as store:
        assert len(store.articles()) == 2
    assert "no contradictions" in run("contradictions").stderr


@pytest.mark.parametrize(
    ("mark", "said"), [("+", "Anna Kovacs officialOf Ukraine"), ("-", ALLIES), ("x", "bombed killed 3 people")]
)
def test_each_change_is_marked_with_what_became_of_it(rivals: tuple[str, str], mark: str, said: str) -> None:
    """+ it appeared, - it vanished, though another says so, x nobody says so any more."""
    path = tell(paper(1, None).office("Anna Kovacs"), "2026-03-06")
    lines = run("ingest", path).stdout.splitlines()
    assert f"  {mark} {said}" in lines


def test_an_older_version_is_skipped_and_the_newer_named(rivals: tuple[str, str]) -> None:
    found = summary(tell(paper(1, None).office("Anna Kovacs"), "2026-03-01"))
    assert found["exit"] == 2
    assert "the store has a newer version of https://example.org/1" in reasons(found)["0001.txt"]


@pytest.mark.parametrize("day", ["2026-03-06", None])
def test_of_two_versions_of_one_day_the_last_stays_however_often_both_are_read(day: str | None) -> None:
    said = ("Anna Kovacs is the foreign minister of Ukraine.", "Anna Kovacs resigned on Monday.")
    told = {"url": "https://example.org/1", "published": day}
    write("two.jsonl", "\n".join(json.dumps({"text": text, **told}) for text in said))
    first = summary("two.jsonl")
    before = run("export", "--format", "nquads").stdout
    again = [summary("two.jsonl") for _ in range(2)]
    assert (first["stored"], [found["stored"] for found in again]) == (2, [0, 0])
    assert [found["known"] for found in again] == [2, 2]
    assert run("export", "--format", "nquads").stdout == before


def test_a_query_of_what_was_known_and_true_on_a_day(rivals: tuple[str, str]) -> None:
    write("strikes.rq", "SELECT ?n { ?e a <https://kg.example/ns#Airstrike> ; <https://kg.example/ns#killed>/"
          "<https://kg.example/ns#count> ?n } ORDER BY ?n")  # fmt: skip
    assert [row["n"] for row in rows("query", "strikes.rq")] == ["3", "5"]
    assert [row["n"] for row in rows("query", "strikes.rq", "--known-on", "2026-03-04")] == ["3"]
    assert [row["n"] for row in rows("query", "strikes.rq", "--true-on", "2026-03-02")] == ["3", "5"]
    for day in (["--true-on", "2026-03-01"], ["--known-on", "2026-03-02"]):
        result = run("query", "strikes.rq", *day)
        assert (result.exit_code, "no answer" in result.stderr) == (0, True)
    failed(run("query", "strikes.rq", "--known-on", "yesterday"), "'yesterday' is no day: write it as 2026-02-18")
    failed(run("query", "strikes.rq", "--true-on", "2026-13-01"), "is no day")


def test_a_name_is_found_however_it_is_spelt_and_one_that_nothing_has_is_told(namesakes: None) -> None:
    wanted = rows("query", "when-was-it-known", "--who", "Anna Kovacs")
    assert wanted
    for name in ("ANNA KOVACS", "Anna Kovács", "anna  Kova\u0301cs"):
        assert rows("query", "when-was-it-known", "--who", name) == wanted
        assert "Anna Kovacs negotiates for" in run("explain", name).stdout
    result = run("query", "who-negotiates-for", "--for", "Ukrane")
    assert (result.exit_code, result.stderr.strip()) == (
        0, "no answer; nothing is called 'Ukrane' here: did you mean Ukraine?"
    )  # fmt: skip


def test_stores_and_files_are_merged_into_one(rivals: tuple[str, str]) -> None:
    for name, path in (("a.store", rivals[0]), ("b.store", rivals[1])):
        assert run("ingest", path, "--store", name).exit_code == 0
    write("others.ttl", "<urn:a> <urn:b> <urn:c> .")
    found = rows("merge", "a.store", "b.store", "others.ttl", "-o", "both.store")
    numbers = [[row[name] for name in ("articles", "known or older", "triples of others")] for row in found]
    assert numbers == [["1", "0", "0"], ["1", "0", "0"], ["0", "0", "1"]]
    assert rows("contradictions", "--store", "both.store") == rows("contradictions")
    again = rows("merge", "a.store", "-o", "both.store")
    assert [again[0][name] for name in ("articles", "known or older")] == ["0", "1"]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["missing.store"], "missing.store: there is no such store or file"),
        (["kg.store", "missing.nq"], "missing.nq: there is no such store or file"),
        (["both.store"], "both.store: there is no such store or file"),
        (["notes.txt"], "notes.txt: neither a store nor RDF that is taken here"),
        (["bad.ttl"], "bad.ttl: cannot be read as Turtle"),
    ],
)
def test_what_cannot_be_merged_is_said_in_a_line(rivals: tuple[str, str], sources: list[str], said: str) -> None:
    write("notes.txt", "talks")
    write("bad.ttl", "talks")
    failed(run("merge", *sources, "-o", "both.store"), said)


def test_a_store_is_not_merged_into_itself(rivals: tuple[str, str]) -> None:
    failed(run("merge", "kg.store", "-o", "./kg.store"), "kg.store: is merged into itself")


@pytest.fixture
def namesakes() -> Iterator[None]:
    """A store in which one name is of two states."""
    before = dict(TELLING)
    for number, of in enumerate(("Ukraine", "Russia"), 1):
        record = telling(number, "Anna Kovacs", of=of)
        TELLING[record.text] = record
        write(f"in/{number}.txt", record.text)
    assert run("ingest", "in", "--published", "2026-03-05").exit_code == 0
    yield
    TELLING.clear()
    TELLING.update(before)


def test_names_that_nobody_is_sure_of_are_settled_and_taken_back(namesakes: None) -> None:
    (pair,) = rows("resolve")
    left, right = pair["left"], pair["right"]
    assert pair["verdict"] == ""
    write("pairs.csv", f"verdict,left,right\nyes,{left},{right}\n")
    write("both.csv", f"verdict,left,right\nyes,{left},{right}\nno,{left},{right}\n")
    failed(run("resolve", "--file", "both.csv"), "decided to be the same, and to be different: keep one")
    done = run("resolve", "--file", "pairs.csv", "--judge", "Desk 3")
    assert (done.exit_code, done.stdout.strip()) == (0, "decided 1, taken back 0")
    assert "nothing is unsure" in run("resolve").stderr
    why = " ".join(run("explain", "SAME", left, right).stdout.split())
    assert ("the same" in why, "decided by Desk 3" in why) == (True, True)
    assert run("resolve", "--undo", left, right).stdout.strip() == "decided 0, taken back 1"
    assert rows("resolve") == [pair]
    assert run("resolve", "--no", left, right).exit_code == 0
    assert "nothing is unsure" in run("resolve").stderr


def test_a_decision_that_cannot_be_taken_is_said_in_a_line(namesakes: None) -> None:
    (pair,) = rows("resolve")
    failed(run("resolve", "--yes", "Anna Kovacs", pair["left"]), "'Anna Kovacs' may mean 2")
    failed(run("resolve", "--yes", "Nobody", pair["left"]), "'Nobody' is the name of nothing here")
    failed(run("resolve", "--undo", pair["left"], pair["right"]), "nothing was decided of")
    failed(run("resolve", "--file", "missing.csv"), "missing.csv: cannot be read as CSV")


# ----------------------------------------------------------------------------------------- articles cannot steer it


def test_words_of_an_article_are_shown_and_not_interpreted() -> None:
    write("evil.rq", 'SELECT ("[bold]x[/bold] \\u001b[31mred :smile: <b>" AS ?words) {}')
    Store("kg.store").close()
    shown = run("query", "evil.rq").stdout
    assert "[bold]x[/bold]" in shown
    assert ":smile: <b>" in shown
    assert "\x1b" not in shown


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output_is_told_in_a_line() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kg", "questions"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr.decode().strip()) == (
        2, "kg: standard output cannot be written: no space is left where it goes"
    )  # fmt: skip
