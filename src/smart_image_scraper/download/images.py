"""Download: whether bytes are an image, of which kind, and whole."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from smart_image_scraper.damage import PILLOW_ERRORS
from smart_image_scraper.errors import DownloadError
from smart_image_scraper.images import Format, format_of

_MAX_FRAMES = 10_000
_TEXT_BEGINNING = 1000
# They begin like texts, and are as they are meant to be.
_TEXTUAL_FORMATS = (b"%PDF", b"%!PS")
_END_OF_IMAGE = b"\xff\xd9"
# A JPEG is decoded at an eighth of its size. Everything else is decoded whole, in four bytes a
# pixel, so that only a part of the limit is let in: 200 MB for the usual 200 million.
_WHOLE_PART = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What a file's bytes tell.

    Attributes:
        media_type: Such as ``image/jpeg``.
        ending: Of a file name, without the dot.
        width: In pixels, as stored; of the first frame.
        height: In pixels, as stored; of the first frame.
    """

    media_type: str
    ending: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    media_type: str
    ending: str
    open: Callable[[BytesIO], ImageFile]


class _Jpeg(JpegImageFile):
    def _read_dpi_from_exif(self) -> None:
        """Leave EXIF alone: damage in it, which Pillow warns of, is none of the image."""


# The readers are called by their names and not through ``Image.open``: it tries every format
# there is, and has a limit of its own that is a warning, and global.
_KINDS = {
    Format.JPEG: _Kind(media_type="image/jpeg", ending="jpg", open=_Jpeg),
    Format.PNG: _Kind(media_type="image/png", ending="png", open=PngImageFile),
    Format.GIF: _Kind(media_type="image/gif", ending="gif", open=GifImageFile),
    Format.WEBP: _Kind(media_type="image/webp", ending="webp", open=WebPImageFile),
    Format.TIFF: _Kind(media_type="image/tiff", ending="tif", open=TiffImageFile),
}


class _TooManyPixelsError(Exception):
    """The image has more pixels, or frames, than are let in."""


def examine(content: bytes, *, name: str, max_pixels: int) -> ImageFacts:
    """Tell an image's kind from its bytes, and check that all of it can be decoded.

    Args:
        content: A whole file.
        name: What messages call it.
        max_pixels: The most pixels of a JPEG; of other kinds, a quarter of it for all frames
            together.

    Raises:
        DownloadError: It is no JPEG, PNG, GIF, WebP or TIFF, is damaged or cut, or has too many
            pixels; they are counted before anything is decoded. Worth another try are the damaged
            ones, and a text in the place of an image.
    """
    format_ = format_of(content)
    if format_ is None:
        raise DownloadError(
            f"{name}: what came is no JPEG, PNG, GIF, WebP or TIFF image ({len(content)} bytes)",
            reason="not-an-image",
            retryable=_is_text(content),
        )
    kind = _KINDS[format_]
    limit = max_pixels if format_ is Format.JPEG else max_pixels // _WHOLE_PART
    try:
        with kind.open(BytesIO(content)) as image:
            # Before decoding: to decode a JPEG small changes its size.
            width, height = image.size
            _decode(image, content=content, max_pixels=limit)
    except (_TooManyPixelsError, Image.DecompressionBombError) as error:
        raise DownloadError(
            f"{name}: the {kind.media_type} has too many pixels or frames; "
            f"{limit} pixels are let in",
            reason="too-many-pixels",
        ) from error
    except PILLOW_ERRORS as error:
        raise DownloadError(
            f"{name}: the image is cut or damaged ({error or type(error).__name__})",
            reason="damaged",
            retryable=True,
        ) from error
    return ImageFacts(media_type=kind.media_type, ending=kind.ending, width=width, height=height)


def _is_text(content: bytes) -> bool:
    """Tell whether bytes are a page or a message, or nothing: what servers in trouble send."""
    return b"\0" not in content[:_TEXT_BEGINNING] and not content.startswith(_TEXTUAL_FORMATS)


def _decode(image: ImageFile, *, content: bytes, max_pixels: int) -> None:
    if isinstance(image, JpegImageFile):
        _check_pixels(image, left=max_pixels)
        _decode_jpeg(image, content=content)
        return
    _decode_frames(image, max_pixels=max_pixels)
    if isinstance(image, PngImageFile):
        # Decoding skips the checksums and does not miss the end.
        PngImageFile(BytesIO(content)).verify()


def _decode_jpeg(image: JpegImageFile, *, content: bytes) -> None:
    """Decode a JPEG grey and at an eighth of its size: every byte is read, at half the cost."""
    # The reader has stopped at the image's own data, behind all thumbnails.
    if content.rfind(_END_OF_IMAGE, image.fp.tell() if image.fp else 0) < 0:
        raise OSError("its end is missing")
    image.decodermaxblock = len(content)
    image.draft("L", (1, 1))
    image.load()


def _decode_frames(image: ImageFile, *, max_pixels: int) -> None:
    left = max_pixels
    for frame in range(_MAX_FRAMES):
        try:
            image.seek(frame)
        except EOFError:
            return
        _check_pixels(image, left=left)
        left -= image.width * image.height
        image.load()
    raise _TooManyPixelsError


def _check_pixels(image: ImageFile, *, left: int) -> None:
    if image.width * image.height > left:
        raise _TooManyPixelsError
