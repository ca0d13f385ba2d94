"""Inspect: the one tag of EXIF that a stripped file may keep, since it turns the picture."""

import struct
from typing import Final

_TAG: Final = 0x0112
_UPRIGHT: Final = 1
_FORMATS: Final = {3: "H", 4: "I"}


def orientation(tiff: bytes) -> int:
    """Read the orientation from an EXIF block, 1 (upright) to 8 (EXIF 2.32, 4.6.4 A).

    Args:
        tiff: The block from its byte order mark on.

    Returns:
        1 also where there is none, it is out of range, or the block is damaged.
    """
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return _UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}4xI", tiff)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(f"{order}HH", tiff, at)
            if tag == _TAG and kind in _FORMATS:
                (value,) = struct.unpack_from(order + _FORMATS[kind], tiff, at + 8)
                return value if value in range(1, 9) else _UPRIGHT
    except struct.error:  # It points behind its own end.
        pass
    return _UPRIGHT


def block(value: int) -> bytes:
    """Return an EXIF block that says the orientation and nothing else; none if it is upright."""
    if value == _UPRIGHT:
        return b""
    entry = struct.pack("<HHIHxx", _TAG, 3, 1, value)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)
