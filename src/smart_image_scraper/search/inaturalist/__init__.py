"""Search: iNaturalist as a source of photos, by its API for programs."""

from smart_image_scraper.search.inaturalist.source import INaturalistSearch, INaturalistSource
from smart_image_scraper.search.inaturalist.terms import CLAUSE

__all__ = ["CLAUSE", "INaturalistSearch", "INaturalistSource"]
