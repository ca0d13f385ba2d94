import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from smart_image_scraper.photo import (
    DETAILS,
    BoundingBox,
    CommentTally,
    Coordinates,
    EncryptedPhoto,
    Failure,
    Filter,
    Granularity,
    Inspection,
    License,
    Photo,
    PhotoId,
    Place,
    PlaceMatch,
    Score,
    SearchHit,
    Size,
    Stage,
    StatedCamera,
    StatedPlace,
    StoredFile,
    TakenDate,
    Token,
)
from smart_image_scraper.store import Order, Position, Store, Totals

MakePhoto = Callable[..., EncryptedPhoto]
SIZES = (Size(label="1024", url="https://live.example/1_b.jpg"),)
EVERYTHING = Filter()
LAST_SECOND = datetime(2020, 5, 1, 23, 59, 59)


def ids(photos: Iterator[EncryptedPhoto]) -> list[str]:
    return [photo.photo.id.native for photo in photos]


def taken(*parts: int) -> TakenDate:
    return TakenDate(local=datetime(*parts), granularity=Granularity.SECOND)  # type: ignore[arg-type]


def failure(*, retryable: bool) -> Failure:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return Failure(reason="gone", message="it is gone", retryable=retryable, at=at)


def test_get_returns_photos_in_the_order_of_the_ids(store: Store, make_photo: MakePhoto) -> None:
    store.put(make_photo(number) for number in range(5))
    wanted = [PhotoId(f"flickr:{number}") for number in (3, 1, 9, 4)]

    assert ids(store.get(wanted)) == ["3", "1", "4"]


def test_the_exif_is_read_only_when_it_is_asked_for(
    store: Store, full_photo: EncryptedPhoto
) -> None:
    store.put([full_photo], stages=tuple(Stage))

    (without,) = store.find(EVERYTHING)
    (with_it,) = store.find(EVERYTHING, whole=True)

    assert "exif" not in without.tokens
    assert with_it.tokens == full_photo.tokens


def test_photos_come_by_id_as_texts_are_compared(store: Store, make_photo: MakePhoto) -> None:
    store.put(make_photo(number) for number in (10, 9, 1))

    assert ids(store.find(EVERYTHING)) == ["1", "10", "9"]


def test_photos_come_latest_taken_first_and_those_without_a_date_last(
    store: Store, make_photo: MakePhoto
) -> None:
    dates = {1: taken(2020, 1, 1), 2: None, 3: taken(2021, 1, 1), 4: taken(2020, 1, 1), 5: None}
    store.put(make_photo(number, taken=when) for number, when in dates.items())

    assert ids(store.find(EVERYTHING, order=Order.TAKEN_NEWEST)) == ["3", "4", "1", "5", "2"]


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("size", [1, 3])
def test_pages_put_together_are_the_whole(
    store: Store, make_photo: MakePhoto, *, order: Order, size: int
) -> None:
    dates = [None, taken(2020, 1, 1), taken(2020, 1, 1, 0, 0, 1), None, taken(2020, 1, 1)]
    store.put(make_photo(number, taken=when) for number, when in enumerate(dates * 2))
    whole = list(store.find(EVERYTHING, order=order))

    pages: list[EncryptedPhoto] = []
    while page := list(
        store.find(
            EVERYTHING,
            order=order,
            after=Position.of(pages[-1]) if pages else None,
            limit=size,
        )
    ):
        pages += page

    assert pages == whole


@pytest.mark.parametrize("order", Order)
def test_more_photos_than_fit_into_one_page_come_each_once(
    store: Store, make_photo: MakePhoto, *, order: Order
) -> None:
    store.put(make_photo(number, taken=taken(2000 + number % 7, 1, 1)) for number in range(2_100))

    found = ids(store.find(EVERYTHING, order=order))
    limited = ids(store.find(EVERYTHING, order=order, limit=1_500))
    read_ahead = ids(store.find(EVERYTHING, order=order, ahead=True))

    assert len(found) == len(set(found)) == 2_100
    assert limited == found[:1_500]
    assert read_ahead == found


def test_a_reader_ahead_that_stops_leaves_no_thread(store: Store, make_photo: MakePhoto) -> None:
    store.put(make_photo(number) for number in range(1_100))
    before = set(threading.enumerate())
    reader = store.find(EVERYTHING, ahead=True)

    next(reader)
    del reader
    gc.collect()

    assert set(threading.enumerate()) <= before


def test_a_limit_of_nothing_finds_nothing(store: Store, make_photo: MakePhoto) -> None:
    store.put([make_photo(1)])

    assert ids(store.find(EVERYTHING, limit=0)) == []


@pytest.fixture
def varied(store: Store, make_photo: MakePhoto, stored_file: StoredFile) -> Store:
    store.put(
        [
            make_photo(
                1,
                searches=(SearchHit(term="monkey", run="a"), SearchHit(term="サル", run="b")),
                license=License("cc-by-2.0"),
                taken=TakenDate(local=LAST_SECOND),
                file=stored_file,
            ),
            make_photo(
                2,
                searches=(SearchHit(term="サル", run="b"),),
                license=License("cc0-1.0"),
                taken=taken(2020, 5, 2),
                failures={Stage.DOWNLOAD: failure(retryable=False)},
            ),
            make_photo(3, searches=(SearchHit(term="cage", run="c"),)),
        ],
        stages=(Stage.SEARCH, Stage.DOWNLOAD),
    )
    return store


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (Filter(), ["1", "2", "3"]),
        (Filter(ids=(PhotoId("flickr:3"), PhotoId("flickr:7"))), ["3"]),
        (Filter(terms=("monkey", "cage")), ["1", "3"]),
        (Filter(runs=("b",)), ["1", "2"]),
        (Filter(licenses=(License("cc0-1.0"), License.UNKNOWN)), ["2", "3"]),
        (Filter(taken_from=datetime(2020, 5, 2)), ["2"]),
        (Filter(taken_to=LAST_SECOND), ["1"]),
        (Filter(taken_from=LAST_SECOND, taken_to=datetime.max), ["1", "2"]),  # noqa: DTZ901 — as above
        (Filter(has_file=True), ["1"]),
        (Filter(has_file=False), ["2", "3"]),
        (Filter(failed=Stage.DOWNLOAD), ["2"]),
        (Filter(failed=Stage.SCORE), []),
        (Filter(terms=("サル",), has_file=False), ["2"]),
    ],
    ids=str,
)
def test_a_filter_means_the_photos_that_meet_all_its_conditions(
    varied: Store, where: Filter, *, found: list[str]
) -> None:
    assert ids(varied.find(where)) == found
    assert ids(varied.find(where, order=Order.TAKEN_NEWEST)) == sorted(
        found, key=["2", "1", "3"].index
    )
    assert varied.count(where) == len(found)


CORNERS = (-180.0, -179.5, -90.0, 0.0, 90.0, 115.25, 179.5, 180.0)


POINTS = [
    Coordinates(latitude=latitude, longitude=longitude)
    for longitude in CORNERS
    for latitude in (-90, -8.5, 0, 66.6, 90.0)
]


@pytest.fixture(scope="module")
def geotagged(
    server: str, client: MongoClient[dict[str, Any]], make_photo: MakePhoto
) -> Iterator[Store]:
    """A store in which the photo of each number lies at the point of that number."""
    client.drop_database("test-geotagged")
    with Store.connect(server, database="test-geotagged") as store:
        store.put(make_photo(number, coordinates=point) for number, point in enumerate(POINTS))
        yield store


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    west=st.sampled_from(CORNERS) | st.floats(-180, 180),
    east=st.sampled_from(CORNERS) | st.floats(-180, 180),
    south=st.sampled_from((-90.0, -8.5, 10.0)),
    north=st.sampled_from((66.6, 90.0)),
)
def test_a_box_means_what_lies_in_it_also_across_the_180th_meridian(
    geotagged: Store,
    *,
    west: float,
    east: float,
    south: float,
    north: float,
) -> None:
    assume(west != east and west - east != 360)
    bbox = BoundingBox(west=west, south=south, east=east, north=north)

    found = {POINTS[int(number)] for number in ids(geotagged.find(Filter(bbox=bbox)))}

    assert found == {point for point in POINTS if bbox.contains(point)}


def test_what_has_no_geotag_lies_in_no_box(store: Store, make_photo: MakePhoto) -> None:
    store.put([make_photo(1)])

    world = BoundingBox(west=-180, south=-90, east=180, north=90)

    assert ids(store.find(Filter(bbox=world))) == []


def test_a_download_is_pending_where_there_is_no_file_and_no_final_failure(
    store: Store, make_photo: MakePhoto, stored_file: StoredFile
) -> None:
    final, passing = failure(retryable=False), failure(retryable=True)
    photos = [
        make_photo(1, sizes=SIZES),
        make_photo(2),
        make_photo(3, sizes=SIZES, file=stored_file),
        make_photo(4, sizes=SIZES, failures={Stage.DOWNLOAD: final}),
        make_photo(5, sizes=SIZES, failures={Stage.DOWNLOAD: passing}),
    ]
    store.put(photos, stages=(Stage.SEARCH, Stage.DOWNLOAD))

    assert ids(store.pending(Stage.DOWNLOAD)) == ["1", "2", "5"]
    assert ids(store.pending(Stage.DOWNLOAD, again=True)) == ["1", "2", "4", "5"]
    assert ids(store.pending(Stage.DOWNLOAD, Filter(ids=(PhotoId("flickr:5"),)))) == ["5"]
    assert store.count_pending(Stage.DOWNLOAD) == 3
    assert store.count_pending(Stage.DOWNLOAD, again=True) == 4


def test_a_later_stage_is_pending_where_there_is_what_it_needs(
    store: Store,
    make_photo: MakePhoto,
    stored_file: StoredFile,
    inspection: Inspection,
    make_token: Callable[..., Token],
) -> None:
    point = Coordinates(latitude=1, longitude=2)
    exif = {"tokens": {"exif": make_token()}}
    score = Score(concept="cage", model="a", below=0.5)
    photos = [
        make_photo(1, file=stored_file),
        make_photo(2, file=stored_file, sealed=exif, inspection=inspection),
        make_photo(3, file=stored_file, scores=(score,)),
        make_photo(4, coordinates=point),
        make_photo(5, coordinates=point, place=Place(gazetteer="x", match=PlaceMatch.SEA)),
        make_photo(6, coordinates=point, place=Place(gazetteer="an older record's")),
    ]
    store.put(photos, stages=tuple(Stage))

    assert ids(store.pending(Stage.INSPECT)) == ["1", "3"]
    assert ids(store.pending(Stage.GEOCODE)) == ["4", "6"]


def test_a_place_is_pending_where_flickr_could_state_one_or_has_tags(
    store: Store, make_photo: MakePhoto
) -> None:
    point = Coordinates(latitude=1, longitude=2)
    photos = [
        make_photo(1, coordinates=point),
        make_photo(2, tags=("monkey",)),
        make_photo(3),
        make_photo(4, coordinates=point, stated_place=StatedPlace()),
    ]
    store.put([*photos, folder_photo(coordinates=point)], stages=tuple(Stage))

    assert ids(store.pending(Stage.PLACES)) == ["1", "2"]


def test_the_exif_of_the_api_is_pending_where_the_file_names_no_camera(
    store: Store, make_photo: MakePhoto, inspection: Inspection
) -> None:
    bare = replace(inspection, make=None, model=None, exposure_s=None)
    photos = [
        make_photo(1, inspection=bare),
        make_photo(2, inspection=replace(bare, model="X100")),
        make_photo(3, inspection=replace(bare, exposure_s=0.5)),
        make_photo(4),
        make_photo(5, inspection=bare, stated_camera=StatedCamera(tag_count=0)),
    ]
    store.put([*photos, folder_photo(inspection=bare)], stages=tuple(Stage))

    assert ids(store.pending(Stage.API_EXIF)) == ["1"]


def test_comments_are_pending_where_there_are_some_and_again_when_their_number_changes(
    store: Store, make_photo: MakePhoto
) -> None:
    read = CommentTally(count=2, announced=3, read_at=datetime(2026, 1, 2, tzinfo=UTC))
    photos = [
        make_photo(1, comment_count=3),
        make_photo(2, comment_count=0),
        make_photo(3),
        make_photo(4, comment_count=3, comment_tally=read),
        make_photo(5, comment_count=4, comment_tally=read),
    ]
    store.put([*photos, folder_photo(comment_count=3)], stages=tuple(Stage))

    assert ids(store.pending(Stage.COMMENTS)) == ["1", "5"]


def test_what_is_asked_for_is_counted_as_pending_only_once_it_was(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put([make_photo(1, tags=("monkey",)), make_photo(2, comment_count=3)])
    store.put([make_photo(1, stated_place=StatedPlace())], stages=(Stage.PLACES,))
    before = store.totals().pending

    for details in ([Stage.PLACES], [Stage.PLACES, Stage.COMMENTS]):
        store.note_asked(details)

    after = store.totals().pending
    assert not before.keys() & set(DETAILS)
    assert (after[Stage.COMMENTS], after[Stage.PLACES]) == (1, 0)
    assert Stage.API_EXIF not in after


def test_a_camera_is_found_by_what_the_site_states_of_it_too(
    store: Store, make_photo: MakePhoto
) -> None:
    camera = StatedCamera(tag_count=5, make="Canon", model="EOS 20D")
    store.put([make_photo(1, stated_camera=camera), make_photo(2)], stages=tuple(Stage))

    assert ids(store.find(Filter(cameras=("eos",)))) == ["1"]


def folder_photo(**facts: Any) -> EncryptedPhoto:
    return EncryptedPhoto(photo=Photo(id=PhotoId("folder:1"), **facts))


@pytest.mark.parametrize("stage", [Stage.SEARCH, Stage.SCORE, Stage.REFRESH])
def test_what_depends_on_what_is_looked_for_is_not_pending(store: Store, stage: Stage) -> None:
    with pytest.raises(ValueError, match=f"pending for the {stage}"):
        store.pending(stage)


def test_pending_photos_come_once_though_their_reader_writes_meanwhile(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put(make_photo(number, sizes=SIZES) for number in range(1_100))
    passing = {Stage.DOWNLOAD: failure(retryable=True)}
    come = []

    for photo in store.pending(Stage.DOWNLOAD):
        come.append(photo.photo.id)
        if len(come) in {1, 1_000}:
            # A photo that has been read fails and so is pending again, and others arrive.
            failed = make_photo(photo.photo.id.native, sizes=SIZES, failures=passing)
            store.put([failed], stages=(Stage.DOWNLOAD,))
            store.put([make_photo(0, sizes=SIZES)])

    assert len(come) == len(set(come)) == 1_100


def test_the_totals_tell_how_far_everything_has_come(varied: Store) -> None:
    assert varied.totals() == Totals(
        photos=3,
        with_file=1,
        bytes=1234,
        gone=0,
        pending={Stage.DOWNLOAD: 1, Stage.INSPECT: 1, Stage.GEOCODE: 0},
        failures={Stage.DOWNLOAD: {"gone": 1}},
        terms={"サル": 2, "cage": 1, "monkey": 1},
        licenses={License("cc-by-2.0"): 1, License("cc0-1.0"): 1, License.UNKNOWN: 1},
    )


def test_a_term_counts_a_photo_once_though_several_runs_found_it(
    store: Store, make_photo: MakePhoto
) -> None:
    hits = (SearchHit(term="monkey", run="a"), SearchHit(term="monkey", run="b"))
    store.put([make_photo(1, searches=hits), make_photo(2, searches=())])

    assert store.totals().terms == {"monkey": 1}


def test_the_totals_of_nothing_are_zero(store: Store) -> None:
    totals = store.totals()

    assert (totals.photos, totals.with_file, totals.bytes) == (0, 0, 0)
    assert (totals.failures, totals.terms, totals.licenses) == ({}, {}, {})
