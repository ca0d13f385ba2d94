from dataclasses import replace
from datetime import UTC, datetime

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import BoundingBox, License
from smart_image_scraper.search import Order, Query

PHILIPPINES = BoundingBox.parse("116,4,127,22")


def test_equal_queries_have_equal_runs_whatever_the_limit_and_the_order_of_licences() -> None:
    free = (License("cc-by-2.0"), License("cc0-1.0"))
    query = Query(text=" monkey ", licenses=free)

    same = Query(text="monkey", licenses=free[::-1], limit=7)

    assert query.run_id("flickr") == same.run_id("flickr")


@pytest.mark.parametrize(
    "change",
    [
        {"text": "monkeys"},
        {"tags": ("monkey",)},
        {"bbox": PHILIPPINES},
        {"order": Order.NEWEST},
        {"safe_search": 2},
        {"content_types": (0, 1)},
        {"taken_from": datetime(2020, 1, 1)},
    ],
)
def test_any_other_condition_makes_another_run(change: dict[str, object]) -> None:
    query = Query(text="monkey")

    assert replace(query, **change).run_id("flickr") != query.run_id("flickr")  # type: ignore[arg-type]
    assert query.run_id("flickr") != query.run_id("elsewhere")


@pytest.mark.parametrize(
    ("query", "term"),
    [
        (Query(text=" サル 野生 "), "サル 野生"),
        (Query(tags=("monkey", "wild")), "monkey wild"),
        (Query(bbox=PHILIPPINES), "box 116,4,127,22"),
    ],
)
def test_a_query_is_known_by_its_words_its_tags_or_its_box(query: Query, term: str) -> None:
    assert query.term == term


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"text": " "}, "give a search term, a tag, a box or a country"),
        ({"limit": 0}, "must be 1 or more, not 0"),
        ({"safe_search": 4}, "safe search is 1, 2 or 3, not 4"),
        ({"content_types": ()}, "content types are 0 to 3"),
        ({"tags": ("monkey", " ")}, "a tag is empty; leave it out, or name one"),
        ({"content_types": (4,)}, "content types are 0 to 3"),
        (
            {
                "uploaded_from": datetime(2020, 1, 2, tzinfo=UTC),
                "uploaded_to": datetime(2020, 1, 1, tzinfo=UTC),
            },
            "the upload dates end",
        ),
    ],
)
def test_a_wrong_query_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Query(**{"text": "monkey"} | wrong)  # type: ignore[arg-type]


def test_dates_with_and_without_a_zone_are_not_mixed_up() -> None:
    with pytest.raises(UsageError, match="upload dates are in UTC"):
        Query(text="monkey", uploaded_from=datetime(2020, 1, 1))

    with pytest.raises(UsageError, match="taken dates are local"):
        Query(text="monkey", taken_to=datetime(2020, 1, 1, tzinfo=UTC))
