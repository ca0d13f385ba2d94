"""Scraping from iNaturalist, the whole way."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.cli.network import http_client
from smart_image_scraper.cli.session import session
from smart_image_scraper.demo import Catalogue, INaturalistSite
from smart_image_scraper.demo.inaturalist_observations import MadeObservation, is_shown, user_id
from smart_image_scraper.net import RateLimiter
from smart_image_scraper.search.inaturalist import CLAUSE

ACCEPTED = ("--source", "inaturalist", "--accept-terms", "inaturalist")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.made(900)


@pytest.fixture
def site(
    run_site: Callable[[INaturalistSite], INaturalistSite],
    environment: dict[str, str],
    catalogue: Catalogue,
) -> INaturalistSite:
    """An imitation of iNaturalist, with the settings that let commands use it."""
    site = run_site(INaturalistSite(catalogue))
    environment["SIS_INATURALIST_URL"] = site.endpoint
    environment["SIS_INATURALIST_CALLS_PER_SECOND"] = "10"
    environment["SIS_ALLOW_ADDRESSES"] = ",".join(site.addresses)
    environment["SIS_IMAGES_PER_SECOND"] = "0"
    return site


def listed(sis: Callable) -> list[dict]:
    return [json.loads(line) for line in sis("list", "--json").out.splitlines()]


def found_in(site: INaturalistSite, *, taxon: str) -> list[MadeObservation]:
    return site.find(taxon_id=taxon, quality_grade="research")


def test_a_scrape_ends_in_a_data_set_with_credits_and_the_clause(
    sis: Callable, site: INaturalistSite
) -> None:
    owners = {photo.id: made.lead.owner for made in site.observations for photo in made.photos}
    wanted = ("scrape", "Macaca fascicularis", "-n", "6", "--size", "240", *ACCEPTED)

    done = sis(*wanted)
    again = sis(*wanted)
    exported = sis("export", "data", "--format", "webdataset")

    assert done.code == 0, done.err
    photos = listed(sis)
    assert len(photos) == 6
    assert {photo["license"] for photo in photos} <= {"cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0"}
    assert {max(photo["file"]["width"], photo["file"]["height"]) for photo in photos} == {240}
    assert all("taxonomy:common=Long-tailed Macaque" in photo["machine_tags"] for photo in photos)
    assert "0 new" in again.out
    assert len(site.fetched) == 6
    assert exported.code == 0, exported.err
    credits_of_all = Path("data/ATTRIBUTION.md").read_text()
    for photo in photos:
        number = photo["id"].removeprefix("inaturalist:")
        assert f"https://www.inaturalist.org/photos/{number}" in credits_of_all
        assert not any(text in credits_of_all for text in owners[number].texts)
    assert CLAUSE in Path("data/README.md").read_text()


def test_without_its_terms_accepted_nothing_is_asked_and_the_clause_is_quoted(
    sis: Callable, site: INaturalistSite
) -> None:
    outcome = sis("scrape", "Macaca fascicularis", "--source", "inaturalist")

    assert outcome.code == 2
    assert CLAUSE in " ".join(outcome.err.split())
    assert "add --accept-terms inaturalist" in " ".join(outcome.err.split())
    assert site.asked == []
    assert not Path("sis-data").exists()


def test_terms_can_be_accepted_once_for_all(sis: Callable, site: INaturalistSite) -> None:
    source = ("--source", "inaturalist", "-n", "3")

    outcome = sis("search", "Macaca", *source, SIS_ACCEPT_TERMS="inaturalist")

    assert outcome.code == 0, outcome.err
    assert len(listed(sis)) == 3
    assert {path for path, _ in site.asked} == {"/v1/taxa/autocomplete", "/v1/observations"}


def test_an_ambiguous_name_is_told_with_what_to_write_instead(
    sis: Callable, site: INaturalistSite
) -> None:
    outcome = sis("search", "Morus", *ACCEPTED)

    said = " ".join(outcome.err.split())
    assert outcome.code == 2
    assert "Morus (genus, Gannets, of Aves; taxon:300)" in said
    assert len(site.asked) == 1


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--exhaustive"], "iNaturalist cannot answer --exhaustive"),
        (["--dry-run"], "the source inaturalist does not tell how much"),
        (["--places"], "are Flickr's; leave these options out"),
        (["-n", "20000"], "at most 10,000 photos"),
    ],
)
def test_what_only_flickr_answers_is_refused(sis: Callable, options: list[str], said: str) -> None:
    outcome = sis("scrape", "Macaca", *ACCEPTED, *options)

    assert outcome.code == 2
    assert said in " ".join(outcome.err.split())


def test_what_a_country_holds_is_found_also_where_the_place_is_withheld(
    sis: Callable, site: INaturalistSite
) -> None:
    outcome = sis("scrape", "taxon:110", "--country", "PH", "--no-download", "-n", "500", *ACCEPTED)

    assert outcome.code == 0, outcome.err
    photos = listed(sis)
    there = {photo.id for made in found_in(site, taxon="110") for photo in made.photos}
    assert [photo["coordinates"] for photo in photos if photo["place"] is None].count(None) > 0
    assert {photo["id"].removeprefix("inaturalist:") for photo in photos} <= there
    assert {photo["place"]["country_code"] for photo in photos if photo["place"]} == {"PH"}


def test_an_owner_is_forgotten_by_the_account_at_the_site(
    sis: Callable, site: INaturalistSite
) -> None:
    licenses = ("--license", "all-rights-reserved", "--license", "cc-by-4.0")
    sis("search", "taxon:121", "-n", "60", *licenses, *ACCEPTED)
    before = {photo["id"] for photo in listed(sis)}
    by_owner: dict[int, set[str]] = {}
    for made in found_in(site, taxon="121"):
        theirs = {f"inaturalist:{photo.id}" for photo in made.photos if is_shown(photo)} & before
        by_owner.setdefault(user_id(made.lead.owner), set()).update(theirs)
    owner, theirs = max(by_owner.items(), key=lambda each: len(each[1]))

    outcome = sis("forget", "--owner", f"inaturalist:{owner}")
    again = sis("search", "taxon:121", "-n", "60", *licenses, *ACCEPTED)

    assert outcome.code == 0, outcome.err
    assert len(theirs) > 1
    assert {photo["id"] for photo in listed(sis)} == before - theirs
    assert f"{len(theirs)} erased before and left out" in again.out


@pytest.mark.parametrize(("set_to", "rate"), [("0", 1), ("2", 1), ("0.5", 0.5)])
def test_files_are_fetched_no_faster_than_one_a_second(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, set_to: str, rate: float
) -> None:
    monkeypatch.setenv("SIS_IMAGES_PER_SECOND", set_to)
    monkeypatch.setenv("SIS_STATE_DIR", str(tmp_path))

    with session(source="inaturalist") as opened:
        client = http_client(opened)

    for host in ("static.inaturalist.org", "inaturalist-open-data.s3.amazonaws.com"):
        limiter = client._limiters[host]
        assert isinstance(limiter, RateLimiter)
        assert limiter.per_second == rate
