"""Pipeline: what is read of photos' texts, read anew where these may have changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score import KeptTexts, ReadTexts, TextFeatures
from smart_image_scraper.store import Store

_Number = TypeVar("_Number", np.float32, np.float64)


class PhotoTexts:
    """The texts of photos. What was read of one is kept, and stands until its record changes.

    Args:
        store: Has the photos.
        features: How texts are read.
        kept: What was read in that way before.
    """

    def __init__(self, store: Store, *, features: TextFeatures, kept: KeptTexts) -> None:
        self._features = features
        self._store = store
        self._kept = kept
        # Before any text is: one that changes meanwhile is looked at again next time.
        self._photos, moments = store.scores.changed_at()
        self._moments = moments.astype(np.float64)

    def records(self, photos: NDArray[np.bytes_]) -> NDArray[np.float64]:
        """Return when photos' records were last changed, as of the beginning.

        Returns:
            Milliseconds since 1970; NaN of photos that are not stored.
        """
        return numbers_of(photos, (self._photos, self._moments))

    def read(self, photos: list[PhotoId]) -> ReadTexts:
        """Return what is read of photos' texts; of photos without one, that there is none.

        Raises:
            WorkspaceError: What was read before cannot be read or written.
        """
        kept = self._kept.read(photos)
        records = self.records(np.array(photos, np.bytes_))
        changed = np.flatnonzero(kept.records != records)
        if not len(changed):
            return kept
        texts = self._store.scores.texts([photos[at] for at in changed])
        digests = kept.digests.copy()
        digests[changed] = [digest(texts.get(photos[at], "")) for at in changed]
        is_new = digests[changed] != kept.digests[changed]
        new = changed[is_new]
        counts = kept.counts.astype(np.float32)
        counts[new] = self._features.counts([texts.get(photos[at], "") for at in new])
        read = ReadTexts(records=records, digests=digests, counts=counts)
        stored = np.array([photos[at] in texts for at in changed]) & ~np.isnan(records[changed])
        self._confirm(photos, read, rows=changed[stored & ~is_new])
        self._keep(photos, read, rows=changed[stored & is_new])
        return read

    def _confirm(self, photos: list[PhotoId], read: ReadTexts, *, rows: NDArray[np.intp]) -> None:
        if len(rows):
            self._kept.confirm([photos[at] for at in rows], read.at(rows))

    def _keep(self, photos: list[PhotoId], read: ReadTexts, *, rows: NDArray[np.intp]) -> None:
        if len(rows):
            ids = [photos[at] for at in rows]
            self._kept.put(ids, read.at(rows))
            # They may have been erased since their texts were read.
            if gone := self._store.erasure.blocked(ids):
                self._kept.remove([photo_id for photo_id in ids if photo_id in gone])


@contextmanager
def open_texts(store: Store, features: TextFeatures, *, workspace: Path) -> Iterator[PhotoTexts]:
    """Open what is kept of texts in a workspace.

    Raises:
        WorkspaceError: It cannot be read or written.
    """
    with KeptTexts.open(workspace / "embeddings", features=features) as kept:
        yield PhotoTexts(store, features=features, kept=kept)


def digest(text: str) -> int:
    """Return 24 bits that tell whether a text has changed: what a 32-bit float holds exactly."""
    return crc32(text.encode("utf-8", "surrogatepass")) >> 8


def numbers_of(
    wanted: NDArray[np.bytes_], known: tuple[NDArray[np.bytes_], NDArray[_Number]]
) -> NDArray[_Number]:
    """Return the numbers of some photos, from sorted ones with theirs; NaN if not among these."""
    photos, numbers = known
    if not len(photos):
        return np.full(len(wanted), np.nan, numbers.dtype)
    places = np.minimum(np.searchsorted(photos, wanted), len(photos) - 1)
    return np.where(photos[places] == wanted, numbers[places], numbers.dtype.type(np.nan))
