from datetime import datetime

import pytest

from smart_image_scraper.photo import Granularity, TakenDate
from smart_image_scraper.search.commons.dates import taken_date


@pytest.mark.parametrize(
    ("text", "local", "granularity"),
    [
        ("2015-09-12 10:09:04", datetime(2015, 9, 12, 10, 9, 4), Granularity.SECOND),
        ("2015:09:12 10:09:04", datetime(2015, 9, 12, 10, 9, 4), Granularity.SECOND),
        ("2015-09-12T10:09:04", datetime(2015, 9, 12, 10, 9, 4), Granularity.SECOND),
        ("2015-09-12, 10:09", datetime(2015, 9, 12, 10, 9), Granularity.SECOND),
        ("2015-09-12", datetime(2015, 9, 12), Granularity.DAY),
        ("Taken on 2015-09-12", datetime(2015, 9, 12), Granularity.DAY),
        ("2015-09", datetime(2015, 9, 1), Granularity.MONTH),
        ("1839", datetime(1839, 1, 1), Granularity.YEAR),
        (" circa 1900 ", datetime(1900, 1, 1), Granularity.CIRCA),
        ("c. 1900", datetime(1900, 1, 1), Granularity.CIRCA),
    ],
)
def test_a_date_is_as_exact_as_it_is_told(
    text: str, local: datetime, granularity: Granularity
) -> None:
    assert taken_date(text) == TakenDate(local=local, granularity=granularity)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Unknown date",
        "between 1880 and 1890",
        "19th century",
        "0000:00:00 00:00:00",
        "2015-02-31",
        "2015-13",
        "12 September 2015",
        "201",
    ],
)
def test_what_is_no_date_in_figures_is_none(text: str | None) -> None:
    assert taken_date(text) is None


def test_a_minute_without_its_seconds_is_taken_from_its_beginning() -> None:
    taken = taken_date("2015-09-12 10:09")

    assert taken is not None
    assert taken.local.second == 0
