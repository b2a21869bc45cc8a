"""What ingest costs beside the bare spaCy pipeline.

Both read the same texts in one run on one core, in alternating blocks, so that a noisy machine disturbs both alike. The
ratio is what counts, not the seconds.
"""

from __future__ import annotations

import os
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

BLOCK = 30
#: An article of the length and the density of a news report.
ARTICLE = Path(__file__).with_name("article.txt")


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds that each way took over the same texts."""

    articles: int
    words: int
    claims: int
    bare: float
    ingest: float

    @property
    def ratio(self) -> float:
        return self.ingest / self.bare

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.articles} articles, {self.words} words, {self.claims} events and relations, one core"
        for name, seconds in (("bare spaCy", self.bare), ("ingest", self.ingest)):
            each, rate = 1000 * seconds / self.articles, self.words / seconds
            yield f"{name:<12} {seconds:8.2f} s  {each:7.1f} ms an article  {rate:8.0f} words/s"


def one_core() -> None:
    """Pin the process and its numeric libraries to one core; must run before they are imported."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def texts(files: Sequence[Path], count: int) -> Iterator[str]:
    """Texts of the files, all different: each ends with a number of its own."""
    bodies = [file.read_text(encoding="utf-8") for file in files]
    for number, body in enumerate(islice(cycle(bodies), count)):
        yield f"{body}\n\nThis is copy number {number}."


def measure(files: Sequence[Path], count: int) -> Speed:
    """Times both ways over so many articles, made of the files."""
    import spacy

    from kg import Article, Store, pipeline
    from kg.extract import MODEL

    warnings.filterwarnings("ignore", message=r"\[W095\]")
    bare, reader = spacy.load(MODEL), pipeline()
    wanted = list(texts(files, count))
    list(bare.pipe(wanted[:16], batch_size=16))
    list(reader(Article(text=text, source="warm-up") for text in wanted[:16]))
    plain = ingest = 0.0
    claims = 0
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "store") as store:
        for start in range(0, len(wanted), BLOCK):
            block = wanted[start : start + BLOCK]
            begin = time.perf_counter()
            for _ in bare.pipe(block, batch_size=16):
                pass
            middle = time.perf_counter()
            for record in reader(Article(text=text, source=f"{start}", published="2026-02-18") for text in block):
                store.add(record)
                claims += len(record.events) + len(record.relations)
            plain += middle - begin
            ingest += time.perf_counter() - middle
    return Speed(len(wanted), sum(len(text.split()) for text in wanted), claims, plain, ingest)
