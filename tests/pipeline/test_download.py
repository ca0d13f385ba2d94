import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from smart_image_scraper.errors import DownloadError, WorkspaceError
from smart_image_scraper.photo import EncryptedPhoto, Filter, Photo, PhotoId, Size, StoredFile
from smart_image_scraper.pipeline import download
from smart_image_scraper.store import Store

SIZES = (Size(label="large", url="https://x.example/1.jpg", width=1024, height=768),)
Fetch = Callable[[int], Awaitable[None]]


def photo(number: int) -> EncryptedPhoto:
    return EncryptedPhoto(photo=Photo(id=PhotoId(f"flickr:{number}"), sizes=SIZES))


class Hosts:
    """A downloader whose files come as a function of their number tells."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def download(self, photo: Photo) -> StoredFile:
        await self._fetch(int(photo.id.native))
        name = f"{int(photo.id.native):064x}"
        return StoredFile(
            path=f"{name[:2]}/{name[2:4]}/{name}.jpg",
            sha256=name,
            bytes=7,
            width=4,
            height=3,
            media_type="image/jpeg",
            url=photo.sizes[0].url,
            fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        )


def begin(store: Store, fetch: Fetch, *, progress: Any, again: bool = False) -> Awaitable[Any]:
    downloader: Any = Hosts(fetch)
    return download(store, downloader, where=Filter(), again=again, workers=8, progress=progress)


async def test_what_was_fetched_is_recorded_though_no_thread_was_free_when_the_run_ended(
    store: Store, progress: Any
) -> None:
    store.put(photo(number) for number in range(8))
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1))

    async def fetch(number: int) -> None:
        if number == 5:
            await asyncio.sleep(1.1)
            loop.run_in_executor(None, time.sleep, 0.5)  # the only thread is busy …
        elif number == 6:
            await asyncio.sleep(1.2)  # … when this one's end asks for results to be recorded …
        elif number == 7:
            await asyncio.sleep(1.3)  # … and still is when the run ends.
            raise WorkspaceError("the disk is full")

    with pytest.raises(WorkspaceError, match="the disk is full"):
        await begin(store, fetch, progress=progress)

    assert store.count(Filter(has_file=True)) == 7


async def test_what_failed_for_good_is_counted_and_tried_again_only_if_asked(
    store: Store, progress: Any
) -> None:
    store.put(photo(number) for number in range(3))
    gone = {1}

    async def fetch(number: int) -> None:
        if number in gone:
            raise DownloadError("not there", reason="not-found", retryable=False)

    first = await begin(store, fetch, progress=progress)
    gone.clear()
    second = await begin(store, fetch, progress=progress)
    third = await begin(store, fetch, progress=progress, again=True)

    assert (first.downloaded, first.failed, first.left) == (2, {"not-found": 1}, 0)
    assert (second.downloaded, second.failed, second.left) == (0, {}, 1)
    assert (third.downloaded, third.failed, third.left) == (1, {}, 0)
