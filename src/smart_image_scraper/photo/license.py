"""Licences as one word each, in the manner of SPDX."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

_CREATIVE_COMMONS = re.compile(
    r"cc-(?P<terms>by(?:-nc)?(?:-sa|-nd)?)-(?P<version>\d\.\d)(?:-(?P<ported>[a-z]{2,4}))?"
)
_CC0 = re.compile(r"cc0-\d\.\d")
_FIXED_URLS = {
    "pdm-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
    "no-known-copyright-restrictions": "https://www.flickr.com/commons/usage/",
    "us-government-work": "https://www.usa.gov/government-copyright",
}
_NOT_FREE = frozenset({"all-rights-reserved", "unknown"})
_NAMES = {
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
            ``us-government-work``, ``all-rights-reserved`` or ``unknown``.

    Raises:
        ValueError: The word is none of these.
    """

    word: str

    UNKNOWN: ClassVar["License"]
    ALL_RIGHTS_RESERVED: ClassVar["License"]

    def __post_init__(self) -> None:
        known = self.word in _NOT_FREE or self.word in _FIXED_URLS
        if not (known or _CC0.fullmatch(self.word) or _CREATIVE_COMMONS.fullmatch(self.word)):
            raise ValueError(
                f"{self.word!r} is no licence; write one such as cc-by-2.0, cc0-1.0, pdm-1.0, "
                "us-government-work, all-rights-reserved"
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
