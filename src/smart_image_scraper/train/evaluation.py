"""Train: how good a concept's model is, measured on photos that it has not seen."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from smart_image_scraper.train.labels import Labels, Numbers
from smart_image_scraper.train.learning import Groups, Learner, Vectors, folds, learn

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.9)
_BINS = 10
_RESAMPLINGS = 1_000
_LEAST_SURE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AtThreshold:
    """What a threshold on the probability does.

    Attributes:
        threshold: Photos from it on are taken.
        precision: The share of taken photos that show the concept; ``None`` if none is taken.
        recall: The share of photos that show the concept that are taken.
    """

    threshold: float
    precision: float | None
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Photos of like probability.

    Attributes:
        expected: Their mean probability.
        found: The share of them that shows the concept.
        photos: How many they are.
    """

    expected: float
    found: float
    photos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How good a concept's model is.

    Attributes:
        photos: How many it was measured on.
        present: How many of them show the concept.
        against: ``reviews`` if people have said so, ``weak labels`` otherwise: then good figures
            only say that the search terms can be told apart.
        roc_auc: The chance that a photo with the concept gets a higher score than one without.
        roc_auc_interval: Where it lies with 95 % probability, by resampling groups.
        average_precision: The mean precision over all recalls.
        brier: The mean squared error of the probabilities.
        thresholds: What thresholds do.
        reliability: How far probabilities are true.
        curve: False positive rate and recall at all thresholds, from 0, 0 to 1, 1.
        most_wrong: Positions of the photos that it got most wrong, the worst first.
    """

    photos: int
    present: int
    against: str
    roc_auc: float
    roc_auc_interval: tuple[float, float]
    average_precision: float
    brier: float
    thresholds: tuple[AtThreshold, ...]
    reliability: tuple[Bin, ...]
    curve: tuple[tuple[float, float], ...]
    most_wrong: tuple[int, ...]


def cross_validate(
    vectors: Vectors,
    labels: Labels,
    *,
    groups: Groups,
    learner: Learner = learn,
    strength: float | None = None,
    seed: int = 0,
) -> Numbers:
    """Return each photo's probability by a model that has learned from none of its group.

    Everything is learned anew for each part: what weak labels are worth, the strength of
    regularisation, the calibration.

    Args:
        vectors: Shape (N, D).
        labels: Photos without any get NaN.
        groups: Shape (N,).
        learner: What learns from each part.
        strength: As for :func:`learn`.
        seed: Of the parts.

    Raises:
        TrainError: There are too few photos with, or without, the concept.
    """
    known = np.flatnonzero(labels.known)
    probabilities = np.full(len(vectors), np.nan)
    some, apart = labels.at(known), groups[known]
    for learnt, tried in folds(some, groups=apart, seed=seed):
        learned = learner(
            vectors[known[learnt]],
            some.at(learnt),
            concept="a part",
            groups=apart[learnt],
            strength=strength,
            seed=seed,
        )
        probabilities[known[tried]] = learned.head.probabilities(vectors[known[tried]])
    return probabilities


def evaluate(probabilities: Numbers, labels: Labels, *, groups: Groups) -> Evaluation:
    """Measure probabilities against what people said, or against weak labels if they said little.

    Args:
        probabilities: What :func:`cross_validate` returns; it has both answers among its labels.
        labels: What is known.
        groups: Shape (N,): photos of a group are resampled together.
    """
    measured, against = measured_on(labels, probabilities)
    truth, scores = labels.best[measured], probabilities[measured]
    worst = np.argsort(-np.abs(truth - scores), kind="stable")[:10]
    return Evaluation(
        photos=len(measured),
        present=int(truth.sum()),
        against=against,
        roc_auc=float(roc_auc_score(truth, scores)),
        roc_auc_interval=interval(truth, scores, groups=groups[measured]),
        average_precision=float(average_precision_score(truth, scores)),
        brier=float(((truth - scores) ** 2).mean()),
        thresholds=tuple(_at(each, truth, scores=scores) for each in THRESHOLDS),
        reliability=_reliability(truth, scores),
        curve=_curve(truth, scores),
        most_wrong=tuple(int(each) for each in measured[worst]),
    )


def measured_on(labels: Labels, probabilities: Numbers) -> tuple[NDArray[np.int64], str]:
    """Return the positions of the photos to measure on, and against what: see ``Evaluation``."""
    sure = labels.is_sure & ~np.isnan(probabilities)
    if min((labels.sure[sure] == answer).sum() for answer in (0, 1)) >= _LEAST_SURE:
        return np.flatnonzero(sure), "reviews"
    return np.flatnonzero(~np.isnan(probabilities)), "weak labels"


def interval(truth: Numbers, scores: Numbers, *, groups: Groups) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the ROC AUC, by resampling whole groups."""
    _, places = np.unique(scores, return_inverse=True)
    areas = (weighted_area(truth, places, weights=weights) for weights in resampled(groups))
    found = [area for area in areas if area is not None]
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def resampled(groups: Groups) -> Iterator[NDArray[np.int64]]:
    """Draw groups with replacement, a thousand times: how often each photo is drawn."""
    random = np.random.default_rng(0)
    names, members = np.unique(groups, return_inverse=True)
    for _ in range(_RESAMPLINGS):
        drawn = np.bincount(random.integers(0, len(names), len(names)), minlength=len(names))
        yield drawn[members]


def weighted_area(
    truth: Numbers, places: NDArray[np.int64], *, weights: NDArray[np.int64]
) -> float | None:
    """Return the ROC AUC; ``None`` if only one answer was drawn.

    scikit-learn's takes a millisecond for its checks alone, and a thousand are needed.
    """
    yes = np.bincount(places, weights * truth)
    no = np.bincount(places, weights * (1 - truth))
    if not yes.any() or not no.any():
        return None
    below = np.cumsum(no) - no / 2
    return float((yes * below).sum() / (yes.sum() * no.sum()))


def _at(threshold: float, truth: Numbers, *, scores: Numbers) -> AtThreshold:
    taken = scores >= threshold
    right = float(truth[taken].sum())
    return AtThreshold(
        threshold=threshold,
        precision=right / int(taken.sum()) if taken.any() else None,
        recall=right / float(truth.sum()),
    )


def _curve(truth: Numbers, scores: Numbers) -> tuple[tuple[float, float], ...]:
    false, true, _ = roc_curve(truth, scores)
    return tuple((float(x), float(y)) for x, y in zip(false, true, strict=True))


def _reliability(truth: Numbers, scores: Numbers) -> tuple[Bin, ...]:
    places = np.minimum((scores * _BINS).astype(np.int64), _BINS - 1)
    return tuple(
        Bin(
            expected=float(scores[places == place].mean()),
            found=float(truth[places == place].mean()),
            photos=int((places == place).sum()),
        )
        for place in map(int, np.unique(places))
    )
