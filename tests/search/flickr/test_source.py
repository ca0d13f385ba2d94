import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Self

import pytest
from aiohttp import web

from smart_image_scraper.errors import (
    CredentialsError,
    NetworkError,
    SourceError,
    StatusError,
    TransientError,
    UsageError,
)
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import BoundingBox, License, Photo, SearchAccount, SearchHit
from smart_image_scraper.search import Query, Source
from smart_image_scraper.search.flickr import FlickrSearch, FlickrSource
from smart_image_scraper.search.flickr.page import Page, Row

KEY = "0123456789abcdef0123456789abcdef"
EVERYTHING = BoundingBox(west=-180, south=-90, east=180, north=90)
ALL = Query(text="monkey", limit=10_000)


def rows(first: int, last: int, **values: str) -> tuple[Row, ...]:
    return tuple({"id": str(number), **values} for number in range(first, last + 1))


class Pages:
    """Gives pages by their number, and an empty one beyond the last."""

    def __init__(self, *pages: Page) -> None:
        self.asked: list[int] = []
        self.arguments: list[Mapping[str, str]] = []
        self._pages = pages

    async def __call__(self, arguments: Mapping[str, str]) -> Page:
        number = int(arguments["page"])
        self.asked.append(number)
        self.arguments.append(arguments)
        return self._pages[number - 1] if number <= len(self._pages) else Page(pages=0, total=0)


async def ids(search: AsyncIterator[Photo]) -> list[int]:
    return [int(photo.id.native) async for photo in search]


async def test_photos_come_in_flickrs_order_over_all_pages() -> None:
    pages = Pages(
        Page(rows=rows(1, 500), pages=2, total=700), Page(rows=rows(501, 700), pages=2, total=700)
    )

    found = await ids(FlickrSearch(pages, ALL))

    assert found == list(range(1, 701))
    assert pages.asked == [1, 2]


async def test_each_photo_tells_which_search_found_it() -> None:
    (photo,) = [photo async for photo in FlickrSearch(Pages(Page(rows=rows(1, 1))), ALL)]

    assert photo.searches == (SearchHit(term="monkey", run=ALL.run_id("flickr")),)


@pytest.mark.parametrize("limit", [1, 499, 500])
async def test_no_page_is_asked_for_that_the_limit_does_not_need(limit: int) -> None:
    pages = Pages(Page(rows=rows(1, 500), pages=9), Page(rows=rows(501, 1000), pages=9))

    found = await ids(FlickrSearch(pages, Query(text="monkey", limit=limit)))

    assert found == list(range(1, limit + 1))
    assert pages.asked == [1]


async def test_a_caller_that_stops_early_costs_no_further_request() -> None:
    pages = Pages(Page(rows=rows(1, 500), pages=9), Page(rows=rows(501, 1000), pages=9))
    search = FlickrSearch(pages, ALL)

    async for photo in search:
        if photo.id == "flickr:500":
            break

    assert pages.asked == [1]


async def test_a_search_that_is_not_iterated_costs_no_request_at_all() -> None:
    pages = Pages(Page(rows=rows(1, 500)))

    search = FlickrSearch(pages, ALL)

    assert (pages.asked, search.account) == ([], SearchAccount())


async def test_a_photo_that_comes_again_on_a_later_page_is_returned_once() -> None:
    pages = Pages(
        Page(rows=rows(1, 500), pages=2, total=990),
        Page(rows=rows(491, 980), pages=2, total=985),
    )
    search = FlickrSearch(pages, ALL)

    found = await ids(search)

    assert found == list(range(1, 981))
    assert search.account == SearchAccount(
        calls=2, rows=990, photos=980, repeated=10, available=990
    )


async def test_a_page_without_anything_new_is_the_last() -> None:
    repeated = Page(rows=rows(1, 500), pages=4175)
    pages = Pages(repeated, repeated, repeated)

    found = await ids(FlickrSearch(pages, ALL))

    assert len(found) == 500
    assert pages.asked == [1, 2]


async def test_no_more_than_4000_results_are_asked_for_whatever_flickr_promises() -> None:
    full = [Page(rows=rows(n * 500 + 1, n * 500 + 500), pages=4285) for n in range(20)]
    pages = Pages(*full)

    found = await ids(FlickrSearch(pages, ALL))

    assert len(found) == 4000
    assert pages.asked == list(range(1, 9))


async def test_flickr_may_give_smaller_pages_than_were_asked_for() -> None:
    small = [Page(rows=rows(n * 100 + 1, n * 100 + 100), pages=90, per_page=100) for n in range(90)]
    pages = Pages(*small)

    found = await ids(FlickrSearch(pages, ALL))

    assert len(found) == 4000
    assert pages.asked[-1] == 40


async def test_a_full_page_is_not_the_last_though_flickr_says_so() -> None:
    pages = Pages(
        Page(rows=rows(1, 500), pages=1, total=500), Page(rows=rows(501, 510), pages=2, total=510)
    )

    assert len(await ids(FlickrSearch(pages, ALL))) == 510


@pytest.mark.parametrize("announced", [2, None])
async def test_a_page_with_a_gap_is_not_the_last_unless_flickr_says_so(
    announced: int | None,
) -> None:
    pages = Pages(
        Page(rows=rows(1, 497), pages=announced), Page(rows=rows(501, 600), pages=announced)
    )

    assert len(await ids(FlickrSearch(pages, ALL))) == 597


async def test_nothing_found_is_no_error() -> None:
    search = FlickrSearch(Pages(Page(pages=0, total=0)), ALL)

    assert await ids(search) == []
    assert search.account == SearchAccount(calls=1, available=0)


async def test_a_finished_search_stays_finished() -> None:
    search = FlickrSearch(Pages(Page(rows=rows(1, 3), pages=1)), ALL)
    await ids(search)

    assert await ids(search) == []
    assert search.account.calls == 1


async def test_videos_and_rows_without_an_id_are_left_out_and_counted() -> None:
    mixed = ({"id": "1"}, {"id": "2", "media": "video"}, {"title": "?"}, {}, {"id": "3"})
    search = FlickrSearch(Pages(Page(rows=mixed, pages=1, total=5)), ALL)

    found = await ids(search)

    assert found == [1, 3]
    assert search.account == SearchAccount(
        calls=1, rows=5, photos=2, videos=1, unreadable=2, available=5
    )


async def test_the_account_sums_up_the_rows() -> None:
    mixed = (*rows(1, 4), {"id": "4"}, {}, {"id": "5", "media": "video"})
    search = FlickrSearch(Pages(Page(rows=mixed, pages=1)), ALL)

    await ids(search)

    counts = asdict(search.account)
    assert counts["rows"] == sum(
        counts[fate] for fate in ("photos", "repeated", "videos", "outside", "unreadable")
    )


async def test_uploads_outside_the_dates_that_were_asked_for_are_left_out_and_counted() -> None:
    query = Query(text="monkey", uploaded_from=datetime(2014, 10, 22, tzinfo=UTC))
    uploads = ({"id": "1", "dateupload": "1413935999"}, {"id": "2", "dateupload": "1413936000"})
    search = FlickrSearch(Pages(Page(rows=uploads, pages=1)), query)

    found = await ids(search)

    assert found == [2]
    assert search.account.outside == 1


async def test_a_box_across_the_180th_meridian_is_searched_in_two_parts_without_repeats() -> None:
    box = BoundingBox(west=170, south=-20, east=-170, north=-10)
    there = {"latitude": "-15", "longitude": "175"}
    pages = Pages(
        Page(rows=rows(1, 250, **there), pages=2, total=300),
        Page(rows=rows(251, 300, **there), pages=2),
    )
    search = FlickrSearch(pages, Query(bbox=box, limit=10_000))

    found = await ids(search)

    assert found == list(range(1, 301))
    assert pages.asked == [1, 2, 1]
    assert [arguments["bbox"][:4] for arguments in pages.arguments] == ["170.", "170.", "-180"]
    assert search.account.available == 600


async def test_a_search_goes_on_where_an_error_left_it() -> None:
    pages = Pages(Page(rows=rows(1, 500), pages=2), Page(rows=rows(501, 510), pages=2))
    failures = [None, TransientError("Flickr is out of service")]

    async def fetch(arguments: Mapping[str, str]) -> Page:
        failure = failures.pop(0) if failures else None
        if failure is not None:
            raise failure
        return await pages(arguments)

    search = FlickrSearch(fetch, ALL)
    before = [int((await anext(search)).id.native) for _ in range(500)]
    with pytest.raises(TransientError):
        await anext(search)

    assert before + await ids(search) == list(range(1, 511))


def test_a_licence_that_flickr_does_not_have_is_refused_before_any_call() -> None:
    pages = Pages()

    with pytest.raises(UsageError, match=r"no photos under cc-by-3\.0"):
        FlickrSearch(pages, Query(text="monkey", licenses=(License("cc-by-3.0"),)))

    assert pages.asked == []


@pytest.mark.parametrize("key", ["", " \n"])
def test_without_a_key_the_message_says_how_to_get_one(key: str) -> None:
    with pytest.raises(CredentialsError) as refused:
        FlickrSource(HttpClient(user_agent="test"), api_key=key)

    assert str(refused.value) == (
        "there is no Flickr API key; set SIS_FLICKR_KEY to one from "
        "https://www.flickr.com/services/apps/create/ (a new key needs Flickr Pro), "
        "or try `sis demo`, which works without"
    )


def client(*addresses: str) -> HttpClient:
    return HttpClient(
        user_agent="test", allow=addresses, attempts=3, backoff_s=0.001, pause_s=0.001
    )


class Server:
    """Gives the same answer to every request."""

    def __init__(self, status: int, body: bytes) -> None:
        self.asked: list[Mapping[str, str]] = []
        self.address = ""
        self._status = status
        self._body = body
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer))
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(dict(request.query))
        return web.Response(status=self._status, body=self._body)


async def search_at(address: str, query: Query = ALL) -> list[int]:
    async with client(address) as http:
        source: Source = FlickrSource(
            http, api_key=f" {KEY}\n", endpoint=f"http://{address}/services/rest/"
        )
        return await ids(source.search(query))


async def test_the_call_names_the_method_the_key_and_no_format(
    xml_reply: Callable[..., bytes],
) -> None:
    async with Server(200, xml_reply(rows(1, 2, latitude="9", longitude="40"))) as server:
        found = await search_at(server.address, Query(text="サル & <monkey>", bbox=EVERYTHING))

    (asked,) = server.asked
    assert found == [1, 2]
    assert (asked["method"], asked["api_key"]) == ("flickr.photos.search", KEY)
    assert (asked["text"], asked["bbox"][:4], asked["page"]) == ("サル & <monkey>", "-180", "1")
    assert "format" not in asked


FAILURE = '<rsp stat="fail"><err code="{}" msg="{}" /></rsp>'


@pytest.mark.parametrize(
    ("status", "body", "error", "calls"),
    [
        (200, FAILURE.format(100, f"Invalid API Key ({KEY})"), CredentialsError, 1),
        (200, FAILURE.format(77, f"Too many ORs: {KEY}"), SourceError, 1),
        (200, FAILURE.format(105, "Service currently unavailable"), TransientError, 3),
        (200, f"<html>/?api_key={KEY}", TransientError, 3),
        (400, f"<html>/?api_key={KEY}", StatusError, 1),
        (500, f"<html>/?api_key={KEY}", StatusError, 3),
    ],
)
async def test_what_may_pass_is_tried_again_and_no_message_holds_the_key(
    status: int, body: str, error: type[NetworkError], calls: int
) -> None:
    async with Server(status, body.encode()) as server:
        with pytest.raises(NetworkError) as failed:
            await search_at(server.address)

    assert type(failed.value) is error
    assert len(server.asked) == calls
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 two hundred\r\n\r\n"])
async def test_an_answer_that_is_no_http_is_told_without_the_key(answer: bytes) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(TransientError) as failed:
            await search_at(f"{host}:{port}")

    assert KEY not in str(failed.value)


async def test_a_server_that_is_not_there_is_told_without_the_key() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    with pytest.raises(NetworkError) as failed:
        await search_at(f"127.0.0.1:{port}")

    assert KEY not in str(failed.value)
