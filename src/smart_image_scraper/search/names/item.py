"""Search: an item of Wikidata, as far as it tells what something is called.

https://www.mediawiki.org/wiki/Wikibase/DataModel/JSON.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any

from smart_image_scraper.search.names.spelling import names_among
from smart_image_scraper.search.values import mapping, mappings, text

Entity = Mapping[str, Any]

USUAL_LANGUAGES = ("en", "it", "es", "ja", "fr", "de", "zh", "ar", "ru", "pt", "ko")
ADDRESS = "https://www.wikidata.org/wiki/"

_MOST_ALIASES = 3
# BCP 47 (RFC 5646), as far as Wikidata writes it.
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
# Chinese is written in two ways, and a name in "zh" may be in either of them.
_FORMS = {"zh": ("zh", "zh-hans", "zh-hant")}

_SCIENTIFIC_NAME, _COMMON_NAME, _STATUS, _IS_A, _KIND_OF = "P225", "P1843", "P141", "P31", "P279"
_IDS = {"gbif": "P846", "inaturalist": "P3151", "iucn": "P627"}
_STATUS_CODES = {
    "Q211005": "LC",
    "Q719675": "NT",
    "Q278113": "VU",
    "Q96377276": "EN",
    "Q11394": "EN",  # the item that was used before 2020
    "Q219127": "CR",
    "Q239509": "EW",
    "Q237350": "EX",
    "Q3245245": "DD",
    "Q3350324": "NE",
}
_LIVING = frozenset(
    {
        "Q16521",  # taxon
        "Q310890",  # monotypic taxon
        "Q23038290",  # fossil taxon
        "Q713623",  # clade
        "Q55983715",  # organisms known by a particular common name, as monkeys are
        "Q38829",  # breed
        "Q729",  # animal
    }
)
_DISAMBIGUATION = "Q4167410"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What Wikidata tells of a thing.

    Attributes:
        id: Such as ``Q140``.
        label: In English, if there is one.
        description: Likewise.
        scientific_name: Of a taxon.
        names: By language, in the order of these: the label, three aliases, common names.
        status: The code of the IUCN's category, such as ``EN``; ``None`` where it is not told.
        ids: Of the taxon elsewhere: at ``gbif``, ``inaturalist`` and ``iucn``.
        called: All labels and aliases that came along, as they are written, and scientific names.
        is_living: Whether it is a taxon, or a group of what lives.
        is_page: Whether it is no thing, but a page that lists what is called the same.
        sites: How many Wikipedias and the like have a page on it.
    """

    id: str
    label: str | None
    description: str | None
    scientific_name: str | None
    names: Mapping[str, Sequence[str]]
    status: str | None
    ids: Mapping[str, str]
    called: frozenset[str]
    is_living: bool
    is_page: bool
    sites: int

    @property
    def address(self) -> str:
        """Its page."""
        return f"{ADDRESS}{self.id}"


def read_item(entity: Entity, *, languages: Sequence[str] | None) -> Item:
    """Read an item. What is missing or malformed is left out.

    Args:
        entity: As the API sent it; its id must be there.
        languages: Codes of those whose names are wanted, as Wikidata writes them; ``None``
            for all.
    """
    labels, aliases, common = _labels(entity), _aliases(entity), _common_names(entity)
    told = filter(None, map(text, _best(entity, _SCIENTIFIC_NAME)))
    scientific = tuple(names_among(told, scientific=()))
    names = {
        language: tuple(
            _names(
                label=labels.get(language),
                aliases=aliases.get(language, ()),
                common=common.get(language, ()),
                scientific=scientific,
            )
        )
        for language in with_forms(languages or _sorted({*labels, *aliases, *common}))
    }
    kinds = {*_items(entity, _IS_A), *_items(entity, _KIND_OF)}
    return Item(
        id=entity["id"],
        label=_in_english(labels),
        description=_in_english(_texts(entity.get("descriptions"))),
        scientific_name=scientific[0] if scientific else None,
        names=MappingProxyType(names),
        status=_status(entity),
        ids=MappingProxyType(dict(_ids(entity))),
        called=frozenset(
            (*labels.values(), *(each for some in aliases.values() for each in some), *scientific)
        ),
        is_living=bool(scientific) or not kinds.isdisjoint(_LIVING),
        is_page=_DISAMBIGUATION in kinds,
        sites=len(mapping(entity.get("sitelinks"))),
    )


def is_language(code: str) -> bool:
    """Tell whether a code may be one of a language."""
    return _LANGUAGE.fullmatch(code) is not None


def with_forms(languages: Sequence[str]) -> Sequence[str]:
    """Return languages with those forms of them that Wikidata counts as their own."""
    return tuple(dict.fromkeys(form for each in languages for form in _FORMS.get(each, (each,))))


def _sorted(languages: set[str]) -> Sequence[str]:
    """Return languages in the order of their codes, but the usual ones first."""
    usual = [each for each in with_forms(USUAL_LANGUAGES) if each in languages]
    return (*usual, *sorted(filter(is_language, languages.difference(usual))))


def _names(
    *,
    label: str | None,
    aliases: Sequence[str],
    common: Sequence[str],
    scientific: Sequence[str],
) -> Iterator[str]:
    known = list(names_among([label] if label else [], scientific=scientific))
    others = names_among((*known, *aliases), scientific=scientific)
    known = list(islice(others, len(known) + _MOST_ALIASES))
    yield from names_among((*known, *common), scientific=scientific)


def _texts(told: object) -> Mapping[str, str]:
    """Return texts by language, as of ``{"en": {"language": "en", "value": "lion"}}``."""
    values = ((code, text(mapping(each).get("value"))) for code, each in mapping(told).items())
    return {code: value for code, value in values if value}


def _labels(entity: Entity) -> Mapping[str, str]:
    return _texts(entity.get("labels"))


def _aliases(entity: Entity) -> Mapping[str, Sequence[str]]:
    return {
        code: [value for each in mappings(some) if (value := text(each.get("value")))]
        for code, some in mapping(entity.get("aliases")).items()
    }


def _common_names(entity: Entity) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for _, value in _statements(entity, _COMMON_NAME):
        code, name = text(mapping(value).get("language")), text(mapping(value).get("text"))
        if code and name:
            found.setdefault(code, []).append(name)
    return found


def _in_english(texts: Mapping[str, str]) -> str | None:
    # "mul" is what holds in all languages that have nothing else.
    found = (texts.get(code) for code in ("en", "mul", *texts))
    return next(filter(None, found), None)


def _status(entity: Entity) -> str | None:
    codes = {_STATUS_CODES.get(item) for item in _items(entity, _STATUS)}
    return codes.pop() if len(codes) == 1 else None


def _ids(entity: Entity) -> Iterator[tuple[str, str]]:
    for site, name in _IDS.items():
        if found := next(filter(None, map(text, _best(entity, name))), None):
            yield site, found


def _items(entity: Entity, name: str) -> Iterator[str]:
    for value in _best(entity, name):
        if found := text(mapping(value).get("id")):
            yield found


def _best(entity: Entity, name: str) -> Sequence[object]:
    """Return a property's values: those that are preferred, where some are."""
    told = list(_statements(entity, name))
    preferred = [value for rank, value in told if rank == "preferred"]
    return preferred or [value for _, value in told]


def _statements(entity: Entity, name: str) -> Iterator[tuple[object, object]]:
    """Yield rank and value of what is said of a property, but for what is known to be wrong."""
    for statement in mappings(mapping(entity.get("claims")).get(name)):
        rank = statement.get("rank")
        value = mapping(mapping(statement.get("mainsnak")).get("datavalue")).get("value")
        if rank != "deprecated" and value is not None:
            yield rank, value
