"""Made models, photos and texts for `score.py`, where the numbers in them do not matter."""

import hashlib
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, Scoring, Stage, StoredFile
from smart_image_scraper.pipeline import TrainedScorer, open_embeddings
from smart_image_scraper.score import Backbone, Classifier, Concept, Head, TextFeatures, model_name
from smart_image_scraper.score.backbone import unit
from smart_image_scraper.store import Store

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_AT_ONCE = 2_000


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


def put_embedded(
    store: Store, folder: Path, *, backbone: MadeBackbone, count: int, texts: Sequence[str]
) -> None:
    """Put so many photos into the store, and embeddings of them, but no files."""
    put_photos(store, folder, files=[], count=count, texts=texts)
    with open_embeddings(folder, backbone) as embeddings:
        for first in range(0, count, _AT_ONCE):
            ids = [_id(number) for number in range(first, min(first + _AT_ONCE, count))]
            contents = {photo_id: _digest(photo_id) for photo_id in ids}
            embeddings.append(contents, _made_vectors(len(ids)))


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
