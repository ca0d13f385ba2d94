"""Demo: the files of made photos, drawn when they are asked for."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from PIL import Image

from smart_image_scraper.demo.drawing import draw
from smart_image_scraper.demo.metadata import exif_of
from smart_image_scraper.demo.record import ORIGINAL, MadePhoto, OfferedSize

_CACHED_FILES = 256
_QUALITY = 88


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file as the image host sends it.

    Attributes:
        body: The file's bytes.
        media_type: Such as ``image/jpeg``.
        width: In pixels.
        height: In pixels.
        robots: What ``X-Robots-Tag`` says; empty for no such header.
        digest: The MD5 of the bytes, from which the host makes its ``ETag``.
    """

    body: bytes
    media_type: str
    width: int
    height: int
    robots: str = ""
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.md5(self.body, usedforsecurity=False).hexdigest()
        object.__setattr__(self, "digest", digest)


class Missing(StrEnum):
    """Why there is no file."""

    UNKNOWN = "no photo has that id"
    WRONG_ADDRESS = "the photo has no file with that secret and size"


class MadePictures:
    """The files of made photos: drawn when asked for, the same at every request.

    Args:
        photos: All there are.
    """

    def __init__(self, photos: Sequence[MadePhoto]) -> None:
        self._photos = {photo.id: photo for photo in photos}

    def picture(self, name: str) -> Picture | Missing:
        """Return the file for the last part of a path."""
        photo = self._photos.get(name.partition("_")[0])
        if photo is None:
            return Missing.UNKNOWN
        for size in photo.sizes():
            if size.path.endswith(f"/{name}"):
                return self._file(photo, size)
        return Missing.WRONG_ADDRESS

    def _file(self, photo: MadePhoto, size: OfferedSize) -> Picture:
        return _encoded(photo, size)


class PlainPictures(MadePictures):
    """Files that cost next to nothing: grey, of the right size, no two with the same bytes.

    For many thousands of photos, where drawing them would take longer than what is tested. All are
    JPEGs without EXIF.
    """

    def _file(self, photo: MadePhoto, size: OfferedSize) -> Picture:
        # A comment behind the first marker tells the files apart.
        comment = size.path.encode()
        marker = b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment
        grey = _grey(size.width, size.height)
        return Picture(
            body=grey[:2] + marker + grey[2:],
            media_type="image/jpeg",
            width=size.width,
            height=size.height,
            robots=_robots(photo),
        )


@lru_cache(maxsize=_CACHED_FILES)
def _grey(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _robots(photo: MadePhoto) -> str:
    return "noai, noimageai" if photo.owner.opted_out else ""


@lru_cache(maxsize=_CACHED_FILES)
def _encoded(photo: MadePhoto, size: OfferedSize) -> Picture:
    image = draw(photo)
    if size.kind.square:
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.crop((left, top, left + side, top + side))
    image = image.resize((size.width, size.height), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    if size.kind is ORIGINAL and photo.original_format == "png":
        image.save(file, "PNG", compress_level=1)
    elif size.kind is ORIGINAL:
        image.save(file, "JPEG", quality=_QUALITY, exif=exif_of(photo))
    else:
        # Flickr's own sizes carry no metadata.
        image.save(file, "JPEG", quality=_QUALITY)
    return Picture(
        body=file.getvalue(),
        media_type="image/png" if size.path.endswith(".png") else "image/jpeg",
        width=size.width,
        height=size.height,
        robots=_robots(photo),
    )
