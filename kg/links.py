"""Which forms the machine holds for one, surely or perhaps: asked of a form once, remembered until the form changes.

In a long story thousands of tellings hang together. Whoever takes one of them apart anew must see them all, but of most
nothing has changed since they were last judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.clusters import Judgement


class Links:
    """Judgements that count, by each of their ends. Of a form that was asked for all are here, whichever end was."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, Judgement]] = {}
        self._asked: set[str] = set()

    def __contains__(self, form: object) -> bool:
        """Whether a form was asked for since it last changed."""
        return form in self._asked

    def of(self, form: str) -> Mapping[str, Judgement]:
        """What is held for one with a form, as far as either was asked for."""
        return self._of.get(form, {})

    def note(self, form: str, found: Iterable[Judgement]) -> None:
        """A form was judged with all its candidates, save those that were asked for: this is what counts of it."""
        self._asked.add(form)
        for item in found:
            self._of.setdefault(item.left, {})[item.right] = item
            self._of.setdefault(item.right, {})[item.left] = item

    def forget(self, form: str) -> None:
        """A form changes, or goes: what was thought of it counts no more."""
        self._asked.discard(form)
        for other in self._of.pop(form, {}):
            del self._of[other][form]
