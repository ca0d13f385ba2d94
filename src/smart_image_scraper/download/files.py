"""Download: the folder of files, each named by its content."""

import errno
import fcntl
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from smart_image_scraper.errors import WorkspaceError

_DIGEST_LENGTH = 64
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Files:
    """Keep files under ``ab/cd/<sha256>.<ending>``: whole, and equal ones once.

    New files are written in a folder of this process, ``incoming/…``, and renamed when they are
    done. What a killed process has left there is removed by the next one.

    Args:
        root: The workspace's ``files`` folder; made if it is missing.

    Raises:
        WorkspaceError: The folder cannot be written.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        with workspace_errors(root):
            self._incoming, lock = _own_folder(root / "incoming")
        self._numbers = count()
        # Also at the interpreter's end. After kill -9, the next process does it.
        weakref.finalize(self, _remove, self._incoming, lock)

    @contextmanager
    def incoming(self) -> Iterator[BinaryIO]:
        """Open a new file to write; it is gone afterwards, unless it was kept."""
        with workspace_errors(self._root):
            path = self._incoming / str(next(self._numbers))
            try:
                with path.open("xb") as file:
                    yield file
            finally:
                path.unlink(missing_ok=True)

    def keep(self, path: Path, *, sha256: str, ending: str) -> str:
        """Move a whole file to its place, and see that it survives a loss of power.

        Args:
            path: A file that :meth:`incoming` made, written and flushed.
            sha256: Of its content.
            ending: Of its name, without the dot.

        Returns:
            Its new path, relative to the folder. If a file was there already, that one stays.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        relative = Path(sha256[:2], sha256[2:4], f"{sha256}.{ending}")
        target = self._root / relative
        with workspace_errors(self._root):
            # A file of another length is not what its name says: a disk that failed, or an
            # older program.
            if not target.is_file() or target.stat().st_size != path.stat().st_size:
                target.parent.mkdir(parents=True, exist_ok=True)
                # 3 ms a file on the disk it was measured on, while other files are decoded; the
                # database survives a loss of power, so what it names should.
                _sync(path)
                path.replace(target)
                _sync(target.parent)
        return relative.as_posix()

    def path(self, relative: str) -> Path:
        """Return where a file is."""
        return self._root / relative

    def write(self, content: bytes, *, sha256: str, ending: str) -> str:
        """Put content in its place, as :meth:`keep` does.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        with self.incoming() as file:
            file.write(content)
            file.flush()
            return self.keep(Path(file.name), sha256=sha256, ending=ending)

    def remove(self, relative: str) -> None:
        """Remove a file, if it is there.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        with workspace_errors(self._root):
            self.path(relative).unlink(missing_ok=True)


def remove_all_sizes(root: Path, sha256: str) -> int:
    """Remove whatever is named by a digest, or by a digest and a size.

    Args:
        root: A folder as ``Files`` keeps it; it may be missing.
        sha256: The digest.

    Returns:
        How many files there were.

    Raises:
        WorkspaceError: The folder cannot be written.
    """
    folder = root / sha256[:2] / sha256[2:4]
    with workspace_errors(root):
        named = list(folder.glob(f"{sha256}*"))
        for path in named:
            path.unlink(missing_ok=True)
        if named:
            _sync(folder)
    return len(named)


def kept_digests(root: Path) -> set[str]:
    """Return the digests that files are named by in a folder as ``Files`` keeps it.

    Raises:
        WorkspaceError: The folder cannot be read.
    """
    with workspace_errors(root):
        names = (path.name[:_DIGEST_LENGTH] for path in root.glob("??/??/*"))
        return {name for name in names if _DIGEST.fullmatch(name)}


def is_in_use(root: Path) -> bool:
    """Tell whether a living process keeps files in a folder.

    Raises:
        WorkspaceError: The folder cannot be read.
    """
    with workspace_errors(root):
        for folder in (root / "incoming").glob("*/"):
            try:
                os.close(_lock(folder, wait=False))
            except BlockingIOError:
                return True
            except FileNotFoundError:  # it has just ended
                continue
    return False


@contextmanager
def workspace_errors(folder: Path) -> Iterator[None]:
    """Turn the operating system's errors in a folder into ``WorkspaceError``."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise WorkspaceError(
                f"{folder}: the disk is full; free some space and run the same again"
            ) from error
        raise WorkspaceError(
            f"{folder} cannot be written ({error.strerror or error}); check that it is a folder "
            "and that you may write there"
        ) from error


def _own_folder(incoming: Path) -> tuple[Path, int]:
    """Make this process's folder, and remove those whose processes are gone.

    A living process holds a lock on its folder. Whoever makes or removes folders holds the lock
    on all of them, so that none is removed between its making and its locking.
    """
    incoming.mkdir(parents=True, exist_ok=True)
    all_folders = _lock(incoming)
    try:
        for folder in incoming.iterdir():
            with suppress(BlockingIOError, NotADirectoryError, FileNotFoundError):
                _remove(folder, _lock(folder, wait=False))
        mine = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=incoming))
        return mine, _lock(mine)
    finally:
        os.close(all_folders)


def _lock(folder: Path, *, wait: bool = True) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
