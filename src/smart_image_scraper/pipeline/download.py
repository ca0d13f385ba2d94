"""Pipeline: download what is still missing, many files at a time."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

from smart_image_scraper.download import Downloader
from smart_image_scraper.errors import PhotoError
from smart_image_scraper.photo import EncryptedPhoto, Failure, Filter, Photo, Stage
from smart_image_scraper.pipeline.kept_files import claim_recorded, drop_unclaimed
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.workers import Workers
from smart_image_scraper.search.well_formed import well_formed
from smart_image_scraper.store import Store


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
    await asyncio.to_thread(drop_unclaimed, store, downloader.files)
    total = await asyncio.to_thread(lambda: store.count_pending(Stage.DOWNLOAD, where, again=again))
    # What its owner took away is not fetched.
    without_file = replace(where, has_file=False, gone=False)
    none_missing = where.has_file or where.gone
    missing = 0 if none_missing else await asyncio.to_thread(store.count, without_file)
    with progress.stage("download", total=total) as advance:
        work = _Work(store, downloader)
        pending = store.pending(Stage.DOWNLOAD, where, again=again)
        fetching = Workers(work.fetched, record=work.record, advance=advance)
        await fetching.run(pending, workers=workers)
    return work.summary(left=max(0, missing - total))


class _Work:
    """One download under way."""

    def __init__(self, store: Store, downloader: Downloader) -> None:
        self._store = store
        self._downloader = downloader
        self._downloaded = 0
        self._bytes = 0
        self._failed: Counter[str] = Counter()

    def summary(self, *, left: int) -> DownloadSummary:
        """Return what has come of it so far."""
        return DownloadSummary(
            downloaded=self._downloaded, bytes=self._bytes, failed=dict(self._failed), left=left
        )

    async def fetched(self, encrypted: EncryptedPhoto) -> EncryptedPhoto:
        """Return a photo with its file, or with why there is none."""
        photo = encrypted.photo
        try:
            file = await self._downloader.download(photo)
        except PhotoError as error:
            self._failed[error.reason] += 1
            return replace(encrypted, photo=with_failure(photo, Stage.DOWNLOAD, error=error))
        self._downloaded += 1
        self._bytes += file.bytes
        # Owners change licences, and what was fetched under a free one stays free.
        file = replace(file, license=photo.license)
        whole = without_failure(replace(photo, file=file), Stage.DOWNLOAD)
        return replace(encrypted, photo=whole)

    def record(self, photos: Sequence[EncryptedPhoto]) -> None:
        """Write what came of photos."""
        self._store.put(photos, stages=(Stage.DOWNLOAD,))
        claim_recorded(photos, store=self._store, files=self._downloader.files)


def with_failure(photo: Photo, stage: Stage, *, error: PhotoError) -> Photo:
    """Return the photo with the failure of a stage recorded."""
    failure = Failure(
        reason=error.reason,
        message=well_formed(str(error)),  # it may name a file whose name is no text
        retryable=error.retryable,
        at=datetime.now(UTC),
    )
    return replace(photo, failures={**photo.failures, stage: failure})


def without_failure(photo: Photo, stage: Stage) -> Photo:
    """Return the photo without a failure of a stage, which has succeeded."""
    others = {name: failure for name, failure in photo.failures.items() if name is not stage}
    return replace(photo, failures=others)
