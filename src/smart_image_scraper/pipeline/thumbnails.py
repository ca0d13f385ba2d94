"""Pipeline: thumbnails of files, in several sizes. They have nothing of the file's metadata."""

from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image

THUMBNAIL_EDGE = 320
"""The longer edge of the thumbnail that each inspected file has, in pixels."""

EDGES = (160, THUMBNAIL_EDGE, 640, 1280)
"""The longer edges of the thumbnails that a file may have."""

_QUALITY = 80


def thumbnail_of(path: str, *, edge: int = THUMBNAIL_EDGE) -> str:
    """Return the path of a file's thumbnail in the ``thumbs`` folder, from its own in ``files``.

    All begin with the digest of the file, so that whoever removes the file finds them.
    """
    own = PurePosixPath(path)
    size = "" if edge == THUMBNAIL_EDGE else f"-{edge}"
    return str(own.with_name(f"{own.stem}{size}.jpg"))


def encode_thumbnail(image: Image.Image, *, edge: int = THUMBNAIL_EDGE) -> bytes:
    """Return an image as a JPEG file whose longer edge has so many pixels, or fewer."""
    small = image.copy()
    small.thumbnail((edge, edge))
    content = BytesIO()
    # Without the colours' profile, those of a wide one would look pale. A comment of the file
    # would be written, too, if nothing else was said.
    small.save(content, "JPEG", quality=_QUALITY, icc_profile=_rgb_profile(image), comment=b"")
    return content.getvalue()


def _rgb_profile(image: Image.Image) -> bytes | None:
    profile = image.info.get("icc_profile")
    # ICC.1:2022, 7.2.6: the colours it is for. Those of grey and CMYK files are converted.
    return profile if isinstance(profile, bytes) and profile[16:20] == b"RGB " else None
