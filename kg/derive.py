"""What a change of articles or decisions changes in all that is derived of them: the merged view.

    <https://kg.example/identity>  kg:toldAs of each canonical thing, and the machine's judgements with their reasons
    <https://kg.example/world>     what the articles assert, under canonical names
    <https://kg.example/index/3>   forms by blocking key, things by form: where to look when the next article comes

All three are a function of the articles and of people's decisions alone, whatever the order in which they came. Here
they are brought up to date by what a change touches; from scratch, the same comes of a change that adds every article.
A change is worked out before anything is written, so that the store can write it whole.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

import pyoxigraph as ox
from rdflib import RDF

from kg import judgements
from kg.change import CANONICAL, FORM_OF, INDEXED, KEY, SAYS, STORY, Change, Forms, Remembered, T
from kg.clusters import Clusters, Judgement, Kind, Pair, Verdict
from kg.forms import NAMES, Form, family, known
from kg.graph import Node, Statement, node
from kg.happenings import TELLINGS, Happening, known_as, story
from kg.namespaces import ARTICLE, FORM, HAPPENING, IDENTITY, KG, STRANGER, WORDING, WORLD, article_of
from kg.share import Share, wording
from kg.sources import TEXTS

_IDENTITY, _WORLD = node(IDENTITY), node(WORLD)
TOLD, MET = node(str(KG.toldAs)), node(str(KG.met))
_LEFT, _RIGHT = node(str(KG.left)), node(str(KG.right))
_TYPE = node(str(RDF.type))
#: What is canonical of a form that may be of one or of another.
NOBODY_KNOWS = str(KG.unsure)


class Derivation:
    """One change of articles or decisions, worked out on the derived graphs.

    `derived` holds the derived graphs and `articles` those of articles, one store as a rule; `share_of` reads the share
    of an article that stays; `decided` are all decisions of people after the change; `remembered` is what was read of
    the graphs before. `compared` counts the pairs of forms that were judged.
    """

    def __init__(
        self,
        derived: ox.Store,
        articles: ox.Store,
        share_of: Callable[[str], Share],
        decided: Iterable[Judgement] = (),
        remembered: Remembered | None = None,
    ) -> None:
        self.change = Change(derived)
        self._before = Change(derived)
        self._articles = articles
        self._share_of = cache(share_of)
        known = remembered or Remembered()
        self._was = Forms(self._before, known)
        self._now = Forms(self.change, known, self._was)
        self._links = known.links
        self._decided = {(item.left, item.right): item for item in decided}
        self._partners = defaultdict[str, list[str]](list)
        for left, right in sorted(self._decided):
            self._partners[left].append(right)
            self._partners[right].append(left)
        self.compared = 0
        self._moved: set[str] = set()
        self._passing: frozenset[str] = frozenset()
        self._stirred: set[str] = set()

    @property
    def noted(self) -> Mapping[str, object]:
        """The forms that the change makes, and None for those that it takes away: what is to be remembered."""
        return self._now.noted

    @classmethod
    def from_nothing(cls, shares: Mapping[str, Share], decided: Iterable[Judgement] = ()) -> Derivation:
        """A change on empty graphs, to which these articles come."""
        return cls(ox.Store(), ox.Store(), shares.__getitem__, decided)

    def run(self, added: Mapping[str, Share], gone: Mapping[str, Share], touched: Iterable[str] = ()) -> Change:
        """The change, given the shares of articles that come and go, and forms whose decisions changed."""
        names = [(iri, form) for part in added.values() for iri, form in part.forms.items() if form.known is None]
        left = [(iri, form) for part in gone.values() for iri, form in part.forms.items() if form.known is None]
        printed, pulped = ([(article, part.text) for article, part in some.items()] for some in (added, gone))
        self._passing = frozenset((*added, *gone))
        self._settle(TEXTS, printed, pulped)
        self._settle(NAMES, names, left, [form for iri in touched if (form := self._form(iri)) is not None])
        told, untold = self._events(added, gone)
        self._settle(TELLINGS, told, untold)
        self._phrases(added, gone)
        self._others(added, gone)
        self._introduce()
        self._world(added, gone)
        return self.change

    def _stayed(self) -> list[str]:
        """The articles that neither come nor go, in which something goes by another name now."""
        return sorted(self._moved - self._passing)

    def _form(self, iri: str) -> Form | None:
        return self._now.alone(iri, NAMES) or known().get(iri)

    # ------------------------------------------------------------------------------------------------------- forms

    def _settle(
        self, kind: Kind[T], come: Iterable[tuple[str, T]], left: Iterable[tuple[str, T]], touched: Iterable[T] = ()
    ) -> None:
        """Things take on forms and lose them; what belongs together is found anew around what that changes."""
        gained, lost = list(come), list(left)
        struck = {form.iri for thing, form in lost if self._strike(thing, form, kind)}
        fresh = {form.iri for thing, form in gained if self._enlist(thing, form, kind)}
        was, now = self._changed(kind, gained, lost, struck)
        self._rekey(was, now, kind)
        around = list(self._around(was, kind))
        start = {form.iri: form for form in (*now, *touched)}
        self._judge_anew(was, start.values(), kind)
        moved = self._recluster(kind, start | {form.iri: form for form in around})
        for iri in struck - fresh:
            self._forget(iri)
        for iri in moved:
            for thing in self.change.subjects(FORM_OF, node(iri), INDEXED):
                self._link(thing, _name(thing, moved[iri]), kind.link)
                if kind is NAMES:
                    # Also where it goes by that name already, for what it takes part in: by its own name it did not.
                    self._moved.add(article_of(thing))
        for thing, form in gained:
            self._link(thing, _name(thing, self.change.value(form.iri, CANONICAL) or form.iri), kind.link)

    def _enlist(self, thing: str, form: T, kind: Kind[T]) -> bool:
        """Gives a thing its form; whether the form is new."""
        name = node(form.iri)
        new = self.change.value(form.iri, SAYS) is None
        if new:
            self.change.put(name, SAYS, ox.Literal(form.to_json()), INDEXED)
        self.change.put(node(thing), FORM_OF, name, INDEXED)
        return new

    def _strike(self, thing: str, form: T, kind: Kind[T]) -> bool:
        """Takes its form from a thing, and its place among the canonical; whether nothing else has the form."""
        name = node(form.iri)
        self.change.take(node(thing), FORM_OF, name, INDEXED)
        self._link(thing, None, kind.link)
        if any(True for _ in self.change.quads(None, FORM_OF, name, INDEXED)):
            return False
        for predicate in (SAYS, CANONICAL):
            for quad in list(self.change.quads(name, predicate, None, INDEXED)):
                self.change.take(name, predicate, quad.object, INDEXED)
        return True

    def _changed(
        self, kind: Kind[T], gained: Iterable[tuple[str, T]], lost: Iterable[tuple[str, T]], struck: Container[str]
    ) -> tuple[list[T], list[T]]:
        """The forms that change, as they were and as they are now; one of which is told what was told of it stays."""
        things = defaultdict[str, list[str]](list)
        for thing, form in gained:
            things[form.iri].append(thing)
        left = {form.iri for _, form in lost}
        was, now = list[T](), list[T]()
        for iri in sorted(things.keys() | left):
            old = self._was.get(iri, kind)
            again = old is None or iri in left
            new = self._now.read(iri, kind) if again else self._now.told(cast(T, old), things[iri], kind)
            if new is not old or iri in struck:
                self._now.note(iri, new)
                was += [old] if old is not None else []
                now += [new] if new is not None else []
        return was, now

    def _rekey(self, was: Iterable[T], now: Iterable[T], kind: Kind[T]) -> None:
        """Notes by which keys forms are found now, in place of those before."""
        old, new = ({(form.iri, key) for form in forms for key in kind.keys(form)} for forms in (was, now))
        for iri, key in old - new:
            self.change.take(node(iri), KEY, ox.Literal(key), INDEXED)
        for iri, key in new - old:
            self.change.put(node(iri), KEY, ox.Literal(key), INDEXED)

    def _link(self, thing: str, canonical: str | None, link: str = "toldAs") -> None:
        """Says under which name a thing goes from now on, and notes it if it had another."""
        name, predicate = node(thing), node(str(KG[link]))
        self._stirred.add(canonical or "")
        for old in self.change.subjects(predicate, name, _IDENTITY):
            self._stirred.add(old)
            if old != canonical:
                self.change.take(node(old), predicate, name, _IDENTITY)
                if predicate == TOLD:
                    self._moved.add(article_of(thing))
        if canonical is not None:
            self.change.put(node(canonical), predicate, name, _IDENTITY)

    # ---------------------------------------------------------------------------------------------------- clusters

    def _around(self, was: Iterable[T], kind: Kind[T]) -> Iterator[T]:
        """Those that stay of the forms with which some were judged or decided to be of one before."""
        bound = {iri for form in was for iri in (*self._bound(form, kind), *self._partners.get(form.iri, ()))}
        return (form for iri in sorted(bound) if (form := self._get(iri, kind)) is not None)

    def _bound(self, form: T, kind: Kind[T]) -> Collection[str]:
        """The forms that the machine held for one with one, before the change."""
        if form.iri in self._links:
            return self._links.of(form.iri)
        near = self._was.near(form, kind)
        return [iri for iri, other in near.items() if kind.counts(kind.judge(form, other))]

    def _get(self, iri: str, kind: Kind[T]) -> T | None:
        """A form of the articles or of the gazetteer."""
        return self._now.get(iri, kind) or cast("T | None", known().get(iri))

    def _judge_anew(self, was: Iterable[T], now: Collection[T], kind: Kind[T]) -> None:
        """What was thought of forms as they were is forgotten; as they are now, they are judged with all others."""
        for form in (*was, *now):
            self._links.forget(form.iri)
        judged = set[str]()
        for form in now:
            self._ask(form, kind, judged)
            judged.add(form.iri)

    def _ask(self, form: T, kind: Kind[T], judged: Container[str]) -> None:
        """Judges a form with its candidates, save those that were `judged`."""
        found = []
        for iri, other in self._now.near(form, kind).items():
            if iri not in judged:
                item = kind.judge(form, other)
                self.compared += 1
                self._keep(item, kind)
                found += [item] if kind.counts(item) else []
        self._links.note(form.iri, found)

    def _recluster(self, kind: Kind[T], start: Mapping[str, T]) -> dict[str, str]:
        """The new canonical IRI of each form that has another one now, around those that are new or stirred."""
        nodes, judged = dict(start), dict[Pair, Judgement]()
        line = list(nodes)
        for own in line:
            for pair, item in self._held(own, nodes[own], kind):
                judged[pair] = item
                iri = pair[1] if pair[0] == own else pair[0]
                if kind.counts(item) and iri not in nodes and (other := self._get(iri, kind)) is not None:
                    nodes[iri] = other
                    line.append(iri)
        inside = {pair: item for pair, item in judged.items() if pair[0] in nodes and pair[1] in nodes}
        return self._place(Clusters(nodes, inside, kind), nodes, kind)

    def _held(self, iri: str, form: T, kind: Kind[T]) -> Iterator[tuple[Pair, Judgement]]:
        """The judgements of a form with others that count; those of people, where there are any."""
        if iri not in self._links:
            self._ask(form, kind, self._links)
        for item in self._links.of(iri).values():
            pair = item.left, item.right
            yield pair, self._decided.get(pair, item)
        for other in self._partners.get(iri, ()):
            pair = min(iri, other), max(iri, other)
            yield pair, self._decided[pair]

    def _place(self, clusters: Clusters[T], nodes: Mapping[str, T], kind: Kind[T]) -> dict[str, str]:
        moved = {}
        for iri, canonical in canonical_names(clusters, nodes, kind).items():
            old = self.change.value(iri, CANONICAL)
            if old != canonical and self.change.value(iri, SAYS) is not None:
                if old is not None:
                    self.change.take(node(iri), CANONICAL, node(old), INDEXED)
                self.change.put(node(iri), CANONICAL, node(canonical), INDEXED)
                moved[iri] = canonical
        return moved

    def _keep(self, item: Judgement, kind: Kind[T]) -> None:
        """Stores what the machine thinks of two names, if it does not hold them for two."""
        if kind is NAMES and item.verdict is not Verdict.DIFFERENT:
            for triple in judgements.triples(item):
                self.change.put(*triple, _IDENTITY)

    def _forget(self, form: str) -> None:
        """Takes out what the machine thought of a form that nothing has any more."""
        for end in (_LEFT, _RIGHT):
            for name in self.change.subjects(end, node(form), _IDENTITY):
                for quad in list(self.change.quads(node(name), None, None, _IDENTITY)):
                    self.change.take(quad.subject, quad.predicate, quad.object, _IDENTITY)

    # ------------------------------------------------------------------------------------------------------ events

    def _events(
        self, added: Mapping[str, Share], gone: Mapping[str, Share]
    ) -> tuple[list[tuple[str, Happening]], list[tuple[str, Happening]]]:
        """The events that take on a form, and those that lose theirs: of articles that come and go, and where somebody
        who takes part goes by another name now."""
        come, left = list[tuple[str, Happening]](), list[tuple[str, Happening]]()
        for article, part in gone.items():
            left += [(event, self._told(event)) for event in part.events]
            self._tell(article, part, {})
        moved = {article: self._share_of(article) for article in self._stayed()}
        for article, part in (*added.items(), *moved.items()):
            told = part.happenings(self._by_name)
            other = self._tell(article, part, told)
            before = {event: self._told(event) for event in told} if article in moved else {}
            new = {event: item for event, item in told.items() if other or item != before[event]}
            come += new.items()
            left += [(event, before[event]) for event in new if event in before]
        return come, left

    def _tell(self, article: str, part: Share, told: Mapping[str, Happening]) -> bool:
        """Notes what an article tells, and in which of its events strangers take part; whether it told something else
        before."""
        self._meet(part, told)
        old = self.change.value(article, STORY)
        new = story(told.values()) if told else None
        if old is not None and old != new:
            self.change.take(node(article), STORY, ox.Literal(old), INDEXED)
        if new is not None:
            self.change.put(node(article), STORY, ox.Literal(new), INDEXED)
        return old != new

    def _meet(self, part: Share, told: Mapping[str, Happening]) -> None:
        """Notes of which events, by form, strangers in an article take part in, and no others."""
        now = {(thing, item.iri) for event, item in told.items() for thing in part.strangers(event, self._by_name)}
        named = {thing for item in part.events.values() for _, thing in item.fillers if thing in part.forms}
        old = {
            (thing, quad.object.value) for thing in named for quad in self.change.quads(node(thing), MET, None, INDEXED)
        }
        for thing, form in old - now:
            self.change.take(node(thing), MET, node(form), INDEXED)
        for thing, form in now - old:
            self.change.put(node(thing), MET, node(form), INDEXED)

    def _told(self, event: str) -> Happening:
        """The form that an event has had so far."""
        form = self._was.alone(self._before.value(event, FORM_OF) or "", TELLINGS)
        assert form is not None, event
        return form

    def _by_name(self, thing: str) -> str:
        """The name that a thing goes by for its own name alone, whatever it takes part in."""
        form = self.change.value(thing, FORM_OF) if thing.startswith(ARTICLE) else None
        return thing if form is None else _name(thing, self.change.value(form, CANONICAL) or form)

    # --------------------------------------------------------------------------------------------------- strangers

    def _introduce(self) -> None:
        """Whose name does not tell who they are goes by the name of who takes part in the same event under that name;
        if nobody does, those who do so alike go by one of their own. Not so where an article tells the two apart."""
        told = {self.canonical(event) for article in self._stayed() for event in self._share_of(article).events}
        events = sorted({iri for iri in self._stirred if iri.startswith(str(HAPPENING))} | told)
        seen, named = set[str](), cache(self._named)
        for thing in [thing for event in events for thing in self._strangers(event)]:
            if thing not in seen:
                circle, names = self._circle(thing)
                seen |= circle
                shared = shared_name(circle, names)
                others = named(shared) if names and shared else set()
                for one in circle:
                    self._link(one, one if shared is None or article_of(one) in others else shared)

    def _named(self, name: str) -> set[str]:
        """The articles in which something goes by a name for its own name alone."""
        return {article_of(thing) for thing in self._aliases(node(name)) if self._by_name(thing) == name}

    def _circle(self, thing: str) -> tuple[set[str], set[str]]:
        """Those who take part under one name in the same events, and who is known to do so under that name."""
        who, circle, names = self._called(thing), {thing}, set[str]()
        line, seen = [thing], set[str]()
        for one in line:
            forms = [quad.object.value for quad in self.change.quads(node(one), MET, None, INDEXED)]
            for event in {self.change.value(form, CANONICAL) or form for form in forms} - seen:
                seen.add(event)
                new = {iri for iri in self._strangers(event) if self._called(iri) == who} - circle
                line += sorted(new)
                circle |= new
                names.update(iri for item in self._tellings(event) for iri in known_as(item, *who))
        return circle, names

    def _strangers(self, event: str) -> list[str]:
        """Those who take part in an event, by its canonical IRI, and whose name does not tell who they are."""
        forms = self.change.subjects(CANONICAL, node(event), INDEXED)
        return sorted({thing for form in forms for thing in self.change.subjects(MET, node(form), INDEXED)})

    def _called(self, thing: str) -> tuple[str, str]:
        """The family and the name of a stranger."""
        form = self._now.alone(self.change.value(thing, FORM_OF) or "", NAMES)
        return (family(form.type) or "", form.names[0]) if form else ("", "")

    def _tellings(self, event: str) -> list[Happening]:
        """What articles tell of an event, by its canonical IRI."""
        forms = sorted(self.change.subjects(CANONICAL, node(event), INDEXED))
        return [told for iri in forms if (told := self._now.alone(iri, TELLINGS)) is not None]

    def canonical(self, thing: str) -> str:
        """The name that a thing goes by after the change."""
        return _canonical(self.change, thing)

    def _phrases(self, added: Mapping[str, Share], gone: Mapping[str, Share]) -> None:
        """Phrases go by their words and the event they are said of."""
        for part in gone.values():
            for phrase in part.phrases:
                self._link(phrase, None)
        moved = [self._share_of(article) for article in self._stayed()]
        for part in (*added.values(), *moved):
            for event, told in part.events.items():
                for role, filler in told.fillers:
                    if filler in part.phrases:
                        self._link(filler, wording(self.canonical(event), role, part.phrases[filler]))

    def _others(self, added: Mapping[str, Share], gone: Mapping[str, Share]) -> None:
        """What no other article can tell of, and what has one name everywhere, goes by its own name."""
        for article, part in gone.items():
            for thing in part.things:
                if thing.startswith(article) or not self._told_elsewhere(thing, gone):
                    self._link(thing, None)
        for article, part in added.items():
            named = part.forms.keys() | part.events.keys() | part.phrases.keys()
            for thing in part.things:
                if not thing.startswith(article) or thing not in named:
                    self._link(thing, thing)

    def _told_elsewhere(self, thing: str, gone: Mapping[str, Share]) -> bool:
        """Whether an article that stays claims something of a thing."""
        quads = self._articles.quads_for_pattern(node(thing), None, None, None)
        names = (quad.graph_name.value for quad in quads if isinstance(quad.graph_name, Node))
        others = (name for name in names if name.startswith(ARTICLE) and name not in gone)
        return any(thing in self._share_of(article).things for article in others)

    # ------------------------------------------------------------------------------------------------------- world

    def _world(self, added: Mapping[str, Share], gone: Mapping[str, Share]) -> None:
        """What the articles assert, under the names that things go by now."""
        changed = self._stayed()
        stay = {article: self._share_of(article) for article in changed}
        new_name, old_name = cache(self.canonical), cache(lambda thing: _canonical(self._before, thing))
        now = {triple for part in (*stay.values(), *added.values()) for triple in named(part.facts, new_name)}
        old = {triple for part in (*stay.values(), *gone.values()) for triple in named(part.facts, old_name)}
        for triple in now:
            self.change.put(*triple, _WORLD)
        asserted = cache(lambda article: frozenset(named(self._share_of(article).facts, new_name)))
        for triple in old - now:
            others = (article for article in self._tellers(triple) if article not in self._passing)
            if not any(triple in asserted(article) for article in others):
                self.change.take(*triple, _WORLD)

    def _tellers(self, triple: Statement) -> Iterator[str]:
        """The articles that may assert a triple of the world: those that speak of each end that is told of under the
        names of articles alone; else those in which both ends stand together."""
        subject, predicate, object_ = triple
        ends = [subject] if predicate == _TYPE or not isinstance(object_, ox.NamedNode) else [subject, object_]
        own = [article_of(end.value) for end in ends if end.value.startswith(ARTICLE)]
        derived = [end for end in ends if end.value.startswith(_DERIVED)]
        if own:
            yield from own[:1]
        elif derived:
            told = ({article_of(thing) for thing in self._aliases(end)} - {end.value} for end in derived)
            yield from sorted(set.intersection(*told))
        else:
            for one in self._aliases(subject):
                for two in self._aliases(object_) if len(ends) > 1 else [object_]:
                    yield from self._together(one, predicate, two)

    def _aliases(self, thing: Any) -> list[str]:
        """What a thing is called, the canonical name first."""
        told = (quad.object.value for quad in self.change.quads(thing, TOLD, None, _IDENTITY))
        return list(dict.fromkeys((thing.value, *told)))

    def _together(self, one: str, predicate: Node, two: Any) -> Iterator[str]:
        """The articles in which two ends stand in a triple, either way round; or the first alone, for its class."""
        patterns: list[tuple[Node, Node | None, Any]]
        if isinstance(two, str):
            patterns = [(node(one), None, node(two)), (node(two), None, node(one))]
        else:
            patterns = [(node(one), predicate, None if predicate == _TYPE else two)]
        for pattern in patterns:
            for quad in self._articles.quads_for_pattern(*pattern, None):
                if isinstance(quad.graph_name, Node) and quad.graph_name.value.startswith(ARTICLE):
                    yield quad.graph_name.value


#: The names that only things of articles go by.
_DERIVED = (str(FORM), str(HAPPENING), str(STRANGER), str(WORDING))


def canonical_names(clusters: Clusters[T], nodes: Mapping[str, T], kind: Kind[T]) -> dict[str, str]:
    """The canonical IRI of each form; NOBODY_KNOWS of one that may be of one or of another."""
    found = {}
    for cluster in clusters.all():
        is_open = clusters.is_open(cluster) and all(kind.alone(nodes[iri]) for iri in cluster)
        canonical = NOBODY_KNOWS if is_open else kind.canonical(nodes[iri] for iri in cluster)
        found.update(dict.fromkeys(cluster, canonical))
    return found


def shared_name(circle: Collection[str], names: Collection[str]) -> str | None:
    """What strangers go by who take part in the same events under one name, of whom these names are known; None where
    each goes by its own, since they may be two."""
    if len(names) > 1 or len({article_of(one) for one in circle}) < len(circle):
        return None
    return min(names, default=f"{STRANGER}{_hash(min(circle))}" if len(circle) > 1 else min(circle))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _name(thing: str, canonical: str) -> str:
    """What a thing is called: its own name, where nobody can tell whose its form is."""
    return thing if canonical == NOBODY_KNOWS else canonical


def named(facts: Iterable[Statement], canonical: Callable[[str], str]) -> Iterator[Statement]:
    """What an article asserts, with the names that things go by among all articles."""
    for subject, predicate, object_ in facts:
        far = node(canonical(object_.value)) if isinstance(object_, ox.NamedNode) and predicate != _TYPE else object_
        yield node(canonical(subject.value)), predicate, far


def _canonical(graphs: Change, thing: str) -> str:
    if not thing.startswith(ARTICLE):
        return thing
    return next(iter(graphs.subjects(TOLD, node(thing), _IDENTITY)), thing)


def from_scratch(shares: Mapping[str, Share], decided: Iterable[Judgement]) -> Iterator[ox.Quad]:
    """All derived quads of articles and decisions, without looking at what was derived before."""
    return Derivation.from_nothing(shares, decided).run(shares, {}).add
