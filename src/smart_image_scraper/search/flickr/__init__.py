"""Search: Flickr, by its methods for programs (https://www.flickr.com/services/api/)."""

from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.exhaustive import Cursor, ExhaustiveSearch
from smart_image_scraper.search.flickr.paging import MOST_RESULTS
from smart_image_scraper.search.flickr.plan import Plan, plan
from smart_image_scraper.search.flickr.source import FlickrSearch, FlickrSource

__all__ = [
    "MOST_RESULTS",
    "Cursor",
    "ExhaustiveSearch",
    "FlickrClient",
    "FlickrSearch",
    "FlickrSource",
    "Plan",
    "plan",
]
