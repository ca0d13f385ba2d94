from datetime import timedelta, timezone

import pytest

from smart_image_scraper.exif import ExifFacts, Tag
from smart_image_scraper.exif.facts import facts_of
from smart_image_scraper.exif.tags import Json
from smart_image_scraper.photo import Coordinates


def facts(**values: Json) -> ExifFacts:
    """Pick facts from tags; the name's first part is the group."""
    groups: dict[str, dict[str, Tag]] = {}
    for full_name, value in values.items():
        group, name = full_name.split("_", 1)
        groups.setdefault(group, {})[name] = Tag(value=value)
    return facts_of(groups)


@pytest.mark.parametrize("value", ["", "  ", "----", "\0\0", "Unknown", None, True, {"a": 1}])
def test_what_cameras_write_for_no_lens_is_none(value: Json) -> None:
    assert facts(ExifIFD_LensModel=value).lens is None


@pytest.mark.parametrize("value", [0, -1, "inf", "undef", "", None, [], "f/2.8", 1e400, "1e999"])
def test_what_cameras_write_for_no_aperture_is_none(value: Json) -> None:
    assert facts(ExifIFD_FNumber=value).f_number is None


@pytest.mark.parametrize(
    ("value", "iso"), [(400, 400), ("400, 0", 400), ([200, 0], 200), (0, None), (65535, None)]
)
def test_iso_is_the_first_number_that_means_something(value: Json, iso: int | None) -> None:
    assert facts(ExifIFD_ISO=value).iso == iso


@pytest.mark.parametrize(
    ("value", "orientation"), [(1, 1), (8, 8), (0, None), (9, None), (1.5, None)]
)
def test_an_orientation_is_one_of_eight(value: Json, orientation: int | None) -> None:
    assert facts(IFD0_Orientation=value).orientation == orientation


@pytest.mark.parametrize(
    "text", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2013:13:01 10:00:00", "yesterday", 2013]
)
def test_a_date_that_is_none_is_none(text: Json) -> None:
    assert facts(ExifIFD_DateTimeOriginal=text).taken is None


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("+05:30", timezone(timedelta(hours=5, minutes=30))),
        ("-0330", timezone(-timedelta(hours=3, minutes=30))),
        ("Z", None),
        ("+99:00", None),
    ],
)
def test_the_clock_s_offset_is_read(text: str, offset: timezone | None) -> None:
    assert facts(ExifIFD_OffsetTimeOriginal=text).utc_offset == offset


def test_a_place_without_a_reference_is_north_and_east() -> None:
    position = facts(GPS_GPSLatitude=6.5, GPS_GPSLongitude=99.25).position

    assert position is not None
    assert position.coordinates == Coordinates(latitude=6.5, longitude=99.25)
    assert (position.altitude_m, position.direction_degrees) == (None, None)


@pytest.mark.parametrize(
    ("reference", "altitude_m"), [(None, 12.5), (0, 12.5), (1, -12.5), (2, 12.5), (3, -12.5)]
)
def test_an_altitude_is_above_or_below_by_either_kind_of_height(
    reference: Json, altitude_m: float
) -> None:
    position = facts(
        GPS_GPSLatitude=1, GPS_GPSLongitude=1, GPS_GPSAltitude=12.5, GPS_GPSAltitudeRef=reference
    ).position

    assert position is not None
    assert position.altitude_m == altitude_m


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(0, 0), (91, 10), (10, 181), (None, 10), (10, "inf")]
)
def test_no_place_is_believed_that_is_none(latitude: Json, longitude: Json) -> None:
    assert facts(GPS_GPSLatitude=latitude, GPS_GPSLongitude=longitude).position is None


def test_a_direction_is_within_a_circle() -> None:
    position = facts(GPS_GPSLatitude=1, GPS_GPSLongitude=1, GPS_GPSImgDirection=655.35).position

    assert position is not None
    assert position.direction_degrees is None


@pytest.mark.parametrize(
    "text",
    [
        "/Users/john.doe/Pictures/private.lrcat",
        "C:\\Users\\john\\x",
        "mail me: me@example.org",
        "x" * 101,
    ],
)
def test_a_text_that_may_tell_of_a_person_is_no_open_fact(text: str) -> None:
    tags = {"IFD0": {"Software": Tag(value=text), "Make": Tag(value="Canon")}}

    facts = facts_of(tags)

    assert (facts.software, facts.make) == (None, "Canon")


def test_a_lens_may_have_slashes_in_its_name() -> None:
    lens = "EF24-105mm f/4L IS USM"

    assert facts_of({"ExifIFD": {"LensModel": Tag(value=lens)}}).lens == lens


def test_a_text_that_only_looks_like_bytes_is_a_text() -> None:
    assert facts_of({"IFD0": {"Make": Tag(value="base64:A")}}).make == "base64:A"
