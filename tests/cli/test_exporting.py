import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.demo import MEMBERS, FlickrSite


@pytest.fixture
def filled(sis: Callable, at_flickr: FlickrSite) -> None:
    """A workspace with photos and their files."""
    sis("scrape", "monkey")


@pytest.mark.usefixtures("filled")
def test_csv_has_a_row_a_photo_with_its_licence_and_no_owner(sis: Callable) -> None:
    outcome = sis("export", "monkeys.csv")

    text = Path("monkeys.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert "16 photos, 16 rows" in outcome.err
    assert len(rows) == 16
    assert all(row["license"] and row["page url"] and not row["owner name"] for row in rows)


@pytest.mark.usefixtures("filled")
def test_personal_fields_are_exported_only_when_asked_for(sis: Callable) -> None:
    names = {member.name for member in MEMBERS}

    sis("export", "without.jsonl", "--format", "json-lines")
    sis("export", "with.jsonl", "--format", "json-lines", "--with-personal")

    without = [json.loads(line) for line in Path("without.jsonl").read_text().splitlines()]
    opened = [json.loads(line) for line in Path("with.jsonl").read_text().splitlines()]
    assert not any("owner" in photo or "exif" in photo for photo in without)
    assert {photo["owner"]["name"] for photo in opened} <= names
    assert Path("with.jsonl").stat().st_mode & 0o777 == 0o600
    assert Path("without.jsonl").stat().st_mode & 0o044


@pytest.mark.usefixtures("filled")
def test_filters_select_what_is_exported(sis: Callable) -> None:
    outcome = sis("export", "x.jsonl", "--with-file")

    assert "13 photos, 13 rows" in outcome.err
    assert all(json.loads(line)["file"] for line in Path("x.jsonl").read_text().splitlines())


@pytest.mark.usefixtures("filled")
def test_the_older_scripts_form_is_written_for_scraped_photos_too(sis: Callable) -> None:
    sis("export", "frame.json", "--format", "seed")

    frame = json.loads(Path("frame.json").read_text())
    assert len(frame) == 22
    assert len(frame["link"]) == 16
    assert all(token.startswith("gAAAAA") for token in frame["owner"].values())
