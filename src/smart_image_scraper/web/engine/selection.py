"""Serve: the photos that a filter means."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import BoundingBox, Filter, PhotoId
from smart_image_scraper.web.engine.facets import FACETS, USUAL, count_facets
from smart_image_scraper.web.engine.map import map_of
from smart_image_scraper.web.engine.masks import Condition, Mask, conditions_of
from smart_image_scraper.web.engine.orders import ranked
from smart_image_scraper.web.snapshot import Snapshot

Rows = NDArray[np.intp]

_STEP = 65_536
_READ_AT_ONCE = 1_000


def select(snapshot: Snapshot, where: Filter) -> "Selection":
    """Select the photos that a filter means.

    Raises:
        UsageError: Nobody has scored a concept that the filter is about, the texts are not read
            yet, or the filter has a condition that no option makes.
    """
    return snapshot.selections.get(
        where, lambda: Selection(snapshot, where, conditions=list(conditions_of(snapshot, where)))
    )


class Selection:
    """The photos of a snapshot that a filter means. Cheap to make again: what it took is kept.

    Attributes:
        snapshot: The photos.
        where: The filter.
    """

    def __init__(
        self, snapshot: Snapshot, where: Filter, *, conditions: Collection[Condition]
    ) -> None:
        self.snapshot = snapshot
        self.where = where
        self._conditions = conditions
        self._counted: Mapping[str, Any] = {}

    @property
    def matching(self) -> int:
        """How many photos the filter means."""
        return len(self.rows)

    @cached_property
    def rows(self) -> Rows:
        """The rows of the photos, ascending."""
        return np.flatnonzero(self.mask)

    @cached_property
    def mask(self) -> Mask:
        """Which photos of the snapshot they are."""
        mask: Mask = self._failed == 0
        return mask

    def rows_but(self, dimension: str) -> Rows:
        """Return the rows of the photos that meet all conditions but those on a dimension."""
        own = [each.mask for each in self._conditions if each.dimension == dimension]
        if not own:
            return self.rows
        return np.flatnonzero(self._failed == _failures(own, number=len(self.snapshot)))

    @cached_property
    def _failed(self) -> NDArray[np.uint8]:
        """How many conditions each photo does not meet."""
        masks = [each.mask for each in self._conditions]
        return _failures(masks, number=len(self.snapshot))

    def ids(self, order: str = "newest") -> Iterator[PhotoId]:
        """Return all of them, lazily, in an order; see :meth:`page`."""
        rows = self._ordered(order)
        for begin in range(0, len(rows), _READ_AT_ONCE):
            yield from self.snapshot.ids_of(rows[begin : begin + _READ_AT_ONCE])

    def page(self, order: str, *, offset: int, limit: int) -> list[PhotoId]:
        """Return a page of them. As fast at any depth.

        Args:
            order: ``newest``, ``oldest``, ``added``, ``views``, ``score:monkey``,
                ``score-up:monkey``, ``unsure:monkey``, ``similar:<photo id>`` or ``words:<text>``.
                Photos without the value come last.
            offset: How many come before the page.
            limit: How many it holds.

        Raises:
            UsageError: There is no such order, concept or photo, or no model for it.
            SisError: The embeddings cannot be read, or the model cannot be run.
        """
        if offset == 0:
            rows = self._first(ranked(self.snapshot, order), limit)
        else:
            rows = self._ordered(order)[offset : offset + limit]
        return self.snapshot.ids_of(rows)

    def facets(self, only: Collection[str] = USUAL) -> Mapping[str, Any]:
        """Count the photos by kind, ready for JSON; each kind ignores the condition on itself.

        Besides ``revision``, ``matching`` and ``photos``: ``country``, ``term``, ``license``,
        ``camera``, ``year``, ``disagrees``, ``signal``, ``tags``, ``species``:
        ``[[value, count]]``, the most frequent first, years ascending; ``month``: 12 numbers;
        ``hour``: 24; ``review``: ``[["accept", n], ["reject", n], ["none", n]]``; ``owners``:
        ``[["1", owners], ["2", …], ["3-5", …]]``; ``duplicates``: photos that the filter leaves
        out, or would leave out, as near-duplicates of better ones; ``histograms``:
        ``{concept: {"counts": [50 numbers], "missing": n}}``; ``views_histogram``:
        ``{"edges", "counts"}``, edges one more than counts. Until the texts are read, there are no
        ``tags`` and ``species``.

        Args:
            only: Which of ``FACETS``.

        Raises:
            UsageError: There is no such facet.
        """
        new = [name for name in only if name not in self._counted]
        counted = {**self._counted, **count_facets(self, new)}
        self._counted = counted
        return {name: counted[name] for name in counted if name not in FACETS or name in only}

    def map(self, view: BoundingBox, *, cells: int = 48, color: str = "term") -> Mapping[str, Any]:
        """Return where the photos are, ready for JSON.

        ``matching``, ``with_place``, ``colors``, and, with at most 2,000 photos in the view,
        ``points``: ``[{id, latitude, longitude, color, title, taken, country}]``; else ``cells``:
        ``[{latitude, longitude, count, west, south, east, north, color, photo}]``. A ``color`` is a
        place in ``colors``, or null.

        Args:
            view: What the map shows; it may cross the 180th meridian.
            cells: How many cells side by side.
            color: ``term``, or a concept.

        Raises:
            UsageError: Nobody has scored the concept.
        """
        return map_of(self, view, cells=cells, color=color)

    def _ordered(self, order: str) -> NDArray[Any]:
        """Return all rows in an order."""
        whole = ranked(self.snapshot, order)
        return self.snapshot.pages.get((self.where, order), lambda: whole[self.mask[whole]])

    def _first(self, whole: NDArray[Any], number: int) -> NDArray[Any]:
        """Return the first rows in an order, without looking at all of it if that is not needed."""
        parts: list[NDArray[Any]] = []
        found = 0
        for begin in range(0, len(whole), _STEP):
            step = whole[begin : begin + _STEP]
            parts.append(step[self.mask[step]])
            found += len(parts[-1])
            if found >= number:
                break
        return np.concatenate(parts)[:number] if parts else whole[:0]


def _failures(masks: Collection[Mask], *, number: int) -> NDArray[np.uint8]:
    failed = np.zeros(number, np.uint8)
    for mask in masks:
        failed += ~mask
    return failed
