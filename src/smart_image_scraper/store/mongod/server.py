"""Store: one mongod for a database folder, shared by any number of processes.

Every user holds a shared kernel lock on ``use.lock``; a start is serialised by ``start.lock``. The
starter leaves a supervisor behind that waits for the exclusive lock on ``use.lock``, gets it when
the last user has gone (however it ended), stops mongod and ends. Nothing depends on process ids
that a process wrote down and then could not take back.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from io import FileIO
from pathlib import Path

from smart_image_scraper.errors import MongodError
from smart_image_scraper.store.mongod import supervisor
from smart_image_scraper.store.mongod.binary import find_mongod
from smart_image_scraper.store.mongod.command import command_line
from smart_image_scraper.store.mongod.failure import explain
from smart_image_scraper.store.mongod.folder import DatabaseFolder, explained
from smart_image_scraper.store.mongod.lock import (
    POLL_S,
    Lock,
    is_locked,
    try_lock,
    wait_for_lock,
)

# The loader's search path is all of the environment that the server may need; the rest may hold
# secrets, such as SIS_KEYS.
_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
# The shell ends at once and leaves the supervisor to init: no zombie, nothing to wait for.
_IN_BACKGROUND = ("/bin/sh", "-c", '"$@" &', "sis-db")


class ManagedMongod:
    """One mongod per database folder, shared by any number of processes.

    Nothing runs before ``acquire``. The server is stopped when its last user has released it or
    has ended, even by kill -9. An object that is dropped without ``release`` ends its use, too,
    with Python's warning. An object is for one thread. A child made by fork counts as one more
    user until it ends, and must make an object of its own.

    Args:
        folder: The database's folder, ``<workspace>/db``; made if absent.
        binary: The mongod to start; ``None`` looks for one (``find_mongod``) when it is needed.
        cache_gb: The server's cache, in GiB; ``None`` for a tenth of the memory, 0.25 to 2. What
            the process that starts the server asks for holds for all.
        timeout_s: How long a start, and the end of a stop under way, may take.
    """

    def __init__(
        self,
        folder: Path,
        *,
        binary: Path | None = None,
        cache_gb: float | None = None,
        timeout_s: float = 60,
    ) -> None:
        self._folder = DatabaseFolder(root=folder.resolve())
        self._binary = binary
        self._cache_gb = cache_gb
        self._timeout_s = timeout_s
        self._use: FileIO | None = None

    @property
    def uri(self) -> str:
        """The database's address, whether or not it runs."""
        return self._folder.uri

    def is_running(self) -> bool:
        """Whether the server takes connections, whoever started it."""
        return self._folder.answers()

    def acquire(self) -> str:
        """Become a user of the server, start it if it does not run, and return its address.

        If this object is a user already, only a server that has ended is started again. Acquiring
        is not counted: one ``release`` ends the use. After an error, it is no user.

        Raises:
            MongodError: There is no mongod, it ended while it started (the message has its last
                words), or it took too long.
            WorkspaceError: The folder cannot be written, its disk is full, or it is on a network
                file system.
        """
        deadline = time.monotonic() + self._timeout_s
        with ExitStack() as undo:
            undo.callback(self.release)
            self._folder.prepare()
            with explained(self._folder.root):
                self._become_user(deadline)
            undo.pop_all()
        return self.uri

    def release(self) -> None:
        """End this object's use; the last user's end stops the server. Harmless if repeated."""
        if self._use is not None:
            # Only closed, never unlocked: after a fork, LOCK_UN would take the other's lock, too.
            self._use.close()
            self._use = None

    def __enter__(self) -> str:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _become_user(self, deadline: float) -> None:
        try:
            if self._use is None:
                self._use = wait_for_lock(self._folder.use_lock, Lock.SHARED, deadline=deadline)
            with wait_for_lock(self._folder.start_lock, Lock.EXCLUSIVE, deadline=deadline):
                self._ensure_running(deadline)
        except TimeoutError as error:
            raise MongodError(
                f"the database in {self._folder.root} was not ready after {self._timeout_s:g} s"
                f" ({error}); try again, or see {self._folder.log}"
            ) from error

    def _ensure_running(self, deadline: float) -> None:
        """Wait until a supervised server answers; if there is no supervisor, start one, once."""
        log_size: int | None = None
        while True:
            supervisor_lock = try_lock(self._folder.supervisor_lock, Lock.EXCLUSIVE)
            if supervisor_lock is None:
                if self.is_running():
                    return
            elif log_size is None:
                with supervisor_lock:
                    self._end_orphan(deadline)
                    log_size = self._start(supervisor_lock)
            else:
                supervisor_lock.close()
                raise self._failed(since=log_size)
            if time.monotonic() > deadline:
                raise TimeoutError("mongod does not answer")
            time.sleep(POLL_S)

    def _end_orphan(self, deadline: float) -> None:
        """Stop a server whose supervisor was killed; on Linux the kernel has told it to end."""
        if not is_locked(self._folder.server_lock):
            return
        if pid := self._folder.server_pid():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        wait_for_lock(self._folder.server_lock, Lock.EXCLUSIVE, deadline=deadline).close()

    def _start(self, supervisor_lock: FileIO) -> int:
        """Start a supervisor that inherits its lock; return how long mongod's log was before."""
        folder = self._folder
        server = command_line(folder, binary=find_mongod(self._binary), cache_gb=self._cache_gb)
        supervisor.rotate(folder.log)
        log_size = folder.log.stat().st_size if folder.log.exists() else 0
        python = [sys.executable, "-I", "-S", supervisor.__file__]
        folder.output.touch(mode=0o600)
        with folder.output.open("wb") as output:
            subprocess.run(  # noqa: S603 — all of it is ours; the shell reads "$@" and nothing else
                [*_IN_BACKGROUND, *python, folder.use_lock, folder.log, *server],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(supervisor_lock.fileno(),),
                cwd=folder.root,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                umask=0o077,
                start_new_session=True,
                check=True,
            )
        return log_size

    def _failed(self, *, since: int) -> MongodError:
        reason = explain(self._folder.log, self._folder.output, since=since)
        return MongodError(f"mongod did not start in {self._folder.root}: {reason}")
