"""Store: start, stop and look at the managed database without using it (``sis db``)."""

import errno
import os
import subprocess
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from smart_image_scraper.errors import MongodError
from smart_image_scraper.store.mongod.binary import end_of_life, find_mongod, mongod_version
from smart_image_scraper.store.mongod.folder import DatabaseFolder, explained
from smart_image_scraper.store.mongod.lock import (
    POLL_S,
    Lock,
    is_locked,
    try_lock,
    wait_for_lock,
)
from smart_image_scraper.store.mongod.server import ManagedMongod

# A user that was killed a moment ago is a user until the kernel has closed its files.
_GRACE_S = 0.5
# What `sis db start` leaves behind: it has inherited the locks, and waits for a writer of the pipe.
_HOLDER = ("/bin/sh", "-c", '{ read -r end < "$1"; } &', "sis-db-start")


@dataclass(frozen=True, slots=True, kw_only=True)
class MongodStatus:
    """What is known of a managed database.

    Attributes:
        is_running: Whether the server takes connections.
        is_held: Whether ``start`` keeps it running without users.
        uri: Its address, running or not.
        pid: The server's process id, while it runs.
        version: The running server's version, or else that of the mongod that would be started.
        end_of_life: The last day with security fixes for that version.
        disk_bytes: What the database takes of the disk; 0 if there is none yet.
        binary: The mongod that would be started; ``None`` if there is none.
    """

    is_running: bool
    is_held: bool
    uri: str
    pid: int | None
    version: str | None
    end_of_life: date | None
    disk_bytes: int
    binary: Path | None

    def warning(self, today: date) -> str | None:
        """Say that the version gets no security fixes any more; ``None`` while it does."""
        if self.end_of_life is None or today <= self.end_of_life:
            return None
        return (
            f"MongoDB {self.version} has had no security fixes since {self.end_of_life}; only this"
            " user can reach it, but install a newer mongod when you can"
        )


def start(folder: Path, *, binary: Path | None = None, cache_gb: float | None = None) -> str:
    """Start the server and keep it running until ``stop``; return its address. Idempotent.

    Args:
        folder: The database's folder, ``<workspace>/db``.
        binary: As for ``ManagedMongod``; likewise ``cache_gb``.
        cache_gb: In GiB.

    Raises:
        MongodError: As for ``ManagedMongod.acquire``.
        WorkspaceError: Likewise.
    """
    home = DatabaseFolder(root=folder.resolve())
    with ManagedMongod(folder, binary=binary, cache_gb=cache_gb) as uri, explained(home.root):
        _hold(home)
        return uri


def stop(folder: Path, *, timeout_s: float = 60) -> bool:
    """End what ``start`` began, and wait until the server has stopped.

    Returns:
        ``True`` if no server runs any more; ``False`` if other processes use it: it then stops
        when the last of them has ended.

    Raises:
        MongodError: It has not stopped in time.
        WorkspaceError: The folder's files cannot be opened.
    """
    home = DatabaseFolder(root=folder.resolve())
    deadline = time.monotonic() + timeout_s
    with explained(home.root):
        _let_go(home, deadline)
        return _wait_for_stop(home, deadline)


def status(folder: Path, *, binary: Path | None = None) -> MongodStatus:
    """Look at the database, without starting it or making its folder.

    Args:
        folder: The database's folder, ``<workspace>/db``.
        binary: The mongod that would be started, if it is set.

    Raises:
        WorkspaceError: The folder's files cannot be opened.
    """
    home = DatabaseFolder(root=folder.resolve())
    program = _program(binary)
    is_running = home.answers()
    version = _version(home, program)
    with explained(home.root):
        return MongodStatus(
            is_running=is_running,
            is_held=is_locked(home.holder_lock),
            uri=home.uri,
            pid=home.server_pid() if is_running else None,
            version=version,
            end_of_life=end_of_life(version) if version else None,
            disk_bytes=home.disk_bytes(),
            binary=program,
        )


def _hold(home: DatabaseFolder) -> None:
    """Leave a process behind that uses the server, unless there is one."""
    held = try_lock(home.holder_lock, Lock.EXCLUSIVE)
    if held is None:
        return
    with held:
        home.holder_end.unlink(missing_ok=True)
        os.mkfifo(home.holder_end, 0o600)
        with wait_for_lock(home.use_lock, Lock.SHARED, deadline=time.monotonic() + _GRACE_S) as use:
            subprocess.run(  # noqa: S603 — all of it is ours; the shell reads the pipe's path
                [*_HOLDER, home.holder_end],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(held.fileno(), use.fileno()),
                cwd=home.root,
                env={},
                start_new_session=True,
                check=True,
            )


def _let_go(home: DatabaseFolder, deadline: float) -> None:
    while is_locked(home.holder_lock):
        try:
            os.close(os.open(home.holder_end, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:  # nobody reads: the holder has just begun, or ended
                raise
        _pause(home, deadline)


def _wait_for_stop(home: DatabaseFolder, deadline: float) -> bool:
    grace_ends = time.monotonic() + _GRACE_S
    while is_locked(home.supervisor_lock) or home.answers():
        if _is_used(home) and time.monotonic() > grace_ends:
            return False
        _pause(home, deadline)
    return True


def _is_used(home: DatabaseFolder) -> bool:
    """Whether users hold the lock; a supervisor that is stopping the server is none."""
    if not is_locked(home.use_lock):
        return False
    shared = try_lock(home.use_lock, Lock.SHARED)
    if shared is not None:
        shared.close()
    return shared is not None


def _pause(home: DatabaseFolder, deadline: float) -> None:
    if time.monotonic() > deadline:
        raise MongodError(
            f"the database in {home.root} has not stopped in time; see {home.log}, or end process"
            f" {home.server_pid()}"
        )
    time.sleep(POLL_S)


def _program(setting: Path | None) -> Path | None:
    try:
        return find_mongod(setting)
    except MongodError:
        return None


def _version(home: DatabaseFolder, program: Path | None) -> str | None:
    """Ask the server, or else the program, for its version."""
    if not home.answers():
        return mongod_version(program) if program else None
    try:
        with MongoClient[dict[str, object]](home.uri, serverSelectionTimeoutMS=2000) as client:
            return str(client.server_info()["version"])
    except PyMongoError:  # it ended just now
        return None
