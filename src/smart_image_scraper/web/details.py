"""Serve: all that is known of one photo."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import KeyRingError, TokenError
from smart_image_scraper.export.attribution import credit_of
from smart_image_scraper.export.json_lines import as_json, as_json_value
from smart_image_scraper.photo import EncryptedPhoto, Owner, Photo
from smart_image_scraper.store import Review

# They have places of their own, or only programs can use them.
_APART = frozenset(
    {
        *("id", "title", "description", "license", "license_url", "page_url"),
        *("scores", "failures", "duplicates", "coordinates"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The personal fields of a photo, or why they stay closed.

    Attributes:
        values: Ready for JSON; ``None`` if they stay closed.
        why: The sentence; ``None`` if they are open.
    """

    values: dict[str, Any] | None
    why: str | None


def open_personal(stored: EncryptedPhoto, open_vault: Callable[[], Vault]) -> Opened:
    """Open a photo's personal fields.

    Args:
        stored: The photo with what is stored apart.
        open_vault: Returns what opens them; raises ``KeyRingError`` without keys.
    """
    try:
        photo = open_vault().open(stored)
    except (KeyRingError, TokenError) as error:
        return Opened(values=None, why=str(error))
    owner = photo.owner or Owner()
    values = {
        "owner": {part.name: getattr(owner, part.name) for part in fields(Owner)},
        "exif": [*_tags(photo.exif), *_tags(photo.api_exif)],
        "comments": as_json_value(photo.comments or ()),
        "notes": as_json_value(photo.notes or ()),
    }
    return Opened(values=values, why=None)


def describe_photo(photo: Photo, *, reviews: list[Review]) -> dict[str, Any]:
    """Return what is open of a photo, ready for JSON."""
    place = photo.place
    point = photo.coordinates
    return {
        "title": photo.title,
        "description": photo.description,
        "credit": credit_of(photo, photo.license),
        "page_url": photo.page_url,
        "fields": [list(pair) for pair in _flat(_open_fields(photo))],
        "place": as_json_value(place) if place else None,
        "coordinates": as_json_value(point) if point else None,
        "scores": [as_json_value(score) for score in photo.scores],
        "reviews": [
            {
                "concept": each.concept,
                "verdict": each.verdict.value,
                "by": each.by,
                "at": each.at.isoformat(timespec="seconds"),
            }
            for each in reviews
        ],
        "failures": [
            {"stage": stage.value} | as_json_value(failure)
            for stage, failure in photo.failures.items()
        ],
    }


def _open_fields(photo: Photo) -> dict[str, Any]:
    return {name: value for name, value in as_json(photo).items() if name not in _APART}


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 — any JSON value
    """Return names and values one by one; what is unknown is left out."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _flat(item, f"{name}.{number}")
    elif isinstance(value, list):
        if value:
            yield name, ", ".join(map(str, value))
    elif value is not None:
        yield name, value


def _tags(text: str | None) -> Iterator[list[str]]:
    """Return names and values of metadata; a text of older records comes as it is."""
    if text is None:
        return
    try:
        groups = json.loads(text)["groups"]
        pairs = [
            [f"{group}:{name}", _value(tag)]
            for group, tags in groups.items()
            for name, tag in tags.items()
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pairs = [["", text]]
    yield from pairs


def _value(tag: Any) -> str:  # noqa: ANN401 — as the reader of metadata wrote it
    if isinstance(tag, dict):
        tag = tag.get("text") or tag.get("value", tag)
    return tag if isinstance(tag, str) else json.dumps(tag, ensure_ascii=False)
