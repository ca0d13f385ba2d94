"""The real photos, through every format that has photos and back."""

import csv
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import datasets
import pytest
import webdataset
from PIL import Image
from pyarrow import parquet
from pycocotools.coco import COCO

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions

Seen = tuple[int, int, int]
SPLITS = ("train", "validation", "test")


def seen(image: Image.Image) -> Seen:
    """Return an image's size and a digest of its pixels, decoded small: in full it takes long."""
    size = image.size
    image.draft("RGB", (size[0] // 8, size[1] // 8))
    return *size, zlib.crc32(image.convert("RGB").tobytes())


def seen_of(path: Path) -> Seen:
    with Image.open(path) as image:
        return seen(image)


@pytest.fixture(scope="module")
def real(
    make_entry: Callable[..., Entry],
    make_photo: Callable[..., Any],
    describe_file: Callable[[Path], Any],
    written_in_all_formats: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    shared = Path(__file__).parents[3] / ".." / "shared"
    if not shared.is_dir():
        pytest.skip("needs ../shared, whose photos are not ours to pass on")
    with (shared / "seed" / "truth.csv").open(encoding="utf-8", newline="") as file:
        monkeys = {row["filename"]: row for row in csv.DictReader(file)}
    entries = []
    for number, path in enumerate(sorted((shared / "seed" / "photos").iterdir())):
        photo = make_photo(f"flickr:{number}", title=path.stem, file=describe_file(path))
        entries.append(
            replace(
                make_entry(photo=photo, file=str(path)),
                split=SPLITS[number % 3],
                labels={"monkey": path.name in monkeys},
            )
        )
    options = WriteOptions(concepts=("monkey",), splits=SPLITS, shard_size=20)
    return written_in_all_formats(entries, options=options, root=tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def expected(real: Any) -> dict[str, dict[str, Seen]]:
    """What each split holds: by the photo's id, what is to be seen."""
    return {
        split: {entry.photo.id: seen_of(entry.file) for entry in real.of_split(split)}
        for split in SPLITS
    }


def test_all_photos_are_in_every_table(real: Any) -> None:
    rows = parquet.read_table(real.folder("parquet") / "photos.parquet")
    features = json.loads((real.folder("geojson") / "photos.geojson").read_bytes())["features"]
    lines = (real.folder("json-lines") / "photos.jsonl").read_text(encoding="utf-8").splitlines()
    with (real.folder("csv") / "photos.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [*csv.DictReader(file)]

    ids = real.ids()
    assert len(ids) == 89
    assert rows.column("id").to_pylist() == ids
    assert [feature["id"] for feature in features] == ids
    assert [json.loads(line)["id"] for line in lines] == ids
    assert [row["id"] for row in cells] == ids


def test_datasets_sees_what_was_there(
    real: Any, expected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()
    folder = str(real.folder("image-folder"))

    loaded = datasets.load_dataset("imagefolder", data_dir=folder, cache_dir=str(tmp_path))

    files = loaded.cast_column("image", datasets.Image(decode=False))
    assert {
        split: {row["id"]: seen_of(row["image"]["path"]) for row in rows}
        for split, rows in files.items()
    } == expected


def test_webdataset_sees_what_was_there(real: Any, expected: Any) -> None:
    found = {}
    for split in SPLITS:
        shards = sorted((real.folder("webdataset") / split).glob("*.tar"))
        found[split] = dict(samples(shards))

    assert found == expected


def samples(shards: Iterable[Path]) -> Iterator[tuple[str, Seen]]:
    for shard in shards:
        with shard.open("rb") as file:
            members = webdataset.tariterators.tar_file_expander([{"url": shard, "stream": file}])
            for sample in webdataset.tariterators.group_by_keys(members):
                image = sample.get("jpg") or sample["png"]
                yield json.loads(sample["json"])["id"], seen(Image.open(BytesIO(image)))


def test_pycocotools_sees_what_was_there(real: Any, expected: Any) -> None:
    folder = real.folder("coco")

    found = {}
    for split in SPLITS:
        images = COCO(str(folder / "annotations" / f"{split}.json")).dataset["images"]
        found[split] = {
            image["photo"]: seen_of(folder / "images" / image["file_name"]) for image in images
        }

    assert found == expected


def test_fiftyones_samples_are_what_was_there(real: Any, expected: Any) -> None:
    folder = real.folder("fiftyone")
    found: dict[str, dict[str, Seen]] = {split: {} for split in SPLITS}

    for sample in json.loads((folder / "samples.json").read_bytes())["samples"]:
        [split] = sample["tags"]
        found[split][sample["photo_id"]] = seen_of(folder / sample["filepath"])

    assert found == expected
