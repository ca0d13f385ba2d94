"""Search: Flickr, by ``flickr.photos.search``.

https://www.flickr.com/services/api/flickr.photos.search.html
"""

from smart_image_scraper.search.flickr.exhaustive import Cursor, ExhaustiveSearch
from smart_image_scraper.search.flickr.paging import MOST_RESULTS
from smart_image_scraper.search.flickr.plan import Plan, plan
from smart_image_scraper.search.flickr.source import FlickrSearch, FlickrSource

__all__ = [
    "MOST_RESULTS",
    "Cursor",
    "ExhaustiveSearch",
    "FlickrSearch",
    "FlickrSource",
    "Plan",
    "plan",
]
