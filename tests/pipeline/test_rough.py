"""Search and download where everything goes wrong that can."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.demo import (
    DEMO_KEY,
    ROUGH_QUIRKS,
    Catalogue,
    Faults,
    FlickrSite,
)
from smart_image_scraper.download import Downloader
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Filter, Photo, Stage
from smart_image_scraper.pipeline import download, search
from smart_image_scraper.search import Query
from smart_image_scraper.search.flickr import FlickrSource
from smart_image_scraper.store import Store

# Excluding a word that is nowhere finds everything.
EVERYTHING = Query(text="-qqqqqq", limit=1000)


@pytest.fixture
async def site() -> AsyncIterator[FlickrSite]:
    # Without Retry-After, which counts in whole seconds.
    faults = replace(Faults.full_mix(seed=4, share=0.3, burst_s=0.05), retry_after_s=None)
    catalogue = Catalogue.made(150, quirks=ROUGH_QUIRKS).with_plain_files()
    async with FlickrSite(catalogue, faults=faults) as opened:
        yield opened


@pytest.fixture
async def client(site: FlickrSite) -> AsyncIterator[HttpClient]:
    async with HttpClient(
        user_agent="sis/1",
        allow=site.addresses,
        timeout_s=1,
        transfer_timeout_s=0.4,
        backoff_s=0.01,
        pause_s=0.05,
        attempts=8,
    ) as opened:
        yield opened


def is_explained(photo: Photo) -> bool:
    return (photo.file is None) != (Stage.DOWNLOAD not in photo.failures)


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_every_photo_ends_with_its_file_or_with_a_reason(
    site: FlickrSite,
    client: HttpClient,
    store: Store,
    vault: Vault,
    progress: Any,
    tmp_path: Path,
) -> None:
    source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
    made = {
        f"flickr:{photo.id}": photo
        for photo in site.find(safe_search="1", content_types="0", media="photos")
    }

    await search(source, EVERYTHING, store=store, vault=vault, progress=progress)
    for _ in range(4):
        downloader = Downloader(client, files=tmp_path, size="240")
        await download(store, downloader, where=Filter(), workers=8, progress=progress)

    photos = {str(stored.photo.id): stored.photo for stored in store.find(Filter())}
    assert photos.keys() == made.keys()
    assert [name for name, photo in photos.items() if not is_explained(photo)] == []
    kept = {name: photo.file for name, photo in photos.items() if photo.file}
    assert len(kept) > 100
    assert [name for name in kept if made[name].owner.opted_out] == []
    assert files_below(tmp_path) == sorted(file.path for file in kept.values())
    assert len({served.fault for served in site.served}) > 8
