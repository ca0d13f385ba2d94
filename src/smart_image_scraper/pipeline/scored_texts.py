"""Pipeline: photos' texts for a model that reads them, and which of them its scores come from."""

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.pipeline.photo_texts import PhotoTexts, numbers_of
from smart_image_scraper.score import TextFeatures
from smart_image_scraper.store import Store

TEXT_READ = ":text"
"""The column, among a model's raw scores, of the digest of the text that these come from.

No concept has a colon in its name.
"""

RECORD_READ = ":record"
"""The column of what stands for the last change of the photo's record when its text was looked at:
while that is the same, so is the text."""

AT_ONCE = 512
"""Photos whose texts are read together: few enough for their numbers to stay in the cache."""

_MOMENTS = 1 << 24  # what a 32-bit float holds exactly, of milliseconds: 4.7 hours


class ScoredTexts:
    """The texts of photos that a model scores.

    Args:
        store: Has the photos' scores.
        features: How the model reads texts.
        texts: What is read of them in that way.
        model: By which name its scores are stored.
    """

    def __init__(
        self, store: Store, *, features: TextFeatures, texts: PhotoTexts, model: str
    ) -> None:
        self._store = store
        self._features = features
        self._texts = texts
        self._model = model

    def forget_changed(self, photos: NDArray[np.bytes_]) -> None:
        """Forget the model's scores of photos whose text is another one by now.

        Texts are looked at of those photos alone whose records have changed in whatever way.

        Args:
            photos: Only of these, sorted.
        """
        known, digests = self._store.scores.column(self._model, TEXT_READ)
        among, _, places = np.intersect1d(photos, known, assume_unique=True, return_indices=True)
        records = _marks(self._texts.records(among))
        looked_at = numbers_of(among, self._store.scores.column(self._model, RECORD_READ))
        others = np.flatnonzero(looked_at != records)
        if not len(others):
            return
        ids = [PhotoId.trusted(name.decode()) for name in among[others].tolist()]
        same = self._digests(ids) == digests[places[others]]
        self._store.scores.forget(self._model, [ids[each] for each in np.flatnonzero(~same)])
        looked_at_now = {RECORD_READ: records[others[same]]}
        unchanged = [ids[each] for each in np.flatnonzero(same)]
        self._store.scores.put(self._model, unchanged, columns=looked_at_now)

    def beside(
        self, vectors: NDArray[np.float16], photos: list[PhotoId]
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        """Return photos' embeddings with their texts behind, and what tells if these change.

        Args:
            vectors: The embeddings.
            photos: Whose, at most ``AT_ONCE``.
        """
        read = self._texts.read(photos)
        dimension = vectors.shape[1]
        both = np.empty((len(photos), dimension + read.counts.shape[1]), np.float32)
        both[:, :dimension] = vectors
        self._features.write_vectors(read.counts, out=both[:, dimension:])
        return both, {
            TEXT_READ: read.digests.astype(np.float32),
            RECORD_READ: _marks(read.records),
        }

    def _digests(self, photos: list[PhotoId]) -> NDArray[np.float64]:
        parts = [photos[begin : begin + AT_ONCE] for begin in range(0, len(photos), AT_ONCE)]
        return np.concatenate([self._texts.read(part).digests for part in parts])


def _marks(records: NDArray[np.float64]) -> NDArray[np.float32]:
    return (records % _MOMENTS).astype(np.float32)
