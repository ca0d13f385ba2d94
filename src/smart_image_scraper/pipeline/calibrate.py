"""Pipeline: fit a model's probabilities to the reviews of a concept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from smart_image_scraper.photo import Scoring
from smart_image_scraper.photo.scoring import ENOUGH_REVIEWS
from smart_image_scraper.store import Store, Verdict


def calibrate(store: Store, *, model: str, concepts: Sequence[str]) -> dict[str, int]:
    """Fit a model's probabilities of concepts to what people said of photos that it scored.

    It takes ``ENOUGH_REVIEWS`` of a concept, some of them for and some against it, and numbers
    that are higher where it is there; otherwise the probabilities stay what they were.

    Returns:
        By concept that was calibrated, by how many reviews.
    """
    said = store.reviews.verdicts(concepts)
    calibrated = {}
    for scoring in store.scores.scorings():
        if scoring.model == model and scoring.concept in said and scoring.derived:
            fitted = _fitted(store, scoring, verdicts=said[scoring.concept])
            if fitted is not None:
                store.scores.save_scoring(fitted)
                calibrated[fitted.concept] = fitted.reviews
    return calibrated


def _fitted(store: Store, scoring: Scoring, *, verdicts: Mapping[str, Verdict]) -> Scoring | None:
    if len(verdicts) < ENOUGH_REVIEWS:
        return None
    said = {photo.encode(): verdict is Verdict.ACCEPT for photo, verdict in verdicts.items()}
    photos, raw = store.scores.column(scoring.model, scoring.concept)
    reviewed = np.flatnonzero(np.isin(photos, np.array(list(said), np.bytes_)))
    answers = np.array([said[photos[position]] for position in reviewed], np.float64)
    if len(answers) < ENOUGH_REVIEWS or not 0 < answers.mean() < 1:
        return None
    from smart_image_scraper.score.calibration import fit_platt  # noqa: PLC0415 — slow to import

    slope, intercept = fit_platt(raw[reviewed].astype(np.float64), answers)
    if slope <= 0:
        return None
    return replace(scoring, slope=slope, intercept=intercept, reviews=len(answers))
