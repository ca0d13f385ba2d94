"""Score: what was read of photos' texts, on disk beside the embeddings.

``texts.sqlite`` holds of each photo how often its text has which n-grams, hashed, and what tells
whether the text has changed since; of the text itself, nothing. A photo has one row: where other
words are masked, texts are read anew, and what was read before is replaced.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score.database import (
    delete_rows,
    forget_deleted,
    open_database,
    read_rows,
    transaction,
)
from smart_image_scraper.score.photo_text import Counts, TextFeatures

_NAME = "texts.sqlite"
_COUNT = np.dtype(np.int8)
_SCHEMA = """
create table if not exists rows (
    photo text primary key, reader text not null, record integer not null,
    digest integer not null, counts blob not null
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTexts:
    """What was read of some photos' texts; the arrays are in the order of the photos.

    Attributes:
        records: Shape (N,): when a photo's record had last been changed before its text was read,
            in milliseconds since 1970; NaN where that is not known.
        digests: Shape (N,): numbers that tell whether a text has changed; NaN where none is known.
        counts: Shape (N, D + 1): those of ``TextFeatures.counts``.
    """

    records: NDArray[np.float64]
    digests: NDArray[np.float64]
    counts: Counts

    def at(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "ReadTexts":
        """Return those of some of the photos."""
        return ReadTexts(
            records=self.records[rows], digests=self.digests[rows], counts=self.counts[rows]
        )


class KeptTexts:
    """What was read of texts in one way. Make one with :meth:`open`, and use it in a ``with``."""

    def __init__(self, path: Path, *, features: TextFeatures, rows: sqlite3.Connection) -> None:
        self._path = path
        self._features = features
        self._rows = rows

    @classmethod
    def open(cls, folder: Path, *, features: TextFeatures) -> Self:
        """Open what is kept in a folder, which is made if it is not there.

        Raises:
            WorkspaceError: The folder cannot be written, or the file is damaged.
        """
        path = folder / _NAME
        with _errors(path):
            rows = open_database(path, schema=_SCHEMA)
        return cls(path, features=features, rows=rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def read(self, photos: Sequence[PhotoId]) -> ReadTexts:
        """Return what is kept of photos; those of which nothing is, have NaN and no counts.

        Raises:
            WorkspaceError: The file cannot be read, or is damaged.
        """
        with _errors(self._path):
            found = read_rows(self._rows, "reader, record, digest, counts", photos=photos)
            rows = {row[0]: row for row in found if row[1] == self._features.identity}
        width = self._features.dimension + 1
        unknown = (None, None, np.nan, np.nan, bytes(width))
        known = [rows.get(each, unknown) for each in photos]
        return ReadTexts(
            records=np.array([row[2] for row in known], np.float64),
            digests=np.array([row[3] for row in known], np.float64),
            counts=np.frombuffer(b"".join([row[4] for row in known]), _COUNT).reshape(-1, width),
        )

    def put(self, photos: Sequence[PhotoId], read: ReadTexts) -> None:
        """Keep what was read, in the place of what was before: on the disk when it returns.

        Texts so long that a count takes more than a byte are left out.

        Raises:
            WorkspaceError: The file cannot be written.
        """
        fits = np.abs(read.counts).max(axis=1, initial=0) <= np.iinfo(_COUNT).max
        packed = read.counts.astype(_COUNT)
        rows = [
            (
                str(photos[at]),
                self._features.identity,
                int(read.records[at]),
                int(read.digests[at]),
                packed[at].tobytes(),
            )
            for at in np.flatnonzero(fits).tolist()
        ]
        with _errors(self._path), transaction(self._rows):
            self._rows.executemany("insert or replace into rows values (?, ?, ?, ?, ?)", rows)

    def confirm(self, photos: Sequence[PhotoId], read: ReadTexts) -> None:
        """Note that texts are still the same by when records have changed since.

        Raises:
            WorkspaceError: The file cannot be written.
        """
        rows = zip(
            read.records.tolist(),
            map(str, photos),
            [self._features.identity] * len(photos),
            read.digests.tolist(),
            strict=True,
        )
        query = "update rows set record = ? where photo = ? and reader = ? and digest = ?"
        with _errors(self._path), transaction(self._rows):
            self._rows.executemany(query, rows)

    def remove(self, photos: Sequence[PhotoId]) -> None:
        """Remove what is kept of photos, in whatever way it was read. Idempotent.

        Raises:
            WorkspaceError: The file cannot be written.
        """
        with _errors(self._path):
            _remove(self._rows, photos)


def remove_texts(folder: Path, photos: Sequence[PhotoId]) -> None:
    """Remove what is kept of photos' texts in a folder, if there is anything. Idempotent.

    Raises:
        WorkspaceError: The file cannot be written, or is damaged.
    """
    path = folder / _NAME
    if not path.exists():
        return
    with _errors(path):
        rows = open_database(path, schema=_SCHEMA)
        try:
            _remove(rows, photos)
        finally:
            rows.close()


def _remove(rows: sqlite3.Connection, photos: Sequence[PhotoId]) -> None:
    with transaction(rows):
        delete_rows(rows, photos)
    forget_deleted(rows)


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise WorkspaceError(
            f"{path}: what was read of texts cannot be read or written ({error}); free some space, "
            "or, if it is damaged, remove the file, and it is made again"
        ) from error
