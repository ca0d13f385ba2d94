"""Score: embeddings on disk, in memory-mapped shards beside the database.

A folder holds the embeddings of one backbone: ``index.sqlite`` tells which photo each row is of,
and ``00000.npy``, ``00001.npy`` … hold the rows. A row is on the disk before the index tells of it,
in one transaction a batch: whoever is killed at any moment leaves whole batches, and rows that the
index does not tell of are written over. Several processes may read and append at once.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

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
from smart_image_scraper.score.kept import IN_WORKSPACE, kept_file

SHARD_ROWS = 16_384
"""Rows of a shard: 38 MB at 1,152 dimensions. What is not written yet takes no place on disk."""

_SCHEMA = """
create table if not exists rows (
    photo text primary key, number integer not null unique, content text not null
) without rowid
"""

_OF_DISK = (OSError, sqlite3.Error)
_OF_SHARD = (*_OF_DISK, ValueError, EOFError)
"""What numpy raises, besides, of a shard that was cut, or is none."""


class Embeddings:
    """Embeddings of one backbone. A photo that is embedded again has the latest in its row.

    Make one with :meth:`open`, and close it, or use it in a ``with`` statement.
    """

    def __init__(self, folder: Path, *, dimension: int, index: sqlite3.Connection) -> None:
        self._folder = folder
        self._dimension = dimension
        self._index = index

    @classmethod
    def open(cls, folder: Path, *, dimension: int) -> Self:
        """Open the embeddings in a folder, which is made if it is not there.

        Raises:
            WorkspaceError: The folder cannot be written, or is damaged.
        """
        with _errors(folder):
            index = open_database(folder / "index.sqlite", schema=_SCHEMA)
        return cls(folder, dimension=dimension, index=index)

    def close(self) -> None:
        """Close the index. Idempotent."""
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, contents: Mapping[PhotoId, str], vectors: NDArray[np.float32]) -> None:
        """Add a batch of embeddings: on the disk when it returns, whole or not at all.

        Args:
            contents: The photos, with the digest of the content that was embedded.
            vectors: Shape (N, D), in the order of ``contents``.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        if vectors.shape != (len(contents), self._dimension):
            raise ValueError(f"{len(contents)} photos cannot have vectors of {vectors.shape}")
        with _errors(self._folder), transaction(self._index):
            # The rows' numbers are this process's until the end.
            known = self._looked_up("number", list(contents))
            first = int(self._one("select coalesce(max(number) + 1, 0) from rows"))
            new = count(first)
            # A photo keeps its row: what its file showed before is not left on the disk.
            numbers = [known[each] if each in known else next(new) for each in contents]
            self._write(vectors.astype(np.float16), np.array(numbers, np.int64))
            self._index.executemany(
                "insert or replace into rows values (?, ?, ?)",
                [
                    (str(photo_id), number, content)
                    for number, (photo_id, content) in zip(numbers, contents.items(), strict=True)
                ],
            )

    def remove(self, ids: Sequence[PhotoId]) -> None:
        """Remove the embeddings of photos, their rows on the disk included. Idempotent.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        with _errors(self._folder), transaction(self._index):
            numbers = np.array([*self._looked_up("number", ids).values()], np.int64)
            self._write(np.zeros((len(numbers), self._dimension), np.float16), numbers)
            delete_rows(self._index, ids)
        with _errors(self._folder):
            forget_deleted(self._index)

    def missing(self, contents: Mapping[PhotoId, str]) -> list[PhotoId]:
        """Return the photos that have no embedding, or one of other content, in their order."""
        known = self._looked_up("content", list(contents))
        return [
            photo_id for photo_id, content in contents.items() if known.get(photo_id) != content
        ]

    def outdated(self, contents: Mapping[PhotoId, str]) -> list[PhotoId]:
        """Return the photos that have an embedding of other content alone."""
        known = self._looked_up("content", list(contents))
        return [
            photo_id
            for photo_id, content in contents.items()
            if known.get(photo_id, content) != content
        ]

    def read(self, ids: Sequence[PhotoId]) -> NDArray[np.float32]:
        """Return embeddings, shape (N, D), in the order of the ids.

        Raises:
            KeyError: One of these photos has none.
        """
        numbers = self._looked_up("number", ids)
        rows = np.array([numbers[photo_id] for photo_id in ids], np.int64)
        vectors = np.empty((len(ids), self._dimension), np.float32)
        for shard in map(int, np.unique(rows // SHARD_ROWS)):
            chosen = np.flatnonzero(rows // SHARD_ROWS == shard)
            vectors[chosen] = self._shard(shard)[rows[chosen] % SHARD_ROWS]
        return vectors

    def blocks(self) -> Iterator[tuple[list[PhotoId], NDArray[np.float16]]]:
        """Read all embeddings, a shard at a time: photos, and their embeddings in that order."""
        with _errors(self._folder):
            last = int(self._one("select coalesce(max(number), -1) from rows"))
        for shard in range(last // SHARD_ROWS + 1):
            first = shard * SHARD_ROWS
            with _errors(self._folder):
                found = self._index.execute(
                    "select photo, number from rows where number between ? and ? order by number",
                    (first, first + SHARD_ROWS - 1),
                ).fetchall()
            if found:
                rows = np.array([number - first for _, number in found], np.int64)
                vectors = self._shard(shard)
                # Mostly those of a shard are all there, and are not copied.
                is_whole = rows[-1] + 1 == len(rows)
                yield (
                    [PhotoId.trusted(photo) for photo, _ in found],
                    vectors[: len(rows)] if is_whole else vectors[rows],
                )

    def _looked_up(self, column: str, ids: Sequence[PhotoId]) -> dict[str, Any]:
        with _errors(self._folder):
            return dict(read_rows(self._index, column, photos=ids))

    def _write(self, vectors: NDArray[np.float16], numbers: NDArray[np.int64]) -> None:
        for shard in map(int, np.unique(numbers // SHARD_ROWS)):
            chosen = np.flatnonzero(numbers // SHARD_ROWS == shard)
            self._write_rows(shard, vectors[chosen], rows=numbers[chosen] % SHARD_ROWS)

    def _write_rows(
        self, shard: int, vectors: NDArray[np.float16], *, rows: NDArray[np.int64]
    ) -> None:
        path = self._path(shard)
        with _errors(self._folder):
            if not path.exists():
                shape = (SHARD_ROWS, self._dimension)
                kept_file(
                    path,
                    make=lambda place: _make_shard(place, shape=shape),
                    otherwise=IN_WORKSPACE,
                )
        there = self._shard(shard)
        # Not through the map: a disk that is full would end the process without a word (SIGBUS).
        with _errors(self._folder), path.open("r+b") as file:
            for row, vector in zip(rows.tolist(), vectors, strict=True):
                file.seek(there.offset + row * there.strides[0])
                file.write(vector.tobytes())
            file.flush()
            os.fsync(file.fileno())

    def _shard(self, number: int) -> "np.memmap[Any, np.dtype[np.float16]]":
        path = self._path(number)
        with _errors(self._folder, kinds=_OF_SHARD):
            rows = np.lib.format.open_memmap(path, mode="r")
        if rows.shape != (SHARD_ROWS, self._dimension) or rows.dtype != np.float16:
            raise WorkspaceError(
                f"{path}: this is no shard of {self._dimension} dimensions; remove the folder "
                f"{self._folder}, and embed anew"
            )
        return rows

    def _path(self, shard: int) -> Path:
        return self._folder / f"{shard:05}.npy"

    def _one(self, query: str) -> Any:  # noqa: ANN401 — whatever was asked for
        with _errors(self._folder):
            return self._index.execute(query).fetchone()[0]


def remove_embeddings(root: Path, ids: Sequence[PhotoId]) -> None:
    """Remove the embeddings of photos, of every backbone. Idempotent.

    Args:
        root: What holds a folder for each backbone; it may be missing.
        ids: Which photos.

    Raises:
        WorkspaceError: A folder cannot be written, or is damaged.
    """
    for index in sorted(root.glob("*/index.sqlite")):
        shard = next(index.parent.glob("*.npy"), None)
        with _errors(index.parent, kinds=_OF_SHARD):
            dimension = 0 if shard is None else int(np.load(shard, mmap_mode="r").shape[1])
        with Embeddings.open(index.parent, dimension=dimension) as embeddings:
            embeddings.remove(ids)


def _make_shard(path: Path, *, shape: tuple[int, int]) -> None:
    np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape).flush()


@contextmanager
def _errors(folder: Path, *, kinds: tuple[type[Exception], ...] = _OF_DISK) -> Iterator[None]:
    try:
        yield
    except kinds as error:
        raise WorkspaceError(
            f"{folder}: the embeddings cannot be read or written ({error}); free some space, or, "
            "if they are damaged, remove the folder and embed anew"
        ) from error
