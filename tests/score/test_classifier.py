import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from smart_image_scraper.errors import ModelError, WorkspaceError
from smart_image_scraper.score.classifier import Classifier, Head, versions
from smart_image_scraper.score.photo_text import TextFeatures


def classifier(*, version: int = 1) -> Classifier:
    heads = tuple(
        Head(
            concept=concept,
            weights=np.array([1.0, -2.0, number / 3]),
            bias=0.1,
            slope=2.0,
            offset=-0.5,
            strength=10.0,
            calibrated_on=40,
            weak_terms=("monkey cage",),
        )
        for number, concept in enumerate(("cage", "monkey"))
    )
    return Classifier(
        name="mine",
        version=version,
        backbone="dinov2-s14@1",
        trained_at=datetime(2026, 1, 2, tzinfo=UTC),
        heads=heads,
    )


def test_a_model_that_is_kept_scores_as_before(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    classifier().save(tmp_path)

    loaded = Classifier.load(tmp_path, "mine")

    for head, kept in zip(classifier().heads, loaded.heads, strict=True):
        assert np.array_equal(kept.probabilities(vectors), head.probabilities(vectors))
    assert loaded.heads[0].weak_terms == ("monkey cage",)
    assert (loaded.model, loaded.trained_at) == ("mine@1", datetime(2026, 1, 2, tzinfo=UTC))


def test_a_model_that_reads_texts_is_kept_with_how_it_reads_them(tmp_path: Path) -> None:
    reading = TextFeatures(masked=("monkey cage", "サル"), dimension=64)
    replace(classifier(), text=reading).save(tmp_path)

    assert Classifier.load(tmp_path, "mine").text == reading


def test_a_head_tells_probabilities() -> None:
    vectors = np.array([[1, 0, 0]], dtype=np.float32)

    found = classifier().head("cage").probabilities(vectors)

    assert found == pytest.approx([1 / (1 + np.exp(-(2 * 1.1 - 0.5)))])


def test_a_name_means_the_latest_version_and_older_ones_stay(tmp_path: Path) -> None:
    for version in (1, 2, 10):
        classifier(version=version).save(tmp_path)

    found = [Classifier.load(tmp_path, word).version for word in ("mine", "mine@2")]

    assert found == [10, 2]
    assert versions(tmp_path, "mine") == [1, 2, 10]


def test_a_version_is_never_written_over(tmp_path: Path) -> None:
    classifier().save(tmp_path)

    with pytest.raises(WorkspaceError, match="is there already"):
        classifier().save(tmp_path)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("mine@3", "there are mine@1; train one with `sis train`"),
        ("mine@latest", "there is no such trained model"),
        ("mine@", "there is no such trained model"),
        ("other", r"there is no such trained model in \S+; train one"),
        ("../mine", "cannot name a trained model"),
        ("dinov2-s14", "another model is called that"),
        ("google-vision", "another model is called that"),
    ],
)
def test_a_model_that_is_not_there_says_what_is(tmp_path: Path, word: str, message: str) -> None:
    classifier().save(tmp_path)

    with pytest.raises(ModelError, match=message):
        Classifier.load(tmp_path, word)


@pytest.mark.parametrize(
    ("part", "value"),
    [("format", 99), ("heads", []), ("trained_at", "yesterday"), ("surprise", 1)],
)
def test_a_damaged_file_is_refused(tmp_path: Path, part: str, value: object) -> None:
    path = classifier().save(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {part: value}))

    with pytest.raises(ModelError, match="this is no trained model of this program"):
        Classifier.load(tmp_path, "mine")


@pytest.mark.parametrize("text", ["", "5", "null", "[]", '"x"', "{}"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    classifier().save(tmp_path).write_text(text)

    with pytest.raises(ModelError, match="this is no trained model of this program"):
        Classifier.load(tmp_path, "mine")


@pytest.mark.parametrize("name", ["bias", "slope", "offset"])
def test_a_head_with_a_number_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    path = classifier().save(tmp_path)
    document = json.loads(path.read_text())
    document["heads"][0][name] = math.nan
    path.write_text(json.dumps(document))

    with pytest.raises(ModelError, match="a weight is no number"):
        Classifier.load(tmp_path, "mine")


def test_an_unknown_concept_is_refused() -> None:
    with pytest.raises(ModelError, match="was trained for cage, monkey, not for net"):
        classifier().head("net")


def test_a_workspace_that_cannot_be_written_is_said_with_what_helps_there(tmp_path: Path) -> None:
    (tmp_path / "models").touch()

    with pytest.raises(
        WorkspaceError, match=r"cannot be written \(Not a directory\); free some [^,]*$"
    ):
        classifier().save(tmp_path / "models")
