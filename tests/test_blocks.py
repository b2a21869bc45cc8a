"""Blocks on texts alone: what is a headline, a dateline, a subhead, a paragraph, and what is not the article's own."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.blocks import DATELINE, FOREIGN, HEADLINE, PARAGRAPH, SUBHEAD, blocks, sentence_case

FOREIGN_HEADINGS = frozenset({"related", "read more"})
ARTICLE = """Envoys Leave Without a Deal

VIENNA, 3 March (Harbour Post) – The envoys left on Tuesday. They will meet again.

What Comes Next

Nobody signed anything, officials said.

Related

Two States Sign a Trade Deal
"""


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end].strip()) for block in blocks(text, FOREIGN_HEADINGS)]


def test_an_article_falls_into_its_parts() -> None:
    assert kinds(ARTICLE) == [
        (HEADLINE, "Envoys Leave Without a Deal"),
        (DATELINE, "VIENNA, 3 March (Harbour Post) –"),
        (PARAGRAPH, "The envoys left on Tuesday. They will meet again."),
        (SUBHEAD, "What Comes Next"),
        (PARAGRAPH, "Nobody signed anything, officials said."),
        (FOREIGN, "Related"),
        (FOREIGN, "Two States Sign a Trade Deal"),
    ]


def test_own_paragraphs_after_a_list_of_other_headlines_count_again() -> None:
    text = "Headline\n\nFirst paragraph here.\n\nRead more: Other people met\n\nThe last paragraph is its own again."
    assert [kind for kind, _ in kinds(text)] == [HEADLINE, PARAGRAPH, FOREIGN, PARAGRAPH]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The delegations of the two countries met in the old town hall of\n"
        "Vienna on Tuesday and left without a word to the press.\n\nThe end."
    )
    assert len(blocks(text)) == 2


def test_a_single_line_is_a_paragraph() -> None:
    assert [kind for kind, _ in kinds("Iran attacked Israel")] == [PARAGRAPH]


def test_a_title_case_headline_is_lowered_where_the_words_are_no_names() -> None:
    text = (
        "Envoys Leave Vienna Without a Deal\n\nThe envoys leave Vienna. No deal was signed, and they leave without it."
    )
    lowered = sentence_case(text, blocks(text), frozenset({"without"}))
    assert lowered.startswith("Envoys leave Vienna without a deal\n")
    assert len(lowered) == len(text)


def test_a_word_that_the_body_writes_with_a_capital_stays() -> None:
    text = "Hope Meets Leaders in Town Hall\n\nThe minister met Hope on Friday and Hope met leaders."
    assert sentence_case(text, blocks(text), frozenset({"hope", "meets"})).startswith("Hope meets leaders")


@given(st.text(max_size=400))
def test_blocks_are_in_order_and_lose_no_word(text: str) -> None:
    found = blocks(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(block.start < block.end for block in found)
    inside = "".join(text[block.start : block.end] for block in found)
    assert "".join(inside.split()) == "".join(text.split()) or set(text) - set(inside) <= set(
        " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\xa0"
    )


@given(st.text(max_size=300))
def test_sentence_case_keeps_every_offset(text: str) -> None:
    lowered = sentence_case(text, blocks(text), frozenset())
    assert len(lowered) == len(text)
    assert lowered.casefold() == text.casefold()
