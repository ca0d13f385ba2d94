"""Demo: the pages of a search, with the real ones' faults.

What the replies of the real one showed, and its documentation says
(https://www.flickr.com/services/api/flickr.photos.search.html):

- at most the first 4,000 results; pages beyond them repeat the last one that holds any;
- 250 a page for geo queries, whatever was asked for;
- ``total`` is an estimate that moves by some per cent between two calls; ``pages`` follows it and
  does not know of the cap;
- some ids of a page come again on the next;
- searches of a narrow window of upload dates show photos from outside of it.

How much of each is a matter of the catalogue (:class:`Quirks`). Recorded pages have exactly as many
rows as were asked for, repeated ones among them, so that something else is missing. Here nothing
may be missing that the cap leaves: repeated rows, and those from outside of a window, come in
addition, and such a page is longer than what was asked for.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from smart_image_scraper.demo.matching import is_geo_query
from smart_image_scraper.demo.record import MadePhoto

MAX_PER_PAGE = 500
_DEFAULT_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """How far the replies to searches are from what was asked for.

    Attributes:
        repeated: The share of a page that comes again on the next one, 0..1.
        total_error: How far totals are off at most, up or down, as a share of the true one.
        strays: The share of a page that comes in addition, from outside of the upload dates that
            were asked for, 0..1.
        max_results: How many results of one search are shown.
        geo_per_page: The size of the pages of geo queries.

    Raises:
        ValueError: A share is not in 0..1.
    """

    repeated: float = 0.03
    total_error: float = 0.03
    strays: float = 0
    max_results: int = 4_000
    geo_per_page: int = 250

    def __post_init__(self) -> None:
        for name in ("repeated", "total_error", "strays"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share, from 0 to 1, not {getattr(self, name)}")


USUAL_QUIRKS = Quirks()
"""Those of a catalogue that is not told otherwise."""

ROUGH_QUIRKS = Quirks(repeated=0.15, total_error=0.03, strays=0.02)
"""The worst that was seen at the real one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of results.

    Attributes:
        number: As asked for, even where an earlier page is repeated.
        per_page: How many photos a full page has.
        total: An estimate of all results.
        photos: Those on the page.
    """

    number: int
    per_page: int
    total: int
    photos: Sequence[MadePhoto]

    @property
    def pages(self) -> int:
        """How many pages the estimate makes, without the cap."""
        return ceil(self.total / self.per_page)


def page_of(
    found: Sequence[MadePhoto],
    *,
    arguments: Mapping[str, str],
    rng: random.Random,
    quirks: Quirks = USUAL_QUIRKS,
) -> Page:
    """Cut one page out of everything that was found.

    Args:
        found: All results, in order.
        arguments: The request's.
        rng: What moves the total.
        quirks: How much is repeated, and how far totals are off.

    Raises:
        ValueError: ``page`` or ``per_page`` is no number.
    """
    number = max(int(arguments.get("page") or 1), 1)
    asked = int(arguments.get("per_page") or _DEFAULT_PER_PAGE)
    per_page = min(asked, MAX_PER_PAGE) if asked > 0 else _DEFAULT_PER_PAGE
    if is_geo_query(arguments):
        per_page = quirks.geo_per_page
    error = rng.uniform(-quirks.total_error, quirks.total_error)
    return Page(
        number=number,
        per_page=per_page,
        total=round(len(found) * (1 + error)),
        photos=_rows(found, number=number, per_page=per_page, quirks=quirks),
    )


def _rows(
    found: Sequence[MadePhoto], *, number: int, per_page: int, quirks: Quirks
) -> Sequence[MadePhoto]:
    start = (min(number, ceil(quirks.max_results / per_page)) - 1) * per_page
    fresh = found[start : min(start + per_page, quirks.max_results)]
    repeated = min(round(per_page * quirks.repeated), start)
    return [*found[start - repeated : start], *fresh] if fresh else []
