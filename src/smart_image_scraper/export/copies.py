"""Export: copies of photos' files.

A file of a data set is never a hard link to that of the workspace: whoever turns or shrinks photos
in place would change both. Where the file system can, a copy shares the blocks, takes no room, and
is a file of its own all the same.
"""

import errno
import os
from pathlib import Path

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.export.entry import Entry

_CHUNK_BYTES = 1 << 20
_UNSUPPORTED = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM})


def copy_photo(entry: Entry, folder: Path) -> None:
    """Copy a photo's file into a folder, under its name in the data set.

    Raises:
        WorkspaceError: It cannot be read.
        OSError: It cannot be written.
    """
    from_ = open_photo(file_of(entry), of=entry.photo.id)
    try:
        to = folder / str(entry.file_name)
        into = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            copy_bytes(from_, into, count=os.fstat(from_).st_size)
        finally:
            os.close(into)
    finally:
        os.close(from_)


def file_of(entry: Entry) -> str:
    """Return where a photo's file is, in a format that needs files."""
    if entry.file is None:
        raise ValueError(f"{entry.photo.id} has no file, in a format that needs files")
    return str(entry.file)


def open_photo(file: str, *, of: str) -> int:
    """Open a photo's file, to read; return its descriptor.

    Raises:
        WorkspaceError: It cannot be read.
    """
    try:
        return os.open(file, os.O_RDONLY)
    except OSError as error:
        raise WorkspaceError(
            f"{of}: its file {file} cannot be read any more: {error.strerror}"
        ) from error


def copy_bytes(from_: int, into: int, *, count: int) -> None:
    """Copy bytes from one open file to another, from where both stand.

    Raises:
        WorkspaceError: There are fewer of them.
        OSError: They cannot be read or written.
    """
    left = count
    while left:
        copied = _copy_some(from_, into, count=left)
        if copied == 0:
            raise WorkspaceError(f"a photo's file became {left:,} bytes shorter while it was read")
        left -= copied


def _copy_some(from_: int, into: int, *, count: int) -> int:
    # Linux alone has it; it halves the time, since no byte goes through the program.
    if hasattr(os, "copy_file_range"):
        try:
            return os.copy_file_range(from_, into, count)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
    data = os.read(from_, min(count, _CHUNK_BYTES))
    view = memoryview(data)
    while view:
        view = view[os.write(into, view) :]
    return len(data)
