from datetime import datetime

import pytest

from smart_image_scraper.photo import Granularity, TakenDate
from smart_image_scraper.photo.dates import read_moment


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


@pytest.mark.parametrize(
    "text",
    [
        "20",
        "20-05-31",
        "1-1-1",
        "12020",
        " 2020",
        "+2020",
        "2_020",
        "٢٠٢٠",
        "2020-",
        "2020-5-",
        "2020-1-1-1",
    ],
)
def test_what_has_no_year_of_four_digits_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is no date; write 2020, 2020-05 or 2020-05-31"):
        read_moment(text, last=False)


def test_the_last_year_that_there_is_has_no_end() -> None:
    taken = TakenDate(local=datetime(9999, 12, 31), granularity=Granularity.DAY)

    assert taken.last is None
