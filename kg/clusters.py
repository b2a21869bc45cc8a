"""What belongs together, found from judgements of two: names of one actor, tellings of one event. Pure.

A judgement weighs the evidence for and against (in bits, after Fellegi and Sunter, "A theory for record linkage",
1969); a veto outweighs all. What belongs together depends on the judgements alone, never on the order in which articles
came, and on those of one component alone: forms that no chain of judgements connects cannot touch each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Generic, TypeVar

#: What counts for certain.
SURE = 0.9
#: The bits of what speaks strongly against, and of a veto.
AGAINST = -4.0
NEVER = -inf

T = TypeVar("T")
Pair = tuple[str, str]


class Verdict(StrEnum):
    """Whether two forms are of one; UNSURE is for a person to settle."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for or against (in bits; -inf forbids it), in words."""

    text: str
    bits: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether two forms, by IRI in order, are of one, how probably, and why; `judge` is None for the machine's."""

    left: str
    right: str
    verdict: Verdict
    probability: float
    reasons: tuple[Reason, ...]
    judge: str | None = None

    @property
    def bits(self) -> float:
        """What the reasons sum up to."""
        return sum(reason.bits for reason in self.reasons)

    def vetoes(self) -> bool:
        """Whether the two may not be of one, be it by way of others: a person says so, or a reason forbids it."""
        if self.verdict is not Verdict.DIFFERENT:
            return False
        return self.judge is not None or any(reason.bits == NEVER for reason in self.reasons)


def weigh(left: str, right: str, prior: float, reasons: tuple[Reason, ...]) -> Judgement:
    """The machine's judgement: `prior` is the chance, in bits, that two of which nothing is known are of one."""
    bits = prior + sum(reason.bits for reason in reasons)
    probability = 0.0 if bits < -60 else 1 / (1 + 2**-bits)
    return Judgement(left, right, _verdict(probability), round(probability, 4), reasons)


def _verdict(probability: float) -> Verdict:
    if probability >= SURE:
        return Verdict.SAME
    return Verdict.DIFFERENT if probability <= 1 - SURE else Verdict.UNSURE


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """How forms of one kind are told apart.

    judge       the judgement of two, by IRI in order
    keys        blocking keys: only forms that share one are compared
    near        forms that are known without any article, and share a key
    canonical   the IRI of several forms together
    read        the form that its text (`to_json`) stands for
    within      the form with what the articles tell besides in which it stands; None if that does not matter
    is_part     whether it is only part of a name: it joins where just one cluster can be meant, and which it fits
    apart       whether a judgement keeps two apart, be it by way of others
    alone       whether a form of which nobody can tell whose it is stands for another thing in each article
    link        the property that leads from what is canonical to the things of articles
    clear       by more than how many bits one of two must be likelier than the other to be taken; inf is never
    least       how probable it must be that two are one for that to count at all
    rather      how probable it must be that two are one to join them where neither can be another; 2 is never
    """

    judge: Callable[[T, T], Judgement]
    keys: Callable[[T], frozenset[str]]
    near: Callable[[T], Iterable[T]]
    canonical: Callable[[Iterable[T]], str]
    read: Callable[[str], T]
    is_part: Callable[[T], bool]
    fits: Callable[[T, Iterable[T]], bool]
    within: Callable[[T, Iterable[str]], T] | None = None
    clear: float = inf
    least: float = 1 - SURE
    rather: float = 2.0
    alone: Callable[[T], bool] = lambda _: True
    link: str = "toldAs"
    apart: Callable[[Judgement], bool] = Judgement.vetoes

    def counts(self, item: Judgement) -> bool:
        """Whether a judgement may bring two together, be it with the help of others."""
        return item.verdict is Verdict.SAME or (item.verdict is Verdict.UNSURE and item.probability >= self.least)


def _pair(one: str, two: str) -> Pair:
    return (one, two) if one < two else (two, one)


class Clusters(Generic[T]):
    """Forms that belong together, found by joining the surest pairs first; no two are joined that anything tells
    apart, be it by way of others."""

    def __init__(self, nodes: Mapping[str, T], judged: Mapping[Pair, Judgement], kind: Kind[T]) -> None:
        self._nodes, self._judged, self._kind = nodes, judged, kind
        self._of = {iri: frozenset((iri,)) for iri in nodes}
        self._apart: dict[Pair, bool] = {}
        self._rivals: dict[str, set[str]] = {}
        torn = self._torn()
        same = [item for item in judged.values() if item.verdict is Verdict.SAME]
        same = [item for item in same if item.judge is not None or (item.left, item.right) not in torn]
        for item in sorted(same, key=lambda item: (item.judge is None, -item.probability, item.left, item.right)):
            if item.judge is not None or self.may_join(item.left, item.right):
                self._join(item.left, item.right)
        self._complete()
        self._pair_up()

    def _torn(self) -> set[Pair]:
        """The pairs held for one of which one may as well be of another, which is not of the first: nobody can tell
        then, until a person does; where one of two is clearly the likelier, it is the other that is let go."""
        partners: dict[str, dict[str, float]] = {iri: {} for iri in self._nodes}
        for item in self._judged.values():
            if item.verdict is Verdict.SAME and item.judge is None:
                partners[item.left][item.right] = partners[item.right][item.left] = item.bits
        torn = set()
        for one, bits in partners.items():
            for two in sorted(set[str]().union(*(partners[iri] for iri in bits))):
                if one < two and self._against(one, two):
                    for iri in bits.keys() & partners[two].keys():
                        self._rivals.setdefault(iri, set()).update((one, two))
                        ahead = partners[iri][one] - partners[iri][two]
                        torn |= {_pair(iri, one)} if ahead <= self._kind.clear else set()
                        torn |= {_pair(iri, two)} if -ahead <= self._kind.clear else set()
        return torn

    def _against(self, left: str, right: str) -> bool:
        """Whether much speaks against two being of one."""
        item = self._judgement(left, right)
        return item.verdict is not Verdict.SAME and any(reason.bits <= AGAINST for reason in item.reasons)

    def _judgement(self, left: str, right: str) -> Judgement:
        return self._judged.get((left, right)) or self._kind.judge(self._nodes[left], self._nodes[right])

    def all(self) -> set[frozenset[str]]:
        return set(self._of.values())

    def is_open(self, cluster: frozenset[str]) -> bool:
        """Whether all forms of a cluster may be of one or of another, and nobody can tell of which."""
        return all(rivals and rivals.isdisjoint(cluster) for iri in cluster for rivals in (self._rivals.get(iri),))

    def may_join(self, one: str, two: str) -> bool:
        """Whether nothing tells anybody of the one's cluster from anybody of the other's."""
        if self._of[one] is self._of[two]:
            return True
        return not any(self._told_apart(*_pair(a, b)) for a in self._of[one] for b in self._of[two])

    def _told_apart(self, left: str, right: str) -> bool:
        if (left, right) not in self._apart:
            self._apart[left, right] = self._kind.apart(self._judgement(left, right))
        return self._apart[left, right]

    def _join(self, one: str, two: str) -> None:
        joined = self._of[one] | self._of[two]
        for iri in joined:
            self._of[iri] = joined

    def _complete(self) -> None:
        """Joins each part of a name to the one cluster that it can be part of, or is most likely to be."""
        near: dict[str, dict[frozenset[str], float]] = {iri: {} for iri in self._nodes if self._is_part(iri)}
        for (left, right), item in self._judged.items():
            for part, whole in ((left, right), (right, left)):
                if part in near and not self._is_part(whole) and self._kind.counts(item):
                    cluster = self._of[whole]
                    near[part][cluster] = max(item.bits, near[part].get(cluster, item.bits))
        for part in sorted(near):
            best, *others = sorted(near[part].items(), key=lambda told: (-told[1], min(told[0]))) or [
                (frozenset(), 0.0)
            ]
            clear = all(best[1] - bits > self._kind.clear for _, bits in others)
            if best[0] and clear:
                self._add_part(part, best[0])
            else:
                self._rivals.setdefault(part, set()).update(iri for cluster in near[part] for iri in cluster)

    def _add_part(self, part: str, cluster: frozenset[str]) -> None:
        fits = self._kind.fits(self._nodes[part], (self._nodes[iri] for iri in cluster))
        if fits and self.may_join(part, min(cluster)):
            self._join(part, min(cluster))

    def _pair_up(self) -> None:
        """Joins two clusters of which it is rather likely that they are one, where neither has another such."""
        likely = [
            item for item in self._judged.values() if item.judge is None and item.probability >= self._kind.rather
        ]
        near: dict[frozenset[str], dict[frozenset[str], Pair]] = {cluster: {} for cluster in self.all()}
        for item in likely:
            one, two = self._of[item.left], self._of[item.right]
            if one is not two:
                near[one][two] = near[two][one] = (item.left, item.right)
        for others in near.values():
            if len(others) == 1 and all(len(near[two]) == 1 for two in others):
                left, right = next(iter(others.values()))
                if self.may_join(left, right):
                    self._join(left, right)

    def _is_part(self, iri: str) -> bool:
        return self._kind.is_part(self._nodes[iri])
