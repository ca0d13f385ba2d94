"""Serve: look at, filter, judge and map the photos in the browser."""

from smart_image_scraper.web.app import create_app
from smart_image_scraper.web.served import Served, Tiles

__all__ = ["Served", "Tiles", "create_app"]
