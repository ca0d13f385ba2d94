"""Pipeline: embed the photos that a backbone has not seen yet, a batch at a time."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ScoreError
from smart_image_scraper.photo import Filter, PhotoId, Stage
from smart_image_scraper.pipeline.download import with_failure
from smart_image_scraper.pipeline.in_order import in_order
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.score import Backbone, Embeddings, decode, model_name
from smart_image_scraper.score.decoding import read_file
from smart_image_scraper.store import Content, Store

BATCH_SIZE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedSummary:
    """What came of embedding photos.

    Attributes:
        model: The backbone, with its revision.
        embedded: Photos that it has seen now.
        known: Photos that it had seen before.
        failed: By reason, photos whose file could not be decoded.
        left: Photos that were not tried: they had failed for good before.
    """

    stage: ClassVar = "embed"
    model: str
    embedded: int
    known: int
    failed: Mapping[str, int]
    left: int


def open_embeddings(workspace: Path, backbone: Backbone) -> Embeddings:
    """Open a workspace's embeddings by a backbone.

    Raises:
        WorkspaceError: They cannot be read or written.
    """
    folder = workspace / "embeddings" / model_name(backbone)
    return Embeddings.open(folder, dimension=backbone.dimension)


def embed(
    store: Store,
    backbone: Backbone,
    *,
    workspace: Path,
    where: Filter,
    again: bool = False,
    progress: Progress,
) -> EmbedSummary:
    """Embed the photos that have a file and no embedding of it, and note those that cannot be.

    Args:
        store: Says which photos there are.
        backbone: Makes the embeddings; it is not loaded if there is nothing to do.
        workspace: Has the ``files``, and gets the ``embeddings``.
        where: Only these photos.
        again: Whether photos that failed for good are tried once more, too.
        progress: Is told of every photo that is done.

    Raises:
        ModelError: The model cannot be had, or cannot be run.
        SisError: Whatever else ends the run; all but the last batch is kept.
    """
    with open_embeddings(workspace, backbone) as embeddings:
        work = Embedding(store, backbone, embeddings=embeddings, workspace=workspace)
        work.run(where, again=again, progress=progress)
    return work.summary()


class Embedding:
    """Photos being embedded.

    Attributes:
        photos: The ids of all photos that have an embedding of their file by now, in parts.
    """

    def __init__(
        self, store: Store, backbone: Backbone, *, embeddings: Embeddings, workspace: Path
    ) -> None:
        self._store = store
        self._backbone = backbone
        self._embeddings = embeddings
        self._files = workspace / "files"
        self.photos: list[NDArray[np.bytes_]] = []
        self._tried: list[NDArray[np.bytes_]] = []
        self._embedded = 0
        self._known = 0
        self._left = 0
        self._failed: Counter[str] = Counter()

    def run(self, where: Filter, *, again: bool, progress: Progress) -> None:
        """Embed what a filter means and has no embedding yet; see :func:`embed`."""
        total = self._count(where, again=again)
        if total:
            with progress.stage("embed", total=total) as advance:
                self._embed(self._pending(), advance=advance)

    def _count(self, where: Filter, *, again: bool) -> int:
        for digests in self._store.scores.digests(where):
            missing = self._missing(digests)
            tried = [each.id for each in missing.values() if again or not each.failed]
            self._note_embedded([each for each in digests if each not in missing])
            self._known += len(digests) - len(missing)
            self._left += len(missing) - len(tried)
            if tried:
                self._tried.append(np.array(tried, np.bytes_))
        return sum(map(len, self._tried))

    def _pending(self) -> Iterator[Content]:
        for names in self._tried:
            ids = [PhotoId.trusted(name.decode()) for name in names]
            yield from self._still_missing(self._store.scores.contents(ids))

    def _embed(self, pending: Iterator[Content], *, advance: Callable[[int], None]) -> None:
        # Threads, since Pillow decodes without Python's lock. Two batches ahead are enough.
        threads = os.cpu_count() or 1
        with ThreadPoolExecutor(threads) as pool:
            decoded = in_order(pool, self._decoded, items=pending, ahead=2 * BATCH_SIZE)
            try:
                while batch := list(islice(decoded, BATCH_SIZE)):
                    self._take(batch)
                    advance(len(batch))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def summary(self) -> EmbedSummary:
        """Return what has come of it so far."""
        return EmbedSummary(
            model=model_name(self._backbone),
            embedded=self._embedded,
            known=self._known,
            failed=dict(self._failed),
            left=self._left,
        )

    def _missing(self, digests: Mapping[PhotoId, str]) -> dict[PhotoId, Content]:
        missing = self._embeddings.missing(digests)
        return {each.id: each for each in self._store.scores.contents(missing)} if missing else {}

    def _note_embedded(self, ids: Sequence[PhotoId]) -> None:
        if ids:
            self.photos.append(np.array(ids, np.bytes_))

    def _decoded(self, content: Content) -> tuple[Content, Image.Image | ScoreError]:
        try:
            return content, self._decode(content)
        except ScoreError as error:
            return content, error

    def _decode(self, content: Content) -> Image.Image:
        name = str(content.id)
        return decode(
            read_file(self._files / content.path, name=name),
            name=name,
            size=self._backbone.size,
            resampling=self._backbone.resampling,
        )

    def _take(self, batch: Sequence[tuple[Content, Image.Image | ScoreError]]) -> None:
        images = {content: image for content, image in batch if not isinstance(image, ScoreError)}
        if images:
            new = self._still_missing(list(images))
            if new:
                self._keep(new, vectors=self._backbone.embed([images[each] for each in new]))
                self._store.scores.forget_failures([content.id for content in new])
                self._note_embedded([content.id for content in new])
                self._embedded += len(new)
        self._note({content.id: error for content, error in batch if isinstance(error, ScoreError)})

    def _still_missing(self, contents: Sequence[Content]) -> list[Content]:
        """Return those that no other process has embedded meanwhile, and note the others."""
        missing = set(self._embeddings.missing({each.id: each.digest for each in contents}))
        known = [content.id for content in contents if content.id not in missing]
        self._note_embedded(known)
        self._known += len(known)
        return [content for content in contents if content.id in missing]

    def _keep(self, contents: Sequence[Content], *, vectors: NDArray[np.float32]) -> None:
        # Once more, since embedding takes its time: what another process has embedded meanwhile it
        # may have scored, too, and shows nothing else.
        digests = {each.id: each.digest for each in contents}
        missing = set(self._embeddings.missing(digests))
        rows = [row for row, content in enumerate(contents) if content.id in missing]
        digests = {contents[row].id: contents[row].digest for row in rows}
        # First: whoever is stopped in between scores too much again, not too little.
        self._store.scores.forget_photos(self._embeddings.outdated(digests))
        self._embeddings.append(digests, vectors[rows])
        self._remove_erased(list(digests))

    def _remove_erased(self, ids: Sequence[PhotoId]) -> None:
        """Remove what was just kept of photos that were erased meanwhile; later ones find it."""
        stored = {content.id for content in self._store.scores.contents(ids)}
        if gone := [photo_id for photo_id in ids if photo_id not in stored]:
            self._embeddings.remove(gone)

    def _note(self, errors: Mapping[PhotoId, ScoreError]) -> None:
        self._failed.update(error.reason for error in errors.values())
        failed = [
            replace(each, photo=with_failure(each.photo, Stage.SCORE, error=errors[each.photo.id]))
            for each in self._store.get(errors)
        ]
        self._store.put(failed, stages=(Stage.SCORE,))
        missing = [each.photo for each in failed if errors[each.photo.id].reason == "missing"]
        self._store.forget_files(missing)
