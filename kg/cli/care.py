"""The care of a store: stats, validate, doctor, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import report
from kg.cli.command import DEFAULT_STORE, SOME_SKIPPED, StorePath, Table, app, opening, show

Replace = Annotated[bool, typer.Option("--replace", help="Take the place of what is there.")]


@app.command()
def stats(
    store: StorePath = DEFAULT_STORE,
    format: Annotated[Table, typer.Option("--format", help="How to print the numbers.")] = Table.TABLE,
) -> None:
    """Say how much there is in the store: articles, claims, events by class, entities by type.

    \b
    Examples:
      kg stats
      kg stats --store news.kg --format json
    """
    with opening(store) as opened:
        rows = tuple(opened.counts().items())
    show(report.answer(("what", "how many"), rows, format))


@app.command()
def validate(
    store: StorePath = DEFAULT_STORE,
    mend: Annotated[bool, typer.Option("--mend", help="First derive the world graph anew from the articles.")] = False,
) -> None:
    """Check the store against the shapes of the ontology (SHACL). Ends with 1 if it does not conform.

    \b
    Examples:
      kg validate
      kg validate --store news.kg --mend
    """
    from kg.validate import report as shacl

    with opening(store) as opened:
        if mend:
            opened.mend()
        found = shacl(opened.dataset)
    report.out().print(report.plain(str(found)))
    if not found.conforms:
        raise typer.Exit(SOME_SKIPPED)


@app.command()
def doctor(
    store: StorePath = DEFAULT_STORE,
    mend: Annotated[bool, typer.Option("--mend", help="First give up what is lost, and derive the rest anew.")] = False,
) -> None:
    """Say whether a store is sound, and what is wrong with it. Ends with 1 if something is; changes nothing.

    Reads every triple in every order in which it is kept, so that no damaged block stays unseen; and holds the articles
    against what was ever stored, against the shapes, and against what is derived of them. --mend takes what is there
    for all there is: lost articles are named, to be ingested again.

    \b
    Examples:
      kg doctor
      kg doctor --store news.kg --mend
    """
    from kg import doctor as doctor_

    if mend:
        for article, source in doctor_.mend(store.resolve()).items():
            report.out().print(report.plain(f"given up: {article}, which came from {source}"))
    found = doctor_.examine(store.resolve())
    report.out().print(report.plain(str(found)))
    if not found.sound:
        raise typer.Exit(SOME_SKIPPED)


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="File to write, best on another disk.")],
    store: StorePath = DEFAULT_STORE,
    replace: Replace = False,
) -> None:
    """Write the whole store into one file, with a checksum, and read it back.

    The file is packed N-Quads (.nq.gz), the same bytes for the same store. It appears when it is whole.

    \b
    Examples:
      kg backup /media/disk/news.nq.gz
      kg backup monday.nq.gz --store news.kg --replace
    """
    from kg.backup import backup as backup_

    with opening(store) as opened:
        made = backup_(opened, out, replace)
    report.out().print(report.plain(f"{made.articles} articles, {made.quads} quads in {out}"))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What kg backup wrote.")],
    store: StorePath = DEFAULT_STORE,
    replace: Replace = False,
) -> None:
    """Make a store of a backup. A damaged backup is refused; the store appears when it is whole.

    A store that is there is only replaced with --replace, and then kept beside it, as STORE.replaced.

    \b
    Examples:
      kg restore /media/disk/news.nq.gz
      kg restore monday.nq.gz --store news.kg --replace
    """
    from kg.backup import restore as restore_

    made = restore_(source, store.resolve(), replace)
    report.out().print(report.plain(f"{made.articles} articles, {made.quads} quads in {store}"))
