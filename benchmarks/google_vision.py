"""Measure Google Vision's answers of 2021 against what a person sees in the same photos.

    uv run --extra offline python benchmarks/google_vision.py --seed ../shared/seed

The older records hold the scores; a concept that Google did not report is below 0.5 there, and is
ranked behind all others. Intervals are of 95 %: Clopper and Pearson's for shares, the bootstrap's
over photos (2,000 draws) for areas.
"""

import argparse
import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score, roc_auc_score

COLUMNS = {"monkey": "species prediction score", "cage": "cage prediction score"}
FLOOR = 0.5
DRAWS = 2_000

Numbers = NDArray[np.float64]


def read(seed: Path, concept: str) -> tuple[Numbers, Numbers]:
    """Return the truth, 0 or 1, and the scores of the photos in which a person can tell."""
    frame = json.loads((seed / "df_100_per_search_encrypted.json").read_text(encoding="utf-8"))
    scores = {name: frame[COLUMNS[concept]][row] for row, name in frame["filename"].items()}
    with (seed / "truth.csv").open(encoding="utf-8") as file:
        judged = [row for row in csv.DictReader(file) if row[concept]]
    truth = [row[concept] == "true" for row in judged]
    return np.array(truth, float), np.array([scores[row["filename"]] for row in judged], float)


def share(good: int, whole: int) -> str:
    """Return a share with its interval."""
    interval = binomtest(good, whole).proportion_ci()
    return f"{good}/{whole} = {good / whole:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def area(measure: Callable[..., float], truth: Numbers, scores: Numbers) -> str:
    """Return a measure with its interval."""
    random = np.random.default_rng(0)
    draws = [random.integers(0, len(truth), len(truth)) for _ in range(DRAWS)]
    values = [measure(truth[draw], scores[draw]) for draw in draws if 0 < truth[draw].mean() < 1]
    low, high = np.quantile(values, [0.025, 0.975])
    return f"{measure(truth, scores):.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    """Print the figures of each concept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=Path, required=True)
    seed = parser.parse_args().seed
    for concept in COLUMNS:
        truth, scores = read(seed, concept)
        reported = scores >= FLOOR
        right = int((truth[reported] == 1).sum())
        print(f"{concept}: {len(truth)} photos, {int(truth.sum())} with it")
        print(f"  precision at 0.5  {share(right, int(reported.sum()))}")
        print(f"  recall at 0.5     {share(right, int(truth.sum()))}")
        print(f"  ROC AUC           {area(roc_auc_score, truth, scores)}")
        print(f"  average precision {area(average_precision_score, truth, scores)}")


if __name__ == "__main__":
    main()
