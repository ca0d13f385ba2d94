"""Store: which photos are meant, and in which order, as MongoDB queries. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from smart_image_scraper.photo import (
    BoundingBox,
    Disagreement,
    EncryptedPhoto,
    Filter,
    Granularity,
    PhotoId,
    Signal,
    Stage,
)
from smart_image_scraper.photo.inspection import (
    BLANK_CONTRAST,
    BLURRED_SHARPNESS,
    DARK_BRIGHTNESS,
    DATE_LIMIT,
    DISTANCE_LIMIT_KM,
    GRAPHIC_FLATNESS,
    GREY_COLOURFULNESS,
)
from smart_image_scraper.photo.sealed import OWNER_TOKENS
from smart_image_scraper.store.forms import write_local, write_moment

Query = dict[str, Any]


class Order(StrEnum):
    """In which order photos are read."""

    ID = "id"
    """By id, ascending, as texts are compared."""
    TAKEN_NEWEST = "taken-newest"
    """Latest taken first, by local time; then those without a date; equals by id, descending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a reader is: behind this photo. It stays right when the photo itself is gone.

    Attributes:
        id: The last photo that was read.
        taken: Its local time, to the millisecond; only the order by date asks for it.
    """

    id: PhotoId
    taken: datetime | None = None

    @classmethod
    def of(cls, encrypted: EncryptedPhoto) -> Self:
        """Return the position behind a photo."""
        taken = encrypted.photo.taken
        return cls(id=encrypted.photo.id, taken=taken.local if taken is not None else None)


SORT: Mapping[Order, list[tuple[str, int]]] = MappingProxyType(
    {Order.ID: [("_id", 1)], Order.TAKEN_NEWEST: [("taken.local", -1), ("_id", -1)]}
)
"""What ``sort`` takes, by order; each has an index."""


def matching(where: Filter) -> Query:
    """Return the query for the photos that a filter means."""
    return both(*(_CONDITIONS[name](value) for name, value in _given(where).items()))


def behind(position: Position | None, *, order: Order) -> Query:
    """Return the query for what comes after a position: paging without counting from the start."""
    if position is None:
        return {}
    if order is Order.ID:
        return {"_id": {"$gt": str(position.id)}}
    earlier = {"_id": {"$lt": str(position.id)}}
    if position.taken is None:
        return {"taken.local": None, **earlier}
    taken = write_local(position.taken)
    return {
        "$or": [
            {"taken.local": {"$lt": taken}},
            {"taken.local": taken, **earlier},
            {"taken.local": None},
        ]
    }


def pending(stage: Stage, *, again: bool = False) -> Query:
    """Return the query for what a stage has still to do.

    These are the photos that have what the stage needs, lack what it fills, and have no failure
    of it or one that may be tried again; with ``again``, whatever failure they have.

    Raises:
        ValueError: The stage is the search, which begins with a query; the refresh, which is due
            by age; or the scoring, of which it takes a concept and a model to say what is left.
    """
    if stage not in _PENDING:
        raise ValueError(f"the store alone cannot say what is pending for the {stage}")
    may_be_tried = {} if again else {f"failures.{stage.value}.retryable": {"$ne": False}}
    return {**_PENDING[stage], **may_be_tried}


def sealed_with_other_key(key_id: str) -> Query:
    """Return the query, on ``photos``, for those with a token of another key than this one."""
    paths = [f"enc.{name}.key" for name in OWNER_TOKENS]
    return {"$or": [{path: {"$exists": True, "$ne": key_id}} for path in paths]}


def both(*queries: Query) -> Query:
    """Return the query for what meets all of some queries."""
    given = [query for query in queries if query]
    if not given:
        return {}
    return given[0] if len(given) == 1 else {"$and": given}


def _given(where: Filter) -> dict[str, Any]:
    values = {name: getattr(where, name) for name in _CONDITIONS}
    return {name: value for name, value in values.items() if value is not None and value != ()}


def _within(bbox: BoundingBox) -> Query:
    # $box, not a polygon: the edges of a polygon on the sphere are great circles, and those leave
    # out more than half of what lies between two northern latitudes.
    edges = [(bbox.west, bbox.east)]
    if bbox.crosses_antimeridian:
        edges = [(bbox.west, 180), (-180, bbox.east)]
    boxes = [[[west, bbox.south], [east, bbox.north]] for west, east in edges]
    return {"$or": [{"location.coordinates": {"$geoWithin": {"$box": box}}} for box in boxes]}


def _of_sites(sites: tuple[str, ...]) -> Query:
    # Between "site:" and what follows it, by the index of the ids; ";" is the next after ":".
    return {"$or": [{"_id": {"$gte": f"{site}:", "$lt": f"{site};"}} for site in sites]}


def _in_parts(part: str, numbers: tuple[int, ...], *, known: Sequence[Granularity]) -> Query:
    return {
        "taken.granularity": {"$in": [granularity.value for granularity in known]},
        "$expr": {"$in": [{part: "$taken.local"}, list(numbers)]},
    }


_TO_THE_HOUR = (Granularity.SECOND,)
_TO_THE_MONTH = (Granularity.SECOND, Granularity.DAY, Granularity.MONTH)


def _with_camera(cameras: tuple[str, ...]) -> Query:
    words = [{"$regex": re.escape(camera), "$options": "i"} for camera in cameras]
    names = [f"{told}.{part}" for told in ("inspection", "stated_camera") for part in _CAMERA]
    return {"$or": [{name: word} for name in names for word in words]}


_CAMERA = ("make", "model")


_DISAGREEING: Mapping[Disagreement, Query] = MappingProxyType(
    {
        Disagreement.DATE: {"inspection.date_difference_s": {"$gt": DATE_LIMIT.total_seconds()}},
        Disagreement.PLACE: {"inspection.geotag_distance_km": {"$gt": DISTANCE_LIMIT_KM}},
    }
)
_SHOWING: Mapping[Signal, Query] = MappingProxyType(
    {
        Signal.DARK: {"inspection.brightness": {"$lt": DARK_BRIGHTNESS}},
        Signal.BLANK: {"inspection.contrast": {"$lt": BLANK_CONTRAST}},
        Signal.BLURRED: {"inspection.sharpness": {"$lt": BLURRED_SHARPNESS}},
        Signal.GREY: {"inspection.colourfulness": {"$lt": GREY_COLOURFULNESS}},
        Signal.TINY: {"inspection.size_class": "tiny"},
        # What a camera has taken is a photo, however much of its sky is burnt out.
        Signal.GRAPHIC: {
            "inspection.flatness": {"$gte": GRAPHIC_FLATNESS},
            "inspection.make": {"$exists": False},
        },
    }
)

_CONDITIONS: Mapping[str, Callable[[Any], Query]] = MappingProxyType(
    {
        "ids": lambda ids: {"_id": {"$in": [str(photo_id) for photo_id in ids]}},
        "terms": lambda terms: {"searches.term": {"$in": list(terms)}},
        "runs": lambda runs: {"searches.run": {"$in": list(runs)}},
        "licenses": lambda licenses: {"license": {"$in": [str(license_) for license_ in licenses]}},
        "bbox": _within,
        "taken_from": lambda moment: {"taken.local": {"$gte": write_local(moment)}},
        "taken_to": lambda moment: {"taken.local": {"$lte": write_local(moment)}},
        # What is not known of a date was filled with the earliest.
        "months": lambda months: _in_parts("$month", months, known=_TO_THE_MONTH),
        "hours": lambda hours: _in_parts("$hour", hours, known=_TO_THE_HOUR),
        "views_from": lambda views: {"views": {"$gte": views}},
        "views_to": lambda views: {"views": {"$lte": views}},
        "countries": lambda codes: {"place.country_code": {"$in": list(codes)}},
        "cameras": _with_camera,
        "disagrees": lambda what: _DISAGREEING[what],
        # What is not known to be stripped is not.
        "stripped": lambda stripped: {
            **_HAS_FILE,
            "inspection.stripped": True if stripped else {"$ne": True},
        },
        "signals": lambda signals: {"$or": [_SHOWING[signal] for signal in signals]},
        "without_signals": lambda signals: {"$nor": [_SHOWING[signal] for signal in signals]},
        # Those that nothing is known of are their own best one.
        "without_duplicates": lambda wanted: {"duplicates.best": {"$ne": False}} if wanted else {},
        "has_file": lambda has_file: {"file.sha256": {"$exists": has_file}},
        "gone": lambda gone: {"gone": {"$exists": gone}},
        "sites": _of_sites,
        # What was never looked at has no date, and comes, too.
        "checked_before": lambda moment: {"checked_at": {"$not": {"$gte": write_moment(moment)}}},
        "failed": lambda stage: {f"failures.{stage.value}": {"$exists": True}},
    }
)

HAS_REPLACED_FILE: Query = {"file.replaces": {"$exists": True}}
"""Photos whose file as it was fetched has still to be removed."""

_HAS_FILE: Query = {"file.sha256": {"$exists": True}}
_AT_FLICKR: Query = {"_id": {"$regex": "^flickr:"}, "gone": {"$exists": False}}
_PENDING: Mapping[Stage, Query] = MappingProxyType(
    {
        # Without offered sizes, too: that there is no file to be had is for the stage to record.
        # What its owner took away is not fetched, although its file may still be to be had.
        Stage.DOWNLOAD: {"file.sha256": {"$exists": False}, "gone": {"$exists": False}},
        Stage.INSPECT: {**_HAS_FILE, "inspection": {"$exists": False}},
        # What older records call the place was not found by coordinates and country.
        Stage.GEOCODE: {"location": {"$exists": True}, "place.match": {"$exists": False}},
        # Of a photo without a geotag and tags, Flickr could state no more than notes.
        Stage.PLACES: {
            **_AT_FLICKR,
            "stated_place": {"$exists": False},
            "$or": [{"location": {"$exists": True}}, {"tags": {"$exists": True}}],
        },
        Stage.API_EXIF: {
            **_AT_FLICKR,
            "inspection": {"$exists": True},
            **{f"inspection.{part}": {"$exists": False} for part in (*_CAMERA, "exposure_s")},
            "stated_camera": {"$exists": False},
        },
        Stage.COMMENTS: {
            **_AT_FLICKR,
            "comment_count": {"$gt": 0},
            "$expr": {"$ne": ["$comment_tally.announced", "$comment_count"]},
        },
    }
)
