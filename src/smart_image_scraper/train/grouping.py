"""Train: which photos must not be on both sides of a test."""

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def group_by_marks(marks: Sequence[Iterable[Hashable]]) -> NDArray[np.int64]:
    """Group photos that have a mark in common: an owner, a file, a group of near-duplicates.

    Args:
        marks: Each photo's marks. Who shares a mark with a photo that shares another one with a
            third is in one group with both.

    Returns:
        Shape (N,): a number for each photo, equal in a group.
    """
    numbers: dict[Hashable, int] = {}
    pairs = [
        (photo, len(marks) + numbers.setdefault(mark, len(numbers)))
        for photo, of_photo in enumerate(marks)
        for mark in of_photo
    ]
    photos, others = np.array(pairs, np.int64).reshape(-1, 2).T
    nodes = len(marks) + len(numbers)
    graph = coo_array((np.ones(len(photos), bool), (photos, others)), shape=(nodes, nodes))
    _, groups = connected_components(graph, directed=False)
    return np.asarray(groups[: len(marks)], np.int64)
