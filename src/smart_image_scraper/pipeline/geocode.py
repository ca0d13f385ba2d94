"""Pipeline: geocode what has no place yet, a thousand photos at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from math import nan
from typing import TYPE_CHECKING, ClassVar

from smart_image_scraper.photo import EncryptedPhoto, Filter, Stage
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.store import Store

if TYPE_CHECKING:
    from smart_image_scraper.geocode import Geocoder

BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocodeSummary:
    """What came of geocoding.

    Attributes:
        geocoded: Photos whose place is known now, or known to be none.
        countries: By country code, its photos, the most frequent first.
        nowhere: Photos taken at sea, far from any country, or at coordinates that say nothing.
    """

    stage: ClassVar = "geocode"
    geocoded: int
    countries: Mapping[str, int]
    nowhere: int


def geocode(
    store: Store, *, where: Filter, again: bool = False, progress: Progress
) -> GeocodeSummary:
    """Geocode the photos that have coordinates and no place, and record their places.

    Args:
        store: Says which photos are pending.
        where: Only these photos.
        again: Whether those that have a place are geocoded anew.
        progress: Is told of every photo that is done.

    Raises:
        GeocodeError: The data is missing or damaged.
    """
    countries: Counter[str] = Counter()
    nowhere = 0
    total = None if again else store.count_pending(Stage.GEOCODE, where)
    photos = store.find(where) if again else store.pending(Stage.GEOCODE, where)
    geotagged = (each for each in photos if each.photo.coordinates is not None)
    # Half a second and 150 MB, which a run without anything to do should not take.
    geocoder = load_geocoder() if total != 0 else None
    with progress.stage("geocode", total=total) as advance:
        while geocoder is not None and (batch := list(islice(geotagged, BATCH_SIZE))):
            located = _with_places(batch, geocoder=geocoder)
            store.put(located, stages=(Stage.GEOCODE,))
            codes = [each.photo.place and each.photo.place.country_code for each in located]
            countries.update(code for code in codes if code)
            nowhere += sum(code is None for code in codes)
            advance(len(batch))
    return GeocodeSummary(
        geocoded=sum(countries.values()) + nowhere,
        countries=dict(countries.most_common()),
        nowhere=nowhere,
    )


@cache
def load_geocoder() -> "Geocoder":
    """Return the geocoder, loaded once.

    Raises:
        GeocodeError: Its data is missing or damaged.
    """
    # What it stands on takes half a second to import.
    from smart_image_scraper.geocode import Geocoder  # noqa: PLC0415 — as said

    return Geocoder.load()


def _with_places(photos: Sequence[EncryptedPhoto], *, geocoder: "Geocoder") -> list[EncryptedPhoto]:
    points = [photo.photo.coordinates for photo in photos]
    places = geocoder.places(
        [point.latitude if point else nan for point in points],
        [point.longitude if point else nan for point in points],
        accuracies=[photo.photo.geo_accuracy or 0 for photo in photos],
    )
    return [
        replace(photo, photo=replace(photo.photo, place=places[index]))
        for index, photo in enumerate(photos)
    ]
