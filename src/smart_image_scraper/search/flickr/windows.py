"""Search: the windows of upload dates that a search beyond Flickr's 4,000 results is parted into.

Windows are disjoint: both ends of Flickr's upload dates are inclusive. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Self

from smart_image_scraper.photo import BoundingBox, License, SaturatedWindow
from smart_image_scraper.search.flickr.arguments import PER_GEO_PAGE, box_argument
from smart_image_scraper.search.flickr.licenses import LICENSES, license_numbers
from smart_image_scraper.search.query import Query

MOST_IN_WINDOW = 3000
"""A window that holds more is parted.

Below the 4,000 that Flickr shows: its totals are estimates, and some rows come twice.
"""

# Not an end of a sort, but below what anyone has uploaded: Flickr takes 0 as no limit at all.
_FIRST_SECOND = 1
# A clock that is behind, as one that was set to the time of another zone, must hide no photo.
_CLOCK_ERROR = timedelta(days=1)
_WORLD = BoundingBox(west=-180, south=-90, east=180, north=90)
# About a kilometre. What lies closer together is not told apart by quarters for a few calls.
_SMALLEST_BOX_DEGREES = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a search.

    Attributes:
        first: The first second of upload in it, since 1970.
        last: The last one.
        license: One licence; ``None`` for all that are asked for; likewise the next ones.
        content_type: One content type.
        geotagged: Whether there is a geotag.
        box: Where the geotag lies; does not cross 180°.
        about: How many photos it should hold; ``None`` if nothing is known.
    """

    first: int
    last: int
    license: License | None = None
    content_type: int | None = None
    geotagged: bool | None = None
    box: BoundingBox | None = None
    about: int | None = None

    @property
    def is_one_second(self) -> bool:
        """Whether its dates cannot be parted."""
        return self.first == self.last

    @property
    def is_geo(self) -> bool:
        """Whether Flickr answers with the short pages of geo queries."""
        return self.box is not None or self.geotagged is not None

    def arguments(self) -> dict[str, str]:
        """Return what it adds to the arguments of the whole search."""
        given = {
            "min_upload_date": str(self.first),
            "max_upload_date": str(self.last),
            "license": "" if self.license is None else license_numbers([self.license]),
            "content_types": "" if self.content_type is None else str(self.content_type),
            "has_geo": "" if self.geotagged is None else str(int(self.geotagged)),
            "bbox": "" if self.box is None else box_argument(self.box),
            "per_page": str(PER_GEO_PAGE) if self.is_geo else "",
        }
        return {name: value for name, value in given.items() if value}

    def cut(self, at: int) -> tuple[Self, Self]:
        """Part it into what was uploaded before a second, and what was then or later."""
        return replace(self, last=at - 1, about=None), replace(self, first=at, about=None)

    def halves(self) -> tuple[Self, Self]:
        """Part its dates in the middle."""
        return self.cut(self.first + (self.last - self.first + 1) // 2)

    def parts_of_second(self, query: Query) -> tuple[Self, ...]:
        """Part one second: by licence, then by content type, then by place.

        Returns:
            At least two disjoint windows; none if it cannot be parted further.
        """
        whole = replace(self, about=None)
        licenses = sorted(set(query.licenses)) or list(LICENSES.values())
        if self.license is None and len(licenses) > 1:
            return tuple(replace(whole, license=license_) for license_ in licenses)
        kinds = sorted(set(query.content_types))
        if self.content_type is None and len(kinds) > 1:
            return tuple(replace(whole, content_type=kind) for kind in kinds)
        if self.box is None and self.geotagged is None:
            return replace(whole, geotagged=False), replace(whole, geotagged=True)
        if self.geotagged is False:
            return ()
        return tuple(replace(whole, box=box) for box in _quarters(self.box or _WORLD))

    def saturated(self, *, available: int, found: int) -> SaturatedWindow:
        """Return it as an account names it."""
        values = {name: getattr(self, name) for name in _SHOWN}
        return SaturatedWindow(
            uploaded_from=moment(self.first),
            uploaded_to=moment(self.last),
            available=available,
            found=found,
            **values,
        )

    def as_document(self) -> dict[str, Any]:
        """Return it as the cursor of a run keeps it: JSON values, without those that are unset."""
        values = {name: value for name, value in asdict(self).items() if value is not None}
        special = {"license": self.license and self.license.word, "box": self.box and str(self.box)}
        return values | {name: value for name, value in special.items() if value is not None}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_document` wrote."""
        license_, box = document.get("license"), document.get("box")
        special = {"license": license_ and License(license_), "box": box and BoundingBox.parse(box)}
        return cls(**{**document, **special})


_SHOWN = ("license", "content_type", "geotagged", "box")


def whole_windows(query: Query, *, now: datetime) -> tuple[Window, ...]:
    """Return the windows that together hold all of a query: one for each of its boxes.

    Args:
        query: What is looked for.
        now: About the last moment, if the query has none.
    """
    since = query.uploaded_from
    first = max(_FIRST_SECOND, 0 if since is None else ceil(since.timestamp()))
    last = max(first, int((query.uploaded_to or now + _CLOCK_ERROR).timestamp()))
    return tuple(Window(first=first, last=last, box=box) for box in query.boxes or (None,))


def moment(second: int) -> datetime:
    """Return a second since 1970 as a time in UTC."""
    return datetime.fromtimestamp(second, tz=UTC)


def _quarters(box: BoundingBox) -> Iterator[BoundingBox]:
    width, height = box.east - box.west, box.north - box.south
    if max(width, height) < _SMALLEST_BOX_DEGREES:
        return
    middle, equator = box.west + width / 2, box.south + height / 2
    for west, east in ((box.west, middle), (middle, box.east)):
        for south, north in ((box.south, equator), (equator, box.north)):
            yield BoundingBox(west=west, south=south, east=east, north=north)
