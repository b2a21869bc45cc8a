"""The routes: each takes a request apart, calls one function of a page's module, and shows what it gives."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import uvicorn
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.errors import KGError, QueryError, StoreError
from kg.namespaces import short
from kg.serve import actor, around, article, asking, atlas, event, graph, home, outlets, unsure, whole, work
from kg.serve.asking import Answered
from kg.serve.disputes import disputes
from kg.serve.edition import Edition, Editions
from kg.serve.formats import CSV, FORMATS, HTML, JSON, to_csv, to_json
from kg.serve.guard import HEADERS, STANDALONE, Guard, knows, names_of
from kg.serve.lanes import Job, Lanes, Limits
from kg.serve.links import anchor, link, named, outside, page_of
from kg.serve.media import by_liking
from kg.serve.picture import Picture, Wanted
from kg.serve.picture import picture as draw
from kg.serve.protocol import MOST_BYTES, asked, pairs
from kg.serve.refusal import RefusalError
from kg.serve.views import View, view
from kg.serve.words import day, first_up
from kg.serve.work import Asked, Cell, Table
from kg.store import Store

_log = logging.getLogger(__name__)
#: Seconds that a page waits for what is worked out once; thereafter it says that it is being worked out.
_PATIENCE, _LONG_PATIENCE = 0.4, 3.0


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages are made of."""

    editions: Editions
    lanes: Lanes
    templates: Environment
    token: str

    def close(self) -> None:
        """Ends the worker processes, and takes the copies of the store away."""
        self.lanes.close()
        self.editions.close()


def app(store: Path, hosts: Iterable[str], limits: Limits = Limits(), token: str = "") -> Starlette:  # noqa: B008
    """The web application for a store, under these names of hosts; who knows the token may decide who is who, and
    nobody may where there is none. Raises StoreError where there is no store."""
    site = Site(Editions(store), Lanes(limits), _templates(store, token), token)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        for function in (work.disputes, work.unsure):
            site.lanes.begin(Job(function, site.editions.current().path))
        yield
        site.close()

    made = Starlette(
        routes=_routes(),
        middleware=[Middleware(Guard, hosts=frozenset(hosts))],
        exception_handlers={KGError: _refused, HTTPException: _missed, Exception: _failed},
        lifespan=life,
    )
    made.state.site = site
    return made


def _templates(store: Path, token: str) -> Environment:
    templates = Environment(
        loader=PackageLoader("kg.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"page": page_of, "outside": outside, "short": short, "first_up": first_up}
    templates.globals |= {"link": link, "anchor": anchor, "day": day, "has_bundle": _has_bundle(), "store": store.name}
    templates.globals["may_decide"] = bool(token)
    return templates


def _has_bundle() -> bool:
    """Whether the richer editor and pictures were built (make assets); each page works without them, and says so."""
    return resources.files("kg.serve").joinpath("static", "built").is_dir()


def _routes() -> list[Route | Mount]:
    return [
        Route("/", _home),
        Route("/search", _search),
        Route("/suggest", _suggest),
        Route("/actor/{path:path}", _actor),
        Route("/event/{path:path}", _event),
        Route("/article/{path:path}", _article),
        Route("/questions", _questions),
        Route("/questions/{name}", _question),
        Route("/ask", _ask),
        Route("/contradictions", _contradictions),
        Route("/unsure", _unsure),
        Route("/unsure", _settle, methods=["POST"]),
        Route("/sources", _sources),
        Route("/graph", _graph),
        Route("/map", _map),
        Route("/graph/page", _picture),
        Route("/graph/whole", _whole),
        Route("/around/{path:path}", _around),
        Route("/sparql", _sparql, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
        Route("/sparql/", _sparql, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
        Mount("/static", StaticFiles(packages=[("kg.serve", "static")])),
        # vis-network, as the installed pyvis carries it.
        Mount("/vis", StaticFiles(packages=[("pyvis", "templates/lib/vis-9.1.2")])),
    ]


# ------------------------------------------------------------------------------------------------------------- showing


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def _edition(request: Request) -> Edition:
    return _site(request).editions.current()


def _media(request: Request) -> str:
    """How a page is wanted: as HTML, JSON or CSV."""
    if wanted := request.query_params.get("format"):
        if wanted not in FORMATS:
            raise RefusalError(400, f"format={wanted} is none of {', '.join(FORMATS)}")
        return FORMATS[wanted]
    return (*by_liking(request.headers.get("accept", ""), (HTML, JSON, CSV)), HTML)[0]


def _shown(
    request: Request, template: str, model: Any, rows: Callable[[Any], Iterable[Any] | Table], status: int = 200
) -> Response:
    """A model as a page, as JSON, or its rows as CSV."""
    media = _media(request)
    if media == JSON:
        return Response(to_json(model), status, media_type=JSON)
    if media == CSV:
        return Response(to_csv(rows(model)), status, media_type=f"{CSV}; charset=utf-8")
    return HTMLResponse(_page(request, template, page=model), status)


def _page(request: Request, template: str, **parts: Any) -> str:
    site, edition = _site(request), _edition(request)
    return site.templates.get_template(f"{template}.html.j2").render(
        parts,
        path=request.url.path,
        query=request.query_params.get("q", ""),
        notice=site.editions.notice,
        called=partial(_called, edition),
        taken=f"{edition.taken:%d %B %Y, %H:%M}",
        formats={name: _address(request, format=name) for name in ("json", "csv")},
        address=partial(_address, request),
    )


def _called(edition: Edition, iri: str) -> str:
    """What an article or a thing is called; empty if it has no name over articles."""
    source = edition.articles.get(iri)
    return (source.headline or "(no headline)") if source else edition.names.labels.get(iri, "")


def _address(request: Request, **other: str) -> str:
    """This page with other parameters, such as another format."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in other]
    return f"{quote(request.url.path)}?{urlencode([*kept, *other.items()])}"


def _refused(request: Request, error: Exception) -> Response:
    """What cannot be answered, and how to mend it."""
    status = error.status if isinstance(error, RefusalError) else 404
    retry = {"retry-after": str(error.retry)} if isinstance(error, RefusalError) and error.retry else {}
    return _error(request, status, str(error), retry)


def _missed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    words = {404: "There is no such page here.", 405: "This page can only be read."}
    return _error(request, status, words.get(status, "That cannot be answered."), {})


def _failed(request: Request, error: Exception) -> Response:
    """A bug: the log has it, and the page does not show what it holds. It is made outside of the guard."""
    _log.error("%s", request.url.path, exc_info=error)
    return PlainTextResponse("This page failed; the server's log says why.\n", 500, headers=HEADERS)


def _error(request: Request, status: int, reason: str, headers: dict[str, str]) -> Response:
    accepted = (*by_liking(request.headers.get("accept", ""), (HTML, JSON)), "text/plain")[0]
    if accepted == JSON or request.query_params.get("format") == "json":
        return JSONResponse({"error": reason}, status, headers)
    if accepted == HTML:
        return HTMLResponse(
            _page(request, "error", reason=reason, title=_TITLES.get(status, "That did not work")), status, headers
        )
    return PlainTextResponse(f"{reason}\n", status, headers)


_TITLES = {
    403: "Not allowed",
    404: "Not here",
    405: "Only to be read",
    409: "That cannot be",
    503: "Not now",
    504: "Too much at once",
}


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


# --------------------------------------------------------------------------------------------------------------- pages


async def _home(request: Request) -> Response:
    edition = _edition(request)
    found, _ = await _latest(request, work.disputes, edition)
    model = await run_in_threadpool(home.home, edition, found)
    return _shown(request, "home", model, lambda shown: shown.newest)


def _search(request: Request) -> Response:
    query = request.query_params.get("q", "")[:200]
    model = home.found(_edition(request), query)
    return _shown(request, "search", model, lambda shown: shown.hits)


def _suggest(request: Request) -> Response:
    found = home.found(_edition(request), request.query_params.get("q", "")[:200], 8)
    hits = [
        {
            "name": hit.thing.name,
            "kind": hit.thing.kind,
            "by": hit.by,
            "articles": hit.articles,
            "page": page_of(hit.thing.iri),
        }
        for hit in found.hits
    ]
    return JSONResponse(hits)


def _actor(request: Request) -> Response:
    model = actor.actor(_edition(request), named("actor", request.path_params["path"]))
    return _shown(request, "actor", model, actor.claims)


def _event(request: Request) -> Response:
    model = event.event(_edition(request), named("event", request.path_params["path"]))
    return _shown(request, "event", model, event.claims)


def _article(request: Request) -> Response:
    model = article.article(_edition(request), named("article", request.path_params["path"]))
    return _shown(request, "article", model, article.claims)


def _sources(request: Request) -> Response:
    model = outlets.sources(_edition(request), request.query_params.get("outlet", ""), _number(request, "page"))
    return _shown(request, "sources", model, lambda shown: shown.articles)


async def _latest(request: Request, function: Callable[[Store], Any], edition: Edition) -> tuple[Any, bool]:
    """What is worked out once of all articles, and whether it is of the copy before, since the new takes its time."""
    lanes, job = _site(request).lanes, Job(function, edition.path)
    found = await lanes.kept(job, _PATIENCE)
    return (found, False) if found is not None else (lanes.before(job), True)


async def _contradictions(request: Request) -> Response:
    edition = _edition(request)
    found, is_old = await _latest(request, work.disputes, edition)
    kind = request.query_params.get("kind", "")
    model = await run_in_threadpool(disputes, edition, found, is_old, kind, _number(request, "page"))
    return _shown(request, "contradictions", model, lambda shown: shown.disputes)


async def _unsure(request: Request) -> Response:
    site, edition = _site(request), _edition(request)
    found, is_old = await _latest(request, work.unsure, edition)
    model = await run_in_threadpool(unsure.unsure, edition, found, is_old, _number(request, "page"), bool(site.token))
    return _shown(request, "unsure", model, lambda shown: shown.pairs)


async def _settle(request: Request) -> Response:
    """What a person says of two names; the token, which no cookie holds, comes with it."""
    site, given = _site(request), dict(pairs((await _body(request)).decode("utf-8", "replace")))
    if not knows(request.headers.get("x-kg-token") or given.get("token", ""), site.token):
        raise RefusalError(403, _CLOSED if not site.token else "that is not the token: it is what kg serve was given")
    said = partial(unsure.settle, saying=given.get("saying", ""), judge=given.get("judge", "").strip()[:200])
    change = partial(said, left=given.get("left", ""), right=given.get("right", ""))
    try:
        await run_in_threadpool(site.editions.change, change)
    except StoreError as error:
        raise RefusalError(503, str(error), 5) from error
    except QueryError as error:
        raise RefusalError(409, str(error)) from error
    return RedirectResponse("/unsure", 303)


_CLOSED = "these pages only read: start kg serve with --edit or --token-file to decide here, or use kg resolve"


def _map(request: Request) -> Response:
    model = atlas.atlas(_edition(request))
    return _shown(request, "map", model, lambda shown: (*shown.states, *shown.places))


async def _graph(request: Request) -> Response:
    edition = _edition(request)
    wanted, reason = graph.wanted(edition, request.query_params)
    drawn = None if reason else await _drawn(request, edition, wanted)
    if drawn is None and not reason and _media(request) != HTML:
        raise RefusalError(503, "the picture is being drawn: ask again soon", 3)
    model = graph.graph(edition, wanted, request.query_params, drawn, reason)
    return _shown(request, "graph", model, lambda shown: shown.links)


async def _drawn(request: Request, edition: Edition, wanted: Wanted) -> Picture | None:
    found: Picture | None = await _site(request).lanes.kept(Job(draw, edition.path, (wanted,)), _PATIENCE)
    return found


async def _picture(request: Request) -> Response:
    edition = _edition(request)
    wanted, reason = graph.wanted(edition, request.query_params)
    drawn = None if reason else await _drawn(request, edition, wanted)
    if drawn is None:
        return RedirectResponse(f"/graph?{request.url.query}", 303)
    return HTMLResponse(drawn.page, headers={"content-security-policy": STANDALONE})


async def _whole(request: Request) -> Response:
    drawn = await _site(request).lanes.kept(Job(whole.whole, _edition(request).path, (whole.MOST_LINKS,)), _PATIENCE)
    if drawn is None and _media(request) != HTML:
        raise RefusalError(503, "the picture is being drawn: ask again soon", 3)
    model = drawn or whole.Whole(False, "", (), ())
    return _shown(request, "whole", model, lambda shown: shown.nodes)


def _around(request: Request) -> Response:
    """For the picture of surroundings, so as JSON unless CSV is asked for."""
    model = around.around(_edition(request), named("around", request.path_params["path"]))
    media = CSV if request.query_params.get("format") == "csv" else JSON
    content = to_csv(model.edges) if media == CSV else to_json(model)
    return Response(content, media_type=media)


# -------------------------------------------------------------------------------------------------------------- asking


def _questions(request: Request) -> Response:
    return _shown(request, "questions", asking.all_questions(), lambda shown: shown.questions)


async def _question(request: Request) -> Response:
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    form = asking.form(request.path_params["name"], given)
    values = {field.name: field.value for field in form.fields if field.value}
    if not asking.is_complete(form):
        return _shown(request, "question", Answered(form, None, ""), _table)
    job = Job(work.answer, _edition(request).path, (form.name, tuple(sorted(values.items()))))
    table, reason = await _told(_site(request).lanes.kept(job, _LONG_PATIENCE))
    is_asking = table is None and not reason
    if is_asking and _media(request) != HTML:
        raise RefusalError(503, "the question is still being answered: ask again soon", 3)
    model = Answered(form, table, reason, is_asking, await _viewed(request, table))
    return _limited(request, _shown(request, "question", model, _table), table)


async def _ask(request: Request) -> Response:
    sparql = request.query_params.get("query", "")[:MOST_BYTES]
    table, reason = None, ""
    if sparql.strip():
        job = Job(work.table, _edition(request).path, (Asked(sparql),))
        table, reason = await _told(_site(request).lanes.run(job, sparql))
    model = asking.console(sparql, _limits(request, rows=work.MOST_ROWS), table, reason, await _viewed(request, table))
    return _limited(request, _shown(request, "ask", model, _table), table)


def _limits(request: Request, **others: int) -> dict[str, float]:
    """What an answer may take."""
    return {"seconds": _site(request).lanes.seconds, "bytes": work.MOST_BYTES, **others}


def _limited(request: Request, response: Response, table: Table | None) -> Response:
    """An answer that tells programs what it may take at the most, and whether it is a part."""
    response.headers["x-kg-limits"] = _told_limits(_limits(request, rows=work.MOST_ROWS))
    if table is not None and table.more:
        response.headers["x-kg-part"] = f"the first {len(table.rows)} rows; there are more"
    return response


def _told_limits(limits: dict[str, float]) -> str:
    return ", ".join(f"{name}={value:.10g}" for name, value in limits.items())


async def _viewed(request: Request, table: Table | None) -> View | None:
    """An answer as it is to be shown."""
    if table is None:
        return None
    return await run_in_threadpool(view, _edition(request), table, request.query_params.get("view", ""))


async def _told(working: Awaitable[Table | None]) -> tuple[Table | None, str]:
    """A table, or why there is none; what is too much for the server now is no answer to the question."""
    try:
        return await working, ""
    except RefusalError as refusal:
        if refusal.retry:
            raise
        return None, str(refusal)
    except KGError as error:
        return None, str(error)


def _table(model: Any) -> Table:
    return model.table or Table(("problem",), ((Cell(model.reason or "nothing was asked"),),))


async def _sparql(request: Request) -> Response:
    """The endpoint: errors are text, since programs read them."""
    accept = request.headers.get("accept", "")
    if request.method == "GET" and not request.url.query and "text/html" in accept:
        return RedirectResponse("/ask", 303)
    try:
        query = asked(
            request.method, request.headers.get("content-type", ""), request.url.query, await _body(request), accept
        )
        job = Job(work.document, _edition(request).path, (query,))
        media, document = await _site(request).lanes.run(job, query.sparql)
    except KGError as error:
        return _in_text(error, {"x-kg-limits": _told_limits(_limits(request))})
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    limits = _told_limits(_limits(request))
    headers = {"content-type": media + charset, "vary": "accept", "x-kg-limits": limits}
    return Response(document, media_type=media, headers=headers)


async def _body(request: Request) -> bytes:
    """What was posted; no more of it is read than a query may be long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            break
    return body


def _in_text(error: KGError, headers: dict[str, str]) -> Response:
    status, retry = (error.status, error.retry) if isinstance(error, RefusalError) else (400, 0)
    again = {"retry-after": str(retry)} if retry else {}
    return PlainTextResponse(f"{error}\n", status, headers | again)


def serve(store: Path, host: str, port: int, limits: Limits, token: str, begun: Callable[[str], None]) -> None:
    """Serves a store until it is interrupted, and says where; `token` as for `app`. Raises StoreError where there is
    none, or the port is taken."""
    made = app(store, names_of(host), limits, token)
    site: Site = made.state.site
    try:
        with closing(_bound(host, port)) as listening:
            begun(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/")
            config = uvicorn.Config(made, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
            uvicorn.Server(config).run([listening])
    finally:
        site.close()


def _bound(host: str, port: int) -> socket.socket:
    """A socket at a port. Raises StoreError where it is taken, or is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio does not switch Nagle's algorithm off, and each answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # From here on who connects waits; else he is refused until the server has started.
        listening.listen()
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise StoreError(f"{host}:{port} cannot be listened at ({reason}): choose another with --port") from error
    return listening
