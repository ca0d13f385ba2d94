"""Export: entries as rows of plain values, and JSON that is written piece by piece."""

import json
import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TextIO

from smart_image_scraper.export.columns import Column, Value
from smart_image_scraper.export.entry import Entry


def _written(value: Any) -> str:  # noqa: ANN401 — whatever JSON does not know
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(f"{value!r} cannot be written as JSON")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_written)


def row_of(entry: Entry, columns: Iterable[Column]) -> list[Value]:
    """Return the values of some columns, in their order, as JSON and UTF-8 can hold them.

    In texts, half a character becomes a replacement character; a number that is none is not known.
    """
    row = [column.value(entry) for column in columns]
    for index, value in enumerate(row):
        if isinstance(value, str):
            if not value.isascii():
                row[index] = whole_text(value)
        elif isinstance(value, float):
            if not math.isfinite(value):
                row[index] = None
        elif isinstance(value, tuple):
            row[index] = tuple(map(whole_text, value))
    return row


def json_row_of(entry: Entry, columns: Sequence[Column]) -> dict[str, Any]:
    """Return the values of some columns by their names, as JSON has them."""
    return {
        column.name: _written(value) if isinstance(value, datetime) else value
        for column, value in zip(columns, row_of(entry, columns), strict=True)
    }


def whole_text(text: str) -> str:
    """Return a text that UTF-8 can hold: a lone surrogate in it becomes a replacement character."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def json_text(value: Any) -> str:  # noqa: ANN401 — whatever JSON can hold
    """Return a value as JSON on one line, characters as people read them.

    Moments are ISO 8601 to the second: who guesses types from them takes all for the same.
    """
    return _ENCODER.encode(value)


class JsonList:
    """A JSON list that is written an item at a time.

    Args:
        file: Takes the text.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._between = "[\n"

    def add(self, item: Any) -> None:  # noqa: ANN401 — whatever JSON can hold
        """Write an item."""
        self._file.write(f"{self._between}{json_text(item)}")
        self._between = ",\n"

    def end(self) -> None:
        """Write what ends the list."""
        self._file.write("[]" if self._between == "[\n" else "\n]")
