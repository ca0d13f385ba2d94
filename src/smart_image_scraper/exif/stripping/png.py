"""Inspect: strip PNG and APNG (https://www.w3.org/TR/png-3/)."""

import struct
import zlib
from collections.abc import Iterator

from smart_image_scraper.exif.stripping.damage import DamageError
from smart_image_scraper.exif.stripping.orientation import block, orientation

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = frozenset({b"PLTE", b"IDAT", b"tRNS", b"acTL", b"fcTL", b"fdAT"})
_COLOURS = frozenset(
    {b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs"}
)
# Type and length before the data, a checksum after it.
_FRAME_BYTES = 12


def strip_png(content: bytes) -> bytes:
    """Return a PNG with its picture, colours and orientation only.

    What follows the end is left out.

    Raises:
        DamageError: A chunk reaches beyond the end, or the first or the last one is missing.
    """
    header, kept, turned = b"", [], b""
    for kind, chunk in _chunks(content):
        if kind == b"IHDR":
            header = chunk
        elif kind == b"eXIf":
            turned = block(orientation(chunk[8:-4]))
        elif kind in _PICTURE | _COLOURS:
            kept.append(chunk)
    if not header:
        raise DamageError("its header is missing")
    exif = [_chunk(b"eXIf", turned)] if turned else []
    return b"".join([_SIGNATURE, header, *exif, *kept, _chunk(b"IEND", b"")])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk's type and all its bytes, up to the end of the image."""
    at = len(_SIGNATURE)
    while at + _FRAME_BYTES <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + _FRAME_BYTES + length
        if end > len(content):
            raise DamageError(f"the chunk at byte {at} is cut or its length is wrong")
        if kind == b"IEND":
            return
        yield kind, content[at:end]
        at = end
    raise DamageError("the end of the image is missing")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
