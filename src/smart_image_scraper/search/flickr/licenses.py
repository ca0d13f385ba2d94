"""Search: Flickr's numbers for licences, and our words for them.

https://www.flickr.com/services/api/flickr.photos.licenses.getInfo.html. Flickr renamed the
licences in 2025 ("Attribution License" became "CC BY 2.0"); the numbers have never changed.
"""

from collections.abc import Iterable

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import License

_WORDS = (
    "all-rights-reserved",
    "cc-by-nc-sa-2.0",
    "cc-by-nc-2.0",
    "cc-by-nc-nd-2.0",
    "cc-by-2.0",
    "cc-by-sa-2.0",
    "cc-by-nd-2.0",
    "no-known-copyright-restrictions",
    "us-government-work",
    "cc0-1.0",
    "pdm-1.0",
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "cc-by-nd-4.0",
    "cc-by-nc-4.0",
    "cc-by-nc-sa-4.0",
    "cc-by-nc-nd-4.0",
)
LICENSES = {str(number): License(word) for number, word in enumerate(_WORDS)}
"""Our licences, by Flickr's numbers."""

_NUMBERS = {license_: number for number, license_ in LICENSES.items()}


def license_of(number: str | None) -> License:
    """Return the licence that Flickr's number stands for; ``License.UNKNOWN`` if none is known."""
    return LICENSES.get(number or "", License.UNKNOWN)


def license_numbers(licenses: Iterable[License]) -> str:
    """Return the ``license`` argument that asks for any of these licences.

    Raises:
        UsageError: Flickr has no such licence.
    """
    wanted = set(licenses)
    if foreign := sorted(license_.word for license_ in wanted - _NUMBERS.keys()):
        raise UsageError(
            f"Flickr has no photos under {', '.join(foreign)}; "
            f"its licences are {', '.join(sorted(_WORDS))}"
        )
    return ",".join(sorted((_NUMBERS[license_] for license_ in wanted), key=int))
