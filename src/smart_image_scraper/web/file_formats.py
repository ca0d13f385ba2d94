"""Serve: the formats that photos can be exported to as one file."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A format.

    Attributes:
        word: As ``sis export --format`` takes it; one of ``export.FORMATS``.
        name: What people call it.
        extension: Of its files, without the dot.
        media_type: Of its files.
        needs: The package in an extra that writes it; ``None`` if none does.
    """

    word: str
    name: str
    extension: str
    media_type: str
    needs: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it ready for JSON; each of them can hold personal fields."""
        return {
            "word": self.word,
            "name": self.name,
            "extension": self.extension,
            "personal": True,
        }


_ALL = (
    FileFormat(word="csv", name="CSV, for spreadsheets", extension="csv", media_type="text/csv"),
    FileFormat(
        word="json-lines",
        name="JSON lines, for programs",
        extension="jsonl",
        media_type="application/x-ndjson",
    ),
    FileFormat(
        word="geojson",
        name="GeoJSON, for maps",
        extension="geojson",
        media_type="application/geo+json",
    ),
    FileFormat(
        word="parquet",
        name="Parquet, for data frames",
        extension="parquet",
        media_type="application/vnd.apache.parquet",
        needs="pyarrow",
    ),
)
FORMATS = tuple(each for each in _ALL if each.needs is None or find_spec(each.needs))
"""Those that can be written here, the most used first."""
