"""FiftyOne is too large to be installed for tests: what is written is checked by what it asks for.

Where it is installed all the same, ``test_fiftyone_itself.py`` has it load the data set.

https://docs.voxel51.com/user_guide/import_datasets.html and fiftyone.utils.data.importers.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from bson import json_util

from smart_image_scraper.export.format import WriteOptions
from tests.made.photos import inspection

FIELDS = "fiftyone.core.fields."
PYTHON = {
    "StringField": str,
    "IntField": int,
    "FloatField": float,
    "BooleanField": bool,
    "DateTimeField": object,
    "ListField": list,
    "EmbeddedDocumentField": dict,
}


@pytest.fixture
def samples(data_sets: Any) -> list[dict[str, Any]]:
    text = (data_sets.folder("fiftyone") / "samples.json").read_text(encoding="utf-8")
    document = json_util.loads(text)
    assert [*document] == ["samples"], "FiftyOne reads this key alone, a sample at a time"
    found: list[dict[str, Any]] = document["samples"]
    return found


@pytest.fixture
def metadata(data_sets: Any) -> dict[str, Any]:
    text = (data_sets.folder("fiftyone") / "metadata.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_every_photo_is_a_sample_with_its_pixels(
    samples: list[dict[str, Any]], data_sets: Any, pixels: Any
) -> None:
    assert [sample["photo_id"] for sample in samples] == data_sets.ids()
    for sample, entry in zip(samples, data_sets.entries, strict=True):
        loaded = pixels(data_sets.folder("fiftyone") / sample["filepath"])
        assert (loaded == pixels(entry.file)).all()
        assert sample["metadata"] == {
            "_cls": "ImageMetadata",
            "size_bytes": Path(entry.file).stat().st_size,
            "mime_type": entry.photo.file.media_type,
            "width": loaded.shape[1],
            "height": loaded.shape[0],
        }


def test_every_field_is_declared_and_of_its_type(
    samples: list[dict[str, Any]], metadata: dict[str, Any]
) -> None:
    declared = {field["db_field"]: field for field in metadata["sample_fields"]}
    given_by_fiftyone = {"_dataset_id", "created_at", "last_modified_at"}

    for sample in samples:
        assert sample.keys() == declared.keys() - given_by_fiftyone
        for name, value in sample.items():
            kind = PYTHON.get(declared[name]["ftype"].removeprefix(FIELDS), object)
            assert value is None or isinstance(value, kind), name


def test_a_field_says_all_that_fiftyone_asks_of_one(metadata: dict[str, Any]) -> None:
    for field in metadata["sample_fields"]:
        assert field.keys() == {
            *("name", "ftype", "embedded_doc_type", "subfield", "fields", "db_field"),
            *("description", "info", "read_only", "created_at"),
        }
        assert field["name"].isidentifier()
        assert field["ftype"].startswith(FIELDS)


def test_the_data_set_says_its_version_and_its_classes(metadata: dict[str, Any]) -> None:
    assert (metadata["name"], metadata["version"]) == ("Monkeys", "1.0.0")
    assert metadata["media_type"] == "image"
    assert metadata["default_classes"] == ["monkey", "cage"]


def test_concepts_that_differ_in_signs_alone_have_a_field_each(
    make_file_entry: Any, written_in_all_formats: Any, tmp_path: Path
) -> None:
    entry = make_file_entry(tmp_path, 1, labels={"toy monkey": True, "toy-monkey": False})
    options = WriteOptions(concepts=("toy monkey", "toy-monkey"))

    written = written_in_all_formats([entry], options=options, root=tmp_path / "written")

    (sample,) = json.loads((written.folder("fiftyone") / "samples.json").read_text())["samples"]
    assert (sample["label_toy_monkey"], sample["label_toy_monkey_2"]) == (True, False)


def test_a_photo_on_its_side_has_the_size_that_is_shown(
    make_file_entry: Any, written_in_all_formats: Any, tmp_path: Path
) -> None:
    turned = inspection(orientation=6)
    entry = make_file_entry(tmp_path, 1, inspection=turned)

    written = written_in_all_formats([entry], options=WriteOptions(), root=tmp_path / "written")

    (sample,) = json.loads((written.folder("fiftyone") / "samples.json").read_text())["samples"]
    file = entry.photo.file
    assert (sample["metadata"]["width"], sample["metadata"]["height"]) == (file.height, file.width)


def test_labels_are_classifications_and_splits_are_tags(samples: list[dict[str, Any]]) -> None:
    labels = [
        [each["label"] for each in sample["ground_truth"]["classifications"]] for sample in samples
    ]

    assert labels[:4] == [["monkey", "cage"], [], [], ["cage"]]
    assert [sample["label_cage"] for sample in samples[:4]] == [True, False, None, True]
    assert [sample["tags"] for sample in samples[2:5]] == [["train"], ["validation"], ["test"]]


def test_a_place_is_a_point_for_the_map(samples: list[dict[str, Any]]) -> None:
    assert samples[0]["location"]["point"] == {"type": "Point", "coordinates": [118.1, 5.8]}
    assert samples[1]["location"] is None


def test_no_two_things_have_the_same_id(samples: list[dict[str, Any]]) -> None:
    ids = [sample["_id"] for sample in samples]
    ids += [sample["location"]["_id"] for sample in samples if sample["location"]]
    ids += [each["_id"] for sample in samples for each in sample["ground_truth"]["classifications"]]

    assert len(ids) == len(set(ids))
