"""Inspect: take everything out of a file but its picture, at the level of bytes."""

from collections.abc import Callable

from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif.stripping.damage import DamageError, UnsupportedError
from smart_image_scraper.exif.stripping.gif import strip_gif
from smart_image_scraper.exif.stripping.jpeg import strip_jpeg
from smart_image_scraper.exif.stripping.png import strip_png
from smart_image_scraper.exif.stripping.tiff import strip_tiff
from smart_image_scraper.exif.stripping.webp import strip_webp

__all__ = ["strip"]

_FORMATS: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = (
    (b"\xff\xd8\xff", strip_jpeg),
    (b"\x89PNG\r\n\x1a\n", strip_png),
    (b"GIF87a", strip_gif),
    (b"GIF89a", strip_gif),
    (b"II*\0", strip_tiff),
    (b"MM\0*", strip_tiff),
    (b"II+\0", strip_tiff),
    (b"MM\0+", strip_tiff),
)


def strip(content: bytes, *, name: str) -> bytes:
    """Take EXIF, IPTC, XMP, comments, thumbnails and everything unknown out of a file.

    Nothing is decoded: the same pixels come out of it afterwards, in the same colours (the ICC
    profile stays) and turned the same way (the orientation stays). To strip twice changes nothing.

    Args:
        content: A whole JPEG, PNG (APNG), GIF, WebP or TIFF (BigTIFF) file.
        name: What messages call it.

    Raises:
        InspectError: The file is of another format, or its structure is damaged; the reason is
            ``unsupported`` or ``damaged``.
    """
    try:
        return _format(content)(content)
    except UnsupportedError as error:
        raise InspectError(
            f"{name}: its metadata cannot be removed and is in the file still: {error}; leave it "
            "out with --stripped when files are passed on",
            reason="unsupported",
        ) from error
    except DamageError as error:
        raise InspectError(
            f"{name}: its metadata cannot be removed and is in the file still, which is damaged: "
            f"{error}; leave it out with --stripped when files are passed on",
            reason="damaged",
        ) from error


def _format(content: bytes) -> Callable[[bytes], bytes]:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return strip_webp
    for start, strip_format in _FORMATS:
        if content.startswith(start):
            return strip_format
    raise UnsupportedError("it is no JPEG, PNG, GIF, WebP or TIFF")
