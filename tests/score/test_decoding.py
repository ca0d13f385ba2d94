"""Files as the square that a backbone sees."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from smart_image_scraper.errors import ScoreError
from smart_image_scraper.score import decode

BICUBIC = Image.Resampling.BICUBIC


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    content = BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def square(content: bytes) -> Image.Image:
    return decode(content, name="flickr:1", size=32, resampling=BICUBIC)


def test_a_file_is_turned_by_its_orientation_and_squashed() -> None:
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: what is stored on the left is on top

    seen = square(encoded(image, exif=exif, quality=95))

    assert seen.size == (32, 32)
    assert seen.getpixel((16, 4))[2] > 200  # type: ignore[index]
    assert seen.getpixel((16, 28))[0] > 200  # type: ignore[index]


def test_a_large_jpeg_is_decoded_small_and_looks_the_same() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (16, 24, 3), dtype=np.uint8)
    large = Image.fromarray(noise).resize((1200, 800), BICUBIC)
    whole = Image.open(BytesIO(encoded(large, quality=95))).convert("RGB").resize((32, 32), BICUBIC)

    seen = square(encoded(large, quality=95))

    difference = np.abs(np.asarray(seen, np.float32) - np.asarray(whole, np.float32))
    assert difference.mean() < 1


def test_what_is_transparent_is_white_and_grey_is_grey() -> None:
    clear = square(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    grey = square(encoded(Image.new("L", (50, 50), 99), "PNG"))

    assert clear.getpixel((5, 5)) == (255, 255, 255)
    assert grey.getpixel((5, 5)) == (99, 99, 99)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no image",
        encoded(Image.new("RGB", (300, 300)))[:400],
        b"\x89PNG\r\n\x1a\n" + b"0" * 50,
    ],
)
def test_a_file_that_cannot_be_decoded_is_the_photos_failure(content: bytes) -> None:
    with pytest.raises(ScoreError, match=r"^flickr:1: the image cannot be decoded") as caught:
        square(content)

    assert caught.value.reason == "damaged"
    assert not caught.value.retryable


def test_every_real_photo_is_decoded(shared: Path) -> None:
    for path in sorted((shared / "seed" / "photos").iterdir())[::8]:
        assert decode(path.read_bytes(), name=path.name, size=224, resampling=BICUBIC).size == (
            224,
            224,
        )
