"""Search: Wikimedia Commons as a source of photos, by the API of MediaWiki."""

from smart_image_scraper.search.commons.source import CommonsSearch, CommonsSource

__all__ = ["CommonsSearch", "CommonsSource"]
