import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from smart_image_scraper.net import HttpClient
from tests.made.web_servers import Handler, MakeClient, Serve, ServeBytes


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start servers on loopback that answer every request with a handler."""
    runners = []

    async def start(handler: Handler) -> str:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await handler(request)

        application = web.Application()
        application.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        _, port = runner.addresses[0][:2]
        return f"http://127.0.0.1:{port}"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def serve_bytes() -> AsyncIterator[ServeBytes]:
    """Start servers on loopback that answer every request with these bytes, and hang up."""
    servers = []

    async def start(answer: bytes) -> str:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        servers.append(server)
        _, port = server.sockets[0].getsockname()
        return f"http://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
def client() -> MakeClient:
    """Make clients that are let in to a loopback address, and soon ask again."""

    def make(address: str, **settings: object) -> HttpClient:
        quick = {"attempts": 3, "backoff_s": 0.01, "pause_s": 0.05}
        return HttpClient(
            user_agent="sis/1 (+https://sis.test)",
            allow=[address.removeprefix("http://")],
            **(quick | settings),
        )

    return make
