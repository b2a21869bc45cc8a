"""What many articles, stores and servers say together: resolve, contradictions, diff, merge, derive, push."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import report
from kg.cli.command import DEFAULT_STORE, StorePath, Table, app, article_named, opening, show
from kg.clusters import Verdict
from kg.contradictions import KINDS
from kg.contradictions import contradictions as contradictions_
from kg.difference import difference
from kg.errors import QueryError, StoreError
from kg.merge import merge as merge_
from kg.resolve import decide, decision, find, identities, read_decisions
from kg.resolve import undo as undo_
from kg.store import Store

Kind = StrEnum("Kind", [(name, name) for name in KINDS])  # type: ignore[misc]


@app.command()
def resolve(
    store: StorePath = DEFAULT_STORE,
    yes: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="They are one.")] = None,
    no: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="They are two.")] = None,
    undo: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Take back what was decided of them.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="CSV of decisions: verdict (yes, no), left, right.")] = None,
    judge: Annotated[str, typer.Option(help="Who decides.")] = "a person",
    format: Annotated[Table, typer.Option("--format", help="How to print the list.")] = Table.TABLE,
) -> None:
    """List the names of which nobody is sure whether they are of one, and take a person's word for it.

    What a person decides stands above what the machine finds, also for articles that come later. A and B are names as
    articles spell them, or IRIs. kg explain SAME A B says why two are one, or are not.

    \b
    Examples:
      kg resolve
      kg resolve --yes "Anna Kovacs" "A. Kovács"
      kg resolve --no "John Smith" https://kg.example/form/Person/john_smith/kenya
      kg resolve --format csv > pairs.csv    (write yes or no into the first column)
      kg resolve --file pairs.csv --judge "Desk 3"
      kg resolve --undo "Anna Kovacs" "A. Kovács"
    """
    with opening(store) as opened:
        taken = _decided(opened, yes, no, file, judge)
        back = _undone(opened, undo) if undo else 0
        found = identities(opened) if not (taken or back) else None
    if found is None:
        report.out().print(f"decided {taken}, taken back {back}")
        return
    show(report.unsure(found.unsure, format))
    if not found.unsure:
        report.err().print("nothing is unsure")


def _decided(
    store: Store, yes: tuple[str, str] | None, no: tuple[str, str] | None, file: Path | None, judge: str
) -> int:
    """How many decisions were written; none if one cannot be."""
    if not (yes or no or file):
        return 0
    found = identities(store)
    pairs = ((Verdict.SAME, yes), (Verdict.DIFFERENT, no))
    new = [decision(store, found, verdict, pair, judge) for verdict, pair in pairs if pair]
    new += read_decisions(file, store, found, judge) if file else ()
    decide(store, new)
    return len(new)


def _undone(store: Store, pair: tuple[str, str]) -> int:
    found = identities(store)
    left, right = (find(store, found, name) for name in pair)
    if not undo_(store, left, right):
        raise QueryError(f"nothing was decided of {left} and {right}")
    return 1


@app.command()
def contradictions(
    store: StorePath = DEFAULT_STORE,
    about: Annotated[str | None, typer.Option(help="Only those about this: a name or an IRI.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only those of one kind.")] = None,
    format: Annotated[Table, typer.Option("--format", help="How to print the list.")] = Table.TABLE,
) -> None:
    """List where articles contradict each other: rival numbers, days, holders of an office, yes and no.

    Both sides are kept, with who says so and when. JSON has every sentence.

    \b
    Examples:
      kg contradictions
      kg contradictions --kind value --about Zaporizhzhia
      kg contradictions --format json
    """
    with opening(store) as opened:
        found = contradictions_(opened, about, None if kind is None else kind.value)
    show(report.contradictions(found, format))
    if not found:
        report.err().print("no contradictions")


@app.command()
def diff(
    article: Annotated[str, typer.Argument(help="IRI, URL or path of the article, as `kg ingest` read it.")],
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Table, typer.Option("--format", help="How to print it.")] = Table.TABLE,
) -> None:
    """Show what an article added to the graph (+), confirmed (=, with who else says so) and contradicts (!).

    \b
    Examples:
      kg diff articles/one.txt
      kg diff https://example.org/one --format json
    """
    with opening(store) as opened:
        found = difference(opened, article_named(opened, article))
    show(report.difference(found, format))


@app.command()
def merge(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE…", help="Stores, or RDF: .nq .trig .ttl .nt .jsonld")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The store to merge into; made if it is not there.")],
    format: Annotated[Table, typer.Option("--format", help="How to print the summary.")] = Table.TABLE,
) -> None:
    """Merge stores and RDF files into one store. The order does not matter, and merging again changes nothing.

    Articles, people's decisions and the journal of each are taken; who is who is found anew over all. RDF of others is
    kept in a graph of its own, apart from claims: GRAPH reaches it.

    \b
    Examples:
      kg merge desk-a.store desk-b.store -o both.store
      kg merge export.nq background.ttl -o news.kg
    """
    for source in sources:
        if not source.exists():
            raise StoreError(f"{source}: there is no such store or file")
        if source.resolve() == out.resolve():
            raise StoreError(f"{source}: is merged into itself: name another store with -o")
    with Store(out.resolve()) as opened:
        done = list(merge_(opened, sources))
    show(report.merged(done, format))


@app.command()
def derive(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE…", help="N-Quads: files and folders.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The folder to write to, which is not there yet.")],
    master: Annotated[str | None, typer.Option(help="Of Spark: local[2], spark://HOST:7077, yarn …")] = None,
) -> None:
    """Find on Apache Spark who is who, and all that follows: for more articles than one machine holds.

    Reads what kg ingest --engine spark --work kept, and N-Quads of kg export; writes the world graph, who is who with
    the reasons, and the index, as a store of these articles has them, in packed N-Quads. Of several texts at one
    address that of the latest day counts. All executors must reach these folders by their names, and the one above OUT,
    in which OUT.….steps lies meanwhile.

    \b
    Examples:
      kg derive work/ --out derived/ --master local[2]
      kg derive hdfs:///news --out hdfs:///derived --master spark://head:7077
    """
    from kg.spark import derived, session

    with session(master) as spark:
        report.out().print(f"{derived(spark, sources, out)} quads derived: {out}", soft_wrap=True)


@app.command()
def push(
    address: Annotated[str, typer.Argument(metavar="URL", help="Graph Store Protocol of a SPARQL 1.1 server.")],
    store: StorePath = DEFAULT_STORE,
    update: Annotated[str | None, typer.Option(metavar="URL", help="Its updates, if not as below.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Read every graph back, and send what differs.")] = False,
    format: Annotated[Table, typer.Option("--format", help="How to print the summary.")] = Table.TABLE,
) -> None:
    """Make a SPARQL server hold what the store holds: sends what is new or changed there, drops what is gone.

    Graphs on the server that kg did not send are left alone. A push that was cut off goes on where it stopped. Who may
    write there is told by KG_TOKEN, by KG_USER and KG_PASSWORD, or by ~/.netrc. There, what is affirmed and actual is
    in GRAPH <https://kg.example/world>.

    \b
    Addresses, and those of updates that follow from them:
      Oxigraph  http://HOST:7878/store                        …/update
      Fuseki    http://HOST:3030/NAME/data                    …/NAME/update
      GraphDB   http://HOST:7200/repositories/NAME/rdf-graphs/service  …/NAME/statements
      Virtuoso  http://HOST:8890/sparql-graph-crud-auth       …/sparql-auth
      QLever    http://HOST:7001/ (with KG_TOKEN)             the same

    \b
    Examples:
      kg push http://localhost:7878/store --store news.kg
      kg push http://localhost:3030/news/data --check
      kg push http://localhost:9999/graphs --update http://localhost:9999/update
    """
    from kg.remote import Moved, Remote
    from kg.remote import push as push_

    with opening(store) as opened, Remote(address, update) as remote:
        done = Counter(moved for _, moved in push_(opened, remote, check))
    show(report.answer(("graphs", "how many"), [(str(moved), done[moved]) for moved in Moved], format))
