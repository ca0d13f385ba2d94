import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.demo import Fault, FlickrSite, Part


def findable(site: FlickrSite, text: str) -> set[str]:
    found = site.catalogue.find(text=text, safe_search="1", content_types="0", media="photos")
    return {photo.id for photo in found}


def test_a_scrape_ends_with_a_summary_of_each_stage(sis: Callable, at_flickr: FlickrSite) -> None:
    expected = len(findable(at_flickr, "monkey"))

    outcome = sis("scrape", "monkey", "-n", "40")

    searched, downloaded, inspected, geocoded = outcome.out.splitlines()
    assert searched.startswith(f"search 'monkey': found {expected} of about ")
    assert f"({expected} new, 0 already known)" in searched
    assert downloaded.startswith("download: ")
    assert inspected.startswith("inspect: ")
    assert geocoded.startswith("geocode: ")
    assert "opted-out" in downloaded
    assert outcome.code == 3
    assert "`sis list --failed download` shows them" in outcome.err


def test_scraping_twice_changes_nothing(sis: Callable, at_flickr: FlickrSite) -> None:
    first = json.loads(sis("scrape", "monkey", "--json").out.splitlines()[0])
    fetched = at_flickr.fetches()

    outcome = sis("scrape", "monkey", "--json")

    again, downloads, inspected, geocoded = map(json.loads, outcome.out.splitlines())
    assert (again["new"], again["known"]) == (0, first["found"])
    assert (downloads["downloaded"], downloads["failed"]) == (0, {})
    assert (inspected["inspected"], geocoded["geocoded"]) == (0, 0)
    assert at_flickr.fetches() == fetched
    assert outcome.code == 0


def test_a_photo_that_two_terms_find_is_stored_once(sis: Callable, at_flickr: FlickrSite) -> None:
    found = {term: findable(at_flickr, term) for term in ("monkey", "サル")}
    assert found["monkey"] & found["サル"]

    sis("search", "monkey", "-s", "サル")

    totals = json.loads(sis("status", "--json").out)
    assert totals["photos"] == len(found["monkey"] | found["サル"])
    assert totals["terms"] == {term: len(ids) for term, ids in found.items()}
    assert [run["term"] for run in totals["runs"]] == ["サル", "monkey"]


def test_a_search_whose_budget_of_calls_is_used_up_keeps_what_it_has_and_goes_on_later(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    ended = sis("search", "monkey", "-s", "サル", SIS_MAX_CALLS="1")
    first = json.loads(sis("status", "--json").out)
    went_on = sis("search", "monkey", "-s", "サル")

    assert ended.code == 0
    assert "the budget of 1 call (--max-calls) is used up; what was found is kept" in ended.err
    assert first["photos"] == len(findable(at_flickr, "monkey"))
    assert went_on.code == 0
    assert json.loads(sis("status", "--json").out)["photos"] > first["photos"]


def test_search_alone_fetches_no_file_and_download_gets_them_later(
    sis: Callable, at_flickr: FlickrSite, workspace: Path
) -> None:
    sis("search", "monkey", "-n", "5")
    assert at_flickr.fetches() == 0

    outcome = sis("download", "--size", "320", "--connections", "2")

    totals = json.loads(sis("status", "--json").out)
    failed = sum(totals["failures"].get("download", {}).values())
    assert totals["with_file"] + failed == 5
    assert len(list(workspace.glob("files/??/??/*.jpg"))) == totals["with_file"]
    assert outcome.code == (3 if failed else 0)


def test_a_scrape_downloads_what_it_found_and_leaves_what_earlier_ones_left(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    sis("search", "monkey")

    outcome = sis("scrape", "monkey", "-n", "3", "--json")

    downloads = json.loads(outcome.out.splitlines()[1])
    assert downloads["downloaded"] + sum(downloads["failed"].values()) == 3


def test_what_failed_for_good_is_tried_once_more_with_again(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    scraped = json.loads(sis("scrape", "monkey", "--json").out.splitlines()[1])
    opted_out = scraped["failed"]["opted-out"]
    without = sis("download")

    outcome = sis("download", "--again", "--json", SIS_HONOUR_OPT_OUT="false")

    assert f"; {opted_out} had failed for good before (--again)" in without.out
    assert without.code == 0
    assert json.loads(outcome.out)["downloaded"] == opted_out


def test_what_may_pass_is_tried_again_by_the_next_download(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    sis("search", "cage", "-n", "1")
    at_flickr.strike(Part.IMAGES, Fault.CUT, times=1)
    first = sis("download")
    listed = sis("list", "--failed", "download")

    second = sis("download", "--json")

    assert "damaged, will be tried again" in listed.out
    assert (first.code, second.code) == (3, 0)
    assert json.loads(second.out)["downloaded"] == 1


def test_conditions_reach_flickr_in_its_own_words(sis: Callable, at_flickr: FlickrSite) -> None:
    sis(
        *("search", "-t", "monkey", "-t", "cage", "--all-tags", "-b", "116 4 127 22"),
        *("--license", "cc-by-2.0", "--license", "CC0-1.0", "--order", "newest"),
        *("--taken-from", "2015", "--taken-to", "2016-02", "--uploaded-from", "2020-01-31"),
    )

    arguments = at_flickr.served[0].arguments
    assert arguments["tags"] == "monkey,cage"
    assert arguments["tag_mode"] == "all"
    assert [float(edge) for edge in arguments["bbox"].split(",")] == [116, 4, 127, 22]
    assert arguments["license"] == "4,9"
    assert arguments["sort"] == "date-posted-desc"
    assert arguments["min_taken_date"] == "2015-01-01 00:00:00"
    assert arguments["max_taken_date"] == "2016-02-29 23:59:59"
    assert arguments["min_upload_date"] == "1580428800"


def test_flickrs_refusal_ends_the_run_with_its_words(sis: Callable, at_flickr: FlickrSite) -> None:
    outcome = sis("scrape", "monkey", SIS_FLICKR_KEY="wrong")

    assert outcome.code == 2
    assert "Invalid API Key" in outcome.err
    assert "wrong" not in outcome.err.replace("went wrong", "")
    assert json.loads(sis("status", "--json").out)["photos"] == 0


@pytest.mark.parametrize("command", ["scrape", "search"])
def test_without_a_key_nothing_begins(sis: Callable, command: str, workspace: Path) -> None:
    outcome = sis(command, "monkey")

    assert outcome.code == 2
    assert "set SIS_FLICKR_KEY" in outcome.err
    assert "sis demo" in outcome.err
    assert not workspace.exists()
