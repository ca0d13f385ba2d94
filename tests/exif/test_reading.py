import json
import os
import random
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PIL import Image

from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif import ExifFacts, ExifTool, MetadataReader, Position
from smart_image_scraper.photo import Coordinates

MakePhoto = Callable[..., bytes]
FACTS = ExifFacts(
    make="Canon",
    model="Canon EOS 70D",
    lens="EF50mm f/1.8 II",
    focal_length_mm=50,
    focal_length_35mm=80,
    f_number=5.6,
    exposure_s=0.0125,
    iso=400,
    taken=datetime(2013, 1, 3, 12, 57, 1),
    utc_offset=timezone(timedelta(hours=9)),
    orientation=6,
    software="Lightroom 6.0",
    position=Position(
        coordinates=Coordinates(latitude=-6.61857, longitude=99.6106333),
        altitude_m=-12.5,
        direction_degrees=271.25,
    ),
)
WITHOUT = MetadataReader(None)


@pytest.fixture
def reader(exiftool: Path) -> Iterator[MetadataReader]:
    with MetadataReader.installed() as reader:
        yield reader


@pytest.fixture
def photo(make_photo: MakePhoto, tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(make_photo(orientation=6))
    return path


def test_the_facts_are_read_with_exiftool(photo: Path, reader: MetadataReader) -> None:
    metadata = reader.read(photo)

    assert metadata.facts == FACTS
    assert metadata.reader.startswith("exiftool ")
    assert metadata.problems == ()


def test_the_facts_are_the_same_without_exiftool(photo: Path) -> None:
    metadata = WITHOUT.read(photo)

    assert metadata.facts == FACTS
    assert metadata.reader.startswith("pillow ")
    assert metadata.problems == ()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_other_formats_say_the_same(
    kind: str, make_photo: MakePhoto, tmp_path: Path, reader: MetadataReader
) -> None:
    path = tmp_path / f"photo.{kind.lower()}"
    path.write_bytes(make_photo(kind, orientation=3))

    facts = reader.read(path).facts

    assert facts == WITHOUT.read(path).facts
    assert (facts.model, facts.orientation) == ("Canon EOS 70D", 3)


def test_everything_is_kept_as_it_is_in_the_file(photo: Path, reader: MetadataReader) -> None:
    text = reader.read(photo).as_text()

    groups = json.loads(text)["groups"]
    assert groups["ExifIFD"]["ExposureTime"] == {
        "value": 0.0125,
        "text": "1/80",
        "rational": ["1/80"],
    }
    assert groups["IFD0"]["Artist"] == {"value": "Jane Doe"}
    assert groups["XMP-dc"]["Creator"] == {"value": ["Jane Doe"]}
    assert groups["File"]["Comment"] == {"value": "Jane Doe"}
    assert groups["GPS"]["GPSLatitude"]["rational"] == ["6/1", "37/1", "1713/250"]
    assert not {"System", "ExifTool"} & set(groups)


def test_a_file_gives_the_same_text_in_every_process(photo: Path, exiftool: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from smart_image_scraper.exif import MetadataReader\n"
        "with MetadataReader.installed() as reader: print(reader.read(Path(sys.argv[1])).as_text())"
    )

    texts = {
        subprocess.run(
            [sys.executable, "-c", script, str(photo)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PATH": str(exiftool.parent)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(texts) == 1


def test_without_exiftool_what_pillow_reads_is_kept(photo: Path) -> None:
    metadata = WITHOUT.read(photo)

    groups = json.loads(metadata.as_text())["groups"]
    assert groups["ExifIFD"]["ExposureTime"] == {"value": 0.0125, "rational": ["1/80"]}
    assert "Jane Doe" in groups["XMP"]["XMP"]["value"]
    assert groups["File"]["Comment"] == {"value": "Jane Doe"}
    assert metadata.tag_count == sum(map(len, groups.values()))


def test_metadata_of_as_many_pixels_as_are_let_in_is_read_without_exiftool(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    path, content = tmp_path / "photo.jpg", bytearray(make_photo())
    # The frame's header: its length, 8 bits, then height and width (ITU-T T.81, B.2.2).
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 10_000, 20_000)
    path.write_bytes(content)

    metadata = WITHOUT.read(path)

    assert (metadata.facts.model, metadata.problems) == ("Canon EOS 70D", ())


def gps(**values: str | tuple[int, ...]) -> bytes:
    """EXIF of a place: references as texts, degrees as thousandths with a sign, or as texts."""
    fields, data, start = b"", b"", 26 + 2 + 12 * len(values) + 4
    for number, value in zip((1, 2, 3, 4), values.values(), strict=True):
        raw = value.encode() + b"\0" if isinstance(value, str) else b""
        raw = raw or b"".join(struct.pack("<ii", part, 1000) for part in value)
        kind, count = (2, len(raw)) if isinstance(value, str) else (10, len(value))
        place = raw.ljust(4, b"\0") if len(raw) <= 4 else struct.pack("<I", start + len(data))
        fields += struct.pack("<HHI", number, kind, count) + place
        data += raw if len(raw) > 4 else b""
    head = b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x8825, 4, 1, 26, 0)
    return b"Exif\0\0" + head + struct.pack("<H", len(values)) + fields + bytes(4) + data


@pytest.mark.parametrize("with_exiftool", [True, False])
@pytest.mark.parametrize(
    ("north", "latitude", "east", "longitude", "place"),
    [
        ("S", (-33_500,), "W", (-118_500,), (-33.5, -118.5)),
        ("", (-33_500,), "", (-118_500,), (-33.5, -118.5)),
        ("S", (33_000, 30_000), "E", (118_500,), (-33.5, 118.5)),
        ("N", (-33_500,), "E", (118_500,), None),
        ("S", "33,30.6S", "W", "118 30 36", (-33.51, -118.51)),
        ("N", "north", "E", "east", None),
    ],
)
def test_a_place_is_read_in_odd_forms_too(
    with_exiftool: bool,  # noqa: FBT001 — a case of the test, as are the others
    north: str,
    latitude: str | tuple[int, ...],
    east: str,
    longitude: str | tuple[int, ...],
    place: tuple[float, float] | None,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    reader = request.getfixturevalue("reader") if with_exiftool else WITHOUT
    path = tmp_path / "photo.jpg"
    exif = gps(north=north, latitude=latitude, east=east, longitude=longitude)
    Image.new("RGB", (8, 8)).save(path, "JPEG", exif=exif)

    found = reader.read(path).facts.position

    assert (found and (found.coordinates.latitude, found.coordinates.longitude)) == place


@pytest.mark.parametrize("with_exiftool", [True, False])
def test_text_of_any_encoding_loses_nothing(
    with_exiftool: bool,  # noqa: FBT001 — a case of the test
    make_photo: MakePhoto,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    reader = request.getfixturevalue("reader") if with_exiftool else WITHOUT
    path = tmp_path / "photo.jpg"
    photo = make_photo().replace(b"Canon EOS 70D", "Läica Q".encode() + b"\0\0\0\0\0", 1)
    path.write_bytes(photo.replace(b"Lightroom 6.0", b"Caf\xe9\0\0\0\0\0\0\0\0\0", 1))

    metadata = reader.read(path)

    assert metadata.facts.model == "Läica Q"
    assert metadata.facts.software == "Café"
    assert str(metadata.tags["IFD0"]["Software"].value).startswith("base64:Q2Fm6Q")


def test_a_thumbnail_in_the_file_is_not_among_the_tags(
    make_photo: MakePhoto, tmp_path: Path, reader: MetadataReader
) -> None:
    path = tmp_path / "photo.jpg"
    thumbnail = b"\xff\xd8\xff\xdb" + bytes(5000) + b"\xff\xd9"
    exif = b"II*\0\x08\0\0\0\0\0\x0e\0\0\0\2\0"
    exif += struct.pack("<HHII", 0x201, 4, 1, 44) + struct.pack("<HHII", 0x202, 4, 1, 5006)
    path.write_bytes(make_photo(exif=b"Exif\0\0" + exif + bytes(4) + thumbnail))

    metadata = reader.read(path)

    assert "IFD1" in metadata.tags
    assert "ThumbnailImage" not in metadata.tags["IFD1"]
    assert len(metadata.as_text()) < 5000


def test_a_file_without_metadata_has_no_facts(make_photo: MakePhoto, tmp_path: Path) -> None:
    path = tmp_path / "photo.gif"
    path.write_bytes(make_photo("GIF", comment=b""))

    assert WITHOUT.read(path).facts == ExifFacts()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InspectError, match=r"gone\.jpg cannot be read \(No such file") as caught:
        WITHOUT.read(tmp_path / "gone.jpg")

    assert (caught.value.reason, caught.value.retryable) == ("missing", True)


def test_a_file_that_is_there_and_cannot_be_read_is_not_missing(tmp_path: Path) -> None:
    with pytest.raises(InspectError, match=r"cannot be read \(Is a directory\); check") as caught:
        WITHOUT.read(tmp_path)

    assert (caught.value.reason, caught.value.retryable) == ("unreadable", True)


def test_what_is_no_image_is_a_problem_and_no_error(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"<html>")

    metadata = WITHOUT.read(path)

    assert metadata.tag_count == 0
    assert metadata.problems[0].startswith("EXIF is damaged: it is no JPEG, PNG, GIF, WebP or TIFF")


def test_a_damaged_part_does_not_lose_the_others(make_photo: MakePhoto, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(make_photo().replace(b"Exif\0\0MM", b"Exif\0\0XX", 1))

    metadata = WITHOUT.read(path)

    assert metadata.facts.lens == "EF50mm f/1.8 II"
    assert metadata.problems[0].startswith("EXIF is damaged")


def fake_exiftool(folder: Path, *, does: str) -> ExifTool:
    program = folder / "exiftool"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    return ExifTool(program, timeout_s=0.3, start_s=0.3)


STARTED = "echo '{ready0}'; sleep 0.1"


@pytest.mark.parametrize(
    ("does", "message"),
    [
        ("sleep 30", "exiftool gave no answer within 0.3 s"),
        (f"{STARTED}; sleep 30", "exiftool gave no answer within 0.3 s"),
        ("exit 3", "exiftool could not read the file"),
        (f"{STARTED}; echo '{{ready1}}'; sleep 30", "exiftool could not read the file"),
        (f"{STARTED}; echo '[]'; echo '{{ready1}}'; sleep 30", "exiftool could not read the file"),
        ("cat /dev/zero", "exiftool (could not read|gave no answer)"),
    ],
)
def test_when_exiftool_fails_pillow_reads_and_it_is_recorded(
    does: str, message: str, photo: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    with MetadataReader((fake_exiftool(tmp_path, does=does), "13.0")) as reader:
        metadata = reader.read(photo)

    assert metadata.facts == FACTS
    assert metadata.reader.startswith("pillow ")
    with pytest.raises(InspectError, match=message):
        raise InspectError(metadata.problems[0], reason="as recorded")
    assert time.monotonic() - began < 2


def test_a_missing_program_is_recorded(photo: Path, tmp_path: Path) -> None:
    with MetadataReader((ExifTool(tmp_path / "nowhere"), "13.0")) as reader:
        metadata = reader.read(photo)

    assert metadata.facts == FACTS
    assert "exiftool could not read the file" in metadata.problems[0]


def test_file_names_cannot_give_orders(photo: Path, exiftool: Path) -> None:
    with ExifTool(exiftool) as tool:
        for name in ("a\n-delete_original!\n.jpg", "sleep 9|"):
            with pytest.raises(InspectError, match="exiftool takes no such file name"):
                tool.read(photo.with_name(name))


def test_exiftool_goes_on_after_its_process_has_ended(photo: Path, exiftool: Path) -> None:
    with ExifTool(exiftool, timeout_s=60) as tool:
        tool.read(photo)
        tool.close()

        assert tool.read(photo)["IFD0:Make"]["val"] == "Canon"


def test_a_file_that_is_not_there_is_no_answer(tmp_path: Path, exiftool: Path) -> None:
    with (
        ExifTool(exiftool, timeout_s=60) as tool,
        pytest.raises(InspectError, match="could not read the file"),
    ):
        tool.read(tmp_path / "gone.jpg")


def test_real_photos_have_the_same_facts_with_either_reader(
    shared: Path, reader: MetadataReader
) -> None:
    for path in (shared / "seed" / "photos").iterdir():
        metadata = reader.read(path)

        assert metadata.facts == WITHOUT.read(path).facts, path.name
        assert metadata.reader.startswith("exiftool"), path.name


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Cut a file, flip bytes of its head, or forge lengths and directories that form circles."""
    copy = bytearray(content)
    head = min(len(copy), 4096)
    kind = rng.randrange(4)
    if kind == 0:
        return bytes(copy[: rng.randrange(1, len(copy))])
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(4, head - 4)
        if kind == 1:
            copy[at] = rng.randrange(256)
        else:
            forged = rng.choice([0, 1, 8, 26, 0x7FFFFFFF, 0xFFFFFFFF]) if kind == 2 else 8
            copy[at : at + 4] = forged.to_bytes(4, rng.choice(["little", "big"]))
    return bytes(copy)


@pytest.mark.parametrize("with_exiftool", [True, False])
def test_damaged_files_are_never_lost_and_never_take_long(
    with_exiftool: bool,  # noqa: FBT001 — a case of the test
    make_photo: MakePhoto,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    reader = request.getfixturevalue("reader") if with_exiftool else WITHOUT
    rng = random.Random(7)
    originals = [make_photo(kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "GIF")]
    path = tmp_path / "photo.jpg"

    for number in range(250):
        path.write_bytes(damaged(originals[number % 5], rng))
        began = time.monotonic()
        metadata = reader.read(path)

        assert time.monotonic() - began < 2
        json.loads(metadata.as_text(), parse_constant=pytest.fail)


def test_an_orientation_in_xmp_is_none_of_the_file(make_photo: MakePhoto, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    xmp = b'<x xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    path.write_bytes(make_photo(xmp=xmp, exif=b""))

    assert WITHOUT.read(path).facts.orientation is None


def test_notes_of_an_unknown_maker_are_kept_as_bytes(
    make_photo: MakePhoto, tmp_path: Path, reader: MetadataReader
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Nobody"
    exif.get_ifd(0x8769).update({0x927C: b"\x80notes", 0x9286: b"x" * 40_000})
    path = tmp_path / "photo.jpg"
    path.write_bytes(make_photo(exif=exif))

    for metadata in (reader.read(path), WITHOUT.read(path)):
        assert metadata.tags["ExifIFD"]["MakerNote"].value == "base64:gG5vdGVz"
