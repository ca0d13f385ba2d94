"""Shards: typed rows in a Parquet file, a group of rows in memory at a time."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from smart_image_scraper.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa


class Kind(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    """A moment in UTC, with its zone."""
    TEXTS = "texts"


_TYPES: Mapping[Kind, Callable[[Any], Any]] = MappingProxyType(
    {
        Kind.TEXT: lambda arrow: arrow.string(),
        Kind.INTEGER: lambda arrow: arrow.int64(),
        Kind.REAL: lambda arrow: arrow.float64(),
        Kind.BOOLEAN: lambda arrow: arrow.bool_(),
        Kind.MOMENT: lambda arrow: arrow.timestamp("us", tz="UTC"),
        Kind.TEXTS: lambda arrow: arrow.list_(arrow.string()),
    }
)


def check_installed(*packages: str, form: str) -> None:
    """See that a format can be written, before anything else is done.

    Args:
        packages: What it needs.
        form: Its name.

    Raises:
        UsageError: One of the packages is not installed.
    """
    for name in packages:
        if find_spec(name) is None:
            raise UsageError(
                f"the format {form} needs {name}: pip install 'smart-image-scraper[export]'"
            )


class ParquetRows:
    """A Parquet file that is written row by row.

    Args:
        path: The file; made, or replaced.
        kinds: Of its columns, by their names, in order.
        group_size: How many rows are kept until they are written.
        about: What columns hold, in a sentence, by their names; kept with them.
    """

    def __init__(
        self,
        path: Path,
        *,
        kinds: Mapping[str, Kind],
        group_size: int,
        about: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        import pyarrow as pa  # noqa: PLC0415 — an extra
        from pyarrow import parquet  # noqa: PLC0415 — an extra

        self._schema = pa.schema(
            [
                pa.field(name, _TYPES[kind](pa), metadata={"about": about.get(name, "")})
                for name, kind in kinds.items()
            ]
        )
        self._group_size = group_size
        self._rows: list[bytes] = []
        # A file of ours, so that a full disk raises what Python raises for it.
        self._file = path.open("wb")
        # Arrow's own pool never gives back some 20 MB.
        self._pool = pa.system_memory_pool()
        self._writer = parquet.ParquetWriter(
            self._file, self._schema, compression="zstd", memory_pool=self._pool
        )

    def add(self, row: bytes) -> None:
        """Add a row: a JSON object with a value for each column, without a line break in it."""
        self._rows.append(row)
        if len(self._rows) >= self._group_size:
            self._flush()

    def end(self) -> None:
        """Write the rows that are left, and what ends the file."""
        self._flush()
        self._writer.close()

    def close(self) -> None:
        """Close the file, whole or not."""
        # Arrow's writer would end the file when it is collected, and complain that it is closed.
        self._writer.is_open = False
        self._file.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._table(), row_group_size=self._group_size)
            self._rows = []

    def _table(self) -> "pa.Table":
        # Arrow could make arrays of Python's values as well; but for that it imports pandas where
        # it finds it, 50 MB, and it would keep Python's lock meanwhile.
        from pyarrow import json  # noqa: PLC0415 — an extra

        lines = b"\n".join(self._rows)
        return json.read_json(
            BytesIO(lines),
            read_options=json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
            parse_options=json.ParseOptions(
                explicit_schema=self._schema, unexpected_field_behavior="error"
            ),
            memory_pool=self._pool,
        )
