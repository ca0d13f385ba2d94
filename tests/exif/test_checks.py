from datetime import datetime, timedelta

import pytest

from smart_image_scraper.exif import ExifFacts, Position, date_difference, distance_km
from smart_image_scraper.photo import Coordinates, Granularity, TakenDate

BOHOL = Coordinates(latitude=9.85, longitude=124.15)
FACTS = ExifFacts(taken=datetime(2013, 1, 3, 12), position=Position(coordinates=BOHOL))


@pytest.mark.parametrize(
    ("local", "granularity", "difference"),
    [
        (datetime(2013, 1, 3, 12), Granularity.SECOND, timedelta()),
        (datetime(2013, 1, 4, 12), Granularity.SECOND, timedelta(days=1)),
        (datetime(2012, 12, 31, 12), Granularity.SECOND, timedelta(days=3)),
        (datetime(2013, 1, 3), Granularity.DAY, timedelta()),
        (datetime(2013, 1, 4), Granularity.DAY, timedelta(hours=12)),
        (datetime(2013, 1, 1), Granularity.MONTH, timedelta()),
        (datetime(2013, 2, 1), Granularity.MONTH, timedelta(days=28, hours=12)),
        (datetime(2013, 1, 1), Granularity.YEAR, timedelta()),
        (datetime(2012, 1, 3, 12), Granularity.YEAR, timedelta(days=366)),
        (datetime(1990, 1, 1), Granularity.CIRCA, None),
    ],
)
def test_dates_are_compared_as_exactly_as_they_are_known(
    local: datetime, granularity: Granularity, difference: timedelta | None
) -> None:
    taken = TakenDate(local=local, granularity=granularity)

    assert date_difference(taken, FACTS) == difference


def test_an_unknown_date_differs_by_nobody_knows_what() -> None:
    assert date_difference(None, FACTS) is None
    assert date_difference(TakenDate(local=datetime(2013, 1, 1)), ExifFacts()) is None


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_km(Coordinates(latitude=10.85, longitude=124.15), FACTS) == pytest.approx(
        111.195, abs=0.001
    )


def test_the_180th_meridian_is_no_distance() -> None:
    fiji = ExifFacts(position=Position(coordinates=Coordinates(latitude=0, longitude=179.999)))

    assert distance_km(Coordinates(latitude=0, longitude=-179.999), fiji) == pytest.approx(
        0.222, abs=0.001
    )


def test_an_unknown_place_is_at_no_distance() -> None:
    assert distance_km(None, FACTS) is None
    assert distance_km(BOHOL, ExifFacts()) is None
