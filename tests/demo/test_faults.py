import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from PIL import Image, UnidentifiedImageError

from smart_image_scraper.demo import Catalogue, Fault, Faults, FlickrSite, Part

Address = Callable[[FlickrSite], str]


@pytest.fixture
async def quick(catalogue: Catalogue) -> AsyncIterator[FlickrSite]:
    async with FlickrSite(catalogue, faults=Faults(slow_s=0.3)) as site:
        yield site


@pytest.fixture
def image(catalogue: Catalogue) -> Address:
    """Return the address of one small image at a site."""
    path = next(size.path for size in catalogue.photos[0].sizes() if size.kind.extra == "n")
    return lambda site: f"http://{site.image_address}{path}"


@pytest.fixture
def search() -> Address:
    """Return the address of a search at a site."""
    return lambda site: (
        f"{site.endpoint}?method=flickr.photos.search&api_key=demo-key&text=monkey&per_page=5"
    )


@pytest.fixture
def address_of(search: Address, image: Address) -> Callable[[Part], Address]:
    """Return the address of what either host has."""
    return {Part.API: search, Part.IMAGES: image}.__getitem__


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503, 504])
async def test_statuses_come_with_a_proxys_page(
    quick: FlickrSite, client: aiohttp.ClientSession, search: Address, status: int
) -> None:
    quick.strike(Part.API, Fault(str(status)))

    async with client.get(search(quick)) as reply:
        body = await reply.text()

    assert reply.status == status
    assert reply.content_type == "text/html"
    assert body.startswith(f"<html><body><h1>{status} ")
    assert "Retry-After" not in reply.headers


async def test_a_429_is_the_recorded_page(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.TOO_MANY)

    async with client.get(image(quick)) as reply:
        assert len(await reply.read()) == 117


async def test_a_429_can_say_when_to_come_back(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.TOO_MANY, times=2, retry_after_s=7)

    statuses = []
    for _ in range(3):
        async with client.get(image(quick)) as reply:
            statuses.append((reply.status, reply.headers.get("Retry-After")))

    assert statuses == [(429, "7"), (429, "7"), (200, None)]


async def test_a_missing_image_is_an_empty_page(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.NOT_FOUND)

    async with client.get(image(quick)) as reply:
        assert (reply.status, reply.content_type) == (404, "text/html")
        assert await reply.read() == b""


@pytest.mark.parametrize("code", [0, 10, 105, 201])
async def test_codes_come_with_status_200(
    quick: FlickrSite, client: aiohttp.ClientSession, search: Address, code: int
) -> None:
    quick.strike(Part.API, Fault(f"code-{code}"), times=2)

    async with client.get(search(quick)) as reply:
        xml = await reply.text()
    async with client.get(f"{search(quick)}&format=json&nojsoncallback=1") as reply:
        body = json.loads(await reply.text())

    assert reply.status == 200
    assert f'<err code="{code}" msg="S' in xml
    assert body["code"] == code


async def test_json_can_come_where_xml_was_asked_for(
    quick: FlickrSite, client: aiohttp.ClientSession, search: Address
) -> None:
    quick.strike(Part.API, Fault.JSON_FOR_XML)

    async with client.get(search(quick)) as reply:
        assert await reply.text() == (
            '{"stat":"fail","message":"Sorry, the Flickr API service is not currently '
            'available.","code":201},'
        )


async def test_a_body_can_be_empty_or_cut(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.EMPTY)
    quick.strike(Part.IMAGES, Fault.CUT)

    bodies = []
    for _ in range(3):
        async with client.get(image(quick)) as reply:
            bodies.append(await reply.read())

    assert bodies[0] == b""
    assert bodies[1] == bodies[2][: len(bodies[2]) // 2]


@pytest.mark.parametrize("part", Part)
async def test_a_connection_can_end_in_the_middle_of_a_body(
    quick: FlickrSite,
    client: aiohttp.ClientSession,
    address_of: Callable[[Part], Address],
    part: Part,
) -> None:
    quick.strike(part, Fault.TRUNCATED)

    async with client.get(address_of(part)(quick)) as reply:
        with pytest.raises(aiohttp.ClientPayloadError):
            await reply.read()


async def test_a_connection_can_be_reset(
    quick: FlickrSite, client: aiohttp.ClientSession, search: Address
) -> None:
    # aiohttp silently asks again once, on another connection.
    quick.strike(Part.API, Fault.RESET, times=2)

    with pytest.raises(aiohttp.ClientConnectionError):
        await client.get(search(quick))


async def test_a_slow_body_drips_and_is_whole(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.SLOW)
    started = time.perf_counter()

    async with client.get(image(quick)) as reply:
        slow = await reply.read()
    took_s = time.perf_counter() - started
    async with client.get(image(quick)) as reply:
        assert await reply.read() == slow

    assert took_s >= 0.25


async def test_a_page_can_come_with_status_200(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.HTML)

    async with client.get(image(quick)) as reply:
        assert (reply.status, reply.content_type) == (200, "text/html")


async def test_a_text_can_call_itself_a_jpeg(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.TEXT)

    async with client.get(image(quick)) as reply:
        body = await reply.read()

    assert reply.content_type == "image/jpeg"
    with pytest.raises(UnidentifiedImageError):
        Image.open(io.BytesIO(body))


async def test_an_image_with_bytes_after_its_end_still_opens(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.TRAILING)

    async with client.get(image(quick)) as reply:
        body = await reply.read()

    assert not body.endswith(b"\xff\xd9")
    Image.open(io.BytesIO(body)).load()


@pytest.mark.parametrize("part", Part)
async def test_the_right_body_can_come_under_another_media_type(
    quick: FlickrSite,
    client: aiohttp.ClientSession,
    address_of: Callable[[Part], Address],
    part: Part,
) -> None:
    quick.strike(part, Fault.MISLABELLED)

    bodies, types = [], []
    for _ in range(2):
        async with client.get(address_of(part)(quick)) as reply:
            bodies.append((await reply.read())[:40])
            types.append(reply.content_type)

    assert bodies[0] == bodies[1]
    assert types[0] == "application/octet-stream" != types[1]


async def test_a_redirect_can_lead_to_the_placeholder(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.PLACEHOLDER)

    async with client.get(image(quick)) as reply:
        body = await reply.read()

    assert reply.url.path == "/images/photo_unavailable.gif"
    assert Image.open(io.BytesIO(body)).size == (500, 374)


async def test_good_replies_can_be_scripted_between_bad_ones(
    catalogue: Catalogue, client: aiohttp.ClientSession, search: Address
) -> None:
    faults = Faults(api={Fault.SERVER_ERROR: 1})
    async with FlickrSite(catalogue, faults=faults) as site:
        site.strike(Part.API, None)

        statuses = []
        for _ in range(2):
            async with client.get(search(site)) as reply:
                statuses.append(reply.status)

    assert statuses == [200, 500]


async def test_a_slow_reply_to_somebody_who_left_harms_nobody(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address
) -> None:
    quick.strike(Part.IMAGES, Fault.SLOW)

    async with client.get(image(quick)) as reply:
        await reply.content.read(10)
        reply.close()
    async with client.get(image(quick)) as again:
        assert again.status == 200


async def test_a_burst_can_be_called_for(
    quick: FlickrSite, client: aiohttp.ClientSession, image: Address, search: Address
) -> None:
    quick.burst(Part.IMAGES, seconds=0.3, retry_after_s=1)

    async with client.get(image(quick)) as struck, client.get(search(quick)) as spared:
        assert (struck.status, struck.headers["Retry-After"]) == (429, "1")
        assert spared.status == 200
    await asyncio.sleep(0.3)
    async with client.get(image(quick)) as reply:
        assert reply.status == 200


async def test_images_alone_are_throttled_and_it_can_be_lifted(
    catalogue: Catalogue, client: aiohttp.ClientSession, image: Address, search: Address
) -> None:
    async def statuses(address: str) -> list[tuple[int, str | None]]:
        seen = []
        for _ in range(4):
            async with client.get(address) as reply:
                seen.append((reply.status, reply.headers.get("Retry-After")))
        return seen

    async with FlickrSite(catalogue, image_rate_per_s=0.1, image_retry_after_s=9) as site:
        throttled = await statuses(image(site))
        searched = await statuses(search(site))
        site.throttle_images(None)
        lifted = await statuses(image(site))

    assert throttled == [(200, None), *[(429, "9")] * 3]
    assert searched == lifted == [(200, None)] * 4
    assert [served.fault for served in site.served][1:4] == [Fault.TOO_MANY] * 3
