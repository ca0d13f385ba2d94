"""Serve: outlines of photos as columns. Pure.

A column is an array with an entry for each photo, in the order of the photos' ids.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import Granularity, Stage
from smart_image_scraper.photo.inspection import (
    BLANK_CONTRAST,
    BLURRED_SHARPNESS,
    DARK_BRIGHTNESS,
    DATE_LIMIT,
    DISTANCE_LIMIT_KM,
    GRAPHIC_FLATNESS,
    GREY_COLOURFULNESS,
)
from smart_image_scraper.store import Outlines
from smart_image_scraper.store.columns import BUCKETS
from smart_image_scraper.store.outlines import NO_MOMENT
from smart_image_scraper.web.snapshot.vocabulary import Vocabulary

Column = NDArray[Any]
Columns = dict[str, Column]

FLAGS = (
    *("has_file", "stripped", "gone", "date", "place", "not_best"),
    *("dark", "blank", "blurred", "grey", "tiny", "graphic"),
    *(f"failed_{stage.value}" for stage in Stage),
)
"""What is true of a photo or not: the bits of the column ``flags``, from the lowest."""

BIT: Mapping[str, int] = MappingProxyType({name: 1 << place for place, name in enumerate(FLAGS)})

GRANULARITIES = (None, *(each.value for each in Granularity))
"""What the numbers in the column ``granularity`` stand for."""

KINDS = ("exact", "copy", "burst")
"""The columns of groups of near-duplicates: a digest of the group's name, or 0."""

_KNOWN_TO_THE_HOUR = GRANULARITIES.index(Granularity.SECOND.value)
_KNOWN_TO_THE_MONTH = tuple(
    GRANULARITIES.index(each.value)
    for each in (Granularity.SECOND, Granularity.DAY, Granularity.MONTH)
)
_ON_ITS_SIDE = 5  # and above: EXIF's orientations that turn a picture by 90 degrees


class Vocabularies:
    """The values that columns hold the numbers of."""

    NAMES = ("license", "country", "camera", "terms")

    def __init__(self, values: Mapping[str, Iterable[Any]] = MappingProxyType({})) -> None:
        self.license = Vocabulary(values.get("license", ()))
        self.country = Vocabulary(values.get("country", (None,)))
        self.camera = Vocabulary(map(tuple, values.get("camera", ())))
        """Make and model by the file, then by the site."""
        self.terms = Vocabulary(map(tuple, values.get("terms", ())))
        """All terms that found a photo."""
        self.owner = Vocabulary((None,))
        """Owners' indexes, which are in no file, so that nobody can join the numbers to them."""

    def values(self) -> dict[str, list[Any]]:
        """Return what is to be kept of them."""
        return {name: getattr(self, name).values for name in self.NAMES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Photos as columns.

    Attributes:
        columns: Sorted by ``ids``.
        answers: What services answered, likewise: a score's value and the floor that it is below,
            by ``value|model|concept`` and ``below|model|concept``; NaN where there is none.
        titles: One after the other; where each is, the columns tell.
    """

    columns: Columns
    answers: Columns
    titles: Column


def part_of(outlines: Outlines, vocabularies: Vocabularies) -> Part:
    """Return outlines as columns. Values that are new to the vocabularies get numbers there."""
    ids = np.array([photo_id.encode() for photo_id in outlines["id"]], np.bytes_)
    order = np.argsort(ids, kind="stable")
    titles, starts, lengths = _titles(outlines["title"])
    columns = {
        "ids": ids,
        "bucket": np.array([crc32(name) % BUCKETS for name in ids.tolist()], np.uint8),
        "title_start": starts,
        "title_length": lengths,
        **_numbers(outlines),
        **_times(outlines),
        **_shared(outlines, vocabularies),
        "flags": _flags(outlines),
        **_groups(outlines["duplicates"]),
    }
    answers = _answers(outlines)
    return Part(
        columns={name: column[order] for name, column in columns.items()},
        answers={name: column[order] for name, column in answers.items()},
        titles=titles,
    )


def _titles(titles: Sequence[str | None]) -> tuple[Column, Column, Column]:
    written = [b"" if title is None else title.encode("utf-8", "replace") for title in titles]
    lengths = np.array([len(title) for title in written], np.int64)
    starts = np.cumsum(lengths) - lengths
    # An empty title is a title: -1 stands for none.
    none = np.array([title is None for title in titles])
    together = np.frombuffer(b"".join(written), np.uint8)
    return together, starts, np.where(none, -1, lengths).astype(np.int32)


def _numbers(outlines: Outlines) -> Columns:
    width, height = (np.array(outlines[name], np.int32) for name in ("width", "height"))
    turned = np.array(outlines["orientation"], np.int64) >= _ON_ITS_SIDE
    points = [(np.nan, np.nan) if point is None else point for point in outlines["point"]]
    places = np.array(points, np.float64).reshape(-1, 2)
    return {
        "views": np.array(outlines["views"], np.int64),
        "width": np.where(turned, height, width),
        "height": np.where(turned, width, height),
        "picture": np.array([int(digits or "0", 16) for digits in outlines["picture"]], np.uint64),
        "longitude": places[:, 0].copy(),
        "latitude": places[:, 1].copy(),
    }


def _times(outlines: Outlines) -> Columns:
    taken = np.array(outlines["taken"], np.int64)
    known = taken != NO_MOMENT
    number_of = {word: number for number, word in enumerate(GRANULARITIES)}
    granularity = np.array([number_of[word] for word in outlines["granularity"]], np.uint8)
    local = np.where(known, taken, 0).astype("datetime64[ms]")
    years, months = local.astype("datetime64[Y]"), local.astype("datetime64[M]")
    month = (months - years).astype(np.int64) + 1
    hour = (local - local.astype("datetime64[D]")).astype("timedelta64[h]").astype(np.int64)
    to_the_month = np.isin(granularity, _KNOWN_TO_THE_MONTH)
    return {
        "taken": taken,
        "granularity": granularity,
        "added": np.array(outlines["added"], np.int64),
        "updated": np.array(outlines["updated"], np.int64),
        # 0: not known; hours from 1.
        "year": np.where(known, years.astype(np.int64) + 1970, 0).astype(np.uint16),
        "month": np.where(to_the_month, month, 0).astype(np.uint8),
        "hour": np.where(granularity == _KNOWN_TO_THE_HOUR, hour + 1, 0).astype(np.uint8),
    }


def _shared(outlines: Outlines, vocabularies: Vocabularies) -> Columns:
    cameras = zip(
        *(outlines[part] for part in ("make", "model", "stated_make", "stated_model")), strict=True
    )
    # A term may have found a photo in several runs, and counts once.
    terms = (tuple(dict.fromkeys(found)) if found else () for found in outlines["terms"])
    return {
        "license": vocabularies.license.numbers(outlines["license"], dtype=np.uint16),
        "country": vocabularies.country.numbers(outlines["country"], dtype=np.uint16),
        "camera": vocabularies.camera.numbers(cameras, dtype=np.uint32),
        "terms": vocabularies.terms.numbers(terms, dtype=np.uint32),
        "owner": vocabularies.owner.numbers(outlines["owner_index"], dtype=np.int32),
    }


def _flags(outlines: Outlines) -> Column:
    def number(name: str) -> Column:
        return np.array(outlines[name], np.float64)

    def value(name: str) -> Column:
        # Filled, not made of the values: those that are lists would become a second dimension.
        values = np.empty(len(outlines[name]), object)
        values[:] = outlines[name]
        return values

    has_file = value("picture") != ""
    told = {
        "has_file": has_file,
        "stripped": has_file & np.array(outlines["stripped"], bool),
        "gone": value("gone") != None,  # noqa: E711 — as above
        "date": number("date_difference_s") > DATE_LIMIT.total_seconds(),
        "place": number("geotag_distance_km") > DISTANCE_LIMIT_KM,
        "dark": number("brightness") < DARK_BRIGHTNESS,
        "blank": number("contrast") < BLANK_CONTRAST,
        "blurred": number("sharpness") < BLURRED_SHARPNESS,
        "grey": number("colourfulness") < GREY_COLOURFULNESS,
        "tiny": value("size_class") == "tiny",
        "graphic": (number("flatness") >= GRAPHIC_FLATNESS) & (value("make") == None),  # noqa: E711 — as above
    }
    flags = np.zeros(len(has_file), np.uint32)
    for name, column in told.items():
        flags |= np.where(column, BIT[name], 0).astype(np.uint32)
    for row, groups in enumerate(outlines["duplicates"]):
        if groups is not None and not all(group["best"] for group in groups):
            flags[row] |= BIT["not_best"]
    for row, failures in enumerate(outlines["failures"]):
        for stage in failures or ():
            flags[row] |= BIT[f"failed_{stage}"]
    return flags


def _answers(outlines: Outlines) -> Columns:
    columns: Columns = {}
    for part, named in (("value", "scores"), ("below", "scores_below")):
        answered = [(row, scores) for row, scores in enumerate(outlines[named]) if scores]
        for name in {name for _, scores in answered for name in scores}:
            column = np.full(len(outlines[named]), np.nan)
            rows = [row for row, scores in answered if name in scores]
            column[rows] = [scores[name] for _, scores in answered if name in scores]
            columns[f"{part}|{name}"] = column
    return columns


def _groups(duplicates: Sequence[Sequence[Mapping[str, Any]] | None]) -> Columns:
    columns = {kind: np.zeros(len(duplicates), np.uint64) for kind in KINDS}
    for row, groups in enumerate(duplicates):
        for group in groups or ():
            columns[group["kind"]][row] = group_digest(group["group"])
    return columns


def group_digest(name: str) -> int:
    """Return the number that stands for a group of near-duplicates, never 0."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1
