"""Train: a linear head on embeddings, from labels of which many may be wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from smart_image_scraper.errors import TrainError
from smart_image_scraper.photo.scoring import ENOUGH_REVIEWS
from smart_image_scraper.score.calibration import fit_platt
from smart_image_scraper.score.classifier import Head, sigmoid
from smart_image_scraper.train.labels import Labels, Numbers
from smart_image_scraper.train.noise import targets

Vectors = NDArray[np.float32]
Groups = NDArray[np.int64]

FOLDS = 5
STRENGTHS = (1.0, 3.0, 10.0, 30.0)
"""The inverse strengths of regularisation that are tried."""

MOST_WEAK = 3_000
"""The most weak labels that are learned from: more take longer, and teach little more."""

_ROUNDS = 3
_SURE_WEIGHT = 5.0
_LEAST_GROUPS = 2
_ANSWERS = ("with", "without")
_CERTAIN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned of one concept.

    Attributes:
        head: From vectors to probabilities.
        unseen: Shape (N,): the probability of each photo by models that have not seen it.
        targets: Shape (N,): label and model together; NaN where there is no label.
    """

    head: Head
    unseen: Numbers
    targets: Numbers


class Learner(Protocol):
    """Learns a concept, as :func:`learn` does."""

    def __call__(  # noqa: D102 — said above
        self,
        vectors: Vectors,
        labels: Labels,
        *,
        concept: str,
        groups: Groups,
        strength: float | None = None,
        seed: int = 0,
    ) -> Learned: ...


# With several threads, matrices as small as these take longer, and far longer beside other work.
@threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]  # it brings no types along
def learn(
    vectors: Vectors,
    labels: Labels,
    *,
    concept: str,
    groups: Groups,
    strength: float | None = None,
    seed: int = 0,
    evened: bool = True,
) -> Learned:
    """Learn a concept: weak labels are weighed by how far they agree with what all others teach.

    The model's opinion of each photo comes from the other folds, so that it cannot have learned
    the label that it judges. Label and opinion make the target of the next round.

    Args:
        vectors: Shape (N, D).
        labels: Photos without any are only given a probability.
        concept: What it is called.
        groups: Shape (N,): photos of one group are never in different folds.
        strength: The inverse strength of regularisation; ``None`` to choose it by
            cross-validation.
        seed: Of the folds.
        evened: Bring all dimensions to one deviation first, since what varies most in a model's
            vectors is not what tells most. In texts, what is rare would then count for too much.

    Raises:
        TrainError: There are too few photos with, or without, the concept.
    """
    check_enough(labels, groups=groups, concept=concept, seed=seed)
    known = learnt_from(labels, seed=seed)
    rows, some, apart = vectors[known], labels.at(known), groups[known]
    deviations = _deviations(rows) if evened else np.ones(rows.shape[1], np.float32)
    rows = rows / deviations
    strength = strength or _best_strength(rows, some, groups=apart, seed=seed)
    aims = some.best
    for round_ in range(_ROUNDS):
        values = unseen_values(
            rows, aims, labels=some, groups=apart, strength=strength, seed=seed + round_
        )
        aims = targets(some, sigmoid(values))
    head = fit(rows, aims, weights=label_weights(some), strength=strength)
    slope, offset, calibrated_on = calibrate(values, aims, labels=some)
    head = replace(head, concept=concept, slope=slope, offset=offset, calibrated_on=calibrated_on)
    head = replace(head, weights=head.weights / deviations)
    unseen, all_targets = head.probabilities(vectors), np.full(len(vectors), np.nan)
    unseen[known], all_targets[known] = sigmoid(slope * values + offset), aims
    return Learned(head=head, unseen=unseen, targets=all_targets)


def fit(vectors: Vectors, aims: Numbers, *, weights: Numbers, strength: float) -> Head:
    """Fit a logistic regression to targets between 0 and 1, both classes weighing the same.

    Args:
        vectors: Shape (N, D).
        aims: Shape (N,): how likely the concept is in each.
        weights: Shape (N,): how much each counts.
        strength: The inverse strength of regularisation, for vectors that lie 1 from their mean.
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    centred = vectors - mean
    scale = 1 / max(float(np.sqrt((centred**2).sum(axis=1).mean())), _CERTAIN)
    yes, no = weights * aims + _CERTAIN, weights * (1 - aims) + _CERTAIN
    counts = np.concatenate([yes / yes.sum(), no / no.sum()]) * (len(aims) / 2)
    model = LogisticRegression(C=strength, max_iter=1_000)
    model.fit(
        np.concatenate([centred, centred]) * scale,
        np.repeat([1, 0], len(aims)),
        sample_weight=counts,
    )
    coefficients = model.coef_[0] * scale
    bias = float(model.intercept_[0] - coefficients @ mean)
    return Head(concept="", weights=coefficients, bias=bias, strength=strength)


def folds(
    labels: Labels, *, groups: Groups, seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Split photos into parts of about equal shares of yes, each group whole in one part.

    Returns:
        The positions to learn from, and those to try it on.
    """
    answers = labels.best.astype(np.int64)
    number = min(FOLDS, *(len(np.unique(groups[answers == answer])) for answer in (0, 1)))
    splitter = StratifiedGroupKFold(n_splits=number, shuffle=True, random_state=seed)
    yield from splitter.split(answers, answers, groups)


def check_enough(labels: Labels, *, groups: Groups, concept: str, seed: int = 0) -> None:
    """See that there is enough to learn from.

    Raises:
        TrainError: There are too few photos with, or without, the concept.
    """
    for number, word in zip(_group_counts(labels, groups, seed=seed), _ANSWERS, strict=True):
        if number < _LEAST_GROUPS:
            raise TrainError(
                f"{concept}: {number} of the photos {word} it, near-duplicates and photos of one "
                f"owner counted once, are too few to learn from: it takes {_LEAST_GROUPS} at "
                "least; review some photos, or give a search term (--weak) or labels (--labels)"
            )


def is_enough(labels: Labels, *, groups: Groups, seed: int = 0) -> bool:
    """Tell whether there is enough to learn from."""
    return min(_group_counts(labels, groups, seed=seed)) >= _LEAST_GROUPS


def learnt_from(labels: Labels, *, seed: int = 0) -> NDArray[np.int64]:
    """Return the positions of all sure labels, and of at most so many weak ones, by chance."""
    weak = np.flatnonzero(labels.known & ~labels.is_sure)
    if len(weak) > MOST_WEAK:
        weak = np.random.default_rng(seed).choice(weak, MOST_WEAK, replace=False)
    return np.sort(np.concatenate([np.flatnonzero(labels.is_sure), weak]))


def _deviations(vectors: Vectors) -> Vectors:
    # One that never varies here tells nothing, and is left as it is.
    deviations = vectors.std(axis=0)
    return np.where(deviations > _CERTAIN, deviations, 1).astype(np.float32)


def label_weights(labels: Labels) -> Numbers:
    """Return how much each photo counts: a sure label more than a weak one."""
    return np.where(labels.is_sure, _SURE_WEIGHT, 1.0)


def _group_counts(labels: Labels, groups: Groups, *, seed: int) -> tuple[int, int]:
    """Count the groups with the concept, and those without, that are learned from."""
    known = learnt_from(labels, seed=seed)
    best, apart = labels.best[known], groups[known]
    return len(np.unique(apart[best == 1])), len(np.unique(apart[best == 0]))


def _best_strength(vectors: Vectors, labels: Labels, *, groups: Groups, seed: int) -> float:
    def quality(strength: float) -> float:
        values = unseen_values(
            vectors, labels.best, labels=labels, groups=groups, strength=strength, seed=seed
        )
        return float(roc_auc_score(labels.best, values, sample_weight=label_weights(labels)))

    return max(STRENGTHS, key=quality)


def unseen_values(
    vectors: Vectors,
    aims: Numbers,
    *,
    labels: Labels,
    groups: Groups,
    strength: float,
    seed: int,
) -> Numbers:
    """Return for each photo the value by a head that was fitted without its group."""
    values = np.empty(len(aims))
    weights = label_weights(labels)
    for learnt, tried in folds(labels, groups=groups, seed=seed):
        head = fit(vectors[learnt], aims[learnt], weights=weights[learnt], strength=strength)
        values[tried] = head.values(vectors[tried])
    return values


def calibrate(values: Numbers, aims: Numbers, *, labels: Labels) -> tuple[float, float, int]:
    """Fit Platt's sigmoid, on sure labels if there are enough of them, else on the targets."""
    sure = labels.is_sure
    enough = sure.sum() >= ENOUGH_REVIEWS and 0 < labels.sure[sure].mean() < 1
    chosen = sure if enough else np.ones(len(values), dtype=bool)
    slope, offset = fit_platt(values[chosen], aims[chosen])
    return slope, offset, int(sure.sum()) if enough else 0
