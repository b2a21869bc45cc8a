"""Deciding on a page who is who: only with the token, never from another site, and taken back without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from kg.clusters import Verdict
from kg.serve.app import app
from kg.serve.guard import knows
from kg.store import Store
from tests.browser import launched, visited
from tests.server import filled, running
from tests.test_resolve import ANNA, PETER, SHORT, article

HERE = "http://127.0.0.1:8765"
TOKEN = "a-token-that-nobody-guesses"
OWN = {"origin": HERE}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return filled(
        tmp_path / "kg.store", (article(1, ANNA), article(2, PETER), article(3, SHORT), article(4, ANNA, of="Russia"))
    )


@pytest.fixture
def client(store: Path) -> Iterator[TestClient]:
    with TestClient(app(store, {"127.0.0.1"}, token=TOKEN), base_url=HERE) as client:
        yield client


def shown(client: TestClient) -> Any:
    while not (found := client.get("/unsure?format=json").json())["ready"]:
        pass
    return found


def pair(client: TestClient) -> dict[str, str]:
    first = shown(client)["pairs"][0]
    return {"left": first["left"]["iri"], "right": first["right"]["iri"]}


def settled(client: TestClient, given: dict[str, str], headers: dict[str, str] = OWN, **more: str) -> int:
    status: int = client.post("/unsure", data=given | more, headers=headers, follow_redirects=False).status_code
    return status


def decisions(store: Path) -> list[tuple[str, str, str | None]]:
    with Store(store) as opened:
        return [(item.left, item.right, item.judge) for item in opened.decisions()]


def quads(store: Path) -> frozenset[str]:
    with Store(store) as opened:
        return frozenset(map(str, opened.quads()))


def test_both_sides_stand_there_with_their_sentences_and_what_speaks_for_it(client: TestClient) -> None:
    page = shown(client)
    assert page["total"] == len(page["pairs"]) > 0
    for one in page["pairs"]:
        assert one["reasons"]
        for side in (one["left"], one["right"]):
            assert side["voices"][0]["marked"] == side["name"]
            assert side["voices"][0]["after"].endswith(".")
    assert "They are one" in client.get("/unsure").text


def test_who_knows_the_token_decides_and_takes_back_without_a_trace(client: TestClient, store: Path) -> None:
    before, two = quads(store), pair(client)
    assert settled(client, two, token=TOKEN, saying="same", judge="Desk 3") == 303
    assert decisions(store) == [(two["left"], two["right"], "Desk 3")]
    page = shown(client)
    assert [(one["verdict"], one["judge"]) for one in page["decided"]] == [(Verdict.SAME, "Desk 3")]
    assert two["left"] not in {one["left"]["iri"] for one in page["pairs"] if one["right"]["iri"] == two["right"]}
    assert settled(client, two, token=TOKEN, saying="back") == 303
    assert quads(store) == before
    assert shown(client)["decided"] == []


def test_the_token_may_come_as_a_header(client: TestClient, store: Path) -> None:
    assert settled(client, pair(client), {"x-kg-token": TOKEN}, saying="different") == 303
    assert len(decisions(store)) == 1


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        (OWN, ""),
        (OWN, "another-token"),
        (OWN, TOKEN + "é"),
        ({"origin": "http://evil.example"}, TOKEN),
        ({"origin": "null"}, TOKEN),
        ({"origin": HERE, "host": "evil.example"}, TOKEN),
        ({"origin": "https://127.0.0.1:8765"}, TOKEN),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, TOKEN),
    ],
)
def test_nobody_else_decides(client: TestClient, store: Path, headers: dict[str, str], token: str) -> None:
    assert settled(client, pair(client), headers, token=token, saying="same") == 403
    assert decisions(store) == []


def test_a_server_without_a_token_only_reads(store: Path) -> None:
    with TestClient(app(store, {"127.0.0.1"}), base_url=HERE) as client:
        assert "kg serve --edit" in client.get("/unsure").text
        two = pair(client)
        for token in ("", TOKEN):
            assert settled(client, two, token=token, saying="same") == 403
            assert settled(client, two, {"x-kg-token": token}, saying="same") == 403
    assert decisions(store) == []
    assert not knows("", "")


def test_what_cannot_be_is_said(client: TestClient, store: Path) -> None:
    two = pair(client)
    assert settled(client, two, token=TOKEN, saying="perhaps") == 409
    assert settled(client, two, token=TOKEN, saying="back") == 409
    assert settled(client, {"left": "x", "right": "y"}, token=TOKEN, saying="same") == 409
    with Store(store):
        answer = client.post("/unsure", data={"token": TOKEN, "saying": "same", **two}, headers=OWN)
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
    assert decisions(store) == []


def test_a_person_decides_in_a_browser(store: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n", encoding="utf-8")
    for browser in launched():
        with running(store, "--token-file", str(tmp_path / "token")) as server:
            with visited(browser, f"{server.address}/unsure#token={TOKEN}") as visit:
                page = visit.page
                page.get_by_role("button", name="They are two").first.click()
                page.locator("#decided summary", has_text="are two").wait_for()
                assert "token" not in page.url
                page.get_by_role("button", name="Take it back").click()
                page.get_by_role("button", name="They are one").first.wait_for()
                assert not page.locator("#decided").count()
                assert not visit.errors
            with visited(browser, f"{server.address}/unsure", java_script_enabled=False) as visit:
                form = visit.page.locator("form.saying").first
                form.get_by_label("Token").fill(TOKEN)
                form.get_by_role("button", name="They are one").click()
                assert visit.page.locator("#decided summary", has_text="are one").count() == 1
    assert [judge for *_, judge in decisions(store)] == ["a person"]


@pytest.mark.parametrize("text", ["short", ""])
def test_a_token_that_others_may_guess_is_refused(store: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "token").write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match="16 or more"), running(store, "--token-file", str(tmp_path / "token")):
        pass
