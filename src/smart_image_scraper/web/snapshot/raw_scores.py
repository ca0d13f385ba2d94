"""Serve: models' raw numbers as columns beside the photos'."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from smart_image_scraper.store import Overview
from smart_image_scraper.store.columns import Bucket
from smart_image_scraper.web.snapshot.columns import Column
from smart_image_scraper.web.snapshot.photos import Photos
from smart_image_scraper.web.snapshot.table import Merge, carried, find

Scored = tuple[str, str]
"""A model, with its revision, and a concept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawScores:
    """Models' raw numbers of all photos.

    Attributes:
        columns: In the order of the photos; NaN where a photo was not scored.
        versions: Of the buckets that they were read from, by the bucket's name.
    """

    columns: Mapping[Scored, Column]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBuckets:
    """Buckets that are not those the columns come from.

    Attributes:
        buckets: By name, with their versions.
        gone: The names of those that are no more.
    """

    buckets: Mapping[str, tuple[str, Bucket]]
    gone: frozenset[str]


NO_SCORES = RawScores(columns={}, versions={})


def read_buckets(scores: RawScores, overview: Overview) -> ReadBuckets:
    """Read the buckets that have changed. To be read before the photos: whoever is in them is then.

    Raises:
        SisError: The database does not answer.
    """
    versions = overview.bucket_versions()
    changed = [name for name, version in versions.items() if scores.versions.get(name) != version]
    return ReadBuckets(
        buckets={name: (version, bucket) for name, version, bucket in overview.buckets(changed)},
        gone=frozenset(scores.versions.keys() - versions.keys()),
    )


def update_scores(
    scores: RawScores, read: ReadBuckets, *, photos: Photos, merge: Merge | None
) -> RawScores:
    """Return the raw numbers by now; columns in which nothing changed are the same objects.

    Args:
        scores: The former.
        read: What has changed since.
        photos: The photos by now.
        merge: How these came from the former ones; ``None`` if they are the same.
    """
    columns = {
        name: column if merge is None else carried(column, merge, empty=np.nan)
        for name, column in scores.columns.items()
    }
    owned: set[Scored] = set()
    by_bucket = _RowsByBucket(photos)
    for name in read.gone | read.buckets.keys():
        model, _, number = name.rpartition("|")
        rows = by_bucket.rows(int(number, 16))
        given = (
            _aligned(read.buckets[name][1], photos=photos, rows=rows)
            if name in read.buckets
            else {}
        )
        concepts = {concept for each, concept in columns if each == model} | given.keys()
        for concept in concepts:
            scored = (model, concept)
            if scored not in owned:
                owned.add(scored)
                former = columns.get(scored)
                # Written to below: no snapshot's column changes under its readers.
                columns[scored] = (
                    np.full(len(photos), np.nan, np.float32) if former is None else former.copy()
                )
            columns[scored][rows] = given.get(concept, np.nan)
    versions = {name: each for name, each in scores.versions.items() if name not in read.gone}
    return RawScores(
        columns=columns,
        versions=versions | {name: version for name, (version, _) in read.buckets.items()},
    )


class _RowsByBucket:
    """The rows of the photos of each bucket, in the order of their ids."""

    def __init__(self, photos: Photos) -> None:
        self._buckets = photos.columns["bucket"]
        self._order: Column | None = None
        self._starts: Column | None = None

    def rows(self, bucket: int) -> Column:
        if self._order is None or self._starts is None:
            self._order = np.argsort(self._buckets, kind="stable")
            self._starts = np.searchsorted(self._buckets[self._order], np.arange(257))
        return self._order[self._starts[bucket] : self._starts[bucket + 1]]


def _aligned(bucket: Bucket, *, photos: Photos, rows: Column) -> dict[str, Column]:
    """Return a bucket's numbers for the photos in some rows; NaN of those that are not in it."""
    places = find(bucket.photos, photos.ids[rows])
    aligned = {}
    for concept, column in bucket.columns.items():
        numbers = np.full(len(rows), np.nan, np.float32)
        numbers[places >= 0] = column[places[places >= 0]]
        aligned[concept] = numbers
    return aligned
