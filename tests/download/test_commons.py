"""Files of Wikimedia Commons, from its imitation."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smart_image_scraper.demo import Catalogue, CommonsSite
from smart_image_scraper.download import Downloader
from smart_image_scraper.errors import DownloadError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Photo, Size
from smart_image_scraper.search import Query
from smart_image_scraper.search.commons import CommonsSource
from tests.made.searching import hasty_client

CONTACT = "mailto:me@example.org"


@pytest.fixture
async def commons() -> AsyncIterator[CommonsSite]:
    async with CommonsSite(Catalogue.made(60)) as site:
        yield site


@pytest.fixture
async def client(commons: CommonsSite) -> AsyncIterator[HttpClient]:
    async with hasty_client(commons, user_agent=f"test ({CONTACT})") as client:
        yield client


@pytest.fixture
async def photo(commons: CommonsSite, client: HttpClient) -> Photo:
    source = CommonsSource(client, contact=CONTACT, endpoint=commons.endpoint)
    return await anext(source.search(Query(text="monkey")))


async def test_every_size_that_is_offered_is_to_be_had(
    client: HttpClient, photo: Photo, tmp_path: Path
) -> None:
    assert len(photo.sizes) > 3
    for size in photo.sizes:
        downloader = Downloader(client, files=tmp_path, size=size.label)

        file = await downloader.download(photo)

        assert file.url == size.url
        assert (file.width, file.height) == (size.width, size.height)


async def test_a_refusal_without_a_word_of_when_to_come_again_is_tried_again(
    commons: CommonsSite, client: HttpClient, photo: Photo, tmp_path: Path
) -> None:
    commons.refuse("files", 429, 429)

    file = await Downloader(client, files=tmp_path, size="330").download(photo)

    assert file.width == 330
    assert len(commons.fetched) == 3


async def test_other_widths_are_refused_for_good(
    client: HttpClient, photo: Photo, tmp_path: Path
) -> None:
    odd = photo.sizes[-1].url.replace("/250px-", "/300px-")

    with pytest.raises(DownloadError) as refused:
        await Downloader(client, files=tmp_path).download(
            replace(photo, sizes=(Size(label="300", url=odd),))
        )

    assert refused.value.reason == "throttled"


async def test_a_file_that_is_not_at_wikimedia_is_not_fetched(
    client: HttpClient, photo: Photo, tmp_path: Path
) -> None:
    elsewhere = Size(label="330", url="https://upload.wikimedia.org.example.com/a.jpg")

    with pytest.raises(DownloadError, match="is not on a host of the site's images"):
        await Downloader(client, files=tmp_path).download(replace(photo, sizes=(elsewhere,)))
