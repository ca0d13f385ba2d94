"""Inspect: decode a file once, small: enough for a fingerprint at a fraction of the cost."""

from io import BytesIO

from PIL import Image, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from smart_image_scraper.damage import PILLOW_ERRORS
from smart_image_scraper.errors import InspectError

EDGE = 512
"""The longer edge of a decoded file, in pixels; smaller files keep their size."""

_STARTS = (
    (b"\xff\xd8\xff", JpegImageFile),
    (b"\x89PNG", PngImageFile),
    (b"GIF8", GifImageFile),
    (b"RIFF", WebPImageFile),
    (b"II", TiffImageFile),
    (b"MM", TiffImageFile),
)


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
        with _reader(content)(BytesIO(content)) as image:
            return _small(image)
    except PILLOW_ERRORS as error:
        raise InspectError(
            f"{name}: the image cannot be decoded ({error or type(error).__name__}); download "
            "the photo again",
            reason="damaged",
        ) from error


def _reader(content: bytes) -> type[ImageFile]:
    for start, reader in _STARTS:
        if content.startswith(start):
            return reader
    raise ValueError("it is no JPEG, PNG, GIF, WebP or TIFF")


def _small(image: ImageFile) -> Image.Image:
    if isinstance(image, JpegImageFile):
        # A JPEG is decoded at 1/2, 1/4 or 1/8 of its size, but at least at this one.
        image.draft("RGB", (EDGE, EDGE))
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    elif upright.mode.startswith("I"):
        # 16 bits a channel; Pillow's own conversion cuts everything above 255 off.
        upright = upright.convert("F").point(lambda value: value / 256).convert("L")
    upright = upright.convert("RGB")
    upright.thumbnail((EDGE, EDGE), Image.Resampling.BOX)
    return upright
