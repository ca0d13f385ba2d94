"""Clients that ask imitations of sites, and whole searches there."""

from typing import Any

from smart_image_scraper.demo import CommonsSite, FlickrSite, INaturalistSite
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Photo, SearchAccount
from smart_image_scraper.search import Query, Source


def hasty_client(site: FlickrSite | CommonsSite | INaturalistSite, **settings: Any) -> HttpClient:
    """Make a client that may ask an imitation, and that asks again as good as at once."""
    usual = {"user_agent": "test", "attempts": 3, "backoff_s": 0.001, "pause_s": 0.001}
    return HttpClient(allow=site.addresses, **usual | settings)


async def search_all(source: Source, query: Query) -> tuple[list[Photo], SearchAccount]:
    """Return all that a search finds, and its account."""
    search = source.search(query)
    photos = [photo async for photo in search]
    return photos, search.account
