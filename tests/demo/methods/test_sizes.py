from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree.ElementTree import Element

import aiohttp

from smart_image_scraper.demo import Catalogue, FlickrSite, MadePhoto

AskJson = Callable[..., Awaitable[dict[str, Any]]]
Get = Callable[..., Awaitable[Element]]


async def test_the_sources_lead_to_the_files(
    get: Get, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    reply = await get("photos.getSizes", photo_id=photo.id)

    sizes = list(reply.iter("size"))
    assert [size.get("label") for size in sizes][:4] == [
        "Square",
        "Large Square",
        "Thumbnail",
        "Small",
    ]
    assert sizes[-1].get("label") == "Original"
    for size in sizes[:3]:
        async with client.get(size.get("source", "")) as image:
            assert image.headers["imagewidth"] == size.get("width")


async def test_what_cannot_be_downloaded_has_no_original(get: Get, catalogue: Catalogue) -> None:
    photo = next(one for one in catalogue.photos if not one.original_offered)

    reply = await get("photos.getSizes", photo_id=photo.id)

    sizes = reply.find("sizes")
    assert sizes is not None
    assert sizes.get("candownload") == "0"
    assert "Original" not in {size.get("label") for size in sizes}


async def test_videos_have_players_of_unknown_size(get: Get, catalogue: Catalogue) -> None:
    video = next(one for one in catalogue.photos if one.media == "video")

    reply = await get("photos.getSizes", photo_id=video.id)

    players = [size for size in reply.iter("size") if size.get("media") == "video"]
    assert [player.get("label") for player in players] == ["Video Player", "700", "iphone_wifi"]
    assert players[1].get("width") == ""


async def test_json_mixes_numbers_and_texts(
    site: FlickrSite, ask_json: AskJson, photo: MadePhoto
) -> None:
    reply = await ask_json(site, method="flickr.photos.getSizes", photo_id=photo.id)

    square, large_square = reply["sizes"]["size"][:2]
    assert (square["width"], large_square["width"]) == (75, "150")
    assert reply["sizes"]["candownload"] == 1
