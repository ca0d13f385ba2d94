"""Train: what a model gains from reading what people wrote of photos."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from smart_image_scraper.train.evaluation import measured_on, resampled, weighted_area
from smart_image_scraper.train.labels import Labels, Numbers
from smart_image_scraper.train.learning import Groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Photos' probabilities by models that have not seen them, cross-validated in the same parts.

    Attributes:
        image: By the pictures alone.
        text: By the texts alone.
        both: By both together.
    """

    image: Numbers
    text: Numbers
    both: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What reading texts brings, on the photos that the whole model is measured on.

    Attributes:
        image_roc_auc: Of pictures alone.
        image_average_precision: Likewise.
        text_roc_auc: Of texts alone.
        text_average_precision: Likewise.
        roc_auc: What both together have more than pictures alone; below 0, texts do harm.
        roc_auc_interval: Where that lies with 95 % probability, by resampling groups.
    """

    image_roc_auc: float
    image_average_precision: float
    text_roc_auc: float
    text_average_precision: float
    roc_auc: float
    roc_auc_interval: tuple[float, float]


def measure_gain(opinions: Opinions, labels: Labels, *, groups: Groups) -> Gain:
    """Measure pictures, texts and both against the same labels.

    Args:
        opinions: All three of the same photos.
        labels: What is known of these.
        groups: Shape (N,): photos of a group are resampled together.
    """
    measured, _ = measured_on(labels, opinions.both)
    truth = labels.best[measured]
    image, text, both = (each[measured] for each in (opinions.image, opinions.text, opinions.both))
    gains = _resampled_gains(truth, image, both=both, groups=groups[measured])
    low, high = np.quantile(gains, [0.025, 0.975])
    return Gain(
        image_roc_auc=float(roc_auc_score(truth, image)),
        image_average_precision=float(average_precision_score(truth, image)),
        text_roc_auc=float(roc_auc_score(truth, text)),
        text_average_precision=float(average_precision_score(truth, text)),
        roc_auc=float(roc_auc_score(truth, both) - roc_auc_score(truth, image)),
        roc_auc_interval=(float(low), float(high)),
    )


def _resampled_gains(
    truth: Numbers, image: Numbers, *, both: Numbers, groups: Groups
) -> list[float]:
    places = [np.unique(each, return_inverse=True)[1] for each in (image, both)]
    gains = []
    for weights in resampled(groups):
        alone, together = (weighted_area(truth, each, weights=weights) for each in places)
        if alone is not None and together is not None:
            gains.append(together - alone)
    return gains
