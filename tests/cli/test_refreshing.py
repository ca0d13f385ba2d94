import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from smart_image_scraper.demo import FlickrSite


class Outcome(Protocol):
    """What a command did."""

    code: int
    out: str
    err: str


INFO = "flickr.photos.getInfo"


@pytest.fixture
def found(sis: Callable, at_flickr: FlickrSite) -> list[str]:
    """The ids at the site of some photos in the workspace."""
    sis("scrape", "monkey", "-n", "12", "--size", "320")
    return [photo["id"].removeprefix("flickr:") for photo in listed(sis)]


def listed(sis: Callable, *options: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in sis("list", "--json", *options).out.splitlines()]


def refresh(sis: Callable, *photos: str) -> Outcome:
    """Ask about some photos, whenever they were looked at last: a call a second is let through."""
    return sis("refresh", "--older-than", "0h", *(f"--id=flickr:{each}" for each in photos))


def test_a_photo_that_was_just_found_is_not_due(
    sis: Callable, at_flickr: FlickrSite, found: list[str]
) -> None:
    outcome = sis("refresh")

    assert outcome.out == (
        "refresh: 0 photos checked, 0 under another licence, 0 otherwise changed, 0 gone, "
        "none failed\n"
    )
    assert at_flickr.calls(INFO) == 0


def test_a_dry_run_says_how_many_calls_and_hours_it_would_take(
    sis: Callable, at_flickr: FlickrSite, found: list[str]
) -> None:
    due = sis("refresh", "--older-than", "0h", "--dry-run", SIS_FLICKR_CALLS_PER_HOUR="10")
    facts = sis("refresh", "--older-than", "0h", "--dry-run", "--json", SIS_FLICKR_KEY="")

    assert due.out == (
        "refresh: 12 photos are due; that takes 12 calls, and one more for each whose licence has "
        "changed, in 1.2 hours\n"
    )
    assert json.loads(facts.out)["calls"] == 12
    assert sis("refresh", "--older-than", "0h", "--dry-run").out.endswith("in 1 minute\n")
    assert at_flickr.calls(INFO) == 0


def test_what_is_gone_is_marked_left_out_of_exports_and_purged(
    sis: Callable, at_flickr: FlickrSite, found: list[str], workspace: Path
) -> None:
    at_flickr.remove(found[0])
    at_flickr.make_private(found[1])

    refreshed = refresh(sis, *found[:2])
    exported = sis("export", "left.csv", "--include-all-rights-reserved")
    gone = sis("list", "--gone")
    status = sis("status")
    of_gone = {photo["file"]["path"] for photo in listed(sis, "--gone") if photo["file"]}  # type: ignore[index]
    dry = sis("purge", "--gone", "--dry-run")
    purged = sis("purge", "--gone")

    assert refreshed.code == 0, refreshed.err
    assert "2 photos checked, " in refreshed.out
    assert "2 gone (2 not-found)" in refreshed.out
    assert "`sis purge --gone` erases it" in refreshed.err
    assert "export: 10 photos" in exported.out
    assert "left out: 2 photos taken away by owners (--gone)" in exported.err
    assert gone.out.count("not-found)") == 2
    assert "gone from their site: 2\n" in status.out
    assert dry.out == f"purge: 2 photos and {len(of_gone)} files would be erased\n"
    assert purged.out == f"purge: 2 photos and {len(of_gone)} files erased\n"
    assert {photo["id"] for photo in listed(sis)} == {f"flickr:{each}" for each in found[2:]}
    assert not any((workspace / "files" / path).exists() for path in of_gone)


def test_what_is_gone_is_exported_when_asked_for(
    sis: Callable, at_flickr: FlickrSite, found: list[str]
) -> None:
    at_flickr.remove(found[0])
    refresh(sis, found[0])

    outcome = sis("export", "gone.csv", "--gone", "--include-all-rights-reserved")

    text = Path("gone.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert (row["id"], row["gone"]) == (f"flickr:{found[0]}", "not-found")
    assert "left out" not in outcome.err


def test_a_purged_photo_is_not_stored_again_though_it_is_shown_again(
    sis: Callable, at_flickr: FlickrSite, found: list[str], environment: dict[str, str]
) -> None:
    at_flickr.make_private(found[0])
    refresh(sis, found[0])
    sis("purge", "--gone")
    at_flickr.changes._private.clear()  # the owner shows it again

    again = sis("search", "monkey", "-n", "12")

    assert "1 erased before and left out" in again.out
    assert f"flickr:{found[0]}" not in {photo["id"] for photo in listed(sis)}


def test_the_licence_that_a_file_was_downloaded_under_stays_known(
    sis: Callable, at_flickr: FlickrSite, found: list[str]
) -> None:
    photos = {photo["id"]: photo for photo in listed(sis, "--with-file")}
    photo_id, before = next(
        (key, photo["license"]) for key, photo in photos.items() if "cc-" in str(photo["license"])
    )
    at_flickr.relicense(str(photo_id).removeprefix("flickr:"), 0)

    outcome = refresh(sis, str(photo_id).removeprefix("flickr:"))
    sis("export", "all.csv", "--id", str(photo_id), "--license-at-download")

    assert "1 under another licence" in outcome.out
    text = Path("all.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert (row["license"], row["license when downloaded"]) == ("all-rights-reserved", before)
    (photo,) = listed(sis, "--id", str(photo_id))
    (change,) = photo["license_history"]  # type: ignore[misc]
    assert (change["old"], change["new"]) == (before, "all-rights-reserved")
