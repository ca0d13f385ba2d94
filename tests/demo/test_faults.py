import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from PIL import Image, UnidentifiedImageError

from smart_image_scraper.demo import Catalogue, Fault, Faults, FlickrSite, Part
from smart_image_scraper.demo.misfortune import Misfortune, Throttle

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
    image: Address,
    search: Address,
    part: Part,
) -> None:
    quick.strike(part, Fault.TRUNCATED)
    address = search if part is Part.API else image

    async with client.get(address(quick)) as reply:
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
    image: Address,
    search: Address,
    part: Part,
) -> None:
    quick.strike(part, Fault.MISLABELLED)
    address = search if part is Part.API else image

    bodies, types = [], []
    for _ in range(2):
        async with client.get(address(quick)) as reply:
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


def test_probabilities_are_kept_and_repeat_with_the_seed() -> None:
    faults = Faults(images={Fault.TOO_MANY: 0.2, Fault.CUT: 0.1}, seed=4)

    first, second = (
        [misfortune.next(Part.IMAGES) for _ in range(2_000)]
        for misfortune in (Misfortune(faults), Misfortune(faults))
    )

    assert first == second
    struck = [strike.fault for strike in first if strike]
    assert 0.16 < struck.count(Fault.TOO_MANY) / 2_000 < 0.24
    assert 0.07 < struck.count(Fault.CUT) / 2_000 < 0.13


def test_a_burst_strikes_several_replies_in_a_row() -> None:
    misfortune = Misfortune(Faults(api={Fault.TOO_MANY: 0.05}, burst=4, retry_after_s=2))

    strikes = [misfortune.next(Part.API) for _ in range(400)]

    begin = next(position for position, strike in enumerate(strikes) if strike)
    assert all(strikes[begin : begin + 4])
    assert {strike.retry_after_s for strike in strikes if strike} == {2}


class StoppedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_of_seconds_strikes_all_that_come_until_it_ends() -> None:
    clock = StoppedClock()
    misfortune = Misfortune(Faults(images={Fault.TOO_MANY: 0.01}, burst_s=2), clock=clock)
    next(strike for strike in iter(lambda: misfortune.next(Part.IMAGES), "never") if strike)

    clock.now += 1.9
    during = [misfortune.next(Part.IMAGES) for _ in range(50)]
    at_the_other_host = misfortune.next(Part.API)
    clock.now += 0.2
    after = [misfortune.next(Part.IMAGES) for _ in range(5)]

    assert all(strike and strike.fault is Fault.TOO_MANY for strike in during)
    assert at_the_other_host is None
    assert after == [None] * 5


def test_what_is_scripted_waits_for_the_end_of_a_burst() -> None:
    clock = StoppedClock()
    misfortune = Misfortune(Faults(), clock=clock)
    misfortune.script(Part.API, Fault.RESET)

    misfortune.burst(Part.API, seconds=1, retry_after_s=3)
    during = misfortune.next(Part.API)
    clock.now += 1
    after = misfortune.next(Part.API)

    assert during is not None
    assert (during.fault, during.retry_after_s) == (Fault.TOO_MANY, 3)
    assert after is not None
    assert after.fault is Fault.RESET


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


def test_a_throttle_lets_through_its_rate_whatever_comes() -> None:
    clock = StoppedClock()
    throttle = Throttle(5, retry_after_s=2, clock=clock)

    refusals = []
    for _ in range(1_000):
        refusals.append(throttle.next())
        clock.now += 0.01

    let_through = sum(refusal is None for refusal in refusals)
    assert 50 <= let_through <= 56
    assert {refusal.retry_after_s for refusal in refusals if refusal} == {2}


def test_a_throttle_lets_through_all_that_comes_slowly_enough() -> None:
    clock = StoppedClock()
    throttle = Throttle(0.5, clock=clock)

    for _ in range(20):
        assert throttle.next() is None
        clock.now += 2.001


def test_a_throttle_without_a_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="a rate of 0 per second lets nothing through"):
        Throttle(0)


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


def test_the_full_mix_holds_all_that_goes_wrong() -> None:
    faults = Faults.full_mix(share=0.2)

    api = set(Fault) - {Fault.FORBIDDEN, Fault.NOT_FOUND}
    assert set(faults.api) == api - {Fault.TEXT, Fault.TRAILING, Fault.PLACEHOLDER}
    assert set(faults.images) == {fault for fault in api if not fault.startswith(("code", "json"))}
    for part in Part:
        assert sum(faults.of(part).values()) == pytest.approx(0.2)
    assert faults.vanished
    assert faults.burst_s


def test_in_the_full_mix_some_429s_say_when_to_come_back() -> None:
    misfortune = Misfortune(Faults.full_mix(share=1, burst_s=0))

    strikes = [misfortune.next(Part.API) for _ in range(400)]

    too_many = [one.retry_after_s for one in strikes if one and one.fault is Fault.TOO_MANY]
    assert 0.3 < too_many.count(None) / len(too_many) < 0.7
    assert set(too_many) == {None, 1}
    assert len({one.fault for one in strikes if one}) == 17


def test_the_two_parts_are_struck_apart() -> None:
    misfortune = Misfortune(Faults(images={Fault.RESET: 1}))

    assert misfortune.next(Part.API) is None
    assert misfortune.next(Part.IMAGES) is not None


def test_probabilities_over_1_are_refused() -> None:
    with pytest.raises(ValueError, match="of api faults are over 1"):
        Faults(api={Fault.RESET: 0.6, Fault.EMPTY: 0.6})
