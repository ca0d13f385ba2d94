# ruff: noqa: RUF001 — words in Cyrillic letters are meant to be
"""Demo: the words, places and members that made photos are made of."""

import random
from dataclasses import dataclass

from smart_image_scraper.demo.record import Member, Scene

WORDS = {
    "monkey": "monkey サル 猴子 قرد macaco singe mono обезьяна Affe unggoy ลิง קוף बंदर",
    "cage": "cage 檻 笼子 قفص gaiola cage jaula клетка Käfig hawla กรง כלוב पिंजरा",
    "wild": "wild 野生 野生动物 بري selvagem sauvage salvaje дикий Wildnis ligaw ป่า בר जंगली",
    "parrot": "parrot オウム 鹦鹉 ببغاء papagaio perroquet loro попугай Papagei loro นก תוכי तोता",
    "forest": "forest 森 森林 غابة floresta forêt bosque лес Wald gubat ป่าไม้ יער वन",
    "beach": "beach 浜辺 海滩 شاطئ praia plage playa пляж Strand baybayin ชายหาด חוף तट",
    "mountain": "mountain 山 高山 جبل montanha montagne montaña гора Berg bundok ภูเขา הר पहाड़",
    "city": "city 街 城市 مدينة cidade ville ciudad город Stadt lungsod เมือง עיר शहर",
    "flower": "flower 花 花朵 زهرة flor fleur flor цветок Blume bulaklak ดอกไม้ פרח फूल",
}
"""Each concept's word in the same thirteen languages, English first, a space between two."""

SYNONYMS = {"monkey": ("猿", "ape", "primate"), "wild": ("wildlife",), "cage": ("zoo", "captivity")}
"""Further words that turn up among the tags."""

CONCEPTS = {
    Scene.MONKEY: ("monkey", "wild"),
    Scene.CAGED_MONKEY: ("monkey", "cage"),
    Scene.PARROT: ("parrot", "wild"),
    Scene.CAGED_PARROT: ("parrot", "cage"),
    Scene.FOREST: ("forest", "wild"),
    Scene.BEACH: ("beach",),
    Scene.MOUNTAIN: ("mountain",),
    Scene.CITY: ("city",),
    Scene.FLOWER: ("flower",),
}
"""What is in a scene; the first is what its title speaks of."""

BINOMIALS = {
    Scene.MONKEY: "macaca fascicularis",
    Scene.CAGED_MONKEY: "nasalis larvatus",
    Scene.PARROT: "ara macao",
    Scene.CAGED_PARROT: "cacatua haematuropygia",
    Scene.FLOWER: "hibiscus rosa-sinensis",
}
"""The species that some owners name in a machine tag."""

SCENE_WEIGHTS = {
    Scene.MONKEY: 22,
    Scene.CAGED_MONKEY: 18,
    Scene.PARROT: 9,
    Scene.CAGED_PARROT: 7,
    Scene.FOREST: 12,
    Scene.BEACH: 10,
    Scene.MOUNTAIN: 8,
    Scene.CITY: 7,
    Scene.FLOWER: 7,
}
"""How often each scene is photographed."""

TITLES = (
    "{0}",
    "{0} {1}",
    "{0}, {place}",
    "{place}: {0}",
    "{0} & {1}",
    "The {0} of {place}",
    "{0} 🐒🌴",
    "✨ {0} ✨",
    '"{0}" <{place}>',
    "Tom &amp; the {0}",
    "{0} | {1} 📷 #{number}",
    "L'heure du {0}",
)
"""A title's forms: entities, typed entities, emoji and quotes occur in real ones."""

DESCRIPTIONS = (
    "A {0} seen near {place}.",
    "{0}, {1}.\n\nSeen in {place} after the rain. Press &quot;L&quot; for a larger view.",
    'More of the {0}: <a href="https://example.org/{number}" rel="nofollow">example.org</a>',
    "{place} • {0} • {1}\n\n(c) please ask before you use it",
    "Shot no. {number} of the day; light < 100 lux & a long wait.",
)
"""A description's forms; two in five photos have none."""

COMMON_TAGS = (
    *("animal", "nature", "travel", "zoo", "wildlife", "holiday", "island", "conservation"),
    *("nikon", "canon", "square", "blackandwhite", "portrait", "bokeh", "macro", "trip2016"),
)
"""Tags that say little of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place where made photos are taken.

    Attributes:
        name: As it is written in titles.
        latitude: Degrees.
        longitude: Degrees.
        woe_id: A made "where on earth" id.
        weight: How often photos are taken there.
    """

    name: str
    latitude: float
    longitude: float
    woe_id: str
    weight: int


_SPOTS = (
    ("Sandakan", 5.8394, 118.1172, 12),
    ("Puerto Princesa", 9.7392, 118.7353, 10),
    ("Cebu", 10.3157, 123.8854, 8),
    ("Bohol", 9.8500, 124.1435, 7),
    ("Manila", 14.5995, 120.9842, 8),
    ("Davao", 7.1907, 125.4553, 6),
    ("Ubud", -8.5069, 115.2625, 6),
    ("Jigokudani", 36.7328, 138.4621, 6),
    ("京都", 35.0116, 135.7681, 4),
    ("Gibraltar", 36.1408, -5.3536, 4),
    ("Manaus", -3.1190, -60.0217, 4),
    ("Rabat", 34.0209, -6.8416, 3),
    ("Jaipur", 26.9124, 75.7873, 3),
    ("Lopburi", 14.7995, 100.6534, 4),
    ("London", 51.5074, -0.1278, 3),
    ("Cape Town", -33.9249, 18.4241, 3),
    ("São Paulo", -23.5505, -46.6333, 3),
    ("Taveuni", -16.8500, -179.9900, 2),  # beside the 180th meridian, photos lie on both sides
    ("Longyearbyen", 78.2232, 15.6267, 1),
)
SPOTS = tuple(
    Spot(name=name, latitude=latitude, longitude=longitude, woe_id=str(56_000_001 + n), weight=w)
    for n, (name, latitude, longitude, w) in enumerate(_SPOTS)
)
"""The places, most around the Philippines and Sabah."""

_SYLLABLES = (
    ("zor", "vel", "qua", "myr", "thax", "brin", "ulf", "kex", "oph", "jund"),
    ("ва", "рух", "мижь", "тэл", "зок", "йем"),
    ("ヴォ", "ゾル", "ムグ", "ペヌ", "ヌワ", "リョ"),
)
_MEMBERS = 40
_ALIAS_SHARE = 0.7
_REAL_NAME_SHARE = 0.6
_OPTED_OUT = frozenset({12, 25, 38})


def _name(rng: random.Random, script: int) -> str:
    parts = ["".join(rng.choices(_SYLLABLES[script], k=rng.randint(3, 4))) for _ in range(2)]
    return " ".join(part.title() for part in parts)


def _members() -> tuple[Member, ...]:
    rng = random.Random("members")  # noqa: S311 — made people need no secrets
    members = []
    for number in range(_MEMBERS):
        script = rng.choices((0, 1, 2), weights=(8, 1, 1))[0]
        alias = f"{_name(rng, 0).lower().replace(' ', '_')}_{number}"
        members.append(
            Member(
                nsid=f"{rng.randint(10_000_000, 199_999_999)}@N{rng.randint(0, 8):02d}",
                name=_name(rng, script),
                alias=alias if rng.random() < _ALIAS_SHARE else "",
                real_name=_name(rng, 0) if rng.random() < _REAL_NAME_SHARE else "",
                opted_out=number in _OPTED_OUT,
            )
        )
    return tuple(members)


MEMBERS = _members()
"""The owners of all made photos, the same at every seed."""
