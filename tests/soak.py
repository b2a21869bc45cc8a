"""The long form of `test_hostile`: every hostile file there is, some six thousand. Run by `make soak`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.extract import Pipeline
from tests.endurance import LARGEST, adds_up, ends, failures, largest, tally
from tests.hostile import File, generated, naughty, others, scripts

FILES: dict[str, Callable[[Path], Iterator[File]]] = {
    "generated": lambda _: generated(), "naughty": naughty, "scripts": scripts, "others": others,
}  # fmt: skip
COUNTED: list[int] = []


@pytest.mark.parametrize("group", FILES)
def test_every_hostile_file_ends_as_ingested_or_skipped(
    group: str, reader: Pipeline, shared: Path, tmp_path: Path
) -> None:
    bench = shared / "bench"
    files = (
        generated()
        if group == "generated"
        else {"naughty": naughty, "scripts": scripts, "others": others}[group](bench)
    )
    found = ends(files, tmp_path, reader)
    total, slowest = tally(found), sorted(found, key=lambda end: -end.seconds)
    print(f"\n{group}: {len(found)} files, {total.read} articles and reasons:", end=" ")
    print(f"{total.stored} stored, {total.known} known, {len(total.skipped)} skipped;")
    print(f"{sum(end.seconds for end in found):.0f} s in all, {largest() / 1e6:.0f} MB at most; the slowest:")
    print(*slowest[:6], sep="\n", flush=True)
    COUNTED.append(len(found))
    assert not failures(found)
    assert adds_up(found)
    assert largest() <= LARGEST


def test_there_were_enough() -> None:
    assert sum(COUNTED) >= 3_000
