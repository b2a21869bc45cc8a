"""A language model is asked with patience, within limits, and without its key ever being told to anybody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import typer.testing

from kg import cli
from kg.errors import KGError
from kg.extract import Pipeline
from kg.extract.endpoint import KEY, Endpoint, EndpointError, Limits, Purse
from kg.extract.llm import Extractor
from kg.read import Article
from kg.record import Reading, Record
from kg.store import Store
from tests import lies
from tests.endpoint import Act, Model, completion, reply, serving
from tests.lies import TEXT

ROOT = Path(__file__).parents[1]
SECRET = "sk-4f9a77c1d2e35b60-kgtest"
#: Seconds, tries, tokens and bytes that are enough for a server on this machine.
SHORT = Limits(seconds=3, tries=2, answer_tokens=100, answer_bytes=20_000)
FINE = reply(completion("{}"))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    for name in (KEY, "KG_LLM", "KG_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
    with serving() as found:
        yield found


def endpoint(model: Model, limits: Limits = SHORT, tokens: int = 10**9, seconds: float = 600, **other: Any) -> Endpoint:
    return Endpoint(model.url, "some-model", Purse(tokens, seconds), limits, **other)


def ask(found: Endpoint) -> str:
    return found.ask("You read.", "An article.", {"type": "object"}).content


def dripping(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    """A byte now and then, without an end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    time.sleep(4)
    handler.close_connection = True


def cut(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(completion("{}")[:40])
    handler.close_connection = True


def babble(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    handler.wfile.write(b"no HTTP at all\r\n\r\n")
    handler.close_connection = True


def echo(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    """What a hostile or careless server does with a key."""
    told = dict(handler.headers.items())
    reply(completion(json.dumps({"events": [told], "relations": []})))(handler, asked)


def echo_in_error(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    told = str(handler.headers["Authorization"])
    reply(told.encode(), 401, WWW_Authenticate=told, Retry_After=told)(handler, asked)


# --------------------------------------------------------------------------------------------------------- good and bad


def test_an_answer_is_counted(model: Model) -> None:
    model.acts = [reply(completion("hello", 900, 80))]
    found = endpoint(model)
    assert ask(found) == "hello"
    assert found.counts == {"calls": 1, "tokens in": 900, "tokens out": 80}
    assert "authorization" not in model.headers[0]


@pytest.mark.parametrize("usage", [(None, None), ("9", -5), (10**12, True), (1.5, []), (0, 0)])
def test_where_a_server_does_not_count_tokens_are_guessed(model: Model, usage: tuple[object, object]) -> None:
    model.acts = [reply(completion("x" * 400, *usage))]
    found = endpoint(model)
    ask(found)
    assert found.counts["tokens out"] == 100
    assert 10 < found.counts["tokens in"] < 1_000


PASSING: dict[str, Act] = {
    "429": reply(b"", 429, Retry_After="0"), "500": reply(b"oops", 500), "503": reply(b"", 503, Retry_After="soon"),
    "408": reply(b"", 408), "a cut body": cut, "babble": babble,
}  # fmt: skip


@pytest.mark.parametrize("what", PASSING)
def test_what_passes_is_tried_again(model: Model, waits: list[float], what: str) -> None:
    model.acts = [PASSING[what], FINE]
    found = endpoint(model)
    assert ask(found) == "{}"
    assert (found.counts["calls"], found.counts["retries"]) == (2, 1)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it waits, without waiting."""
    found: list[float] = []
    monkeypatch.setattr("kg.extract.endpoint.sleep", found.append)
    return found


def test_retry_after_is_heard(model: Model, waits: list[float]) -> None:
    model.acts = [reply(b"", 429, Retry_After="2"), FINE]
    ask(endpoint(model))
    assert waits == [2]
    model.acts = [reply(b"", 429, Retry_After="3600"), FINE]
    with pytest.raises(EndpointError, match=r"429 \(one try\)"):
        ask(endpoint(model))
    assert len(model.acts) == 1


def test_it_waits_longer_each_time(model: Model, waits: list[float]) -> None:
    model.acts = [reply(b"", 500), reply(b"", 502), reply(b"", 429), FINE]
    assert ask(endpoint(model, Limits(60, 4, 100, 20_000))) == "{}"
    assert waits == [0.5, 1, 2]


FAILING: dict[str, tuple[Act, str]] = {
    "always 500": (reply(b"", 500), "answered 500 (2 tries)"),
    "always cut": (cut, "connection broke (2 tries)"),
    "401": (reply(b"{}", 401), f"answered 401: is the key in {KEY} right?"),
    "404": (reply(b"{}", 404), "is the address right?"),
    "400": (reply(b"{}", 400), "does it know the model 'some-model'?"),
    "silence": (silent, "took too long"),
    "a drip": (dripping, "took too long"),
    "too large": (reply(b" " * 30_000), "larger than 20,000 bytes"),
    "no JSON": (reply(b"<html>"), "none of a chat completion"),
    "deep JSON": (reply(b"[" * 15_000), "none of a chat completion"),
    "no choices": (reply(b'{"choices": []}'), "none of a chat completion"),
    "a list": (reply(b'[{"choices": 1}]'), "none of a chat completion"),
    "no text": (reply(b'{"choices": [{"message": {"content": null}}]}'), "none of a chat completion"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAILING)
def test_what_does_not_pass_ends_with_the_reason(model: Model, waits: list[float], what: str) -> None:
    act, reason = FAILING[what]
    model.acts = [act]
    limits = Limits(1, 2, 100, 20_000) if what in {"silence", "a drip"} else SHORT
    with pytest.raises(EndpointError) as failed:
        ask(endpoint(model, limits))
    assert reason in str(failed.value)


def test_a_redirect_is_not_followed_and_gets_no_key(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    with serving() as other:
        other.acts = [FINE]
        for status in (301, 302, 303, 307, 308):
            model.acts = [reply(b"", status, Location=other.url + "/chat/completions")]
            with pytest.raises(EndpointError, match="redirects are not followed"):
                ask(endpoint(model))
        assert other.asked == []
    assert model.headers[0]["authorization"] == f"Bearer {SECRET}"


def test_a_server_that_cannot_be_reached(model: Model) -> None:
    found = Endpoint("http://127.0.0.1:9", "m", Purse(10, 10), SHORT)
    with pytest.raises(EndpointError, match=r"cannot be reached \(2 tries\)"):
        ask(found)


def test_a_server_that_knows_no_schemas_is_asked_without(model: Model) -> None:
    def old(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        known = {"model", "messages", "temperature", "seed", "max_tokens"}
        (FINE if asked.keys() - {"path"} <= known else reply(b"unknown option", 400))(handler, asked)

    model.acts = [old]
    found = endpoint(model)
    assert ask(found) == "{}"
    ways = [asked.get("response_format", {}).get("type") for asked in model.asked]
    assert ways == ["json_schema", "json_object", None]
    ask(found)
    assert len(model.asked) == 4


# ---------------------------------------------------------------------------------------------------- limits, and cache


def test_a_run_spends_no_more_than_it_may(model: Model) -> None:
    model.acts = [reply(completion("{}", 1_000, 100))]
    found = endpoint(model, tokens=2_000)
    ask(found)
    ask(found)
    with pytest.raises(EndpointError, match="limit of tokens"):
        ask(found)
    with pytest.raises(EndpointError, match="limit of time"):
        ask(endpoint(model, seconds=0))
    assert len(model.asked) == 2


def test_what_was_asked_before_costs_nothing(model: Model, tmp_path: Path) -> None:
    model.acts = [reply(completion("first")), reply(completion("second"))]
    assert [ask(endpoint(model, cache=tmp_path / "answers")) for _ in range(3)] == ["first"] * 3
    assert len(model.asked) == 1
    other = endpoint(model, cache=tmp_path / "answers")
    assert other.ask("You read.", "Another article.", {}).content == "second"
    for file in (tmp_path / "answers").iterdir():
        file.write_text("[broken", encoding="utf-8")
    assert ask(endpoint(model, cache=tmp_path / "answers")) == "second"


def test_a_cache_that_cannot_be_written_is_none(model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    model.acts = [FINE]
    assert ask(endpoint(model, cache=tmp_path / "file" / "answers")) == "{}"


# ---------------------------------------------------------------------------------------------------- articles and runs


@pytest.fixture
def read(reader: Pipeline, model: Model, waits: list[float]) -> Callable[[Act], Reading]:
    """The article, with a model that does something."""

    def found(*acts: Act) -> Reading:
        model.acts = list(acts)
        (reading,) = Pipeline(reader._model, extra=[Extractor(endpoint(model))]).readings([Article(TEXT, "a.txt")])
        return reading

    return found


@pytest.fixture(scope="module")
def plain(reader: Pipeline) -> Record:
    return next(iter(reader([Article(TEXT, "a.txt")])))


@pytest.mark.parametrize("what", ["always 500", "401", "no JSON", "too large"])
def test_without_an_answer_the_article_is_as_the_rules_read_it(
    read: Callable[[Act], Reading], plain: Record, what: str
) -> None:
    act, reason = FAILING[what]
    found = read(act)
    assert found.record == plain
    assert found.notes.counts[f"kg_llm: no answer: {_whole(reason, found)}"] == 1
    assert found.notes.warnings == ()


def _whole(reason: str, found: Reading) -> str:
    return next(name.partition("no answer: ")[2] for name in found.notes.counts if reason in name)


def test_a_run_tells_what_it_did_and_what_it_cost(
    reader: Pipeline, model: Model, plain: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = lies.answer(lies.Article(plain).lifeline(), lies.Article(plain).lifeline("WAR"))
    model.acts = [reply(b"", 503), reply(completion(told, 2_000, 500))]
    monkeypatch.setattr("kg.cli.intake.reader", lambda _, extra: Pipeline(reader._model, extra=extra).readings)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    command = ["ingest", str(tmp_path), "--store", str(tmp_path / "s"), "--llm", model.url, "--json"]
    run = typer.testing.CliRunner().invoke
    found = run(cli.app, [*command, "--llm-model", "some-model", "--llm-price", "2,10"])
    assert found.exit_code == 0, found.stderr
    counts = {name.removeprefix("kg_llm: "): number for name, number in json.loads(found.stdout)["counts"].items()}
    assert counts == {
        "calls": 2, "retries": 1, "tokens in": 2_000, "tokens out": 500, "cost": 0.009, "claims offered": 2,
        "claims kept": 1, "claims dropped: no code of PLOVER": 1,
    }  # fmt: skip
    (tmp_path / "s").rename(tmp_path / "t")
    shown = run(cli.app, [*command[:-1], "--llm-model", "some-model"])
    assert "kg_llm: tokens in" in shown.stdout
    assert "2,000" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--llm", "localhost:80"], "wants an address"),
        (["--llm", "ftp://here/v1"], "wants an address"),
        (["--llm", "http://[me:pass@here"], "wants an address"),
        (["--llm", "http://here:99999/v1"], "wants an address"),
        (["--llm", "http://hére/v1"], "wants an address"),
        (["--llm", "http://me:pass@localhost/v1"], "without a user"),
        (["--llm", "http://localhost/v1?key=1"], "without a user, a password or a query"),
        (["--llm", "http://localhost/v1", "--llm-price", "1"], "two numbers"),
        (["--llm-limit", "5"], "give that too"),
    ],
)
def test_options_that_make_no_sense(arguments: list[str], reason: str, model: Model, tmp_path: Path) -> None:
    command = ["extract", str(tmp_path), *arguments, *(["--llm-model", "m"] if "--llm" in arguments else [])]
    found = typer.testing.CliRunner().invoke(cli.app, command)
    assert found.exit_code == 2
    assert reason in found.stderr
    assert "me:pass" not in found.stderr
    without = typer.testing.CliRunner().invoke(cli.app, ["extract", str(tmp_path), "--llm", "http://localhost/v1"])
    assert "--llm-model NAME" in without.stderr


# -------------------------------------------------------------------------------------------------------------- the key


@pytest.mark.parametrize("act", [FINE, echo, echo_in_error, reply(b"", 500), cut, babble, reply(b"<html>")])
def test_the_key_is_in_the_request_and_nowhere_else(
    model: Model, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], act: Act, tmp_path: Path
) -> None:
    monkeypatch.setenv(KEY, SECRET)
    model.acts = [act]
    found = endpoint(model, cache=tmp_path / "answers")
    told = [repr(found), str(found), *_ended(found)]
    assert model.headers[0]["authorization"] == f"Bearer {SECRET}"
    told += [repr(found), repr(found.counts), *capfd.readouterr()]
    told += [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [text for text in told if SECRET in text]


def _ended(found: Endpoint) -> list[str]:
    """What is answered, or all that an error can show of itself and of what it comes from."""
    try:
        return [ask(found)]
    except EndpointError as error:
        shown = [repr(error), "".join(traceback.format_exception(error))]
        return shown + [
            str(one) for one in (error.__cause__, error.__context__ if not error.__suppress_context__ else "")
        ]


def test_a_server_that_repeats_the_key_would_get_it_stored(
    model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The control of the test above."""
    monkeypatch.setenv(KEY, SECRET)
    monkeypatch.setattr("kg.extract.endpoint._SECRET", 10**6)
    model.acts = [echo]
    assert SECRET in ask(endpoint(model, cache=tmp_path))
    assert SECRET in next(tmp_path.iterdir()).read_text()


@pytest.mark.parametrize("bad", [f"{SECRET}\r\nX: 1", f"{SECRET} 2", f"{SECRET}\x00"[:-1] + "\x7f", f"{SECRET}é"])
def test_a_key_that_is_none_is_refused_without_being_shown(
    model: Model, monkeypatch: pytest.MonkeyPatch, bad: str, tmp_path: Path
) -> None:
    monkeypatch.setenv(KEY, bad)
    found = typer.testing.CliRunner().invoke(
        cli.app, ["extract", str(tmp_path), "--llm", model.url, "--llm-model", "m"]
    )
    assert found.exit_code == 2
    assert f"{KEY} holds signs" in found.stderr
    assert SECRET not in found.output + found.stderr
    assert model.asked == []


def test_a_key_does_not_go_over_a_network_in_the_clear(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://llm.example/v1"
    assert Endpoint(url, "m", Purse(1, 1)).url == f"{url}/chat/completions"
    monkeypatch.setenv(KEY, SECRET)
    with pytest.raises(KGError, match="for all to read") as refused:
        Endpoint(url, "m", Purse(1, 1))
    assert SECRET not in str(refused.value)
    assert Endpoint("https://llm.example/v1", "m", Purse(1, 1))
    assert endpoint(model)


def test_neither_the_store_nor_anything_that_is_printed_holds_the_key(
    model: Model, plain: Record, tmp_path: Path
) -> None:
    """The whole command in two processes, with a server that gives the key back in all ways it can."""
    good = reply(completion(lies.answer(lies.Article(plain).lifeline())))
    acts = {"one": good, "two": echo, "three": echo_in_error, "four": reply(b"", 500), "five": good}

    def act(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        text = asked["messages"][1]["content"]
        next((one for name, one in acts.items() if f"Envoy {name}" in text), good)(handler, asked)

    model.acts = [act]
    folder = tmp_path / "in"
    folder.mkdir()
    for name in acts:
        (folder / f"{name}.txt").write_text(f"{TEXT}\nEnvoy {name} arrived.\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "kg",
        "ingest",
        str(folder),
        "--store",
        str(tmp_path / "s"),
        "--jobs",
        "2",
        "--json",
    ]
    command += ["--llm", model.url, "--llm-model", "m", "--llm-cache", str(tmp_path / "answers")]
    environment = os.environ | {"PYTHONPATH": str(ROOT), KEY: SECRET}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["stored"], found["counts"]["kg_llm: claims kept"]) == (5, 2)
    assert sum(number for name, number in found["counts"].items() if "no answer" in name) == 3
    assert {headers["authorization"] for headers in model.headers} == {f"Bearer {SECRET}"}
    with Store(tmp_path / "s") as store:
        told = sum("-kg_llm" in str(quad.subject) for quad in store.quads())
    assert told > 0
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert not [True for content in (*written, done.stdout, done.stderr) if SECRET.encode() in content]
