"""Serve: which photos a filter means, how many of which kind, in which order, and where."""

from smart_image_scraper.web.engine.description import describe
from smart_image_scraper.web.engine.facets import FACETS, USUAL
from smart_image_scraper.web.engine.selection import Selection, select

__all__ = ["FACETS", "USUAL", "Selection", "describe", "select"]
