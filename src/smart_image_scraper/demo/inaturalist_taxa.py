# ruff: noqa: RUF001 — names in other scripts are meant to be
"""Demo: the taxa that the imitation of iNaturalist knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from smart_image_scraper.demo.record import Scene
from smart_image_scraper.photo.words import words_of

_MOST_EXACT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTaxon:
    """A taxon. Its number is made, its names are not.

    Attributes:
        id: Its number.
        name: The scientific name.
        rank: Such as ``species``.
        iconic: The name of the large group that it is in.
        ancestors: The numbers of the taxa that it is in, the widest first.
        common: The usual common name in English; ``None`` if there is none.
        names: Other common names, each after its language.
        heirs: The numbers of those that are used in its stead; it is not used any more then.
    """

    id: int
    name: str
    rank: str
    iconic: str
    ancestors: tuple[int, ...] = ()
    common: str | None = None
    names: tuple[tuple[str, str], ...] = ()
    heirs: tuple[int, ...] = ()

    @property
    def lineage(self) -> tuple[int, ...]:
        """The numbers of the taxa that it is in, and its own."""
        return (*self.ancestors, self.id)

    @property
    def all_names(self) -> tuple[str, ...]:
        """All that it is called, the scientific name first."""
        others = (name for _, name in self.names)
        return tuple(filter(None, (self.name, self.common, *others)))


_MONKEYS, _BIRDS, _PLANTS = "Mammalia", "Aves", "Plantae"

TAXA = (
    MadeTaxon(id=100, name="Cercopithecidae", rank="family", iconic=_MONKEYS),
    MadeTaxon(
        id=110,
        name="Macaca",
        rank="genus",
        iconic=_MONKEYS,
        ancestors=(100,),
        common="Macaques",
        names=(("ja", "マカク属"),),
    ),
    MadeTaxon(
        id=111,
        name="Macaca fascicularis",
        rank="species",
        iconic=_MONKEYS,
        ancestors=(100, 110),
        common="Long-tailed Macaque",
        names=(
            ("en", "Crab-eating Macaque"),
            ("ja", "カニクイザル"),
            ("de", "Javaneraffe"),
        ),
    ),
    MadeTaxon(
        id=112,
        name="Macaca fascicularis philippensis",
        rank="subspecies",
        iconic=_MONKEYS,
        ancestors=(100, 110, 111),
        # As not seldom, a part is called what the whole is.
        names=(("en", "Crab-eating Macaque"),),
    ),
    MadeTaxon(
        id=121,
        name="Nasalis larvatus",
        rank="species",
        iconic=_MONKEYS,
        ancestors=(100,),
        common="Proboscis Monkey",
        names=(
            ("id", "Bekantan"),
            ("de", "Nasenaffe"),
        ),
    ),
    MadeTaxon(id=211, name="Ara macao", rank="species", iconic=_BIRDS, common="Scarlet Macaw"),
    MadeTaxon(
        id=221,
        name="Cacatua haematuropygia",
        rank="species",
        iconic=_BIRDS,
        common="Philippine Cockatoo",
        names=(("tl", "Katala"),),
    ),
    MadeTaxon(id=300, name="Morus", rank="genus", iconic=_BIRDS, common="Gannets"),
    MadeTaxon(id=400, name="Morus", rank="genus", iconic=_PLANTS, common="Mulberries"),
    MadeTaxon(
        id=411,
        name="Hibiscus rosa-sinensis",
        rank="species",
        iconic=_PLANTS,
        common="Shoeblackplant",
        names=(
            ("fr", "Rose-de-Chine"),
            ("fr", "Hibiscus de l’Inde"),
        ),
    ),
    MadeTaxon(id=900, name="Simia fascicularis", rank="species", iconic=_MONKEYS, heirs=(111,)),
)

BY_ID: Mapping[int, MadeTaxon] = MappingProxyType({taxon.id: taxon for taxon in TAXA})

OF_SCENE: Mapping[Scene, tuple[MadeTaxon, ...]] = MappingProxyType(
    {
        Scene.MONKEY: (BY_ID[111], BY_ID[112], BY_ID[110]),
        Scene.CAGED_MONKEY: (BY_ID[121],),
        Scene.PARROT: (BY_ID[211],),
        Scene.CAGED_PARROT: (BY_ID[221],),
        Scene.FLOWER: (BY_ID[411],),
    }
)
"""What the photos of a scene can be identified as, the most usual first."""


def suggest(text: str, *, most: int) -> Sequence[MadeTaxon]:
    """Return the taxa in use whose names have words that begin so; those called so come first."""
    wanted = text.casefold()
    used = [taxon for taxon in TAXA if not taxon.heirs]
    exact = [taxon for taxon in used if wanted in map(str.casefold, taxon.all_names)]
    near = [taxon for taxon in used if _matched(taxon, text)]
    ids = dict.fromkeys(taxon.id for taxon in (*exact[:_MOST_EXACT], *near))
    return [BY_ID[number] for number in ids][:most]


def row_of(taxon: MadeTaxon, *, asked: str = "") -> dict[str, Any]:
    """Return what a reply tells of a taxon.

    Args:
        taxon: Which one.
        asked: What was looked for, if something was.
    """
    row: dict[str, Any] = {
        "id": taxon.id,
        "name": taxon.name,
        "rank": taxon.rank,
        "is_active": not taxon.heirs,
        "iconic_taxon_name": taxon.iconic,
        "ancestor_ids": [48460, *taxon.lineage],
        "current_synonymous_taxon_ids": list(taxon.heirs) or None,
    }
    if taxon.common is not None:
        row["preferred_common_name"] = taxon.common
    if asked:
        row["matched_term"] = _matched(taxon, asked) or taxon.name
        told = [("sci", taxon.name), ("en", taxon.common), *taxon.names]
        row["names"] = [
            {"is_valid": True, "name": name, "locale": locale} for locale, name in told if name
        ]
    return row


def _matched(taxon: MadeTaxon, asked: str) -> str | None:
    for name in taxon.all_names:
        words = words_of(name)
        if all(any(word.startswith(part) for word in words) for part in words_of(asked)):
            return name
    return None
