"""Judgements as triples, and back: those of people, and those of the machine with their reasons. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.clusters import Judgement, Reason, Verdict
from kg.graph import A, Statement, kg_term, node, text
from kg.namespaces import JUDGEMENT, KG

_REASON = re.compile(r"(never|[+-][\d.]+) (.*)", re.DOTALL)


def iri(left: str, right: str) -> str:
    """The IRI of the judgement of a pair."""
    return str(JUDGEMENT) + hashlib.sha256(f"{left} {right}".encode()).hexdigest()[:16]


def mark(item: Judgement) -> str:
    """A judgement and its verdict in one IRI: by this it is known to have been there."""
    return f"{iri(item.left, item.right)}#{item.verdict.value}"


def triples(item: Judgement) -> Iterator[Statement]:
    """A judgement in RDF: a person's names who decided, the machine's how sure it is and why."""
    name = node(iri(item.left, item.right))
    yield name, A, kg_term("Judgement")
    yield name, kg_term("left"), node(item.left)
    yield name, kg_term("right"), node(item.right)
    yield name, kg_term("verdict"), kg_term(item.verdict.value)
    if item.judge is not None:
        yield name, kg_term("judge"), text(item.judge)
        return
    yield name, kg_term("probability"), ox.Literal(item.probability)
    for reason in item.reasons:
        yield name, kg_term("reason"), text(f"{bits(reason.bits)} {reason.text}")


def bits(value: float) -> str:
    """The weight of a reason as people read it."""
    return "never" if value == float("-inf") else f"{value:+g}"


def read(rows: Iterable[tuple[str, str, str]]) -> tuple[Judgement, ...]:
    """The judgements in rows of (subject, predicate, object), by pair. Raises ValueError for what is none, or two."""
    values: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, property_, value in rows:
        values[name][property_.removeprefix(str(KG))].append(value)
    found = (_read(value) for value in values.values() if {"left", "right", "verdict"} <= value.keys())
    return tuple(sorted(found, key=lambda item: (item.left, item.right)))


def _read(value: defaultdict[str, list[str]]) -> Judgement:
    left, right = value["left"][0], value["right"][0]
    if len({*value["verdict"]}) > 1:
        raise ValueError(f"{left} and {right} are decided to be the same, and to be different")
    verdict = Verdict(value["verdict"][0].removeprefix(str(KG)))
    reasons = sorted(map(_reason, value["reason"]), key=lambda reason: (-abs(reason.bits), reason.text))
    # Of two who say the same one counts, whoever comes first.
    judge = min(value["judge"], default=None)
    probability = float(value["probability"][0]) if value["probability"] else float(verdict is Verdict.SAME)
    return Judgement(left, right, verdict, probability, tuple(reasons), judge)


def _reason(line: str) -> Reason:
    match = _REASON.fullmatch(line)
    weight, words = (match[1], match[2]) if match else ("+0", line)
    return Reason(words, float("-inf") if weight == "never" else float(weight))
