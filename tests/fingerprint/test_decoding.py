from collections.abc import Callable

import pytest
from PIL import Image

from smart_image_scraper.errors import InspectError
from smart_image_scraper.fingerprint import decode

MakePicture = Callable[[int], Image.Image]
Encode = Callable[..., bytes]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_every_kind_is_decoded_small(kind: str, make_picture: MakePicture, encode: Encode) -> None:
    image = decode(encode(make_picture(1).resize((2000, 1500)), kind), name="flickr:1")

    assert (image.size, image.mode) == ((512, 384), "RGB")


def test_small_photos_are_not_enlarged(make_picture: MakePicture, encode: Encode) -> None:
    image = decode(encode(make_picture(1).resize((200, 90))), name="flickr:1")

    assert image.size == (200, 90)


def test_photos_are_turned_as_they_are_shown(make_picture: MakePicture, encode: Encode) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    image = decode(encode(make_picture(1), exif=exif), name="flickr:1")

    assert image.size == (384, 512)


def test_what_is_transparent_is_white(encode: Encode) -> None:
    image = decode(encode(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"), name="flickr:1")

    assert image.getpixel((4, 4)) == (255, 255, 255)


def test_sixteen_bits_are_not_cut_off(encode: Encode) -> None:
    image = decode(encode(Image.new("I;16", (9, 9), 128 * 256), "TIFF"), name="flickr:1")

    assert image.getpixel((4, 4)) == (128, 128, 128)


def test_sixteen_bits_are_not_cut_off_where_one_grey_is_transparent(encode: Encode) -> None:
    content = encode(Image.new("I;16", (9, 9), 128 * 256), "PNG", transparency=7)

    image = decode(content, name="flickr:1")

    assert image.getpixel((4, 4)) == (128, 128, 128)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_damaged_photo_is_named(kind: str, make_picture: MakePicture, encode: Encode) -> None:
    content = encode(make_picture(1), kind)

    with pytest.raises(InspectError, match="flickr:1: the image cannot be decoded") as caught:
        decode(content[: len(content) // 2], name="flickr:1")

    assert caught.value.reason == "damaged"


def test_what_is_no_image_is_named() -> None:
    with pytest.raises(InspectError, match="no JPEG, PNG, GIF, WebP or TIFF"):
        decode(b"<html>", name="flickr:1")
