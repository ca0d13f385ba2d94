"""Demo: the items that the imitation of Wikidata knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

TAXON, COMMON_NAME, PAGE = "Q16521", "Q55983715", "Q4167410"

_RANKS = ("normal", "preferred", "deprecated")
Texts = Mapping[str, Sequence[str]]
Entity = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeItem:
    """An item. Its number is made, its names are not.

    Attributes:
        id: Its number.
        description: In English.
        kind: The item that it is an instance of.
        sites: How many Wikipedias have a page on it.
        names: By language, the label first and then the aliases; an empty label is none.
        common: The common names of a taxon by language.
        wrong: Likewise those that are known to be wrong.
        claims: By property, other values; the second one is the preferred one, the third is wrong.
    """

    id: str
    description: str
    kind: str
    sites: int
    names: Texts
    common: Texts = field(default_factory=dict)
    wrong: Texts = field(default_factory=dict)
    claims: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def called(self) -> Iterator[tuple[str, str, str]]:
        """What it is called, each name with its language, and ``label`` or ``alias``."""
        for language, names in self.names.items():
            for at, name in enumerate(names):
                if name:
                    yield name, language, "alias" if at else "label"

    def entity(self, languages: Sequence[str]) -> Entity:
        """Return what ``wbgetentities`` tells of it, in these languages, or in all if none."""
        told = {
            code: names for code, names in self.names.items() if not languages or code in languages
        }
        statements = {
            "P31": [_statement("P31", {"entity-type": "item", "id": self.kind})],
            **{name: list(_claims(name, values)) for name, values in self.claims.items()},
        }
        if self.common or self.wrong:
            statements["P1843"] = [*_common(self.common), *_common(self.wrong, rank="deprecated")]
        return {
            "type": "item",
            "id": self.id,
            "labels": {code: _text(code, names[0]) for code, names in told.items() if names[0]},
            "descriptions": {"en": _text("en", self.description)},
            "aliases": {
                code: [_text(code, name) for name in names[1:]]
                for code, names in told.items()
                if names[1:]
            },
            "claims": statements,
            "sitelinks": {
                f"made{at}wiki": {"site": f"made{at}wiki", "title": self.id, "badges": []}
                for at in range(self.sites)
            },
        }


def _text(language: str, value: str) -> dict[str, str]:
    return {"language": language, "value": value}


def _claims(name: str, values: Sequence[str]) -> Iterator[Entity]:
    for rank, value in zip(_RANKS, values, strict=False):
        is_item = name == "P141"
        yield _statement(
            name, {"entity-type": "item", "id": value} if is_item else value, rank=rank
        )


def _common(names: Texts, *, rank: str = "normal") -> Iterator[Entity]:
    for language, some in names.items():
        for name in some:
            yield _statement("P1843", {"text": name, "language": language}, rank=rank)


def _statement(name: str, value: object, *, rank: str = "normal") -> Entity:
    snak = {"snaktype": "value", "property": name, "datavalue": {"value": value}}
    return {"mainsnak": snak, "type": "statement", "rank": rank, "id": f"made${name}"}


ITEMS = (
    MadeItem(
        id="Q1100",
        description="animals of the order primates, but for apes",
        kind=COMMON_NAME,
        sites=140,
        names={
            "en": ("monkey", "monkeys", "🐒", "Monkey"),
            "it": ("scimmia", "scimmie"),
            "es": ("mono",),
            "ja": ("サル", "猿", "ましら", "お猿さん", "モンキー"),
            "fr": ("singe",),
            "de": ("Affe",),
            "zh": ("猴", "猴子"),
            "zh-hans": ("猴子",),
            "zh-hant": ("猴", "猢猻"),
            "ar": ("قِرْد", "سعدان"),
            "ru": ("обезьяна",),
            "pt": ("macaco", "mono"),
            "ko": ("원숭이",),
            "tl": ("unggoy",),
        },
    ),
    MadeItem(
        id="Q1101",
        description="ninth animal of the Chinese zodiac",
        kind="Q1107",
        sites=40,
        names={"en": ("Monkey",), "ja": ("申",)},
    ),
    MadeItem(
        id="Q1102",
        description="song",
        kind="Q7366",
        sites=2,
        names={"en": ("Monkey Wild",)},
    ),
    MadeItem(
        id="Q1111",
        description="species of Old World monkey",
        kind=TAXON,
        sites=60,
        names={
            "en": ("crab-eating macaque", "long-tailed macaque", "Macaca fascicularis"),
            "ja": ("カニクイザル",),
            "de": ("Javaneraffe", "Langschwanzmakak", "Macaca fascicularis (Raffles)"),
            "ms": ("kera", "kera (monyet)"),
            "id": ("Monyet kra", "monyet ekor panjang"),
            "fr": ("Macaca fascicularis", "macaque crabier", "Macaque Crabier"),
            "mul": ("Macaca fascicularis",),
        },
        common={
            "en": ("Crab-eating Macaque", "Cynomolgus Monkey"),
            "ru": ("Макак-крабоед (Makak-kraboed)",),
            "fr": ("Macaque de Buffon",),
        },
        wrong={"en": ("Rhesus Monkey",)},
        claims={
            "P225": ("Macaca fascicularis",),
            "P141": ("Q278113", "Q96377276", "Q211005"),
            "P846": ("2436611",),
            "P3151": ("43456",),
            "P627": ("12551",),
        },
    ),
    MadeItem(
        id="Q1121",
        description="species of monkey",
        kind=TAXON,
        sites=70,
        names={"en": ("proboscis monkey", "long-nosed monkey"), "de": ("Nasenaffe",)},
        claims={"P225": ("Nasalis larvatus",), "P141": ("Q12345678",)},
    ),
    MadeItem(
        id="Q1201",
        description="family of birds",
        kind=TAXON,
        sites=110,
        names={"en": ("crane", "cranes"), "de": ("Kraniche", "Kranich"), "ja": ("ツル",)},
        claims={"P225": ("Gruidae",)},
    ),
    MadeItem(
        id="Q1202",
        description="machine that lifts loads",
        kind="Q31464082",
        sites=85,
        names={"en": ("crane",), "de": ("Kran",), "ja": ("クレーン",)},
    ),
    MadeItem(
        id="Q1203", description="family name", kind="Q101352", sites=15, names={"en": ("Crane",)}
    ),
    MadeItem(
        id="Q1204",
        description="Wikimedia disambiguation page",
        kind=PAGE,
        sites=30,
        names={"en": ("Crane",)},
    ),
    MadeItem(
        id="Q1301",
        description="enclosure for animals",
        kind="Q811979",
        sites=45,
        names={"en": ("cage",), "de": ("Käfig",), "fr": ("cage",), "it": ("gabbia",)},
    ),
    MadeItem(
        id="Q1302", description="family name", kind="Q101352", sites=9, names={"en": ("Cage",)}
    ),
    MadeItem(
        id="Q1401",
        description="genus of birds",
        kind=TAXON,
        sites=50,
        names={"en": ("gannet", "Morus"), "de": ("Tölpel",)},
        claims={"P225": ("Morus",)},
    ),
    MadeItem(
        id="Q1402",
        description="genus of plants",
        kind=TAXON,
        sites=65,
        names={"en": ("mulberry", "Morus"), "de": ("Maulbeeren",)},
        claims={"P225": ("Morus",)},
    ),
)
BY_ID: Mapping[str, MadeItem] = MappingProxyType({item.id: item for item in ITEMS})

MERGED: Mapping[str, str] = MappingProxyType({"Q1110": "Q1111"})
"""Items that were merged into others."""
