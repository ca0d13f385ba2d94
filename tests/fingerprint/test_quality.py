from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFilter

from smart_image_scraper.fingerprint import SizeClass, measure, size_class
from smart_image_scraper.photo.inspection import GRAPHIC_FLATNESS

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


def test_a_drawing_has_areas_and_a_photo_has_noise(make_picture: MakePicture) -> None:
    drawing = Image.new("RGB", (400, 300), "white")
    pen = ImageDraw.Draw(drawing)
    pen.rectangle((0, 0, 400, 40), fill="navy")
    pen.text((20, 80), "File  Edit  View", fill="black")
    pen.ellipse((100, 120, 220, 240), outline="red", width=3)
    content = BytesIO()
    drawing.save(content, "JPEG", quality=80)

    assert measure(drawing).flatness > 0.9
    assert measure(Image.open(content).convert("RGB")).flatness > GRAPHIC_FLATNESS
    assert measure(make_picture(1)).flatness < 0.2


def test_neighbours_are_equal_only_in_all_colours() -> None:
    stripes = Image.new("RGB", (4, 3), (10, 20, 30))
    stripes.putpixel((1, 1), (10, 20, 31))

    # Of the six pixels with a right and a lower neighbour, this one and those before it differ.
    assert measure(stripes).flatness == 3 / 6


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
