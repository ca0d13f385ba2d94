from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from smart_image_scraper.photo import (
    Coordinates,
    License,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Size,
    StoredFile,
    TakenDate,
)

SHA256 = "ab" * 32


@pytest.fixture(scope="session")
def make_photo() -> Callable[..., Photo]:
    """Make photos as a scrape leaves them, with every part that an export writes."""

    def make(photo_id: str = "flickr:1489", **changes: Any) -> Photo:
        url = f"https://live.staticflickr.com/1/{photo_id.partition(':')[2]}_abc_b.jpg"
        stored = StoredFile(
            path=f"ab/ab/{SHA256}.jpg",
            sha256=SHA256,
            media_type="image/jpeg",
            bytes=1000,
            width=1024,
            height=683,
            url=url,
            fetched_at=datetime(2026, 11, 22, 9, 5, 1, tzinfo=UTC),
        )
        fields: dict[str, Any] = {
            "title": "Little monkey",
            "description": "In the wild",
            "tags": ("monkey", "サル"),
            "license": License("cc-by-2.0"),
            "taken": TakenDate(local=datetime(2016, 12, 19, 8, 31, 6)),
            "coordinates": Coordinates(latitude=5.8394, longitude=118.1172),
            "views": 817,
            "sizes": (Size(label="1024", url=url),),
            "searches": (SearchHit(term="monkey wild", run="0123456789ab"),),
            "file": stored,
            "place": Place(country="Malaysia", city="Sandakan", gazetteer="made"),
        }
        return Photo(id=PhotoId(photo_id), **{**fields, **changes})

    return make
