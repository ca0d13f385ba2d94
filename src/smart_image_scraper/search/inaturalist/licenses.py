"""Search: the licences of iNaturalist, and our words for them."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import License
from smart_image_scraper.search.inaturalist.terms import SITE

# Its Creative Commons licences are all of version 4.0, whatever the code leaves open.
_WORDS = MappingProxyType(
    {
        "cc0": "cc0-1.0",
        "cc-by": "cc-by-4.0",
        "cc-by-nc": "cc-by-nc-4.0",
        "cc-by-nc-nd": "cc-by-nc-nd-4.0",
        "cc-by-nc-sa": "cc-by-nc-sa-4.0",
        "cc-by-nd": "cc-by-nd-4.0",
        "cc-by-sa": "cc-by-sa-4.0",
        "pd": "public-domain",
    }
)
_CODES = MappingProxyType({License(word): code for code, word in _WORDS.items()})

USUAL_LICENSES = (License("cc0-1.0"), License("cc-by-4.0"), License("cc-by-sa-4.0"))
"""Those that are searched for where nobody says which."""


def license_of(code: Any) -> License:  # noqa: ANN401 — whatever JSON can hold
    """Return the licence of a photo's ``license_code``, which is ``None`` of reserved rights."""
    if code is None:
        return License.ALL_RIGHTS_RESERVED
    return License(_WORDS.get(str(code).lower(), License.UNKNOWN.word))


def license_codes(licenses: Iterable[License]) -> str:
    """Return licences as ``photo_license`` takes them; empty if it cannot ask for one of them.

    Raises:
        UsageError: No photo of iNaturalist has one of the licences.
    """
    wanted = tuple(licenses)
    for license_ in wanted:
        if license_ not in _CODES and license_ != License.ALL_RIGHTS_RESERVED:
            known = ", ".join((*_WORDS.values(), License.ALL_RIGHTS_RESERVED.word))
            raise UsageError(f"{SITE} has no photos under {license_}; it has {known}")
    codes = [_CODES[license_] for license_ in wanted if license_ in _CODES]
    # There is no code for "no licence", so of these all photos are asked for.
    return ",".join(codes) if len(codes) == len(wanted) else ""
