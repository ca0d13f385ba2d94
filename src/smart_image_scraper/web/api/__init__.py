"""Serve: the JSON API."""

from smart_image_scraper.web.api.routes import add_api

__all__ = ["add_api"]
