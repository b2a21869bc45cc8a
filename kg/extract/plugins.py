"""Components of others in the pipeline: where each stands, what it may write, and what becomes of one that fails.

Where a component stands follows from what it says that it assigns, as all spaCy components do: behind the stage of ours
that writes the attribute, so that it can add to what is there or put something in its place; before all of them if it
assigns none of ours, as an entity ruler does; behind the record if it adds claims to it. What it writes is checked as
part of the record. One that raises, or leaves a record that does not hold together, is left out of that article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import quote

from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import KGError
from kg.extract.components import STAGES
from kg.extract.factuality import commitment, factuality
from kg.extract.sound import faults
from kg.extract.tree import Tree
from kg.lexicon import Lexicon
from kg.record import Event, Record, Relation, Span

Component = Callable[[Doc], Doc]
#: A component of others by the name of its spaCy factory, or one that adds claims.
Extra = str | Component
#: What components add to the record: a tuple of Events and Relations.
CLAIMS = "doc._.kg_claims"
#: The place of those that add claims: behind all stages, when the record is built.
LAST = len(STAGES) + 1
_OURS = "doc._.kg_"

Claim = TypeVar("Claim", Event, Relation)


@dataclass(frozen=True, slots=True)
class Plugin:
    """A component, and how many of our stages come before it."""

    name: str
    component: Component
    place: int


def plugins(model: Language, extra: Sequence[Extra]) -> tuple[Plugin, ...]:
    """The components, in the order given. Raises KGError where one is not there, or writes what is kg's own."""
    return tuple(_plugin(model, one) for one in extra)


def _plugin(model: Language, extra: Extra) -> Plugin:
    if not isinstance(extra, str):
        return Plugin(str(getattr(extra, "name", type(extra).__name__)), extra, LAST)
    try:
        component = model.create_pipe(extra)
    except Exception as error:
        # A stranger's factory may raise anything, and a configuration error of spaCy's is a ValueError.
        reason = str(error).partition("\n")[0][:200]
        raise KGError(
            f"component {extra!r} cannot be made ({type(error).__name__}: {reason}): install the package that has it "
            "as an entry point of spacy_factories, or name another with --with"
        ) from error
    return Plugin(extra, component, _place(model, extra))


def _place(model: Language, name: str) -> int:
    written = {one for one in model.get_factory_meta(name).assigns if one.startswith(_OURS)}
    stages = {one: at for at, stage in enumerate(STAGES, 1) for one in model.get_factory_meta(stage).assigns}
    if CLAIMS in written and len(written) == 1:
        return LAST
    if unknown := sorted(written - stages.keys()):
        raise KGError(
            f"component {name!r} assigns {', '.join(unknown)}: it may assign {', '.join(stages)}, or {CLAIMS} alone"
        )
    return max((stages[one] for one in written), default=0)


# ------------------------------------------------------------------------------------------------------- what they read


def tolerantly(read: Callable[[Sequence[Plugin]], Doc], parts: Sequence[Plugin]) -> tuple[Doc, tuple[str, ...]]:
    """What is read with all of the components, without those that fail, and why these do. Raises what `read` raises
    without any of them."""
    try:
        return read(parts), ()
    except Exception:
        if not parts:
            raise
    kept: list[Plugin] = []
    warnings: list[str] = []
    for part in parts:
        try:
            read((*kept, part))
        except Exception as error:
            warnings.append(_left_out(part, error))
        else:
            kept.append(part)
    return read(kept), tuple(warnings)


def _left_out(part: Plugin, error: Exception) -> str:
    return f"component {part.name}: {type(error).__name__}: {error}: nothing of it is taken for this article"


def hold(record: Record, lexicon: Lexicon) -> None:
    """Raises ValueError with the first fault of a record that does not hold together."""
    if fault := next(faults(record, lexicon.schema), None):
        raise ValueError(fault)


def hear(part: Plugin, doc: Doc, record: Record, lexicon: Lexicon) -> tuple[Record, tuple[str, ...]]:
    """The record with the claims that a component adds; without them where it fails, and why."""
    doc._.kg_claims, doc._.kg_record = (), record
    try:
        part.component(doc)
        claimed = added(record, tuple(doc._.kg_claims), part.name)
        hold(claimed, lexicon)
    except Exception as error:
        return record, (_left_out(part, error),)
    return weighed(claimed, doc._.kg_tree, lexicon), ()


def added(record: Record, claims: Sequence[Event | Relation], by: str) -> Record:
    """A record with more claims. Their evidence becomes the sentence that holds what they quote, as that of all claims
    is; the ids of their events say who added them: "v12-based_in"."""
    if not all(isinstance(claim, Event | Relation) for claim in claims):
        raise TypeError("a claim is an Event or a Relation of kg.record")
    claims = [replace(claim, evidence=_sentence(record, claim.evidence)) for claim in claims]
    events = [claim for claim in claims if isinstance(claim, Event)]
    relations = [claim for claim in claims if isinstance(claim, Relation)]
    ids = {event.id: f"v{len(record.events) + n}-{quote(by, safe='')}" for n, event in enumerate(events, 1)}
    taken = {event.id for event in record.events} | {entity.id for entity in record.entities}
    if len(ids) < len(events) or ids.keys() & taken:
        raise ValueError("an event that is added needs an id of its own")
    new = [replace(event, id=ids[event.id]) for event in events]
    joined = (replace(one, subject=ids.get(one.subject, one.subject), object=ids.get(one.object, one.object))
              for one in relations)  # fmt: skip
    known = {_what(one) for one in record.relations}
    fresh = [one for one in joined if _what(one) not in known]
    return replace(record, events=(*record.events, *new), relations=tuple(dict.fromkeys((*record.relations, *fresh))))


def _what(relation: Relation) -> tuple[str, str, str, Span]:
    return relation.subject, relation.predicate, relation.object, relation.evidence


def _sentence(record: Record, quoted: Span) -> Span:
    held = (one for one in record.sentences if one.start <= quoted.start < quoted.end <= one.end)
    return next((Span(one.start, one.end) for one in held), quoted)


def weighed(record: Record, tree: Tree, lexicon: Lexicon) -> Record:
    """A record in which every claim has its factuality."""
    lemmas, told = dict(zip(tree.starts, tree.lemmas, strict=True)), lexicon.effects["Commitment"]
    commits: dict[str | None, float] = {None: 1.0}
    commits |= {said.id: commitment(lemmas.get(said.cue.start, ""), told) for said in record.attributions}

    def weigh(claim: Claim) -> Claim:
        weight = factuality(claim.polarity, claim.modality, commits[claim.attribution], lexicon.schema.strengths)
        return claim if claim.factuality is not None else replace(claim, factuality=weight)

    return replace(record, events=tuple(map(weigh, record.events)), relations=tuple(map(weigh, record.relations)))


def counted(doc: Doc) -> dict[str, float]:
    """What components counted, for the sum of a run; of what is no count nothing is taken."""
    counts = doc._.kg_counts
    numbers = counts.items() if isinstance(counts, dict) else ()
    return {str(name): count for name, count in numbers if isinstance(count, int | float)}
