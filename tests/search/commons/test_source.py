"""Whole searches, on the imitation of Wikimedia Commons."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from smart_image_scraper.demo import Catalogue, CommonsSite, MadePhoto
from smart_image_scraper.errors import SettingsError, SourceError, TransientError, UsageError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import BoundingBox, Coordinates, License, Photo, SearchAccount
from smart_image_scraper.search import Country, Order, Query
from smart_image_scraper.search.commons import CommonsSearch, CommonsSource
from smart_image_scraper.search.commons.arguments import search_arguments
from tests.made.searching import hasty_client, search_all

CONTACT = "mailto:me@example.org"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.made(1500)


@pytest.fixture
async def commons(catalogue: Catalogue) -> AsyncIterator[CommonsSite]:
    async with CommonsSite(catalogue) as site:
        yield site


@asynccontextmanager
async def source_at(site: CommonsSite) -> AsyncIterator[CommonsSource]:
    async with hasty_client(site, user_agent=f"test ({CONTACT})") as client:
        yield CommonsSource(client, contact=CONTACT, endpoint=site.endpoint)


async def run(site: CommonsSite, query: Query) -> tuple[list[Photo], SearchAccount]:
    async with source_at(site) as source:
        return await search_all(source, query)


def ids(photos: list[Photo] | list[MadePhoto]) -> list[str]:
    return [photo.id.removeprefix("commons:") for photo in photos]


async def test_a_search_finds_all_there_is_in_the_order_of_commons(commons: CommonsSite) -> None:
    there = commons.find("filetype:bitmap monkey")

    photos, account = await run(commons, Query(text="monkey", limit=1_000))

    assert len(there) > 100
    assert ids(photos) == ids(there)
    assert (account.rows, account.photos) == (len(there), len(there))
    assert account.calls == len(commons.asked) == -(-len(there) // 50)


async def test_a_batch_that_comes_in_parts_is_put_together(catalogue: Catalogue) -> None:
    async with CommonsSite(catalogue, per_reply=7) as commons:
        there = commons.find("filetype:bitmap monkey")

        photos, account = await run(commons, Query(text="monkey", limit=60))

        assert ids(photos) == ids(there[:60])
        assert all(photo.sizes and photo.license.is_free for photo in photos)
        assert account.unreadable == 0
        assert account.calls == 16  # two batches of 50, each in eight parts of 7


@pytest.mark.parametrize("odd", [None, [1], {"a": 1}, "first", 2**70])
@pytest.mark.parametrize("name", ["pageid", "index", "title"])
async def test_a_page_of_which_a_part_is_odd_hides_no_other(
    commons: CommonsSite, name: str, odd: object
) -> None:
    async with source_at(commons) as source:
        whole = await source._commons.query(search_arguments(Query(text="monkey"))[0])

        async def fetch(_: Mapping[str, str]) -> Mapping[str, Any]:
            pages = whole["query"]["pages"][:3]
            return {"query": {"pages": [{**pages[0], name: odd}, *pages[1:]]}}

        photos = [photo async for photo in CommonsSearch(fetch, Query(text="monkey"))]

    assert len(photos) >= 2


async def test_a_caller_that_stops_early_costs_no_further_request(commons: CommonsSite) -> None:
    photos, _ = await run(commons, Query(text="monkey", limit=5))

    assert len(photos) == 5
    assert len(commons.asked) == 1


async def test_nothing_found_is_an_empty_search(commons: CommonsSite) -> None:
    photos, account = await run(commons, Query(text="nosuchword"))

    assert (photos, account.calls) == ([], 1)


async def test_tags_are_categories_and_any_or_all_of_them_match(commons: CommonsSite) -> None:
    some, _ = await run(commons, Query(tags=("monkey", "parrot"), limit=1_000))
    both, _ = await run(commons, Query(tags=("monkey", "cage"), all_tags=True, limit=1_000))

    assert {tag for photo in some for tag in photo.tags} >= {"monkey", "parrot"}
    assert both
    assert all({"monkey", "cage"} <= set(photo.tags) for photo in both)


async def test_place_dates_and_licence_are_checked_on_what_comes(commons: CommonsSite) -> None:
    box = BoundingBox(west=110, south=-10, east=130, north=20)
    since = datetime(2012, 1, 1)
    licenses = (License("cc-by-2.0"), License("cc0-1.0"))
    query = Query(text="monkey", bbox=box, taken_from=since, licenses=licenses, limit=1_000)

    photos, account = await run(commons, query)

    assert photos
    assert {photo.license for photo in photos} <= set(licenses)
    for photo in photos:
        assert photo.coordinates is not None
        assert box.contains(photo.coordinates)
        assert photo.taken is not None
        assert photo.taken.local >= since
    assert account.outside == account.rows - len(photos) > 0
    assert " nearcoord:" in commons.asked[0]["gsrsearch"]


async def test_a_region_is_searched_by_the_circle_around_each_of_its_boxes(
    commons: CommonsSite,
) -> None:
    pacific = BoundingBox(west=110, south=-40, east=-170, north=40)
    there = {
        f"commons:{photo.id}"
        for photo in commons.photos
        if photo.is_geotagged
        and pacific.contains(Coordinates(latitude=photo.latitude, longitude=photo.longitude))
    }

    photos, account = await run(commons, Query(bbox=pacific, limit=1_000))

    assert {photo.id for photo in photos} == there
    assert len(photos) == len(there) > 50
    assert len({asked["gsrsearch"] for asked in commons.asked}) == 2
    assert account.photos == len(photos)


async def test_a_country_is_searched_within_its_borders(commons: CommonsSite) -> None:
    box = BoundingBox(west=115, south=4, east=127, north=21)
    south = Country(code="XX", boxes=(box,), contains=lambda point: point.latitude < 10)

    photos, account = await run(commons, Query(text="monkey", country=south, limit=1_000))

    assert photos
    assert all(photo.coordinates and photo.coordinates.latitude < 10 for photo in photos)
    assert account.outside > 0


async def test_a_lagging_database_is_waited_for(commons: CommonsSite) -> None:
    commons.lag()
    waits: list[float] = []

    async with hasty_client(
        commons,
        user_agent=f"test ({CONTACT})",
        max_wait_s=4,
        on_wait=lambda _host, seconds: waits.append(seconds),
    ) as client:
        source = CommonsSource(client, contact=CONTACT, endpoint=commons.endpoint)
        with pytest.raises(Exception, match="asks for a pause of 5 s"):
            await anext(source.search(Query(text="monkey")))

    assert waits == [5]
    assert [asked["maxlag"] for asked in commons.asked] == ["5"]


async def test_a_refusal_without_a_word_of_when_to_come_again_is_tried_again(
    commons: CommonsSite,
) -> None:
    commons.refuse("api", 429, 503)

    photos, account = await run(commons, Query(text="monkey", limit=5))

    assert len(photos) == 5
    assert (account.calls, account.attempts) == (1, 3)


async def test_an_error_leaves_the_search_where_it_was(commons: CommonsSite) -> None:
    there = commons.find("filetype:bitmap monkey")
    async with source_at(commons) as source:
        search = source.search(Query(text="monkey", limit=60))
        photos = [await anext(search) for _ in range(50)]
        commons.refuse("api", *[500] * 3)
        with pytest.raises(Exception, match="the server answered 500"):
            await anext(search)

        photos += [photo async for photo in search]

    assert ids(photos) == ids(there[:60])


@pytest.mark.parametrize(
    ("code", "error"),
    [("readonly", TransientError), ("internal_api_error_DBQueryError", TransientError)],
)
async def test_what_may_pass_is_tried_again(
    commons: CommonsSite, code: str, error: type[Exception]
) -> None:
    for _ in range(3):
        commons.fail(code)

    with pytest.raises(error, match=f"Wikimedia Commons could not answer: .*{code}"):
        await run(commons, Query(text="monkey"))

    assert len(commons.asked) == 3


async def test_a_refusal_of_the_query_ends_the_search_in_the_services_words(
    commons: CommonsSite,
) -> None:
    commons.fail("search-title-disabled", info="title search is disabled.")

    with pytest.raises(SourceError, match="refused: title search is disabled. \\(search-title-"):
        await run(commons, Query(text="monkey"))

    assert len(commons.asked) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"safe_search": 2}, "cannot answer --safe-search"),
        ({"content_types": (0, 1)}, "cannot answer --content-type"),
        ({"exhaustive": True, "order": Order.OLDEST}, "cannot answer --exhaustive"),
        ({"order": Order.INTERESTING}, "does not sort by interesting"),
        ({"tags": ('a"b',)}, "no category of Wikimedia Commons has such a name"),
    ],
)
async def test_what_commons_cannot_answer_is_refused_before_it_is_asked(
    commons: CommonsSite, changes: dict[str, Any], said: str
) -> None:
    query = Query(**{"text": "monkey", **changes})

    async with source_at(commons) as source:
        with pytest.raises(UsageError, match=said):
            source.search(query)

    assert commons.asked == []


@pytest.mark.parametrize(
    "answer", [[], "no", {"query": []}, {"query": {"pages": {"1": {}}}}, {"continue": 5}]
)
async def test_an_answer_that_is_no_reply_is_no_empty_search(
    commons: CommonsSite, answer: object
) -> None:
    commons.answer(answer)

    with pytest.raises(SourceError, match="sent an answer that is no reply to a query"):
        await run(commons, Query(text="monkey"))


async def test_who_is_kept_out_is_told_why_that_may_be(commons: CommonsSite) -> None:
    async with HttpClient(user_agent="no address", allow=commons.addresses) as client:
        source = CommonsSource(client, contact=CONTACT, endpoint=commons.endpoint)

        with pytest.raises(SourceError, match="check that SIS_CONTACT is an address"):
            await anext(source.search(Query(text="monkey")))


async def test_an_answer_that_is_no_json_is_asked_for_again(commons: CommonsSite) -> None:
    for _ in range(3):
        commons.answer(None)

    with pytest.raises(TransientError, match="an answer that is no JSON"):
        await run(commons, Query(text="monkey"))

    assert len(commons.asked) == 3


async def test_a_search_that_goes_round_in_circles_ends(commons: CommonsSite) -> None:
    following = {"gsroffset": 50, "continue": "gsroffset||"}
    commons.answer({"continue": following})
    commons.answer({"continue": following | {"gsroffset": "50"}})

    with pytest.raises(SourceError, match="goes round in circles"):
        await run(commons, Query(text="monkey"))


async def test_a_search_ends_where_commons_shows_no_more(commons: CommonsSite) -> None:
    following = {"gsroffset": 10_000, "continue": "gsroffset||"}
    commons.answer({"batchcomplete": True, "continue": following})

    photos, account = await run(commons, Query(text="monkey"))

    assert (photos, account.calls) == ([], 1)


async def test_halves_of_characters_are_not_passed_on(commons: CommonsSite) -> None:
    info = {"url": "http://127.0.0.1/a.jpg", "mediatype": "BITMAP"}
    page = {"pageid": 5, "title": "File:A \ud83d monkey.jpg", "imageinfo": [info]}
    commons.answer({"batchcomplete": True, "query": {"pages": [page]}})

    photos, _ = await run(commons, Query(text="monkey"))

    assert [photo.title for photo in photos] == ["A \ufffd monkey"]


async def test_without_a_contact_nothing_is_asked(commons: CommonsSite) -> None:
    async with HttpClient(user_agent="test", allow=commons.addresses) as client:
        with pytest.raises(SettingsError, match="set SIS_CONTACT"):
            CommonsSource(client, contact=" ", endpoint=commons.endpoint)


async def test_orders_of_upload_are_asked_for(commons: CommonsSite) -> None:
    for order in (Order.NEWEST, Order.OLDEST):
        await run(commons, Query(text="monkey", order=order, limit=1, uploaded_from=SOME_DAY))

    sorts = [asked["gsrsort"] for asked in commons.asked]
    assert set(sorts) == {"create_timestamp_desc", "create_timestamp_asc"}


SOME_DAY = datetime(2005, 1, 1, tzinfo=UTC)
