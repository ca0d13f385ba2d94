"""Store: keep a server running while anyone uses it, and stop it when nobody does any more.

Run as a script of its own, from the standard library alone, so that it stays small::

    python -I -S supervisor.py USE_LOCK LOG COMMAND...

Every user holds a shared lock on ``USE_LOCK``. The supervisor waits for the exclusive one, which
the kernel gives it when the last user has gone, in whatever way that user ended.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

MAX_LOG_BYTES = 10 << 20
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def supervise(use_lock: Path, log: Path, *, command: list[str], log_check_s: float = 3600) -> int:
    """Run a server until it ends by itself, or nobody holds the lock any more.

    Args:
        use_lock: The file on which every user holds a shared lock.
        log: The server's log. The server must open it again on SIGUSR1.
        command: The server's absolute path and its arguments. SIGTERM must end it cleanly.
        log_check_s: How often the log's length is looked at.

    Returns:
        The server's exit code; negative for the signal that ended it.

    Raises:
        OSError: The command cannot be run.
    """
    libc, parent = ctypes.CDLL(None), os.getpid()
    server = subprocess.Popen(  # noqa: S603 — the command line is ours, and no shell reads it
        command,
        preexec_fn=lambda: _end_with(parent, libc=libc),  # noqa: PLW1509 — no thread runs yet
    )
    # The kernel has no wait for "the lock or the server's end": each is a thread's.
    threading.Thread(target=_stop_when_unused, args=(use_lock, server), daemon=True).start()
    threading.Thread(
        target=_keep_small, args=(log, server), kwargs={"check_s": log_check_s}, daemon=True
    ).start()
    return server.wait()


def rotate(log: Path) -> bool:
    """Rename a log of over 10 MB to ``<log>.1``, in place of the one before; say whether it was."""
    if not log.exists() or log.stat().st_size <= MAX_LOG_BYTES:
        return False
    log.replace(f"{log}.1")
    return True


def _end_with(
    parent: int, *, libc: ctypes.CDLL
) -> None:  # pragma: no cover — between fork and exec
    # The kernel ends the server cleanly if the supervisor is killed. Only Linux can; elsewhere the
    # next user finds a server without a supervisor and stops it.
    if sys.platform == "linux":
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


def _stop_when_unused(use_lock: Path, server: subprocess.Popen[bytes]) -> None:
    with use_lock.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.terminate()
        server.wait()  # with the lock held: who comes now waits until the server is gone


def _keep_small(log: Path, server: subprocess.Popen[bytes], *, check_s: float) -> None:
    while server.returncode is None:
        time.sleep(check_s)
        if rotate(log):
            server.send_signal(signal.SIGUSR1)


def main(arguments: list[str]) -> None:
    """Supervise the given command; say on stdout how it ended, for whoever waits for its start."""
    use_lock, log, *command = arguments
    try:
        code = supervise(Path(use_lock), Path(log), command=command)
    except OSError as error:
        print(f"{error.strerror}: {command[0]}")  # noqa: T201 — stdout is the report
    else:
        print(f"exit code {code}")  # noqa: T201 — as above


if __name__ == "__main__":
    main(sys.argv[1:])
