"""What came of each sentence of an article: on records by hand, and on the command line with the real pipeline."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from kg import report
from kg.errors import QueryError, StoreError
from kg.explain import OUTCOMES, Covered, coverage
from kg.extract.blocks import Block
from kg.extract.sentences import sentences
from kg.namespaces import ARTICLE
from kg.record import Record, Sentence, Span
from kg.store import Store
from tests.records import Draft, talks
from tests.trees import tree


def covered(record: Record) -> tuple[Covered, ...]:
    with Store() as store:
        store.add(record)
        return coverage(store, record.id)


def outcomes(record: Record) -> dict[str, str]:
    """What came of each sentence, by its first two words."""
    return {" ".join(sentence.text.split()[:2]): sentence.outcome for sentence in covered(record)}


# -------------------------------------------------------------------------------------------------------------- by hand


def test_each_sentence_has_the_most_that_came_of_it() -> None:
    assert outcomes(talks()) == {
        "Medinsky negotiates": "asserted",
        "On Wednesday": "asserted",
        "Zelenskyy, president": "asserted",
        "Another round": "qualified",
        "Russia demands": "asserted",
        "A drone": "qualified",  # somebody else's words
        "Ukraine mulled": "open",
    }


def test_claims_are_counted_with_their_qualifiers() -> None:
    told = {sentence.text.split()[0]: sentence for sentence in covered(talks())}
    deal = told["Zelenskyy,"]
    assert (deal.claims, deal.asserted, deal.qualifiers) == (5, 1, {"attributed": 4, "negated": 4})
    assert (told["Ukraine"].claims, told["Ukraine"].asserted) == (0, 0), "open propositions are no claims here"


def draft() -> Draft:
    return Draft(f"{ARTICLE}00000000000000dd", "Post", "2026-02-18")


def test_what_has_no_claims_is_told_apart() -> None:
    article = draft()
    article.say("Russia and Ukraine", "headline")
    article.known("Russia", "Russia")
    article.say("Fog lay on the lake.")
    article.say("More headlines: ten soups", "foreign")
    assert [sentence.outcome for sentence in covered(article.record())] == ["entities", "nothing", "foreign"]


def test_another_word_for_an_event_tells_it_again() -> None:
    article = draft()
    article.say("Talks began.")
    article.event("Negotiation", "Talks")
    article.say("The round was short.")
    record = article.record()
    (event,) = record.events
    again = replace(event, mentions=(article.find("round"),))
    assert list(outcomes(replace(record, events=(again,))).values()) == ["asserted", "retold"]


def test_evidence_of_two_sentences_counts_for_both() -> None:
    article = draft()
    article.say("Talks began.")
    article.event("Negotiation", "Talks")
    article.say("In the rain.")
    record = article.record()
    (event,) = record.events
    wide = replace(event, evidence=Span(0, len(record.text) - 1))
    assert list(outcomes(replace(record, events=(wide,))).values()) == ["asserted", "asserted"]


def test_an_article_without_sentences_is_an_error_that_says_how_to_mend_it() -> None:
    with pytest.raises(StoreError, match="remove the article and ingest it again"):
        covered(replace(talks(), sentences=()))
    with pytest.raises(QueryError, match="no IRI"):
        coverage(Store(), "no iri")


def printed(sentences: Iterable[Covered], capsys: pytest.CaptureFixture[str]) -> str:
    for part in report.coverage(tuple(sentences)):
        report.out().print(part)
    return capsys.readouterr().out


def test_words_of_the_article_are_shown_on_a_line_and_steer_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    article = draft()
    article.say("The \x1b[31mred\nline \u202e[bold]🕊[/bold].")
    shown = printed(covered(article.record()), capsys)
    assert "  0–34  The \ufffd[31mred line \ufffd[bold]🕊[/bold]." in shown
    assert "\x1b" not in shown


def test_every_outcome_has_a_letter_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    made = [Covered(n, n + 1, "paragraph", outcome, 0, 0, {}, f"s{n}") for n, outcome in enumerate(OUTCOMES)]
    letters = [line[0] for line in printed(made, capsys).splitlines()[1 : len(OUTCOMES) + 1]]
    assert len(set(letters)) == len(OUTCOMES)
    assert " " not in letters


def test_only_foreign_text_is_no_division_by_zero(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed([Covered(0, 1, "foreign", "foreign", 0, 0, {}, "x")], capsys)
    assert "0 sentences, 0 with claims; 1 not its own" in shown


# ------------------------------------------------------------------------------------------- sentences as they are read


def test_sentences_lose_the_white_space_at_their_ends() -> None:
    parsed = tree("Talks/NNS/nsubj>2 ended/VBD/ROOT>2 _/_SP/dep>2 Fog/NN/ROOT>4 ././punct>4")
    words = tuple(word.replace("_", "\n") for word in parsed.words)
    parts = (Block("headline", 0, 11), Block("paragraph", 14, 19))
    found = sentences(replace(parsed, words=words, sentences=(1, 1, 1, 2, 2)), parts)
    assert found == (Sentence(0, 11, "headline"), Sentence(14, 19, "paragraph"))


# ---------------------------------------------------------------------------------------------------- the real pipeline

TEXT = """Drones Hit Kharkiv 🕊

KHARKIV – Russia attacked Kharkiv on Monday, Kostiantyn Müller’s office said.

A long night

Russia attacked Odesa, too. The United States will mediate talks between Russia and Ukraine in Türkiye next week.

More From Author
Ten soups for a long winter evening in Montréal
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs kg in a folder with a store of two articles, one of which says nothing."""
    folder = tmp_path_factory.mktemp("coverage")
    (folder / "in").mkdir()
    (folder / "in" / "Харків.txt").write_text(TEXT, encoding="utf-8")
    (folder / "in" / "night.txt").write_text("A long, long night.\n", encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kg", *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)

    done = run("ingest", "in", "--published", "2026-02-18")
    assert done.returncode == 0, done.stderr
    return run


def test_the_coverage_of_a_real_article(kg: Run) -> None:
    done = kg("explain", "--coverage", "in/Харків.txt", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    found = {sentence["text"]: sentence for sentence in told["sentences"]}
    assert all(TEXT[item["start"] : item["end"]] == item["text"] for item in told["sentences"])
    assert found["Russia attacked Odesa, too."]["outcome"] == "asserted"
    planned = found["The United States will mediate talks between Russia and Ukraine in Türkiye next week."]
    assert planned["outcome"] == "qualified"
    assert set(planned["qualifiers"]) == {"planned"}
    assert found["A long night"]["outcome"] == "nothing"
    assert found["Ten soups for a long winter evening in Montréal"]["outcome"] == "foreign"
    assert [sentence["block"] for sentence in told["sentences"]].count("foreign") == 2
    assert told["outcomes"]["foreign"] == 2


def test_the_coverage_is_printed_with_what_yielded_nothing(kg: Run) -> None:
    shown = kg("explain", "--coverage", "in/Харків.txt").stdout
    lines = [line.rstrip() for line in shown.splitlines()]
    (line,) = (line for line in lines if line.endswith("Russia attacked Odesa, too."))
    assert line.split()[:2] == ["A", "asserted"]
    silent = lines[lines.index("Nothing was read in:") :]
    assert f"  {TEXT.index('A long night')}–{TEXT.index('A long night') + 12}  A long night" in silent


def test_an_article_with_no_claims_is_covered_too(kg: Run) -> None:
    done = kg("explain", "--coverage", "in/night.txt")
    assert done.returncode == 0
    assert "1 sentence, 0 with claims (0%); 1 nothing" in done.stdout
    assert "A long, long night." in done.stdout.partition("Nothing was read in:")[2]


def test_an_unknown_article_is_an_error_in_a_line(kg: Run) -> None:
    done = kg("explain", "--coverage", "in/nowhere.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().splitlines() == [
        "kg: no article in/nowhere.txt in the store: name its IRI, its URL or its path as it was ingested"
    ]


def test_the_same_article_gives_the_same_bytes(kg: Run) -> None:
    one, two = (kg("explain", "--coverage", "in/Харків.txt").stdout for _ in range(2))
    assert one == two
