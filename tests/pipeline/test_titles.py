"""Scoring how well titles fit what is seen."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.photo import EncryptedPhoto, Filter, Photo, PhotoId, Stage, StoredFile
from smart_image_scraper.pipeline import Progress, ScoreSummary, open_embeddings
from smart_image_scraper.pipeline.titles import score_titles
from smart_image_scraper.store import Store

DIGEST = "ab" * 32


class ColourBackbone:
    """Compares a text with an embedding by the colour that the text names."""

    name = "colour"
    revision = "1"
    dimension = 3
    size = 8
    resampling = Image.Resampling.BICUBIC
    scale = 10.0
    bias = -5.0

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        raise AssertionError("it was loaded")

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(3, dtype=np.float32)[[("red", "green", "blue").index(each) for each in texts]]


@pytest.fixture
def put(store: Store, workspace: Path) -> Callable[[str | None], PhotoId]:
    """Put a red photo of that title into the store, embedded."""
    file = StoredFile(
        path="red.png",
        sha256=DIGEST,
        media_type="image/png",
        bytes=1,
        width=1,
        height=1,
        url=None,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    def call(title: str | None) -> PhotoId:
        photo = Photo(id=PhotoId("flickr:1"), title=title, file=file)
        store.put([EncryptedPhoto(photo=photo)], stages=(Stage.SEARCH, Stage.DOWNLOAD))
        with open_embeddings(workspace, ColourBackbone()) as embeddings:
            embeddings.append({photo.id: DIGEST}, np.eye(3, dtype=np.float32)[:1])
        return photo.id

    return call


@pytest.fixture
def score_all(store: Store, workspace: Path, progress: Progress) -> Callable[..., ScoreSummary]:
    def call(*, again: bool = False) -> ScoreSummary:
        return score_titles(
            store,
            ColourBackbone(),
            workspace=workspace,
            where=Filter(),
            again=again,
            progress=progress,
        )

    return call


def test_a_title_is_compared_anew_when_asked_and_one_that_is_gone_leaves_no_score(
    store: Store, put: Callable[[str | None], PhotoId], score_all: Callable[..., ScoreSummary]
) -> None:
    photo_id = put("Red!")
    score_all()
    (fitting,) = next(store.get([photo_id])).photo.scores
    put("Blue")
    kept = score_all()
    score_all(again=True)
    (other,) = next(store.get([photo_id])).photo.scores
    without = next(store.get([photo_id])).photo

    store.put([EncryptedPhoto(photo=replace(without, title=None))], stages=(Stage.SEARCH,))
    gone = score_all(again=True)

    assert (fitting.raw, other.raw) == (1, 0)
    assert kept.scored == {"fits-title": 0}
    assert gone.scored == {"fits-title": 0}
    assert next(store.get([photo_id])).photo.scores == ()
