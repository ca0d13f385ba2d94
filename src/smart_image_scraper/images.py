"""Files as images: upright, RGB, and no larger than they have to be. For every stage that looks."""

from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO
from types import MappingProxyType

from PIL import Image, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile


class Format(StrEnum):
    """The formats of files that are taken in, by Pillow's names."""

    JPEG = "JPEG"
    PNG = "PNG"
    GIF = "GIF"
    WEBP = "WEBP"
    TIFF = "TIFF"


_STARTS: Mapping[bytes, Format] = MappingProxyType(
    {
        b"\xff\xd8\xff": Format.JPEG,
        b"\x89PNG\r\n\x1a\n": Format.PNG,
        b"GIF87a": Format.GIF,
        b"GIF89a": Format.GIF,
        b"II*\0": Format.TIFF,
        b"MM\0*": Format.TIFF,
        b"II+\0": Format.TIFF,
        b"MM\0+": Format.TIFF,
    }
)
_READERS: Mapping[Format, type[ImageFile]] = MappingProxyType(
    {
        Format.JPEG: JpegImageFile,
        Format.PNG: PngImageFile,
        Format.GIF: GifImageFile,
        Format.WEBP: WebPImageFile,
        Format.TIFF: TiffImageFile,
    }
)


def format_of(content: bytes) -> Format | None:
    """Tell a file's format from its first bytes, as each format's definition says."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Format.WEBP
    return next((format_ for start, format_ in _STARTS.items() if content.startswith(start)), None)


def opened(content: bytes) -> ImageFile:
    """Open a file, of however many pixels: nothing is decoded yet.

    Unlike ``Image.open`` it tries no format but the file's own, and has no limit of its own.

    Raises:
        ValueError: It is no JPEG, PNG, GIF, WebP or TIFF.
        Exception: It is damaged: one of ``damage.PILLOW_ERRORS``.
    """
    format_ = format_of(content)
    if format_ is None:
        raise ValueError("it is no JPEG, PNG, GIF, WebP or TIFF")
    return _READERS[format_](BytesIO(content))


def open_upright(content: bytes, *, edge: int) -> Image.Image:
    """Decode a file's first frame: RGB and upright, what is transparent becomes white.

    Args:
        content: A whole JPEG, PNG, GIF, WebP or TIFF file, best a stripped one: Pillow also
            believes an orientation in XMP, which browsers don't.
        edge: So many pixels are enough for each edge: a JPEG is decoded at 1/2, 1/4 or 1/8 of its
            size, as far as both edges keep that many.

    Raises:
        ValueError: It is none of these.
        Exception: It is damaged: one of ``damage.PILLOW_ERRORS``.
    """
    with opened(content) as image:
        if isinstance(image, JpegImageFile):
            image.draft("RGB", (edge, edge))
        return _as_rgb(ImageOps.exif_transpose(image))


def _as_rgb(upright: Image.Image) -> Image.Image:
    if upright.mode.startswith("I"):
        # 16 bits a channel; Pillow's own conversion cuts everything above 255 off. One grey can be
        # transparent there, and is taken as it is.
        upright = upright.convert("F").point(lambda value: value / 256).convert("L")
    elif upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return upright.convert("RGB")
