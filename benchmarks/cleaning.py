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
from cleaning_aims import SEEDS, aimed_at, has_both
from cleaning_monkeys import report_monkeys
from cleaning_reviews import report_reviews
from judged import Photos, background, read_judged
from sklearn.metrics import average_precision_score, roc_auc_score

from smart_image_scraper.score import DinoV2
from smart_image_scraper.train.evaluation import cross_validate, interval
from smart_image_scraper.train.fusion import TEXT_STRENGTH, learn_with_text
from smart_image_scraper.train.gain import Opinions, measure_gain
from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.learning import learn

LEAST_AREA = 0.97


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


if __name__ == "__main__":
    main()
