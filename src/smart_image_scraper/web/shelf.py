"""Serve: the folder ``web`` of a workspace, where a snapshot rests between two starts."""

import shutil
from dataclasses import replace
from pathlib import Path

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.pipeline.shown import SHOWN
from smart_image_scraper.store.mongod.lock import Lock, try_lock
from smart_image_scraper.web.snapshot.files import (
    Kept,
    read_snapshot,
    remove_snapshots,
    write_snapshot,
)
from smart_image_scraper.web.snapshot.moment import Moment, with_photos
from smart_image_scraper.web.snapshot.verdicts import NO_VERDICTS
from smart_image_scraper.web.text_index import NAME, TextIndex

_TEXTS = "texts"


class Shelf:
    """Where a snapshot rests. One process has it at a time.

    Attributes:
        root: The folder.

    Raises:
        WorkspaceError: The folder cannot be written, or another process has it.
    """

    def __init__(self, workspace: Path) -> None:
        self.root = workspace / SHOWN
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._lock = try_lock(self.root / "lock", Lock.EXCLUSIVE)
        except OSError as error:
            raise WorkspaceError(
                f"{self.root}: the folder cannot be written ({error.strerror}); change its "
                "permissions, or choose another workspace"
            ) from error
        if self._lock is None:
            raise WorkspaceError(
                f"{workspace}: another `sis serve` has this workspace open; stop that one first"
            )

    def take(self, identity: str) -> tuple[Moment, TextIndex | None] | None:
        """Return what was put here last of a collection of photos; ``None`` if that is nothing."""
        kept = read_snapshot(self.root, identity=identity)
        if kept is None:
            self._tidy(None)
            return None
        index = None
        if (name := kept.notes.get(_TEXTS)) is not None:
            index = TextIndex.open(self.root / str(name))
        self._tidy(index)
        moment = with_photos(kept.photos, raw=kept.scores, scorings=(), verdicts=NO_VERDICTS)
        if index is None:
            return moment, None
        return _in_files(moment, kept), index

    def put(self, moment: Moment, index: TextIndex | None) -> Moment:
        """Write a moment, in place of the one before, and return it with its columns mapped.

        Raises:
            WorkspaceError: It cannot be written.
        """
        if not len(moment.photos):
            remove_snapshots(self.root)  # files of nothing cannot be mapped
            return moment
        if index is not None:
            index.keep()
        kept = write_snapshot(
            self.root,
            Kept(
                photos=moment.photos,
                scores=moment.raw,
                beside={
                    "text_numbers": moment.text_numbers,
                    "text_digests": moment.text_digests,
                },
                notes={_TEXTS: None if index is None else index.folder.name},
            ),
        )
        # The vocabularies know the owners, and what the files hold does not.
        photos = replace(kept.photos, vocabularies=moment.photos.vocabularies)
        return _in_files(replace(moment, photos=photos, raw=kept.scores), kept)

    def close(self) -> None:
        """Let another process have it. Idempotent."""
        if self._lock is not None:
            self._lock.close()

    def _tidy(self, index: TextIndex | None) -> None:
        """Remove indexes that were not finished, or are not used any more."""
        for folder in self.root.glob(f"{NAME}*"):
            if index is None or folder != index.folder:
                shutil.rmtree(folder, ignore_errors=True)


def _in_files(moment: Moment, kept: Kept) -> Moment:
    """Return a moment whose columns beside the photos' are those in files."""
    return replace(
        moment,
        text_numbers=kept.beside["text_numbers"],
        text_digests=kept.beside["text_digests"],
    )
