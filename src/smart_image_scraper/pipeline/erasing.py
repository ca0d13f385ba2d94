"""Pipeline: erase photos for good: on their owner's request, or since their owner took them away.

The order makes it safe to be stopped: first the tombstone, so that nothing comes back; then the
documents; then the files, whose paths the tombstone holds until they are removed. Whatever was
begun and not finished is finished by the next erasing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from smart_image_scraper.download import remove_all_sizes
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Filter, Photo, PhotoId
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.store import Store
from smart_image_scraper.store.erasing import file_paths

BATCH_SIZE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetSummary:
    """What came of forgetting, or of a rehearsal of it.

    Attributes:
        owners: Owners of whom nothing is stored from now on.
        photos: Photos that were erased.
        files: Files that were removed; one that another photo has, too, stays.
        runs: Runs that were erased, since their query named an owner.
        not_searched: Photos whose owner was sealed elsewhere: whether they are of one of the
            owners cannot be told. ``None`` if no owner was to be forgotten.
        is_rehearsal: Whether nothing was changed.
    """

    stage: ClassVar = "forget"
    owners: int
    photos: int
    files: int
    runs: int
    not_searched: int | None
    is_rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeSummary:
    """What came of a purge, or of a rehearsal of it.

    Attributes:
        photos: Photos that were erased.
        files: Files that were removed; one that another photo has, too, stays.
        is_rehearsal: Whether nothing was changed.
    """

    stage: ClassVar = "purge"
    photos: int
    files: int
    is_rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSummary:
    """What came of lifting blocks.

    Attributes:
        lifted: Photos and owners that may be stored again.
        not_blocked: Those that might be, anyway.
    """

    stage: ClassVar = "lift"
    lifted: int
    not_blocked: int


def forget(
    store: Store,
    *,
    workspace: Path,
    owners: Sequence[tuple[str, bytes]] = (),
    photos: Sequence[PhotoId] = (),
    rehearse: bool = False,
    progress: Progress,
) -> ForgetSummary:
    """Erase owners with all their photos, and single photos, and let none of them be stored again.

    Args:
        store: Has the photos.
        workspace: Has their files and thumbnails.
        owners: The id of each owner at the site, and its index.
        photos: Which photos.
        rehearse: Whether only to count what would be erased.
        progress: Is told of every photo that is erased.

    Raises:
        UsageError: One of the photos is not stored, and was not erased before; nothing is changed.
        SisError: What ends the erasing; the next one goes on with it.
    """
    _check_known(store, photos)
    erasure = store.erasure
    owner_indexes = {owner_index for _, owner_index in owners}
    runs = 0
    if not rehearse:
        erasure.block_owners(owner_indexes)
        erasure.begin(Photo(id=photo_id) for photo_id in photos)
        runs = erasure.delete_runs_naming([owner_id for owner_id, _ in owners])
    wanted = [*photos, *erasure.of_owners(owner_indexes)]
    work = _Work(store, workspace=workspace)
    erased = work.count(wanted) if rehearse else work.erase(wanted, name="forget", shown=progress)
    return ForgetSummary(
        owners=len(owner_indexes),
        photos=erased.photos,
        files=erased.files,
        runs=runs,
        not_searched=erasure.count_without_owner_index() if owners else None,
        is_rehearsal=rehearse,
    )


def purge(
    store: Store, *, workspace: Path, where: Filter, rehearse: bool = False, progress: Progress
) -> PurgeSummary:
    """Erase the photos that a filter means, and let none of them be stored again.

    Args:
        store: Has the photos.
        workspace: Has their files and thumbnails.
        where: Which photos.
        rehearse: Whether only to count what would be erased.
        progress: Is told of every photo that is erased.

    Raises:
        SisError: What ends the erasing; the next one goes on with it.
    """
    wanted = [stored.photo.id for stored in store.find(where)]
    work = _Work(store, workspace=workspace)
    erased = work.count(wanted) if rehearse else work.erase(wanted, name="purge", shown=progress)
    return PurgeSummary(photos=erased.photos, files=erased.files, is_rehearsal=rehearse)


def lift_blocks(store: Store, keys: Collection[PhotoId | bytes]) -> LiftSummary:
    """Let photos, and owners given by their indexes, be stored again."""
    wanted = set(keys)
    lifted = store.erasure.lift(wanted)
    return LiftSummary(lifted=lifted, not_blocked=len(wanted) - lifted)


def _check_known(store: Store, photos: Sequence[PhotoId]) -> None:
    known = {stored.photo.id for stored in store.get(photos)} | store.erasure.blocked(photos)
    if unknown := [photo_id for photo_id in photos if photo_id not in known]:
        raise UsageError(
            f"there is no photo {', '.join(unknown)}, and nothing was changed; "
            "`sis list` shows the photos that there are"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Erased:
    """How much was erased, or would be."""

    photos: int
    files: int


class _Work:
    """One erasing under way."""

    def __init__(self, store: Store, *, workspace: Path) -> None:
        self._store = store
        self._erasure = store.erasure
        self._files = workspace / "files"
        self._thumbnails = workspace / "thumbs"

    def count(self, ids: Iterable[PhotoId]) -> _Erased:
        """Count what :meth:`erase` would erase, and change nothing."""
        wanted = self._with_unfinished(ids)
        photos = [stored.photo for stored in self._store.get(wanted)]
        paths = set(self._erasure.files_left(wanted)).union(*map(file_paths, photos))
        files = [
            path
            for path in paths
            if self._erasure.holders(path) <= set(wanted) and (self._files / path).is_file()
        ]
        return _Erased(photos=len(photos), files=len(files))

    def erase(self, ids: Iterable[PhotoId], *, name: str, shown: Progress) -> _Erased:
        """Erase photos, and what was begun before and not finished."""
        wanted = self._with_unfinished(ids)
        photos = files = 0
        with shown.stage(name, total=len(wanted)) as advance:
            for start in range(0, len(wanted), BATCH_SIZE):
                batch = wanted[start : start + BATCH_SIZE]
                self._erasure.begin(stored.photo for stored in self._store.get(batch))
                photos += self._erasure.delete(batch)
                files += sum(map(self._remove, self._erasure.files_left(batch)))
                # Whatever else the workspace holds of a photo, by its id or its file's digest, is
                # to be removed here, before the erasing counts as finished.
                self._erasure.finish(batch)
                advance(len(batch))
        return _Erased(photos=photos, files=files)

    def _with_unfinished(self, ids: Iterable[PhotoId]) -> list[PhotoId]:
        return list(dict.fromkeys([*self._erasure.unfinished(), *ids]))

    def _remove(self, path: str) -> bool:
        """Remove a file with its thumbnails, unless another photo has it; tell if it was there."""
        # The same picture, published twice, is one file.
        if self._erasure.holders(path):
            return False
        remove_all_sizes(self._thumbnails, PurePosixPath(path).stem)
        return remove_all_sizes(self._files, PurePosixPath(path).stem) > 0
