from datetime import UTC, datetime

import pytest

from smart_image_scraper.photo import Granularity, TakenDate
from smart_image_scraper.search.flickr.values import taken_date, unix_time, whole_number


@pytest.mark.parametrize("text", [None, "", "-1", "1.5", "1_000", " 1", "٣", "1e3", "9" * 16])
def test_what_is_no_plain_whole_number_is_unknown(text: str | None) -> None:
    assert whole_number(text) is None


def test_a_number_out_of_its_range_is_unknown() -> None:
    assert [whole_number(text, least=1, most=16) for text in ("0", "1", "16", "17")] == [
        None,
        1,
        16,
        None,
    ]


def test_unix_seconds_are_a_time_in_utc() -> None:
    assert unix_time("1414001923") == datetime(2014, 10, 22, 18, 18, 43, tzinfo=UTC)


@pytest.mark.parametrize("text", [None, "0", "-5", "999999999999999", "2014-10-22"])
def test_seconds_that_are_no_time_are_unknown(text: str | None) -> None:
    assert unix_time(text) is None


@pytest.mark.parametrize(
    ("written", "code", "expected", "granularity"),
    [
        ("2014-10-19 11:21:20", "0", datetime(2014, 10, 19, 11, 21, 20), Granularity.SECOND),
        ("1959-05-01 00:00:00", "4", datetime(1959, 5, 1), Granularity.MONTH),
        ("1950-01-01 00:00:00", "6", datetime(1950, 1, 1), Granularity.YEAR),
        ("1912-01-01 00:00:00", "8", datetime(1912, 1, 1), Granularity.CIRCA),
        ("1959-05-17 12:30:00", "4", datetime(1959, 5, 1), Granularity.MONTH),
        ("2009-00-00 00:00:00", "6", datetime(2009, 1, 1), Granularity.YEAR),
        ("2009-00-00 00:00:00", "0", datetime(2009, 1, 1), Granularity.YEAR),
        ("2009-00-00 00:00:00", "4", datetime(2009, 1, 1), Granularity.YEAR),
        ("2009-07-00 00:00:00", "0", datetime(2009, 7, 1), Granularity.MONTH),
        ("2009-07-00 00:00:00", "4", datetime(2009, 7, 1), Granularity.MONTH),
    ],
)
def test_a_date_is_read_as_exactly_as_it_is_known(
    written: str, code: str, expected: datetime, granularity: Granularity
) -> None:
    row = {"datetaken": written, "datetakengranularity": code}

    assert taken_date(row) == TakenDate(local=expected, granularity=granularity)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"datetaken": "2014-10-19 11:21:20", "datetakenunknown": "1"},
        {"datetaken": "0000-00-00 00:00:00", "datetakengranularity": "0"},
        {"datetaken": "2014-02-31 00:00:00", "datetakengranularity": "0"},
        {"datetaken": "2014-10-19 11:21:20", "datetakengranularity": "5"},
        {"datetaken": "2014-10-19", "datetakengranularity": "0"},
        {"datetaken": "last summer", "datetakengranularity": "8"},
    ],
)
def test_a_date_that_is_not_known_or_none_at_all_is_unknown(row: dict[str, str]) -> None:
    assert taken_date(row) is None
