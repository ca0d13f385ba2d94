"""Pipeline: erase photos for good: on their owner's request, or since their owner took them away.

The order makes it safe to be stopped: first the tombstone, so that nothing comes back; then the
documents; then the files, whose paths the tombstone holds until they are removed. Whatever was
begun and not finished is finished by the next erasing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from smart_image_scraper.download import Files, remove_all_sizes
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Filter, Photo, PhotoId
from smart_image_scraper.pipeline.kept_files import drop, drop_unclaimed
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.remarks import erase_remarks
from smart_image_scraper.pipeline.shown import forget_shown
from smart_image_scraper.score.embeddings import remove_embeddings
from smart_image_scraper.score.kept_texts import remove_texts
from smart_image_scraper.store import Store
from smart_image_scraper.store.erasing import file_paths

BATCH_SIZE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetSummary:
    """What came of forgetting, or would come of it.

    Attributes:
        owners: Owners of whom nothing is stored from now on.
        photos: Photos that were erased.
        erased_before: Photos that had been, so that there was nothing to do.
        files: Files that were removed; one that another photo has, too, stays.
        remarks: Photos of others, of which the owners' comments or notes were erased.
        runs: Runs that were erased, since their query named an owner.
        not_searched: Photos whose owner, or comments or notes, no key here opens: whether one of
            the owners is among them cannot be told.
        dry_run: Whether nothing was changed.
    """

    stage: ClassVar = "forget"
    owners: int = 0
    photos: int
    erased_before: int = 0
    files: int
    remarks: int = 0
    runs: int = 0
    not_searched: int = 0
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeSummary:
    """What came of a purge, or would come of it.

    Attributes:
        photos: Photos that were erased.
        files: Files that were removed; one that another photo has, too, stays.
        dry_run: Whether nothing was changed.
    """

    stage: ClassVar = "purge"
    photos: int
    files: int
    dry_run: bool


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


def forget_owners(
    store: Store,
    vault: Vault,
    *,
    workspace: Path,
    owners: Collection[str],
    dry_run: bool = False,
    progress: Progress,
) -> ForgetSummary:
    """Erase owners: all their photos, and what they wrote about others' photos.

    Nothing of theirs is stored from then on.

    Args:
        store: Has the photos.
        vault: Makes the index that the owners are found by, and opens what people wrote.
        workspace: Has the files and thumbnails.
        owners: Their ids at the site.
        dry_run: Whether only to count what would be erased.
        progress: Is told of every photo that is erased.

    Raises:
        KeyRingError: The keys make no index.
        SisError: What ends the erasing; the next one goes on with it.
    """
    erasure = store.erasure
    owner_indexes = {vault.owner_index(owner) for owner in owners}
    if not dry_run:
        erasure.block_owners(owner_indexes)
    runs = erasure.runs_naming(owners)
    if not dry_run:
        erasure.delete_runs(runs)
    remarks, unopened = erase_remarks(store, vault, owners=owners, dry_run=dry_run)
    wanted = erasure.of_owners(owner_indexes)
    work = _Work(store, workspace=workspace)
    erased = work.count(wanted) if dry_run else work.erase(wanted, name="forget", shown=progress)
    return ForgetSummary(
        owners=len(owner_indexes),
        photos=erased.photos,
        files=erased.files,
        remarks=remarks,
        runs=len(runs),
        not_searched=erasure.count_without_owner_index() + unopened,
        dry_run=dry_run,
    )


def forget_photos(
    store: Store,
    *,
    workspace: Path,
    photos: Sequence[PhotoId],
    dry_run: bool = False,
    progress: Progress,
) -> ForgetSummary:
    """Erase photos, and let none of them be stored again.

    Args:
        store: Has the photos.
        workspace: Has their files and thumbnails.
        photos: Which photos.
        dry_run: Whether only to count what would be erased.
        progress: Is told of every photo that is erased.

    Raises:
        UsageError: One of the photos is not stored, and was not erased before; nothing is changed.
        SisError: What ends the erasing; the next one goes on with it.
    """
    erased_before = _erased_before(store, photos)
    if not dry_run:
        store.erasure.begin(Photo(id=photo_id) for photo_id in photos)
    work = _Work(store, workspace=workspace)
    erased = work.count(photos) if dry_run else work.erase(photos, name="forget", shown=progress)
    return ForgetSummary(
        photos=erased.photos, erased_before=erased_before, files=erased.files, dry_run=dry_run
    )


def purge(
    store: Store, *, workspace: Path, where: Filter, dry_run: bool = False, progress: Progress
) -> PurgeSummary:
    """Erase the photos that a filter means, and let none of them be stored again.

    Args:
        store: Has the photos.
        workspace: Has their files and thumbnails.
        where: Which photos.
        dry_run: Whether only to count what would be erased.
        progress: Is told of every photo that is erased.

    Raises:
        SisError: What ends the erasing; the next one goes on with it.
    """
    wanted = [stored.photo.id for stored in store.find(where)]
    work = _Work(store, workspace=workspace)
    erased = work.count(wanted) if dry_run else work.erase(wanted, name="purge", shown=progress)
    return PurgeSummary(photos=erased.photos, files=erased.files, dry_run=dry_run)


def lift_blocks(
    store: Store, keys: Collection[PhotoId | bytes], *, workspace: Path, progress: Progress
) -> LiftSummary:
    """Let photos, and owners given by their indexes, be stored again.

    What was begun to be erased and not finished is finished first: the tombstones alone know which
    files are still to be removed.

    Args:
        store: Has the tombstones.
        keys: Whose.
        workspace: Has the files and thumbnails.
        progress: Is told of every photo whose erasing is finished.

    Raises:
        SisError: What ends the erasing; nothing was lifted.
    """
    wanted = set(keys)
    if store.erasure.unfinished():
        _Work(store, workspace=workspace).erase([], name="forget", shown=progress)
    lifted = store.erasure.lift(wanted)
    return LiftSummary(lifted=lifted, not_blocked=len(wanted) - lifted)


def _erased_before(store: Store, photos: Sequence[PhotoId]) -> int:
    """Count the photos that are erased already.

    Raises:
        UsageError: One is not, and is not stored either.
    """
    stored = {each.photo.id for each in store.get(photos)}
    erased = store.erasure.blocked(photos) - stored
    if unknown := [photo_id for photo_id in photos if photo_id not in stored | erased]:
        raise UsageError(
            f"there is no photo {', '.join(unknown)}, and nothing was changed; "
            "`sis list` shows the photos that there are"
        )
    return len(erased - set(store.erasure.unfinished()))


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
        self._embeddings = workspace / "embeddings"
        self._workspace = workspace

    def count(self, ids: Iterable[PhotoId]) -> _Erased:
        """Count what :meth:`erase` would erase, and change nothing."""
        wanted = self._with_unfinished(ids)
        meant = set(wanted)
        photos = [stored.photo for stored in self._store.get(wanted)]
        paths = set(self._erasure.files_left(wanted)).union(*map(file_paths, photos))
        files = [
            path
            for path in paths
            if self._erasure.holders(path) <= meant and (self._files / path).is_file()
        ]
        return _Erased(photos=len(photos), files=len(files))

    def erase(self, ids: Iterable[PhotoId], *, name: str, shown: Progress) -> _Erased:
        """Erase photos, and what was begun before and not finished."""
        wanted = self._with_unfinished(ids)
        self._erasure.begin(stored.photo for stored in self._store.get(wanted))
        forget_shown(self._workspace)
        # They may hold these photos; what is asked again is refused when it is put.
        self._store.runs.forget_replies()
        kept = Files(self._files)
        photos = files = 0
        with shown.stage(name, total=len(wanted)) as advance:
            for start in range(0, len(wanted), BATCH_SIZE):
                batch = wanted[start : start + BATCH_SIZE]
                photos += self._erasure.delete(batch)
                files += sum(self._remove(path, kept) for path in self._erasure.files_left(batch))
                remove_embeddings(self._embeddings, batch)
                remove_texts(self._embeddings, batch)
                self._erasure.finish(batch)
                advance(len(batch))
        # Whoever was killed between keeping a file and recording it left one without a record.
        drop_unclaimed(self._store, kept)
        return _Erased(photos=photos, files=files)

    def _with_unfinished(self, ids: Iterable[PhotoId]) -> list[PhotoId]:
        return list(dict.fromkeys([*self._erasure.unfinished(), *ids]))

    def _remove(self, path: str, kept: Files) -> bool:
        """Remove a file with its thumbnails, unless another photo has it; tell if it was there."""
        was_there = kept.path(path).is_file()
        # The same picture, published twice, is one file.
        is_removed = drop(path, store=self._store, files=kept)
        # They are made of recorded files alone, so no other process is about to need them.
        if not self._erasure.holders(path):
            remove_all_sizes(self._thumbnails, PurePosixPath(path).stem)
        return was_there and is_removed
