"""Export: JSON lines, one photo a line, everything as it is.

Nested as the types are; unknown is ``null``, but personal fields that are sealed, or unknown, are
not there at all; times that end in ``_at`` are ISO 8601 in UTC, and
``taken.local`` is local time. What older frames keep beside a search hit stays out.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.features import Feature, feature, features_of
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written
from smart_image_scraper.photo import Inspection, License, Photo, SearchHit
from smart_image_scraper.photo.sealed import SENSITIVE_FIELDS

MEDIA_TYPE = "application/jsonlines"
# Those of export.columns that are here under the same names, and hold the same.
_SAME_COLUMNS = (
    *("id", "title", "description", "tags", "machine_tags", "views", "page_url"),
    *("favorite_count", "comment_count", "safety", "uploaded_at", "checked_at", "credit", "split"),
)
# 320 bytes that only the search for near-duplicates can use.
_WITHOUT = frozenset({"crop_hashes"})


class JsonLines:
    """One file of nested objects, without the photos' files."""

    name = "json-lines"
    file = "photos.jsonl"
    needs_files = False

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries as ``photos.jsonl``; see :class:`Format`."""
        path = folder / self.file
        photos = 0
        # A lone surrogate, which UTF-8 cannot hold, becomes a backslash and its number: in a JSON
        # text that is the very escape for it.
        with path.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            for entry in entries:
                file.write(f"{json.dumps(_entry_as_json(entry, options), ensure_ascii=False)}\n")
                photos += 1
        return Written(
            photos=photos,
            files=(written_file(path, folder=folder, media_type=MEDIA_TYPE),),
            table=Table(pattern=self.file, media_type=MEDIA_TYPE, columns=_SAME_COLUMNS),
            features=_features(options),
        )


def _features(options: WriteOptions) -> tuple[Feature, ...]:
    """Return what the values are that :func:`_entry_as_json` returns."""
    special = {"searches", "inspection", "failures"}
    sealed = () if options.personal else SENSITIVE_FIELDS
    texts = ("page_url", "license_url", "passed_on_under", "credit", "split")
    return (
        *features_of(Photo, but={*special, *sealed}),
        {"name": "searches", "list": features_of(SearchHit, but={"older"})},
        {"name": "inspection", "struct": features_of(Inspection, but=_WITHOUT)},
        # What failed here is nobody else's matter.
        {"name": "failures", "struct": []},
        *(feature(name, str) for name in texts),
        {"name": "labels", "struct": [feature(concept, bool) for concept in options.concepts]},
    )


def _entry_as_json(entry: Entry, options: WriteOptions) -> dict[str, Any]:
    return {
        **as_json(entry.photo),
        "passed_on_under": entry.license.word,
        "credit": entry.credit,
        "split": entry.split,
        "labels": {concept: entry.labels.get(concept) for concept in options.concepts},
    }


def as_json(photo: Photo) -> dict[str, Any]:
    """Return a photo as JSON values, with the addresses of its page and its licence."""
    values: dict[str, Any] = as_json_value(photo)
    for name in SENSITIVE_FIELDS:
        if values[name] is None:
            del values[name]
    if values["inspection"] is not None:
        for name in _WITHOUT:
            del values["inspection"][name]
    return {**values, "page_url": photo.page_url, "license_url": photo.license.url}


def as_json_value(value: Any) -> Any:  # noqa: ANN401, PLR0911 — one line for each kind of value
    """Return a value of our types as JSON values, nested as the types are."""
    if isinstance(value, License):
        return value.word
    if isinstance(value, SearchHit):
        return {"term": value.term, "run": value.run}
    if is_dataclass(value):
        return {part.name: as_json_value(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [as_json_value(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value
