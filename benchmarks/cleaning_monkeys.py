"""How well `cleaning.py` tells "monkey" from a background, and from what is harder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from cleaning_aims import SEEDS, aimed_at
from judged import Numbers, Photos, embed
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_auc_score

from smart_image_scraper.score import DinoV2
from smart_image_scraper.train.evaluation import cross_validate, resampled
from smart_image_scraper.train.labels import Labels

LEAST_PRECISION = 0.99
LEAST_RECALL = 0.95
LEAST_BACKGROUND = 60
HALF = 0.5


def report_monkeys(photos: Photos, others: Sequence[Path], *, backbone: DinoV2) -> list[str]:
    """Print how well "monkey" is told from a background, and from what is harder."""
    if not others:
        return ["monkey: not measured, for want of a background"]
    if not np.any(photos.truth["monkey"] == 1):
        return ["monkey: not measured, since no photo shows one"]
    if len(others) < LEAST_BACKGROUND:
        print(f"the background has {len(others)} photos; {LEAST_BACKGROUND} were aimed at")
    vectors = embed(others, backbone)
    return [
        report_monkey(photos, vectors, learned_from=learned_from)
        for learned_from in ("search terms alone", "labels of a file")
    ]


def report_monkey(photos: Photos, others: NDArray[np.float32], *, learned_from: str) -> str:
    """Print how well "monkey" is told by what was learned of labels of one kind."""
    vectors = np.concatenate([photos.vectors, others])
    nothing = np.zeros(len(others))
    weak = np.concatenate([photos.weak("monkey"), nothing])
    truth = np.concatenate([photos.truth["monkey"], nothing])
    apart = photos.groups.max() + 1 + np.arange(len(others))
    groups = np.concatenate([photos.groups, apart])
    sure = truth if learned_from == "labels of a file" else np.full(len(weak), np.nan)
    labels = Labels(weak=weak, sure=sure)
    results = [cross_validate(vectors, labels, groups=groups, seed=seed) for seed in SEEDS]
    mean = np.mean(results, axis=0)
    of_background = np.arange(len(truth)) >= len(photos.terms)
    asked = np.flatnonzero((truth == 1) | of_background)
    harder = np.flatnonzero(~np.isnan(truth))
    print(f"monkey, learned from {learned_from}: {int((truth == 1).sum())} photos with one")
    print(f"  against the background alone, {len(others)} photos:")
    print(f"    {at_precision(truth[asked], mean[asked], groups=groups[asked])}")
    print(f"    {each_alone(truth[asked], [found[asked] for found in results])}")
    if len(harder) > len(asked):
        print(
            f"  and {len(harder) - len(asked)} photos that searches for monkeys found without one:"
        )
        print(f"    {at_precision(truth[harder], mean[harder], groups=groups[harder])}")
        print(f"    {each_alone(truth[harder], [found[harder] for found in results])}")
    low, high = recall_interval(truth[asked], mean[asked], groups=groups[asked])
    return aimed_at(
        f"monkey, learned from {learned_from}, recall at precision {LEAST_PRECISION} or more "
        f"against {len(others)} photos of a background",
        best_recall(truth[asked], mean[asked])[0],
        least=LEAST_RECALL,
        spread=f"95 %: {low:.3f} to {high:.3f}",
    )


def at_precision(truth: Numbers, scores: Numbers, *, groups: NDArray[np.int64]) -> str:
    """Say what recall there is at the least precision, and what there is from 0.5 on."""
    recall, threshold = best_recall(truth, scores)
    low, high = recall_interval(truth, scores, groups=groups)
    taken = scores >= HALF
    return (
        f"recall {recall:.3f} (95 %: {low:.3f} to {high:.3f}) at precision >= {LEAST_PRECISION}, "
        f"from {threshold:.3f} on; ROC AUC {roc_auc_score(truth, scores):.4f}; from {HALF} on: "
        f"precision {truth[taken].mean():.3f}, recall {taken[truth == 1].mean():.3f} "
        f"(the mean of {len(SEEDS)} cross-validations' probabilities)"
    )


def each_alone(truth: Numbers, results: Sequence[Numbers]) -> str:
    """Say what recall each cross-validation has by itself."""
    recalls = [best_recall(truth, found)[0] for found in results]
    return (
        f"each cross-validation by itself: recall {min(recalls):.3f} to {max(recalls):.3f}, mean "
        f"{np.mean(recalls):.3f}"
    )


def best_recall(
    truth: Numbers, scores: Numbers, *, weights: NDArray[np.int64] | None = None
) -> tuple[float, float]:
    """Return the largest recall at which precision is high enough, and the threshold."""
    precision, recall, thresholds = precision_recall_curve(truth, scores, sample_weight=weights)
    enough = np.flatnonzero(precision[:-1] >= LEAST_PRECISION)
    if not len(enough):
        return 0.0, 1.0
    best = enough[np.argmax(recall[enough])]
    return float(recall[best]), float(thresholds[best])


def recall_interval(
    truth: Numbers, scores: Numbers, *, groups: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of :func:`best_recall`, by resampling whole groups."""
    found = [best_recall(truth, scores, weights=drawn)[0] for drawn in resampled(groups)]
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
