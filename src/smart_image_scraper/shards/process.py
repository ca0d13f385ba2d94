"""Shards: how an export has them written by a process beside.

In a thread, each of the six system calls that a photo takes would wait for Python's lock after it,
and what makes the photos ready would wait as often.
"""

import fcntl
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Self, cast

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.shards.table import Kind
from smart_image_scraper.shards.tar import Sample

_MODULE = "smart_image_scraper.shards.writer"
# A second's photos: the process takes half a second to begin.
_BYTES_UNDER_WAY = 1 << 20
_BYTES_AT_ONCE = 1 << 16


class ShardProcess:
    """A process that writes shards while the next photos are made ready; see ``ShardWriter``.

    Every method may raise what an earlier call has raised there: ``WorkspaceError`` if a photo's
    file cannot be read, or if the process was ended by another; ``OSError`` if a shard cannot be
    written.

    Args:
        kinds: Of the tables' columns, by their names, in order.
        about: What columns hold, in a sentence, by their names.
    """

    def __init__(self, *, kinds: Mapping[str, Kind], about: Mapping[str, str]) -> None:
        # Of what lies in the folder where the export is run, nothing is imported (-P).
        command = [sys.executable, "-P", "-m", _MODULE, str(os.getpid())]
        self._process = subprocess.Popen(  # noqa: S603 — this interpreter with a module of ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=_BYTES_AT_ONCE,
            process_group=0,  # a terminal's Ctrl-C is for the caller, which stops this one
        )
        self._calls = cast("IO[bytes]", self._process.stdin)
        self._answer = cast("IO[bytes]", self._process.stdout)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):  # a system may allow less
                fcntl.fcntl(self._calls, fcntl.F_SETPIPE_SZ, _BYTES_UNDER_WAY)
        self._send((dict(kinds), dict(about)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._send(None)
                self._end()
        finally:
            self._process.kill()
            self._process.wait()
            for pipe in (self._calls, self._answer):
                with suppress(BrokenPipeError):
                    pipe.close()

    @property
    def id(self) -> int:
        """The process's id."""
        return self._process.pid

    def begin(self, path: str) -> None:
        """Begin a shard; nothing is there."""
        self._send(("begin", path))

    def add(self, path: str, sample: Sample) -> None:
        """Add a sample to a shard, and its row to the table."""
        self._send(("add", path, sample))

    def end(self, path: str) -> None:
        """Write what ends a shard and its table."""
        self._send(("end", path))

    def _send(self, call: object) -> None:
        try:
            self._calls.write(pickle.dumps(call, pickle.HIGHEST_PROTOCOL))
        except BrokenPipeError:
            self._end()

    def _end(self) -> None:
        """Wait for the end, and raise what went wrong."""
        with suppress(BrokenPipeError):
            self._calls.flush()
        try:
            error = pickle.load(self._answer)  # noqa: S301 — from the process that was begun above
        except (EOFError, pickle.UnpicklingError):
            raise WorkspaceError(
                f"the process that writes the shards ended too soon (code {self._process.wait()}); "
                "with code -9 it was killed, as the system does where memory runs out"
            ) from None
        if error is not None:
            raise error
