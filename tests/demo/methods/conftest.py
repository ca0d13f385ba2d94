"""Photos with something in them for every method, and ways to call it."""

from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

import pytest

from smart_image_scraper.demo import Catalogue, FlickrSite, MadePhoto

Ask = Callable[..., Awaitable[Element]]
Get = Callable[..., Awaitable[Element]]


@pytest.fixture
def get(site: FlickrSite, ask: Ask) -> Get:
    """Call a method for a photo or another thing: ``get("photos.getInfo", photo_id="…")``."""

    async def get(method: str, **arguments: str) -> Element:
        return await ask(site, method=f"flickr.{method}", **arguments)

    return get


@pytest.fixture(scope="session")
def photo(catalogue: Catalogue) -> MadePhoto:
    """One with a title, a description, comments, a geotag and an original."""
    return next(
        photo
        for photo in catalogue.photos
        if photo.title and photo.description and photo.comments and photo.woe_id
        if photo.original_offered
    )
