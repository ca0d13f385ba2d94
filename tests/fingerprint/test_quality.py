from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from smart_image_scraper.fingerprint import SizeClass, measure, size_class

MakePicture = Callable[[int], Image.Image]


def test_a_blurred_photo_is_less_sharp() -> None:
    image = Image.effect_mandelbrot((400, 300), (-2, -1.2, 0.8, 1.2), 60).convert("RGB")

    blurred = image.filter(ImageFilter.GaussianBlur(4))

    assert measure(blurred).sharpness < 0.5 * measure(image).sharpness


def test_a_white_page_is_bright_and_nothing_else() -> None:
    quality = measure(Image.new("RGB", (90, 60), "white"))

    assert quality.brightness == pytest.approx(1)
    assert (quality.sharpness, quality.contrast) == (pytest.approx(0, abs=1e-6),) * 2
    assert quality.colourfulness == 0


def test_grey_has_no_colour(make_picture: MakePicture) -> None:
    image = make_picture(1)

    assert measure(image.convert("L").convert("RGB")).colourfulness == 0
    assert measure(image).colourfulness > 20


def test_the_smallest_of_pictures_can_be_measured() -> None:
    assert measure(Image.new("RGB", (1, 1), "black")).brightness == 0


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (75, 75, SizeClass.TINY),
        (640, 480, SizeClass.SMALL),
        (1024, 768, SizeClass.MEDIUM),
        (2048, 1536, SizeClass.LARGE),
        (6000, 4000, SizeClass.HUGE),
    ],
)
def test_sizes_have_names(width: int, height: int, expected: SizeClass) -> None:
    assert size_class(width=width, height=height) is expected
