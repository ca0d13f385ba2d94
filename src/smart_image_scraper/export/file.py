"""Export: a file that appears whole, at the end, or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from smart_image_scraper.errors import UsageError, WorkspaceError
from smart_image_scraper.export.folder import held


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an export wrote.

    Attributes:
        path: The file.
        photos: How many photos are in it.
        rows: How many rows or lines it has for them, a heading not counted.
    """

    path: Path
    photos: int
    rows: int


@contextmanager
def written_whole(
    to: Path, *, private: bool, encoding: str = "utf-8", errors: str = "strict"
) -> Iterator[TextIO]:
    """Open a text file, and put it in another's place when all is written.

    A private one is closed to other users from its beginning.

    Raises:
        UsageError: The folder is not there or cannot be written to, or ``to`` is a folder, or
            another export is writing it at this moment.
        WorkspaceError: Writing failed, as on a full disk.
    """
    with folder_for_one_file(to) as folder:
        path = folder / "file"
        with path.open("x", encoding=encoding, errors=errors, newline="") as file:
            if private:
                path.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        path.replace(to)


@contextmanager
def folder_for_one_file(to: Path) -> Iterator[Path]:
    """Make a folder beside a file for as long as the context is open, closed to other users.

    What a killed export has left there is removed first.

    Raises:
        UsageError: As :func:`written_whole`.
        WorkspaceError: Likewise.
    """
    if to.is_dir():
        raise UsageError(f"{to}: this is a folder; name a file in it")
    beside = to.with_name(f".{to.name}.partial")
    with ExitStack() as stack:
        try:
            stack.enter_context(held(beside, private=True))
        except OSError as error:
            raise UsageError(f"{to}: cannot be written there: {error.strerror}") from error
        try:
            yield beside
        except OSError as error:
            raise WorkspaceError(
                f"{to}: cannot be written, and was not: {error.strerror}"
            ) from error
        shutil.rmtree(beside, ignore_errors=True)
