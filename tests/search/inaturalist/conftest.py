"""Made observations, in the form of iNaturalist's."""

from collections.abc import Callable
from typing import Any

import pytest

FILES = "https://inaturalist-open-data.s3.amazonaws.com/photos"
PICTURE = {
    "id": 24355315,
    "license_code": "cc-by",
    "attribution": "(c) Ann Example, Jr., some rights reserved (CC BY), uploaded by ann",
    "original_dimensions": {"width": 1445, "height": 1057},
    "flags": [],
    "url": f"{FILES}/24355315/square.jpeg?1536150664",
}
OBSERVATION = {
    "id": 16227955,
    "quality_grade": "research",
    "taxon": {
        "id": 111,
        "ancestor_ids": [48460, 110, 111],
        "name": "Macaca fascicularis",
        "rank": "species",
        "preferred_common_name": "Long-tailed Macaque",
    },
    "species_guess": "a monkey",
    "description": "At the river.",
    "tags": ["beach", "troop"],
    "created_at": "2018-09-05T14:31:08+02:00",
    "updated_at": "2019-01-01T00:00:00+00:00",
    "time_observed_at": "2018-09-05T14:06:00+02:00",
    "observed_on_details": {"year": 2018, "month": 9, "day": 5, "hour": 14},
    "user": {"id": 886482, "login": "ann", "name": "Ann Example"},
    "obscured": False,
    "geoprivacy": None,
    "taxon_geoprivacy": "open",
    "location": "7.646894,124.360086",
    "positional_accuracy": 23,
    "public_positional_accuracy": 23,
}

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def make_picture() -> Make:
    """Return what is told of a photo, with some values changed."""
    return lambda **changes: {**PICTURE, **changes}


@pytest.fixture
def make_observation() -> Make:
    """Return an observation of one photo, with some values changed."""
    return lambda **changes: {**OBSERVATION, "photos": [PICTURE], **changes}
