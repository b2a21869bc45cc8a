"""The vocabulary: every term labelled, defined and where the contract wants it; none used that is not there."""

import re
from functools import cache
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

from kg import ontology
from kg.namespaces import KG, PLOVER, PREFIXES, SCHEMA, SEM, WD

#: Classes of events by their PLOVER code, and the roles that they must at least take.
EVENTS = {
    "CONSULT": (
        "Negotiation Meeting Visit Call Mediation",
        "party mediator host agent target topic place",
    ),
    "AGREE": ("Agreement Ceasefire", "party mediator topic place"),
    "SUPPORT": ("Support", "agent target topic"),
    "COOPERATE": ("Cooperation", "agent target topic"),
    "AID": ("Aid", "agent target topic"),
    "CONCEDE": ("Concession", "agent target topic place"),
    "RETREAT": ("Withdrawal Release", "agent target topic place"),
    "REQUEST": ("Demand Appeal Proposal", "agent target topic"),
    "ACCUSE": ("Accusation Criticism Investigation", "agent target topic"),
    "REJECT": ("Rejection Refusal Collapse", "agent target topic"),
    "THREATEN": ("Threat Warning", "agent target topic"),
    "PROTEST": ("Protest", "agent target topic place"),
    "SANCTION": ("Sanction", "agent target"),
    "MOBILIZE": ("Deployment Exercise", "agent target instrument place"),
    "COERCE": ("Arrest Seizure Expulsion Blockade", "agent target place"),
    "ASSAULT": (
        "Attack Airstrike Bombing Shelling Shooting Clash Invasion Occupation",
        "agent target instrument killed injured place",
    ),
}
UNCODED = {
    "Statement": "speaker addressee topic",
    "Election": "agent",
    "Referendum": "agent",
    "Appointment": "agent person",
    "Resignation": "agent person",
    "Death": "person",
    "Injury": "person",
    "Open": "agent target topic place",
}
SUBCLASSES = {
    "Actor": "Person Organization State Group",
    "Organization": "Government Military ArmedGroup PoliticalParty IntergovernmentalOrganization Company Media",
    "Place": "City Region Facility State",
    "Attack": "Airstrike Bombing Shelling Shooting",
    "Agreement": "Ceasefire",
    "Thing": "Actor Place Office Weapon Conflict Document Phrase Time Event",
}
RELATIONS = (
    "negotiatorOf representativeOf headOf officialOf memberOf citizenOf partOf locatedIn allyOf opponentOf controls"
    " sameAs affiliatedWith mediatedBy struck participatedIn hostedBy time respondsTo"
)
QUALIFIERS = "affirmed negated actual planned possible conditional desired"


@cache
def terms() -> Graph:
    return Graph().parse(ontology.path("kg.ttl"))


@cache
def vocabulary() -> frozenset[str]:
    """The local names of what any vocabulary file of the ontology defines in our namespace."""
    graph = Graph()
    for path in [ontology.path("kg.ttl"), *ontology.path("lexicon").glob("*.ttl")]:
        graph.parse(path)
    labelled = set(graph.subjects(RDFS.label)) | set(graph.subjects(SKOS.definition))
    return frozenset(str(term).removeprefix(str(KG)) for term in labelled if str(term).startswith(str(KG)))


def ours() -> list[URIRef]:
    found = {str(term) for term in terms().subjects()}
    return [URIRef(term) for term in sorted(found) if term.startswith((str(KG), str(PLOVER)))]


def above(name: str) -> set[str]:
    return {str(term).removeprefix(str(KG)) for term in terms().transitive_objects(KG[name], RDFS.subClassOf)}


def roles(name: str) -> set[str]:
    """The roles that a class takes, its own and those of its superclasses."""
    return {str(role).removeprefix(str(KG)) for class_ in above(name) for role in terms().objects(KG[class_], KG.role)}


@pytest.mark.parametrize("term", ours())
def test_each_term_is_labelled_and_defined_once(term: URIRef) -> None:
    labels, definitions = list(terms().objects(term, RDFS.label)), list(terms().objects(term, SKOS.definition))
    assert len(labels) == 1
    assert len(definitions) == 1
    assert str(definitions[0])[0].isupper()
    assert re.fullmatch(r"[^.]+\.", str(definitions[0])), "a definition is one sentence"


@pytest.mark.parametrize("term", ours())
def test_each_term_says_what_it_is(term: URIRef) -> None:
    assert set(terms().objects(term, RDF.type))


@pytest.mark.parametrize(
    ("code", "name"), [(code, name) for code, (names, _) in EVENTS.items() for name in names.split()]
)
def test_event_classes_have_their_plover_code_and_roles(code: str, name: str) -> None:
    assert "Event" in above(name)
    assert list(terms().objects(KG[name], KG.plover)) == [PLOVER[code]]
    assert (PLOVER[code], RDF.type, SKOS.Concept) in terms()
    assert roles(name) >= set(EVENTS[code][1].split())


@pytest.mark.parametrize("name", UNCODED)
def test_event_classes_outside_plover_have_none(name: str) -> None:
    assert "Event" in above(name)
    assert not list(terms().objects(KG[name], KG.plover))
    assert roles(name) >= set(UNCODED[name].split())


def test_no_event_class_is_unknown_to_the_contract() -> None:
    known = {name for names, _ in EVENTS.values() for name in names.split()} | UNCODED.keys()
    found = {str(term).removeprefix(str(KG)) for term in terms().transitive_subjects(RDFS.subClassOf, KG.Event)}
    assert found == known | {"Event"}


@pytest.mark.parametrize(("above_name", "names"), SUBCLASSES.items())
def test_tree_of_classes(above_name: str, names: str) -> None:
    for name in names.split():
        assert above_name in above(name)


def test_a_state_is_an_actor_and_a_place() -> None:
    assert {"Actor", "Place"} <= above("State")
    assert "Place" not in above("Organization")


@pytest.mark.parametrize("name", sorted({name for _, names in EVENTS.values() for name in names.split()}))
def test_roles_have_a_domain_and_a_range(name: str) -> None:
    assert (KG[name], RDF.type, OWL.ObjectProperty) in terms()
    assert terms().value(KG[name], RDFS.domain) == KG.Event
    assert terms().value(KG[name], RDFS.range) in {KG.Actor, KG.Place, KG.Weapon, KG.Thing}


@pytest.mark.parametrize("name", RELATIONS.split())
def test_relations_have_a_domain_and_a_range(name: str) -> None:
    assert (KG[name], RDF.type, OWL.ObjectProperty) in terms()
    for end in (RDFS.domain, RDFS.range):
        assert (terms().value(KG[name], end), RDF.type, OWL.Class) in terms()


@pytest.mark.parametrize("name", ["negotiatorOf", "representativeOf", "headOf", "officialOf", "memberOf"])
def test_affiliations(name: str) -> None:
    assert (KG[name], RDFS.subPropertyOf, KG.affiliatedWith) in terms()


def test_symmetric_relations() -> None:
    found = set(terms().subjects(RDF.type, OWL.SymmetricProperty))
    assert found == {KG.allyOf, KG.opponentOf, KG.sameAs}


def test_qualifiers_are_individuals() -> None:
    for name in QUALIFIERS.split():
        assert (KG[name], RDF.type, OWL.NamedIndividual) in terms()


def test_alignment() -> None:
    """The upper classes are kinds of SEM's, and people and organizations are those of schema.org and Wikidata."""
    for name in ("Event", "Actor", "Place", "Time"):
        assert (KG[name], RDFS.subClassOf, SEM[name]) in terms()
    assert (KG.Claim, RDFS.subClassOf, RDF.Statement) in terms()
    assert (KG.Person, SKOS.exactMatch, SCHEMA.Person) in terms()
    assert (KG.Person, SKOS.exactMatch, WD.Q5) in terms()


def test_links_point_at_terms_that_exist() -> None:
    """A term of ours that the file uses is defined in it."""
    defined = set(terms().subjects())
    used = {term for triple in terms() for term in triple if str(term).startswith((str(KG), str(PLOVER)))}
    assert used <= defined


def _used_in(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    pattern = r"\bkg:([A-Za-z]\w*)" if path.suffix in {".rq", ".ttl"} else r"\bKG\.(\w+)|\bKG\[\"(\w+)\"\]"
    names = {name for match in re.finditer(pattern, text) for name in match.groups() if name}
    return names - set(dir(Namespace))


SOURCES = sorted(
    [
        *(Path(ontology.__file__).parent).rglob("*.py"),
        *ontology.path("questions").glob("*.rq"),
        *ontology.path().glob("shapes.ttl"),
    ]
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_terms_in_use_are_defined(path: Path) -> None:
    assert _used_in(path) <= vocabulary()


def test_prefixes_of_the_ontology_are_those_of_the_code() -> None:
    for prefix, iri in re.findall(r"@prefix (\w+): <([^>]+)>", ontology.path("kg.ttl").read_text(encoding="utf-8")):
        assert PREFIXES.get(prefix, iri) == iri
