"""Where articles come from: reprints, wire credits and outlets make one source family. Pure.

Forty reprints of one dispatch are one source. Texts that share most of their word sequences are found by MinHash
(Broder, "On the resemblance and containment of documents", 1997) in bands (locality-sensitive hashing); the family of
such texts is the agency that one of them credits, else the outlet of the first. What nobody else prints is its
outlet's own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from kg.clusters import Judgement, Kind, Reason, Verdict
from kg.lexicon import load
from kg.namespaces import FAMILY, TEXT

#: Hashes in a signature, in bands of so many: of two texts that share 60 %, nine pairs in ten are found, at 80 % all.
_HASHES, _ROWS = 64, 4
#: Words in a sequence, and how much two texts share that are one.
_WORDS, _ALIKE = 3, 0.6
_PRIME = (1 << 61) - 1

_CREDIT = re.compile(r"\((?P<name>[A-Z][\w.&' -]{1,40})\)")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """An article as something that is printed: by whom, crediting whom, when, and the signature of its words."""

    outlet: str
    credit: str
    published: str
    signature: str

    @property
    def iri(self) -> str:
        """The same for the same text, whoever looks."""
        return _iri(self)

    def to_json(self) -> str:
        """The text as text."""
        return json.dumps([self.outlet, self.credit, self.published, self.signature], ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Text:
        """What `to_json` wrote."""
        return cls(*json.loads(line))


@lru_cache(maxsize=10_000)
def _iri(text: Text) -> str:
    return str(TEXT) + hashlib.sha256(text.to_json().encode()).hexdigest()[:16]


def text_of(sentences: Sequence[str], outlet: str, published: str) -> Text:
    """An article as something that is printed, from its sentences in order."""
    return Text(outlet, credit(sentences), published, signature(" ".join(sentences)))


def credit(sentences: Sequence[str]) -> str:
    """The agency that an article credits at its head or its foot; empty if it credits none."""
    for sentence in (*sentences[:3], *sentences[-2:]):
        for match in _CREDIT.finditer(sentence):
            alone = match[0] == sentence.strip() or sentence[match.end() :].lstrip()[:1] in ("-", "–", "—")
            if alone or match["name"].lower() in load().words["agencies"]:
                return match["name"]
        if (words := sentence.strip(" .").lower()) in load().words["agencies"]:
            return words
    return ""


@cache
def _factors() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The permutations: fixed, so that a signature is the same everywhere."""
    numbers = [int.from_bytes(hashlib.sha256(f"kg {n}".encode()).digest()[:4], "big") for n in range(2 * _HASHES)]
    return np.array(numbers[:_HASHES], np.uint64) | np.uint64(1), np.array(numbers[_HASHES:], np.uint64)


def signature(text: str) -> str:
    """The MinHash of a text's word sequences, in base 64; empty for a text of a few words, which any may share."""
    words = re.findall(r"\w+", text.lower())
    if len(words) < 5 * _WORDS:
        return ""
    runs = {" ".join(words[n : n + _WORDS]) for n in range(len(words) - _WORDS + 1)}
    digests = (hashlib.blake2b(run.encode("utf-8", "replace"), digest_size=4).digest() for run in sorted(runs))
    hashes = np.array([int.from_bytes(digest, "big") for digest in digests], np.uint64)
    factor, plus = _factors()
    least = ((hashes[:, None] * factor + plus) & np.uint64(0xFFFFFFFF)).min(axis=0).astype(np.uint32)
    return base64.b85encode(least.tobytes()).decode()


@lru_cache(maxsize=10_000)
def _values(signature: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(base64.b85decode(signature), np.uint32)


@lru_cache(maxsize=10_000)
def keys(text: Text) -> frozenset[str]:
    """Blocking keys: the bands of the signature."""
    if not text.signature:
        return frozenset()
    values = _values(text.signature)
    bands = (values[n : n + _ROWS].tobytes() for n in range(0, _HASHES, _ROWS))
    return frozenset(f"text {n} {hashlib.blake2b(band, digest_size=6).hexdigest()}" for n, band in enumerate(bands))


@lru_cache(maxsize=8_000)
def judge(one: Text, two: Text) -> Judgement:
    """Whether two texts are one text, edited."""
    left, right = sorted((one, two), key=lambda text: text.iri)
    share = float(np.mean(_values(left.signature) == _values(right.signature)))
    verdict = Verdict.SAME if share >= _ALIKE else Verdict.DIFFERENT
    reason = Reason(f"they share {share:.0%} of their word sequences", 0.0)
    return Judgement(left.iri, right.iri, verdict, round(share, 4), (reason,))


def family(texts: Iterable[Text]) -> str:
    """The IRI of the source of texts that are one: the agency that most of them credit, else the first outlet."""
    told = sorted(texts, key=lambda text: (not text.published, text.published, text.outlet, text.signature))
    credits = Counter(text.credit for text in told if text.credit)
    if credits:
        return family_of(min(credits, key=lambda name: (-credits[name], name)))
    return family_of(told[0].outlet) if told[0].outlet else told[0].iri


def family_of(outlet: str) -> str:
    """The IRI of the source that an outlet or an agency is."""
    return str(FAMILY) + re.sub(r"\W+", "_", outlet.lower()).strip("_")


#: How texts are told apart; nothing is known of them, and none is a part.
TEXTS: Kind[Text] = Kind(
    judge,
    keys,
    near=lambda _: (),
    canonical=family,
    read=Text.from_json,
    is_part=lambda _: False,
    fits=lambda _, __: False,
    link="carries",
)
