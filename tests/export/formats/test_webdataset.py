import gc
import json
import subprocess
import tarfile
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import webdataset
from pyarrow import parquet

SPLITS = ("train", "validation", "test")


def shards(data_sets: Any, split: str) -> list[Path]:
    return sorted((data_sets.folder("webdataset") / split).glob("*.tar"))


def read(paths: Iterable[Path], decode: Callable[[Any], Any] = lambda reader: reader) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # webdataset leaves the last shard open
        urls = [str(path) for path in paths]
        found = [*decode(webdataset.WebDataset(urls, shardshuffle=False, empty_check=False))]
        gc.collect()
    return found


@pytest.mark.parametrize("split", SPLITS)
def test_webdataset_reads_every_photo_of_a_split_with_its_pixels(
    data_sets: Any, pixels: Any, split: str
) -> None:
    samples = read(shards(data_sets, split))

    entries = data_sets.of_split(split)
    assert [json.loads(sample["json"])["id"] for sample in samples] == [
        entry.photo.id for entry in entries
    ]
    for sample, entry in zip(samples, entries, strict=True):
        image = sample["jpg"] if "jpg" in sample else sample["png"]
        assert (pixels(BytesIO(image)) == pixels(entry.file)).all()
        assert sample["txt"].decode() == (entry.photo.title or "")


def test_webdataset_decodes_what_is_in_a_sample(data_sets: Any) -> None:
    samples = read(
        shards(data_sets, "train"),
        lambda reader: reader.decode("rgb8").to_tuple("jpg;png", "json", "txt"),
    )

    assert len(samples) == 18
    image, values, caption = samples[0]
    assert image.shape == (20, 30, 3)
    assert (values["caption"], caption) == ("Photo 0, “サル” 🐒",) * 2
    assert values["label_monkey"] is True
    assert values["uploaded_at"] == "2020-01-01T12:00:00+00:00"


def test_shards_and_keys_are_named_as_img2dataset_names_them(data_sets: Any) -> None:
    folder = data_sets.folder("webdataset") / "train"
    first, second, *_ = shards(data_sets, "train")

    assert sorted(path.name for path in folder.iterdir()) == [
        f"{number:05d}.{ending}" for number in range(5) for ending in ("parquet", "tar")
    ]
    with tarfile.open(first) as tar:
        assert tar.getnames()[:6] == [
            *("000000.jpg", "000000.json", "000000.txt"),
            *("000001.jpg", "000001.json", "000001.txt"),
        ]
    with tarfile.open(second) as tar:
        assert tar.getnames()[0] == "000010.png"


def test_every_shard_but_the_last_holds_as_many_photos_as_asked_for(data_sets: Any) -> None:
    sizes = []
    for path in shards(data_sets, "train"):
        with tarfile.open(path) as tar:
            sizes.append(len(tar.getnames()) // 3)

    assert sizes == [4, 4, 4, 4, 2]


def test_the_table_beside_a_shard_has_its_photos_in_order(data_sets: Any) -> None:
    for path in shards(data_sets, "train"):
        rows = parquet.read_table(path.with_suffix(".parquet")).to_pylist()
        samples = read([path])

        assert [row["key"] for row in rows] == [sample["__key__"] for sample in samples]
        for row, sample in zip(rows, samples, strict=True):
            values = json.loads(sample["json"])
            assert values.keys() == row.keys()
            assert (row["id"], row["sha256"]) == (values["id"], values["sha256"])
            assert (row["status"], row["url"]) == ("success", values["url"])


def test_tar_itself_reads_a_shard(data_sets: Any, tmp_path: Path) -> None:
    [first, *_] = shards(data_sets, "test")

    done = subprocess.run(
        ["tar", "-xf", first, "-C", tmp_path], check=True, capture_output=True, text=True
    )

    assert done.stderr == ""
    assert len([*tmp_path.iterdir()]) == 12
    assert first.stat().st_size % tarfile.RECORDSIZE == 0


def test_a_photo_without_a_title_has_its_description_as_caption(
    make_file_entry: Any, tmp_path: Path, written_in_all_formats: Any, data_sets: Any
) -> None:
    entry = make_file_entry(tmp_path, 1, title="", description="On a branch")
    options = replace(data_sets.options, splits=())
    whole = written_in_all_formats([entry], options=options, root=tmp_path / "out")

    with tarfile.open(whole.folder("webdataset") / "00000.tar") as tar:
        caption = tar.extractfile("000000.txt")
        assert caption is not None
        assert caption.read() == b"On a branch"
