import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

import aiohttp
import pytest

from smart_image_scraper.demo import Catalogue, Faults, FlickrSite, MadePhoto, Part

Ask = Callable[..., Awaitable[Element]]


@pytest.fixture
def photo(catalogue: Catalogue) -> MadePhoto:
    return next(photo for photo in catalogue.photos if not photo.owner.opted_out)


def url(site: FlickrSite, photo: MadePhoto, extra: str = "m") -> str:
    path = next(size.path for size in photo.sizes() if size.kind.extra == extra)
    return f"http://{site.image_address}{path}"


async def test_two_sites_do_not_share_a_port(catalogue: Catalogue) -> None:
    async with FlickrSite(catalogue) as one, FlickrSite(catalogue) as other:
        assert len({*one.addresses, *other.addresses}) == 4
        assert one.endpoint == f"http://{one.address}/services/rest/"


async def test_a_site_that_was_left_answers_no_more(
    catalogue: Catalogue, client: aiohttp.ClientSession
) -> None:
    async with FlickrSite(catalogue) as site:
        pass

    with pytest.raises(aiohttp.ClientConnectorError):
        await client.get(site.endpoint)


async def test_the_addresses_in_a_reply_lead_to_the_photos(
    site: FlickrSite, client: aiohttp.ClientSession, ask: Ask
) -> None:
    reply = await ask(site, text="monkey", extras="url_m", per_page="3")

    rows = list(reply.iter("photo"))
    assert len(rows) == 3
    for row in rows:
        async with client.get(row.get("url_m", "")) as image:
            assert image.status == 200
            assert image.headers["imagewidth"] == row.get("width_m")


async def test_a_photos_reply_has_the_headers_of_the_recorded_one(
    site: FlickrSite, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    async with client.get(url(site, photo)) as reply:
        body = await reply.read()

    assert reply.content_type == "image/jpeg"
    assert max(int(reply.headers[name]) for name in ("imagewidth", "imageheight")) == 500
    assert reply.headers["ETag"] == f'"{hashlib.md5(body).hexdigest()}.1"'
    assert reply.headers["Cache-Control"] == "public, max-age=31536000"
    assert "X-Robots-Tag" not in reply.headers


async def test_a_photo_has_the_same_bytes_at_every_request(
    site: FlickrSite, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    bodies = set()
    for _ in range(3):
        async with client.get(url(site, photo, "t")) as reply:
            bodies.add(await reply.read())

    assert len(bodies) == 1


async def test_owners_who_opted_out_are_known_by_a_header(
    site: FlickrSite, client: aiohttp.ClientSession
) -> None:
    photo = next(photo for photo in site.catalogue.photos if photo.owner.opted_out)

    async with client.get(url(site, photo)) as reply:
        assert reply.headers["X-Robots-Tag"] == "noai, noimageai"


async def test_a_file_to_save_is_an_attachment(
    site: FlickrSite, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    address = url(site, photo).replace(".jpg", "_d.jpg")

    async with client.get(address) as reply:
        expected = f"attachment; filename={photo.id}_{photo.secret()}.jpg"
        assert reply.headers["Content-Disposition"] == expected


async def test_a_wrong_secret_leads_to_the_placeholder(
    site: FlickrSite, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    address = url(site, photo).replace(photo.secret(), "0000000000")

    async with client.get(address, allow_redirects=False) as reply:
        assert (reply.status, reply.headers["Location"]) == (302, "/images/photo_unavailable.gif")


@pytest.mark.parametrize("path", ["/65535/1_0000000000.jpg", "/65535/doesnotexist.jpg"])
async def test_an_unknown_photo_is_an_empty_page(
    site: FlickrSite, client: aiohttp.ClientSession, path: str
) -> None:
    async with client.get(f"http://{site.image_address}{path}") as reply:
        assert (reply.status, reply.content_type) == (404, "text/html")
        assert await reply.read() == b""


async def test_a_photo_can_vanish_after_it_was_found(
    site: FlickrSite, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    site.vanish(photo.id)

    async with client.get(url(site, photo)) as reply:
        assert reply.status == 404


async def test_a_share_of_the_photos_can_be_gone(
    catalogue: Catalogue, client: aiohttp.ClientSession
) -> None:
    async def missing(site: FlickrSite) -> set[str]:
        gone = set()
        for photo in catalogue.photos[:60]:
            async with client.get(url(site, photo, "sq")) as reply:
                gone |= {photo.id} if reply.status == 404 else set()
        return gone

    faults = Faults(vanished=0.3)
    async with FlickrSite(catalogue, faults=faults) as one:
        first = await missing(one)
    async with FlickrSite(catalogue, faults=faults) as other:
        second = await missing(other)

    assert first == second
    assert 5 < len(first) < 35


async def test_requests_are_counted_by_kind(
    site: FlickrSite, client: aiohttp.ClientSession, ask: Ask, photo: MadePhoto
) -> None:
    await ask(site, text="monkey")
    await ask(site, method="flickr.photos.getExif")
    async with client.get(url(site, photo), headers={"User-Agent": "tests"}):
        pass

    assert site.calls() == site.calls("flickr.photos.search") == 1
    assert site.calls("flickr.photos.getExif") == 1
    assert site.fetches() == site.fetches(photo.id) == 1
    assert site.fetches("1") == 0
    assert site.served[0].arguments["text"] == "monkey"
    assert site.served[2].headers["User-Agent"] == "tests"


async def test_the_most_requests_at_a_time_are_known(
    catalogue: Catalogue, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    async with FlickrSite(catalogue, latency_s=0.2) as site:
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(client.get(url(site, photo, "t")))

        assert site.busiest[Part.IMAGES] == 5
        assert site.busiest[Part.API] == 0


async def test_every_answer_is_held_back_by_the_latency(catalogue: Catalogue, ask: Ask) -> None:
    async with FlickrSite(catalogue, latency_s=0.15) as site:
        started = time.perf_counter()
        await ask(site, text="monkey", per_page="1")

        assert time.perf_counter() - started >= 0.15
