"""Serve: the photos that a filter means."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from smart_image_scraper.photo import BoundingBox, Filter, PhotoId
from smart_image_scraper.web.snapshot import Snapshot

FACETS = (
    "country",
    "term",
    "license",
    "camera",
    "year",
    "month",
    "hour",
    "review",
    "disagrees",
    "signal",
    "owners",
    "tags",
    "species",
    "duplicates",
    "histograms",
    "views_histogram",
)
"""What :meth:`Selection.facets` can be asked for."""


def select(snapshot: Snapshot, where: Filter) -> "Selection":
    """Select the photos that a filter means.

    Raises:
        UsageError: Nobody has scored a concept that the filter is about, the texts are not read
            yet, or the filter has a condition that no option makes.
    """
    raise NotImplementedError


class Selection:
    """The photos of a snapshot that a filter means. Cheap to make again: what it took is kept.

    Attributes:
        snapshot: The photos.
        where: The filter.
    """

    snapshot: Snapshot
    where: Filter

    @property
    def matching(self) -> int:
        """How many photos the filter means."""
        raise NotImplementedError

    def ids(self, order: str = "newest") -> Iterator[PhotoId]:
        """Return all of them, lazily, in an order; see :meth:`page`."""
        raise NotImplementedError

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
        """
        raise NotImplementedError

    def facets(self, only: Collection[str] = FACETS) -> Mapping[str, Any]:
        """Count the photos by kind, ready for JSON; each kind ignores the condition on itself.

        Besides ``revision``, ``matching`` and ``photos``: ``country``, ``term``, ``license``,
        ``camera``, ``year``, ``disagrees``, ``signal``, ``tags``, ``species``:
        ``[[value, count]]``, the most frequent first, years ascending; ``month``: 12 numbers;
        ``hour``: 24;
        ``review``: ``[["accept", n], ["reject", n], ["none", n]]``; ``owners``:
        ``[["1", owners], ["2", …], ["3-5", …]]``; ``duplicates``: photos that the filter's photos
        without near-duplicates leave out; ``histograms``:
        ``{concept: {"counts": [50 numbers], "missing": n}}``; ``views_histogram``:
        ``{"edges", "counts"}``, edges one more than counts, the first counts from edge 0.

        Args:
            only: Which of ``FACETS``.

        Raises:
            UsageError: There is no such facet.
        """
        raise NotImplementedError

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
        raise NotImplementedError
