"""Score: any concept by its name, without training: prompts compared with embeddings."""

import hashlib
import string
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.photo import Scoring
from smart_image_scraper.score.backbone import Backbone, model_name, unit
from smart_image_scraper.score.kept import IN_MODELS, REMEDY, kept_file
from smart_image_scraper.score.scorer import Concept

TEMPLATES = (
    "{}",
    "a photo of a {}",
    "a photo of the large {}",
    "a photo of the small {}",
    "a bad photo of a {}",
    "a close-up photo of a {}",
)
"""Each word stands in all of these, and the mean of their vectors stands for the word."""

_PUNCTUATION = str.maketrans("", "", string.punctuation)


@runtime_checkable
class TextBackbone(Backbone, Protocol):
    """A backbone whose embeddings can be compared with those of texts.

    Attributes:
        scale: Of a cosine, on its way to a probability: ``sigmoid(scale * cosine + bias)``.
        bias: Likewise.
    """

    @property
    def scale(self) -> float: ...  # noqa: D102 — said above
    @property
    def bias(self) -> float: ...  # noqa: D102 — said above

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts in canonical form: shape (N, D), each row of length 1."""
        ...


class ZeroShot:
    """Scores concepts by comparing embeddings with prompts. A ``Scorer``.

    Args:
        backbone: Whose embeddings.
        folder: Where the vectors of prompts are kept, so that the text tower, most of the model,
            is only loaded for new ones.
    """

    calibrated_later = True
    text_features = None

    def __init__(self, backbone: TextBackbone, *, folder: Path) -> None:
        self.backbone = backbone
        self.model = model_name(backbone)
        self._folder = folder / self.model

    def score(
        self, images: Sequence[Image.Image], concepts: Sequence[Concept]
    ) -> NDArray[np.float32]:
        """Score every image for every concept; see ``Scorer``."""
        raw = self.raw(self.backbone.embed(images), concepts)
        logits = self.backbone.scale * raw.astype(np.float64) + self.backbone.bias
        return (0.5 + 0.5 * np.tanh(logits / 2)).astype(np.float32)

    def raw(
        self, embeddings: NDArray[np.floating[Any]], concepts: Sequence[Concept]
    ) -> NDArray[np.float32]:
        """Compare embeddings with concepts.

        Returns:
            Shape (N, K): the cosine with the word or synonym that fits best, less by as much as a
            contrast fits better than that.
        """
        rows = embeddings.astype(np.float32)
        return np.stack([self._raw(rows, concept) for concept in concepts], axis=1)

    def scoring(self, concept: Concept) -> Scoring:
        """Return how the numbers of a concept are read: as the model was trained to say it."""
        return Scoring(
            concept=concept.word,
            model=self.model,
            slope=self.backbone.scale,
            intercept=self.backbone.bias,
            given=str(concept),
            basis=self.basis(concept),
            scored_at=datetime.now(UTC),
        )

    def basis(self, concept: Concept) -> str:
        """Return a digest of the prompts of a concept."""
        texts = [*_prompts(_words(concept)), "!", *_prompts(concept.contrast)]
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]

    def _raw(self, embeddings: NDArray[np.float32], concept: Concept) -> NDArray[np.float32]:
        vectors = self._vectors(concept)
        cosines = embeddings @ vectors.T
        words = len(_words(concept))
        fits: NDArray[np.float32] = cosines[:, :words].max(axis=1)
        if not concept.contrast:
            return fits
        lead: NDArray[np.float32] = np.maximum(cosines[:, words:].max(axis=1) - fits, 0)
        return fits - lead

    def _vectors(self, concept: Concept) -> NDArray[np.float32]:
        """Return a vector for the word, each synonym and each contrast, in that order."""

        def make(path: Path) -> None:
            words = (*_words(concept), *concept.contrast)
            vectors = self.backbone.embed_texts(_prompts(words))
            means = vectors.reshape(len(words), len(TEMPLATES), -1).mean(axis=1)
            if not np.isfinite(means).all():
                raise ModelError(
                    f"{self.model} makes no numbers of {str(concept)!r}; take its files of full "
                    "precision, or another model"
                )
            np.save(path, unit(means))

        path = self._folder / f"{self.basis(concept)}.npy"
        kept_file(path, make=make, otherwise=IN_MODELS)
        try:
            vectors: NDArray[np.float32] = np.load(path)
        except (OSError, ValueError, EOFError) as error:
            raise ModelError(f"{path}: the prompts cannot be read ({error}); {REMEDY}") from error
        return vectors


def canonical(text: str) -> str:
    """Return a text as SigLIP's training had it: lower case, no punctuation, single spaces.

    https://github.com/google-research/big_vision/blob/main/big_vision/pp/proj/image_text/ (the
    demo): "work best with lowercase texts".
    """
    return " ".join(text.replace("_", " ").translate(_PUNCTUATION).lower().split())


def _words(concept: Concept) -> tuple[str, ...]:
    return (concept.word, *concept.synonyms)


def _prompts(words: Iterable[str]) -> list[str]:
    return [canonical(template.format(word)) for word in words for template in TEMPLATES]
