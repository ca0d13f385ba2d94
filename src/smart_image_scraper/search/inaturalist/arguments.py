"""Search: a query as the arguments that iNaturalist's ``/v1/observations`` takes.

https://api.inaturalist.org/v1/docs/#!/Observations/get_observations
"""

from collections.abc import Mapping
from datetime import UTC, date, timedelta

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import BoundingBox
from smart_image_scraper.search.conditions import refuse_unanswerable
from smart_image_scraper.search.inaturalist.licenses import license_codes
from smart_image_scraper.search.inaturalist.terms import MOST_PHOTOS, SITE
from smart_image_scraper.search.query import Order, Query

PER_PAGE = 100
"""Observations on a page: 200 are let, and take up to 30 MB with all who identified them."""

GRADE = "research"
"""The quality grade that is looked for."""

_UPWARDS = {Order.OLDEST: True, Order.NEWEST: False, Order.RELEVANCE: False}
_DAY = timedelta(days=1)


def search_arguments(query: Query) -> tuple[Mapping[str, str], ...]:
    """Return the arguments of each search that the query takes: one for each of its boxes.

    The taxon is not among them.

    Args:
        query: Its licences must be given.

    Raises:
        UsageError: The query asks for what iNaturalist cannot answer.
    """
    _check(query)
    dates = {
        # These two are the day by the observer's clock.
        "d1": query.taken_from and query.taken_from.date(),
        "d2": query.taken_to and query.taken_to.date(),
        # These have a moment in no certain zone; what is too much is left out of the answer.
        "created_d1": query.uploaded_from and query.uploaded_from.astimezone(UTC).date() - _DAY,
        "created_d2": query.uploaded_to and query.uploaded_to.astimezone(UTC).date() + _DAY,
    }
    arguments = {
        "photos": "true",
        "spam": "false",
        "quality_grade": GRADE,
        "photo_license": license_codes(query.licenses),
        **{name: _day(value) for name, value in dates.items()},
        "order_by": "id",
        "order": "asc" if _UPWARDS[query.order] else "desc",
        "per_page": str(PER_PAGE),
        "locale": "en",
    }
    given = {name: value for name, value in arguments.items() if value}
    if query.boxes is None:
        return (given,)
    return tuple({**given, **_box_arguments(box)} for box in query.boxes)


def next_page(query: Query, *, last: int) -> Mapping[str, str]:
    """Return the arguments that ask for what follows an observation's id."""
    return {"id_above" if _UPWARDS[query.order] else "id_below": str(last)}


def _check(query: Query) -> None:
    refuse_unanswerable(query, site=SITE)
    if query.order not in _UPWARDS:
        raise UsageError(f"{SITE} does not sort by {query.order}; it does by newest and oldest")
    if query.tags:
        raise UsageError(f"{SITE} is searched by the name of a taxon, not by --tag; leave it out")
    if not query.text.strip():
        raise UsageError(
            f"{SITE} is searched by the name of a taxon, such as 'Macaca fascicularis', or its "
            "id, such as taxon:43542; give one as the search term"
        )
    if (query.limit or 0) > MOST_PHOTOS:
        raise UsageError(
            f"{SITE} asks not to be copied by its API: at most {MOST_PHOTOS:,} photos a search "
            f"are taken, not {query.limit:,}; for more, see "
            "https://github.com/inaturalist/inaturalist-open-data"
        )


def _box_arguments(box: BoundingBox) -> Mapping[str, str]:
    edges = {"swlng": box.west, "swlat": box.south, "nelng": box.east, "nelat": box.north}
    # Seven decimals are 1 cm, and unlike the shortest form they never become "1e-05".
    return {name: f"{edge:.7f}" for name, edge in edges.items()}


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()
