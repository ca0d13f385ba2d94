"""Score: what is kept of photos beside the database, in files of SQLite with one table ``rows``.

Several processes may read and write at once; what a transaction writes is on the disk as a whole or
not at all, whoever is killed when.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smart_image_scraper.photo import PhotoId

_LOOK_UP = 512
_WAIT_S = 60


def open_database(path: Path, *, schema: str) -> sqlite3.Connection:
    """Open a database, which is made with its folder if it is not there.

    Args:
        path: Its file.
        schema: Makes the table ``rows``, which has ``photo`` as its key, if it is not there.

    Raises:
        OSError: The folder cannot be made.
        sqlite3.Error: The file cannot be written, or is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Transactions are begun by hand.
    database = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_S)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    database.execute("pragma secure_delete = on")  # which photos are gone is not to be read
    database.executescript(schema)
    return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Write as a whole or not at all, and let nobody else write meanwhile."""
    database.execute("begin immediate")
    try:
        yield
    except BaseException:
        database.execute("rollback")
        raise
    database.execute("commit")


def read_rows(
    database: sqlite3.Connection, columns: str, *, photos: Sequence[PhotoId]
) -> Iterator[tuple[Any, ...]]:
    """Read the rows of photos, in any order: of each the photo, and columns."""
    for begin in range(0, len(photos), _LOOK_UP):
        some = [str(photo_id) for photo_id in photos[begin : begin + _LOOK_UP]]
        marks = ", ".join("?" * len(some))
        query = f"select photo, {columns} from rows where photo in ({marks})"  # noqa: S608 — constants' names, and marks
        yield from database.execute(query, some).fetchall()


def delete_rows(database: sqlite3.Connection, photos: Iterable[PhotoId]) -> None:
    """Delete the rows of photos; :func:`forget_deleted` then leaves nothing of them on the disk."""
    database.executemany("delete from rows where photo = ?", [(str(each),) for each in photos])


def forget_deleted(database: sqlite3.Connection) -> None:
    """Write over what the log of changes still holds. Outside of a transaction."""
    database.execute("pragma wal_checkpoint(truncate)")
