"""Serve: photos by likeness to a photo, or to words, over the embeddings that scoring has kept."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import ModelError, UsageError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score import (
    DEFAULT_MODEL,
    Embeddings,
    TextBackbone,
    model_name,
    open_text_backbone,
)
from smart_image_scraper.score.siglip import VARIANTS
from smart_image_scraper.score.zero_shot import canonical

Vector = NDArray[np.float32]
FindRows = Callable[[NDArray[np.bytes_]], NDArray[np.int64]]
"""Returns the rows of photos by id; -1 of those that are not there."""


class Likeness:
    """Compares photos by their embeddings. Every method may be called from any thread.

    Args:
        folder: Holds a folder of embeddings for each backbone.
        model_path: A folder that holds an image-text model, in place of the hub.
    """

    def __init__(self, folder: Path, *, model_path: Path | None = None) -> None:
        self._folder = folder
        self._model_path = model_path
        self._lock = Lock()
        self._text_models: dict[str, TextBackbone] = {}
        self._failure: str | None = None

    def of_photo(self, photo_id: PhotoId, *, rows_of: FindRows, number: int) -> Vector:
        """Return how like each photo is to one: cosines; NaN of photos without an embedding.

        Args:
            photo_id: Which.
            rows_of: Finds the photos' rows.
            number: How many photos there are.

        Raises:
            UsageError: It has no embedding.
            WorkspaceError: The embeddings cannot be read.
        """
        for model in self._models():
            with self._open(model) as embeddings:
                try:
                    (vector,) = embeddings.read([photo_id])
                except KeyError:
                    continue
                return _cosines(embeddings, vector, rows_of=rows_of, number=number)
        raise UsageError(
            f"{photo_id} cannot be compared with others: no model has seen it; `sis score` has one "
            "look at it"
        )

    def of_words(self, words: str, *, rows_of: FindRows, number: int) -> Vector:
        """Return how well each photo fits words; see :meth:`of_photo`.

        Raises:
            UsageError: There is no text model for the embeddings that there are.
            ModelError: It cannot be had, or cannot be run.
            WorkspaceError: The embeddings cannot be read.
        """
        if (why := self.words_why()) is not None:
            raise UsageError(why)
        try:
            model, backbone = self._text_model()
            (vector,) = backbone.embed_texts([canonical(words)])
        except ModelError as error:
            self._failure = str(error)
            raise
        with self._open(model) as embeddings:
            return _cosines(embeddings, vector, rows_of=rows_of, number=number)

    def words_why(self) -> str | None:
        """Tell why photos cannot be found by words; ``None`` if they can, as far as is known."""
        if self._failure is not None:
            return self._failure
        if any(model.partition("@")[0] in VARIANTS for model in self._models()):
            return None
        return (
            "to find photos by words takes a model that knows words, and none has seen the photos; "
            f"`sis score CONCEPT --model {DEFAULT_MODEL}` has one look at them"
        )

    def _models(self) -> list[str]:
        """Return the backbones that have seen photos, those that have seen most first."""
        shards = {
            index.parent.name: len(list(index.parent.glob("*.npy")))
            for index in self._folder.glob("*/index.sqlite")
        }
        return sorted((name for name in shards if shards[name]), key=lambda name: -shards[name])

    def _open(self, model: str) -> Embeddings:
        folder = self._folder / model
        first = next(iter(sorted(folder.glob("*.npy"))))
        dimension = int(np.load(first, mmap_mode="r").shape[1])
        return Embeddings.open(folder, dimension=dimension)

    def _text_model(self) -> tuple[str, TextBackbone]:
        """Return the model that knows words and has seen most photos, and its embeddings' name."""
        with self._lock:
            for model in self._models():
                if model in self._text_models:
                    return model, self._text_models[model]
                if model.partition("@")[0] not in VARIANTS:
                    continue
                backbone = open_text_backbone(model.partition("@")[0], model_path=self._model_path)
                if model_name(backbone) == model:
                    self._text_models[model] = backbone
                    return model, backbone
        raise ModelError(
            "the model that knows words is another one than the one that has seen the photos; name "
            "its folder with SIS_MODEL_PATH, or score the photos with the one there is"
        )


def _cosines(embeddings: Embeddings, vector: Vector, *, rows_of: FindRows, number: int) -> Vector:
    cosines = np.full(number, np.nan, np.float32)
    for photos, vectors in embeddings.blocks():
        rows = rows_of(np.array([photo_id.encode() for photo_id in photos], np.bytes_))
        cosines[rows[rows >= 0]] = (vectors.astype(np.float32) @ vector)[rows >= 0]
    return cosines
