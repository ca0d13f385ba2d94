"""Search: what an exhaustive search will cost, before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from smart_image_scraper.search.flickr.arguments import PER_GEO_PAGE, PER_PAGE
from smart_image_scraper.search.flickr.exhaustive import PROBED_ROW
from smart_image_scraper.search.flickr.windows import MOST_IN_WINDOW
from smart_image_scraper.search.query import Query

# Of a page's rows so many have not come before, in recorded replies.
_NEW_ON_A_PAGE = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an exhaustive search will cost. All figures are estimates.

    Attributes:
        term: What is searched for.
        available: How many photos there are.
        windows: Into how many windows of upload dates the search will be parted.
        calls: How many calls it takes. Where thousands of photos were uploaded in one second, it
            takes more.
        detail_calls: How many calls the details of the photos take at most, one photo at a time.
        hours: How long all of them take at the rate that Flickr allows a key.
    """

    term: str
    available: int
    windows: int
    calls: int
    detail_calls: int
    hours: float


def plan(
    query: Query, *, available: Sequence[int], calls_per_hour: int, detail_calls: int = 0
) -> Plan:
    """Return what an exhaustive search will cost.

    Args:
        query: What is searched for.
        available: How many photos Flickr says there are, in each of the query's boxes.
        calls_per_hour: How often Flickr may be asked.
        detail_calls: How many calls the details of what is found take at most.
    """
    total = sum(available)
    wanted = total if query.limit is None else min(total, query.limit)
    # A limit ends the search early, by as much everywhere.
    shares = [round(each * wanted / total) if total else 0 for each in available]
    per_page = (PER_PAGE if query.boxes is None else PER_GEO_PAGE) * _NEW_ON_A_PAGE
    windows = [1 if each <= MOST_IN_WINDOW else ceil(each / PROBED_ROW) for each in shares]
    calls = sum(
        # Each window is measured once, and its last page is seldom full.
        count * (1 + max(1, ceil(min(each, PROBED_ROW) / per_page)))
        for each, count in zip(shares, windows, strict=True)
    )
    return Plan(
        term=query.term,
        available=total,
        windows=sum(windows),
        calls=calls,
        detail_calls=detail_calls,
        hours=(calls + detail_calls) / calls_per_hour,
    )
