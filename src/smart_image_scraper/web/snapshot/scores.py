"""Serve: probabilities by concept, and what is computed of them once."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import Scoring, Threshold
from smart_image_scraper.store.scorings import scoring_of
from smart_image_scraper.store.selection import COMPARE
from smart_image_scraper.web.snapshot.photos import Photos
from smart_image_scraper.web.snapshot.raw_scores import RawScores

BINS = 50
"""Of a histogram over 0 to 1."""

MISSING = BINS
"""The bin of photos that have no probability."""


class ScoreColumn:
    """The probabilities of all photos by one scoring. Made from numbers that never change.

    Attributes:
        scoring: Which model scored which concept, and how its numbers are read.
    """

    def __init__(
        self, scoring: Scoring, *, numbers: NDArray[Any], below: NDArray[np.float64] | None
    ) -> None:
        self.scoring = scoring
        self._numbers = numbers
        self._below = below

    def lie_in(self, numbers: NDArray[Any], *, below: NDArray[np.float64] | None) -> None:
        """Go on with the same numbers in files; what was computed of them stays."""
        self._numbers, self._below = numbers, below

    def is_of(self, scoring: Scoring, *, numbers: NDArray[Any]) -> bool:
        """Tell whether it is made from this."""
        return self.scoring == scoring and self._numbers is numbers

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """A number of 0..1 for each photo; NaN where there is none."""
        if not self.scoring.derived:
            return np.asarray(self._numbers, np.float64)
        return self.scoring.probabilities(np.asarray(self._numbers))

    @cached_property
    def bins(self) -> NDArray[np.uint8]:
        """The bin of each photo in a histogram, or ``MISSING``."""
        known = ~np.isnan(self.probabilities)
        places = np.minimum(np.where(known, self.probabilities, 0) * BINS, BINS - 1)
        return np.where(known, places, MISSING).astype(np.uint8)

    @cached_property
    def highest_first(self) -> NDArray[np.int32]:
        """All rows by probability, the highest first, equals by row; those without one last."""
        return np.argsort(-self.probabilities, kind="stable").astype(np.int32)

    @cached_property
    def lowest_first(self) -> NDArray[np.int32]:
        """Likewise, the lowest first."""
        return np.argsort(self.probabilities, kind="stable").astype(np.int32)

    @cached_property
    def unsure_first(self) -> NDArray[np.int32]:
        """Likewise, the nearest to 0.5 first."""
        return np.argsort(np.abs(self.probabilities - 0.5), kind="stable").astype(np.int32)

    def meeting(self, threshold: Threshold) -> NDArray[np.bool_]:
        """Return which photos meet a condition, as the store has it."""
        met = COMPARE[threshold.comparison](self.probabilities, threshold.limit)
        if self._below is not None and not threshold.comparison.is_upward:
            met |= self._below <= threshold.limit
        return met


class ScoreColumns:
    """The columns of scores of a snapshot.

    Args:
        scorings: The latest first.
        photos: Have what services answered.
        raw: What models computed.
        former: Those of a former snapshot, of which what is still true is kept.
    """

    def __init__(
        self,
        scorings: Sequence[Scoring],
        *,
        photos: Photos,
        raw: RawScores,
        former: "ScoreColumns | None" = None,
    ) -> None:
        self.scorings = tuple(scorings)
        self._columns = {
            scoring: self._column(scoring, photos=photos, raw=raw, former=former)
            for scoring in scorings
        }

    def latest(self) -> dict[str, ScoreColumn]:
        """Return each concept's column by the model that scored it last, by concept."""
        concepts = {scoring.concept: scoring for scoring in reversed(self.scorings)}
        return {concept: self._columns[concepts[concept]] for concept in sorted(concepts)}

    def of(self, threshold: Threshold) -> ScoreColumn:
        """Return the column that a condition is about.

        Raises:
            UsageError: Nobody has scored that.
        """
        return self._columns[scoring_of(self.scorings, threshold)]

    def lie_in(self, photos: Photos, *, raw: RawScores) -> None:
        """Go on with the same numbers in files."""
        for scoring, column in self._columns.items():
            numbers, below = _numbers(scoring, photos=photos, raw=raw)
            column.lie_in(numbers, below=below)

    def _column(
        self,
        scoring: Scoring,
        *,
        photos: Photos,
        raw: RawScores,
        former: "ScoreColumns | None",
    ) -> ScoreColumn:
        numbers, below = _numbers(scoring, photos=photos, raw=raw)
        known = None if former is None else former._columns.get(scoring)  # noqa: SLF001 — its own kind
        if known is not None and known.is_of(scoring, numbers=numbers):
            return known
        return ScoreColumn(scoring, numbers=numbers, below=below)


def _numbers(
    scoring: Scoring, *, photos: Photos, raw: RawScores
) -> tuple[NDArray[Any], NDArray[np.float64] | None]:
    """Return the numbers of a scoring, and below which some are known to be."""
    below = None
    if scoring.derived:
        numbers = raw.columns.get((scoring.model, scoring.concept))
    else:
        name = f"{scoring.model}|{scoring.concept}"
        numbers = photos.answers.get(f"value|{name}")
        below = photos.answers.get(f"below|{name}")
    if numbers is None:
        numbers = np.full(len(photos), np.nan, np.float32)
    return numbers, below
