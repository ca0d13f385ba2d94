"""Inspect: strip WebP (https://developers.google.com/speed/webp/docs/riff_container)."""

import struct
from collections.abc import Iterator

from smart_image_scraper.exif.stripping.damage import DamageError
from smart_image_scraper.exif.stripping.orientation import block, orientation

_HEAD_BYTES = 12
_FRAME_HEAD_BYTES = 16
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_PICTURE = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_KEPT = _PICTURE | {b"VP8X", b"ICCP", b"ANIM", b"ANMF"}
_EXTENDED_BYTES = 10


def strip_webp(content: bytes) -> bytes:
    """Return a WebP with its picture, colour profile and orientation only.

    What follows the end of the container is left out.

    Raises:
        DamageError: A chunk reaches beyond the end of the container, or it beyond the file's.
    """
    kept, turned = {}, b""
    for number, (kind, data) in enumerate(_chunks(content, start=_HEAD_BYTES, end=_end(content))):
        if kind == b"EXIF":
            # The format has the block without this prefix; some programs write it.
            turned = block(orientation(data.removeprefix(b"Exif\0\0")))
        elif kind in _KEPT:
            kept[number] = (kind, _frame(data) if kind == b"ANMF" else data)
    chunks = list(kept.values())
    if not chunks:
        raise DamageError("there is no image in it")
    if chunks[0][0] == b"VP8X":
        chunks[0] = (b"VP8X", _extended(chunks[0][1], has_exif=bool(turned)))
        # Decoders look for EXIF only where the extended header announces it.
        chunks += [(b"EXIF", turned)] if turned else []
    body = b"WEBP" + b"".join(_chunk(kind, data) for kind, data in chunks)
    return _chunk(b"RIFF", body)


def _end(content: bytes) -> int:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise DamageError("the end of the image is missing")
    return end


def _extended(data: bytes, *, has_exif: bool) -> bytes:
    if len(data) < _EXTENDED_BYTES:
        raise DamageError("its header is cut")
    flags = data[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if has_exif else 0)
    return bytes((flags,)) + data[1:_EXTENDED_BYTES]


def _frame(data: bytes) -> bytes:
    """Return a frame of an animation without the unknown chunks that it may hold."""
    parts = _chunks(data, start=_FRAME_HEAD_BYTES, end=len(data))
    picture = [_chunk(kind, part) for kind, part in parts if kind in _PICTURE]
    return data[:_FRAME_HEAD_BYTES] + b"".join(picture)


def _chunks(content: bytes, *, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    at = start
    while at + 8 <= end:
        kind, length = struct.unpack_from("<4sI", content, at)
        at += 8
        if at + length > end:
            raise DamageError(f"the chunk at byte {at} is cut or its length is wrong")
        yield kind, content[at : at + length]
        at += length + length % 2


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
