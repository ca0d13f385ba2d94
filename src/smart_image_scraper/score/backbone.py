"""Score: what makes embeddings of images."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class Backbone(Protocol):
    """Turns images into vectors: what looks alike, or shows the same thing, lies close together.

    Attributes:
        name: The model's word: ``dinov2-s14``.
        revision: A digest of its weights or of what they were cut from; letters and digits.
        dimension: D, the length of an embedding.
        size: The edge, in pixels, of the square that it sees.
        resampling: How images are brought to that square.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 — said above
    @property
    def revision(self) -> str: ...  # noqa: D102 — said above
    @property
    def dimension(self) -> int: ...  # noqa: D102 — said above
    @property
    def size(self) -> int: ...  # noqa: D102 — said above
    @property
    def resampling(self) -> Image.Resampling: ...  # noqa: D102 — said above

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Embed images.

        Args:
            images: N images, RGB, upright; one that is not the square that the model sees yet is
                brought to it.

        Returns:
            Shape (N, D), each row of length 1.

        Raises:
            ModelError: The model ran out of memory, or its file is not what it says.
        """
        ...


def model_name(backbone: Backbone) -> str:
    """Return a backbone's name with its revision, as scores and folders are named by it."""
    return f"{backbone.name}@{backbone.revision}"


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors of length 1 in the same directions."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(length, np.finfo(np.float32).tiny)
    return scaled
