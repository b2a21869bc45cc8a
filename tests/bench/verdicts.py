"""What gold and records agree on, one verdict a claim: the scorers count, these name what they counted.

The matching is the scorers' own, function by function; a test holds the numbers of verdicts to the scorers' counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.shared import scorer
from tests.bench.yardsticks import Records

RIGHT, MISSED, WRONG = "right", "missed", "wrong"
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether gold and a record agree on one thing.

    `kind` is what it is (relation, event, role, code …), `label` its class, role or predicate, or `gold → found`;
    `outcome` right, missed (gold alone has it) or wrong (the record alone has it, or it is not as gold says);
    `example` the words to look at; `confidence` that of a claim that is in the record.
    """

    kind: str
    outcome: str
    label: str
    example: str
    confidence: float | None = None


def verdicts(name: str, data: Path, records: Records) -> Iterator[Verdict]:
    """The verdicts of a yardstick. Raises KeyError for the split to report on: nobody looks at its errors."""
    return _VERDICTS[name](data, records)


# ------------------------------------------------------------------------------------------------------------- articles

#: The record of an article that was not read.
_NOTHING: Item = {"text": "", "entities": [], "times": [], "events": [], "relations": [], "attributions": []}


def _articles(data: Path, records: Records) -> Iterator[Verdict]:
    score = scorer("articles")
    for name, wanted in score.gold(str(data)).items():
        record = records.get(name, _NOTHING)
        yield from _relations(record, wanted["relations"])
        yield from _events(record, wanted["events"])
        for rule in wanted.get("forbidden", ()):
            if score.asserted_forbidden(record, rule):
                label = rule.get("predicate") or "/".join(rule["class"])
                yield Verdict("forbidden", WRONG, label, f"{name}: {rule.get('why', '')}")


def _relations(record: Item, wanted: list[Item]) -> Iterator[Verdict]:
    score, common = scorer("articles"), scorer("common")
    left = list({score.relation_key(record, found): found for found in record["relations"]}.values())

    def agree(found: Item, gold: Item) -> bool:
        return common.fit(found) == common.fit(gold) and bool(score.relation_matches(record, found, gold))

    for gold in (gold for gold in wanted if not gold.get("optional")):
        hit = next((found for found in left if agree(found, gold)), None)
        ends = f"{gold['subject'][0]} {gold['predicate']} {gold['object'][0]} ({gold['polarity']}, {gold['modality']})"
        if hit is None:
            yield Verdict("relation", MISSED, gold["predicate"], f"{ends}: «{_flat(gold.get('sentence', ''))}»")
        else:
            left.remove(hit)
            yield Verdict("relation", RIGHT, hit["predicate"], ends, hit["confidence"])
    for found in left:
        if not any(agree(found, gold) for gold in wanted):  # what is optional, or found twice, counts for nothing
            yield Verdict("relation", WRONG, found["predicate"], _relation(record, found), found["confidence"])


def _relation(record: Item, found: Item) -> str:
    subject, object_ = (scorer("articles").names_of(record, found[end]) for end in ("subject", "object"))
    ends = f"{'/'.join(subject)} {found['predicate']} {'/'.join(object_)} ({found['polarity']}, {found['modality']})"
    return f"{ends}: {_sentence(record, found)}"


def _events(record: Item, wanted: list[Item]) -> Iterator[Verdict]:
    pairs, missed, left = scorer("articles").pair_events(record, wanted)
    for gold, found in pairs:
        if not gold.get("optional"):
            yield Verdict("event", RIGHT, found["class"], _sentence(record, found), found["confidence"])
            yield from _roles(record, gold, found)
            yield from _qualified(record, gold, found)
            yield from _spoken(record, gold, found)
            yield from _dated(record, gold, found)
    for gold in (gold for gold in missed if not gold.get("optional")):
        yield Verdict("event", MISSED, gold["class"][0], _gold(gold))
    for found in left:
        example = f"{found['class']}: {_sentence(record, found)}"
        yield Verdict("event", WRONG, found["class"], example, found["confidence"])


def _roles(record: Item, gold: Item, found: Item) -> Iterator[Verdict]:
    """The fillers of an event that both have."""
    score = scorer("articles")
    left = score.fillers(record, found)
    for aliases, roles in score.due(gold).items():
        label = f"{'/'.join(sorted(roles))} of {gold['class'][0]}"
        hit = next((row for row in left if any(score.filler_fits(*row, role, list(aliases)) for role in roles)), None)
        if hit is None:
            yield Verdict("role", MISSED, label, f"{aliases[0]}: {_gold(gold)}")
        else:
            left.remove(hit)
            yield Verdict("role", RIGHT, label, aliases[0], found["confidence"])
    for role, values in left:
        example = f"{'/'.join(values)}: {_sentence(record, found)}"
        yield Verdict("role", WRONG, f"{role} of {found['class']}", example, found["confidence"])


def _qualified(record: Item, gold: Item, found: Item) -> Iterator[Verdict]:
    wanted, had = (f"{event['polarity']}/{event['modality']}" for event in (gold, found))
    label = wanted if wanted == had else f"{wanted} → {had}"
    yield Verdict("qualifier", RIGHT if wanted == had else WRONG, label, _gold(gold))


def _spoken(record: Item, gold: Item, found: Item) -> Iterator[Verdict]:
    had = scorer("articles").speakers(record, found)
    names: list[str] = (gold.get("attributed_to") or [[]])[0]
    right = scorer("common").same_name(had, names, 0.5) if names else not had
    label = "made up" if not names else "another" if had else "none found"
    outcome = RIGHT if right else MISSED if names and not had else WRONG
    example = f"{names[0] if names else 'nobody'}, found {'/'.join(had) or 'nobody'}: {_gold(gold)}"
    yield Verdict("speaker", outcome, "" if right else label, example)


def _dated(record: Item, gold: Item, found: Item) -> Iterator[Verdict]:
    wanted = (gold.get("time_if_published") or {}).get("time") or gold.get("time")
    if wanted:
        had = next((time.get("value") for time in record["times"] if time["id"] == found.get("time")), None) or ""
        outcome = RIGHT if had and str(had).startswith(wanted[:10]) else WRONG if had else MISSED
        label = "none found" if not had else "" if outcome == RIGHT else "another"
        yield Verdict("event time", outcome, label, f"{wanted}, found {had or 'none'}: {_gold(gold)}")


# --------------------------------------------------------------------------------------------------------------- PLOVER


def _plover(data: Path, records: Records) -> Iterator[Verdict]:
    """The codes of the rows for tuning."""
    score = scorer("plover")
    rows = list(score.rows(str(data), "train"))
    labels = {row["gold_root"] for _, row in rows}
    for name, row in rows:
        event, _ = score.choose(records.get(name, {}), row)
        code = (event.get("plover") or score.PARENT.get(event["class"])) if event else None
        code = code if code in labels else score.CODES.get(code, code)
        wanted = row["gold_root"]
        label = wanted if code == wanted else f"{wanted} → {code or 'nothing'}"
        outcome = RIGHT if code == wanted else WRONG if code else MISSED
        yield Verdict("code", outcome, label, row["marked_sentence"], event["confidence"] if event else None)


# ----------------------------------------------------------------------------------------------------------------- re3d


def _reports(data: Path, records: Records) -> Iterator[Verdict]:
    """Entities and relations of each report."""
    score = scorer("re3d")
    for folder in score.folders(str(data)):
        entities, relations = (
            _by_report(folder, "entities", score.GOLD_TYPES),
            _by_report(folder, "relations", score.SCORED),
        )
        for document in score.lines(folder / "documents.json"):
            name, text = document["_id"], document["text"]
            record = records.get(name, {})
            yield from _mentioned(record, entities[name], text)
            yield from _related(record, relations[name], text)


def _by_report(folder: Path, what: str, types: Any) -> dict[str, list[Item]]:
    """Gold of the types that are scored and that is sure enough, by report."""
    score, found = scorer("re3d"), defaultdict(list)
    for item in score.lines(folder / f"{what}.json"):
        if item.get("confidence", 1) >= score.SURE and item["type"] in types:
            found[item["documentId"]].append(item)
    return found


def _mentioned(record: Item, gold: list[Item], text: str) -> Iterator[Verdict]:
    score, left = scorer("re3d"), list(gold)
    for place, entity in score.mentions(record):
        kinds = score.EITHER.get(entity["type"], {score.TYPES.get(entity["type"])})
        if kinds & score.GOLD_TYPES:
            hit = next((e for e in left if _span(e["begin"], e["end"]).overlaps(place) and e["type"] in kinds), None)
            if hit is not None:
                left.remove(hit)
            outcome = WRONG if hit is None else RIGHT
            yield Verdict("entity", outcome, entity["type"], _around(text, place.start, place.end))
    for entity in left:
        yield Verdict("entity", MISSED, entity["type"], _around(text, entity["begin"], entity["end"]))


def _related(record: Item, gold: list[Item], text: str) -> Iterator[Verdict]:
    score, left, done = scorer("re3d"), list(gold), set()
    places = _places(record)
    for kinds, one, two in score.predicted(record):
        ends = sorted((one, two)) if min(kinds) in score.SYMMETRIC else (one, two)
        if (min(kinds), *ends) in done:
            continue
        done.add((min(kinds), *ends))
        hit = next((r for r in left if r["type"] in kinds and score.matches(r, places, one, two)), None)
        scored = sorted(kinds & set(score.SCORED))
        example = f"{score.name_of(record, one)} → {score.name_of(record, two)}"
        if hit is not None:
            left.remove(hit)
            yield Verdict("relation", RIGHT, hit["type"], example)
        elif scored:
            yield Verdict("relation", WRONG, scored[0], f"{example}: {_nearest(text, places[one], places[two])}")
    for relation in left:
        where = _around(text, *_extent(relation))
        yield Verdict("relation", MISSED, relation["type"], f"{relation['source']} → {relation['target']}: {where}")


def _nearest(text: str, ones: list[Any], twos: list[Any]) -> str:
    """The words about two things where they stand nearest to each other; an implied state stands nowhere."""
    pairs = sorted((abs(a.start - b.start), min(a.start, b.start), max(a.end, b.end)) for a in ones for b in twos)
    return _around(text, *pairs[0][1:]) if pairs else "one is only implied"


def _extent(relation: Item) -> tuple[int, int]:
    return min(relation["sourceBegin"], relation["targetBegin"]), max(relation["sourceEnd"], relation["targetEnd"])


# ------------------------------------------------------------------------------------------------------------- MEANTIME


def _openings(data: Path, records: Records) -> Iterator[Verdict]:
    """What the annotated opening of each article holds."""
    for name, document in scorer("meantime").documents(str(data)).items():
        record = records.get(name, {})
        yield from _named(record, document)
        yield from _happened(record, document)
        yield from _timed(record, document)


def _named(record: Item, document: Any) -> Iterator[Verdict]:
    left = [place for group in document.entities.values() for place in group]
    for place, entity in scorer("common").mentions(record):
        if place.end <= document.limit:
            near = sorted(left, key=lambda s: abs(s.start - place.start) + abs(s.end - place.end))
            hit = next((s for s in near if s.overlaps(place)), None)
            left = [s for s in left if s is not hit]
            outcome = WRONG if hit is None else RIGHT
            yield Verdict("mention", outcome, entity["type"], _around(document.text, place.start, place.end))
    for place in left:
        words = document.text[place.start : place.end]
        label = "name" if words[:1].isupper() else "common noun"
        yield Verdict("mention", MISSED, label, _around(document.text, place.start, place.end))


def _happened(record: Item, document: Any) -> Iterator[Verdict]:
    """Events, and of those that are found the participants and the factuality."""
    score, text = scorer("meantime"), document.text
    left = [e for e in record.get("events", ()) if e["trigger"]["end"] <= document.limit]
    for id_, (where, attributes) in document.events.items():
        hit = next((e for e in left if _span(**e["trigger"]).overlaps(where)), None)
        around = _around(text, where.start, where.end)
        if hit is None:
            yield Verdict("event", MISSED, attributes.get("pred") or text[where.start : where.end].lower(), around)
            continue
        left.remove(hit)
        yield Verdict("event", RIGHT, hit["class"], around, hit["confidence"])
        yield from _factual(score.gold_number(attributes), hit, around)
        yield from _took_part(record, hit, [p for e, p in document.participants if e == id_], text, around)
    for event in left:
        where = _around(text, event["trigger"]["start"], event["trigger"]["end"])
        yield Verdict("event", WRONG, event["class"], where, event["confidence"])


_FACTUALITY = {3.0: "fact", -3.0: "counterfact"}


def _factual(wanted: float, event: Item, around: str) -> Iterator[Verdict]:
    found = scorer("meantime").number(event["polarity"], event["modality"] == "actual")
    gold, had = (_FACTUALITY.get(number, "uncertain") for number in (wanted, found))
    label = gold if gold == had else f"{gold} → {had} ({event['polarity']}/{event['modality']})"
    yield Verdict("factuality", RIGHT if gold == had else WRONG, label, around)


def _took_part(record: Item, event: Item, wanted: list[str], text: str, around: str) -> Iterator[Verdict]:
    places = _places(record)
    left = [(role["entity"], role["role"]) for role in event["roles"] if role.get("entity")]
    for key in wanted:
        start, end = map(int, key.split("-"))
        hit = next((f for f in left if any(s.overlaps(_span(start, end)) for s in places[f[0]])), None)
        words = f"{text[start:end]}: {around}"
        if hit is None:
            yield Verdict("participant", MISSED, f"of {event['class']}", words)
        else:
            left.remove(hit)
            yield Verdict("participant", RIGHT, f"{hit[1]} of {event['class']}", words)
    for entity, role in left:
        words = f"{scorer('re3d').name_of(record, entity)}: {around}"
        yield Verdict("participant", WRONG, f"{role} of {event['class']}", words)


def _timed(record: Item, document: Any) -> Iterator[Verdict]:
    left = [time for time in record.get("times", ()) if time["end"] <= document.limit]
    for where, value in document.times:
        around = _around(document.text, where.start, where.end)
        hit = next((time for time in left if _span(time["start"], time["end"]).overlaps(where)), None)
        if hit is None:
            yield Verdict("time", MISSED, "expression", f"{value}: {around}")
            continue
        left.remove(hit)
        had = hit.get("value")
        label = f"{_shape(value)} → {_shape(had)}"
        outcome = RIGHT if had == value else WRONG
        yield Verdict("time", outcome, label, f"{value}, found {had} (published {document.published}): {around}")
    for time in left:
        where = _around(document.text, time["start"], time["end"])
        yield Verdict("time", WRONG, "no time", f"{time.get('value')}: {where}")


def _shape(value: str | None) -> str:
    """A TIMEX3 value with its digits alike: dates of a day are one cause, and durations another."""
    return "none" if not value else "".join("9" if char.isdigit() else char for char in value)


# ------------------------------------------------------------------------------------------------------ words and spans


def _span(start: int, end: int) -> Any:
    return scorer("common").Span(start, end)


def _places(record: Item) -> dict[str, list[Any]]:
    """Where each entity is mentioned."""
    places: dict[str, list[Any]] = defaultdict(list)
    for place, entity in scorer("common").mentions(record):
        places[entity["id"]].append(place)
    return places


def _gold(gold: Item) -> str:
    return f"«{gold['trigger']}» in «{_flat(gold['sentence'])}»"


def _sentence(record: Item, found: Item) -> str:
    evidence, trigger = found["evidence"], found.get("trigger")
    named = f"«{_flat(record['text'][trigger['start'] : trigger['end']])}» in " if trigger else ""
    return f"{named}«{_flat(record['text'][evidence['start'] : evidence['end']])}»"


def _around(text: str, start: int, end: int) -> str:
    """A stretch of text between brackets, with what stands about it."""
    return _flat(f"{text[max(0, start - 60) : start]}[{text[start:end]}]{text[end : end + 60]}")


def _flat(words: str) -> str:
    return " ".join(words.split())


_VERDICTS: dict[str, Callable[[Path, Records], Iterator[Verdict]]] = {
    "articles": _articles,
    "plover-dev": _plover,
    "re3d": _reports,
    "meantime": _openings,
}
