"""Export: where a photo was taken, as exactly as it may be told.

Coordinates are not all that tells a place: the nearest village does, and how far away it is, and
tags such as ``geo:lat=5.8394``. Whatever is finer than what may be told goes with them.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from smart_image_scraper.export.metadata import metadata_without_place
from smart_image_scraper.export.positions import tells_position, without_positions
from smart_image_scraper.export.texts import LEFT_OUT, is_machine_tag
from smart_image_scraper.photo import (
    BoundingBox,
    Comment,
    Coordinates,
    Inspection,
    Note,
    Photo,
    Place,
    SearchHit,
    StatedPlace,
)


class Precision(StrEnum):
    """How exactly an export tells where photos were taken."""

    EXACT = "exact"
    CELL = "0.1deg"
    """The centre of a cell of 0.1 by 0.1 degrees, 11 km from south to north; and the region."""
    COUNTRY = "country"
    NONE = "none"


_Written = TypeVar("_Written", Comment, Note)

_CELLS_A_DEGREE = 10
_DIGITS = 8
# By this, people know a search that has neither words nor tags.
_BOX = "box "
# Of machine tags, which stand among the tags as well, only those that name what is seen: others
# hold positions, numbers of map services, which lead to one, and names of accounts elsewhere.
_OPEN_NAMESPACES = frozenset({"taxonomy", "vision"})
# Flickr's page and many tools wrote these before there were machine tags; the site strips them of
# all but letters and digits: geo:lat=5.8394 is the tag geolat58394.
_POSITION_TAG = re.compile(r"geo:?\s*(?:lat|lon|lng|long)", re.IGNORECASE)


_WITH_POSITIONS = (
    *("title", "description", "tags", "raw_tags", "machine_tags", "inspection"),
    *("exif", "api_exif", "notes", "comments", "searches"),
)
"""The fields that may hold positions besides those that are about the place."""


def told_with(
    photo: Photo, precision: Precision, *, changes: Mapping[str, Any] = MappingProxyType({})
) -> Photo:
    """Return a photo that tells where it was taken as exactly as this, and no more so.

    Args:
        photo: The photo.
        precision: How exactly.
        changes: Values that fields have to get first; each change of a photo copies forty fields.
    """
    if precision is Precision.EXACT:
        return replace(photo, **changes) if changes else photo
    point = photo.coordinates
    now = {name: changes.get(name, getattr(photo, name)) for name in _WITH_POSITIONS}
    inspection = _told_inspection(now["inspection"], precision)
    told: dict[str, Any] = {
        "title": _without_positions(now["title"], point),
        "description": _without_positions(now["description"], point),
        "tags": _told_tags(now["tags"], point),
        "raw_tags": _told_tags(now["raw_tags"], point),
        "machine_tags": tuple(tag for tag in now["machine_tags"] if _is_open(tag)),
        "coordinates": cell_centre(point) if point and precision is Precision.CELL else None,
        "geo_accuracy": None,
        "woe_id": None,
        "place_id": None,
        "place": _told_place(photo.place, precision),
        "stated_place": _told_stated_place(photo.stated_place, precision),
        "inspection": inspection,
        "exif": metadata_without_place(now["exif"], point),
        "api_exif": metadata_without_place(now["api_exif"], point),
        "notes": _told_words(now["notes"], point),
        "comments": _told_words(now["comments"], point),
        "searches": _told_searches(now["searches"], precision),
    }
    return replace(photo, **{**changes, **told})


def cell_centre(point: Coordinates) -> Coordinates:
    """Return the centre of the cell of 0.1 degrees that a point lies in."""
    return Coordinates(
        latitude=_centre(point.latitude, limit=90), longitude=_centre(point.longitude, limit=180)
    )


def told_box(text: str, precision: Precision) -> str:
    """Return a box that was searched as exactly as places may be told.

    Photos that a small box found are where it is. It is widened to the edges of cells; if the cell
    may not be told, ``[…]`` stands for it.

    Args:
        text: West, south, east, north, as in ``116,4,127,22``.
        precision: How exactly.

    Raises:
        ValueError: It is no box.
    """
    if precision is Precision.EXACT:
        return text
    box = BoundingBox.parse(text)
    return str(_widened(box)) if precision is Precision.CELL else LEFT_OUT


def told_term(term: str, precision: Precision) -> str:
    """Return a search term; that of a search for a box alone as exactly as places may be told."""
    if not term.startswith(_BOX):
        return term
    try:
        return _BOX + told_box(term.removeprefix(_BOX), precision)
    except ValueError:  # someone looked for boxes
        return term


def _widened(box: BoundingBox) -> BoundingBox:
    west, south = (_on_edge(edge, math.floor) for edge in (box.west, box.south))
    east, north = (_on_edge(edge, math.ceil) for edge in (box.east, box.north))
    if box.crosses_antimeridian and west <= east:
        west, east = -180, 180
    return BoundingBox(west=west, south=south, east=east, north=north)


def _on_edge(degrees: float, rounded: Callable[[float], int]) -> float:
    # 0.7 * 10 is 7.000000000000001.
    return rounded(round(degrees * _CELLS_A_DEGREE, _DIGITS)) / _CELLS_A_DEGREE


def _told_searches(hits: tuple[SearchHit, ...], precision: Precision) -> tuple[SearchHit, ...]:
    if not any(hit.term.startswith(_BOX) for hit in hits):
        return hits
    return tuple(replace(hit, term=told_term(hit.term, precision)) for hit in hits)


def _centre(degrees: float, *, limit: int) -> float:
    # A pole, or the 180th meridian, lies on the edge of the last cell.
    cell = min(math.floor(degrees * _CELLS_A_DEGREE), limit * _CELLS_A_DEGREE - 1)
    return round((cell + 0.5) / _CELLS_A_DEGREE, 2)


def _told_inspection(inspection: Inspection | None, precision: Precision) -> Inspection | None:
    if inspection is None:
        return None
    # A clock's offset is a zone of some countries.
    offset = None if precision is Precision.NONE else inspection.utc_offset_min
    if inspection.geotag_distance_km is None and inspection.utc_offset_min == offset:
        return inspection
    return replace(inspection, geotag_distance_km=None, utc_offset_min=offset)


def _told_place(place: Place | None, precision: Precision) -> Place | None:
    if place is None or precision is Precision.NONE:
        return None
    with_region = precision is Precision.CELL
    # A village may be smaller than a cell; the distance to one is a circle around it.
    return Place(
        country_code=place.country_code,
        country=place.country,
        region=place.region if with_region else None,
        region_code=place.region_code if with_region else None,
        gazetteer=place.gazetteer,
        gazetteer_date=place.gazetteer_date,
    )


def _told_stated_place(place: StatedPlace | None, precision: Precision) -> StatedPlace | None:
    if place is None or precision is Precision.NONE:
        return None
    with_region = precision is Precision.CELL
    return StatedPlace(country=place.country, region=place.region if with_region else None)


def _without_positions(text: str | None, point: Coordinates | None) -> str | None:
    return None if text is None else without_positions(text, point)


def _told_words(
    written: tuple[_Written, ...] | None, point: Coordinates | None
) -> tuple[_Written, ...] | None:
    if written is None:
        return None
    return tuple(replace(each, text=_without_positions(each.text, point)) for each in written)


def _told_tags(tags: Iterable[str], point: Coordinates | None) -> tuple[str, ...]:
    return tuple(tag for tag in tags if not _may_lead_there(tag) and not tells_position(tag, point))


@lru_cache(maxsize=16_384)  # photos of one thing have the same tags
def _may_lead_there(tag: str) -> bool:
    return _POSITION_TAG.search(tag) is not None or (is_machine_tag(tag) and not _is_open(tag))


def _is_open(machine_tag: str) -> bool:
    return machine_tag.partition(":")[0].casefold() in _OPEN_NAMESPACES


@dataclass(frozen=True, slots=True, kw_only=True)
class CoarseTerms:
    """Words for what must not be found: a photo that has one of them tells its country only.

    Attributes:
        words: Each as :func:`_spaced` writes it.
    """

    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, terms: Iterable[str]) -> "CoarseTerms":
        """Return these terms: a species' name, a tag, a machine tag; in any case and script."""
        return cls(words=frozenset(filter(None, map(_spaced, terms))))

    def match(self, photo: Photo, *, labels: Iterable[str] = ()) -> bool:
        """Tell whether a photo has one of the words.

        It has one if a search for it found the photo, or it is a tag or what a machine tag says,
        or stands in the title or description, or is a concept that the photo shows.
        """
        if not self.words:
            return False
        tags = {_joined(tag) for tag in (*photo.tags, *photo.raw_tags)}
        said = [
            *(hit.term for hit in photo.searches),
            photo.title or "",
            photo.description or "",
            *photo.machine_tags,
            *labels,
        ]
        texts = [_spaced(text) for text in said]
        return any(_joined(word) in tags or _stands_in(word, texts) for word in self.words)

    def words_told_of(self, photo: Photo) -> dict[str, Any]:
        """Return the fields that must change so that what its owner wrote names no place.

        Nobody knows all names of places, so it all goes, but for tags that are one of the words.
        """
        return {
            "title": photo.title and LEFT_OUT,
            "description": photo.description and LEFT_OUT,
            "tags": self._of_them(photo.tags),
            "raw_tags": self._of_them(photo.raw_tags),
        }

    def _of_them(self, tags: Iterable[str]) -> tuple[str, ...]:
        words = set(map(_joined, self.words))
        return tuple(tag for tag in tags if _joined(tag) in words)


def _stands_in(word: str, texts: Iterable[str]) -> bool:
    if not word.isascii():  # many scripts have no spaces between words
        return any(word in text for text in texts)
    return any(f" {word} " in f" {text} " for text in texts)


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _joined(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
