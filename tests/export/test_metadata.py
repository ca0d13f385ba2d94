import json

import pytest

from smart_image_scraper.export.metadata import metadata_without_place
from smart_image_scraper.photo import Coordinates

POINT = Coordinates(latitude=5.8394, longitude=118.1172)
TEXT = json.dumps(
    {
        "reader": "exiftool 13",
        "position": {"latitude": 5.91, "longitude": 118.2, "altitude_m": 31},
        "groups": {
            "IFD0": {"Make": {"value": "Canon"}, "Artist": {"value": "Bea"}},
            "GPS": {"GPSLatitude": {"value": "5.8394"}},
            "XMP-photoshop": {"City": {"value": "Sandakan"}, "State": {"value": "Sabah"}},
            "XMP-iptcExt": {"LocationShown": {"value": [{"CountryName": "Malaysia"}]}},
            "ExifIFD": {
                "UserComment": {"value": "at 5.8394, 118.1172 or 5.91"},
                "BodySerialNumber": {"value": "4711"},
                "ISO": {"value": 100},
            },
        },
    }
)


def test_tags_that_tell_the_place_are_left_out_and_others_stay() -> None:
    told = json.loads(metadata_without_place(TEXT, POINT) or "")

    assert told == {
        "reader": "exiftool 13",
        "groups": {
            "IFD0": {"Make": {"value": "Canon"}, "Artist": {"value": "Bea"}},
            "XMP-photoshop": {},
            "XMP-iptcExt": {},
            "ExifIFD": {
                "UserComment": {"value": "at […] or […]"},
                "BodySerialNumber": {"value": "4711"},
                "ISO": {"value": 100},
            },
        },
    }


@pytest.mark.parametrize("text", [None, "Make: Canon", "[1]", '"x"', '{"GPSLatitude": 5.8}'])
def test_what_cannot_be_read_tag_by_tag_is_not_told(text: str | None) -> None:
    assert metadata_without_place(text, POINT) is None
