import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import aiohttp
import pytest
from PIL import Image

from smart_image_scraper.demo import Catalogue, FlickrSite

Ask = Callable[..., Awaitable[Element]]
SHARED = Path(__file__).parents[2] / "../shared"
RECORDED = SHARED / "fixtures/flickr/search"
PHOTOS = SHARED / "seed/photos"


@pytest.fixture
def replies(tmp_path: Path) -> Path:
    """Make a folder of two pages in XML, and one in JSON."""
    folder = tmp_path / "replies"
    folder.mkdir()
    for number in (1, 2):
        address = f"https://live.staticflickr.com/65535/{number}_0123456789.jpg"
        page = "https://www.flickr.com/photos/somebody"
        (folder / f"page{number}.xml").write_text(
            f'<?xml version="1.0"?><rsp stat="ok"><photos page="{number}">'
            f'<photo id="{number}" url_m="{address}"><description>{page}</description></photo>'
            "</photos></rsp>"
        )
    escaped = r"http:\/\/farm9.staticflickr.com\/8191\/3_0123456789.jpg"
    (folder / "one.json").write_text(f'{{"stat":"ok","url_m":"{escaped}"}}')
    (folder / "README.md").write_text("no reply")
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(5):
        Image.new("RGB", (40 + number, 30), (number, 0, 0)).save(folder / f"photo-{number}.jpg")
    return folder


async def test_the_page_says_which_reply_is_served(replies: Path, ask: Ask) -> None:
    async with FlickrSite(Catalogue.recorded(replies)) as site:
        pages = [await ask(site, text="x", page=page) for page in ("1", "2", "3", "0")]

    ids = [[photo.get("id") for photo in page.iter("photo")] for page in pages]
    assert ids == [["1"], ["2"], [], []]


async def test_files_can_be_given_in_the_order_of_their_pages(replies: Path, ask: Ask) -> None:
    catalogue = Catalogue.recorded([replies / "page2.xml", replies / "page1.xml"])
    async with FlickrSite(catalogue) as site:
        first = await ask(site, text="x")

    assert [photo.get("id") for photo in first.iter("photo")] == ["2"]


async def test_addresses_of_images_lead_to_the_site_and_others_stay(
    replies: Path, ask: Ask
) -> None:
    async with FlickrSite(Catalogue.recorded(replies)) as site:
        reply = await ask(site, text="x")

    photo = reply.find(".//photo")
    assert photo is not None
    assert photo.get("url_m") == f"http://{site.image_address}/65535/1_0123456789.jpg"
    assert photo.findtext("description") == "https://www.flickr.com/photos/somebody"


async def test_json_is_served_where_json_is_asked_for(
    replies: Path, client: aiohttp.ClientSession
) -> None:
    params = {"method": "flickr.photos.search", "api_key": "demo-key", "format": "json"}
    async with FlickrSite(Catalogue.recorded(replies)) as site:
        bodies = []
        for page in ("1", "2"):
            async with client.get(site.endpoint, params=params | {"page": page}) as reply:
                bodies.append(json.loads(await reply.text()))

    assert bodies[0]["url_m"] == f"http://{site.image_address}/8191/3_0123456789.jpg"
    assert bodies[1]["photos"]["photo"] == []


async def test_any_photo_is_always_the_same_real_file(
    photos: Path, client: aiohttp.ClientSession
) -> None:
    async with FlickrSite(Catalogue.recorded((), photos)) as site:
        bodies = []
        for name in ("1_a_b.jpg", "1_other_o.jpg", *(f"{n}_a.jpg" for n in range(2, 40))):
            async with client.get(f"http://{site.image_address}/65535/{name}") as reply:
                bodies.append(await reply.read())

    assert bodies[0] == bodies[1]
    assert len(set(bodies)) == 5


async def test_a_real_file_is_found_by_its_own_name(
    photos: Path, client: aiohttp.ClientSession
) -> None:
    async with (
        FlickrSite(Catalogue.recorded((), photos)) as site,
        client.get(f"http://{site.image_address}/1/photo-3.jpg") as reply,
    ):
        assert await reply.read() == (photos / "photo-3.jpg").read_bytes()
        assert reply.headers["imagewidth"] == "43"
        assert reply.content_type == "image/jpeg"


@pytest.mark.parametrize("folder", [None, "empty"])
async def test_without_files_every_photo_is_missing(
    tmp_path: Path, client: aiohttp.ClientSession, folder: str | None
) -> None:
    (tmp_path / "empty").mkdir()
    catalogue = Catalogue.recorded((), tmp_path / folder if folder else None)
    async with (
        FlickrSite(catalogue) as site,
        client.get(f"http://{site.image_address}/65535/1_a_b.jpg") as reply,
    ):
        assert reply.status == 404


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded replies are not here")
async def test_every_recorded_reply_is_served_with_addresses_of_the_site(ask: Ask) -> None:
    files = sorted(RECORDED.glob("*.xml"))
    async with FlickrSite(Catalogue.recorded(RECORDED)) as site:
        replies = [await ask(site, text="x", page=str(n + 1)) for n in range(len(files))]

    rows = [photo for reply in replies for photo in reply.iter("photo")]
    addresses = [
        value for row in rows for name, value in row.attrib.items() if name.startswith("url_")
    ]
    assert len(rows) > 500
    assert all(address.startswith(f"http://{site.image_address}/") for address in addresses)


@pytest.mark.skipif(not PHOTOS.exists(), reason="the real photos are not here")
async def test_real_photos_are_served_unchanged(client: aiohttp.ClientSession) -> None:
    path = min(PHOTOS.iterdir())
    async with (
        FlickrSite(Catalogue.recorded((), PHOTOS)) as site,
        client.get(f"http://{site.image_address}/65535/{path.name}") as reply,
    ):
        assert await reply.read() == path.read_bytes()
