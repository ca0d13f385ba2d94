import asyncio
import time
from collections.abc import Sequence

import pytest

from smart_image_scraper.errors import SisError, StoreError
from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId
from smart_image_scraper.pipeline.workers import Workers

PHOTOS = [EncryptedPhoto(photo=Photo(id=PhotoId(f"flickr:{number}"))) for number in range(9)]


class Recorder:
    """Keeps what it is given, and fails as often as it was told to."""

    def __init__(self, *, failures: int = 0) -> None:
        self.kept: list[str] = []
        self._failures = failures

    def record(self, ids: Sequence[str]) -> None:
        if self._failures:
            self._failures -= 1
            raise StoreError("the database does not answer")
        self.kept += ids


def nothing(_: int) -> None:
    """Be told of a photo that is done."""


async def test_work_under_way_comes_to_its_end_when_an_error_ends_the_run() -> None:
    recorder = Recorder()
    begun: list[str] = []
    all_begun, spent = asyncio.Barrier(3), asyncio.Event()

    async def work(photo: EncryptedPhoto) -> str:
        number = photo.photo.id.native
        begun.append(number)
        await all_begun.wait()
        if number == "0":
            spent.set()
            raise SisError("the budget is spent")
        await spent.wait()
        await asyncio.sleep(0.1)
        return number

    with pytest.raises(SisError, match="the budget is spent"):
        await Workers(work, record=recorder.record, advance=nothing).run(iter(PHOTOS), workers=3)

    assert (sorted(begun), sorted(recorder.kept)) == (["0", "1", "2"], ["1", "2"])


async def test_errors_of_several_workers_end_the_run_at_once_with_the_first_of_them() -> None:
    async def work(photo: EncryptedPhoto) -> str:
        await asyncio.sleep(0.01)
        raise SisError(f"photo {photo.photo.id.native} cannot be asked about")

    began = time.monotonic()
    with pytest.raises(SisError, match="photo 0 cannot"):
        await Workers(work, record=Recorder().record, advance=nothing).run(iter(PHOTOS), workers=4)

    assert time.monotonic() - began < 4


async def test_what_could_not_be_recorded_is_recorded_with_what_comes_next() -> None:
    recorder = Recorder(failures=1)

    async def work(photo: EncryptedPhoto) -> str:
        await asyncio.sleep(0.15)
        return photo.photo.id.native

    with pytest.raises(StoreError):
        await Workers(work, record=recorder.record, advance=nothing).run(iter(PHOTOS), workers=1)

    assert recorder.kept == [str(number) for number in range(len(recorder.kept))]
    assert len(recorder.kept) > 1
