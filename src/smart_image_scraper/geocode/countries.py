"""Geocode: countries by their ISO 3166-1 codes, one English name each, and what else people say."""

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Self

from smart_image_scraper.errors import CountryError
from smart_image_scraper.geocode import archive

# U.S.A., Côte d'Ivoire
_DROPPED = frozenset(".'\u2019\u02bb\u02bc`\u00b4")

COUNTRIES_FILE = archive.DATA / "countries.xz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries:
    """The countries that have borders here.

    Attributes:
        names: One English name for each code, as the Unicode CLDR has it: Türkiye, Czechia.
        aliases: Codes by folded names in many languages, by older spellings, and by alpha-3 codes.
            A name that could mean two countries is not among them.
    """

    names: Mapping[str, str]
    aliases: Mapping[str, str]

    @classmethod
    @cache
    def load(cls, path: Path = COUNTRIES_FILE) -> Self:
        """Read the names, once.

        Raises:
            GeocodeError: The file is missing or damaged.
        """
        facts = archive.read_header(path, form="countries").facts
        return cls(
            names=MappingProxyType(facts["names"]), aliases=MappingProxyType(facts["aliases"])
        )

    def code(self, word: str) -> str:
        """Return the code of the country that a person names, in any case, with accents or not.

        Args:
            word: ``PH``, ``phl``, ``Philippines``, ``Filipinas``, ``フィリピン``, …

        Raises:
            CountryError: No country is called so, or more than one; similar names are in the
                message, and none of them is ever guessed.
        """
        if (upper := word.strip().upper()) in self.names:
            return upper
        folded = fold(word)
        if folded in self.aliases:
            return self.aliases[folded]
        near = difflib.get_close_matches(folded, self.aliases, n=3, cutoff=0.8)
        codes = dict.fromkeys(self.aliases[name] for name in near)
        meant = " or ".join(f"{self.names[code]} ({code})" for code in codes)
        hint = f"did you mean {meant}?" if meant else "give its ISO 3166 code, such as PH"
        raise CountryError(f"no one country is called {word[:80]!r}; {hint}")


def resolve_country(word: str) -> str:
    """Return the ISO 3166-1 alpha-2 code (XK for Kosovo) of the country that a person names.

    Raises:
        CountryError: No country is called so, or more than one; similar names are in the message.
        GeocodeError: The names' file is missing or damaged.
    """
    return Countries.load().code(word)


def country_name(code: str) -> str:
    """Return a country's one English name.

    Raises:
        CountryError: There is no such code.
    """
    try:
        return Countries.load().names[code]
    except KeyError:
        raise CountryError(f"{code!r} is no country's ISO 3166 code, such as PH") from None


def fold(name: str) -> str:
    """Return a name without what spellings differ in: case, accents, punctuation, "the"."""
    # Casefolding makes letters that fall apart, and letters that fall apart have cases.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    words = "".join(_folded(sign) for sign in apart.replace("&", " and ")).split()
    while len(words) > 1 and words[0] == "the":
        words.pop(0)
    return " ".join(words)


def _folded(sign: str) -> str:
    if sign in _DROPPED or unicodedata.name(sign, "").startswith("COMBINING"):
        return ""
    # Marks that are no accents are vowels, as in Indic scripts and Thai.
    return sign if unicodedata.category(sign)[0] in "LNM" else " "
