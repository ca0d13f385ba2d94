"""Servers on loopback that answer as they are told, and what asks them."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from smart_image_scraper.net import HttpClient, Reply

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]
ServeBytes = Callable[[bytes], Awaitable[str]]
MakeClient = Callable[..., HttpClient]


class Server:
    """Answers with each of its replies once, and with the last one from then on."""

    def __init__(self, *replies: tuple[int, str] | tuple[int, str, dict[str, str]]) -> None:
        self.replies = list(replies)
        self.requests: list[web.Request] = []
        self.times: list[float] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        self.times.append(time.monotonic())
        status, text, *headers = self.replies.pop(0) if self.replies[1:] else self.replies[0]
        return web.Response(status=status, text=text, headers=headers[0] if headers else None)


class CountingLimiter:
    def __init__(self) -> None:
        self.acquired = 0

    async def acquire(self) -> None:
        self.acquired += 1


def text_of(reply: Reply) -> str:
    return reply.body.decode()


async def get(http: HttpClient, url: str, *, max_bytes: int = 1000) -> str:
    return await http.get(url, max_bytes=max_bytes, read=text_of)
