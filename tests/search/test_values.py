from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from smart_image_scraper.photo import Coordinates, Granularity, TakenDate
from smart_image_scraper.search.values import (
    mapping,
    mappings,
    moment,
    point,
    sequence,
    taken_date,
    text,
    whole_number,
)


def test_a_moment_is_read_in_utc() -> None:
    assert moment("2015-10-31T23:02:01Z") == datetime(2015, 10, 31, 23, 2, 1, tzinfo=UTC)
    assert moment("2015-10-31T23:02:01+02:00") == datetime(2015, 10, 31, 21, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        "yesterday",
        "2015-10-31T23:02:01",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
    ],
)
def test_a_moment_that_cannot_be_read_is_unknown(told: str | None) -> None:
    assert moment(told) is None


def test_a_point_is_read_from_numbers_and_from_texts() -> None:
    assert point("7.5", 80) == Coordinates(latitude=7.5, longitude=80)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(None, 1), ("north", 1), (91, 0), (0, 0.0), ("nan", 1), (10**400, 1)],
)
def test_what_is_no_point_is_none(latitude: Any, longitude: Any) -> None:
    assert point(latitude, longitude) is None


@pytest.mark.parametrize(
    ("read", "told", "nothing"),
    [
        (mapping, {"a": 1}, {}),
        (sequence, [1], []),
        (mappings, [{"a": 1}], []),
        (text, "a", None),
        (whole_number, 7, None),
    ],
)
def test_only_what_has_the_kind_that_it_should_have_is_read(
    read: Callable[[Any], Any], told: Any, nothing: Any
) -> None:
    others = (None, 0, True, 1.5, "", "7", {"a": 1}, [1], [{"a": 1}])

    assert read(told) == told
    assert all(read(other) == nothing for other in others if type(other) is not type(told))


def test_a_number_that_no_database_could_hold_is_none() -> None:
    assert whole_number(2**63 - 1) == 2**63 - 1
    assert whole_number(2**63) is None


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        ((2015,), TakenDate(local=datetime(2015, 1, 1), granularity=Granularity.YEAR)),
        ((2015, 9), TakenDate(local=datetime(2015, 9, 1), granularity=Granularity.MONTH)),
        ((2015, 9, 5), TakenDate(local=datetime(2015, 9, 5), granularity=Granularity.DAY)),
        ((2015, 13), None),
        ((10**20,), None),
    ],
)
def test_a_date_is_as_exact_as_what_is_known_of_it(
    parts: tuple[int, ...], known: TakenDate | None
) -> None:
    assert taken_date(*parts) == known
