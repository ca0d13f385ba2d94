import json

import pytest

from smart_image_scraper.photo import StatedCamera
from smart_image_scraper.pipeline.shown_exif import metadata_of, stated_camera
from smart_image_scraper.search.flickr import ShownExif, ShownTag


def shown(*tags: tuple[str, str, str, str | None]) -> ShownExif:
    return ShownExif(
        camera="Canon EOS 20D",
        tags=tuple(
            ShownTag(group=group, name=name, label=None, raw=raw, clean=clean)
            for group, name, raw, clean in tags
        ),
    )


def test_what_the_camera_was_and_did_is_told_as_of_a_file() -> None:
    exif = shown(
        ("IFD0", "Make", "Canon", None),
        ("IFD0", "Model", "Canon EOS 20D", None),
        ("ExifIFD", "ExposureTime", "1/50", "0.02 sec (1/50)"),
        ("ExifIFD", "FNumber", "4.0", "f/4.0"),
        ("ExifIFD", "ISO", "400", None),
        ("ExifIFD", "FocalLength", "28.0 mm", "28 mm"),
        ("ExifIFD", "LensModel", "EF 28mm", None),
        ("GPS", "GPSLatitude", "9 deg 8' 6.57\"", None),
    )

    assert stated_camera(metadata_of(exif)) == StatedCamera(
        tag_count=8,
        make="Canon",
        model="Canon EOS 20D",
        lens="EF 28mm",
        focal_length_mm=28,
        f_number=4,
        exposure_s=0.02,
        iso=400,
    )


def test_the_text_says_that_flickr_showed_it_and_holds_all_forms_of_a_value() -> None:
    exif = shown(
        ("ExifIFD", "ExposureTime", "1/50", "0.02 sec (1/50)"),
        ("IFD0", "Artist", "Jane Doe", None),
        ("GPS", "GPSLatitude", "9 deg 8' 6.57\"", None),
        ("GPS", "GPSLongitude", "40 deg 5' 1.72\"", None),
    )

    text = json.loads(metadata_of(exif).as_text())

    assert text["reader"] == "flickr.photos.getExif"
    assert text["groups"]["ExifIFD"]["ExposureTime"] == {
        "value": 0.02,
        "text": "0.02 sec (1/50)",
        "rational": ["1/50"],
    }
    assert text["groups"]["IFD0"]["Artist"] == {"value": "Jane Doe"}
    assert "position" not in text


def test_a_name_that_comes_again_keeps_all_its_values() -> None:
    names = [("XMP-dc", "Subject", word, None) for word in ("ape", "cage", "zoo")]

    text = json.loads(metadata_of(shown(*names)).as_text())

    assert text["groups"]["XMP-dc"]["Subject"] == {"value": ["ape", "cage", "zoo"]}


@pytest.mark.parametrize("raw", ["", "1/0", "inf", "1 / 50", "a/b"])
def test_what_is_no_fraction_stays_as_it_was_shown(raw: str) -> None:
    text = json.loads(metadata_of(shown(("ExifIFD", "ExposureTime", raw, None))).as_text())

    assert text["groups"]["ExifIFD"]["ExposureTime"] == {"value": raw}


@pytest.mark.parametrize("lens", ["jane@example.org", "C:\\Users\\jane", "x" * 101])
def test_what_may_tell_of_a_person_does_not_become_a_fact(lens: str) -> None:
    exif = shown(("ExifIFD", "LensModel", lens, None))

    assert stated_camera(metadata_of(exif)).lens is None
