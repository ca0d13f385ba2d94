"""Whole searches, on the imitation of Flickr with all its quirks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smart_image_scraper.demo import (
    DEMO_KEY,
    UNEVEN_TAG,
    Catalogue,
    Fault,
    FlickrSite,
    MadePhoto,
    Part,
    Quirks,
)
from smart_image_scraper.errors import CredentialsError, SourceError, TransientError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import BoundingBox, License, Photo, SearchAccount
from smart_image_scraper.search import Order, Query
from smart_image_scraper.search.flickr import FlickrSource
from tests.made.searching import hasty_client, search_all

RECORDINGS = Path(__file__).parents[3] / "../shared/fixtures/flickr/search"
EVERYWHERE = BoundingBox(west=-180, south=-90, east=180, north=90)
EVERYTHING = "-nosuchword"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.made(2000, seed=1)


@pytest.fixture
async def flickr(catalogue: Catalogue) -> AsyncIterator[FlickrSite]:
    async with FlickrSite(catalogue) as site:
        yield site


async def run(
    flickr: FlickrSite, query: Query, *, key: str = DEMO_KEY
) -> tuple[list[Photo], SearchAccount]:
    async with hasty_client(flickr) as client:
        source = FlickrSource(client, api_key=key, endpoint=flickr.endpoint)
        return await search_all(source, query)


def ids(photos: list[Photo] | tuple[MadePhoto, ...]) -> list[str]:
    return [photo.id.removeprefix("flickr:") for photo in photos]


async def test_a_search_finds_all_there_is_in_flickrs_order(
    flickr: FlickrSite, catalogue: Catalogue
) -> None:
    there = catalogue.find(text="monkey", sort="relevance", media="photos", content_types="0")

    photos, account = await run(flickr, Query(text="monkey", limit=10_000))

    assert len(there) > 500
    assert ids(photos) == ids(there)
    assert account.repeated > 0
    assert flickr.calls() == account.calls


async def test_a_caller_that_stops_early_costs_no_further_request(flickr: FlickrSite) -> None:
    photos, _ = await run(flickr, Query(text="monkey", limit=5))

    assert len(photos) == 5
    assert flickr.calls() == 1


async def test_more_than_4000_results_are_not_to_be_had() -> None:
    everything = Query(text=EVERYTHING, content_types=(0, 1, 2, 3), limit=10_000)

    async with FlickrSite(Catalogue.made(5000, seed=1)) as flickr:
        photos, account = await run(flickr, everything)

    assert len(set(ids(photos))) == len(photos) == account.photos
    assert 3500 < len(photos) <= 4000
    assert account.available is not None
    assert account.available > 4000
    assert account.calls == 8


async def test_a_box_alone_finds_all_believable_geotags_and_not_just_the_last_twelve_hours(
    flickr: FlickrSite, catalogue: Catalogue
) -> None:
    there = catalogue.find(
        bbox="-180,-90,180,90", min_upload_date="1", media="photos", content_types="0"
    )
    believed = {one.id for one in there if one.accuracy and (one.latitude or one.longitude)}

    photos, account = await run(flickr, Query(bbox=EVERYWHERE, limit=10_000))

    assert len(there) > 500
    assert set(ids(photos)) == believed
    assert account.outside == len(there) - len(believed) > 0


async def test_a_box_across_the_180th_meridian_finds_what_lies_on_both_sides(
    flickr: FlickrSite,
) -> None:
    box = BoundingBox(west=100, south=-60, east=-60, north=60)

    photos, account = await run(flickr, Query(bbox=box, limit=10_000))

    longitudes = [photo.coordinates.longitude for photo in photos if photo.coordinates]
    assert len(longitudes) == len(photos) == account.photos
    assert min(longitudes) < -60
    assert max(longitudes) > 100
    assert not any(-60 < longitude < 100 for longitude in longitudes)


async def test_every_condition_is_met_by_what_is_found(flickr: FlickrSite) -> None:
    query = Query(
        text=EVERYTHING,
        licenses=(License("cc-by-2.0"), License("cc0-1.0")),
        uploaded_from=datetime(2012, 1, 1, tzinfo=UTC),
        order=Order.OLDEST,
        limit=50,
    )

    photos, _ = await run(flickr, query)

    uploads = [photo.uploaded_at for photo in photos if photo.uploaded_at]
    assert len(uploads) == 50
    assert {photo.license for photo in photos} == set(query.licenses)
    assert uploads == sorted(uploads)
    assert uploads[0] >= datetime(2012, 1, 1, tzinfo=UTC)


async def test_a_photo_is_what_the_imitation_made(flickr: FlickrSite, catalogue: Catalogue) -> None:
    (photo,), _ = await run(flickr, Query(text="monkey", limit=1))

    (made,) = (one for one in catalogue.find(text="monkey") if one.id == photo.id.native)
    assert photo.title == made.title
    assert photo.tags == tuple(made.tags)
    assert photo.owner is not None
    assert photo.owner.id == made.owner.nsid
    assert len(photo.sizes) > 5
    assert all(size.url.startswith(f"http://{flickr.image_address}/") for size in photo.sizes)


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.UNAVAILABLE),
        *(Fault.GATEWAY_TIMEOUT, Fault.EMPTY, Fault.TRUNCATED, Fault.CUT, Fault.RESET),
        *(Fault.CODE_0, Fault.CODE_10, Fault.CODE_105, Fault.CODE_201, Fault.JSON_FOR_XML),
        Fault.HTML,
    ],
)
async def test_a_fault_that_passes_changes_nothing_of_what_is_found(
    flickr: FlickrSite, fault: Fault
) -> None:
    expected, _ = await run(flickr, Query(text="サル"))
    flickr.strike(Part.API, fault, times=2)

    photos, account = await run(flickr, Query(text="サル"))

    assert ids(photos) == ids(expected)
    assert account.calls == 1
    assert flickr.calls() == 4


async def test_a_fault_that_stays_ends_the_search(flickr: FlickrSite) -> None:
    flickr.strike(Part.API, Fault.CODE_201, times=3)

    with pytest.raises(TransientError, match=r"^Flickr is out of service \(code 201: Sorry, "):
        await run(flickr, Query(text="サル"))

    assert flickr.calls() == 3


async def test_a_wrong_key_is_not_tried_again(flickr: FlickrSite) -> None:
    with pytest.raises(CredentialsError, match="does not accept the API key"):
        await run(flickr, Query(text="サル"), key="wrong")

    assert flickr.calls() == 1


async def test_too_many_tags_are_refused_with_what_to_do(flickr: FlickrSite) -> None:
    tags = tuple(f"tag{number}" for number in range(21))

    with pytest.raises(SourceError, match="code 1: Too many tags.*20 at most"):
        await run(flickr, Query(tags=tags, all_tags=True))


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recorded replies are not on this machine")
async def test_recorded_pages_are_searched_with_their_repeated_photos_told() -> None:
    pages = [
        RECORDINGS / f"botany_2023-11-{day}_page{n}.xml" for day in ("09", "15") for n in (1, 2)
    ]

    async with FlickrSite(Catalogue.recorded(pages)) as flickr:
        photos, account = await run(flickr, Query(tags=("botany",), limit=1000))

    assert len(set(ids(photos))) == len(photos)
    assert (account.calls, account.rows, account.available) == (5, 400, 404762)
    assert account.photos + account.repeated == 400


async def test_an_exhaustive_search_finds_all_that_can_be_found_and_names_what_cannot() -> None:
    quirks = Quirks(repeated=0.15, strays=0.1, total_error=0.03)
    catalogue = Catalogue.uneven(9_500, bursts=(4_200, 1, 4_300), quirks=quirks)
    reach = catalogue.reach(tags=UNEVEN_TAG, media="photos", content_types="0,1,2,3")
    query = Query(
        tags=(UNEVEN_TAG,),
        content_types=(0, 1, 2, 3),
        order=Order.OLDEST,
        exhaustive=True,
        limit=None,
    )

    async with (
        FlickrSite(catalogue) as flickr,
        HttpClient(user_agent="test", allow=[flickr.address]) as client,
    ):
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=flickr.endpoint)
        search = source.search_exhaustively(query)
        found = {photo.id.native async for photos in search for photo in photos}

    (crowd,) = reach.crowds
    (window,) = search.account.saturated
    assert found == reach.found
    assert int(window.uploaded_from.timestamp()) == crowd.uploaded
    assert window.available == pytest.approx(crowd.size, rel=0.05)
    assert (window.found, window.geotagged) == (4_000, False)
