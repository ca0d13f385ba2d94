"""Download: the folder of files, each named by its content."""

import errno
import fcntl
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from smart_image_scraper.disk import flush
from smart_image_scraper.errors import WorkspaceError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Files:
    """Keep files under ``ab/cd/<sha256>.<ending>``: whole, and equal ones once.

    New files are written in a folder of this process, ``incoming/…``, and renamed when they are
    done. What a killed process has left there is removed by the next one. A file that no record
    names yet has a note there, an empty file of its name; such notes the next process takes over.

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
        relative = _place(f"{sha256}.{ending}")
        target = self._root / relative
        with workspace_errors(self._root):
            # A file of another length is not what its name says: a disk that failed, or an
            # older program.
            if not target.is_file() or target.stat().st_size != path.stat().st_size:
                target.parent.mkdir(parents=True, exist_ok=True)
                # 3 ms a file on the disk it was measured on, while other files are decoded; the
                # database survives a loss of power, so what it names should.
                flush(path)
                path.replace(target)
                flush(target.parent)
        return relative.as_posix()

    def keep_unclaimed(self, path: Path, *, sha256: str, ending: str) -> str:
        """Keep a file as :meth:`keep` does, and note that no record names it yet.

        :meth:`claim` takes the note away. If the process ends before, :meth:`drop_unclaimed` of
        the next one looks whether there is a record.
        """
        with workspace_errors(self._root), _locked(self._incoming.parent, fcntl.LOCK_SH):
            (self._incoming / f"{sha256}.{ending}").touch()
            return self.keep(path, sha256=sha256, ending=ending)

    def claim(self, relative: str) -> None:
        """Note that a record names a file. Idempotent.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        with workspace_errors(self._root):
            (self._incoming / Path(relative).name).unlink(missing_ok=True)

    def drop_unclaimed(self, *, is_recorded: Callable[[str], bool]) -> None:
        """Remove what ended processes have kept and no record names.

        Args:
            is_recorded: Tells whether a record names the file of a relative path.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        for note in filter(_is_note, list(self._incoming.iterdir())):
            self.drop(_place(note.name).as_posix(), is_recorded=is_recorded)

    def drop(self, relative: str, *, is_recorded: Callable[[str], bool]) -> bool:
        """Remove a file, unless a record names it or another process is about to record it.

        In the latter case a note stays, by which the next process looks again. Idempotent.

        Args:
            relative: Its path.
            is_recorded: Tells whether a record names the file of a relative path. Until it has
                answered, no process keeps a file.

        Returns:
            Whether it is not there any more.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        path = self.path(relative)
        note = self._incoming / path.name
        folders = self._incoming.parent
        with workspace_errors(self._root), _locked(folders, fcntl.LOCK_EX):
            # A process takes its note away only once the file is recorded, so the notes of others
            # are looked for first.
            if any(other != note for other in folders.glob(f"*/{path.name}")):
                note.touch()
                return False
            is_needed = is_recorded(relative)
            if not is_needed and path.is_file():
                path.unlink()
                flush(path.parent)
            note.unlink(missing_ok=True)
            return not is_needed

    def path(self, relative: str) -> Path:
        """Return where a file is."""
        return self._root / relative

    def write(self, content: bytes, *, sha256: str, ending: str) -> str:
        """Put content in its place, as :meth:`keep` does.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        with self._written(content) as path:
            return self.keep(path, sha256=sha256, ending=ending)

    def write_unclaimed(self, content: bytes, *, sha256: str, ending: str) -> str:
        """Put content in its place, as :meth:`keep_unclaimed` does.

        Raises:
            WorkspaceError: The folder cannot be written.
        """
        with self._written(content) as path:
            return self.keep_unclaimed(path, sha256=sha256, ending=ending)

    @contextmanager
    def _written(self, content: bytes) -> Iterator[Path]:
        with self.incoming() as file:
            file.write(content)
            file.flush()
            yield Path(file.name)


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
            flush(folder)
    return len(named)


def _place(name: str) -> Path:
    return Path(name[:2], name[2:4], name)


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
    """Make this process's folder; of processes that are gone, remove theirs, but take over notes.

    A living process holds a lock on its folder. Whoever makes or removes folders holds the lock
    on all of them, so that none is removed between its making and its locking.
    """
    incoming.mkdir(parents=True, exist_ok=True)
    with _locked(incoming, fcntl.LOCK_EX):
        others = list(incoming.iterdir())
        mine = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=incoming))
        for folder in others:
            with suppress(BlockingIOError, NotADirectoryError, FileNotFoundError):
                _take_over(folder, mine=mine)
        return mine, _lock(mine, fcntl.LOCK_EX)


def _take_over(folder: Path, *, mine: Path) -> None:
    lock = _lock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    for note in filter(_is_note, folder.iterdir()):
        note.replace(mine / note.name)
    _remove(folder, lock)


@contextmanager
def _locked(folder: Path, kind: int) -> Iterator[None]:
    lock = _lock(folder, kind)
    try:
        yield
    finally:
        os.close(lock)


def _lock(folder: Path, kind: int) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, kind)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _is_note(path: Path) -> bool:
    # Files under way are numbered.
    return "." in path.name


def _remove(folder: Path, lock: int) -> None:
    """Remove a process's folder; if notes are in it, they stay for the next process."""
    with suppress(OSError):
        for path in folder.iterdir():
            if not _is_note(path):
                path.unlink(missing_ok=True)
        folder.rmdir()
    os.close(lock)
