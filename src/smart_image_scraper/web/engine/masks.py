"""Serve: which photos meet each condition of a filter, as masks over the columns of a snapshot.

Each condition means what ``store/queries.py`` makes of it for the database; a test holds the two to
each other.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import BoundingBox, Filter
from smart_image_scraper.photo.review import wanted_verdicts
from smart_image_scraper.photo.words import phrases_of
from smart_image_scraper.web.snapshot import Snapshot
from smart_image_scraper.web.snapshot.columns import BIT, Column
from smart_image_scraper.web.snapshot.verdicts import VERDICTS

Mask = NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition of a filter, and which photos meet it.

    Attributes:
        dimension: What it is about; a facet of the same name ignores it.
        mask: Which photos meet it.
    """

    dimension: str
    mask: Mask


def conditions_of(snapshot: Snapshot, where: Filter) -> Iterator[Condition]:
    """Yield the conditions of a filter, each with the photos that meet it.

    Raises:
        UsageError: Nobody has scored a concept that the filter is about, the texts are not read
            yet, or the filter has a condition that no option makes.
    """
    if where.runs or where.checked_before is not None:
        raise UsageError("the app cannot select photos by runs, or by when they were looked at")
    for name, (dimension, make) in _MAKERS.items():
        value = getattr(where, name)
        if value is not None and value != ():
            mask = snapshot.masks.get((name, value), lambda: make(snapshot, value))  # noqa: B023 — called at once
            yield Condition(dimension=dimension, mask=mask)
    if where.without_duplicates:
        yield Condition(dimension="duplicates", mask=_without_flags(snapshot, ("not_best",)))
    for threshold in where.scores:
        column = snapshot.scores.of(threshold)
        mask = snapshot.masks.get(threshold, lambda: column.meeting(threshold))  # noqa: B023 — as above
        yield Condition(dimension=score_dimension(threshold.concept), mask=mask)
    for concept, wanted in wanted_verdicts(where.reviews).items():
        said = {"none" if verdict is None else verdict.value for verdict in wanted}
        dimension = "review" if concept is None else f"review of {concept}"
        yield Condition(dimension=dimension, mask=_reviewed(snapshot, concept, said=said))


def score_dimension(concept: str) -> str:
    """Return the dimension of conditions on the scores of a concept."""
    return f"score of {concept}"


def _texts(snapshot: Snapshot, text: str) -> Mask:
    if snapshot.texts is None:
        raise UsageError("the texts of the photos are still being read; try again in a moment")
    # A phrase of thousands of frequent words takes minutes, and others wait for it.
    if (words := sum(map(len, phrases_of(text)))) > _MOST_WORDS:
        raise UsageError(f"the app looks for at most {_MOST_WORDS} words at once, not {words:,}")
    return snapshot.texts.holding(text)


def _ids(snapshot: Snapshot, ids: Collection[str]) -> Mask:
    rows = snapshot.rows_of(list(ids))
    mask = np.zeros(len(snapshot), bool)
    mask[rows[rows >= 0]] = True
    return mask


def _sites(snapshot: Snapshot, sites: Collection[str]) -> Mask:
    mask = np.zeros(len(snapshot), bool)
    for site in sites:
        mask[rows_of_site(snapshot, site)] = True
    return mask


def rows_of_site(snapshot: Snapshot, site: str) -> slice:
    """Return the rows of a site's photos, which are beside one another: ids begin with it."""
    edges = np.array([f"{site}:".encode(), f"{site};".encode()])  # ";" is the next after ":"
    first, end = np.searchsorted(snapshot.column("ids"), edges)
    return slice(int(first), int(end))


def _shared(name: str, test: Callable[[Any, Any], bool]) -> Callable[[Snapshot, Any], Mask]:
    """Return what tests each value that photos share, rather than each photo's."""

    def make(snapshot: Snapshot, wanted: Any) -> Mask:  # noqa: ANN401 — a condition's value
        values = getattr(snapshot.photos.vocabularies, name).values
        met = np.array([test(value, wanted) for value in values], bool)
        return chosen(met, snapshot.column(name))

    return make


def chosen(met: Mask, numbers: Column) -> Mask:
    """Return for each number whether it is met."""
    return met[numbers] if len(met) else np.zeros(len(numbers), bool)


def _has_camera(names: tuple[str | None, ...], wanted: Collection[str]) -> bool:
    return any(
        re.search(re.escape(text), name, re.IGNORECASE)
        for text in wanted
        for name in names
        if name is not None
    )


def _within(snapshot: Snapshot, bbox: BoundingBox) -> Mask:
    latitude, longitude = snapshot.column("latitude"), snapshot.column("longitude")
    return within(bbox, latitude=latitude, longitude=longitude)


def within(bbox: BoundingBox, *, latitude: Column, longitude: Column) -> Mask:
    """Return which points lie in a box, its edges included; unknown ones lie in none."""
    mask: Mask = (latitude >= bbox.south) & (latitude <= bbox.north)
    if bbox.crosses_antimeridian:
        return mask & ((longitude >= bbox.west) | (longitude <= bbox.east))
    return mask & (longitude >= bbox.west) & (longitude <= bbox.east)


def _milliseconds(local: datetime) -> int:
    return (local.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


def _taken_to(snapshot: Snapshot, last: datetime) -> Mask:
    # What is not known stands before all that is.
    known: Mask = snapshot.column("year") > 0
    return known & (snapshot.column("taken") <= _milliseconds(last))


def _numbers(name: str, *, shift: int) -> Callable[[Snapshot, Any], Mask]:
    def make(snapshot: Snapshot, wanted: Collection[int]) -> Mask:
        met = np.zeros(256, bool)
        met[[number + shift for number in wanted]] = True
        return met[snapshot.column(name)]

    return make


def _views_to(snapshot: Snapshot, most: int) -> Mask:
    views = snapshot.column("views")
    mask: Mask = (views >= 0) & (views <= most)
    return mask


def _flag(snapshot: Snapshot, name: str) -> Mask:
    return _any_flag(snapshot, (name,))


def _any_flag(snapshot: Snapshot, names: Collection[str]) -> Mask:
    bits = np.uint32(sum(BIT[name] for name in set(names)))
    mask: Mask = (snapshot.column("flags") & bits) != 0
    return mask


def _without_flags(snapshot: Snapshot, names: Collection[str]) -> Mask:
    return ~_any_flag(snapshot, names)


def _yes_or_no(name: str) -> Callable[[Snapshot, Any], Mask]:
    return lambda snapshot, yes: _flag(snapshot, name) == yes


def _stripped(snapshot: Snapshot, stripped: bool) -> Mask:  # noqa: FBT001 — the condition's value
    mask: Mask = _flag(snapshot, "has_file") & (_flag(snapshot, "stripped") == stripped)
    return mask


def _reviewed(snapshot: Snapshot, concept: str | None, *, said: Collection[str]) -> Mask:
    column = snapshot.verdicts.columns.get(concept)
    if column is None:
        return np.full(len(snapshot), "none" in said)
    return np.array([verdict in said for verdict in VERDICTS])[column]


_MAKERS: Mapping[str, tuple[str, Callable[[Snapshot, Any], Mask]]] = MappingProxyType(
    {
        "ids": ("id", _ids),
        "text": ("text", _texts),
        "terms": (
            "term",
            _shared("terms", lambda terms, wanted: not set(wanted).isdisjoint(terms)),
        ),
        "licenses": ("license", _shared("license", lambda word, wanted: word in map(str, wanted))),
        "bbox": ("bbox", _within),
        "taken_from": (
            "year",
            lambda snapshot, first: snapshot.column("taken") >= _milliseconds(first),
        ),
        "taken_to": ("year", _taken_to),
        "months": ("month", _numbers("month", shift=0)),
        "hours": ("hour", _numbers("hour", shift=1)),
        "views_from": ("views", lambda snapshot, least: snapshot.column("views") >= least),
        "views_to": ("views", _views_to),
        "countries": ("country", _shared("country", lambda code, wanted: code in wanted)),
        "cameras": ("camera", _shared("camera", _has_camera)),
        "disagrees": ("disagrees", lambda snapshot, what: _flag(snapshot, what.value)),
        "has_file": ("file", _yes_or_no("has_file")),
        "stripped": ("stripped", _stripped),
        "gone": ("gone", _yes_or_no("gone")),
        "signals": ("signal", _any_flag),
        "without_signals": ("signal", _without_flags),
        "failed": ("failed", lambda snapshot, stage: _flag(snapshot, f"failed_{stage.value}")),
        "sites": ("site", _sites),
    }
)
