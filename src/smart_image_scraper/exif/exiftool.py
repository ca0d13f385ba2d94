"""Inspect: exiftool as one long-lived process (https://exiftool.org/exiftool_pod.html).

It reads every camera's notes and survives damaged files. Files are hostile input to it: it has
no settings of its own, cannot write into files, and has limits of memory and time. It runs as the
same user.
"""

import contextlib
import json
import os
import resource
import selectors
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from smart_image_scraper.errors import InspectError

# Older ones execute what crafted files (CVE-2021-22204) or file names (CVE-2022-23935) tell them.
_OLDEST = (12, 38)
# A thousand files are read at the speed of one process; a leak or a slow poison ends with them.
_FILES_PER_PROCESS = 1_000
_MAX_REPLY_BYTES = 16 * 2**20
_LIMITS = {
    resource.RLIMIT_AS: 2**30,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_CPU: 600,
}
# Pictures and films inside the file, some of them other than what its owner shows.
_LEFT_OUT = (
    *("ThumbnailImage", "PreviewImage", "JpgFromRaw", "OtherImage", "PhotoshopThumbnail"),
    *("ThumbnailTIFF", "MPImage2", "MPImage3", "DepthMapTiff", "EmbeddedVideoFile"),
    *("MotionPhotoVideo", "EmbeddedAudioFile"),
)
# What is not metadata of the file: its place on the disk, and the colours' profile, which stays in
# it. A tenth of the time goes into them.
_OTHER_GROUPS = ("System", "ICC_Profile")
_OPTIONS = (
    *("-json", "-long", "-decimal", "-groupNames1", "-duplicates", "-struct", "-binary"),
    *("-unknown", "-charset", "filename=utf8", "-all"),
    *(f"--{name}" for name in _LEFT_OUT),
    *(f"--{group}:all" for group in _OTHER_GROUPS),
)


class ExifTool:
    """Read files' metadata with exiftool, started when it is first needed.

    It is for one thread; workers have one each. Use it as a context manager, or ``close`` it.

    Args:
        program: The path of ``exiftool``, as :func:`find_exiftool` finds it.
        timeout_s: How long one file may take.
        start_s: How long the start of the process may take.
    """

    def __init__(self, program: Path, *, timeout_s: float = 2.0, start_s: float = 20.0) -> None:
        self._program = program
        self._timeout_s = timeout_s
        self._start_s = start_s
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, path: Path) -> dict[str, Any]:
        """Return a file's tags as exiftool gives them: ``{"IFD0:Make": {"val": "Canon", …}, …}``.

        Raises:
            InspectError: It did not answer in time, or not with JSON, or ended; the next file
                gets a new process. The reason is ``timeout`` or ``unreadable``.
        """
        if "\n" in str(path) or str(path).endswith("|"):
            raise InspectError(f"{path!s:.200}: exiftool takes no such file name", reason="name")
        try:
            reply = self._ask(path)
            # Numbers that would lose something, such as "1.50", stay the texts that they are.
            return dict(json.loads(reply.decode(errors="replace"), parse_float=_number)[0])
        except TimeoutError as error:
            self.close()
            raise InspectError(
                f"{path.name}: exiftool gave no answer within {self._timeout_s:g} s; the metadata "
                "was read without it",
                reason="timeout",
            ) from error
        except (OSError, ValueError, LookupError, RecursionError) as error:
            self.close()
            raise InspectError(
                f"{path.name}: exiftool could not read the file ({error})", reason="unreadable"
            ) from error

    def close(self) -> None:
        """End the process, if there is one; a later read starts another."""
        if self._process is None:
            return
        with self._process as process:
            process.kill()
            with contextlib.suppress(OSError):
                # What was not yet sent when it ended.
                process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
        self._process = None

    def _ask(self, path: Path) -> bytes:
        if self._files % _FILES_PER_PROCESS == 0:
            self.close()
        if self._process is None:
            self._process = _start(self._program)
            # How long a start takes is the machine's matter, not the file's.
            self._execute(self._process, ("-ver",), number=0, timeout_s=self._start_s)
        self._files += 1
        arguments = (*_OPTIONS, os.path.abspath(path))  # noqa: PTH100 — absolute() keeps ".."
        return self._execute(
            self._process, arguments, number=self._files, timeout_s=self._timeout_s
        )

    @staticmethod
    def _execute(
        process: subprocess.Popen[bytes],
        arguments: tuple[str, ...],
        *,
        number: int,
        timeout_s: float,
    ) -> bytes:
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise OSError("its pipes are closed")
        stdin.write("\n".join((*arguments, f"-execute{number}", "")).encode())
        stdin.flush()
        end = f"{{ready{number}}}\n".encode()
        deadline = time.monotonic() + timeout_s
        return _read_until(end, descriptor=stdout.fileno(), deadline=deadline)


def find_exiftool() -> tuple[Path, str] | None:
    """Return the path and version of the installed exiftool; ``None`` if none is fit for use."""
    program = shutil.which("exiftool")
    if program is None:
        return None
    try:
        reply = subprocess.run(  # noqa: S603 — a program from the user's own PATH
            [program, "-config", "", "-ver"], capture_output=True, text=True, timeout=10, check=True
        )
        version = reply.stdout.strip()
        numbers = tuple(map(int, version.split(".")))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return (Path(program), version) if numbers >= _OLDEST else None


def _start(program: Path) -> subprocess.Popen[bytes]:
    # At the end of its input it goes on waiting for more, so that it would outlive a program that
    # was killed. The kernel ends it with the thread that started it, where it can be asked to.
    setpriv = shutil.which("setpriv")
    with_us = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    process = subprocess.Popen(  # noqa: S603 — the path that find_exiftool found
        [*with_us, program, "-config", "", "-stay_open", "True", "-@", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # No keys and settings of ours; no locale that would change its answers.
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        start_new_session=True,
    )
    # Only Linux limits a process that runs already; elsewhere there are the timeouts.
    if hasattr(resource, "prlimit"):
        for limit, value in _LIMITS.items():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(process.pid, limit, (value, value))
    return process


def _read_until(end: bytes, *, descriptor: int, deadline: float) -> bytes:
    reply = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not reply.endswith(end):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            part = os.read(descriptor, 2**16)
            if not part or len(reply) > _MAX_REPLY_BYTES:
                raise OSError("it ended, or its answer has no end")
            reply += part
    return bytes(reply[: -len(end)])


def _number(text: str) -> float | str:
    number = float(text)
    return number if repr(number) == text else text
