"""Encrypt: the file that holds a key ring, readable by its owner alone and never half-written."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smart_image_scraper.disk import flush
from smart_image_scraper.errors import KeyRingError


def read(path: Path) -> str:
    """Read the file's text.

    Raises:
        KeyRingError: There is none, it is not ours, its group or others have any right on it, or
            it is no text.
    """
    try:
        with path.open("rb") as file:
            _check_private(path, os.fstat(file.fileno()))
            return file.read().decode()
    except FileNotFoundError:
        raise KeyRingError(f"{path}: there is no key ring; make one with `sis keys init`") from None
    except UnicodeDecodeError:
        # The error and its cause hold the bytes, and so perhaps a key.
        raise KeyRingError(f"{path}: the key ring is not a text file; restore it") from None
    except OSError as error:
        raise KeyRingError(f"{path}: the key ring cannot be read: {error.strerror}") from error


def write_new(path: Path, text: str) -> bool:
    """Write the file unless there is one, and tell whether it was written.

    Raises:
        KeyRingError: It cannot be written.
    """
    with _translated(path):
        if path.exists():
            return False
        with _written_beside(path, text) as beside:
            try:
                # Unlike a rename, a link fails where another process has made the file meanwhile.
                path.hardlink_to(beside)
            except FileExistsError:
                return False
    return True


def replace(path: Path, text: str) -> None:
    """Write the file over the one that is there, or that a link there leads to.

    Raises:
        KeyRingError: It cannot be written; the one that is there stays as it is.
    """
    with _translated(path):
        # Where a ring lies apart from what it opens, as on another disk, it stays there.
        place = path.resolve()
        with _written_beside(place, text) as beside:
            beside.replace(place)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KeyRingError(f"{path}: the key ring cannot be written: {error.strerror}") from error


def _check_private(path: Path, status: os.stat_result) -> None:
    if status.st_uid != os.getuid():
        raise KeyRingError(f"{path}: the key ring belongs to another user; it must be yours")
    if status.st_mode & 0o077:
        raise KeyRingError(
            f"{path}: others have rights on the key ring; run `chmod 600 {path}`, and if others "
            "may have read it, change the key: `sis keys add`, `use` and `rotate`"
        )


@contextmanager
def _written_beside(path: Path, text: str) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        yield beside
        flush(path.parent)
    finally:
        beside.unlink(missing_ok=True)
