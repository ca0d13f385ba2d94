"""Inspect: bursts, the photos that a person took of the same thing in a few seconds."""

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.fingerprint.groups import join

MAX_PAUSE_S = 5.0
"""The longest pause within a burst."""

MAX_DISTANCE = 90
"""How many of 256 bits may differ: what moves differs more than in copies, unrelated photos more
still (128 +- 13)."""


def group_bursts(
    wholes: NDArray[np.uint8], *, owners: NDArray[np.int64], taken_s: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Find bursts: photos of one owner, taken shortly after each other, that look alike.

    Args:
        wholes: Shape (N, 32): the hashes of the whole photos.
        owners: A number for each owner; any negative one is unknown.
        taken_s: When each photo was taken, in seconds since any moment; NaN is unknown. Dates
            that are known by month or year only should be unknown here.

    Returns:
        For each photo the position of the first one of its burst, which may be its own.
    """
    first = np.arange(len(wholes))
    known = np.flatnonzero((owners >= 0) & np.isfinite(taken_s))
    order = known[np.lexsort((taken_s[known], owners[known]))]
    one, other = order[:-1], order[1:]
    differing = np.bitwise_count(wholes[one] ^ wholes[other]).sum(axis=1)
    pause_s = taken_s[other] - taken_s[one]
    burst = (owners[one] == owners[other]) & (pause_s <= MAX_PAUSE_S) & (differing <= MAX_DISTANCE)
    join(first, one[burst], others=other[burst])
    return first
