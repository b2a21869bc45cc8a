"""The graph for other eyes: view, serve, export, footnotes."""

from __future__ import annotations

import secrets
import webbrowser
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import footnotes as notes
from kg import report
from kg.cli.command import (
    DEFAULT_STORE,
    Out,
    StorePath,
    app,
    article_named,
    opening,
    parameters_of,
    put,
)
from kg.errors import QueryError, StoreError
from kg.export import FORMATS
from kg.export import export as export_
from kg.query import questions
from kg.store import Store

LOCAL = "127.0.0.1"
#: Characters of a token that nobody guesses.
_SHORTEST = 16

Format = StrEnum("Format", [(name, name) for name in FORMATS])  # type: ignore[misc]
Notes = StrEnum("Notes", [(name, name) for name in notes.FORMATS])  # type: ignore[misc]
TURTLE, MARKDOWN = Format("turtle"), Notes("markdown")


@app.command()
def view(
    store: StorePath = DEFAULT_STORE,
    out: Annotated[Path, typer.Option("--out", help="File to write.")] = Path("kg.html"),
    title: Annotated[str, typer.Option(help="Title of the page.")] = "What the articles say",
    open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Draw the graph as one page that works offline, to mail or to keep: filters, time, search, paths, every sentence.

    \b
    Examples:
      kg view
      kg view --out talks.html --title "Talks in Geneva" --open
    """
    from kg.mirror import to_networkx
    from kg.view import to_html

    with opening(store) as opened:
        page = to_html(to_networkx(opened), title)
    put(out, page.encode())
    report.out().print(str(out.resolve()))
    if open_:
        webbrowser.open(out.resolve().as_uri())


@app.command()
def serve(
    store: StorePath = DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="Address to listen at; others may be open to all.")] = LOCAL,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")] = 8765,
    seconds: Annotated[float, typer.Option(min=0.5, help="Time limit of a query, in seconds.")] = 10.0,
    open_: Annotated[bool, typer.Option("--open", help="Open the first page in a browser.")] = False,
    edit: Annotated[bool, typer.Option("--edit", help="Let who has the token it prints decide who is who.")] = False,
    token_file: Annotated[Path | None, typer.Option(help="Likewise, with the token that a file holds.")] = None,
) -> None:
    """Show the graph in a browser, and answer SPARQL clients at http://127.0.0.1:8765/sparql.

    Serves a copy of the store, so kg ingest can go on, and a new copy soon after the store has changed. It only reads:
    nothing can be changed through it, unless --edit or --token-file is given. Then whoever knows the token may say on
    the page "Who is who" that two names are of one, or are not. Control-C ends it.

    \b
    Examples:
      kg serve
      kg serve --store news.store --port 9000 --open
      kg serve --edit
    """
    from kg.serve.app import serve as serve_
    from kg.serve.lanes import Limits

    token = _token(token_file) if token_file else secrets.token_urlsafe() if edit else ""

    def begun(address: str) -> None:
        report.err().print(report.plain(f"{store} at {address} (Control-C ends it)"))
        if edit and token_file is None:
            report.err().print(report.plain(f"decide who is who at {address}unsure#token={token}"), soft_wrap=True)
        if open_:
            webbrowser.open(address)

    serve_(store, host, port, Limits(seconds=seconds), token, begun)


def _token(path: Path) -> str:
    """The token that a file holds."""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: no token can be read there: {error}") from error
    if len(token) < _SHORTEST:
        raise StoreError(f"{path}: holds a token of {len(token)} characters, and others may guess it: use 16 or more")
    return token


@app.command()
def export(
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Format, typer.Option("--format", help="What to write.")] = TURTLE,
    out: Out = None,
) -> None:
    """Write the graph in another format.

    turtle is the world graph; trig, nquads and jsonld are all named graphs; graphml (yEd, networkx), gexf (Gephi) and
    cyjs (Cytoscape) are the mirror; neo4j is a zip of tables for neo4j-admin; csv is a table of the claims.

    \b
    Examples:
      kg export --format nquads --out news.nq
      kg export --format gexf --out news.gexf
      kg export --format neo4j --out news.zip
      kg export --format csv > claims.csv
    """
    with opening(store) as opened:
        content = export_(opened, format)
    put(out, content)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def footnotes(
    context: typer.Context,
    store: StorePath = DEFAULT_STORE,
    about: Annotated[str | None, typer.Option(help="Of an actor or an event: a name or an IRI.")] = None,
    article: Annotated[str | None, typer.Option(help="Of an article: its IRI, URL or path.")] = None,
    question: Annotated[str | None, typer.Option(help="Of the answer to a question: see kg questions.")] = None,
    format: Annotated[Notes, typer.Option("--format", help="What to write.")] = MARKDOWN,
    out: Out = None,
) -> None:
    """Write what is claimed as a paragraph, with the sentence, outlet, date and address of each claim as a footnote.

    Options that are not below are the parameters of a question.

    \b
    Examples:
      kg footnotes --about Medinsky
      kg footnotes --article articles/one.txt --format html --out one.html
      kg footnotes --question who-negotiates-for --for Ukraine
    """
    with opening(store) as opened:
        found, title = _noted(opened, about, article, question, parameters_of(context.args))
    if not found:
        report.err().print("no article says so")
    put(out, notes.write(found, format, title).encode())


def _noted(
    store: Store, about: str | None, article: str | None, question: str | None, parameters: dict[str, str]
) -> tuple[tuple[notes.Note, ...], str]:
    """The notes on the one thing that is asked for, and their title."""
    if sum(asked is not None for asked in (about, article, question)) != 1:
        raise QueryError("name one thing to write of: --about, --article or --question")
    if parameters and question is None:
        raise QueryError(f"only a question takes {', '.join(f'--{name}' for name in parameters)}: kg questions")
    if question is not None:
        return notes.answer(store, question, **parameters), questions()[question].text
    if article is not None:
        iri = article_named(store, article)
        return notes.article(store, iri), next(one.headline or iri for one in store.articles() if one.article == iri)
    return notes.claims(store, about), f"What is said of {about}"
