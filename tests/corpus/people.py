"""Who acts in the corpus: states and cities of the gazetteer, and invented persons, bodies and places.

Names are patterns: "Ser{hii|gei|gey}" is written in one of three ways, and a `House` (an outlet's habits) always
chooses the same one. People, bodies and what they do are invented; that they serve real states is so that
articles share these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from random import Random

#: Culture → its states, as (local name in the gazetteer, demonym).
STATES = {
    "slavic": ("Ukraine Ukrainian", "Serbia Serbian", "Bulgaria Bulgarian", "Moldova Moldovan", "Slovakia Slovak"),
    "arabic": ("Jordan Jordanian", "Oman Omani", "Tunisia Tunisian", "Iraq Iraqi", "Qatar Qatari", "Iran Iranian"),
    "chinese": ("China Chinese", "Singapore Singaporean", "South_Korea South Korean"),
    "hungarian": ("Hungary Hungarian",),
    "english": ("Canada Canadian", "Ireland Irish", "Australia Australian", "Barbados Barbadian"),
    "nordic": ("Norway Norwegian", "Iceland Icelandic", "Denmark Danish", "Finland Finnish"),
    "spanish": ("Chile Chilean", "Peru Peruvian", "Colombia Colombian", "Uruguay Uruguayan"),
    "african": ("Kenya Kenyan", "Ghana Ghanaian", "Uganda Ugandan", "Zambia Zambian", "Senegal Senegalese"),
    "armenian": ("Armenia Armenian", "Georgia Georgian"),
}
#: States that mediate everywhere, and where talks are held.
HUBS = ("Norway", "Qatar", "Kenya", "Canada")
VENUES = ("Geneva", "Vienna", "Oslo", "Doha", "Nairobi", "Ottawa", "Muscat", "Helsinki", "Istanbul", "Lugano")

GIVEN = {
    "slavic": "Ser{hii|gei|gey|hiy} Andr{ii|iy|ei|ey} M{y|i}kola Dm{y|i}tro Petro Lesia Oksana "
    "Bo{h|g}dan Yur{ii|iy|y|i} Taras "
    "Halyna Vas{yl|yly|ily} Zor{ia|ya|a}n",
    "arabic": "Moha{mm|m}{e|a}d {Kh|K}aled You{ss|s}ef Tar{iq|ek|eq} {Q|K}asim Lay{la|lah} "
    "Sam{ee|i}r Nad{ia|iya} Ha{ss|s}an "
    "Om{a|e}r Fa{ris|rees} Zaynab",
    "chinese": "Jian{hua|-hua} Min{glu|-glu} Do{hyun|-hyun} Xiao{wen|-wen} Seo{yun|-yun} "
    "Hai{feng|-feng} Ji{won|-won} Rui{lan|-lan}",
    "hungarian": "Istv{á|a}n Zolt{á|a}n Gerg{ő|o} {É|E}va B{é|e}la Ildik{ó|o} K{á|a}lm{á|a}n",
    "english": "{Robert|Bob} {William|Bill} {Stephen|Steven|Steve} {Michael|Mike} {Thomas|Tom} "
    "{Elizabeth|Liz} {Margaret|Maggie} "
    "{Daniel|Dan} Owen Harriet Rupert Clare",
    "nordic": "Bj{ö|o}rn {Å|A}se S{ø|o}ren Eir{í|i}kur J{ó|o}n Ragnhild Torvald Mikko Sig{rún|run}",
    "spanish": "Jos{é|e} Mar{í|i}a Joaqu{í|i}n Bel{é|e}n Andr{é|e}s Ver{ó|o}nica Hern{á|a}n Rosa",
    "african": "Kofi {K|Kh}wame Wanjiru Aka{ch|tch}i Mutiso Abena Oti{e|a}no Fatou Chanda Moussa",
    "armenian": "Ti{g|gh}ran Davi{t|d} Anahit {G|Gh}evorg Nin{o|a} Va{ch|tch}e Lu{s|ss}ine",
}
#: Beginnings and ends of family names: each beginning may have each end.
FAMILY = {
    "slavic": (
        "Brand Korch Za{h|g}or Verb Lysten Mo{h|g}yl Tol{ia|ya}r Ostr Dov{h|g}an {Shch|Sch}erb Sva{h|g}ir Chor{n|nn}",
        "{skyi|sky|skiy|skij} enko {chuk|tchuk} {ych|ich}",
    ),
    "arabic": (
        "{al-|el-|}Har{ou|u}n {al-|el-|}Mas{ri|ry}f {Kh|K}ash {al-|el-|}Qat{ou|u}n {al-|}Naj{ee|i}b "
        "{al-|el-|}Sabd{ou|u}r Rahw "
        "{al-|el-|}Zu{b|bb}ar",
        "i awi an",
    ),
    "chinese": ("{Q|Ch}i Sh Lu Fa Tae Hw Pa {Zh|J} We Ku", "an{|g} ou en{|n} ao"),
    "hungarian": ("Szarv T{ö|o}lgy B{é|e}rc Katy{ó|o} Hal{á|a}p Ver{ő|o}f", "asi {é|e}nyi {á|a}ny"),
    "english": ("Brand Hollow Thorn Carver Ash Mill Pen Wex", "mark ford leigh brook by"),
    "nordic": ("Bj{ö|o}rk Str{ø|o}m Hav Sk{å|a}r Lind H{ø|o}y", "dal vik land stad"),
    "spanish": ("Mu{ñ|n}ar Quir Valdi C{á|a}rd Ib{á|a}r Olm", "ena ales edo ivia"),
    "african": ("Ka{ch|tch}u Mwen Obo Adje Ndi Sarr Tem", "ngo ri wa ku mba"),
    "armenian": ("{Gh|G}aram Sar{k|g} Ma{ch|tch}av Berd Kapan", "yan {idze|idzeh} osyan"),
}
#: (office, predicate, whether one at a time holds it): of a state.
OFFICES = (
    ("foreign minister", "officialOf", True),
    ("defence minister", "officialOf", True),
    ("chief negotiator", "negotiatorOf", True),
    ("special envoy", "representativeOf", False),
    ("spokeswoman", "representativeOf", False),
    ("deputy minister", "officialOf", False),
    ("adviser", "officialOf", False),
)
LEADERS = {"ArmedGroup": "leader", "Military": "commander", "Organization": "director"}
#: Beginnings and ends of the names of cities.
PLACES = (
    ("Drav", "Sol", "Kest", "Mir", "Bolv", "Tor", "Harn", "Ulm", "Vard", "Zel", "Nor", "Quen", "Osk", "Lurb", "Fenn",
     "Gald", "Tev", "Jass"),
    ("ica", "oven", "ane", "grad", "mere", "ush", "alta", "ford", "ora", "isk"),
)  # fmt: skip
#: What armed groups and trusts are called after; no two lands of one initial, so no two have one acronym by chance.
COLOURS = ("Red", "White", "Copper", "Violet", "Ochre", "Teal", "Yellow", "Night")
LANDS = ("Dune", "Ridge", "Valley", "Coast", "Upland", "Marsh", "Island", "Lakes", "Harbour", "Pass", "Beach")
TRUSTS = (
    "Mediation Trust", "Dialogue Office", "Contact Bureau", "Reconciliation Panel", "Truce Council",
    "Arbitration Office", "Settlement Chamber",
)  # fmt: skip
#: By initial, of what and for what the namesakes of trusts are.
TWIN_LANDS = (
    "Desert", "Regional", "Valletta", "Central", "Unified", "Maritime", "Interstate", "Lowland", "Highland", "Plains",
    "Boreal",
)  # fmt: skip
TWIN_AIMS = {
    "M": "Monitoring", "D": "Demining", "C": "Ceasefire", "R": "Rescue", "T": "Taskforce", "B": "Board", "P": "Pool",
    "A": "Aid", "O": "Observatory", "S": "Survey",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something of the world: `names` are patterns, the longest first; of a person, given and family name.

    `of` is the state or body that it belongs to, by `relation` (its `office`, held from `since` to before `until`).
    `careful` if another is called alike: then articles say whose it is. `iri` is global for what the gazetteer knows.
    """

    id: str
    type: str
    names: tuple[str, ...]
    of: str | None = None
    relation: str | None = None
    office: str | None = None
    demonym: str | None = None
    family_first: bool = False
    careful: bool = False
    since: date | None = None
    until: date | None = None
    iri: str | None = None
    wikidata: str | None = None

    def holds(self, day: date) -> bool:
        """Whether the office is held on a day."""
        return self.office is not None and (self.since or day) <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class House:
    """An outlet's habits of spelling: for the same letters always the same choice. `plain` drops diacritics, `initials`
    gives no given names, `first` puts Chinese and Hungarian family names first."""

    outlet: str
    seed: int
    plain: bool
    initials: bool
    first: bool
    spelt: dict[str, str] = field(default_factory=dict, compare=False)

    def spell(self, pattern: str) -> str:
        """A name as this outlet writes it."""
        if pattern not in self.spelt:
            written = _GROUP.sub(lambda match: self._choose(match[1]), pattern).strip()
            self.spelt[pattern] = written
        return self.spelt[pattern]

    def _choose(self, group: str) -> str:
        ways = group.split("|")
        if not group.isascii():  # Diacritics are kept or dropped throughout.
            return ways[-1] if self.plain else ways[0]
        return Random(f"{self.seed} {self.outlet} {group}").choice(ways)


_GROUP = re.compile(r"\{([^}]*)\}")


def house(outlet: str, seed: int) -> House:
    """The habits of an outlet."""
    rng = Random(f"{seed} {outlet}")
    return House(outlet, seed, rng.random() < 0.5, rng.random() < 0.12, rng.random() < 0.6)
