import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import datasets
import pytest

from smart_image_scraper.export import FORMATS
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions
from smart_image_scraper.export.image_folder import folders_of

Load = Callable[[Path], datasets.DatasetDict]
SPLITS = ("train", "validation", "test")


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a folder as `datasets` does, without a look at the hub."""
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()

    def load_folder(folder: Path) -> datasets.DatasetDict:
        cache = str(tmp_path / "cache")
        return datasets.load_dataset("imagefolder", data_dir=str(folder), cache_dir=cache)

    return load_folder


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    def write(entries: Sequence[Entry], **options: Any) -> Path:
        folder = tmp_path / "out"
        folder.mkdir()
        FORMATS["image-folder"].write(iter(entries), folder=folder, options=WriteOptions(**options))
        return folder

    return write


@pytest.mark.parametrize("split", SPLITS)
def test_datasets_loads_every_photo_of_a_split_with_its_pixels(
    data_sets: Any, pixels: Any, load: Load, split: str
) -> None:
    loaded = load(data_sets.folder("image-folder"))

    entries = data_sets.of_split(split)
    assert {*loaded} == {*SPLITS}
    assert loaded[split]["id"] == [entry.photo.id for entry in entries]
    for row, entry in zip(loaded[split], entries, strict=True):
        assert (pixels(row["image"]) == pixels(entry.file)).all()
        assert row["credit"] == entry.credit
        assert row["label_cage"] == entry.labels.get("cage")


def test_what_datasets_cannot_tell_the_type_of_is_in_one_column(data_sets: Any, load: Load) -> None:
    """No photo of the test split has views, and every other one has coordinates."""
    loaded = load(data_sets.folder("image-folder"))

    assert "views" not in loaded["train"].features
    assert [json.loads(more).get("views") for more in loaded["train"]["more"][:3]] == [0, 1, 2]
    assert {*loaded["train"].features} == {*loaded["test"].features}
    assert str(loaded["train"].features["latitude"]) == "Value('float64')"
    assert str(loaded["train"].features["taken"]) == "Value('timestamp[s]')"


def test_a_photo_lies_once_in_the_folder_of_the_first_concept_that_it_shows(
    data_sets: Any,
) -> None:
    folder = data_sets.folder("image-folder")
    places = {path.stem: path.parent.name for path in folder.glob("*/*/*")}

    assert len(places) == len(data_sets.entries)
    assert [places[f"flickr-{number}"] for number in range(4)] == [
        *("monkey", "none", "unlabelled", "cage")
    ]


def test_the_label_is_a_column_too(data_sets: Any, load: Load) -> None:
    loaded = load(data_sets.folder("image-folder"))

    assert loaded["train"]["label"][:3] == ["monkey", "none", "unlabelled"]


def test_a_concept_that_is_called_as_a_split_does_not_become_one(
    make_file_entry: Callable[..., Entry], tmp_path: Path, export: Callable[..., Path], load: Load
) -> None:
    concepts = ("test", "steam train", "val-2", "eval.uation", "2dev")
    entries = [
        make_file_entry(tmp_path, number, labels={concept: True})
        for number, concept in enumerate(concepts)
    ]

    loaded = load(export(entries, concepts=concepts))

    assert {name: rows.num_rows for name, rows in loaded.items()} == {"train": 5}


@pytest.mark.parametrize(
    "titles",
    [
        ["2016-12-19", "Monkey", "2016-12-20"],
        ["2016-12-19", "2016-12-20", "2016-12-21"],
        [None, None, "Monkey"],
        [None, None, None],
        ["1", "2", "true"],
    ],
)
def test_datasets_loads_texts_that_look_like_anything(
    make_file_entry: Callable[..., Entry],
    tmp_path: Path,
    export: Callable[..., Path],
    load: Load,
    titles: list[str | None],
) -> None:
    entries = [
        make_file_entry(tmp_path, number, title=title, split=split)
        for number, (title, split) in enumerate(zip(titles, SPLITS, strict=True))
    ]

    loaded = load(export(entries, splits=SPLITS))

    rows = [row for split in SPLITS for row in loaded[split]]
    told = [json.loads(row.get("more") or "{}").get("title") or row.get("title") for row in rows]
    as_texts = [str(title)[:10] if title is not None else None for title in told]
    assert as_texts == titles


@pytest.mark.parametrize("described", ["x" * 100_000, "猿" * 40_000])
def test_a_column_that_is_known_only_further_down_does_not_break_the_loading(
    make_file_entry: Callable[..., Entry],
    tmp_path: Path,
    export: Callable[..., Path],
    load: Load,
    described: str,
) -> None:
    """`datasets` guesses from the first 10 MB, in which fewer letters of Chinese are."""
    made = make_file_entry(tmp_path, 1, views=None, description=described)
    entries = [
        replace(made, file_name=f"flickr-{number}.jpg", photo=replace(made.photo, views=views))
        for number, views in enumerate([*([None] * 120), 7])
    ]

    loaded = load(export(entries))

    assert loaded["train"].num_rows == 121
    assert json.loads(loaded["train"][120]["more"]) == {"views": 7}


def test_moments_are_all_told_to_the_second(
    make_file_entry: Callable[..., Entry], tmp_path: Path, export: Callable[..., Path], load: Load
) -> None:
    moments = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, 1, 2, 3, 456, tzinfo=UTC)]
    entries = [
        make_file_entry(tmp_path, number, uploaded_at=moment)
        for number, moment in enumerate(moments)
    ]

    loaded = load(export(entries))

    assert loaded["train"]["uploaded_at"] == [
        datetime(2020, 1, 1),
        datetime(2020, 1, 1, 1, 2, 3),
    ]


@pytest.mark.parametrize(
    ("concept", "folder"),
    [
        ("wild monkey", "wild monkey"),
        ("サル", "サル"),
        ("ลิง", "ลิง"),
        ("बंदर", "बंदर"),
        ("cafe\u0301", "café"),
        ("❤\ufe0f", "concept"),
        ("none", "none-2"),
        ("test", "+test+"),
        ("steam train", "steam +train+"),
        ("test-train 2", "+test+-+train+ 2"),
        ("training-ground", "+training+-ground"),
        ("trainer", "trainer"),
        ("Unlabelled", "Unlabelled-2"),
        ("../../etc", "etc"),
        (".hidden", "hidden"),
        ("__special", "special"),
        ("...", "concept"),
        ("a/b:c", "a_b_c"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_concept_becomes_a_name_that_a_folder_can_have(concept: str, folder: str) -> None:
    assert folders_of([concept])[concept] == folder


def test_concepts_that_differ_have_folders_that_differ() -> None:
    folders = folders_of(["a/b", "a:b", "A_B"])

    assert [folders[concept] for concept in ("a/b", "a:b", "A_B")] == ["a_b", "a_b-2", "A_B-3"]


def test_concepts_that_are_written_with_other_codes_have_folders_that_differ() -> None:
    """Some systems take these names for one."""
    assert list(folders_of(["café", "cafe\u0301"]).values()) == ["café", "café-2"]


@pytest.mark.parametrize("concept", ["con", "AUX", "nul", "Com1", "lpt9"])
def test_no_folder_is_called_as_a_device_of_windows_is(concept: str) -> None:
    assert folders_of([concept])[concept] == f"{concept}_"
