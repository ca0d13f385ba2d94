"""The older scripts' record of a photo: 21 flat fields and ``_id``, one record for every hit.

Whatever of an imported record cannot be derived from the photo is kept beside its search hit, as
the text that stood there, so that the record can be written again exactly, however odd it was.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from smart_image_scraper.photo.json_text import decode, encode, members
from smart_image_scraper.photo.record import Photo, SearchHit
from smart_image_scraper.photo.scoring import Score
from smart_image_scraper.photo.sealed import EncryptedPhoto

OLDER_KEY_ID = "seed"
"""The id of the older scripts' one key, and of the tokens in their frames."""

COLUMNS = (
    "_id",
    "filename",
    "search term",
    "date of download",
    "time of download",
    "link",
    "title",
    "description",
    "date taken",
    "owner name",
    "path alias",
    "owner",
    "latitude",
    "longitude",
    "country",
    "city",
    "machine tags",
    "views",
    "tags",
    "exif data",
    "species prediction score",
    "cage prediction score",
)
"""``_id``, which the older scripts' database added, and their 21 fields, in their order."""

HIT_COLUMNS = ("_id", "filename", "date of download", "time of download")
"""The fields that belong to a hit: the photo may tell others later, and they must not change."""

RENEWED_COLUMNS = ("country", "city", "exif data")
"""The fields that our own stages find anew, from the file and the coordinates."""

PERSONAL_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "owner name": "owner_name",
        "path alias": "owner_path_alias",
        "owner": "owner_id",
        "exif data": "exif",
    }
)
"""The fields that are personal, with the name of the token that seals each."""

CONCEPT_COLUMNS: Mapping[str, str] = MappingProxyType(
    {"species prediction score": "monkey", "cage prediction score": "cage"}
)
"""The fields that are scores, with the concept that each is for."""

SCORE_MODEL = "google-vision-2021"
SCORE_FLOOR = 0.5
"""Google Vision answers no score below this one."""
NOT_ANSWERED = 0.49
"""What the older scripts wrote for a score below the floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderRow:
    """What an older frame says in one row and cannot be derived from the photo.

    Attributes:
        row: The row's position in its frame, from 0.
        label: The row's label, as its JSON text.
        columns: The frame's columns, in its order.
        cells: The JSON texts of what cannot be derived, by column. Personal fields are here only
            as tokens of the older scripts' key.
    """

    row: int
    label: str
    columns: tuple[str, ...]
    cells: Mapping[str, str]

    @classmethod
    def of(cls, hit: SearchHit) -> Self | None:
        """Return the older row of a search hit; ``None`` if the hit is our own."""
        if hit.older is None:
            return None
        row = hit.older["row"]
        return cls(
            row=row,
            label=hit.older.get("label", f'"{row}"'),
            columns=tuple(hit.older.get("columns", COLUMNS)),
            cells={str(decode(key)): cell for key, cell in members(hit.older["cells"])},
        )

    def as_mapping(self) -> dict[str, Any]:
        """Return the form that a search hit holds; what is as usual is left out."""
        cells = ",".join(f"{encode(name)}:{cell}" for name, cell in self.cells.items())
        mapping: dict[str, Any] = {"row": self.row, "cells": f"{{{cells}}}"}
        if self.label != f'"{self.row}"':
            mapping["label"] = self.label
        if self.columns != COLUMNS:
            mapping["columns"] = list(self.columns)
        return mapping


def derived_cells(photo: EncryptedPhoto, hit: SearchHit) -> dict[str, str]:
    """Return the record of a hit as JSON texts by column, as far as the photo tells it.

    There is no ``filename``: the older scripts numbered files in the order of their records.
    """
    values: dict[str, Any] = derived_values(photo.photo)
    for column, name in PERSONAL_COLUMNS.items():
        token = photo.tokens.get(name)
        values[column] = token and token.text
    identity = f"{photo.photo.id}\0{hit.run}\0{hit.term}"
    values["_id"] = hashlib.sha256(identity.encode()).hexdigest()[:24]
    values["search term"] = hit.term
    return {name: encode(values[name]) for name in COLUMNS if name in values}


def derived_values(photo: Photo) -> dict[str, float | int | str | None]:
    """Return the fields that are neither personal nor of one hit, as the older scripts meant them.

    They wrote 0, 0 for "no geotag", empty texts for "no place" and 0.49 for "not answered".
    """
    fetched_at = photo.file.fetched_at if photo.file else None
    point, place = photo.coordinates, photo.place
    taken = photo.taken.local if photo.taken else None
    return {
        "date of download": f"{fetched_at:%d/%m/%Y}" if fetched_at else None,
        "time of download": f"{fetched_at:%H:%M:%S}" if fetched_at else None,
        "link": _link(photo),
        "title": photo.title,
        "description": photo.description,
        "date taken": taken.isoformat(sep=" ", timespec="seconds") if taken else None,
        "latitude": point.latitude if point else 0.0,
        "longitude": point.longitude if point else 0.0,
        "country": (place and place.country) or "",
        "city": (place and place.city) or "",
        "machine tags": " ".join(photo.machine_tags),
        "views": photo.views,
        "tags": " ".join(photo.tags),
        **{column: _score(photo, concept) for column, concept in CONCEPT_COLUMNS.items()},
    }


def concept_score(photo: Photo, concept: str) -> Score | None:
    """Return the score of a concept: the older scripts' own, else the first; ``None`` if none."""
    scores = [score for score in photo.scores if score.concept == concept]
    return next((score for score in scores if score.model == SCORE_MODEL), next(iter(scores), None))


def _score(photo: Photo, concept: str) -> float | None:
    score = concept_score(photo, concept)
    if score is None:
        return None
    return NOT_ANSWERED if score.value is None else score.value


def _link(photo: Photo) -> str | None:
    if photo.file is not None and photo.file.url is not None:
        return photo.file.url
    return photo.sizes[0].url if photo.sizes else None
