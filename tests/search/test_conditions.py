from datetime import UTC, datetime
from typing import Any

import pytest

from smart_image_scraper.photo import (
    BoundingBox,
    Coordinates,
    Granularity,
    License,
    Photo,
    PhotoId,
    TakenDate,
)
from smart_image_scraper.search import Country, Query
from smart_image_scraper.search.conditions import meets

BORNEO = BoundingBox(west=108, south=-5, east=120, north=8)
NORTH = Country(code="XX", boxes=(BORNEO,), contains=lambda point: point.latitude > 0)


def photo(**changes: Any) -> Photo:
    whole: dict[str, Any] = {
        "coordinates": Coordinates(latitude=5, longitude=117),
        "license": License("cc-by-4.0"),
        "uploaded_at": datetime(2015, 3, 1, tzinfo=UTC),
        "taken": TakenDate(local=datetime(2014, 5, 1), granularity=Granularity.MONTH),
    }
    return Photo(id=PhotoId("commons:1"), **(whole | changes))


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"bbox": BORNEO},
        {"country": NORTH},
        {"licenses": (License("cc0-1.0"), License("cc-by-4.0"))},
        {"uploaded_from": datetime(2015, 3, 1, tzinfo=UTC)},
        {"uploaded_to": datetime(2015, 3, 1, tzinfo=UTC)},
        {"taken_from": datetime(2014, 5, 1), "taken_to": datetime(2014, 5, 31, 23, 59, 59)},
    ],
)
def test_a_photo_that_tells_what_is_asked_for_meets_it(conditions: dict[str, Any]) -> None:
    assert meets(photo(), Query(text="monkey", **conditions))


@pytest.mark.parametrize(
    ("conditions", "changes"),
    [
        ({"bbox": BORNEO}, {"coordinates": Coordinates(latitude=5, longitude=7)}),
        ({"bbox": BORNEO}, {"coordinates": None}),
        ({"country": NORTH}, {"coordinates": Coordinates(latitude=-1, longitude=117)}),
        ({"licenses": (License("cc-by-4.0"),)}, {"license": License("cc-by-sa-4.0")}),
        ({"licenses": (License("cc-by-4.0"),)}, {"license": License.UNKNOWN}),
        ({"uploaded_from": datetime(2015, 3, 2, tzinfo=UTC)}, {}),
        ({"uploaded_to": datetime(2015, 3, 2, tzinfo=UTC)}, {"uploaded_at": None}),
        ({"taken_from": datetime(2014, 5, 2)}, {}),
        ({"taken_to": datetime(2014, 5, 30)}, {}),
        ({"taken_to": datetime(2014, 6, 1)}, {"taken": None}),
        (
            {"taken_to": datetime(2014, 6, 1)},
            {"taken": TakenDate(local=datetime(1900, 1, 1), granularity=Granularity.CIRCA)},
        ),
        (
            {"taken_from": datetime(2014, 1, 2)},
            {"taken": TakenDate(local=datetime(2014, 1, 1), granularity=Granularity.YEAR)},
        ),
    ],
)
def test_what_is_otherwise_or_not_told_is_left_out(
    conditions: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert not meets(photo(**changes), Query(text="monkey", **conditions))
