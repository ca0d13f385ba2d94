"""Serve: what people said last of photos, as columns beside the photos'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from bson import ObjectId

from smart_image_scraper.store import Overview, Said
from smart_image_scraper.web.snapshot.columns import Column
from smart_image_scraper.web.snapshot.photos import Photos
from smart_image_scraper.web.snapshot.table import Merge, carried, find

VERDICTS = ("none", "accept", "reject")
"""What the numbers in a column of verdicts stand for."""

_NUMBER = {"accept": 1, "reject": 2, "withdraw": 0}
_NEVER = -(2**63)
_SKEW = timedelta(minutes=10)
"""How far the clocks of those who review may be apart; what is beyond is found by counting."""

_WITHIN = timedelta(seconds=1)
"""How exactly a review's number tells when it was added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What people said last of photos.

    Attributes:
        columns: By concept, ``None`` for photos as a whole: a number of ``VERDICTS`` for each.
        said_at: Likewise, when that was said, in milliseconds since 1970.
        unknown: Whether there are reviews of photos that are not there.
        recent: Those that were taken in of the last minutes.
        latest: When the latest was added, by the clock of who did; ``None`` if there are none.
        estimated: How many there were then by the database's estimate.
    """

    columns: Mapping[str | None, Column]
    said_at: Mapping[str | None, Column]
    unknown: bool = False
    recent: frozenset[ObjectId] = frozenset()
    latest: datetime | None = None
    estimated: int = 0

    def count(self, concept: str | None) -> int:
        """Return how many photos have a verdict on a concept."""
        return int(np.count_nonzero(self.columns.get(concept, 0)))


NO_VERDICTS = Verdicts(columns={}, said_at={})


def update_verdicts(
    verdicts: Verdicts, overview: Overview, *, photos: Photos, merge: Merge | None
) -> Verdicts:
    """Return what was said last by now; the same object if nothing new was said.

    Args:
        verdicts: The former.
        overview: Has the reviews.
        photos: The photos by now.
        merge: How these came from the former ones; ``None`` if they are the same.

    Raises:
        SisError: The database does not answer.
    """
    estimated = overview.count_reviews()
    if merge is None and estimated == verdicts.estimated:
        return verdicts
    if verdicts.latest is None or (merge is not None and verdicts.unknown):
        return _all(overview, photos, estimated=estimated)
    moved = verdicts if merge is None else _moved(verdicts, merge)
    since = verdicts.latest - _SKEW
    read = list(overview.reviews(since))
    new = [each for each in read if each.number not in verdicts.recent]
    # Otherwise some went with photos that were erased, or came from a clock that is far behind.
    if estimated - verdicts.estimated != len(new):
        return _all(overview, photos, estimated=estimated)
    return _with(moved, new, photos=photos, read=read, estimated=estimated)


def _all(overview: Overview, photos: Photos, *, estimated: int) -> Verdicts:
    said = list(overview.reviews())
    return _with(NO_VERDICTS, said, photos=photos, read=said, estimated=estimated)


def _with(
    verdicts: Verdicts,
    said: Sequence[Said],
    *,
    photos: Photos,
    read: Sequence[Said],
    estimated: int,
) -> Verdicts:
    """Return verdicts with more that was said, in the order in which it was."""
    columns, said_at = dict(verdicts.columns), dict(verdicts.said_at)
    rows = find(photos.ids, np.array([each.photo.encode() for each in said], np.bytes_))
    for concept in {each.concept for each in said}:
        before = columns.get(concept, np.zeros(len(photos), np.uint8))
        at = said_at.get(concept, np.full(len(photos), _NEVER))
        columns[concept], said_at[concept] = before.copy(), at.copy()
    for each, row in zip(said, rows.tolist(), strict=True):
        if row >= 0 and each.at >= said_at[each.concept][row]:
            columns[each.concept][row] = _NUMBER[each.verdict]
            said_at[each.concept][row] = each.at
    added = [each.number.generation_time for each in read]
    latest = max(added, default=verdicts.latest)
    return Verdicts(
        columns=columns,
        said_at=said_at,
        unknown=verdicts.unknown or bool((rows < 0).any()),
        recent=frozenset(
            each.number
            for each, at in zip(read, added, strict=True)
            if latest is not None and at >= latest - _SKEW - _WITHIN
        ),
        latest=latest,
        estimated=estimated,
    )


def _moved(verdicts: Verdicts, merge: Merge) -> Verdicts:
    return replace(
        verdicts,
        columns={
            concept: carried(column, merge, empty=0) for concept, column in verdicts.columns.items()
        },
        said_at={
            concept: carried(column, merge, empty=_NEVER)
            for concept, column in verdicts.said_at.items()
        },
    )
