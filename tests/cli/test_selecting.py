"""What commands say whose options mean no photo."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.demo import FlickrSite

SAID = "no photo meets the conditions; `sis status` shows what there is"


@pytest.mark.parametrize(
    ("command", "stage"),
    [
        (("download",), "download"),
        (("inspect",), "inspect"),
        (("geocode",), "geocode"),
        (("details", "--comments"), "comments"),
        (("refresh",), "refresh"),
        (("refresh", "--dry-run"), "refresh-plan"),
        (("purge", "--gone"), "purge"),
    ],
)
def test_a_command_that_means_no_photo_says_so_and_its_json_stays_json(
    sis: Callable, at_flickr: FlickrSite, command: tuple[str, ...], stage: str
) -> None:
    sis("search", "monkey", "-n", "2")

    outcome = sis(*command, "--term", "monky", "--json")

    assert outcome.code == 0
    assert outcome.err.count(SAID) == 1
    (line,) = outcome.out.splitlines()
    assert json.loads(line)["stage"] == stage


@pytest.mark.parametrize("command", [("embed",), ("score", "red")], ids=" ".join)
def test_models_are_not_asked_in_silence_about_no_photo(
    sis: Callable, at_flickr: FlickrSite, made_model: Path, command: tuple[str, ...]
) -> None:
    sis("search", "monkey", "-n", "2")

    outcome = sis(*command, "--model-path", str(made_model), "--term", "monky", "--json")

    assert outcome.code == 0
    assert outcome.err.count(SAID) == 1
    assert json.loads(outcome.out)["stage"] == command[0]


def test_a_store_without_photos_is_told_from_conditions_that_none_meets(sis: Callable) -> None:
    outcome = sis("inspect", "--term", "monkey")

    assert outcome.code == 0
    assert "there are no photos yet; `sis scrape` finds some, and `sis import`" in outcome.err


def test_photos_that_meet_the_conditions_only_until_the_work_is_done_are_photos(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    sis("search", "monkey", "-n", "2")

    outcome = sis("download", "--without-file")

    assert "no photo meets" not in outcome.err


def test_duplicates_says_that_photos_are_to_be_inspected_first(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    sis("search", "monkey", "-n", "2")

    outcome = sis("duplicates")

    assert outcome.out.startswith("duplicates: 0 photos compared")
    assert "only inspected photos are compared, and there are none; `sis inspect`" in outcome.err
