"""Serve: the formats that photos can be exported to as one file."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A format.

    Attributes:
        word: As ``sis export --format`` takes it.
        name: What people call it.
        extension: Of its files, without the dot.
        media_type: Of its files.
    """

    word: str
    name: str
    extension: str
    media_type: str

    def as_json(self) -> dict[str, Any]:
        """Return it ready for JSON; each of them can hold personal fields."""
        return {
            "word": self.word,
            "name": self.name,
            "extension": self.extension,
            "personal": True,
        }


FORMATS = (
    FileFormat(word="csv", name="CSV, for spreadsheets", extension="csv", media_type="text/csv"),
    FileFormat(
        word="json-lines",
        name="JSON lines, for programs",
        extension="jsonl",
        media_type="application/x-ndjson",
    ),
    FileFormat(
        word="parquet",
        name="Parquet, for data frames",
        extension="parquet",
        media_type="application/vnd.apache.parquet",
    ),
    FileFormat(
        word="geojson",
        name="GeoJSON, for maps",
        extension="geojson",
        media_type="application/geo+json",
    ),
)
"""All of them, the most used first."""
