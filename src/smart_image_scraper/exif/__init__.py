"""Inspect: what a file says of itself: read it, check it against the site, take it out."""

from smart_image_scraper.exif.checks import date_difference, distance_km
from smart_image_scraper.exif.exiftool import ExifTool, find_exiftool
from smart_image_scraper.exif.facts import ExifFacts, Position, facts_of
from smart_image_scraper.exif.reading import Metadata, MetadataReader
from smart_image_scraper.exif.stripping import strip
from smart_image_scraper.exif.tags import Tag

__all__ = [
    "ExifFacts",
    "ExifTool",
    "Metadata",
    "MetadataReader",
    "Position",
    "Tag",
    "date_difference",
    "distance_km",
    "facts_of",
    "find_exiftool",
    "strip",
]
