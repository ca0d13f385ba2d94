"""Train: labels that a person wrote into a CSV file."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smart_image_scraper.errors import UsageError

_YES = frozenset({"true", "yes", "1", "x"})
_NO = frozenset({"false", "no", "0"})
_NAMES = ("id", "filename")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """What a file says of a photo.

    Attributes:
        name: The photo's id, or the name of its file.
        answers: By concept; what the file leaves empty is not there.
    """

    name: str
    answers: Mapping[str, bool]


def read_labels(path: Path, *, concepts: tuple[str, ...]) -> list[LabelRow]:
    """Read a CSV file with a column ``id`` or ``filename``, and one for each concept.

    ``true``, ``yes``, ``1``, ``x`` are yes; ``false``, ``no``, ``0`` are no; nothing is unknown.

    Raises:
        UsageError: It cannot be read, lacks a column, or has another word in a cell.
    """
    try:
        # Spreadsheets write a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            columns = rows.fieldnames or []
            name = next((each for each in _NAMES if each in columns), None)
            if name is None or not any(concept in columns for concept in concepts):
                raise UsageError(
                    f"{path}: it takes a column 'id' or 'filename', and at least one of "
                    f"{', '.join(map(repr, concepts))}; its columns are {', '.join(columns)}"
                )
            return [_row(row, name=name, concepts=concepts, path=path) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: the labels cannot be read: {error}") from error


def _row(
    row: Mapping[str, str | None], *, name: str, concepts: tuple[str, ...], path: Path
) -> LabelRow:
    answers = {}
    for concept in concepts:
        word = (row.get(concept) or "").strip().casefold()
        if word and word not in _YES | _NO:
            raise UsageError(
                f"{path}: {row[name]!r} has {word!r} for {concept!r}; write true, false or nothing"
            )
        if word:
            answers[concept] = word in _YES
    return LabelRow(name=row[name] or "", answers=answers)
