"""A data set's rows as one file."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.export import FORMATS, ExportOptions, Leave, LeftOut, export_file
from smart_image_scraper.photo import Filter, License, Photo, PhotoId
from smart_image_scraper.pipeline import Progress
from smart_image_scraper.store import Review, Store, Verdict

MakePhoto = Callable[..., Photo]
Add = Callable[..., Photo]
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_one_file_appears_whole_and_says_whose_each_photo_is(
    add: Add, make_photo: MakePhoto, store: Store, progress: Progress, tmp_path: Path
) -> None:
    add(make_photo())
    (tmp_path / "one.csv").write_text("before")

    exported = export_file(
        store,
        Filter(),
        to=tmp_path / "one.csv",
        form=FORMATS["csv"],
        options=ExportOptions(),
        progress=progress,
    )

    with (tmp_path / "one.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (exported.path, exported.photos) == (tmp_path / "one.csv", 1)
    assert (row["latitude"], row["longitude"]) == ("5.85", "118.15")
    assert row["credit"].startswith("“Little monkey”, https://www.flickr.com/photo.gne?id=1489, CC")
    assert [path.name for path in tmp_path.iterdir() if "one" in path.name] == ["one.csv"]


def test_what_a_killed_export_of_one_file_left_the_next_one_removes(
    add: Add, make_photo: MakePhoto, store: Store, tmp_path: Path
) -> None:
    add(make_photo())
    left = tmp_path / ".one.csv.partial"
    left.mkdir()
    (left / ".unfinished").touch()
    (left / "photos.csv").write_text("Ann Nadie")

    export_file(
        store, Filter(), to=tmp_path / "one.csv", form=FORMATS["csv"], options=ExportOptions()
    )

    assert [path.name for path in tmp_path.iterdir() if "one" in path.name] == ["one.csv"]


@pytest.mark.parametrize(
    ("options", "photos", "left_out"),
    [
        (ExportOptions(), 1, {LeftOut.NOT_FREE: 1, LeftOut.UNKNOWN: 1, LeftOut.REJECTED: 1}),
        (ExportOptions(leave=Leave(all_rights_reserved=True), with_rejected=True), 4, {}),
    ],
)
def test_one_file_leaves_out_what_a_data_set_does(
    add: Add,
    make_photo: MakePhoto,
    store: Store,
    tmp_path: Path,
    options: ExportOptions,
    photos: int,
    left_out: dict[LeftOut, int],
) -> None:
    for at, word in enumerate(("cc-by-2.0", "cc-by-2.0", "all-rights-reserved", "unknown")):
        add(make_photo(f"flickr:{at}", license=License(word)))
    unwanted = PhotoId("flickr:0")
    store.reviews.add([Review(photo=unwanted, verdict=Verdict.REJECT, by="me", at=NOW)])

    exported = export_file(
        store,
        Filter(),
        to=tmp_path / "one.jsonl",
        form=FORMATS["json-lines"],
        options=options,
    )

    assert (exported.photos, exported.left_out) == (photos, left_out)


@pytest.mark.parametrize(
    ("name", "form", "message"),
    [
        ("one.csv", "coco", "coco is no format of one file; name a folder instead"),
        ("none/one.csv", "csv", "cannot be written there: No such file or directory"),
        (".", "csv", "this is a folder; name a file in it"),
    ],
)
def test_one_file_that_cannot_be_written_is_a_wrong_use(
    store: Store, progress: Progress, tmp_path: Path, name: str, form: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        export_file(
            store,
            Filter(),
            to=tmp_path / name,
            form=FORMATS[form],
            options=ExportOptions(),
            progress=progress,
        )
