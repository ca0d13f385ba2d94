"""Export: tar files of photos, written as fast as the disk takes them.

The headers are the standard library's. Its ``tarfile`` and ``webdataset`` above it read each photo
into memory and write it in pieces of 10 kB: 0.6 of the rate of ``tar``, where this has more than
its rate (docs/performance.md).
"""

import os
import tarfile
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePath
from typing import Self

from smart_image_scraper.export.copies import copy_bytes, open_photo
from smart_image_scraper.export.entry import Entry

# Enough that the disk always has something to do, few enough that a stop is not waited for.
_CALLS_UNDER_WAY = 64


class Shard:
    """A tar file (POSIX ustar) of samples. The same samples make the same file, byte for byte.

    Args:
        path: Where; nothing is there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.photos = 0
        self._length = 0
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)

    def add(self, key: str, entry: Entry, *, beside: Mapping[str, bytes]) -> None:
        """Add a photo's file, and what belongs to it, as members ``key.ending``.

        Args:
            key: Of the sample; ASCII, without a dot.
            entry: The photo; the member ends as its file does.
            beside: What else there is, by its ending without the dot.

        Raises:
            WorkspaceError: The file cannot be read.
            OSError: The shard cannot be written.
        """
        from_ = open_photo(entry)
        try:
            length = os.fstat(from_).st_size
            self._write(_header(f"{key}{PurePath(str(entry.file_name)).suffix}", length))
            copy_bytes(from_, self._file, count=length)
        finally:
            os.close(from_)
        self._length += length
        members = [_padding(length)]
        for ending, content in beside.items():
            members += (_header(f"{key}.{ending}", len(content)), content, _padding(len(content)))
        self._write(b"".join(members))
        self.photos += 1

    def end(self) -> None:
        """Write what ends a tar file."""
        self._write(bytes(2 * tarfile.BLOCKSIZE))
        self._write(bytes(-self._length % tarfile.RECORDSIZE))

    def close(self) -> None:
        """Close the file, whole or not."""
        os.close(self._file)

    def _write(self, content: bytes) -> None:
        self._length += len(content)
        view = memoryview(content)
        while view:
            view = view[os.write(self._file, view) :]


def _header(name: str, length: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size = length
    return member.tobuf(tarfile.USTAR_FORMAT)


def _padding(length: int) -> bytes:
    return bytes(-length % tarfile.BLOCKSIZE)


class Background:
    """Calls that run one after another in a thread, while the next ones are prepared."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")
        self._under_way: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            self._thread.shutdown(cancel_futures=True)

    def call(self, work: Callable[[], None]) -> None:
        """Run something after all that was handed in before; wait if that is much.

        Raises what a call before has raised.
        """
        self._under_way.append(self._thread.submit(work))
        if len(self._under_way) > _CALLS_UNDER_WAY:
            self._under_way.popleft().result()

    def wait(self) -> None:
        """Wait until all is done; raise what a call has raised."""
        while self._under_way:
            self._under_way.popleft().result()
