"""Pipeline: erase photos for good: on their owner's request, or since their owner took them away.

The order makes it safe to be stopped: first the tombstone, so that nothing comes back; then the
documents; then the files, whose paths the tombstone holds until they are removed. Whatever was
begun and not finished is finished by the next erasing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import ClassVar

from smart_image_scraper.download import Files, remove_all_sizes
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import KeyRingError, TokenError, UsageError
from smart_image_scraper.photo import Comment, Filter, Note, Photo, PhotoId
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.score.embeddings import remove_embeddings
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
        remarks: Photos of others, of which the owners' comments or notes were erased.
        runs: Runs that were erased, since their query named an owner.
        not_searched: Photos whose owner, or comments or notes, no key here opens: whether one of
            the owners is among them cannot be told.
        is_rehearsal: Whether nothing was changed.
    """

    stage: ClassVar = "forget"
    owners: int = 0
    photos: int
    files: int
    remarks: int = 0
    runs: int = 0
    not_searched: int = 0
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


def forget_owners(
    store: Store,
    vault: Vault,
    *,
    workspace: Path,
    owners: Collection[str],
    rehearse: bool = False,
    progress: Progress,
) -> ForgetSummary:
    """Erase owners: all their photos, and what they wrote about others' photos.

    Nothing of theirs is stored from then on.

    Args:
        store: Has the photos.
        vault: Makes the index that the owners are found by, and opens what people wrote.
        workspace: Has the files and thumbnails.
        owners: Their ids at the site.
        rehearse: Whether only to count what would be erased.
        progress: Is told of every photo that is erased.

    Raises:
        KeyRingError: The keys make no index.
        SisError: What ends the erasing; the next one goes on with it.
    """
    erasure = store.erasure
    owner_indexes = {vault.owner_index(owner) for owner in owners}
    runs = 0
    if not rehearse:
        erasure.block_owners(owner_indexes)
        runs = erasure.delete_runs_naming(owners)
    remarks, unopened = _erase_remarks(store, vault, owners=owners, rehearse=rehearse)
    wanted = erasure.of_owners(owner_indexes)
    work = _Work(store, workspace=workspace)
    erased = work.count(wanted) if rehearse else work.erase(wanted, name="forget", shown=progress)
    return ForgetSummary(
        owners=len(owner_indexes),
        photos=erased.photos,
        files=erased.files,
        remarks=remarks,
        runs=runs,
        not_searched=erasure.count_without_owner_index() + unopened,
        is_rehearsal=rehearse,
    )


def forget_photos(
    store: Store,
    *,
    workspace: Path,
    photos: Sequence[PhotoId],
    rehearse: bool = False,
    progress: Progress,
) -> ForgetSummary:
    """Erase photos, and let none of them be stored again.

    Args:
        store: Has the photos.
        workspace: Has their files and thumbnails.
        photos: Which photos.
        rehearse: Whether only to count what would be erased.
        progress: Is told of every photo that is erased.

    Raises:
        UsageError: One of the photos is not stored, and was not erased before; nothing is changed.
        SisError: What ends the erasing; the next one goes on with it.
    """
    _check_known(store, photos)
    if not rehearse:
        store.erasure.begin(Photo(id=photo_id) for photo_id in photos)
    work = _Work(store, workspace=workspace)
    erased = work.count(photos) if rehearse else work.erase(photos, name="forget", shown=progress)
    return ForgetSummary(photos=erased.photos, files=erased.files, is_rehearsal=rehearse)


def without_forgotten(photo: Photo, *, store: Store, vault: Vault) -> Photo:
    """Return an open photo without the comments and notes of people who have been forgotten."""
    index_by_author = {author: vault.owner_index(author) for author in _authors(photo)}
    blocked = store.erasure.blocked(index_by_author.values()) if index_by_author else set()
    forgotten = {author for author, index in index_by_author.items() if index in blocked}
    return _without_remarks(photo, authors=forgotten)


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


def _erase_remarks(
    store: Store, vault: Vault, *, owners: Collection[str], rehearse: bool
) -> tuple[int, int]:
    """Erase what owners wrote about photos; return of how many, and how many did not open."""
    changed: set[PhotoId] = set()
    unopened: set[PhotoId] = set()
    for sealed in store.erasure.remarks():
        try:
            opened = vault.open(sealed)
        except (KeyRingError, TokenError):
            unopened.add(sealed.photo.id)
            continue
        left = _without_remarks(opened, authors=owners)
        if left != opened:
            changed.add(opened.id)
            if not rehearse:
                store.erasure.replace_remarks(sealed, vault.seal(left))
    return len(changed), len(unopened)


def _authors(photo: Photo) -> set[str]:
    remarks: list[Comment | Note] = [*(photo.comments or ()), *(photo.notes or ())]
    return {each.author_id for each in remarks if each.author_id is not None}


def _without_remarks(photo: Photo, *, authors: Collection[str]) -> Photo:
    if not _authors(photo) & set(authors):
        return photo
    comments = tuple(each for each in photo.comments or () if each.author_id not in authors)
    notes = tuple(each for each in photo.notes or () if each.author_id not in authors)
    return replace(photo, comments=comments or None, notes=notes or None)


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
        self._embeddings = workspace / "embeddings"

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
                # They may hold these photos; what is asked again is refused when it is put.
                self._store.runs.forget_replies()
                photos += self._erasure.delete(batch)
                files += sum(map(self._remove, self._erasure.files_left(batch)))
                remove_embeddings(self._embeddings, batch)
                self._erasure.finish(batch)
                advance(len(batch))
        if self._files.exists():
            # Whoever was killed between keeping a file and recording it left one without a record.
            Files(self._files).drop_unclaimed(
                is_recorded=lambda path: bool(self._erasure.holders(path))
            )
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
