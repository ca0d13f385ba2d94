"""Licences as one word each, in the manner of SPDX."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

_CREATIVE_COMMONS = re.compile(
    r"cc-(?P<terms>by(?:-nc)?(?:-sa|-nd)?)-(?P<version>\d\.\d)(?:-(?P<ported>[a-z]{2,8}))?"
)
_CC0 = re.compile(r"cc0-\d\.\d")
# Where SPDX (https://spdx.org/licenses/) has a word, it is that one, in lower case.
_FIXED_URLS = {
    "dl-de-by-2.0": "https://www.govdata.de/dl-de/by-2-0",
    "dl-de-zero-2.0": "https://www.govdata.de/dl-de/zero-2-0",
    "gfdl-1.2": "https://www.gnu.org/licenses/old-licenses/fdl-1.2.html",
    "gfdl-1.3": "https://www.gnu.org/licenses/fdl-1.3.html",
    "lal-1.3": "https://artlibre.org/licence/lal/en/",
    "ogl-uk-1.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/1/",
    "ogl-uk-2.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/",
    "ogl-uk-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "pdm-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
    "no-known-copyright-restrictions": "https://www.flickr.com/commons/usage/",
    "us-government-work": "https://www.usa.gov/government-copyright",
}
_NOT_FREE = frozenset({"all-rights-reserved", "unknown"})
_NAMES = {
    "copyrighted-free-use": "Copyrighted free use",
    "dl-de-by-2.0": "Data licence Germany, attribution, 2.0",
    "dl-de-zero-2.0": "Data licence Germany, zero, 2.0",
    "gfdl-1.2": "GNU Free Documentation License 1.2",
    "gfdl-1.3": "GNU Free Documentation License 1.3",
    "lal-1.3": "Free Art License 1.3",
    "ogl-uk-1.0": "Open Government Licence 1.0",
    "ogl-uk-2.0": "Open Government Licence 2.0",
    "ogl-uk-3.0": "Open Government Licence 3.0",
    "public-domain": "Public domain",
    "with-attribution": "Any use with attribution",
    "pdm-1.0": "Public Domain Mark 1.0",
    "no-known-copyright-restrictions": "No known copyright restrictions",
    "us-government-work": "United States government work",
    "all-rights-reserved": "All rights reserved",
    "unknown": "Unknown licence",
}


@dataclass(frozen=True, slots=True, order=True)
class License:
    """A licence, as a lower-case word: ``cc-by-2.0``, ``cc0-1.0``, ``all-rights-reserved``.

    Attributes:
        word: A Creative Commons word (``cc-by-nc-sa-4.0``, ported ``cc-by-3.0-de``),
            ``cc0-1.0``, ``pdm-1.0``, ``no-known-copyright-restrictions``,
            ``us-government-work``, ``all-rights-reserved`` or ``unknown``; of Wikimedia Commons
            also ``public-domain`` (by some law, as the site says it), ``copyrighted-free-use``,
            ``with-attribution``, ``gfdl-1.2``, ``lal-1.3``, ``ogl-uk-3.0``, ``dl-de-by-2.0`` and
            their like.

    Raises:
        ValueError: The word is none of these.
    """

    word: str

    UNKNOWN: ClassVar["License"]
    ALL_RIGHTS_RESERVED: ClassVar["License"]

    def __post_init__(self) -> None:
        known = self.word in _NAMES
        if not (known or _CC0.fullmatch(self.word) or _CREATIVE_COMMONS.fullmatch(self.word)):
            raise ValueError(
                f"{self.word!r} is no licence; write one such as cc-by-2.0, cc0-1.0, pdm-1.0, "
                "us-government-work, public-domain, all-rights-reserved"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a licence's word, in any case.

        Raises:
            ValueError: It is no licence's word.
        """
        return cls(text.strip().lower())

    @property
    def is_free(self) -> bool:
        """Whether anyone may copy and share the photo; an unknown licence is never free."""
        return self.word not in _NOT_FREE

    @property
    def url(self) -> str | None:
        """The licence's own page; ``None`` where there is none."""
        return _url_of(self.word)

    @property
    def name(self) -> str:
        """What people call the licence: ``CC BY-NC-SA 4.0``, ``All rights reserved``."""
        return _name_of(self.word)

    def __str__(self) -> str:
        return self.word


# Every photo has one of a few words, and is asked for its page and name again and again.
@lru_cache(maxsize=1_024)
def _url_of(word: str) -> str | None:
    if match := _CREATIVE_COMMONS.fullmatch(word):
        path = "/".join(part for part in match.groups() if part)
        return f"https://creativecommons.org/licenses/{path}/"
    if _CC0.fullmatch(word):
        return f"https://creativecommons.org/publicdomain/zero/{word.removeprefix('cc0-')}/"
    return _FIXED_URLS.get(word)


@lru_cache(maxsize=1_024)
def _name_of(word: str) -> str:
    if match := _CREATIVE_COMMONS.fullmatch(word):
        parts = (match["terms"].upper(), match["version"], (match["ported"] or "").upper())
        return " ".join(("CC", *filter(None, parts)))
    if _CC0.fullmatch(word):
        return f"CC0 {word.removeprefix('cc0-')}"
    return _NAMES[word]


License.UNKNOWN = License("unknown")
License.ALL_RIGHTS_RESERVED = License("all-rights-reserved")
