"""The yardsticks of the shared folder: their data, a quick slice of it, and what kg scores on them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.shared import scorer

if TYPE_CHECKING:  # kg loads numpy, and before that the cores are chosen: see tests.bench.speed
    from kg.extract import Pipeline
    from kg.read import Article

#: Records as the scorers read them: JSON objects by the stem of their source.
Records = dict[str, dict[str, Any]]

#: Where the data of each yardstick lies in the shared folder.
DATA = {
    "articles": "gold",
    "plover-dev": "bench/zsp_plover",
    "plover": "bench/zsp_plover",
    "re3d": "bench/re3d",
    "meantime": "bench/meantime",
}
#: The split to report on: scored, but nobody looks at its errors, and no slice is cut of it to tune on.
UNSEEN = "plover"
#: How much of each makes the quick slice: rows, documents; None is all.
SLICE: dict[str, int | None] = {"articles": None, "plover-dev": 150, "re3d": 12, "meantime": 10}


@dataclass(frozen=True, slots=True)
class Score:
    """What kg scores on a yardstick: figures by name, rounded, and the records that were scored."""

    figures: dict[str, float]
    records: Records


def present(shared: Path) -> tuple[str, ...]:
    """The yardsticks whose data is there."""
    return tuple(name for name, data in DATA.items() if (shared / data).is_dir())


def measure(name: str, data: Path, reader: Pipeline) -> Score:
    """Reads the texts of a yardstick as `kg extract` does, and scores the records against its gold."""
    records = read(name, data, reader)
    return Score(figures(scorer("score").SCORES[name](str(data), records)), records)


def read(name: str, data: Path, reader: Pipeline) -> Records:
    """The records of a yardstick's texts; a text that kg refuses has none, and its gold counts as missed."""
    from kg.read import Article, scan

    with tempfile.TemporaryDirectory() as folder:
        scorer("score").write_inputs(name, str(data), Path(folder))
        articles = (item for item in scan([folder]) if isinstance(item, Article))
        return dict(_records(articles, reader))


def _records(articles: Iterable[Article], reader: Pipeline) -> Iterator[tuple[str, dict[str, Any]]]:
    for record in reader(articles):
        yield Path(record.source).stem, json.loads(record.to_json())


def figures(result: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a scorer's result under one kind of name: relation_f1, root_macro_f1, speaker_accuracy."""
    found: dict[str, float] = {}
    for key, value in result.items():
        if isinstance(value, dict) and key != "headline":
            found |= {f"{_name(key)}_{part}": value[part] for part in ("precision", "recall", "f1") if part in value}
        elif isinstance(value, int | float):
            found[_name(key)] = value
    headline = {name: value for name, value in result["headline"].items() if value is not None}
    return {name: round(value, 4) for name, value in sorted((found | headline).items())}


def _name(key: str) -> str:
    return re.sub(r"\W+", "_", key.lower())


# ------------------------------------------------------------------------------------------------------ the quick slice


def cut(name: str, data: Path, to: Path) -> Path:
    """The folder of a quick slice of the data; the data itself where all of it is quick. Written below `to`."""
    most = SLICE[name]
    if most is None:
        return data
    folder = to / name
    _CUTS[name](data, folder, most)
    return folder


def _cut_rows(data: Path, folder: Path, most: int) -> None:
    """The first rows of the tables for tuning; the other split stays where it is."""
    folder.mkdir(parents=True)
    with open(data / "PLV_train.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))[: most + 1]
    with open(folder / "PLV_train.tsv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(rows)


def _cut_reports(data: Path, folder: Path, most: int) -> None:
    """The first reports over all sources; gold of other reports is passed over by the scorer."""
    for source in sorted(data.glob("*/documents.json")):
        lines = source.read_text(encoding="utf-8-sig").splitlines()[:most]
        most -= len(lines)
        place = folder / source.parent.name
        place.mkdir(parents=True)
        for gold in ("entities.json", "relations.json"):
            shutil.copyfile(source.with_name(gold), place / gold)
        (place / source.name).write_text("\n".join(lines), encoding="utf-8")


def _cut_articles(data: Path, folder: Path, most: int) -> None:
    """The first annotated articles."""
    for file in sorted(data.glob("intra_cross-doc_annotation/*/*.xml"))[:most]:
        place = folder / file.relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)


_CUTS = {"plover-dev": _cut_rows, "re3d": _cut_reports, "meantime": _cut_articles}
