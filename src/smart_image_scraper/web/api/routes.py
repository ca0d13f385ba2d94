"""Serve: the API's parts together."""

from fastapi import FastAPI

from smart_image_scraper.web.api import (
    details,
    exports,
    photos,
    pictures,
    reviews,
    state,
    training,
)


def add_api(app: FastAPI) -> None:
    """Add every route of the API; what they work with is in ``app.state``."""
    for part in (state, photos, details, pictures, reviews, training, exports):
        app.include_router(part.router)
