"""How well `cleaning.py` tells "cage" on the rest, after more and more reviews."""

from collections.abc import Sequence

import numpy as np
from cleaning_aims import SEEDS, aimed_at, has_both
from judged import Photos
from sklearn.metrics import roc_auc_score

from smart_image_scraper.train.evaluation import cross_validate
from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.learning import learn
from smart_image_scraper.train.suggestion import suggest

STEP, REVIEWS = 10, 40
LEAST_AREA_REVIEWED = 0.985


def report_reviews(photos: Photos) -> list[str]:
    """Print how well "cage" is told on the rest, after more and more reviews."""
    if not has_both(photos.truth["cage"]) or not has_both(photos.weak("cage")):
        return []
    active = report_order(photos, order="active")
    report_order(photos, order="random")
    reviews = (len(active) - 1) * STEP
    what = f"cage, after {reviews} reviews in the order of active learning, ROC AUC on the rest"
    least, most = min(active[-1]), max(active[-1])
    spread = f"mean of {len(active[-1])} cross-validations, {least:.3f} to {most:.3f}"
    mean = float(np.mean(active[-1]))
    return [aimed_at(what, mean, least=LEAST_AREA_REVIEWED, spread=spread)]


def report_order(photos: Photos, *, order: str) -> list[tuple[float, ...]]:
    """Print what reviews in an order bring, and return the ROC AUCs after each step of them."""
    curves = [curve(photos, order=order, seed=seed) for seed in SEEDS]
    # Where what is left shows but one answer, a curve ends before the others.
    steps = list(zip(*curves, strict=False))
    for step, areas in enumerate(steps):
        print(
            f"  {order:6} {step * STEP:3} reviews: ROC AUC on the rest {np.mean(areas):.4f} "
            f"({min(areas):.4f} to {max(areas):.4f})"
        )
    return steps


def curve(photos: Photos, *, order: str, seed: int) -> list[float]:
    """Return the ROC AUC on what is not reviewed, after each step of reviews."""
    truth, weak = photos.truth["cage"], photos.weak("cage")
    sure = np.full(len(truth), np.nan)
    shuffled = np.random.default_rng(seed).permutation(np.flatnonzero(~np.isnan(truth)))
    areas: list[float] = []
    while True:
        labels = Labels(weak=weak, sure=sure.copy())
        rest = np.isnan(sure) & ~np.isnan(truth)
        if len(areas) > REVIEWS // STEP or not has_both(truth[rest]):
            return areas
        found = cross_validate(photos.vectors, labels, groups=photos.groups, seed=seed)
        areas.append(float(roc_auc_score(truth[rest], found[rest])))
        left = [each for each in shuffled if np.isnan(sure[each])]
        chosen = left[:STEP] if order == "random" else ask(photos, labels, left=left, seed=seed)
        sure[chosen] = truth[chosen]


def ask(photos: Photos, labels: Labels, *, left: Sequence[int], seed: int) -> list[int]:
    """Return the photos that active learning asks for next."""
    learned = learn(photos.vectors, labels, concept="cage", groups=photos.groups, seed=seed)
    # What nobody can tell is not asked for.
    some = np.array(sorted({*left, *np.flatnonzero(labels.is_sure)}))
    chosen = suggest(
        photos.vectors[some],
        labels.at(some),
        probabilities=learned.unseen[some],
        groups=photos.groups[some],
        alike=photos.groups[some],
        number=STEP,
        seed=seed,
    )
    return [int(some[each.position]) for each in chosen]
