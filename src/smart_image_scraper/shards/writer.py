"""Shards: the process beside an export that writes them, each with its table.

``ShardProcess`` begins it, and sends what there is to do through its standard input. It does not
outlive the export: no call of one that was killed is begun any more.
"""

import os
import pickle
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.shards.table import Kind, ParquetRows
from smart_image_scraper.shards.tar import Sample, Shard

_ROWS_IN_GROUP = 500


class ShardWriter:
    """Writes shards, some at a time, and beside each a table of its samples.

    Args:
        kinds: Of the tables' columns, by their names, in order.
        about: What columns hold, in a sentence, by their names.
    """

    def __init__(self, *, kinds: Mapping[str, Kind], about: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._about = about
        self._open: dict[str, tuple[Shard, ParquetRows]] = {}
        # An export ends by having all on the disk, and that takes as long as to write it.
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._flushes: list[Future[None]] = []

    def begin(self, path: str) -> None:
        """Begin a shard; nothing is there."""
        table = Path(path).with_suffix(".parquet")
        shard = Shard(Path(path))
        rows = ParquetRows(table, kinds=self._kinds, group_size=_ROWS_IN_GROUP, about=self._about)
        self._open[path] = shard, rows

    def add(self, path: str, sample: Sample) -> None:
        """Add a sample to a shard, and its row to the table."""
        shard, rows = self._open[path]
        shard.add(sample)
        rows.add(sample.values)

    def end(self, path: str) -> None:
        """Write what ends a shard and its table; begin to have it on the disk."""
        shard, rows = self._open[path]
        shard.end()
        rows.end()
        rows.close()
        del self._open[path]
        self._flushes.append(self._thread.submit(_flush, shard))

    def wait(self) -> None:
        """Wait until all shards that came to their end are on the disk.

        Raises:
            OSError: One cannot be written there.
        """
        for flush in self._flushes:
            flush.result()

    def close(self) -> None:
        """Close what has not come to its end."""
        self._thread.shutdown()
        for shard, rows in self._open.values():
            shard.close()
            with suppress(OSError):  # a full disk, of which whoever closes this knows already
                rows.close()
        self._open.clear()


def _flush(shard: Shard) -> None:
    with closing(shard):
        shard.flush()


def answer(calls: BinaryIO, *, caller: int) -> OSError | WorkspaceError | None:
    """Do what is asked for, until ``None`` is; return what went wrong.

    Args:
        calls: Pickles of what a :class:`ShardWriter` takes, then of names of its methods with
            their arguments.
        caller: The process that asks; when it ends, nothing more is done.

    Raises:
        EOFError: The caller ended; :class:`pickle.UnpicklingError` if it did in mid-sentence.
    """
    kinds, about = pickle.load(calls)  # noqa: S301 — from the process that began this one
    writer = ShardWriter(kinds=kinds, about=about)
    try:
        while (call := pickle.load(calls)) is not None:  # noqa: S301 — as above
            if os.getppid() != caller:
                raise EOFError
            name, *arguments = call
            getattr(writer, name)(*arguments)
        writer.wait()
    except (OSError, WorkspaceError) as error:
        return error
    finally:
        writer.close()
    return None


def main() -> None:
    """Answer the process that began this one, whose id is the argument."""
    with suppress(EOFError, pickle.UnpicklingError, BrokenPipeError):
        error = answer(sys.stdin.buffer, caller=int(sys.argv[1]))
        pickle.dump(error, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
