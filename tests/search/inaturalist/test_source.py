"""Whole searches, on the imitation of iNaturalist."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from smart_image_scraper.demo import COMMENTERS, Catalogue, INaturalistSite
from smart_image_scraper.demo.inaturalist_observations import (
    MadeObservation,
    is_shown,
    license_code,
)
from smart_image_scraper.errors import SourceError, StatusError, TransientError, UsageError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import BoundingBox, Coordinates, License, Photo, SearchAccount
from smart_image_scraper.search import Country, Order, Query
from smart_image_scraper.search.inaturalist import INaturalistSearch, INaturalistSource
from tests.made.searching import hasty_client, search_all

Make = Callable[..., dict[str, Any]]

USUAL = ("cc0", "cc-by", "cc-by-sa")
MACAQUES = "110"
TERM = "taxon:110"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.made(2_500)


@pytest.fixture
async def site(catalogue: Catalogue) -> AsyncIterator[INaturalistSite]:
    async with INaturalistSite(catalogue) as site:
        yield site


@asynccontextmanager
async def source_at(site: INaturalistSite) -> AsyncIterator[INaturalistSource]:
    async with hasty_client(site) as client:
        yield INaturalistSource(client, terms_accepted=True, endpoint=site.endpoint)


async def run(site: INaturalistSite, query: Query) -> tuple[list[Photo], SearchAccount]:
    async with source_at(site) as source:
        return await search_all(source, query)


def ids(photos: list[Photo]) -> list[str]:
    return [photo.id.removeprefix("inaturalist:") for photo in photos]


def ids_of(observations: list[MadeObservation], *, codes: tuple[str, ...] = USUAL) -> list[str]:
    """Return the ids of the photos in observations that may be shown and have such a licence."""
    return [
        photo.id
        for made in observations
        for photo in made.photos
        if is_shown(photo) and license_code(photo) in codes
    ]


def asked_of(site: INaturalistSite, name: str) -> list[str | None]:
    return [asked.get(name) for path, asked in site.asked if path.endswith("/observations")]


async def test_a_search_finds_every_photo_of_research_grade_with_an_open_licence(
    site: INaturalistSite,
) -> None:
    there = site.find(taxon_id=MACAQUES, quality_grade="research")

    photos, account = await run(site, Query(text="Macaca", order=Order.OLDEST, limit=5_000))

    assert len(there) > 150
    assert ids(photos) == ids_of(there)
    assert len({photo.owner and photo.owner.id for photo in photos}) > 10
    assert account.photos == len(photos)
    assert account.rows == account.photos + account.outside + account.unreadable
    assert account.outside > 0
    assert account.unreadable > 0
    assert account.calls == account.attempts == len(site.asked)
    above = asked_of(site, "id_above")
    assert above[0] is None
    assert above[1:] == sorted(above[1:], key=lambda number: int(number or 0))


@pytest.mark.parametrize("order", [Order.NEWEST, Order.RELEVANCE])
async def test_otherwise_the_newest_come_first(site: INaturalistSite, order: Order) -> None:
    there = site.find(taxon_id="121", quality_grade="research")

    photos, _ = await run(site, Query(text="bekantan", order=order, limit=5_000))

    assert len(there) > 100
    assert ids(photos) == ids_of(there[::-1])


async def test_a_caller_that_stops_early_costs_two_requests(site: INaturalistSite) -> None:
    photos, _ = await run(site, Query(text="Macaca fascicularis", limit=5))

    assert len(photos) == 5
    assert [path for path, _ in site.asked] == ["/v1/taxa/autocomplete", "/v1/observations"]


async def test_photos_of_one_observation_have_its_number(site: INaturalistSite) -> None:
    photos, _ = await run(site, Query(text=TERM, limit=5_000))

    numbers = [next(tag for tag in photo.machine_tags if "observation=" in tag) for photo in photos]
    assert len(set(numbers)) < len(numbers)


async def test_licences_are_asked_for_and_checked_photo_by_photo(site: INaturalistSite) -> None:
    licenses = (License("cc-by-nc-4.0"), License("cc0-1.0"))
    there = site.find(taxon_id=MACAQUES, quality_grade="research")

    photos, _ = await run(
        site, Query(text=TERM, licenses=licenses, order=Order.OLDEST, limit=5_000)
    )

    assert ids(photos) == ids_of(there, codes=("cc-by-nc", "cc0"))
    assert set(asked_of(site, "photo_license")) == {"cc-by-nc,cc0"}


async def test_reserved_rights_cannot_be_asked_for_and_are_checked_alone(
    site: INaturalistSite,
) -> None:
    query = Query(text=TERM, licenses=(License.ALL_RIGHTS_RESERVED,), limit=20)

    photos, _ = await run(site, query)

    assert {photo.license for photo in photos} == {License.ALL_RIGHTS_RESERVED}
    assert len(photos) == 20
    assert set(asked_of(site, "photo_license")) == {None}


async def test_dates_are_asked_for_by_the_day_and_checked_to_the_second(
    site: INaturalistSite,
) -> None:
    since, until = datetime(2012, 3, 4, 9, 30), datetime(2020, 1, 2, 3, 4, 5)
    uploaded = datetime(2014, 1, 1, 12, tzinfo=UTC)
    query = Query(text=TERM, taken_from=since, taken_to=until, uploaded_from=uploaded, limit=5_000)

    photos, _ = await run(site, query)

    assert len(photos) > 20
    for photo in photos:
        assert photo.taken is not None
        assert photo.taken.last is not None
        assert since <= photo.taken.local <= photo.taken.last <= until
        assert photo.uploaded_at is not None
        assert photo.uploaded_at >= uploaded
    _, first = site.asked[1]
    assert (first["d1"], first["d2"]) == ("2012-03-04", "2020-01-02")
    assert first["created_d1"] == "2013-12-31"


async def test_a_box_finds_what_is_in_it_and_what_is_hidden_within_a_cell_of_it(
    site: INaturalistSite,
) -> None:
    box = BoundingBox(west=90, south=-15, east=140, north=25)
    there = site.find(taxon_id=MACAQUES, quality_grade="research")
    inside = {
        photo.id
        for made in there
        for photo in made.photos
        if made.location
        and box.contains(Coordinates(latitude=made.lead.latitude, longitude=made.lead.longitude))
    }

    photos, _ = await run(site, Query(text=TERM, bbox=box, limit=5_000))

    assert len(photos) > 20
    assert set(ids(photos)) == inside & set(ids_of(there))
    hidden = [photo for photo in photos if photo.coordinates is None]
    assert hidden
    assert all(photo.geo_accuracy is None for photo in hidden)
    assert all(box.contains(photo.coordinates) for photo in photos if photo.coordinates)


async def test_a_box_across_the_180th_meridian_is_asked_for_in_two_parts(
    site: INaturalistSite,
) -> None:
    box = BoundingBox(west=100, south=-60, east=-60, north=60)

    photos, account = await run(site, Query(text=TERM, bbox=box, limit=5_000))

    assert photos
    assert {asked["swlng"] for _, asked in site.asked[1:]} == {"100.0000000", "-180.0000000"}
    assert all(box.contains(photo.coordinates) for photo in photos if photo.coordinates)
    assert account.repeated == 0


async def test_a_cell_that_a_country_holds_in_part_is_not_said_to_be_in_it(
    make_observation: Make,
) -> None:
    country = Country(
        code="PH",
        boxes=(BoundingBox(west=100, south=0, east=140, north=20),),
        contains=lambda point: point.longitude < 124.3,
    )
    partly = make_observation(id=2, obscured=True)
    wholly = make_observation(
        id=3,
        obscured=True,
        location="7.5,124.1",
        photos=[{**partly["photos"][0], "id": 7}],
    )

    async def answer(_path: str, asked: Any) -> list[dict[str, Any]]:
        return [] if "id_below" in asked else [wholly, partly]

    search = INaturalistSearch(
        lambda path, asked: (
            answer(path, asked) if path == "observations" else answer_taxon(partly["taxon"])
        ),
        Query(text="taxon:111", country=country),
    )

    assert [photo.id async for photo in search] == ["inaturalist:7"]
    assert search.account.outside == 1


async def answer_taxon(taxon: dict[str, Any]) -> list[dict[str, Any]]:
    return [taxon]


async def test_what_was_not_asked_for_and_comes_is_left_out(make_observation: Make) -> None:
    meant = make_observation(id=9)
    picture = meant["photos"][0]
    strays = [
        make_observation(id=8, quality_grade="needs_id", photos=[{**picture, "id": 8}]),
        make_observation(id=7, taxon={"id": 5}, photos=[{**picture, "id": 7}]),
        make_observation(id=6, taxon=None, photos=[{**picture, "id": 6}]),
        make_observation(id=5, photos=None),
        make_observation(id=4),
    ]

    async def answer(path: str, asked: Any) -> list[dict[str, Any]]:
        if path != "observations":
            return [meant["taxon"]]
        return [] if "id_below" in asked else [meant, *strays]

    search = INaturalistSearch(answer, Query(text="taxon:111"))
    found = [photo.id async for photo in search]

    assert found == ["inaturalist:24355315"]
    assert (search.account.outside, search.account.repeated) == (3, 1)


async def test_a_search_that_does_not_move_on_ends(make_observation: Make) -> None:
    row = make_observation(photos=[])

    async def answer(path: str, _asked: Any) -> list[dict[str, Any]]:
        return [row] if path == "observations" else [row["taxon"]]

    with pytest.raises(SourceError, match="goes round in circles"):
        await anext(INaturalistSearch(answer, Query(text="taxon:111")))


async def test_nothing_of_those_who_identified_is_kept(site: INaturalistSite) -> None:
    photos, _ = await run(site, Query(text=TERM, limit=200))

    told = repr(photos)
    assert not any(member.name in told for member in COMMENTERS)


async def test_a_refusal_that_may_pass_is_tried_again(site: INaturalistSite) -> None:
    site.refuse(429, 503)

    photos, account = await run(site, Query(text=TERM, limit=5))

    assert len(photos) == 5
    assert (account.calls, account.attempts) == (2, 4)


async def test_an_error_leaves_the_search_where_it_was(site: INaturalistSite) -> None:
    query = Query(text=TERM, licenses=(License.ALL_RIGHTS_RESERVED,), limit=5_000)
    whole, _ = await run(site, query)
    async with source_at(site) as source:
        search = source.search(query)
        photos = [await anext(search)]
        site.refuse(500, 500, 500)
        with pytest.raises(StatusError, match="the server answered 500"):
            await collect(search, into=photos)
        before = len(photos)

        await collect(search, into=photos)

    assert 1 < before < len(photos)
    assert ids(photos) == ids(whole)


async def collect(search: INaturalistSearch, *, into: list[Photo]) -> None:
    async for photo in search:
        into.append(photo)  # noqa: PERF401 — what comes before an error is kept


async def test_an_unknown_taxon_ends_the_search_before_observations_are_asked_for(
    site: INaturalistSite,
) -> None:
    with pytest.raises(UsageError, match="iNaturalist knows 2 taxa that are called 'Morus'"):
        await run(site, Query(text="Morus"))

    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"safe_search": 2}, "cannot answer --safe-search"),
        ({"content_types": (0, 1)}, "cannot answer --content-type"),
        ({"exhaustive": True, "order": Order.OLDEST}, "cannot answer --exhaustive"),
        ({"order": Order.INTERESTING}, "does not sort by interesting"),
        ({"tags": ("wild",)}, "not by --tag"),
        ({"licenses": (License("cc-by-2.0"),)}, "has no photos under cc-by-2.0; it has cc0-1.0"),
        ({"limit": 10_001}, "at most 10,000 photos a search are taken, not 10,001"),
        (
            {"text": "", "bbox": BoundingBox(west=1, south=1, east=2, north=2)},
            "is searched by the name of a taxon",
        ),
    ],
)
async def test_what_inaturalist_cannot_answer_is_refused_before_it_is_asked(
    site: INaturalistSite, changes: dict[str, Any], said: str
) -> None:
    query = replace(Query(text="Macaca"), **changes)

    async with source_at(site) as source:
        with pytest.raises(UsageError, match=said):
            source.search(query)

    assert site.asked == []


async def test_without_its_terms_accepted_nothing_is_asked(site: INaturalistSite) -> None:
    async with HttpClient(user_agent="test", allow=site.addresses) as client:
        with pytest.raises(
            UsageError, match="terms of use .* say: “Users may not use any"
        ) as error:
            INaturalistSource(client, terms_accepted=False, endpoint=site.endpoint)

    assert "add --accept-terms inaturalist, or set SIS_ACCEPT_TERMS=inaturalist" in str(error.value)


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        ("<html>", TransientError, "an answer that is no JSON"),
        ("[]", SourceError, "no list of results"),
        ('{"results": [1]}', SourceError, "no list of results"),
        ('{"results": [{"photos": []}]}', SourceError, "an observation without an id"),
    ],
)
async def test_an_answer_that_is_none_is_told(
    site: INaturalistSite, body: str, error: type[Exception], said: str
) -> None:
    async with source_at(site) as source:
        search = source.search(Query(text=TERM, limit=5_000))
        await anext(search)
        site.answer(*[body] * 3)

        with pytest.raises(error, match=said):
            await collect(search, into=[])


async def test_arguments_that_are_not_taken_are_told(site: INaturalistSite) -> None:
    site.refuse(422)

    with pytest.raises(SourceError, match="iNaturalist does not take the arguments"):
        await run(site, Query(text="Macaca"))

    assert len(site.asked) == 1
