"""Serve: columns in which photos are replaced, added and left out. Pure."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.web.snapshot.columns import Column, Columns

Rows = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Merge:
    """How the photos of one moment become those of the next.

    Attributes:
        source: For each row of the next, which row it comes from: of the former, or, behind these,
            of the changed ones.
        number: How many the former are.
        changed: How many are replaced or new.
        former: Likewise, but the row of the same photo among the former; -1 of new photos.
    """

    source: Rows
    former: Rows
    number: int
    changed: int

    @cached_property
    def has_moved(self) -> bool:
        """Whether a photo has another row than before, or there are other photos."""
        return not np.array_equal(self.former, np.arange(self.number))

    @property
    def has_lost(self) -> bool:
        """Whether a photo is not there any more."""
        return int((self.former >= 0).sum()) < self.number


def merge_of(ids: Column, changed: Column, *, erased: Column) -> Merge:
    """Return how photos change: some are replaced or new, some are erased.

    Args:
        ids: The former ones, sorted.
        changed: Those that are replaced or new, sorted, each once.
        erased: Those that are left out.
    """
    places = np.searchsorted(ids, changed)
    known = find(ids, changed) >= 0
    source = np.arange(len(ids))
    former = np.arange(len(ids))
    source[places[known]] = len(ids) + np.flatnonzero(known)
    new = np.flatnonzero(~known)
    source = np.insert(source, places[new], len(ids) + new)
    former = np.insert(former, places[new], -1)
    if len(erased):
        both = np.concatenate([ids, changed])[source]
        kept = ~np.isin(both, erased)
        source, former = source[kept], former[kept]
    return Merge(source=source, former=former, number=len(ids), changed=len(changed))


def merged(columns: Columns, changed: Columns, *, merge: Merge) -> Columns:
    """Return the columns of the next moment; NaN where a photo has no entry.

    Columns in which nothing has changed are the same objects, and stay in their files.
    """
    former, new = np.full(merge.number, np.nan), np.full(merge.changed, np.nan)
    return {
        name: _merged(columns.get(name, former), changed.get(name, new), merge=merge)
        for name in sorted(columns.keys() | changed.keys())
    }


def _merged(column: Column, changed: Column, *, merge: Merge) -> Column:
    if merge.has_moved:
        return np.concatenate([column, changed])[merge.source]
    rows = np.flatnonzero(merge.source >= merge.number)
    entries = changed[merge.source[rows] - merge.number]
    if np.array_equal(column[rows], entries, equal_nan=entries.dtype.kind == "f"):
        return column
    replaced = column.astype(np.promote_types(column.dtype, entries.dtype))
    replaced[rows] = entries
    return replaced


def carried(column: Column, merge: Merge, *, empty: float) -> Column:
    """Return a column of what photos keep, whatever changes of them; new ones get ``empty``."""
    if not merge.has_moved:
        return column
    kept = np.full(len(merge.former), empty, column.dtype)
    known = merge.former >= 0
    kept[known] = column[merge.former[known]]
    return kept


def find(ids: Column, wanted: Column) -> Rows:
    """Return the rows of photos by id; -1 of those that are not there.

    Args:
        ids: All, sorted.
        wanted: Which.
    """
    if len(ids) == 0 or len(wanted) == 0:
        return np.full(len(wanted), -1, np.int64)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[places] == wanted, places, -1)
