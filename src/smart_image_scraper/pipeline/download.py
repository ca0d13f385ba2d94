"""Pipeline: download what is still missing, many files at a time."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import ClassVar

from smart_image_scraper.download import Downloader
from smart_image_scraper.errors import PhotoError, SisError
from smart_image_scraper.photo import EncryptedPhoto, Failure, Filter, Photo, Stage
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.store import Store

READ_SIZE = 200
RECORD_EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadSummary:
    """What came of a download.

    Attributes:
        downloaded: Photos whose file is in the workspace now.
        bytes: The length of these files.
        failed: By reason, photos that failed.
        left: Photos without a file that were not tried: they had failed for good before.
    """

    stage: ClassVar = "download"
    downloaded: int
    bytes: int
    failed: Mapping[str, int]
    left: int


async def download(
    store: Store,
    downloader: Downloader,
    *,
    where: Filter,
    again: bool = False,
    workers: int,
    progress: Progress,
) -> DownloadSummary:
    """Download the files that are missing, and record each file or why there is none.

    First, files are removed that a run has kept which ended before it could record them: their
    photos are downloaded again, and what comes may be another file, or none.

    Args:
        store: Says what is missing.
        downloader: Fetches, checks and keeps a file.
        where: Only these photos.
        again: Whether photos that failed for good are tried once more, too.
        workers: So many downloads at a time.
        progress: Is told of every photo that is done.

    Raises:
        SisError: What ends the run; what was downloaded until then is recorded.
    """
    await asyncio.to_thread(downloader.files.drop_unclaimed, is_recorded=store.holds_file)
    total = await asyncio.to_thread(lambda: store.count_pending(Stage.DOWNLOAD, where, again=again))
    without_file = replace(where, has_file=False)
    missing = 0 if where.has_file else await asyncio.to_thread(store.count, without_file)
    with progress.stage("download", total=total) as advance:
        work = _Work(store, downloader, advance=advance)
        await work.run(where, again=again, workers=workers)
    return work.summary(left=max(0, missing - total))


class _Work:
    """One download under way."""

    def __init__(
        self, store: Store, downloader: Downloader, *, advance: Callable[[int], None]
    ) -> None:
        self._store = store
        self._downloader = downloader
        self._advance = advance
        # Taken out by the thread that writes them, so none is in nobody's hands.
        self._results: deque[EncryptedPhoto] = deque()
        self._recorded_at = time.monotonic()
        self._downloaded = 0
        self._bytes = 0
        self._failed: Counter[str] = Counter()

    async def run(self, where: Filter, *, again: bool, workers: int) -> None:
        """Fetch everything; whatever ends the run, record what was fetched until then."""
        queue: asyncio.Queue[EncryptedPhoto | None] = asyncio.Queue(maxsize=2 * workers)
        try:
            async with asyncio.TaskGroup() as group:
                pending = self._store.pending(Stage.DOWNLOAD, where, again=again)
                group.create_task(self._feed(queue, pending=pending, workers=workers))
                for _ in range(workers):
                    group.create_task(self._work(queue))
        except BaseException as error:
            # What ended the run is what to say, not that the results could not be written either.
            with suppress(SisError):
                self._record()
            if isinstance(error, ExceptionGroup):
                raise _first(error) from None
            raise
        self._record()

    def summary(self, *, left: int) -> DownloadSummary:
        """Return what has come of it so far."""
        return DownloadSummary(
            downloaded=self._downloaded, bytes=self._bytes, failed=dict(self._failed), left=left
        )

    async def _feed(
        self,
        queue: asyncio.Queue[EncryptedPhoto | None],
        *,
        pending: Iterator[EncryptedPhoto],
        workers: int,
    ) -> None:
        while photos := await asyncio.to_thread(lambda: list(islice(pending, READ_SIZE))):
            for photo in photos:
                await queue.put(photo)
        for _ in range(workers):
            await queue.put(None)

    async def _work(self, queue: asyncio.Queue[EncryptedPhoto | None]) -> None:
        while (photo := await queue.get()) is not None:
            result = await self._fetched(photo)
            self._results.append(result)
            self._advance(1)
            if time.monotonic() - self._recorded_at >= RECORD_EVERY_S:
                self._recorded_at = time.monotonic()
                await asyncio.to_thread(self._record)

    async def _fetched(self, encrypted: EncryptedPhoto) -> EncryptedPhoto:
        photo = encrypted.photo
        try:
            file = await self._downloader.download(photo)
        except PhotoError as error:
            self._failed[error.reason] += 1
            return replace(encrypted, photo=with_failure(photo, Stage.DOWNLOAD, error=error))
        self._downloaded += 1
        self._bytes += file.bytes
        whole = without_failure(replace(photo, file=file), Stage.DOWNLOAD)
        return replace(encrypted, photo=whole)

    def _record(self) -> None:
        """Write the results so far; what cannot be written stays for the next time."""
        taken: list[EncryptedPhoto] = []
        with suppress(IndexError):
            while True:
                taken.append(self._results.popleft())
        try:
            counts = self._store.put(taken, stages=(Stage.DOWNLOAD,))
        except SisError:
            self._results.extendleft(reversed(taken))
            raise
        # Those of photos that were erased meanwhile have no record: the next run drops them.
        if not counts.erased:
            for file in filter(None, (result.photo.file for result in taken)):
                self._downloader.files.claim(file.path)


def with_failure(photo: Photo, stage: Stage, *, error: PhotoError) -> Photo:
    """Return the photo with the failure of a stage recorded."""
    failure = Failure(
        reason=error.reason, message=str(error), retryable=error.retryable, at=datetime.now(UTC)
    )
    return replace(photo, failures={**photo.failures, stage: failure})


def without_failure(photo: Photo, stage: Stage) -> Photo:
    """Return the photo without a failure of a stage, which has succeeded."""
    others = {name: failure for name, failure in photo.failures.items() if name is not stage}
    return replace(photo, failures=others)


def _first(errors: ExceptionGroup) -> Exception:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
