"""Score: SigLIP 2, which compares images with words.

SigLIP 2: https://arxiv.org/abs/2502.14786. What it was trained to say of an image and a text is
``sigmoid(scale * cosine + bias)``; the two numbers are not in the exported towers, and stand here
as published with the weights.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score.hub import HubFiles
from smart_image_scraper.score.towers import Towers, open_towers

_ANY = ("*.json", "onnx/vision_model.onnx*", "onnx/text_model.onnx*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One of the sizes that the model comes in.

    Attributes:
        files: Where it is on the hub.
        dimension: The length of an embedding.
        size: The edge of the square that it sees, in pixels.
        scale: Of a cosine, on its way to a probability.
        bias: Likewise.
    """

    files: HubFiles
    dimension: int
    size: int
    scale: float = 112.66890
    bias: float = -16.771725


VARIANTS = MappingProxyType(
    {
        "siglip2-b16-224": Variant(
            files=HubFiles(
                repository="onnx-community/siglip2-base-patch16-224-ONNX",
                revision="ba1f3b0843f24bc5417d38e19c37b287d719b2f4",
                names=_ANY,
            ),
            dimension=768,
            size=224,
        ),
        # Its own scale and bias are not known to us; those of B/16 are no worse than a guess.
        "siglip2-b32-256": Variant(
            files=HubFiles(
                repository="immich-app/ViT-B-32-SigLIP2-256__webli",
                revision="762c736d366fc253e9453021144f9fe71789b075",
                # Not all that is there: the same towers for other runtimes are beside them.
                names=(
                    "visual/*.json",
                    "visual/model.onnx*",
                    "textual/*.json",
                    "textual/model.onnx*",
                ),
            ),
            dimension=768,
            size=256,
        ),
        "siglip2-so400m-384": Variant(
            files=HubFiles(
                repository="onnx-community/siglip2-so400m-patch16-384-ONNX",
                revision="29f74e673c298fd07482d8e20138179282001eb7",
                names=_ANY,
            ),
            dimension=1152,
            size=384,
            scale=109.86,
            bias=-15.932,
        ),
    }
)


class SigLip:
    """SigLIP 2: a backbone whose embeddings can be compared with those of texts.

    It is loaded, from the hub or its cache, when it is first used.

    Args:
        name: One of ``VARIANTS``.
        folder: Where the model is, if it is not to come from the hub.

    Raises:
        ModelError: The folder holds no such model.
    """

    resampling = Image.Resampling.BILINEAR

    def __init__(self, name: str, *, folder: Path | None = None) -> None:
        self._variant = VARIANTS[name]
        self._folder = folder
        self.name = name
        self.revision = self._variant.files.revision[:8] if folder is None else _digest(folder)
        self.dimension = self._variant.dimension
        self.size = self._variant.size
        self.scale = self._variant.scale
        self.bias = self._variant.bias

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Embed images; see ``Backbone``.

        Raises:
            ModelError: The model cannot be had, or cannot be run.
        """
        if not images:
            return np.empty((0, self.dimension), np.float32)
        return self._checked(self._towers.images(images))

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, which are in canonical form: shape (N, D), each row of length 1.

        Raises:
            ModelError: The text tower is not there, or cannot be run.
        """
        return self._checked(self._towers.texts(texts))

    @cached_property
    def _towers(self) -> Towers:
        place = self._variant.files.fetch() if self._folder is None else self._folder
        return open_towers(place, size=self.size, resampling=self.resampling)

    def _checked(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        if vectors.shape[1] != self.dimension:
            raise ModelError(
                f"the model says vectors of {vectors.shape[1]} numbers, and {self.name} has "
                f"{self.dimension}; name the model that it is with --model"
            )
        return vectors


def _digest(folder: Path) -> str:
    """Return a digest of a folder's image tower: other weights are another revision."""
    towers = (folder / "onnx" / "vision_model.onnx", folder / "visual" / "model.onnx")
    path = next((tower for tower in towers if tower.is_file()), None)
    if path is None:
        raise ModelError(
            f"{folder}: there is no image-text model here; it should hold onnx/vision_model.onnx "
            "and onnx/text_model.onnx, or visual/model.onnx and textual/model.onnx, with their "
            "tokenizers"
        )
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:8]
