"""Search: how Flickr's pages end.

Neither the number of pages nor that of rows can be trusted: the first is not capped and rests on
an estimate, and full pages miss a row now and then. Only both together say that a page is the last.
"""

import math
from enum import Enum, auto

from smart_image_scraper.search.flickr.page import Page

MOST_RESULTS = 4000
"""Flickr shows at most so many results of one search, and then repeats the last page."""


class Then(Enum):
    """What comes after a page."""

    MORE = auto()
    """Another page."""
    NOTHING = auto()
    """Nothing: it was the last."""
    HIDDEN = auto()
    """What Flickr does not show: the page is the last of the first 4,000 results."""


def what_follows(page: Page, *, number: int, per_page: int) -> Then:
    """Tell what comes after a page that brought something new.

    Args:
        page: The page.
        number: Which one it is, from 1.
        per_page: How many rows were asked for.
    """
    per_page = min(page.per_page or per_page, per_page)
    is_short = len(page.rows) < per_page
    was_announced = page.pages is not None and number >= page.pages
    if is_short and was_announced:
        return Then.NOTHING
    return Then.MORE if number < math.ceil(MOST_RESULTS / per_page) else Then.HIDDEN
