"""Export: a folder that appears whole, at the end, or not at all.

Files are written into a folder beside, ``DIR.partial``, which takes the name ``DIR`` when all is
in it and on the disk. What a killed export has left there, the next one to the same place removes.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path

from smart_image_scraper.disk import flush
from smart_image_scraper.errors import UsageError, WorkspaceError
from smart_image_scraper.export.format import WrittenFile

MANIFEST = "manifest.json"
"""The file that every data set of ours has."""

_SIGN = b'"smart_image_scraper"'
_UNFINISHED = ".unfinished"
_NOTE = (
    "An export is writing here, or was killed. The next one to the same place removes this folder; "
    "you may as well.\n"
)
# Beyond, it takes longer to wait for each file than for the whole system: 3 ms a file.
_FILES_FLUSHED_EACH = 1_000


@contextmanager
def folder_written_whole(to: Path, *, private: bool, instead: bool = False) -> Iterator[Path]:
    """Make an empty folder beside a place, and put it there when all is written into it.

    Args:
        to: The place. An empty folder may be there.
        private: Whether other users of the machine may not look in, from its beginning.
        instead: Whether to replace a data set of ours that is there.

    Raises:
        UsageError: Something else is there, or has come there meanwhile, or it cannot be written
            there, or another export is writing there at this moment.
        WorkspaceError: Writing failed, as on a full disk.
    """
    if not to.name or to.name == "..":
        raise UsageError(f"{to}: name a folder that is not there yet")
    beside = to.with_name(f"{to.name}.partial")
    with ExitStack() as stack:
        with _told_of(to, "cannot be written there", as_=UsageError):
            _check_place(to, instead=instead)
            stack.enter_context(held(beside, private=private))
            _bring_back(to)
            _check_place(to, instead=instead)
        with _told_of(to, "cannot be written, and was not", as_=WorkspaceError):
            yield beside
            _flush(beside)
            # Hours may have passed, and somebody else may have put something there.
            _check_place(to, instead=instead)
            _put(beside, to)


def written_file(path: Path, *, folder: Path, media_type: str) -> WrittenFile:
    """Describe a file that was written into a data set's folder."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return WrittenFile(
        path=path.relative_to(folder).as_posix(),
        media_type=media_type,
        sha256=digest.hexdigest(),
        bytes=path.stat().st_size,
    )


@contextmanager
def _told_of(to: Path, what: str, *, as_: type[UsageError | WorkspaceError]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise as_(f"{to}: {what}: {error.strerror or error}") from error


def _check_place(to: Path, *, instead: bool) -> None:
    if not os.path.lexists(to):
        return
    if to.is_symlink():
        raise UsageError(f"{to}: this is a link; name the folder that it leads to, or another one")
    if not to.is_dir():
        raise UsageError(f"{to}: this is no folder; name one that is not there yet")
    if to.is_mount():
        raise UsageError(f"{to}: another disk begins here, and stays; name a folder in it")
    if not any(to.iterdir()):
        return
    if not _is_ours(to):
        raise UsageError(
            f"{to}: this folder is not empty, and no data set of ours; name another one"
        )
    if not instead:
        raise UsageError(f"{to}: a data set is there; name another folder, or use --replace")
    before = _before(to)
    if os.path.lexists(before) and not _is_ours(before):
        raise UsageError(f"{before}: this is in the way, and no data set of ours; remove it")


def _is_ours(folder: Path) -> bool:
    with suppress(OSError), (folder / MANIFEST).open("rb") as file:
        return _SIGN in file.read(4096)
    return False


@contextmanager
def held(beside: Path, *, private: bool) -> Iterator[None]:
    """Make a folder for an export and hold it for as long as the context is open.

    What a killed export has left there is removed first, and the folder if this one fails.

    Raises:
        UsageError: Something else is there, or another export is writing there at this moment.
        OSError: It cannot be made.
    """
    mode = 0o700 if private else 0o777
    try:
        beside.mkdir(mode)
    except FileExistsError:
        _remove_left(beside)
        beside.mkdir(mode)
    with _locked(beside):
        try:
            (beside / _UNFINISHED).write_text(_NOTE)
            yield
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    # The kernel takes the lock back from a process that ends, however it ends.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise UsageError(f"{folder}: another export is writing there; wait for it") from error
    finally:
        os.close(descriptor)


def _remove_left(beside: Path) -> None:
    """Remove what a killed export has left."""
    with _locked(beside):
        ours = _is_ours(beside) or (beside / _UNFINISHED).exists() or not any(beside.iterdir())
        if not ours:
            raise UsageError(f"{beside}: this is in the way, and no export of ours; remove it")
        shutil.rmtree(beside)


def _flush(folder: Path) -> None:
    """See that all of a folder survives a loss of power."""
    paths = list(islice(folder.rglob("*"), _FILES_FLUSHED_EACH + 1))
    if len(paths) > _FILES_FLUSHED_EACH:
        os.sync()
        return
    for path in (*paths, folder):
        flush(path)


def _put(beside: Path, to: Path) -> None:
    (beside / _UNFINISHED).unlink()
    if to.exists() and any(to.iterdir()):
        before = _before(to)
        to.rename(before)
        try:
            beside.rename(to)
        except OSError:
            before.rename(to)
            raise
        shutil.rmtree(before, ignore_errors=True)
    else:
        beside.rename(to)
    flush(to.parent)


def _before(to: Path) -> Path:
    return to.with_name(f"{to.name}.before")


def _bring_back(to: Path) -> None:
    """End what a killed export had begun: the data set that was to be replaced is whole still.

    One that is not killed may be between its two renames: only whoever holds the place may do this.
    """
    before = _before(to)
    if not _is_ours(before):
        return
    if to.exists():
        shutil.rmtree(before, ignore_errors=True)
    else:
        before.rename(to)
