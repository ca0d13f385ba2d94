"""Serve: all that the app shows and filters by, at one moment, and how it gets to the next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import Scoring
from smart_image_scraper.store import Overview
from smart_image_scraper.web.snapshot.columns import Column
from smart_image_scraper.web.snapshot.photos import (
    Photos,
    load_photos,
    no_photos,
    update_photos,
)
from smart_image_scraper.web.snapshot.raw_scores import (
    NO_SCORES,
    RawScores,
    read_buckets,
    update_scores,
)
from smart_image_scraper.web.snapshot.table import carried, find
from smart_image_scraper.web.snapshot.verdicts import NO_VERDICTS, Verdicts, update_verdicts
from smart_image_scraper.web.text_index import NO_TEXT, Added


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that the app shows and filters by, at one moment.

    Attributes:
        photos: What the photos' documents say.
        raw: What models computed of them.
        verdicts: What people said last of them.
        scorings: What the raw numbers mean, the latest first.
        text_numbers: By which the index of texts knows the photos' texts.
        text_digests: That tell whether a text has changed.
    """

    photos: Photos
    raw: RawScores
    verdicts: Verdicts
    scorings: tuple[Scoring, ...]
    text_numbers: NDArray[np.int32]
    text_digests: NDArray[np.uint32]

    def is_kept_as(self, other: "Moment") -> bool:
        """Tell whether another one differs in nothing that is kept in files."""
        return (
            other.photos.columns is self.photos.columns
            and other.raw is self.raw
            and other.text_numbers is self.text_numbers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A moment that followed another one.

    Attributes:
        moment: It.
        changed: The ids of photos whose documents have changed or are new.
        erased: Whether photos are no more.
        is_new: Whether anything differs.
    """

    moment: Moment
    changed: Column
    erased: bool
    is_new: bool


def load(overview: Overview, *, advance: Callable[[int], None]) -> Moment:
    """Read everything of a store.

    Args:
        overview: Of the store.
        advance: Is told how many more photos are read.

    Raises:
        SisError: The database does not answer.
    """
    buckets = read_buckets(NO_SCORES, overview)
    photos = load_photos(overview, advance=advance)
    return with_photos(
        photos,
        raw=update_scores(NO_SCORES, buckets, photos=photos, merge=None),
        scorings=tuple(overview.scorings()),
        verdicts=update_verdicts(NO_VERDICTS, overview, photos=photos, merge=None),
    )


def with_photos(photos: Photos, **parts: Any) -> Moment:  # noqa: ANN401 — those of Moment
    """Return a moment whose texts are not known."""
    return Moment(
        photos=photos,
        text_numbers=np.full(len(photos), NO_TEXT, np.int32),
        text_digests=np.zeros(len(photos), np.uint32),
        **parts,
    )


def no_moment() -> Moment:
    """Return one without photos."""
    photos = no_photos("", seen_at=datetime.fromtimestamp(0, UTC))
    return with_photos(photos, raw=NO_SCORES, verdicts=NO_VERDICTS, scorings=())


def without_texts(moment: Moment) -> Moment:
    """Return a moment whose texts are not known."""
    return with_photos(
        moment.photos, raw=moment.raw, verdicts=moment.verdicts, scorings=moment.scorings
    )


def update(moment: Moment, overview: Overview) -> Update:
    """Return what has become of a moment.

    Raises:
        SisError: The database does not answer.
    """
    buckets = read_buckets(moment.raw, overview)
    photos, merge = update_photos(moment.photos, overview)
    raw = moment.raw
    if merge is not None or buckets.buckets or buckets.gone:
        raw = update_scores(raw, buckets, photos=photos, merge=merge)
    verdicts = update_verdicts(moment.verdicts, overview, photos=photos, merge=merge)
    scorings = tuple(overview.scorings())
    numbers, digests = moment.text_numbers, moment.text_digests
    changed = np.empty(0, np.bytes_)
    if merge is not None:
        numbers = carried(numbers, merge, empty=NO_TEXT)
        digests = carried(digests, merge, empty=0)
        changed = photos.ids[merge.source >= merge.number]
    same = merge is None and raw is moment.raw and verdicts is moment.verdicts
    return Update(
        moment=Moment(
            photos=photos,
            raw=raw,
            verdicts=verdicts,
            scorings=scorings,
            text_numbers=numbers,
            text_digests=digests,
        ),
        changed=changed,
        erased=merge is not None and merge.has_lost,
        is_new=not same or scorings != moment.scorings,
    )


def with_texts(moment: Moment, added: Added) -> Moment:
    """Return a moment in which some photos have other texts; those that are not there are none."""
    rows = find(moment.photos.ids, added.ids)
    there = rows >= 0
    numbers, digests = moment.text_numbers.copy(), moment.text_digests.copy()
    numbers[rows[there]] = added.numbers[there]
    digests[rows[there]] = added.digests[there]
    return replace(moment, text_numbers=numbers, text_digests=digests)


def with_texts_of(moment: Moment, other: Moment) -> Moment:
    """Return a moment in which photos have the texts that they have in another one."""
    added = Added(ids=other.photos.ids, numbers=other.text_numbers, digests=other.text_digests)
    return with_texts(moment, added)
