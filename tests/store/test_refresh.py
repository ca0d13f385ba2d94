from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smart_image_scraper.photo import (
    Coordinates,
    EncryptedPhoto,
    Failure,
    Filter,
    Gone,
    GoneReason,
    License,
    Photo,
    PhotoId,
    Relicensing,
    Size,
    Stage,
)
from smart_image_scraper.store import Store

MakePhoto = Callable[..., EncryptedPhoto]
ONE = PhotoId("flickr:1")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
GONE = Gone(reason=GoneReason.NOT_FOUND, at=NOON)
REFRESHED = (Stage.SEARCH, Stage.REFRESH)
FAILURE = Failure(reason="too-large", message="8 MB", retryable=True, at=NOON)
SIZE = Size(label="original", url="https://live.example/o.jpg")


def stored(store: Store) -> Photo:
    (found,) = store.get([ONE])
    return found.photo


def test_a_search_that_finds_a_photo_again_notes_it_once_a_day(
    store: Store, make_photo: MakePhoto
) -> None:
    noted = []
    for hours in (0, 1, 23, 24, 30):
        store.put([make_photo(1, checked_at=NOON + timedelta(hours=hours))])
        noted.append(stored(store).checked_at)

    assert noted == [NOON, NOON, NOON, NOON + timedelta(days=1), NOON + timedelta(days=1)]


def test_a_search_corrects_what_a_clock_that_was_ahead_has_noted(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put([make_photo(1, checked_at=NOON + timedelta(days=3_000))])

    store.put([make_photo(1, checked_at=NOON)])

    assert stored(store).checked_at == NOON


def test_a_photo_that_a_search_finds_again_is_not_gone(store: Store, make_photo: MakePhoto) -> None:
    store.put([make_photo(1, checked_at=NOON, gone=GONE)], stages=REFRESHED)
    gone = stored(store).gone

    store.put([make_photo(1, checked_at=NOON + timedelta(minutes=5))])

    assert gone == GONE
    assert stored(store).gone is None


def test_older_records_are_no_sign_that_a_photo_is_there(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put([make_photo(1, checked_at=NOON, gone=GONE)], stages=REFRESHED)

    store.put([make_photo(1)], stages=tuple(Stage))

    assert (stored(store).gone, stored(store).checked_at) == (GONE, NOON)


def test_a_refresh_notes_what_is_gone_and_what_is_there_again(
    store: Store, make_photo: MakePhoto
) -> None:
    change = Relicensing(at=NOON, old=License("cc-by-2.0"), new=License.ALL_RIGHTS_RESERVED)
    store.put([make_photo(1, checked_at=NOON)])

    noted = []
    for gone in (GONE, None):
        photo = make_photo(1, checked_at=NOON, gone=gone, license_history=(change,))
        store.put([photo], stages=REFRESHED)
        noted.append(stored(store).gone)

    assert noted == [GONE, None]
    assert stored(store).license_history == (change,)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(gone=True), ["flickr:2"]),
        (Filter(gone=False), ["flickr:1", "flickr:3", "folder:4"]),
        (Filter(sites=("flickr",)), ["flickr:1", "flickr:2", "flickr:3"]),
        (Filter(sites=("flickr", "folder"), gone=False), ["flickr:1", "flickr:3", "folder:4"]),
        (Filter(checked_before=NOON), ["flickr:1", "folder:4"]),
        (Filter(checked_before=NOON + timedelta(seconds=1)), ["flickr:1", "flickr:2", "folder:4"]),
    ],
)
def test_photos_are_selected_by_what_their_site_says_of_them(
    store: Store, make_photo: MakePhoto, *, where: Filter, expected: list[str]
) -> None:
    photos = [
        make_photo(1),
        make_photo(2, checked_at=NOON, gone=GONE),
        make_photo(3, checked_at=NOON + timedelta(days=1)),
        EncryptedPhoto(photo=Photo(id=PhotoId("folder:4"))),
    ]
    store.put(photos, stages=REFRESHED)

    assert [each.photo.id for each in store.find(where)] == expected


def test_what_its_owner_took_away_is_not_downloaded(store: Store, make_photo: MakePhoto) -> None:
    store.put([make_photo(1, checked_at=NOON, gone=GONE), make_photo(2)], stages=REFRESHED)

    assert [each.photo.id for each in store.pending(Stage.DOWNLOAD)] == ["flickr:2"]


def test_a_refresh_writes_what_a_site_tells_of_a_single_photo_and_nothing_else_of_a_search(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put([make_photo(1, title="Before", favorite_count=1)])
    read = make_photo(1, title="After", favorite_count=1, checked_at=NOON)
    store.put([make_photo(1, title="Between", favorite_count=2, sizes=(SIZE,), woe_id="12")])

    store.put([read], stages=(Stage.REFRESH,))

    now = stored(store)
    assert (now.title, now.favorite_count, now.sizes, now.woe_id) == ("After", 2, (SIZE,), "12")


def test_the_ids_of_a_place_go_with_the_geotag_that_its_owner_takes_back(
    store: Store, make_photo: MakePhoto
) -> None:
    point = Coordinates(latitude=1, longitude=2)
    store.put([make_photo(1, coordinates=point, woe_id="12", place_id="x")])

    store.put([make_photo(1, checked_at=NOON)], stages=(Stage.REFRESH,))

    now = stored(store)
    assert (now.coordinates, now.woe_id, now.place_id) == (None, None, None)


@pytest.mark.parametrize("facts", [{"gone": GONE}, {"failures": {Stage.REFRESH: FAILURE}}])
def test_of_a_photo_that_is_not_told_of_only_that_is_written(
    store: Store, make_photo: MakePhoto, facts: dict[str, Any]
) -> None:
    store.put([make_photo(1, title="Between", checked_at=NOON)])

    later = NOON + timedelta(hours=1)
    store.put([make_photo(1, title="Before", checked_at=later, **facts)], stages=(Stage.REFRESH,))

    now = stored(store)
    assert (now.title, now.checked_at) == ("Between", later)
    assert (now.gone, dict(now.failures)) == (facts.get("gone"), facts.get("failures", {}))


def test_a_later_answer_takes_the_failure_away(store: Store, make_photo: MakePhoto) -> None:
    failed = make_photo(1, checked_at=NOON, failures={Stage.REFRESH: FAILURE})
    store.put([make_photo(1)])
    store.put([failed], stages=(Stage.REFRESH,))

    store.put([make_photo(1, checked_at=NOON)], stages=(Stage.REFRESH,))

    assert stored(store).failures == {}


def test_the_sizes_of_photos_that_may_not_be_downloaded_are_forgotten(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put(make_photo(number, sizes=(SIZE,)) for number in (1, 2))

    store.forget_sizes([ONE])

    assert [each.photo.sizes for each in store.find(Filter())] == [(), (SIZE,)]
