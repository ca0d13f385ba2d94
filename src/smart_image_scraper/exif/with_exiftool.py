"""Inspect: from exiftool's answer to tags."""

from collections.abc import Mapping
from typing import Any

from smart_image_scraper.exif.tags import Tag, Tags

# What it says of itself.
_NOT_IN_THE_FILE = frozenset({"ExifTool"})
_PROBLEMS = ("ExifTool:Error", "ExifTool:Warning")
# Names and tags, by group and number.
Numbered = Mapping[tuple[str, int], tuple[str, Tag]]


def tags_of(answer: Mapping[str, Any], *, exif: Numbered) -> Tags:
    """Return the tags of a file.

    Args:
        answer: As :meth:`~smart_image_scraper.exif.exiftool.ExifTool.read` returns it.
        exif: The file's EXIF as Pillow reads it. Exiftool gives decimals, and takes apart what it
            knows; from here come the fractions, and the bytes of what it does not list.
    """
    groups: dict[str, dict[str, Tag]] = {}
    listed = set[tuple[str, int]]()
    for full_name, parts in answer.items():
        group, _, name = full_name.partition(":")
        if isinstance(parts, dict) and group not in _NOT_IN_THE_FILE:
            key = (group, _as_number(parts.get("id")))
            listed.add(key)
            same = exif.get(key)
            groups.setdefault(group, {})[name] = _tag(parts, rational=same and same[1].rational)
    # In the file's own order: the same file gives the same text in every process.
    for key, (name, tag) in exif.items():
        if key not in listed:
            groups.setdefault(key[0], {}).setdefault(name, tag)
    return groups


def problems_of(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what exiftool warned of."""
    found = (answer[name] for name in _PROBLEMS if name in answer)
    return tuple(str(one["val"]) if isinstance(one, dict) else str(one) for one in found)


def _tag(parts: Mapping[str, Any], *, rational: tuple[str, ...] | None) -> Tag:
    if "num" in parts:
        return Tag(value=parts["num"], text=parts.get("val"), rational=rational)
    return Tag(value=parts.get("val"), rational=rational)


def _as_number(tag_id: object) -> int:
    return tag_id if isinstance(tag_id, int) else -1
