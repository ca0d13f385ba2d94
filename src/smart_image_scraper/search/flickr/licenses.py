"""Search: Flickr's numbers and names for licences, and our words for them; a photo's licences.

https://www.flickr.com/services/api/flickr.photos.licenses.getInfo.html. Flickr renamed the
licences in 2025 ("Attribution License" became "CC BY 2.0"); the numbers have never changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import License, PhotoId
from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.values import unix_time

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

# Of the licences without a page that stayed the same; the others are known by theirs.
_NAMES = {
    "All Rights Reserved": License.ALL_RIGHTS_RESERVED,
    "United States Government Work": License("us-government-work"),
}
_PAGES = {license_.url: license_ for license_ in _NUMBERS if license_.url is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseChange:
    """A change of a photo's licence.

    Attributes:
        at: When, in UTC.
        old: The licence before; ``None`` if there was none.
        new: The licence since; ``None`` in the only entry of a photo whose licence has never
            changed, which tells the licence that it has as ``old``, and the date of its upload.
    """

    at: datetime | None
    old: License | None
    new: License | None


def license_of(number: str | None) -> License:
    """Return the licence that Flickr's number stands for; ``License.UNKNOWN`` if none is known."""
    return LICENSES.get(number or "", License.UNKNOWN)


def license_named(name: str, *, page: str) -> License | None:
    """Return the licence of a name and a page; ``None`` if neither is given.

    Pages are believed before names, which Flickr has changed (``Attribution License`` is ``CC BY
    2.0`` since 2025). A licence that is not known by either is ``License.UNKNOWN``.
    """
    if not name and not page:
        return None
    return _PAGES.get(page) or _NAMES.get(name, License.UNKNOWN)


async def get_license_history(flickr: FlickrClient, photo_id: PhotoId) -> tuple[LicenseChange, ...]:
    """Ask which licences a photo has had, the first change first; see ``FlickrClient.ask``."""
    return await flickr.ask(
        "flickr.photos.licenses.getLicenseHistory", photo_id, read=read_license_history
    )


def read_license_history(reply: Element) -> tuple[LicenseChange, ...]:
    """Read which licences a photo has had, the first change first."""
    return tuple(_change(each) for each in reply.iterfind("license_history"))


def _change(told: Element) -> LicenseChange:
    old, new = (
        license_named(told.get(f"{when}_license", ""), page=told.get(f"{when}_license_url", ""))
        for when in ("old", "new")
    )
    return LicenseChange(at=unix_time(told.get("date_change")), old=old, new=new)


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
