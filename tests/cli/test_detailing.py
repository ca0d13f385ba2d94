import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.cli.wording import counted
from smart_image_scraper.demo import Fault, FlickrSite, Part
from smart_image_scraper.demo.remarks import comments_on


@pytest.fixture
def found(sis: Callable, at_flickr: FlickrSite) -> list[str]:
    """The ids of two photos in a workspace, without files: Flickr allows one call a second."""
    assert at_flickr.endpoint
    sis("search", "cage", "-n", "2", "-b", "-180,-90,180,90")
    return [json.loads(line)["id"] for line in sis("list", "--json").out.splitlines()]


def test_each_kind_is_told_by_itself_the_most_useful_first(
    sis: Callable, at_flickr: FlickrSite, found: list[str]
) -> None:
    outcome = sis("details", "--comments", "--places", "--json")

    places, comments = map(json.loads, outcome.out.splitlines())
    made = [at_flickr.catalogue.index.by_id[each.partition(":")[2]] for each in found]
    assert (places["stage"], places["photos"], places["failed"]) == ("places", len(found), {})
    assert (comments["stage"], comments["photos"]) == (
        *("comments", sum(bool(photo.comments) for photo in made)),
    )
    assert outcome.code == 0


def test_a_call_without_a_kind_is_wrong_use(sis: Callable) -> None:
    outcome = sis("details")

    assert outcome.code == 2
    assert (
        "say what to ask for: --places, --api-exif, --comments, or several of them" in outcome.err
    )


def test_a_photo_that_is_gone_is_counted_and_listed(
    sis: Callable, at_flickr: FlickrSite, found: list[str]
) -> None:
    at_flickr.remove(found[0].partition(":")[2])

    outcome = sis("details", "--places")

    assert outcome.out.startswith("places: 1 photo, ")
    assert outcome.out.endswith(", 1 failed (1 not-found)\n")
    assert "`sis list --failed places` shows them" in outcome.err
    assert outcome.code == 3
    assert sis("list", "--failed", "places").out.startswith(f"{found[0]}\tnot-found, for good\t")


def test_a_service_that_is_out_ends_the_command_and_the_next_one_goes_on(
    sis: Callable, at_flickr: FlickrSite, found: list[str]
) -> None:
    at_flickr.strike(Part.API, None)
    at_flickr.strike(Part.API, Fault.FORBIDDEN)

    outcome = sis("details", "--places", "--connections", "1")
    again = sis("details", "--places")

    assert outcome.code == 1
    assert "403" in outcome.err
    assert again.out.startswith(f"places: {counted(len(found) - 1, 'photo')}, ")


@pytest.mark.usefixtures("found")
def test_status_counts_what_is_pending_only_once_it_was_asked_for(sis: Callable) -> None:
    before = sis("status").out
    some = sis("list").out.partition("\t")[0]

    sis("details", "--places", "--id", some)

    assert "to places" not in before
    assert "to places: 1" in sis("status").out.splitlines()
    assert "to comments" not in sis("status").out


def test_status_counts_what_was_asked_for_though_the_budget_was_used_up_before(
    sis: Callable, found: list[str]
) -> None:
    sis("details", "--places", "--comments", "--api-exif", "--max-calls", "1")

    status = sis("status").out
    assert f"to places: {len(found) - 1}\n" in status
    assert "to api-exif: 0\n" in status
    assert "to comments: " in status


@pytest.mark.usefixtures("found")
def test_exif_of_photos_that_were_not_inspected_is_said_to_come_later(sis: Callable) -> None:
    outcome = sis("details", "--api-exif")

    assert outcome.out == "api-exif: 0 photos, none failed\n"
    assert (
        "EXIF is asked for photos that have been inspected; run `sis download` and `sis inspect` "
        "first" in outcome.err
    )


def test_what_flickr_states_is_listed_and_exported_and_what_people_wrote_only_on_demand(
    sis: Callable, at_flickr: FlickrSite, tmp_path: Path
) -> None:
    commented = next(photo for photo in at_flickr.find(text="cage") if photo.comments)
    photo_id = f"flickr:{commented.id}"
    sis("search", "cage")
    sis("details", "--places", "--comments", "--id", photo_id)

    listed = json.loads(sis("list", "--json", "--id", photo_id).out)
    sis("export", "open.jsonl", "--format", "json-lines", "--id", photo_id)
    sis("export", "whole.jsonl", "--format", "json-lines", "--id", photo_id, "--with-personal")

    here = tmp_path / "here"
    opened = json.loads((here / "open.jsonl").read_text())
    whole = json.loads((here / "whole.jsonl").read_text())
    assert listed["raw_tags"]
    assert listed["stated_place"].keys() == opened["stated_place"].keys()
    assert listed["comment_tally"]["count"] == commented.comments
    assert not {"comments", "notes", "api_exif"} & {*listed, *opened}
    assert [comment["text"] for comment in whole["comments"]] == [
        remark.text for remark in comments_on(commented)
    ]


@pytest.mark.usefixtures("found")
def test_our_countries_are_compared_with_those_that_flickr_states(sis: Callable) -> None:
    sis("details", "--places")

    geocoded, compared = map(json.loads, sis("geocode", "--compare", "--json").out.splitlines())
    sentence = sis("geocode", "--compare").out.splitlines()[1]

    assert (geocoded["stage"], geocoded["geocoded"]) == ("geocode", 2)
    assert compared["photos"] + compared["unnamed"] == 2
    assert sentence.startswith(
        f"compare: {compared['photos']} photos with a country of ours and of Flickr's, "
        f"{compared['other']} of them with another"
    )


@pytest.mark.usefixtures("found")
def test_without_a_key_the_message_says_how_to_get_one(sis: Callable) -> None:
    outcome = sis("details", "--places", SIS_FLICKR_KEY="")

    assert outcome.code == 2
    assert "there is no Flickr API key; set SIS_FLICKR_KEY" in outcome.err
