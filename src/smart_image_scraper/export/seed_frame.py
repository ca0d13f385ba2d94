"""Export: the older scripts' frame, as ``pandas.DataFrame.to_json`` writes it.

One row for every search hit. Rows that came from a frame come back exactly, in their order and
before all others; an imported frame that is exported alone is the same file, byte for byte.
Personal fields are the tokens that are stored: those of our own vault open with it alone, because
they are bound to their photo, which the older scripts' tokens were not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TextIO
from urllib.parse import urlsplit

from smart_image_scraper.export.file import Manifest, written_whole
from smart_image_scraper.photo import EncryptedPhoto, SearchHit
from smart_image_scraper.photo.json_text import encode
from smart_image_scraper.photo.older_record import COLUMNS, OlderRow, derived_cells

_NO_HIT = SearchHit(term="", run="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row of the frame; ``stem`` and ``ending`` are what its file's name is made of."""

    run: str
    older: OlderRow | None
    cells: Mapping[str, str]
    stem: str
    ending: str


def write(photos: Iterable[EncryptedPhoto], *, to: Path, private: bool = False) -> Manifest:
    """Write photos as a frame, which is put together in memory: it is one object of columns.

    Raises:
        UsageError: The file's folder is not there or cannot be written to.
        WorkspaceError: Writing failed, as on a full disk.
    """
    count = 0
    rows: list[_Row] = []
    for photo in photos:
        count += 1
        rows += _rows(photo)
    older = sorted((row for row in rows if row.older), key=_position)
    rows = _named([*older, *(row for row in rows if not row.older)])
    with written_whole(to, private=private) as file:
        _write_columns(file, rows)
    return Manifest(path=to, photos=count, rows=len(rows))


def _rows(photo: EncryptedPhoto) -> Iterator[_Row]:
    for hit in photo.photo.searches or (_NO_HIT,):
        older = OlderRow.of(hit)
        kept = older.cells if older else {}
        words = re.sub(r"\W+", "_", hit.term).strip("_")
        yield _Row(
            run=hit.run,
            older=older,
            cells={**derived_cells(photo, hit), **kept},
            stem=f"{photo.photo.id.site}_{words}",
            ending=_ending(photo),
        )


def _ending(photo: EncryptedPhoto) -> str:
    if photo.photo.file is not None:
        return PurePosixPath(photo.photo.file.path).suffix
    url = photo.photo.sizes[0].url if photo.photo.sizes else ""
    return PurePosixPath(urlsplit(url).path).suffix or ".jpg"


def _position(row: _Row) -> tuple[str, int]:
    return row.run, row.older.row if row.older else 0


def _named(rows: Sequence[_Row]) -> list[_Row]:
    """Number the files that have no name yet, per search term, past the names that are taken."""
    taken = {row.cells["filename"] for row in rows if "filename" in row.cells}
    numbers: Counter[str] = Counter()
    named = []
    for row in rows:
        cells = row.cells
        while "filename" not in cells:
            name = encode(f"{row.stem}-{numbers[row.stem]}{row.ending}")
            numbers[row.stem] += 1
            if name not in taken:
                cells = {**cells, "filename": name}
        named.append(replace(row, cells=cells))
    return named


def _write_columns(file: TextIO, rows: Sequence[_Row]) -> None:
    labels = _labels(rows)
    columns = {row.older.columns if row.older else COLUMNS for row in rows}
    names = columns.pop() if len(columns) == 1 else COLUMNS
    for number, name in enumerate(names):
        file.write(f"{',' if number else '{'}{encode(name)}:{{")
        file.writelines(
            f"{',' if position else ''}{label}:{row.cells[name]}"
            for position, (label, row) in enumerate(zip(labels, rows, strict=True))
        )
        file.write("}")
    file.write("}")


def _labels(rows: Sequence[_Row]) -> list[str]:
    """Return the labels of the frame that the rows came from, else their numbers."""
    labels = [row.older.label for row in rows if row.older]
    if len(labels) == len(rows) == len(set(labels)):
        return labels
    return [f'"{number}"' for number in range(len(rows))]
