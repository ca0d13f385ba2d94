"""Inspect: strip TIFF and BigTIFF (TIFF 6.0; https://www.awaresystems.be/imaging/tiff/bigtiff.html).

Unlike the other formats, a TIFF is no sequence of blocks: its directories point at data anywhere.
So it is written anew, from the tags that describe a picture and the pixel data as they are.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from smart_image_scraper.exif.stripping.damage import DamageError, UnsupportedError

_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_BIG_TYPE_BYTES = {16: 8, 17: 8}
_INTEGERS = {3: "H", 4: "I", 16: "Q"}
_SUBFILE, _COMPRESSION, _STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 254, 259, 273, 279, 324, 325
_OLD_JPEG = 6
_SUBDIRECTORIES = 330
_DATA = {_STRIPS: _STRIP_BYTES, _TILES: _TILE_BYTES}
# The tags that say how pixels become a picture: size, bits, compression, colours, orientation,
# resolution, page number, the ICC profile. Everything else goes, whatever it is.
_KEPT = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281}
    | {282, 283, 284, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324}
    | {325, 332, 334, 336, 338, 339, 340, 341, 342, 347, 529, 530, 531, 532, 34675}
)
# What moving to even places and wider numbers may add to a small file.
_SPARE_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How a file writes its numbers: byte order, and 32 or 64 bits."""

    order: str
    is_big: bool

    @property
    def offset(self) -> str:
        return self.order + ("Q" if self.is_big else "I")

    @property
    def offset_bytes(self) -> int:
        return 8 if self.is_big else 4

    @property
    def count(self) -> str:
        return self.order + ("Q" if self.is_big else "H")

    @property
    def type_bytes(self) -> dict[int, int]:
        return _TYPE_BYTES | (_BIG_TYPE_BYTES if self.is_big else {})

    def head(self, first: int) -> bytes:
        mark = b"II" if self.order == "<" else b"MM"
        if self.is_big:
            return mark + struct.pack(f"{self.order}HHHQ", 43, 8, 0, first)
        return mark + struct.pack(f"{self.order}HI", 42, first)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tag:
    number: int
    kind: int
    count: int
    value: bytes

    def integers(self, order: str) -> tuple[int, ...]:
        if self.kind not in _INTEGERS:
            raise DamageError(f"the values of tag {self.number} are no whole numbers")
        return struct.unpack(f"{order}{self.count}{_INTEGERS[self.kind]}", self.value)


_Page = dict[int, _Tag]


def strip_tiff(content: bytes) -> bytes:
    """Return a TIFF with its pages only; pages that are smaller copies of others are left out.

    Raises:
        DamageError: A directory or its data lie outside the file, or directories form a circle.
        UnsupportedError: The pixels are compressed in a way that was withdrawn in 1995, or the
            first page is a small copy of a picture that is in no page.
    """
    order = "<" if content.startswith(b"II") else ">"
    layout = _Layout(order=order, is_big=content[2:4] in {b"+\0", b"\0+"})
    try:
        pages = [*_pages(content, layout)]
    except struct.error as error:
        raise DamageError("a directory lies outside of it") from error
    if not pages:
        raise DamageError("there is no image in it")
    # What it says is not kept, that it is there is asked.
    if pages[0].pop(_SUBDIRECTORIES, None) and not _is_whole(pages[0], order=order):
        raise UnsupportedError("its picture is in a subdirectory, as in raw files of cameras")
    for page in pages[1:]:
        page.pop(_SUBDIRECTORIES, None)
    whole = [pages[0], *(page for page in pages[1:] if _is_whole(page, order=order))]
    return _Rewriting(content, layout).write(whole)


def _is_whole(page: _Page, *, order: str) -> bool:
    """Tell whether a page is no smaller copy of another one."""
    return _SUBFILE not in page or not any(n & 1 for n in page[_SUBFILE].integers(order))


def _pages(content: bytes, layout: _Layout) -> Iterator[_Page]:
    (at,) = struct.unpack_from(layout.offset, content, 8 if layout.is_big else 4)
    left = len(content)
    while at:
        page, after, read = _page(content, at, layout=layout)
        # Directories that point at each other, or begin within each other, would go on for ever.
        left -= read
        if left < 0:
            raise DamageError("its directories form a circle, or lie upon each other")
        yield page
        at = after


def _page(content: bytes, at: int, *, layout: _Layout) -> tuple[_Page, int, int]:
    """Read a directory: its tags that are kept, where the next one is, and its own length."""
    (count,) = struct.unpack_from(layout.count, content, at)
    at += struct.calcsize(layout.count)
    entry = struct.Struct(f"{layout.order}HH{'Q' if layout.is_big else 'I'}")
    step = entry.size + layout.offset_bytes
    if at + count * step > len(content):
        raise DamageError("a directory is cut")
    page: _Page = {}
    for start in range(at, at + count * step, step):
        number, kind, values = entry.unpack_from(content, start)
        if number in _KEPT:
            value = _value(content, start + entry.size, kind=kind, count=values, layout=layout)
            page[number] = _Tag(number=number, kind=kind, count=values, value=value)
        elif number == _SUBDIRECTORIES:
            page[number] = _Tag(number=number, kind=kind, count=values, value=b"")
    (after,) = struct.unpack_from(layout.offset, content, at + count * step)
    return page, after, (count + 1) * step


def _value(content: bytes, at: int, *, kind: int, count: int, layout: _Layout) -> bytes:
    if kind not in layout.type_bytes:
        raise DamageError(f"a value has the unknown type {kind}")
    length = layout.type_bytes[kind] * count
    if length > layout.offset_bytes:
        (at,) = struct.unpack_from(layout.offset, content, at)
    return _slice(content, at, length=length)


def _slice(content: bytes, at: int, *, length: int) -> bytes:
    if at + length > len(content):
        raise DamageError("a directory points outside of it")
    return content[at : at + length]


class _Rewriting:
    """A new file, written from the pages of another one."""

    def __init__(self, content: bytes, layout: _Layout) -> None:
        self._content = content
        self._layout = layout
        self._out = bytearray(layout.head(0))
        # By where a part of the pixel data was: pages may share them.
        self._places: dict[tuple[int, int], int] = {}

    def write(self, pages: list[_Page]) -> bytes:
        """Write all pages, and return the file."""
        link_at = len(self._out) - self._layout.offset_bytes
        for page in pages:
            tags = self._with_data(page)
            entries = [self._entry(tag) for _, tag in sorted(tags.items())]
            directory = struct.pack(self._layout.count, len(entries)) + b"".join(entries)
            at = self._append(directory + bytes(self._layout.offset_bytes))
            struct.pack_into(self._layout.offset, self._out, link_at, at)
            link_at = len(self._out) - self._layout.offset_bytes
        return bytes(self._out)

    def _append(self, data: bytes) -> int:
        """Append data at an even place, as TIFF demands, and return that place."""
        # Forged directories point at the same bytes again and again.
        if len(self._out) + len(data) > 2 * len(self._content) + _SPARE_BYTES:
            raise DamageError("parts of it lie upon each other")
        self._out += bytes(len(self._out) % 2)
        at = len(self._out)
        self._out += data
        return at

    def _with_data(self, page: _Page) -> _Page:
        """Append a page's pixel data, and return the page with where they are now."""
        order = self._layout.order
        if not any(tag in page for tag in _DATA):
            raise DamageError("a page has no pixels")
        if _COMPRESSION in page and _OLD_JPEG in page[_COMPRESSION].integers(order):
            raise UnsupportedError("its pixels are in the JPEG form that TIFF withdrew in 1995")
        moved = dict(page)
        for starts, lengths in _DATA.items():
            if starts in page:
                parts = _parts(page, starts, lengths=lengths, order=order)
                moved[starts] = self._offsets(page[starts], [self._copied(part) for part in parts])
        return moved

    def _copied(self, part: tuple[int, int]) -> int:
        if part not in self._places:
            data = _slice(self._content, part[0], length=part[1])
            self._places[part] = self._append(data)
        return self._places[part]

    def _offsets(self, tag: _Tag, offsets: list[int]) -> _Tag:
        """Return a tag of offsets with new ones, wide enough for any of them."""
        kind = 16 if self._layout.is_big else 4
        form = f"{self._layout.order}{len(offsets)}{_INTEGERS[kind]}"
        return replace(tag, kind=kind, value=struct.pack(form, *offsets))

    def _entry(self, tag: _Tag) -> bytes:
        """Append a value that does not fit into its entry, and return the entry."""
        value = tag.value
        if len(value) > self._layout.offset_bytes:
            value = struct.pack(self._layout.offset, self._append(value))
        head = struct.pack(f"{self._layout.order}HH", tag.number, tag.kind)
        count = struct.pack(self._layout.offset, tag.count)
        return head + count + value.ljust(self._layout.offset_bytes, b"\0")


def _parts(page: _Page, starts: int, *, lengths: int, order: str) -> list[tuple[int, int]]:
    """Return where the parts of the pixel data start and how long they are."""
    if lengths not in page or page[starts].count != page[lengths].count:
        raise DamageError("how long the parts of its pixel data are is not said")
    pairs = zip(page[starts].integers(order), page[lengths].integers(order), strict=True)
    return list(pairs)
