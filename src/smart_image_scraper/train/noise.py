"""Train: how far weak labels can be trusted, and what they tell together with a model's opinion."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.train.labels import Labels, Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelNoise:
    """How weak labels err.

    Attributes:
        yes_if_present: How often the weak label is yes where the concept is in the photo.
        yes_if_absent: How often it is yes where the concept is not.
    """

    yes_if_present: float
    yes_if_absent: float


def doubted(labels: Labels, probabilities: Numbers) -> NDArray[np.bool_]:
    """Tell which weak labels are probably wrong.

    By confident learning (C. G. Northcutt et al., Confident Learning: Estimating Uncertainty in
    Dataset Labels, 2021, 3.1): a photo is counted to a class if its probability is at least the
    mean of those that are labelled so; a label that is not the one that it is counted to is
    doubted.

    Args:
        labels: Sure ones are never doubted.
        probabilities: Of a model that has not seen the photo whose probability it tells.
    """
    weak = ~labels.is_sure & ~np.isnan(labels.weak)
    yes, no = weak & (labels.weak == 1), weak & (labels.weak == 0)
    if not yes.any() or not no.any():
        return np.zeros(len(weak), dtype=bool)
    present = probabilities >= probabilities[yes].mean()
    absent = probabilities <= probabilities[no].mean()
    likely = probabilities >= 0.5  # noqa: PLR2004 — more likely than not, where both are confident
    flipped = (yes & absent & ~(present & likely)) | (no & present & ~(absent & ~likely))
    return np.asarray(flipped, np.bool_)


def estimate_noise(labels: Labels, probabilities: Numbers) -> LabelNoise:
    """Estimate how weak labels err, from what reviews say of them and from doubted ones.

    Args:
        labels: Photos that have both a sure and a weak label tell it exactly.
        probabilities: As for :func:`doubted`.
    """
    flipped = doubted(labels, probabilities)
    truth = np.where(labels.is_sure, labels.sure, np.where(flipped, 1 - labels.weak, labels.weak))
    weak_yes = labels.weak == 1
    known = ~np.isnan(labels.weak)
    # Laplace's rule of succession: a rate is never 0 or 1, however few labels there are.
    return LabelNoise(
        yes_if_present=_rate(weak_yes[known & (truth == 1)]),
        yes_if_absent=_rate(weak_yes[known & (truth == 0)]),
    )


def targets(labels: Labels, probabilities: Numbers) -> Numbers:
    """Return how likely the concept is in each photo, by label and model together (Bayes' rule).

    Args:
        labels: Sure labels are returned as they are; without any, NaN is returned.
        probabilities: As for :func:`doubted`.
    """
    noise = estimate_noise(labels, probabilities)
    yes = labels.weak == 1
    if_present = np.where(yes, noise.yes_if_present, 1 - noise.yes_if_present)
    if_absent = np.where(yes, noise.yes_if_absent, 1 - noise.yes_if_absent)
    present, absent = probabilities * if_present, (1 - probabilities) * if_absent
    weak = np.where(np.isnan(labels.weak), np.nan, present / (present + absent))
    return np.where(labels.is_sure, labels.sure, weak)


def _rate(answers: NDArray[np.bool_]) -> float:
    return (float(answers.sum()) + 1) / (len(answers) + 2)
