"""Train: which photos must not be on both sides of a test."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Numbers: TypeAlias = NDArray[np.int64]


def group_by_marks(marks: Sequence[Iterable[Hashable]]) -> _Numbers:
    """Group photos that have a mark in common: an owner, a file, a group of near-duplicates.

    Args:
        marks: Each photo's marks. Who shares a mark with a photo that shares another one with a
            third is in one group with both.

    Returns:
        Shape (N,): a number for each photo, equal in a group.
    """
    numbers: dict[Hashable, int] = {}
    pairs = [
        (photo, numbers.setdefault(mark, len(numbers)))
        for photo, of_photo in enumerate(marks)
        for mark in of_photo
    ]
    photos, others = np.array(pairs, np.int64).reshape(-1, 2).T
    return join(photos, others, count=len(marks))


def join(photos: _Numbers, marks: _Numbers, *, count: int) -> _Numbers:
    """Join photos that have marks in common, directly or over others.

    Args:
        photos: The number of a photo, for each mark of each photo.
        marks: The mark's number, likewise.
        count: How many photos there are, with or without marks.

    Returns:
        Shape (count,): a number for each photo, equal in a group.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 — slow to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 — slow to import

    nodes = count + int(marks.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(photos), bool), (photos, count + marks)), shape=(nodes, nodes))
    _, groups = connected_components(graph, directed=False)
    return np.asarray(groups[:count], np.int64)
