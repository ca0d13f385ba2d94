import hashlib
import json
import os
import shutil
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import bson
import numpy as np
import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from smart_image_scraper.download import Files
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import StoreError, WorkspaceError
from smart_image_scraper.exif import strip
from smart_image_scraper.photo import (
    Coordinates,
    Disagreement,
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Stage,
    StoredFile,
    TakenDate,
    Token,
)
from smart_image_scraper.pipeline import InspectSummary, forget_photos, inspect
from smart_image_scraper.store import Counts, Store

EVERYTHING = Filter()
SANDAKAN = Coordinates(latitude=5.84, longitude=118.12)
TAKEN = datetime(2013, 1, 3, 12, 57, 1)


@cache
def picture(seed: int) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((480, 360), Image.Resampling.BICUBIC)


def personal_exif() -> Image.Exif:
    exif = Image.Exif()
    exif.update({ExifTags.Base.Make: "Canon", ExifTags.Base.Model: "Canon EOS 70D"})
    exif.update({ExifTags.Base.Orientation: 6, ExifTags.Base.Software: "Lightroom 6.0"})
    exif[ExifTags.Base.Artist] = "Jane Doe"
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.ExposureTime: IFDRational(1, 250),
            ExifTags.Base.FNumber: 5.6,
            ExifTags.Base.ISOSpeedRatings: 400,
            ExifTags.Base.DateTimeOriginal: "2013:01:03 12:57:01",
            ExifTags.Base.OffsetTimeOriginal: "+08:00",
            ExifTags.Base.FocalLength: 50.0,
            ExifTags.Base.FocalLengthIn35mmFilm: 80,
            ExifTags.Base.LensModel: "EF50mm f/1.8",
            ExifTags.Base.BodySerialNumber: "JD-0815",
        }
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (5.0, 50.0, 24.0), 3: "E", 4: (118.0, 7.0, 12.0), 5: b"\0", 6: 12.5}
    )
    return exif


def jpeg(seed: int = 1, **options: Any) -> bytes:
    file = BytesIO()
    picture(seed).save(file, "JPEG", **({"exif": personal_exif(), "comment": "Jane Doe"} | options))
    return file.getvalue()


def png() -> bytes:
    texts, file = PngInfo(), BytesIO()
    texts.add_text("Author", "Jane Doe")
    picture(1).save(file, "PNG", pnginfo=texts, exif=personal_exif())
    return file.getvalue()


def plain(seed: int = 1) -> bytes:
    file = BytesIO()
    picture(seed).save(file, "JPEG")
    return file.getvalue()


def old_jpeg_tiff() -> bytes:
    """Return a TIFF in the JPEG form withdrawn in 1995: it can be decoded, and not be stripped."""
    scan = jpeg(exif=b"", subsampling=0)
    size = len(scan)
    # Tag, type, count, value (TIFF 6.0, sections 2 and 22); the scan begins at 256.
    fields = [(256, 4, 1, 480), (257, 4, 1, 360), (258, 3, 3, 240), (259, 3, 1, 6), (262, 3, 1, 6)]
    fields += [(273, 4, 1, 256), (277, 3, 1, 3), (278, 4, 1, 360), (279, 4, 1, size)]
    fields += [(512, 3, 1, 1), (513, 4, 1, 256), (514, 4, 1, size), (530, 3, 2, 0x10001)]
    entries = b"".join(struct.pack("<HHII", *field) for field in fields)
    header = struct.pack("<2sHIH", b"II", 42, 8, len(fields)) + entries
    return header.ljust(240, b"\0") + struct.pack("<3H10x", 8, 8, 8) + scan


def photo_id(number: int) -> PhotoId:
    return PhotoId(f"flickr:{number}")


def png_with_text(text: bytes) -> bytes:
    """A PNG with a text of any length in it."""
    content = BytesIO()
    chunks = PngInfo()
    chunks.add_text("Comment", text.decode("latin-1"))
    Image.linear_gradient("L").save(content, "PNG", pnginfo=chunks)
    return content.getvalue()


class Inspection:
    """A workspace whose store and files are filled, inspected and looked at."""

    def __init__(self, store: Store, vault: Vault, *, workspace: Path, progress: Any) -> None:
        self.store = store
        self.vault = vault
        self.workspace = workspace
        self.progress = progress

    def write(self, content: bytes, *, ending: str = "jpg") -> StoredFile:
        sha256 = hashlib.sha256(content).hexdigest()
        path = f"{sha256[:2]}/{sha256[2:4]}/{sha256}.{ending}"
        target = self.workspace / "files" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return StoredFile(
            path=path,
            sha256=sha256,
            media_type="image/png" if ending == "png" else "image/jpeg",
            bytes=len(content),
            width=480,
            height=360,
            url="https://x.example/1.jpg",
            fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        )

    def add(self, number: int, content: bytes, *, ending: str = "jpg", **facts: Any) -> StoredFile:
        file = self.write(content, ending=ending)
        self.put(number, file=file, **facts)
        return file

    def put(self, number: int, **facts: Any) -> None:
        photo = EncryptedPhoto(photo=Photo(id=photo_id(number), **facts))
        self.store.put([photo], stages=(Stage.SEARCH, Stage.DOWNLOAD))

    def run(self, *numbers: int, where: Filter = EVERYTHING, **options: Any) -> InspectSummary:
        return inspect(
            options.pop("store", self.store),
            self.vault,
            workspace=self.workspace,
            where=replace(where, ids=tuple(map(photo_id, numbers))),
            progress=options.pop("progress", self.progress),
            **options,
        )

    def sealed(self, number: int) -> EncryptedPhoto:
        return next(self.store.get([photo_id(number)], whole=True))

    def photo(self, number: int) -> Any:
        return self.sealed(number).photo

    def exif(self, number: int) -> Any:
        return json.loads(self.vault.open(self.sealed(number)).exif or "null")

    def content(self, number: int) -> bytes:
        return (self.workspace / "files" / self.photo(number).file.path).read_bytes()

    def files(self) -> set[str]:
        return {path.stem for path in self.workspace.glob("files/??/??/*.*")}

    def thumbnails(self) -> list[Path]:
        return list(self.workspace.glob("thumbs/??/??/*.jpg"))


class Telling:
    """Calls a function with how many photos are done."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._done = 0

    @contextmanager
    def stage(
        self, name: str, *, total: int | None, **_: object
    ) -> Iterator[Callable[[int], None]]:
        def advance(number: int) -> None:
            self._done += number
            self._tell(self._done)

        yield advance


class RefusingStore(Store):
    """A store that does not take photos any more when it is told so."""

    refuses = False
    refuses_results = False

    def put(self, photos: Iterable[EncryptedPhoto], **options: Any) -> Counts:
        if self.refuses or (self.refuses_results and Stage.INSPECT in options["stages"]):
            raise StoreError("the database does not answer")
        return super().put(photos, **options)


class LateStore(Store):
    """A store of which something else happens between the reading of photos and their work."""

    meanwhile: Callable[[], object]

    def pending(self, *arguments: Any, **options: Any) -> Iterator[EncryptedPhoto]:
        photos = list(super().pending(*arguments, **options))
        self.meanwhile()
        return iter(photos)


@pytest.fixture
def inspection(
    store: Store,
    vault: Vault,
    tmp_path: Path,
    progress: Any,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Inspection:
    """Without exiftool, which takes a second to start, unless a test asks for it by parameter."""
    if getattr(request, "param", "pillow") == "pillow":
        monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    elif shutil.which("exiftool") is None:
        pytest.skip("needs exiftool (Debian's libimage-exiftool-perl)")
    return Inspection(store, vault, workspace=tmp_path, progress=progress)


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


def test_a_missing_file_is_recorded_and_the_run_goes_on(inspection: Inspection) -> None:
    for number in (1, 2, 3):
        file = inspection.add(number, jpeg(number))
        if number == 2:
            (inspection.workspace / "files" / file.path).unlink()

    summary = inspection.run()

    failure = inspection.photo(2).failures[Stage.INSPECT]
    assert (summary.inspected, summary.failed) == (2, {"missing": 1})
    assert (failure.reason, failure.retryable) == ("missing", True)
    assert "`sis download` fetches the photo again" in failure.message
    assert inspection.store.count(Filter(failed=Stage.INSPECT)) == 1


def test_a_file_that_cannot_be_read_just_now_stays_the_photos(inspection: Inspection) -> None:
    file = inspection.add(1, jpeg())
    place = inspection.workspace / "files" / file.path
    place.unlink()
    place.mkdir()

    summary = inspection.run()
    place.rmdir()
    inspection.write(jpeg())
    later = inspection.run()

    assert (summary.failed, later.inspected, later.failed) == ({"unreadable": 1}, 1, {})
    assert inspection.store.count_pending(Stage.DOWNLOAD) == 0


def test_a_file_that_is_back_is_inspected_and_leaves_no_failure(inspection: Inspection) -> None:
    file = inspection.add(1, jpeg())
    (inspection.workspace / "files" / file.path).unlink()
    inspection.run()
    inspection.add(1, jpeg())

    summary = inspection.run()

    assert (summary.inspected, summary.stripped, summary.failed) == (1, 1, {})
    assert inspection.photo(1).failures == {}
    assert inspection.photo(1).inspection.stripped


@pytest.mark.parametrize("damage", [jpeg()[:700], b"GIF87 is no image"], ids=["cut", "no image"])
def test_a_damaged_file_is_recorded_and_not_lost(inspection: Inspection, damage: bytes) -> None:
    fetched = inspection.add(1, damage)
    inspection.add(2, jpeg())

    summary = inspection.run()

    failure = inspection.photo(1).failures[Stage.INSPECT]
    assert summary.inspected == 1
    assert summary.failed == {failure.reason: 1}
    assert not failure.retryable
    assert inspection.photo(1).file == fetched
    assert inspection.content(1) == damage


def test_what_failed_for_good_is_tried_again_only_if_asked(inspection: Inspection) -> None:
    inspection.add(1, jpeg()[:700])
    inspection.run()

    unasked, asked = inspection.run(), inspection.run(again=True)

    assert (unasked.failed, asked.failed) == ({}, {"damaged": 1})


def test_a_file_that_cannot_be_stripped_stays_and_the_way_out_is_told(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, old_jpeg_tiff(), ending="tif")

    summary = inspection.run()

    photo = inspection.photo(1)
    assert (summary.inspected, summary.failed) == (1, {"unsupported": 1})
    assert "leave it out with --stripped" in photo.failures[Stage.INSPECT].message
    assert (photo.file, photo.inspection.stripped) == (fetched, False)
    assert inspection.store.count(Filter(stripped=False)) == 1


def test_a_file_that_cannot_be_stripped_is_inspected_if_it_may_stay_as_it_is(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, old_jpeg_tiff(), ending="tif")

    summary = inspection.run(keep_metadata=True)

    assert summary.inspected == 1
    assert inspection.photo(1).file == fetched
    assert not inspection.photo(1).inspection.stripped


def test_a_file_that_is_missing_when_it_should_be_stripped_is_recorded(
    inspection: Inspection,
) -> None:
    file = inspection.add(1, jpeg())
    inspection.run(keep_metadata=True)
    (inspection.workspace / "files" / file.path).unlink()

    summary = inspection.run(strip=True)

    assert summary.failed == {"missing": 1}
    assert inspection.photo(1).file is None
    assert inspection.store.count(Filter(failed=Stage.INSPECT)) == 1


def test_photos_that_share_a_file_share_the_stripped_one(inspection: Inspection) -> None:
    for number in (1, 2):
        inspection.add(number, jpeg())

    summary = inspection.run()

    first, second = inspection.photo(1), inspection.photo(2)
    assert first.file == second.file
    assert inspection.files() == {first.file.sha256}
    assert (summary.inspected, summary.stripped, summary.failed) == (2, 2, {})


def test_a_fetched_file_stays_until_every_photo_of_it_has_the_stripped_one(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, jpeg())
    inspection.add(2, jpeg())
    inspection.run(1)
    after_one = inspection.files()

    inspection.run(2)

    stripped = inspection.photo(1).file.sha256
    assert after_one == {fetched.sha256, stripped}
    assert inspection.files() == {stripped}


@pytest.fixture
def killed(inspection: Inspection) -> tuple[Inspection, StoredFile]:
    """A photo whose stripped file is recorded, and whose fetched file has not been removed."""
    fetched = inspection.add(1, jpeg())
    inspection.run()
    inspection.write(jpeg())
    inspection.put(1, file=replace(inspection.photo(1).file, replaces=fetched.path))
    return inspection, fetched


def test_a_run_that_was_killed_before_it_removed_a_file_is_finished_by_the_next(
    killed: tuple[Inspection, StoredFile],
) -> None:
    inspection, fetched = killed
    assert fetched.sha256 in inspection.files()

    inspection.run()

    assert inspection.photo(1).file.replaces is None
    assert inspection.files() == {inspection.photo(1).file.sha256}


def test_a_file_that_a_killed_run_left_is_kept_while_another_photo_has_it(
    killed: tuple[Inspection, StoredFile],
) -> None:
    inspection, fetched = killed
    inspection.put(2, file=fetched)

    inspection.run(1)

    assert inspection.photo(1).file.replaces is None
    assert fetched.sha256 in inspection.files()


def test_a_workspace_that_cannot_be_written_ends_the_run_and_keeps_what_was_done(
    inspection: Inspection,
) -> None:
    for number in range(1, 6):
        inspection.add(number, jpeg(number))
    digest = hashlib.sha256(strip(jpeg(4), name="4")).hexdigest()
    (inspection.workspace / "files" / digest[:2]).write_text("no folder")

    with pytest.raises(WorkspaceError, match="cannot be written"):
        inspection.run()

    done = [inspection.photo(number) for number in (1, 2, 3)]
    assert [photo.inspection.stripped for photo in done] == [True, True, True]
    assert {photo.file.sha256 for photo in done} <= inspection.files()
    assert inspection.photo(4).inspection is None


def test_a_run_that_is_stopped_keeps_what_was_done_and_the_next_does_the_rest(
    inspection: Inspection,
) -> None:
    for number in range(1, 6):
        inspection.add(number, jpeg(number))

    def stop(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inspection.run(progress=Telling(stop))
    stopped_at = inspection.store.count(Filter(stripped=True))
    summary = inspection.run()

    assert (stopped_at, summary.inspected, summary.failed) == (3, 2, {})
    assert inspection.files() == {inspection.photo(each).file.sha256 for each in range(1, 6)}


def test_a_database_that_refuses_ends_the_run_and_what_was_recorded_before_stays(
    inspection: Inspection, server: str
) -> None:
    fetched = {number: inspection.add(number, jpeg(number)) for number in range(1, 5)}
    name = inspection.store._database.name
    with RefusingStore.connect(server, database=name) as refusing:

        def refuse(done: int) -> None:
            if done == 1:
                time.sleep(1.05)  # What is done is recorded every second …
            refusing.refuses = done >= 3  # … and once more at the end.

        with pytest.raises(StoreError, match="does not answer"):
            inspection.run(store=refusing, progress=Telling(refuse))

    recorded = [number for number in fetched if inspection.photo(number).inspection is not None]
    left = {file.sha256 for number, file in fetched.items() if number not in recorded}
    assert 1 <= len(recorded) < len(fetched)
    assert {file.sha256 for file in fetched.values()} & inspection.files() == left


def test_more_photos_than_are_read_ahead_are_all_inspected(
    inspection: Inspection, progress: Any
) -> None:
    file = inspection.write(plain())
    number = 5 * (os.cpu_count() or 1)
    for each in range(number):
        inspection.put(each, file=file)

    summary = inspection.run()

    assert summary.inspected == progress.done["inspect"] == number


def test_a_photo_that_another_run_inspects_meanwhile_is_no_failure(
    inspection: Inspection, server: str
) -> None:
    inspection.add(1, jpeg())
    with LateStore.connect(server, database=inspection.store._database.name) as late:
        late.meanwhile = inspection.run

        summary = inspection.run(store=late)

    assert (summary.inspected, summary.failed) == (0, {})
    assert inspection.photo(1).failures == {}
    assert inspection.files() == {inspection.photo(1).file.sha256}


def test_a_second_download_of_an_inspected_photo_does_not_bring_the_fetched_file_back(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, jpeg())
    inspection.run()

    inspection.put(1, file=fetched)

    photo = inspection.photo(1)
    assert photo.file.sha256 != fetched.sha256
    assert photo.inspection.stripped


def test_nothing_is_left_of_a_photo_that_is_erased_while_it_is_inspected(
    inspection: Inspection, progress: Any
) -> None:
    for number in (1, 2):
        inspection.add(number, jpeg(number))

    def erase(done: int) -> None:
        if done == 2:  # inspected, and not recorded yet
            forget_photos(
                inspection.store,
                workspace=inspection.workspace,
                photos=[photo_id(1)],
                progress=progress,
            )

    inspection.run(progress=Telling(erase))

    left = inspection.photo(2).file.sha256
    assert inspection.files() == {left}
    assert [path.stem for path in inspection.thumbnails()] == [left]


def test_nothing_is_left_of_a_photo_that_is_erased_after_its_inspection_was_killed(
    inspection: Inspection, server: str, progress: Any
) -> None:
    inspection.add(1, jpeg())
    name = inspection.store._database.name
    with RefusingStore.connect(server, database=name) as refusing:
        refusing.refuses_results = True
        with pytest.raises(StoreError, match="does not answer"):
            inspection.run(store=refusing)

    forget_photos(
        inspection.store, workspace=inspection.workspace, photos=[photo_id(1)], progress=progress
    )

    assert (inspection.files(), inspection.thumbnails()) == (set(), [])


def test_a_fetched_file_that_another_process_is_about_to_record_stays(
    inspection: Inspection,
) -> None:
    content = jpeg()
    fetched = inspection.add(1, content)
    downloading = Files(inspection.workspace / "files")
    with downloading.incoming() as copy:
        copy.write(content)
        copy.flush()
        downloading.keep_unclaimed(Path(copy.name), sha256=fetched.sha256, ending="jpg")

    inspection.run()

    assert inspection.files() == {fetched.sha256, inspection.photo(1).file.sha256}


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
