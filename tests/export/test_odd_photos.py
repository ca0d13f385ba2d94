"""Photos as they come: odd texts, odd files, through every format and back by others' libraries."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import datasets
import pytest
from bson import json_util
from PIL import Image, ImageSequence
from pyarrow import parquet
from pycocotools.coco import COCO

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.export import FORMATS, Exported, Shares
from smart_image_scraper.photo import Owner, Photo, Place, Stage, TakenDate
from smart_image_scraper.store import Store
from tests.made.photos import keep_file

TITLES = (
    *(
        "two\nlines",
        'a "quoted" one',
        "a\ttab",
        "nul \0 in it",
        "\u202eturned\u202c",
        "\u200f\u05d0\u05d1",
    ),
    *("=1+1", "+1", "-1", "'=1", "x" * 100_000, None, "", " ", "a,b;c|d", "NULL", "2020-01-01"),
    *("\u2028", "<i", "[x]`*_", "---", "\ufeffmark", "野生の猿 🐒", "{}"),
)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    content = BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def frames() -> dict[str, Any]:
    others = [Image.new("RGB", (9, 9), colour) for colour in ("green", "blue")]
    return {"save_all": True, "append_images": others, "duration": 100}


FILES = (
    ("image/jpeg", "jpg", saved(Image.new("RGB", (1, 1), "red"), "JPEG")),
    ("image/jpeg", "jpg", saved(Image.new("CMYK", (8, 8)), "JPEG")),
    ("image/png", "png", saved(Image.new("I;16", (5, 4), 40_000), "PNG")),
    ("image/png", "png", saved(Image.new("LA", (5, 4), 7), "PNG")),
    ("image/gif", "gif", saved(Image.new("RGB", (9, 9), "red"), "GIF", **frames())),
    ("image/webp", "webp", saved(Image.new("RGB", (9, 9), "red"), "WEBP", **frames())),
    ("image/tiff", "tif", saved(Image.new("RGB", (5, 4)), "TIFF")),
)


@pytest.fixture
def photos(
    make_photo: Callable[..., Photo], store: Store, vault: Vault, workspace: Path
) -> list[Photo]:
    """Photos with these titles, of as many owners; most know neither when nor where."""
    made = []
    for number, title in enumerate(TITLES):
        media_type, ending, content = FILES[number % len(FILES)]
        with Image.open(BytesIO(content)) as image:
            width, height = image.size
        photo = make_photo(
            f"flickr:{number:04d}", title=title, owner=Owner(id=f"{number}@N00"), **known_of(number)
        )
        assert photo.file is not None
        file = keep_file(
            content,
            workspace=workspace,
            ending=ending,
            media_type=media_type,
            width=width,
            height=height,
            url=photo.file.url,
        )
        made.append(replace(photo, file=file))
    store.put([vault.seal(photo) for photo in made], stages=tuple(Stage))
    return made


def known_of(number: int) -> dict[str, Any]:
    if number % 3:
        return {"taken": None, "coordinates": None, "place": None, "tags": (), "description": None}
    return {
        "taken": TakenDate(local=datetime(1850 + number, 5, 1)),
        "uploaded_at": datetime(1969, 1, 1, tzinfo=UTC),
        "place": Place(country="Curaçao", country_code="CW", gazetteer="made"),
        "views": 2**62,
    }


Row = dict[str, Any]


def of_datasets(folder: Path, cache: Path) -> Iterator[Row]:
    datasets.disable_progress_bars()
    for rows in datasets.load_dataset(str(folder), cache_dir=str(cache)).values():
        for row in rows:
            for image in (value for value in row.values() if isinstance(value, Image.Image)):
                image.close()  # of animations, datasets leaves the file open
            yield row


def of_webdataset(folder: Path, cache: Path) -> Iterator[Row]:
    for row in of_datasets(folder, cache):
        assert sum(row[ending] is not None for ending in ("jpg", "png", "gif", "webp", "tif")) == 1
        yield row["json"]


def of_csv(folder: Path, _: Path) -> Iterator[Row]:
    csv.field_size_limit(200_000)
    with (folder / "photos.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            assert not row["title"].startswith(("=", "+", "-", "@"))
            yield {**row, "title": row["title"].removeprefix("'") or None}


def of_coco(folder: Path, _: Path) -> Iterator[Row]:
    for path in sorted((folder / "annotations").iterdir()):
        yield from ({**row, "id": row["photo"]} for row in COCO(str(path)).dataset["images"])


def of_fiftyone(folder: Path, _: Path) -> Iterator[Row]:
    document = json_util.loads((folder / "samples.json").read_text(encoding="utf-8"))
    yield from ({**row, "id": row["photo_id"]} for row in document["samples"])


READ: dict[str, Callable[[Path, Path], Iterator[Row]]] = {
    "csv": of_csv,
    "json-lines": of_datasets,
    "parquet": lambda folder, _: iter(parquet.read_table(folder / "photos.parquet").to_pylist()),
    "geojson": lambda folder, _: (
        each["properties"]
        for each in json.loads((folder / "photos.geojson").read_bytes())["features"]
    ),
    "image-folder": of_datasets,
    "webdataset": of_webdataset,
    "coco": of_coco,
    "fiftyone": of_fiftyone,
}


@pytest.mark.parametrize("form", FORMATS)
def test_odd_photos_come_back_as_they_were(
    photos: list[Photo],
    export: Callable[..., Exported],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)

    exported = export(form, split=Shares.parse("80/20"), concepts=("a/b", "con"), shard_size=5)

    rows = {row["id"]: row["title"] for row in READ[form](tmp_path / "out", tmp_path / "cache")}
    unknown = {"", None} if form == "csv" else {None}
    assert exported.photos == len(photos)
    assert rows == {photo.id: None if photo.title in unknown else photo.title for photo in photos}


@pytest.mark.parametrize("form", ["image-folder", "coco", "fiftyone"])
def test_odd_files_are_passed_on_with_every_pixel(
    photos: list[Photo],
    export: Callable[..., Exported],
    workspace: Path,
    tmp_path: Path,
    form: str,
) -> None:
    export(form)

    found = {
        path.stem.replace("-", ":"): pixels_of(path)
        for path in (tmp_path / "out").rglob("flickr-*")
    }
    assert found == {
        photo.id: pixels_of(workspace / "files" / photo.file.path) for photo in photos if photo.file
    }


def pixels_of(path: Path) -> list[tuple[str, tuple[int, int], bytes]]:
    with Image.open(path) as image:
        return [(each.mode, each.size, each.tobytes()) for each in ImageSequence.Iterator(image)]
