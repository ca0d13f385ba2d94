"""What the inspection does to a photo and its file."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import bson
import pytest
from PIL import Image

from smart_image_scraper.photo import (
    Coordinates,
    Disagreement,
    EncryptedPhoto,
    Filter,
    Photo,
    Stage,
    TakenDate,
    Token,
)
from smart_image_scraper.pipeline import InspectSummary
from smart_image_scraper.store import Store
from tests.made.inspecting import Inspection, jpeg, photo_id, plain, png, png_with_text

EVERYTHING = Filter()
SANDAKAN = Coordinates(latitude=5.84, longitude=118.12)
TAKEN = datetime(2013, 1, 3, 12, 57, 1)


@pytest.mark.parametrize(("make", "ending"), [(jpeg, "jpg"), (png, "png")], ids=["jpeg", "png"])
def test_a_file_loses_its_metadata_and_is_named_by_what_is_left(
    inspection: Inspection, make: Callable[[], bytes], *, ending: str
) -> None:
    inspection.add(1, make(), ending=ending)

    summary = inspection.run()

    file, content = inspection.photo(1).file, inspection.content(1)
    assert b"Jane Doe" not in content
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.path == f"{file.sha256[:2]}/{file.sha256[2:4]}/{file.sha256}.{ending}"
    assert file.bytes == len(content)
    assert (summary.inspected, summary.stripped, summary.failed) == (1, 1, {})


def test_the_fetched_file_is_gone_and_only_its_digest_is_known(inspection: Inspection) -> None:
    fetched = inspection.add(1, jpeg())

    inspection.run()

    photo = inspection.photo(1)
    assert photo.file.replaces is None
    assert photo.inspection.fetched_sha256 == fetched.sha256
    assert photo.inspection.stripped
    assert inspection.files() == {photo.file.sha256}


def test_what_a_fetch_said_of_the_file_stays(inspection: Inspection) -> None:
    fetched = inspection.add(1, jpeg())

    inspection.run()

    kept = inspection.photo(1).file
    assert (kept.url, kept.fetched_at, kept.width, kept.height, kept.media_type) == (
        *(fetched.url, fetched.fetched_at, fetched.width, fetched.height, fetched.media_type),
    )


@pytest.mark.parametrize("inspection", ["pillow", "exiftool"], indirect=True)
def test_the_metadata_is_sealed_with_the_position_and_every_group(
    inspection: Inspection,
) -> None:
    inspection.add(1, jpeg())

    summary = inspection.run()

    exif = inspection.exif(1)
    assert exif["position"] == {"latitude": 5.84, "longitude": 118.12, "altitude_m": 12.5}
    assert "Jane Doe" in json.dumps(exif["groups"]["IFD0"])
    assert "JD-0815" in json.dumps(exif["groups"]["ExifIFD"])
    assert sum(map(len, exif["groups"].values())) == summary.tags
    assert summary.readers == {exif["reader"]: 1}


def test_nothing_personal_is_in_the_clear(inspection: Inspection, store: Store) -> None:
    inspection.add(1, jpeg())

    inspection.run()

    photo, exif = (store._database[name].find_one() for name in ("photos", "photo_exif"))
    assert exif is not None
    stored = bson.encode(photo) + bson.encode(exif)
    personal = (b"Jane", b"JD-0815", bson.encode({"": 5.84})[6:14], bson.encode({"": 118.12})[6:14])
    assert [part for part in personal if part in stored] == []


def test_the_facts_that_photos_are_filtered_by_are_filled(inspection: Inspection) -> None:
    inspection.add(1, jpeg())

    inspection.run()

    found = inspection.photo(1).inspection
    assert (found.make, found.model, found.lens) == ("Canon", "Canon EOS 70D", "EF50mm f/1.8")
    assert (found.iso, found.f_number, found.exposure_s) == (400, 5.6, 0.004)
    assert (found.focal_length_mm, found.focal_length_35mm) == (50, 80)
    assert (found.taken, found.utc_offset_min) == (TAKEN, 480)
    assert (found.orientation, found.software) == (6, "Lightroom 6.0")
    assert (found.size_class, found.problem_count) == ("small", 0)


def test_the_picture_is_fingerprinted(inspection: Inspection) -> None:
    inspection.add(1, jpeg())

    inspection.run()

    found = inspection.photo(1).inspection
    assert (len(found.perceptual_hash), len(found.crop_hashes)) == (32, 320)
    assert found.sharpness > 0
    assert 0.3 < found.brightness < 0.7
    assert 0 < found.contrast < 0.5
    assert found.colourfulness > 0


def test_a_blank_page_has_no_perceptual_hash(inspection: Inspection) -> None:
    file = BytesIO()
    Image.new("RGB", (480, 360), "white").save(file, "JPEG")
    inspection.add(1, file.getvalue())

    inspection.run()

    assert inspection.photo(1).inspection.perceptual_hash is None
    assert inspection.photo(1).inspection.crop_hashes is None


@pytest.mark.parametrize("keep_metadata", [False, True])
def test_a_thumbnail_is_small_upright_and_without_metadata(
    inspection: Inspection, *, keep_metadata: bool
) -> None:
    inspection.add(1, jpeg())

    inspection.run(keep_metadata=keep_metadata)

    (path,) = inspection.thumbnails()
    assert path.stem == inspection.photo(1).file.sha256
    assert b"Jane Doe" not in path.read_bytes()
    with Image.open(path) as thumbnail:
        assert thumbnail.size == (240, 320)
        assert dict(thumbnail.getexif()) == {}
        assert not thumbnail.info.keys() & {"comment", "xmp", "exif"}


def test_a_file_is_left_as_it_was_fetched_if_asked(inspection: Inspection) -> None:
    fetched = inspection.add(1, jpeg())

    summary = inspection.run(keep_metadata=True)

    photo = inspection.photo(1)
    assert photo.file == fetched
    assert inspection.content(1) == jpeg()
    assert not photo.inspection.stripped
    assert photo.inspection.make == "Canon"
    assert (summary.inspected, summary.stripped) == (1, 0)


def test_what_was_left_as_it_was_can_be_stripped_later(inspection: Inspection) -> None:
    fetched = inspection.add(1, jpeg())
    inspection.run(keep_metadata=True)
    unasked = inspection.run()

    summary = inspection.run(strip=True)

    photo = inspection.photo(1)
    assert (unasked.inspected, summary.inspected, summary.stripped) == (0, 1, 1)
    assert photo.inspection.stripped
    assert photo.inspection.fetched_sha256 == fetched.sha256
    assert inspection.files() == {photo.file.sha256} != {fetched.sha256}
    assert inspection.exif(1)["position"]["latitude"] == 5.84


def test_a_file_that_is_stripped_later_leaves_no_thumbnail_behind(inspection: Inspection) -> None:
    inspection.add(1, jpeg())
    inspection.run(keep_metadata=True)

    inspection.run(strip=True)

    assert [path.stem for path in inspection.thumbnails()] == [inspection.photo(1).file.sha256]


@pytest.mark.parametrize("keep_metadata", [False, True])
def test_a_file_without_metadata_stays_and_counts_as_stripped(
    inspection: Inspection, *, keep_metadata: bool
) -> None:
    fetched = inspection.add(1, plain())

    summary = inspection.run(keep_metadata=keep_metadata)

    assert inspection.photo(1).file == fetched
    assert inspection.photo(1).inspection.stripped
    assert inspection.content(1) == plain()
    assert (summary.inspected, summary.stripped) == (1, 0)


def test_a_second_run_does_nothing(inspection: Inspection, store: Store) -> None:
    inspection.add(1, jpeg())
    inspection.add(2, plain(2))
    inspection.run()
    before = list(store._database["photos"].find())

    summary = inspection.run()

    assert summary == InspectSummary(inspected=0, tags=0, stripped=0, failed={}, readers={})
    assert list(store._database["photos"].find()) == before


def test_progress_is_told_of_every_photo(inspection: Inspection, progress: Any) -> None:
    for number in (1, 2, 3):
        inspection.add(number, jpeg(number))
    inspection.put(4)

    inspection.run()

    assert progress.done == {"inspect": 3}


def test_only_the_photos_that_are_meant_are_inspected(inspection: Inspection) -> None:
    inspection.add(1, jpeg(1))
    inspection.add(2, jpeg(2))

    inspection.run(2)

    assert inspection.photo(1).inspection is None
    assert inspection.photo(2).inspection is not None


@pytest.mark.parametrize(
    ("taken", "place", "difference_s", "distance_km", "found"),
    [
        (TAKEN, SANDAKAN, 0, 0, set()),
        (datetime(2013, 1, 4, 12, 57, 1), SANDAKAN, 86_400, 0, set()),
        (datetime(2013, 1, 5, 12, 57, 1), SANDAKAN, 172_800, 0, {Disagreement.DATE}),
        (TAKEN, Coordinates(latitude=6.84, longitude=118.12), 0, 111.2, {Disagreement.PLACE}),
    ],
    ids=["agree", "one day apart", "another date", "another place"],
)
def test_the_site_and_the_file_are_compared(
    inspection: Inspection,
    *,
    taken: datetime,
    place: Coordinates,
    difference_s: float,
    distance_km: float,
    found: set[Disagreement],
) -> None:
    inspection.add(1, jpeg(), taken=TakenDate(local=taken), coordinates=place)

    inspection.run()

    result = inspection.photo(1).inspection
    assert result.date_difference_s == difference_s
    assert result.geotag_distance_km == pytest.approx(distance_km, abs=0.1)
    disagreeing = {each for each in Disagreement if inspection.store.count(Filter(disagrees=each))}
    assert disagreeing == found


def test_what_only_one_of_them_says_is_not_compared(inspection: Inspection) -> None:
    inspection.add(1, plain(), taken=TakenDate(local=TAKEN), coordinates=SANDAKAN)
    inspection.add(2, jpeg())

    inspection.run()

    compared = [inspection.photo(number).inspection for number in (1, 2)]
    assert [(each.date_difference_s, each.geotag_distance_km) for each in compared] == [
        (None, None),
        (None, None),
    ]


def test_metadata_that_was_sealed_elsewhere_gives_way_to_the_files_own(
    inspection: Inspection,
) -> None:
    file = inspection.write(jpeg())
    foreign = Token(text="gAAAAA" + "A" * 92 + "==", key_id="older")
    photo = EncryptedPhoto(photo=Photo(id=photo_id(1), file=file), tokens={"exif": foreign})
    inspection.store.put([photo], stages=tuple(Stage))

    inspection.run()

    assert inspection.sealed(1).tokens["exif"].key_id == inspection.vault.ring.current
    assert inspection.exif(1)["position"]["longitude"] == 118.12


def test_more_photos_than_are_read_ahead_are_all_inspected(
    inspection: Inspection, progress: Any
) -> None:
    file = inspection.write(plain())
    number = 5 * (os.cpu_count() or 1)
    for each in range(number):
        inspection.put(each, file=file)

    summary = inspection.run()

    assert summary.inspected == progress.done["inspect"] == number


def test_metadata_that_is_too_large_to_store_is_cut_and_the_other_photos_are_inspected(
    inspection: Inspection,
) -> None:
    inspection.add(1, png_with_text(bytes(range(33, 123)) * 300_000), ending="png")
    inspection.add(2, jpeg())

    summary = inspection.run()

    assert (summary.inspected, summary.failed) == (2, {})
    assert "left_out" in json.dumps(inspection.exif(1))


def test_a_new_date_at_the_site_makes_the_difference_unknown(inspection: Inspection) -> None:
    file = inspection.add(1, jpeg(), taken=TakenDate(local=datetime(2001, 1, 1)))
    inspection.run()
    before = inspection.photo(1).inspection.date_difference_s

    again = Photo(id=photo_id(1), taken=TakenDate(local=datetime(2002, 1, 1)))
    inspection.store.put([EncryptedPhoto(photo=again)])

    assert file is not None
    assert before is not None
    assert inspection.photo(1).inspection.date_difference_s is None
