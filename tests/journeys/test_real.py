"""The real parser and downloader on real recorded replies and real photos."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smart_image_scraper.demo import DEMO_KEY, Catalogue, FlickrSite
from smart_image_scraper.download import Downloader
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Photo, PhotoId, Size
from smart_image_scraper.search import Query
from smart_image_scraper.search.flickr import FlickrSource


@pytest.fixture
async def site(shared: Path) -> AsyncIterator[FlickrSite]:
    """The imitation of Flickr with recorded replies and real photos."""
    replies = sorted((shared / "fixtures" / "flickr" / "search").glob("thatch*.xml"))
    catalogue = Catalogue.recorded(replies, shared / "seed" / "photos")
    async with FlickrSite(catalogue) as site:
        yield site


async def test_a_recorded_search_is_scraped_into_real_files(
    site: FlickrSite, tmp_path: Path, shared: Path
) -> None:
    real = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (shared / "seed" / "photos").iterdir()
    }
    async with HttpClient(user_agent="test", allow=site.addresses) as client:
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        downloader = Downloader(client, files=tmp_path)

        photos = [photo async for photo in source.search(Query(text="thatch", limit=20))]
        files = [await downloader.download(photo) for photo in photos]

    assert len(files) == 20
    assert {file.sha256 for file in files} <= real
    for file in files:
        assert hashlib.sha256((tmp_path / file.path).read_bytes()).hexdigest() == file.sha256


async def test_every_real_photo_passes_the_downloader_unchanged(
    site: FlickrSite, tmp_path: Path, shared: Path
) -> None:
    async with HttpClient(user_agent="test", allow=site.addresses) as client:
        downloader = Downloader(client, files=tmp_path)

        for path in sorted((shared / "seed" / "photos").iterdir()):
            size = Size(label="1024", url=f"http://{site.image_address}/1/{path.name}")
            photo = Photo(id=PhotoId("flickr:1"), sizes=(size,))
            file = await downloader.download(photo)
            assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest(), path.name
