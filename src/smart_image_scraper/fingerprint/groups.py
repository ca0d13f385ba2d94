"""Inspect: groups of near-duplicates, without comparing every photo with every other one."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.fingerprint.hashing import CROPS, HASH_BYTES, PerceptualHash

MAX_DISTANCE = 52
"""How many of the 256 bits of two photos' hashes may differ, if they are to be near-duplicates.

Unrelated photos differ in 128 +- 13 bits, copies in 25 at most (measured: docs/inspect.md).
"""

_Hashes = NDArray[np.uint8]
_Numbers = NDArray[np.int64]

# Photos are compared if one of these spans of their hashes starts with the same bits. Whole photos
# differ in more bits (watermarks) than a crop and the hash of that same crop do, and they are
# fewer: they are looked for with less demanding, overlapping spans.
_WHOLE_SPANS, _WHOLE_BITS = range(HASH_BYTES - 7), 20
_CROP_SPANS, _CROP_BITS = range(0, HASH_BYTES - 7, 3), 24
# The most neighbours that an entry is compared with, which bounds the work for thousands of
# photos that look alike. They still become one group, through their neighbours' neighbours.
_NEIGHBOURS = 64
_VIEWS = 1 + len(CROPS)


def group(hashes: Sequence[PerceptualHash], *, max_distance: int = MAX_DISTANCE) -> _Numbers:
    """Find groups of near-duplicates: the same as :func:`group_array`, from single hashes.

    Returns:
        For each photo the position of the first one of its group, which may be its own.
    """
    joined = b"".join(one.whole + one.crops for one in hashes)
    array = np.frombuffer(joined, dtype=np.uint8).reshape(-1, _VIEWS, HASH_BYTES)
    return group_array(array, max_distance=max_distance)


def group_array(hashes: _Hashes, *, max_distance: int = MAX_DISTANCE) -> _Numbers:
    """Find groups of near-duplicates among many photos.

    Two photos are near-duplicates if the hash of one is near to that of the other or of a crop of
    the other. Near-duplicates of near-duplicates are in the same group.

    Args:
        hashes: Shape (N, 11, 32): for each photo the bytes of its hash, then those of its crops.
        max_distance: How many bits may differ, 0 to 256; the index is made for up to 64.

    Returns:
        For each photo the position of the first one of its group, which may be its own.
    """
    first = np.arange(len(hashes))
    wholes = np.ascontiguousarray(hashes[:, :1])
    for span in _WHOLE_SPANS:
        _group_by(first, wholes, span=span, bits=_WHOLE_BITS, max_distance=max_distance)
    everything = np.ascontiguousarray(hashes)
    for span in _CROP_SPANS:
        _group_by(first, everything, span=span, bits=_CROP_BITS, max_distance=max_distance)
    return first


def best_of_groups(first: _Numbers, *, pixels: _Numbers, views: _Numbers) -> _Numbers:
    """Choose the best photo of each group: the largest, of these the most viewed.

    Args:
        first: What :func:`group` returns.
        pixels: For each photo how many it has.
        views: For each photo how often it was seen, 0 if that is unknown.

    Returns:
        For each photo the position of the best one of its group, which may be its own.
    """
    # The earlier photo wins a tie, so that a second run chooses the same.
    order = np.lexsort((-np.arange(len(first)), views, pixels))
    best = np.empty_like(first)
    best[first[order]] = order
    return best[first]


def _group_by(first: _Numbers, hashes: _Hashes, *, span: int, bits: int, max_distance: int) -> None:
    """Join the groups of photos that have one span in common, and are near."""
    views = hashes.shape[1]
    words = hashes.reshape(-1, HASH_BYTES).view(np.uint64)
    keys = hashes[..., span : span + 8].copy().view(">u8").ravel().astype(np.uint64)
    for ones, others in _candidates(keys, bits=bits):
        # Two crops that are alike say less than a crop and a whole photo.
        asked = np.flatnonzero((ones % views == 0) | (others % views == 0))
        one, other = ones[asked], others[asked]
        near = np.bitwise_count(words[one] ^ words[other]).sum(axis=1) <= max_distance
        join(first, one[near] // views, others=other[near] // views)


def _candidates(keys: NDArray[np.uint64], *, bits: int) -> Iterator[tuple[_Numbers, _Numbers]]:
    """Yield pairs of positions whose keys start with the same bits, nearest keys first."""
    # Position and key in one number: to sort numbers is several times faster than to sort
    # positions by their keys. The key's end, which gives way, only decides who is nearer.
    position_bits = np.uint64(len(keys).bit_length())
    ordered = np.sort((keys >> position_bits << position_bits) | np.arange(len(keys), dtype="u8"))
    positions = (ordered & np.uint64((1 << int(position_bits)) - 1)).astype(np.int64)
    buckets = ordered >> np.uint64(64 - bits)
    # Places whose neighbour at the current distance is in the same bucket; ever fewer.
    at = np.flatnonzero(buckets[:-1] == buckets[1:])
    for distance in range(1, _NEIGHBOURS + 1):
        if not len(at):
            return
        yield positions[at], positions[at + distance]
        at = at[at < len(keys) - distance - 1]
        at = at[buckets[at] == buckets[at + distance + 1]]


def join(first: _Numbers, ones: _Numbers, *, others: _Numbers) -> None:
    """Put pairs of photos into the same groups.

    Args:
        first: For each photo the position of the first one of its group; changed in place.
        ones: The positions of some photos.
        others: The position of one more photo for each of them.
    """
    ones, others = first[ones], first[others]
    while (apart := ones != others).any():
        ones, others = ones[apart], others[apart]
        np.minimum.at(first, np.maximum(ones, others), np.minimum(ones, others))
        _shorten(first)
        ones, others = first[ones], first[others]


def _shorten(first: _Numbers) -> None:
    while True:
        further = first[first]
        if np.array_equal(further, first):
            return
        first[:] = further
