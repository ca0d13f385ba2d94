"""Inspect: strip GIF (https://www.w3.org/Graphics/GIF/spec-gif89a.txt)."""

import re
from collections.abc import Iterator

from smart_image_scraper.exif.stripping.damage import DamageError

_HEADER_BYTES = 13
_IMAGE_HEAD_BYTES = 10
_IMAGE, _EXTENSION, _TRAILER = b",", b"!", b";"
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
# How often an animation is repeated, and the colour profile.
_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_INTRODUCER = re.compile(rb"[,!;]")


def strip_gif(content: bytes) -> bytes:
    """Return a GIF with its frames, their timing and colour profile only.

    What follows the end is left out; a missing end is put in its place, as viewers do.

    Raises:
        DamageError: A block reaches beyond the end, or there is no image.
    """
    start = _after_colours(content, flags_at=10, head_end=_HEADER_BYTES)
    kept = [part for part in _blocks(content, start) if _is_kept(part)]
    if not any(part.startswith(_IMAGE) for part in kept):
        raise DamageError("there is no image in it")
    return b"".join([content[:start], *kept, _TRAILER])


def _is_kept(part: bytes) -> bool:
    if part.startswith(_IMAGE):
        return True
    label, name = part[1], part[3:14]
    return label == _GRAPHIC_CONTROL or (label == _APPLICATION and name in _APPLICATIONS)


def _blocks(content: bytes, at: int) -> Iterator[bytes]:
    """Yield images and extensions, each whole. Junk between them is passed over, as in Pillow."""
    while found := _INTRODUCER.search(content, at):
        start, kind = found.start(), found[0]
        if kind == _TRAILER:
            return
        if kind == _EXTENSION:
            data = start + 2
        else:
            head_end = start + _IMAGE_HEAD_BYTES
            # One byte more is the size of the first code.
            data = _after_colours(content, flags_at=start + 9, head_end=head_end) + 1
        at = _after_sub_blocks(content, data)
        yield content[start:at]


def _after_colours(content: bytes, *, flags_at: int, head_end: int) -> int:
    """Return where a head and the table of colours that may follow it end."""
    if head_end > len(content):
        raise DamageError("it is cut in a header")
    flags = content[flags_at]
    return head_end + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)


def _after_sub_blocks(content: bytes, at: int) -> int:
    while at < len(content):
        length = content[at]
        at += 1 + length
        if length == 0:
            return at
    raise DamageError("it is cut in the middle of a block")
