import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from pycocotools.coco import COCO

from smart_image_scraper.export.format import WriteOptions
from tests.made.photos import inspection

SPLITS = ("train", "validation", "test")


def load(data_sets: Any, split: str) -> COCO:
    return COCO(str(data_sets.folder("coco") / "annotations" / f"{split}.json"))


@pytest.mark.parametrize("split", SPLITS)
def test_pycocotools_loads_every_photo_of_a_split_with_its_pixels(
    data_sets: Any, pixels: Any, split: str
) -> None:
    coco = load(data_sets, split)

    images = coco.loadImgs(coco.getImgIds())

    entries = data_sets.of_split(split)
    assert [image["photo"] for image in images] == [entry.photo.id for entry in entries]
    for image, entry in zip(images, entries, strict=True):
        loaded = pixels(data_sets.folder("coco") / "images" / image["file_name"])
        assert (loaded == pixels(entry.file)).all()
        assert loaded.shape[:2] == (image["height"], image["width"])


def test_a_photo_is_annotated_with_what_it_shows(data_sets: Any) -> None:
    shown: Counter[str] = Counter()
    for split in SPLITS:
        coco = load(data_sets, split)
        for category in coco.loadCats(coco.getCatIds()):
            shown[category["name"]] += len(coco.getImgIds(catIds=[category["id"]]))

    expected = Counter(
        concept for entry in data_sets.entries for concept, label in entry.labels.items() if label
    )
    assert shown == expected
    assert shown == {"cage": 15, "monkey": 8}


def test_what_is_not_shown_differs_from_what_is_not_known(data_sets: Any) -> None:
    coco = load(data_sets, "train")
    negative = {image["photo"]: image["neg_category_ids"] for image in coco.dataset["images"]}

    [cage] = coco.getCatIds(catNms=["cage"])
    assert negative["flickr:1"] == [cage], "said not to be there"
    assert negative["flickr:2"] == [], "nobody knows"


def test_ids_are_unique_in_all_splits_together(data_sets: Any) -> None:
    images = [id_ for split in SPLITS for id_ in load(data_sets, split).getImgIds()]

    assert sorted(images) == [*range(1, 31)]


def test_a_photo_on_its_side_has_the_size_that_is_shown(
    make_file_entry: Any, written_in_all_formats: Any, tmp_path: Any
) -> None:
    entry = make_file_entry(tmp_path, 1, inspection=inspection(orientation=6))

    written = written_in_all_formats([entry], options=WriteOptions(), root=tmp_path / "written")

    text = (written.folder("coco") / "annotations" / "all.json").read_text(encoding="utf-8")
    [image] = json.loads(text)["images"]
    file = entry.photo.file
    assert file.width != file.height
    assert (image["width"], image["height"]) == (file.height, file.width)


def test_licences_are_listed_and_named_by_number(data_sets: Any) -> None:
    dataset = load(data_sets, "train").dataset

    assert dataset["licenses"] == [
        {"id": 1, "name": "cc-by-2.0", "url": "https://creativecommons.org/licenses/by/2.0/"}
    ]
    assert {image["license"] for image in dataset["images"]} == {1}
    assert {image["license_word"] for image in dataset["images"]} == {"cc-by-2.0"}
    assert dataset["info"]["description"] == "Monkeys"


def test_photos_that_are_not_split_are_in_one_document(
    data_sets: Any, tmp_path: Any, written_in_all_formats: Any
) -> None:
    entries = [replace(entry, split=None) for entry in data_sets.entries[:3]]
    whole = written_in_all_formats(
        entries, options=replace(data_sets.options, splits=()), root=tmp_path
    )

    text = (whole.folder("coco") / "annotations" / "all.json").read_text(encoding="utf-8")
    assert [image["photo"] for image in json.loads(text)["images"]] == whole.ids()
