"""Search: where photos are found. One protocol, one module a source."""

from smart_image_scraper.search.query import Country, Order, Query
from smart_image_scraper.search.source import Source

__all__ = ["Country", "Order", "Query", "Source"]
