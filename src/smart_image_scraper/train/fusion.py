"""Train: what is seen in photos and what people wrote of them, together.

Late fusion: a head on the images, one on the texts, and a third that weighs what both say.
"""

from dataclasses import replace

import numpy as np
from scipy.special import logit
from threadpoolctl import threadpool_limits

from smart_image_scraper.score.classifier import Head, sigmoid
from smart_image_scraper.train.labels import Labels, Numbers
from smart_image_scraper.train.learning import (
    Groups,
    Learned,
    Vectors,
    calibrate,
    fit,
    label_weights,
    learn,
    unseen_values,
)

TEXT_STRENGTH = 3.0
"""The inverse strength of regularisation of whatever is learned of texts; see ``fit``."""

_CERTAIN = 1e-9


@threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]  # it brings no types along
def learn_with_text(
    vectors: Vectors,
    labels: Labels,
    *,
    text_columns: int,
    concept: str,
    groups: Groups,
    strength: float | None = None,
    seed: int = 0,
) -> Learned:
    """Learn a concept from images and texts.

    Where a weak label is wrong, the text is often of the same mind: both tell how a photo was
    found, not what it shows. So texts are not learned from weak labels, but from what the images
    make of them.

    Args:
        vectors: Shape (N, D + T + 1): embeddings, and behind them ``TextFeatures.vectors``.
        labels: As for :func:`~smart_image_scraper.train.learning.learn`.
        text_columns: How many of the columns are the text's, T + 1.
        concept: What it is called.
        groups: Shape (N,): photos of one group are never in different folds.
        strength: That of the head on the images; ``None`` to choose it by cross-validation.
        seed: Of the folds.

    Raises:
        TrainError: There are too few photos with, or without, the concept.
    """
    images, texts = vectors[:, :-text_columns], vectors[:, -text_columns:]
    seen = learn(images, labels, concept=concept, groups=groups, strength=strength, seed=seed)
    known = np.flatnonzero(~np.isnan(seen.targets))
    aims, some, apart = seen.targets[known], labels.at(known), groups[known]
    ngrams, unread = texts[known, :-1], texts[known, -1]
    read, read_values = _fit(ngrams, aims, labels=some, groups=apart, seed=seed)
    seen_values = logit(np.clip(seen.unseen[known], _CERTAIN, 1 - _CERTAIN))
    columns = np.stack([seen_values, read_values, unread], axis=1).astype(np.float32)
    both, values = _fit(columns, aims, labels=some, groups=apart, seed=seed)
    slope, offset, calibrated_on = calibrate(values, aims, labels=some)
    head = replace(
        _joined(seen.head, read, both=both),
        slope=slope,
        offset=offset,
        calibrated_on=calibrated_on,
    )
    unseen = head.probabilities(vectors)
    unseen[known] = sigmoid(slope * values + offset)
    return Learned(head=head, unseen=unseen, targets=seen.targets)


def _fit(
    vectors: Vectors, aims: Numbers, *, labels: Labels, groups: Groups, seed: int
) -> tuple[Head, Numbers]:
    """Fit a head, and tell what heads that have not seen a photo say of it."""
    weights = label_weights(labels)
    values = unseen_values(
        vectors, aims, labels=labels, groups=groups, strength=TEXT_STRENGTH, seed=seed
    )
    return fit(vectors, aims, weights=weights, strength=TEXT_STRENGTH), values


def _joined(seen: Head, read: Head, *, both: Head) -> Head:
    """Return one head on images and texts: what is linear in linear functions is linear."""
    of_image, of_text, of_unread = map(float, both.weights)
    weights = (of_image * seen.slope * seen.weights, of_text * read.weights, np.array([of_unread]))
    biases = (of_image * (seen.slope * seen.bias + seen.offset), of_text * read.bias, both.bias)
    return replace(seen, weights=np.concatenate(weights), bias=sum(biases))
