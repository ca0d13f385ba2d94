"""Export: a file that appears whole, at the end, or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from smart_image_scraper.errors import UsageError, WorkspaceError


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
    """Open a text file beside another, and put it in that one's place when all is written.

    A private one is closed to other users from its beginning.

    Raises:
        UsageError: The folder is not there or cannot be written to, or ``to`` is a folder.
        WorkspaceError: Writing failed, as on a full disk.
    """
    if to.is_dir():
        raise UsageError(f"{to}: this is a folder; name a file in it")
    beside = to.with_name(f".{to.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(
            beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666
        )
        with os.fdopen(descriptor, "w", encoding=encoding, errors=errors, newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(to)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise UsageError(f"{to}: cannot be written there: {error.strerror}") from error
    except OSError as error:
        raise WorkspaceError(f"{to}: cannot be written, and was not: {error.strerror}") from error
    finally:
        with suppress(OSError):  # it is in place already, or the folder is the trouble
            beside.unlink()
