"""Serve: columns of what the app filters by and shows, of all photos."""

from smart_image_scraper.web.snapshot.card import Card
from smart_image_scraper.web.snapshot.snapshot import Snapshot

__all__ = ["Card", "Snapshot"]
