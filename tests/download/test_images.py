import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from smart_image_scraper.download.images import ImageFacts, examine
from smart_image_scraper.errors import DownloadError

MakeImage = Callable[..., bytes]

KINDS = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
    "TIFF": ("image/tiff", "tif"),
}


def facts(content: bytes, *, max_pixels: int = 1_000_000) -> ImageFacts:
    return examine(content, name="flickr:1489", max_pixels=max_pixels)


def animation(kind: str, *, frames: int) -> bytes:
    pictures = [Image.new("L", (20, 10), shade * 5 % 256) for shade in range(frames)]
    buffer = BytesIO()
    pictures[0].save(buffer, kind, save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def png_that_says(*, width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_and_the_size_are_told_from_the_bytes(kind: str, make_image: MakeImage) -> None:
    media_type, ending = KINDS[kind]

    told = facts(make_image(kind, size=(64, 48)))

    assert told == ImageFacts(media_type=media_type, ending=ending, width=64, height=48)


@pytest.mark.parametrize(
    "options",
    [{"progressive": True}, {"subsampling": 0, "quality": 100}, {"exif": b"Exif\0\0" + bytes(9)}],
)
def test_a_jpeg_of_any_make_is_whole(options: dict[str, object], make_image: MakeImage) -> None:
    assert facts(make_image("JPEG", **options)).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["L", "CMYK", "YCbCr"])
def test_a_jpeg_in_any_colours_is_whole(mode: str) -> None:
    buffer = BytesIO()
    Image.new(mode, (30, 20)).save(buffer, "JPEG")

    assert facts(buffer.getvalue()).width == 30


def test_a_jpeg_of_one_pixel_is_whole(make_image: MakeImage) -> None:
    assert facts(make_image("JPEG", size=(1, 1))).height == 1


def test_a_jpeg_with_something_behind_its_end_is_whole(make_image: MakeImage) -> None:
    # Phones keep a second picture or a film there.
    assert facts(make_image("JPEG") + bytes(1000)).width == 64


@pytest.mark.parametrize("progressive", [False, True])
def test_a_cut_jpeg_is_damaged_wherever_it_is_cut(
    *, progressive: bool, make_image: MakeImage
) -> None:
    whole = make_image("JPEG", progressive=progressive)

    for length in range(4, len(whole)):
        with pytest.raises(DownloadError, match=r"flickr:1489: the image is cut or damaged"):
            facts(whole[:length])


def test_a_cut_jpeg_is_damaged_although_its_thumbnail_is_whole(make_image: MakeImage) -> None:
    thumbnail = make_image("JPEG", size=(16, 12))
    whole = make_image("JPEG", exif=b"Exif\0\0" + thumbnail)

    with pytest.raises(DownloadError, match="its end is missing"):
        facts(whole[:-2])


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "TIFF"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_cut_image_is_damaged(kind: str, kept: float, make_image: MakeImage) -> None:
    whole = make_image(kind)

    with pytest.raises(DownloadError) as failure:
        facts(whole[: int(len(whole) * kept)])

    assert (failure.value.reason, failure.value.retryable) == ("damaged", True)


def test_a_png_whose_end_is_missing_is_damaged(make_image: MakeImage) -> None:
    with pytest.raises(DownloadError):
        facts(make_image("PNG")[:-12])


def test_a_png_with_a_changed_byte_is_damaged(make_image: MakeImage) -> None:
    content = bytearray(make_image("PNG"))
    content[len(content) // 2] ^= 1

    with pytest.raises(DownloadError):
        facts(bytes(content))


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7",
        b"BM" + bytes(100),
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\0\0\0\x1cftypavif",
    ],
)
def test_what_is_no_photo_is_no_image(content: bytes) -> None:
    with pytest.raises(DownloadError, match=r"is no JPEG, PNG, GIF, WebP or TIFF") as failure:
        facts(content)

    assert (failure.value.reason, failure.value.retryable) == ("not-an-image", False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>429 Too Many Requests</body></html>",
        "<html><body>少々お待ちください</body></html>".encode(),
        b"upstream connect error",
        b"\xff\xd8",
    ],
)
def test_a_text_instead_of_an_image_is_worth_another_try(content: bytes) -> None:
    with pytest.raises(DownloadError, match=r"is no JPEG, PNG, GIF, WebP or TIFF") as failure:
        facts(content)

    assert (failure.value.reason, failure.value.retryable) == ("not-an-image", True)


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(
        DownloadError, match=r"image/png has too many pixels .* 250000 pixels are"
    ) as failure:
        facts(png_that_says(width=60_000, height=60_000))

    assert failure.value.reason == "too-many-pixels"


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_of_pixels_holds_for_every_kind(kind: str, make_image: MakeImage) -> None:
    content = make_image(kind, size=(64, 48))
    # All but a JPEG are decoded whole, and may have a quarter.
    needed = 64 * 48 * (1 if kind == "JPEG" else 4)

    assert facts(content, max_pixels=needed)
    with pytest.raises(DownloadError, match="too many pixels"):
        facts(content, max_pixels=needed - 1)


def test_a_webp_beyond_the_limit_of_the_library_is_refused() -> None:
    header = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xfe\x3f\0" + b"\xfe\x3f\0"
    content = b"RIFF" + struct.pack("<I", len(header) + 4) + b"WEBP" + header

    with pytest.raises(DownloadError, match="pixels"):
        facts(content)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "PNG"])
def test_the_pixels_of_all_frames_count(kind: str) -> None:
    content = animation(kind, frames=5)

    assert facts(content, max_pixels=20 * 10 * 5 * 4).width == 20
    with pytest.raises(DownloadError, match="too many pixels"):
        facts(content, max_pixels=20 * 10 * 5 * 4 - 1)


def test_damage_in_the_exif_is_none_of_the_image(make_image: MakeImage) -> None:
    ifd = struct.pack("<2sHIHHHII", b"II", 42, 8, 3, 282, 5, 1, 9999)

    assert facts(make_image("JPEG", exif=b"Exif\0\0" + ifd)).width == 64


def test_there_are_not_endlessly_many_frames() -> None:
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"

    with pytest.raises(DownloadError, match="pixels"):
        facts(head + frame * 10_001 + b";")


def test_the_settings_of_the_image_library_stay_as_they_were(make_image: MakeImage) -> None:
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)

    facts(make_image("PNG"))

    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    assert before[1] is False


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_damage_of_an_image_is_more_than_a_damaged_image(
    data: st.DataObject, make_image: MakeImage
) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    content = bytearray(make_image(kind, size=(24, 16)))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(4, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(content)))

    with suppress(DownloadError):
        assert facts(bytes(content[:cut])).width > 0
