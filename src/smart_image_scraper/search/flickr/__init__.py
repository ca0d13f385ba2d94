"""Search: Flickr, by its methods for programs (https://www.flickr.com/services/api/)."""

from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.source import FlickrSearch, FlickrSource, SearchAccount

__all__ = ["FlickrClient", "FlickrSearch", "FlickrSource", "SearchAccount"]
