"""Pipeline: photos that are here already, from older records or from a folder, into the store."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from smart_image_scraper.download import Downloader
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import PhotoError
from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, Stage
from smart_image_scraper.pipeline.download import with_failure
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.search.seed_frame import OlderPhoto, read_frame
from smart_image_scraper.store import Counts, Store

BATCH_SIZE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What came of an import.

    Attributes:
        photos: Photos that the frame or folder holds.
        new: Of these, how many were not in the store.
        known: How many were.
        files: Photos whose file is in the workspace now.
        failed: By reason, photos whose file was refused.
    """

    photos: int
    new: int
    known: int
    files: int
    failed: Mapping[str, int]


def import_frame(
    path: Path,
    *,
    photos: Path | None,
    store: Store,
    downloader: Downloader,
    vault: Vault | None,
    progress: Progress,
) -> ImportSummary:
    """Take in the older scripts' records, and the files that they downloaded.

    Args:
        path: The frame.
        photos: The folder of its files, by the names in the frame; those that are not there can
            be downloaded later.
        store: Gets the photos.
        downloader: Checks and keeps the files.
        vault: Seals what is personal and in the clear in the frame. Tokens stay as they are.
        progress: Is told of every photo that is done.

    Raises:
        FrameError: The file is no frame; nothing was changed.
        KeyRingError: The frame has personal fields in the clear, and there is no vault.
    """
    older = read_frame(path, seal=vault.seal if vault else None)
    found = [(each.photo, _first_file(each, folder=photos)) for each in older]
    return _take_in(
        found, stages=tuple(Stage), store=store, downloader=downloader, progress=progress
    )


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
    found = [(vault.seal(photo), path) for photo, path in photos]
    stages = (Stage.SEARCH, Stage.DOWNLOAD)
    return _take_in(found, stages=stages, store=store, downloader=downloader, progress=progress)


def _first_file(older: OlderPhoto, *, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    paths = (folder / name for name in older.filenames)
    return next((path for path in paths if path.is_file()), None)


def _take_in(
    found: Sequence[tuple[EncryptedPhoto, Path | None]],
    *,
    stages: Collection[Stage],
    store: Store,
    downloader: Downloader,
    progress: Progress,
) -> ImportSummary:
    counts = Counts()
    failed: Counter[str] = Counter()
    files = 0
    with progress.stage("import", total=len(found)) as advance:
        for start in range(0, len(found), BATCH_SIZE):
            batch = found[start : start + BATCH_SIZE]
            photos = [_with_file(photo, path, downloader=downloader) for photo, path in batch]
            known = {photo.photo.id: photo for photo in store.get(_ids(photos), with_exif=True)}
            counts += store.put([_added_to(known, photo) for photo in photos], stages=stages)
            files += sum(photo.photo.file is not None for photo in photos)
            failed.update(
                failure.reason for photo in photos for failure in photo.photo.failures.values()
            )
            advance(len(batch))
    return ImportSummary(
        photos=len({photo.photo.id for photo, _ in found}),
        new=counts.new,
        known=counts.known,
        files=files,
        failed=dict(failed),
    )


def _ids(photos: Sequence[EncryptedPhoto]) -> list[PhotoId]:
    return [photo.photo.id for photo in photos]


def _added_to(known: Mapping[PhotoId, EncryptedPhoto], new: EncryptedPhoto) -> EncryptedPhoto:
    """Add to a known photo what it lacks: what is in the store is fresher than any import."""
    stored = known.get(new.photo.id)
    if stored is None:
        return new
    scored = {(score.model, score.concept): score for score in new.photo.scores}
    scored |= {(score.model, score.concept): score for score in stored.photo.scores}
    photo = replace(
        stored.photo,
        searches=new.photo.searches,
        file=stored.photo.file or new.photo.file,
        place=stored.photo.place or new.photo.place,
        scores=tuple(scored.values()),
    )
    return replace(stored, photo=photo, tokens={**new.tokens, **stored.tokens})


def _with_file(
    encrypted: EncryptedPhoto, path: Path | None, *, downloader: Downloader
) -> EncryptedPhoto:
    if path is None:
        return encrypted
    photo = encrypted.photo
    try:
        return replace(encrypted, photo=replace(photo, file=downloader.adopt(path)))
    except PhotoError as error:
        return replace(encrypted, photo=with_failure(photo, Stage.DOWNLOAD, error=error))
