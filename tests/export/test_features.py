"""What values are, as a card says it to `datasets`, which would guess wrongly."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import EnumType
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import datasets
import pytest

from smart_image_scraper.export import FORMATS
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions
from smart_image_scraper.photo import Inspection, License, Photo, PhotoId, Score, TakenDate

Load = Callable[..., datasets.Dataset]
CONCEPTS = ("monkey", "steel cage")
LOCAL = datetime(2020, 1, 1)
SPECIAL: Mapping[Any, Any] = {
    PhotoId: PhotoId("flickr:99"),
    License: License("cc-by-2.0"),
    TakenDate: TakenDate(local=LOCAL),
    Score: Score(concept="monkey", model="m", value=0.5, raw=1.5),
    date: date(2020, 1, 1),
    datetime: datetime(2020, 1, 1, 9, 5, 1, 123_000, tzinfo=UTC),
    bool: True,
    int: 7,
    float: 0.5,
    str: "text",
    bytes: b"ab",
}


def example(type_: Any) -> Any:
    """Return a value of a type in which nothing is unknown."""
    if type_ in SPECIAL:
        return SPECIAL[type_]
    if isinstance(type_, EnumType):
        return next(iter(type_))
    if is_dataclass(type_):
        hints = get_type_hints(type_)
        values = {field.name: example(hints[field.name]) for field in fields(type_)}
        return type_(**values | ({"taken": LOCAL} if type_ is Inspection else {}))
    (first, *_) = [part for part in get_args(type_) if part is not NoneType]
    if get_origin(type_) is tuple:
        return (example(first),)
    return {} if issubclass(get_origin(type_) or NoneType, Mapping) else example(first)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Write entries in a format of one file, and load it as the card says."""
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()

    def call(form: str, entries: list[Entry], *, personal: bool = False) -> datasets.Dataset:
        options = WriteOptions(concepts=CONCEPTS, personal=personal)
        written = FORMATS[form].write(entries, folder=tmp_path, options=options)
        return datasets.load_dataset(
            {"csv": "csv", "json-lines": "json"}[form],
            data_files=str(tmp_path / str(FORMATS[form].file)),
            features=datasets.Features._from_yaml_list([dict(each) for each in written.features]),
            cache_dir=str(tmp_path / "cache"),
            split="train",
        )

    return call


def entries_of(number: int, *, first: Photo, last: Photo) -> list[Entry]:
    usual = Entry(photo=first, license=License.UNKNOWN, credit="By a person")
    known = Entry(
        photo=last,
        license=last.license,
        credit="By a person",
        split="test",
        labels={"monkey": True, "steel cage": False},
        scores={"monkey": 0.75},
    )
    return [*[usual] * number, known]


@pytest.mark.parametrize("personal", [False, True])
def test_json_lines_that_begin_with_little_that_is_known_are_loaded_whole(
    load: Load, tmp_path: Path, *, personal: bool
) -> None:
    """`datasets` guesses from the first 10 MB."""
    first = Photo(id=PhotoId("commons:1"), description="x" * 100_000)
    whole = replace(example(Photo), exif="{}") if personal else _without_people(example(Photo))

    rows = load("json-lines", entries_of(110, first=first, last=whole), personal=personal)

    written = json.loads((tmp_path / "photos.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert len(rows) == 111
    assert rows[0]["gone"] is rows[0]["inspection"] is None
    assert as_written(rows[110]) == written


def test_a_spreadsheet_that_begins_with_little_that_is_known_is_loaded_whole(
    load: Load, make_photo: Callable[..., Photo]
) -> None:
    """`datasets` guesses from the first 10,000 rows."""
    last = make_photo(place=example(Photo).place)

    rows = load("csv", entries_of(10_001, first=Photo(id=PhotoId("commons:1")), last=last))

    assert len(rows) == 10_002
    assert rows[0]["region"] is rows[0]["views"] is rows[0]["label monkey"] is None
    told = rows[10_001]
    assert (told["id"], told["region"], told["views"]) == ("flickr:1489", "text", 817)
    assert (told["latitude"], told["label steel cage"], told["score monkey"]) == (
        5.8394,
        "no",
        0.75,
    )


def as_written(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, dict):
        return {name: as_written(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_written(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _without_people(photo: Photo) -> Photo:
    return replace(photo, owner=None, exif=None, api_exif=None, notes=None, comments=None)
