"""The long form of `test_hostile`: every hostile file there is, some six thousand. Run by `make soak`."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from kg.extract import Pipeline
from tests.endurance import LARGEST, adds_up, ends, failures, largest, tally
from tests.hostile import generated, third


def test_every_hostile_file_ends_as_ingested_or_skipped(reader: Pipeline, shared: Path, tmp_path: Path) -> None:
    found = ends(chain(generated(), third(shared / "bench")), tmp_path, reader)
    total, slowest = tally(found), sorted(found, key=lambda end: -end.seconds)
    print(f"\n{len(found)} files: {total.stored} stored, {total.known} known, {len(total.skipped)} skipped;")
    print(f"{sum(end.seconds for end in found):.0f} s in all, {largest() / 1e6:.0f} MB at most; the slowest:")
    print(*slowest[:12], sep="\n")
    assert not failures(found)
    assert len(found) >= 3_000
    assert adds_up(found)
    assert largest() <= LARGEST
