import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions
from smart_image_scraper.export.spreadsheet import OWN_COLUMNS, Spreadsheet
from smart_image_scraper.photo import (
    Coordinates,
    Gone,
    GoneReason,
    License,
    Owner,
    Photo,
    PhotoId,
    Score,
    SearchHit,
    StatedCamera,
    StatedName,
    StatedPlace,
)
from smart_image_scraper.photo.older_record import COLUMNS

MakePhoto = Callable[..., Photo]


def read_back(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def exported(photo: Photo, folder: Path) -> dict[str, str]:
    entry = Entry(photo=photo, license=photo.license, credit="By a person")
    Spreadsheet().write([entry], folder=folder, options=WriteOptions())
    (row,) = read_back(folder / "photos.csv")
    return row


def test_the_older_fields_come_first_under_their_names(tmp_path: Path) -> None:
    Spreadsheet().write([], folder=tmp_path, options=WriteOptions())

    assert (tmp_path / "photos.csv").read_bytes() == (
        "\ufeff" + ",".join((*COLUMNS[1:], *OWN_COLUMNS)) + "\r\n"
    ).encode()


def test_a_photo_is_one_row(make_photo: MakePhoto, tmp_path: Path) -> None:
    row = exported(make_photo(), tmp_path)

    assert row == {
        "filename": f"{'ab' * 32}.jpg",
        "search term": "monkey wild",
        "date of download": "22/11/2026",
        "time of download": "09:05:01",
        "link": "https://live.staticflickr.com/1/1489_abc_b.jpg",
        "title": "Little monkey",
        "description": "In the wild",
        "date taken": "2016-12-19 08:31:06",
        "owner name": "",
        "path alias": "",
        "owner": "",
        "latitude": "5.8394",
        "longitude": "118.1172",
        "country": "Malaysia",
        "city": "Sandakan",
        "machine tags": "",
        "views": "817",
        "tags": "monkey サル",
        "exif data": "",
        "species prediction score": "",
        "cage prediction score": "",
        "id": "flickr:1489",
        "page url": "https://www.flickr.com/photo.gne?id=1489",
        "license": "cc-by-2.0",
        "license url": "https://creativecommons.org/licenses/by/2.0/",
        "sha256": "ab" * 32,
        "path": f"ab/ab/{'ab' * 32}.jpg",
        "width": "1024",
        "height": "683",
        "country code": "",
        "region": "",
        "make": "",
        "model": "",
        "lens": "",
        "license when downloaded": "",
        "checked at": "",
        "gone": "",
        "stated neighbourhood": "",
        "stated locality": "",
        "stated county": "",
        "stated region": "",
        "stated country": "",
        "raw tags": "",
        "passed on under": "cc-by-2.0",
        "credit": "By a person",
        "split": "",
    }


def test_a_changed_licence_and_a_photo_that_is_gone_are_said(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    at = datetime(2026, 11, 25, 9, 5, 1, 250000, tzinfo=UTC)
    photo = make_photo(
        license=License.ALL_RIGHTS_RESERVED,
        checked_at=at,
        gone=Gone(reason=GoneReason.NOT_FOUND, at=at),
    )
    assert photo.file is not None
    downloaded = replace(photo, file=replace(photo.file, license=License("cc-by-2.0")))

    row = exported(downloaded, tmp_path)

    assert (row["license"], row["license when downloaded"]) == ("all-rights-reserved", "cc-by-2.0")
    assert (row["checked at"], row["gone"]) == ("2026-11-25T09:05:01+00:00", "not-found")


def test_what_is_unknown_is_an_empty_cell(tmp_path: Path) -> None:
    row = exported(Photo(id=PhotoId("folder:1")), tmp_path)

    filled = {name: cell for name, cell in row.items() if cell}
    assert filled == {
        "id": "folder:1",
        "license": "unknown",
        "passed on under": "unknown",
        "credit": "By a person",
    }


def test_a_score_under_the_services_floor_is_no_number(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    scores = (
        Score(concept="monkey", model="siglip", value=0.1),
        Score(concept="monkey", model="google-vision-2021", value=0.9312),
        Score(concept="cage", model="google-vision-2021", below=0.5),
    )

    row = exported(make_photo(scores=scores), tmp_path)

    assert row["species prediction score"] == "0.9312"
    assert row["cage prediction score"] == ""


def test_personal_columns_are_filled_for_an_open_photo(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    owner = Owner(id="7@N01", name="Ada", path_alias="ada-ape")

    row = exported(make_photo(owner=owner, exif="Make: Canon"), tmp_path)

    assert row["owner"] == "7@N01"
    assert row["owner name"] == "Ada"
    assert row["path alias"] == "ada-ape"
    assert row["exif data"] == "Make: Canon"


def test_what_the_site_states_stands_beside_what_we_know(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    photo = make_photo(
        stated_place=StatedPlace(
            county=StatedName(name="Zadar"), country=StatedName(name="Croatia", woe_id="23424843")
        ),
        raw_tags=("Wild Monkey", "=1+1"),
        stated_camera=StatedCamera(tag_count=3, make="Canon", model="EOS 20D"),
    )

    row = exported(photo, tmp_path)

    assert (row["stated county"], row["stated country"], row["stated region"]) == (
        *("Zadar", "Croatia", ""),
    )
    assert row["raw tags"] == "Wild Monkey; =1+1"
    assert (row["make"], row["model"], row["lens"]) == ("Canon", "EOS 20D", "")


@pytest.mark.parametrize(
    ("tags", "cell"),
    [
        (("monkey", "wild"), "monkey wild"),
        (("Langurs in Sri Lanka", "Gates"), "Langurs in Sri Lanka; Gates"),
    ],
)
def test_tags_can_be_told_apart_where_one_has_a_space(
    make_photo: MakePhoto, tmp_path: Path, tags: tuple[str, ...], cell: str
) -> None:
    assert exported(make_photo(tags=tags), tmp_path)["tags"] == cell


def test_the_terms_that_found_a_photo_stand_in_one_cell(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    hits = [SearchHit(term=term, run=run) for term, run in [("a", "1"), ("b", "1"), ("a", "2")]]

    assert exported(make_photo(searches=tuple(hits)), tmp_path)["search term"] == "a; b"


def test_an_older_record_says_when_its_file_was_downloaded(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    cells = '{"filename":"flickr_monkey-3.jpg","date of download":"08\\/02\\/2021","_id":"x"}'
    hit = SearchHit(term="monkey", run="seed-1", older={"row": 0, "cells": cells})

    row = exported(make_photo(searches=(hit,)), tmp_path)

    assert row["filename"] == "flickr_monkey-3.jpg"
    assert row["date of download"] == "08/02/2021"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠", "'"])  # noqa: RUF001 — full-width forms are formulas too
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(
    make_photo: MakePhoto, tmp_path: Path, start: str
) -> None:
    row = exported(make_photo(title=f"{start}1+1"), tmp_path)

    assert row["title"] == f"'{start}1+1"


def test_a_negative_number_stays_a_number(make_photo: MakePhoto, tmp_path: Path) -> None:
    point = Coordinates(latitude=-33.458798, longitude=-0.5)

    row = exported(make_photo(coordinates=point), tmp_path)

    assert (row["latitude"], row["longitude"]) == ("-33.458798", "-0.5")


@settings(deadline=None)
@given(title=st.text())
def test_any_text_comes_back_without_one_leading_apostrophe(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:
    photo = Photo(id=PhotoId("folder:1"), title=title)

    row = exported(photo, tmp_path_factory.mktemp("export"))

    assert row["title"].removeprefix("'") == title


def test_half_a_character_does_not_stop_an_export(make_photo: MakePhoto, tmp_path: Path) -> None:
    photo = replace(make_photo(), owner=Owner(name="half \ud83d"))

    assert exported(photo, tmp_path)["owner name"] == "half ?"
