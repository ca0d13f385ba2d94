"""Shards: tar files of photos, written as fast as the disk takes them.

The standard library's ``tarfile``, and ``webdataset`` above it, read each photo into memory and
write it in pieces of 10 kB, and fall behind ``tar``; docs/performance.md has the figures.
"""

import os
import tarfile
from pathlib import Path
from typing import NamedTuple

from smart_image_scraper.shards.copying import copy_bytes, open_photo

_HEADER = tarfile.TarInfo("").tobuf(tarfile.USTAR_FORMAT)
# Where a header has its member's length, and the sum of its bytes, these themselves as spaces
# (POSIX.1-2017, pax, ustar interchange format).
_LENGTH, _SUM = slice(124, 136), slice(148, 156)


class Sample(NamedTuple):
    """A photo of a shard, with what belongs to it.

    Attributes:
        key: ASCII, without a dot.
        photo: The photo's id, for messages.
        file: Its file.
        ending: Of the file's member, with the dot.
        caption: What its text says.
        values: Its values by the table's columns, as a JSON object on one line.
    """

    key: str
    photo: str
    file: str
    ending: str
    caption: str
    values: bytes


class Shard:
    """A tar file (POSIX ustar) of samples. The same samples make the same file, byte for byte.

    Args:
        path: Where; nothing is there.
    """

    def __init__(self, path: Path) -> None:
        self._length = 0
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)

    def add(self, sample: Sample) -> None:
        """Add a photo's file, its values and its caption, as members ``key.ending``.

        Raises:
            WorkspaceError: The file cannot be read.
            OSError: The shard cannot be written.
        """
        from_ = open_photo(sample.file, of=sample.photo)
        try:
            length = os.fstat(from_).st_size
            self._write(_header(sample.key + sample.ending, length))
            copy_bytes(from_, self._file, count=length)
        finally:
            os.close(from_)
        self._length += length
        members = [_padding(length)]
        for ending, content in ((".json", sample.values), (".txt", sample.caption.encode())):
            members += (
                _header(sample.key + ending, len(content)),
                content,
                _padding(len(content)),
            )
        self._write(b"".join(members))

    def end(self) -> None:
        """Write what ends a tar file."""
        self._write(bytes(2 * tarfile.BLOCKSIZE))
        self._write(bytes(-self._length % tarfile.RECORDSIZE))

    def flush(self) -> None:
        """Wait until all that was written is on the disk."""
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file, whole or not."""
        os.close(self._file)

    def _write(self, content: bytes) -> None:
        self._length += len(content)
        view = memoryview(content)
        while view:
            view = view[os.write(self._file, view) :]


def _header(name: str, length: int) -> bytes:
    """Return a member's header: that of the standard library with another name and length.

    Making one of these takes 12 µs, of which a photo has three.
    """
    block = bytearray(_HEADER)
    block[: len(name)] = name.encode("ascii")
    block[_LENGTH] = b"%011o\0" % length
    block[_SUM] = b" " * 8
    block[_SUM] = b"%06o\0 " % sum(block)
    return bytes(block)


def _padding(length: int) -> bytes:
    return bytes(-length % tarfile.BLOCKSIZE)
