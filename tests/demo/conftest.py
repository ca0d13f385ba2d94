"""A small imitation of Flickr, and a way to ask it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from xml.etree.ElementTree import Element

import aiohttp
import pytest
from defusedxml import ElementTree

from smart_image_scraper.demo import DEMO_KEY, Catalogue, FlickrSite

Ask = Callable[..., Awaitable[Element]]
AskJson = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.made(600, seed=1)


@pytest.fixture
async def site(catalogue: Catalogue) -> AsyncIterator[FlickrSite]:
    async with FlickrSite(catalogue) as site:
        yield site


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def ask(client: aiohttp.ClientSession) -> Ask:
    """Search a site; arguments of the value ``None`` are left out."""

    async def ask(site: FlickrSite, **arguments: str | None) -> Element:
        defaults = {"method": "flickr.photos.search", "api_key": DEMO_KEY}
        params = {name: value for name, value in (defaults | arguments).items() if value}
        async with client.get(site.endpoint, params=params) as reply:
            assert reply.status == 200
            root: Element = ElementTree.fromstring(await reply.read())
            return root

    return ask


@pytest.fixture
def ask_json(client: aiohttp.ClientSession) -> AskJson:
    """Call a site for JSON without a callback."""

    async def ask_json(site: FlickrSite, **arguments: str) -> dict[str, Any]:
        form = {"api_key": DEMO_KEY, "format": "json", "nojsoncallback": "1"}
        async with client.get(site.endpoint, params=form | arguments) as reply:
            body: dict[str, Any] = json.loads(await reply.read())
            return body

    return ask_json
