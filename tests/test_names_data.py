"""The gazetteer's data: nothing points nowhere, no form names two things of a kind, and what must be there is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date

import pytest
from rdflib import RDF, SKOS, Graph, Literal, URIRef

from kg import lexicon, ontology
from kg.namespaces import KG, NAME, WD

GRAPH = Graph()
for _file in sorted(ontology.path("names").glob("*.ttl")):
    GRAPH.parse(_file, format="turtle")
NAMES = set(GRAPH.subjects(SKOS.prefLabel))
TENURES = set(GRAPH.subjects(RDF.type, KG.Tenure))
SCHEMA = lexicon.load().schema
FUNCTIONAL = (KG.capital, KG["from"], KG.until, KG.person, KG.office, KG.relation, KG.of, RDF.type, SKOS.prefLabel)


def test_every_reference_leads_to_an_entry() -> None:
    nowhere = {str(o) for s, p, o in GRAPH if isinstance(o, URIRef) and o.startswith(str(NAME)) and o not in NAMES}
    assert not nowhere


def test_every_entry_has_one_label_and_one_known_type() -> None:
    for predicate in FUNCTIONAL:
        many = [str(s) for s, n in Counter(GRAPH.subjects(predicate)).items() if n > 1]
        assert not many, predicate
    types = {lexicon.local(str(GRAPH.value(name, RDF.type))) for name in NAMES}
    assert not {type_ for type_ in types if type_ not in SCHEMA.parents}


def test_no_form_names_two_things_of_one_type() -> None:
    named: defaultdict[tuple[str, str], set[object]] = defaultdict(set)
    for name in NAMES:
        type_ = str(GRAPH.value(name, RDF.type))
        for predicate in (SKOS.prefLabel, SKOS.altLabel, KG.shortName):
            for form in GRAPH.objects(name, predicate):
                named[type_, str(form)].add(name)
    assert not {key: sorted(map(str, found)) for key, found in named.items() if len(found) > 1}


def test_wikidata_ids_are_well_formed_and_used_once() -> None:
    ids = Counter(str(o) for o in GRAPH.objects(None, SKOS.exactMatch))
    assert all(re.fullmatch(re.escape(str(WD)) + r"Q[1-9]\d*", one) for one in ids)
    assert not [one for one, n in ids.items() if n > 1]


def test_all_members_of_the_united_nations_are_there() -> None:
    members = {s for s in GRAPH.subjects(KG.memberOf, NAME.United_Nations) if (s, RDF.type, KG.State) in GRAPH}
    assert len(members) == 193
    assert all(GRAPH.value(state, SKOS.exactMatch) for state in members)
    without = {str(GRAPH.value(s, SKOS.prefLabel)) for s in members if not GRAPH.value(s, KG.demonym)}
    assert without == {"Dominica", "Republic of the Congo"}  # theirs would be the Dominican Republic's and Kinshasa's


@pytest.mark.parametrize("name", ["Kosovo", "Taiwan", "Abkhazia", "South_Ossetia", "Transnistria", "Northern_Cyprus"])
def test_the_disputed_are_marked(name: str) -> None:
    assert (NAME[name], KG.status, KG.Disputed) in GRAPH


def test_enough_bodies_and_people() -> None:
    types = Counter(lexicon.local(str(GRAPH.value(name, RDF.type))) for name in NAMES)
    assert types["IntergovernmentalOrganization"] >= 40
    assert types["ArmedGroup"] >= 40
    assert types["Media"] >= 40
    assert types["Person"] >= 100


def test_tenures_are_whole_and_end_after_they_begin() -> None:
    assert len(TENURES) >= 100
    for tenure in TENURES:
        assert GRAPH.value(tenure, KG.person) in NAMES
        assert GRAPH.value(tenure, KG.of) in NAMES
        assert isinstance(GRAPH.value(tenure, KG.office), Literal)
        assert lexicon.local(str(GRAPH.value(tenure, KG.relation))) in SCHEMA.ranges
        start, end = (str(GRAPH.value(tenure, KG[bound]) or "") for bound in ("from", "until"))
        assert all(day(bound) for bound in (start, end) if bound)
        assert not end or start <= end, tenure


def day(text: str) -> bool:
    """Whether a text is an ISO year, month or day."""
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text), text
    date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
    return True


def test_coordinates_are_those_of_cities_of_the_gazetteer() -> None:
    names = lexicon.load().gazetteer.names
    lies = {iri: name.at for iri, name in names.items() if name.at is not None}
    said = {str(thing) for thing in GRAPH.subjects(URIRef("http://www.w3.org/2003/01/geo/wgs84_pos#lat"))}
    assert said == set(lies)
    assert len(lies) > 1_500
    assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in lies.values())
    assert {names[iri].type for iri in lies} == {"City"}


@pytest.mark.parametrize(
    ("city", "north", "east"),
    [("Geneva", 46.2, 6.1), ("Canberra", -35.3, 149.1), ("Lima", -12.0, -77.0), ("Tbilisi", 41.7, 44.8)],
)
def test_cities_lie_where_they_do(city: str, north: float, east: float) -> None:
    lat, lon = lexicon.load().gazetteer.names[f"{NAME}{city}"].at or (0.0, 0.0)
    assert abs(lat - north) < 0.3
    assert abs(lon - east) < 0.3
