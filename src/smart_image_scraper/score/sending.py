"""Score: files as what is sent to Google Vision, in requests that it lets in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from smart_image_scraper.images import open_upright
from smart_image_scraper.score.decoding import translated

# https://docs.cloud.google.com/vision/quotas
MAX_IMAGES = 16
# 10 MB of JSON are let in; the rest is for what stands around the images.
MAX_REQUEST_BYTES = 9_000_000
# Larger images are not seen better: https://docs.cloud.google.com/vision/docs/supported-files
EDGE = 640
_JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image as it is sent.

    Attributes:
        name: What messages call it.
        content: A JPEG, as :func:`prepare` makes it.
    """

    name: str
    content: bytes = field(repr=False)


def prepare(content: bytes, *, name: str) -> Picture:
    """Make of a file what is sent: upright, at most ``EDGE`` pixels long, without any metadata.

    Args:
        content: A whole JPEG, PNG, GIF, WebP or TIFF file.
        name: What messages call it.

    Raises:
        ScoreError: It is none of these, or damaged.
    """
    jpeg = BytesIO()
    with translated(name):
        image = open_upright(content, edge=EDGE)
        image.thumbnail((EDGE, EDGE))
        # Pixels alone: what else hangs on the image, such as a comment, is not handed on.
        pixels = Image.frombytes("RGB", image.size, image.tobytes())
        pixels.save(jpeg, "JPEG", quality=_JPEG_QUALITY)
    return Picture(name=name, content=jpeg.getvalue())


def in_requests(pictures: Iterable[Picture]) -> Iterator[list[Picture]]:
    """Part pictures into requests that the service lets in, lazily and in their order."""
    request: list[Picture] = []
    size = 0
    for picture in pictures:
        if request and (
            len(request) == MAX_IMAGES or size + _encoded_bytes(picture) > MAX_REQUEST_BYTES
        ):
            yield request
            request, size = [], 0
        request.append(picture)
        size += _encoded_bytes(picture)
    if request:
        yield request


def _encoded_bytes(picture: Picture) -> int:
    return 4 * ((len(picture.content) + 2) // 3) + 400  # base64, and the words around it
