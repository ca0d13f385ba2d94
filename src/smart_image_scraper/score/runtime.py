"""Score: ONNX Runtime, which runs every model here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import ModelError

if TYPE_CHECKING:
    import onnxruntime

_PREFERRED = (
    "CUDAExecutionProvider",
    "MIGraphXExecutionProvider",
    "CoreMLExecutionProvider",
    "DmlExecutionProvider",
    "CPUExecutionProvider",
)
_ERRORS_ONLY = 3
_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}
_IMAGES = 4
"""The dimensions of a batch of images."""

RUNTIME_ERRORS = (
    "DeviceReset",
    "EPFail",
    "EngineError",
    "Fail",
    "InvalidArgument",
    "InvalidGraph",
    "InvalidProtobuf",
    "ModelLoadCanceled",
    "ModelLoaded",
    "ModelRequiresCompilation",
    "NoModel",
    "NoSuchFile",
    "NotFound",
    "NotImplemented",
    "RuntimeException",
)
"""The names of what ONNX Runtime raises."""


class Model:
    """An ONNX model that is loaded: on a GPU where ONNX Runtime has one, else on all cores.

    Args:
        path: The model's file.
        remedy: What to do if it is no model, for the message.

    Raises:
        ModelError: ONNX Runtime is not installed, or the file is no model.
    """

    def __init__(self, path: Path, *, remedy: str = "") -> None:
        self._path = path
        self._session = _session(path, remedy=remedy)

    @property
    def size(self) -> int | None:
        """The edge of the square that it sees, in pixels; ``None`` if it takes any, or no image."""
        shape = self._session.get_inputs()[0].shape
        return shape[-1] if len(shape) == _IMAGES and isinstance(shape[-1], int) else None

    def run(self, values: NDArray[Any]) -> list[NDArray[np.float32]]:
        """Run a model of one input on a batch, in the input's own type, and return all outputs.

        Some are exported for one image or text at a time, and are run on one after the other.

        Raises:
            ModelError: It ran out of memory, does not take these values, or is no such model.
        """
        entry, *more = self._session.get_inputs()
        if more or entry.type not in _TYPES:
            raise ModelError(f"{self._path}: this model does not take one batch of numbers")
        typed = values.astype(_TYPES[entry.type], copy=False)
        parts = np.split(typed, len(typed)) if entry.shape[:1] == [1] else [typed]
        with translated(self._path):
            found = [self._session.run(None, {entry.name: part}) for part in parts]
        return [
            np.concatenate(each).astype(np.float32, copy=False) for each in zip(*found, strict=True)
        ]


def providers() -> list[str]:
    """Return the execution providers that are there, the fastest first.

    Raises:
        ModelError: ONNX Runtime is not installed.
    """
    available = set(_onnxruntime().get_available_providers())
    return [name for name in _PREFERRED if name in available]


def _session(path: Path, *, remedy: str) -> "onnxruntime.InferenceSession":
    runtime = _onnxruntime()
    options = runtime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    # Threads that wait for the others would keep the cores busy on which images are decoded.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with translated(path, remedy=remedy):
        return runtime.InferenceSession(path, options, providers=providers())


def _onnxruntime() -> Any:  # noqa: ANN401 — the module brings no types along
    try:
        import onnxruntime  # noqa: PLC0415 — an extra, and slow to import
    except ImportError as error:
        raise ModelError(
            "scoring needs ONNX Runtime, which is not installed; install "
            "smart-image-scraper[score] (models from the hub) or smart-image-scraper[offline] (one "
            "that needs no hub)"
        ) from error
    return onnxruntime


@contextmanager
def translated(path: Path, *, remedy: str = "") -> Iterator[None]:
    """Raise ONNX Runtime's errors as ours.

    Args:
        path: The model's file or folder.
        remedy: What to do, for the message.

    Raises:
        ModelError: What it raises.
    """
    try:
        yield
    except runtime_errors() as error:
        said = f"{path}: ONNX Runtime cannot run the model: {error}"
        raise ModelError(f"{said.rstrip('.')}; {remedy}" if remedy else said) from error


def runtime_errors() -> tuple[type[Exception], ...]:
    """Return what ONNX Runtime raises. Its exceptions have no base of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state  # noqa: PLC0415 — an extra

    return tuple(getattr(onnxruntime_pybind11_state, name) for name in RUNTIME_ERRORS)
