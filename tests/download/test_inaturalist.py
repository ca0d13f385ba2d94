"""Files of iNaturalist, from its imitation."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smart_image_scraper.demo import Catalogue, INaturalistSite
from smart_image_scraper.download import Downloader
from smart_image_scraper.errors import DownloadError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import License, Photo, Size
from smart_image_scraper.search import Query
from smart_image_scraper.search.inaturalist import INaturalistSource

ANY = (License.ALL_RIGHTS_RESERVED, License("cc-by-4.0"))


@pytest.fixture
async def site() -> AsyncIterator[INaturalistSite]:
    async with INaturalistSite(Catalogue.made(120)) as site:
        yield site


@pytest.fixture
async def client(site: INaturalistSite) -> AsyncIterator[HttpClient]:
    async with HttpClient(user_agent="test", allow=site.addresses) as client:
        yield client


@pytest.fixture
async def photo(site: INaturalistSite, client: HttpClient) -> Photo:
    source = INaturalistSource(client, terms_accepted=True, endpoint=site.endpoint)
    return await anext(source.search(Query(text="taxon:110", licenses=ANY)))


async def test_every_size_that_is_offered_is_to_be_had_as_large_as_it_says(
    client: HttpClient, photo: Photo, tmp_path: Path
) -> None:
    uncropped = photo.sizes[:-1]
    for size in uncropped:
        downloader = Downloader(client, files=tmp_path, size=size.label)

        file = await downloader.download(photo)

        assert file.url == size.url
        assert (file.width, file.height) == (size.width, size.height)

    assert len(uncropped) > 3


@pytest.mark.parametrize(
    "url",
    [
        "https://another-bucket.s3.amazonaws.com/photos/1/large.jpg",
        "https://s3.amazonaws.com/photos/1/large.jpg",
        "https://www.inaturalist.org/photos/1/large.jpg",
    ],
)
async def test_files_elsewhere_than_on_its_hosts_are_not_asked_for(
    client: HttpClient, photo: Photo, tmp_path: Path, url: str
) -> None:
    elsewhere = replace(photo, sizes=(Size(label="1024", url=url),))

    with pytest.raises(DownloadError, match="is not on a host of the site's images"):
        await Downloader(client, files=tmp_path).download(elsewhere)
