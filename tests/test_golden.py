"""One runner over the golden folders: an article, and the claims that must be read from it, as sentences.

`KG_GOLDEN=write pytest tests/test_golden.py` writes what is read now; read the difference before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.extract import Pipeline
from kg.read import read
from kg.record import AFFIRMED, Event, Record, Relation

GOLDEN = Path(__file__).parent / "golden"
FOLDERS = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


def name(record: Record, id_: str) -> str:
    entity = next((e.name for e in record.entities if e.id == id_), None)
    return entity or next(
        f"{e.class_} «{record.text[e.trigger.start : e.trigger.end]}»" for e in record.events if e.id == id_
    )


def qualifier(record: Record, claim: Event | Relation) -> str:
    said = next((a for a in record.attributions if a.id == claim.attribution), None)
    who = name(record, said.source.entity) if said and said.source.entity else "?" if said else None
    signs = (
        ["not"] * (claim.polarity != AFFIRMED)
        + [claim.modality] * (claim.modality != "actual")
        + [f"says {who}"] * bool(said)
    )
    return f"  [{', '.join(signs)}]" if signs else ""


def sentences(record: Record) -> Iterator[str]:
    """A record as lines that a person can check."""
    times = {time.id: time.value for time in record.times}
    for event in record.events:
        roles = "".join(
            f" · {role.role} {name(record, role.entity) if role.entity else role.value}"
            f"{f' ({role.count})' if role.count else ''}"
            for role in sorted(event.roles, key=lambda role: (role.role, role.entity or "", role.value or ""))
        )
        when = f" · on {times[event.time] or 'an unresolved day'}" if event.time else ""
        answer = f" · answers {name(record, event.responds_to)}" if event.responds_to else ""
        yield f"{name(record, event.id)}{roles}{when}{answer}{qualifier(record, event)}"
    for relation in record.relations:
        office = f" ({relation.office})" if relation.office else ""
        ends = f"{name(record, relation.subject)} {relation.predicate} {name(record, relation.object)}"
        yield f"{ends}{office}{qualifier(record, relation)}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_golden(folder: str, reader: Pipeline) -> None:
    (record,) = reader(read(GOLDEN / folder / "article.txt"))
    found = "\n".join(sentences(record)) + "\n"
    expected = GOLDEN / folder / "claims.txt"
    if os.environ.get("KG_GOLDEN") == "write":
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_span_lies_in_the_text(folder: str, reader: Pipeline) -> None:
    (record,) = reader(read(GOLDEN / folder / "article.txt"))
    spans = [(m.start, m.end) for e in record.entities for m in e.mentions]
    spans += [(s.start, s.end) for e in record.events for s in (e.trigger, e.evidence, *e.mentions)]
    spans += [(s.start, s.end) for a in record.attributions for s in (a.source, a.cue, a.content)]
    assert all(0 <= start < end <= len(record.text) for start, end in spans)
    assert all(record.text[start:end].strip() for start, end in spans)
