"""FiftyOne itself loads what is written for it, where it is installed (``pip install fiftyone``).

It brings half a gigabyte of packages, so that the tests do not ask for it. What it asks for is
checked without it in ``test_fiftyone.py``.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # its own

# Its database server, which we use as well, is a part of a package of the same name.
pytest.importorskip("fiftyone.core.dataset", reason="FiftyOne is not installed")
fiftyone: Any = import_module("fiftyone")


@pytest.fixture(scope="module")
def loaded(server: str, data_sets: Any) -> Iterator[Any]:
    fiftyone.config.database_uri = server
    dataset = fiftyone.Dataset.from_dir(
        str(data_sets.folder("fiftyone")), dataset_type=fiftyone.types.FiftyOneDataset
    )
    yield dataset
    dataset.delete()


def test_all_photos_are_samples_in_their_splits(loaded: Any, data_sets: Any) -> None:
    assert [sample.photo_id for sample in loaded] == data_sets.ids()
    assert loaded.count_values("tags") == {
        split: len(data_sets.of_split(split)) for split in data_sets.options.splits
    }


def test_labels_places_and_moments_are_its_own(loaded: Any, data_sets: Any) -> None:
    first, entry = loaded.first(), data_sets.entries[0]

    assert [each.label for each in first.ground_truth.classifications] == ["monkey", "cage"]
    assert loaded.default_classes == ["monkey", "cage"]
    assert first.location.point == [118.1, 5.8]
    assert first.uploaded_at == entry.photo.uploaded_at.replace(tzinfo=None)
    assert first.title == entry.photo.title


def test_samples_can_be_found_by_their_fields_and_changed(loaded: Any, data_sets: Any) -> None:
    wanted = [entry.photo.id for entry in data_sets.entries if entry.labels.get("cage") is False]

    found = loaded.match({"label_cage": False})
    for sample in found:
        sample["title"] = "seen"
        sample.save()

    assert found.values("photo_id") == wanted
    assert loaded.count_values("title")["seen"] == len(wanted)


def test_it_finds_the_files_and_the_sizes_that_are_told(loaded: Any) -> None:
    told = loaded.values(["metadata.width", "metadata.height", "metadata.mime_type"])

    loaded.compute_metadata(overwrite=True)

    assert loaded.values(["metadata.width", "metadata.height", "metadata.mime_type"]) == told
