"""Export: CSV that a spreadsheet opens in any language (RFC 4180, UTF-8 with a byte order mark).

One photo a row: the older scripts' 21 fields under their names, then this project's own. What is
unknown is an empty cell. Spreadsheets run a text that begins like a formula, and anyone can give a
photo the title ``=HYPERLINK(…)``; such a text gets an apostrophe in front, and so does one that
begins with an apostrophe: taking one leading apostrophe off every text gives the exact text back.
Numbers are written as numbers.
"""

import csv
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.features import feature
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written
from smart_image_scraper.export.leaving import license_when_downloaded
from smart_image_scraper.photo import Photo, StatedName, StatedPlace
from smart_image_scraper.photo.json_text import decode
from smart_image_scraper.photo.older_record import (
    COLUMNS,
    CONCEPT_COLUMNS,
    HIT_COLUMNS,
    PERSONAL_COLUMNS,
    OlderRow,
    concept_score,
    derived_values,
)
from smart_image_scraper.photo.sealed import sensitive_values

MEDIA_TYPE = "text/csv"

OWN_COLUMNS = (
    *("id", "page url", "license", "license url", "sha256", "path", "width", "height"),
    *("country code", "region", "make", "model", "lens"),
    *("license when downloaded", "checked at", "gone"),
    *("stated neighbourhood", "stated locality", "stated county", "stated region"),
    *("stated country", "raw tags"),
    *("passed on under", "credit", "split"),
)
"""The columns after those of the older scripts. Then each concept's label and score come."""

_OLDER_COLUMNS = tuple(name for name in COLUMNS if name != "_id")
_HIT_COLUMNS = tuple(name for name in HIT_COLUMNS if name != "_id")
# https://owasp.org/www-community/attacks/CSV_Injection, with the full-width forms that
# spreadsheets in East Asian languages take for the same.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠'")  # noqa: RUF001 — see above

# Those of export.columns that are here under the same names, and hold the same.
_SAME_COLUMNS = (
    *("id", "title", "description", "latitude", "longitude", "country", "region", "city"),
    *("views", "sha256", "width", "height", "credit", "split"),
)
_NUMBERS = frozenset({"latitude", "longitude", "views", "width", "height", *CONCEPT_COLUMNS})
_LABEL, _SCORE = "label ", "score "
# Else the country NA, Namibia, is none, and neither is the title "None".
_READING = MappingProxyType({"keep_default_na": False, "na_values": [""]})

_Cell: TypeAlias = float | int | str | None


class Spreadsheet:
    """One file of rows, without the photos' files."""

    name = "csv"
    file = "photos.csv"
    needs_files = False

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries as ``photos.csv``; see :class:`Format`."""
        path = folder / self.file
        concepts = [f"{word}{each}" for each in options.concepts for word in (_LABEL, _SCORE)]
        names = [*_OLDER_COLUMNS, *OWN_COLUMNS, *concepts]
        photos = 0
        with path.open("x", encoding="utf-8-sig", errors="replace", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\r\n")
            writer.writeheader()
            for entry in entries:
                cells = _cells(entry.photo) | _entry_cells(entry)
                writer.writerow({name: _safe(cell) for name, cell in cells.items()})
                photos += 1
        return Written(
            photos=photos,
            files=(written_file(path, folder=folder, media_type=MEDIA_TYPE),),
            table=Table(pattern=self.file, media_type=MEDIA_TYPE, columns=_SAME_COLUMNS),
            features=tuple(feature(name, float if _is_number(name) else str) for name in names),
            reading=_READING,
        )


def _is_number(column: str) -> bool:
    return column in _NUMBERS or column.startswith(_SCORE)


def _entry_cells(entry: Entry) -> dict[str, _Cell]:
    labels = {
        f"{_LABEL}{concept}": "yes" if label else "no" for concept, label in entry.labels.items()
    }
    scores = {f"{_SCORE}{concept}": score for concept, score in entry.scores.items()}
    return {
        "passed on under": entry.license.word,
        "credit": entry.credit,
        "split": entry.split,
        **labels,
        **scores,
    }


def _cells(photo: Photo) -> dict[str, _Cell]:
    personal = sensitive_values(photo)
    cells: dict[str, _Cell] = {
        **derived_values(photo),
        **_known_numbers(photo),
        "search term": "; ".join(dict.fromkeys(hit.term for hit in photo.searches)),
        **{column: personal.get(name) for column, name in PERSONAL_COLUMNS.items()},
        **_hit_cells(photo),
        "id": photo.id,
        "page url": photo.page_url,
        "license": photo.license.word,
        "license url": photo.license.url,
        "checked at": photo.checked_at.isoformat(timespec="seconds") if photo.checked_at else None,
        "gone": photo.gone.reason.value if photo.gone else None,
    }
    if photo.file is not None:
        fetched_under = license_when_downloaded(photo)
        cells |= {
            "sha256": photo.file.sha256,
            "path": photo.file.path,
            "width": photo.file.width,
            "height": photo.file.height,
            "license when downloaded": None if fetched_under is None else fetched_under.word,
        }
    if any(" " in tag for tag in photo.tags):
        cells["tags"] = "; ".join(photo.tags)
    if photo.place is not None:
        cells |= {"country code": photo.place.country_code, "region": photo.place.region}
    return cells | _camera_cells(photo) | _stated_cells(photo)


def _camera_cells(photo: Photo) -> dict[str, _Cell]:
    """Return what the file says of the camera; where it is silent, what the site does."""
    cells: dict[str, _Cell] = {}
    for told in (photo.stated_camera, photo.inspection):
        for name in ("make", "model", "lens"):
            if (text := getattr(told, name, None)) is not None:
                cells[name] = text
    return cells


def _stated_cells(photo: Photo) -> dict[str, _Cell]:
    cells: dict[str, _Cell] = {}
    if photo.raw_tags:
        cells["raw tags"] = "; ".join(photo.raw_tags)
    for part in fields(StatedPlace) if photo.stated_place is not None else ():
        name: StatedName | None = getattr(photo.stated_place, part.name)
        cells[f"stated {part.name}"] = None if name is None else name.name
    return cells


def _known_numbers(photo: Photo) -> dict[str, _Cell]:
    # The older scripts wrote 0, 0 and 0.49 for what they did not know.
    point = photo.coordinates
    scores = {column: concept_score(photo, concept) for column, concept in CONCEPT_COLUMNS.items()}
    return {
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        **{column: score.value if score else None for column, score in scores.items()},
    }


def _hit_cells(photo: Photo) -> dict[str, _Cell]:
    """Return the file's name and when it was downloaded; an older record's, where there is one."""
    name = PurePosixPath(photo.file.path).name if photo.file else None
    older = next((row for hit in photo.searches if (row := OlderRow.of(hit))), None)
    cells = older.cells if older else {}
    kept = {column: decode(cells[column]) for column in _HIT_COLUMNS if column in cells}
    texts = {column: value for column, value in kept.items() if isinstance(value, str)}
    return {"filename": name, **texts}


def _safe(cell: _Cell) -> _Cell:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
