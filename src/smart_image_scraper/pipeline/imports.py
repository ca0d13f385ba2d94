"""Pipeline: photos that are here already, from older records or from a folder, into the store."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from smart_image_scraper.download import Downloader
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import PhotoError
from smart_image_scraper.photo import EncryptedPhoto, License, Photo, PhotoId, Stage
from smart_image_scraper.pipeline.download import with_failure, without_failure
from smart_image_scraper.pipeline.kept_files import claim_recorded, drop_unclaimed
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.reading_back import check_stored, open_own, sample
from smart_image_scraper.search.seed_frame import OlderPhoto
from smart_image_scraper.store import Counts, Store

BATCH_SIZE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What came of an import.

    Attributes:
        photos: Photos that the frame or folder holds.
        new: Of these, how many were not in the store.
        known: How many were.
        erased: How many had been erased on request, and were not stored again.
        files: Photos whose file is in the workspace now.
        failed: By reason, photos whose file was refused.
    """

    stage: ClassVar = "import"
    photos: int
    new: int
    known: int
    erased: int
    files: int
    failed: Mapping[str, int]


def import_older(
    older: Sequence[OlderPhoto],
    *,
    photos: Path | None,
    store: Store,
    downloader: Downloader,
    vault: Vault | None,
    progress: Progress,
) -> ImportSummary:
    """Take in the older scripts' records, and the files that they downloaded.

    Args:
        older: The records, as ``search.seed_frame.read_frame`` reads them.
        photos: The folder of its files, by the names in the frame; those that are not there can
            be downloaded later.
        store: Gets the photos.
        downloader: Checks and keeps the files.
        vault: Opens, to compare, what it has sealed; ``None`` where there are no keys.
        progress: Is told of every photo that is done.

    Raises:
        SisError: What ends the import; what was taken in until then is recorded.
    """
    found = [(each.photo, _first_file(each, folder=photos)) for each in older]
    imports = _Import(store=store, downloader=downloader, vault=vault, stages=tuple(Stage))
    return imports.take_in(found, progress=progress)


def import_files(
    photos: Iterable[tuple[Photo, Path]],
    *,
    store: Store,
    downloader: Downloader,
    vault: Vault,
    progress: Progress,
) -> ImportSummary:
    """Take in photos with their files, such as ``search.folder.read_folder`` finds.

    Raises:
        SisError: What ends the import; what was taken in until then is recorded.
    """
    found: list[tuple[EncryptedPhoto, Path | None]] = []
    # Their ids are digests of the files, all of which are read for that.
    with progress.stage("read", total=None) as advance:
        for photo, path in photos:
            found.append((vault.seal(photo), path))
            advance(1)
    stages = (Stage.SEARCH, Stage.DOWNLOAD)
    imports = _Import(store=store, downloader=downloader, vault=vault, stages=stages)
    return imports.take_in(found, progress=progress)


def _first_file(older: OlderPhoto, *, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    paths = (folder / name for name in older.filenames)
    return next((path for path in paths if path.is_file()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    """What an import works with."""

    store: Store
    downloader: Downloader
    vault: Vault | None
    stages: Collection[Stage]

    def take_in(
        self, found: Sequence[tuple[EncryptedPhoto, Path | None]], *, progress: Progress
    ) -> ImportSummary:
        """Check and keep the files, and store the photos, batch by batch."""
        counts = Counts()
        failed: Counter[str] = Counter()
        files = 0
        drop_unclaimed(self.store, self.downloader.files)
        with progress.stage("import", total=len(found)) as advance:
            for start in range(0, len(found), BATCH_SIZE):
                batch = found[start : start + BATCH_SIZE]
                photos = self._whole(batch)
                counts += self._put(photos)
                files += sum(photo.photo.file is not None for photo in photos)
                failed.update(
                    photo.photo.failures[Stage.DOWNLOAD].reason
                    for photo in photos
                    if photo.photo.file is None and Stage.DOWNLOAD in photo.photo.failures
                )
                advance(len(batch))
        return ImportSummary(
            photos=len({photo.photo.id for photo, _ in found}),
            new=counts.new,
            known=counts.known,
            erased=counts.erased,
            files=files,
            failed=dict(failed),
        )

    def _whole(self, batch: Sequence[tuple[EncryptedPhoto, Path | None]]) -> list[EncryptedPhoto]:
        """Return the photos with their files, and with what the store knows of them."""
        ids = [photo.photo.id for photo, _ in batch]
        known = {photo.photo.id: photo for photo in self.store.get(ids, whole=True)}
        erased = self.store.erasure.erased(photo for photo, _ in batch)
        return [
            # The store leaves out what was erased; its file is not to come back, either.
            self._with_file(_added_to(known, photo), None if photo.photo.id in erased else path)
            for photo, path in batch
        ]

    def _put(self, photos: Sequence[EncryptedPhoto]) -> Counts:
        counts = self.store.put(photos, stages=self.stages)
        claim_recorded(photos, store=self.store, files=self.downloader.files)
        if self.vault is not None:
            written = [open_own(photo, vault=self.vault) for photo in photos]
            check_stored(sample(written), store=self.store, vault=self.vault)
        return counts

    def _with_file(self, encrypted: EncryptedPhoto, path: Path | None) -> EncryptedPhoto:
        photo = encrypted.photo
        # A file that is there may have been stripped; a second copy would bring all of it back.
        if path is None or photo.file is not None:
            return encrypted
        try:
            whole = replace(photo, file=self.downloader.adopt(path))
            return replace(encrypted, photo=without_failure(whole, Stage.DOWNLOAD))
        except PhotoError as error:
            failed = with_failure(photo, Stage.DOWNLOAD, error=error)
            return replace(encrypted, photo=failed if photo.sizes else _for_good(failed))


def _for_good(photo: Photo) -> Photo:
    """Return a photo whose file no download will ever bring: no site offers one."""
    failure = replace(photo.failures[Stage.DOWNLOAD], retryable=False)
    return replace(photo, failures={**photo.failures, Stage.DOWNLOAD: failure})


def _added_to(known: Mapping[PhotoId, EncryptedPhoto], new: EncryptedPhoto) -> EncryptedPhoto:
    """Add to a known photo what it lacks: what is in the store is fresher than any import."""
    stored = known.get(new.photo.id)
    if stored is None:
        return new
    scored = {(score.model, score.concept): score for score in new.photo.scores}
    scored |= {(score.model, score.concept): score for score in stored.photo.scores}
    photo = replace(
        stored.photo,
        license=_license_of(stored.photo, new=new.photo),
        searches=new.photo.searches,
        file=stored.photo.file or new.photo.file,
        place=stored.photo.place or new.photo.place,
        scores=tuple(scored.values()),
    )
    return replace(stored, photo=photo, tokens={**new.tokens, **stored.tokens})


def _license_of(stored: Photo, *, new: Photo) -> License:
    """Return a photo's licence: of a folder's photos nobody but who imports them can say it."""
    is_said = new.license != License.UNKNOWN and new.id.site == "folder"
    return new.license if is_said or stored.license == License.UNKNOWN else stored.license
