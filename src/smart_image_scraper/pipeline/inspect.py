"""Pipeline: inspect what has not been inspected yet, several files at a time."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import ClassVar

from smart_image_scraper.download import Files, remove_all_sizes
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import PhotoError, SisError
from smart_image_scraper.exif import MetadataReader
from smart_image_scraper.photo import EncryptedPhoto, Filter, Photo, Stage
from smart_image_scraper.pipeline.download import with_failure, without_failure
from smart_image_scraper.pipeline.in_order import in_order
from smart_image_scraper.pipeline.inspect_file import FileInspector
from smart_image_scraper.pipeline.kept_files import claim_recorded, drop
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.reading import check_files_are_here
from smart_image_scraper.pipeline.reading_back import check_stored, sample
from smart_image_scraper.store import Store

RECORD_EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectSummary:
    """What came of an inspection.

    Attributes:
        inspected: Photos whose file was inspected.
        tags: How many tags were found.
        stripped: Files that had metadata in them and are without it now.
        failed: By reason, photos that failed.
        readers: What read the metadata, and of how many photos.
    """

    stage: ClassVar = "inspect"
    inspected: int
    tags: int
    stripped: int
    failed: Mapping[str, int]
    readers: Mapping[str, int]


def inspect(
    store: Store,
    vault: Vault,
    *,
    workspace: Path,
    where: Filter,
    again: bool = False,
    strip: bool = False,
    keep_metadata: bool = False,
    progress: Progress,
) -> InspectSummary:
    """Inspect the files that have not been inspected, and record what they say or why not.

    Args:
        store: Says which photos are pending.
        vault: Seals what files say of people.
        workspace: Has the ``files``, and gets the ``thumbs``.
        where: Only these photos.
        again: Whether photos that failed for good are tried once more, too.
        strip: Whether all files that have their metadata are meant, inspected before or not.
        keep_metadata: Whether files stay as they were fetched.
        progress: Is told of every photo that is done.

    Raises:
        SisError: What ends the run; all but the last few that were inspected are recorded.
    """
    if strip:
        with_metadata = replace(where, stripped=False)
        total, photos = store.count(with_metadata), store.find(with_metadata)
    else:
        total = store.count_pending(Stage.INSPECT, where, again=again)
        photos = store.pending(Stage.INSPECT, where, again=again)
    if total:
        check_files_are_here(workspace / "files")
    work = _Work(store, vault, workspace=workspace, keep_metadata=keep_metadata)
    work.remove_replaced(store.with_replaced_file())
    with progress.stage("inspect", total=total) as advance:
        work.run(photos, advance=advance)
    return work.summary()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """A photo as it is to be recorded, with its thumbnail if it has one to get.

    Attributes:
        opened: What of it was sealed just now, in the clear.
    """

    sealed: EncryptedPhoto
    opened: Photo
    thumbnail: bytes | None = None


class _Work:
    """One inspection under way."""

    def __init__(self, store: Store, vault: Vault, *, workspace: Path, keep_metadata: bool) -> None:
        self._store = store
        self._vault = vault
        self._files = Files(workspace / "files")
        self._thumbs = workspace / "thumbs"
        self._thumbnails = Files(self._thumbs)
        self._keep_metadata = keep_metadata
        self._of_thread = threading.local()
        self._open = ExitStack()
        self._results: list[_Result] = []
        self._recorded_at = time.monotonic()
        self._inspected = 0
        self._tags = 0
        self._stripped = 0
        self._failed: Counter[str] = Counter()
        self._readers: Counter[str] = Counter()

    def run(self, photos: Iterable[EncryptedPhoto], *, advance: Callable[[int], None]) -> None:
        """Inspect photos; whatever ends the run, record what was inspected until then."""
        # Threads, since Pillow decodes without Python's lock, and exiftool is another process. One
        # more than cores, since one of them mostly waits for it.
        threads = (os.cpu_count() or 1) + 1
        with self._open, ThreadPoolExecutor(threads, initializer=self._begin_thread) as pool:
            try:
                for result in in_order(pool, self._result, items=photos, ahead=4 * threads):
                    self._take(result)
                    advance(1)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                # What ended the run is what to say, not that this could not be written either.
                with suppress(SisError):
                    self._record()
                raise
        self._record()

    def _take(self, result: _Result | None) -> None:
        if result is not None:
            self._results.append(result)
        if time.monotonic() - self._recorded_at >= RECORD_EVERY_S:
            self._record()

    def remove_replaced(self, photos: Iterable[EncryptedPhoto]) -> None:
        """Remove the files as they were fetched, where the stripped ones are recorded."""
        removed = []
        for encrypted in photos:
            file = encrypted.photo.file
            if file is not None and file.replaces is not None:
                if drop(file.replaces, store=self._store, files=self._files):
                    remove_all_sizes(self._thumbs, PurePosixPath(file.replaces).stem)
                whole = replace(encrypted.photo, file=replace(file, replaces=None))
                removed.append(replace(encrypted, photo=whole))
        self._store.put(removed, stages=(Stage.DOWNLOAD,))

    def summary(self) -> InspectSummary:
        """Return what has come of it so far."""
        return InspectSummary(
            inspected=self._inspected,
            tags=self._tags,
            stripped=self._stripped,
            failed=dict(self._failed),
            readers=dict(self._readers),
        )

    def _begin_thread(self) -> None:
        self._of_thread.inspector = FileInspector(
            self._files,
            reader=self._open.enter_context(MetadataReader.installed()),
            keep_metadata=self._keep_metadata,
        )

    def _result(self, encrypted: EncryptedPhoto) -> _Result | None:
        photo = encrypted.photo
        try:
            inspected = self._of_thread.inspector.inspect(photo)
        except PhotoError as error:
            if self._is_another_by_now(photo):
                return None
            # What was found before stays in the store; here it would stand for a success.
            failed = with_failure(replace(photo, inspection=None), Stage.INSPECT, error=error)
            return _Result(sealed=replace(encrypted, photo=failed), opened=Photo(id=photo.id))
        opened = Photo(id=photo.id, exif=inspected.exif)
        exif = self._vault.seal(opened)
        whole = replace(photo, file=inspected.file, inspection=inspected.inspection)
        whole = without_failure(whole, Stage.INSPECT)
        if inspected.not_stripped is not None:
            whole = with_failure(whole, Stage.INSPECT, error=inspected.not_stripped)
        tokens = {**encrypted.tokens, **exif.tokens}
        return _Result(
            sealed=replace(encrypted, photo=whole, tokens=tokens, digest=exif.digest),
            opened=opened,
            thumbnail=inspected.thumbnail,
        )

    def _is_another_by_now(self, photo: Photo) -> bool:
        """Tell whether another process has inspected the photo meanwhile, and removed its file."""
        stored = next(self._store.get([photo.id]), None)
        return stored is None or stored.photo.file != photo.file

    def _record(self) -> None:
        self._recorded_at = time.monotonic()
        photos = [result.sealed for result in self._results]
        opened = [result.opened for result in self._results]
        thumbnails = {
            result.sealed.photo.file.path: result.thumbnail
            for result in self._results
            if result.sealed.photo.file is not None and result.thumbnail is not None
        }
        self._store.put(photos, stages=(Stage.DOWNLOAD, Stage.INSPECT))
        self._results = []
        recorded = claim_recorded(photos, store=self._store, files=self._files)
        self._store.forget_files(photo.photo for photo in photos if _is_missing(photo.photo))
        check_stored(sample(opened), store=self._store, vault=self._vault)
        self.remove_replaced(photos)
        # Afterwards: whoever erases a photo finds its thumbnails by the file that its record names.
        for path in thumbnails.keys() & recorded:
            sha256 = PurePosixPath(path).stem
            self._thumbnails.write(thumbnails[path], sha256=sha256, ending="jpg")
        for photo in photos:
            self._count(photo.photo)

    def _count(self, photo: Photo) -> None:
        if (failure := photo.failures.get(Stage.INSPECT)) is not None:
            self._failed[failure.reason] += 1
        if photo.inspection is not None and photo.file is not None:
            self._inspected += 1
            self._tags += photo.inspection.tag_count
            self._stripped += photo.file.replaces is not None
            self._readers[photo.inspection.reader] += 1


def _is_missing(photo: Photo) -> bool:
    failure = photo.failures.get(Stage.INSPECT)
    return failure is not None and failure.reason == "missing"
