"""Short articles by hand that tell of the same things, each with its own paper and day: a table of who says what.

paper(1, "2026-03-03").strike(killed=3).record
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.namespaces import ARTICLE
from kg.record import Record, Role
from tests.records import Draft

#: How the papers spell those who come up.
SPEAKERS = ("Zelenskyy", "Medinsky")


@dataclass
class Paper:
    """An article that is put together sentence by sentence."""

    draft: Draft
    url: str | None

    @property
    def record(self) -> Record:
        return replace(self.draft.record(), url=self.url)

    def strike(
        self,
        killed: int | None = None,
        day: str | None = "2026-03-02",
        least: int | None = None,
        most: int | None = None,
        of: str = "people",
        by: str | None = None,
    ) -> Paper:
        """Russia bombs Zaporizhzhia, as somebody says, and kills so many."""
        said = f", {by} said" if by else ""
        self.draft.say(f"Russia bombed Zaporizhzhia on Monday and killed {of}{said}.")
        russia, city = self.draft.known("Russia", "Russia"), self.draft.entity("Zaporizhzhia", "City")
        told = any(number is not None for number in (killed, least, most))
        value = f"{killed or ''} {of} {least or ''} {most or ''}".strip()
        dead = [Role("killed", value=value, count=killed, least=least, most=most, population=of)] if told else []
        says = None
        if by:
            who = self.draft.entity(by, "Person") if by in SPEAKERS else None
            says = self.draft.says(by, "said", "Russia bombed Zaporizhzhia", who)
        time = self.draft.time("Monday", day) if day else None
        roles = (Role("agent", russia), Role("target", city), *dead)
        self.draft.event("Airstrike", "bombed", *roles, time=time, attribution=says)
        return self

    def deal(self, polarity: str = "affirmed", modality: str = "actual") -> Paper:
        """Russia and Ukraine agree on grain transit, or do not."""
        self.draft.say("On Tuesday Russia and Ukraine had a deal on grain transit.")
        sides = [Role("party", self.draft.known(name, name)) for name in ("Russia", "Ukraine")]
        topic, day = Role("topic", value="grain transit"), self.draft.time("Tuesday", "2026-03-03")
        self.draft.event("Agreement", "deal", *sides, topic, time=day, polarity=polarity, modality=modality)
        return self

    def ally(self, polarity: str = "affirmed", modality: str = "actual") -> Paper:
        self.draft.say("The United States is an ally of Ukraine.")
        one, two = self.draft.known("United States", "United States"), self.draft.known("Ukraine", "Ukraine")
        self.draft.relation(one, "allyOf", two, polarity=polarity, modality=modality)
        return self

    def office(self, who: str, office: str = "foreign minister") -> Paper:
        """Somebody holds an office of Ukraine."""
        self.draft.say(f"{who} is {office} of Ukraine.")
        person = self.draft.entity(who, "Person")
        self.draft.relation(person, "officialOf", self.draft.known("Ukraine", "Ukraine"), office)
        return self


def paper(number: int, day: str | None, outlet: str | None = None, url: str | None = None) -> Paper:
    """An empty article of a paper and a day."""
    draft = Draft(f"{ARTICLE}{number:016x}", outlet or f"Paper {number}", day)
    return Paper(draft, url or f"https://example.org/{number}")
