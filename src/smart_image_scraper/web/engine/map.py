"""Serve: where photos are: each of a few, or how many in each cell of a grid."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import BoundingBox
from smart_image_scraper.web.engine.masks import within
from smart_image_scraper.web.engine.orders import latest_scored
from smart_image_scraper.web.snapshot import Snapshot
from smart_image_scraper.web.snapshot.columns import Column
from smart_image_scraper.web.snapshot.snapshot import moment

POINTS = 2_000
"""So many photos in a view are shown one by one."""

_COLORS = 12
_RANGES = ("0–0.2", "0.2–0.4", "0.4–0.6", "0.6–0.8", "0.8–1")  # noqa: RUF001 — ranges take this dash
_NO_COLOR = -1
_TALLEST = 4
"""So many times as many cells stand above each other as lie side by side, at most."""
_STEEPEST = 85.05112878
"""The latitude at which the Mercator map of the web ends: as high as it is wide."""

_Degrees = NDArray[np.float64]


class Selected(Protocol):
    """What is shown on the map."""

    @property
    def snapshot(self) -> Snapshot: ...  # noqa: D102 — as of Selection, and likewise the rest
    @property
    def rows(self) -> NDArray[np.intp]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The photos in a view.

    Attributes:
        rows: Of the snapshot.
        latitude: Of each.
        longitude: Likewise.
        colors: Likewise, the place in ``names``, or ``_NO_COLOR``.
        names: Of the colours.
    """

    rows: NDArray[np.intp]
    latitude: _Degrees
    longitude: _Degrees
    colors: NDArray[np.intp]
    names: Sequence[str]


def map_of(selected: Selected, view: BoundingBox, *, cells: int, color: str) -> Mapping[str, Any]:
    """Return where photos are; see ``Selection.map``."""
    snapshot = selected.snapshot
    latitude = np.take(snapshot.column("latitude"), selected.rows)
    longitude = np.take(snapshot.column("longitude"), selected.rows)
    chosen = np.flatnonzero(within(view, latitude=latitude, longitude=longitude))
    rows = selected.rows[chosen]
    names, colors = _colors(snapshot, rows, color=color)
    shown = _Shown(
        rows=rows,
        latitude=latitude[chosen],
        longitude=longitude[chosen],
        colors=colors,
        names=names,
    )
    few = len(rows) <= POINTS
    return {
        "revision": snapshot.revision,
        "matching": len(selected.rows),
        "with_place": int(len(latitude) - np.isnan(latitude).sum()),
        "colors": list(names),
        **(
            {"points": _points(snapshot, shown)}
            if few
            else {"cells": _cells(snapshot, shown, view=view, across=cells)}
        ),
    }


def _colors(
    snapshot: Snapshot, rows: NDArray[np.intp], *, color: str
) -> tuple[Sequence[str], NDArray[np.intp]]:
    if color != "term":
        column = latest_scored(snapshot, color)
        number = len(column.probabilities) and np.take(column.probabilities, rows)
        known = np.where(np.isnan(number), 0, number)
        places = np.minimum(known * len(_RANGES), len(_RANGES) - 1).astype(np.intp)
        return _RANGES, np.where(np.isnan(number), _NO_COLOR, places)
    sets = snapshot.photos.vocabularies.terms.values
    names = snapshot.orders.get("colors of terms", lambda: _frequent_terms(snapshot))
    place_of = {name: place for place, name in enumerate(names)}
    # The first that found the photo gives it its colour.
    by_set = np.array(
        [place_of.get(terms[0], len(names) - 1) if terms else _NO_COLOR for terms in sets], np.intp
    )
    return names, by_set[np.take(snapshot.column("terms"), rows)] if len(rows) else by_set[:0]


def _frequent_terms(snapshot: Snapshot) -> Sequence[str]:
    sets = snapshot.photos.vocabularies.terms.values
    counts: Counter[str] = Counter()
    numbers = np.bincount(snapshot.column("terms"), minlength=len(sets)).tolist()
    for terms, count in zip(sets, numbers, strict=False):
        if terms and count:
            counts[terms[0]] += count
    frequent = sorted(counts, key=lambda term: (-counts[term], term))
    return frequent if len(frequent) <= _COLORS else [*frequent[: _COLORS - 1], "other"]


def _points(snapshot: Snapshot, shown: _Shown) -> list[dict[str, Any]]:
    countries = snapshot.photos.vocabularies.country.values
    return [
        {
            "id": photo_id,
            "latitude": latitude,
            "longitude": longitude,
            "color": None if color == _NO_COLOR else color,
            "title": snapshot.title_of(row),
            "taken": moment(int(snapshot.column("taken")[row])),
            "country": countries[snapshot.column("country")[row]],
        }
        for photo_id, row, latitude, longitude, color in zip(
            snapshot.ids_of(shown.rows),
            shown.rows.tolist(),
            shown.latitude.tolist(),
            shown.longitude.tolist(),
            shown.colors.tolist(),
            strict=True,
        )
    ]


def _cells(
    snapshot: Snapshot, shown: _Shown, *, view: BoundingBox, across: int
) -> list[dict[str, Any]]:
    """Count photos in cells that are squares on the map, the view's western edge on the left.

    In a view that is a thin strip they are higher than wide: the memory of a grid that is not
    bounded would be the visitor's to choose.
    """
    width = (view.east - view.west) % 360 or 360.0
    bottom, top = _northing(np.array([view.south, view.north]))
    edge = max(np.radians(width) / across, (top - bottom) / (across * _TALLEST))
    high = max(1, int(np.ceil((top - bottom) / edge)))
    offset = (shown.longitude - view.west) % 360
    column = np.minimum(offset / width * across, across - 1).astype(np.intp)
    row = np.clip((_northing(shown.latitude) - bottom) / edge, 0, high - 1).astype(np.intp)
    cell = row * across + column
    counts = np.bincount(cell, minlength=across * high)
    filled = np.flatnonzero(counts)
    sums = [np.bincount(cell, weights=each)[filled] for each in (shown.latitude, offset)]
    middles = [each / counts[filled] for each in sums]
    first = np.zeros(across * high, np.intp)
    first[cell[::-1]] = shown.rows[::-1]
    edges = _latitude(bottom + np.arange(high + 1) * edge)
    commonest = _commonest(cell, shown)[filled]
    return [
        {
            "latitude": latitude,
            "longitude": _normal(view.west + longitude),
            "count": count,
            "west": _normal(view.west + number % across * width / across),
            "east": _normal(view.west + (number % across + 1) * width / across, end=True),
            "south": edges[number // across],
            "north": edges[number // across + 1],
            "color": None if color == _NO_COLOR else color,
            "photo": photo_id,
        }
        for number, count, latitude, longitude, color, photo_id in zip(
            filled.tolist(),
            counts[filled].tolist(),
            middles[0].tolist(),
            middles[1].tolist(),
            commonest.tolist(),
            snapshot.ids_of(first[filled]),
            strict=True,
        )
    ]


def _commonest(cell: Column, shown: _Shown) -> NDArray[np.intp]:
    """Return the commonest colour in each cell."""
    kinds = len(shown.names) + 1
    counts = np.bincount(cell * kinds + shown.colors + 1)
    whole = np.append(counts, np.zeros(-len(counts) % kinds, counts.dtype)).reshape(-1, kinds)
    # What has no colour counts only where nothing has one.
    colored = whole[:, 1:]
    some = colored.any(axis=1) if colored.shape[1] else np.zeros(len(whole), bool)
    best = colored.argmax(axis=1) if colored.shape[1] else np.zeros(len(whole), np.intp)
    return np.where(some, best, _NO_COLOR)


def _northing(latitude: _Degrees) -> _Degrees:
    within_map = np.clip(latitude, -_STEEPEST, _STEEPEST)
    northing: _Degrees = np.arctanh(np.sin(np.radians(within_map)))
    return northing


def _latitude(northing: _Degrees) -> list[float]:
    return [*map(float, np.degrees(np.arctan(np.sinh(northing))))]


def _normal(longitude: float, *, end: bool = False) -> float:
    """Return a longitude within -180..180; the end of a cell is rather 180 than -180."""
    normal = (longitude + 180) % 360 - 180
    return 180.0 if end and normal == -180 else normal  # noqa: PLR2004 — the meridian's number
