"""Names decided for all words at once are those that spaCy's recognizer finds word by word."""

from __future__ import annotations

import warnings
from functools import cache

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.extract import MODEL
from kg.extract.ner import at_once
from tests.test_articles import SEEDS

WORDS = [
    *(
        "Tigran",
        "Petrosyan",
        "Iran",
        "'s",
        "Foreign",
        "Ministry",
        "met",
        "on",
        "Tuesday",
        ",",
        "February",
        "17",
        "2026",
    ),
    *("in", "Geneva", ".", "The", "U.S.", "and", "New", "York", "Times", "said", "\n", "\n\n", "two", "thousand", ";"),
    *("Ukrainian", "drones", "Kyiv", "Hotel", "InterContinental", "“", "European", "Union", "”", "Mr.", "von", "Leyen"),
]


@cache
def models() -> tuple[Language, Language]:
    """The model as it is, and as it decides all words at once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, quick = spacy.load(MODEL), spacy.load(MODEL)
    at_once(quick)
    return plain, quick


def names(docs: list[Doc]) -> list[list[object]]:
    return [
        [*((name.start, name.end, name.label_) for name in doc.ents), *(word.ent_iob for word in doc)] for doc in docs
    ]


def test_it_takes_the_place_of_the_recognizer() -> None:
    plain, quick = models()
    assert "ner" in plain.pipe_names
    assert "ner" not in quick.pipe_names
    assert "kg_ner" in quick.pipe_names


def test_the_seeds_have_the_same_names() -> None:
    texts = [
        file.read_text(encoding="utf-8") for file in sorted(SEEDS.iterdir()) if file.suffix in {".txt", ".md", ".html"}
    ]
    plain, quick = (list(model.pipe(texts)) for model in models())
    assert sum(len(doc.ents) for doc in plain) > 150
    assert names(quick) == names(plain)


@settings(max_examples=150)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), min_size=1, max_size=6))
def test_any_words_have_the_same_names(texts: list[str]) -> None:
    plain, quick = (list(model.pipe(texts)) for model in models())
    assert names(quick) == names(plain)


def test_names_that_are_there_stay() -> None:
    quick = models()[1]
    doc = quick.make_doc("Olena Koval flew to Vienna.")
    doc.set_ents([Span(doc, 0, 2, "ORG")], default="missing")
    quick.get_pipe("tok2vec")(doc)
    assert next((name.text, name.label_) for name in quick.get_pipe("kg_ner")(doc).ents) == ("Olena Koval", "ORG")


@pytest.mark.parametrize("change", ["beam", "unseen", "none"])
def test_another_recognizer_is_left_alone(change: str) -> None:
    if change == "none":
        nlp = spacy.blank("en")
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nlp = spacy.load(MODEL)
        recognizer = nlp.get_pipe("ner")
        if change == "beam":
            recognizer.cfg["beam_width"] = 4  # type: ignore[attr-defined]
        else:
            recognizer.model.attrs["unseen_classes"] = {3}  # type: ignore[attr-defined]
    before = nlp.pipe_names
    at_once(nlp)
    assert nlp.pipe_names == before
