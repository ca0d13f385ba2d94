"""Made photos: clusters of embeddings, with search terms that are often wrong."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from smart_image_scraper.train.labels import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Made photos, and the truth of them."""

    vectors: NDArray[np.float32]
    truth: NDArray[np.float64]
    labels: Labels
    groups: NDArray[np.int64]


def unknown(number: int) -> NDArray[np.float64]:
    return np.full(number, np.nan)


@pytest.fixture
def made() -> Callable[..., Made]:
    """Make photos of which every other one shows the concept, and some weak labels are wrong."""

    def make(number: int = 120, *, wrong: float = 0.2, seed: int = 0) -> Made:
        random = np.random.default_rng(seed)
        truth = (np.arange(number) % 2).astype(np.float64)
        vectors = random.normal(size=(number, 16))
        vectors[:, 0] += 4 * truth - 2
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        flipped = random.random(number) < wrong
        weak = np.where(flipped, 1 - truth, truth)
        return Made(
            vectors=vectors.astype(np.float32),
            truth=truth,
            labels=Labels(weak=weak, sure=unknown(number)),
            groups=np.arange(number),
        )

    return make
