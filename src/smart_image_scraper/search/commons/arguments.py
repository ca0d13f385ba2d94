"""Search: a query as the arguments that the API of Wikimedia Commons takes.

https://www.mediawiki.org/wiki/API:Search, https://www.mediawiki.org/wiki/Help:CirrusSearch.
"""

from collections.abc import Mapping

from smart_image_scraper.errors import UsageError
from smart_image_scraper.search.commons.circle import around
from smart_image_scraper.search.commons.page import METADATA, THUMBNAIL_WIDTHS
from smart_image_scraper.search.conditions import refuse_unanswerable
from smart_image_scraper.search.query import Order, Query

SITE = "Wikimedia Commons"
PER_BATCH = 50
MOST_RESULTS = 10_000
"""Commons shows no more of a search."""

_FILES = "6"
_SORTS = {
    Order.RELEVANCE: "relevance",
    Order.NEWEST: "create_timestamp_desc",
    Order.OLDEST: "create_timestamp_asc",
}


def search_arguments(query: Query) -> tuple[Mapping[str, str], ...]:
    """Return the arguments of the searches that answer the query: one for each of its boxes.

    Raises:
        UsageError: The query asks for what Commons cannot answer.
    """
    _check(query)
    text = _search_text(query)
    if query.boxes is None:
        return (_arguments(text, query=query),)
    return tuple(_arguments(f"{text} {around(box)}", query=query) for box in query.boxes)


def _arguments(text: str, *, query: Query) -> Mapping[str, str]:
    return {
        "generator": "search",
        "gsrnamespace": _FILES,
        "gsrsearch": text,
        "gsrlimit": str(PER_BATCH),
        "gsrsort": _SORTS[query.order],
        "prop": "imageinfo",
        "iiprop": "timestamp|user|url|size|mediatype|extmetadata",
        "iiextmetadatafilter": "|".join(METADATA),
        "iiextmetadatalanguage": "en",
        # The narrowest that every wider one can be told from.
        "iiurlwidth": str(THUMBNAIL_WIDTHS[0]),
    }


def _check(query: Query) -> None:
    refuse_unanswerable(query, site=SITE)
    if query.order not in _SORTS:
        raise UsageError(f"{SITE} does not sort by {query.order}; it does by {', '.join(_SORTS)}")
    for tag in query.tags:
        if not set(tag).isdisjoint('"|'):
            raise UsageError(f"{tag!r}: no category of {SITE} has such a name")


def _search_text(query: Query) -> str:
    groups = [[tag] for tag in query.tags] if query.all_tags else [list(query.tags)]
    categories = [f'incategory:"{"|".join(group)}"' for group in groups if group]
    return " ".join(filter(None, ("filetype:bitmap", query.text.strip(), *categories)))
