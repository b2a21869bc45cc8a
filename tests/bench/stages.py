"""Where the time of ingest goes, stage by stage, on one core: the model's components, ours, the graph, the store.

Each stage is timed where it is called, so what no stage holds (loops, generators) is a row of its own.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from spacy.util import minibatch

from tests.bench.speed import ARTICLE, texts

#: Functions by the module that calls them, and what they are called for people.
_CALLED = {
    ("kg.extract.nlp", "blocks"): "blocks of the text",
    ("kg.extract.nlp", "sentence_case"): "headlines in sentence case",
    ("kg.extract.nlp.record", "build"): "the record",
    ("kg.extract.nlp.talks", "add"): "talks as a whole",
    ("kg.store", "statements"): "triples",
    ("kg.store", "indexed"): "triples by predicate",
    ("kg.store", "_check"): "shapes",
    ("kg.store", "share"): "what is shared with others",
    ("kg.store.Derivation", "run"): "identity and world",
    ("kg.store.Store", "add"): "the store, all in all",
}


def measure(count: int = 150) -> Iterator[tuple[str, float]]:
    """(stage, milliseconds an article), the dearest first, then all together, and megabytes at most."""
    from kg import Article, Store, pipeline

    spent: defaultdict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                spent[name] += time.perf_counter() - begun

        return call

    reader = pipeline()
    articles = [
        Article(text=text, source=f"{n}", published="2026-02-18") for n, text in enumerate(texts([ARTICLE], count))
    ]
    list(reader(articles[:16]))
    reader._stages = [timed(f"ours: {type(stage).__name__.lower()}", stage) for stage in reader._stages]
    with ExitStack() as stack:
        stack.enter_context(patch.object(reader, "_model", _Timed(reader._model, timed)))
        for (place, name), called in _CALLED.items():
            whole = _found(place)
            stack.enter_context(patch.object(whole, name, timed(called, getattr(whole, name))))
        store = stack.enter_context(Store(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "store"))
        begun = time.perf_counter()
        for record in reader(articles):
            store.add(record)
        whole_time = time.perf_counter() - begun
    yield from ((name, 1000 * seconds / count) for name, seconds in sorted(spent.items(), key=lambda item: -item[1]))
    yield "all, the clock", 1000 * whole_time / count
    yield "megabytes at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _found(path: str) -> Any:
    """A module, or a class in one."""
    from importlib import import_module

    try:
        return import_module(path)
    except ModuleNotFoundError:
        module, _, name = path.rpartition(".")
        return getattr(_found(module), name)


class _Timed:
    """A model whose components are timed."""

    def __init__(self, model: Any, timed: Callable[[str, Callable[..., Any]], Callable[..., Any]]) -> None:
        self._model, self._timed = model, timed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def pipe(self, found: Iterable[str], batch_size: int) -> Iterator[Any]:
        tokens = self._timed("model: tokens", lambda batch: [self._model._ensure_doc(text) for text in batch])
        stages = [(self._timed(f"model: {name}", _batched), stage) for name, stage in self._model.pipeline]
        for batch in minibatch(found, batch_size):  # type: ignore[no-untyped-call]
            docs = tokens(batch)
            for call, stage in stages:
                docs = call(stage, docs)
            yield from docs


def _batched(stage: Any, docs: list[Any]) -> list[Any]:
    return list(stage.pipe(docs, batch_size=len(docs))) if hasattr(stage, "pipe") else [stage(doc) for doc in docs]
