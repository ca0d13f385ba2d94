"""Scraping from another source than Flickr, the whole way."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from smart_image_scraper.cli.queries import SOURCE_NAMES
from smart_image_scraper.cli.sources import SOURCES
from smart_image_scraper.demo import Catalogue, CommonsSite, FlickrSite
from smart_image_scraper.demo.commons_pages import has_account, links_flickr
from smart_image_scraper.photo.filter import SITES

CATALOGUE = Catalogue.made(400)


@pytest.fixture
def commons(
    run_site: Callable[[CommonsSite], CommonsSite], environment: dict[str, str]
) -> CommonsSite:
    """An imitation of Wikimedia Commons, with the settings that let commands use it."""
    site = run_site(CommonsSite(CATALOGUE))
    environment["SIS_COMMONS_URL"] = site.endpoint
    environment["SIS_COMMONS_CALLS_PER_SECOND"] = "10"
    environment["SIS_CONTACT"] = "mailto:me@example.org"
    environment["SIS_ALLOW_ADDRESSES"] = ",".join(site.addresses)
    environment["SIS_IMAGES_PER_SECOND"] = "0"
    return site


def listed(sis: Callable) -> list[dict]:
    return [json.loads(line) for line in sis("list", "--json").out.splitlines()]


def test_every_source_can_be_named() -> None:
    assert tuple(SOURCES) == SOURCE_NAMES
    assert (*SOURCES, "folder") == SITES


def test_a_scrape_of_commons_ends_in_a_data_set_with_credits(
    sis: Callable, commons: CommonsSite
) -> None:
    there = commons.find("filetype:bitmap monkey")

    done = sis("scrape", "monkey", "--source", "commons", "-n", "8", "--size", "330")
    again = sis("scrape", "monkey", "--source", "commons", "-n", "8", "--size", "330")
    exported = sis("export", "data", "--format", "webdataset")

    assert done.code == 0, done.err
    photos = listed(sis)
    assert {photo["id"] for photo in photos} == {f"commons:{photo.id}" for photo in there[:8]}
    assert {photo["file"]["width"] for photo in photos} >= {330}
    assert "8 known" in again.out or "0 new" in again.out
    assert exported.code == 0, exported.err
    credits_of_all = Path("data/ATTRIBUTION.md").read_text()
    assert f"https://commons.wikimedia.org/?curid={there[0].id}" in credits_of_all
    for photo in there[:8]:
        assert photo.owner.name not in credits_of_all
    assert commons.busiest_files <= 4
    assert all("mailto:me@example.org" in agent for agent in commons.user_agents)


def test_no_export_names_who_made_the_photos_unless_it_is_asked_for(
    sis: Callable, commons: CommonsSite
) -> None:
    sis("scrape", "monkey", "--source", "commons", "-n", "40", "--size", "250")
    found = {photo["id"].removeprefix("commons:") for photo in listed(sis)}
    made = [photo for photo in commons.photos if photo.id in found]
    names = {text for photo in made for text in photo.owner.texts}

    for name in ("photos.csv", "photos.jsonl", "photos.parquet", "photos.geojson"):
        assert sis("export", name).code == 0
    for form in ("webdataset", "image-folder", "coco"):
        assert sis("export", form, "--format", form).code == 0
    sis("export", "named.jsonl", "--with-personal")

    content = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    named = content.pop(Path("named.jsonl"))
    spelled = {form.encode() for name in names for form in (name, name.replace(" ", "_"))}
    spelled |= {quote(name.replace(" ", "_")).encode() for name in names}
    assert {(path, name) for path, data in content.items() for name in spelled if name in data} == (
        set()
    )
    credited = [photo.owner.name for photo in made if has_account(photo)]
    assert len(credited) > 10
    assert all(name.encode() in named for name in credited)


def test_without_a_contact_commons_is_not_asked(sis: Callable, commons: CommonsSite) -> None:
    outcome = sis("scrape", "monkey", "--source", "commons", SIS_CONTACT="")

    assert outcome.code == 2
    assert "set SIS_CONTACT" in outcome.err
    assert commons.user_agents == set()


@pytest.mark.usefixtures("commons")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--exhaustive"], "leave it out"),
        (["--dry-run"], "the source commons does not tell how much there is"),
        (["--places"], "are Flickr's; leave these options out"),
    ],
)
def test_what_only_flickr_answers_is_refused(sis: Callable, options: list[str], said: str) -> None:
    outcome = sis("scrape", "monkey", "--source", "commons", *options)

    assert outcome.code == 2
    assert said in outcome.err


def test_an_owner_is_forgotten_by_the_account_at_the_site(
    sis: Callable, commons: CommonsSite
) -> None:
    sis("search", "monkey", "--source", "commons", "-n", "50")
    photos = {photo.id: photo for photo in commons.photos}
    before = {photo["id"] for photo in listed(sis)}
    by_owner: dict[str, set[str]] = {}
    for name in before:
        photo = photos[name.removeprefix("commons:")]
        if has_account(photo):
            by_owner.setdefault(photo.owner.name, set()).add(name)
    owner, theirs = max(by_owner.items(), key=lambda each: len(each[1]))

    outcome = sis("forget", "--owner", f"commons:{owner}")
    again = sis("search", "monkey", "--source", "commons", "-n", "50")

    assert outcome.code == 0, outcome.err
    assert {photo["id"] for photo in listed(sis)} == before - theirs
    assert f"{len(theirs)} erased before and left out" in again.out


@pytest.mark.usefixtures("commons")
def test_what_only_flickr_tells_of_photos_is_not_asked_for_others_and_counted(
    sis: Callable,
) -> None:
    sis("search", "monkey", "--source", "commons", "-n", "5")

    plan = sis("refresh", "--dry-run")
    details = sis("details", "--places", SIS_FLICKR_KEY="unused")

    only_there = sis("refresh", "--site", "commons", "--dry-run")
    details_there = sis("details", "--places", "--site", "commons", SIS_FLICKR_KEY="unused")

    said = "5 photos of other sites than Flickr not asked about"
    assert plan.out.startswith("refresh: 0 photos are due;")
    assert said in plan.out
    assert details.out == f"places: 0 photos, none failed; {said}\n"
    for refused in (only_there, details_there):
        assert refused.code == 2
        assert "only Flickr can be asked about single photos, and not commons" in refused.err


@pytest.mark.usefixtures("commons")
def test_a_budget_of_calls_holds_at_every_source(sis: Callable, commons: CommonsSite) -> None:
    outcome = sis("search", "monkey", "parrot", "--source", "commons", "--max-calls", "1")

    assert len(commons.asked) == 1
    assert "the budget of 1 call (--max-calls) is used up" in outcome.err


@pytest.mark.usefixtures("commons")
def test_photos_are_selected_by_their_site(sis: Callable) -> None:
    sis("search", "monkey", "--source", "commons", "-n", "3")

    of_commons = sis("list", "--site", "commons", "--json").out.splitlines()
    of_others = sis("list", "--site", "flickr", "--site", "inaturalist", "--json").out.splitlines()

    assert (len(of_commons), of_others) == (3, [])


@pytest.mark.parametrize("flickr", [CATALOGUE], indirect=True)
def test_a_photo_of_two_sites_is_found_to_be_one_and_its_author_forgotten_at_both(
    sis: Callable, at_flickr: FlickrSite, commons: CommonsSite, environment: dict[str, str]
) -> None:
    environment["SIS_ALLOW_ADDRESSES"] = ",".join((*at_flickr.addresses, *commons.addresses))
    photo = next(
        photo
        for photo in commons.find("filetype:bitmap monkey")
        if links_flickr(photo) and photo.safety == 0 and photo.content_type == 0
    )
    found = commons.find("filetype:bitmap monkey").index(photo) + 1
    sis("scrape", "monkey", "-n", "200", "--no-download")
    sis("download", "--id", f"flickr:{photo.id}", "--size", "500")
    sis("scrape", "monkey", "--source", "commons", "-n", str(found), "--no-download")
    sis("download", "--id", f"commons:{photo.id}", "--size", "500")
    sis("inspect")
    both = {f"flickr:{photo.id}", f"commons:{photo.id}"}

    sis("duplicates")
    groups = {each["id"]: each["duplicates"] for each in listed(sis) if each["id"] in both}
    sis("forget", "--owner", photo.owner.nsid)

    assert groups.keys() == both
    names = [{group["group"] for group in of_one} for of_one in groups.values()]
    assert names[0] & names[1]
    assert both.isdisjoint(each["id"] for each in listed(sis))


@pytest.mark.usefixtures("commons")
def test_what_an_answer_has_and_was_not_asked_for_is_counted(sis: Callable) -> None:
    outcome = sis("search", "monkey", "--source", "commons", "--license", "cc-by-4.0")

    account = json.loads(
        sis("search", "monkey", "--source", "commons", "--license", "cc-by-4.0", "--json").out
    )["account"]
    assert account["outside"] > 0
    assert f"{account['outside']:,} left out" in outcome.out
