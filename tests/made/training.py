"""Photos of two searches whose embeddings are there, for what learns and scores from these."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, SearchHit, Stage
from smart_image_scraper.pipeline import open_embeddings
from smart_image_scraper.store import Store
from tests.made.photos import stored_file


class NoBackbone:
    """A backbone whose embeddings are all there, and that must not be loaded."""

    name = "made"
    revision = "1"
    dimension = 8
    size = 8
    resampling = Image.Resampling.BICUBIC

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        raise AssertionError("it was loaded")


def found_photo(number: int, **facts: Any) -> EncryptedPhoto:
    """Make a photo that the search for "monkey cage" found, or, of even number, "monkey wild"."""
    term = "monkey cage" if number % 2 else "monkey wild"
    usual: dict[str, Any] = {
        "searches": (SearchHit(term=term, run=term),),
        "file": stored_file(f"{number:064x}"),
    }
    return EncryptedPhoto(photo=Photo(id=PhotoId(f"flickr:{number}"), **usual | facts))


def put_embedded(
    store: Store, photos: Sequence[EncryptedPhoto], *, workspace: Path, apart: float = 4
) -> None:
    """Store photos 0, 1, 2 ..., with embeddings by which the two searches are so far apart."""
    store.put(photos, stages=(Stage.SEARCH, Stage.DOWNLOAD))
    vectors = np.random.default_rng(0).normal(size=(len(photos), 8))
    vectors[:, 0] += np.where(np.arange(len(photos)) % 2, apart, -apart)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with open_embeddings(workspace, NoBackbone()) as embeddings:
        contents = {each.photo.id: each.photo.file.sha256 for each in photos if each.photo.file}
        embeddings.append(contents, vectors.astype(np.float32))
