"""Who is who among forms of names: what belongs together, what nobody is sure of, and why. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.clusters import Clusters, Judgement, Pair, Verdict
from kg.forms import NAMES, Form, canonical_of, judge, keys

# ---------------------------------------------------------------------------------------------------- what is together


@dataclass(frozen=True, slots=True)
class Identities:
    """What belongs together: forms by IRI, the canonical IRI of each, the forms of each canonical one, all judgements
    by pair, and those that nobody is sure of."""

    forms: Mapping[str, Form]
    canonical: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    judgements: Mapping[Pair, Judgement]
    unsure: tuple[Judgement, ...]

    def why(self, one: str, two: str) -> tuple[Judgement, ...]:
        """What makes two forms one: the shortest chain of judgements that joined them. What keeps them apart, if they
        are not one: the judgement of the two."""
        if self.canonical[one] == self.canonical[two]:
            return self._chain(one, two)
        left, right = sorted((one, two))
        return (self.judgements.get((left, right)) or judge(self.forms[left], self.forms[right]),)

    def _chain(self, one: str, two: str) -> tuple[Judgement, ...]:
        near: defaultdict[str, list[Judgement]] = defaultdict(list)
        for item in self.judgements.values():
            inside = self.canonical[item.left] == self.canonical[one] == self.canonical[item.right]
            if inside and item.verdict is not Verdict.DIFFERENT:
                near[item.left].append(item)
                near[item.right].append(item)
        ways: dict[str, tuple[Judgement, ...]] = {one: ()}
        line = [one]
        for at in line:
            for item in sorted(near[at], key=lambda item: (item.verdict, item.left, item.right)):
                other = item.right if item.left == at else item.left
                if other not in ways:
                    ways[other] = (*ways[at], item)
                    line.append(other)
        return ways.get(two, ())


def resolve(forms: Iterable[Form], decided: Iterable[Judgement] = ()) -> Identities:
    """What belongs together among the forms, given what people decided; their word stands above the machine's."""
    nodes = {form.iri: form for form in sorted(set(forms), key=repr)}
    said = {(item.left, item.right): item for item in decided}
    judged = {pair: judge(nodes[pair[0]], nodes[pair[1]]) for pair in _candidates(nodes.values())}
    judged |= {pair: item for pair, item in said.items() if set(pair) <= nodes.keys()}
    clusters = Clusters(nodes, judged, NAMES)
    canonical = {iri: canonical_of(nodes[one] for one in cluster) for cluster in clusters.all() for iri in cluster}
    members: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(canonical):
        members[canonical[iri]].append(iri)
    unsure = sorted(
        (item for item in judged.values() if item.judge is None and canonical[item.left] != canonical[item.right]
         and item.verdict is not Verdict.DIFFERENT and clusters.may_join(item.left, item.right)),
        key=lambda item: (-item.probability, item.left, item.right),
    )  # fmt: skip
    return Identities(nodes, canonical, {key: tuple(found) for key, found in members.items()}, judged, tuple(unsure))


def _candidates(forms: Iterable[Form]) -> set[Pair]:
    """Pairs of forms, in order, that share a blocking key; two names of the gazetteer are known apart."""
    blocks: defaultdict[str, list[Form]] = defaultdict(list)
    for form in forms:
        for key in keys(form):
            blocks[key].append(form)
    pairs: set[Pair] = set()
    for block in blocks.values():
        ordered = sorted(block, key=lambda form: form.iri)
        for n, left in enumerate(ordered):
            pairs.update((left.iri, right.iri) for right in ordered[n + 1 :] if not (left.known and right.known))
    return pairs
