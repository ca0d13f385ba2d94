"""How the client waits: pauses of a host, limiters of its requests, and its connections."""

import asyncio
from contextlib import suppress
from itertools import pairwise

import pytest
from aiohttp import web

from smart_image_scraper.errors import BudgetError, BusyError, StatusError
from smart_image_scraper.net import Budget, HttpClient, RateLimiter, Reply
from tests.made.web_servers import CountingLimiter, MakeClient, Serve, Server, get


class Crowd:
    """Answers once so many requests are there at the same time, and counts whether more are."""

    def __init__(self, least: int) -> None:
        self._crowd = asyncio.Barrier(least)
        self._now = self.most = 0

    async def __call__(self, _: web.Request) -> web.Response:
        self._now += 1
        self.most = max(self.most, self._now)
        await self._crowd.wait()
        await asyncio.sleep(0.01)
        self._now -= 1
        return web.Response(text="found")


class ToldRate(RateLimiter):
    """Notes what it is told of."""

    def __init__(self, per_second: float | None) -> None:
        super().__init__(per_second)
        self.told: list[str] = []

    def refused(self, *, sent_at: float) -> None:
        self.told.append("refused")

    def succeeded(self, *, sent_at: float) -> None:
        self.told.append("succeeded")


async def test_a_reply_that_says_its_host_is_busy_pauses_the_host(
    serve: Serve, client: MakeClient
) -> None:
    server = Server((200, "busy"), (200, "found"))
    address = await serve(server)

    def read(reply: Reply) -> bytes:
        if reply.body == b"busy":
            raise BusyError("busy", wait_s=0.2)
        return reply.body

    async with client(address, pause_s=0.01) as http:
        found = await http.get(address, max_bytes=100, read=read)

    assert found == b"found"
    assert server.times[1] - server.times[0] >= 0.19


@pytest.mark.parametrize("status", [429, 503])
async def test_a_refusal_pauses_all_workers_of_the_host(
    status: int, serve: Serve, client: MakeClient
) -> None:
    server = Server((status, ""), (200, "found"))
    address = await serve(server)
    told: list[tuple[str, float]] = []

    async with client(
        address,
        pause_s=0.3,
        connections_per_host=1,
        on_wait=lambda host, seconds: told.append((host, seconds)),
    ) as http:
        await asyncio.gather(*(get(http, address) for _ in range(4)))

    first, *others = server.times
    assert all(later - first >= 0.29 for later in others)
    assert told == [(address.removeprefix("http://"), 0.3)]


async def test_after_a_pause_those_who_waited_are_sent_one_by_one(
    serve: Serve, client: MakeClient
) -> None:
    server = Server((429, ""), (200, "found"))
    address = await serve(server)

    async with client(address, per_second=5, pause_s=0.8) as http:
        await asyncio.gather(*(get(http, address) for _ in range(4)))

    paused_at = server.times[0] + 0.8
    later = [moment for moment in server.times if moment >= paused_at - 0.01]
    spaces = [after - before for before, after in pairwise(later)]
    assert len(later) >= 3
    assert min(spaces) >= 0.05  # a quarter: what arrives late is nearer to what comes after it


async def test_a_server_error_is_no_reason_to_go_faster(serve: Serve, client: MakeClient) -> None:
    address = await serve(Server((429, ""), (500, ""), (500, ""), (404, "")))
    rate = ToldRate(None)

    async with client(
        address, attempts=4, limiters={address.removeprefix("http://"): rate}
    ) as http:
        with pytest.raises(StatusError):
            await get(http, address)

    assert rate.told == ["refused", "succeeded"]


async def test_a_refusal_does_not_pause_another_host(serve: Serve) -> None:
    refusing = await serve(Server((429, "")))
    answering = await serve(Server((200, "found")))

    async with HttpClient(
        user_agent="sis/1",
        allow=[refusing.removeprefix("http://"), answering.removeprefix("http://")],
        pause_s=60,
    ) as http:
        paused = asyncio.create_task(get(http, refusing))
        await asyncio.sleep(0.1)
        found = await get(http, answering)
        paused.cancel()
        with suppress(asyncio.CancelledError):
            await paused

    assert found == "found"


async def test_retry_after_is_honoured(serve: Serve, client: MakeClient) -> None:
    server = Server((429, "", {"Retry-After": "1"}), (200, "found"))
    address = await serve(server)

    async with client(address) as http:
        await get(http, address)

    first, second = server.times
    assert second - first >= 0.99


async def test_a_pause_beyond_the_longest_fails_at_once_for_every_request(
    serve: Serve, client: MakeClient
) -> None:
    server = Server((429, "", {"Retry-After": "3600"}))
    address = await serve(server)

    async with client(address) as http:
        for _ in range(2):
            with pytest.raises(StatusError, match=r"asks for a pause of 3600 s; try again after"):
                await get(http, address)

    assert len(server.requests) == 1


async def test_every_attempt_acquires_the_limiter_of_its_host(
    serve: Serve, client: MakeClient
) -> None:
    address = await serve(Server((500, ""), (500, ""), (200, "found")))
    here, elsewhere = CountingLimiter(), CountingLimiter()
    limiters = {address.removeprefix("http://"): here, "api.flickr.com": elsewhere}

    async with client(address, limiters=limiters) as http:
        await get(http, address)

    assert (here.acquired, elsewhere.acquired) == (3, 0)


async def test_every_attempt_is_in_the_budget_and_its_end_is_not_tried_again(
    serve: Serve, client: MakeClient
) -> None:
    server = Server((500, ""))
    address = await serve(server)
    budget = Budget(CountingLimiter(), most=2)

    async with client(address, limiters={address.removeprefix("http://"): budget}) as http:
        with pytest.raises(BudgetError, match="the budget of 2 calls"):
            await get(http, address)

    assert len(server.requests) == budget.used == 2


async def test_hosts_without_a_limiter_have_the_usual_rate(
    serve: Serve, client: MakeClient
) -> None:
    server = Server((200, "found"))
    address = await serve(server)

    async with client(address, per_second=10) as http:
        await asyncio.gather(*(get(http, address) for _ in range(6)))

    assert server.times[-1] - server.times[0] >= 0.25  # half: the first one may arrive late


async def test_a_kept_connection_that_was_closed_is_not_used_behind_the_limiters_back(
    client: MakeClient,
) -> None:
    requests = 0

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await reader.readuntil(b"\r\n\r\n")
        requests += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        with suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            requests += 1
        writer.close()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    limiter = CountingLimiter()
    async with (
        server,
        client(address, limiters={address.removeprefix("http://"): limiter}) as http,
    ):
        await get(http, address)
        await get(http, address)

    assert requests == limiter.acquired == 3


async def test_a_host_has_no_more_connections_than_it_may_have(
    serve: Serve, client: MakeClient
) -> None:
    crowd = Crowd(3)
    address = await serve(crowd)

    async with client(address, connections_per_host=3) as http:
        await asyncio.gather(*(get(http, address) for _ in range(21)))

    assert crowd.most == 3


@pytest.mark.parametrize(("asked", "most"), [(2, 2), (9, 4)])
async def test_a_host_that_asks_for_fewer_connections_gets_fewer_and_never_more(
    serve: Serve, client: MakeClient, asked: int, most: int
) -> None:
    crowd = Crowd(most)
    address = await serve(crowd)
    own = {address.removeprefix("http://"): asked}

    async with client(address, connections_per_host=4, connections=own) as http:
        await asyncio.gather(*(get(http, address) for _ in range(20)))

    assert crowd.most == most


async def test_time_in_the_queue_of_a_host_is_no_timeout(serve: Serve, client: MakeClient) -> None:
    address = await serve(Server((200, "found")))
    limiters = {address.removeprefix("http://"): RateLimiter(1)}

    async with client(address, limiters=limiters, timeout_s=1.5, attempts=1) as http:
        found = await asyncio.gather(*(get(http, address) for _ in range(3)))

    assert found == ["found"] * 3
