"""Pipeline: files in the workspace that no record names yet, whichever stage has kept them."""

from collections.abc import Sequence

from smart_image_scraper.download import Files
from smart_image_scraper.photo import EncryptedPhoto
from smart_image_scraper.store import Store


def claim_recorded(photos: Sequence[EncryptedPhoto], *, store: Store, files: Files) -> set[str]:
    """Claim the files of photos that were put, and remove those that no record names.

    Not everything that is put is written: a photo may have been erased since it was read, or
    another process may have recorded another file of it.

    Returns:
        The paths that are recorded.
    """
    kept = {each.photo.id: each.photo.file.path for each in photos if each.photo.file is not None}
    recorded = {each.path for each in store.scores.contents(kept)}
    for path in kept.values():
        if path in recorded:
            files.claim(path)
        else:
            drop(path, store=store, files=files)
    return recorded


def drop(path: str, *, store: Store, files: Files) -> bool:
    """Remove a file unless a record names it, or is about to; see ``Files.drop``."""
    return files.drop(path, is_recorded=lambda name: _is_recorded(store, name))


def drop_unclaimed(store: Store, files: Files) -> None:
    """Remove what ended processes have kept and no record names; see ``Files.drop_unclaimed``."""
    files.drop_unclaimed(is_recorded=lambda name: _is_recorded(store, name))


def _is_recorded(store: Store, path: str) -> bool:
    return bool(store.erasure.holders(path))
