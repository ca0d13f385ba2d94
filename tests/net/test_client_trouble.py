"""Bodies that are too long, servers that fall silent, and every other error of the network."""

import asyncio
import gzip
import io
import socket
import ssl
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from smart_image_scraper.errors import (
    AddressError,
    NetworkError,
    StatusError,
    TooLargeError,
    TransientError,
)
from smart_image_scraper.net import HttpClient, Reply
from smart_image_scraper.net.reply import translated
from tests.made.web_servers import MakeClient, Serve, ServeBytes, Server, get


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
