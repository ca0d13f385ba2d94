"""What is written survives a loss of power only when it is on the disk, which the system delays."""

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Have a file's content on the disk, or the names in a folder.

    A new name survives only when its folder is there, too.

    Raises:
        OSError: It is not there, or the disk fails.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
