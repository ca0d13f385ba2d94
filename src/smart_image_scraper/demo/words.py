# ruff: noqa: RUF001 — words in Cyrillic letters are meant to be
"""Demo: the words and places that made photos are made of."""

from dataclasses import dataclass

from smart_image_scraper.demo.record import MadePhoto, Scene

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
    "Tom & the {0}",
    "{0} | {1} 📷 #{number}",
    "L'heure du {0}",
)
"""A title's forms: plain text, with signs that mean something in HTML, emoji and quotes."""

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
        neighbourhood: Empty for most, as at Flickr; likewise ``county`` for some.
        region: A province or state.
        country: In English.
    """

    name: str
    latitude: float
    longitude: float
    woe_id: str
    weight: int
    neighbourhood: str
    county: str
    region: str
    country: str


_SPOTS = (
    ("Sandakan", 5.8394, 118.1172, 12, "", "", "Sabah", "Malaysia"),
    ("Puerto Princesa", 9.7392, 118.7353, 10, "San Pedro", "", "Palawan", "Philippines"),
    ("Cebu", 10.3157, 123.8854, 8, "Lahug", "Cebu City", "Central Visayas", "Philippines"),
    ("Bohol", 9.8500, 124.1435, 7, "", "Bohol", "Central Visayas", "Philippines"),
    ("Manila", 14.5995, 120.9842, 8, "Ermita", "Manila", "National Capital", "Philippines"),
    ("Davao", 7.1907, 125.4553, 6, "", "Davao del Sur", "Davao", "Philippines"),
    ("Ubud", -8.5069, 115.2625, 6, "", "Gianyar", "Bali", "Indonesia"),
    ("Jigokudani", 36.7328, 138.4621, 6, "", "Shimotakai District", "Nagano", "Japan"),
    ("京都", 35.0116, 135.7681, 4, "", "", "Kyoto Prefecture", "Japan"),
    ("Gibraltar", 36.1408, -5.3536, 4, "", "", "", "Gibraltar"),
    ("Manaus", -3.1190, -60.0217, 4, "Ponta Negra", "Manaus", "Amazonas", "Brazil"),
    ("Rabat", 34.0209, -6.8416, 3, "", "", "Rabat-Salé-Zemmour-Zaer", "Morocco"),
    ("Jaipur", 26.9124, 75.7873, 3, "", "Jaipur", "Rajasthan", "India"),
    ("Lopburi", 14.7995, 100.6534, 4, "", "Mueang Lop Buri", "Lop Buri", "Thailand"),
    ("London", 51.5074, -0.1278, 3, "Covent Garden", "Greater London", "England", "United Kingdom"),
    ("Cape Town", -33.9249, 18.4241, 3, "", "City of Cape Town", "Western Cape", "South Africa"),
    ("São Paulo", -23.5505, -46.6333, 3, "República", "São Paulo", "São Paulo", "Brazil"),
    # Beside the 180th meridian: photos lie on both sides.
    ("Taveuni", -16.8500, -179.9900, 2, "", "Cakaudrove", "Northern", "Fiji"),
    ("Longyearbyen", 78.2232, 15.6267, 1, "", "", "Svalbard", "Svalbard and Jan Mayen"),
)
SPOTS = tuple(
    Spot(
        name=name,
        latitude=latitude,
        longitude=longitude,
        woe_id=str(56_000_001 + number),
        weight=weight,
        neighbourhood=neighbourhood,
        county=county,
        region=region,
        country=country,
    )
    for number, (
        name,
        latitude,
        longitude,
        weight,
        neighbourhood,
        county,
        region,
        country,
    ) in enumerate(_SPOTS)
)
"""The places, most around the Philippines and Sabah."""

_SPOT_BY_WOE_ID = {spot.woe_id: spot for spot in SPOTS}


def spot_of(photo: MadePhoto) -> Spot | None:
    """Return the place that ``getInfo`` tells of a photo; ``None`` if it tells none."""
    return _SPOT_BY_WOE_ID.get(photo.woe_id) if photo.is_geotagged else None
