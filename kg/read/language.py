"""In which language a text is, as far as its letters tell."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: English, and what short English texts full of names are taken for (Nigerian Pidgin).
_ENGLISH = frozenset(("en", "pcm"))
#: Short texts of many names are judged with less than this; whole articles of one language with more.
_SURE = 0.9
_SAMPLE = 2_000


def foreign(text: str) -> str | None:
    """The ISO 639 code of the language of a text that is surely not English, else None."""
    code, probability = _identifier().classify(text[:_SAMPLE])
    return code if code not in _ENGLISH and probability > _SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    """A naive Bayes model over byte n-grams (Lui and Baldwin 2012); it takes half a second to load."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
