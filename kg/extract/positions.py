"""Positions: who takes which stance on which item, and what answers what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from kg.extract.ledger import Ledger
from kg.extract.stages import phrasal
from kg.namespaces import ITEM
from kg.record import ACTUAL, AFFIRMED, CONDITIONAL, DESIRED, NEGATED, Event, Role, Span

_ASKING = frozenset({"Demand", "Proposal", "Appeal"})
_TOPICS = ("topic",)
#: Where the item of an untyped proposition stands: its object.
_OBJECTS = ("target",)


@dataclass(frozen=True, slots=True)
class _Position:
    """An event as a position of one actor, with the event that it answers."""

    event: Event
    stance: str
    holder: str
    answered: Event | None


def read(ledger: Ledger, parties: Set[str]) -> None:
    """Adds positions to a ledger: those of parties to talks or to a deal, and of whoever asks one thing of another and
    is answered."""
    found: dict[str, _Position] = {}
    for event in ledger.record.events:
        stance = _stance(ledger, event)
        holder = _holder(ledger, event) if stance else None
        if stance is None or holder is None:
            continue
        answered = _answered(ledger, event, holder, found)
        # "… if Egypt lifted its sanctions" is another's condition; "would accept the demand if …" an answer.
        if answered is not None or event.class_ != "Concession" or event.modality != CONDITIONAL:
            found[event.id] = _Position(event, stance, holder, answered)
    pairs = {
        one for p in found.values() if p.answered and p.answered.id in found for one in (p.event.id, p.answered.id)
    }
    for position in found.values():
        if position.holder in parties or position.event.id in pairs:
            _claim(ledger, position)


def _claim(ledger: Ledger, position: _Position) -> None:
    event, answered = position.event, position.answered
    items = _items(ledger, answered or event, position.holder)
    if not items and answered is None:
        return
    ledger.claim(event.id, "holder", position.holder, event)
    ledger.claim(event.id, "stance", f"kg:{position.stance}", event)
    for item in items:
        ledger.claim(event.id, "item", item, event)
    response = ledger.scene.lexicon.effects["Response"].get(position.stance)
    if answered is not None and response is not None and event.polarity != NEGATED:
        if event.responds_to is None:
            ledger.claim(event.id, "respondsTo", answered.id, event)
        ledger.claim(event.id, "response", f"kg:{response}", event)


def agenda(ledger: Ledger, event: Event) -> None:
    """Adds what a negotiation is about, each item with the mention whose sentence names it."""
    tree = ledger.scene.tree
    mentions = {tree.sentences[p.at]: p for p in reversed(ledger.propositions(event))}
    for span in _spans(ledger, event):
        mention = mentions.get(tree.sentences[ledger.tokens(span)[0]])
        if mention is not None:
            for item in _within(ledger, span):
                ledger.claim(event.id, "item", item, ledger.mention(event, mention))


# ── stance and holder ──


def _stance(ledger: Ledger, event: Event) -> str | None:
    """The stance that an event takes, by its class and by the verb over a noun ("dropped its demand"). What somebody
    else wants of an actor or makes a condition, and what an actor only denies to have done, is no position."""
    tree, words = ledger.scene.tree, ledger.scene.lexicon.words
    proposition = ledger.happenings[event.id].proposition
    at, verb = proposition.at, tree.heads[proposition.at]
    if event.modality == DESIRED or (proposition.frame.denies and proposition.frame.reports):
        return None
    if event.class_ == "Open":
        return "defers" if phrasal(tree, at) in words["deferring"] and _happens(event) else None
    stance = ledger.scene.lexicon.effects["Stance"].get(event.class_)
    if stance in {"demands", "proposes"} and tree.deps[at] == "dobj" and phrasal(tree, verb) in words["abandoning"]:
        return "withdraws"
    return "conditions" if stance in {"accepts", "concedes"} and event.modality == CONDITIONAL else stance


def _happens(event: Event) -> bool:
    return event.polarity == AFFIRMED and event.modality == ACTUAL


def _holder(ledger: Ledger, event: Event) -> str | None:
    """The one actor who takes it, as the state or the body for which a person acts. Two who agree strike a deal."""
    found = ledger.fillers(event, "agent") or _subjects(ledger, event)
    holders = dict.fromkeys(ledger.polity(one) for one in found)
    return next(iter(holders)) if len(holders) == 1 else None


def _subjects(ledger: Ledger, event: Event) -> tuple[str, ...]:
    """Who is the subject of a verb: of an agreement, who agrees, whatever parties the rest of the article lends it."""
    happening = ledger.happenings[event.id]
    if happening.proposition.frame.kind != "Verb":
        return ()
    mine = {
        number
        for token in happening.proposition.fillers("subject")
        for number in ledger.scene.referents.by_token.get(token, ())
    }
    places = zip(happening.fillers, event.roles, strict=True)
    return tuple(r.entity for f, r in places if f.role == "party" and f.cluster in mine and r.entity is not None)


# ── answers ──


def _answered(ledger: Ledger, event: Event, holder: str, found: Mapping[str, _Position]) -> Event | None:
    """The demand or proposal that an event answers: the one it says; the last of the class that its topic names ("the
    demand"); the last whose verb its topic says again ("refused to withdraw them")."""
    if event.responds_to is not None:
        return ledger.events[event.responds_to]
    named, verbs = _named(ledger, event), _verbs(ledger, event)
    for other in reversed(tuple(found.values())):
        again = other.event.class_ in _ASKING and event.class_ == "Refusal" and verbs & _verbs(ledger, other.event)
        if (again or other.event.class_ in named) and other.holder != holder:
            return other.event
    return None


def _named(ledger: Ledger, event: Event) -> frozenset[str]:
    """Classes of asking that nouns of a topic or of the trigger itself name again: "the demand", "a decision on the
    proposal", "gave in to the demand"."""
    tree, frames = ledger.scene.tree, ledger.scene.lexicon.frames
    own = ledger.happenings[event.id].proposition.words[1:]
    tokens = (*own, *(at for span in _spans(ledger, event) for at in ledger.tokens(span)))
    definite = (
        at for at in tokens if tree.is_noun(at) and any(tree.lemmas[kid] == "the" for kid in tree.down(at, "det"))
    )
    found = (frame.class_ for at in definite for frame in frames.get(("Noun", tree.lemmas[at]), ()))
    return frozenset(class_ for class_ in found if class_ in _ASKING)


def _verbs(ledger: Ledger, event: Event) -> frozenset[str]:
    """Verbs of a topic."""
    tree = ledger.scene.tree
    at = (at for span in _spans(ledger, event) for at in ledger.tokens(span))
    return frozenset(tree.lemmas[x] for x in at if tree.is_verb(x)) - ledger.scene.lexicon.words["auxiliary"]


# ── items ──


def _items(ledger: Ledger, event: Event, holder: str | None) -> tuple[str, ...]:
    """What an event's topic names: entities by name, other nouns as items."""
    return tuple(
        dict.fromkeys(item for span in _spans(ledger, event) for item in _within(ledger, span) if item != holder)
    )


def _spans(ledger: Ledger, event: Event) -> Iterator[Span]:
    """Where an event's topic stands."""
    wanted = _OBJECTS if event.class_ == "Open" else _TOPICS
    for role in event.roles:
        span = _span(ledger, event, role) if role.role in wanted else None
        if span is not None:
            yield span


def _span(ledger: Ledger, event: Event, role: Role) -> Span | None:
    """The words of a filler in a sentence of the event, or else the first mention of an entity."""
    if role.entity is None:
        words = role.value or "\0"
        found = (
            ledger.record.text.find(words, sentence.start, sentence.end)
            for sentence in (ledger.sentence(proposition.at) for proposition in ledger.propositions(event))
        )
        return next((Span(start, start + len(words)) for start in found if start >= 0), None)
    mentions = [m for m in ledger.entities[role.entity].mentions if m.kind != "pronoun"]
    sentences, own = ledger.scene.tree.sentences, ledger.sentences(event)
    near = [m for m in mentions if sentences[ledger.tokens(Span(m.start, m.end))[0]] in own]
    return next((Span(m.start, m.end) for m in (*near, *mentions)), None)


def _within(ledger: Ledger, span: Span) -> Iterator[str]:
    """Entities that a span names, and items for its other nouns; nouns of time, and those that only frame, aside."""
    tree, lexicon = ledger.scene.tree, ledger.scene.lexicon
    idle = lexicon.words["item-frames"] | lexicon.words["transparent"]
    named = [
        (m.start, m.end, entity.id) for entity in ledger.record.entities for m in entity.mentions
        if m.kind == "name" and entity.type != "Thing" and span.start <= m.start and m.end <= span.end
    ]  # fmt: skip
    yield from (id_ for _, _, id_ in sorted(named))
    taken = [(start, end) for start, end, _ in named] + [(t.start, t.end) for t in ledger.record.times]
    for at in ledger.tokens(span):
        free = not any(start <= tree.starts[at] < end for start, end in taken)
        head = tree.deps[at] not in {"compound", "nmod", "npadvmod"}
        if tree.is_noun(at) and head and free and tree.lemmas[at] not in idle and tree.lemmas[at].isalpha():
            yield _item(ledger, at)


def _item(ledger: Ledger, at: int) -> str:
    """The item that a noun names together with the nouns in front of it."""
    tree = ledger.scene.tree
    first = at
    while (
        first > 0
        and tree.deps[first - 1] == "compound"
        and tree.heads[first - 1] == at
        and tree.tags[first - 1] == "NN"
    ):
        first -= 1
    key = "-".join(tree.lemmas[x] for x in range(first, at + 1))
    return ledger.item(f"{ITEM}{key}", Span(tree.starts[first], tree.ends[at]))
