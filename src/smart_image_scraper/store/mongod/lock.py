"""Store: kernel locks on files. The kernel frees them however their holder ends."""

import fcntl
import os
import time
from contextlib import ExitStack
from enum import IntEnum
from io import FileIO
from pathlib import Path

POLL_S = 0.01


class Lock(IntEnum):
    """How a file is locked: by any number at once, or by one alone."""

    SHARED = fcntl.LOCK_SH
    EXCLUSIVE = fcntl.LOCK_EX


def try_lock(path: Path, kind: Lock) -> FileIO | None:
    """Lock a file, made if absent, unless others hold a lock that excludes this one.

    Returns:
        The open file, which holds the lock until it is closed; programs that this process starts
        do not inherit it. ``None`` if the lock cannot be had now.

    Raises:
        OSError: The file cannot be made or opened, or its file system has no locks.
    """
    file = FileIO(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))
    with ExitStack() as undo:
        undo.callback(file.close)
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        undo.pop_all()
    return file


def wait_for_lock(path: Path, kind: Lock, *, deadline: float) -> FileIO:
    """Lock a file as ``try_lock`` does, waiting for it until a time of ``time.monotonic``.

    Raises:
        TimeoutError: Others held it all the time.
        OSError: As for ``try_lock``.
    """
    while (file := try_lock(path, kind)) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"other processes keep {path.name} locked")
        time.sleep(POLL_S)
    return file


def is_locked(path: Path) -> bool:
    """Whether anyone holds a lock on a file; one that is absent is not locked, and not made."""
    if not path.exists():
        return False
    file = try_lock(path, Lock.EXCLUSIVE)
    if file is not None:
        file.close()
    return file is None
