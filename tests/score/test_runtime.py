"""ONNX Runtime: its errors, and the processors that it runs models on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnxruntime
import pytest
from onnxruntime.capi import onnxruntime_pybind11_state
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score import SigLip
from smart_image_scraper.score.runtime import RUNTIME_ERRORS, Model, providers


@pytest.fixture
def with_gpu(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine with two kinds of GPU, as ONNX Runtime tells it; what sessions were asked for."""
    there = ["TensorrtExecutionProvider", "CPUExecutionProvider", "CUDAExecutionProvider"]
    asked: list[list[str]] = []
    real = onnxruntime.InferenceSession

    def session(*arguments: Any, providers: Sequence[str], **options: Any) -> Any:
        asked.append(list(providers))
        made = real(*arguments, providers=["CPUExecutionProvider"], **options)
        made.get_providers = lambda: list(providers)
        return made

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: there)
    monkeypatch.setattr(onnxruntime, "InferenceSession", session)
    return asked


def test_every_error_of_onnx_runtime_is_translated() -> None:
    raised = {
        name
        for name, kind in vars(onnxruntime_pybind11_state).items()
        if isinstance(kind, type) and issubclass(kind, Exception)
    }

    assert set(RUNTIME_ERRORS) == raised


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx: ONNX Runtime cannot run the model"):
        Model(tmp_path / "gone.onnx")


def test_the_processor_is_always_among_the_providers_and_the_last() -> None:
    assert providers()[-1] == "CPUExecutionProvider"


def test_a_gpu_comes_first_where_there_is_one(with_gpu: list[list[str]]) -> None:
    assert providers() == ["CUDAExecutionProvider", "CPUExecutionProvider"]


@pytest.mark.parametrize("layout", [".", "open-clip"])
def test_towers_of_either_layout_are_run_on_the_gpu(
    made_model: Path, layout: str, with_gpu: list[list[str]]
) -> None:
    model = SigLip("siglip2-b16-224", folder=made_model / layout)

    model.embed([Image.new("RGB", (224, 224), "red")])
    model.embed_texts(["red"])

    assert with_gpu == [["CUDAExecutionProvider", "CPUExecutionProvider"]] * 2
