"""Pipeline: what `sis serve` keeps of photos in files, which is to go when photos are erased."""

import shutil
from pathlib import Path

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.store.mongod.lock import Lock, try_lock

SHOWN = "web"
"""The folder in a workspace: titles, words, columns. It can be made anew from the database."""


def forget_shown(workspace: Path) -> None:
    """Remove what the app keeps in files, unless it is running: then it does that itself.

    Raises:
        WorkspaceError: It cannot be removed.
    """
    folder = workspace / SHOWN
    if not folder.is_dir():
        return
    try:
        lock = try_lock(folder / "lock", Lock.EXCLUSIVE)
        if lock is None:
            return
        with lock:
            _empty(folder)
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: what the app keeps of photos cannot be removed ({error.strerror}); remove "
            "the folder yourself"
        ) from error


def _empty(folder: Path) -> None:
    for place in folder.iterdir():
        if place.is_dir():
            shutil.rmtree(place)
