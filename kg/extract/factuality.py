"""Factuality: how far the text commits itself to a claim, as a number from -3 (certainly not) to 3 (certainly so).

The scale is that of the UW factuality annotations (Lee et al. 2015), which Stanovsky et al. (2017) map the values of
FactBank onto: polarity gives the sign, modality the strength (kg:strength of its value in kg.ttl), and where the claim
is somebody's words, the cue weakens it: who "confirmed" is committed, who "claimed" is doubted (lex:Commitment).
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.record import NEGATED

#: What words commit to of which no list tells: "said".
_SAID = 0.9


def factuality(polarity: str, modality: str, commitment: float, strengths: Mapping[str, float]) -> float:
    """The factuality of a claim; `strengths` are those of the modalities, `commitment` of its cue from 0 to 1."""
    sign = -1 if polarity == NEGATED else 1
    return round(sign * strengths[modality] * commitment, 2)


def commitment(cue: str, commitments: Mapping[str, str]) -> float:
    """How far a cue, by its lemma, commits to what it reports; `commitments` are the lexicon's."""
    told = commitments.get(cue)
    return _SAID if told is None else float(told)
