"""The stages of extraction are ordinary spaCy components: any pipeline may hold them, or others in their place."""

from __future__ import annotations

import warnings
from importlib.metadata import entry_points
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg import lexicon
from kg.extract import MODEL
from kg.extract.components import STAGES, _tokens


@pytest.fixture(scope="module")
def nlp() -> Language:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        nlp = spacy.load(MODEL)
    for stage in STAGES:
        nlp.add_pipe(stage)
    return nlp


def test_each_stage_is_found_by_its_name() -> None:
    assert set(STAGES) <= {point.name for point in entry_points(group="spacy_factories")}


def test_each_stage_has_what_it_requires(nlp: Language) -> None:
    analysis = nlp.analyze_pipes()
    assert analysis is not None
    assert not {name: found for name, found in analysis["problems"].items() if found}


def test_a_pipeline_of_one_s_own_reads_a_text(nlp: Language) -> None:
    doc = nlp("Iran rejected the plan. “We will not sign it,” Foreign Minister Abbas Araghchi said on Monday.")
    assert [event.class_ for event in doc._.kg_events] == ["Rejection", "Agreement", "Statement"]
    assert [event.qualifier.polarity for event in doc._.kg_events] == ["affirmed", "negated", "affirmed"]
    assert [holding.relation for holding in doc._.kg_holdings] == ["officialOf"]


def test_names_are_cut_as_texts_are(nlp: Language) -> None:
    """Most are not put to the tokenizer, which is slow, and must be cut as it would cut them."""
    tokenizer: Any = nlp.tokenizer
    gazetteer = lexicon.load().gazetteer
    forms = {
        form
        for table in (gazetteer.labels, gazetteer.demonyms, gazetteer.short)
        for own in table.values()
        for form in own
    }
    assert len(forms) > 8_000
    for form in {*forms, *gazetteer.seats, "Cannot Say", "Dont Forget", "U.S.", "Lake Ill"}:
        assert _tokens(tokenizer, tokenizer.rules, form) == [token.text for token in tokenizer(form)], form


def test_another_component_may_stand_in_the_place_of_a_stage(nlp: Language) -> None:
    @Language.component("no_dates")
    def no_dates(doc: Doc) -> Doc:
        doc._.kg_times = ()
        return doc

    nlp.replace_pipe("kg_dates", "no_dates")
    doc = nlp("Iran rejected the plan on Monday.")
    assert doc._.kg_times == ()
    assert [event.class_ for event in doc._.kg_events] == ["Rejection"]
