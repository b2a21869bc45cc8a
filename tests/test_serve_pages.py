"""The pages of `kg serve`: as HTML, JSON and CSV from one model; hostile text stays text; who may ask."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from kg.errors import StoreError
from kg.namespaces import ARTICLE
from kg.record import Record, Role
from kg.serve.app import app
from kg.serve.edition import Editions
from kg.serve.formats import to_csv
from kg.serve.guard import POLICY, names_of
from kg.serve.media import by_liking
from kg.serve.names import read_names, search
from kg.serve.words import certainty, day, first_day, status
from kg.serve.work import Cell, Table
from kg.store import Store
from tests.papers import paper
from tests.records import Draft, strike, talks

HERE = "http://127.0.0.1:8765"
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
HOSTILE = (
    SCRIPT,
    IMAGE,
    "</title><svg onload=alert(1)>",
    "{{ 7 * 7 }}",
    "=HYPERLINK(1)",
    "\u202eesrever",
    "O'Neill & <b>",
)


def hostile(number: int, text: str) -> Record:
    """An article whose headline, outlet, address, names and sentences are all hostile."""
    draft = Draft(f"{ARTICLE}bad{number:013x}", f"Paper {text}", "2026-03-04")
    draft.say(f"Minister {text} met Russia in {text} on Monday.")
    who, state = draft.entity(text, "Person"), draft.known("Russia", "Russia")
    says = draft.says(text, "met", "Russia", who)
    draft.event("Meeting", "met", Role("party", who), Role("party", state), attribution=says)
    draft.relation(who, "officialOf", state, f"minister {text}")
    return replace(draft.record(), title=f"Headline {text}", url=f"javascript:alert('{number}')")


def articles() -> tuple[Record, ...]:
    rivals = [paper(1, "2026-03-03").strike(killed=3), paper(2, "2026-03-03").strike(killed=7).deal()]
    rivals.append(paper(3, "2026-03-04").deal("negated"))
    return (talks(), strike(), *(one.record for one in rivals))


def stored(path: Path, *records: Record) -> Path:
    with Store(path) as store:
        for record in records:
            assert store.add(record)
    return path


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    bad = (hostile(number, text) for number, text in enumerate(HOSTILE))
    path = stored(tmp_path_factory.mktemp("serve") / "kg.store", *articles(), *bad)
    with TestClient(app(path, names_of("127.0.0.1")), base_url=HERE, raise_server_exceptions=False) as client:
        while not client.get("/contradictions?format=json").json()["ready"]:
            pass
        yield client


def found(client: TestClient, path: str) -> Any:
    response = client.get(path, headers={"accept": "application/json"})
    assert response.status_code == 200, response.text
    return response.json()


def pages(client: TestClient) -> tuple[str, ...]:
    """The address of each kind of page, and of each hostile article and name."""
    events = found(client, "/actor/name/Russia")["events"]
    origins = found(client, "/sources")["articles"]
    bad = [hit["page"] for text in HOSTILE for hit in client.get("/suggest", params={"q": text}).json()]
    return (
        *("/", "/search", "/search?q=rus", "/actor/name/Russia", "/questions", "/questions/who-mediated", "/ask"),
        *(
            "/questions/how-a-position-moved",
            "/questions/who-met-whom",
            "/contradictions",
            "/contradictions?kind=value",
            "/unsure",
            *(f"/questions/who-met-whom?view={view}" for view in ("graph", "map", "timeline")),
        ),
        *("/sources", "/sources?outlet=Paper%201", f"/ask?query={quote('SELECT ?s ?l { ?s rdfs:label ?l }')}"),
        *("/event/" + quote(event["event"]["iri"].removeprefix("https://kg.example/")) for event in events),
        *("/article/" + origin["article"].rpartition("/")[2] for origin in origins),
        *bad,
    )


# -------------------------------------------------------------------------------------------------------- three formats


def test_each_page_is_there_as_html_json_and_csv(client: TestClient) -> None:
    for page in pages(client):
        shown = client.get(page, headers={"accept": "text/html"})
        assert shown.status_code == 200, page
        assert shown.headers["content-type"].startswith("text/html")
        assert "<main" in shown.text
        as_json = client.get(page, headers={"accept": "application/json"})
        assert as_json.headers["content-type"] == "application/json"
        assert isinstance(as_json.json(), dict)
        as_csv = client.get(page, headers={"accept": "text/csv"})
        assert as_csv.headers["content-type"].startswith("text/csv")
        assert as_csv.status_code == 200


def test_the_parameter_goes_before_the_header(client: TestClient) -> None:
    response = client.get("/sources?format=csv", headers={"accept": "text/html"})
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert {"article", "headline", "outlet", "date", "url"} <= rows[0].keys()
    assert client.get("/sources?format=pdf").status_code == 400


def test_an_actor_has_its_facts_with_sentence_outlet_day_and_how_they_are_meant(client: TestClient) -> None:
    model = found(client, "/actor/name/Russia")
    assert model["thing"]["name"] == "Russia"
    said = model["events"][0]["said"]
    assert {"before", "marked", "after", "certainty", "polarity", "modality", "speaker", "origin"} <= said.keys()
    page = client.get("/actor/name/Russia").text
    for part in (said["marked"], said["origin"]["outlet"], said["certainty"]):
        assert part in page or "said by" in page


def test_an_article_shows_all_sentences_in_order_those_without_claims_too(client: TestClient) -> None:
    record = talks()
    model = found(client, f"/article/{record.id.rpartition('/')[2]}")
    starts = [sentence["start"] for sentence in model["sentences"]]
    assert starts == sorted(starts)
    assert len(starts) == len(record.sentences)
    for sentence in model["sentences"]:
        assert "".join(piece["text"] for piece in sentence["pieces"]) == sentence["text"]
        assert sentence["outcome"]


def test_rivals_stand_side_by_side(client: TestClient) -> None:
    model = found(client, "/contradictions")
    values = {frozenset((one["left"]["value"], one["right"]["value"])) for one in model["disputes"]}
    assert {"3", "7"} in values
    assert {"it is so", "it is not so"} in values
    assert all(one["kind"] == "rival numbers" for one in found(client, "/contradictions?kind=value")["disputes"])


def test_a_question_answers_under_its_address(client: TestClient) -> None:
    table = found(client, "/questions/who-attacked-whom")["table"]
    assert table["rows"]
    assert "sentence" in table["columns"]
    nobody = client.get("/questions/who-negotiates-for?for=Nobody%20At%20All")
    assert nobody.status_code == 200


def test_a_query_answers_under_its_address_or_says_what_is_wrong(client: TestClient) -> None:
    good = client.get("/ask", params={"query": "SELECT * { ?a kg:party ?b }", "format": "json"}).json()
    assert good["table"]["columns"]
    bad = client.get("/ask", params={"query": "SELECT nonsense"})
    assert bad.status_code == 200
    assert "the query is not SPARQL: line 1" in bad.text
    everything = client.get("/ask", params={"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }"})
    assert "These are the first 1000 rows; there are more." in everything.text


def test_what_is_not_there_says_so(client: TestClient) -> None:
    for page in (
        "/nowhere",
        "/actor/name/Nobody",
        "/event/happening/0",
        "/article/0",
        "/questions/no-such",
        "/static/x",
    ):
        response = client.get(page, headers={"accept": "text/html"})
        assert response.status_code == 404, page
        assert "</html>" in response.text
    assert client.get("/actor/name/Nobody", headers={"accept": "application/json"}).json()["error"]


def test_pages_are_only_read(client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for page in ("/", "/ask", "/search", "/actor/name/Russia", "/sources"):
            assert client.request(method, page).status_code == 405


def test_a_store_without_articles_says_what_to_do(tmp_path: Path) -> None:
    with TestClient(app(stored(tmp_path / "empty.store"), {"127.0.0.1"}), base_url=HERE) as client:
        assert "kg ingest" in client.get("/").text
        for page in ("/search?q=x", "/sources", "/contradictions", "/questions/who-mediated", "/graph"):
            assert client.get(page).status_code == 200


# --------------------------------------------------------------------------------------------------------- hostile text


class Inspector(HTMLParser):
    """What a browser would run or load in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "script" and not (known.get("src") or "").startswith(("/static/", "/vis/")):
            self.found.append(tag)
        if tag in ("img", "svg", "object", "embed", "base", "style"):
            self.found.append(tag)
        self.found += [name for name in known if name.startswith("on") or name == "style"]
        addresses = [known.get(name) or "" for name in ("href", "src", "action")]
        self.found += [
            address for address in addresses if address.lower().strip().startswith(("javascript:", "data:text"))
        ]


def test_hostile_text_stays_text_on_every_page(client: TestClient) -> None:
    shown = [client.get(page).text for page in pages(client)]
    assert any("&lt;script&gt;alert(1)&lt;/script&gt;" in page for page in shown)
    assert any("{{ 7 * 7 }}" in page for page in shown)
    for page in shown:
        assert not Inspector(page).found


def test_the_name_of_a_store_is_text_too(tmp_path: Path) -> None:
    with TestClient(app(stored(tmp_path / "<b>odd & 'store'", talks()), {"127.0.0.1"}), base_url=HERE) as client:
        assert "&lt;b&gt;odd &amp; &#39;store&#39;" in client.get("/").text


def test_hostile_text_in_an_address_stays_text(client: TestClient) -> None:
    for text in HOSTILE:
        for page in (
            "/search?q=",
            "/sources?outlet=",
            "/questions/who-mediated?by=",
            "/ask?query=",
            "/actor/",
            "/graph?about=",
        ):
            assert not Inspector(client.get(page + quote(text, safe="")).text).found


def test_a_cell_is_no_formula() -> None:
    table = Table(("a",), ((Cell("=1+1"),), (Cell("@x"),), (Cell("fine"),), (None,)))
    assert to_csv(table).decode().split() == ["a", "'=1+1", "'@x", "fine", '""']


# ------------------------------------------------------------------------------------------------------------- who asks


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "169.254.0.1"])
def test_other_names_of_this_server_are_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST", "[::1]:8765"])
def test_its_own_names_are_not(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


def test_pages_of_other_sites_may_not_ask(client: TestClient) -> None:
    for origin in ("http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:9"):
        assert client.get("/sparql?query=ASK{}", headers={"origin": origin}).status_code == 403
        assert client.post("/sparql", data={"query": "ASK {}"}, headers={"origin": origin}).status_code == 403
    assert client.get("/sparql?query=ASK{}", headers={"origin": HERE}).status_code == 200


def test_a_page_of_another_site_loads_nothing_but_may_link(client: TestClient) -> None:
    image = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    frame = {"sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    own = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
    answers = [client.get("/sparql?query=ASK{}", headers=headers) for headers in (image, frame, followed, own)]
    assert [answer.status_code for answer in answers] == [403, 403, 200, 200]


def test_every_answer_tells_browsers_what_a_page_may_do(client: TestClient) -> None:
    for page in ("/", "/nowhere", "/sparql?query=ASK{}", "/static/serve.css", "/suggest?q=r"):
        headers = client.get(page).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "unsafe" not in POLICY


# ---------------------------------------------------------------------------------------------------------------- parts


def test_a_search_finds_any_word_of_any_name_and_forgives(client: TestClient) -> None:
    with Store() as store:
        for record in articles():
            store.add(record)
        names = read_names(store)
    assert search(names, "RUSS")[0].name == "Russia"
    assert search(names, "  states ")[0].name == "United States"
    assert search(names, "") == ()
    assert search(names, "no such name") == ()


def test_suggestions_lead_to_pages_that_are_there(client: TestClient) -> None:
    hits = client.get("/suggest?q=u").json()
    assert hits
    for hit in hits:
        assert client.get(hit["page"]).status_code == 200


def test_the_copy_is_renewed_when_the_store_has_changed(tmp_path: Path) -> None:
    path = stored(tmp_path / "kg.store", talks())
    editions = Editions(path)
    assert len(editions.current().articles) == 1
    stored(path, strike())
    assert len(editions.refresh().articles) == 2
    editions.close()


def test_a_writer_may_go_on_and_the_pages_say_as_of_when(tmp_path: Path) -> None:
    path = stored(tmp_path / "kg.store", talks())
    editions = Editions(path)
    with Store(path) as writer:
        assert writer.add(strike())
        assert len(editions.refresh().articles) == 1
    assert len(editions.refresh().articles) == 2
    editions.close()


def test_without_a_store_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg ingest"):
        Editions(tmp_path / "none.store")


def test_media_types_by_liking() -> None:
    offered = ("text/html", "application/json")
    assert by_liking("", offered) == by_liking("*/*", offered) == ()
    assert by_liking("application/json;q=0.5, text/html", offered) == offered
    assert by_liking("text/html;q=0, */*;q=0.1", offered)[0] in offered
    assert by_liking("image/png", offered) == ("none",)


def test_days_in_words() -> None:
    words = ["18 February 2026", "March 2026", "17 February 2026, night", "P2D", "2026-13-40", "2026"]
    assert [day(text) for text in ("2026-02-18", "2026-03", "2026-02-17TNI", "P2D", "2026-13-40", "2026")] == words


def test_weeks_in_words_and_times_in_order() -> None:
    assert [day(text) for text in ("2026-W09", "2026-W99")] == ["week of 23 February 2026", "2026-W99"]
    times = ["2026-03", "P2D", "2026-W09", "2026-02-17TNI", "2026"]
    assert sorted(times, key=first_day) == ["P2D", "2026", "2026-02-17TNI", "2026-W09", "2026-03"]


def test_how_a_claim_is_meant_in_words() -> None:
    assert certainty("negated", "actual", "", False) == "denied"
    assert certainty("affirmed", "planned", "Lavrov", False) == "planned, not yet happened"
    assert certainty("affirmed", "actual", "", True) == "stated as fact"
    assert [status("negated", "actual", ""), status("affirmed", "desired", "")] == ["denied", "unreal"]
