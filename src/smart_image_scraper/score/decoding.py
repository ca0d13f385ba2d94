"""Score: a file as the square image that a backbone sees."""

from PIL import Image

from smart_image_scraper.damage import PILLOW_ERRORS
from smart_image_scraper.errors import ScoreError
from smart_image_scraper.images import open_upright


def decode(content: bytes, *, name: str, size: int, resampling: Image.Resampling) -> Image.Image:
    """Decode a file: RGB, upright, squashed to a square of ``size``.

    A JPEG is decoded at the least of its scales that still has twice the pixels of the square, at
    which the result differs from that of the whole by less than one resampling from another: 0.24
    of 255 on average.

    Args:
        content: A whole JPEG, PNG, GIF, WebP or TIFF file.
        name: What messages call it.
        size: The square's edge, in pixels.
        resampling: How it is brought to that.

    Raises:
        ScoreError: It is none of these, or damaged.
    """
    try:
        image = open_upright(content, edge=2 * size)
        return square(image, size=size, resampling=resampling)
    except PILLOW_ERRORS as error:
        raise ScoreError(
            f"{name}: the image cannot be decoded ({error or type(error).__name__}); download "
            "the photo again",
            reason="damaged",
        ) from error


def square(image: Image.Image, *, size: int, resampling: Image.Resampling) -> Image.Image:
    """Squash an image to a square; one that is that square already is returned as it is."""
    return image if image.size == (size, size) else image.resize((size, size), resampling)
