"""Requests, what is tried again, and where redirects may lead."""

from pathlib import Path

import pytest
import stamina
from yarl import URL

from smart_image_scraper.errors import AddressError, NetworkError, StatusError, TransientError
from smart_image_scraper.net import HttpClient, Reply
from tests.made.web_servers import CountingLimiter, MakeClient, Serve, Server, get


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
