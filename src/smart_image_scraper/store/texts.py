"""Store: all that is written of photos and not personal, for searches by words. Pure."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from smart_image_scraper.photo.words import joined_words
from smart_image_scraper.store.forms import Document

_TEXTS = ("title", "description")
_LISTS = ("tags", "machine_tags", "raw_tags")
_CAMERA = ("make", "model", "lens")
_NAMED = {
    "place": ("country", "region", "city", "locality"),
    "inspection": _CAMERA,
    "stated_camera": _CAMERA,
}

TEXT_PARTS: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys((*_TEXTS, *_LISTS, "stated_place"), 1),
        **{f"{part}.{name}": 1 for part, names in _NAMED.items() for name in names},
    }
)
"""What of a document :func:`words_line` reads, as a projection."""


def words_line(document: Document) -> str:
    """Return the words of all that is written of a photo; ``holds`` looks for phrases in it."""
    return joined_words(_texts(document))


def _texts(document: Document) -> Iterator[str]:
    for name in _TEXTS:
        if text := document.get(name):
            yield text
    for name in _LISTS:
        yield from document.get(name, ())
    for part, names in _NAMED.items():
        if found := document.get(part):
            yield from (found[name] for name in names if name in found)
    if places := document.get("stated_place"):
        yield from (place["name"] for place in places.values())
