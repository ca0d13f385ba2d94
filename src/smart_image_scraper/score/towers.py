"""Score: the two towers of an image-text model, in either of the layouts that they come in.

``onnx/vision_model.onnx`` and ``onnx/text_model.onnx``, as transformers.js has them, are run by
fastembed; ``visual/model.onnx`` and ``textual/model.onnx``, as exported from OpenCLIP, by ONNX
Runtime itself. The numbers are the same.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score.backbone import unit
from smart_image_scraper.score.decoding import pixels_of, square
from smart_image_scraper.score.runtime import Model, providers, translated

TEXT_LENGTH = 64
"""Tokens of a text: SigLIP pools at the last of them, so that texts are always padded to it."""

_HALF = (127.5, 127.5, 127.5)

# Of fastembed, the one with SigLIP's classes; the weights are those of the folder.
_FASTEMBED_NAME = "google/siglip2-base-patch16-224"


class Towers(Protocol):
    """Make vectors of images and of texts that can be compared with each other."""

    def images(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each image."""
        ...

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each text. The text tower is loaded for this alone."""
        ...


def open_towers(folder: Path, *, size: int, resampling: Image.Resampling) -> Towers:
    """Load the image tower that a folder holds.

    Args:
        folder: In one of the two layouts.
        size: The edge of the square that the image tower sees, in pixels.
        resampling: How images are brought to it.

    Raises:
        ModelError: The folder holds no such model, one of another size, or it cannot be run.
    """
    if (folder / "onnx" / "vision_model.onnx").is_file():
        return FastembedTowers(folder, size=size)
    return OpenClipTowers(folder, size=size, resampling=resampling)


class FastembedTowers:
    """Towers that fastembed runs; it also brings images to the square, by the folder's files."""

    def __init__(self, folder: Path, *, size: int) -> None:
        self._folder = folder
        _check(folder, _read(folder / "preprocessor_config.json"), size=size)
        self._image_tower = self._load("ImageEmbedding")

    def images(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Return a vector for each image; see ``Towers``."""
        with translated(self._folder):
            vectors = list(self._image_tower.embed(list(images), batch_size=len(images)))
        return unit(np.array(vectors, np.float32))

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each text; see ``Towers``."""
        tower = self._load("TextEmbedding")
        with translated(self._folder):
            return unit(np.array(list(tower.embed(list(texts))), np.float32))

    def _load(self, kind: str) -> Any:  # noqa: ANN401 — the classes share no type
        try:
            import fastembed  # noqa: PLC0415 — an extra, and slow to import
        except ImportError as error:
            raise ModelError(
                "image-text models need the package fastembed, which is not installed; install "
                "smart-image-scraper[score]"
            ) from error
        with translated(self._folder):
            return getattr(fastembed, kind)(
                _FASTEMBED_NAME,
                specific_model_path=str(self._folder),
                providers=providers(),
                local_files_only=True,
            )


class OpenClipTowers:
    """Towers that ONNX Runtime runs as they are."""

    def __init__(self, folder: Path, *, size: int, resampling: Image.Resampling) -> None:
        self._folder = folder
        self._size = size
        self._resampling = resampling
        stated = _read(folder / "visual" / "preprocess_cfg.json")
        _check(folder, stated, size=size)
        self._visual = Model(folder / "visual" / "model.onnx")
        _check(folder, {"size": self._visual.size}, size=size)

    def images(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Return a vector for each image; see ``Towers``."""
        squares = [square(each, size=self._size, resampling=self._resampling) for each in images]
        pixels = pixels_of(squares, mean=_HALF, deviation=_HALF)
        return unit(self._visual.run(pixels)[0])

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each text; see ``Towers``."""
        from tokenizers import Tokenizer  # noqa: PLC0415 — an extra

        place = self._folder / "textual" / "tokenizer.json"
        if not place.is_file():
            raise ModelError(f"{place}: the tokenizer is not there; fetch the model anew")
        tokenizer = Tokenizer.from_file(str(place))
        tokenizer.enable_truncation(TEXT_LENGTH)
        tokenizer.enable_padding(length=TEXT_LENGTH, pad_id=0)
        tokens = np.array([encoded.ids for encoded in tokenizer.encode_batch(list(texts))])
        return unit(Model(self._folder / "textual" / "model.onnx").run(tokens)[0])


def _read(path: Path) -> dict[str, Any]:
    """Return what a model's file says of the images that it takes; nothing if it does not say so.

    Whatever else is wrong with the file is told by who needs it.
    """
    try:
        stated = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _check(folder: Path, stated: Mapping[str, Any], *, size: int) -> None:
    """See that a model takes such images as were asked for, as far as it is stated.

    Args:
        folder: The model's.
        stated: In either layout's words.
        size: The edge of the square that it should see, in pixels.

    Raises:
        ModelError: It takes others, and would score them wrongly, or not at all.
    """
    edges = stated.get("size")
    if isinstance(edges, dict):
        edges = [*edges.values()]
    values = edges if isinstance(edges, list) else [edges]
    other = next((each for each in values if isinstance(each, int) and each != size), None)
    if other is not None:
        raise ModelError(
            f"{folder}: this model sees squares of {other} pixels, and the one that was asked for "
            f"of {size}; name the model that it is with --model"
        )
    mean = stated.get("image_mean", stated.get("mean"))
    if mean is not None and mean != [0.5] * 3:
        raise ModelError(
            f"{folder}: this is no SigLIP model: the colours that it takes have the mean {mean}, "
            "not 0.5; name the folder of one, or leave --model-path to have it from the hub"
        )
