from typing import Self

import pytest
from aiohttp import web

from smart_image_scraper.errors import GoneError, TooLargeError, TransientError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.reply import part

KEY = "0123456789abcdef0123456789abcdef"


class Answers:
    """A server that gives its answers one after the other, and the last one for good."""

    def __init__(self, *bodies: str) -> None:
        self.asked: list[dict[str, str]] = []
        self._bodies = list(bodies)
        self._runner = web.ServerRunner(web.Server(self._answer))
        self._address = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def title(self) -> str | None:
        """Ask for a photo, and return its title."""
        http = HttpClient(
            user_agent="test", allow=(self._address,), attempts=3, backoff_s=0.001, pause_s=0.001
        )
        async with http:
            flickr = FlickrClient(http, api_key=f" {KEY}\n", endpoint=f"http://{self._address}/")
            return await flickr.ask(
                "flickr.photos.getInfo",
                PhotoId("flickr:8130464513"),
                read=lambda reply: part(reply, "photo").findtext("title"),
            )

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(dict(request.query))
        body = self._bodies.pop(0) if len(self._bodies) > 1 else self._bodies[0]
        return web.Response(body=body.encode())


WHOLE = '<rsp stat="ok"><photo><title>Hana サル</title></photo></rsp>'


async def test_a_call_names_the_method_and_the_key_and_reads_the_reply() -> None:
    async with Answers(WHOLE) as server:
        title = await server.title()

    assert title == "Hana サル"
    assert server.asked == [
        {"method": "flickr.photos.getInfo", "api_key": KEY, "photo_id": "8130464513"}
    ]


@pytest.mark.parametrize(
    "passing",
    [
        '<rsp stat="ok"><person /></rsp>',
        "<html>Bad Gateway",
        '{"stat":"fail","message":"Service currently unavailable","code":105},',
    ],
)
async def test_a_call_that_brought_something_else_is_made_again(passing: str) -> None:
    async with Answers(passing, WHOLE) as server:
        title = await server.title()

    assert (title, len(server.asked)) == ("Hana サル", 2)


async def test_a_call_that_goes_on_bringing_something_else_ends_with_an_error() -> None:
    async with Answers('<rsp stat="ok"><person /></rsp>') as server:
        with pytest.raises(TransientError):
            await server.title()

    assert len(server.asked) == 3


async def test_a_photo_that_is_gone_is_not_asked_for_again() -> None:
    refusal = f'<rsp stat="fail"><err code="1" msg="Photo not found by {KEY}" /></rsp>'

    async with Answers(refusal) as server:
        with pytest.raises(GoneError) as gone:
            await server.title()

    assert len(server.asked) == 1
    assert KEY not in str(gone.value)


async def test_a_reply_about_one_photo_that_no_document_could_hold_is_refused() -> None:
    async with Answers(WHOLE + " " * 8 * 1024 * 1024) as server:
        with pytest.raises(TooLargeError, match="over the limit of 8388608 bytes"):
            await server.title()
