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

from smart_image_scraper.export.exporter import Manifest, written_whole
from smart_image_scraper.photo import License, Photo, SearchHit
from smart_image_scraper.photo.sealed import SENSITIVE_FIELDS


def write(photos: Iterable[Photo], *, to: Path, private: bool = False) -> Manifest:
    """Write photos as JSON lines, UTF-8, one at a time.

    Raises:
        UsageError: The file's folder is not there or cannot be written to.
        WorkspaceError: Writing failed, as on a full disk.
    """
    lines = 0
    # A lone surrogate, which UTF-8 cannot hold, becomes a backslash and its number: in a JSON
    # text that is the very escape for it.
    with written_whole(to, private=private, errors="backslashreplace") as file:
        for photo in photos:
            file.write(f"{json.dumps(as_json(photo), ensure_ascii=False)}\n")
            lines += 1
    return Manifest(path=to, photos=lines, rows=lines)


def as_json(photo: Photo) -> dict[str, Any]:
    """Return a photo as JSON values, with the addresses of its page and its licence."""
    values: dict[str, Any] = as_json_value(photo)
    for name in SENSITIVE_FIELDS:
        if values[name] is None:
            del values[name]
    if values["inspection"] is not None:
        # 320 bytes that only the search for near-duplicates can use.
        del values["inspection"]["crop_hashes"]
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
