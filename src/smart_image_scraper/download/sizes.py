"""Download: which of the offered sizes is fetched."""

import math
from collections.abc import Sequence

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Size

_ORIGINAL = "original"

# Cut to a square: most of the photo is missing.
_CROPS = frozenset({"75", "150"})


def parse_size(wanted: str) -> float:
    """Return the longer edge that a wanted size means, in pixels; infinite for the original.

    Raises:
        UsageError: It is neither ``original`` nor a positive number.
    """
    if wanted == _ORIGINAL:
        return math.inf
    if not (wanted.isascii() and wanted.isdecimal() and int(wanted) > 0):
        raise UsageError(f"a size is 'original' or the longer edge in pixels, not {wanted!r}")
    return int(wanted)


def in_order(sizes: Sequence[Size], *, edge: float) -> list[Size]:
    """Return the sizes in the order in which they are tried.

    The wanted one first; then larger ones, the smallest of them first; then smaller ones, the
    largest first. Squares that sites cut out of a photo are left out.

    Args:
        sizes: What is offered, in any order.
        edge: The wanted longer edge, in pixels; infinite for the original.
    """
    offered = [size for size in sizes if size.label not in _CROPS]
    larger = [size for size in offered if _edge(size) >= edge]
    smaller = [size for size in offered if _edge(size) < edge]
    return sorted(larger, key=_edge) + sorted(smaller, key=_edge, reverse=True)


def _edge(size: Size) -> float:
    # Flickr's original is the largest, and its pixels are only sometimes told. It may well be
    # smaller than the size that is wanted, so they are of use.
    return math.inf if size.label == _ORIGINAL else int(size.label)
