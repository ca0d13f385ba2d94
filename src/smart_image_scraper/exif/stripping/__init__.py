"""Inspect: take everything out of a file but its picture, at the level of bytes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif.stripping.damage import DamageError, UnsupportedError
from smart_image_scraper.exif.stripping.gif import strip_gif
from smart_image_scraper.exif.stripping.jpeg import strip_jpeg
from smart_image_scraper.exif.stripping.png import strip_png
from smart_image_scraper.exif.stripping.tiff import strip_tiff
from smart_image_scraper.exif.stripping.webp import strip_webp
from smart_image_scraper.images import Format, format_of

__all__ = ["strip"]

_STRIPPERS: Mapping[Format, Callable[[bytes], bytes]] = MappingProxyType(
    {
        Format.JPEG: strip_jpeg,
        Format.PNG: strip_png,
        Format.GIF: strip_gif,
        Format.WEBP: strip_webp,
        Format.TIFF: strip_tiff,
    }
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
        return _stripper(content)(content)
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


def _stripper(content: bytes) -> Callable[[bytes], bytes]:
    format_ = format_of(content)
    if format_ is None:
        raise UnsupportedError("it is no JPEG, PNG, GIF, WebP or TIFF")
    return _STRIPPERS[format_]
