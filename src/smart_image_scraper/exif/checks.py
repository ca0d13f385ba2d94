"""Inspect: whether what the site says of a photo agrees with what its file says."""

import math
from datetime import timedelta

from smart_image_scraper.exif.facts import ExifFacts
from smart_image_scraper.photo import Coordinates, Granularity, TakenDate

_EARTH_RADIUS_KM = 6371.0088


def date_difference(taken: TakenDate | None, facts: ExifFacts) -> timedelta | None:
    """Return how far the site's date is from the file's, 0 or more; ``None`` if that is unknown.

    A date that is known by day, month or year only is compared as exactly as it is known.
    """
    if taken is None or facts.taken is None or taken.granularity is Granularity.CIRCA:
        return None
    site, file = taken.local, facts.taken
    if taken.granularity is Granularity.SECOND:
        return abs(site - file)
    last = taken.last
    return (
        timedelta()
        if last is not None and site <= file.replace(microsecond=0) <= last
        else abs(site - file)
    )


def distance_km(geotag: Coordinates | None, facts: ExifFacts) -> float | None:
    """Return how far the site's geotag is from the file's GPS; ``None`` if either is unknown."""
    if geotag is None or facts.position is None:
        return None
    return great_circle_km(geotag, facts.position.coordinates)


def great_circle_km(one: Coordinates, other: Coordinates) -> float:
    """Return the distance along the surface of the Earth, taken for a sphere, in km."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    haversine = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, haversine)))
