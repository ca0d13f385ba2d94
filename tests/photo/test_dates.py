from datetime import datetime

import pytest

from smart_image_scraper.photo import Granularity, TakenDate


@pytest.mark.parametrize(
    ("granularity", "last"),
    [
        (Granularity.SECOND, datetime(2016, 2, 1)),
        (Granularity.DAY, datetime(2016, 2, 1, 23, 59, 59)),
        (Granularity.MONTH, datetime(2016, 2, 29, 23, 59, 59)),
        (Granularity.YEAR, datetime(2016, 12, 31, 23, 59, 59)),
        (Granularity.CIRCA, None),
    ],
)
def test_a_date_ends_where_what_is_known_of_it_ends(
    granularity: Granularity, last: datetime | None
) -> None:
    taken = TakenDate(local=datetime(2016, 2, 1), granularity=granularity)

    assert taken.last == last


def test_the_last_year_that_there_is_has_no_end() -> None:
    taken = TakenDate(local=datetime(9999, 12, 31), granularity=Granularity.DAY)

    assert taken.last is None
