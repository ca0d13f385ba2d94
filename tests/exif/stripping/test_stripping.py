import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif import strip

MakePhoto = Callable[..., bytes]
KINDS = ["JPEG", "PNG", "WEBP", "TIFF", "GIF"]
TURNING = ["JPEG", "PNG", "WEBP", "TIFF"]


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def stripped(content: bytes) -> bytes:
    return strip(content, name="flickr:1489")


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_are_the_same_and_the_owner_is_gone(kind: str, make_photo: MakePhoto) -> None:
    photo = make_photo(kind)

    clean = stripped(photo)

    assert b"Jane" in photo
    assert b"Jane" not in clean
    assert opened(clean).tobytes() == opened(photo).tobytes()


@pytest.mark.parametrize("kind", TURNING)
def test_the_colour_profile_stays(kind: str, make_photo: MakePhoto, profile: bytes) -> None:
    clean = stripped(make_photo(kind))

    assert opened(clean).info["icc_profile"] == profile


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", TURNING)
def test_a_photo_is_shown_turned_as_before(
    kind: str, orientation: int, make_photo: MakePhoto
) -> None:
    photo = make_photo(kind, orientation=orientation)

    clean = stripped(photo)

    assert opened(clean).getexif().get(0x0112, 1) == orientation
    shown, before = ImageOps.exif_transpose(opened(clean)), ImageOps.exif_transpose(opened(photo))
    assert (shown.size, shown.tobytes()) == (before.size, before.tobytes())


@pytest.mark.parametrize("kind", KINDS)
def test_to_strip_twice_changes_nothing(kind: str, make_photo: MakePhoto) -> None:
    clean = stripped(make_photo(kind, orientation=6) if kind != "GIF" else make_photo(kind))

    assert stripped(clean) == clean


@pytest.mark.parametrize(
    "options",
    [
        {"big_tiff": True},
        {"compression": "tiff_adobe_deflate"},
        {"compression": "jpeg"},
        {"tiffinfo": {317: 2}, "compression": "tiff_lzw"},
    ],
)
def test_tiffs_of_all_kinds_keep_their_pixels(
    options: dict[str, object], make_photo: MakePhoto
) -> None:
    photo = make_photo("TIFF", **options)

    clean = stripped(photo)

    assert b"Jane" not in clean
    assert opened(clean).tobytes() == opened(photo).tobytes()


@pytest.mark.parametrize(("kind", "options"), [("TIFF", {}), ("GIF", {"loop": 3}), ("WEBP", {})])
def test_all_frames_stay(kind: str, options: dict[str, object]) -> None:
    frames = [Image.new("RGB", (9, 7), color) for color in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], **options)

    clean, before = opened(stripped(buffer.getvalue())), opened(buffer.getvalue())

    for number in range(3):
        clean.seek(number)
        before.seek(number)
        assert clean.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    assert clean.n_frames == 3
    assert clean.info.get("loop") == before.info.get("loop")


def test_an_animated_png_stays_one() -> None:
    frames = [Image.new("RGB", (9, 7), color) for color in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:], duration=40)

    clean = opened(stripped(buffer.getvalue()))

    assert (clean.n_frames, clean.info["duration"]) == (3, 40)


def test_transparency_stays() -> None:
    picture = Image.new("RGBA", (9, 7), (200, 100, 50, 90))

    for kind in ("PNG", "WEBP", "TIFF"):
        buffer = BytesIO()
        picture.save(buffer, kind, lossless=True)
        assert opened(stripped(buffer.getvalue())).tobytes() == picture.tobytes()


def test_four_colours_stay_as_they_are_meant() -> None:
    buffer = BytesIO()
    Image.new("CMYK", (16, 16), (10, 200, 30, 40)).save(buffer, "JPEG")

    clean = opened(stripped(buffer.getvalue()))

    assert clean.convert("RGB").tobytes() == opened(buffer.getvalue()).convert("RGB").tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_end_is_left_out(kind: str, make_photo: MakePhoto) -> None:
    clean = stripped(make_photo(kind) + b"a film with Jane Doe in it")

    assert clean == stripped(make_photo(kind))


def test_a_colour_profile_after_the_frame_keeps_its_place(make_photo: MakePhoto) -> None:
    photo = make_photo()
    profile_at = photo.index(b"\xff\xe2")
    profile_end = profile_at + 2 + int.from_bytes(photo[profile_at + 2 : profile_at + 4], "big")
    profile = photo[profile_at:profile_end]
    scan_at = photo.rindex(b"\xff\xda")
    late = photo[:profile_at] + photo[profile_end:scan_at] + profile + photo[scan_at:]

    clean = stripped(late)

    assert clean.index(b"\xff\xc0") < clean.index(b"ICC_PROFILE") < clean.rindex(b"\xff\xda")


def test_a_thumbnail_in_the_jfif_header_is_cut_off(make_photo: MakePhoto) -> None:
    photo = make_photo()
    with_thumbnail = photo.replace(b"\xff\xe0\0\x10JFIF\0", b"\xff\xe0\0\x13JFIF\0", 1)
    with_thumbnail = with_thumbnail[:18] + b"\1\1" + b"\x77\x77\x77" + with_thumbnail[20:]

    clean = stripped(with_thumbnail)

    assert clean == stripped(photo)


def test_an_orientation_in_xmp_is_not_believed(make_photo: MakePhoto) -> None:
    xmp = b'<x xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'

    clean = stripped(make_photo(xmp=xmp, exif=b""))

    assert opened(clean).getexif().get(0x0112) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is no JPEG, PNG, GIF, WebP or TIFF"),
        (b"%PDF-1.7", "it is no JPEG, PNG, GIF, WebP or TIFF"),
        (b"\xff\xd8\xff\xd9", "the end of the image is missing|there is no image in it"),
        (b"\xff\xd8\xff\xe0\xff\xff", "the segment at byte 4 is cut"),
        (b"\xff\xd8\xff\xd8\xff", "a second image starts within the first"),
        (b"\xff\xd8\xff\xda\0\2data", "the end of the image is missing"),
        (b"\x89PNG\r\n\x1a\n", "the end of the image is missing"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82", "its header is missing"),
        (b"\x89PNG\r\n\x1a\n\xff\0\0\0IHDR12345", "the chunk at byte 8 is cut"),
        (b"RIFF\xff\0\0\0WEBP", "the end of the image is missing"),
        (b"RIFF\4\0\0\0WEBP", "there is no image in it"),
        (b"RIFF\x0d\0\0\0WEBPVP8X\1\0\0\0\0", "its header is cut"),
        (b"RIFF\x0c\0\0\0WEBPVP8 \xff\0\0\0", "the chunk at byte 20 is cut"),
        (b"GIF89a", "it is cut in a header"),
        (b"GIF89a" + bytes(7) + b";", "there is no image in it"),
        (b"GIF89a" + bytes(7) + b"!\xf9\x04abc", "it is cut in the middle of a block"),
        (b"II*\0\xff\0\0\0", "a directory lies outside of it"),
        (b"II*\0\0\0\0\0", "there is no image in it"),
        (b"II*\0\x08\0\0\0\1\0", "a directory is cut"),
        (b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "its directories form a circle"),
        (b"II*\0\x08\0\0\0\0\0\0\0\0\0", "a page has no pixels"),
    ],
)
def test_damage_is_named(content: bytes, message: str) -> None:
    with pytest.raises(InspectError, match=message) as caught:
        stripped(content)

    assert str(caught.value).startswith("flickr:1489: its metadata cannot be removed")


def directory(*tags: tuple[int, int, int, int]) -> bytes:
    entries = b"".join(
        number.to_bytes(2, "little")
        + kind.to_bytes(2, "little")
        + count.to_bytes(4, "little")
        + value.to_bytes(4, "little")
        for number, kind, count, value in tags
    )
    return b"II*\0\x08\0\0\0" + len(tags).to_bytes(2, "little") + entries + bytes(4)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ([(273, 4, 1, 8), (279, 4, 1, 1 << 20)], "a directory points outside of it"),
        ([(273, 4, 1, 8)], "how long the parts of its pixel data are is not said"),
        ([(273, 2, 1, 8), (279, 4, 1, 1)], "the values of tag 273 are no whole numbers"),
        ([(256, 99, 1, 8)], "a value has the unknown type 99"),
        ([(259, 3, 1, 6), (273, 4, 1, 8), (279, 4, 1, 1)], "TIFF withdrew in 1995"),
    ],
)
def test_forged_directories_are_named(tags: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(InspectError, match=message):
        stripped(directory(*tags))  # type: ignore[arg-type]


def test_a_file_whose_parts_lie_upon_each_other_does_not_grow() -> None:
    count = 60_000
    numbers = b"".join(at.to_bytes(4, "little") for at in range(count))
    head = directory((273, 4, count, 50), (279, 4, count, 50 + 4 * count)).ljust(50, b"\0")
    lengths = (100_000).to_bytes(4, "little") * count

    with pytest.raises(InspectError, match="parts of it lie upon each other"):
        stripped(head + numbers + lengths)


def test_smaller_copies_of_a_page_are_left_out() -> None:
    large, small = Image.new("L", (60, 40), 90), Image.new("L", (6, 4), 10)
    small.encoderinfo = {"tiffinfo": {254: 1}}
    buffer = BytesIO()
    large.save(buffer, "TIFF", save_all=True, append_images=[small])

    clean = opened(stripped(buffer.getvalue()))

    assert (clean.n_frames, clean.size) == (1, (60, 40))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_damaged_files_are_stripped_or_refused(
    kind: str, data: st.DataObject, make_photo: MakePhoto
) -> None:
    photo = bytearray(make_photo(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        photo[data.draw(st.integers(4, len(photo) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(photo[: data.draw(st.integers(1, len(photo)))])

    reason, clean = outcome(cut)

    assert reason in {"stripped", "damaged", "unsupported"}
    assert len(clean) <= 2 * len(cut) + 70_000


def outcome(content: bytes) -> tuple[str, bytes]:
    try:
        return "stripped", stripped(content)
    except InspectError as error:
        return error.reason, b""


def test_another_program_finds_nothing_personal(
    make_photo: MakePhoto, tmp_path: Path, tags_in: Callable[[Path], set[str]]
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    for kind in KINDS:
        for orientation in range(1, 9):
            photo = (
                make_photo(kind, orientation=orientation) if kind in TURNING else make_photo(kind)
            )
            (before / f"{orientation}.{kind.lower()}").write_bytes(photo)
            (after / f"{orientation}.{kind.lower()}").write_bytes(stripped(photo))

    assert {"IFD0:Artist", "GPS:GPSLatitude", "XMP-dc:Creator", "File:Comment"} <= tags_in(before)
    assert tags_in(after) == set()


def test_real_photos_keep_their_pixels_and_nothing_else(
    shared: Path, tmp_path: Path, tags_in: Callable[[Path], set[str]]
) -> None:
    for path in (shared / "seed" / "photos").iterdir():
        photo = path.read_bytes()
        clean = stripped(photo)
        (tmp_path / path.name).write_bytes(clean)
        with opened(clean) as after, opened(photo) as before:
            assert after.tobytes() == before.tobytes(), path.name
            assert after.info.get("icc_profile") == before.info.get("icc_profile"), path.name

    assert tags_in(tmp_path) == set()


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"XX*\0",
        b"II*\0\xff\0\0\0",
        b"II*\0\x08\0\0\0\x05\0",
        b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x09\0\0\0",
        b"II*\0\x08\0\0\0\1\0\x00\1\3\0\1\0\0\0\x06\0\0\0",
    ],
)
def test_a_damaged_orientation_is_upright(exif: bytes, make_photo: MakePhoto) -> None:
    clean = stripped(make_photo(exif=b"Exif\0\0" + exif))

    assert b"Exif" not in clean


def test_marks_without_length_before_the_image_are_passed_over(make_photo: MakePhoto) -> None:
    photo = make_photo()

    assert stripped(b"\xff\xd8\xff\x01" + photo[2:]) == stripped(photo)


def test_a_tiff_whose_picture_is_in_a_subdirectory_is_refused_rather_than_emptied() -> None:
    # A smaller copy (254 = 1) of one pixel; where the picture is (330), as in raw files.
    tags = {254: 1, 256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 8, 278: 1, 279: 1, 330: 8}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    content = b"II*\0" + struct.pack("<I", 12) + b"\x7f\0\0\0"
    content += struct.pack("<H", len(tags)) + entries + bytes(4)

    with pytest.raises(InspectError, match="its picture is in a subdirectory"):
        strip(content, name="raw.tif")
