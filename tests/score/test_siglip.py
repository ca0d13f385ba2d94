"""Image-text models, by a made one of real ONNX towers that scores colours."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from huggingface_hub import constants
from onnx import TensorProto
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score import SigLip, model_name

RED = Image.new("RGB", (64, 48), (255, 0, 0))
GREEN = Image.new("RGB", (300, 500), (0, 255, 0))


def gradient(width: int, height: int) -> Image.Image:
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.stack([across, down, 255 - across], axis=2).astype(np.uint8))


def test_images_are_close_to_the_texts_that_name_their_colour(made_model: Path) -> None:
    model = SigLip("siglip2-b16-224", folder=made_model)

    cosines = model.embed([RED, GREEN]) @ model.embed_texts(["a photo of red", "green"]).T

    assert cosines == pytest.approx(np.array([[1, -1 / 3], [-1 / 3, 1]]), abs=1e-6)


def test_fastembed_and_bare_onnx_runtime_say_the_same_numbers(made_model: Path) -> None:
    images = [RED, GREEN, gradient(640, 427), gradient(224, 224)]
    texts = ["red", "a photo of a green thing", "blue yellow"]

    by_fastembed = SigLip("siglip2-b16-224", folder=made_model)
    by_runtime = SigLip("siglip2-b16-224", folder=made_model / "open-clip")

    assert by_fastembed.embed(images) == pytest.approx(by_runtime.embed(images), abs=1e-5)
    assert by_fastembed.embed_texts(texts) == pytest.approx(by_runtime.embed_texts(texts), abs=1e-6)


def test_the_numbers_are_those_of_the_towers_themselves(made_model: Path) -> None:
    session = onnxruntime.InferenceSession(made_model / "onnx" / "vision_model.onnx")
    seen = gradient(640, 427).resize((224, 224), Image.Resampling.BILINEAR)
    pixels = (np.asarray(seen, np.float32) / 255 - 0.5) / 0.5
    (raw,) = session.run(None, {"pixel_values": pixels.transpose(2, 0, 1)[np.newaxis]})

    vectors = SigLip("siglip2-b16-224", folder=made_model).embed([gradient(640, 427)])

    assert vectors == pytest.approx(raw / np.linalg.norm(raw), abs=1e-6)


def test_another_text_in_the_batch_changes_no_text(made_model: Path) -> None:
    model = SigLip("siglip2-b16-224", folder=made_model)

    alone = model.embed_texts(["red"])
    with_a_longer_one = model.embed_texts(["red", "green blue yellow white red green"])

    assert with_a_longer_one[0] == pytest.approx(alone[0], abs=1e-7)


def test_other_weights_are_another_revision(made_model: Path, tmp_path: Path) -> None:
    shutil.copytree(made_model, tmp_path / "other")
    with (tmp_path / "other" / "onnx" / "vision_model.onnx").open("ab") as file:
        file.write(b"\x72\x00")  # an empty field that ONNX does not know

    names = {
        model_name(SigLip("siglip2-b16-224", folder=folder))
        for folder in (made_model, tmp_path / "other")
    }

    assert len(names) == 2


def test_a_folder_without_a_model_is_refused_with_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no image-text model here; it should hold onnx/vision"):
        SigLip("siglip2-b16-224", folder=tmp_path)


def test_a_model_of_the_same_dimension_that_sees_another_size_is_refused(made_model: Path) -> None:
    model = SigLip("siglip2-b32-256", folder=made_model)

    with pytest.raises(ModelError, match=r"squares of 224 pixels, and .* of 256; name the model"):
        model.embed([RED])


def test_a_folder_of_either_layout_that_states_another_size_is_refused(
    made_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    shutil.copytree(made_model / "open-clip", folder)
    (folder / "visual" / "preprocess_cfg.json").write_text(json.dumps({"size": [256, 256]}))

    with pytest.raises(ModelError, match=r"squares of 256 pixels, and .* of 224; name the model"):
        SigLip("siglip2-b16-224", folder=folder).embed([RED])


def test_a_graph_of_another_size_is_refused_where_no_file_states_it(made_model: Path) -> None:
    model = SigLip("siglip2-b32-256", folder=made_model / "open-clip")

    with pytest.raises(ModelError, match=r"squares of 224 pixels, and .* of 256; name the model"):
        model.embed([RED])


def test_a_model_that_makes_vectors_of_another_length_is_refused(
    made_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "any-size"
    shutil.copytree(made_model / "open-clip", folder)
    path = folder / "visual" / "model.onnx"
    graph = onnx.load(path)
    for number in (2, 3):
        graph.graph.input[0].type.tensor_type.shape.dim[number].dim_param = f"edge {number}"
    onnx.save(graph, path)

    with pytest.raises(
        ModelError, match=r"vectors of 768 numbers, and siglip2-so400m-384 has 1152"
    ):
        SigLip("siglip2-so400m-384", folder=folder).embed([RED])


@pytest.mark.parametrize(
    ("layout", "name", "words"),
    [
        (".", "preprocessor_config.json", {"size": {"shortest_edge": 224}, "image_mean": [0.48]}),
        ("open-clip", "visual/preprocess_cfg.json", {"size": 224, "mean": [0.48, 0.46, 0.41]}),
    ],
)
def test_a_clip_model_is_not_taken_for_a_siglip_one(
    made_model: Path, tmp_path: Path, layout: str, name: str, words: dict[str, object]
) -> None:
    folder = tmp_path / "clip"
    shutil.copytree(made_model / layout, folder)
    (folder / name).write_text(json.dumps(words))

    with pytest.raises(ModelError, match=r"clip: this is no SigLIP model: .* mean \[0\.48"):
        SigLip("siglip2-b16-224", folder=folder).embed([RED])


def test_towers_that_take_one_image_and_one_text_at_a_time_say_the_same_numbers(
    made_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "one"
    shutil.copytree(made_model / "open-clip", folder)
    for path, type_ in (("visual", TensorProto.FLOAT), ("textual", TensorProto.INT32)):
        _take_one_at_a_time(folder / path / "model.onnx", type_=type_)
    texts = ["red", "green blue", "yellow"]

    one_by_one = SigLip("siglip2-b16-224", folder=folder)
    together = SigLip("siglip2-b16-224", folder=made_model / "open-clip")

    images = [RED, GREEN, gradient(300, 200)]
    assert one_by_one.embed(images) == pytest.approx(together.embed(images), abs=1e-7)
    assert one_by_one.embed_texts(texts) == pytest.approx(together.embed_texts(texts), abs=1e-7)


def _take_one_at_a_time(path: Path, *, type_: int) -> None:
    """Give a model the entry that immich's exports have: a batch of one, texts in 32 bits."""
    model = onnx.load(path)
    entry = model.graph.input[0].type.tensor_type
    entry.shape.dim[0].dim_value = 1
    entry.elem_type = type_
    onnx.save(model, path)


def test_a_file_that_is_no_model_is_said(made_model: Path, tmp_path: Path) -> None:
    shutil.copytree(made_model, tmp_path / "broken")
    (tmp_path / "broken" / "onnx" / "vision_model.onnx").write_bytes(b"no model")

    with pytest.raises(ModelError, match=r"broken: ONNX Runtime cannot run the model"):
        SigLip("siglip2-b16-224", folder=tmp_path / "broken").embed([RED])


def test_without_hub_and_cache_one_sentence_says_how_to_get_the_model_and_what_works_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

    with pytest.raises(ModelError) as caught:
        SigLip("siglip2-b16-224").embed([RED])

    said = str(caught.value)
    assert "hf download onnx-community/siglip2-base-patch16-224-ONNX --revision ba1f3b0" in said
    assert "--model-path FOLDER" in said
    assert "--model dinov2-s14" in said
    assert "\n" not in said


def test_the_tensor_is_that_of_transformers_on_the_real_photos(
    made_model: Path, shared: Path
) -> None:
    transformers = pytest.importorskip("transformers", reason="needs transformers and torch")
    fastembed = pytest.importorskip("fastembed.common.preprocessor_utils")
    configuration = json.loads((made_model / "preprocessor_config.json").read_text())
    reference = transformers.SiglipImageProcessor(**configuration)
    ours = fastembed.load_preprocessor(made_model)

    for path in sorted((shared / "seed" / "photos").iterdir())[::10]:
        image = Image.open(path).convert("RGB")
        expected = reference(images=image, return_tensors="np")["pixel_values"][0]
        assert np.abs(ours([image])[0] - expected).max() <= 1e-6
