"""Inspect: whether what the site says of a photo agrees with what its file says."""

from datetime import timedelta

from smart_image_scraper.exif.facts import ExifFacts
from smart_image_scraper.photo import Coordinates, Granularity, TakenDate
from smart_image_scraper.photo.geography import great_circle_km


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
