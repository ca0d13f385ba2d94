from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import BoundingBox, Coordinates, License, Photo, PhotoId
from smart_image_scraper.search import Order, Query
from smart_image_scraper.search.flickr.arguments import meets, search_arguments

BOX = BoundingBox(west=116, south=4, east=127, north=22)


def only(query: Query) -> dict[str, str]:
    (arguments,) = search_arguments(query)
    return arguments


def test_words_are_asked_for_in_full_pages_of_safe_photos() -> None:
    arguments = only(Query(text=" monkey wild ", limit=3))

    assert {name: text for name, text in arguments.items() if name != "extras"} == {
        "text": "monkey wild",
        "sort": "relevance",
        "safe_search": "1",
        "content_types": "0",
        "media": "photos",
        "per_page": "500",
    }


def test_everything_that_a_photo_holds_is_asked_for() -> None:
    extras = only(Query(text="monkey"))["extras"].split(",")

    assert {"description", "license", "geo", "realname", "count_faves", "url_6k"} <= set(extras)
    assert {"url_o", "url_sq", "url_w", "last_update", "can_download"} <= set(extras)
    assert len(extras) == len(set(extras))


@pytest.mark.parametrize(("every", "mode"), [(True, "all"), (False, "any")])
def test_tags_are_joined_by_commas_with_their_mode(every: bool, mode: str) -> None:  # noqa: FBT001 — a table of cases
    arguments = only(Query(tags=("monkey", "-zoo", "red, panda"), all_tags=every))

    assert (arguments["tags"], arguments["tag_mode"]) == ("monkey,-zoo,red  panda", mode)
    assert "text" not in arguments


@pytest.mark.parametrize(
    ("order", "sort"),
    [
        (Order.RELEVANCE, "relevance"),
        (Order.INTERESTING, "interestingness-desc"),
        (Order.NEWEST, "date-posted-desc"),
        (Order.OLDEST, "date-posted-asc"),
        (Order.TAKEN_NEWEST, "date-taken-desc"),
        (Order.TAKEN_OLDEST, "date-taken-asc"),
    ],
)
def test_every_order_is_one_of_flickrs(order: Order, sort: str) -> None:
    assert only(Query(text="monkey", order=order))["sort"] == sort


def test_licences_safety_and_content_types_are_passed_on() -> None:
    query = Query(
        text="monkey",
        licenses=(License("cc0-1.0"), License("cc-by-2.0")),
        safe_search=3,
        content_types=(3, 0, 3),
    )

    arguments = only(query)

    assert arguments["license"] == "4,9"
    assert arguments["safe_search"] == "3"
    assert arguments["content_types"] == "0,3"


def test_a_licence_that_flickr_does_not_have_is_wrong_use() -> None:
    with pytest.raises(UsageError, match=r"no photos under cc-by-3\.0;"):
        search_arguments(Query(text="monkey", licenses=(License("cc-by-3.0"),)))


def test_upload_dates_are_whole_unix_seconds_in_utc() -> None:
    summer_time = timezone(timedelta(hours=2))
    query = Query(
        text="monkey",
        uploaded_from=datetime(2014, 10, 22, 20, 18, 42, 500_000, tzinfo=summer_time),
        uploaded_to=datetime(2014, 10, 22, 18, 18, 43, tzinfo=UTC),
    )

    arguments = only(query)

    assert (arguments["min_upload_date"], arguments["max_upload_date"]) == (
        "1414001923",
        "1414001923",
    )


def test_an_upload_date_before_1970_does_not_turn_into_no_date_at_all() -> None:
    arguments = only(Query(text="monkey", uploaded_to=datetime(1960, 1, 1, tzinfo=UTC)))

    assert arguments["max_upload_date"] == "1"


def test_taken_dates_are_local_times_without_a_zone() -> None:
    query = Query(
        text="monkey",
        taken_from=datetime(999, 1, 1),
        taken_to=datetime(2014, 10, 19, 11, 21, 20, 7),
    )

    arguments = only(query)

    assert arguments["min_taken_date"] == "0999-01-01 00:00:00"
    assert arguments["max_taken_date"] == "2014-10-19 11:21:20"


def test_a_box_is_asked_for_in_pages_of_250_and_without_exponents_or_blanks() -> None:
    box = BoundingBox(west=-0.00001, south=4, east=127.25, north=22)

    arguments = only(Query(text="monkey", bbox=box))

    assert arguments["bbox"] == "-0.0000100,4.0000000,127.2500000,22.0000000"
    assert arguments["per_page"] == "250"


@pytest.mark.parametrize(
    "query",
    [
        Query(bbox=BOX),
        Query(bbox=BOX, text="monkey"),
        Query(bbox=BOX, uploaded_to=datetime(2014, 10, 22, tzinfo=UTC)),
    ],
)
def test_a_box_with_no_limiting_argument_gets_one_that_limits_nothing(query: Query) -> None:
    assert only(query)["min_upload_date"] == "1"


@pytest.mark.parametrize(
    ("query", "first_upload"),
    [
        (Query(bbox=BOX, tags=("monkey",)), None),
        (Query(bbox=BOX, taken_from=datetime(2014, 10, 19)), None),
        (Query(bbox=BOX, uploaded_from=datetime(2014, 10, 22, tzinfo=UTC)), "1413936000"),
        (Query(text="monkey"), None),
    ],
)
def test_a_limiting_argument_is_added_only_where_none_is(
    query: Query, first_upload: str | None
) -> None:
    assert only(query).get("min_upload_date") == first_upload


def test_a_box_across_the_180th_meridian_takes_two_searches() -> None:
    box = BoundingBox(west=170, south=-20, east=-170, north=-10)

    western, eastern = search_arguments(Query(text="reef", bbox=box))

    assert western["bbox"] == "170.0000000,-20.0000000,180.0000000,-10.0000000"
    assert eastern["bbox"] == "-180.0000000,-20.0000000,-170.0000000,-10.0000000"
    assert {**western, "bbox": ""} == {**eastern, "bbox": ""}


def found(**values: Any) -> Photo:
    return Photo(id=PhotoId("flickr:1"), **values)


@pytest.mark.parametrize(
    ("moment", "within"),
    [
        (None, True),
        (datetime(2014, 10, 21, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2014, 10, 22, tzinfo=UTC), True),
        (datetime(2014, 10, 23, tzinfo=UTC), True),
        (datetime(2014, 10, 23, 0, 0, 1, tzinfo=UTC), False),
    ],
)
def test_an_upload_on_either_end_of_the_dates_is_within_them(
    moment: datetime | None,
    within: bool,  # noqa: FBT001 — a table of cases
) -> None:
    query = Query(
        text="monkey",
        uploaded_from=datetime(2014, 10, 22, tzinfo=UTC),
        uploaded_to=datetime(2014, 10, 23, tzinfo=UTC),
    )

    assert meets(found(uploaded_at=moment), query) is within


@pytest.mark.parametrize(
    ("coordinates", "within"),
    [
        (Coordinates(latitude=4, longitude=116), True),
        (Coordinates(latitude=3.99, longitude=116), False),
        (None, False),
    ],
)
def test_only_a_photo_with_a_geotag_in_it_is_in_a_box(
    coordinates: Coordinates | None,
    within: bool,  # noqa: FBT001 — a table of cases
) -> None:
    assert meets(found(coordinates=coordinates), Query(bbox=BOX)) is within
    assert meets(found(coordinates=coordinates), Query(text="monkey"))
