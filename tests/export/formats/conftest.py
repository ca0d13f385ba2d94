import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.export import FORMATS
from smart_image_scraper.export.entry import Entry, file_name_of
from smart_image_scraper.export.format import WriteOptions, Written
from smart_image_scraper.photo import Coordinates, Photo, StoredFile
from tests.made.photos import stored_file

CONCEPTS = ("monkey", "cage")
LABELS = ({"monkey": True, "cage": True}, {"cage": False}, {}, {"cage": True})
SPLITS = ("train", "validation", "test")
MakeEntry = Callable[..., Entry]
MakeFileEntry = Callable[..., Entry]


@dataclass(frozen=True, kw_only=True)
class DataSets:
    """The same entries, written in each format."""

    entries: Sequence[Entry]
    options: WriteOptions
    root: Path
    written: Mapping[str, Written] = field(default_factory=dict)

    def folder(self, name: str) -> Path:
        return self.root / name

    def of_split(self, split: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.split == split]

    def ids(self) -> list[str]:
        return [entry.photo.id for entry in self.entries]


def write_all(entries: Sequence[Entry], *, options: WriteOptions, root: Path) -> DataSets:
    written = {}
    for name, form in FORMATS.items():
        (root / name).mkdir(parents=True)
        written[name] = form.write(iter(entries), folder=root / name, options=options)
    return DataSets(entries=entries, options=options, root=root, written=written)


def pixels_of(file: Any) -> NDArray[np.uint8]:
    """Decode an image: a path, an open file, or one that is an image already."""
    image = file if isinstance(file, Image.Image) else Image.open(file)
    return np.asarray(image)


def stored(path: Path) -> StoredFile:
    """Describe a file as a download does."""
    with Image.open(path) as image:
        width, height, form = *image.size, image.format
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return stored_file(
        digest,
        ending=path.suffix.removeprefix("."),
        media_type=Image.MIME[str(form)],
        bytes=path.stat().st_size,
        width=width,
        height=height,
        url=f"https://live.staticflickr.com/{path.name}",
    )


@pytest.fixture(scope="session")
def pixels() -> Callable[[Any], NDArray[np.uint8]]:
    return pixels_of


@pytest.fixture(scope="session")
def written_in_all_formats() -> Callable[..., DataSets]:
    return write_all


@pytest.fixture(scope="session")
def describe_file() -> Callable[[Path], StoredFile]:
    return stored


@pytest.fixture(scope="session")
def make_file_entry(make_entry: MakeEntry, make_photo: Callable[..., Photo]) -> MakeFileEntry:
    """Make an entry with a small noisy image of its own: JPEG, now and then PNG."""

    def make(folder: Path, number: int, **changes: Any) -> Entry:
        ending = "png" if number % 7 == 6 else "jpg"
        path = folder / f"source-{number}.{ending}"
        noise = np.random.default_rng(number).integers(0, 255, (20 + number % 5, 30, 3), "uint8")
        Image.fromarray(noise).save(path)
        own = {name: changes.pop(name) for name in ("split", "labels", "scores") if name in changes}
        file = stored(path)
        photo = make_photo(f"flickr:{number}", file=file, **changes)
        name = file_name_of(photo.id, path=file.path)
        return make_entry(photo=photo, file=str(path), file_name=name, **own)

    return make


@pytest.fixture(scope="session")
def data_sets(make_file_entry: MakeFileEntry, tmp_path_factory: pytest.TempPathFactory) -> DataSets:
    """Thirty photos of which this and that is not known, in all formats."""
    root = tmp_path_factory.mktemp("data-sets")
    entries = [
        make_file_entry(
            root,
            number,
            split=("train", "train", "train", "validation", "test")[number % 5],
            title=None if number % 4 == 3 else f"Photo {number}, “サル” 🐒",
            description=None,
            views=None if number % 5 == 4 else number,
            coordinates=None
            if number % 2
            else Coordinates(latitude=5.8 + number / 10, longitude=118.1),
            uploaded_at=datetime(2020, 1, 1, 12, 0, number, tzinfo=UTC),
            labels=({"monkey": True, "cage": True}, {"cage": False}, {}, {"cage": True})[
                number % 4
            ],
            scores={"monkey": number / 30} if number % 3 else {},
        )
        for number in range(30)
    ]
    options = WriteOptions(name="Monkeys", concepts=CONCEPTS, splits=SPLITS, shard_size=4)
    return write_all(entries, options=options, root=root / "written")
