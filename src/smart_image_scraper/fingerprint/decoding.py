"""Inspect: decode a file once, small: enough for a fingerprint at a fraction of the cost."""

from PIL import Image

from smart_image_scraper.damage import PILLOW_ERRORS
from smart_image_scraper.errors import InspectError
from smart_image_scraper.images import open_upright

EDGE = 512
"""The longer edge of a decoded file, in pixels; smaller files keep their size."""


def decode(content: bytes, *, name: str) -> Image.Image:
    """Decode a file's first frame: RGB, upright, at most ``EDGE`` pixels long, never enlarged.

    What is transparent becomes white.

    Args:
        content: A whole JPEG, PNG, GIF, WebP or TIFF file, best a stripped one: Pillow also
            believes an orientation in XMP, which browsers don't.
        name: What messages call it.

    Raises:
        InspectError: It is none of these, or damaged.
    """
    try:
        image = open_upright(content, edge=EDGE)
        image.thumbnail((EDGE, EDGE), Image.Resampling.BOX)
    except PILLOW_ERRORS as error:
        raise InspectError(
            f"{name}: the image cannot be decoded ({error or type(error).__name__}); download "
            "the photo again",
            reason="damaged",
        ) from error
    return image
