"""Scoring that is killed in the middle, and gone on with."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from smart_image_scraper.score import DinoV2, Embeddings, model_name

PHOTOS = 40


def kept_in(embeddings: Embeddings) -> int:
    return sum(len(ids) for ids, _ in embeddings.blocks())


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_kill_9_in_mid_score_loses_a_batch_at_most_and_nothing_is_done_twice(
    sis: Callable, tmp_path: Path, environment: dict[str, str], command: tuple[str, ...]
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    random = np.random.default_rng(1)
    for number in range(PHOTOS):
        noise = random.integers(0, 255, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((300, 200)).save(folder / f"{number}.jpg")
    assert sis("import", "folder", str(folder)).code == 0
    backbone = DinoV2(Path(environment["SIS_MODELS_DIR"]))
    place = Path(environment["SIS_WORKSPACE"]) / "embeddings" / model_name(backbone)

    with subprocess.Popen(
        [*command, "embed", "--model", backbone.name], env={**os.environ, **environment}
    ) as process:
        with Embeddings.open(place, dimension=backbone.dimension) as embeddings:
            while kept_in(embeddings) < 16:
                assert process.poll() is None
                time.sleep(0.005)
        process.send_signal(signal.SIGKILL)

    with Embeddings.open(place, dimension=backbone.dimension) as embeddings:
        kept = kept_in(embeddings)
    done = json.loads(sis("embed", "--model", backbone.name, "--json").out)
    with Embeddings.open(place, dimension=backbone.dimension) as embeddings:
        everything = [photo_id for ids, _ in embeddings.blocks() for photo_id in ids]

    assert kept % 16 == 0
    assert kept < PHOTOS
    assert (done["known"], done["embedded"]) == (kept, PHOTOS - kept)
    assert len(everything) == len(set(everything)) == PHOTOS
