"""Real photos: a model that learns "cage" from the search terms alone, and is wrong less often."""

import csv
from pathlib import Path

import numpy as np

from smart_image_scraper.score import DinoV2, decode
from smart_image_scraper.train.evaluation import cross_validate, evaluate
from smart_image_scraper.train.labels import Labels


def test_real_cages_are_told_from_what_was_searched_for(shared: Path, tmp_path: Path) -> None:
    with (shared / "seed" / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["cage"]]
    backbone = DinoV2(tmp_path)
    paths = [shared / "seed" / "photos" / row["filename"] for row in rows]
    images = [
        decode(
            path.read_bytes(),
            name=path.name,
            size=backbone.size,
            resampling=backbone.resampling,
        )
        for path in paths
    ]
    truth = np.array([float(row["cage"] == "true") for row in rows])
    weak = np.array([float("cage" in row["filename"]) for row in rows])
    alone = np.arange(len(rows))

    found = cross_validate(
        backbone.embed(images),
        Labels(weak=weak, sure=np.full(len(rows), np.nan)),
        groups=alone,
        strength=10.0,
    )

    nobody_asked = Labels(weak=np.full(len(rows), np.nan), sure=truth)
    assert (weak == truth).mean() < 0.95
    assert evaluate(found, nobody_asked, groups=alone).roc_auc > 0.95
