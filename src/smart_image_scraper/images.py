"""Files as images: upright, RGB, and no larger than they have to be. For every stage that looks."""

from io import BytesIO

from PIL import Image, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

_STARTS = (
    (b"\xff\xd8\xff", JpegImageFile),
    (b"\x89PNG", PngImageFile),
    (b"GIF8", GifImageFile),
    (b"RIFF", WebPImageFile),
    (b"II", TiffImageFile),
    (b"MM", TiffImageFile),
)


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
    with _reader(content)(BytesIO(content)) as image:
        if isinstance(image, JpegImageFile):
            image.draft("RGB", (edge, edge))
        return _as_rgb(ImageOps.exif_transpose(image))


def _reader(content: bytes) -> type[ImageFile]:
    for start, reader in _STARTS:
        if content.startswith(start):
            return reader
    raise ValueError("it is no JPEG, PNG, GIF, WebP or TIFF")


def _as_rgb(upright: Image.Image) -> Image.Image:
    if upright.mode.startswith("I"):
        # 16 bits a channel; Pillow's own conversion cuts everything above 255 off. One grey can be
        # transparent there, and is taken as it is.
        upright = upright.convert("F").point(lambda value: value / 256).convert("L")
    elif upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return upright.convert("RGB")
