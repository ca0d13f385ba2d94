"""Inspect: strip JPEG (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator

from smart_image_scraper.exif.stripping.damage import DamageError
from smart_image_scraper.exif.stripping.orientation import block, orientation

_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
# Frames and tables; arithmetic conditioning, restart intervals and the like. Whatever else there
# is (comments, application data, JPG extensions) decoders do without.
_PICTURE = frozenset({*range(0xC0, 0xC8), *range(0xC9, 0xD0), *range(0xDA, 0xE0)})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
# In a scan, 0xFF 0x00 stands for a byte of 0xFF, and restart markers are part of the scan.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_EXIF = b"Exif\0\0"
_JFIF_BYTES = 14
_ADOBE_BYTES = 12


def strip_jpeg(content: bytes) -> bytes:
    """Return a JPEG with its picture, colour profile and orientation only.

    What follows the end of the image (second images, films, makers' trailers) is left out.

    Raises:
        DamageError: A segment reaches beyond the end, or there is no whole image.
    """
    kept, turned = list[bytes](), None
    for marker, payload, scan in _segments(content):
        if marker == _APP1 and payload.startswith(_EXIF) and turned is None:
            # The first block counts. An orientation in XMP does not: Flickr turns what it
            # resizes and leaves XMP as it was, and browsers do not look there either.
            turned = block(orientation(payload[len(_EXIF) :]))
        elif marker in _PICTURE:
            kept.append(_segment(marker, payload) + scan)
        elif needed := _needed(marker, payload):
            kept.append(_segment(marker, needed))
    if not any(part[1] == _START_OF_SCAN for part in kept):
        raise DamageError("there is no image in it")
    if turned:
        # JFIF demands the first place for itself.
        place = 1 if kept[0][1] == _APP0 else 0
        kept.insert(place, _segment(_APP1, _EXIF + turned))
    return b"".join([b"\xff\xd8", *kept, b"\xff\xd9"])


def _needed(marker: int, payload: bytes) -> bytes:
    """Return what decoders need of a segment of application data; empty if nothing."""
    if marker == _APP0 and payload.startswith(b"JFIF\0") and len(payload) >= _JFIF_BYTES:
        # The last two bytes are the width and height of a thumbnail that would follow.
        return payload[: _JFIF_BYTES - 2] + b"\0\0"
    if marker == _APP2 and payload.startswith(b"ICC_PROFILE\0"):
        return payload
    if marker == _APP14 and payload.startswith(b"Adobe") and len(payload) >= _ADOBE_BYTES:
        # It says which colours the three or four channels are.
        return payload[:_ADOBE_BYTES]
    return b""


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield marker, payload and, after a start of scan, the scan's data."""
    at = 2
    # As in libjpeg, junk between segments is passed over.
    while found := _MARKER.search(content, at):
        marker, at = found[1][0], found.end()
        if marker == _END_OF_IMAGE:
            return
        if marker == _START_OF_IMAGE:
            raise DamageError("a second image starts within the first")
        if marker in _WITHOUT_LENGTH:
            continue
        end = at + int.from_bytes(content[at : at + 2], "big")
        if not at + 2 <= end <= len(content):
            raise DamageError(f"the segment at byte {at} is cut or its length is wrong")
        payload, at = content[at + 2 : end], end
        if marker == _START_OF_SCAN:
            if (after := _AFTER_SCAN.search(content, at)) is None:
                break
            at = after.start()
        yield marker, payload, content[end:at]
    raise DamageError("the end of the image is missing")
