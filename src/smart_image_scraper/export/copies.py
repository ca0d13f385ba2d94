"""Export: copies of photos' files.

A file of a data set is never a hard link to that of the workspace: whoever turns or shrinks photos
in place would change both. Where the file system can, a copy shares the blocks, takes no room, and
is a file of its own all the same.
"""

import os
from pathlib import Path

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.shards.copying import copy_bytes, open_photo


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
    return entry.file
