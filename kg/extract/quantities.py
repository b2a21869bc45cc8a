"""Quantities: how many of whom a phrase speaks, within which bounds, in which unit.

Bounds are inclusive: "more than 20" is 20 or more, for no newsroom has counted to 21. A word like "dozens" has no count
but a least; its words, like all numbers, bounds and units, stand in ontology/lexicon/en-quantities.ttl.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from kg.extract.tree import Tree
from kg.lexicon import Lexicon

LEAST, MOST, BETWEEN = "least", "most", "between"
#: From here on a number word multiplies what stands before it.
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many: a whole number, bounds (inclusive), of whom or what (in the text's words), or a unit (USD, %, km)."""

    count: int | None = None
    least: int | None = None
    most: int | None = None
    unit: str | None = None
    population: str | None = None


def of(tree: Tree, lexicon: Lexicon, head: int) -> Quantity | None:
    """The quantity of the noun phrase of a head; None where it counts nothing: "the children", "his aides"."""
    reader = _Reader(tree, lexicon)
    return reader.read(head)


@dataclass(frozen=True, slots=True)
class _Reader:
    tree: Tree
    lexicon: Lexicon

    def read(self, head: int) -> Quantity | None:
        """The quantity that stands in front of a head, or is the head: "dozens of civilians"."""
        if not self.tree.kids[head] and self._plain(head):
            return None  # Most heads count nothing.
        start = min([head, *(kid for kid in self.tree.subtree(head) if kid < head)])
        if all(self._plain(at) for at in range(start, head + 1)):
            return None
        counted = self._counted(head)
        end = head if counted is None else counted if counted > head else head + 1
        found = self._quantity(words := [self.tree.words[at].lower() for at in range(start, end)])
        if found is None:
            return None
        unit = self._unit([*words, self.tree.lemmas[head]])
        named = None if unit else self._population(start, head, counted)
        return replace(found, unit=unit, population=named)

    def _plain(self, at: int) -> bool:
        """Whether a word has nothing to do with quantities."""
        word, effects = self.tree.words[at].lower(), self.lexicon.effects
        number = self.tree.tags[at] == "CD" or word in effects["Number"] or word in effects["Vague"]
        return not number and word not in effects["Negator"]

    def _counted(self, head: int) -> int | None:
        """What a number noun counts: "hundreds of villagers"; the number itself where it counts nothing in words."""
        number = self._vague(self.tree.words[head].lower()) or self._number(self.tree.lemmas[head])
        if number is None and self.tree.tags[head] != "CD":
            return None
        of_ = (prep for prep in self.tree.down(head, "prep") if self.tree.lemmas[prep] == "of")
        noun = next((noun for prep in of_ for noun in self.tree.down(prep, "pobj")), None)
        return head if noun is None else self._counted(noun) or noun

    def _quantity(self, words: Sequence[str]) -> Quantity | None:
        """Count and bounds of the words in front of a noun."""
        if any(word in self.lexicon.effects["Negator"] for word in words) and self._numbers(words) == []:
            return Quantity(count=0)
        bound, numbers = self._bound(words), self._numbers(words)
        vague = self._vaguely(words)
        if len(numbers) == 2:
            return Quantity(least=min(numbers), most=max(numbers))
        if len(numbers) > 2:
            return None
        if vague is not None:
            return Quantity(least=vague * (numbers[0] if numbers and numbers[0] >= 10 else 1))
        if not numbers:
            return None
        (count,) = numbers
        return Quantity(count=count, least=count if bound == LEAST else None, most=count if bound == MOST else None)

    def _vaguely(self, words: Sequence[str]) -> int | None:
        """How many at least some words say: "dozens"; in "hundreds of thousands" the thousands are but a unit."""
        found = [least for word in words if (least := self._vague(word)) is not None]
        return found[0] * (found[1] // 2 if len(found) > 1 else 1) if found else None

    def _bound(self, words: Sequence[str]) -> str | None:
        """Whether a number is the least or the most: "at least", "up to"; the longest wording tells."""
        said = f" {' '.join(words)} "
        wordings = sorted(self.lexicon.effects["Bound"].items(), key=lambda item: (-len(item[0]), item[0]))
        return next((bound for wording, bound in wordings if f" {wording} " in said), None)

    def _numbers(self, words: Sequence[str]) -> list[int]:
        """The numbers that stand in words: 1,200; two hundred and fifty; 1.5 million; 10 to 20."""
        found: list[int] = []
        run: list[str] = []
        for word in [*words, ""]:
            if self._number(word) is not None or (word == "and" and run):
                run.append(word)
            elif run and word not in {"-"}:
                found += self._value(run)
                run = []
        return found

    def _value(self, run: Sequence[str]) -> Iterator[int]:
        total, current = Decimal(0), Decimal(0)
        before = ""
        for word in run:
            number = self._number(word)
            if number is None:
                continue
            if before and self._is_digits(word):  # "10 20": two numbers, as in a range
                yield int(total + current)
                total, current = Decimal(0), Decimal(0)
            if number > _HUNDRED and not self._is_digits(word):
                total, current = total + max(current, Decimal(1)) * number, Decimal(0)
            elif number == _HUNDRED and not self._is_digits(word):
                current = max(current, Decimal(1)) * number
            else:
                current += number
            before = word
        yield int(total + current)

    def _number(self, word: str) -> Decimal | None:
        """The number that a word writes, in digits or letters; "a" counts one, as a last resort of its caller."""
        digits = word.replace(",", "").rstrip(".")
        if self._is_digits(digits):
            try:
                return Decimal(digits)
            except InvalidOperation:
                return None
        told = self.lexicon.effects["Number"].get(word)
        return Decimal(told) if told is not None else None

    @staticmethod
    def _is_digits(word: str) -> bool:
        return word[:1].isdigit() and word.replace(",", "").replace(".", "", 1).isdigit()

    def _vague(self, word: str) -> int | None:
        least = self.lexicon.effects["Vague"].get(word)
        return int(least) if least is not None else None

    def _unit(self, words: Sequence[str]) -> str | None:
        """USD, EUR, %, km: by a sign or a word."""
        return next((unit for word in words if (unit := self.lexicon.effects["Measure"].get(word))), None)

    def _population(self, start: int, head: int, counted: int | None) -> str | None:
        """Who is counted, in the text's words: "young children", "Palestinian civilians"."""
        tree = self.tree
        noun = head if counted is None else counted
        if not tree.is_noun(noun) or (noun == head and counted is not None):
            return None
        first = start if counted is None else min([noun, *(kid for kid in tree.subtree(noun) if head < kid < noun)])
        bounds = {word for wording in self.lexicon.effects["Bound"] for word in wording.split()}
        while first < noun and (
            tree.tags[first] in {"CD", "DT", "PRP$", "PDT", "$", "``", "HYPH", "IN", "RBR", "JJR", "JJS", "TO", "CC"}
            or tree.words[first].lower() in bounds
            or self._number(tree.words[first].lower()) is not None
            or self._vague(tree.words[first].lower()) is not None
        ):
            first += 1
        return " ".join(tree.words[first : noun + 1])
