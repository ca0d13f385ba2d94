from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.photo import BoundingBox, Coordinates, License
from smart_image_scraper.search import Order, Query
from smart_image_scraper.search.flickr.windows import Window, whole_windows

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = Window(first=1_500_000_000, last=1_500_000_000, about=9_000)
PHILIPPINES = BoundingBox(west=116, south=4, east=127, north=22)

seconds = st.integers(min_value=1, max_value=2**31)


def everything(**conditions: object) -> Query:
    return Query(text="monkey", exhaustive=True, order=Order.OLDEST, limit=None, **conditions)


def test_a_search_without_dates_begins_with_the_first_second_and_ends_a_day_from_now() -> None:
    (window,) = whole_windows(everything(), now=NOW)

    assert (window.first, window.last) == (1, int((NOW + timedelta(days=1)).timestamp()))


def test_a_search_with_dates_keeps_to_them() -> None:
    since, until = datetime(2014, 1, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)

    (window,) = whole_windows(everything(uploaded_from=since, uploaded_to=until), now=NOW)

    assert (window.first, window.last) == (since.timestamp(), until.timestamp())


def test_a_box_across_the_180th_meridian_makes_two_windows() -> None:
    box = BoundingBox(west=170, south=-20, east=-170, north=20)

    windows = whole_windows(everything(bbox=box), now=NOW)

    assert [window.box for window in windows] == list(box.split())


@given(first=seconds, length=st.integers(min_value=1, max_value=2**31), share=st.floats(0, 1))
def test_a_cut_leaves_no_second_out_and_none_in_both_parts(
    first: int, length: int, share: float
) -> None:
    window = Window(first=first, last=first + length)
    at = first + 1 + int(share * (length - 1))

    before, after = window.cut(at)

    assert (before.first, before.last + 1, after.last) == (first, after.first, window.last)
    assert before.first <= before.last
    assert after.first <= after.last


@given(first=seconds, length=st.integers(min_value=1, max_value=2**31))
def test_halves_are_both_shorter_than_the_whole(first: int, length: int) -> None:
    window = Window(first=first, last=first + length)

    before, after = window.halves()

    assert before.last + 1 == after.first
    assert before.first <= before.last < window.last
    assert window.first < after.first <= after.last


def test_a_second_is_parted_by_licence_first() -> None:
    parts = SECOND.parts_of_second(everything())

    assert len({part.license for part in parts}) == len(parts) == 17
    assert {part.about for part in parts} == {None}


def test_only_the_licences_that_were_asked_for_are_parts() -> None:
    licenses = (License("cc-by-2.0"), License("cc0-1.0"))

    parts = SECOND.parts_of_second(everything(licenses=licenses))

    assert {part.license for part in parts} == set(licenses)


def test_a_second_of_one_licence_is_parted_by_content_type_and_then_by_place() -> None:
    query = everything(licenses=(License("cc0-1.0"),), content_types=(0, 2))

    kinds = SECOND.parts_of_second(query)
    places = kinds[0].parts_of_second(query)

    assert [part.content_type for part in kinds] == [0, 2]
    assert [part.geotagged for part in places] == [False, True]
    assert places[0].parts_of_second(query) == ()


@given(
    longitude=st.floats(PHILIPPINES.west, PHILIPPINES.east),
    latitude=st.floats(PHILIPPINES.south, PHILIPPINES.north),
)
def test_quarters_together_hold_every_point_of_their_box(longitude: float, latitude: float) -> None:
    query = everything(licenses=(License("cc0-1.0"),), bbox=PHILIPPINES)
    point = Coordinates(latitude=latitude, longitude=longitude)
    (window,) = whole_windows(query, now=NOW)

    quarters = window.parts_of_second(query)

    assert len(quarters) == 4
    assert any(part.box is not None and part.box.contains(point) for part in quarters)


def test_quarters_end_at_about_a_kilometre() -> None:
    query = everything(licenses=(License("cc0-1.0"),), bbox=PHILIPPINES)
    (window,) = whole_windows(query, now=NOW)
    depth = 0

    while parts := window.parts_of_second(query):
        window = parts[0]
        depth += 1

    assert depth == 11


@pytest.mark.parametrize(
    "window",
    [
        Window(first=1, last=9),
        Window(first=5, last=5, license=License("cc0-1.0"), content_type=0, geotagged=False),
        Window(first=5, last=5, geotagged=True, box=PHILIPPINES, about=0),
    ],
)
def test_a_window_comes_back_from_its_document(window: Window) -> None:
    assert Window.from_document(window.as_document()) == window


def test_a_window_asks_flickr_in_its_own_words() -> None:
    window = Window(
        first=5, last=9, license=License("cc0-1.0"), content_type=2, geotagged=True, box=PHILIPPINES
    )

    assert window.arguments() == {
        "min_upload_date": "5",
        "max_upload_date": "9",
        "license": "9",
        "content_types": "2",
        "has_geo": "1",
        "bbox": "116.0000000,4.0000000,127.0000000,22.0000000",
        "per_page": "250",
    }


def test_a_saturated_window_says_what_it_is() -> None:
    window = Window(
        first=1_500_000_000,
        last=1_500_000_000,
        license=License("cc0-1.0"),
        content_type=0,
        geotagged=True,
        box=PHILIPPINES,
    )

    told = str(window.saturated(available=9_000, found=4_000))

    assert told == (
        "uploaded 2017-07-14 02:40:00, cc0-1.0, content type 0, geotagged, box 116,4,127,22"
    )


def test_a_saturated_window_of_several_seconds_says_from_when_to_when() -> None:
    window = Window(first=1_500_000_000, last=1_500_000_001, geotagged=False)

    told = str(window.saturated(available=9_000, found=4_000))

    assert told == "uploaded 2017-07-14 02:40:00 to 2017-07-14 02:40:01, not geotagged"
