import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smart_image_scraper.export.columns import Column, Kind, columns, plain_names
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions
from smart_image_scraper.export.spreadsheet import Spreadsheet
from smart_image_scraper.photo import License, Owner, Photo, PhotoId, Relicensing, StatedCamera

MakeEntry = Callable[..., Entry]
BY = License("cc-by-2.0")
TYPES = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.REAL: float,
    Kind.BOOLEAN: bool,
    Kind.MOMENT: datetime,
    Kind.TEXTS: tuple,
}


def row(entry: Entry, *concepts: str) -> dict[str, object]:
    return {column.name: column.value(entry) for column in columns(concepts)}


@pytest.mark.parametrize("column", columns(["monkey"], personal=True), ids=lambda c: c.name)
def test_a_column_holds_its_kind_or_nothing(column: Column, make_entry: MakeEntry) -> None:
    entry = make_entry(labels={"monkey": True}, scores={"monkey": 0.9})

    value = column.value(entry)

    assert value is None or isinstance(value, TYPES[column.kind])


def test_every_column_has_a_name_of_its_own() -> None:
    names = [column.name for column in columns(["monkey", "cage"], personal=True)]

    assert len(names) == len(set(names))


def test_what_is_not_known_is_nothing_at_all(make_entry: MakeEntry) -> None:
    told = row(make_entry(photo=Photo(id=PhotoId("flickr:1"))), "cage")

    unknown = {"latitude", "country", "sha256", "license_when_downloaded", "taken", "views"}
    assert {told[name] for name in (*unknown, "label_cage", "score_cage")} == {None}


def test_a_photo_says_the_licence_that_it_leaves_under_and_the_one_that_it_has_now(
    make_entry: MakeEntry,
) -> None:
    told = row(replace(make_entry(license=License.ALL_RIGHTS_RESERVED), license=BY))

    assert (told["license"], told["license_now"]) == ("cc-by-2.0", "all-rights-reserved")
    assert told["license_url"] == "https://creativecommons.org/licenses/by/2.0/"


def test_the_licence_of_the_download_is_told_by_the_history_where_it_was_not_noted(
    make_entry: MakeEntry, tmp_path: Path
) -> None:
    taken_back = Relicensing(
        at=datetime(2030, 1, 1, tzinfo=UTC), old=BY, new=License.ALL_RIGHTS_RESERVED
    )
    entry = make_entry(license_history=(taken_back,))

    Spreadsheet().write([entry], folder=tmp_path, options=WriteOptions())

    (cells,) = csv.DictReader((tmp_path / "photos.csv").read_text("utf-8-sig").splitlines())
    told = row(entry)["license_when_downloaded"]
    assert told == cells["license when downloaded"] == "cc-by-2.0"


def test_labels_and_scores_are_columns_of_their_concepts(make_entry: MakeEntry) -> None:
    entry = make_entry(labels={"monkey": True, "cage": False}, scores={"monkey": 0.75})

    told = row(entry, "monkey", "cage")

    assert list(told)[-4:] == ["label_monkey", "score_monkey", "label_cage", "score_cage"]
    assert [told[name] for name in list(told)[-4:]] == [True, 0.75, False, None]


def test_the_site_tells_the_camera_where_the_file_is_silent(make_entry: MakeEntry) -> None:
    told = row(make_entry(stated_camera=StatedCamera(tag_count=3, make="Canon", iso=100)))

    assert (told["camera_make"], told["iso"]) == ("Canon", 100)


def test_personal_columns_come_only_when_asked_for(make_entry: MakeEntry) -> None:
    entry = make_entry(owner=Owner(id="1@N01", name="Bea"))

    opened = {column.name: column.value(entry) for column in columns(personal=True)}

    assert not [column for column in columns() if column.name.startswith("owner")]
    assert (opened["owner_id"], opened["owner_name"]) == ("1@N01", "Bea")


def test_plain_names_keep_the_marks_of_letters_and_are_never_the_same() -> None:
    names = plain_names(
        ["label_wild monkey", "label_wild-monkey", "label_ลิง", "label_ลูง", "a❤\ufe0f"]
    )

    assert names == ["label_wild_monkey", "label_wild_monkey_2", "label_ลิง", "label_ลูง", "a__"]
