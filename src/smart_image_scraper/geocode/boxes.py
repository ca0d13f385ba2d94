"""Geocode: the boxes that a country lies in, for sources that can only be asked for a box."""

import math
from functools import cache

from smart_image_scraper.errors import CountryError
from smart_image_scraper.geocode import archive
from smart_image_scraper.geocode.rules import KM_PER_DEGREE, NEAR_KM
from smart_image_scraper.photo import BoundingBox

BORDERS_FILE = archive.DATA / "borders.xz"

Edges = tuple[float, float, float, float]


def country_boxes(code: str) -> tuple[BoundingBox, ...]:
    """Return boxes that hold whatever is geocoded to a country; none crosses the 180th meridian.

    Countries of far-off parts have several, so that no ocean between them is searched: the United
    States with Alaska and Hawaii, Fiji on both sides of the meridian. They hold other countries'
    land, too: ask the geocoder of each result.

    Args:
        code: ISO 3166-1 alpha-2, as ``resolve_country`` returns it.

    Raises:
        CountryError: There is no such code.
        GeocodeError: The borders' file is missing or damaged.
    """
    boxes = _boxes()
    if code not in boxes:
        raise CountryError(f"{code!r} is no country's ISO 3166 code, such as PH")
    widened = [_widened(*edges) for edges in boxes[code]]
    return tuple(part for box in widened for part in box.split())


@cache
def _boxes() -> dict[str, list[Edges]]:
    return dict(archive.read_header(BORDERS_FILE, form="borders").facts["boxes"])


def _widened(*edges: float) -> BoundingBox:
    """Widen a box by the distance at which a point at sea still counts as near."""
    west, south, east, north = edges
    by = NEAR_KM / KM_PER_DEGREE
    south, north = max(south - by, -90.0), min(north + by, 90.0)
    farthest = max(abs(south), abs(north))
    if farthest + by >= 90:  # noqa: PLR2004 — around a pole, all longitudes are near
        return BoundingBox(west=-180, south=south, east=180, north=north)
    aside = math.degrees(math.asin(math.sin(math.radians(by)) / math.cos(math.radians(farthest))))
    west, east = west - aside, east + aside
    if east - west >= 360:  # noqa: PLR2004 — degrees of a whole circle
        return BoundingBox(west=-180, south=south, east=180, north=north)
    return BoundingBox(west=_wrapped(west), south=south, east=_wrapped(east), north=north)


def _wrapped(longitude: float) -> float:
    return (longitude + 180) % 360 - 180 if abs(longitude) > 180 else longitude  # noqa: PLR2004 — degrees
