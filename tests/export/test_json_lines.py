import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions
from smart_image_scraper.export.json_lines import JsonLines, as_json
from smart_image_scraper.photo import (
    Comment,
    Failure,
    Note,
    Owner,
    Photo,
    PhotoId,
    Score,
    SearchHit,
    Stage,
    StatedName,
    StatedPlace,
)
from smart_image_scraper.photo.sealed import SENSITIVE_FIELDS

MakePhoto = Callable[..., Photo]


def write(photos: Iterable[Photo], folder: Path) -> None:
    entries = (Entry(photo=photo, license=photo.license, credit="By a person") for photo in photos)
    JsonLines().write(entries, folder=folder, options=WriteOptions())


def test_each_photo_is_one_line(make_photo: MakePhoto, tmp_path: Path) -> None:
    photos = [make_photo("flickr:1", description="two\nlines\u2028"), make_photo("flickr:2")]

    write(photos, tmp_path)

    lines = (tmp_path / "photos.jsonl").read_bytes().split(b"\n")
    assert [json.loads(line)["id"] for line in lines if line] == ["flickr:1", "flickr:2"]
    assert json.loads(lines[0])["description"] == "two\nlines\u2028"


def test_a_photo_is_nested_as_its_types_are(make_photo: MakePhoto) -> None:
    photo = make_photo(
        uploaded_at=datetime(2017, 1, 2, tzinfo=UTC),
        scores=(Score(concept="monkey", model="m", below=0.5),),
        failures={
            Stage.DOWNLOAD: Failure(
                reason="gone",
                message="It is gone",
                retryable=False,
                at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        },
    )

    values = as_json(photo)

    assert values["uploaded_at"] == "2017-01-02T00:00:00+00:00"
    assert values["taken"] == {"local": "2016-12-19T08:31:06", "granularity": "second"}
    assert values["coordinates"] == {"latitude": 5.8394, "longitude": 118.1172}
    assert values["tags"] == ["monkey", "サル"]
    score = {"concept": "monkey", "model": "m", "value": None, "below": 0.5}
    assert values["scores"] == [score | {"raw": None, "calibrated": False}]
    assert values["failures"]["download"]["reason"] == "gone"
    assert values["license"] == "cc-by-2.0"
    assert values["license_url"] == "https://creativecommons.org/licenses/by/2.0/"
    assert values["page_url"] == "https://www.flickr.com/photo.gne?id=1489"


def test_every_open_field_is_there_and_unknown_is_null() -> None:
    values = as_json(Photo(id=PhotoId("folder:1")))

    open_fields = {part.name for part in fields(Photo)} - set(SENSITIVE_FIELDS)
    assert values.keys() == open_fields | {"page_url", "license_url"}
    assert values["title"] is values["views"] is values["license_url"] is None


def test_personal_fields_are_there_when_they_are_open(make_photo: MakePhoto) -> None:
    values = as_json(make_photo(owner=Owner(id="7@N01", name="Ada"), exif="Make: X"))

    assert values["owner"] == {
        "id": "7@N01",
        "name": "Ada",
        "path_alias": None,
        "real_name": None,
        "credit": None,
    }
    assert values["exif"] == "Make: X"


def test_what_a_site_states_of_the_place_is_nested_beside_ours(make_photo: MakePhoto) -> None:
    stated = StatedPlace(country=StatedName(name="Croatia", woe_id="23424843"))

    values = as_json(make_photo(stated_place=stated, raw_tags=("Wild Monkey",)))

    assert values["stated_place"]["country"] == {
        "name": "Croatia",
        "woe_id": "23424843",
        "place_id": None,
    }
    assert values["stated_place"]["region"] is None
    assert values["raw_tags"] == ["Wild Monkey"]


def test_comments_and_notes_are_there_when_they_are_open(make_photo: MakePhoto) -> None:
    written_at = datetime(2012, 2, 3, tzinfo=UTC)
    photo = make_photo(
        comments=(Comment(author_name="Ada", written_at=written_at, text="Nice"),),
        notes=(Note(text="Here", left=3),),
    )

    values = as_json(photo)

    assert values["comments"][0]["written_at"] == "2012-02-03T00:00:00+00:00"
    assert (values["comments"][0]["author_name"], values["comments"][0]["text"]) == ("Ada", "Nice")
    assert (values["notes"][0]["left"], values["notes"][0]["text"]) == (3, "Here")


def test_what_an_older_frame_keeps_stays_out(make_photo: MakePhoto) -> None:
    hit = SearchHit(term="monkey", run="seed-1", older={"row": 0, "cells": '{"owner":"x"}'})

    assert as_json(make_photo(searches=(hit,)))["searches"] == [{"term": "monkey", "run": "seed-1"}]


@pytest.mark.parametrize("title", ["サル 🐒", "half \ud83d of one", '"quoted" \\ \0'])
def test_any_text_reads_back_as_it_was(make_photo: MakePhoto, tmp_path: Path, title: str) -> None:
    write([make_photo(title=title)], tmp_path)

    assert json.loads((tmp_path / "photos.jsonl").read_text(encoding="utf-8"))["title"] == title


def test_text_stands_there_as_people_read_it(make_photo: MakePhoto, tmp_path: Path) -> None:
    write([make_photo(title="サル")], tmp_path)

    assert '"title": "サル"' in (tmp_path / "photos.jsonl").read_text(encoding="utf-8")
