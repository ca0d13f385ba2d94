from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from smart_image_scraper.fingerprint import PerceptualHash, perceptual_hash
from smart_image_scraper.fingerprint.hashing import CROPS, HASH_BYTES

MakePicture = Callable[[int], Image.Image]


def hashed(image: Image.Image) -> PerceptualHash:
    found = perceptual_hash(image)
    assert found is not None
    return found


def differing(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def test_a_hash_has_the_length_that_is_stored(make_picture: MakePicture) -> None:
    found = hashed(make_picture(1))

    assert len(found.whole) == HASH_BYTES
    assert len(found.crops) == HASH_BYTES * len(CROPS)


def test_the_hash_is_the_same_in_every_version() -> None:
    ramp = Image.fromarray(
        np.add.outer(np.arange(64) ** 2, 60 * np.arange(64)).astype("uint16") // 40
    )

    found = hashed(ramp.convert("L").convert("RGB"))

    assert found.whole.hex()[:16] == "385e486ea977a89b"


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_a_smaller_copy_has_nearly_the_same_hash(share: float, make_picture: MakePicture) -> None:
    image = make_picture(2)

    small = image.resize((int(image.width * share), int(image.height * share)))

    assert differing(hashed(small).whole, hashed(image).whole) <= 10


def test_a_watermark_changes_few_bits(make_picture: MakePicture) -> None:
    image = make_picture(3)
    marked = image.copy()
    font = ImageFont.load_default(24)
    ImageDraw.Draw(marked).text((380, 440), "(c) Jane Doe", fill="white", font=font)

    assert differing(hashed(marked).whole, hashed(image).whole) <= 25


@pytest.mark.parametrize("number", range(len(CROPS)))
def test_a_crop_has_the_hash_that_the_whole_photo_foretold(
    number: int, make_picture: MakePicture
) -> None:
    image = make_picture(4)
    left, upper, right, lower = CROPS[number]
    box = (left * image.width, upper * image.height, right * image.width, lower * image.height)

    cropped = hashed(image.crop(tuple(map(round, box))))

    foretold = hashed(image).crops[number * HASH_BYTES : (number + 1) * HASH_BYTES]
    assert differing(cropped.whole, foretold) <= 10


def test_other_pictures_differ_in_about_half_of_the_bits(make_picture: MakePicture) -> None:
    hashes = [hashed(make_picture(seed)).whole for seed in range(12)]

    assert min(differing(a, b) for a in hashes for b in hashes if a is not b) > 80


@pytest.mark.parametrize("color", ["white", "black", (10, 200, 30)])
def test_where_nothing_is_to_be_seen_there_is_no_hash(color: str) -> None:
    assert perceptual_hash(Image.new("RGB", (100, 80), color)) is None


def test_the_smallest_of_pictures_can_be_hashed() -> None:
    image = Image.new("RGB", (2, 1))
    image.putpixel((0, 0), (255, 255, 255))

    assert perceptual_hash(image) is not None
