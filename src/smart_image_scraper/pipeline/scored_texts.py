"""Pipeline: what people wrote of photos, for a model that reads it, and what it has read before."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score import TextFeatures
from smart_image_scraper.store import Store

TEXT_READ = ":text"
"""The column, among a model's raw scores, of the digest of the text that these come from.

No concept has a colon in its name.
"""


class ScoredTexts:
    """The texts of photos that a model scores.

    Args:
        store: Has the photos, and their scores.
        features: How the model reads texts.
        model: By which name its scores are stored.
    """

    def __init__(self, store: Store, features: TextFeatures, *, model: str) -> None:
        self._store = store
        self._features = features
        self._model = model

    def forget_changed(self, photos: NDArray[np.bytes_]) -> None:
        """Forget the model's scores of photos whose text is another one by now.

        Args:
            photos: Only of these, sorted.
        """
        known, read = self._store.scores.column(self._model, TEXT_READ)
        among, _, places = np.intersect1d(photos, known, assume_unique=True, return_indices=True)
        ids = [PhotoId.trusted(name.decode()) for name in among.tolist()]
        texts = self._store.scores.texts(ids)
        before = dict(zip(ids, read[places].tolist(), strict=True))
        changed = [each for each in ids if digest(texts.get(each, "")) != before[each]]
        self._store.scores.forget(self._model, changed)

    def beside(
        self, vectors: NDArray[np.float16], photos: list[PhotoId]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return photos' embeddings with their texts behind, and the digests of the texts."""
        found = self._store.scores.texts(photos)
        texts = [found.get(each, "") for each in photos]
        both = np.hstack([vectors.astype(np.float32), self._features.vectors(texts)])
        return both, np.array([digest(text) for text in texts], np.float32)


def digest(text: str) -> int:
    """Return 24 bits that tell whether a text has changed: what a 32-bit float holds exactly."""
    return crc32(text.encode("utf-8", "surrogatepass")) >> 8
