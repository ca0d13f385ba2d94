"""Pipeline: compare the countries that we tell with those that the photos' site states."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from smart_image_scraper.errors import CountryError
from smart_image_scraper.photo import Filter
from smart_image_scraper.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareSummary:
    """How the countries that we tell compare with those that the site states.

    Attributes:
        photos: Photos of which both are known.
        other: Of these, photos for which they are not the same country.
        unnamed: Photos whose stated country is no name that we know; they are not counted above.
        pairs: By our code and the site's, as in ``HR/BA``, the photos, the most frequent first.
    """

    stage: ClassVar = "compare"
    photos: int
    other: int
    unnamed: int
    pairs: Mapping[str, int]


def compare_countries(store: Store, *, where: Filter) -> CompareSummary:
    """Compare countries by their ISO codes.

    Args:
        store: Has the photos.
        where: Only these photos.
    """
    stated = Counter(
        (photo.place.country_code, photo.stated_place.country.name)
        for photo in (stored.photo for stored in store.find(where))
        if photo.place and photo.place.country_code
        if photo.stated_place and photo.stated_place.country
    )
    codes = {name: _code(name) for _, name in stated}
    pairs: Counter[str] = Counter()
    for (ours, name), photos in stated.items():
        if codes[name] not in {None, ours}:
            pairs[f"{ours}/{codes[name]}"] += photos
    unnamed = sum(photos for (_, name), photos in stated.items() if codes[name] is None)
    return CompareSummary(
        photos=stated.total() - unnamed,
        other=pairs.total(),
        unnamed=unnamed,
        pairs=dict(pairs.most_common()),
    )


def _code(name: str) -> str | None:
    from smart_image_scraper.geocode import resolve_country  # noqa: PLC0415 — slow to import

    try:
        return resolve_country(name)
    except CountryError:
        return None
