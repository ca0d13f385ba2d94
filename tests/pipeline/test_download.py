import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.download import Files
from smart_image_scraper.errors import DownloadError, WorkspaceError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Size,
    Stage,
    StoredFile,
)
from smart_image_scraper.pipeline import download
from smart_image_scraper.store import Store

SIZES = (Size(label="large", url="https://x.example/1.jpg", width=1024, height=768),)
Fetch = Callable[[int], Awaitable[None]]
Begin = Callable[..., Awaitable[Any]]


def photo(number: int) -> EncryptedPhoto:
    return EncryptedPhoto(photo=Photo(id=PhotoId(f"flickr:{number}"), sizes=SIZES))


class Hosts:
    """A downloader whose files come as a function of their number tells."""

    def __init__(self, fetch: Fetch, *, files: Path) -> None:
        self.files = Files(files)
        self._fetch = fetch

    async def download(self, photo: Photo) -> StoredFile:
        await self._fetch(int(photo.id.native))
        name = f"{int(photo.id.native):064x}"
        with self.files.incoming() as file:
            path = self.files.keep_unclaimed(Path(file.name), sha256=name, ending="jpg")
        return StoredFile(
            path=path,
            sha256=name,
            bytes=7,
            width=4,
            height=3,
            media_type="image/jpeg",
            url=photo.sizes[0].url,
            fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        )


@pytest.fixture
def begin(store: Store, progress: Any, tmp_path: Path) -> Begin:
    """Begin to download what is missing, as a function of the photo's number tells."""

    def begun(fetch: Fetch, *, again: bool = False) -> Awaitable[Any]:
        hosts: Any = Hosts(fetch, files=tmp_path)
        return download(store, hosts, where=Filter(), again=again, workers=8, progress=progress)

    return begun


def files_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def at_once(_: int) -> None:
    """Fetch a file at once."""


async def test_what_was_fetched_is_recorded_though_no_thread_was_free_when_the_run_ended(
    store: Store, begin: Begin
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
        await begin(fetch)

    assert store.count(Filter(has_file=True)) == 7


async def test_what_failed_for_good_is_counted_and_tried_again_only_if_asked(
    store: Store, begin: Begin
) -> None:
    store.put(photo(number) for number in range(3))
    gone = {1}

    async def fetch(number: int) -> None:
        if number in gone:
            raise DownloadError("not there", reason="not-found", retryable=False)

    first = await begin(fetch)
    gone.clear()
    second = await begin(fetch)
    third = await begin(fetch, again=True)

    assert (first.downloaded, first.failed, first.left) == (2, {"not-found": 1}, 0)
    assert (second.downloaded, second.failed, second.left) == (0, {}, 1)
    assert (third.downloaded, third.failed, third.left) == (1, {}, 0)


async def test_a_file_that_an_ended_run_kept_and_could_not_record_is_removed(
    store: Store, begin: Begin, tmp_path: Path
) -> None:
    store.put([photo(1)])
    ended = Hosts(at_once, files=tmp_path)
    await ended.download(photo(1).photo)
    del ended

    async def fetch(_: int) -> None:
        raise DownloadError("not there any more", reason="not-found", retryable=False)

    await begin(fetch)

    assert files_of(tmp_path) == []


async def test_a_file_that_an_ended_run_kept_stays_where_a_record_names_it(
    store: Store, begin: Begin, tmp_path: Path
) -> None:
    store.put([photo(1)])
    ended = Hosts(at_once, files=tmp_path)
    file = await ended.download(photo(1).photo)
    del ended
    store.put(
        [replace(photo(1), photo=replace(photo(1).photo, file=file))], stages=[Stage.DOWNLOAD]
    )

    await begin(at_once)

    assert files_of(tmp_path) == [Path(file.path).name]


async def test_recorded_files_are_not_asked_for_again(
    store: Store, begin: Begin, tmp_path: Path
) -> None:
    store.put(photo(number) for number in range(3))

    await begin(at_once)

    assert len(files_of(tmp_path)) == 3
    assert [path for path in (tmp_path / "incoming").rglob("*") if path.is_file()] == []


async def test_the_file_of_a_photo_that_was_erased_meanwhile_is_removed(
    store: Store, begin: Begin, tmp_path: Path
) -> None:
    store.put([photo(1), photo(2)])

    async def fetch(number: int) -> None:
        if number == 1:
            store._database["photos"].delete_one({"_id": "flickr:1"})

    await begin(fetch)

    assert files_of(tmp_path) == [f"{2:064x}.jpg"]


async def test_a_file_is_removed_if_another_process_has_recorded_and_stripped_it_meanwhile(
    store: Store, begin: Begin, tmp_path: Path
) -> None:
    store.put([photo(1)])
    other = Hosts(at_once, files=tmp_path)

    async def fetch(number: int) -> None:
        if number == 1:
            stripped = await other.download(photo(2).photo)
            other.files.claim(stripped.path)
            theirs = replace(photo(1).photo, file=stripped)
            store.put([EncryptedPhoto(photo=theirs)], stages=[Stage.DOWNLOAD])

    await begin(fetch)

    assert files_of(tmp_path) == [f"{2:064x}.jpg"]


async def test_a_file_that_is_not_recorded_stays_while_another_photo_has_it(
    store: Store, begin: Begin, tmp_path: Path
) -> None:
    store.put([photo(1)])

    async def fetch(_: int) -> None:
        store._database["photos"].delete_one({"_id": "flickr:1"})
        other = Hosts(at_once, files=tmp_path)
        file = await other.download(photo(1).photo)
        other.files.claim(file.path)
        twin = EncryptedPhoto(photo=replace(photo(2).photo, file=file))
        store.put([twin], stages=[Stage.SEARCH, Stage.DOWNLOAD])

    await begin(fetch)

    assert files_of(tmp_path) == [f"{1:064x}.jpg"]
