"""Questions to the store: query, questions, explain."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg import report
from kg.answer import Answer
from kg.asof import as_of
from kg.cli.command import (
    DEFAULT_STORE,
    StorePath,
    Table,
    app,
    article_named,
    opening,
    parameters_of,
    show,
    text_of,
)
from kg.difference import Support, counted
from kg.errors import QueryError
from kg.explain import Evidence
from kg.explain import coverage as coverage_
from kg.explain import explain as explain_
from kg.namespaces import IDENTITY, KG
from kg.query import ask, mentioned, questions, unknown
from kg.resolve import acquainted, find, identities
from kg.store import Store


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def query(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="FILE.rq|-|NAME", help="SPARQL, or a question: see kg questions.")],
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Table, typer.Option("--format", help="How to print the answer.")] = Table.TABLE,
    known_on: Annotated[str | None, typer.Option(help="As articles had reported by this day: YYYY-MM-DD.")] = None,
    true_on: Annotated[str | None, typer.Option(help="Of that, what had begun or held on this day.")] = None,
) -> None:
    """Answer a SPARQL query from a file or from standard input (-), or a question by name.

    The default graph is the world: what is affirmed and actual. GRAPH ?article { … } asks what each article says.
    Options that are not below are the parameters of a question.

    \b
    Examples:
      kg query who-negotiates-for --for Ukraine
      kg query what-is-planned --format csv
      kg query who-heads --true-on 2026-02-18 --known-on 2026-02-20
      kg query my-query.rq --format json
      echo 'SELECT ?s ?o { ?s <https://kg.example/ns#headOf> ?o }' | kg query -
    """
    parameters = parameters_of(context.args)
    with opening(store) as opened:
        asked = as_of(opened, known_on, true_on) if known_on or true_on else opened
        answer = _answer(asked, question, parameters)
        printed = report.answer(answer.columns, answer.rows, format)
        strange = [] if answer.rows else [unknown(opened, name) for name in _unknown(opened, parameters)]
    show(printed)
    if not answer.rows:
        report.err().print(report.plain("; ".join(("no answer", *strange))))


def _unknown(store: Store, parameters: dict[str, str]) -> list[str]:
    """The names that were asked for and that nothing has."""
    return [name for name in parameters.values() if not mentioned(store, name)]


def _answer(store: Store, question: str, parameters: dict[str, str]) -> Answer:
    if question != "-" and not question.endswith(".rq"):
        return ask(store, question, **parameters)
    if parameters:
        raise QueryError(f"only a question by name takes {', '.join(f'--{name}' for name in parameters)}: kg questions")
    return store.select(sys.stdin.read() if question == "-" else text_of(Path(question)))


@app.command("questions")
def list_questions() -> None:
    """List the questions that can be asked by name, with their parameters.

    \b
    Examples:
      kg questions
    """
    for question in questions().values():
        takes = "".join(f"\n    --{p.name}  {p.text}{'' if p.optional else ' (needed)'}" for p in question.parameters)
        print(f"{question.name}\n    {question.text}{takes}")


@app.command()
def explain(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ENTITY | SAME A B]", help="A name, as an article spells it, or an IRI."),
    ] = None,
    store: StorePath = DEFAULT_STORE,
    subject: Annotated[str | None, typer.Option(help="Subject of the triple: a name or an IRI.")] = None,
    predicate: Annotated[str | None, typer.Option(help="Predicate: negotiatorOf, kg:mediator, type …")] = None,
    object: Annotated[str | None, typer.Option("--object", help="Object: a name, a class or an IRI.")] = None,
    coverage: Annotated[
        str | None,
        typer.Option(metavar="ARTICLE", help="Show what came of each sentence of an article: its IRI, URL or path."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Show every sentence behind an entity or a triple, with its source.

    What is denied, planned or only said to be possible is shown too, marked as not asserted.

    With --coverage: every sentence of an article, marked A where a claim is asserted, Q where claims are only qualified
    (negated, planned, somebody's words …), R where it tells again of an event, O where no class covers what is said, E
    where it only names entities, - where nothing was read, X where it is not the article's own.

    With SAME: why two names are of one, or are not.

    \b
    Examples:
      kg explain Medinsky
      kg explain SAME "Volodymyr Zelensky" "Volodymyr Zelenskiy"
      kg explain --subject Medinsky --predicate negotiatorOf --object Russia
      kg explain --predicate type --object Ceasefire
      kg explain --coverage articles/one.txt
      kg explain --coverage article:5f0c2a9d81b34e67 --json
    """
    with opening(store) as opened:
        if names and names[0] == "SAME":
            _same(opened, names[1:])
            return
        asked = (_one(names), subject, predicate, object)
        if coverage is not None:
            _covered(opened, coverage, asked, as_json)
            return
        found = explain_(opened, *asked)
        by = _support(opened, found)
    if as_json:
        print(report.evidence_json(found))
    else:
        for item in found:
            report.out().print(report.evidence(item))
        if found:
            report.out().print(report.plain(report.support(by)))
    if not found:
        report.err().print("no article says so")


def _support(store: Store, found: Sequence[Evidence]) -> Support:
    """Who says what was found, counted: articles, outlets, sources independent of each other."""
    families = {article: family for family, article in store.pairs(str(KG.carries), IDENTITY)}
    return counted([(item.article, item.outlet, item.date, families.get(item.article)) for item in found])


def _one(names: Sequence[str] | None) -> str | None:
    if names and len(names) > 1:
        raise QueryError(f"{' '.join(names)}: name one entity, and quote a name of several words")
    return names[0] if names else None


def _same(store: Store, names: Sequence[str]) -> None:
    """Prints why two names are of one, or are not."""
    if len(names) != 2:
        raise QueryError("SAME asks of two names: kg explain SAME A B (quote a name of several words)")
    left, right = names
    if events := acquainted(store, left, right):
        report.out().print(report.met(left, right, events))
        return
    found = identities(store)
    one, two = (find(store, found, name) for name in names)
    same = found.canonical[one] == found.canonical[two]
    for line in report.why(one, two, same, found.why(one, two)):
        report.out().print(line)


def _covered(store: Store, article: str, asked: Sequence[str | None], as_json: bool) -> None:
    """Prints what came of each sentence of an article."""
    if any(asked):
        raise QueryError("--coverage shows a whole article: name no entity, --subject, --predicate or --object with it")
    iri = article_named(store, article)
    found = coverage_(store, iri)
    if as_json:
        print(report.coverage_json(iri, found))
        return
    for part in report.coverage(found):
        report.out().print(part)
