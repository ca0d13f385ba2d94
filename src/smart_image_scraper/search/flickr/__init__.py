"""Search: Flickr, by its methods for programs (https://www.flickr.com/services/api/)."""

from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.comments import get_comments
from smart_image_scraper.search.flickr.exhaustive import Cursor, ExhaustiveSearch
from smart_image_scraper.search.flickr.exif_tags import ShownExif, ShownTag, get_exif
from smart_image_scraper.search.flickr.info import PhotoInfo, get_info
from smart_image_scraper.search.flickr.licenses import LicenseChange, get_license_history
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
    "LicenseChange",
    "PhotoInfo",
    "Plan",
    "ShownExif",
    "ShownTag",
    "get_comments",
    "get_exif",
    "get_info",
    "get_license_history",
    "plan",
]
