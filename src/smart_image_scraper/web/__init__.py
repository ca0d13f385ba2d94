"""Serve: look at, filter, judge and map the photos in the browser."""

from smart_image_scraper.web.app import create_app

__all__ = ["create_app"]
