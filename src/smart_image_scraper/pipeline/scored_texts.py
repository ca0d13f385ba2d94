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

RECORD_READ = ":record"
"""The column of what stands for the last change of the photo's record when its text was looked at:
while that is the same, so is the text."""

_MOMENTS = 1 << 24  # what a 32-bit float holds exactly, of milliseconds: 4.7 hours


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
        # Before any text is: one that changes meanwhile is looked at again next time.
        photos, moments = store.scores.changed_at()
        self._records = (photos, (moments % _MOMENTS).astype(np.float32))

    def forget_changed(self, photos: NDArray[np.bytes_]) -> None:
        """Forget the model's scores of photos whose text is another one by now.

        Texts are read of those photos alone whose records have changed in whatever way.

        Args:
            photos: Only of these, sorted.
        """
        known, digests = self._store.scores.column(self._model, TEXT_READ)
        among, _, places = np.intersect1d(photos, known, assume_unique=True, return_indices=True)
        records = self._records_of(among)
        looked_at = _numbers_of(among, self._store.scores.column(self._model, RECORD_READ))
        others = np.flatnonzero(looked_at != records)
        if not len(others):
            return
        ids = [PhotoId.trusted(name.decode()) for name in among[others].tolist()]
        found = self._store.scores.texts(ids)
        read = np.array([digest(found.get(each, "")) for each in ids])
        same = read == digests[places[others]]
        self._store.scores.forget(self._model, [ids[each] for each in np.flatnonzero(~same)])
        looked_at_now = {RECORD_READ: records[others[same]]}
        unchanged = [ids[each] for each in np.flatnonzero(same)]
        self._store.scores.put(self._model, unchanged, columns=looked_at_now)

    def beside(
        self, vectors: NDArray[np.float16], photos: list[PhotoId]
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        """Return photos' embeddings with their texts behind, and what tells if these change."""
        found = self._store.scores.texts(photos)
        texts = [found.get(each, "") for each in photos]
        both = np.hstack([vectors.astype(np.float32), self._features.vectors(texts)])
        digests = np.array([digest(text) for text in texts], np.float32)
        return both, {
            TEXT_READ: digests,
            RECORD_READ: self._records_of(np.array(photos, np.bytes_)),
        }

    def _records_of(self, photos: NDArray[np.bytes_]) -> NDArray[np.float32]:
        return _numbers_of(photos, self._records)


def digest(text: str) -> int:
    """Return 24 bits that tell whether a text has changed: what a 32-bit float holds exactly."""
    return crc32(text.encode("utf-8", "surrogatepass")) >> 8


def _numbers_of(
    wanted: NDArray[np.bytes_], known: tuple[NDArray[np.bytes_], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Return the numbers of some photos, from sorted ones with theirs; NaN if not among these."""
    photos, numbers = known
    if not len(photos):
        return np.full(len(wanted), np.nan, np.float32)
    places = np.minimum(np.searchsorted(photos, wanted), len(photos) - 1)
    return np.where(photos[places] == wanted, numbers[places], np.float32(np.nan))
