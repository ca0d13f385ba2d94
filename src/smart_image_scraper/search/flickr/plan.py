"""Search: what an exhaustive search will cost, before it begins."""

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
        calls: How many calls it takes; bursts of uploads in one second take some more.
        detail_calls: How many calls the details of the photos take at most, one photo at a time.
        hours: How long all of them take at the rate that Flickr allows a key.
    """

    term: str
    available: int
    windows: int
    calls: int
    detail_calls: int
    hours: float


def plan(query: Query, *, available: int, calls_per_hour: int, details: int = 0) -> Plan:
    """Return what an exhaustive search will cost.

    Args:
        query: What is searched for.
        available: How many photos Flickr says there are.
        calls_per_hour: How often Flickr may be asked.
        details: How many kinds of details are asked for.
    """
    per_page = (PER_PAGE if query.boxes is None else PER_GEO_PAGE) * _NEW_ON_A_PAGE
    windows = 1 if available <= MOST_IN_WINDOW else ceil(available / PROBED_ROW)
    # Each window is measured once, and its last page is seldom full.
    calls = windows * (1 + ceil(min(available, PROBED_ROW) / per_page))
    detail_calls = details * min(available, query.limit or available)
    return Plan(
        term=query.term,
        available=available,
        windows=windows,
        calls=calls,
        detail_calls=detail_calls,
        hours=(calls + detail_calls) / calls_per_hour,
    )
