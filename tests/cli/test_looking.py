import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from smart_image_scraper.demo import FlickrSite


@pytest.fixture
def filled(sis: Callable, at_flickr: FlickrSite) -> None:
    """A workspace with photos, their files, and some failures."""
    sis("scrape", "monkey")


@pytest.mark.usefixtures("filled")
def test_status_counts_photos_files_failures_terms_and_licences(
    sis: Callable, workspace: Path
) -> None:
    lines = sis("status").out.splitlines()

    assert lines[0].startswith(f"{workspace}: 16 photos, 13 files, ")
    assert lines[1] == "to download: 0"
    assert "download failed: 3 opted-out" in lines
    assert "term monkey: 16" in lines
    assert any(line.startswith("license cc-") for line in lines)
    assert lines[-1].endswith("flickr 'monkey', 16 found, finished")


@pytest.mark.usefixtures("filled")
def test_list_shows_a_photo_a_line(sis: Callable) -> None:
    lines = sis("list").out.splitlines()

    assert len(lines) == 16
    photo_id, license_, _taken, path, _title = lines[0].split("\t")
    assert photo_id.startswith("flickr:")
    assert license_
    assert path.endswith(".jpg")
    assert lines == sorted(lines)


@pytest.mark.usefixtures("filled")
def test_filters_select_photos(sis: Callable) -> None:
    photos = [json.loads(line) for line in sis("list", "--json").out.splitlines()]
    license_ = photos[0]["license"]
    photo_id = photos[0]["id"]

    def listed(*options: str) -> int:
        return len(sis("list", *options).out.splitlines())

    assert listed("--license", license_) == sum(p["license"] == license_ for p in photos)
    assert listed("--id", photo_id) == 1
    assert listed("--with-file") == 13
    assert listed("--without-file") == listed("--failed", "download") == 3
    assert listed("--term", "monkey", "-n", "2") == 2
    assert listed("--term", "サル") == 0
    assert listed("--bbox", "-180,-90,180,90") == sum(bool(p["coordinates"]) for p in photos)
    assert listed("--taken-from", "1900") == sum(bool(p["taken"]) for p in photos)
    assert listed("--taken-to", "1900") == 0


@pytest.mark.usefixtures("filled")
def test_a_failed_photo_is_listed_with_its_reason(sis: Callable) -> None:
    lines = sis("list", "--failed", "download").out.splitlines()

    photo_id, reason, message = lines[0].split("\t")
    assert reason == "opted-out, for good"
    assert message.startswith(f"{photo_id}: the site asks not to use the photo")


def test_an_empty_workspace_is_no_error(sis: Callable, workspace: Path) -> None:
    listed = sis("list")

    assert (listed.code, listed.out) == (0, "")
    assert listed.err.startswith("sis: there are no photos yet; `sis scrape` finds some")
    assert sis("status").out.startswith(f"{workspace}: 0 photos, 0 files, 0.0 MB\n")


def test_a_list_of_nothing_says_that_nothing_meets_the_conditions(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    sis("search", "monkey", "-n", "3")

    outcome = sis("list", "--term", "monky")

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == ("sis: no photo meets the conditions; `sis status` shows what there is\n")


def test_runs_of_one_term_are_told_apart_by_what_they_asked_for(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    sis("search", "monkey", "--country", "MY", "--license", "cc0-1.0", "-n", "2")
    sis("search", "-t", "monkey", "-t", "cage", "--all-tags", "--taken-from", "2015", "-n", "2")
    sis("search", "monkey", "-n", "2")

    runs = [line for line in sis("status").out.splitlines() if line.startswith("run ")]

    asked = [line.partition(": ")[2].partition(", ")[0] for line in runs]
    assert asked[0] == "flickr 'monkey'"
    assert "flickr 'monkey cage' (all_tags, taken_from 2015-01-01T00:00:00), " in runs[1]
    assert "flickr 'monkey' (country MY, licenses cc0-1.0), " in runs[2]


def test_the_latest_runs_are_shown_and_the_others_counted(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    terms = [f"nothing of number {number}" for number in range(22)]
    sis("search", *terms)

    lines = sis("status").out.splitlines()

    assert len([line for line in lines if line.startswith("run ")]) == 20
    assert lines[-1] == "2 earlier runs: `sis status --json` shows all"
    assert len(json.loads(sis("status", "--json").out)["runs"]) == 22


def test_what_the_locale_cannot_write_is_escaped_and_json_stays_json(
    sis: Callable, at_flickr: FlickrSite, environment: dict[str, str]
) -> None:
    sis("search", "サル")
    command = [sys.executable, "-m", "smart_image_scraper", "list"]
    latin = os.environ | environment | {"PYTHONIOENCODING": "latin-1"}

    plain = subprocess.run(command, env=latin, capture_output=True, check=False)
    as_json = subprocess.run([*command, "--json"], env=latin, capture_output=True, check=False)

    assert (plain.returncode, plain.stderr) == (0, b"")
    assert b"\\u30b5\\u30eb" in plain.stdout
    listed = [json.loads(line) for line in as_json.stdout.decode("latin-1").splitlines()]
    assert listed == [json.loads(line) for line in sis("list", "--json").out.splitlines()]
    assert any("サル" in photo["title"] for photo in listed)


def test_what_others_wrote_does_not_reach_the_terminal_as_commands(
    sis: Callable, tmp_path: Path
) -> None:
    folder = tmp_path / "red \x1b[31m"
    folder.mkdir()
    Image.new("RGB", (40, 30)).save(folder / "clear\x1b[2J 👨\u200d👩\u200d👧.jpg")
    (folder / "broken\x1b[0m.jpg").write_bytes(b"no image")
    sis("import", "folder", str(folder))

    said = "".join(sis(*line.split()).out for line in ("list", "list --failed download", "status"))

    assert "\x1b" not in said
    assert "clear [2J 👨\u200d👩\u200d👧\n" in said
    assert "term red [31m: 2\n" in said
