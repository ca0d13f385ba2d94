"""Store: the folder of the managed local database, what lies in it, and where it cannot be."""

import errno
import hashlib
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from smart_image_scraper.errors import WorkspaceError

# Their locks or memory maps are not those of a local disk; MongoDB's production notes advise
# against them, and against the shared folders of virtual machines (vboxsf).
_NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "ceph", "cifs", "glusterfs", "nfs", "nfs4", "smb2", "smb3", "smbfs", "vboxsf"}
    | {"fuse.ceph", "fuse.gcsfuse", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
)
_MAX_SOCKET_PATH_BYTES = 100  # sun_path has room for 107 on Linux, 103 on macOS
_NEW_DATABASE_BYTES = 150 << 20  # the journal alone reserves 80 MB
_OLD_DATABASE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFolder:
    """The folder of one managed local database. Nothing is read or made until it is asked for.

    Attributes:
        root: The folder, absolute and without symbolic links: all users must name one socket.
    """

    root: Path

    @property
    def data(self) -> Path:
        """MongoDB's own files."""
        return self.root / "data"

    @property
    def server_lock(self) -> Path:
        """The file that mongod locks while it runs, with its process id in it."""
        return self.data / "mongod.lock"

    @property
    def use_lock(self) -> Path:
        """Shared by the users, exclusive for the supervisor that stops the server."""
        return self.root / "use.lock"

    @property
    def start_lock(self) -> Path:
        """Held around "look whether it runs, then start it"."""
        return self.root / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.root / "supervisor.lock"

    @property
    def holder_lock(self) -> Path:
        """Held by the process that uses the database for nobody (``sis db start``)."""
        return self.root / "holder.lock"

    @property
    def holder_end(self) -> Path:
        """The pipe on which that process waits; whoever opens it for writing ends it."""
        return self.root / "holder.end"

    @property
    def log(self) -> Path:
        """MongoDB's log, one JSON object a line."""
        return self.root / "mongod.log"

    @property
    def output(self) -> Path:
        """What the last start printed, and how the server ended."""
        return self.root / "mongod.out"

    @property
    def socket(self) -> Path:
        """The server's unix socket: in the folder, or in ``/tmp`` where that path cannot be one."""
        path = self.root / "mongod.sock"
        # mongod takes a list of addresses, so that a comma would end the path.
        if len(os.fsencode(path)) <= _MAX_SOCKET_PATH_BYTES and "," not in str(path):
            return path
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return _short_folder() / f"{name}.sock"

    @property
    def uri(self) -> str:
        """The database's address for MongoDB's drivers."""
        # Without the journal, kill -9 of the server loses writes that it has acknowledged.
        where = quote(str(self.socket), safe="")
        return f"mongodb://{where}/?directConnection=true&journal=true"

    def answers(self) -> bool:
        """Whether a server takes connections."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self.socket))
            except OSError:
                return False
            return True

    def server_pid(self) -> int | None:
        """Return the server's process id, or ``None`` where none runs."""
        with suppress(OSError, ValueError):
            return int(self.server_lock.read_text())
        return None

    def disk_bytes(self) -> int:
        """Return how much of the disk the database takes."""
        total = 0
        for path in self.root.rglob("*"):
            with suppress(FileNotFoundError):  # a file that MongoDB removed just now
                total += path.lstat().st_blocks * 512
        return total

    def prepare(self) -> None:
        """Make the folders, closed to other users; do nothing if all is there.

        Raises:
            WorkspaceError: The folder cannot be made or written, is on a network file system, or
                its disk is full.
        """
        with explained(self.root):
            check_local(self.root)
            for folder in (self.data, self.root, self.socket.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _close_to_others(folder)
            check_space(self, free=shutil.disk_usage(self.data).free)


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn what the operating system says of the folder's files into an error for a person.

    Raises:
        WorkspaceError: The block met an ``OSError`` that is no ``TimeoutError``.
    """
    try:
        yield
    except TimeoutError:
        raise
    except OSError as error:
        if error.errno in {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise _no_place(root, "a file system without locks") from error
        raise WorkspaceError(
            f"the database folder {root} cannot be used: {error.strerror}"
            f" ({error.filename or root}); make it writable, or choose another workspace"
        ) from error


def check_local(root: Path, *, mounts: str | None = None) -> None:
    """Refuse a folder on a network file system.

    Args:
        root: Absolute, without symbolic links; need not exist.
        mounts: In the form of ``/proc/self/mountinfo``, which is read if it is ``None``. Where
            there is none (macOS), nothing is refused.

    Raises:
        WorkspaceError: The folder is on one.
    """
    if mounts is None:
        source = Path("/proc/self/mountinfo")
        mounts = source.read_text(errors="surrogateescape") if source.exists() else ""
    kind = _file_system(root, mounts)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise _no_place(root, f"a network file system ({kind})")


def check_space(folder: DatabaseFolder, *, free: int) -> None:
    """Refuse to start on a full disk, where mongod would begin and then wait or abort.

    Args:
        folder: The database's folder; one without data needs more.
        free: The bytes that are free on its disk.

    Raises:
        WorkspaceError: They are not enough.
    """
    is_new = not (folder.data / "WiredTiger").exists()
    needed = _NEW_DATABASE_BYTES if is_new else _OLD_DATABASE_BYTES
    if free < needed:
        raise WorkspaceError(
            f"the disk of {folder.root} is full: {free >> 20} MB are free, and the database needs"
            f" {needed >> 20} MB to start; free some space, or choose another workspace"
        )


def _file_system(root: Path, mounts: str) -> str | None:
    """Return the type of the file system that is mounted deepest above a path, the last if many."""
    deepest, kind = 0, None
    for line in mounts.splitlines():
        # man 5 proc: id parent major:minor root MOUNT-POINT options [optional fields] - TYPE …
        place, _, rest = line.partition(" - ")
        point = Path(re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), place.split()[4]))
        if root.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, kind = len(point.parts), rest.split()[0]
    return kind


def _no_place(root: Path, what: str) -> WorkspaceError:
    return WorkspaceError(
        f"the database folder {root} is on {what}, where MongoDB loses data;"
        " choose a workspace on a local disk, or set SIS_DB to the URI of a server"
    )


def _short_folder() -> Path:
    # Neither $TMPDIR nor $XDG_RUNTIME_DIR: processes with other environments (cron, a service)
    # must find the same socket. The folder is checked before use.
    return Path("/tmp") / f"sis-{os.getuid()}"  # noqa: S108 — as said above


def _close_to_others(folder: Path) -> None:
    state = folder.lstat()
    if state.st_uid != os.getuid() or folder.is_symlink():
        raise WorkspaceError(f"the folder {folder} belongs to another user; remove or rename it")
    if state.st_mode & 0o077:
        folder.chmod(0o700)
