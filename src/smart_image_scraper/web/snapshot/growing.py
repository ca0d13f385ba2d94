"""Serve: an array that grows."""

from typing import Any

import numpy as np

from smart_image_scraper.web.snapshot.columns import Column

_GROWTH = 1.25
_LEAST = 64


class Growing:
    """An array to the end of which others are added, in place: parts would all be there twice.

    Args:
        dtype: Of its entries; texts may become longer.
        number: About how many there will be.
    """

    def __init__(self, dtype: np.dtype[Any], number: int) -> None:
        self._entries: Column = np.empty(max(number, _LEAST), dtype)
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def append(self, column: Column) -> None:
        """Add entries to its end."""
        end = self._number + len(column)
        dtype = np.promote_types(self._entries.dtype, column.dtype)
        if end > len(self._entries) or dtype != self._entries.dtype:
            size = len(self._entries)
            grown = np.empty(size if end <= size else int(end * _GROWTH), dtype)
            grown[: self._number] = self._entries[: self._number]
            self._entries = grown
        self._entries[self._number : end] = column
        self._number = end

    def array(self) -> Column:
        """Return its entries."""
        return self._entries[: self._number]
