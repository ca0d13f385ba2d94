"""Pipeline: score how well each photo's title describes what is seen in it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import Filter, PhotoId, Scoring
from smart_image_scraper.pipeline.embed import Embedding, open_embeddings
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.score import ScoreSummary
from smart_image_scraper.score import Embeddings, TextBackbone, model_name
from smart_image_scraper.score.zero_shot import canonical
from smart_image_scraper.store import Store

FITS_TITLE = "fits-title"
"""What stands in a concept's place: whether the photo shows what its title says."""

BATCH_SIZE = 64


def score_titles(
    store: Store,
    backbone: TextBackbone,
    *,
    workspace: Path,
    where: Filter,
    again: bool = False,
    progress: Progress,
) -> ScoreSummary:
    """Compare photos with their titles, and record how well these fit.

    A photo without a title gets no score. One that has a score keeps it, also when its title
    changes, until ``again``.

    Args:
        store: Says which photos there are, and what has been scored.
        backbone: Its text tower is not loaded if there is nothing to compare.
        workspace: Has the ``files`` and the ``embeddings``.
        where: Only these photos.
        again: Whether all are compared anew, and those that could not be decoded are tried, too.
        progress: Is told of every photo that is done.

    Raises:
        ModelError: The model cannot be had, or cannot be run.
    """
    scoring = _scoring(backbone)
    with open_embeddings(workspace, backbone) as embeddings:
        embedding = Embedding(store, backbone, embeddings=embeddings, workspace=workspace)
        embedding.run(where, again=again, progress=progress)
        store.scores.save_scoring(scoring)
        ids = np.concatenate(embedding.photos) if embedding.photos else np.empty(0, np.bytes_)
        wanted = _wanted(store, scoring.model, ids=ids, again=again)
        with progress.stage("titles", total=len(wanted)) as advance:
            scored = 0
            for batch in _batches(wanted):
                scored += _score(store, backbone, batch=batch, embeddings=embeddings)
                advance(len(batch))
    done = embedding.summary()
    return ScoreSummary(
        model=scoring.model,
        embedded=done.embedded,
        scored={FITS_TITLE: scored},
        known={FITS_TITLE: len(ids) - len(wanted)},
        failed=done.failed,
        left=done.left,
        uncalibrated=(FITS_TITLE,),
    )


def _scoring(backbone: TextBackbone) -> Scoring:
    return Scoring(
        concept=FITS_TITLE,
        model=model_name(backbone),
        slope=backbone.scale,
        intercept=backbone.bias,
        basis="title",
        scored_at=datetime.now(UTC),
    )


def _wanted(
    store: Store, model: str, *, ids: NDArray[np.bytes_], again: bool
) -> NDArray[np.bytes_]:
    """Return the photos that are to be compared with their titles."""
    known, _ = store.scores.column(model, FITS_TITLE)
    if not again:
        return np.setdiff1d(ids, known)
    # A title may be gone by now, and what was said of it goes with it.
    photos = [PhotoId.trusted(name.decode()) for name in np.intersect1d(ids, known).tolist()]
    nothing = np.full(len(photos), np.nan, np.float32)
    if photos:
        store.scores.put(model, photos, columns={FITS_TITLE: nothing})
    return ids


def _batches(ids: NDArray[np.bytes_]) -> Iterator[list[PhotoId]]:
    names = (PhotoId(name.decode()) for name in ids.tolist())
    while batch := list(islice(names, BATCH_SIZE)):
        yield batch


def _score(
    store: Store, backbone: TextBackbone, *, batch: Sequence[PhotoId], embeddings: Embeddings
) -> int:
    titles = {each.photo.id: canonical(each.photo.title or "") for each in store.get(batch)}
    titled = [photo_id for photo_id, title in titles.items() if title]
    if not titled:
        return 0
    texts = backbone.embed_texts([titles[photo_id] for photo_id in titled])
    cosines = np.einsum("nd,nd->n", texts, embeddings.read(titled))
    columns = {FITS_TITLE: cosines.astype(np.float32)}
    store.scores.put(model_name(backbone), titled, columns=columns)
    return len(titled)
