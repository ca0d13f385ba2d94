import asyncio
import gzip
import io
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest
import stamina
from aiohttp import web
from yarl import URL

from smart_image_scraper.errors import (
    AddressError,
    BudgetError,
    BusyError,
    NetworkError,
    StatusError,
    TooLargeError,
    TransientError,
)
from smart_image_scraper.net import Budget, HttpClient, RateLimiter, Reply
from smart_image_scraper.net.reply import translated

Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]
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


class Crowded:
    """Answers once so many requests are there at the same time, and counts whether more are."""

    def __init__(self, least: int) -> None:
        self._crowd = asyncio.Barrier(least)
        self._now = self.busiest = 0

    async def __call__(self, _: web.Request) -> web.Response:
        self._now += 1
        self.busiest = max(self.busiest, self._now)
        await self._crowd.wait()
        await asyncio.sleep(0.01)
        self._now -= 1
        return web.Response(text="found")


class CountingLimiter:
    def __init__(self) -> None:
        self.acquired = 0

    async def acquire(self) -> None:
        self.acquired += 1


class ToldRate(RateLimiter):
    """Notes what it is told of."""

    def __init__(self, per_second: float | None) -> None:
        super().__init__(per_second)
        self.told: list[str] = []

    def refused(self, *, sent_at: float) -> None:
        self.told.append("refused")

    def succeeded(self, *, sent_at: float) -> None:
        self.told.append("succeeded")


def text_of(reply: Reply) -> str:
    return reply.body.decode()


async def get(http: HttpClient, url: str, *, max_bytes: int = 1000) -> str:
    return await http.get(url, max_bytes=max_bytes, read=text_of)


async def test_a_reply_is_read_whole(serve: Serve, client: MakeClient) -> None:
    server = Server((200, "found"))
    address = await serve(server)

    async with client(address) as http:
        reply = await http.get(
            f"{address}/rest?a=1", params={"text": "サル & co"}, max_bytes=100, read=lambda it: it
        )

    assert reply.body == b"found"
    assert reply.status == 200
    assert reply.headers["CONTENT-type"] == "text/plain; charset=utf-8"
    assert dict(server.requests[0].query) == {"a": "1", "text": "サル & co"}
    assert server.requests[0].headers["User-Agent"] == "sis/1 (+https://sis.test)"


async def test_a_body_goes_to_a_file(serve: Serve, client: MakeClient, tmp_path: Path) -> None:
    address = await serve(Server((200, "x" * 200_000)))

    async with client(address) as http:
        with (tmp_path / "body").open("wb") as file:
            reply = await http.fetch(f"{address}/a.jpg", to=file, max_bytes=200_000)

    assert (tmp_path / "body").read_text() == "x" * 200_000
    assert reply.body == b""
    assert reply.url == f"{address}/a.jpg"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_what_may_pass_is_tried_again(status: int, serve: Serve, client: MakeClient) -> None:
    address = await serve(Server((status, "not now"), (status, "not now"), (200, "found")))

    async with client(address) as http:
        assert await get(http, address) == "found"


async def test_what_does_not_pass_is_raised_in_the_end(serve: Serve, client: MakeClient) -> None:
    server = Server((502, "never"))
    address = await serve(server)

    async with client(address) as http:
        with pytest.raises(StatusError, match=r"/a: the server answered 502 Bad Gateway") as error:
            await get(http, f"{address}/a?api_key=secret")

    assert error.value.status == 502
    assert len(server.requests) == 3
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("status", [304, 400, 401, 403, 404, 410])
async def test_other_errors_are_not_tried_again(
    status: int, serve: Serve, client: MakeClient
) -> None:
    server = Server((status, ""))
    address = await serve(server)

    async with client(address) as http:
        with pytest.raises(StatusError):
            await get(http, address)

    assert len(server.requests) == 1


async def test_a_reply_that_its_reader_calls_transient_is_asked_for_again(
    serve: Serve, client: MakeClient
) -> None:
    server = Server((200, "<rsp"), (200, "<rsp/>"))
    address = await serve(server)

    def read(reply: Reply) -> bytes:
        if not reply.body.endswith(b"/>"):
            raise TransientError("the reply is cut")
        return reply.body

    async with client(address) as http:
        assert await http.get(address, max_bytes=100, read=read) == b"<rsp/>"


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


async def test_what_a_reader_raises_otherwise_is_not_tried_again(
    serve: Serve, client: MakeClient
) -> None:
    server = Server((200, "no"))
    address = await serve(server)

    def read(_: Reply) -> str:
        raise StatusError("refused", status=400)

    async with client(address) as http:
        with pytest.raises(StatusError):
            await http.get(address, max_bytes=100, read=read)

    assert len(server.requests) == 1


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
    host = Crowded(3)
    address = await serve(host)

    async with client(address, connections_per_host=3) as http:
        await asyncio.gather(*(get(http, address) for _ in range(21)))

    assert host.busiest == 3


@pytest.mark.parametrize(("asked", "most"), [(2, 2), (9, 4)])
async def test_a_host_that_asks_for_fewer_connections_gets_fewer_and_never_more(
    serve: Serve, client: MakeClient, asked: int, most: int
) -> None:
    host = Crowded(most)
    address = await serve(host)
    own = {address.removeprefix("http://"): asked}

    async with client(address, connections_per_host=4, connections=own) as http:
        await asyncio.gather(*(get(http, address) for _ in range(20)))

    assert host.busiest == most


async def test_time_in_the_queue_of_a_host_is_no_timeout(serve: Serve, client: MakeClient) -> None:
    address = await serve(Server((200, "found")))
    limiters = {address.removeprefix("http://"): RateLimiter(1)}

    async with client(address, limiters=limiters, timeout_s=1.5, attempts=1) as http:
        found = await asyncio.gather(*(get(http, address) for _ in range(3)))

    assert found == ["found"] * 3


async def test_redirects_are_followed_and_the_last_address_is_told(
    serve: Serve, client: MakeClient
) -> None:
    address = await serve(Server((302, "", {"Location": "/b"}), (200, "found")))

    async with client(address) as http:
        reply = await http.get(f"{address}/a", max_bytes=10, read=lambda it: it)

    assert reply.url == f"{address}/b"


async def test_each_redirect_counts_at_the_host_that_it_leads_to(
    serve: Serve,
) -> None:
    target = await serve(Server((200, "found")))
    start = await serve(Server((302, "", {"Location": target})))
    limiter = CountingLimiter()

    async with HttpClient(
        user_agent="sis/1",
        allow=[start.removeprefix("http://"), target.removeprefix("http://")],
        limiters={target.removeprefix("http://"): limiter},
    ) as http:
        await get(http, start)

    assert limiter.acquired == 1


async def test_a_circle_of_redirects_ends(serve: Serve, client: MakeClient) -> None:
    server = Server((302, "", {"Location": "/again"}))
    address = await serve(server)

    async with client(address) as http:
        with pytest.raises(NetworkError, match="more than 5 redirects"):
            await get(http, address)

    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://[half",
    ],
)
async def test_a_redirect_to_an_address_inside_is_refused(
    location: str, serve: Serve, client: MakeClient
) -> None:
    server = Server((302, "", {"Location": location}))
    address = await serve(server)

    async with client(address) as http:
        with pytest.raises((AddressError, TransientError)) as error:
            await get(http, address)

    # Names such as 2130706433 are an address to some resolvers and nothing to others.
    assert isinstance(error.value, AddressError) or "cannot be reached" in str(error.value)
    assert "secret" not in str(error.value)


async def test_a_name_that_leads_inside_is_refused_at_the_socket(serve: Serve) -> None:
    server = Server((200, "found"))
    address = await serve(server)
    port = URL(address).port

    async with HttpClient(user_agent="sis/1") as http:
        with pytest.raises(AddressError, match="is not a public address, and only those"):
            await get(http, f"http://localhost:{port}/")

    assert server.requests == []


async def test_no_cookie_is_kept(serve: Serve, client: MakeClient) -> None:
    server = Server((200, "a", {"Set-Cookie": "who=me"}), (200, "b"))
    address = await serve(server)

    async with client(address) as http:
        await get(http, address)
        await get(http, address)

    assert "Cookie" not in server.requests[1].headers


async def test_a_proxy_of_the_environment_is_not_used(
    serve: Serve, client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await serve(Server((200, "found")))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    async with client(address) as http:
        assert await get(http, address) == "found"


async def test_a_body_over_the_limit_is_refused_before_it_is_fetched(
    serve: Serve, client: MakeClient
) -> None:
    address = await serve(Server((200, "x" * 101)))

    async with client(address) as http:
        with pytest.raises(TooLargeError, match=r"over the limit of 100 bytes"):
            await get(http, address, max_bytes=100)


async def test_a_body_that_grows_over_the_limit_when_it_is_unpacked_is_refused(
    serve: Serve, client: MakeClient
) -> None:
    async def bomb(_: web.Request) -> web.Response:
        body = gzip.compress(bytes(10_000_000))
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    address = await serve(bomb)

    async with client(address) as http:
        with pytest.raises(TooLargeError):
            await get(http, address, max_bytes=100_000)


async def test_a_refused_reply_leaves_its_body_unfetched(serve: Serve, client: MakeClient) -> None:
    address = await serve(Server((200, "body")))
    file = io.BytesIO()

    def refuse(reply: Reply) -> None:
        raise StatusError(f"not this one: {reply.url}", status=reply.status)

    async with client(address) as http:
        with pytest.raises(StatusError, match="not this one"):
            await http.fetch(address, to=file, max_bytes=100, check=refuse)

    assert file.getvalue() == b""


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        HEAD + b"Content-Length: 10\r\n\r\nhalf",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhalf",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n0\r\n\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf",
        HEAD + b"X: " + b"x" * 20_000 + b"\r\n\r\n",
    ],
)
async def test_a_cut_or_garbled_answer_is_transient(
    answer: bytes, serve_bytes: ServeBytes, client: MakeClient
) -> None:
    address = await serve_bytes(answer)

    async with client(address) as http:
        with pytest.raises(TransientError, match=r"cut or garbled; try again later"):
            await http.fetch(address, to=io.BytesIO(), max_bytes=100)


async def test_a_second_attempt_begins_the_file_anew(client: MakeClient) -> None:
    answers = [
        HEAD + b"Content-Length: 10\r\n\r\nlong, half",
        HEAD + b"Content-Length: 5\r\n\r\nwhole",
    ]
    answers[0] = answers[0].replace(b"10", b"99")

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    file = io.BytesIO()
    async with server, client(address) as http:
        await http.fetch(address, to=file, max_bytes=100)

    assert file.getvalue() == b"whole"


async def test_a_server_that_says_nothing_is_given_up(serve: Serve, client: MakeClient) -> None:
    async def wait(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    address = await serve(wait)

    async with client(address, timeout_s=0.1, attempts=2) as http:
        with pytest.raises(TransientError, match="no whole answer in time"):
            await get(http, address)


async def test_a_server_that_drips_is_given_up(serve: Serve, client: MakeClient) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        reply = web.StreamResponse()
        await reply.prepare(request)
        with suppress(ConnectionError):
            for _ in range(100):
                await reply.write(b".")
                await asyncio.sleep(0.05)
        return reply

    address = await serve(drip)

    async with client(address, transfer_timeout_s=0.3, attempts=1) as http:
        with pytest.raises(TransientError, match="no whole answer in time"):
            await http.fetch(address, to=io.BytesIO(), max_bytes=1000)


async def test_a_port_where_nobody_listens_cannot_be_reached(client: MakeClient) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"

    async with client(address) as http:
        with pytest.raises(TransientError, match=r"cannot be reached \(Connection refused\)"):
            await get(http, address)


async def test_a_name_that_cannot_be_one_is_no_bug() -> None:
    async with HttpClient(user_agent="sis/1", attempts=1) as http:
        with pytest.raises(AddressError, match="is no web address"):
            await get(http, f"http://{'a' * 70}.test/")


async def test_a_server_that_speaks_no_tls_is_transient(
    serve_bytes: ServeBytes, client: MakeClient
) -> None:
    address = await serve_bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with client(address, attempts=1, timeout_s=0.3) as http:
        with pytest.raises(TransientError):
            await get(http, address.replace("http:", "https:"))


def foreign_errors() -> list[aiohttp.ClientError]:
    """One of every error that aiohttp's client has."""
    where = aiohttp.client_reqrep.ConnectionKey("sis.test", 443, True, True, None, None, None)
    secret = URL("http://sis.test/?api_key=secret")
    info = aiohttp.RequestInfo(secret, "GET", {}, secret)
    arguments = [
        (),
        (secret,),
        (info, ()),
        (where, OSError(111, "refused")),
        (where, ssl.SSLCertVerificationError("expired")),
        (b"a", b"b", "sis.test", 443),
        ("/socket", where, OSError(111, "refused")),
    ]

    def make(kind: type[aiohttp.ClientError]) -> aiohttp.ClientError:
        for given in arguments:
            with suppress(TypeError, AttributeError):
                error = kind(*given)
                str(error)
                return error
        raise NotImplementedError(f"say how a {kind} is made")

    kinds = [aiohttp.ClientError]
    for kind in kinds:
        kinds += [each for each in kind.__subclasses__() if each not in kinds]
    return [make(kind) for kind in kinds]


@pytest.mark.parametrize("error", foreign_errors(), ids=lambda error: type(error).__name__)
def test_every_error_of_the_library_becomes_one_of_ours(error: aiohttp.ClientError) -> None:
    url = URL("http://sis.test/a?api_key=secret")

    with pytest.raises(NetworkError, match=r"http://sis.test/a") as ours, translated(url):
        raise error

    assert "secret" not in str(ours.value)


async def test_a_client_is_used_within_its_context(client: MakeClient) -> None:
    with pytest.raises(RuntimeError, match="outside of its context"):
        await get(client("http://127.0.0.1:1"), "http://127.0.0.1:1")


async def test_retries_are_not_printed(
    serve: Serve, client: MakeClient, capfd: pytest.CaptureFixture[str]
) -> None:
    address = await serve(Server((500, ""), (200, "found")))

    async with client(address) as http:
        await get(http, address)

    assert stamina.is_active()
    assert capfd.readouterr().err == ""
