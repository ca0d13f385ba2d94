"""Demo: the pages of a search, with the real ones' faults.

What the replies of the real one showed, and its documentation says
(https://www.flickr.com/services/api/flickr.photos.search.html):

- at most the first 4,000 results; pages beyond them repeat the last one that holds any;
- 250 a page for geo queries, whatever was asked for;
- ``total`` is an estimate that moves by some per cent between two calls; ``pages`` follows it and
  does not know of the cap;
- some ids of a page come again on the next.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from smart_image_scraper.demo.matching import is_geo_query
from smart_image_scraper.demo.record import MadePhoto

MAX_RESULTS = 4_000
MAX_PER_PAGE = 500
MAX_PER_GEO_PAGE = 250
_DEFAULT_PER_PAGE = 100
_REPEATED_SHARE = 0.03
_TOTAL_ERROR = 0.03


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
    found: Sequence[MadePhoto], *, arguments: Mapping[str, str], rng: random.Random
) -> Page:
    """Cut one page out of everything that was found.

    Args:
        found: All results, in order.
        arguments: The request's.
        rng: What moves the total.

    Raises:
        ValueError: ``page`` or ``per_page`` is no number.
    """
    number = max(int(arguments.get("page") or 1), 1)
    most = MAX_PER_GEO_PAGE if is_geo_query(arguments) else MAX_PER_PAGE
    asked = int(arguments.get("per_page") or _DEFAULT_PER_PAGE)
    per_page = min(asked, most) if asked > 0 else _DEFAULT_PER_PAGE
    if is_geo_query(arguments):
        per_page = MAX_PER_GEO_PAGE
    return Page(
        number=number,
        per_page=per_page,
        total=round(len(found) * (1 + rng.uniform(-_TOTAL_ERROR, _TOTAL_ERROR))),
        photos=_rows(found, number=number, per_page=per_page),
    )


def _rows(found: Sequence[MadePhoto], *, number: int, per_page: int) -> Sequence[MadePhoto]:
    last = ceil(MAX_RESULTS / per_page)
    number = min(number, last)
    repeated = round(per_page * _REPEATED_SHARE)
    # Repeats must not push the last photos of a search over the cap, where nobody could find them.
    if len(found) <= MAX_RESULTS < len(found) + repeated * last:
        repeated = 0
    if number == 1:
        return found[:per_page]
    start = per_page + (number - 2) * (per_page - repeated)
    room = min(per_page, MAX_RESULTS - (number - 1) * per_page)
    fresh = found[start : start + room - repeated]
    return [*found[start - repeated : start], *fresh] if fresh else []
